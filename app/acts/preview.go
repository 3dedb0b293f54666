package acts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/period"
	"klokkast/app/workspace"
)

// Proposal is what someone is about to do, before it is done. Several parts
// may be given; they are looked at together.
type Proposal struct {
	Adjust   []app.Adjustment // whole presences, or edges as Edges makes them
	Edges    []MissingEdge
	Withdraw []app.ID        // adjustments
	Ignore   []app.RecordKey // taps to leave out
	Count    []app.RecordKey // taps to count again
	Give     []GiveBadge

	Repair            []ShiftChoice       // shifts of wrong clocks to accept
	WithdrawRepairs   []app.ID            // such shifts to take back
	Cut               []app.RecordKey     // punches before which logs are to be cut
	Join              []app.ID            // such cuts to take back
	Confirm           []app.BadgeNotation // notations of boxes
	WithdrawNotations []app.ID
}

// MissingEdge is the time of the edge that a missing-out or missing-in misses.
type MissingEdge struct {
	Key app.AnomalyKey
	At  app.Instant
}

// Effect is what a proposal would change, and what was sent already.
type Effect struct {
	Days  []DayEffect   // workdays that would be otherwise, by person and day
	Goes  []app.Anomaly // found now, and no more then
	Comes []app.Anomaly // found only then
	Taps  []TapEffect   // taps that would be somebody else's, or do something else
	Sent  []SentEffect  // registrations already sent that would be otherwise
}

// DayEffect is one workday before and after. Durations are exact.
type DayEffect struct {
	WorkerID      app.ID
	Day           app.Date
	Before, After time.Duration
	Presences     [2]int  // how many, before and after
	Incomplete    [2]bool // before and after
	// Closed says that a period of it is approved: the day stays as approved, and
	// the difference goes to the person's next period.
	Closed bool
}

// TapEffect is one tap before and after.
type TapEffect struct{ Before, After app.Tap }

// SentEffect is a registration that was sent and would be otherwise now. What
// was sent stays as it is: the register has to be told.
type SentEffect struct {
	Registration app.Registration
	WorkerID     app.ID               // who it would be; "" nobody
	Type         app.RegistrationType // what it would be; "" nothing
}

// Nothing says that no hours, anomalies or taps would be otherwise.
func (e *Effect) Nothing() bool {
	return len(e.Days)+len(e.Goes)+len(e.Comes)+len(e.Taps)+len(e.Sent) == 0
}

// Weighs says that the effect reaches what cannot be changed any more: what was
// sent, or a period that is approved.
func (e *Effect) Weighs() bool {
	return len(e.Sent) > 0 || slices.ContainsFunc(e.Days, func(d DayEffect) bool { return d.Closed })
}

// Preview says what a proposal would change, and changes nothing.
func (o *Judgements) Preview(ctx context.Context, pr Proposal) (*Effect, error) {
	steps, err := o.deeds(ctx, pr)
	if err != nil {
		return nil, err
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	facts := p.Facts
	for _, do := range steps {
		if err := do(ctx, OnFacts(&facts)); err != nil {
			return nil, err
		}
	}
	return o.EffectOf(ctx, p, p.WhatIf(&facts), facts.Adjustments)
}

// EffectOf says what a change of what is derived means for people; stated are the statements after it.
func (o *Judgements) EffectOf(ctx context.Context, p *derived.Snapshot, change *attendance.Change, stated []app.Adjustment) (*Effect, error) {
	goes, comes, err := correctionsBy(ctx, p, change, stated)
	if err != nil {
		return nil, err
	}
	e := &Effect{Days: dayEffects(change), Taps: tapEffects(change)}
	e.Goes, e.Comes = unlike(change.Before.Anomalies, change.After.Anomalies), unlike(change.After.Anomalies, change.Before.Anomalies)
	e.Goes, e.Comes = append(e.Goes, goes...), append(e.Comes, comes...)
	closed, err := o.work.Store.Approvals(ctx)
	if err != nil {
		return nil, fmt.Errorf("look which periods are closed: %w", err)
	}
	for i := range e.Days {
		d := &e.Days[i]
		_, d.Closed = period.ClosedBy(closed, d.WorkerID, d.Day)
	}
	var keys []app.RecordKey
	for _, t := range e.Taps {
		keys = append(keys, t.Before.Punch.Key)
	}
	rows, err := p.Register.Rows(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, t := range e.Taps {
		r, ok := rows[t.Before.Punch.Key]
		if !ok || r.State == app.RegHeld || r.State == app.RegRefused {
			continue
		}
		if r.WorkerID != t.After.WorkerID || r.Type != t.After.RegistersAs() || r.SiteID != t.After.SiteID {
			e.Sent = append(e.Sent, SentEffect{r, t.After.WorkerID, t.After.RegistersAs()})
		}
	}
	return e, nil
}

// correctionsBy returns what a change means for the register: which corrections
// would be due there no more, and which only then. Nothing of a statement is
// sent, and what was sent stays, so that only the NSSO can put it right.
func correctionsBy(ctx context.Context, p *derived.Snapshot, c *attendance.Change, stated []app.Adjustment) (goes, comes []app.Anomaly, err error) {
	before, err := correctionsDue(ctx, p, &c.Before, p.Facts.Adjustments)
	if err != nil {
		return nil, nil, err
	}
	after, err := correctionsDue(ctx, p, &c.After, stated)
	return unlike(before, after), unlike(after, before), err
}

// correctionsDue returns the corrections that are due by some people's taps and all statements.
func correctionsDue(ctx context.Context, p *derived.Snapshot, part *attendance.Part, stated []app.Adjustment) ([]app.Anomaly, error) {
	keys := make([]app.RecordKey, len(part.Taps))
	for i := range part.Taps {
		keys[i] = part.Taps[i].Punch.Key
	}
	rows, err := p.Register.Rows(ctx, keys)
	if err != nil {
		return nil, err
	}
	in := p.Register.Input
	in.Taps, in.Adjustments, in.Registrations = part.Taps, stated, nil
	for _, k := range keys {
		if r, ok := rows[k]; ok {
			in.Registrations = append(in.Registrations, r)
		}
	}
	found := ciao.Anomalies(in, ciao.Plan(in), nil)
	return slices.DeleteFunc(found, func(a app.Anomaly) bool { return a.Rule != app.CorrectionDue }), nil
}

// deeds are what a proposal would do, in the order in which it would be done.
func (o *Judgements) deeds(ctx context.Context, pr Proposal) ([]workspace.Step, error) {
	stated, err := o.proposed(ctx, pr)
	if err != nil {
		return nil, err
	}
	var list []workspace.Step
	var failed error
	add := func(d workspace.Deed, err error) {
		failed = cmp.Or(failed, err)
		list = append(list, d.Do)
	}
	for _, id := range pr.WithdrawRepairs {
		add(o.withdrawingRepair(ctx, id, ""))
	}
	for _, id := range pr.Join {
		add(o.joining(ctx, id, ""))
	}
	for _, k := range pr.Cut {
		_, d, err := o.cutting(ctx, k, "")
		add(d, err)
	}
	for _, c := range pr.Repair {
		add(o.choosing(ctx, c))
	}
	for _, id := range pr.WithdrawNotations {
		add(o.staff.withdrawingNotation(ctx, id, ""))
	}
	for _, n := range pr.Confirm {
		_, d, err := o.staff.confirming(n.Box, identity.NotationKind(n.Kind), n.Inverse, "")
		add(d, err)
	}
	add(o.withdrawing(ctx, pr.Withdraw, ""))
	add(o.stating(stated))
	add(o.counting(ctx, pr.Count, ""))
	add(o.ignoring(pr.Ignore, "", ""))
	add(o.staff.giving(ctx, pr.Give, ""))
	return list, failed
}

// proposed are the statements of a proposal, checked but for their reasons, which may not be known yet.
func (o *Judgements) proposed(ctx context.Context, pr Proposal) ([]app.Adjustment, error) {
	list := slices.Clone(pr.Adjust)
	for i := range list {
		if a := &list[i]; a.Punch == nil {
			a.Kind = app.AdjustPresence
			if err := checkPresence(a); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range pr.Edges {
		a, err := o.missingEdge(ctx, m.Key, m.At)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// choosing is to accept the shift that someone chose.
func (o *Judgements) choosing(ctx context.Context, c ShiftChoice) (workspace.Deed, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return workspace.Deed{}, err
	}
	_, r, err := chosenShift(p, c)
	if err != nil {
		return workspace.Deed{}, err
	}
	_, d, err := o.repairing(r, "")
	return d, err
}

// dayEffects pairs the workdays of before and after.
func dayEffects(c *attendance.Change) []DayEffect {
	type day struct {
		worker app.ID
		day    app.Date
	}
	byDay := map[day]*DayEffect{}
	at := func(w *app.Workday) *DayEffect {
		k := day{w.WorkerID, w.Day}
		if byDay[k] == nil {
			byDay[k] = &DayEffect{WorkerID: w.WorkerID, Day: w.Day}
		}
		return byDay[k]
	}
	for i := range c.Before.Workdays {
		w := &c.Before.Workdays[i]
		e := at(w)
		e.Before, e.Presences[0], e.Incomplete[0] = w.Worked, len(w.Presences), w.Incomplete
	}
	for i := range c.After.Workdays {
		w := &c.After.Workdays[i]
		e := at(w)
		e.After, e.Presences[1], e.Incomplete[1] = w.Worked, len(w.Presences), w.Incomplete
	}
	var out []DayEffect
	for _, e := range byDay {
		if e.Before != e.After || e.Presences[0] != e.Presences[1] || e.Incomplete[0] != e.Incomplete[1] {
			out = append(out, *e)
		}
	}
	slices.SortFunc(out, func(a, b DayEffect) int {
		return cmp.Or(cmp.Compare(a.WorkerID, b.WorkerID), cmp.Compare(a.Day, b.Day))
	})
	return out
}

// tapEffects pairs the taps that would be otherwise, by time.
func tapEffects(c *attendance.Change) []TapEffect {
	before := make(map[app.RecordKey]*app.Tap, len(c.Before.Taps))
	for i := range c.Before.Taps {
		before[c.Before.Taps[i].Punch.Key] = &c.Before.Taps[i]
	}
	var out []TapEffect
	for i := range c.After.Taps {
		a := &c.After.Taps[i]
		b := before[a.Punch.Key]
		if b != nil && (a.WorkerID != b.WorkerID || a.Role != b.Role || a.SiteID != b.SiteID) {
			out = append(out, TapEffect{*b, *a})
		}
	}
	slices.SortFunc(out, func(a, b TapEffect) int {
		return cmp.Or(cmp.Compare(a.After.At, b.After.At), a.After.Punch.Key.Compare(b.After.Punch.Key))
	})
	return out
}

// unlike returns the anomalies of a list that the other has not. One whose edge is
// stated is settled: it counts in neither.
func unlike(list, other []app.Anomaly) (out []app.Anomaly) {
	stated := func(a *app.Anomaly) bool { return app.FactAdjusted.Get(a) != "" }
	has := make(map[app.AnomalyKey]bool, len(other))
	for i := range other {
		if !stated(&other[i]) {
			has[other[i].Key()] = true
		}
	}
	for i := range list {
		if !stated(&list[i]) && !has[list[i].Key()] {
			out = append(out, list[i])
		}
	}
	return out
}
