package timesheet

import (
	"time"

	"klokkast/app"
)

// DayParts breaks the printed figures of one day down, for lists that pay or
// invoice by them. Parts add up to the figure that they are parts of.
type DayParts struct {
	// Shares are those of the day's lines in Day.Hours, in the order of Day.Lines.
	Shares []Share
	// Saturday is the part of Day.Hours on Saturdays that are no holidays, by the
	// clock of the site.
	Saturday Minutes
	// Holiday is the part of Day.Sunday on holidays that are no Sundays; the rest is Sundays.
	Holiday Minutes
}

// Share is what one line of a day has of its hours.
type Share struct {
	Site  app.ID
	Hours Minutes
}

// Parts breaks each of the days down, in the order of Days.
func (m *Model) Parts() []DayParts {
	b := m.again()
	out := make([]DayParts, len(m.Days))
	for i := range m.Sheet.Workdays {
		w := &m.Sheet.Workdays[i]
		if w.Day < m.Sheet.Days.From || w.Day > m.Sheet.Days.To {
			continue
		}
		d := &out[w.Day-m.Sheet.Days.From]
		for j, hours := range presenceShares(w) {
			d.Shares = append(d.Shares, Share{w.Presences[j].SiteID, hours})
		}
		saturday, holiday := b.kinds(w.Presences)
		d.Saturday += min(Minutes(saturday/millisecondsPerMinute), Cut(w.Worked))
		d.Holiday += min(Minutes(holiday/millisecondsPerMinute), Cut(w.Sunday))
	}
	return out
}

// LateParts breaks down what is late, in the order of Late: differences, as there.
func (m *Model) LateParts() []DayParts {
	b := m.again()
	out := make([]DayParts, len(m.Late))
	for i := range m.Sheet.Additions {
		var was, is []app.Presence
		for _, c := range m.Sheet.Additions[i].Changes {
			if c.Was != nil {
				was = append(was, c.Was.Presence)
			}
			if c.Is != nil {
				is = append(is, c.Is.Presence)
			}
		}
		saturdayWas, holidayWas := b.kinds(was)
		saturdayIs, holidayIs := b.kinds(is)
		out[i].Saturday = Minutes(saturdayIs/millisecondsPerMinute - saturdayWas/millisecondsPerMinute)
		out[i].Holiday = Minutes(holidayIs/millisecondsPerMinute - holidayWas/millisecondsPerMinute)
	}
	return out
}

// again gives a builder with what Build looked up.
func (m *Model) again() *builder {
	s := m.Sheet
	for i := range s.Additions { // whose days may lie in an earlier year
		s.Days.From = min(s.Days.From, s.Additions[i].Day)
	}
	return &builder{sheet: s, texts: m.texts, holidays: holidays(s, m.texts)}
}

// kinds gives the milliseconds at work on Saturdays and on holidays, by the
// clocks of the sites. Time at two sites at once counts once.
func (b *builder) kinds(presences []app.Presence) (saturday, holiday int64) {
	var covered []app.Span
	for i := range presences {
		p := &presences[i]
		zone := b.zone(p.SiteID)
		for _, s := range stretches(p) {
			for _, own := range outside(s, covered) {
				for day := own.From.DateIn(zone); day.Start(zone) < own.To; day = day.AddDays(1) {
					ms := int64(min(own.To, day.End(zone)) - max(own.From, day.Start(zone)))
					switch b.kindOf(day) {
					case onHoliday:
						holiday += ms
					case onSaturday:
						saturday += ms
					}
				}
			}
			covered = union(append(covered, s))
		}
	}
	return saturday, holiday
}

type kindOfDay int

const (
	onOther kindOfDay = iota
	onSaturday
	onHoliday
)

// kindOf says as what the hours of a day count. A holiday on a Sunday is a Sunday.
func (b *builder) kindOf(day app.Date) kindOfDay {
	switch {
	case day.Weekday() == time.Sunday:
		return onOther
	case b.holidays[day] != "":
		return onHoliday
	case day.Weekday() == time.Saturday:
		return onSaturday
	}
	return onOther
}

// outside gives the parts of a span that lie in none of the others, which are in
// order and do not overlap.
func outside(s app.Span, covered []app.Span) (out []app.Span) {
	from := s.From
	for _, c := range covered {
		if c.To <= from || c.From >= s.To {
			continue
		}
		if c.From > from {
			out = append(out, app.Span{From: from, To: c.From})
		}
		from = max(from, c.To)
	}
	if from < s.To {
		out = append(out, app.Span{From: from, To: s.To})
	}
	return out
}
