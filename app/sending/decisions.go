package sending

import (
	"context"
	"fmt"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/workspace"
)

// RegistrationChoice chooses registrations by what they are of; zero fields choose all.
type RegistrationChoice struct {
	WorkerID app.ID
	SiteID   app.ID
	// Employer is the number that is sent: enterprise number or foreign VAT.
	Employer string
	Days     app.Days // Belgian days of the punch
	// Held is the reason for which one was held before a person released it.
	Held app.HeldReason
	// State is queued for those that were never sent, unknown for those whose fate is unknown.
	State app.RegistrationState
}

// Fits says that a registration is one of the chosen.
func (c *RegistrationChoice) Fits(g *app.Registration) bool {
	return (c.WorkerID == "" || g.WorkerID == c.WorkerID) && (c.SiteID == "" || g.SiteID == c.SiteID) &&
		(c.Employer == "" || ciao.EmployerKey(g) == c.Employer) && c.Days.Holds(g.At.DateIn(app.Belgium())) &&
		(c.Held == "" || g.ReleasedFrom == c.Held) && (c.State == "" || g.State == c.State)
}

// Asked is what waits for a person's decision, as far as it was chosen.
type Asked struct {
	Rows   []app.Registration // in the order of time
	Oldest app.Instant        // of the punches
	Newest app.Instant
	// Why is the code of why no look-up can tell: its text is ciao.asks.CODE.
	Why string
	// Single counts those of Rows of which nobody can say in bulk that they are to
	// be sent, because MayBeSent: their request left this computer, or one that was lost, or somebody may have registered the same by phone.
	Single    int
	MayBeSent map[app.ID]bool
}

// Of returns those that are chosen.
func (a *Asked) Of(c RegistrationChoice) *Asked {
	out := &Asked{Rows: []app.Registration{}, Why: a.Why, MayBeSent: a.MayBeSent}
	for i := range a.Rows {
		g := &a.Rows[i]
		if !c.Fits(g) {
			continue
		}
		if len(out.Rows) == 0 {
			out.Oldest = g.At
		}
		out.Newest = g.At
		out.Rows = append(out.Rows, *g)
		if a.MayBeSent[g.ID] {
			out.Single++
		}
	}
	return out
}

// AskedAbout returns what waits for a person's decision.
func (o *Register) AskedAbout(ctx context.Context, c RegistrationChoice) (*Asked, error) {
	env := o.work.Environment()
	rows, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: env, NeedsPerson: true})
	if err != nil {
		return nil, fmt.Errorf("gather what is to be decided: %w", err)
	}
	state, err := o.work.Store.SenderState(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("gather the register's state: %w", err)
	}
	phones, err := o.work.Store.PhonesListed(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("gather where people register by phone: %w", err)
	}
	all := &Asked{Rows: rows, MayBeSent: map[app.ID]bool{}}
	itself := len(rows) > 0
	for i := range rows {
		itself = itself && rows[i].Answer == ciao.CodeKeepsFailing
		all.MayBeSent[rows[i].ID] = !ciao.SurelyUnsent(&rows[i], &state) || phones.MayHave(&rows[i])
	}
	all.Why = state.WhyAsked(itself)
	return all.Of(c), nil
}

// Decided is what the trail keeps of one decision about many.
type Decided struct {
	Environment   app.Environment     `json:"environment"`
	Decision      ciao.PersonDecision `json:"decision"`
	Count         int                 `json:"count"`
	Oldest        app.Instant         `json:"oldest"`
	Newest        app.Instant         `json:"newest"`
	Registrations []app.ID            `json:"registrations"`
}

// DecideAll carries out one decision about all that waits for a person and is
// chosen; it gives how many. That they are to be sent covers only what surely
// never left this computer: each of the others is decided by itself.
func (o *Register) DecideAll(ctx context.Context, c RegistrationChoice, d ciao.PersonDecision, why string) (int, error) {
	if err := workspace.Required("why", why, "looked at the NSSO's list of that month: none is there"); err != nil {
		return 0, err
	}
	asked, err := o.AskedAbout(ctx, c)
	if err != nil {
		return 0, err
	}
	note := Decided{Environment: o.work.Environment(), Decision: d}
	for i := range asked.Rows {
		g := &asked.Rows[i]
		if d == ciao.DecideSend && asked.MayBeSent[g.ID] {
			continue
		}
		if note.Count == 0 {
			note.Oldest = g.At
		}
		note.Count, note.Newest = note.Count+1, g.At
		note.Registrations = append(note.Registrations, g.ID)
	}
	switch {
	case note.Count > 0:
	case len(asked.Rows) > 0:
		return 0, ciao.ErrEachByItself
	default:
		return 0, ciao.ErrNotAsked
	}
	act := o.work.Act("ciao.decide", "environment:"+string(note.Environment), why)
	act.After = note
	n, err := o.work.Store.DecideRegistrations(ctx, note.Registrations, d, act)
	return n, o.work.Done("carry out the decision", err)
}
