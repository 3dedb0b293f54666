package table

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/lines"
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

// Error returns the code.
func (e FileError) Error() string { return "table of taps: " + string(e) }

// TextKey words it for people.
func (e FileError) TextKey() (string, map[string]any) {
	return "error.table." + string(e), map[string]any{"Limit": MaxFile >> 20}
}

// sampleLines is how many lines a proposal is made from.
const sampleLines = 200

// Preview returns the first n lines of a table and what a mapping makes of those
// behind the titles. Without a mapping, one is proposed.
func Preview(r io.Reader, m *Mapping, n int) (reading.TablePreview, error) {
	var out reading.TablePreview
	var kept []lines.Line
	latin := false
	err := read(r, func(l lines.Line) bool {
		kept = append(kept, l)
		latin = latin || !utf8.Valid(whole(l))
		return len(kept) < max(sampleLines, n+maxTitles)
	})
	if err != nil {
		return out, err
	}
	var text []string
	for _, l := range kept {
		if bytes.IndexByte(l.Text, 0) >= 0 {
			return out, ErrNotText
		}
		if !l.Long() { // what is cut off tells nothing of where its columns are
			text = append(text, decode(l.Text, charmapOf(encodingOf(latin))))
		}
	}
	if m == nil {
		proposal := Propose(text)
		proposal.Encoding = encodingOf(latin)
		m = &proposal
	}
	out.Mapping = *m
	by, err := NewReader(*m, nil)
	if err != nil {
		return out, err
	}
	for _, l := range kept[:min(n, len(kept))] {
		out.Lines = append(out.Lines, decode(l.Text, by.charmap))
	}
	if at := max(0, m.Skip-1); m.Separator != "" && at < len(kept) {
		out.Columns = split(decode(kept[at].Text, by.charmap), m.Separator)
	}
	for _, l := range kept {
		for _, row := range by.line(l) {
			if row.None != "" {
				if len(out.None) < n && row.None != reading.NoTapEmpty {
					out.None = append(out.None, row)
				}
				continue
			}
			if row.Status != "" {
				out.Statuses = append(out.Statuses, row.Status)
			}
			if len(out.Rows) < n {
				out.Rows = append(out.Rows, row)
			}
		}
	}
	slices.Sort(out.Statuses)
	out.Statuses = slices.Compact(out.Statuses)
	return out, nil
}

func encodingOf(latin bool) reading.Encoding {
	if latin {
		return reading.Windows1252
	}
	return reading.UTF8
}

// maxTitles is how many titles a preview looks past.
const maxTitles = 1000

// Parse reads a whole table. Lines that are no tap and should be one are kept aside.
func Parse(name string, r io.Reader, m Mapping) (reading.ParsedFile, error) {
	by, err := NewReader(m, nil)
	if err != nil {
		return nil, err
	}
	var taps []zkteco.Tap
	var bad []reading.LineProblem
	err = read(r, func(l lines.Line) bool {
		for _, row := range by.line(l) {
			switch {
			case row.Problem != "":
				bad = append(bad, reading.LineProblem{Line: row.Line, Code: row.Problem, Text: row.Text, Length: row.Length, Limit: row.Limit})
			case row.Tap():
				taps = append(taps, zkteco.Tap{
					Line: row.Line, Raw: l.Text, Kind: row.Kind, Value: row.Badge, Local: row.Local, At: row.At, Status: row.Status, Key: row.Key, Unnamed: row.Unnamed,
				})
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	if len(taps) == 0 {
		return nil, zkteco.NoTap(ErrNoTap, bad)
	}
	return zkteco.FileOf(name, app.MakeTable, taps, bad), nil
}

// line reads a line of the file.
func (r *Reader) line(l lines.Line) []Row {
	if l.Long() {
		return []Row{r.tooLong(l.Number, l.Text, l.Length)}
	}
	return r.Rows(l.Number, l.Text)
}

// whole returns a line's text without a character that the limit cut in two.
func whole(l lines.Line) []byte {
	text := l.Text
	for i := 1; l.Long() && i < utf8.UTFMax && i <= len(text); i++ {
		if last := text[len(text)-i]; utf8.RuneStart(last) {
			if !utf8.FullRune(text[len(text)-i:]) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}

// maxStatus is the longest status, in bytes.
const maxStatus = 24

// read returns the lines of a table, without their ends and cut to MaxLine, until take says false.
func read(r io.Reader, take func(lines.Line) bool) error {
	err := lines.Read(r, lines.Limits{File: MaxFile, Line: MaxLine, Lines: zkteco.MaxLines, Quotes: true}, take)
	if errors.Is(err, lines.ErrTooLarge) {
		return ErrTooLarge
	}
	return err
}
