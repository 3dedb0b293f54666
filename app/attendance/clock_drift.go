package attendance

import (
	"slices"
	"time"

	"klokkast/app"
)

// clockDrift finds boxes that were off by more than 30 s when last measured by
// a checked computer. Beyond 5 min it is no drift but clock-reset.
func clockDrift(f *facts, _ []*person) (list []app.Anomaly) {
	for _, b := range f.boxes {
		r := f.lastMeasured(b)
		if r == nil || !f.checked(r) {
			continue
		}
		s := b.at(f.now)
		off := r.Clock.Offset.Abs()
		limit := f.limits.duration(DriftWarning, s, nil)
		if off <= limit || off > f.limits.duration(DriftLimit, nil, nil) {
			continue
		}
		a := onBox(app.ClockDrift, app.Warning, b, s)
		a.At = r.Clock.At
		a = measured(a, DriftWarning, limit, r.Clock.Offset)
		list = append(list, a)
	}
	return list
}

// onBox begins a finding about a box that stands, or stood, at s (nil: nowhere).
func onBox(rule app.Rule, sev app.Severity, b *box, s *site) app.Anomaly {
	a := app.Anomaly{Rule: rule, Severity: sev, Subject: app.Subject{Kind: app.AboutBox, ID: b.uid}, Box: b.uid}
	if s != nil {
		a.SiteID = s.ID
	}
	return a
}

// lastMeasured returns the last reading that measured a box's clock, checked or not.
func (f *facts) lastMeasured(b *box) (last *app.Reading) {
	for _, l := range b.logs {
		if r := l.about.measured; r != nil && (last == nil || r.Clock.At >= last.Clock.At) {
			last = r
		}
	}
	return last
}

// lastMeasured returns the last reading of a log that measured the box's clock.
func (l *boxLog) lastMeasured() (last *app.Reading) {
	for _, r := range l.readings {
		if r.Clock != nil && (last == nil || r.Clock.At >= last.Clock.At) {
			last = r
		}
	}
	return last
}

// sameOffset is how close to each other boxes must be off for the computer to be suspected.
const sameOffset = 5 * time.Second

// computerClock says whether the computer's own clock was checked, and whether
// most boxes are off by the same, which rather says that the computer is (C1).
func (f *facts) computerClock() (c ComputerClock) {
	var offsets []time.Duration
	for _, b := range f.boxes {
		r := f.lastMeasured(b)
		if r == nil {
			continue
		}
		if !f.checked(r) {
			c.Unchecked++
		}
		offsets = append(offsets, r.Clock.Offset)
	}
	slices.Sort(offsets)
	if len(offsets) < 3 {
		return c
	}
	middle := offsets[len(offsets)/2]
	if middle.Abs() <= f.limits.duration(DriftWarning, nil, nil) {
		return c
	}
	same := 0
	for _, o := range offsets {
		if (o - middle).Abs() <= sameOffset {
			same++
		}
	}
	if 2*same > len(offsets) {
		c.Suspected, c.Offset = true, middle
	}
	return c
}
