// Package field reads what people type for dates and times, and holds the
// entries for them. Fyne has no time input, and its date input opens at today,
// keeps a stale date on bad text and speaks English.
package field

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
)

// What can be wrong with what was typed; forms word it.
var (
	ErrDate     = errors.New("not a date")                         // such as 31/2 or "soon"
	ErrTime     = errors.New("not a time of day")                  // such as 25:00
	ErrNoSuch   = errors.New("the clock skips that time that day") // the night summer time begins
	ErrRequired = errors.New("nothing entered")
)

var (
	dayMonth  = regexp.MustCompile(`^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\.?$`)
	dayFirst  = regexp.MustCompile(`^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})$`)
	yearFirst = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	relative  = regexp.MustCompile(`^([+-]\d{1,4})\s*([djtwsmay]?)$`)
	clock     = regexp.MustCompile(`^(\d{1,2})\s*[:.uh]\s*(\d{2})?$`)
	digits    = regexp.MustCompile(`^\d{1,4}$`)
)

// dayWords are the named days in all four languages: what someone types does
// not depend on the language of the screen. "morgen" is tomorrow in Dutch and German.
func dayWord(s string) (offset int, ok bool) {
	switch s {
	case "vandaag", "aujourd'hui", "aujourd’hui", "aujourdhui", "auj", "heute", "today", "nu":
		return 0, true
	case "gisteren", "hier", "gestern", "yesterday":
		return -1, true
	case "morgen", "demain", "tomorrow":
		return 1, true
	case "eergisteren", "avant-hier", "vorgestern":
		return -2, true
	case "overmorgen", "après-demain", "übermorgen":
		return 2, true
	}
	return 0, false
}

// ParseDate reads a day: 15/3 (of today's year), 15/3/2026, 15.3.26,
// 2026-03-15, +1d, -2w, +1m, +1y (also j, t, s, a: jour, dag, Tag, semaine, an)
// or a named day. "" is the zero Date. The error is ErrDate.
func ParseDate(text string, today app.Date) (app.Date, error) {
	s := strings.ToLower(strings.TrimSpace(text))
	if s == "" {
		return 0, nil
	}
	if n, ok := dayWord(s); ok {
		return today.AddDays(n), nil
	}
	thisYear, _, _ := today.YMD()
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return exactDate(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		year := number(m[3])
		if len(m[3]) == 2 {
			year += 2000
		}
		return exactDate(year, number(m[2]), number(m[1]))
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil {
		return exactDate(thisYear, number(m[2]), number(m[1]))
	}
	if m := relative.FindStringSubmatch(s); m != nil {
		return sensible(relativeDate(number(m[1]), m[2], today))
	}
	return 0, ErrDate
}

func relativeDate(n int, unit string, today app.Date) app.Date {
	y, m, d := today.YMD()
	switch unit {
	case "w", "s":
		return today.AddDays(7 * n)
	case "m":
		return clampedDate(y, int(m)+n, d)
	case "y", "a":
		return clampedDate(y+n, int(m), d)
	}
	return today.AddDays(n) // d, j, t or nothing
}

// clampedDate keeps a day inside its month: one month after 31 January is 28 or 29 February.
func clampedDate(year, month, day int) app.Date {
	last := app.NewDate(year, time.Month(month+1), 0)
	return min(app.NewDate(year, time.Month(month), day), last)
}

// exactDate refuses days that do not exist, such as 31 February.
func exactDate(year, month, day int) (app.Date, error) {
	d := app.NewDate(year, time.Month(month), day)
	if y, m, dd := d.YMD(); y != year || int(m) != month || dd != day {
		return 0, ErrDate
	}
	return sensible(d)
}

// sensible refuses days of other centuries: they are typing errors.
func sensible(d app.Date) (app.Date, error) {
	if y, _, _ := d.YMD(); y < 1900 || y > 2200 {
		return 0, ErrDate
	}
	return d, nil
}

// Clock is a time of day in minutes since midnight.
type Clock int

// String returns HH:MM.
func (c Clock) String() string {
	return two(int(c)/60) + ":" + two(int(c)%60)
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// ParseTime reads a time of day: 7:58, 07.58, 7u58, 7h58, 0758, 758, 8, 8u. The
// errors are ErrTime and, for "", ErrRequired.
func ParseTime(text string) (Clock, error) {
	s := strings.ToLower(strings.TrimSpace(text))
	if s == "" {
		return 0, ErrRequired
	}
	hour, minute := -1, 0
	if m := clock.FindStringSubmatch(s); m != nil {
		hour = number(m[1])
		if m[2] != "" {
			minute = number(m[2])
		}
	} else if digits.MatchString(s) {
		hour = number(s)
		if len(s) > 2 {
			hour, minute = hour/100, hour%100
		}
	}
	if hour < 0 || hour > 23 || minute > 59 {
		return 0, ErrTime
	}
	return Clock(hour*60 + minute), nil
}

// Instant returns the instant of a local day and time. Of a time that comes twice
// (the night summer time ends) it is the first; one that does not come at all
// gives ErrNoSuch.
func Instant(d app.Date, c Clock, zone *time.Location) (app.Instant, error) {
	y, m, day := d.YMD()
	t := time.Date(y, m, day, int(c)/60, int(c)%60, 0, 0, zone)
	if t.Hour() != int(c)/60 || t.Minute() != int(c)%60 || app.DateOf(t) != d {
		return 0, ErrNoSuch
	}
	if earlier := t.Add(-time.Hour); earlier.Hour() == t.Hour() && earlier.Minute() == t.Minute() {
		t = earlier
	}
	return app.At(t), nil
}

// number reads digits with an optional sign; the patterns admit nothing else.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
