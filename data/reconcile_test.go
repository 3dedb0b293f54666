package data_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// questions asks about every worker of the world.
func (w *world) questions() (list []ciao.PersonQuestion) {
	regs := w.registrations()
	for _, p := range w.facts.Workers {
		q := ciao.PersonQuestion{WorkerID: p.ID, SSINs: []app.Secret{p.SSIN}}
		for _, r := range regs {
			if r.WorkerID == p.ID {
				q.Regs = append(q.Regs, r)
			}
		}
		list = append(list, q)
	}
	return list
}

// reconcile compares the world's day with the register.
func (w *world) reconcile() ciao.Reconciliation {
	w.t.Helper()
	defer w.time.join()()
	day := w.time.Now().DateIn(w.facts.Zone)
	r := ciao.Reconciliation{ID: w.id(), Environment: app.LocalSimulator, Days: app.Days{From: day, To: day}, At: w.time.Now(), By: "Ilse"}
	span := app.Span{From: day.Start(w.facts.Zone), To: day.End(w.facts.Zone)}
	var err error
	r.Persons, r.CannotTell, err = w.sender(w.store).AskPersons(w.t.Context(), span, w.questions(), nil)
	w.must(err)
	r.Differences = ciao.Compare(ciao.CompareInput{Zone: w.facts.Zone, Days: r.Days, Now: r.At, Candidates: w.plan(), Persons: r.Persons})
	return r
}

// told returns the differences in a line each: kind, step, fields.
func told(r ciao.Reconciliation) (out []string) {
	for _, d := range r.Differences {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s → %s %s", d.Kind, d.Step, strings.Join(d.Fields, ","))))
	}
	slices.Sort(out)
	return out
}

// allSent is a world whose punches were sent and judged valid.
func allSent(t *testing.T, workers int) *world {
	t.Helper()
	w := newWorld(t, workers)
	w.shift(workers)
	w.enqueue()
	w.send(0)
	w.time.pass(2 * time.Minute)
	w.send(0) // pending has become valid
	return w
}

// What was pending and is valid by now is as it should be.
func TestWhatBecameValidIsNoDifference(t *testing.T) {
	w := newWorld(t, 2)
	w.shift(2)
	w.enqueue()
	w.send(0)
	w.time.pass(2 * time.Minute) // and nobody asked since
	if d := cmp.Diff([]string(nil), told(w.reconcile())); d != "" {
		t.Error(d)
	}
}

func TestARegisterThatAgreesHasNoDifferences(t *testing.T) {
	w := allSent(t, 3)
	r := w.reconcile()
	if d := cmp.Diff([]string(nil), told(r)); d != "" || !r.Complete() {
		t.Errorf("%s %+v", d, r)
	}
	for _, p := range r.Persons {
		if p.Ours != 2 || p.Theirs != 2 || !p.Asked {
			t.Errorf("%+v", p)
		}
	}
}

// The register was altered behind our back in every way at once.
func TestARegisterThatWasAlteredBehindOurBack(t *testing.T) {
	w := allSent(t, 4)
	regs := w.registrations(app.RegAccepted)
	ofWorker := func(n int) app.Registration {
		i := slices.IndexFunc(regs, func(r app.Registration) bool { return r.WorkerID == w.facts.Workers[n].ID })
		return regs[i]
	}
	w.register.Judge(ofWorker(0).RegisterID, "invalid", false)
	w.register.Judge(ofWorker(1).RegisterID, "valid", true)
	stored := w.register.Stored()
	item := stored[slices.IndexFunc(stored, func(s register.Stored) bool { return s.ID == ofWorker(2).RegisterID })].RegisterItem
	put := func(change func(*ciao.RegisterItem)) {
		again := item
		change(&again)
		_, err := w.register.Put(again)
		w.must(err)
	}
	put(func(*ciao.RegisterItem) {})                                        // the very same again
	put(func(i *ciao.RegisterItem) { i.Declaration = "2Y1003SQ5VSSZ" })     // the same minute, by another channel
	put(func(i *ciao.RegisterItem) { i.RegistrationDate.Instant -= 7.2e6 }) // two hours earlier, of nobody's punch
	r := w.reconcile()
	want := []string{
		"cancelled → dossier",
		"double → dossier",
		"extra → dossier",
		"extra → dossier declaration",
		"status → dossier",
	}
	if d := cmp.Diff(want, told(r)); d != "" {
		t.Error(d)
	}
	// What only the NSSO can put right becomes a correction each.
	var kinds []string
	for _, c := range r.Corrections(w.facts.Zone) {
		kinds = append(kinds, fmt.Sprintf("%s has %d wants %d", c.Kind, len(c.Has), len(c.Wants)))
	}
	slices.Sort(kinds)
	if d := cmp.Diff([]string{"cancelled has 1 wants 1", "extra has 1 wants 0", "extra has 1 wants 0", "extra has 1 wants 0", "invalid has 1 wants 1"}, kinds); d != "" {
		t.Error(d)
	}
	// It goes to disk and comes back whole, without a personal number in it.
	w.must(w.store.SaveReconciliation(t.Context(), r, act("ciao.reconcile")))
	kept, err := w.store.Reconciliations(t.Context(), app.LocalSimulator, 1)
	w.must(err)
	b, err := json.Marshal(kept)
	w.must(err)
	for n := range w.facts.Workers {
		if strings.Contains(string(b), madeUpSSIN(n).Reveal()) {
			t.Errorf("the number of worker %d is kept", n)
		}
	}
	if len(kept) != 1 || cmp.Diff(told(r), told(kept[0])) != "" || !kept[0].Complete() {
		t.Errorf("%+v", kept)
	}
}

// What the register has of a punch that we think was never taken is adopted by
// the next sending, not asked of the NSSO.
func TestWhatIsOfUnknownFateIsToBeAdopted(t *testing.T) {
	w := allSent(t, 2)
	w.punch(0, 10*time.Minute, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.DropAfter, Times: 1})
	w.send(0)
	if d := cmp.Diff([]string{"unknown → adopt"}, told(w.reconcile())); d != "" {
		t.Error(d)
	}
	w.send(time.Hour)
	if d := cmp.Diff([]string(nil), told(w.reconcile())); d != "" {
		t.Error(d)
	}
}

func TestHeldPunchesAndWhatTheRegisterHasOfThem(t *testing.T) {
	w := allSent(t, 2)
	w.punch(0, 30*time.Minute, app.KeyIn)
	w.punch(1, 30*time.Minute, app.KeyIn)
	for i := range w.facts.Taps[4:] {
		w.facts.Taps[4+i].OffsetKnown = false // held for its clock
	}
	c := w.plan()
	i := slices.IndexFunc(c, func(c ciao.Candidate) bool {
		return c.Held() == app.HeldClock && c.Registration.WorkerID == w.facts.Workers[0].ID
	})
	r := c[i].Registration
	_, err := w.register.Put(ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: r.At}, SSIN: r.SSIN.Reveal(), Type: r.Type,
		Employer: ciao.WireEmployer{EnterpriseNumber: r.Enterprise}, Declaration: r.Declaration,
		PlaceOfWork: ciao.WirePlace{Coordinates: &ciao.WireCoordinates{Latitude: 50.8503, Longitude: 4.3517}}})
	w.must(err)
	if d := cmp.Diff([]string{"held → release", "held-there → release"}, told(w.reconcile())); d != "" {
		t.Error(d)
	}
}

// A search that cannot be trusted is not taken for "nothing there".
func TestWithoutAProvenLookUpItCannotTell(t *testing.T) {
	for query, want := range map[string]string{"off": ciao.CannotUnproven, "forbidden": ciao.CannotUnproven, "finds-nothing": ciao.CannotUnproven,
		"ignores-filters": ciao.CannotUnproven, "incomplete": ciao.CannotUnproven} {
		t.Run(query, func(t *testing.T) {
			w := allSent(t, 2)
			w.register.Set(register.Settings{Query: query})
			r := w.reconcile()
			if r.CannotTell != want || len(r.Differences) != 0 || r.Complete() {
				t.Errorf("%+v", r)
			}
		})
	}
	w := newWorld(t, 1) // nothing was ever registered: there is nothing to prove it by
	if r := w.reconcile(); r.CannotTell != ciao.CannotUnproven {
		t.Errorf("%+v", r)
	}
}

// A search that was proven and fails later counts for nobody; what it said of others stays.
func TestAPersonWhoseAnswerFailsIsNotCompared(t *testing.T) {
	w := allSent(t, 3)
	w.reconcile() // proves it
	w.register.Add(register.Fault{Kind: register.Malformed, Operation: "query", Skip: 1, Times: 1})
	r := w.reconcile()
	if r.Complete() || r.CannotTell != "" || len(r.Differences) != 0 {
		t.Errorf("%+v", r)
	}
	asked := 0
	for _, p := range r.Persons {
		if p.Asked {
			asked++
		} else if p.Problem == "" {
			t.Errorf("nobody says why: %+v", p)
		}
	}
	if asked != 2 {
		t.Errorf("%d of 3 answers count", asked)
	}
}

// The register's "later" is obeyed; a longer one ends the asking for that person.
func TestAskingWaitsAsTheRegisterSays(t *testing.T) {
	w := allSent(t, 3)
	w.reconcile()
	before := w.time.Now()
	w.register.Add(register.Fault{Kind: register.TooMany, Operation: "query", Seconds: 40, Times: 1})
	if r := w.reconcile(); !r.Complete() || w.time.Now().Sub(before) < 40*time.Second {
		t.Errorf("%+v after %v", r, w.time.Now().Sub(before))
	}
}

func TestAskingCanBeCancelled(t *testing.T) {
	w := allSent(t, 3)
	w.reconcile()
	defer w.time.join()()
	ctx, cancel := context.WithCancel(t.Context())
	day := w.time.Now().DateIn(w.facts.Zone)
	persons, _, err := w.sender(w.store).AskPersons(ctx, app.Span{From: day.Start(w.facts.Zone), To: day.End(w.facts.Zone)}, w.questions(),
		func(done, total int) {
			if total != 3 {
				t.Errorf("of %d", total)
			}
			if done == 2 {
				cancel()
			}
		})
	if !errors.Is(err, context.Canceled) || len(persons) != 2 {
		t.Errorf("%d persons, %v", len(persons), err)
	}
	if report, err := w.sender(w.store).Send(t.Context(), ciao.SendOptions{}); err != nil || report.Recovered != 0 {
		t.Errorf("the next one finds the place taken: %+v, %v", report, err)
	}
}
