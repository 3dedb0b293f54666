package attendance

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseUnit(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		text string
		want int64
	}{
		{Milliseconds, "6 h 30 min", 6*hour + 30*minute},
		{Milliseconds, "6:30", 6*hour + 30*minute},
		{Milliseconds, "1,5 uur", 90 * minute},
		{Milliseconds, "2 heures", 2 * hour},
		{Milliseconds, "3 Stunden", 3 * hour},
		{Milliseconds, "45 Sekunden", 45 * second},
		{Milliseconds, "30 s", 30 * second},
		{Milliseconds, "90min", 90 * minute},
		{Milliseconds, "7 dagen", 7 * day},
		{Milliseconds, "2 jours", 2 * day},
		{Milliseconds, "2 Tage", 2 * day},
		{Milliseconds, "0", 0},
		{TimeOfDay, "20:00", 20 * hour},
		{TimeOfDay, "20u30", 20*hour + 30*minute},
		{TimeOfDay, "6 Uhr", 6 * hour},
		{Speed, "60 km/u", 60},
		{Speed, "80", 80},
		{Percent, "90 %", 90},
		{DayCount, "30 jours", 30},
		{DayCount, "30", 30},
		{DayCount, "2 w", 14},
		{Count, "8", 8},
		{YesNo, "Ja", 1},
		{YesNo, "non", 0},
	} {
		if got, err := c.unit.Parse(c.text); err != nil || got != c.want {
			t.Errorf("%s %q is %d, %v; want %d", c.unit, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct {
		unit Unit
		text string
	}{
		{Milliseconds, ""}, {Milliseconds, "8"}, {Milliseconds, "h"}, {Milliseconds, "8 bananas"}, {Milliseconds, "6:75"}, {Milliseconds, "1 h 5"}, {Milliseconds, "1e300 h"},
		{Milliseconds, "99999999999 d"}, {TimeOfDay, "25:00"}, {TimeOfDay, "morning"}, {Speed, "fast"}, {Percent, ""}, {DayCount, "3 h"}, {Count, "1.5"}, {YesNo, "maybe"},
	} {
		if got, err := c.unit.Parse(c.text); err == nil {
			t.Errorf("%s %q is taken for %d", c.unit, c.text, got)
		}
	}
}

// What is written is read back as the same value, for every threshold.
func TestUnitsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(Defaults()).Draw(t, "threshold")
		v := rapid.Int64Range(d.Min, d.Max).Draw(t, "value")
		if d.Unit == TimeOfDay {
			v -= v % minute
		}
		if got, err := d.Unit.Parse(d.Unit.Write(v)); err != nil || got != v {
			t.Fatalf("%s: %d is written %q and read as %d, %v", d.Name, v, d.Unit.Write(v), got, err)
		}
	})
}

func FuzzParseUnit(f *testing.F) {
	f.Add("6 h 30 min")
	f.Add("-1,5 d")
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range Defaults() {
			if v, err := d.Unit.Parse(s); err == nil && v < 0 && d.Unit == TimeOfDay {
				t.Errorf("%q is a time of day before midnight", s)
			}
		}
	})
}
