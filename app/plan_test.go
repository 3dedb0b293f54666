package app

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func brusselsZone(t *testing.T) *time.Location {
	t.Helper()
	z, err := DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestHoursOnDaysWhenTheClockChanges(t *testing.T) {
	zone := brusselsZone(t)
	for _, c := range []struct{ day, hours, from, to string }{
		{"2026-11-23", "06:00-10:00", "2026-11-23T05:00:00.000Z", "2026-11-23T09:00:00.000Z"},
		{"2026-11-23", "22:00-06:00", "2026-11-23T21:00:00.000Z", "2026-11-24T05:00:00.000Z"},
		{"2026-11-23", "16:00-00:00", "2026-11-23T15:00:00.000Z", "2026-11-23T23:00:00.000Z"},
		// 29 March 2026: 02:00 becomes 03:00.
		{"2026-03-28", "22:00-06:00", "2026-03-28T21:00:00.000Z", "2026-03-29T04:00:00.000Z"},
		{"2026-03-29", "02:30-06:00", "2026-03-29T01:30:00.000Z", "2026-03-29T04:00:00.000Z"},
		{"2026-03-29", "02:15-02:45", "2026-03-29T01:15:00.000Z", "2026-03-29T01:45:00.000Z"},
		{"2026-03-29", "02:30-03:00", "2026-03-29T01:30:00.000Z", "2026-03-29T02:00:00.000Z"}, // keeps its half hour
		// 25 October 2026: 03:00 becomes 02:00.
		{"2026-10-24", "22:00-06:00", "2026-10-24T20:00:00.000Z", "2026-10-25T05:00:00.000Z"},
		{"2026-10-25", "02:30-04:00", "2026-10-25T00:30:00.000Z", "2026-10-25T03:00:00.000Z"},
		{"2026-10-25", "01:30-02:30", "2026-10-24T23:30:00.000Z", "2026-10-25T00:30:00.000Z"},
	} {
		day, err := ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		h, err := ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		from, to := h.On(day, zone)
		if from.String() != c.from || to.String() != c.to {
			t.Errorf("%s %s: %s to %s, want %s to %s", c.day, c.hours, from, to, c.from, c.to)
		}
	}
}

// Whatever the day and zone, hours begin on their day and end after they began.
func TestHoursBeginAndEnd(t *testing.T) {
	zones := []string{"Europe/Brussels", "America/St_Johns", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC", "Africa/Cairo"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		day := NewDate(2017, 1, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
		h := Hours{TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "from")), TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "to"))}
		if h.IsZero() {
			return
		}
		from, to := h.On(day, zone)
		if to <= from {
			t.Fatalf("%s on %s: %s to %s", h, day, from, to)
		}
		if on := from.DateIn(zone); on != day {
			t.Fatalf("%s on %s begins on %s", h, day, on)
		}
		if off := to.Sub(from) - time.Duration(h.Minutes())*time.Minute; off > time.Hour || off < -time.Hour {
			t.Fatalf("%s on %s lasts %s", h, day, to.Sub(from))
		}
	})
}

func TestWeekdays(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri": "mon,tue,wed,thu,fri", "sat": "sat", "Mon, wed,SUN": "mon,wed,sun", "sat-mon": "mon,sat,sun", "mon-sun": "mon,tue,wed,thu,fri,sat,sun",
	} {
		w, err := ParseWeekdays(text)
		if err != nil || w.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, w, err, want)
		}
	}
	for _, text := range []string{"", "monday", "mon-", "-", "1-5", "mon-fry"} {
		if w, err := ParseWeekdays(text); err == nil {
			t.Errorf("%q was read as %q", text, w)
		}
	}
	if w := WeekdaysOf(time.Sunday, time.Monday); !w.Has(time.Sunday) || w.Has(time.Saturday) || len(w.List()) != 2 || w.List()[0] != time.Monday {
		t.Errorf("sunday and monday are %s", w)
	}
}

func TestHoursAreRead(t *testing.T) {
	for text, want := range map[string]string{"06:00-10:30": "06:00–10:30", "6:00 – 10:30": "06:00–10:30", "22:00-24:00": "22:00–00:00", "": ""} {
		h, err := ParseHours(text)
		if err != nil || h.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, h, err, want)
		}
	}
	for _, text := range []string{"06:00", "06:00-06:00", "25:00-26:00", "6-10", "-"} {
		if h, err := ParseHours(text); err == nil {
			t.Errorf("%q was read as %q", text, h)
		}
	}
}

func TestPlanLineOn(t *testing.T) {
	monday := NewDate(2026, 11, 23)
	l := PlanLine{Weekdays: WeekdaysOf(time.Monday, time.Wednesday), Days: Days{From: monday.AddDays(2)}, EveryWeeks: 2}
	for days, want := range map[int]bool{0: false, 2: true, 7: false, 9: false, 14: true, 16: true, 17: false} {
		if got := l.On(monday.AddDays(days)); got != want {
			t.Errorf("%d days after Monday: %v, want %v", days, got, want)
		}
	}
	l.Withdrawn = 1
	if l.On(monday.AddDays(14)) {
		t.Error("a withdrawn line still holds")
	}
}
