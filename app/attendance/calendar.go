package attendance

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2/be"

	"klokkast/app"
)

// BelgianHolidays returns the ten legal holidays of Belgium in a year.
func BelgianHolidays(year int) []app.Date {
	days := make([]app.Date, 0, len(be.Holidays))
	for _, h := range be.Holidays {
		actual, _ := h.Calc(year)
		days = append(days, app.DateOf(actual))
	}
	return days
}

// calendar knows the days that count like Sundays: the holidays of a year are
// looked up when its first day is asked for. It is safe from any goroutine.
type calendar struct {
	of           func(year int) []app.Date
	extra        time.Time // of which month and day count; zero: none
	replacements map[app.Date]bool
	years        sync.Map // int → map[app.Date]bool
}

func newCalendar(s Settings) *calendar {
	c := &calendar{of: s.Holidays, replacements: make(map[app.Date]bool, len(s.Replacements))}
	if c.of == nil {
		c.of = BelgianHolidays
	}
	if extra, err := time.Parse("01-02", s.ExtraHoliday); err == nil {
		c.extra = extra
	}
	for _, d := range s.Replacements {
		c.replacements[d] = true
	}
	return c
}

// holiday says that a day counts like a Sunday, whatever its weekday.
func (c *calendar) holiday(d app.Date) bool {
	year, _, _ := d.YMD()
	if c.replacements[d] || !c.extra.IsZero() && d == app.NewDate(year, c.extra.Month(), c.extra.Day()) {
		return true
	}
	set, ok := c.years.Load(year)
	if !ok {
		days := map[app.Date]bool{}
		for _, d := range c.of(year) {
			days[d] = true
		}
		set, _ = c.years.LoadOrStore(year, days)
	}
	return set.(map[app.Date]bool)[d]
}

// clockTime returns the instant at which a local clock shows a time of day,
// counted in milliseconds from midnight as the clock shows it. On a day when
// the clock changes it is still the hour that the clock shows.
func clockTime(d app.Date, ms int64, zone *time.Location) app.Instant {
	y, m, day := d.YMD()
	return app.At(time.Date(y, m, day, int(ms/hour), int(ms%hour/minute), int(ms%minute/second), 0, zone))
}

// overlap returns the time that two spans have in common.
func overlap(aFrom, aTo, bFrom, bTo app.Instant) time.Duration {
	return max(0, min(aTo, bTo).Sub(max(aFrom, bFrom)))
}

// nightOf returns the time of a stretch that lies in the night, by the site's local clock.
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

// sundayOf returns the time of a stretch that lies on Sundays and holidays, by the site's local days.
func (f *facts) sundayOf(s stretch) (sum time.Duration) {
	for d := s.from.DateIn(s.site.zone); ; d = d.AddDays(1) {
		begin := d.Start(s.site.zone)
		if begin >= s.to {
			return sum
		}
		if d.Weekday() == time.Sunday || f.days.holiday(d) {
			sum += overlap(s.from, s.to, begin, d.End(s.site.zone))
		}
	}
}
