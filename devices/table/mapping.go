// Package table reads any export that is a table of taps: CSV with any
// separator, or columns of fixed width. What the columns mean is a
// reading.Mapping, which a person makes by looking at a preview and the office
// remembers per box.
//
// Identities, zones and doubled hours are those of package zkteco, whose files
// have no sequence numbers either.
package table

import (
	"encoding/hex"
	"math/big"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// Mapping, Column and Row are those of package reading, where the office keeps them.
type (
	Mapping = reading.Mapping
	Column  = reading.Column
	Row     = reading.TableRow
)

// maxColumns is how many columns of a line are looked at.
const maxColumns = 256

// decoder reads lines by a mapping.
type decoder struct {
	Mapping
	layout string // for package time
}

// decoderOf returns the decoder of a mapping, or what is wrong with it.
func decoderOf(m Mapping) (decoder, error) {
	if err := m.Validate(); err != nil {
		return decoder{}, err
	}
	layout, err := m.TimeLayout()
	return decoder{m, layout}, err
}

// badge reads a badge in its form.
func badge(form reading.BadgeForm, s string) (app.IdentifierKind, string, bool) {
	if s == "" || len(s) > 24 {
		return "", "", false
	}
	switch form {
	case reading.BadgePIN:
		for _, c := range []byte(s) {
			if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
				return "", "", false
			}
		}
		if t := strings.TrimLeft(s, "0"); t != "" {
			return app.PIN, t, true
		}
		return app.PIN, "0", true
	case reading.BadgeHex:
		p, err := hex.DecodeString(s)
		return app.Card, strings.ToUpper(s), err == nil && len(p) >= 2 && len(p) <= 10
	case reading.BadgeDecimal:
		v, ok := new(big.Int).SetString(s, 10)
		if !ok || strings.TrimLeft(s, "0123456789") != "" || v.BitLen() > 80 || v.BitLen() == 0 {
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

// time reads the time of a line.
func (d *decoder) time(fields func(Column) string) (time.Time, bool) {
	text := fields(d.Date)
	if d.Clock.There() {
		text += " " + fields(d.Clock)
	}
	return readTime(d.layout, text)
}

// readTime reads a time in a layout of package time, within the years that a record can hold.
func readTime(layout, text string) (time.Time, bool) {
	t, err := time.Parse(layout, strings.Join(strings.Fields(text), " "))
	return t, err == nil && t.Year() >= 1970 && t.Year() <= 2105
}

// fields returns a function that finds a column's text in a line.
func (d *decoder) fields(line string) func(Column) string {
	var columns []string
	var characters []rune
	if d.Separator != "" {
		columns = split(line, d.Separator)
	} else {
		characters = []rune(line)
	}
	return func(c Column) string {
		switch {
		case !c.There():
			return ""
		case d.Separator != "":
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
