// Package zkteco reads the attendance files that terminals of the ZKTeco
// family write to a USB stick (1_attlog.dat, <serial>_attlog.dat): one line a
// tap, in local time, without a sequence number. devices/PROTOCOL.md lists the
// variants. It reads the people of user.dat too, and never their passwords.
package zkteco

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/lines"
)

// Caps on what is read: a terminal holds some 100,000 lines of 50 bytes.
const (
	MaxFile = 64 << 20 // bytes
	MaxLine = 512      // bytes
	// MaxLines bounds what is kept in memory of a file of nothing but line ends.
	MaxLines = 2_000_000
)

// Codes of line problems (catalogue keys "import.line." + code).
const (
	BadColumns  = "columns"      // too few, or no PIN
	BadPIN      = "pin"          // longer than 24, or other than letters and digits
	BadCard     = "card"         // no card number in the form that the mapping says
	BadTime     = "time"         // no YYYY-MM-DD HH:MM:SS, or a day that is none
	BadLayout   = "layout"       // no time in the layout that the mapping says
	Scientific  = "scientific"   // a number that a spreadsheet shortened: 4,1E+09
	Unnamed     = "unnamed"      // a status that the mapping does not name: stored without a key
	BadStatus   = "status"       // no number
	TooLong     = "too-long"     // more than 512 bytes
	DoubledHour = "doubled-hour" // the clock was set back: which of the two hours is not known
	MissingHour = "missing-hour" // the clock was set forward: that hour did not exist
)

// FileError is why a file as a whole is no attendance file.
type FileError string

// Faults of a file.
const (
	ErrNotAttlog FileError = "not-attlog" // no line that looks like a tap
	ErrTooLarge  FileError = "too-large"  // more than MaxFile bytes
)

// Error returns the code.
func (e FileError) Error() string { return "attendance file: " + string(e) }

// TextKey words it for people.
func (e FileError) TextKey() (string, map[string]any) {
	return "error.attlog." + string(e), map[string]any{"Limit": MaxFile >> 20}
}

// line is one tap.
type line struct {
	number int
	raw    []byte
	pin    string // or a card's canonical value
	card   bool
	local  time.Time // the wall's reading, as if it were UTC
	status string    // "" where the column is missing
	// Of other makes' files (FileOf):
	at      app.Instant // where the line itself says the instant; else 0
	key     app.PunchKey
	unnamed bool
}

// File is a parsed attendance file.
type File struct {
	name   string
	serial string
	lines  []line
	bad    []reading.LineProblem
	// make is set for other makes' files (FileOf), whose lines say their keys.
	make app.Make
}

// Tap is one line of an export that another package has read: what a file
// without sequence numbers tells of a tap.
type Tap struct {
	Line int    // from 1
	Raw  []byte // as it stood
	// Kind and Value are the badge: a PIN without leading zeros, or a card in canonical form.
	Kind   app.IdentifierKind
	Value  string
	Local  time.Time   // the wall's reading, as if it were UTC
	At     app.Instant // where the line itself says the instant; else 0
	Status string      // "" where there is none
	Key    app.PunchKey
	// Unnamed says that nobody said what the status means: a doubt.
	Unnamed bool
}

// FileOf makes a file of taps, which then gets its identities, zone and doubled
// hours as a terminal's own file does.
func FileOf(name string, m app.Make, taps []Tap, bad []reading.LineProblem) *File {
	f := &File{name: name, make: m, bad: bad}
	for _, t := range taps {
		f.lines = append(f.lines, line{
			number: t.Line, raw: t.Raw, pin: t.Value, card: t.Kind == app.Card, local: t.Local, status: t.Status, at: t.At, key: t.Key, unnamed: t.Unnamed,
		})
	}
	return f
}

var _ reading.ParsedFile = (*File)(nil)

// Name is the file's base name.
func (f *File) Name() string { return f.name }

// Make is zkteco, or that of FileOf.
func (f *File) Make() app.Make {
	if f.make != "" {
		return f.make
	}
	return app.MakeZK
}

// Serial is what the file's first line says; "" when it has none. The file's name is never asked: anybody renames it.
func (f *File) Serial() string { return f.serial }

// Bad are the lines that did not parse.
func (f *File) Bad() []reading.LineProblem { return f.bad }

// Open reads a file of a stick.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open attendance file: %w", err)
	}
	defer f.Close()
	return Parse(filepath.Base(path), f)
}

// Parse reads an attendance file. Lines that do not parse are kept aside (Bad).
// It fails only when the file cannot be read, is too large or holds no tap at all.
func Parse(name string, r io.Reader) (*File, error) {
	f := &File{name: name}
	var before lines.Line // is parsed once it is known that another one follows
	first := true
	err := lines.Read(r, lines.Limits{File: MaxFile, Line: MaxLine, Lines: MaxLines}, func(l lines.Line) bool {
		if len(bytes.TrimSpace(l.Text)) == 0 {
			return true
		}
		if before.Number > 0 {
			f.add(before, first, false)
			first = false
		}
		before = l
		return true
	})
	if errors.Is(err, lines.ErrTooLarge) {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, err
	}
	if before.Number > 0 {
		f.add(before, first, true)
	}
	if len(f.lines) == 0 {
		return nil, NoTap(ErrNotAttlog, f.bad)
	}
	return f, nil
}

// NoTap is why a file without a tap is none: where one of its lines was too long, that.
func NoTap(fault error, bad []reading.LineProblem) error {
	for _, b := range bad {
		if b.Code == TooLong {
			return &lines.LongLineError{Fault: fault, Line: b.Line, Length: b.Length, Limit: b.Limit}
		}
	}
	return fault
}

// add takes a line as a tap, a bad line, the serial or the checksum. A serial stands alone on the first line, a
// checksum alone on the last one; some exports put a word before them.
func (f *File) add(text lines.Line, first, last bool) {
	if v, ok := lonely(text, "sn", "serial"); ok && first {
		f.serial = v
		return
	}
	if _, ok := lonely(text, "sum", "crc"); ok && last {
		return
	}
	l, code := parseLine(text)
	switch {
	case code == TooLong:
		f.bad = append(f.bad, reading.LineProblem{Line: text.Number, Code: code, Text: readable(text.Text), Length: text.Length, Limit: MaxLine})
	case code != "":
		f.bad = append(f.bad, reading.LineProblem{Line: text.Number, Code: code, Text: readable(text.Text)})
	default:
		f.lines = append(f.lines, l)
	}
}

// lonely returns the value that stands alone on a line, or behind "=" or ":" and
// a label that holds one of the words: 1A2B3C, CHECKSUM=1A2B3C, SN: BYRW2012.
func lonely(l lines.Line, words ...string) (value string, ok bool) {
	if l.Long() {
		return "", false
	}
	text := strings.TrimSpace(string(l.Text))
	if label, v, labelled := strings.Cut(strings.Replace(text, ":", "=", 1), "="); labelled {
		label = strings.ToLower(label)
		ok = slices.ContainsFunc(words, func(w string) bool { return strings.Contains(label, w) })
		value = strings.TrimSpace(v)
		return value, ok && plain(value, 32)
	}
	return text, plain(text, 32)
}

// readable returns a line for people: UTF-8, or else the usual code page of Windows.
func readable(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "?")
	}
	return string(out)
}

// plain says that a text is 1 to limit ASCII letters and digits.
func plain(s string, limit int) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= limit
}

// columns splits a line: at tabs where there are any (a column may be empty),
// at blanks otherwise. Where date and time come apart they are put together again.
func columns(text string) []string {
	if strings.Contains(text, "\t") {
		out := strings.Split(text, "\t")
		for i := range out {
			out[i] = strings.Trim(strings.TrimSpace(out[i]), `"`)
		}
		if len(out) > columnTime && len(out[columnTime]) <= len(time.DateOnly) {
			return timeOfTwo(out)
		}
		return out
	}
	return timeOfTwo(strings.Fields(strings.ReplaceAll(text, `"`, " ")))
}

// timeOfTwo puts a date and the time in the column behind it together.
func timeOfTwo(columns []string) []string {
	if len(columns) < 3 {
		return columns
	}
	return slices.Concat(columns[:1], []string{columns[1] + " " + columns[2]}, columns[3:])
}

// The columns that count; what stands behind them (verified, work code, more) stays in the raw line.
const (
	columnPIN = iota
	columnTime
	columnDevice
	columnStatus
)

func parseLine(text lines.Line) (l line, code string) {
	if text.Long() {
		return l, TooLong
	}
	c := columns(string(text.Text))
	if len(c) < 2 || c[columnPIN] == "" {
		return l, BadColumns
	}
	if !plain(c[columnPIN], 24) {
		return l, BadPIN
	}
	local, err := time.Parse(time.DateTime, strings.Join(strings.Fields(c[columnTime]), " "))
	if err != nil || local.Year() < 1970 || local.Year() > 2105 {
		return l, BadTime
	}
	l = line{number: text.Number, raw: text.Text, pin: trimPIN(c[columnPIN]), local: local}
	if len(c) > columnStatus && c[columnStatus] != "" {
		if !digits(c[columnStatus]) {
			return l, BadStatus
		}
		l.status = trimPIN(c[columnStatus]) // 01 is 1
	}
	return l, ""
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 3
}

func trimPIN(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// sequence is the identity of a tap at its box: 63 bits of SHA-256 over PIN,
// local time and status (a missing status is 0, its usual value), so that any
// variant of the same export gives the same record. Never 0.
func (l *line) sequence() uint64 {
	status := cmp.Or(strings.TrimLeft(l.status, "0"), "0")
	who := l.pin
	if l.card {
		who = "card " + who
	}
	h := sha256.Sum256([]byte(who + "\t" + l.local.Format(time.DateTime) + "\t" + status))
	return max(1, binary.BigEndian.Uint64(h[:])>>1)
}

// keys are the meanings of the status column where it means a pressed key.
// Overtime in and out (4, 5) are an in and an out.
var keys = map[string]app.PunchKey{
	"0": app.KeyIn, "1": app.KeyOut, "2": app.KeyBreakStart, "3": app.KeyBreakEnd, "4": app.KeyIn, "5": app.KeyOut,
}

// Statuses returns the different statuses of the file, ascending; "" for a missing one.
func (f *File) Statuses() []string {
	seen := map[string]bool{}
	for _, l := range f.lines {
		seen[l.status] = true
	}
	if seen["0"] { // a missing status is 0, as in the identity of a tap
		delete(seen, "")
	}
	var out []string
	for s := range seen {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// Lines returns the number of taps.
func (f *File) Lines() int { return len(f.lines) }

// statusIsKey answers rule P4: as the box is set; where nothing is set, several
// statuses are keys, and a file with only one asks.
func (f *File) statusIsKey(setting app.StatusKeys) (bool, error) {
	if f.make != "" { // the lines say it
		return false, nil
	}
	switch setting {
	case app.StatusIsKey:
		return true, nil
	case app.StatusNoKey:
		return false, nil
	}
	statuses := f.Statuses()
	if len(statuses) == 1 && statuses[0] == "" {
		return false, nil // no column: no question
	}
	if len(statuses) > 1 {
		return true, nil
	}
	return false, &reading.AskStatusError{Statuses: statuses}
}

// Records returns the taps as records of a box, in the order of the file.
func (f *File) Records(box app.Box) ([]app.Record, []reading.LineProblem, error) {
	zone, err := box.Zone.Load()
	if err != nil {
		return nil, nil, err
	}
	isKey, err := f.statusIsKey(box.StatusKeys)
	if err != nil {
		return nil, nil, err
	}
	times := resolve(f.lines, zone)
	log := app.LogKey{Box: box.UID, Log: app.FileLog}
	out := make([]app.Record, len(f.lines))
	var doubts []reading.LineProblem
	for i, l := range f.lines {
		key := app.RecordKey{LogKey: log, Seq: l.sequence()}
		p := &app.Punch{Key: key, At: max(1, app.At(times[i].at)), Identifier: app.IdentifierKey{Kind: app.PIN, Group: box.Group, Value: l.pin}}
		if l.card {
			p.Identifier = app.IdentifierKey{Kind: app.Card, Value: l.pin}
		}
		p.Pressed = l.key
		if isKey {
			p.Pressed = keys[l.status]
		}
		if l.unnamed {
			doubts = append(doubts, reading.LineProblem{Line: l.number, Code: Unnamed, Text: readable(l.raw)})
		}
		if l.at > 0 {
			p.At = l.at
		} else if times[i].doubt != "" {
			p.Flags |= app.TimeUntrusted
			doubts = append(doubts, reading.LineProblem{Line: l.number, Code: times[i].doubt, Text: readable(l.raw)})
		}
		out[i] = app.Record{Key: key, Type: app.RecordPunch, Raw: l.raw, Line: l.number, Punch: p}
	}
	return out, doubts, nil
}
