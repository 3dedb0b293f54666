package attendance

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// ErrUnit says that a text is no value of a unit.
var ErrUnit = errors.New("no value of that unit")

// Write returns a value as it is typed: "6 h 30 min", "30 s", "7 d", "20:00",
// "60 km/h", "90 %", "30 d", "8", "yes". Parse reads it.
func (u Unit) Write(v int64) string {
	switch u {
	case Milliseconds:
		return writeSpan(v)
	case TimeOfDay:
		return pad(v/hour) + ":" + pad(v%hour/minute)
	case Speed:
		return strconv.FormatInt(v, 10) + " km/h"
	case Percent:
		return strconv.FormatInt(v, 10) + " %"
	case DayCount:
		return strconv.FormatInt(v, 10) + " d"
	case YesNo:
		if v != 0 {
			return "yes"
		}
		return "no"
	}
	return strconv.FormatInt(v, 10)
}

func pad(v int64) string {
	if v < 10 {
		return "0" + strconv.FormatInt(v, 10)
	}
	return strconv.FormatInt(v, 10)
}

// writeSpan writes whole days as days, everything else in hours and less; what
// is below a second as milliseconds.
func writeSpan(v int64) string {
	if v == 0 {
		return "0 min"
	}
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	if v >= 2*day && v%day == 0 {
		return sign + strconv.FormatInt(v/day, 10) + " d"
	}
	var parts []string
	for _, p := range [...]struct {
		size int64
		name string
	}{{hour, " h"}, {minute, " min"}, {second, " s"}, {1, " ms"}} {
		if n := v / p.size; n != 0 {
			parts = append(parts, strconv.FormatInt(n, 10)+p.name)
			v -= n * p.size
		}
	}
	return sign + strings.Join(parts, " ")
}

// Parse reads a value as people write it in the four languages: "6 h 30 min",
// "6:30", "1,5 uur", "7 dagen", "2 jours", "20 Uhr", "60 km/u", "90%", "ja". A
// number alone is enough where the unit is no span of time. Whether it makes
// sense is for CheckThresholds to say.
func (u Unit) Parse(s string) (int64, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch u {
	case Milliseconds:
		return parseSpan(s)
	case TimeOfDay:
		return parseTimeOfDay(s)
	case YesNo:
		return parseYesNo(s)
	case DayCount:
		if ms, err := parseSpan(s); err == nil && ms%day == 0 && strings.ContainsFunc(s, unicode.IsLetter) {
			return ms / day, nil
		}
	}
	for _, unit := range [...]string{"km/h", "km/u", "%", "x"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, ErrUnit
	}
	return v, nil
}

func parseYesNo(s string) (int64, error) {
	switch s {
	case "yes", "ja", "oui", "1", "on":
		return 1, nil
	case "no", "nee", "nein", "non", "0", "off":
		return 0, nil
	}
	return 0, ErrUnit
}

// parseTimeOfDay reads 20:00, 20h, 20u30, 20 Uhr.
func parseTimeOfDay(s string) (int64, error) {
	for _, unit := range [...]string{" uhr", "uhr", " uur", "uur", " h", " u"} {
		s = strings.TrimSuffix(s, unit)
	}
	h, m, _ := strings.Cut(strings.NewReplacer("h", ":", "u", ":", ".", ":").Replace(s), ":")
	if m == "" {
		m = "0"
	}
	hours, err1 := strconv.ParseUint(strings.TrimSpace(h), 10, 8)
	minutes, err2 := strconv.ParseUint(strings.TrimSpace(m), 10, 8)
	if errors.Join(err1, err2) != nil || hours > 23 || minutes > 59 {
		return 0, ErrUnit
	}
	return int64(hours)*hour + int64(minutes)*minute, nil
}

// parseSpan reads numbers with their units, or hours and minutes as 6:30.
func parseSpan(s string) (int64, error) {
	s, negative := strings.CutPrefix(s, "-")
	if h, m, ok := strings.Cut(s, ":"); ok {
		hours, err1 := strconv.ParseUint(strings.TrimSpace(h), 10, 16)
		minutes, err2 := strconv.ParseUint(strings.TrimSpace(m), 10, 8)
		if errors.Join(err1, err2) != nil || minutes > 59 {
			return 0, ErrUnit
		}
		return signed(int64(hours)*hour+int64(minutes)*minute, negative), nil
	}
	if strings.TrimSpace(s) == "0" {
		return 0, nil
	}
	sum := 0.0
	for rest := strings.TrimSpace(s); ; {
		number, unit, after := nextPart(rest)
		n, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", "."), 64)
		size := sizeOf(unit)
		if err != nil || size == 0 {
			return 0, ErrUnit
		}
		sum += n * float64(size)
		if after == "" {
			break
		}
		rest = after
	}
	const most = 100 * 366 * day // beyond a century it is a slip
	if !(sum <= float64(most)) {
		return 0, ErrUnit
	}
	return signed(int64(math.Round(sum)), negative), nil
}

func signed(v int64, negative bool) int64 {
	if negative {
		return -v
	}
	return v
}

// nextPart cuts a number and its unit from the front of a text.
func nextPart(s string) (number, unit, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && r != ',' && r != '.' })
	if end < 0 {
		return s, "", ""
	}
	number, s = s[:end], strings.TrimSpace(s[end:])
	end = strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })
	if end < 0 {
		return number, s, ""
	}
	return number, s[:end], strings.TrimSpace(s[end:])
}

// sizeOf returns the milliseconds of a unit of time by how its name begins in
// Dutch, French, German or English; 0 for what is none.
func sizeOf(unit string) int64 {
	for _, u := range [...]struct {
		begins string
		size   int64
	}{{"ms", 1}, {"milli", 1}, {"st", hour}, {"s", second}, {"m", minute}, {"h", hour}, {"u", hour}, {"d", day}, {"j", day}, {"t", day}, {"w", 7 * day}} {
		if strings.HasPrefix(unit, u.begins) {
			return u.size
		}
	}
	return 0
}
