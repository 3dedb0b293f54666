package ciao

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"

	"klokkast/app"
)

// Sender empties the outbox of one environment.
type Sender struct {
	store   Store
	client  *Client
	clock   Clock
	timing  Timing
	batch   int
	env     app.Environment
	begun   atomic.Int64 // when it was made
	hidden  atomic.Int64 // since when what was surely there was not found, while this sender waited for it; 0: it was
	shown   atomic.Int64 // from when on the search shows all that was sent before this sender was made; 0: not known yet
	heard   atomic.Int64 // when the register last said that it does not hold what we call unsent, or something was sent since; see sound
	sounded soundings

	consults func(ctx context.Context, person bool) (Consultation, error) // nil: nobody registers by phone
}

// SenderOptions say how a sender works.
type SenderOptions struct {
	// Installation is this copy of the program: only the one that sends may
	// send, save to the local simulator.
	Installation app.Installation
	Clock        Clock  // nil: the system's
	Timing       Timing // zero: DefaultTiming; shorter ones only for the local simulator
	Batch        int    // items per request; 0: DefaultBatch
	// Consults says what there is to ask about people who register by phone, and whether a person wants to know; nil: nothing ever.
	Consults func(ctx context.Context, person bool) (Consultation, error)
}

// NewSender makes a sender for the client's environment. A client made with
// another clock or timing than the sender's is a mistake of the caller.
func NewSender(store Store, client *Client, o SenderOptions) (*Sender, error) {
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.Timing == (Timing{}) {
		o.Timing = DefaultTiming()
	}
	if o.Batch == 0 {
		o.Batch = DefaultBatch
	}
	local := client.env == app.LocalSimulator
	switch {
	case !local && !o.Installation.Sends:
		return nil, ErrNotSendingInstallation
	case !local && (!o.Timing.careful() || !client.timing.careful()):
		return nil, errors.New("sender: timing shorter than the rules for the NSSO")
	case !local && o.Installation.Demo:
		return nil, errors.New("sender: a demo database sends to the local simulator only")
	case o.Timing.Lease <= o.Timing.Request:
		return nil, errors.New("sender: the lease must outlast a request")
	}
	s := &Sender{store: store, client: client, clock: o.Clock, timing: o.Timing, batch: o.Batch, env: client.env, consults: o.Consults}
	s.begun.Store(int64(o.Clock.Now()))
	return s, nil
}

// SendOptions belong to one run.
type SendOptions struct {
	// Patience is how long the run may sleep in all, for waits that the register
	// asked for, for look-ups and for another sender; 0: it returns and says when
	// it has something to do again.
	Patience time.Duration
	// Resume lets a stopped sender, and parked employers, go on; Act says who asked for it.
	Resume bool
	Act    app.Act
	// Progress is told after each step; nil: nobody is.
	Progress func(Progress)
}

// Progress is how far a run is.
type Progress struct {
	Step  string `json:"step"` // sending, looking-up, checking, waiting
	Done  int    `json:"done"` // settled in this run
	Total int    `json:"total"`
	Until app.Instant
}

// Report is what a run did and what is left.
type Report struct {
	Environment app.Environment `json:"environment"`
	Recovered   int             `json:"recovered"` // left as "sending" by one that died
	Requests    int             `json:"requests"`  // register requests
	Accepted    int             `json:"accepted"`
	Refused     int             `json:"refused"`
	Unknown     int             `json:"unknown"`   // became of unknown fate
	Adopted     int             `json:"adopted"`   // found at the register by a look-up
	Requeued    int             `json:"requeued"`  // surely not there: to be sent again
	Checked     int             `json:"checked"`   // asked what the register thinks of them now
	Changed     int             `json:"changed"`   // of them, with another validity than before
	Cancelled   int             `json:"cancelled"` // because a person asked for it
	Findings    []Finding       `json:"findings,omitempty"`
	// Left is what remains to be done.
	Left Pending `json:"left"`
	// NextAt is when there is something to do again; zero: nothing, or a person must act first.
	NextAt app.Instant `json:"nextAt,omitzero"`
	// Stopped is the code of why a person must act before anything is sent.
	Stopped string `json:"stopped,omitempty"`
	// Problem is the code of the last thing that went wrong in this run; TraceID its trace.
	Problem string `json:"problem,omitempty"`
	TraceID string `json:"traceId,omitempty"`
	// Parked are the employers that the credential may not register for.
	Parked []string `json:"parked,omitempty"`
	// ClockOff is by how much this computer's clock is behind the register's, where that is more than 2 min.
	ClockOff time.Duration `json:"-"`
	// FailingSince is since when nothing gets through; zero where it does.
	FailingSince app.Instant `json:"failingSince,omitzero"`
	// KnowsNoneSince is since when the register knows nothing of what was sent from here.
	KnowsNoneSince app.Instant `json:"stranger,omitzero"`
	// SetBack is what became of what a set back put in doubt; nil where nothing did.
	SetBack *SetBackCounts `json:"setBack,omitempty"`
	// Consulted is what the register was seen to hold of people who register by phone; nil where it was not asked.
	Consulted *Consulted `json:"consulted,omitempty"`
	// AskedWhy is the code of why a person decides about what waits for one (ciao.asks.CODE); "" where nothing does.
	AskedWhy string `json:"needsPersonWhy,omitempty"`
	// proofAt is when an accepted registration is looked up next from which the search is learnt.
	proofAt app.Instant
}

// After adds what an earlier run did; what is left is this one's.
func (r Report) After(before Report) Report {
	r.Recovered += before.Recovered
	r.Requests += before.Requests
	r.Accepted += before.Accepted
	r.Refused += before.Refused
	r.Unknown += before.Unknown
	r.Adopted += before.Adopted
	r.Requeued += before.Requeued
	r.Checked += before.Checked
	r.Changed += before.Changed
	r.Cancelled += before.Cancelled
	r.Findings = append(before.Findings, r.Findings...)
	if r.Consulted == nil {
		r.Consulted = before.Consulted
	}
	return r
}

// Finding is something that a person should know of.
type Finding struct {
	ID           app.ID      `json:"id"`
	Kind         string      `json:"kind"`         // double, elsewhere, validity, vanished, other-number
	Registration app.ID      `json:"registration"` // ours
	RegisterID   int64       `json:"registerId"`   // the register's
	Before       string      `json:"before,omitempty"`
	After        string      `json:"after,omitempty"`
	Found        app.Instant `json:"found,omitzero"`
	// Settled is when somebody saw to it; zero: it is open.
	Settled   app.Instant `json:"settled,omitzero"`
	SettledBy string      `json:"settledBy,omitempty"`
}

// Kinds of finding.
const (
	FoundDouble    = "double"    // the register holds it more than once
	FoundElsewhere = "elsewhere" // registered with another place, time or employer
	FoundValidity  = "validity"  // the register changed its mind
	FoundVanished  = "vanished"  // an accepted one is no longer there
	// FoundOtherNumber: the register knows the person by another number than the one that was sent.
	// Before and After are both, masked: information, and nothing is wrong with what was registered.
	FoundOtherNumber = "other-number"
)

// Send sends what may be sent now, looks up what has an unknown fate and asks
// again about what was accepted. At its start, whatever a sender that died left
// under way has an unknown fate. It gives a *BusyError where another one is at
// work, and otherwise errors only of the store, of ctx, or of its own loss of
// the lease; what the register does is in the report.
func (s *Sender) Send(ctx context.Context, o SendOptions) (Report, error) {
	r := &run{
		Sender: s, options: o, owner: newOwner(),
		deadline: s.clock.Now().Add(o.Patience),
		report:   Report{Environment: s.env},
	}
	if err := r.take(ctx); err != nil {
		return r.report, err
	}
	defer r.leave(ctx)
	err := r.work(ctx)
	if e := r.close(ctx); err == nil {
		err = e
	}
	return r.report, err
}

// Run sends whenever wake brings something, and when something is due, until
// ctx ends. Live punches are gathered for at most Timing.Gather. each is told
// of every run. While another sender is at work it tries again every minute.
func (s *Sender) Run(ctx context.Context, wake <-chan struct{}, each func(Report, error)) {
	for ctx.Err() == nil {
		report, err := s.Send(ctx, SendOptions{})
		each(report, err)
		if ctx.Err() != nil {
			return
		}
		if !s.await(ctx, wake, s.nextRun(report, err)) {
			return
		}
	}
}

func (s *Sender) nextRun(report Report, err error) time.Duration {
	const idle = 10 * time.Minute // also picks up what another process queued
	if err != nil {
		return time.Minute
	}
	next := report.NextAt
	if check := report.Left.NextCheck; next == 0 || (check != 0 && check < next) {
		next = check
	}
	if next == 0 {
		return idle
	}
	return min(max(next.Sub(s.clock.Now()), time.Second), idle)
}

// await waits for a wake-up and then gathers, or until d is over; false when ctx ended.
func (s *Sender) await(ctx context.Context, wake <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	case <-wake:
		return s.clock.Sleep(ctx, s.timing.Gather) == nil
	}
}

// run is one call of Send.
type run struct {
	*Sender
	options  SendOptions
	owner    string
	deadline app.Instant
	lease    app.Instant
	kept     app.Instant // when the lease was last renewed
	report   Report
	state    SenderState
	// total is how many were to be settled in all when they were last counted.
	total int
	// splits are parts of refused batches that go next, the last first; part is the
	// refusal of which the request under way is a part.
	splits []split
	part   *refusal
	// accepted is when the register last accepted something, as far as match asked.
	accepted app.Instant
	// fresh is how many of the report's findings are not written down yet.
	fresh int
	// byNumber says that a question by the register's number found something in this run.
	byNumber bool
	// others says that knowsOthers asked already.
	others bool
	// soundAt is when the search that is asked before the first sending may answer; zero: nothing waits for it.
	soundAt app.Instant
	// wholes counts refusals of which all parts were answered, and largest is the
	// largest of the parts. See learnSize.
	wholes, largest int
	// consulted says that it was seen whether the register is to be consulted, wanted that a person wants it.
	consulted, wanted bool
}

// split is a part of a batch that was refused.
type split struct {
	ids []app.ID
	of  *refusal
}

// refusal is a request that was refused as a whole, with nothing named.
type refusal struct {
	of      *refusal // where it was a part itself
	open    int      // parts that are not settled
	culprit bool     // an item was found to be at fault
}

// newOwner names a sender so that another process on this computer can tell
// whether it still lives: host/process/random.
func newOwner() string {
	host, _ := os.Hostname()
	return strings.ReplaceAll(host, "/", "-") + "/" + strconv.Itoa(os.Getpid()) + "/" + uuid.NewString()
}

// ownerDead says that an owner was a process of this computer that is gone.
// Where it cannot be told, the owner counts as alive until its lease ends.
func ownerDead(owner string) bool {
	parts := strings.Split(owner, "/")
	host, _ := os.Hostname()
	if len(parts) != 3 || host == "" || parts[0] != strings.ReplaceAll(host, "/", "-") {
		return false
	}
	pid, err := strconv.Atoi(parts[1])
	if err != nil || pid == os.Getpid() {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return true // Windows: there is no such process
	}
	defer p.Release() //nolint:errcheck // nothing to lose
	return errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// take becomes the one sender, waiting for another one within the patience.
func (r *run) take(ctx context.Context) error {
	before, err := r.store.SenderState(ctx, r.env)
	if err != nil {
		return err
	}
	for {
		now := r.clock.Now()
		r.lease = now.Add(r.timing.Lease)
		n, err := r.store.TakeSender(ctx, SenderTake{
			Environment: r.env, Owner: r.owner, Now: now, Lease: r.lease,
			LookUp: now.Add(r.timing.LookUpAfter), Dead: ownerDead,
		})
		var busy *BusyError
		if errors.As(err, &busy) && now < r.deadline {
			r.tell("waiting", busy.Until)
			if err := r.clock.Sleep(ctx, time.Second); err != nil {
				return err
			}
			continue
		}
		r.report.Recovered = n
		if err != nil {
			return err
		}
		r.kept = now
		if err := r.store.Rejudge(ctx, r.env, JumpAt(now)); err != nil {
			return err
		}
		return r.resume(ctx, before.SetBack.Found)
	}
}

// resume lets a stopped sender go on where a person said so, but not one that
// was found just now to be set back: nobody can have looked at that.
func (r *run) resume(ctx context.Context, known app.Instant) error {
	state, err := r.store.SenderState(ctx, r.env)
	if err != nil {
		return err
	}
	if r.options.Resume && state.SetBack.Found == known && (state.Stopped != "" || len(state.Refusals)+len(state.Parked) > 0) {
		act := r.options.Act
		act.What, act.Target = "ciao.resume", "environment:"+string(r.env)
		state, err = r.store.ChangeSender(ctx, r.env, &act, resumed(r.clock.Now()))
		if err == nil {
			err = r.store.Resumed(ctx, r.env)
		}
		if err != nil {
			return err
		}
	}
	r.state = state
	r.client.setOffset(state.Offset())
	return nil
}

// atEnd returns a context for what must be kept even though ctx has ended.
func atEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
}

func (r *run) leave(ctx context.Context) {
	ctx, cancel := atEnd(ctx)
	defer cancel()
	// A lease that cannot be given back ends by itself.
	_ = r.store.LeaveSender(ctx, r.env, r.owner)
}

// close fills what the report says of the end.
func (r *run) close(ctx context.Context) error {
	ctx, cancel := atEnd(ctx)
	defer cancel()
	if off := r.client.Offset(); abs(off-r.state.Offset()) > time.Second {
		if err := r.change(ctx, func(s *SenderState) { s.OffsetMS = off.Milliseconds() }); err != nil {
			return err
		}
	}
	left, err := r.pending(ctx)
	if err != nil {
		return err
	}
	if left.Queued+left.Unknown == 0 && r.state.FailingSince != 0 { // look-ups found all that seemed lost: nothing is in the way of anybody
		if err := r.change(ctx, func(s *SenderState) { s.Failures, s.FailingSince, s.LastProblem = 0, 0, "" }); err != nil {
			return err
		}
	}
	now := r.clock.Now()
	if r.state.SetBack.Found != 0 {
		counts, err := r.store.SetBackCounts(ctx, r.env)
		if err != nil {
			return err
		}
		r.report.SetBack = counts.Open()
	}
	if left.NeedsPerson > 0 {
		r.report.AskedWhy = r.state.WhyAsked(left.AllFailing())
	}
	if r.state.Search.Probe != "" {
		r.report.proofAt = max(r.state.Search.Next, r.state.Search.NotBefore)
	}
	r.report.Stopped = r.state.Stopped
	r.report.FailingSince, r.report.KnowsNoneSince = r.state.Outage(), r.state.KnowsNoneSince
	r.report.Parked = slices.Sorted(maps.Keys(r.state.Parked))
	if off := r.client.Offset(); abs(off) > tellOffset {
		r.report.ClockOff = off
	}
	if r.state.Stopped == "" {
		r.report.NextAt = r.wake(left, now)
	}
	return nil
}

// work goes round until nothing is left that can be done within the patience.
func (r *run) work(ctx context.Context) error {
	for {
		state, err := r.keep(ctx)
		if err != nil {
			return err
		}
		if state.Stopped != "" && !r.settles() {
			return nil
		}
		did := false
		if r.clock.Now() >= state.AskedUntil {
			if did, err = r.round(ctx); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if did {
			continue
		}
		if more, err := r.rest(ctx); err != nil || !more {
			return err
		}
	}
}

// round does one batch and a few look-ups, or, when there is no batch to send,
// a few checks; it says whether anything was done.
func (r *run) round(ctx context.Context) (bool, error) {
	if err := r.knowSearch(ctx); err != nil {
		return false, err
	}
	if r.settles() {
		return r.settleSetBack(ctx)
	}
	sent, err := r.sendBatch(ctx)
	if err != nil || r.blocked() {
		return true, err
	}
	cancelled, err := r.cancel(ctx)
	if err != nil || r.blocked() {
		return true, err
	}
	looked, err := r.lookUp(ctx)
	if err != nil || sent || cancelled || looked || r.blocked() {
		return true, err
	}
	if consulted, err := r.consult(ctx); err != nil || consulted || r.blocked() {
		return true, err
	}
	return r.check(ctx)
}

// blocked says that nothing may go out for now.
func (r *run) blocked() bool {
	return r.state.Stopped != "" && !r.settles() || r.clock.Now() < r.state.AskedUntil
}

// wentBack is by how much less the clock must show than before, to have been set back.
const wentBack = time.Minute

// keep renews the lease and reads what may have been changed meanwhile.
func (r *run) keep(ctx context.Context) (SenderState, error) {
	now := r.clock.Now()
	if now < r.kept.Add(-wentBack) {
		r.forgetTimes(now)
		r.deadline = now.Add(r.deadline.Sub(r.kept))
		if err := r.store.Rejudge(ctx, r.env, JumpAt(now)); err != nil {
			return r.state, err
		}
	}
	r.kept = now
	r.lease = now.Add(r.timing.Lease)
	state, err := r.store.KeepSender(ctx, r.env, r.owner, r.lease)
	if err == nil {
		r.state = state
	}
	return state, err
}

// forgetTimes forgets what this sender noted by a clock that was set back since.
func (s *Sender) forgetTimes(now app.Instant) {
	s.begun.Store(int64(now))
	s.hidden.Store(0)
	s.shown.Store(0)
	s.heard.Store(0)
	s.sounded.forget()
}

func (r *run) change(ctx context.Context, change func(*SenderState)) error {
	state, err := r.store.ChangeSender(ctx, r.env, nil, change)
	if err == nil {
		r.state = state
	}
	return err
}

// rest sleeps until there is something to do; false when the patience does not
// reach that far, or nothing will come.
func (r *run) rest(ctx context.Context) (bool, error) {
	left, err := r.pending(ctx)
	if err != nil {
		return false, err
	}
	now := r.clock.Now()
	until := r.wake(left, now)
	if until == 0 || until > r.deadline {
		return false, nil
	}
	r.tell("waiting", until)
	return true, r.sleep(ctx, now, until)
}

// sleep waits from now until an instant, and keeps the lease; not longer than that
// takes, whatever becomes of the wall clock meanwhile.
func (r *run) sleep(ctx context.Context, now, until app.Instant) error {
	for left := until.Sub(now); left > 0 && r.clock.Now() < until; {
		step := min(left, r.timing.Lease/3)
		if err := r.clock.Sleep(ctx, step); err != nil {
			return err
		}
		left -= step
		if _, err := r.keep(ctx); err != nil {
			return err
		}
	}
	return nil
}

// wake returns when there is work again besides checks of validity; zero: not by itself.
func (r *run) wake(left Pending, now app.Instant) app.Instant {
	var next app.Instant
	sooner := func(at app.Instant) {
		if at != 0 && (next == 0 || at < next) {
			next = at
		}
	}
	later := func(at, than app.Instant) { // what waits for a kind of request that is not tried before
		if at != 0 {
			sooner(max(at, than))
		}
	}
	lookUps := r.state.Search.NotBefore
	if r.proves() && r.state.Search.Probe != "" { // it has to be seen to find something first
		lookUps = max(lookUps, r.state.Search.Next)
	}
	if r.settles() { // nothing is sent: only look-ups go on
		later(left.NextLookUp, r.state.Search.NotBefore)
		return r.notBeforeAsked(next, now)
	}
	sooner(r.soundAt)
	later(left.NextQueued, r.state.NotBefore)
	later(left.NextLookUp, lookUps)
	if left.Unproven > 0 {
		sooner(max(r.state.Search.Next, r.state.Search.NotBefore))
	}
	later(left.NextCancel, r.state.Cancels.NotBefore)
	if left.OldestBlock != 0 && left.Waits > 0 {
		sooner(max(left.OldestBlock.Add(r.timing.PersonWait), r.state.NotBefore))
	}
	if left.Waits > 0 && max(r.state.NotBefore, r.state.SignIn.NotBefore) > now { // some of it may be due by then
		sooner(max(r.state.NotBefore, r.state.SignIn.NotBefore))
	}
	return r.notBeforeAsked(next, now)
}

// notBeforeAsked puts an instant off until requests of any kind may go out.
func (r *run) notBeforeAsked(next, now app.Instant) app.Instant {
	switch {
	case next == 0:
		return 0
	case next <= now:
		next = now.Add(time.Second) // due, and yet nothing could be done: never spin
	}
	return max(next, r.state.AskedUntil, r.state.SignIn.NotBefore)
}

// pending counts what is left.
func (r *run) pending(ctx context.Context) (Pending, error) {
	now := r.clock.Now()
	left, err := r.store.Pending(ctx, r.env, now, now.Add(-r.timing.PersonWait))
	if err == nil {
		r.report.Left = left
		r.total = r.done() + left.Queued + left.Unknown
	}
	return left, err
}

// done is how many this run settled.
func (r *run) done() int { return r.report.Accepted + r.report.Refused + r.report.Adopted }

func (r *run) tell(step string, until app.Instant) {
	if r.options.Progress == nil {
		return
	}
	r.options.Progress(Progress{Step: step, Done: r.done(), Total: max(r.total, r.done()), Until: until})
}

// attempt begins the record of one request.
func (r *run) attempt(operation string) (app.Attempt, error) {
	id, err := app.NewID()
	if err != nil {
		return app.Attempt{}, err
	}
	return app.Attempt{ID: id, Environment: r.env, Operation: operation, Outcome: app.AttemptRunning, Started: r.clock.Now()}, nil
}

// ended fills an attempt from its outcome.
func (r *run) ended(a *app.Attempt, o *Outcome) {
	a.Outcome, a.Status, a.Problem, a.TraceID = o.Fate, o.Status, o.Code, o.TraceID
	a.Detail, a.Ended = o.Detail, r.clock.Now()
	if o.Code != "" {
		r.report.Problem, r.report.TraceID = o.Code, o.TraceID
	}
}

// stop makes a person act before anything is sent again.
func (r *run) stop(ctx context.Context, o *Outcome, code string) error {
	r.report.Problem, r.report.TraceID = code, o.TraceID
	return r.change(ctx, func(s *SenderState) { s.Stopped, s.StoppedTrace, s.LastProblem = code, o.TraceID, code })
}

// backOff waits with registering as long as the register asked, and longer with
// each failure in a row. Where it says that too much of what we sent was wrong,
// the circuit breaker opens.
func (r *run) backOff(ctx context.Context, o *Outcome) error {
	now := r.clock.Now()
	return r.change(ctx, func(s *SenderState) {
		s.Failures++
		if s.FailingSince == 0 {
			s.FailingSince = now
		}
		s.LastProblem = o.Code
		if o.tooManyFailed() {
			s.breakCircuit(o, now)
		}
		wait := r.asked(s, o, now)
		if wait == 0 {
			wait = r.timing.backoff(s.Failures)
		}
		s.NotBefore = max(s.NotBefore, now.Add(wait))
	})
}

// asked notes how long the register asked to wait, which holds for requests of
// every kind, and returns it; 0 where it asked nothing.
func (r *run) asked(s *SenderState, o *Outcome, now app.Instant) time.Duration {
	wait := o.Wait
	if wait == 0 && o.tooManyFailed() {
		wait = r.timing.BackoffMax
	}
	if wait > 0 {
		if until := now.Add(wait); until > s.AskedUntil {
			s.AskedUntil, s.AskedForMS = until, wait.Milliseconds()
		}
		s.NotBefore = max(s.NotBefore, s.AskedUntil)
	}
	return wait
}

// breakCircuit notes that the register counted too many of our requests as
// failed. After the wait one item alone goes out; if that is too many again, a
// person has to see what is wrong with what we send.
func (s *SenderState) breakCircuit(o *Outcome, now app.Instant) {
	if s.Broken != 0 {
		s.Stopped, s.StoppedTrace = CodeTooManyFailed, o.TraceID
	}
	s.Broken = now
}

// registering notes that the register took a request to register: the circuit
// closes, and an outage is over.
func (r *run) registering(ctx context.Context) error {
	s := &r.state
	if s.Broken == 0 && s.Failures == 0 && s.FailingSince == 0 && len(s.Denied) == 0 {
		return nil
	}
	return r.change(ctx, func(s *SenderState) {
		s.Broken, s.Denied, s.Failures, s.FailingSince, s.LastProblem = 0, nil, 0, 0, ""
	})
}

// mostDenied is how often in a row registering may be answered with 401 within
// deniedTime before a person is asked. After the second the next waits.
const (
	mostDenied = 3
	deniedTime = 10 * time.Minute
	deniedWait = 2 * time.Minute
)

// denied does what a 401 asks for: a new token at once, then one after a while;
// a person looks only after several, with nothing accepted between.
func (r *run) denied(ctx context.Context, o *Outcome) error {
	now := r.clock.Now()
	return r.change(ctx, func(s *SenderState) {
		s.Denied = append(since(s.Denied, now.Add(-deniedTime)), now)
		s.LastProblem = o.Code
		switch {
		case len(s.Denied) >= mostDenied:
			s.Stopped, s.StoppedTrace, s.LastProblem = CodeTokenAgain, o.TraceID, CodeTokenAgain
		case len(s.Denied) > 1:
			s.NotBefore = max(s.NotBefore, now.Add(deniedWait))
		}
	})
}

// since returns the instants that are later than one, until those that are not.
func since(list []app.Instant, than app.Instant) []app.Instant {
	return slices.DeleteFunc(slices.Clone(list), func(at app.Instant) bool { return at <= than })
}

func until(list []app.Instant, last app.Instant) []app.Instant {
	return slices.DeleteFunc(slices.Clone(list), func(at app.Instant) bool { return at > last })
}

// trouble counts a failure of one kind of request and waits with that kind alone,
// or ends its trouble where o went well. What the register asks for holds for all.
func (r *run) trouble(ctx context.Context, of func(*SenderState) *Trouble, o *Outcome) error {
	if o.Code == "" {
		if *of(&r.state) == (Trouble{}) {
			return nil
		}
		return r.change(ctx, func(s *SenderState) { *of(s) = Trouble{} })
	}
	now := r.clock.Now()
	return r.change(ctx, func(s *SenderState) {
		t := of(s)
		t.Failures++
		if t.Since == 0 {
			t.Since = now
		}
		wait := r.asked(s, o, now)
		if wait == 0 {
			wait = r.timing.backoff(t.Failures)
		}
		t.NotBefore = max(t.NotBefore, now.Add(wait))
	})
}

func signIn(s *SenderState) *Trouble  { return &s.SignIn }
func checks(s *SenderState) *Trouble  { return &s.Checks }
func cancels(s *SenderState) *Trouble { return &s.Cancels }

// access makes sure of a token before anything is claimed; false where there is none.
func (r *run) access(ctx context.Context) (bool, error) {
	if r.clock.Now() < r.state.SignIn.NotBefore {
		return false, nil
	}
	_, err := r.client.accessToken(ctx)
	if err == nil {
		return true, r.trouble(ctx, signIn, &Outcome{})
	}
	var o *Outcome
	if !errors.As(err, &o) {
		return false, fmt.Errorf("get a token: %w", err)
	}
	r.report.Problem, r.report.TraceID = o.Code, o.TraceID
	keep, cancel := atEnd(ctx)
	defer cancel()
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case o.Down:
		return false, r.trouble(keep, signIn, o)
	}
	return false, r.stop(keep, o, o.Code)
}
