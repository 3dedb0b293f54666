package derived

import (
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
)

// The questions that the views ask of what was derived. They name days, a
// person or a punch, so that no answer has to walk a year where a day is shown;
// nothing but them and whatIf knows how the derivation is kept.

// Presences returns the presences whose workday lies in days, of one worker ("":
// of all), by worker, day and start.
func (p *Snapshot) Presences(days app.Days, worker app.ID) []app.Presence {
	return p.Engine.Days(days, worker).Presences
}

// Open returns the presences that nobody has left yet, whatever their day.
func (p *Snapshot) Open() []app.Presence { return p.Engine.Open() }

// Workdays returns the workdays in days, of one worker ("": of all), by worker and day.
func (p *Snapshot) Workdays(days app.Days, worker app.ID) []app.Workday {
	return p.Engine.Days(days, worker).Workdays
}

// Shares returns the shares of the workdays in days that belong to several engagements.
func (p *Snapshot) Shares(days app.Days, worker app.ID) []app.Workday {
	return p.Engine.Days(days, worker).Shares
}

// Taps returns the punches of a filter by corrected time.
func (p *Snapshot) Taps(f PunchFilter) []app.Tap {
	list := p.Engine.Taps(attendance.TapFilter{Raw: f.Span, Worker: f.WorkerID, Box: f.Box})
	if f.SiteID == "" {
		return list
	}
	return slices.DeleteFunc(list, func(t app.Tap) bool { return t.SiteID != f.SiteID })
}

// Tap returns one punch and what it turned out to be.
func (p *Snapshot) Tap(k app.RecordKey) (app.Tap, bool) { return p.Engine.Tap(k) }

// PresenceWith returns the presence that a punch belongs to.
func (p *Snapshot) PresenceWith(k app.RecordKey) (*app.Presence, bool) {
	return p.Engine.PresenceWith(k)
}

// Older are the records that make nothing, see attendance.Older.
func (p *Snapshot) Older() []attendance.Older { return p.Engine.Older() }

// Segments are the stretches of boxes' clocks.
func (p *Snapshot) Segments() []attendance.Segment { return p.Engine.Segments() }

// Clock is what the readings say of this computer's clock.
func (p *Snapshot) Clock() attendance.ComputerClock { return p.Engine.Clock() }

// DerivedAnomalies is what attendance noted, answered questions included, without what people decided about it.
func (p *Snapshot) DerivedAnomalies() []app.Anomaly { return p.Engine.Noted() }

// WithLog says what would be otherwise if the punches of one log were others, and up to when its readings count as read.
func (p *Snapshot) WithLog(log app.LogKey, punches []app.Punch, readings []app.Reading) *attendance.Change {
	records := p.Engine.Records()
	into := records.Log(log)
	into.Whole()
	for i := range punches {
		into.Punch(&punches[i])
	}
	facts := p.Facts
	facts.Readings = mergeReadings(facts.Readings, readings)
	return attendance.Compare(p.Engine, p.Engine.Next(&facts, records))
}

// WhatIf derives what would be if the facts were otherwise, and stores nothing.
// facts are a copy of the snapshot's whose lists were replaced (nothing is written
// into a list: it is cloned first); punches, events and readings stay as they are.
// The answer has the people whom it touches, as they are and as they would be.
func (p *Snapshot) WhatIf(facts *attendance.Input) *attendance.Change {
	return attendance.Compare(p.Engine, p.Engine.Next(facts, nil))
}
