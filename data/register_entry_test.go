package data_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/store"
	"klokkast/data"
)

const phoneDeclaration = "1Y1003SQ5VSSZ"

// newPhones is a company whose people also register by phone: with a declaration and a box at its one site, read up to now.
func newPhones(t *testing.T, workers int) *world {
	w := newWorld(t, workers)
	ctx := t.Context()
	w.must(w.store.SaveDeclaration(ctx, w.facts.Declarations[0], act("declaration.save")))
	w.must(w.store.SaveDeclarationSite(ctx, w.facts.DeclarationSites[0], act("declaration.site")))
	w.must(w.store.PlaceBox(ctx, app.Placement{ID: w.id(), BoxUID: w.log.Box, SiteID: w.site(), Span: app.Span{From: 1}}, act("box.place")))
	return w
}

func (w *world) site() app.ID { return w.facts.Sites[0].ID }

// boxRead ends the reading of the box: all that it has is known up to now. Another reading begins.
func (w *world) boxRead() {
	w.t.Helper()
	i, err := w.store.Installation(w.t.Context())
	w.must(err)
	w.must(w.store.EndReading(w.t.Context(), app.Reading{ID: w.reading, Log: w.log, Source: app.FromCable, Installation: i.ID, Actor: "Ilse",
		State: app.ReadingDone, Started: w.time.Now(), Ended: w.time.Now(), ReadTo: w.time.Now()}))
	w.reading = w.id()
	w.must(w.store.BeginReading(w.t.Context(), app.Reading{ID: w.reading, Log: w.log, Source: app.FromCable, Installation: i.ID, Actor: "Ilse",
		State: app.ReadingRunning, Started: w.time.Now()}, app.Box{UID: w.log.Box, Make: app.MakeOCB, FirstSeen: w.time.Now()}))
}

// phoned is what the register shows of somebody who registered by phone about that long ago.
func (w *world) phoned(id int64, ssin app.Secret, ago time.Duration, is app.RegistrationType) ciao.FoundRegistration {
	at := w.time.Now().Add(-ago)
	at -= at % 1000
	return ciao.FoundRegistration{ID: id, Validity: "pending", RegisterItem: ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: at},
		SSIN: ssin.Reveal(), Type: is, Employer: ciao.WireEmployer{EnterpriseNumber: ownNumber}, Declaration: phoneDeclaration}}
}

// show keeps what a consultation shows.
func (w *world) show(found ...ciao.FoundRegistration) ciao.Kept {
	w.t.Helper()
	kept, err := w.store.KeepEntries(w.t.Context(), ciao.Showing{Environment: app.LocalSimulator, Source: app.FromRegister, At: w.time.Now(), Entries: found})
	w.must(err)
	return kept
}

// entry is the one with a number.
func (w *world) entry(id int64) app.RegisterEntry {
	w.t.Helper()
	list, err := w.store.RegisterEntries(w.t.Context(), ciao.EntryFilter{Environment: app.LocalSimulator, IDs: []int64{id}})
	w.must(err)
	if len(list) != 1 {
		w.t.Fatalf("entry %d: there are %d", id, len(list))
	}
	return list[0]
}

func (w *world) is(id int64, state app.EntryState, waits app.EntryWait) {
	w.t.Helper()
	if e := w.entry(id); e.State != state || e.Waits != waits {
		w.t.Errorf("entry %d is %s %s, want %s %s", id, e.State, e.Waits, state, waits)
	}
}

// phoneTaps are the taps of phones that count, as whoever derives gets them.
func (w *world) phoneTaps() []app.Punch {
	w.t.Helper()
	all, err := w.store.Punches(w.t.Context(), app.Span{})
	w.must(err)
	var out []app.Punch
	for _, p := range all {
		if p.Identifier.Kind == app.ByRegister {
			out = append(out, p)
		}
	}
	return out
}

func TestWhatTheRegisterShowsBecomesOneRecord(t *testing.T) {
	w := newPhones(t, 2)
	w.boxRead()
	in := w.phoned(900, madeUpSSIN(0), 2*time.Hour, app.RegisterIn)
	if kept := w.show(in); kept.New != 1 || kept.Waiting != 0 {
		t.Errorf("%+v", kept)
	}
	kept, err := w.store.KeepEntries(t.Context(), ciao.Showing{Environment: app.LocalSimulator, Source: app.FromList, At: w.time.Now(), File: "lijst.csv",
		Entries: []ciao.FoundRegistration{in, in}, ReadTo: map[app.ID]app.Instant{w.site(): w.time.Now()}})
	w.must(err)
	if kept.Same != 2 {
		t.Errorf("%+v", kept)
	}
	taps := w.phoneTaps()
	if len(taps) != 1 {
		t.Fatalf("%d taps, want one", len(taps))
	}
	e := w.entry(900)
	tap := taps[0]
	if tap.Key != e.Key() || tap.At != e.At || tap.Pressed != app.KeyIn || tap.Identifier.Value != string(w.facts.Workers[0].ID) {
		t.Errorf("%+v of %+v", tap, e)
	}
	readings, err := w.store.Readings(t.Context())
	w.must(err)
	last := readings[len(readings)-1]
	if last.Log != e.Key().LogKey || last.Source != app.FromList || last.ReadTo != w.time.Now() || last.FileName != "lijst.csv" {
		t.Errorf("%+v", last)
	}
}

func TestWhatMayBeOfABoxWaits(t *testing.T) {
	w := newPhones(t, 2)
	w.show(w.phoned(900, madeUpSSIN(0), time.Hour, app.RegisterIn))
	w.is(900, app.EntryBoxOrPhone, app.WaitsForBoxes)
	if n := len(w.phoneTaps()); n != 0 {
		t.Errorf("%d taps count before the box was read", n)
	}
	w.boxRead()
	w.is(900, app.EntryRegistered, "")
	if n := len(w.phoneTaps()); n != 1 {
		t.Errorf("%d taps count", n)
	}
	// What is of unknown fate may be anything of its employer's.
	w.punch(1, 30*time.Minute, app.KeyIn)
	w.enqueue()
	w.unknownFate()
	w.show(w.phoned(901, madeUpSSIN(0), 20*time.Minute, app.RegisterOut))
	w.is(901, app.EntryBoxOrPhone, app.WaitsForFate)
	w.is(900, app.EntryRegistered, "") // what counts is not put in doubt by what is sent now
	w.must(w.store.Change(t.Context(), app.LocalSimulator, []ciao.Change{{ID: w.registrations()[0].ID, From: app.RegUnknown, State: app.RegQueued}}))
	w.is(901, app.EntryRegistered, "")
	// A box may be slow by two minutes: what is newer may stand in it still.
	w.show(w.phoned(902, madeUpSSIN(0), time.Minute, app.RegisterIn))
	w.boxRead()
	w.is(902, app.EntryBoxOrPhone, app.WaitsForBoxes)
	w.time.pass(time.Minute)
	w.boxRead()
	w.is(902, app.EntryRegistered, "")
}

// unknownFate lets what is queued be sent by somebody who died.
func (w *world) unknownFate() {
	w.t.Helper()
	ctx, e := w.t.Context(), app.LocalSimulator
	now := w.time.Now()
	_, err := w.store.TakeSender(ctx, ciao.SenderTake{Environment: e, Owner: "gone", Now: now, Lease: now.Add(time.Minute), LookUp: now})
	w.must(err)
	_, err = w.store.Claim(ctx, ciao.Claim{Environment: e, Owner: "gone", Now: now, Limit: 10, Attempt: app.Attempt{ID: w.id(), Environment: e, Operation: "register",
		Outcome: app.AttemptRunning, Started: now}})
	w.must(err)
	w.must(w.store.LeaveSender(ctx, e, "gone"))
	_, err = w.store.TakeSender(ctx, ciao.SenderTake{Environment: e, Owner: "next", Now: now, Lease: now.Add(time.Minute), LookUp: now})
	w.must(err)
	w.must(w.store.LeaveSender(ctx, e, "next"))
}

func TestWhatWeSentIsNeverTakenForAPhone(t *testing.T) {
	w := newPhones(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.boxRead()
	w.enqueue()
	w.send(time.Minute)
	reg := w.registrations()[0]
	shown := w.phoned(reg.RegisterID, madeUpSSIN(0), time.Hour, app.RegisterIn)
	shown.RegistrationDate.Instant = reg.At
	if kept := w.show(shown); kept.Ours != 1 || kept.New != 0 {
		t.Errorf("%+v", kept)
	}
	// The register holds it twice: that is no phone either.
	shown.ID++
	w.show(shown)
	w.is(shown.ID, app.EntryOurs, "")
	if n := len(w.phoneTaps()); n != 0 {
		t.Errorf("%d taps of phones", n)
	}
}

// What a box turns out to hold was never by phone: its tap is that registration, and is not sent again.
func TestWhatABoxHoldsIsTakenBackAndAdopted(t *testing.T) {
	w := newPhones(t, 2)
	w.boxRead()
	shown := w.phoned(900, madeUpSSIN(0), 2*time.Hour, app.RegisterIn)
	w.show(shown)
	w.is(900, app.EntryRegistered, "")
	w.punch(0, 2*time.Hour, app.KeyIn) // a box that was read late, or records that were missing
	w.is(900, app.EntryBoxOrPhone, app.WaitsForSame)
	if n := len(w.phoneTaps()); n != 0 {
		t.Errorf("%d taps of phones", n)
	}
	w.enqueue()
	w.is(900, app.EntryOurs, "")
	if r := w.registrations()[0]; r.State != app.RegAccepted || r.RegisterID != 900 {
		t.Errorf("%s with number %d, want the register's", r.State, r.RegisterID)
	}
	w.send(time.Minute)
	if n := w.register.Stats().Requests["register"]; n != 0 {
		t.Errorf("%d requests to register it again", n)
	}
}

func TestAListSettlesAnUnknownFate(t *testing.T) {
	w := newPhones(t, 1)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.unknownFate()
	reg := w.registrations()[0]
	shown := w.phoned(900, madeUpSSIN(0), time.Hour, app.RegisterIn)
	shown.RegistrationDate.Instant = reg.At
	if kept := w.show(shown); kept.Adopted != 1 || kept.Ours != 1 {
		t.Errorf("%+v", kept)
	}
	if r := w.registrations()[0]; r.State != app.RegAccepted || r.RegisterID != 900 {
		t.Errorf("%s with number %d", r.State, r.RegisterID)
	}
}

func TestAnEntryFollowsTheRegister(t *testing.T) {
	w := newPhones(t, 1)
	w.boxRead()
	shown := w.phoned(900, madeUpSSIN(0), time.Hour, app.RegisterIn)
	w.show(shown)
	before, err := w.store.Fetched(t.Context(), store.Since{}, func(app.LogKey) store.RecordSink { return nobody{} })
	w.must(err)
	shown.Cancelled = true
	if kept := w.show(shown); kept.Changed != 1 {
		t.Errorf("%+v", kept)
	}
	if e := w.entry(900); !e.Cancelled || e.Counts() || len(w.phoneTaps()) != 0 {
		t.Errorf("%+v counts still", e)
	}
	after, err := w.store.Fetched(t.Context(), before.Since, func(app.LogKey) store.RecordSink { return nobody{} })
	w.must(err)
	if len(after.Readings) == 0 {
		t.Error("whoever derives is not told that a tap counts no more")
	}
	shown.Cancelled, shown.Validity = false, "invalid"
	w.show(shown)
	if e := w.entry(900); e.Validity != "invalid" || !e.Counts() || len(w.phoneTaps()) != 1 {
		t.Errorf("%+v", e)
	}
}

type nobody struct{}

func (nobody) Punch(*app.Punch)    {}
func (nobody) Event(*app.BoxEvent) {}
func (nobody) Whole()              {}

func TestAnEntryWaitsForItsPerson(t *testing.T) {
	w := newPhones(t, 1)
	w.boxRead()
	w.show(w.phoned(900, madeUpSSIN(7), time.Hour, app.RegisterIn))
	w.is(900, app.EntryWho, "")
	if e := w.entry(900); e.Who != madeUpSSIN(7).Masked() {
		t.Errorf("%+v", e)
	}
	w.must(w.store.SaveWorker(t.Context(), app.Worker{ID: w.id(), FamilyName: "New", SSIN: madeUpSSIN(7), Language: app.Dutch}, act("worker.save")))
	w.is(900, app.EntryRegistered, "")
	if len(w.phoneTaps()) != 1 {
		t.Error("it does not count")
	}
}

func TestWhichSiteIsSaidByPlaceOrByAPerson(t *testing.T) {
	w := newPhones(t, 1)
	w.boxRead()
	ctx := t.Context()
	far := app.Site{ID: w.id(), Name: "Magazijn Aalst", Zone: app.DefaultZone, Coordinates: &app.Coordinates{Latitude: 50.9378, Longitude: 4.0403}}
	w.must(w.store.SaveSite(ctx, far, act("site.save")))
	w.must(w.store.SaveDeclarationSite(ctx, app.DeclarationSite{ID: w.id(), DeclarationID: w.facts.Declarations[0].ID, SiteID: far.ID}, act("declaration.site")))
	there := w.phoned(900, madeUpSSIN(0), 3*time.Hour, app.RegisterIn)
	there.PlaceOfWork.Coordinates = &ciao.WireCoordinates{Latitude: 50.93785, Longitude: 4.04029}
	w.show(there, w.phoned(901, madeUpSSIN(0), time.Hour, app.RegisterOut))
	if e := w.entry(900); e.SiteID != far.ID || !e.Counts() {
		t.Errorf("%+v", e)
	}
	w.is(901, app.EntryWhichSite, "")
	w.must(w.store.PlaceEntries(ctx, app.LocalSimulator, []int64{901}, far.ID, act("entry.site")))
	if e := w.entry(901); e.SiteID != far.ID || !e.Counts() {
		t.Errorf("%+v", e)
	}
	// It was said wrongly: its tap moves.
	w.must(w.store.PlaceEntries(ctx, app.LocalSimulator, []int64{901}, w.site(), act("entry.site")))
	taps := w.phoneTaps()
	if len(taps) != 2 || w.entry(901).SiteID != w.site() {
		t.Errorf("%d taps", len(taps))
	}
	if err := w.store.PlaceEntries(ctx, app.LocalSimulator, []int64{999}, far.ID, act("entry.site")); err == nil {
		t.Error("an entry that does not exist was placed")
	}
}

func TestAPersonDecidesWhatWaits(t *testing.T) {
	w := newPhones(t, 1)
	ctx := t.Context()
	w.show(w.phoned(900, madeUpSSIN(0), time.Hour, app.RegisterIn))
	w.is(900, app.EntryBoxOrPhone, app.WaitsForBoxes)
	w.must(w.store.DecideEntries(ctx, app.LocalSimulator, []int64{900}, app.EntryRegistered, act("entry.decide")))
	w.is(900, app.EntryRegistered, "")
	w.must(w.store.DecideEntries(ctx, app.LocalSimulator, []int64{900}, app.EntryOurs, act("entry.decide")))
	w.is(900, app.EntryOurs, "")
	w.must(w.store.DecideEntries(ctx, app.LocalSimulator, []int64{900}, "", act("entry.decide")))
	w.is(900, app.EntryBoxOrPhone, app.WaitsForBoxes)
	if len(w.phoneTaps()) != 0 {
		t.Error("it counts")
	}
}

func TestOthersAreKeptApartMaskedAndForThirteenMonths(t *testing.T) {
	w := newPhones(t, 1)
	shown := w.phoned(900, madeUpSSIN(50), time.Hour, app.RegisterIn)
	shown.Employer.EnterpriseNumber = otherNumber
	old := w.phoned(901, madeUpSSIN(50), 400*24*time.Hour, app.RegisterIn)
	old.Employer.EnterpriseNumber = otherNumber
	if kept := w.show(shown, old); kept.Others != 2 || kept.New != 0 {
		t.Errorf("%+v", kept)
	}
	list, err := w.store.OtherEntries(t.Context(), ciao.OtherFilter{Environment: app.LocalSimulator})
	w.must(err)
	if len(list) != 1 || list[0].Who != madeUpSSIN(50).Masked() || list[0].SiteID != w.site() || list[0].Enterprise != otherNumber {
		t.Errorf("%+v", list)
	}
	if len(w.phoneTaps()) != 0 {
		t.Error("it counts for us")
	}
}

func TestAWordAboutPhonesIsAReadingThatCanBeTakenBack(t *testing.T) {
	w := newPhones(t, 1)
	ctx := t.Context()
	id, err := w.store.PhonesReadTo(ctx, app.LocalSimulator, w.site(), w.time.Now(), act("phones.checked"))
	w.must(err)
	last := func() app.Reading {
		readings, err := w.store.Readings(ctx)
		w.must(err)
		return readings[len(readings)-1]
	}
	if r := last(); r.ID != id || r.Source != app.FromPerson || r.ReadTo != w.time.Now() || r.Actor != "Ilse" || r.State != app.ReadingDone {
		t.Errorf("%+v", r)
	}
	w.must(w.store.WithdrawPhonesReadTo(ctx, id, act("phones.withdraw")))
	if r := last(); r.ReadTo != 0 || r.State != app.ReadingStopped {
		t.Errorf("%+v", r)
	}
	if err := w.store.WithdrawPhonesReadTo(ctx, id, act("phones.withdraw")); err == nil {
		t.Error("taken back twice")
	}
}

func TestNothingOfAPhoneIsEverSent(t *testing.T) {
	w := newPhones(t, 1)
	w.boxRead()
	w.show(w.phoned(900, madeUpSSIN(0), time.Hour, app.RegisterIn))
	w.punch(0, 3*time.Hour, app.KeyIn)
	reg := w.plan()[0].Registration
	e := w.entry(900)
	reg.ID, reg.Punch, reg.State = w.id(), e.Key(), app.RegQueued
	if _, err := w.store.Enqueue(t.Context(), []app.Registration{reg}, nil); err == nil {
		t.Error("what the register showed was queued")
	}
}

func TestEntriesHoldNoNumberInTheClear(t *testing.T) {
	w := newPhones(t, 1)
	w.boxRead()
	var shown, other ciao.FoundRegistration
	w.must(json.Unmarshal(fmt.Appendf(nil, `{"id":900,"registrationDate":%q,"ssin":%q,"type":"IN","employer":{"enterpriseNumber":%q},"placeOfWork":{},
		"contractualRelationshipReference":%q,"validity":"pending","remarks":["of %s"],"channel":"qr"}`,
		w.time.Time().Add(-time.Hour).Format(time.RFC3339), madeUpSSIN(0).Reveal(), ownNumber, phoneDeclaration, madeUpSSIN(0).Reveal()), &shown))
	other = w.phoned(901, madeUpSSIN(50), time.Hour, app.RegisterIn)
	other.Employer.EnterpriseNumber = otherNumber
	who := w.phoned(902, madeUpSSIN(60), time.Hour, app.RegisterIn)
	w.show(shown, other, who)
	if e := w.entry(900); !e.Counts() {
		t.Fatal("it does not count")
	}
	if found, err := w.store.Verify(t.Context(), nil); err != nil || len(found) > 0 {
		t.Errorf("%+v %v", found, err)
	}
	w.must(w.store.Close())
	bytesOf, err := os.ReadFile(w.path)
	w.must(err)
	for _, ssin := range []app.Secret{madeUpSSIN(0), madeUpSSIN(50), madeUpSSIN(60)} {
		if bytes.Contains(bytesOf, []byte(ssin.Reveal())) {
			t.Errorf("%s stands in the file", ssin)
		}
	}
	if !bytes.Contains(bytesOf, []byte(`"channel":"qr"`)) {
		t.Error("what nobody knows of an entry is not kept")
	}
}

var _ ciao.EntryStore = (*data.Store)(nil)
