package timesheet

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/timesheet/paper"
)

// Write prints models as one PDF, each from a new page with its own page
// numbers. The same models give the same bytes. It fails with a
// *paper.UndrawableError that names the field when a text holds a character
// that the fonts cannot draw, and then writes nothing.
func Write(w io.Writer, fonts *paper.Fonts, models ...*Model) error {
	if len(models) == 0 {
		return errors.New("print timesheets: there are none")
	}
	b := newBundle(fonts, models[0], len(models) == 1)
	for _, m := range models {
		if err := b.Add(m); err != nil {
			return err
		}
	}
	return b.Write(w)
}

// Lay lays out the pages of one model, for a look before they are written. It fails like Write.
func Lay(fonts *paper.Fonts, m *Model) ([]*paper.Page, error) {
	clean, err := m.cleaned(fonts)
	if err != nil {
		return nil, err
	}
	return paper.Lay(fonts, func(doc *paper.Document) { printer{Model: clean, doc: doc}.print() })
}

// printer lays one model out.
type printer struct {
	*Model
	doc *paper.Document
	// listed is set where the reader's list of contents names the worker.
	listed bool
}

func (p printer) t(key string, args ...any) string { return p.texts.T("timesheet."+key, args...) }

func (p printer) print() {
	s := p.Sheet
	period := p.period()
	p.doc.Begin(paper.Foot{
		Left:    p.foot(),
		Page:    func(page, of int) string { return p.t("page", "Page", page, "Of", of) },
		Running: p.t("title") + " · " + period + " · " + s.Worker.Name(),
	})
	if p.listed {
		p.doc.Bookmark(strings.TrimSpace(s.Worker.Name() + " " + s.Worker.StaffNumber))
	}
	p.doc.Heading(paper.Heading{Title: p.t("title"), Right: period})
	if s.Environment.Simulated() {
		p.doc.Banner(p.t("simulated"))
	}
	p.doc.Facts(p.workerFacts(), p.employerFacts())
	p.doc.Space(1)
	p.body(p.rowHeight())
}

// period names the days: a month by its name, a week by its number, others by their dates.
func (m *Model) period() string { return Period(m.texts, m.Sheet.Days) }

// Period names days on paper: a month by its name, a week from Monday to Sunday
// by its number (ISO 8601), others by their dates.
func Period(t Texts, d app.Days) string {
	dates := t.Date(d.From) + " – " + t.Date(d.To)
	switch {
	case d == app.MonthOf(d.From).Days():
		return t.Month(app.MonthOf(d.From))
	case d.From == d.To:
		return t.Date(d.From)
	case d.From == d.From.Monday() && d.To == d.From.AddDays(6):
		_, week := d.From.UTC().ISOWeek()
		return t.T("timesheet.week", "Week", week) + " · " + dates
	}
	return dates
}

// rowHeight gives the tallest rows that need the fewest pages: a full month
// stays on one page where it can.
func (p printer) rowHeight() float64 {
	best, fewest := 0.0, 0
	for _, height := range []float64{4.7, 4.4, 4.1} {
		pages := p.doc.Pages(func() { p.body(height) })
		if best == 0 || pages < fewest {
			best, fewest = height, pages
		}
	}
	return best
}

// body is what stands below the head.
func (p printer) body(rowHeight float64) {
	p.doc.Table(p.days(rowHeight))
	p.doc.Space(1)
	if len(p.Late) > 0 {
		p.doc.Table(p.late())
		p.doc.Space(1)
	}
	p.doc.Table(p.perSite())
	p.doc.Space(0.5)
	p.doc.Notes(p.t("notes"), p.footNotes())
	p.doc.Small(p.t("legend"))
	p.sign()
}

// foot says what the sheet was made from and by what, not when it was printed.
func (p printer) foot() string {
	parts := []string{p.Sheet.Program}
	if a := p.Sheet.Approval; a != nil {
		parts = append(parts, p.t("foot.version", "Version", a.Version))
	}
	if p.Sheet.Hash != "" {
		parts = append(parts, p.t("foot.data", "Hash", p.Sheet.Hash))
	}
	return strings.Join(parts, " · ")
}

func (p printer) workerFacts() []paper.Fact {
	s := p.Sheet
	facts := []paper.Fact{{Label: p.t("worker"), Value: s.Worker.Name(), Bold: true}}
	if s.Worker.StaffNumber != "" {
		facts = append(facts, paper.Fact{Label: p.t("staffNumber"), Value: s.Worker.StaffNumber})
	}
	if number := s.ssin(); number != "" {
		facts = append(facts, paper.Fact{Label: p.t("ssin"), Value: number})
	}
	return append(facts,
		paper.Fact{Label: p.t("capacity"), Value: p.t("capacity." + string(s.Engagement.Capacity))},
		paper.Fact{Label: p.t("state"), Value: p.approval()},
	)
}

func (p printer) employerFacts() []paper.Fact {
	s := p.Sheet
	facts := []paper.Fact{{Label: p.t("employer"), Value: s.Employer.Name, Bold: true}}
	switch {
	case s.Employer.Enterprise != "":
		facts = append(facts, paper.Fact{Label: p.t("enterprise"), Value: identity.FormatEnterprise(s.Employer.Enterprise)})
	case s.Employer.ForeignVAT != "":
		facts = append(facts, paper.Fact{Label: p.t("foreignVAT"), Value: s.Employer.ForeignVAT})
	}
	facts = append(facts, paper.Fact{Label: p.t("engaged"), Value: p.engaged(s.Engagement.Days)})
	if weekly := s.weekly(); weekly > 0 {
		facts = append(facts, paper.Fact{Label: p.t("weekly"), Value: weekly.String()})
	}
	return append(facts, paper.Fact{Label: p.t("rounding"), Value: p.rounding(s.Engagement.Rounding)})
}

func (s Sheet) weekly() Minutes {
	if s.Engagement.WeeklyMinutes > 0 {
		return Minutes(s.Engagement.WeeklyMinutes)
	}
	return Minutes(s.DefaultWeekly)
}

func (s Sheet) rounds() bool { return s.Engagement.Rounding.Minutes > 1 }

func (p printer) engaged(days app.Days) string {
	switch {
	case days.From == 0 && days.To == 0:
		return "–"
	case days.To == 0:
		return p.t("engaged.since", "From", p.texts.Date(days.From))
	case days.From == 0:
		return p.t("engaged.until", "To", p.texts.Date(days.To))
	}
	return p.texts.Date(days.From) + " – " + p.texts.Date(days.To)
}

func (p printer) rounding(r app.Rounding) string {
	if !p.Sheet.rounds() {
		return p.t("rounding.none")
	}
	mode := r.Mode
	if mode == "" {
		mode = app.RoundNearest
	}
	return p.t("rounding."+string(mode), "Minutes", r.Minutes)
}

func (p printer) approval() string {
	a := p.Sheet.Approval
	if a == nil {
		return p.t("state.open")
	}
	return p.t("state.approved", "By", a.By, "Date", p.texts.Date(a.At.DateIn(belgium())), "Version", a.Version)
}

// belgium is the zone of acts that no site gives one.
func belgium() *time.Location {
	zone, err := time.LoadLocation(app.DefaultZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// days is the table of the days; the site takes the width that the others leave.
func (p printer) days(rowHeight float64) paper.Table {
	columns := []paper.Column{
		{Title: p.t("col.day"), Width: 17},
		{Title: p.t("col.site")},
		{Title: p.t("col.in"), Width: 12},
		{Title: p.t("col.out"), Width: 14},
		{Title: p.t("col.breaks"), Width: 20},
		{Title: p.t("col.break"), Width: 11.5, Align: paper.AlignRight},
		{Title: p.t("col.hours"), Width: 13.5, Align: paper.AlignRight},
	}
	remarks := 27.0
	if p.Sheet.rounds() {
		columns = append(columns, paper.Column{Title: p.t("col.rounded"), Width: 14.5, Align: paper.AlignRight})
		remarks = 22
	}
	columns = append(columns,
		paper.Column{Title: p.t("col.night"), Width: 11.5, Align: paper.AlignRight},
		paper.Column{Title: p.t("col.sunday"), Width: 14, Align: paper.AlignRight},
		paper.Column{Title: p.t("col.remarks"), Width: remarks},
	)
	columns[1].Width = paper.Width
	for i, c := range columns {
		if i != 1 {
			columns[1].Width -= c.Width
		}
	}
	t := paper.Table{Columns: columns, RowHeight: rowHeight}
	for _, d := range p.Days {
		t.Rows = append(t.Rows, p.dayRows(d)...)
	}
	t.Rows = append(t.Rows, p.totalRow())
	return t
}

// dayRows gives a day's rows: one a presence, at least one. The day's figures stand in the first.
func (p printer) dayRows(d Day) []paper.Row {
	rows := make([]paper.Row, max(1, len(d.Lines)))
	for i := range rows {
		var line Line
		if i < len(d.Lines) {
			line = d.Lines[i]
		}
		rows[i] = paper.Row{Shade: d.Free, Joined: i > 0}
		if i == 0 {
			rows[i].Cells = p.cells(p.dayLabel(d), line, d.Worked, d, p.remarks(d))
		} else {
			rows[i].Cells = p.cells(paper.Cell{}, line, false, d, paper.Cell{})
		}
	}
	if !d.Engaged && len(d.Lines) == 0 {
		rows[0].Cells[1] = paper.Cell{Lines: []string{p.t("notEngaged")}, Grey: true}
	}
	return rows
}

func (p printer) cells(label paper.Cell, l Line, figures bool, d Day, remarks paper.Cell) []paper.Cell {
	row := []paper.Cell{label, paper.Line(l.Site), {}, {}, {}}
	if l.Site != "" {
		row[2], row[3], row[4] = p.clock(l.In), p.clock(l.Out), p.pauses(l.Breaks)
	}
	if !figures {
		d = Day{}
	}
	hours := figure(d.Hours, figures)
	hours.Bold = true
	pause := figure(d.Break, d.Break > 0)
	if d.Proposed > 0 {
		pause.Mark = "°"
	}
	row = append(row, pause, hours)
	if p.Sheet.rounds() {
		row = append(row, figure(d.Rounded, figures))
	}
	return append(row, figure(d.Night, d.Night > 0), figure(d.Sunday, d.Sunday > 0), remarks)
}

func figure(m Minutes, show bool) paper.Cell {
	if !show {
		return paper.Cell{}
	}
	return paper.Line(m.String())
}

func (p printer) dayLabel(d Day) paper.Cell {
	return paper.Cell{Lines: []string{p.texts.DayMonth(d.Date)}, Grey: !d.Worked}
}

func (p printer) clock(c Clock) paper.Cell {
	if c.Text == "" {
		if c.Open {
			return paper.Cell{Lines: []string{p.t("open")}, Grey: true}
		}
		return paper.Cell{Lines: []string{"?"}, Bold: true}
	}
	cell := paper.Line(c.Text)
	if c.Later != 0 {
		cell.Mark = fmt.Sprintf("%+d", c.Later)
	}
	if c.Adjusted {
		cell.Mark += "*"
	}
	return cell
}

func (p printer) pauses(pauses []Pause) (cell paper.Cell) {
	for _, b := range pauses {
		line := cmp.Or(b.From, "?") + "–" + cmp.Or(b.To, "?")
		if b.Proposed {
			line += "°"
		}
		cell.Lines = append(cell.Lines, line)
	}
	return cell
}

// remarks gives what is special about a day: one line where it can be, for calm.
func (p printer) remarks(d Day) paper.Cell {
	var words, lines []string
	if d.Incomplete {
		words = append(words, p.t("incomplete"))
	}
	words = append(words, d.Marks...)
	if d.Holiday != "" {
		lines = append(lines, d.Holiday)
	}
	switch {
	case d.ClockMoved > 0:
		lines = append(lines, p.t("clock.forward"))
	case d.ClockMoved < 0:
		lines = append(lines, p.t("clock.back"))
	}
	if len(words) > 0 {
		lines = append(lines, strings.Join(words, " "))
	}
	return paper.Cell{Lines: lines, Bold: len(words) > 0}
}

func (p printer) totalRow() paper.Row {
	bold := func(m Minutes) paper.Cell { return paper.Cell{Lines: []string{m.String()}, Bold: true} }
	t := p.Total
	pause := bold(t.Break)
	if t.Proposed > 0 {
		pause.Mark = "°"
	}
	cells := []paper.Cell{
		{Lines: []string{p.t("total")}, Bold: true},
		{Lines: []string{p.texts.N("timesheet.days", t.Days)}},
		{}, {}, {}, pause, bold(t.Hours),
	}
	if p.Sheet.rounds() {
		cells = append(cells, bold(t.Rounded))
	}
	cells = append(cells, bold(t.Night), bold(t.Sunday))
	if t.Incomplete > 0 {
		cells = append(cells, paper.Cell{Lines: []string{p.texts.N("timesheet.incompleteDays", t.Incomplete)}, Bold: true})
	} else {
		cells = append(cells, paper.Cell{})
	}
	return paper.Row{Cells: cells, Strong: true}
}

// late is the table of what is settled of earlier periods, with the total of both below it.
func (p printer) late() paper.Table {
	t := paper.Table{RowHeight: 4.2, Columns: []paper.Column{
		{Title: p.t("col.day"), Width: 21},
		{Title: p.t("late")},
		{Title: p.t("col.why"), Width: 38},
		{Title: p.t("col.hours"), Width: 15, Align: paper.AlignRight},
	}}
	if p.Sheet.rounds() {
		t.Columns = append(t.Columns, paper.Column{Title: p.t("col.rounded"), Width: 16, Align: paper.AlignRight})
	}
	t.Columns = append(t.Columns,
		paper.Column{Title: p.t("col.night"), Width: 13, Align: paper.AlignRight},
		paper.Column{Title: p.t("col.sunday"), Width: 15, Align: paper.AlignRight})
	t.Columns[1].Width = paper.Width
	for i, c := range t.Columns {
		if i != 1 {
			t.Columns[1].Width -= c.Width
		}
	}
	for _, l := range p.Late {
		t.Rows = append(t.Rows, paper.Row{Cells: p.lateCells(paper.Line(p.texts.Date(l.Date)), paper.Line(l.What),
			paper.Line(strings.Join(append([]string{l.Why}, l.Marks...), " ")), l.LateFigures, signed)})
	}
	total := paper.Cell{Lines: []string{p.t("total")}, Bold: true}
	with := p.lateCells(total, paper.Line(p.t("withLate")), paper.Cell{}, p.WithLate, Minutes.String)
	for i := range with {
		with[i].Bold = true
	}
	t.Rows = append(t.Rows, paper.Row{Cells: with, Strong: true})
	return t
}

func (p printer) lateCells(day, what, why paper.Cell, f LateFigures, write func(Minutes) string) []paper.Cell {
	cells := []paper.Cell{day, what, why, paper.Line(write(f.Hours))}
	if p.Sheet.rounds() {
		cells = append(cells, paper.Line(write(f.Rounded)))
	}
	return append(cells, paper.Line(write(f.Night)), paper.Line(write(f.Sunday)))
}

// signed writes a difference with its sign.
func signed(m Minutes) string {
	if m > 0 {
		return "+" + m.String()
	}
	return m.String()
}

// perSite is the small table of hours by site, with the part that only adjustments give.
func (p printer) perSite() paper.Table {
	t := paper.Table{
		RowHeight: 4.2,
		Columns: []paper.Column{
			{Title: p.t("perSite"), Width: 78},
			{Title: p.t("col.days"), Width: 14, Align: paper.AlignRight},
			{Title: p.t("col.hours"), Width: 18, Align: paper.AlignRight},
		},
	}
	for _, s := range p.Sites {
		t.Rows = append(t.Rows, paper.Row{Cells: []paper.Cell{
			paper.Line(s.Name), paper.Line(fmt.Sprint(s.Days)), paper.Line(s.Hours.String()),
		}})
	}
	if p.Total.Adjusted > 0 {
		t.Rows = append(t.Rows, paper.Row{Cells: []paper.Cell{
			{Lines: []string{p.t("ofWhichAdjusted")}, Grey: true}, {},
			{Lines: []string{p.Total.Adjusted.String()}, Mark: "*", Grey: true},
		}})
	}
	return t
}

func (p printer) footNotes() []paper.Note {
	var notes []paper.Note
	for _, n := range p.Notes {
		notes = append(notes, paper.Note{Mark: n.Mark(), Text: p.t("note", "Day", n.Day, "Text", n.Text)})
	}
	for _, text := range p.Standing {
		notes = append(notes, paper.Note{Mark: string(NoteAnomaly), Text: text})
	}
	return notes
}

func (p printer) sign() {
	lines := []string{p.t("sign.date"), p.t("sign.signature")}
	p.doc.Space(2)
	p.doc.Signatures(
		paper.Signature{Role: p.t("sign.worker"), Lines: append([]string{p.t("sign.name")}, lines...), Filled: p.Sheet.Worker.Name()},
		paper.Signature{Role: p.t("sign.supervisor"), Lines: append([]string{p.t("sign.name")}, lines...)},
	)
}
