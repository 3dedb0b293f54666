// Package table reads any export that is a table of taps: CSV with any
// separator, columns of fixed width, or a workbook (xlsx). What the columns mean
// is a reading.Mapping, which is proposed, with its reasons and questions, from
// what stands in the file; a person looks at a preview, and the office remembers
// it per box.
//
// Identities, zones and doubled hours are those of package zkteco, whose files
// have no sequence numbers either.
package table

import (
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/zkteco"
)

// Mapping, Column and Row are those of package reading, where the office keeps them.
type (
	Mapping = reading.Mapping
	Column  = reading.Column
	Row     = reading.TableRow
)

// maxColumns is how many columns of a line are looked at.
const maxColumns = 256

// Reader reads the lines of tables by a mapping, each by itself: what a line says depends on nothing but its number and
// its bytes. It may be used from several goroutines at once.
type Reader struct {
	Mapping
	layout  reading.Layout
	zone    *time.Location
	charmap *charmap.Charmap // nil for UTF-8
}

// NewReader returns a reader by a mapping of boxes in a zone (nil: UTC), or what is wrong with the mapping.
func NewReader(m Mapping, zone *time.Location) (*Reader, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	layout, err := reading.ParseLayout(m.Layout)
	if err != nil {
		return nil, err
	}
	if zone == nil {
		zone = time.UTC
	}
	return &Reader{m, layout, zone, charmapOf(m.Encoding)}, nil
}

func charmapOf(e reading.Encoding) *charmap.Charmap {
	switch e {
	case reading.Windows1252:
		return charmap.Windows1252
	case reading.CP850:
		return charmap.CodePage850
	case reading.Macintosh:
		return charmap.Macintosh
	}
	return nil
}

// decode returns a line as text; UTF-8 with broken characters is shown as well as it can be. A line that is UTF-8 is so by any
// mapping: letters of another encoding hardly ever make it, and a later export may be in UTF-8.
func decode(raw []byte, c *charmap.Charmap) string {
	if c == nil || utf8.Valid(raw) {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	var b strings.Builder
	b.Grow(len(raw) + 8)
	for _, x := range raw {
		b.WriteRune(c.DecodeByte(x))
	}
	return b.String()
}

// Rows returns what the mapping makes of a line, which is the numberth of its file, from 1: its taps (several where IN and
// OUT stand in one row), or one row that says why it is none (None, Problem). A row is never left out: every line gives at
// least one.
func (r *Reader) Rows(number int, raw []byte) []Row {
	if len(raw) > MaxLine {
		return []Row{r.tooLong(number, raw[:MaxLine], len(raw))}
	}
	text := decode(raw, r.charmap)
	c := r.cells(text)
	rows := r.rows(c)
	if len(rows) == 1 && rows[0].Problem != "" {
		if none := r.none(number, text, c); none != "" {
			rows[0] = Row{None: none}
		}
	}
	for i := range rows {
		rows[i].Line, rows[i].Text = number, text
	}
	return rows
}

func (r *Reader) tooLong(number int, begin []byte, length int) Row {
	return Row{Line: number, Text: decode(begin, r.charmap), Problem: zkteco.TooLong, Length: length, Limit: MaxLine}
}

// rows reads the taps of a line; a single row with a Problem where there is none.
func (r *Reader) rows(c cells) []Row {
	row := Row{}
	shown := c.at(r.Badge)
	if shown == "" {
		return problem(row, zkteco.BadColumns, r.Badge, "", badgeExample(r.BadgeForm))
	}
	if shortened(shown) {
		return problem(row, zkteco.Scientific, r.Badge, shown, badgeExample(r.BadgeForm))
	}
	var ok bool
	if row.Kind, row.Badge, ok = badge(r.BadgeForm, shown); !ok {
		code := zkteco.BadPIN
		if r.BadgeForm != reading.BadgePIN {
			code = zkteco.BadCard
		}
		return problem(Row{}, code, r.Badge, shown, badgeExample(r.BadgeForm))
	}
	if row.Status = c.at(r.Status); len(row.Status) > reading.MaxStatus {
		status := row.Status
		row.Status = ""
		return problem(row, LongStatus, r.Status, status, "IN")
	}
	if row.Status != "" {
		var named bool
		if row.Key, named = r.Keys.Of(row.Status); !named && dashes(row.Status) {
			row.Status, named = "", true
		}
		row.Unnamed = !named
	}
	return r.taps(c, row)
}

// taps gives a row the time of its first tap, and puts the other taps of the line behind it.
func (r *Reader) taps(c cells, row Row) []Row {
	var out []Row
	var before time.Time // in the order of the row
	for i := -1; i < len(r.Also); i++ {
		at, last, key := r.first(c), r.last(), row.Key
		if i >= 0 {
			at, last, key = r.also(c, r.Also[i]), r.Also[i].Clock, r.Also[i].Key
		} else if len(r.Also) > 0 && !r.Status.There() {
			key = app.KeyIn
		}
		if len(r.Also) > 0 && vacant(c.at(last)) {
			continue // an IN or OUT that nobody made
		}
		t, absolute, ok := r.layout.Read(at)
		if !ok && at == "" {
			return problem(row, zkteco.BadColumns, last, "", r.Layout)
		}
		if !ok {
			return problem(row, zkteco.BadLayout, last, at, r.Layout)
		}
		if i >= 0 && !r.Also[i].Date.There() && r.Clock.There() && t.Before(before) {
			t = t.AddDate(0, 0, 1)
		}
		before = t
		tap := row
		tap.Key, tap.Local = key, t
		if absolute {
			tap.At = max(1, app.At(t))
		}
		out = append(out, tap.In(r.zone))
	}
	if len(out) == 0 {
		return problem(row, zkteco.BadColumns, r.last(), "", r.Layout)
	}
	return out
}

// first returns the text of the first tap's time.
func (r *Reader) first(c cells) string {
	text := plainTime(c.at(r.Date))
	if r.Clock.There() {
		text += " " + plainTime(c.at(r.Clock))
	}
	for _, m := range r.More {
		text += " " + plainTime(c.at(m))
	}
	return strings.TrimSpace(text)
}

// plainTime takes off the apostrophe that spreadsheets put before what is to stay a text.
func plainTime(s string) string { return strings.TrimPrefix(s, "'") }

// last returns the column that holds the first tap's clock.
func (r *Reader) last() Column {
	if r.Clock.There() {
		return r.Clock
	}
	return r.Date
}

// also returns the text of a further tap's time.
func (r *Reader) also(c cells, a reading.AlsoTap) string {
	switch {
	case a.Date.There():
		return plainTime(c.at(a.Date)) + " " + plainTime(c.at(a.Clock))
	case r.Clock.There():
		return plainTime(c.at(r.Date)) + " " + plainTime(c.at(a.Clock))
	}
	return plainTime(c.at(a.Clock))
}

// vacant says that nothing is written, or what stands for nothing: -, --:--.
func vacant(s string) bool { return strings.Trim(s, "-–—:._/? ") == "" }

// dashes says that a text is what people write for nothing.
func dashes(s string) bool { return strings.Trim(s, "-–— ") == "" }

func problem(row Row, code string, c Column, value, wanted string) []Row {
	row.Problem, row.Column, row.Value, row.Wanted = code, c.From, cut(value), wanted
	return []Row{row}
}

// shownValue is how much of a value a problem tells, in characters.
const shownValue = 60

func cut(s string) string {
	if r := []rune(s); len(r) > shownValue {
		return string(r[:shownValue-1]) + "…"
	}
	return s
}

// none says why a line that is no tap need not be one; "" where it is a tap that cannot be read.
func (r *Reader) none(number int, text string, c cells) reading.NoTap {
	date := c.at(r.Date)
	switch {
	case strings.Trim(text, " \t\u00a0"+r.Separator+`"`) == "":
		return reading.NoTapEmpty
	case number <= r.Skip, !hasDigit(date) && (timeTitle(date) || isTitle(c.at(r.Badge), slices.Concat(badgeTitles(), weakBadgeTitles())) && date != ""):
		return reading.NoTapTitle
	case !strings.ContainsFunc(text, func(x rune) bool { return unicode.IsLetter(x) || unicode.IsDigit(x) }): // a ruler
		return reading.NoTapTitle
	case isTotal(c.begin()) && !(hasDigit(date) && hasDigit(c.at(r.Badge))), !hasDigit(date) && (isTotal(date) || !hasDigit(c.at(r.Badge)) && c.has(isTotal)):
		return reading.NoTapTotal
	case c.alone() && strings.Contains(strings.TrimSpace(text), " ") && (date == "" || !hasDigit(text)):
		return reading.NoTapNote
	case r.restless(c):
		return reading.NoTapNote
	}
	return ""
}

// restless says that a row of a day names its person and no time at all: who was away.
func (r *Reader) restless(c cells) bool {
	if len(r.Also) == 0 || c.at(r.Badge) == "" || !vacant(c.at(r.last())) {
		return false
	}
	for _, a := range r.Also {
		if !vacant(c.at(a.Clock)) {
			return false
		}
	}
	return true
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// badgeExample is what a right badge looks like.
func badgeExample(form reading.BadgeForm) string {
	switch form {
	case reading.BadgeHex:
		return "04A3F21B"
	case reading.BadgeDecimal:
		return "0012345678"
	}
	return "1042"
}

// shortened says that a spreadsheet wrote a number as 4,1E+09.
func shortened(s string) bool {
	mantissa, exponent, is := strings.Cut(strings.ToUpper(strings.TrimPrefix(s, "'")), "E")
	return is && strings.ContainsAny(s, ".,+") && mantissa != "" && strings.Trim(mantissa, "0123456789.,") == "" &&
		strings.Trim(exponent, "+-") != "" && strings.Trim(exponent, "+-0123456789") == ""
}

// badge reads a badge in its form.
func badge(form reading.BadgeForm, s string) (app.IdentifierKind, string, bool) {
	if whole, cut := strings.CutSuffix(strings.Replace(s, ",", ".", 1), ".0"); cut && strings.Trim(whole, "0123456789") == "" {
		s = whole // a number that a program took for one with decimals
	}
	switch form {
	case reading.BadgePIN:
		pin, ok := app.PlainPIN(s)
		return app.PIN, pin, ok
	case reading.BadgeHex:
		s = strings.TrimPrefix(strings.NewReplacer(":", "", "-", "", " ", "", "'", "").Replace(s), "0x")
		p, err := hex.DecodeString(s)
		return app.Card, strings.ToUpper(s), err == nil && len(p) >= 2 && len(p) <= 10
	case reading.BadgeDecimal:
		s = strings.NewReplacer(" ", "", "'", "").Replace(s)
		if s == "" || len(s) > 25 || strings.Trim(s, "0123456789") != "" {
			return "", "", false
		}
		v, ok := new(big.Int).SetString(s, 10)
		if !ok || v.BitLen() > 80 || v.BitLen() == 0 {
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

// cells are the texts of a line by column.
type cells struct {
	columns    []string // of a table with separators
	characters []rune   // of fixed width
	separated  bool
}

func (r *Reader) cells(line string) cells {
	if r.Separator == "" {
		return cells{characters: []rune(line)}
	}
	return cells{columns: split(line, r.Separator), separated: true}
}

// at returns what stands in a column; "" where the line is too short.
func (c cells) at(col Column) string {
	switch {
	case !col.There():
		return ""
	case c.separated:
		if col.From > len(c.columns) {
			return ""
		}
		return c.columns[col.From-1]
	case col.From > len(c.characters):
		return ""
	}
	text := c.characters[col.From-1:]
	if col.Width > 0 && col.Width < len(text) {
		text = text[:col.Width]
	}
	return strings.TrimSpace(string(text))
}

// has says that the first text of the line, or any cell of it, is so.
func (c cells) has(is func(string) bool) bool {
	if !c.separated {
		return is(strings.TrimSpace(string(c.characters)))
	}
	for _, text := range c.columns {
		if text != "" && is(text) {
			return true
		}
	}
	return false
}

// begin returns the first text of the line.
func (c cells) begin() string {
	if !c.separated {
		return strings.TrimSpace(string(c.characters))
	}
	for _, text := range c.columns {
		if text != "" {
			return text
		}
	}
	return ""
}

// alone says that only one cell holds anything.
func (c cells) alone() bool {
	n := 0
	for _, text := range c.columns {
		if text != "" {
			n++
		}
	}
	return n == 1
}

// trim takes blanks off a cell, also those of spreadsheets that are none to ASCII, and what programs write to keep a number a text:
// ="0012".
func trim(s string) string {
	s = strings.Trim(s, " \t\u00a0\u202f\ufeff\u200e\u200f")
	if inner, formula := strings.CutPrefix(s, `="`); formula && strings.HasSuffix(inner, `"`) {
		return strings.Trim(inner[:len(inner)-1], " ")
	}
	return s
}

// split parts a line at a separator outside double quotes; "" within quotes is one quote. Where the separator is a blank, several
// are one.
func split(line, separator string) []string {
	var out []string
	if separator == " " {
		return strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	}
	for {
		var field string
		rest := strings.TrimLeft(line, " ")
		if strings.HasPrefix(rest, `"`) {
			field, rest = quoted(rest[1:])
			_, after, more := strings.Cut(rest, separator)
			out = append(out, trim(field))
			if !more || len(out) > maxColumns {
				return out
			}
			line = after
			continue
		}
		field, after, more := strings.Cut(line, separator)
		out = append(out, trim(field))
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
