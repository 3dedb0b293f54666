package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/zkteco"
)

// Caps on what is read.
const (
	MaxFile = 64 << 20             // bytes
	MaxLine = reading.MaxTableLine // bytes
)

// FileError is why a file as a whole is no table of taps.
type FileError string

// Faults of a file.
const (
	ErrTooLarge FileError = "too-large" // more than MaxFile bytes
	ErrNoTap    FileError = "no-tap"    // no line is a tap by this mapping
	ErrNotText  FileError = "not-text"  // a spreadsheet or the like: it has zero bytes
)

// Error gives the code.
func (e FileError) Error() string { return "table of taps: " + string(e) }

// TextKey words it for people.
func (e FileError) TextKey() (string, map[string]any) {
	return "error.table." + string(e), map[string]any{"Limit": MaxFile >> 20}
}

// sampleLines is how many lines a proposal is made from.
const sampleLines = 200

// Preview gives the first n lines of a table and what a mapping makes of those
// behind the titles. Without a mapping, one is proposed.
func Preview(r io.Reader, m *Mapping, n int) (reading.TablePreview, error) {
	var out reading.TablePreview
	var kept [][]byte
	tooLong := map[int]bool{}
	latin := false
	err := lines(r, func(number int, raw []byte, long bool) bool {
		kept, tooLong[number] = append(kept, raw), long
		latin = latin || !utf8.Valid(raw)
		return len(kept) < max(sampleLines, n+maxTitles)
	})
	if err != nil {
		return out, err
	}
	var text []string
	for _, raw := range kept {
		if bytes.IndexByte(raw, 0) >= 0 {
			return out, ErrNotText
		}
		text = append(text, decode(raw, latin))
	}
	if m == nil {
		proposal := Propose(text)
		proposal.Latin = latin
		m = &proposal
	}
	out.Mapping = *m
	for _, raw := range kept[:min(n, len(kept))] {
		out.Lines = append(out.Lines, decode(raw, m.Latin))
	}
	d, err := decoderOf(*m)
	if err != nil {
		return out, err
	}
	if at := max(0, m.Skip-1); m.Separator != "" && at < len(kept) {
		out.Columns = split(decode(kept[at], m.Latin), m.Separator)
	}
	for i, raw := range kept {
		if i < m.Skip || len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		row := d.numbered(i+1, raw, tooLong[i+1])
		if row.Status != "" {
			out.Statuses = append(out.Statuses, row.Status)
		}
		if len(out.Rows) < n {
			out.Rows = append(out.Rows, row)
		}
	}
	slices.Sort(out.Statuses)
	out.Statuses = slices.Compact(out.Statuses)
	return out, nil
}

// maxTitles is how many titles a preview looks past.
const maxTitles = 1000

// Parse reads a whole table. Lines that are no tap are kept aside.
func Parse(name string, r io.Reader, m Mapping) (reading.ParsedFile, error) {
	d, err := decoderOf(m)
	if err != nil {
		return nil, err
	}
	var taps []zkteco.Tap
	var bad []reading.LineProblem
	err = lines(r, func(number int, raw []byte, long bool) bool {
		if number <= m.Skip || len(bytes.TrimSpace(raw)) == 0 {
			return true
		}
		row := d.numbered(number, raw, long)
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
	return zkteco.FileOf(name, app.MakeTable, taps, m.Keys, bad), nil
}

// numbered reads a line of the file.
func (d *decoder) numbered(number int, raw []byte, long bool) Row {
	row := d.row(decode(raw, d.Latin))
	row.Line = number
	if long {
		row.Problem = zkteco.TooLong
	}
	return row
}

func (d *decoder) row(text string) Row {
	row := Row{Text: text}
	fields := d.fields(text)
	shown := fields(d.Badge)
	var ok bool
	if shown == "" || fields(d.Date) == "" {
		row.Problem = zkteco.BadColumns
		return row
	}
	if row.Kind, row.Badge, ok = badge(d.BadgeForm, shown); !ok {
		row.Problem = zkteco.BadPIN
		if d.BadgeForm != reading.BadgePIN {
			row.Problem = zkteco.BadCard
		}
		return row
	}
	if row.Local, ok = d.time(fields); !ok {
		row.Problem = zkteco.BadLayout
		return row
	}
	row.Status = fields(d.Status)
	if len(row.Status) > maxStatus {
		row.Problem = zkteco.BadStatus
		return row
	}
	row.Key = d.Keys[row.Status]
	return row
}

// maxStatus is the longest status, in bytes.
const maxStatus = 24

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
