package ciao_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
)

// phone adds a registration by phone to the fine company, as attendance reads it.
func phone(in *ciao.PlanInput, id int64, when app.Instant, kind app.RegistrationType, role app.TapRole) app.RecordKey {
	e := app.RegisterEntry{
		Environment: app.LocalSimulator, ID: id, Type: kind, At: when / 1000 * 1000, WorkerID: "w", SiteID: "s", Enterprise: "0123456749",
		Declaration: "3Y1003SQ5VSSZ", State: app.EntryRegistered,
	}
	in.Entries = append(in.Entries, e)
	t := tap(uint64(id), e.At, kind.Key(), role)
	t.Punch.Key, t.Punch.Identifier = e.Key(), app.IdentifierKey{Kind: app.ByRegister, Value: "w"}
	in.Taps = append(in.Taps, t)
	return e.Key()
}

// What people registered by phone is at the register: it is no candidate for it.
func TestWhatIsRegisteredByPhoneIsNeverSent(t *testing.T) {
	in := fine(t)
	in.Taps = nil
	phone(&in, 7, at(6, 58), app.RegisterIn, app.TapIn)
	phone(&in, 8, at(9, 0), app.RegisterOut, app.TapOut)
	if list := ciao.Plan(in); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// A tap that is one act with a registration by phone is held, whichever of the two counts, and
// goes, if a person releases it, with the direction and the declaration of the registration.
func TestOneActIsHeld(t *testing.T) {
	for name, change := range map[string]func(*app.Tap){
		"the box's tap counts":        func(*app.Tap) {},
		"the registration counts":     func(t *app.Tap) { t.Role = app.TapSameAct },
		"neither had a key":           func(t *app.Tap) { t.Role, t.Punch.Pressed = app.TapSameAct, app.KeyNone },
		"the box's clock was unknown": func(t *app.Tap) { t.OffsetKnown = false },
	} {
		in := fine(t)
		in.Taps[0].Entry = phone(&in, 7, at(7, 5), app.RegisterIn, app.TapSameAct)
		change(&in.Taps[0])
		list := ciao.Plan(in)
		if len(list) != 1 || list[0].Held() != app.HeldByPhone || !list[0].Releasable() || list[0].Never() {
			t.Fatalf("%s: %+v", name, list)
		}
		if r := list[0].Registration; r.Type != app.RegisterIn || r.Declaration != "3Y1003SQ5VSSZ" {
			t.Errorf("%s: %s with %s", name, r.Type, r.Declaration)
		}
		if got := ciao.Corrections(in, list); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// An OUT at a box goes with the declaration of its IN by phone, also where the box has that IN, too, earlier.
func TestAnOutGoesWithItsInByPhone(t *testing.T) {
	for _, both := range []bool{false, true} {
		in := fine(t)
		in.Taps = in.Taps[:0]
		entry := phone(&in, 7, at(6, 58), app.RegisterIn, app.TapIn)
		out := tap(2, at(9, 0), app.KeyOut, app.TapOut)
		if both {
			first := tap(1, at(6, 50), app.KeyIn, app.TapIn)
			first.Entry, in.Taps[0].Role = entry, app.TapSameAct
			in.Taps = append(in.Taps, first)
		}
		in.Taps = append(in.Taps, out)
		list := ciao.Plan(in)
		if c := list[len(list)-1]; !c.Ready() || c.Registration.Declaration != "3Y1003SQ5VSSZ" {
			t.Errorf("%v: %v with %q", both, c.Reasons, c.Registration.Declaration)
		}
	}
}

// A tap without a key waits until somebody looked who registered by phone; no release sets that aside.
func TestPhonesFirst(t *testing.T) {
	in := fine(t)
	in.Taps[0].Punch.Pressed, in.Taps[0].PhonesUnchecked = app.KeyNone, true
	if c := ciao.Plan(in)[0]; c.Held() != app.HeldPhonesUnchecked || c.Releasable() || c.Alarm {
		t.Errorf("%+v", c.Reasons)
	}
	in.Taps[0].Punch.Pressed = app.KeyIn
	if c := ciao.Plan(in)[0]; !c.Ready() {
		t.Errorf("with a key it goes at once: %v", c.Reasons)
	}
}

// What was sent before the person's registration came to light stands there twice: it stays, and it is said.
func TestTwiceAtTheRegister(t *testing.T) {
	in := fine(t)
	sent := ciao.Plan(in)[0].Registration
	sent.ID, sent.State, sent.RegisterID = "r", app.RegAccepted, 1234
	in.Registrations = []app.Registration{sent}
	in.Taps[0].Entry = phone(&in, 7, at(6, 50), app.RegisterIn, app.TapIn)
	in.Taps[0].Role = app.TapSameAct
	list := ciao.Plan(in)
	if len(list) != 1 || !list[0].ByPhone || !slices.Equal(list[0].Differs, []string{"declaration", ciao.DiffersByPhone}) {
		t.Fatalf("%+v", list)
	}
	if fix := ciao.Corrections(in, list); len(fix) != 1 || fix[0].Kind != app.CorrectExtra {
		t.Errorf("with another declaration it is once too often, too: %+v", fix)
	}
	in.Entries[0].Declaration = sent.Declaration
	list = ciao.Plan(in)
	if !slices.Equal(list[0].Differs, []string{ciao.DiffersByPhone}) {
		t.Fatalf("%v", list[0].Differs)
	}
	found := ciao.Anomalies(in, list, nil)
	if len(found) != 1 || found[0].Rule != app.CorrectionDue || !app.FactByPhone.Get(&found[0]) {
		t.Errorf("%+v", found)
	}
	fix := ciao.Corrections(in, list)
	if len(fix) != 1 || fix[0].Kind != app.CorrectExtra || fix[0].Has[0].RegisterID != 1234 || len(fix[0].Wants) != 0 {
		t.Errorf("%+v", fix)
	}
}

// What the register refused because the person had registered it by phone lacks nothing there.
func TestRefusedAndByPhone(t *testing.T) {
	in := fine(t)
	refused := ciao.Plan(in)[0].Registration
	refused.ID, refused.State = "r", app.RegRefused
	in.Registrations = []app.Registration{refused}
	if list := ciao.Plan(in); len(ciao.Corrections(in, list)) != 1 || len(ciao.Anomalies(in, list, nil)) != 1 {
		t.Error("without the phone it is a refusal")
	}
	in.Taps[0].Entry = phone(&in, 7, at(6, 55), app.RegisterIn, app.TapIn)
	in.Taps[0].Role = app.TapSameAct
	list := ciao.Plan(in)
	if fix, found := ciao.Corrections(in, list), ciao.Anomalies(in, list, nil); len(fix)+len(found) != 0 {
		t.Errorf("%+v %+v", fix, found)
	}
}

// An invalid registration by phone counts, and is found and put right as a refused one of ours.
func TestAnInvalidRegistrationByPhone(t *testing.T) {
	in := fine(t)
	in.Taps = nil
	key := phone(&in, 7, at(6, 58), app.RegisterIn, app.TapIn)
	if found := ciao.Anomalies(in, ciao.Plan(in), nil); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	in.Engagements = append(in.Engagements, app.Engagement{ID: "e2", WorkerID: "w", EmployerID: "agency", Default: true})
	in.Entries[0].Validity = ciao.ValidityInvalid
	found := ciao.Anomalies(in, ciao.Plan(in), nil)
	if len(found) != 1 || found[0].Rule != app.RefusedRule || found[0].Subject.ID != "e" || found[0].Anchor != key.String() || !app.FactByPhone.Get(&found[0]) {
		t.Errorf("%+v", found)
	}
	fix := ciao.EntryCorrections(in)
	if len(fix) != 1 || fix[0].Kind != app.CorrectInvalid || fix[0].Has[0].RegisterID != 7 {
		t.Fatalf("%+v", fix)
	}
	if diff := cmp.Diff([]app.RecordKey{key}, fix[0].Punches); diff != "" {
		t.Error(diff)
	}
	in.Entries[0].Cancelled = true
	if found, fix := ciao.Anomalies(in, nil, nil), ciao.EntryCorrections(in); len(found)+len(fix) != 0 {
		t.Errorf("%+v %+v", found, fix)
	}
}

// Somebody left out what An registered by phone: it is at the register, where it ought not to be.
func TestLeftOutAndAtTheRegister(t *testing.T) {
	in := fine(t)
	key := phone(&in, 7, at(8, 30), app.RegisterIn, app.TapIgnored)
	in.Ignored = []app.Ignored{{ID: "i", Punch: key}}
	found, fix := ciao.Anomalies(in, nil, nil), ciao.EntryCorrections(in)
	if len(found) != 1 || found[0].Rule != app.CorrectionDue || app.FactDiffers.Get(&found[0]) != "effect" || app.FactByPhone.Get(&found[0]) {
		t.Errorf("%+v", found)
	}
	if len(fix) != 1 || fix[0].Kind != app.CorrectExtra || fix[0].Has[0].RegisterID != 7 || len(fix[0].Wants) != 0 {
		t.Errorf("%+v", fix)
	}
	in.Ignored[0].Withdrawn = 1
	if found, fix := ciao.Anomalies(in, nil, nil), ciao.EntryCorrections(in); len(found)+len(fix) != 0 {
		t.Errorf("%+v %+v", found, fix)
	}
}

// The releaser's word stands for no list of a site where people may register by phone.
func TestTheWordCoversNoPhones(t *testing.T) {
	g := app.Registration{State: app.RegQueued, SiteID: "s", At: at(6, 58), Raw: at(6, 58), Vouched: true}
	for _, c := range []struct {
		name   string
		phones ciao.Phones
		covers bool
	}{
		{"no phones there", ciao.Phones{"other": 0}, true},
		{"no list", ciao.Phones{"s": 0}, false},
		{"a list up to before it", ciao.Phones{"s": at(6, 50)}, false},
		{"a list beyond it", ciao.Phones{"s": at(7, 0)}, true},
	} {
		if got := ciao.WordCovers(&g, &ciao.SenderState{}, c.phones); got != c.covers {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	g.ReleasedFrom = app.HeldByPhone
	if ciao.WordCovers(&g, &ciao.SenderState{}, nil) {
		t.Error("nobody can give the word of what is registered by phone")
	}
}
