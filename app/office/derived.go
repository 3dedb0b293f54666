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
	return p.engine.Days(days, worker).Presences
}

// open gives the presences that nobody has left yet, whatever their day.
func (p *picture) open() []app.Presence { return p.engine.Open() }

// workdays gives the workdays in days, of one worker ("": of all), by worker and day.
func (p *picture) workdays(days app.Days, worker app.ID) []app.Workday {
	return p.engine.Days(days, worker).Workdays
}

// shares gives the shares of the workdays in days that belong to several engagements.
func (p *picture) shares(days app.Days, worker app.ID) []app.Workday {
	return p.engine.Days(days, worker).Shares
}

// taps gives the punches of a filter by corrected time.
func (p *picture) taps(f PunchFilter) []app.Tap {
	list := p.engine.Taps(attendance.TapFilter{Raw: f.Span, Worker: f.WorkerID, Box: f.Box})
	if f.SiteID == "" {
		return list
	}
	return slices.DeleteFunc(list, func(t app.Tap) bool { return t.SiteID != f.SiteID })
}

// tap gives one punch and what it turned out to be.
func (p *picture) tap(k app.RecordKey) (app.Tap, bool) { return p.engine.Tap(k) }

// presenceWith gives the presence that a punch belongs to.
func (p *picture) presenceWith(k app.RecordKey) (*app.Presence, bool) {
	return p.engine.PresenceWith(k)
}

// older, segments and clock are what the derivation says beside people's days.
func (p *picture) older() []attendance.Older       { return p.engine.Older() }
func (p *picture) segments() []attendance.Segment  { return p.engine.Segments() }
func (p *picture) clock() attendance.ComputerClock { return p.engine.Clock() }
func (p *picture) derivedAnomalies() []app.Anomaly { return p.engine.Anomalies() }

// whatIf derives what would be if the facts were otherwise, and stores nothing:
// change gets a copy of the facts whose lists it may replace (never write into
// a list: append to slices.Clip of it, or clone it first). Punches, events and
// readings stay as they are. The answer has the people whom it touches, as they
// are and as they would be:
//
//	c, err := o.whatIf(ctx, func(in *attendance.Input) { in.Custodies = append(slices.Clip(in.Custodies), custody) })
func (o *Cache) whatIf(ctx context.Context, change func(*attendance.Input)) (*attendance.Change, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, fmt.Errorf("look what would change: %w", err)
	}
	in := p.facts
	change(&in)
	return attendance.Compare(p.engine, p.engine.Next(&in, nil)), nil
}
