package office

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"klokkast/app"
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
}

// NoCredentialError says that nobody entered the credential of an environment.
type NoCredentialError struct{ Environment app.Environment }

// Error names the environment.
func (e *NoCredentialError) Error() string { return "no credential for " + string(e.Environment) }

// TextKey words it for people.
func (e *NoCredentialError) TextKey() (string, map[string]any) {
	return "error.ciao.noCredential", map[string]any{"Environment": string(e.Environment)}
}

// planRegister says of every punch what becomes of it at the register.
func (o *Office) planRegister(ctx context.Context, p *picture) error {
	env := o.Environment()
	regs, err := o.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: env})
	if err != nil {
		return fmt.Errorf("gather the registrations: %w", err)
	}
	state, err := o.Store.SenderState(ctx, env)
	if err != nil {
		return fmt.Errorf("gather the register's state: %w", err)
	}
	p.registered = make(map[app.RecordKey]app.Registration, len(regs))
	for _, r := range regs {
		p.registered[r.Punch] = r
	}
	f := &p.facts
	in := ciao.PlanInput{
		Environment: env, Now: p.at, Offset: state.Offset(), Zone: zoneOf(""), Settings: o.sendingRules(),
		Taps: p.derived.Taps, Adjustments: f.Adjustments, Engagements: f.Engagements, Employers: f.Employers, Workers: f.Workers,
		Sites: f.Sites, Decisions: f.SiteDecisions, Declarations: f.Declarations, DeclarationSites: f.DeclarationSites, Registrations: regs,
	}
	p.register = ciao.Plan(in)
	readings := make(map[app.RecordKey]app.ID, len(regs))
	for i := range f.Punches {
		if _, ok := p.registered[f.Punches[i].Key]; ok {
			readings[f.Punches[i].Key] = f.Punches[i].ReadingID
		}
	}
	p.atRegister = ciao.Anomalies(in, p.register, func(k app.RecordKey) app.ID { return readings[k] })
	return nil
}

func (o *Office) sendingRules() ciao.Settings {
	s := ciao.DefaultSettings()
	if days := o.Settings().Register.WindowDays; days > 0 {
		s.WindowDays = days
	}
	return s
}

// RegisterCounts gives the outbox in numbers.
func (o *Office) RegisterCounts(ctx context.Context) (*RegisterCounts, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	sum, err := o.Store.RegistrationSummary(ctx, o.Environment())
	if err != nil {
		return nil, fmt.Errorf("count the registrations: %w", err)
	}
	out := &RegisterCounts{
		Environment: sum.Environment, States: sum.States, NeedsPerson: sum.NeedsPerson, Held: ciao.Tally(p.register),
		Stopped: sum.Sender.Stopped, NotBefore: sum.Sender.NotBefore, WaitingSince: sum.WaitingSince,
	}
	for i := range p.register {
		if p.register[i].Ready() {
			out.Eligible++
		}
	}
	return out, nil
}

// RegisterFilter narrows the rows of the register's screen; zero fields do not.
type RegisterFilter struct {
	State app.RegistrationState
	Held  app.HeldReason
	Span  app.Span // of the punch
}

// RegisterRows gives punches with what became of them at the register, newest
// first, at most limit (0: all).
func (o *Office) RegisterRows(ctx context.Context, f RegisterFilter, limit int) ([]RegisterRow, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	rows := []RegisterRow{}
	for i := len(p.register) - 1; i >= 0; i-- {
		c := &p.register[i]
		held := c.Held()
		state := c.Registration.State
		switch {
		case c.Exists:
			held = ""
		case held != "":
			state = app.RegHeld
		}
		if (f.State != "" && state != f.State) || (f.Held != "" && held != f.Held) || !f.Span.Holds(c.Registration.At) {
			continue
		}
		r := c.Registration
		r.State = state
		rows = append(rows, RegisterRow{Registration: r, Held: held, Releasable: c.Releasable(), Adjustment: c.Adjustment, Differs: c.Differs})
		if len(rows) == limit {
			break
		}
	}
	return rows, nil
}

// Attempts gives the requests that a registration was in, newest first.
func (o *Office) Attempts(ctx context.Context, registration app.ID) ([]app.Attempt, error) {
	return o.Store.RegistrationAttempts(ctx, registration)
}

// Send queues what may be sent and empties the outbox. What is of unknown fate
// is looked up before anything is sent again; the report says what is left.
func (o *Office) Send(ctx context.Context, progress Progress) (ciao.Report, error) {
	sender, err := o.sender(ctx)
	if err != nil {
		return ciao.Report{}, err
	}
	if err := o.enqueue(ctx, nil, nil); err != nil {
		return ciao.Report{}, err
	}
	report, err := sender.Send(ctx, ciao.SendOptions{Patience: o.Exchange.Patience, Progress: func(p ciao.Progress) {
		if progress != nil {
			progress(p.Done, p.Total)
		}
	}})
	o.changed()
	if err != nil {
		return report, fmt.Errorf("send to the register: %w", err)
	}
	return report, nil
}

// ResumeSending lets a sender go on that stopped until a person looked.
func (o *Office) ResumeSending(ctx context.Context, why string) (ciao.Report, error) {
	sender, err := o.sender(ctx)
	if err != nil {
		return ciao.Report{}, err
	}
	report, err := sender.Send(ctx, ciao.SendOptions{Patience: o.Exchange.Patience, Resume: true, Act: o.act("ciao.resume", "environment:"+string(o.Environment()), why)})
	return report, o.done("send to the register", err)
}

// sender makes the sender of the environment in use.
func (o *Office) sender(ctx context.Context) (*ciao.Sender, error) {
	cred, err := o.credential(ctx)
	if err != nil {
		return nil, err
	}
	opt := ciao.ClientOptions{LoopbackOnly: o.Demo(), Clock: o.Exchange.Clock, Timing: o.Exchange.Timing}
	if opt.Roots, err = companyRoots(o.Settings().Register.CAFile); err != nil {
		return nil, err
	}
	client, err := ciao.NewClient(cred, opt)
	if err != nil {
		return nil, fmt.Errorf("prepare to send: %w", err)
	}
	sender, err := ciao.NewSender(o.Store, client, ciao.SenderOptions{
		Installation: o.installation, Clock: o.Exchange.Clock, Timing: o.Exchange.Timing, Batch: o.Settings().Register.Batch,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to send: %w", err)
	}
	return sender, nil
}

func (o *Office) credential(ctx context.Context) (ciao.Credential, error) {
	if c := o.Exchange.Credential; c != nil {
		return *c, nil
	}
	env := o.Environment()
	c, ok, err := o.Store.Credential(ctx, env)
	if err != nil {
		return c, fmt.Errorf("get the credential: %w", err)
	}
	if !ok {
		return c, &NoCredentialError{env}
	}
	return c, nil
}

// SaveCredential keeps the client id and key of an environment, sealed.
func (o *Office) SaveCredential(ctx context.Context, c ciao.Credential) error {
	if _, err := ciao.ParseKey(c.Key); err != nil {
		return fmt.Errorf("keep the credential: %w", err)
	}
	c.At = o.Now()
	return o.done("keep the credential", o.Store.SaveCredential(ctx, c, o.act("ciao.credential", "environment:"+string(c.Environment), "")))
}

func companyRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the company's certificate: %w", err)
	}
	return ciao.AddRoot(pem)
}

// enqueue gives every candidate that is ready its row. With keys it is these
// that a person releases, and act says so.
func (o *Office) enqueue(ctx context.Context, keys map[app.RecordKey]bool, act *app.Act) error {
	p, err := o.derive(ctx) // fresh: what is frozen now is never derived again
	if err != nil {
		return err
	}
	var regs []app.Registration
	for i := range p.register {
		c := &p.register[i]
		if keys == nil && !c.Ready() || keys != nil && !(keys[c.Registration.Punch] && c.Releasable()) {
			continue
		}
		r := c.Registration
		if err := ensureID(&r.ID); err != nil {
			return err
		}
		r.State, r.Held, r.Created, r.Queued = app.RegQueued, "", p.at, p.at
		if act != nil {
			r.ApprovedBy = act.Actor
		}
		regs = append(regs, r)
	}
	if len(regs) == 0 {
		return nil
	}
	_, err = o.Store.Enqueue(ctx, regs, act)
	return o.done("queue for the register", err)
}

// Release queues punches that were held: a deliberate step, in the trail. It
// gives how many may be released; what only mending can free stays held.
func (o *Office) Release(ctx context.Context, keys []app.RecordKey, why string) (int, error) {
	if err := required("why", why, "box was read late, NSSO informed"); err != nil {
		return 0, err
	}
	p, err := o.look(ctx)
	if err != nil {
		return 0, err
	}
	wanted, n := map[app.RecordKey]bool{}, 0
	for _, k := range keys {
		wanted[k] = true
	}
	for i := range p.register {
		if c := &p.register[i]; wanted[c.Registration.Punch] && c.Releasable() {
			n++
		}
	}
	if n == 0 {
		return 0, nil
	}
	act := o.act("ciao.release", fmt.Sprintf("punches:%d", n), why)
	return n, o.enqueue(ctx, wanted, &act)
}

// Decide carries out what a person decided about a registration whose fate no
// look-up can tell.
func (o *Office) Decide(ctx context.Context, registration app.ID, d ciao.PersonDecision, why string) error {
	return o.done("carry out the decision", o.Store.DecideRegistration(ctx, registration, d, o.act("ciao.decide", "registration:"+string(registration), why)))
}
