package office

import (
	"context"
	"sort"

	"klokkast/app"
)

const newestShown = 20

// Today gives the first screen.
func (o *Office) Today(ctx context.Context) (*Today, error) {
	p, err := o.Cache.look(ctx)
	if err != nil {
		return nil, err
	}
	now := o.Workspace.Now()
	t := &Today{
		Date: now.DateIn(app.Belgium()), Environment: o.Workspace.Environment(), Demo: o.Workspace.Demo(), BySeverity: map[app.Severity]int{},
		ClockUnchecked: !o.Workspace.Settings().Check.Good(now),
	}
	t.Present, t.Unknown = p.present(now)
	t.Workdays = len(p.workdays(app.Days{From: t.Date, To: t.Date}, ""))
	t.Expected = p.expectedOn(t.Date)
	t.Newest = p.newest(t.BySeverity)
	if t.Settled, err = o.Cache.SettledByReadings(ctx, t.Date.Start(app.Belgium())); err != nil {
		return nil, err
	}
	t.Boxes, _ = p.boxRows(now)
	sort.SliceStable(t.Boxes, func(a, b int) bool { return t.Boxes[a].LastRead < t.Boxes[b].LastRead })
	for _, older := range p.older() {
		t.Older = append(t.Older, OlderRecords{Box: older.Box, Punches: older.Punches, From: older.From, To: older.To, Placed: older.Placed})
	}
	counts, err := o.Register.RegisterCounts(ctx)
	if err != nil {
		return nil, err
	}
	t.Register = *counts
	t.Declarations = len(p.radar())
	t.Access, err = o.Connection.Access(ctx)
	return t, err
}

// PeoplePresent gives how many people are known to be at work, each once.
func (t *Today) PeoplePresent() int { return len(t.presentPeople()) }

// PeopleUnknown gives of how many people it is not known, each once, who are not known to be at work elsewhere.
func (t *Today) PeopleUnknown() int {
	known, unknown := t.presentPeople(), map[app.ID]bool{}
	for i := range t.Unknown {
		if id := t.Unknown[i].WorkerID; !known[id] {
			unknown[id] = true
		}
	}
	return len(unknown)
}

func (t *Today) presentPeople() map[app.ID]bool {
	people := map[app.ID]bool{}
	for i := range t.Present {
		people[t.Present[i].WorkerID] = true
	}
	return people
}

// newest counts what is open by severity and gives the newest serious ones.
func (p *picture) newest(count map[app.Severity]int) []FoundAnomaly {
	var out []FoundAnomaly
	for _, a := range p.anomalies {
		if a.Status != app.AnomalyOpen {
			continue
		}
		count[a.Severity]++
		if a.Severity == app.Serious {
			out = append(out, a)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].At > out[b].At })
	return out[:min(len(out), newestShown)]
}
