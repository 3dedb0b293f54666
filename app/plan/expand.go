package plan

import (
	"klokkast/app"
)

// expand returns the shifts of a line that begin on days.
func (b *Book) expand(l *line, days app.Days) (list []app.Shift) {
	first := max(days.From, l.Days.From, l.engagement.Days.From)
	last := days.To
	for _, end := range [...]app.Date{l.Days.To, l.engagement.Days.To} {
		if end != 0 {
			last = min(last, end)
		}
	}
	for d := first; d <= last; d++ {
		if l.On(d) {
			list = b.shiftOn(list, l, d)
		}
	}
	return list
}

// shiftOn adds the shift of a line on a day, and that of whoever stands in.
func (b *Book) shiftOn(list []app.Shift, l *line, d app.Date) []app.Shift {
	s := app.Shift{LineID: l.ID, Day: d, SiteID: l.SiteID, WorkerID: l.engagement.WorkerID, EngagementID: l.EngagementID,
		State: app.ShiftExpected, Hours: l.Hours}
	standIn := except(&s, l.exceptions)
	s.From, s.To = s.Hours.On(d, l.zone)
	if l.siteEnded != 0 && s.From >= l.siteEnded {
		return list
	}
	e := b.engagements[standIn]
	if s.State == app.ShiftCalledOff || e == nil {
		b.excuse(&s, l)
		return append(list, s)
	}
	other := s
	s.State, s.By = app.ShiftGivenToOthers, standIn
	other.WorkerID, other.EngagementID, other.For = e.WorkerID, e.ID, l.EngagementID
	list = append(list, s)
	if !e.Days.Holds(d) {
		return list
	}
	b.excuse(&other, l)
	return append(list, other)
}

// except applies what was said of the shift's day, the latest last, and gives
// the engagement of whoever stands in, "" for nobody.
func except(s *app.Shift, exceptions []*app.PlanException) (standIn app.ID) {
	plain := *s
	for _, x := range exceptions {
		if !x.Days.Holds(s.Day) {
			continue
		}
		switch x.Kind {
		case app.ShiftCancelled:
			s.State, s.Hours, s.Changed = app.ShiftCalledOff, plain.Hours, false
		case app.ShiftHours:
			s.State, s.Hours, s.Changed = app.ShiftExpected, x.Hours, x.Hours != plain.Hours
		case app.ShiftReplaced:
			standIn = x.StandIn
		}
	}
	if standIn == s.EngagementID {
		return ""
	}
	return standIn
}

// excuse takes from an expected shift what absence takes: all of it, or time
// at either end. Absence in the middle leaves both ends as they are.
func (b *Book) excuse(s *app.Shift, l *line) {
	if s.State != app.ShiftExpected {
		return
	}
	spans := b.away(s, l)
	from, to := s.From, s.To
	for range spans { // each round may free the next one
		for _, away := range spans {
			if away.From <= from {
				from = max(from, away.To)
			}
			if away.To >= to {
				to = min(to, away.From)
			}
		}
	}
	if from >= to {
		s.State = app.ShiftAbsent
		return
	}
	s.From, s.To = from, to
}

// away returns when absence takes the person away from a shift, and notes the
// first one in it. A whole day takes the shifts that begin on it, and no other.
func (b *Book) away(s *app.Shift, l *line) (spans []app.Span) {
	for _, a := range b.absences[s.WorkerID] {
		if a.EngagementID != "" && a.EngagementID != s.EngagementID {
			continue
		}
		before := len(spans)
		switch {
		case !a.Hours.IsZero():
			spans = appendHours(spans, a, s, l)
		case a.Days.Holds(s.Day):
			spans = append(spans, app.Span{From: s.From, To: s.To})
		}
		if len(spans) > before && s.Absence == "" {
			s.Absence = a.ID
		}
	}
	return spans
}

// appendHours adds the hours of an absence that meet a shift: one of the night
// meets those of two days.
func appendHours(spans []app.Span, a *app.Absence, s *app.Shift, l *line) []app.Span {
	for d := s.Day - 1; d <= s.Day+1; d++ {
		if !a.Days.Holds(d) {
			continue
		}
		if from, to := a.Hours.On(d, l.zone); from < s.To && to > s.From {
			spans = append(spans, app.Span{From: from, To: to})
		}
	}
	return spans
}
