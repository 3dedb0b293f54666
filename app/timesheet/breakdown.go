package timesheet

import "klokkast/app"

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
	out := make([]DayParts, len(m.Days))
	for i := range m.Days {
		d := &m.Days[i]
		out[i].Saturday, out[i].Holiday = d.Saturday, d.OnHolidays
		for _, l := range d.Lines {
			out[i].Shares = append(out[i].Shares, Share{l.SiteID, l.Share.Hours})
		}
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
		own := minus(union(stretches(p)), covered)
		covered = union(append(covered, own...))
		on := b.specialOf(own, b.zone(p.SiteID))
		saturday += on.saturday
		holiday += on.holiday
	}
	return saturday, holiday
}
