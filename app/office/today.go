package office

import (
	"context"
	"sort"

	"klokkast/app"
)

const newestShown = 20

// Today gives the first screen.
func (o *Office) Today(ctx context.Context) (*Today, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	now := o.Now()
	t := &Today{
		Date: now.DateIn(zoneOf("")), Environment: o.Environment(), Demo: o.Demo(), BySeverity: map[app.Severity]int{},
		ClockUnchecked: !o.Settings().Check.Good(now),
	}
	t.Present, t.Workdays = p.present(t.Date)
	t.Expected = p.expectedOn(t.Date)
	t.Newest = p.newest(t.BySeverity)
	if t.Settled, err = o.SettledByReadings(ctx, t.Date.Start(zoneOf(""))); err != nil {
		return nil, err
	}
	t.Boxes, _ = p.boxRows(now)
	sort.SliceStable(t.Boxes, func(a, b int) bool { return t.Boxes[a].LastRead < t.Boxes[b].LastRead })
	for _, older := range p.older() {
		t.Older = append(t.Older, OlderRecords{Box: older.Box, Punches: older.Punches, From: older.From, To: older.To, Placed: older.Placed})
	}
	counts, err := o.RegisterCounts(ctx)
	if err != nil {
		return nil, err
	}
	t.Register = *counts
	t.Declarations = len(p.radar())
	t.Access, err = o.Access(ctx)
	return t, err
}

// present gives the open presences, and how many workdays began on a day.
func (p *picture) present(day app.Date) (open []app.Presence, begun int) {
	return p.open(), len(p.workdays(app.Days{From: day, To: day}, ""))
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
