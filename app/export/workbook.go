package export

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"klokkast/app"
	"klokkast/app/timesheet"
)

// Layout says how a spreadsheet is divided.
type Layout string

// Layouts.
const (
	// EachApart gives every engagement a sheet of its own.
	EachApart Layout = "each"
	// OneList puts the days of all under each other, to filter and to reckon with.
	OneList Layout = "list"
)

// Layouts are all of them, in the order of lists.
var Layouts = [...]Layout{EachApart, OneList}

// maxSheets is how many engagements may have a sheet of their own: more than a
// spreadsheet program opens well.
const maxSheets = 500

// TooManyError says that there are too many engagements for a sheet each.
type TooManyError struct{ Count int }

// Error returns the count.
func (e *TooManyError) Error() string { return fmt.Sprintf("export: %d sheets", e.Count) }

// TextKey words it for people.
func (e *TooManyError) TextKey() (string, map[string]any) {
	return "error.export.tooMany", map[string]any{"Count": e.Count, "Limit": maxSheets, "Example": string(OneList)}
}

// Workbook is a spreadsheet under way. Days are dates and durations times of the
// spreadsheet; totals are formulas over the cells above them, with their values.
type Workbook struct {
	layout Layout
	texts  app.Texts
	file   *excelize.File
	look   looks
	totals []totalOf
	names  map[string]bool // of sheets, in lower case
	list   *sheet          // of OneList
	sites  *sheet          // of OneList
	notes  *sheet          // of OneList, from its first note on
	late   *sheet          // of OneList, from the first late addition on
}

// totalOf is where the total of one engagement stands.
type totalOf struct {
	part  *Part
	row   Row
	days  Figures
	sheet string
	// first and last are the rows of its days; total is that of its total, 0 in OneList.
	first, last, total int
	late               []Row
}

// looks are the styles of cells.
type looks struct{ title, head, text, day, time, sumText, sumTime, decimal, free, freeDay, freeTime, number, sumNumber int }

// NewWorkbook begins a spreadsheet in the language of the texts.
func NewWorkbook(l Layout, t app.Texts) (*Workbook, error) {
	w := &Workbook{layout: l, texts: t, file: excelize.NewFile(), names: map[string]bool{}}
	if err := w.makeLooks(); err != nil {
		return nil, fmt.Errorf("begin a spreadsheet: %w", err)
	}
	// A program that opens the file reckons all formulas again.
	again := true
	if err := w.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &again}); err != nil {
		return nil, fmt.Errorf("begin a spreadsheet: %w", err)
	}
	if err := w.file.SetSheetName("Sheet1", w.sheetName(t.T("export.sheet.totals"))); err != nil {
		return nil, fmt.Errorf("begin a spreadsheet: %w", err)
	}
	return w, nil
}

func (w *Workbook) makeLooks() error {
	hours, date, decimal := "[h]:mm", "dd/mm/yyyy", "0.00"
	line := []excelize.Border{{Type: "top", Color: "000000", Style: 1}}
	fill := func(c string) excelize.Fill { return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c}} }
	bold := &excelize.Font{Bold: true}
	for _, s := range []struct {
		into  *int
		style excelize.Style
	}{
		{&w.look.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}}},
		{&w.look.head, excelize.Style{Font: bold, Fill: fill("DDDDDD"), Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&w.look.text, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&w.look.day, excelize.Style{CustomNumFmt: &date}},
		{&w.look.time, excelize.Style{CustomNumFmt: &hours}},
		{&w.look.number, excelize.Style{NumFmt: 1}},
		{&w.look.decimal, excelize.Style{CustomNumFmt: &decimal}},
		{&w.look.sumText, excelize.Style{Font: bold, Border: line}},
		{&w.look.sumTime, excelize.Style{Font: bold, Border: line, CustomNumFmt: &hours}},
		{&w.look.sumNumber, excelize.Style{Font: bold, Border: line, NumFmt: 1}},
		{&w.look.free, excelize.Style{Fill: fill("EEEEEE")}},
		{&w.look.freeDay, excelize.Style{Fill: fill("EEEEEE"), CustomNumFmt: &date}},
		{&w.look.freeTime, excelize.Style{Fill: fill("EEEEEE"), CustomNumFmt: &hours}},
	} {
		id, err := w.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.into = id
	}
	return nil
}

// Add writes one engagement.
func (w *Workbook) Add(p *Part) error {
	if w.layout == EachApart {
		if len(w.totals) >= maxSheets {
			return &TooManyError{len(w.totals) + 1}
		}
		return w.addSheet(p)
	}
	return w.addToList(p)
}

// Write ends the spreadsheet and writes it.
func (w *Workbook) Write(out io.Writer) error {
	for _, s := range []*sheet{w.list, w.sites, w.late, w.notes} {
		if s == nil {
			continue
		}
		if err := s.end(); err != nil {
			return err
		}
	}
	if err := w.writeTotals(); err != nil {
		return err
	}
	if err := w.file.Write(out); err != nil {
		return fmt.Errorf("write the spreadsheet: %w", err)
	}
	return nil
}

// Close frees what the spreadsheet holds, written or not.
func (w *Workbook) Close() error { return w.file.Close() }

// sheetName returns a name of one sheet: at most 31 letters, none of those that
// spreadsheets refuse, and none twice.
func (w *Workbook) sheetName(wanted string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'!`, r) || r < ' ' {
			return ' '
		}
		return r
	}, wanted)
	clean = strings.Join(strings.Fields(clean), " ")
	if clean == "" {
		clean = "-"
	}
	name := cut(clean, 31)
	for n := 2; w.names[strings.ToLower(name)]; n++ {
		tail := fmt.Sprintf(" (%d)", n)
		name = cut(clean, 31-len(tail)) + tail
	}
	w.names[strings.ToLower(name)] = true
	return name
}

// cut shortens a text to so many UTF-16 units, as spreadsheets count.
func cut(s string, n int) string {
	for i, r := range s {
		if n--; r > 0xffff {
			n--
		}
		if n < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// field is one column of a list of days.
type field struct {
	key   string // of its heading
	width float64
	value func(r *Row) any // a text, an app.Date or timesheet.Minutes; nil leaves it empty
	of    func(*Figures) timesheet.Minutes
}

// who are the columns that say whose a row is.
func (w *Workbook) who() []field {
	return []field{
		{key: "staff_number", width: 12, value: func(r *Row) any { return r.Part.Model.Sheet.Worker.StaffNumber }},
		{key: "name", width: 26, value: func(r *Row) any { return r.Part.Model.Sheet.Worker.Name() }},
		{key: "ssin", width: 15, value: func(r *Row) any { return r.Part.ssin() }},
		{key: "employer", width: 24, value: func(r *Row) any { return r.Part.Model.Sheet.Employer.Name }},
	}
}

// daily are the columns of a day.
func (w *Workbook) daily() []field {
	return []field{
		{key: "date", width: 12, value: func(r *Row) any { return r.Days.From }},
		{key: "remark", width: 26, value: func(r *Row) any { return w.remark(r) }},
		{key: "in", width: 8, value: func(r *Row) any { return r.In }},
		{key: "out", width: 8, value: func(r *Row) any { return r.Out }},
		{key: "site", width: 30, value: func(r *Row) any { return r.names(func(s app.Site) string { return s.Name }) }},
	}
}

// hours are the columns of figures.
func (w *Workbook) hours() (list []field) {
	for _, f := range figures() {
		if f.name != "away" { // stands in the remark
			list = append(list, field{key: f.name, width: 10, of: f.of})
		}
	}
	return list
}

func (w *Workbook) marks() field {
	return field{key: "marks", width: 12, value: func(r *Row) any { return strings.Join(r.Marks, " ") }}
}

// remark says what is to be said of a day: absence, holiday, incomplete, not engaged.
func (w *Workbook) remark(r *Row) string {
	var all []string
	for _, a := range r.Absences {
		text := w.texts.T("absence." + string(a.Kind))
		if !a.Hours.IsZero() {
			text += " " + a.Hours.String()
		}
		all = append(all, text)
	}
	if d := dayOf(r); d != nil {
		if d.Holiday != "" {
			all = append(all, d.Holiday)
		}
		if !d.Engaged {
			all = append(all, w.texts.T("timesheet.notEngaged"))
		}
	}
	if r.Incomplete {
		all = append(all, w.texts.T("export.incomplete"))
	}
	return strings.Join(all, "; ")
}

// dayOf returns the day of the model that a row is about; nil for days of other periods.
func dayOf(r *Row) *timesheet.Day {
	s := &r.Part.Model.Sheet
	if r.Kind == Addition || !s.Days.Holds(r.Days.From) {
		return nil
	}
	return &r.Part.Model.Days[r.Days.From-s.Days.From]
}

// sheet is one sheet of the file under way.
type sheet struct {
	name   string
	stream *excelize.StreamWriter
	row    int // the last one written
	head   int // the row of the headings
	fields []field
}

// newSheet makes a sheet with headings that stay in sight and are printed on
// every page; above are the lines above them.
func (w *Workbook) newSheet(name string, above [][]any, fields []field) (*sheet, error) {
	s := &sheet{name: name, fields: fields, head: len(above) + 1}
	if i, err := w.file.GetSheetIndex(name); err != nil || i < 0 {
		if _, err := w.file.NewSheet(name); err != nil {
			return nil, fmt.Errorf("begin a sheet: %w", err)
		}
	}
	if err := w.page(s); err != nil {
		return nil, fmt.Errorf("begin a sheet: %w", err)
	}
	var err error
	if s.stream, err = w.file.NewStreamWriter(name); err != nil {
		return nil, fmt.Errorf("begin a sheet: %w", err)
	}
	for i, f := range fields {
		if err := s.stream.SetColWidth(i+1, i+1, f.width); err != nil {
			return nil, fmt.Errorf("begin a sheet: %w", err)
		}
	}
	below := fmt.Sprintf("A%d", s.head+1)
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: s.head, TopLeftCell: below, ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("begin a sheet: %w", err)
	}
	for _, line := range above {
		if err := s.add(line); err != nil {
			return nil, err
		}
	}
	heads := make([]any, len(fields))
	for i, f := range fields {
		heads[i] = excelize.Cell{StyleID: w.look.head, Value: w.heading(f.key)}
	}
	const twoLines = 30 // points
	return s, s.add(heads, excelize.RowOpts{Height: twoLines})
}

// heading words a column; the names of sites stand there as they are.
func (w *Workbook) heading(key string) string {
	if site, ok := strings.CutPrefix(key, siteKey); ok {
		return safe(site)
	}
	return w.texts.T("export.col." + key)
}

// siteKey begins the key of a column that is about one site.
const siteKey = "site:"

// page sets how a sheet is printed: across A4, as wide as the page, headings on each.
func (w *Workbook) page(s *sheet) error {
	const a4 = 9
	size, wide, one, any, fit := a4, "landscape", 1, 0, true
	if err := w.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := w.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &wide, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return err
	}
	if err := w.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}); err != nil {
		return err
	}
	return w.file.SetDefinedName(
		&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.head, s.head), Scope: s.name},
	)
}

// add writes the next row.
func (s *sheet) add(cells []any, look ...excelize.RowOpts) error {
	s.row++
	if err := s.stream.SetRow(fmt.Sprintf("A%d", s.row), cells, look...); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// end finishes the sheet.
func (s *sheet) end() error {
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	return nil
}

// cells returns a row's cells; a grey day is shaded.
func (w *Workbook) cells(s *sheet, r *Row) []any {
	text, day, hours := w.look.text, w.look.day, w.look.time
	if d := dayOf(r); d != nil && d.Free {
		text, day, hours = w.look.free, w.look.freeDay, w.look.freeTime
	}
	out := make([]any, len(s.fields))
	for i, f := range s.fields {
		switch {
		case f.of != nil:
			out[i] = w.duration(hours, f.of(&r.Figures), r.Kind == Work)
			continue
		case f.value == nil:
			continue
		}
		switch v := f.value(r).(type) {
		case app.Date:
			out[i] = excelize.Cell{StyleID: day, Value: asDate(v)}
		case timesheet.Minutes:
			out[i] = w.duration(hours, v, false)
		case string:
			out[i] = excelize.Cell{StyleID: text, Value: safe(v)}
		default:
			out[i] = excelize.Cell{StyleID: text}
		}
	}
	return out
}

// duration returns the cell of a duration; where none is said, nothing is shorter than 0:00.
func (w *Workbook) duration(style int, m timesheet.Minutes, zero bool) excelize.Cell {
	if m == 0 && !zero {
		return excelize.Cell{StyleID: style}
	}
	return excelize.Cell{StyleID: style, Value: asTime(m)}
}

// asDate returns a day as spreadsheets count them, from 30 December 1899 on.
func asDate(d app.Date) int { return int(d - app.NewDate(1899, time.December, 30)) }

// asTime returns minutes as spreadsheets count time: a day is 1.
func asTime(m timesheet.Minutes) float64 { return float64(m) / (24 * 60) }

// asHours returns minutes as hours, for differences: a time below zero is not
// shown by every spreadsheet program.
func asHours(m timesheet.Minutes) float64 { return float64(m) / 60 }

// sum returns a cell that adds up a column over some rows, with its value.
func sum(style, column, first, last int, value any) excelize.Cell {
	name, _ := excelize.ColumnNumberToName(column) // a column of ours is in range
	return excelize.Cell{StyleID: style, Formula: fmt.Sprintf("SUM(%s%d:%s%d)", name, first, name, last), Value: value}
}

// sheetDays returns the rows of every calendar day.
func sheetDays(p *Part) []Row {
	days := dayRows(p)
	out := make([]Row, len(days))
	for i := range days {
		out[i] = days[i].Row
	}
	return out
}

func sumOf(rows []Row) (f Figures) {
	for i := range rows {
		f.add(rows[i].Figures)
	}
	return f
}

// sitesOf returns the sites of some rows, by name.
func sitesOf(p *Part, rows []Row) []app.ID {
	var ids []app.ID
	for i := range rows {
		for _, s := range rows[i].Sites {
			if !slices.Contains(ids, s) {
				ids = append(ids, s)
			}
		}
	}
	slices.SortFunc(ids, func(a, b app.ID) int {
		return strings.Compare(p.Model.Sheet.Sites[a].Name+string(a), p.Model.Sheet.Sites[b].Name+string(b))
	})
	return ids
}
