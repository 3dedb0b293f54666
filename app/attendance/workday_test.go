package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

func TestWorkday(t *testing.T) {
	for _, c := range []struct{ name, day, story, days string }{
		{"a night shift is one day, of its beginning", "2026-11-23", "in 22:00 · out 06:00+1", "2026-11-23 8:00 A 22:00–06:00"},
		{"two halves of a night belong together", "2026-11-23", "in 20:00 · out 23:30 · in 01:00+1 · out 05:00+1",
			"2026-11-23 7:30 A 20:00–23:30 A 01:00–05:00"},
		{"under four hours over midnight go on", "2026-11-23", "in 18:00 · out 22:00 · in 01:59:59+1 · out 05:00+1",
			"2026-11-23 7:00:01 A 18:00–22:00 A 01:59:59–05:00"},
		{"four hours over midnight begin a new day", "2026-11-23", "in 18:00 · out 22:00 · in 02:00+1 · out 05:00+1",
			"2026-11-23 4:00 A 18:00–22:00\n2026-11-24 3:00 A 02:00–05:00"},
		{"morning and evening are one day, however far apart", "2026-11-23", "in 05:00 · out 08:00 · in 17:00 · out 20:00",
			"2026-11-23 6:00 A 05:00–08:00 A 17:00–20:00"},
		{"split shift at three sites", "2026-11-23", "@A in 05:30 · out 08:00 · @B in 08:30 · out 11:00 · @C in 17:00 · out 19:15",
			"2026-11-23 7:15 A 05:30–08:00 B 08:30–11:00 C 17:00–19:15"},
		{"what has no IN is dated by itself and holds nothing together", "2026-11-23", "in 18:00 · out 20:00 · out 23:00 · in 01:00+1 · out 05:00+1",
			"2026-11-23 2:00 A 18:00–20:00 A !–23:00 *\n2026-11-24 4:00 A 01:00–05:00"},
		{"month end", "2026-11-30", "in 22:00 · out 06:00+1", "2026-11-30 8:00 A 22:00–06:00"},
		{"year end", "2026-12-31", "in 22:00 · out 06:00+1", "2026-12-31 8:00 A 22:00–06:00"},
		{"the night that is an hour shorter", "2026-03-28", "in 22:00 · out 06:00+1", "2026-03-28 7:00 A 22:00–06:00"},
		{"the night that is an hour longer", "2026-10-24", "in 22:00 · out 06:00+1", "2026-10-24 9:00 A 22:00–06:00"},
		{"within the hour that comes twice", "2026-10-25", "in 02:30 · out 02:30w", "2026-10-25 1:00 A 02:30–02:30"},
		{"over the hour that does not come", "2026-03-29", "in 01:30 · out 03:30", "2026-03-29 1:00 A 01:30–03:30"},
		{"forgotten OUT, then a normal day", "2026-11-23", "in 07:00 · in 07:00+1 · out 12:00+1",
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 5:00 A 07:00–12:00"},
		{"forgotten OUT without keys, then a normal day", "2026-11-23", "tap 07:00 · tap 07:00+1 · tap 12:00+1",
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 5:00 A 07:00–12:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tell(t, c.day).punch("An", c.story).derive().expectDays("An", c.days)
		})
	}
}

func TestTotals(t *testing.T) {
	for _, c := range []struct {
		name, day, story                        string
		worked, breaks, proposed, night, sunday time.Duration
	}{
		{"overlapping hours count once", "2026-11-23", "@A in 07:00 · @B in 09:00 · @A out 10:00 · @B out 12:00", 5 * time.Hour, 0, 0, 0, 0},
		{"a visit inside another counts nothing more", "2026-11-23", "@A in 07:00 · @B in 09:00 · out 10:00 · @A out 12:00", 5 * time.Hour, 0, 0, 0, 0},
		{"breaks by key", "2026-11-23", "in 07:00 · break 09:00 · back 09:20 · out 12:00", 280 * time.Minute, 20 * time.Minute, 0, 0, 0},
		{"an absence of an hour looks like a break", "2026-11-23", "tap 07:00 · tap 10:00 · tap 11:00 · tap 13:00", 5 * time.Hour, time.Hour, time.Hour, 0, 0},
		{"a second more does not", "2026-11-23", "tap 07:00 · tap 10:00 · tap 11:00:01 · tap 13:00", 5*time.Hour - time.Second, 0, 0, 0, 0},
		{"with OUT and IN pressed it is none", "2026-11-23", "in 07:00 · out 10:00 · in 10:30 · out 13:00", 330 * time.Minute, 0, 0, 0, 0},
		{"unless back says so", "2026-11-23", "in 07:00 · out 10:00 · back 10:30 · out 13:00", 330 * time.Minute, 30 * time.Minute, 30 * time.Minute, 0, 0},
		{"elsewhere is no break", "2026-11-23", "@A tap 07:00 · tap 10:00 · @B tap 10:10 · tap 10:50 · @A tap 11:00 · tap 12:00", 280 * time.Minute, 0, 0, 0, 0},
		{"a break spent working elsewhere is none", "2026-11-23", "@A in 07:00 · break 09:00 · @B in 09:10 · out 09:50 · @A back 10:00 · out 11:00",
			220 * time.Minute, 20 * time.Minute, 0, 0, 0},
		{"evening and night", "2026-11-23", "in 18:00 · out 22:30", 270 * time.Minute, 0, 0, 150 * time.Minute, 0},
		{"early morning", "2026-11-23", "in 05:00 · out 09:00", 4 * time.Hour, 0, 0, time.Hour, 0},
		{"night over the spring change", "2026-03-28", "in 19:00 · out 07:00+1", 11 * time.Hour, 0, 0, 9 * time.Hour, 6 * time.Hour},
		{"night over the autumn change", "2026-10-24", "in 19:00 · out 07:00+1", 13 * time.Hour, 0, 0, 11 * time.Hour, 8 * time.Hour},
		{"Saturday into Sunday", "2026-11-21", "in 22:00 · out 03:00+1", 5 * time.Hour, 0, 0, 5 * time.Hour, 3 * time.Hour},
		{"Armistice Day", "2026-11-11", "in 08:00 · out 12:00", 4 * time.Hour, 0, 0, 0, 4 * time.Hour},
		{"Easter Monday", "2026-04-06", "in 08:00 · out 12:00", 4 * time.Hour, 0, 0, 0, 4 * time.Hour},
		{"Good Friday is none", "2026-04-03", "in 08:00 · out 12:00", 4 * time.Hour, 0, 0, 0, 0},
		{"hours before a forgotten OUT count up to the break", "2026-11-23", "in 07:00 · break 09:00 · back 09:20", 2 * time.Hour, 20 * time.Minute, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := tell(t, c.day).punch("An", c.story).derive().Workdays[0]
			for _, v := range []struct {
				name      string
				got, want time.Duration
			}{{"worked", w.Worked, c.worked}, {"breaks", w.Breaks, c.breaks}, {"proposed", w.ProposedBreaks, c.proposed},
				{"night", w.Night, c.night}, {"sunday", w.Sunday, c.sunday}} {
				if v.got != v.want {
					t.Errorf("%s %s, want %s", v.name, hm(v.got), hm(v.want))
				}
			}
		})
	}
}

func TestExtraHolidayAndReplacement(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 08:00 · out 12:00 · in 08:00+1 · out 12:00+1 · in 08:00+2 · out 12:00+2")
	s.in.Settings.ExtraHoliday = "11-23"
	s.in.Settings.Replacements = []app.Date{app.NewDate(2026, 11, 25)}
	r := s.derive()
	for i, want := range []time.Duration{4 * time.Hour, 0, 4 * time.Hour} {
		if got := r.Workdays[i].Sunday; got != want {
			t.Errorf("day %d: %s, want %s", i+1, hm(got), hm(want))
		}
	}
}

func TestTenLegalHolidays(t *testing.T) {
	want := "2026-01-01 2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-07-21 2026-08-15 2026-11-01 2026-11-11 2026-12-25"
	got := ""
	for i, d := range BelgianHolidays(2026) {
		if i > 0 {
			got += " "
		}
		got += d.String()
	}
	if got != want {
		t.Errorf("holidays of 2026:\n%s\nwant:\n%s", got, want)
	}
}
