package data_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// These tests go through the course of an independent register: how much a fault
// costs the service, what it costs the company, and how it ends.

// A limit below ours is learnt within a few requests, in whatever way it is refused, and nothing stands still.
func TestALimitBelowOursIsLearnt(t *testing.T) {
	const items, limit = 120, 7
	for _, way := range []string{"", "named", "unnamed"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, items/2)
			w.batch = 200
			w.shift(items / 2)
			w.enqueue()
			w.register.Set(register.Settings{MaxItems: limit, TooManyItems: way})
			r := w.send(time.Hour)
			if r.Stopped != "" || r.Accepted != items {
				t.Errorf("report %+v", r)
			}
			w.exactlyOnce(items)
			if most := items/3 + 12; w.register.Stats().Requests["register"] > most { // batches of 7 down to 5, of two employers
				t.Errorf("%d requests, want at most %d", w.register.Stats().Requests["register"], most)
			}
			before := w.register.Stats().Requests["register"]
			w.shift(items / 2)
			w.enqueue()
			w.send(time.Hour)
			if n := w.register.Stats().Requests["register"] - before; n > items/3+6 {
				t.Errorf("%d requests for as many again: the limit is not remembered", n)
			}
			w.exactlyOnce(2 * items)
		})
	}
}

// Where even one item is too large, it is no size: nothing is refused for good, a person looks, and afterwards batches are whole again.
func TestWhatIsTooLargeAloneIsNoMatterOfSize(t *testing.T) {
	for _, way := range []string{"", "named"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 3)
			w.batch = 20
			w.shift(3)
			w.enqueue()
			w.register.Set(register.Settings{MaxItems: -1, TooManyItems: way})
			r := w.send(time.Hour)
			if r.Refused != 0 || r.Left.NeedsPerson == 0 || r.AskedWhy != ciao.AsksItself {
				t.Errorf("report %+v", r)
			}
			if n := w.register.Stats().Requests["register"]; n > 40 {
				t.Errorf("%d requests", n)
			}
			state, err := w.store.SenderState(t.Context(), app.LocalSimulator)
			w.must(err)
			if state.BatchLimit != 0 {
				t.Errorf("batches of %d from now on", state.BatchLimit)
			}
			w.register.Set(register.Settings{})
			for _, g := range w.registrations(app.RegQueued) {
				if g.NeedsPerson {
					w.must(w.store.DecideRegistration(t.Context(), g.ID, ciao.DecideSend, act("ciao.decide")))
				}
			}
			if r.Stopped != "" {
				w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
			}
			w.send(time.Hour)
			w.exactlyOnce(6)
		})
	}
}

// A search that works says nothing of registering: that one backs off, and after 15 minutes people hear of it.
func TestAGoodLookUpEndsNoOutage(t *testing.T) {
	for _, kind := range []register.Kind{register.ErrorBefore, register.DropBefore, register.UnavailableBare} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 60)
			w.batch = 200
			w.punch(0, 2*time.Hour, app.KeyIn)
			w.enqueue()
			w.send(time.Minute)
			before := w.register.Stats().Requests
			w.shift(60)
			n := w.enqueue()
			if kind != register.UnavailableBare { // which stores them
				n = 0
			}
			w.register.Add(register.Fault{Kind: kind})
			r := w.send(150 * time.Second)
			after := w.register.Stats().Requests
			if registers, looks := after["register"]-before["register"], after["query"]-before["query"]; registers > 8 || looks > 150 {
				t.Errorf("%d requests to register and %d look-ups in 150 s", registers, looks)
			}
			if r.FailingSince == 0 && n == 0 {
				t.Errorf("report %+v", r)
			}
			r = w.send(20 * time.Minute)
			if r.Left.Queued+r.Left.Unknown > 0 && r.Notices(w.time.Now()).Outage == 0 {
				t.Errorf("nobody hears of the outage: %+v", r)
			}
			if looks := w.register.Stats().Requests["query"] - after["query"]; looks > 600 {
				t.Errorf("%d look-ups in 20 min", looks)
			}
			w.register.Clear()
			if r = w.send(5 * time.Hour); r.FailingSince != 0 || r.Left.Queued+r.Left.Unknown > 0 {
				t.Errorf("afterwards %+v", r)
			}
			w.exactlyOnce(121)
		})
	}
}

// One item with which every request fails: the others go, and in the end a person is asked about that one alone.
func TestAnItemThatAlwaysFailsEndsWithAPerson(t *testing.T) {
	w := newWorld(t, 30)
	w.batch = 200
	w.shift(30)
	w.enqueue()
	poisoned := w.facts.Workers[4].SSIN
	w.register.Set(register.Settings{Poison: []string{poisoned.Reveal()}})
	var r ciao.Report
	for range 12 { // one day, with people at work
		r = w.send(2 * time.Hour)
		w.time.pass(time.Minute)
	}
	if len(w.registrations(app.RegAccepted)) != 58 || r.Stopped != "" || r.AskedWhy != ciao.AsksItself {
		t.Fatalf("report %+v", r)
	}
	for _, g := range w.registrations() {
		if asked := g.NeedsPerson && g.Answer == ciao.CodeKeepsFailing; asked != (g.SSIN == poisoned) {
			t.Errorf("asked %v about one in state %s: %+v", asked, g.State, g.Failing)
		}
	}
	if n := w.register.Stats().Requests["register"]; n > 80 {
		t.Errorf("%d requests in a day", n)
	}
	before := w.register.Stats().Requests
	w.send(24 * time.Hour)
	if after := w.register.Stats().Requests; after["register"] != before["register"] {
		t.Error("it goes on by itself although a person is asked")
	}
	w.register.Set(register.Settings{})
	for _, g := range w.registrations(app.RegUnknown) {
		w.must(w.store.DecideRegistration(t.Context(), g.ID, ciao.DecideSend, act("ciao.decide")))
	}
	w.send(time.Hour)
	w.exactlyOnce(60)
}

// What was stored when its answer was lost is not "refused" because the register refuses it the second time, in whatever words.
func TestARefusalAfterAnUnknownFateIsLookedUp(t *testing.T) {
	for _, code := range []string{"presenceRegistrationAlreadyExists", "conflict", "R-0471"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 10)
			w.batch = 200
			w.punch(0, 2*time.Hour, app.KeyIn)
			w.enqueue()
			w.send(time.Minute) // the search shows it at once: nobody expects it to lag
			w.shift(10)
			w.enqueue()
			w.register.Set(register.Settings{RefuseDoubles: code, QueryLagSeconds: 400})
			w.register.Add(register.Fault{Kind: register.DropAfter, Times: 1})
			r := w.send(3 * time.Hour)
			if refused := w.registrations(app.RegRefused); len(refused) > 0 {
				t.Errorf("%d count as refused that the register holds", len(refused))
			}
			if r.Left.Queued+r.Left.Unknown > 0 {
				t.Errorf("report %+v", r)
			}
			w.exactlyOnce(21)
		})
	}
}

// A person whom the register knows by another number now: that is told once, and nothing has vanished or stands still for others.
func TestAnotherNumberIsInformation(t *testing.T) {
	w := newWorld(t, 4)
	w.shift(4)
	w.enqueue()
	w.send(time.Minute)
	old := w.facts.Workers[1].SSIN
	w.register.Set(register.Settings{Renumbered: map[string]string{old.Reveal(): madeUpSSIN(77).Reveal()}})
	w.time.pass(time.Hour)
	w.send(time.Minute) // asks what became of them
	found, err := w.store.Findings(t.Context(), app.LocalSimulator, false)
	w.must(err)
	if len(found) != 1 || found[0].Kind != ciao.FoundOtherNumber || found[0].Before != old.Masked() || found[0].After != madeUpSSIN(77).Masked() {
		t.Errorf("found %+v", found)
	}
	// What is of unknown fate afterwards: the others' goes on by itself; the renumbered one's is there but for the number, and a person decides.
	for n := range 4 {
		w.punch(n, 10*time.Minute, app.KeyIn)
	}
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.DropAfter, Times: 2})
	r := w.send(2 * time.Hour)
	asked := slices.DeleteFunc(w.registrations(app.RegUnknown), func(g app.Registration) bool { return !g.NeedsPerson })
	if len(asked) != 1 || asked[0].SSIN != old || r.Left.Queued+r.Left.Unknown != 1 || len(w.registrations(app.RegAccepted)) != 11 {
		t.Errorf("asked about %d, report %+v", len(asked), r)
	}
	if stats := w.register.Stats(); stats.Doubles != 0 || stats.Stored != 12 {
		t.Errorf("register %+v", stats)
	}
}

// A command that is run again and again, while all that is left waits for one of unknown fate, asks for no token each time.
func TestNoTokenIsAskedForWhatMayNotGo(t *testing.T) {
	w := newWorld(t, 1)
	w.punch(0, 2*time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.punch(0, time.Hour, app.KeyOut)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.DropAfter, Times: 1})
	w.send(0)
	w.punch(0, 30*time.Minute, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.BlindSearch})
	w.time.pass(time.Minute)
	w.send(0) // the look-up is due, and waits until the search is seen to find something
	before := w.register.Stats().Requests["token"]
	for range 5 {
		w.send(0)
	}
	if n := w.register.Stats().Requests["token"] - before; n > 0 {
		t.Errorf("%d tokens", n)
	}
	w.register.Clear()
	w.send(time.Hour)
	w.exactlyOnce(3)
}

// Two 401 in a row renew and wait; a person is asked after the third, and what was accepted in between counts anew.
func TestDeniedThreeTimesStops(t *testing.T) {
	for denials, stops := range map[int]bool{1: false, 2: false, 3: true} {
		t.Run(fmt.Sprint(denials), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 2)
			w.shift(2)
			w.enqueue()
			w.register.Add(register.Fault{Kind: register.ExpiredToken, Times: denials})
			r := w.send(time.Hour)
			if (r.Stopped == ciao.CodeTokenAgain) != stops {
				t.Fatalf("report %+v", r)
			}
			if !stops {
				w.exactlyOnce(4)
			}
		})
	}
	w := newWorld(t, 12)
	w.batch = 1
	w.shift(12)
	w.enqueue()
	for n := range 6 { // one in four: never two in a row
		w.register.Add(register.Fault{Kind: register.ExpiredToken, Times: 1, Skip: 3 + n%2})
		if r := w.send(time.Second); r.Stopped != "" {
			t.Fatalf("report %+v", r)
		}
	}
	w.send(time.Hour)
	w.exactlyOnce(24)
}

// A register whose clock is an hour slow refuses what is later than its time: nothing of it is lost, it goes when the time has come there.
func TestASlowRegisterLosesNothing(t *testing.T) {
	for _, known := range []bool{false, true} {
		t.Run(fmt.Sprint("known ", known), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 4)
			w.batch = 3
			w.register.SetClock(w.time.Time().Add(-time.Hour))
			if known { // an earlier run heard its time
				w.punch(0, 3*time.Hour, app.KeyIn)
				w.enqueue()
				w.send(time.Minute)
			}
			for n := range 4 {
				w.punch(n, time.Duration(5+20*n)*time.Minute, app.KeyOut)
			}
			n := w.enqueue()
			if known {
				n++
			}
			r := w.send(3 * time.Hour)
			if r.Refused != 0 || r.Left.Queued > 0 || r.Stopped != "" {
				t.Errorf("report %+v", r)
			}
			w.exactlyOnce(n)
		})
	}
}

// And what was released goes: it is not the newest, which is ahead of that clock, from which the search is learnt.
func TestWhatIsReleasedGoesToASlowRegister(t *testing.T) {
	w := newWorld(t, 4)
	w.register.SetClock(w.time.Time().Add(-time.Hour))
	for n := range 4 {
		w.punch(n, time.Duration(5+20*n)*time.Minute, app.KeyOut)
		w.punch(n, time.Duration(n+2)*time.Hour, app.KeyIn)
	}
	for i := range w.facts.Employers {
		w.facts.Employers[i].RegistersSince = w.time.Now()
	}
	held := slices.DeleteFunc(w.plan(), func(c ciao.Candidate) bool { return !c.Releasable() })
	n, err := ciao.Release(t.Context(), w.store, held, false, app.Act{Actor: "Ilse", At: w.time.Now(), Why: "read late"})
	w.must(err)
	if r := w.send(10 * time.Minute); n != 8 || r.Accepted != 5 || r.Refused != 0 { // three are within the hour
		t.Errorf("of %d: %+v", n, r)
	}
	w.send(2 * time.Hour)
	w.exactlyOnce(8)
}

// The same where the clock becomes slow behind our back, between the token and the request.
func TestARegisterThatBecomesSlowLosesNothing(t *testing.T) {
	w := newWorld(t, 4)
	w.punch(0, 3*time.Hour, app.KeyIn)
	w.enqueue()
	w.send(time.Minute)
	w.register.SetClock(w.time.Time().Add(-time.Hour))
	for n := range 4 {
		w.punch(n, time.Duration(5+20*n)*time.Minute, app.KeyOut)
	}
	w.enqueue()
	defer w.time.join()()
	s := w.sender(w.store)
	r, err := s.Send(t.Context(), ciao.SendOptions{Patience: 3 * time.Hour})
	w.must(err)
	if r.Refused != 0 || r.Left.Queued > 0 {
		t.Errorf("report %+v", r)
	}
	w.exactlyOnce(5)
}

// A computer's clock that was years ahead for a while: whatever was written down then freezes nothing afterwards.
func TestAClockThatWasAheadFreezesNothing(t *testing.T) {
	const ahead = 5 * 365 * 24 * time.Hour
	for name, fault := range map[string]register.Fault{
		"outage":  {Kind: register.ErrorBefore},
		"lost":    {Kind: register.DropAfter, Times: 1},
		"told":    {Kind: register.TooMany, Seconds: 600},
		"refused": {Kind: register.NoSearch, Times: 1},
		"nothing": {Kind: register.Delay, Times: 1, Seconds: 0.01},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 6)
			w.punch(5, 2*time.Hour, app.KeyIn)
			w.enqueue()
			w.send(time.Minute)
			w.shift(3)
			w.enqueue()
			w.register.Add(fault)
			w.time.pass(ahead)
			w.register.SetClock(w.time.Time().Add(-ahead))
			w.send(time.Minute)
			w.time.pass(-ahead)
			w.register.SetClock(w.time.Time())
			w.register.Clear()
			w.punch(4, 2*time.Minute, app.KeyIn)
			w.enqueue()
			r := w.send(3 * time.Hour)
			if r.Left.Queued+r.Left.Unknown > 0 || r.Stopped != "" {
				t.Errorf("left undone %+v", r)
			}
			if name != "told" && w.time.Now().Sub(begun()) > 4*time.Hour {
				t.Error("it took too long")
			}
			w.exactlyOnce(8)
			for _, g := range w.registrations() {
				if at := g.NotBefore; at > w.time.Now().Add(32*24*time.Hour) {
					t.Errorf("asked about again at %v", at)
				}
			}
		})
	}
}

func begun() app.Instant { return newTime().Now() }

// And one that is set back while a run waits: it does not wait for years.
func TestAClockThatIsSetBackInARun(t *testing.T) {
	const ahead = 5 * 365 * 24 * time.Hour
	w := newWorld(t, 3)
	w.punch(2, 2*time.Hour, app.KeyIn)
	w.enqueue()
	w.send(time.Minute)
	w.shift(2)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.ErrorBefore, Times: 3})
	w.time.pass(ahead)
	leave := w.time.join()
	back := false
	r, err := w.sender(w.store).Send(t.Context(), ciao.SendOptions{Patience: 2 * time.Hour, Progress: func(p ciao.Progress) {
		if p.Step == "waiting" && !back {
			back = true
			w.time.pass(-ahead)
		}
	}})
	leave()
	w.must(err)
	if !back || r.Left.Queued+r.Left.Unknown > 0 {
		t.Errorf("left undone %+v", r)
	}
	w.exactlyOnce(5)
}

// All that is to be looked up of a person is asked about in one question, however much it is: a release, and what a set back puts in doubt.
func TestALookUpAsksAboutEachPersonOnce(t *testing.T) {
	const people, punches = 30, 1500
	w := newWorld(t, people)
	w.batch = 200
	w.month(people, people)
	w.send(time.Minute)
	for i := range w.facts.Employers {
		w.facts.Employers[i].RegistersSince = w.time.Now()
	}
	w.month(people, punches)
	held := slices.DeleteFunc(w.plan(), func(c ciao.Candidate) bool { return c.Exists || !c.Releasable() })
	n, err := ciao.Release(t.Context(), w.store, held, false, app.Act{Actor: "Ilse", At: w.time.Now(), Why: "read late"})
	w.must(err)
	before := w.register.Stats().Requests
	w.send(time.Minute)
	after := w.register.Stats().Requests
	if asked, sent := after["query"]-before["query"], after["register"]-before["register"]; n != punches || asked > 2*people+5 || sent > punches/200+20 {
		t.Errorf("%d searches about %d people and %d requests for %d registrations", asked, people, sent, n)
	}
	w.exactlyOnce(people + punches)
}
