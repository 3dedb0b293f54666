package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
)

// names are the words of the calendar in one language.
type names struct {
	weekdays [7]string // from Sunday, as time.Weekday counts
	short    [7]string
	months   [12]string
	and      string
}

func namesOf(l app.Language) *names {
	switch l {
	case app.Dutch:
		return &dutch
	case app.French:
		return &french
	case app.German:
		return &german
	}
	return &english
}

// The tables are constants in all but name: nothing writes to them.
var (
	dutch = names{
		weekdays: [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
		short:    [7]string{"zo", "ma", "di", "wo", "do", "vr", "za"},
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni",
			"juli", "augustus", "september", "oktober", "november", "december"},
		and: "en",
	}
	french = names{
		weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		short:    [7]string{"di", "lu", "ma", "me", "je", "ve", "sa"},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
			"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		and: "et",
	}
	german = names{
		weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		short:    [7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni",
			"Juli", "August", "September", "Oktober", "November", "Dezember"},
		and: "und",
	}
	english = names{
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		short:    [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: [12]string{"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December"},
		and: "and",
	}
)

// Date writes 23/11/2026 (German: 23.11.2026), "" for none.
func (t *Translator) Date(d app.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.UTC().Format(t.pick("02/01/2006", "02.01.2006"))
}

// DayMonth writes weekday, day and month for narrow columns: "ma 23/11", German "Mo 23.11.".
func (t *Translator) DayMonth(d app.Date) string {
	if d.IsZero() {
		return ""
	}
	return t.WeekdayShort(d.Weekday()) + " " + d.UTC().Format(t.pick("02/01", "02.01."))
}

// LongDate writes "maandag 23 november 2026" as the language does, "" for none.
func (t *Translator) LongDate(d app.Date) string {
	if d.IsZero() {
		return ""
	}
	year, month, day := d.YMD()
	weekday, name := t.Weekday(d.Weekday()), t.MonthName(month)
	switch {
	case t.language == app.German:
		return fmt.Sprintf("%s, %d. %s %d", weekday, day, name, year)
	case t.language == app.French && day == 1:
		return fmt.Sprintf("%s 1er %s %d", weekday, name, year)
	}
	return fmt.Sprintf("%s %d %s %d", weekday, day, name, year)
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
func (t *Translator) Weekday(w time.Weekday) string { return namesOf(t.language).weekdays[w%7] }

// WeekdayShort returns two letters of a weekday (three in English).
func (t *Translator) WeekdayShort(w time.Weekday) string { return namesOf(t.language).short[w%7] }

// MonthName returns the name of a month, "" for what is no month.
func (t *Translator) MonthName(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return namesOf(t.language).months[m-1]
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
	return clock(i, zone, t.pick("02/01/2006 15:04", "02.01.2006 15:04"))
}

// DateTimeSeconds writes day and time of day in zone to the second; "" for none.
func (t *Translator) DateTimeSeconds(i app.Instant, zone *time.Location) string {
	return clock(i, zone, t.pick("02/01/2006 15:04:05", "02.01.2006 15:04:05"))
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
	return sign + group(digits, t.thousands())
}

// Decimal writes a number with a fixed count of decimals: 1.234,50 in Dutch.
func (t *Translator) Decimal(f float64, decimals int) string {
	s := strconv.FormatFloat(f, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, hasFraction := strings.Cut(s, ".")
	out := sign + group(whole, t.thousands())
	if !hasFraction {
		return out
	}
	if t.language == app.English {
		return out + "." + fraction
	}
	return out + "," + fraction
}

// List writes "a", "a en b", "a, b en c".
func (t *Translator) List(items []string) string {
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:n-1], ", ") + " " + namesOf(t.language).and + " " + items[n-1]
	}
}

// pick returns the German layout in German, else the one that the other languages share in Belgium.
func (t *Translator) pick(layout, german string) string {
	if t.language == app.German {
		return german
	}
	return layout
}

func (t *Translator) thousands() string {
	switch t.language {
	case app.French:
		return "\u00a0" // a number must not break over two lines
	case app.English:
		return ","
	}
	return "."
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
