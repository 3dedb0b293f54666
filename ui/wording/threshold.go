package wording

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/text"
)

// Threshold returns the name of a threshold: "daily limit".
func Threshold(t *text.Translator, name app.Threshold) string {
	return known(t, "threshold.", string(name), "")
}

// Level says who set a threshold: "company", "default".
func Level(t *text.Translator, l attendance.Level) string { return code(t, "level", string(l)) }

// Limit writes a threshold's value with its unit: "6 hours 30 minutes", "7
// days", "20:00", "60 km/h", "yes". Unit.Parse reads it back.
func Limit(t *text.Translator, u attendance.Unit, v int64) string {
	switch u {
	case attendance.Milliseconds:
		return span(t, time.Duration(v)*time.Millisecond)
	case attendance.DayCount:
		return t.N("word.unit.days", int(v))
	case attendance.Speed:
		return t.T("word.unit.speed", "Number", t.Number(int(v)))
	case attendance.Percent:
		return t.T("word.unit.percent", "Number", t.Number(int(v)))
	case attendance.YesNo:
		if v != 0 {
			return t.T("word.yes")
		}
		return t.T("word.no")
	}
	return u.Write(v)
}

// span writes a duration exactly, in days from two days on.
func span(t *text.Translator, d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	var parts []string
	if d >= 2*day {
		parts = append(parts, t.N("word.unit.days", int(d/day)))
		d %= day
	}
	for _, p := range [...]struct {
		size time.Duration
		key  string
	}{{time.Hour, "word.unit.hours"}, {time.Minute, "word.unit.minutes"}, {time.Second, "word.unit.seconds"}} {
		if n := d / p.size; n > 0 {
			parts = append(parts, t.N(p.key, int(n)))
			d -= n * p.size
		}
	}
	if len(parts) == 0 {
		return t.N("word.unit.minutes", 0)
	}
	return sign + strings.Join(parts, " ")
}
