package attendance

import (
	"strconv"
	"time"

	"klokkast/app"
)

// clockReset finds segments of logs whose clock was wrong (C3): each is one
// finding until its shift is confirmed.
func clockReset(f *facts, _ *attribution) []app.Anomaly {
	return f.onSegments(app.ClockReset, func(k SegmentKind) bool { return k != ClockFuture })
}

// onSegments makes the findings about unsettled segments of some kinds.
func (f *facts) onSegments(rule app.Rule, of func(SegmentKind) bool) (list []app.Anomaly) {
	for _, l := range f.logs {
		for i := range l.segments {
			s := &l.segments[i]
			if s.settled() || !of(s.kind()) || !l.matters(i) {
				continue
			}
			list = append(list, f.onSegment(rule, l, s))
		}
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
	if at == 0 && len(l.box.places) > 0 {
		at = l.box.places[0].span.From
	}
	a := onBox(rule, app.Serious, l.box, l.box.at(at))
	a.Anchor, a.At = app.RecordKey{LogKey: l.key, Seq: v.First}.String(), at
	a.Day = at.DateIn(f.belgium)
	a.Threshold, a.Limit = DriftLimit, f.limits.of(DriftLimit, nil, nil)
	if len(s.measures) > 0 {
		a.Value = int64(s.measures[len(s.measures)-1].offset / time.Millisecond)
	}
	a.Facts = map[string]string{"log": l.key.Log, "first": strconv.FormatUint(v.First, 10), "last": strconv.FormatUint(v.Last, 10),
		"kind": string(v.Kind), "punches": strconv.Itoa(v.Punches), "shiftFrom": string(v.Source)}
	if v.Source != FromNothing {
		a.Facts["shift"] = strconv.FormatInt(int64(v.Proposed/time.Millisecond), 10)
	}
	for k := s.lo; k < s.hi; k++ {
		if t := l.records[k].tap; t != nil {
			a.Punches = append(a.Punches, t.p.Key)
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

// wrongSegments lists all wrong segments, settled or not.
func (f *facts) wrongSegments() (list []Segment) {
	for _, l := range f.logs {
		for i := range l.segments {
			if s := &l.segments[i]; !s.good && (s.repair != nil || l.matters(i)) {
				list = append(list, f.describe(l, s))
			}
		}
	}
	return list
}

func (f *facts) describe(l *boxLog, s *segment) Segment {
	v := Segment{Log: l.key, First: l.firstOf(s), Kind: s.kind(), Punches: l.punchesIn(s)}
	v.Last = v.First
	if s.hi > s.lo {
		v.Last = l.records[s.hi-1].seq
	}
	v.Proposed, v.Source = l.propose(s)
	if s.repair != nil {
		v.Repair = s.repair.ID
	}
	return v
}

// propose gives the shift that would put a segment right: from another record
// of the same boot that has a right clock, for one boot has one offset; else
// from the clock-set record that ended it; else from what was measured (C3).
func (l *boxLog) propose(s *segment) (time.Duration, ShiftSource) {
	for i := s.lo; i < s.hi; i++ {
		if r := &l.records[i]; r.since != 0 {
			if g := l.sameBoot(s, r.boot); g != nil {
				return g.at.Sub(r.raw) - (g.since - r.since), FromBoot
			}
		}
	}
	if s.hi > s.lo && l.setAt(s.hi-1) {
		return setBy(l.records[s.hi-1].event).Truncate(time.Millisecond), FromClockSet
	}
	if n := len(s.measures); n > 0 {
		return -s.measures[n-1].offset, FromMeasure
	}
	return 0, FromNothing
}

// sameBoot gives the nearest record of a boot in a good segment: numbers of
// boots come back after 65,536 of them, so only the neighbours are asked.
func (l *boxLog) sameBoot(s *segment, boot uint16) *record {
	for i := s.hi; i < len(l.records) && l.records[i].boot == boot; i++ {
		if r := &l.records[i]; r.since != 0 && l.segmentOf(i).good {
			return r
		}
	}
	for i := s.lo - 1; i >= 0 && l.records[i].boot == boot; i-- {
		if r := &l.records[i]; r.since != 0 && l.segmentOf(i).good {
			return r
		}
	}
	return nil
}
