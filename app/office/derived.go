package office

import (
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
)

// The questions that the views ask of what was derived. They name days, a
// person or a punch, so that no answer has to walk a year where a day is shown;
// nothing but them and whatIf knows how the derivation is kept.

// presences gives the presences whose workday lies in days, of one worker ("":
// of all), by worker, day and start.
func (p *picture) presences(days app.Days, worker app.ID) []app.Presence {
	var out []app.Presence
	for i := range p.derived.Presences {
		if pr := &p.derived.Presences[i]; days.Holds(pr.Day) && (worker == "" || pr.WorkerID == worker) {
			out = append(out, *pr)
		}
	}
	return out
}

// open gives the presences that nobody has left yet, whatever their day.
func (p *picture) open() []app.Presence {
	var out []app.Presence
	for i := range p.derived.Presences {
		if pr := &p.derived.Presences[i]; pr.State == app.PresenceOpen {
			out = append(out, *pr)
		}
	}
	return out
}

// workdays gives the workdays in days, of one worker ("": of all), by worker and day.
func (p *picture) workdays(days app.Days, worker app.ID) []app.Workday {
	return workdaysIn(p.derived.Workdays, days, worker)
}

// shares gives the shares of the workdays in days that belong to several engagements.
func (p *picture) shares(days app.Days, worker app.ID) []app.Workday {
	return workdaysIn(p.derived.Shares, days, worker)
}

func workdaysIn(list []app.Workday, days app.Days, worker app.ID) (out []app.Workday) {
	for i := range list {
		if w := &list[i]; days.Holds(w.Day) && (worker == "" || w.WorkerID == worker) {
			out = append(out, *w)
		}
	}
	return out
}

// taps gives the punches of a filter, in no promised order.
func (p *picture) taps(f PunchFilter) []app.Tap {
	var out []app.Tap
	for i := range p.derived.Taps {
		if t := &p.derived.Taps[i]; f.fits(t) {
			out = append(out, *t)
		}
	}
	return out
}

// tap gives one punch and what it turned out to be.
func (p *picture) tap(k app.RecordKey) (app.Tap, bool) {
	i := slices.IndexFunc(p.derived.Taps, func(t app.Tap) bool { return t.Punch.Key == k })
	if i < 0 {
		return app.Tap{}, false
	}
	return p.derived.Taps[i], true
}

// presenceWith gives the presence that a punch belongs to.
func (p *picture) presenceWith(k app.RecordKey) (*app.Presence, bool) {
	for i := range p.derived.Presences {
		if slices.Contains(p.derived.Presences[i].Punches, k) {
			return &p.derived.Presences[i], true
		}
	}
	return nil, false
}

// older, segments, clock and unused are what the derivation says beside people's days.
func (p *picture) older() []attendance.Older       { return p.derived.Older }
func (p *picture) segments() []attendance.Segment  { return p.derived.Segments }
func (p *picture) clock() attendance.ComputerClock { return p.derived.Clock }
func (p *picture) unusedAdjustments() []app.ID     { return p.derived.Unused }
func (p *picture) derivedAnomalies() []app.Anomaly { return p.derived.Anomalies }
func (p *picture) punches(of func(*app.Punch)) {
	for i := range p.facts.Punches {
		of(&p.facts.Punches[i])
	}
}

// whatIf derives what would be if the facts were otherwise, and stores nothing:
// change gets a copy of the facts whose lists it may replace (never write into
// a list: append to slices.Clip of it, or clone it first). Punches, events and
// readings stay as they are. The answer has the people whom it touches, as they
// are and as they would be:
//
//	c, err := o.whatIf(ctx, func(in *attendance.Input) { in.Custodies = append(slices.Clip(in.Custodies), custody) })
func (o *Office) whatIf(ctx context.Context, change func(*attendance.Input)) (*attendance.Change, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, fmt.Errorf("look what would change: %w", err)
	}
	in := p.facts
	change(&in)
	return attendance.Compare(p.derived, attendance.Derive(&in)), nil
}
