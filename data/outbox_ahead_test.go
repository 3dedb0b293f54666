package data_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// learnt is a company that sent once, so that its sender knows the register's search:
// from then on batches are claimed while another one is under way.
func learnt(t *testing.T, people int) *world {
	w := newWorld(t, people)
	w.punch(0, 9*time.Hour, app.KeyIn)
	w.enqueue()
	if r := w.send(time.Minute); r.Accepted != 1 {
		t.Fatalf("report %+v", r)
	}
	return w
}

// day makes so many punches of the first people, by turns, all of one employer.
func (w *world) day(people, punches int) int {
	for n := range punches {
		w.punch([]int{0, 1, 3, 4, 6, 7}[n%people], 8*time.Hour-time.Duration(n)*time.Minute, app.KeyIn+app.PunchKey(n/people%2))
	}
	return w.enqueue()
}

// aheadStore sees what is claimed ahead, and can do something then.
type aheadStore struct {
	ciao.Store
	claimed func(regs []app.Registration)
}

func (s *aheadStore) Claim(ctx context.Context, c ciao.Claim) ([]app.Registration, error) {
	regs, err := s.Store.Claim(ctx, c)
	if c.Ahead && len(regs) > 0 && s.claimed != nil {
		s.claimed(regs)
	}
	return regs, err
}

func (w *world) sendBy(store ciao.Store, patience time.Duration) (ciao.Report, error) {
	defer w.time.join()()
	return w.sender(store).Send(w.t.Context(), ciao.SendOptions{Patience: patience})
}

// The punches of a few people go in full requests, one at a time, in the order of each
// person, and all but the first are claimed while the one before is under way.
func TestBatchesOfAFewPeopleAreClaimedAhead(t *testing.T) {
	w := learnt(t, 8)
	n := w.day(2, 40)
	ahead := 0
	report, err := w.sendBy(&aheadStore{Store: w.store, claimed: func(regs []app.Registration) { ahead += len(regs) }}, 0)
	w.must(err)
	if report.Accepted != n || report.Requests != n/w.batch || ahead != n-w.batch {
		t.Errorf("%d accepted in %d requests, %d of them claimed ahead; want %d in %d", report.Accepted, report.Requests, ahead, n, n/w.batch)
	}
	w.exactlyOnce(1 + n)
	last := map[string]app.Instant{}
	for _, s := range w.register.Stored() {
		if s.RegistrationDate.Instant < last[s.SSIN] {
			t.Errorf("registration %d came after a later one of its person", s.ID)
		}
		last[s.SSIN] = s.RegistrationDate.Instant
	}
}

// Whatever comes instead of a plain answer, what was claimed ahead is queued again as
// it was, its attempt says that it was not sent, and not one of it reached the register.
func TestWhatWasClaimedAheadIsGivenBack(t *testing.T) {
	for _, f := range []register.Fault{
		{Kind: register.ErrorBefore}, {Kind: register.ErrorAfter}, {Kind: register.DropBefore}, {Kind: register.DropAfter}, {Kind: register.HangAfter},
		{Kind: register.WrongCount}, {Kind: register.HTMLPage}, {Kind: register.TooMany, Seconds: 60}, {Kind: register.TooManyFailed, Seconds: 60},
		{Kind: register.Unavailable, Seconds: 60}, {Kind: register.RefuseUnnamed}, {Kind: register.Redirect}, {Kind: register.ExpiredToken}, {Kind: register.Exists},
	} {
		t.Run(string(f.Kind), func(t *testing.T) {
			w := learnt(t, 8)
			n := w.day(6, 30)
			f.Operation, f.Skip, f.Times = "register", 1, 1
			w.register.Add(f)
			var ahead [][]app.Registration
			store := &aheadStore{Store: w.store, claimed: func(regs []app.Registration) {
				if ahead = append(ahead, regs); f.Kind == register.Exists && len(ahead) == 1 {
					w.put(&regs[0]) // somebody registered it elsewhere just now
				}
			}}
			leave := w.time.join()
			ctx, cancel := context.WithCancel(t.Context())
			requests := 0
			_, err := w.sender(store).Send(ctx, ciao.SendOptions{Progress: func(ciao.Progress) {
				if requests++; requests == 2 { // the second, which went wrong, was kept
					cancel()
				}
			}})
			cancel()
			leave()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if len(ahead) != 2 {
				t.Fatalf("claimed ahead %d times, want twice", len(ahead))
			}
			for i := range ahead[1] {
				was := &ahead[1][i]
				regs, err := w.store.Registrations(t.Context(), ciao.RegistrationFilter{IDs: []app.ID{was.ID}})
				w.must(err)
				is := regs[0]
				if is.State != app.RegQueued || is.LookedUp != was.LookedUp || is.LookUps != was.LookUps || is.Failing != was.Failing || is.NotBefore != was.NotBefore {
					t.Errorf("punch %d is %s, and not as it was", is.Punch.Seq, is.State)
				}
				attempts, err := w.store.RegistrationAttempts(t.Context(), is.ID)
				w.must(err)
				if len(attempts) != 1 || attempts[0].Outcome != app.AttemptNotProcessed || attempts[0].Problem != ciao.CodeCancelled || attempts[0].Ended == 0 {
					t.Errorf("punch %d: attempts %+v", is.Punch.Seq, attempts)
				}
			}
			if got := w.register.Stats().Requests["register"]; got != 3 {
				t.Errorf("%d requests, want 3: what was claimed ahead was not sent", got)
			}
			w.register.Clear()
			w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
			w.send(3 * time.Hour)
			w.exactlyOnce(1 + n)
		})
	}
}

// A person of whom something has an unknown fate waits with all that was punched later,
// also with what was claimed ahead.
func TestWhatWasClaimedAheadWaitsForAnUnknownFate(t *testing.T) {
	w := learnt(t, 8)
	n := w.day(2, 20)
	w.register.Add(register.Fault{Kind: register.ErrorAfter, Operation: "register", Skip: 1, Times: 1})
	r := w.send(0)
	if r.Requests != 2 || r.Accepted != w.batch || r.Unknown != w.batch || r.Left.Queued != n-2*w.batch {
		t.Errorf("report %+v", r)
	}
	w.time.pass(10 * time.Second) // longer than the first back-off
	if r := w.send(0); r.Requests != 0 {
		t.Errorf("%d requests while both wait", r.Requests)
	}
	w.send(3 * time.Hour)
	w.exactlyOnce(1 + n)
}

// Whoever stops sending while a request is under way stops what was claimed ahead.
func TestAStopHoldsBackWhatWasClaimedAhead(t *testing.T) {
	w := learnt(t, 8)
	n := w.day(6, 20)
	stop := func([]app.Registration) {
		_, err := w.store.ChangeSender(t.Context(), app.LocalSimulator, nil, func(s *ciao.SenderState) { s.Stopped = ciao.CodeForbidden })
		w.must(err)
	}
	r, err := w.sendBy(&aheadStore{Store: w.store, claimed: stop}, time.Hour)
	w.must(err)
	if r.Requests != 1 || r.Accepted != w.batch || r.Stopped != ciao.CodeForbidden || len(w.registrations(app.RegQueued)) != n-w.batch {
		t.Errorf("report %+v", r)
	}
	w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
	w.send(time.Hour)
	w.exactlyOnce(1 + n)
}

// A sender that dies with one request under way and another claimed leaves both of
// unknown fate; look-ups settle them. So at each call of the store.
func TestASenderThatDiesWithABatchAhead(t *testing.T) {
	w := learnt(t, 8)
	w.batch = 2
	queued := 1
	recovered := 0
	for n := 1; n <= 14; n++ {
		for _, after := range []bool{false, true} {
			queued += w.day(3, 12)
			_, err := w.sendBy(&dyingStore{Store: w.store, left: n, after: after}, time.Hour)
			if err != nil && !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			w.time.pass(w.timing.Lease)
			recovered = max(recovered, w.send(12*time.Hour).Recovered)
			w.exactlyOnce(queued)
		}
	}
	if recovered != 2*w.batch {
		t.Errorf("at most %d were left under way, want two batches once", recovered)
	}
	for _, a := range w.attempts() {
		if a.Outcome == app.AttemptRunning || a.Ended < a.Started {
			t.Errorf("attempt %+v", a)
		}
	}
}

// put registers what is in the outbox, past it.
func (w *world) put(r *app.Registration) {
	_, err := w.register.Put(ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: r.At}, SSIN: r.SSIN.Reveal(), Type: r.Type,
		Employer: ciao.WireEmployer{EnterpriseNumber: r.Enterprise}, Declaration: r.Declaration})
	w.must(err)
}

func (w *world) attempts() []app.Attempt {
	list, err := w.store.Attempts(w.t.Context(), app.LocalSimulator, 10_000)
	w.must(err)
	return list
}
