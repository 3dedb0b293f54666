// Package table reads any export that is a table of taps: CSV with any
// separator, or columns of fixed width. What the columns mean is a Mapping,
// which a person makes by looking at a Preview and the office remembers per box.
//
// Identities, zones and doubled hours are those of package zkteco, whose files
// have no sequence numbers either.
package table

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"klokkast/app"
)

// Make marks boxes whose taps come from such tables.
const Make app.Make = "table"

// Column is where a value stands: in CSV the nth column from 1, in fixed width
// the nth character from 1 with its width. The zero Column is none.
type Column struct {
	From  int `json:"from"`
	Width int `json:"width,omitempty"` // characters; fixed width only, 0: to the end of the line
}

func (c Column) there() bool { return c.From > 0 }

// BadgeForm is how the badge column is written.
type BadgeForm string

// Forms of badges.
const (
	PIN         BadgeForm = "pin"          // a number or name of the terminal's own
	CardHex     BadgeForm = "card-hex"     // a card's bytes
	CardDecimal BadgeForm = "card-decimal" // a card as a number, its bytes big-endian, at least four
)

// Mapping says how a table is read. It is plain data, kept per box as JSON.
type Mapping struct {
	// Separator is one character; "" means fixed width.
	Separator string `json:"separator,omitempty"`
	// Skip is how many lines stand before the first tap: titles and the like.
	Skip int `json:"skip,omitempty"`
	// Latin says that the file is in Windows-1252, not UTF-8.
	Latin bool `json:"latin,omitempty"`

	Badge     Column    `json:"badge"`
	BadgeForm BadgeForm `json:"badgeForm"`
	// Date and Clock are two columns, or Date alone when both stand in one.
	Date  Column `json:"date"`
	Clock Column `json:"clock,omitzero"`
	// Layout is the date's (and, with a blank between, the clock's) form, in the letters
	// that people know: YYYY MM DD hh mm ss, such as "DD/MM/YYYY hh:mm".
	Layout string `json:"layout"`
	// Status is the column of the pressed key and Keys its meanings; a status
	// that Keys does not name means no key.
	Status Column `json:"status,omitzero"`
	Keys   Keys   `json:"keys,omitempty"`
}

// Keys are the meanings of a status column: "IN" may be app.KeyIn.
type Keys map[string]app.PunchKey

// UnmarshalJSON reads keys by their names: none, in, out, break-start, break-end.
func (k *Keys) UnmarshalJSON(b []byte) error {
	var names map[string]string
	if err := json.Unmarshal(b, &names); err != nil {
		return fmt.Errorf("keys of a mapping: %w", err)
	}
	*k = Keys{}
	for status, name := range names {
		key := app.KeyNone
		for key.String() != name {
			if key++; key > app.KeyBreakEnd {
				return fmt.Errorf("keys of a mapping: %q is no key", name)
			}
		}
		(*k)[status] = key
	}
	return nil
}

// Bounds of a mapping.
const (
	maxColumns = 256
	maxSkip    = 1000
)

// Validate says what is wrong with a mapping, as *app.FieldError.
func (m Mapping) Validate() error {
	bad := func(field, code, example string) error {
		return &app.FieldError{Field: field, Code: code, Example: example}
	}
	if len([]rune(m.Separator)) > 1 || strings.ContainsAny(m.Separator, "\r\n\"") {
		return bad("separator", "mapping.separator", ";")
	}
	if m.Skip < 0 || m.Skip > maxSkip {
		return bad("skip", "mapping.skip", "1")
	}
	for field, c := range map[string]Column{"badge": m.Badge, "date": m.Date, "clock": m.Clock, "status": m.Status} {
		if c.From < 0 || c.Width < 0 || (m.Separator != "" && c.From > maxColumns) || c.From > MaxLine || c.Width > MaxLine {
			return bad(field, "mapping.column", "1")
		}
	}
	if !m.Badge.there() {
		return bad("badge", "mapping.column", "1")
	}
	if !m.Date.there() {
		return bad("date", "mapping.column", "2")
	}
	if !slices.Contains([]BadgeForm{PIN, CardHex, CardDecimal}, m.BadgeForm) {
		return bad("badgeForm", "mapping.badge", string(PIN))
	}
	if _, err := layout(m.Layout); err != nil {
		return bad("layout", "mapping.layout", "DD/MM/YYYY hh:mm:ss")
	}
	return nil
}

// layout turns YYYY-MM-DD hh:mm:ss into what package time takes. Year, month,
// day, hour and minute must all be there, once; nothing else may be letters.
func layout(s string) (string, error) {
	out := s
	for _, part := range []struct {
		letters, meaning string
		optional         bool
	}{{"YYYY", "2006", false}, {"MM", "01", false}, {"DD", "02", false}, {"hh", "15", false}, {"mm", "04", false}, {"ss", "05", true}} {
		n := strings.Count(out, part.letters)
		if part.letters == "YYYY" && n == 0 && strings.Count(out, "YY") == 1 {
			out = strings.Replace(out, "YY", "06", 1)
			continue
		}
		if n > 1 || (n == 0 && !part.optional) {
			return "", fmt.Errorf("layout: %s stands %d times", part.letters, n)
		}
		out = strings.Replace(out, part.letters, part.meaning, 1)
	}
	for _, r := range s { // what is left beside the parts: punctuation and blanks only
		if !strings.ContainsRune("YMDhms/-.: T,", r) {
			return "", fmt.Errorf("layout: %q", r)
		}
	}
	for _, r := range out {
		if (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z' && r != 'T') {
			return "", fmt.Errorf("layout: %q stands alone", r)
		}
	}
	return out, nil
}

// badge reads a badge in its form.
func (m Mapping) badge(s string) (app.IdentifierKind, string, bool) {
	if s == "" || len(s) > 24 {
		return "", "", false
	}
	switch m.BadgeForm {
	case PIN:
		for _, c := range []byte(s) {
			if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
				return "", "", false
			}
		}
		if t := strings.TrimLeft(s, "0"); t != "" {
			return app.PIN, t, true
		}
		return app.PIN, "0", true
	case CardHex:
		p, err := hex.DecodeString(s)
		return app.Card, strings.ToUpper(s), err == nil && len(p) >= 2 && len(p) <= 10
	case CardDecimal:
		v, ok := new(big.Int).SetString(s, 10)
		if !ok || strings.TrimLeft(s, "0123456789") != "" || v.BitLen() > 80 {
			return "", "", false
		}
		p := v.Bytes()
		if len(p) < 4 {
			p = v.FillBytes(make([]byte, 4))
		}
		return app.Card, strings.ToUpper(hex.EncodeToString(p)), true
	}
	return "", "", false
}

// Guess proposes a mapping for the first lines of a table, for a person to
// correct: the separator that parts every line alike, and the first column in
// which every line behind the titles has a date.
func Guess(lines []string) Mapping {
	best := Mapping{Layout: "YYYY-MM-DD hh:mm:ss", BadgeForm: PIN, Badge: Column{From: 1}, Date: Column{From: 2}}
	if len(lines) == 0 {
		return best
	}
	body := lines[len(lines)/2:]
	for _, sep := range []string{";", "\t", ",", "|"} {
		n := len(split(body[0], sep))
		if n < 2 || slices.ContainsFunc(body, func(l string) bool { return len(split(l, sep)) != n }) {
			continue
		}
		best.Separator = sep
		guessTime(&best, body, n)
		break
	}
	for best.Separator != "" && best.Skip < len(lines)-1 {
		if _, ok := best.time(lines[best.Skip]); ok {
			break
		}
		best.Skip++
	}
	return best
}

// guessTime finds the column, or two columns side by side, that hold the time.
func guessTime(m *Mapping, body []string, columns int) {
	dates := []string{"YYYY-MM-DD", "DD/MM/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "YYYY/MM/DD", "YYYYMMDD"}
	for c := 1; c <= columns; c++ {
		for _, date := range dates {
			for _, clock := range []string{"hh:mm:ss", "hh:mm"} {
				for _, two := range []bool{false, true} {
					try := *m
					try.Date, try.Clock, try.Layout = Column{From: c}, Column{}, date+" "+clock
					if two {
						try.Clock = Column{From: c + 1}
					}
					if !slices.ContainsFunc(body, func(l string) bool { _, ok := try.time(l); return !ok }) {
						m.Date, m.Clock, m.Layout = try.Date, try.Clock, try.Layout
						switch {
						case c == 1 && two:
							m.Badge = Column{From: 3}
						case c == 1:
							m.Badge = Column{From: 2}
						}
						return
					}
				}
			}
		}
	}
}

// time reads the time of a line.
func (m Mapping) time(line string) (time.Time, bool) {
	l, err := layout(m.Layout)
	if err != nil {
		return time.Time{}, false
	}
	fields := m.fields(line)
	text := fields(m.Date)
	if m.Clock.there() {
		text += " " + fields(m.Clock)
	}
	t, err := time.Parse(l, strings.Join(strings.Fields(text), " "))
	return t, err == nil && t.Year() >= 1970 && t.Year() <= 2105
}

// fields gives a function that finds a column's text in a line.
func (m Mapping) fields(line string) func(Column) string {
	var columns []string
	var characters []rune
	if m.Separator != "" {
		columns = split(line, m.Separator)
	} else {
		characters = []rune(line)
	}
	return func(c Column) string {
		switch {
		case !c.there():
			return ""
		case m.Separator != "":
			if c.From > len(columns) {
				return ""
			}
			return columns[c.From-1]
		case c.From > len(characters):
			return ""
		}
		text := characters[c.From-1:]
		if c.Width > 0 && c.Width < len(text) {
			text = text[:c.Width]
		}
		return strings.TrimSpace(string(text))
	}
}

// split parts a line at a separator outside double quotes; "" within quotes is one quote.
func split(line, separator string) []string {
	var out []string
	for {
		var field string
		rest := strings.TrimLeft(line, " ")
		if strings.HasPrefix(rest, `"`) {
			field, rest = quoted(rest[1:])
			_, after, more := strings.Cut(rest, separator)
			out = append(out, strings.TrimSpace(field))
			if !more || len(out) > maxColumns {
				return out
			}
			line = after
			continue
		}
		field, after, more := strings.Cut(line, separator)
		out = append(out, strings.TrimSpace(field))
		if !more || len(out) > maxColumns {
			return out
		}
		line = after
	}
}

func quoted(s string) (field, rest string) {
	var b strings.Builder
	for {
		before, after, closed := strings.Cut(s, `"`)
		b.WriteString(before)
		if !closed {
			return b.String(), ""
		}
		if !strings.HasPrefix(after, `"`) {
			return b.String(), after
		}
		b.WriteByte('"')
		s = after[1:]
	}
}
