package field

import (
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
)

func TestParseDate(t *testing.T) {
	today := app.NewDate(2026, 11, 23)
	for text, want := range map[string]string{
		"15/3": "2026-03-15", "15/3/2026": "2026-03-15", "15.3.26": "2026-03-15", "15-03-2027": "2027-03-15", "15.3.": "2026-03-15",
		"2026-03-15": "2026-03-15", " 29/2/2028 ": "2028-02-29",
		"+1d": "2026-11-24", "-1": "2026-11-22", "+2w": "2026-12-07", "+1m": "2026-12-23", "-1y": "2025-11-23", "+3j": "2026-11-26",
		"vandaag": "2026-11-23", "Aujourd'hui": "2026-11-23", "heute": "2026-11-23", "today": "2026-11-23",
		"gisteren": "2026-11-22", "demain": "2026-11-24", "": "",
	} {
		got, err := ParseDate(text, today)
		if err != nil || got.String() != want {
			t.Errorf("%q: got %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"31/2", "29/2/2027", "soon", "15", "15/13/2026", "2026-3", "1/1/0007", "15/3/2026x"} {
		if got, err := ParseDate(text, today); err == nil {
			t.Errorf("%q: got %s, want an error", text, got)
		}
	}
}

func TestAMonthAfterTheEndOfJanuaryIsTheEndOfFebruary(t *testing.T) {
	got, err := ParseDate("+1m", app.NewDate(2027, 1, 31))
	if err != nil || got.String() != "2027-02-28" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]string{
		"7:58": "07:58", "0758": "07:58", "758": "07:58", "07.58": "07:58", "7u58": "07:58",
		"7h58": "07:58", "8": "08:00", "8u": "08:00", "23:59": "23:59", "0": "00:00",
	} {
		got, err := ParseTime(text)
		if err != nil || got.String() != want {
			t.Errorf("%q: got %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"24:00", "7:60", "2460", "noon", "-1", "7:5", "12345"} {
		if got, err := ParseTime(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, got)
		}
	}
}

func TestInstantOnNightsWhenTheClockChanges(t *testing.T) {
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Instant(app.NewDate(2026, 3, 29), 150, zone); err != ErrNoSuch {
		t.Errorf("02:30 on the night summer time begins: got %v, want ErrNoSuch", err)
	}
	got, err := Instant(app.NewDate(2026, 10, 25), 150, zone)
	if err != nil || got.String() != "2026-10-25T00:30:00.000Z" {
		t.Errorf("02:30 on the night summer time ends: got %s, %v; want the first of the two", got, err)
	}
}

func TestEveryDateIsReadBackFromEveryForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := app.NewDate(1950, 1, 1).AddDays(rapid.IntRange(0, 60_000).Draw(t, "day"))
		for _, form := range []string{"2006-01-02", "02/01/2006", "2.1.2006", "2-1-2006"} {
			got, err := ParseDate(day.UTC().Format(form), app.NewDate(2026, 11, 23))
			if err != nil || got != day {
				t.Fatalf("%s as %s: got %s, %v", day, form, got, err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"15/3", "+1d", "0758", "vandaag", "2026-03-15", "7u58"} {
		f.Add(s)
	}
	today := app.NewDate(2026, 11, 23)
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s, today); err == nil && d != 0 {
			if again, err := ParseDate(d.String(), today); err != nil || again != d {
				t.Errorf("%q gave %s, which is read back as %s, %v", s, d, again, err)
			}
		}
		if c, err := ParseTime(s); err == nil && (c < 0 || c >= 24*60) {
			t.Errorf("%q gave the time %d", s, c)
		}
	})
}
