package attendance

import (
	"time"

	"github.com/rickar/cal/v2/be"

	"klokkast/app"
)

// BelgianHolidays gives the ten legal holidays of Belgium in a year.
func BelgianHolidays(year int) []app.Date {
	days := make([]app.Date, 0, len(be.Holidays))
	for _, h := range be.Holidays {
		actual, _ := h.Calc(year)
		days = append(days, app.DateOf(actual))
	}
	return days
}

// holidaySet gives all days that count like Sundays, in the years that anything in the input falls in.
func holidaySet(in *Input, taps []tap) map[app.Date]bool {
	first, last := years(in, taps)
	of := in.Settings.Holidays
	if of == nil {
		of = BelgianHolidays
	}
	set := map[app.Date]bool{}
	extra, err := time.Parse("01-02", in.Settings.ExtraHoliday)
	for y := first; y <= last; y++ {
		for _, d := range of(y) {
			set[d] = true
		}
		if err == nil && in.Settings.ExtraHoliday != "" {
			set[app.NewDate(y, extra.Month(), extra.Day())] = true
		}
	}
	for _, d := range in.Settings.Replacements {
		set[d] = true
	}
	return set
}

// years gives the range of years that have punches or statements.
func years(in *Input, taps []tap) (first, last int) {
	from, to := in.Now, in.Now
	note := func(i app.Instant) {
		if i >= year2020 {
			from, to = min(from, i), max(to, i)
		}
	}
	for i := range taps {
		if taps[i].p != nil && !taps[i].unsettled {
			note(taps[i].at)
		}
	}
	for i := range in.Adjustments {
		note(in.Adjustments[i].From)
		note(in.Adjustments[i].To)
	}
	const longest = 200 // years: a number out of this world must not cost the time of one
	first, last = from.Time().Year()-1, to.Time().Year()+1
	return first, min(last, first+longest)
}

// clockTime gives the instant at which a local clock shows a time of day,
// counted in milliseconds from midnight as the clock shows it. On a day when
// the clock changes it is still the hour that the clock shows.
func clockTime(d app.Date, ms int64, zone *time.Location) app.Instant {
	y, m, day := d.YMD()
	return app.At(time.Date(y, m, day, int(ms/hour), int(ms%hour/minute), int(ms%minute/second), 0, zone))
}

// overlap gives the time that two spans have in common.
func overlap(aFrom, aTo, bFrom, bTo app.Instant) time.Duration {
	return max(0, min(aTo, bTo).Sub(max(aFrom, bFrom)))
}

// nightOf gives the time of a stretch that lies in the night, by the site's local clock.
func (f *facts) nightOf(s stretch) (sum time.Duration) {
	eng := s.pr.eng
	from, to := f.limits.of(NightFrom, s.site, eng), f.limits.of(NightTo, s.site, eng)
	for d := s.from.DateIn(s.site.zone).AddDays(-1); ; d = d.AddDays(1) {
		begin := clockTime(d, from, s.site.zone)
		if begin >= s.to {
			return sum
		}
		morning := d
		if to <= from {
			morning = d.AddDays(1)
		}
		sum += overlap(s.from, s.to, begin, clockTime(morning, to, s.site.zone))
	}
}

// sundayOf gives the time of a stretch that lies on Sundays and holidays, by the site's local days.
func (f *facts) sundayOf(s stretch) (sum time.Duration) {
	for d := s.from.DateIn(s.site.zone); ; d = d.AddDays(1) {
		begin := d.Start(s.site.zone)
		if begin >= s.to {
			return sum
		}
		if d.Weekday() == time.Sunday || f.holidays[d] {
			sum += overlap(s.from, s.to, begin, d.End(s.site.zone))
		}
	}
}
