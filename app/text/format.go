package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
)

// Date writes 23/11/2026 (German: 23.11.2026), "" for none.
func (t *Translator) Date(d app.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.UTC().Format(tongueOf(t.language).date)
}

// DayMonth writes weekday, day and month for narrow columns: "ma 23/11", German "Mo 23.11.".
func (t *Translator) DayMonth(d app.Date) string {
	if d.IsZero() {
		return ""
	}
	return t.WeekdayShort(d.Weekday()) + " " + d.UTC().Format(tongueOf(t.language).dayMonth)
}

// LongDate writes "maandag 23 november 2026" as the language does, "" for none.
func (t *Translator) LongDate(d app.Date) string {
	if d.IsZero() {
		return ""
	}
	year, month, day := d.YMD()
	return tongueOf(t.language).longDate(t.Weekday(d.Weekday()), day, t.MonthName(month), year)
}

// Days writes a range of days: "01/11/2026 – 30/11/2026"; an open side stays
// empty, and a single day stands alone.
func (t *Translator) Days(r app.Days) string {
	if r.From == r.To {
		return t.Date(r.From)
	}
	return strings.TrimSpace(t.Date(r.From) + " – " + t.Date(r.To))
}

// Weekday returns the name of a weekday, with a capital only where the language wants one.
func (t *Translator) Weekday(w time.Weekday) string { return tongueOf(t.language).weekdays[w%7] }

// WeekdayShort returns two letters of a weekday (three in English).
func (t *Translator) WeekdayShort(w time.Weekday) string { return tongueOf(t.language).short[w%7] }

// MonthName returns the name of a month, "" for what is no month.
func (t *Translator) MonthName(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return tongueOf(t.language).months[m-1]
}

// Month writes "november 2026".
func (t *Translator) Month(m app.Month) string {
	return t.MonthName(m.Month) + " " + strconv.Itoa(m.Year)
}

// Time writes the time of day in zone, cut off to the minute: 06:58; "" for none.
func (t *Translator) Time(i app.Instant, zone *time.Location) string { return clock(i, zone, "15:04") }

// TimeSeconds writes the time of day in zone, cut off to the second: 06:58:12; "" for none.
func (t *Translator) TimeSeconds(i app.Instant, zone *time.Location) string {
	return clock(i, zone, "15:04:05")
}

// DateTime writes day and time of day in zone, 23/11/2026 06:58; "" for none.
func (t *Translator) DateTime(i app.Instant, zone *time.Location) string {
	return clock(i, zone, tongueOf(t.language).date+" 15:04")
}

// DateTimeSeconds writes day and time of day in zone to the second; "" for none.
func (t *Translator) DateTimeSeconds(i app.Instant, zone *time.Location) string {
	return clock(i, zone, tongueOf(t.language).date+" 15:04:05")
}

// Duration writes hours and minutes, 7:52, cut off to the minute: also beyond
// a day (31:05) and below nothing (-0:05).
func (t *Translator) Duration(d time.Duration) string {
	minutes := int64(d / time.Minute) // cuts towards zero
	sign := ""
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	return fmt.Sprintf("%s%d:%02d", sign, minutes/60, minutes%60)
}

// Number writes a whole number with separators of thousands: 1.234 in Dutch
// and German, 1 234 in French, 1,234 in English.
func (t *Translator) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	return sign + group(digits, tongueOf(t.language).thousands)
}

// Decimal writes a number with a fixed count of decimals: 1.234,50 in Dutch.
func (t *Translator) Decimal(f float64, decimals int) string {
	s := strconv.FormatFloat(f, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, hasFraction := strings.Cut(s, ".")
	out := sign + group(whole, tongueOf(t.language).thousands)
	if !hasFraction {
		return out
	}
	return out + tongueOf(t.language).decimal + fraction
}

// List writes "a", "a en b", "a, b en c".
func (t *Translator) List(items []string) string {
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:n-1], ", ") + " " + tongueOf(t.language).and + " " + items[n-1]
	}
}

func clock(i app.Instant, zone *time.Location, layout string) string {
	if i.IsZero() {
		return ""
	}
	return i.In(zone).Format(layout)
}

func group(digits, separator string) string {
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, parts...), separator)
}
