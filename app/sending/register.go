// Package sending is the company's side of the register: the credential and the
// client that uses it, the outbox of punches, sending by hand and by itself, and
// the dossiers of what only the NSSO can correct.
package sending

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/workspace"
)

// Exchange is how the register is reached.
type Exchange struct {
	// Credential replaces the stored one: the demo's, for the simulated register
	// that runs beside it.
	Credential *ciao.Credential
	// Clock and Timing are the system's clock and the timing towards the NSSO
	// unless set; shorter timings are taken by the local simulator only.
	Clock  ciao.Clock
	Timing ciao.Timing
	// Patience is how long one Send may sleep for waits and look-ups.
	Patience time.Duration
	// LockWork is what locking a key by a passphrase costs: ciao.LockWork unless set, less in tests alone.
	LockWork int
}

// Register is the outbox of punches, and what the register says of them.
type Register struct {
	work       *workspace.Workspace
	derived    *derived.Cache
	Connection *Connection
	mu         sync.Mutex
	auto       *autoSender // sends by itself; nil where nobody does in this process
}

// NewRegister makes the outbox; what a reading brought wakes whoever sends by itself.
func NewRegister(work *workspace.Workspace, derived *derived.Cache, connection *Connection) *Register {
	o := &Register{work: work, derived: derived, Connection: connection}
	work.OnChange(func(reading app.ID) {
		if reading != "" {
			o.wakeSending()
		}
	})
	return o
}

// Counts returns the outbox in numbers.
func (o *Register) Counts(ctx context.Context) (*RegisterCounts, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	sum, err := o.work.Store.RegistrationSummary(ctx, o.work.Environment())
	if err != nil {
		return nil, fmt.Errorf("count the registrations: %w", err)
	}
	now := o.Connection.clock().Now()
	left, err := o.work.Store.Pending(ctx, o.work.Environment(), now, now)
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	out := &RegisterCounts{
		Environment: sum.Environment, States: sum.States, NeedsPerson: sum.NeedsPerson, Held: p.Register.Held(), Eligible: p.Register.Eligible(),
		Stopped: sum.Sender.Stopped, NotBefore: sum.Sender.NotBefore, WaitingSince: sum.WaitingSince,
		NeedsPersonSince: sum.NeedsPersonSince, NeedsPersonOf: sum.NeedsPersonOf, Notices: sum.Sender.Notices(left, now),
	}
	setBack, err := o.work.Store.SetBackCounts(ctx, o.work.Environment())
	if err != nil {
		return nil, fmt.Errorf("count what was set back: %w", err)
	}
	out.Notices.SetBack = setBack.Open()
	findings, err := o.Findings(ctx, false)
	if err != nil {
		return nil, err
	}
	out.Findings = len(findings)
	if sum.Sender.CannotCheck(now) {
		accepted, err := o.work.Store.Accepted(ctx, o.work.Environment(), ciao.Doubtful(now))
		if err != nil {
			return nil, fmt.Errorf("count what is not confirmed: %w", err)
		}
		out.Doubtful = ciao.CountDoubtful(accepted)
	}
	if out.NeedsPerson > 0 {
		out.NeedsPersonWhy = sum.Sender.WhyAsked(left.AllFailing())
	}
	return out, nil
}

// RegisterFilter narrows the rows of the register's screen; zero fields do not.
type RegisterFilter struct {
	State app.RegistrationState // needs-person for what waits for a person's decision, doubtful for what is not confirmed after a day
	Held  app.HeldReason
	Span  app.Span // of the punch
}

// Rows returns punches with what became of them at the register, newest
// first, at most limit (0: all).
func (o *Register) Rows(ctx context.Context, f RegisterFilter, limit int) ([]RegisterRow, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	rows := []RegisterRow{}
	err = p.Register.NewestFirst(ctx, f.Span, wantedFor(f), func(c *ciao.Candidate) bool {
		held := c.Held()
		state := c.Registration.State
		switch {
		case c.Exists:
			held = ""
		case held != "":
			state = app.RegHeld
		}
		asked := f.State == app.RegAsked && c.Registration.NeedsPerson || f.State == app.RegDoubtful && ciao.IsDoubtful(&c.Registration, p.At)
		if (f.State != "" && state != f.State && !asked) || (f.Held != "" && held != f.Held) {
			return true
		}
		r := c.Registration
		r.State = state
		rows = append(rows, RegisterRow{Registration: r, Held: held, Releasable: c.Releasable(), Adjustment: c.Adjustment, Differs: c.Differs})
		return len(rows) != limit
	})
	return rows, err
}

// wantedFor says what has to be looked through for a filter: what is refused, unknown or waits is open.
func wantedFor(f RegisterFilter) derived.Wanted {
	switch f.State {
	case app.RegQueued, app.RegSending, app.RegRefused, app.RegUnknown, app.RegAsked:
		return derived.Wanted{Open: true}
	case app.RegDoubtful:
		return derived.Wanted{Doubtful: true}
	}
	return derived.Wanted{Unsent: f.State == app.RegHeld || f.Held != ""}
}

// Attempts returns the requests that a registration was in, newest first.
func (o *Register) Attempts(ctx context.Context, registration app.ID) ([]app.Attempt, error) {
	return o.work.Store.RegistrationAttempts(ctx, registration)
}

// Send queues what may be sent and empties the outbox. What is of unknown fate
// is looked up before anything is sent again; the report says what is left.
func (o *Register) Send(ctx context.Context, progress workspace.Progress) (ciao.Report, error) {
	return o.send(ctx, ciao.SendOptions{Progress: func(p ciao.Progress) {
		if progress != nil {
			progress(p.Done, p.Total)
		}
	}})
}

// ResumeSending lets a sender go on that stopped until a person looked.
func (o *Register) ResumeSending(ctx context.Context, why string) (ciao.Report, error) {
	return o.send(ctx, ciao.SendOptions{Resume: true, Act: o.work.Act("ciao.resume", "environment:"+string(o.work.Environment()), why)})
}

func (o *Register) send(ctx context.Context, opt ciao.SendOptions) (ciao.Report, error) {
	line, err := o.Connection.Session(ctx)
	if err != nil {
		return ciao.Report{}, err
	}
	p, err := o.planned(ctx, line)
	if err != nil {
		return ciao.Report{}, err
	}
	defer o.work.Changed()
	if _, err := ciao.Enqueue(ctx, o.work.Store, p.Register.Current, p.At); err != nil {
		return ciao.Report{}, fmt.Errorf("queue for the register: %w", err)
	}
	if err := o.unsend(ctx, p); err != nil {
		return ciao.Report{}, err
	}
	opt.Patience = o.Connection.Exchange.Patience
	report, err := line.Sender.Send(ctx, opt)
	if err == nil && report.Consulted != nil {
		report, err = o.sendFreed(ctx, line, opt, report)
	}
	o.Connection.noteClock(ctx, line.client.ClockCheck())
	if err != nil {
		return report, fmt.Errorf("send to the register: %w", err)
	}
	return report, nil
}

// sendFreed sends what had waited until the register was asked who registered by phone, which was just done.
func (o *Register) sendFreed(ctx context.Context, line *Session, opt ciao.SendOptions, report ciao.Report) (ciao.Report, error) {
	o.work.Changed()
	p, err := o.planned(ctx, line)
	if err != nil {
		return report, err
	}
	if n, err := ciao.Enqueue(ctx, o.work.Store, p.Register.Current, p.At); err != nil || n == 0 {
		return report, err
	}
	opt.Resume = false
	more, err := line.Sender.Send(ctx, opt)
	return more.After(report), err
}

// planned says what becomes of each punch at the register, by the register's clock
// where anything depends on it. It is derived anew: what is frozen now is never derived again.
func (o *Register) planned(ctx context.Context, line *Session) (*derived.Snapshot, error) {
	p, err := o.derived.Fresh(ctx)
	if err != nil || !slices.ContainsFunc(p.Register.Current, byClock) {
		return p, err
	}
	told, err := o.Connection.hearTime(ctx, line)
	if err != nil || !told {
		return p, err
	}
	return o.derived.Fresh(ctx)
}

// byClock says that the register's clock decides about a punch: it is to be queued, or held for being later.
func byClock(c ciao.Candidate) bool { return c.Ready() || slices.Contains(c.Reasons, app.HeldFuture) }

// hearTime asks the register for the time where it was not heard lately; it says
// whether its clock is another than was known. Where it does not answer, what was
// known counts.
func (o *Connection) hearTime(ctx context.Context, line *Session) (told bool, err error) {
	const lately = 10 * time.Minute
	now := o.clock().Now()
	if heard := line.client.ClockCheck().At; heard != 0 && heard <= now && now.Sub(heard) < lately || o.askedToWait(ctx) > now {
		return false, nil
	}
	asking, cancel := context.WithTimeout(ctx, clockCheckTime)
	defer cancel()
	if _, err := line.client.CheckClock(asking); err != nil {
		return false, ctx.Err()
	}
	offset := line.client.Offset()
	_, err = o.work.Store.ChangeSender(ctx, o.work.Environment(), nil, func(s *ciao.SenderState) {
		if told = (s.Offset() - offset).Abs() > time.Second; told {
			s.OffsetMS = offset.Milliseconds()
		}
	})
	return told, err
}

// Session is the way to the register of one credential; it keeps its token.
type Session struct {
	of     ciao.Credential
	by     workspace.RegisterSettings
	client *ciao.Client
	Sender *ciao.Sender
}

// Session returns the way to the register of the environment in use.
func (o *Connection) Session(ctx context.Context) (*Session, error) {
	cred, err := o.credential(ctx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	kept := o.session
	o.mu.Unlock()
	by := o.work.Settings().Register
	if kept != nil && reflect.DeepEqual(kept.of, cred) && reflect.DeepEqual(kept.by, by) {
		return kept, nil
	}
	opt := ciao.ClientOptions{LoopbackOnly: o.work.Demo(), Proxy: by.Proxy, Hosts: by.Hosts, Clock: o.Exchange.Clock, Timing: o.Exchange.Timing}
	if by.Root != nil {
		if opt.Roots, err = ciao.AddRoot(*by.Root); err != nil {
			return nil, fmt.Errorf("prepare to send: %w", err)
		}
	}
	client, err := ciao.NewClient(cred, opt)
	if err != nil {
		return nil, fmt.Errorf("prepare to send: %w", err)
	}
	sender, err := ciao.NewSender(o.work.Store, client, ciao.SenderOptions{
		Installation: o.work.Installation(), Clock: o.Exchange.Clock, Timing: o.Exchange.Timing, Batch: by.Batch,
		Consults: o.consults,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to send: %w", err)
	}
	made := &Session{cred, by, client, sender}
	o.mu.Lock()
	o.session = made
	o.mu.Unlock()
	return made, nil
}

// clockCheckTime is how long a reading waits for the register to tell the time.
const clockCheckTime = 3 * time.Second

// CheckClock compares this computer's clock with the register's where its last
// check does not count any more: a reading measures a box by it (rule C1). A
// technician without a network reads on all the same.
func (o *Connection) CheckClock(ctx context.Context) {
	if o.work.Settings().Check.Good(o.work.Now()) {
		return
	}
	line, err := o.Session(ctx)
	if err != nil || o.askedToWait(ctx) > o.work.Now() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, clockCheckTime)
	defer cancel()
	if check, err := line.client.CheckClock(ctx); err == nil {
		o.noteClock(ctx, check)
	}
}

// askedToWait returns until when the register asked this company to leave it
// alone; zero: it did not.
func (o *Connection) askedToWait(ctx context.Context) app.Instant {
	state, err := o.work.Store.SenderState(ctx, o.work.Environment())
	if err != nil {
		return 0 // who sends will hear of it
	}
	return state.AskedUntil
}

// noteClock keeps a newer check of this computer's clock.
func (o *Connection) noteClock(ctx context.Context, check app.ClockCheck) {
	const worthKeeping = time.Hour
	if check.At == 0 || check.At.Sub(o.work.Settings().Check.At) < worthKeeping {
		return
	}
	// A check that cannot be kept costs nothing but another one.
	_ = o.work.ChangeSettings(ctx, func(s *workspace.Settings) { s.Check = check })
}

// Release queues punches that were held: a deliberate step, in the trail with
// count and oldest date. It gives how many were released; what only mending can
// free stays held. notRegistered is the releaser's word that none of it was
// registered by phone or otherwise, see ciao.Release.
func (o *Register) Release(ctx context.Context, keys []app.RecordKey, notRegistered bool, why string) (int, error) {
	if err := workspace.Required("why", why, "box was read late, NSSO informed"); err != nil {
		return 0, err
	}
	p, err := o.derived.Fresh(ctx)
	if err != nil {
		return 0, err
	}
	list, err := p.Register.Of(ctx, keys)
	if err != nil {
		return 0, err
	}
	chosen := slices.DeleteFunc(list, func(c ciao.Candidate) bool { return c.Exists || !c.Releasable() })
	n, err := ciao.Release(ctx, o.work.Store, chosen, notRegistered, o.work.Act("ciao.release", "", why))
	return n, o.work.Done("release what is held", err)
}

// Decide carries out what a person decided about a registration whose fate no
// look-up can tell.
func (o *Register) Decide(ctx context.Context, registration app.ID, d ciao.PersonDecision, why string) error {
	return o.work.Done(
		"carry out the decision",
		o.work.Store.DecideRegistration(ctx, registration, d, o.work.Act("ciao.decide", "registration:"+string(registration), why)),
	)
}
