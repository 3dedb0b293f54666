package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/zkteco"
)

// Caps on what is read.
const (
	MaxFile = 64 << 20 // bytes
	MaxLine = 4096     // bytes
)

// ErrTooLarge is a file of more than MaxFile bytes.
var ErrTooLarge = errors.New("file too large for a table of taps")

// ErrNoTap is a file in which no line is a tap by this mapping.
var ErrNoTap = errors.New("no line of the file is a tap by this mapping")

// Row is a line of a preview: what the mapping makes of it.
type Row struct {
	Line   int
	Text   string
	Kind   app.IdentifierKind
	Badge  string
	Local  time.Time // the wall's reading, as if it were UTC
	Status string
	Key    app.PunchKey
	// Problem is the code of what is wrong with the line ("import.line." + code); "" for a tap.
	Problem string
}

// Sample gives the first lines of a table as text, for Guess and for a preview without a mapping.
func Sample(r io.Reader, n int) ([]string, error) {
	var out []string
	err := lines(r, func(_ int, raw []byte, _ bool) bool {
		out = append(out, decode(raw, !utf8.Valid(raw)))
		return len(out) < n
	})
	return out, err
}

// Preview gives what a mapping makes of the first n lines behind the titles.
func Preview(r io.Reader, m Mapping, n int) ([]Row, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	var out []Row
	err := m.rows(r, func(row Row, _ []byte) bool {
		out = append(out, row)
		return len(out) < n
	})
	return out, err
}

// Parse reads a whole table. Lines that are no tap are kept aside.
func Parse(name string, r io.Reader, m Mapping) (reading.ParsedFile, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	var taps []zkteco.Tap
	var bad []reading.LineProblem
	err := m.rows(r, func(row Row, raw []byte) bool {
		if row.Problem != "" {
			bad = append(bad, reading.LineProblem{Line: row.Line, Code: row.Problem, Text: row.Text})
			return true
		}
		taps = append(taps, zkteco.Tap{Line: row.Line, Raw: raw, Kind: row.Kind, Value: row.Badge, Local: row.Local, Status: row.Status})
		return true
	})
	if err != nil {
		return nil, err
	}
	if len(taps) == 0 {
		return nil, ErrNoTap
	}
	return zkteco.FileOf(name, Make, taps, m.Keys, bad), nil
}

// rows gives every line behind the titles that is not empty.
func (m Mapping) rows(r io.Reader, take func(Row, []byte) bool) error {
	return lines(r, func(number int, raw []byte, long bool) bool {
		if number <= m.Skip || len(bytes.TrimSpace(raw)) == 0 {
			return true
		}
		row := m.row(decode(raw, m.Latin))
		row.Line = number
		if long {
			row.Problem = zkteco.TooLong
		}
		return take(row, raw)
	})
}

func (m Mapping) row(text string) Row {
	row := Row{Text: text}
	fields := m.fields(text)
	badge := fields(m.Badge)
	var ok bool
	if badge == "" || fields(m.Date) == "" {
		row.Problem = zkteco.BadColumns
		return row
	}
	if row.Kind, row.Badge, ok = m.badge(badge); !ok {
		row.Problem = zkteco.BadPIN
		return row
	}
	if row.Local, ok = m.time(text); !ok {
		row.Problem = zkteco.BadTime
		return row
	}
	row.Status = fields(m.Status)
	if len(row.Status) > 24 {
		row.Problem = zkteco.BadStatus
		return row
	}
	row.Key = m.Keys[row.Status]
	return row
}

// decode gives a line as text; UTF-8 with broken characters is shown as well as it can be.
func decode(raw []byte, latin bool) string {
	if latin {
		if out, err := charmap.Windows1252.NewDecoder().Bytes(raw); err == nil {
			return string(out)
		}
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD")
}

// lines gives the lines of a file, without their ends and cut to MaxLine, until take says false.
func lines(r io.Reader, take func(number int, raw []byte, long bool) bool) error {
	limited := &io.LimitedReader{R: r, N: MaxFile + 1}
	in := bufio.NewReaderSize(limited, MaxLine+2)
	for number := 1; ; number++ {
		raw, err := in.ReadSlice('\n')
		raw = bytes.Clone(raw)
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of the line
			_, err = in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read table: %w", err)
		}
		if limited.N == 0 {
			return ErrTooLarge
		}
		if number == 1 {
			raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
		}
		raw = bytes.TrimRight(raw, "\r\n")
		long = long || len(raw) > MaxLine
		if end := err != nil; end && len(raw) == 0 {
			return nil
		} else if !take(number, raw[:min(len(raw), MaxLine)], long) || end {
			return nil
		}
	}
}
