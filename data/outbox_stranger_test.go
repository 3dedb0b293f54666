package data_test

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// forget puts a new, empty register in the old one's place, at the same address.
func (w *world) forget() {
	w.t.Helper()
	c, err := credentials()
	w.must(err)
	w.must(w.server.Close())
	w.register, err = register.New(register.Options{Clients: []register.Credentials{c}, Now: w.time.Time})
	w.must(err)
	w.server, err = w.register.Listen(strings.TrimPrefix(w.server.URL, "http://"))
	w.must(err)
	w.t.Cleanup(func() { w.server.Close() })
}

func (w *world) findings() []ciao.Finding {
	w.t.Helper()
	list, err := w.store.Findings(w.t.Context(), app.LocalSimulator, true)
	w.must(err)
	return list
}

// A register that knows nothing of what was sent is another one: that is one
// thing to say, and not that each registration vanished.
func TestAnotherRegisterIsNoneThatLostEverything(t *testing.T) {
	w := allSent(t, 3)
	w.forget()
	r := w.reconcile()
	if r.CannotTell != ciao.CannotKnowsNone || len(r.Persons) != 0 || len(r.Differences) != 0 || r.Complete() {
		t.Errorf("cannot tell %q, %d persons, differences %v", r.CannotTell, len(r.Persons), told(r))
	}
	w.time.pass(25 * time.Hour) // the daily checks are due
	if report := w.send(0); report.Checked == 0 || report.KnowsNoneSince == 0 || len(report.Findings) > 0 {
		t.Errorf("report %+v", report)
	}
	if list := w.findings(); len(list) > 0 {
		t.Errorf("findings %+v", list)
	}
}

// What is gone while the rest is there did vanish; and a register that is known
// again is none of another's.
func TestOneThatVanishedIsTold(t *testing.T) {
	w := allSent(t, 3)
	mine := w.registrations()
	kept := w.register.Stored()
	w.forget()
	w.time.pass(25 * time.Hour)
	if report := w.send(0); report.KnowsNoneSince == 0 {
		t.Errorf("report %+v", report)
	}
	var gone app.ID
	for _, s := range kept { // all come back but the last, each under its own number
		if s.ID == kept[len(kept)-1].ID {
			continue
		}
		id, err := w.register.Put(s.RegisterItem)
		w.must(err)
		if id != s.ID {
			t.Fatalf("put as %d, it was %d", id, s.ID)
		}
		w.register.Judge(id, ciao.ValidityValid, false)
	}
	for _, m := range mine {
		if m.RegisterID == kept[len(kept)-1].ID {
			gone = m.ID
		}
	}
	w.time.pass(7 * 24 * time.Hour)
	report := w.send(0)
	list := w.findings()
	if report.KnowsNoneSince != 0 || len(list) != 1 || list[0].Kind != ciao.FoundVanished || list[0].Registration != gone {
		t.Errorf("stranger %v, findings %+v; want that %s vanished", report.KnowsNoneSince, list, gone)
	}
}

// A number that the register gave to somebody else tells nothing of ours.
func TestANumberOfAnotherIsNotTakenForOurs(t *testing.T) {
	w := allSent(t, 2)
	before := w.registrations()
	kept := w.register.Stored()
	w.forget()
	for i := range kept { // another company's came first
		item := kept[i].RegisterItem
		item.SSIN, item.Declaration = madeUpSSIN(500+i).Reveal(), "2Y1003SQ5VSSZ" // that of its own works: else it would be our person under another number
		id, err := w.register.Put(item)
		w.must(err)
		w.register.Judge(id, ciao.ValidityInvalid, false)
	}
	w.time.pass(25 * time.Hour)
	if report := w.send(0); report.Changed != 0 || report.KnowsNoneSince == 0 || len(report.Findings) > 0 {
		t.Errorf("report %+v", report)
	}
	for i, after := range w.registrations() {
		if after.Validity != before[i].Validity {
			t.Errorf("validity %q became %q by another's registration", before[i].Validity, after.Validity)
		}
	}
}

// That nobody knows the number is no proof of a cancellation where the register knows nothing.
func TestACancellationIsNotTakenForDoneByARegisterThatKnowsNothing(t *testing.T) {
	w := allSent(t, 2)
	id := w.registrations()[0].ID
	w.must(w.store.AskCancellation(t.Context(), id, act("ciao.cancel")))
	w.register.Add(register.Fault{Kind: register.DropBefore, Operation: "cancel", Times: 1})
	w.send(0)
	w.forget()
	w.time.pass(5 * time.Minute)
	if report := w.send(0); report.Cancelled != 0 {
		t.Errorf("report %+v", report)
	}
	if got := w.registrations()[0]; got.State != app.RegAccepted || got.Cancellation.State == app.CancelDone {
		t.Errorf("state %s, cancellation %+v", got.State, got.Cancellation)
	}
}
