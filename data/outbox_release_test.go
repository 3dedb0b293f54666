package data_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/data"
)

// heldShift makes an IN and an OUT a day for each worker, in so many days, whose
// badges were assigned only afterwards: all of them are held.
func (w *world) heldShifts(workers, days int) {
	for d := range days {
		ago := time.Duration(days-d) * 24 * time.Hour
		for n := range workers {
			w.punch(n, ago+8*time.Hour, app.KeyIn)
			w.punch(n, ago, app.KeyOut)
		}
	}
	for i := range w.facts.Taps {
		w.facts.Taps[i].HolderEntered = w.time.Now()
	}
}

// release releases all that is held and may be.
func (w *world) release(word bool) int {
	w.t.Helper()
	held := slices.DeleteFunc(w.plan(), func(c ciao.Candidate) bool { return c.Exists || !c.Releasable() })
	n, err := ciao.Release(w.t.Context(), w.store, held, word, app.Act{Actor: "Ilse", At: w.time.Now(), Why: "badges were assigned late"})
	w.must(err)
	return n
}

// itemOf returns what would be sent of a registration, as somebody else would have sent it.
func itemOf(g *app.Registration) ciao.RegisterItem {
	return ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: g.At}, SSIN: g.SSIN.Reveal(), Type: g.Type,
		Employer: ciao.WireEmployer{EnterpriseNumber: g.Enterprise, ForeignVATNumber: g.ForeignVAT}, Declaration: g.Declaration,
		PlaceOfWork: ciao.WirePlace{Coordinates: &ciao.WireCoordinates{Longitude: g.Place.Coordinates.Longitude, Latitude: g.Place.Coordinates.Latitude}}}
}

// TestAFreshDatabaseReleasesAll: nothing was ever accepted, and 500 punches are
// released at once, as in every company that begins with files.
func TestAFreshDatabaseReleasesAll(t *testing.T) {
	people := 50
	if testing.Short() {
		people = 10 // all of them release without the race detector
	}
	for name, c := range map[string]struct {
		settings register.Settings
		faults   []register.Fault
		there    int // of the released, registered by another way before
		refused  int // of the newest
	}{
		"plain":              {},
		"three are there":    {there: 3},
		"lagging search":     {settings: register.Settings{QueryLagSeconds: 200}},
		"nearly too late":    {settings: register.Settings{QueryLagSeconds: 590}},
		"lagging, and there": {settings: register.Settings{QueryLagSeconds: 200}, there: 3},
		"small pages":        {settings: register.Settings{PageSize: 2}, there: 3},
		"rounded places":     {settings: register.Settings{Query: "rounded"}, there: 3},
		"search down at first": {faults: []register.Fault{{Kind: register.ErrorBefore, Operation: "query", Times: 3}, {Kind: register.HTMLPage, Operation: "query", Times: 2},
			{Kind: register.Redirect, Operation: "query", Times: 1}, {Kind: register.DropAfter, Operation: "query", Times: 1}, {Kind: register.TooMany, Operation: "query", Seconds: 30, Times: 1}}},
		"the newest's fate is unknown":      {faults: []register.Fault{{Kind: register.ErrorAfter, Times: 1}}},
		"the newest never arrives":          {faults: []register.Fault{{Kind: register.DropBefore, Times: 1}}},
		"unknown and lagging":               {settings: register.Settings{QueryLagSeconds: 200}, faults: []register.Fault{{Kind: register.ErrorAfter, Times: 3}, {Kind: register.DropAfter, Skip: 3, Times: 2}}},
		"the newest waits for the register": {faults: []register.Fault{{Kind: register.Unavailable, Seconds: 5, Times: 2}, {Kind: register.TooMany, Seconds: 30, Times: 2}, {Kind: register.ExpiredToken, Times: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, people)
			w.batch = 4 * people
			w.heldShifts(people, 5)
			if n := w.enqueue(); n != 0 {
				t.Fatalf("%d go by themselves", n)
			}
			if n := w.release(false); n != 10*people {
				t.Fatalf("released %d, want %d", n, 10*people)
			}
			for _, g := range w.registrations()[:c.there] {
				_, err := w.register.Put(itemOf(&g))
				w.must(err)
			}
			w.register.Set(c.settings)
			w.register.Add(c.faults...)
			report := w.send(5 * time.Hour)
			if report.Left.Waits != 0 || report.Left.NeedsPerson != 0 || report.Stopped != "" {
				t.Errorf("left undone: %+v", report)
			}
			w.exactlyOnce(10 * people)
			if report.Adopted < c.there {
				t.Errorf("%d adopted, want %d", report.Adopted, c.there)
			}
		})
	}
}

// TestASearchThatCannotTellAsksAPersonOnce: whatever shape the search has, a
// release ends: sent, or waiting for one decision about all.
func TestASearchThatCannotTellAsksAPersonOnce(t *testing.T) {
	html := register.Fault{Kind: register.HTMLPage, Operation: "query"}
	for name, c := range map[string]struct {
		settings register.Settings
		faults   []register.Fault
		word     bool
		asked    int // how many of the 60 wait for a person
		queries  int // at most
		why      string
	}{
		"never finds":             {settings: register.Settings{Query: "finds-nothing"}, asked: 59, queries: 30, why: ciao.AsksUnproven},
		"never finds, word":       {settings: register.Settings{Query: "finds-nothing"}, word: true, asked: 59, queries: 30, why: ciao.AsksUnproven},
		"ignores filters":         {settings: register.Settings{Query: "ignores-filters"}, word: true, asked: 59, queries: 60, why: ciao.AsksUnproven},
		"shows no declaration":    {settings: register.Settings{Query: "incomplete"}, word: true, asked: 59, queries: 40, why: ciao.AsksUnproven},
		"lags for too long":       {settings: register.Settings{QueryLagSeconds: 3000}, word: true, asked: 59, queries: 60, why: ciao.AsksUnproven},
		"none":                    {settings: register.Settings{Query: "off"}, asked: 60, queries: 1, why: ciao.AsksNoSearch},
		"none, word":              {settings: register.Settings{Query: "off"}, word: true, queries: 1},
		"none, by 501, word":      {faults: []register.Fault{{Kind: register.NoSearch, Status: 501}}, word: true, queries: 1},
		"forbidden, word":         {settings: register.Settings{Query: "forbidden"}, word: true, asked: 60, queries: 1, why: ciao.AsksRefused},
		"another form, word":      {settings: register.Settings{Query: "bad-request"}, word: true, asked: 60, queries: 1, why: ciao.AsksRefused},
		"always a page, word":     {faults: []register.Fault{html}, word: true, asked: 60, queries: 20, why: ciao.AsksFailing},
		"always an error, word":   {faults: []register.Fault{{Kind: register.ErrorBefore, Operation: "query"}}, word: true, asked: 60, queries: 20, why: ciao.AsksFailing},
		"always elsewhere, word":  {faults: []register.Fault{{Kind: register.Redirect, Operation: "query"}}, word: true, asked: 60, queries: 20, why: ciao.AsksFailing},
		"always cut off, word":    {faults: []register.Fault{{Kind: register.DropAfter, Operation: "query"}}, word: true, asked: 60, queries: 20, why: ciao.AsksFailing},
		"five of the newest were": {settings: register.Settings{Declarations: []string{"9Z1003SQ5VSSZ"}}, word: true, asked: 55, queries: 10, why: ciao.AsksNewest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 6)
			w.batch = 200
			w.heldShifts(6, 5)
			if n := w.release(c.word); n != 60 {
				t.Fatalf("released %d, want 60", n)
			}
			w.register.Set(c.settings)
			w.register.Add(c.faults...)
			report := w.send(time.Hour)
			if report.Left.Waits != 0 || report.Left.NeedsPerson != c.asked || report.NextAt != 0 || report.Stopped != "" {
				t.Fatalf("left %+v, next at %v; want %d that wait for a person", report.Left, report.NextAt, c.asked)
			}
			if n := w.register.Stats().Requests["query"]; n > c.queries {
				t.Errorf("%d look-ups, want at most %d", n, c.queries)
			}
			state, err := w.store.SenderState(t.Context(), app.LocalSimulator)
			w.must(err)
			if c.asked > 0 && (state.WhyAsked(false) != c.why || report.Left.NeedsSince != w.registrations()[0].At) {
				t.Errorf("asked because of %q, since %v; want %q since %v", state.WhyAsked(false), report.Left.NeedsSince, c.why, w.registrations()[0].At)
			}
			again := w.send(time.Hour)
			if again.Left.NeedsPerson != c.asked {
				t.Errorf("asked about %d the second time", again.Left.NeedsPerson)
			}
			w.register.Set(register.Settings{})
			w.decideAll(ciao.DecideSend, c.asked)
			w.send(time.Hour)
			if refused := len(w.registrations(app.RegRefused)); refused > 0 && c.asked == 55 {
				return // those were refused, and stay so
			}
			w.exactlyOnce(60)
		})
	}
}

// decideAll carries out one decision about all that waits for a person.
func (w *world) decideAll(d ciao.PersonDecision, want int) {
	w.t.Helper()
	regs, err := w.store.Registrations(w.t.Context(), ciao.RegistrationFilter{Environment: app.LocalSimulator, NeedsPerson: true})
	w.must(err)
	ids := make([]app.ID, len(regs))
	for i := range regs {
		ids[i] = regs[i].ID
	}
	if want == 0 {
		return
	}
	n, err := w.store.DecideRegistrations(w.t.Context(), ids, d, act("ciao.decide"))
	if err != nil || n != want {
		w.t.Fatalf("decided about %d, %v; want %d", n, err, want)
	}
}

// TestAReleaseDiesAnywhere: the program dies at every stage of a release, before
// and after each thing that it writes down, and is started again.
func TestAReleaseDiesAnywhere(t *testing.T) {
	for name, settings := range map[string]register.Settings{"plain": {}, "lagging": {QueryLagSeconds: 100}, "none": {Query: "off"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := 1
			if testing.Short() {
				step = 6 // all of them run without the race detector
			}
			for n := 1; n <= 60; n += step {
				w := newWorld(t, 6)
				w.heldShifts(6, 1)
				released := w.release(true)
				there := w.registrations()[0]
				if name != "none" {
					_, err := w.register.Put(itemOf(&there))
					w.must(err)
				}
				w.register.Set(settings)
				died := 0
				for _, after := range []bool{false, true} {
					leave := w.time.join()
					_, err := w.sender(&dyingStore{Store: w.store, left: n, after: after}).Send(t.Context(), ciao.SendOptions{Patience: time.Hour})
					leave()
					if errors.Is(err, errDied) {
						died++
					} else if err != nil {
						t.Fatal(err)
					}
				}
				if report := w.send(5 * time.Hour); report.Left.Waits > 0 {
					t.Errorf("died at %d, left undone: %+v", n, report)
				}
				if name == "none" { // nobody but a person can tell what became of those under way
					w.decided(w.registrations(app.RegUnknown))
					if s := w.register.Stats(); s.Stored != released || s.Doubles > 0 || len(w.registrations(app.RegAccepted)) != released {
						t.Errorf(
							"died at %d: the register holds %d of %d, %d twice; accepted %d",
							n,
							s.Stored,
							released,
							s.Doubles,
							len(w.registrations(app.RegAccepted)),
						)
					}
				} else {
					w.exactlyOnce(released)
				}
				w.store.Close()
				if t.Failed() || died == 0 {
					t.Logf("%d calls", n)
					break
				}
			}
		})
	}
}

// decided says of those of unknown fate what the register holds, as a person would who looks there.
func (w *world) decided(unknown []app.Registration) {
	for _, g := range unknown {
		d := ciao.DecideSend
		for _, s := range w.register.Stored() {
			if s.SSIN == g.SSIN.Reveal() && s.RegistrationDate.Instant == g.At {
				d = ciao.DecideRegistered
			}
		}
		w.must(w.store.DecideRegistration(w.t.Context(), g.ID, d, act("ciao.decide")))
	}
	w.send(time.Hour)
}

// TestAReleaseAmongOthers: parked employers, another release meanwhile, and items
// of unknown fate keep a release from nothing, and are kept from nothing by it.
func TestAReleaseAmongOthers(t *testing.T) {
	t.Run("parked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 6)
		w.heldShifts(6, 2) // the newest is of the subcontractor's worker
		released := w.release(true)
		w.register.Set(register.Settings{Forbidden: []string{otherNumber}})
		r := w.send(5 * time.Hour)
		if r.Accepted != 16 || r.Left.Queued != 8 || r.Left.Waits != 0 || r.Left.NeedsPerson != 0 || r.NextAt != 0 ||
			!slices.Equal(r.Parked, []string{otherNumber}) {
			t.Errorf("report %+v", r)
		}
		w.register.Set(register.Settings{})
		w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
		w.send(5 * time.Hour)
		w.exactlyOnce(released)
	})
	t.Run("a second release", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 6)
		w.register.Set(register.Settings{QueryLagSeconds: 300})
		w.heldShifts(6, 1)
		released := w.release(false)
		if r := w.send(2 * time.Minute); r.Accepted != 1 || r.Left.Unproven != 11 || r.NextAt == 0 {
			t.Errorf("report %+v", r)
		}
		w.heldShifts(6, 1)
		released += w.release(false)
		if r := w.send(2 * time.Minute); r.Requests != 0 {
			t.Errorf("%d requests before the newest was found", r.Requests)
		}
		w.send(5 * time.Hour)
		w.exactlyOnce(released)
	})
	t.Run("of unknown fate", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 6)
		w.register.Set(register.Settings{QueryLagSeconds: 200})
		w.shift(6)
		w.register.Add(register.Fault{Kind: register.ErrorAfter, Times: 1}, register.Fault{Kind: register.DropBefore, Times: 1})
		queued := w.enqueue()
		w.send(0)
		w.heldShifts(6, 1)
		w.send(5 * time.Hour)
		w.exactlyOnce(queued + w.releasedAfter(5*time.Hour))
	})
	t.Run("two at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 6)
		w.register.Set(register.Settings{QueryLagSeconds: 100})
		w.heldShifts(6, 2)
		released := w.release(false)
		w.register.Add(register.Fault{Kind: register.ErrorAfter, Times: 1, Skip: 1})
		var both sync.WaitGroup
		leaves := []func(){w.time.join(), w.time.join()}
		for i, s := range []*data.Store{w.store, w.open()} {
			both.Go(func() {
				defer leaves[i]()
				if _, err := w.sender(s).Send(t.Context(), ciao.SendOptions{Patience: 5 * time.Hour}); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.send(5 * time.Hour)
		w.exactlyOnce(released)
	})
}

// releasedAfter releases what is held, sends, and gives how many those were.
func (w *world) releasedAfter(patience time.Duration) int {
	n := w.release(false)
	w.send(patience)
	return n
}

// TestADecisionOutlivesALookUpUnderWay: a person decides while the same items are looked up.
func TestADecisionOutlivesALookUpUnderWay(t *testing.T) {
	w := newWorld(t, 1)
	w.heldShifts(1, 1)
	w.release(false)
	w.register.Set(register.Settings{Query: "off"})
	w.send(time.Hour)
	asked := w.registrations()
	seen := ciao.Change{ID: asked[0].ID, From: app.RegQueued, State: app.RegQueued, Saw: true, SawNeeds: true, LookUps: 1, NeedsPerson: true}
	w.decideAll(ciao.DecideSend, 2)
	w.must(w.store.Change(t.Context(), app.LocalSimulator, []ciao.Change{seen}))
	if g := w.registrations()[0]; g.NeedsPerson || g.LookedUp == 0 {
		t.Errorf("the decision is lost: %+v", g)
	}
	w.must(w.store.Change(t.Context(), app.LocalSimulator, []ciao.Change{{ID: asked[0].ID, From: app.RegUnknown, State: app.RegAccepted, RegisterID: 7}}))
	if g := w.registrations()[0]; g.State != app.RegAccepted {
		t.Errorf("what was found at the register meanwhile is %s", g.State)
	}
}

// TestTheDelayOfASearchDoesNotGrowByItself: what was found late because it was
// looked up late says nothing of the search.
func TestTheDelayOfASearchDoesNotGrowByItself(t *testing.T) {
	w := newWorld(t, 6)
	w.register.Set(register.Settings{QueryLagSeconds: 70})
	begun := w.time.Now()
	total := 0
	for n := range 6 {
		w.punch(n, time.Hour, app.KeyIn)
		w.register.Add(register.Fault{Kind: register.ErrorAfter, Times: 1, Skip: n % 2})
		total += w.enqueue()
		w.send(2 * time.Hour)
	}
	w.exactlyOnce(total)
	state, err := w.store.SenderState(t.Context(), app.LocalSimulator)
	w.must(err)
	if lag := time.Duration(state.Search.LagMS) * time.Millisecond; lag < 70*time.Second || lag > 160*time.Second {
		t.Errorf("a search that shows things after 70 s is taken for one of %v", lag)
	}
	if took := w.time.Now().Sub(begun); took > time.Hour {
		t.Errorf("it took %v", took)
	}
}
