// Package zkteco reads the attendance files that terminals of the ZKTeco
// family write to a USB stick (1_attlog.dat, <serial>_attlog.dat): one line a
// tap, in local time, without a sequence number. devices/PROTOCOL.md lists the
// variants. It reads the people of user.dat too, and never their passwords.
package zkteco

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app"
	"klokkast/app/filelog"
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
	BadColumns = "columns"    // too few, or no PIN
	BadPIN     = "pin"        // longer than 24, or other than letters and digits
	BadCard    = "card"       // no card number in the form that the mapping says
	BadTime    = "time"       // no YYYY-MM-DD HH:MM:SS, or a day that is none
	BadLayout  = "layout"     // no time in the layout that the mapping says
	Scientific = "scientific" // a number that a spreadsheet shortened: 4,1E+09
	BadStatus  = "status"     // no number
	TooLong    = "too-long"   // 512 bytes or more
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

// File is an attendance file: its lines, none of them tied to a box yet.
type File struct {
	Serial string // what its first line says; "" when it has none. The file's name is never asked: anybody renames it
	Lines  []filelog.Raw
}

// Open reads a file of a stick.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open attendance file: %w", err)
	}
	defer f.Close()
	return Parse(f)
}

// Parse reads an attendance file. It fails only when the file cannot be read, is too large or holds no tap at all.
func Parse(r io.Reader) (*File, error) {
	f := &File{}
	taps := 0
	var bad []reading.LineProblem
	err := lines.Read(r, lines.Limits{File: MaxFile, Line: MaxLine, Lines: MaxLines}, func(l lines.Line) bool {
		if len(bytes.TrimSpace(l.Text)) == 0 {
			return true
		}
		raw := filelog.Raw{Number: l.Number, Text: l.Text, Length: l.Length}
		if v, ok := serialOf(raw); ok && len(f.Lines) == 0 {
			f.Serial = v
		}
		said := Read(raw, filelog.Meaning{Kind: filelog.Attlog})
		taps += len(said.Taps)
		if said.Problem != nil {
			bad = append(bad, *said.Problem)
		}
		f.Lines = append(f.Lines, raw)
		return true
	})
	if errors.Is(err, lines.ErrTooLarge) {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, err
	}
	if taps == 0 {
		return nil, NoTap(ErrNotAttlog, bad)
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

// Read returns what a line says under a meaning: a tap, a problem, or nothing where it is a serial or a checksum. A serial
// stands alone on the first line, a checksum alone on the last one; some exports put a word before them.
func Read(raw filelog.Raw, m filelog.Meaning) filelog.Said {
	if _, ok := serialOf(raw); ok {
		return filelog.Said{}
	}
	if _, ok := lonely(raw, "sum", "crc"); ok {
		return filelog.Said{}
	}
	t, column, code := parseLine(raw, m)
	if code == "" {
		return filelog.Said{Taps: []filelog.Tap{t}}
	}
	p := &reading.LineProblem{Line: raw.Number, Code: code, Text: readable(raw.Text), Column: column}
	if c := columns(p.Text); column > 0 && column <= len(c) {
		p.Value, p.Wanted = c[column-1], wanted(column)
	}
	if code == TooLong {
		p.Length, p.Limit = raw.Length, MaxLine
	}
	return filelog.Said{Problem: p}
}

// wanted is what a right value of a column looks like.
func wanted(column int) string {
	switch column - 1 {
	case columnPIN:
		return "1042"
	case columnTime:
		return "2026-11-23 06:58:12"
	}
	return "0"
}

// serialOf returns the serial of the terminal where a line holds nothing else.
func serialOf(raw filelog.Raw) (string, bool) {
	if raw.Number != 1 {
		return "", false
	}
	return lonely(raw, "sn", "serial")
}

// shortestMark is how many characters a serial or a checksum has at least: less is a piece of a line.
const shortestMark = 4

// lonely returns the value that stands alone on a line, or behind "=" or ":" and
// a label that holds one of the words: 1A2B3C, CHECKSUM=1A2B3C, SN: BYRW2012. A checksum has a digit in it.
func lonely(raw filelog.Raw, words ...string) (value string, ok bool) {
	if long(raw) {
		return "", false
	}
	text := strings.TrimSpace(string(raw.Text))
	if len(text) < shortestMark && raw.Number > 1 {
		return "", false
	}
	if label, v, labelled := strings.Cut(strings.Replace(text, ":", "=", 1), "="); labelled {
		label = strings.ToLower(label)
		ok = slices.ContainsFunc(words, func(w string) bool { return strings.Contains(label, w) })
		value = strings.TrimSpace(v)
		return value, ok && plain(value, 32)
	}
	return text, plain(text, 32) && (raw.Number == 1 || strings.ContainsAny(text, "0123456789"))
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

// long says that a line was cut, and what is read of it is no whole line.
func long(raw filelog.Raw) bool { return len(raw.Text) >= MaxLine || raw.Length > len(raw.Text) }

// parseLine reads a line as a tap; column is where what is wrong stands, from 1.
func parseLine(raw filelog.Raw, m filelog.Meaning) (t filelog.Tap, column int, code string) {
	if long(raw) {
		return t, 0, TooLong
	}
	c := columns(string(raw.Text))
	if len(c) < 2 || c[columnPIN] == "" {
		return t, 0, BadColumns
	}
	pin, ok := app.PlainPIN(c[columnPIN])
	if !ok {
		return t, columnPIN + 1, BadPIN
	}
	local, err := time.Parse(time.DateTime, strings.Join(strings.Fields(c[columnTime]), " "))
	if err != nil || local.Year() < 1970 || local.Year() > 2105 {
		return t, columnTime + 1, BadTime
	}
	t = filelog.Tap{Kind: app.PIN, Value: pin, Local: local}
	at := columnStatus
	if m.StatusColumn > 0 {
		at = m.StatusColumn - 1
	}
	if len(c) > columnDevice && at != columnDevice {
		t.Device = strings.TrimSpace(c[columnDevice])
	}
	if len(c) > at && c[at] != "" {
		if !digits(c[at]) {
			return t, at + 1, BadStatus
		}
		t.Status = trimZeros(c[at]) // 01 is 1
	}
	t.Key, t.Unnamed = keyOf(t.Status, m)
	return t, 0, ""
}

// keyOf returns the key that a status means; unnamed says that the meaning does not name it.
func keyOf(status string, m filelog.Meaning) (key app.PunchKey, unnamed bool) {
	if m.StatusKeys != app.StatusIsKey || status == "" {
		return app.KeyNone, false
	}
	if key, named := m.Keys[status]; named {
		return key, false
	}
	key, named := filelog.UsualKey(status)
	return key, !named
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 3
}

func trimZeros(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}
