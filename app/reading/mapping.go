package reading

import (
	"bytes"
	"cmp"
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
	// Encoding is how the file's letters are written. UTF-16 is told by its bytes and needs no word here.
	Encoding Encoding `json:"encoding,omitempty"`
	// Sheet is the sheet of a workbook; "" is its first one that holds anything.
	Sheet string `json:"sheet,omitempty"`

	Badge     Column    `json:"badge"`
	BadgeForm BadgeForm `json:"badgeForm"`
	// Date and Clock are two columns, or Date alone when both stand in one. More are the further columns where a time
	// stands in more than two, such as six of numbers, or an AM and PM of its own.
	Date  Column   `json:"date"`
	Clock Column   `json:"clock,omitzero"`
	More  []Column `json:"more,omitempty"`
	// Layout is the form of the texts of Date, Clock and More, with a blank between two of them: see ParseLayout.
	Layout string `json:"layout"`
	// Also are the taps that stand in the line beside the first one, such as the OUT of a row that begins with its IN.
	// Where there are any and no status, the first tap is an IN.
	Also []AlsoTap `json:"also,omitempty"`
	// Status is the column of the pressed key and Keys its meanings. A status that Keys does not name is no key, and is
	// said (TableRow.Unnamed).
	Status Column `json:"status,omitzero"`
	Keys   Keys   `json:"keys,omitempty"`
}

// AlsoTap is a further tap of a line.
type AlsoTap struct {
	// Date is the column of its own date; none: that of the first tap. Where its clock then lies before that of the tap
	// before it, it is of the next day: a night.
	Date Column `json:"date,omitzero"`
	// Clock is the column of its clock, or of date and clock where these stand in one column (Mapping.Clock is none).
	Clock Column `json:"clock"`
	// Key is what it means.
	Key app.PunchKey `json:"key"`
}

// UnmarshalJSON reads the key by its name.
func (a *AlsoTap) UnmarshalJSON(b []byte) error {
	var named struct {
		Date  Column `json:"date"`
		Clock Column `json:"clock"`
		Key   string `json:"key"`
	}
	if err := json.Unmarshal(b, &named); err != nil {
		return fmt.Errorf("a further tap of a mapping: %w", err)
	}
	key, ok := ParseKey(named.Key)
	if !ok {
		return fmt.Errorf("a further tap of a mapping: %q is no key", named.Key)
	}
	*a = AlsoTap{named.Date, named.Clock, key}
	return nil
}

// Encoding is how the letters of a table are written as bytes.
type Encoding string

// Encodings of tables. UTF-16 is turned into UTF-8 as a file is read.
const (
	UTF8        Encoding = ""
	Windows1252 Encoding = "windows-1252"
	CP850       Encoding = "cp850"     // the DOS code page of western Europe
	Macintosh   Encoding = "macintosh" // Mac Roman
)

// Encodings returns the encodings, the usual one first.
func Encodings() []Encoding { return []Encoding{UTF8, Windows1252, CP850, Macintosh} }

// mappingJSON is a mapping with the fields that earlier versions wrote.
type mappingJSON struct {
	plainMapping
	Latin bool `json:"latin"` // Windows-1252
}

type plainMapping Mapping

func (j mappingJSON) mapping() Mapping {
	m := Mapping(j.plainMapping)
	if j.Latin && m.Encoding == UTF8 {
		m.Encoding = Windows1252
	}
	return m
}

// UnmarshalJSON reads a mapping of this and of earlier versions.
func (m *Mapping) UnmarshalJSON(b []byte) error {
	var j mappingJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("a mapping: %w", err)
	}
	*m = j.mapping()
	return nil
}

// Keys are the meanings of a status column: "IN" may be app.KeyIn.
type Keys map[string]app.PunchKey

// Of returns what a status means, and whether the keys name it. Capitals, blanks and the leading zeros of a number make
// no difference.
func (k Keys) Of(status string) (key app.PunchKey, named bool) {
	if key, named = k[status]; named {
		return key, true
	}
	plain := plainStatus(status)
	for s, key := range k {
		if plainStatus(s) == plain {
			return key, true
		}
	}
	return app.KeyNone, false
}

func plainStatus(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if t := strings.TrimLeft(s, "0"); strings.Trim(t, "0123456789") == "" && t != s {
		return cmp.Or(t, "0")
	}
	return s
}

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
	// MaxTableLine is the longest line of a table, and MaxStatus the longest status, in bytes.
	MaxTableLine    = 4096
	MaxStatus       = 64
	maxTableColumns = 256
	maxTimeColumns  = 8 // beside date and clock
	maxAlso         = 8
	maxSheet        = 128
	maxSkip         = 1000
	maxKeys         = 64
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
	var j mappingJSON
	if err := d.Decode(&j); err != nil {
		return Mapping{}, fmt.Errorf("%w: %w", ErrNotMapping, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Mapping{}, ErrNotMapping
	}
	m := j.mapping()
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
	_, layout := ParseLayout(m.Layout)
	return errors.Join(
		bad(len([]rune(m.Separator)) > 1 || strings.ContainsAny(m.Separator, "\r\n\""), "separator", "mapping.separator", ";"),
		bad(m.Skip < 0 || m.Skip > maxSkip, "skip", "mapping.skip", "1"),
		bad(!slices.Contains(Encodings(), m.Encoding), "encoding", "mapping.encoding", string(Windows1252)),
		bad(len(m.Sheet) > maxSheet, "sheet", "mapping.sheet", "Blad1"),
		bad(!m.Badge.There() || !m.fits(m.Badge), "badgeColumn", "mapping.column", "1"),
		bad(!slices.Contains(BadgeForms(), m.BadgeForm), "badgeForm", "mapping.badge", string(BadgePIN)),
		bad(!m.Date.There() || !m.fits(m.Date), "dateColumn", "mapping.column", "2"),
		bad(!m.fits(m.Clock), "clockColumn", "mapping.column", "3"),
		bad(!m.moreFits(), "moreColumns", "mapping.column", "4"),
		bad(layout != nil, "layout", "mapping.layout", "DD/MM/YYYY hh:mm:ss"),
		bad(!m.alsoFits(), "also", "mapping.also", "4=out"),
		bad(!m.fits(m.Status), "statusColumn", "mapping.column", "4"),
		bad(!m.Keys.valid() || len(m.Keys) > 0 && !m.Status.There(), "keys", "mapping.keys", "IN=in, OUT=out"),
	)
}

func (m Mapping) fits(c Column) bool {
	return c.From >= 0 && c.Width >= 0 && (m.Separator == "" || c.From <= maxTableColumns) && c.From <= MaxTableLine && c.Width <= MaxTableLine
}

func (m Mapping) moreFits() bool {
	return len(m.More) <= maxTimeColumns && !slices.ContainsFunc(m.More, func(c Column) bool { return !c.There() || !m.fits(c) })
}

func (m Mapping) alsoFits() bool {
	wrong := func(a AlsoTap) bool {
		return !a.Clock.There() || !m.fits(a.Clock) || !m.fits(a.Date) || a.Key > app.KeyBreakEnd
	}
	return len(m.Also) <= maxAlso && !slices.ContainsFunc(m.Also, wrong)
}

func (k Keys) valid() bool {
	for status, key := range k {
		if status == "" || len(status) > MaxStatus || key > app.KeyBreakEnd {
			return false
		}
	}
	return len(k) <= maxKeys
}

// TableRow is what a mapping makes of a line of a table: a tap, no tap, or a problem.
type TableRow struct {
	Line int
	Text string
	// None is why the line is no tap and need not be one: a code ("import.none." + code); "" for a tap and for a problem.
	None   NoTap
	Kind   app.IdentifierKind
	Badge  string
	Local  time.Time   // the wall's reading, as if it were UTC
	At     app.Instant // where the text itself says the instant (a zone, a count since 1970); else 0
	Status string
	Key    app.PunchKey
	// Unnamed says that the mapping does not say what the status means: no key was taken from it.
	Unnamed bool
	// Problem is the code of what is wrong with the line ("import.line." + code); "" for a tap.
	Problem string
	// Column is the column of the problem (in fixed width its first character), Value what stands there and Wanted what a
	// right one looks like; zero where the problem is of the whole line.
	Column        int
	Value, Wanted string
	// Length is how many bytes a line that is too long has, and Limit how many are read; else 0.
	Length, Limit int
}

// Tap says that the line is a tap.
func (r TableRow) Tap() bool { return r.None == "" && r.Problem == "" }

// In returns the row with the wall of a zone, where the text itself says the instant.
func (r TableRow) In(zone *time.Location) TableRow {
	if r.At > 0 {
		t := r.At.Time().In(zone)
		r.Local = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	}
	return r
}

// NoTap is why a line is no tap and need not be one.
type NoTap string

// Lines that are no taps.
const (
	NoTapEmpty NoTap = "empty"
	NoTapTitle NoTap = "title" // before the first tap, or repeated further down
	NoTapTotal NoTap = "total" // sums, counts, page numbers
	NoTapNote  NoTap = "note"  // a text that is neither
)

// TablePreview is the beginning of a table as a mapping understands it.
type TablePreview struct {
	// Mapping is the one that was asked about, or a proposal.
	Mapping Mapping
	// Lines are the first lines of the file as they stand, titles included.
	Lines []string
	// Columns are the titles of a table with separators, or what stands in its
	// first line where it has no titles; none in fixed width.
	Columns []string
	// Statuses are the different statuses of the file, ascending.
	Statuses []string
	// Rows are what the mapping makes of the lines behind the titles: taps and problems.
	Rows []TableRow
	// None are the first lines that are no taps, with why.
	None []TableRow
	// Why are the reasons of a proposal, and Questions what the file does not tell; none where a mapping was given.
	Why       []Reason
	Questions []Question
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
