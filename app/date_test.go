package app

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func day(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A day lasts 24 hours, but for the two on which the clock changes.
func TestDaysOfBrusselsHave23To25Hours(t *testing.T) {
	brussels := zone(t, string(DefaultZone))
	for s, want := range map[string]time.Duration{"2026-03-29": 23 * time.Hour, "2026-10-25": 25 * time.Hour, "2026-11-23": 24 * time.Hour} {
		d := day(t, s)
		if got := d.End(brussels).Sub(d.Start(brussels)); got != want {
			t.Errorf("%s lasts %s, want %s", s, got, want)
		}
		if got := d.Start(brussels).DateIn(brussels); got != d {
			t.Errorf("%s begins on %s", s, got)
		}
	}
}

// In Beirut the clock goes forward at midnight: the day begins at 01:00.
func TestADayWithoutAMidnightBeginsWhenItBegins(t *testing.T) {
	beirut := zone(t, "Asia/Beirut")
	d := day(t, "2026-03-29")
	start := d.Start(beirut)
	if got := start.In(beirut).Format("2006-01-02 15:04"); got != "2026-03-29 01:00" {
		t.Errorf("it begins at %s", got)
	}
	if before := start.Add(-time.Millisecond).DateIn(beirut); before != d.AddDays(-1) {
		t.Errorf("a moment before it is %s", before)
	}
}

func TestDatesReadBackAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(1, 3_000_000).Draw(t, "day"))
		back, err := ParseDate(d.String())
		if err != nil || back != d {
			t.Fatalf("%d is written %s and read back %d (%v)", d, d, back, err)
		}
		y, m, n := d.YMD()
		if NewDate(y, m, n) != d || d.AddDays(1) <= d || d.Monday().Weekday() != time.Monday || d-d.Monday() > 6 || d < d.Monday() {
			t.Fatalf("%s does not count right", d)
		}
	})
}

func TestWrongDatesAndMonthsAreRefused(t *testing.T) {
	for _, s := range []string{"2026-13-01", "2026-02-30", "1/2/2026", "yesterday"} {
		if _, err := ParseDate(s); err == nil {
			t.Errorf("%q is read as a date", s)
		}
	}
	for _, s := range []string{"2026-13", "2026", "11-2026"} {
		if _, err := ParseMonth(s); err == nil {
			t.Errorf("%q is read as a month", s)
		}
	}
}

func TestMonthsBeginAndEndOnTheirDays(t *testing.T) {
	for s, last := range map[string]string{"2026-02": "2026-02-28", "2028-02": "2028-02-29", "2026-12": "2026-12-31"} {
		m, err := ParseMonth(s)
		if err != nil {
			t.Fatal(err)
		}
		if m.First().String() != s+"-01" || m.Last().String() != last || MonthOf(m.Last().AddDays(1)) != m.Add(1) || m.String() != s {
			t.Errorf("%s goes from %s to %s, and then comes %s", s, m.First(), m.Last(), m.Add(1))
		}
	}
}

// Ranges of days have both ends, spans only their first; open ends reach everywhere.
func TestRangesHoldAndOverlap(t *testing.T) {
	a, b, c := day(t, "2026-11-01"), day(t, "2026-11-10"), day(t, "2026-11-11")
	if r := (Days{a, b}); !r.Holds(a) || !r.Holds(b) || r.Holds(c) || r.Overlaps(Days{c, 0}) || !r.Overlaps(Days{b, c}) || !r.Overlaps(Days{}) {
		t.Errorf("%v", r)
	}
	if s := (Span{10, 20}); !s.Holds(10) || s.Holds(20) || s.Overlaps(Span{20, 30}) || !s.Overlaps(Span{19, 0}) || s.Overlaps(Span{0, 10}) {
		t.Errorf("%v", s)
	}
}

func TestInstantsReadBackFromJSONInAnySpelling(t *testing.T) {
	brussels := zone(t, string(DefaultZone))
	at := At(time.Date(2026, 10, 25, 0, 30, 0, 123_999_999, time.UTC).In(brussels))
	b, err := json.Marshal(at)
	if err != nil || string(b) != `"2026-10-25T00:30:00.123Z"` {
		t.Fatalf("%s %v", b, err)
	}
	for _, s := range []string{string(b), `"2026-10-25T02:30:00.123+02:00"`} {
		var back Instant
		if err := json.Unmarshal([]byte(s), &back); err != nil || back != at {
			t.Errorf("%s is read as %s (%v)", s, back, err)
		}
	}
	var none Instant
	if b, _ := json.Marshal(none); string(b) != `""` || !none.IsZero() {
		t.Errorf("no instant is %s", b)
	}
}
