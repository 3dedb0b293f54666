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
