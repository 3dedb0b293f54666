package reading

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"klokkast/app"
)

// Column is where a value stands in a table: in CSV the nth column from 1, in
// fixed width the nth character from 1 with its width. The zero Column is none.
type Column struct {
	From  int `json:"from"`
	Width int `json:"width,omitempty"` // characters; fixed width only, 0: to the end of the line
}

// There says that there is such a column.
func (c Column) There() bool { return c.From > 0 }

// BadgeForm is how the badge column of a table is written.
type BadgeForm string

// Forms of badges.
const (
	BadgePIN     BadgeForm = "pin"          // a number or name of the terminal's own
	BadgeHex     BadgeForm = "card-hex"     // a card's bytes
	BadgeDecimal BadgeForm = "card-decimal" // a card as a number, its bytes big-endian, at least four
)

// BadgeForms returns the forms, the usual one first.
func BadgeForms() []BadgeForm { return []BadgeForm{BadgePIN, BadgeHex, BadgeDecimal} }

// Mapping says how any export that is a table of taps is read. It is plain
// data: people make it by looking at a preview, and it is kept per box as JSON.
// The zone of its times is the box's.
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
		key, ok := ParseKey(name)
		if !ok {
			return fmt.Errorf("keys of a mapping: %q is no key", name)
		}
		(*k)[status] = key
	}
	return nil
}

// ParseKey reads the name of a key: none, in, out, break-start, break-end.
func ParseKey(name string) (app.PunchKey, bool) {
	for key := app.KeyNone; key <= app.KeyBreakEnd; key++ {
		if key.String() == name {
			return key, true
		}
	}
	return app.KeyNone, false
}

// Bounds of a mapping.
const (
	// MaxTableLine is the longest line of a table, in bytes.
	MaxTableLine    = 4096
	maxTableColumns = 256
	maxSkip         = 1000
	maxKeys         = 64
	maxStatus       = 24
	maxMappingJSON  = 64 << 10
)

// ErrNotMapping is a text that is no mapping in JSON.
var ErrNotMapping error = textError{"not-mapping"}

// textError is an error of tables that has a text of its own.
type textError struct{ code string }

func (e textError) Error() string { return "table: " + e.code }

// TextKey words it for people.
func (e textError) TextKey() (string, map[string]any) { return "error.table." + e.code, nil }

// ParseMapping reads a mapping from JSON, such as a file that someone keeps or
// got from a colleague. What is not JSON, has a field that mappings do not have,
// or is longer than 64 KiB is ErrNotMapping; what cannot be right is an
// *app.FieldError (Validate).
func ParseMapping(r io.Reader) (Mapping, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxMappingJSON+1))
	if err != nil {
		return Mapping{}, fmt.Errorf("read the mapping: %w", err)
	}
	if len(b) > maxMappingJSON {
		return Mapping{}, ErrNotMapping
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))))
	d.DisallowUnknownFields()
	var m Mapping
	if err := d.Decode(&m); err != nil {
		return Mapping{}, fmt.Errorf("%w: %w", ErrNotMapping, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Mapping{}, ErrNotMapping
	}
	return m, m.Validate()
}

// Validate says what is wrong with a mapping, as joined *app.FieldErrors.
func (m Mapping) Validate() error {
	bad := func(wrong bool, field, code, example string) error {
		if !wrong {
			return nil
		}
		return &app.FieldError{Field: field, Code: code, Example: example}
	}
	_, layout := m.TimeLayout()
	return errors.Join(
		bad(len([]rune(m.Separator)) > 1 || strings.ContainsAny(m.Separator, "\r\n\""), "separator", "mapping.separator", ";"),
		bad(m.Skip < 0 || m.Skip > maxSkip, "skip", "mapping.skip", "1"),
		bad(!m.Badge.There() || !m.fits(m.Badge), "badgeColumn", "mapping.column", "1"),
		bad(!slices.Contains(BadgeForms(), m.BadgeForm), "badgeForm", "mapping.badge", string(BadgePIN)),
		bad(!m.Date.There() || !m.fits(m.Date), "dateColumn", "mapping.column", "2"),
		bad(!m.fits(m.Clock), "clockColumn", "mapping.column", "3"),
		bad(layout != nil, "layout", "mapping.layout", "DD/MM/YYYY hh:mm:ss"),
		bad(!m.fits(m.Status), "statusColumn", "mapping.column", "4"),
		bad(!m.Keys.valid() || len(m.Keys) > 0 && !m.Status.There(), "keys", "mapping.keys", "IN=in, OUT=out"),
	)
}

func (m Mapping) fits(c Column) bool {
	return c.From >= 0 && c.Width >= 0 && (m.Separator == "" || c.From <= maxTableColumns) && c.From <= MaxTableLine && c.Width <= MaxTableLine
}

func (k Keys) valid() bool {
	for status, key := range k {
		if status == "" || len(status) > maxStatus || key > app.KeyBreakEnd {
			return false
		}
	}
	return len(k) <= maxKeys
}

// TimeLayout turns the layout into what package time takes. Year, month, day,
// hour and minute must all be there, once; nothing else may be letters.
func (m Mapping) TimeLayout() (string, error) {
	given := commonLayout(m.Layout)
	out := given
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
	for _, r := range given { // what is left beside the parts: punctuation and blanks only
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

// commonLayout takes what people write in their own language for the same:
// dd/mm/jjjj uu:mm, jj/mm/aaaa hh:mm, TT.MM.JJJJ HH:mm. Months and minutes are
// told apart by where they stand: what begins at the hours is the clock.
func commonLayout(s string) string {
	clock := strings.IndexAny(s, "hHuU")
	if clock < 0 {
		return s
	}
	if !strings.ContainsAny(strings.ToUpper(s[:clock]), "YJA") { // the clock stands first, or there is no year: as it is
		return s
	}
	date := strings.ToUpper(s[:clock])
	if strings.Contains(date, "A") {
		date = strings.NewReplacer("J", "D", "A", "Y").Replace(date)
	} else {
		date = strings.NewReplacer("TT", "DD", "J", "Y").Replace(date)
	}
	return date + strings.ReplaceAll(strings.ToLower(s[clock:]), "u", "h")
}

// TableRow is a line of a preview: what a mapping makes of it.
type TableRow struct {
	Line   int
	Text   string
	Kind   app.IdentifierKind
	Badge  string
	Local  time.Time // the wall's reading, as if it were UTC
	Status string
	Key    app.PunchKey
	// Problem is the code of what is wrong with the line ("import.line." + code); "" for a tap.
	Problem string
	// Length is how many bytes a line that is too long has, and Limit how many are read; else 0.
	Length, Limit int
}

// TablePreview is the beginning of a table as a mapping understands it.
type TablePreview struct {
	// Mapping is the one that was asked about, or a proposal.
	Mapping Mapping
	// Lines are the first lines of the file as they stand, titles included.
	Lines []string
	// Columns are the titles of a table with separators, or what stands in its
	// first line where it has no titles; none in fixed width.
	Columns []string
	// Statuses are the different statuses of the beginning of the file, ascending.
	Statuses []string
	// Rows are what the mapping makes of the lines behind the titles.
	Rows []TableRow
}

// NeedsMappingError asks how a table is to be read: no mapping is kept for its box.
type NeedsMappingError struct {
	File string
	Box  string // "" where it is not known either
}

// Error names the file.
func (e *NeedsMappingError) Error() string { return "how is the table " + e.File + " to be read?" }

// UserFileError says that a file holds the people of a terminal (user.dat) and no taps.
type UserFileError struct{ File string }

// Error names the file.
func (e *UserFileError) Error() string { return e.File + " holds the people of a terminal, no taps" }

// TextKey words it for people.
func (e *UserFileError) TextKey() (string, map[string]any) {
	return "error.table.users", map[string]any{"File": e.File}
}
