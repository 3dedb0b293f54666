package importing

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"klokkast/app"
	"klokkast/app/reading"
)

// dateReader reads the days of one file. The zero one takes the day before the
// month, as in Belgium.
type dateReader struct {
	monthFirst bool
	layout     *reading.Layout // told by a mapping; nil: whatever is seen in lists
}

// newDateReader reads days by a layout such as DD/MM/YY.
func newDateReader(layout string) (*dateReader, error) {
	if layout == "" {
		return &dateReader{}, nil
	}
	l, err := reading.ParseLayout(layout + midnightLayout)
	if err != nil {
		return nil, wrong("layout", "mapping.dateLayout", "DD/MM/YYYY")
	}
	return &dateReader{layout: &l}, nil
}

// A layout of package reading is one of a moment: days are read with their midnight.
const (
	midnight       = " 00:00"
	midnightLayout = " hh:mm"
)

// read reads a day; serial says that it stood there as the day's number of a spreadsheet.
func (r *dateReader) read(s string) (d app.Date, serial, ok bool) {
	s = withoutMidnight(s)
	if r.layout != nil {
		if at, _, ok := r.layout.Read(s + midnight); ok {
			return dayOf(at), false, true
		}
	}
	if d, ok := r.numeric(s); ok && (r.layout == nil || yearFirst(s)) { // a layout that was said is not guessed around
		return d, false, true
	}
	if d, ok := byName(s); ok {
		return d, false, true
	}
	d, ok = serialDay(s)
	return d, ok, ok
}

func dayOf(at time.Time) app.Date { return app.NewDate(at.Year(), at.Month(), at.Day()) }

// withoutMidnight cuts the clock off that spreadsheets and databases add to a day.
func withoutMidnight(s string) string {
	day, clock, found := strings.Cut(s, "T")
	if !found || day == "" || strings.Trim(day, "0123456789-") != "" {
		day, clock, found = strings.Cut(s, " ")
	}
	if found && strings.Trim(strings.TrimSuffix(clock, "Z"), "0:.") == "" && strings.Contains(clock, ":") {
		return day
	}
	return s
}

// numeric reads 31/12/1990, 31-12-1990, 31.12.1990 and 1990-12-31, also with
// single digits. Two digits of a year are not guessed at.
func (r *dateReader) numeric(s string) (app.Date, bool) {
	n, yearFirst, ok := threeNumbers(s)
	if !ok {
		return 0, false
	}
	if r.monthFirst && !yearFirst {
		n[0], n[1] = n[1], n[0]
	}
	return realDay(n[2], n[1], n[0])
}

// threeNumbers cuts a date of numbers into day, month and year as they would be in Belgium.
func threeNumbers(s string) (n [3]int, yearFirst, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || strings.ContainsRune(s, ' ') {
		return n, false, false
	}
	if yearFirst = len(parts[0]) == 4; yearFirst {
		parts[0], parts[2] = parts[2], parts[0]
	}
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil || (i < 2 && len(part) > 2) || (i == 2 && len(part) != 4) {
			return n, false, false
		}
		n[i] = int(v)
	}
	return n, yearFirst, true
}

func yearFirst(s string) bool {
	_, is, ok := threeNumbers(s)
	return ok && is
}

func realDay(year, month, day int) (app.Date, bool) {
	if year < 1900 || year > 2100 {
		return 0, false
	}
	d := app.NewDate(year, time.Month(month), day)
	y, m, dayOfMonth := d.YMD()
	return d, y == year && int(m) == month && dayOfMonth == day
}

// byName reads a day whose month stands there by name, in four languages: 1 september 2024, 01-sep-2024, sep 1, 2024.
func byName(s string) (app.Date, bool) {
	if len(s) > 40 || !strings.ContainsAny(s, "0123456789") || !strings.ContainsFunc(s, unicode.IsLetter) {
		return 0, false
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-., ", r) }), " ")
	for _, layout := range []string{"D MMM YYYY", "DDD D MMM YYYY", "MMM D YYYY"} {
		l, err := reading.ParseLayout(layout + midnightLayout)
		if err != nil {
			continue
		}
		if at, _, ok := l.Read(s + midnight); ok {
			return dayOf(at), true
		}
	}
	return 0, false
}

// monthFirst finds by proof that a file's dates have the month before the day: one
// is a date only so, and none only otherwise. It gives the line of the first such date.
func monthFirst(cells []dateCell) (line int, is bool) {
	day := false
	for _, c := range cells {
		n, yearFirst, ok := threeNumbers(withoutMidnight(c.text))
		if !ok || yearFirst {
			continue
		}
		_, asDay := realDay(n[2], n[1], n[0])
		_, asMonth := realDay(n[2], n[0], n[1])
		switch {
		case asMonth && !asDay && line == 0:
			line = c.line
		case asDay && !asMonth:
			day = true
		}
	}
	return line, line > 0 && !day
}

// dateCell is a cell of a column of dates.
type dateCell struct {
	line int
	text string
}
