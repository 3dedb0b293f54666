package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/devices/lines"
	"klokkast/devices/zkteco"
)

// Caps on what is read.
const (
	MaxFile = 64 << 20             // bytes
	MaxLine = reading.MaxTableLine // bytes
)

// LongStatus is the code of a status that is too long to be one: perhaps another column (catalogue key "import.line.status-long").
const LongStatus = "status-long"

// FileError is why a file as a whole is no table of taps.
type FileError string

// Faults of a file.
const (
	ErrTooLarge FileError = "too-large" // more than MaxFile bytes
	ErrNoTap    FileError = "no-tap"    // no line is a tap by this mapping
	ErrNotText  FileError = "not-text"  // neither a text nor a workbook: it has zero bytes
	// ErrNotWorkbook begins like a workbook and is none that can be read; ErrOldWorkbook is one of before 2007, or has a password.
	ErrNotWorkbook FileError = "not-workbook"
	ErrOldWorkbook FileError = "old-workbook"
)

// Error returns the code.
func (e FileError) Error() string { return "table of taps: " + string(e) }

// TextKey words it for people.
func (e FileError) TextKey() (string, map[string]any) {
	return "error.table." + string(e), map[string]any{"Limit": MaxFile >> 20}
}

// sampleLines is how many lines a proposal is made from.
const sampleLines = 500

// Preview returns the first n lines of a table and what a mapping makes of those
// behind the titles. Without a mapping, one is proposed, from the first lines and
// from what all others say of the order of dates and of keys; now tells what a
// date of today's files may be. So it is by a mapping that says no columns, which
// has the sheet and the encoding that the proposal is made for.
func Preview(r io.Reader, m *Mapping, n int, now time.Time) (reading.TablePreview, error) {
	v := viewer{limit: max(sampleLines, n+maxTitles), now: now, given: m}
	if m != nil && !m.Badge.There() && m.Layout == "" {
		v.given, v.hint = nil, *m
	}
	if err := v.read(r); err != nil {
		return reading.TablePreview{}, err
	}
	if v.binary {
		return reading.TablePreview{}, ErrNotText
	}
	v.begin()
	return v.preview(n)
}

// viewer looks at the lines of a file: it keeps the first ones, makes a proposal from them, and asks it all others.
type viewer struct {
	given   *Mapping
	hint    Mapping // its sheet and encoding, where somebody says them
	limit   int
	now     time.Time
	kept    []lines.Line
	words   lettering
	binary  bool
	p       *proposal // once the first lines are there
	charmap *charmap.Charmap
	why     []reading.Reason
	asks    []reading.Question
	// of a workbook
	sheet    string // "" for the first that holds anything
	bookWhy  []reading.Reason
	bookAsks []reading.Question
}

// read looks at a file. Of a workbook it proposes the sheet too: the first in which there are times.
func (v *viewer) read(r io.Reader) error {
	if v.given != nil {
		return read(r, v.given.Sheet, v.take)
	}
	in := bufio.NewReader(r)
	if begin, _ := in.Peek(4); !isWorkbook(begin) {
		return read(in, "", v.take)
	}
	w, err := openWorkbook(in)
	if err != nil {
		return err
	}
	return errors.Join(v.readBook(w), w.file.Close())
}

func (v *viewer) readBook(w *workbook) error {
	name, err := w.pick(v.hint.Sheet)
	if err != nil {
		return err
	}
	v.sheet = v.hint.Sheet
	fitting := w.fitting()
	if len(fitting) > 0 && fitting[0] != name && v.sheet == "" {
		name, v.sheet = fitting[0], fitting[0]
	}
	v.bookWhy = []reading.Reason{{Point: "sheet", Code: "sheet", Facts: map[string]any{"Sheet": name}}}
	if len(fitting) > 1 {
		q := reading.Question{Code: "sheet", Flags: []string{"--sheet"}, Facts: map[string]any{"Sheets": strings.Join(fitting, ", ")}}
		for _, s := range fitting {
			q.Answers = append(q.Answers, reading.Answer{Value: s})
		}
		v.bookAsks = []reading.Question{q}
	}
	return w.read(name, v.take)
}

func (v *viewer) take(l lines.Line) bool {
	if len(v.kept) < v.limit {
		v.kept = append(v.kept, l)
		v.words.add(whole(l))
		v.binary = v.binary || bytes.IndexByte(l.Text, 0) >= 0
		return !v.binary && (v.given == nil || len(v.kept) < v.limit)
	}
	v.begin()
	if !l.Long() {
		v.p.look(decode(l.Text, v.charmap))
	}
	return true
}

// begin makes the proposal from the lines that are kept.
func (v *viewer) begin() {
	if v.p != nil || v.given != nil {
		return
	}
	var encoding reading.Encoding
	encoding, v.why, v.asks = v.words.settle()
	if v.hint.Encoding != reading.UTF8 {
		encoding = v.hint.Encoding
	}
	v.charmap = charmapOf(encoding)
	text := make([]string, len(v.kept))
	for i, l := range v.kept {
		if !l.Long() { // what is cut off tells nothing of where its columns are
			text[i] = decode(l.Text, v.charmap)
		}
	}
	v.p = propose(text, v.now)
	v.p.m.Encoding, v.p.m.Sheet = encoding, v.sheet
	for _, l := range text {
		v.p.look(l)
	}
}

func (v *viewer) preview(n int) (out reading.TablePreview, err error) {
	if v.given != nil {
		out.Mapping = *v.given
	} else {
		v.p.settle()
		out.Mapping, out.Why, out.Questions = v.p.m, slices.Concat(v.bookWhy, v.why, v.p.why), slices.Concat(v.bookAsks, v.asks, v.p.asks)
	}
	by, err := NewReader(out.Mapping, nil)
	if err != nil {
		return out, err
	}
	for _, l := range v.kept[:min(n, len(v.kept))] {
		out.Lines = append(out.Lines, decode(l.Text, by.charmap))
	}
	if at := max(0, by.Skip-1); by.Separator != "" && at < len(v.kept) {
		out.Columns = split(decode(v.kept[at].Text, by.charmap), by.Separator)
	}
	seen := statuses{}
	for _, l := range v.kept {
		for _, row := range by.line(l) {
			if row.Status != "" {
				seen[row.Status]++
			}
			switch {
			case row.None == "" && len(out.Rows) < n:
				out.Rows = append(out.Rows, row)
			case row.None != "" && row.None != reading.NoTapEmpty && len(out.None) < n:
				out.None = append(out.None, row)
			}
		}
	}
	if v.p != nil {
		maps.Copy(seen, v.p.statuses)
	}
	out.Statuses = seen.sorted()
	return out, nil
}

// maxTitles is how many titles a preview looks past.
const maxTitles = 1000

// Parse returns the lines of a whole table, as they stand; it fails where none of them is a tap by a mapping.
func Parse(r io.Reader, m Mapping) ([]filelog.Raw, error) {
	by, err := NewReader(m, nil)
	if err != nil {
		return nil, err
	}
	var out []filelog.Raw
	var bad []reading.LineProblem
	taps := 0
	err = read(r, m.Sheet, func(l lines.Line) bool {
		if len(bytes.TrimSpace(l.Text)) == 0 {
			return true
		}
		raw := filelog.Raw{Number: l.Number, Text: l.Text, Length: l.Length}
		said := by.Read(raw)
		taps += len(said.Taps)
		if said.Problem != nil {
			bad = append(bad, *said.Problem)
		}
		out = append(out, raw)
		return true
	})
	if err != nil {
		return nil, err
	}
	if taps == 0 {
		return nil, zkteco.NoTap(ErrNoTap, bad)
	}
	return out, nil
}

// Read returns what a line says to whoever keeps its taps.
func (r *Reader) Read(raw filelog.Raw) (said filelog.Said) {
	rows := r.Rows(raw.Number, raw.Text)
	if len(raw.Text) >= MaxLine { // it was cut, or nobody can tell any more whether it was
		rows = []Row{r.tooLong(raw.Number, raw.Text, max(raw.Length, len(raw.Text)))}
	}
	for _, row := range rows {
		switch {
		case row.Problem != "":
			said.Problem = &reading.LineProblem{Line: row.Line, Code: row.Problem, Text: row.Text, Length: row.Length, Limit: row.Limit,
				Column: row.Column, Value: row.Value, Wanted: row.Wanted}
		case row.Tap():
			said.Taps = append(said.Taps, filelog.Tap{Kind: row.Kind, Value: row.Badge, Local: row.Local, At: row.At, Status: row.Status, Key: row.Key, Unnamed: row.Unnamed})
		}
	}
	return said
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

// read returns the lines of a table, without their ends and cut to MaxLine, until take says false: those of a text, or the rows
// of a workbook's sheet.
func read(r io.Reader, sheet string, take func(lines.Line) bool) error {
	in := bufio.NewReader(r)
	begin, _ := in.Peek(4) // what keeps it from being read comes again
	switch {
	case isOldWorkbook(begin):
		return ErrOldWorkbook
	case isWorkbook(begin):
		w, err := openWorkbook(in)
		if err != nil {
			return err
		}
		name, err := w.pick(sheet)
		if err == nil {
			err = w.read(name, take)
		}
		return errors.Join(err, w.file.Close())
	}
	err := lines.Read(in, lines.Limits{File: MaxFile, Line: MaxLine, Lines: zkteco.MaxLines, Quotes: true}, take)
	if errors.Is(err, lines.ErrTooLarge) {
		return ErrTooLarge
	}
	return err
}
