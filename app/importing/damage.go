package importing

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app"
	"klokkast/app/reading"
)

// What spreadsheets and other programs do to a list on its way: they take leading
// zeros off, write long numbers as 4,1E+09, make dates of house numbers and
// numbers of dates. What can be put right for certain is, with a note; what
// cannot is refused with what a right value looks like.

// shortened says that a spreadsheet wrote a number with an exponent, such as
// 4,1E+09: its last digits are gone.
func shortened(s string) bool {
	e := strings.IndexAny(s, "eE")
	if e < 1 || e+2 >= len(s) || strings.IndexByte("+-", s[e+1]) < 0 || strings.Trim(s[e+2:], "0123456789") != "" {
		return false
	}
	whole, rest, _ := strings.Cut(strings.Replace(strings.TrimPrefix(s[:e], "-"), ",", ".", 1), ".")
	return whole != "" && strings.Trim(whole+rest, "0123456789") == ""
}

// withoutDecimals takes the ,00 off a number that somebody's program took for an amount.
func withoutDecimals(s string) (string, bool) {
	whole, zeros, found := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if !found || zeros == "" || strings.Trim(zeros, "0") != "" || whole == "" || strings.Trim(whole, "0123456789") != "" {
		return s, false
	}
	return whole, true
}

// sheetError says that a cell holds what a spreadsheet shows instead of a value:
// an error, or signs since the column was too narrow.
func sheetError(s string) bool {
	if strings.Trim(s, "#") == "" {
		return len(s) >= 3
	}
	return len(s) > 3 && s[0] == '#' && strings.IndexByte("!?", s[len(s)-1]) >= 0 || strings.EqualFold(s, "#N/A") || strings.EqualFold(s, "#N/B") || strings.EqualFold(s, "#NV")
}

// rightLetters puts letters right that were written as UTF-8 and read as Windows-1252, such as MÃ¼ller.
func rightLetters(s string) (string, bool) {
	if !strings.ContainsAny(s, "ÃÂÅÄâ") {
		return s, false
	}
	raw, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil || !utf8.ValidString(raw) || utf8.RuneCountInString(raw) == utf8.RuneCountInString(s) {
		return s, false
	}
	return raw, true
}

// sameButZeros says that two numbers differ in leading zeros alone.
func sameButZeros(a, b string) bool {
	return a != b && a != "" && b != "" && withoutZeros(a) == withoutZeros(b)
}

// keepZeros returns which of two numbers that differ in leading zeros is the right
// one: the longer, for zeros get lost and do not come by themselves.
func keepZeros(d *draft, name column, stored, listed string) string {
	if !sameButZeros(stored, listed) {
		return listed
	}
	if len(stored) > len(listed) {
		d.add(Note, name, because("note.zerosLost", "Right", stored))
		return stored
	}
	d.add(Note, name, because("note.zerosBack"))
	return listed
}

// withoutZeros is a number without leading zeros; what is no number has none.
func withoutZeros(s string) string {
	if strings.Trim(s, "0123456789") != "" {
		return s
	}
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// Days of spreadsheets are counted from 1899-12-30. These bounds are 1950 and
// 2100: what lies between them, where a date is wanted, is one.
const (
	firstSerial = 18_264
	afterSerial = 73_051
)

// serialDay reads the day's number of a spreadsheet, such as 46328 (2026-11-02).
func serialDay(s string) (app.Date, bool) {
	s, _ = withoutDecimals(s)
	if len(s) != 5 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n := 0
	for _, digit := range s {
		n = 10*n + int(digit-'0')
	}
	if n < firstSerial || n >= afterSerial {
		return 0, false
	}
	return app.NewDate(1899, time.December, 30).AddDays(n), true
}

// houseOfDate returns the house number of which a spreadsheet made a date, as well
// as it can be known: 9-11 of 9/nov, 11-Sep, 2026-11-09, 46335. Numbers of a
// street are written upwards, so the smaller one comes first.
func houseOfDate(s string) (number string, ok bool) {
	if a, b, found := dayAndMonth(s); found {
		return pairOf(a, b), true
	}
	d, found := serialDay(s)
	if !found {
		d, found = (&dateReader{}).numeric(s)
	}
	if !found {
		return "", false
	}
	_, month, day := d.YMD()
	return pairOf(day, int(month)), true
}

func pairOf(a, b int) string { return fmt.Sprintf("%d-%d", min(a, b), max(a, b)) }

// sameHouse says that a house number is the one of which a date was made: 9-11, 9/11 and 11-9 are.
func sameHouse(number, likely string) bool {
	parts := strings.FieldsFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) != 2 {
		return false
	}
	return parts[0]+"-"+parts[1] == likely || parts[1]+"-"+parts[0] == likely
}

// dayAndMonth reads 9/nov, 9-Nov., nov-26: two numbers, one of them by a month's name.
func dayAndMonth(s string) (a, b int, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-. ", r) })
	if len(parts) != 2 {
		return 0, 0, false
	}
	if strings.Trim(parts[0], "0123456789") == "" {
		parts[0], parts[1] = parts[1], parts[0]
	}
	if len(parts[1]) > 2 || strings.Trim(parts[1], "0123456789") != "" {
		return 0, 0, false
	}
	layout, err := reading.ParseLayout("D MMM YYYY hh:mm")
	if err != nil {
		return 0, 0, false
	}
	at, _, ok := layout.Read("1 " + parts[0] + " 2024 00:00")
	n := 0
	for _, digit := range parts[1] {
		n = 10*n + int(digit-'0')
	}
	return n, int(at.Month()), ok && n > 0
}

// rightPhone puts back what a spreadsheet took off a telephone number: the first
// zero of a Belgian one, the + of an international one.
func rightPhone(s string) (string, bool) {
	if strings.Trim(s, "0123456789") != "" || s == "" || s[0] == '0' {
		return s, false
	}
	switch n := len(s); {
	case n == 8, n == 9 && s[0] == '4': // 16 27 20 00, 470 12 34 56
		return "0" + s, true
	case n >= 10 && n <= 15:
		return "+" + s, true
	}
	return s, false
}

// evenHex puts the zero back that a card's number lost: its bytes are two digits each.
func evenHex(s string) (string, bool) {
	v := strings.NewReplacer(" ", "", ":", "", "-", "").Replace(s)
	if len(v)%2 == 0 || len(v) < 7 || strings.Trim(strings.ToUpper(v), "0123456789ABCDEF") != "" {
		return s, false
	}
	return "0" + v, true
}
