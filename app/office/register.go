package office

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
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

// planRegister says of every punch what becomes of it at the register.
func (o *Cache) planRegister(ctx context.Context, p *picture) error {
	regs, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: o.work.Environment()})
	if err != nil {
		return fmt.Errorf("gather the registrations: %w", err)
	}
	in, err := o.planInput(ctx, p, regs)
	if err != nil {
		return err
	}
	p.registered = lastOf(regs)
	p.register = o.newRegisterPlan(p.engine, in, p.registered)
	p.atRegister = ciao.Anomalies(in, p.register.current, func(k app.RecordKey) app.ID {
		punch, _ := p.engine.Punch(k)
		return punch.ReadingID
	})
	return nil
}

// planInput gives what the plan is made of but for the taps: facts, rules, and rows of the outbox.
func (o *Cache) planInput(ctx context.Context, p *picture, rows []app.Registration) (ciao.PlanInput, error) {
	env := o.work.Environment()
	state, err := o.work.Store.SenderState(ctx, env)
	if err != nil {
		return ciao.PlanInput{}, fmt.Errorf("gather the register's state: %w", err)
	}
	f := &p.facts
	return ciao.PlanInput{
		Environment: env, Now: p.at, Offset: state.Offset(), Zone: app.Belgium(), Settings: o.sendingRules(),
		Adjustments: f.Adjustments, Engagements: f.Engagements, Employers: f.Employers, Workers: f.Workers,
		Sites: f.Sites, Decisions: f.SiteDecisions, Declarations: f.Declarations, DeclarationSites: f.DeclarationSites, Registrations: rows,
	}, nil
}

// lastOf gives by punch the row that counts: the one of the last generation.
func lastOf(rows []app.Registration) map[app.RecordKey]app.Registration {
	m := make(map[app.RecordKey]app.Registration, len(rows))
	for _, r := range rows {
		if r.Generation >= m[r.Punch].Generation {
			m[r.Punch] = r
		}
	}
	return m
}

func (o *Cache) sendingRules() ciao.Settings {
	s := o.work.Settings().Register.rules()
	own := attendance.Levels{Company: o.work.Settings().Company}
	if e, ok := own.Of(attendance.SentLateAfter); ok {
		s.SentLate = time.Duration(e.Holds) * time.Millisecond
	}
	if e, ok := own.Of(attendance.CorrectionSerious); ok {
		s.CorrectionSerious = int(e.Holds)
	}
	return s
}

// Register is the outbox of punches, and what the register says of them.
type Register struct {
	work       *Workspace
	derived    *Cache
	connection *Connection
	mu         sync.Mutex
	keeper     *keeper // sends by itself; nil where nobody does in this process
}

// NewRegister makes the outbox; what a reading brought wakes whoever sends by itself.
func NewRegister(work *Workspace, derived *Cache, connection *Connection) *Register {
	o := &Register{work: work, derived: derived, connection: connection}
	work.OnChange(func(reading app.ID) {
		if reading != "" {
			o.wakeSending()
		}
	})
	return o
}

// RegisterCounts gives the outbox in numbers.
func (o *Register) RegisterCounts(ctx context.Context) (*RegisterCounts, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return nil, err
	}
	sum, err := o.work.Store.RegistrationSummary(ctx, o.work.Environment())
	if err != nil {
		return nil, fmt.Errorf("count the registrations: %w", err)
	}
	now := o.connection.clock().Now()
	left, err := o.work.Store.Pending(ctx, o.work.Environment(), now, now)
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	out := &RegisterCounts{
		Environment: sum.Environment, States: sum.States, NeedsPerson: sum.NeedsPerson, Held: p.register.held(), Eligible: p.register.eligible(),
		Stopped: sum.Sender.Stopped, NotBefore: sum.Sender.NotBefore, WaitingSince: sum.WaitingSince,
		NeedsPersonSince: sum.NeedsPersonSince, NeedsPersonOf: sum.NeedsPersonOf, Notices: sum.Sender.Notices(left, now),
	}
	setBack, err := o.work.Store.SetBackCounts(ctx, o.work.Environment())
	if err != nil {
		return nil, fmt.Errorf("count what was set back: %w", err)
	}
	out.Notices.SetBack = setBack.Open()
	if out.NeedsPerson > 0 {
		out.NeedsPersonWhy = sum.Sender.WhyAsked()
	}
	return out, nil
}

// RegisterFilter narrows the rows of the register's screen; zero fields do not.
type RegisterFilter struct {
	State app.RegistrationState // needs-person for what waits for a person's decision
	Held  app.HeldReason
	Span  app.Span // of the punch
}

// RegisterRows gives punches with what became of them at the register, newest
// first, at most limit (0: all).
func (o *Register) RegisterRows(ctx context.Context, f RegisterFilter, limit int) ([]RegisterRow, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return nil, err
	}
	rows := []RegisterRow{}
	p.register.newestFirst(f.Span, func(c *ciao.Candidate) bool {
		held := c.Held()
		state := c.Registration.State
		switch {
		case c.Exists:
			held = ""
		case held != "":
			state = app.RegHeld
		}
		asked := f.State == app.RegAsked && c.Registration.NeedsPerson
		if (f.State != "" && state != f.State && !asked) || (f.Held != "" && held != f.Held) {
			return true
		}
		r := c.Registration
		r.State = state
		rows = append(rows, RegisterRow{Registration: r, Held: held, Releasable: c.Releasable(), Adjustment: c.Adjustment, Differs: c.Differs})
		return len(rows) != limit
	})
	return rows, nil
}

// Attempts gives the requests that a registration was in, newest first.
func (o *Register) Attempts(ctx context.Context, registration app.ID) ([]app.Attempt, error) {
	return o.work.Store.RegistrationAttempts(ctx, registration)
}

// Send queues what may be sent and empties the outbox. What is of unknown fate
// is looked up before anything is sent again; the report says what is left.
func (o *Register) Send(ctx context.Context, progress Progress) (ciao.Report, error) {
	return o.send(ctx, ciao.SendOptions{Progress: func(p ciao.Progress) {
		if progress != nil {
			progress(p.Done, p.Total)
		}
	}})
}

// ResumeSending lets a sender go on that stopped until a person looked.
func (o *Register) ResumeSending(ctx context.Context, why string) (ciao.Report, error) {
	return o.send(ctx, ciao.SendOptions{Resume: true, Act: o.work.act("ciao.resume", "environment:"+string(o.work.Environment()), why)})
}

func (o *Register) send(ctx context.Context, opt ciao.SendOptions) (ciao.Report, error) {
	line, err := o.connection.registerLine(ctx)
	if err != nil {
		return ciao.Report{}, err
	}
	p, err := o.derived.derive(ctx) // fresh: what is frozen now is never derived again
	if err != nil {
		return ciao.Report{}, err
	}
	defer o.work.changed()
	if _, err := ciao.Enqueue(ctx, o.work.Store, p.register.current, p.at); err != nil {
		return ciao.Report{}, fmt.Errorf("queue for the register: %w", err)
	}
	opt.Patience = o.connection.Exchange.Patience
	report, err := line.sender.Send(ctx, opt)
	o.connection.noteClock(ctx, line.client.ClockCheck())
	if err != nil {
		return report, fmt.Errorf("send to the register: %w", err)
	}
	return report, nil
}

// line is the way to the register of one credential; it keeps its token.
type line struct {
	of     ciao.Credential
	by     RegisterSettings
	client *ciao.Client
	sender *ciao.Sender
}

// registerLine gives the way to the register of the environment in use.
func (o *Connection) registerLine(ctx context.Context) (*line, error) {
	cred, err := o.credential(ctx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	kept := o.line
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
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to send: %w", err)
	}
	made := &line{cred, by, client, sender}
	o.mu.Lock()
	o.line = made
	o.mu.Unlock()
	return made, nil
}

// clockCheckTime is how long a reading waits for the register to tell the time.
const clockCheckTime = 3 * time.Second

// checkClock compares this computer's clock with the register's where its last
// check does not count any more: a reading measures a box by it (rule C1). A
// technician without a network reads on all the same.
func (o *Connection) checkClock(ctx context.Context) {
	if o.work.Settings().Check.Good(o.work.Now()) {
		return
	}
	line, err := o.registerLine(ctx)
	if err != nil || o.askedToWait(ctx) > o.work.Now() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, clockCheckTime)
	defer cancel()
	if check, err := line.client.CheckClock(ctx); err == nil {
		o.noteClock(ctx, check)
	}
}

// askedToWait gives until when the register asked this company to leave it
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
	_ = o.work.ChangeSettings(ctx, func(s *Settings) { s.Check = check })
}

// Release queues punches that were held: a deliberate step, in the trail with
// count and oldest date. It gives how many were released; what only mending can
// free stays held. notRegistered is the releaser's word that none of it was
// registered by phone or otherwise, see ciao.Release.
func (o *Register) Release(ctx context.Context, keys []app.RecordKey, notRegistered bool, why string) (int, error) {
	if err := required("why", why, "box was read late, NSSO informed"); err != nil {
		return 0, err
	}
	p, err := o.derived.derive(ctx)
	if err != nil {
		return 0, err
	}
	chosen := slices.DeleteFunc(p.register.of(keys), func(c ciao.Candidate) bool { return c.Exists || !c.Releasable() })
	n, err := ciao.Release(ctx, o.work.Store, chosen, notRegistered, o.work.act("ciao.release", "", why))
	return n, o.work.done("release what is held", err)
}

// Decide carries out what a person decided about a registration whose fate no
// look-up can tell.
func (o *Register) Decide(ctx context.Context, registration app.ID, d ciao.PersonDecision, why string) error {
	return o.work.done("carry out the decision", o.work.Store.DecideRegistration(ctx, registration, d, o.work.act("ciao.decide", "registration:"+string(registration), why)))
}
