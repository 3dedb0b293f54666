package data_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// refused returns a world in which the register refused one punch for its declaration.
func refused(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, 2)
	w.punch(0, 2*time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.register.Set(register.Settings{Declarations: []string{"2Y1003SQ5VSSZ"}})
	w.punch(1, time.Hour, app.KeyIn)
	w.enqueue()
	if r := w.send(0); r.Refused != 1 {
		t.Fatalf("report %+v", r)
	}
	return w
}

func (w *world) refusedCandidate() *ciao.Candidate {
	w.t.Helper()
	plan := w.plan()
	i := slices.IndexFunc(plan, func(c ciao.Candidate) bool { return c.Registration.State == app.RegRefused })
	if i < 0 {
		w.t.Fatal("nothing is refused")
	}
	return &plan[i]
}

// What was put right at the NSSO, its Dimona or the declaration, changes nothing here: a person says so, and the punch goes again.
func TestWhatWasMendedAtTheNSSOGoesAgain(t *testing.T) {
	byIlse := app.Act{Actor: "Ilse", Why: "Dimona was late"}
	t.Run("refused", func(t *testing.T) {
		w := refused(t)
		w.register.Set(register.Settings{})
		again, err := ciao.Resend(t.Context(), w.store, w.refusedCandidate(), "declaration", byIlse)
		w.must(err)
		if r := w.send(time.Hour); again.Mended != "declaration" || !again.Late || r.Accepted != 1 {
			t.Errorf("again %+v, report %+v", again, r)
		}
		if states := w.registrations(app.RegAccepted); len(states) != 2 || states[1].Generation != 2 || states[1].Mended != "declaration" {
			t.Errorf("rows %+v", states)
		}
	})
	t.Run("judged invalid", func(t *testing.T) {
		w := newWorld(t, 1)
		w.punch(0, 2*time.Hour, app.KeyIn)
		w.enqueue()
		w.send(0)
		first := w.registrations()[0]
		if c := w.plan()[0]; c.Again.May("Dimona") == nil {
			t.Error("what is pending may go again")
		}
		w.register.Judge(first.RegisterID, "invalid", false)
		w.time.pass(2 * time.Minute)
		w.send(0)
		c := w.plan()[0]
		if _, err := ciao.Resend(t.Context(), w.store, &c, "", byIlse); !errors.Is(err, ciao.ErrUnchanged) {
			t.Errorf("without a word of what was mended: %v", err)
		}
		again, err := ciao.Resend(t.Context(), w.store, &c, "Dimona", byIlse)
		w.must(err)
		if r := w.send(time.Hour); r.Accepted != 1 || again.Generation != 2 {
			t.Errorf("report %+v", r)
		}
		if _, err := ciao.Resend(t.Context(), w.store, &c, "Dimona", byIlse); !errors.Is(err, ciao.ErrNotRefused) {
			t.Errorf("a second time: %v", err)
		}
		rows := w.registrations()
		if len(rows) != 2 || rows[0].Validity != "invalid" || rows[1].RegisterID == rows[0].RegisterID {
			t.Errorf("rows %+v", rows)
		}
	})
}

func TestARefusedPunchGoesAgainOnceItsDataIsMended(t *testing.T) {
	w := refused(t)
	byIlse := app.Act{Actor: "Ilse", At: w.time.Now(), Why: "the declaration was the old one"}
	if _, err := ciao.Resend(t.Context(), w.store, w.refusedCandidate(), "", byIlse); !errors.Is(err, ciao.ErrUnchanged) {
		t.Errorf("unchanged: %v", err)
	}
	w.facts.Declarations[0].Number = "2Y1003SQ5VSSZ"
	w.facts.Workers[1].SSIN = ""
	var held *ciao.StillHeldError
	if _, err := ciao.Resend(t.Context(), w.store, w.refusedCandidate(), "", byIlse); !errors.As(err, &held) || held.Reason != app.HeldNoSSIN {
		t.Errorf("without a number: %v", err)
	}
	w.facts.Workers[1].SSIN = madeUpSSIN(1)
	c := w.refusedCandidate()
	again, err := ciao.Resend(t.Context(), w.store, c, "", byIlse)
	w.must(err)
	if again.Generation != 2 || !again.Late || again.ApprovedBy != "Ilse" || !slices.Equal(c.Again.Changed, []string{"declaration"}) {
		t.Errorf("again %+v, changed %v", again, c.Again.Changed)
	}
	if _, err := ciao.Resend(t.Context(), w.store, c, "", byIlse); !errors.Is(err, ciao.ErrNotRefused) {
		t.Errorf("a second time: %v", err)
	}
	if r := w.send(time.Hour); r.Accepted != 1 || w.register.Stats().Requests["query"] == 0 {
		t.Errorf("report %+v: want it looked up, then sent", r)
	}
	rows := w.registrations()
	states := []app.RegistrationState{}
	for _, r := range rows {
		states = append(states, r.State)
	}
	slices.Sort(states)
	if !slices.Equal(states, []app.RegistrationState{app.RegAccepted, app.RegAccepted, app.RegRefused}) || w.register.Stats().Doubles != 0 {
		t.Errorf("states %v, register %+v", states, w.register.Stats())
	}
	plan := w.plan()
	if got := plan[len(plan)-1].Registration; got.Generation != 2 || got.State != app.RegAccepted || !got.Late {
		t.Errorf("the plan shows %+v, want the last generation", got)
	}
	trail, err := w.store.Trail(t.Context(), "", 1)
	if err != nil || len(trail) != 1 || trail[0].What != "ciao.resend" || !strings.Contains(trail[0].Payload, `"generation":2`) {
		t.Errorf("trail %+v, %v", trail, err)
	}
	if w.enqueue() != 0 {
		t.Error("it was queued once more by itself")
	}
}

// accepted returns a world with one accepted registration that a person wants cancelled.
func accepted(t *testing.T) (*world, app.ID) {
	t.Helper()
	w := newWorld(t, 1)
	w.punch(0, 2*time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	id := w.registrations()[0].ID
	w.must(w.store.AskCancellation(t.Context(), id, app.Act{Actor: "Ilse", What: "ciao.cancel", Target: "registration:" + string(id), Why: "badge of another"}))
	return w, id
}

func TestCancellingAnAcceptedRegistration(t *testing.T) {
	w, id := accepted(t)
	if err := w.store.AskCancellation(t.Context(), id, act("ciao.cancel")); !errors.Is(err, ciao.ErrNotCancellable) {
		t.Errorf("asked twice: %v", err)
	}
	if r := w.send(0); r.Cancelled != 1 {
		t.Errorf("report %+v", r)
	}
	got := w.registrations()[0]
	if got.State != app.RegCancelled || got.Cancellation.By != "Ilse" || !w.register.Stored()[0].Cancelled {
		t.Errorf("registration %+v", got)
	}
	if n := len(w.registrations(app.RegCancelled)); n != 1 || len(w.registrations(app.RegAccepted)) != 0 {
		t.Errorf("%d listed as cancelled", n)
	}
	sum, err := w.store.RegistrationSummary(t.Context(), app.LocalSimulator)
	if err != nil || sum.States[app.RegCancelled] != 1 || sum.States[app.RegAccepted] != 0 {
		t.Errorf("counted as %v, %v", sum.States, err)
	}
	w.time.pass(40 * 24 * time.Hour)
	if r := w.send(time.Hour); r.Checked != 0 || r.Cancelled != 0 || w.enqueue() != 0 {
		t.Errorf("after it: %+v", r)
	}
}

// TestCancellingGoesWrong: sent once, looked up where nobody knows, never repeated by itself.
func TestCancellingGoesWrong(t *testing.T) {
	tests := []struct {
		fault    register.Fault
		want     app.CancelState
		requests int
	}{
		{register.Fault{Kind: register.DropAfter}, app.CancelDone, 1},
		{register.Fault{Kind: register.HangAfter}, app.CancelDone, 1},
		{register.Fault{Kind: register.ErrorAfter}, app.CancelDone, 1},
		{register.Fault{Kind: register.Created}, app.CancelDone, 1},
		{register.Fault{Kind: register.DropBefore}, app.CancelRefused, 1},
		{register.Fault{Kind: register.ErrorBefore}, app.CancelRefused, 1},
		{register.Fault{Kind: register.ErrorBefore, Status: 403}, app.CancelRefused, 1},
		{register.Fault{Kind: register.RefuseUnnamed}, app.CancelRefused, 1},
		{register.Fault{Kind: register.TooMany, Seconds: 30}, app.CancelDone, 2},
		{register.Fault{Kind: register.Unavailable, Seconds: 30}, app.CancelDone, 2},
		{register.Fault{Kind: register.ExpiredToken}, app.CancelDone, 2},
	}
	for _, c := range tests {
		t.Run(fmt.Sprint(c.fault.Kind, c.fault.Status), func(t *testing.T) {
			t.Parallel()
			w, id := accepted(t)
			c.fault.Operation, c.fault.Times = "cancel", 1
			w.register.Add(c.fault)
			r := w.send(time.Hour)
			got := w.registrations()[0]
			if got.Cancellation.State != c.want || w.register.Stats().Requests["cancel"] != c.requests || r.Stopped != "" {
				t.Fatalf("%+v after %d requests; report %+v", got.Cancellation, w.register.Stats().Requests["cancel"], r)
			}
			if cancelled := w.register.Stored()[0].Cancelled; cancelled != (c.want == app.CancelDone) {
				t.Errorf("cancelled at the register: %t", cancelled)
			}
			if c.want == app.CancelRefused { // it counts on, and a person may ask anew
				if got.State != app.RegAccepted || got.Cancellation.Answer == "" {
					t.Errorf("registration %+v", got)
				}
				w.must(w.store.AskCancellation(t.Context(), id, act("ciao.cancel")))
				if r := w.send(time.Hour); r.Cancelled != 1 {
					t.Errorf("asked anew: %+v", r)
				}
			}
		})
	}
}

func TestACancellationUnderWayWhenTheSenderDies(t *testing.T) {
	w, id := accepted(t)
	take := ciao.SenderTake{Environment: app.LocalSimulator, Owner: "dead", Now: w.time.Now(), Lease: w.time.Now().Add(time.Minute)}
	_, err := w.store.TakeSender(t.Context(), take)
	w.must(err)
	begin := app.Attempt{
		ID:          w.id(),
		Environment: app.LocalSimulator,
		Operation:   "cancel",
		Items:       []app.ID{id},
		Outcome:     app.AttemptRunning,
		Started:     w.time.Now(),
	}
	if err := w.store.BeginCancellation(t.Context(), "another", begin); !errors.Is(err, ciao.ErrSenderLost) {
		t.Errorf("by one who is not the sender: %v", err)
	}
	w.must(w.store.BeginCancellation(t.Context(), "dead", begin))
	w.time.pass(2 * time.Minute)
	w.send(time.Hour)
	if got := w.registrations()[0].Cancellation; got.State != app.CancelRefused || w.register.Stats().Requests["cancel"] != 0 {
		t.Errorf("%+v: want it looked up, and not sent by itself", got)
	}
}

// TestFindingsStayUntilSomebodySettlesThem: not only in the report of the run that found them.
func TestFindingsStayUntilSomebodySettlesThem(t *testing.T) {
	w := newWorld(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.punch(1, 30*time.Minute, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.HangAfter, Times: 1})
	w.send(0)
	mine := w.register.Stored()[1]
	double, err := w.register.Put(mine.RegisterItem)
	w.must(err)
	other := mine.RegisterItem
	other.Employer.EnterpriseNumber = otherNumber
	elsewhere, err := w.register.Put(other)
	w.must(err)
	w.send(time.Hour)
	list, err := w.store.Findings(t.Context(), app.LocalSimulator, false)
	w.must(err)
	numbers := map[string]int64{}
	for _, f := range list {
		numbers[f.Kind] = f.RegisterID
	}
	if len(list) != 2 || numbers[ciao.FoundDouble] != double || numbers[ciao.FoundElsewhere] != elsewhere {
		t.Fatalf("findings %+v", list)
	}
	done, err := w.store.SettleFinding(t.Context(), list[0].ID, act("ciao.settle"))
	again, err2 := w.store.SettleFinding(t.Context(), list[0].ID, act("ciao.settle"))
	if err != nil || err2 != nil || !done || again {
		t.Errorf("settled %t, again %t, %v %v", done, again, err, err2)
	}
	w.must(w.store.KeepFindings(t.Context(), list)) // found once more
	open, err := w.store.Findings(t.Context(), app.LocalSimulator, false)
	all, err2 := w.store.Findings(t.Context(), app.LocalSimulator, true)
	if err != nil || err2 != nil || len(open) != 1 || len(all) != 2 {
		t.Errorf("%d open of %d, %v %v", len(open), len(all), err, err2)
	}
}

// TestTheCircuitBreaker: the register's wait holds over restarts and for every
// operation, then one item feels the way; a second time a person is asked.
func TestTheCircuitBreaker(t *testing.T) {
	w := newWorld(t, 8)
	w.batch = 20
	w.shift(8)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.TooManyFailed, Seconds: 1800, Times: 1})
	w.send(time.Minute)
	begun := w.register.Stats().Requests
	if r := w.send(10 * time.Minute); r.Requests != 0 || w.register.Stats().Requests["token"] != begun["token"] || r.Stopped != "" {
		t.Errorf("within the wait: %+v", r)
	}
	w.send(time.Hour)
	w.exactlyOnce(16)
	if largest := w.firstBatchAfter(2); largest != 1 {
		t.Errorf("%d items went first after the wait, want 1", largest)
	}

	w.punch(0, time.Minute, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.TooManyFailed, Times: 2}) // without a time to wait
	before := w.time.Now()
	r := w.send(5 * time.Hour)
	if r.Stopped != ciao.CodeTooManyFailed || w.time.Now().Sub(before) < w.timing.BackoffMax {
		t.Errorf("a second time after %v: %+v", w.time.Now().Sub(before), r)
	}
	w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
	w.send(time.Hour)
	w.exactlyOnce(17)
}

// firstBatchAfter returns how many items the n-th request to register had, from 1.
func (w *world) firstBatchAfter(n int) int {
	attempts, err := w.store.Attempts(w.t.Context(), app.LocalSimulator, 1000)
	w.must(err)
	slices.Reverse(attempts)
	for _, a := range attempts {
		if a.Operation == "register" && a.Problem != ciao.CodeCancelled { // what was given back never went
			if n--; n == 0 {
				return len(a.Items)
			}
		}
	}
	return 0
}

// TestTheRegisterCountsOurFailures: its own count of refused requests ends in
// the same wait, and no good punch is lost by it.
func TestTheRegisterCountsOurFailures(t *testing.T) {
	w := newWorld(t, 4)
	w.batch = 20
	w.shift(4)
	w.bad(0)
	w.enqueue()
	w.register.Set(register.Settings{UnnamedIssues: true, MostFailed: 2})
	r := w.send(3 * time.Hour)
	if r.Refused != 1 || r.Stopped != "" || r.Left.Queued > 0 || w.register.Stats().Stored != 8 || w.register.Stats().Doubles != 0 {
		t.Errorf("report %+v, register %+v", r, w.register.Stats())
	}
}
