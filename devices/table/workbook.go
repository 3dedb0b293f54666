package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"klokkast/app/reading"
	"klokkast/devices/lines"
	"klokkast/devices/zkteco"
)

// Caps on workbooks.
const (
	maxUnzipped  = 256 << 20 // bytes of all its parts
	maxWide      = 1024      // columns of a row
	maxEmptyRows = 20_000    // more of them than ten times the others is no table
	maxSheets    = 64
)

// isWorkbook says that a file begins like a workbook (xlsx); isOldWorkbook, like one of before 2007, or one with a password.
func isWorkbook(begin []byte) bool    { return bytes.HasPrefix(begin, []byte("PK\x03\x04")) }
func isOldWorkbook(begin []byte) bool { return bytes.HasPrefix(begin, []byte("\xd0\xcf\x11\xe0")) }

// NoSheetError is a mapping of a sheet that the workbook does not have.
type NoSheetError struct {
	Sheet  string
	Sheets []string
}

// Error names the sheets.
func (e *NoSheetError) Error() string {
	return fmt.Sprintf("the workbook has no sheet %q but %q", e.Sheet, e.Sheets)
}

// TextKey words it for people.
func (e *NoSheetError) TextKey() (string, map[string]any) {
	return "error.table.no-sheet", map[string]any{"Sheet": e.Sheet, "Sheets": strings.Join(e.Sheets, ", ")}
}

// workbook is an xlsx file. Its rows become lines: the texts of the cells with a tab between two of them, dates as
// 2026-11-02 06:58:12, numbers without exponent. A line so made is kept as the tap's raw record.
type workbook struct {
	file   *excelize.File
	sheets []string // that are shown and hold anything
	years  bool     // days count from 1904
	kinds  map[int]cellKind
}

// cellKind is what a number of a cell is by its style.
type cellKind byte

const (
	plainNumber cellKind = iota
	dateKind
	clockKind
	dateClockKind
)

func openWorkbook(r io.Reader) (*workbook, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read a workbook: %w", err)
	}
	if len(raw) > MaxFile {
		return nil, ErrTooLarge
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, errors.Join(ErrNotWorkbook, err)
	}
	w := &workbook{file: f, kinds: map[int]cellKind{}}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		w.years = *p.Date1904
	}
	for _, name := range f.GetSheetList()[:min(maxSheets, f.SheetCount)] {
		if shown, err := f.GetSheetVisible(name); err != nil || !shown {
			continue
		}
		full, err := w.measure(name)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if full {
			w.sheets = append(w.sheets, name)
		}
	}
	return w, nil
}

// measure says that a sheet holds anything, and refuses one that would take more memory than what it holds.
func (w *workbook) measure(sheet string) (full bool, err error) {
	rows, err := w.file.Rows(sheet)
	if err != nil {
		return false, nil //nolint:nilerr // a sheet of charts has no rows
	}
	defer rows.Close()
	filled, empty := 0, 0
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return false, errors.Join(ErrNotWorkbook, err)
		}
		if len(cells) > maxWide {
			return false, ErrTooLarge
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			filled++
		} else {
			empty++
		}
		if filled > zkteco.MaxLines || empty > maxEmptyRows && empty > 10*filled {
			return false, ErrTooLarge
		}
	}
	return filled > 0, nil
}

// pick returns the sheet of a name; "" is the first.
func (w *workbook) pick(sheet string) (string, error) {
	switch {
	case slices.Contains(w.sheets, sheet):
		return sheet, nil
	case sheet != "":
		return "", &NoSheetError{sheet, w.sheets}
	case len(w.sheets) == 0:
		return "", ErrNoTap
	}
	return w.sheets[0], nil
}

// read returns the rows of a sheet as lines.
func (w *workbook) read(sheet string, take func(lines.Line) bool) error {
	rows, err := w.file.Rows(sheet)
	if err != nil {
		return errors.Join(ErrNotWorkbook, err)
	}
	defer rows.Close()
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return errors.Join(ErrNotWorkbook, err)
		}
		for i := range cells {
			cells[i] = w.text(sheet, i+1, number, cells[i])
		}
		text := []byte(strings.TrimRight(strings.Join(cells, "\t"), "\t"))
		l := lines.Line{Number: number, Text: text[:min(len(text), MaxLine)], Length: len(text)}
		if !take(l) {
			return nil
		}
	}
	return nil
}

// text returns the canonical text of a cell.
func (w *workbook) text(sheet string, column, row int, raw string) string {
	raw = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(raw, "\uFFFD"), func(r rune) bool { return r < ' ' || r == '\u2028' || r == '\u0085' }), " ")
	if raw == "" || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return raw
	}
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return raw
	}
	kind, err := w.file.GetCellType(sheet, name)
	if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return raw // a text, as it was typed
	}
	if t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(raw, "Z")); kind == excelize.CellTypeDate && err == nil {
		return t.Format(time.DateTime)
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return raw
	}
	style, err := w.file.GetCellStyle(sheet, name)
	if err != nil {
		return raw
	}
	return w.withZeros(style, w.number(v, w.kind(style)))
}

// number writes a number as what its style says that it is. A style that shows the date alone may hide a clock.
func (w *workbook) number(v float64, kind cellKind) string {
	if kind == plainNumber || v < 0 || v >= 80_000 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	days := v
	if w.years && v >= 1 {
		days += 1462
	}
	t := reading.Serial(days)
	clock := t.Format("15:04:05")
	if t.Nanosecond() > 0 {
		clock = t.Format("15:04:05.000")
	}
	midnight := t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0
	switch {
	case kind == clockKind && v <= 1, v < 1:
		return clock
	case kind == dateKind && midnight:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateOnly) + " " + clock
}

// withZeros puts the zeros before a number that its style shows: 0000 shows 101 as 0101.
func (w *workbook) withZeros(style int, number string) string {
	s, err := w.file.GetStyle(style)
	if err != nil || s.CustomNumFmt == nil || strings.Trim(*s.CustomNumFmt, "0") != "" || strings.Trim(number, "0123456789") != "" {
		return number
	}
	return strings.Repeat("0", max(0, len(*s.CustomNumFmt)-len(number))) + number
}

// kind tells dates and clocks by a style's format.
func (w *workbook) kind(style int) cellKind {
	if k, known := w.kinds[style]; known {
		return k
	}
	k := plainNumber
	if s, err := w.file.GetStyle(style); err == nil {
		custom := ""
		if s.CustomNumFmt != nil {
			custom = *s.CustomNumFmt
		}
		k = formatKind(s.NumFmt, custom)
	}
	w.kinds[style] = k
	return k
}

// formatKind tells dates and clocks by the number or the letters of a format.
func formatKind(number int, custom string) cellKind {
	if custom != "" {
		return lettersKind(custom)
	}
	switch {
	case number >= 14 && number <= 17, number >= 27 && number <= 31, number == 36, number >= 50 && number <= 58:
		return dateKind
	case number >= 18 && number <= 21, number >= 32 && number <= 35, number >= 45 && number <= 47:
		return clockKind
	case number == 22:
		return dateClockKind
	}
	return plainNumber
}

// lettersKind tells them by the letters outside quotes and brackets: d, y and m beside them are a date; h and s are a clock.
// Dutch, French and German programs write j, a, u, t too.
func lettersKind(format string) cellKind {
	var b strings.Builder
	quoted, bracket := false, false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
			if i+1 < len(format) && strings.IndexByte("hHmMsS", format[i+1]) >= 0 {
				b.WriteByte('h') // [h]:mm is a length of time
			}
		case c == ']':
			bracket = false
		case !bracket:
			b.WriteByte(c)
		}
	}
	letters, _, _ := strings.Cut(strings.ToLower(b.String()), ";")
	letters = strings.NewReplacer("general", "", "standaard", "", "standard", "", "am/pm", "", "a/p", "").Replace(letters)
	date, clock := strings.ContainsAny(letters, "dyj"), strings.ContainsAny(letters, "hs")
	switch {
	case date && clock:
		return dateClockKind
	case date:
		return dateKind
	case clock:
		return clockKind
	}
	return plainNumber
}

// fitting returns the sheets in which a time is found.
func (w *workbook) fitting() (out []string) {
	for _, sheet := range w.sheets {
		var begin []string
		if err := w.read(sheet, func(l lines.Line) bool {
			begin = append(begin, string(l.Text))
			return len(begin) < sampleLines
		}); err != nil {
			continue
		}
		if g := newGrid(begin, "\t"); len(g.rows) > 0 {
			if _, ok := g.findTimes(); ok {
				out = append(out, sheet)
			}
		}
	}
	return out
}
