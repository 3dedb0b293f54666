package attendance

import (
	"slices"
	"time"

	"klokkast/app"
)

// clockReset finds segments of logs whose clock was wrong (C3): each is one
// finding until its shift is confirmed.
func clockReset(f *facts, l *boxLog) []app.Anomaly {
	return f.onSegments(l, app.ClockReset, func(k SegmentKind) bool { return k != ClockFuture })
}

// onSegments makes the findings about unsettled segments of some kinds.
func (f *facts) onSegments(l *boxLog, rule app.Rule, of func(SegmentKind) bool) (list []app.Anomaly) {
	for i := range l.segments {
		s := &l.segments[i]
		if s.settled() || !of(s.kind()) || !l.matters(i) {
			continue
		}
		list = append(list, f.onSegment(rule, l, s))
	}
	return list
}

// matters says that a wrong segment needs someone: it holds punches that may
// belong to a placement, or the box's clock is wrong to this day.
func (l *boxLog) matters(i int) bool {
	s := &l.segments[i]
	if l.beforePlacement(s) {
		return false
	}
	return l.punchesIn(s) > 0 || s.measured && i == len(l.segments)-1
}

func (f *facts) onSegment(rule app.Rule, l *boxLog, s *segment) app.Anomaly {
	v := f.describe(l, s)
	around := l.around(s.lo, s.hi)
	at := around.From
	switch {
	case at != 0:
	case s.class == plausible && s.lo < s.hi: // hours off, but not years
		at = l.records[s.lo].raw
	case len(l.box.places) > 0:
		at = l.box.places[0].span.From
	}
	a := onBox(rule, app.Serious, l.box, l.box.at(at))
	a.Anchor, a.At = app.RecordKey{LogKey: l.key, Seq: v.First}.String(), at
	a.Day = at.DateIn(f.belgium)
	a.Threshold, a.Limit = DriftLimit, f.limits.of(DriftLimit, nil, nil)
	if len(s.measures) > 0 {
		a.Value = int64(s.measures[len(s.measures)-1].offset / time.Millisecond)
	}
	a.Facts = app.FactsOf(app.FactLog.Is(l.key.Log), app.FactFirst.Is(v.First), app.FactLast.Is(v.Last),
		app.FactKind.Is(string(v.Kind)), app.FactPunches.Is(int64(v.Punches)), app.FactShiftFrom.Is(string(v.Source)))
	if v.Source != FromNothing {
		a.Facts = a.Facts.With(app.FactShift.Is(v.Proposed), app.FactUncertainty.Is(v.Uncertainty), app.FactFits.Is(v.Fits(v.Proposed)))
	}
	for k := s.lo; k < s.hi; k++ {
		if r := &l.records[k]; r.isPunch() {
			a.Punches = append(a.Punches, app.RecordKey{LogKey: l.key, Seq: r.seq})
		}
	}
	return a
}

// kind names what is wrong with a segment.
func (s *segment) kind() SegmentKind {
	switch {
	case s.class == future:
		return ClockFuture
	case s.measured:
		return ClockWrong
	}
	return ClockReset
}

// wrongSegments lists the wrong segments of a log, settled or not.
func (f *facts) wrongSegments(l *boxLog) (list []Segment) {
	for i := range l.segments {
		if s := &l.segments[i]; !s.good && (s.repair != nil || l.matters(i)) {
			list = append(list, f.describe(l, s))
		}
	}
	return list
}

func (f *facts) describe(l *boxLog, s *segment) Segment {
	v := Segment{Log: l.key, First: l.firstOf(s), Kind: s.kind(), Records: s.hi - s.lo, Punches: l.punchesIn(s), Between: l.around(s.lo, s.hi),
		Slack: f.limits.duration(StepBack, nil, nil)}
	v.Last = v.First
	if s.hi > s.lo {
		first, last := &l.records[s.lo], &l.records[s.hi-1]
		v.Last, v.RawFrom, v.RawTo = last.seq, first.raw, last.raw
		if g := f.readings[last.fetched]; g != nil { // whatever its clock said, it was there by then
			if read := readingTime(g); v.Between.To == 0 || read < v.Between.To {
				v.Between.To = read
			}
		}
	}
	l.propose(s, &v)
	if s.repair != nil {
		v.Repair, v.Shift = s.repair.ID, s.repair.Shift
	}
	return v
}

// What boxes note is as fine as this: the time since boot, and a clock-set record.
const (
	bootStep     = 10 * time.Millisecond
	clockSetStep = time.Second / 256
)

// propose returns the shift that would put a segment right: from another record
// of the same boot that has a right clock, for one boot has one offset; else
// from the clock-set record that ended it; else from what was measured; else
// from the time that its neighbours leave (C3).
func (l *boxLog) propose(s *segment, v *Segment) {
	if shift, doubt, ok := l.shiftByBoot(s); ok {
		v.Proposed, v.Source, v.Uncertainty = shift, FromBoot, doubt+bootStep
		return
	}
	if s.hi > s.lo && l.setAt(s.hi-1) {
		v.Proposed, v.Source, v.Uncertainty = setBy(l.event(&l.records[s.hi-1])).Truncate(time.Millisecond), FromClockSet, clockSetStep
		return
	}
	if m, ok := l.measureOf(s, v.Slack); ok {
		v.Proposed, v.Source, v.Uncertainty = -m.offset, FromMeasure, m.doubt
		return
	}
	if s.summer {
		v.Proposed, v.Source = -summerAhead, FromSummerTime
		return
	}
	v.proposeBetween()
}

// shiftByBoot returns the shift that the time since boot gives a segment: from a
// record of the same boot in a good one; false where there is none.
func (l *boxLog) shiftByBoot(s *segment) (shift, doubt time.Duration, ok bool) {
	none := -1 // the last boot of which there is no such record: a long segment asks once
	for i := s.lo; i < s.hi; i++ {
		r := &l.records[i]
		if r.since == 0 || int(r.boot) == none {
			continue
		}
		none = int(r.boot)
		if k := l.sameBoot(s, r.boot); k >= 0 {
			g, of := &l.records[k], l.segmentOf(k)
			_, doubt, _ := of.offsetAt(l, k)
			return of.correct(l, k).Sub(r.raw) - (g.sinceBoot() - r.sinceBoot()), doubt, true
		}
	}
	return 0, 0, false
}

// measureOf returns the last measure of a segment's clock; of one that has none, that
// of what is beside it and has the same clock.
func (l *boxLog) measureOf(s *segment, step time.Duration) (measure, bool) {
	if n := len(s.measures); n > 0 {
		return s.measures[n-1], true
	}
	k := slices.IndexFunc(l.segments, func(o segment) bool { return o.lo == s.lo && o.hi == s.hi })
	for i := k + 1; i < len(l.segments) && l.sameClock(&l.segments[i-1], &l.segments[i], step); i++ {
		if list := l.segments[i].measures; len(list) > 0 {
			return list[0], !list[0].good
		}
	}
	for i := k - 1; i >= 0 && l.sameClock(&l.segments[i], &l.segments[i+1], step); i-- {
		if list := l.segments[i].measures; len(list) > 0 {
			return list[len(list)-1], !list[len(list)-1].good
		}
	}
	return measure{}, false
}

// proposeBetween proposes the middle of what the neighbours leave: from the
// segment's beginning at the record before it to its end at the one after, or
// at its reading.
func (v *Segment) proposeBetween() {
	v.Source = FromNothing
	if v.Between.From == 0 || v.Between.To == 0 || v.Records == 0 {
		return
	}
	least, most := v.Between.From.Sub(v.RawFrom), v.Between.To.Sub(v.RawTo)
	if most < least { // it is longer than the time that there is
		return
	}
	v.Proposed, v.Source = (least + (most-least)/2).Truncate(time.Millisecond), FromNeighbours
	v.Uncertainty = ((most - least) / 2).Truncate(time.Millisecond)
}

// sameBoot returns the place of the nearest record of a boot in a good segment, -1
// for none: numbers of boots come back after 65,536 of them, so only the
// neighbours are asked.
func (l *boxLog) sameBoot(s *segment, boot uint16) int {
	for i := s.hi; i < len(l.records) && l.records[i].boot == boot; i++ {
		if l.records[i].since != 0 && l.segmentOf(i).good {
			return i
		}
	}
	for i := s.lo - 1; i >= 0 && l.records[i].boot == boot; i-- {
		if l.records[i].since != 0 && l.segmentOf(i).good {
			return i
		}
	}
	return -1
}
