package timesheet

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/timesheet/paper"
)

// Write prints papers as one PDF, each from a new page with its own page
// numbers. The same models give the same bytes. What the fonts cannot draw is
// said at the end of the paper, and keeps none from being printed.
func Write(w io.Writer, fonts *paper.Fonts, models ...Printable) error {
	if len(models) == 0 {
		return errors.New("print timesheets: there are none")
	}
	b := newBundle(fonts, models[0], len(models) == 1)
	for _, m := range models {
		b.Add(m)
	}
	return b.Write(w)
}

// Lay lays out the pages of one paper, for a look before they are written. It fails like Write.
func Lay(fonts *paper.Fonts, m Printable) ([]*paper.Page, error) {
	lay := m.ready(fonts)
	return paper.Lay(fonts, func(doc *paper.Document) { lay(doc, false) })
}

func (m *Model) about() about {
	return about{m.texts.T("timesheet.title") + " " + m.period(), m.Sheet.Worker.Name(), m.Sheet.Program, m.texts.Language(), m.Sheet.Days}
}

func (m *Model) ready(fonts *paper.Fonts) func(*paper.Document, bool) {
	f := fitter{paper.NewFitter(fonts, m.texts)}
	fit := m.fitted(f)
	return func(doc *paper.Document, listed bool) {
		printer{Model: fit, doc: doc, fitter: f, listed: listed}.print()
	}
}

// printer lays one model out.
type printer struct {
	*Model
	doc    *paper.Document
	fitter fitter
	// listed is set where the reader's list of contents names the worker.
	listed bool
}

func (p printer) t(key string, args ...any) string { return p.texts.T("timesheet."+key, args...) }

func (p printer) print() {
	s := p.Sheet
	period := p.period()
	p.doc.Begin(paper.Foot{
		Left:    p.Stamp.foot(p.texts, s.Program),
		Page:    func(page, of int) string { return p.t("page", "Page", page, "Of", of) },
		Running: p.t("title") + " · " + period + " · " + s.Worker.Name(),
	})
	if p.listed {
		p.doc.Bookmark(strings.TrimSpace(s.Worker.Name() + " " + s.Worker.StaffNumber))
	}
	if p.Stamp != nil {
		p.doc.Keyword(p.Stamp.Code.String())
	}
	p.doc.Letterhead(Head(s.Letterhead, s.Logo))
	p.doc.Heading(paper.Heading{Title: p.t("title"), Right: period})
	if s.Environment.Simulated() {
		p.doc.Banner(p.t("simulated"))
	}
	p.doc.CodedFacts(p.Stamp.printed(), p.workerFacts(), p.employerFacts())
	p.doc.Notes("", p.Stamp.revision(p.texts))
	p.doc.Space(1)
	days := p.days()
	body := func(rowHeight float64) {
		days.RowHeight = rowHeight
		p.body(days)
	}
	body(rowHeight(p.doc, []float64{4.7, 4.4, 4.1, 3.9}, body))
}

// period names the days: a month by its name, a week by its number, others by their dates.
func (m *Model) period() string { return Period(m.texts, m.Sheet.Days) }

// Period names days on paper: a month by its name, a week from Monday to Sunday
// by its number (ISO 8601), others by their dates.
func Period(t app.Texts, d app.Days) string {
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

// Head returns whose paper it is, as it is printed; logo is the picture that the letterhead names.
func Head(l app.Letterhead, logo []byte) paper.Letterhead {
	lines := l.Lines
	if l.Enterprise != "" {
		lines = append(slices.Clip(lines), identity.FormatEnterprise(l.Enterprise))
	}
	return paper.Letterhead{Name: l.Name, Lines: lines, Logo: logo}
}

// printed returns the code as it is drawn, its groups in two lines.
func (s *Stamp) printed() paper.Code {
	if s == nil {
		return paper.Code{}
	}
	text := s.Code.String()
	half := len(text) / 2
	return paper.Code{Text: text, Lines: []string{text[:half], text[min(half+1, len(text)):]}}
}

// revision says what is otherwise than in the version before.
func (s *Stamp) revision(t app.Texts) []paper.Note {
	if s == nil || s.Replaces == 0 {
		return nil
	}
	var days []string
	for _, r := range s.Changed {
		change := t.T("timesheet.revision.times")
		if r.Hours != 0 {
			change = signed(r.Hours)
		}
		days = append(days, strings.Join(strings.Fields(t.DayMonth(r.Day)+" "+r.Who+" "+change), " "))
	}
	key := "timesheet.revision.replaces"
	if s.ReplacesDraft {
		key = "timesheet.revision.replacesDraft"
	}
	text := t.T(key, "Version", s.Replaces)
	if s.Reason != "" {
		text += " (" + s.Reason + ")"
	}
	if len(days) == 0 {
		days = []string{t.T("timesheet.revision.same")}
	}
	return []paper.Note{{Mark: s.version(t), Text: text + ": " + strings.Join(days, " · ")}}
}

// version names the version of the paper.
func (s *Stamp) version(t app.Texts) string {
	if s.Provisional {
		return t.T("timesheet.foot.draft", "Version", s.Code.Version)
	}
	return t.T("timesheet.foot.version", "Version", s.Code.Version)
}

// foot says what a paper was made from and by what, not when it was printed.
func (s *Stamp) foot(t app.Texts, program string) string {
	parts := []string{program}
	if s != nil {
		parts = append(parts, s.version(t), t.T("timesheet.foot.data", "Hash", s.Hash))
	}
	return strings.Join(parts, " · ")
}

// rowHeight returns the tallest rows that need the fewest pages, of heights from
// the tallest on: a full month stays on one page where it can.
func rowHeight(doc *paper.Document, heights []float64, body func(rowHeight float64)) float64 {
	best, fewest := 0.0, 0
	for _, height := range heights {
		pages := doc.Pages(func() { body(height) })
		if pages == 0 { // lower rows cannot do better
			return height
		}
		if best == 0 || pages < fewest {
			best, fewest = height, pages
		}
	}
	return best
}

// body is what stands below the head.
func (p printer) body(days paper.Table) {
	p.doc.Table(days)
	p.doc.Space(1)
	if len(p.Late) > 0 {
		p.doc.Table(p.late())
		p.doc.Space(1)
	}
	p.doc.Beside(p.totals(), p.perSite(), p.perClient())
	p.doc.Space(0.5)
	p.doc.Notes(p.t("notes"), p.footNotes())
	p.doc.Unfit(p.fitter.Fitter)
	p.doc.Small(p.legend(p.ByPhone()))
	p.sign()
}

// legend says what the marks mean; that of phones only where there is one.
func (p printer) legend(byPhone bool) string {
	if !byPhone {
		return p.t("legend")
	}
	return app.PhoneMark + " " + p.t("legend.byPhone") + " · " + p.t("legend")
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
	if s.Engagement.WeeklyHours > 0 {
		return Minutes(s.Engagement.WeeklyHours)
	}
	return Minutes(s.DefaultWeekly)
}

func (s Sheet) rounds() bool { return s.Engagement.Rounding.Minutes > 1 }

// rounds says that rounded hours stand on the paper beside the exact ones: those
// of a late addition are by the rounding of its closed day.
func (m *Model) rounds() bool {
	return m.Sheet.rounds() || slices.ContainsFunc(m.Late, func(l Late) bool { return l.Rounded != l.Hours })
}

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
	return p.t("state.approved", "By", a.By, "Date", p.texts.Date(a.At.DateIn(app.Belgium())), "Version", a.Version)
}

// days is the table of the days; the site takes the width that the others leave.
func (p printer) days() paper.Table {
	columns := []paper.Column{
		{Title: p.t("col.day"), Width: 17},
		{Title: p.t("col.site")},
		{Title: p.t("col.in"), Width: 11.5},
		{Title: p.t("col.out"), Width: 13.5},
		{Title: p.t("col.breaks"), Width: 19.5},
		{Title: p.t("col.break"), Width: 11, Align: paper.AlignRight},
		{Title: p.t("col.hours"), Width: 13, Align: paper.AlignRight},
	}
	if p.Sheet.rounds() {
		columns = append(columns, paper.Column{Title: p.t("col.rounded"), Width: 14.5, Align: paper.AlignRight})
	}
	for _, f := range p.paidOtherwise() {
		columns = append(columns, paper.Column{Title: p.t("col." + f.name), Width: 11, Align: paper.AlignRight})
	}
	remarks := 27.0
	if len(columns) > 8 {
		remarks = 22
	}
	columns = append(columns, paper.Column{Title: p.t("col.remarks"), Width: remarks})
	restWidth(columns, 1)
	t := paper.Table{Columns: columns}
	for _, d := range p.Days {
		t.Rows = append(t.Rows, p.dayRows(d)...)
	}
	t.Rows = append(t.Rows, p.totalRow())
	return t
}

// otherwise is a figure that is paid otherwise: its name in the catalogue, and a day's and the total's.
type otherwise struct {
	name  string
	day   func(*Day) Minutes
	total Minutes
}

// kinds are all figures that are paid otherwise.
func (m *Model) kinds() []otherwise {
	t := &m.Total
	return []otherwise{
		{"night", func(d *Day) Minutes { return d.Night }, t.Night},
		{"saturday", func(d *Day) Minutes { return d.Saturday }, t.Saturday},
		{"onSunday", func(d *Day) Minutes { return d.Sunday - d.OnHolidays }, t.Sunday - t.OnHolidays},
		{"holiday", func(d *Day) Minutes { return d.OnHolidays }, t.OnHolidays},
	}
}

// paidOtherwise are those of which there is any: the others need no column.
func (m *Model) paidOtherwise() []otherwise {
	return slices.DeleteFunc(m.kinds(), func(f otherwise) bool { return f.total == 0 })
}

// dayRows returns a day's rows: one a presence, at least one. The day's figures stand in the first.
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
	switch {
	case len(d.Lines) > 0:
	case !d.Engaged:
		rows[0].Cells[1] = paper.Cell{Lines: []string{p.t("notEngaged")}, Grey: true}
	case len(d.Absences) > 0:
		rows[0].Cells[1] = paper.Cell{Lines: p.absences(d)}
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
	for _, f := range p.paidOtherwise() {
		m := f.day(&d)
		row = append(row, figure(m, m > 0))
	}
	return append(row, remarks)
}

// absences words those of a day.
func (p printer) absences(d Day) (lines []string) {
	for _, a := range d.Absences {
		word := p.texts.T("absence." + string(a.Kind))
		if a.Hours.IsZero() {
			lines = append(lines, p.t("away", "Kind", word))
		} else {
			lines = append(lines, p.t("away.hours", "Kind", word, "From", a.Hours.From, "To", a.Hours.To))
		}
	}
	return lines
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
	if c.ByPhone {
		cell.Mark += app.PhoneMark
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

// remarks returns what is special about a day: one line where it can be, for calm.
func (p printer) remarks(d Day) paper.Cell {
	var words, lines []string
	if d.Incomplete {
		words = append(words, p.t("incomplete"))
	}
	words = append(words, d.Marks...)
	if d.Holiday != "" {
		lines = append(lines, d.Holiday)
	}
	if len(d.Lines) > 0 {
		lines = append(lines, p.absences(d)...)
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
	for _, f := range p.paidOtherwise() {
		cells = append(cells, bold(f.total))
	}
	if t.Incomplete > 0 {
		cells = append(cells, paper.Cell{Lines: []string{p.texts.N("timesheet.incompleteDays", t.Incomplete)}, Bold: true})
	} else {
		cells = append(cells, paper.Cell{})
	}
	return paper.Row{Cells: cells, Strong: true}
}

// late is the table of what is settled of earlier periods, with the total of both below it.
func (p printer) late() paper.Table {
	t := paper.Table{RowHeight: 3.9, Columns: []paper.Column{
		{Title: p.t("col.day"), Width: 21},
		{Title: p.t("late")},
		{Title: p.t("col.why"), Width: 38},
		{Title: p.t("col.hours"), Width: 15, Align: paper.AlignRight},
	}}
	if p.rounds() {
		t.Columns = append(t.Columns, paper.Column{Title: p.t("col.rounded"), Width: 16, Align: paper.AlignRight})
	}
	for _, f := range p.lateKinds() {
		t.Columns = append(t.Columns, paper.Column{Title: p.t("col." + p.kinds()[f].name), Width: 13, Align: paper.AlignRight})
	}
	restWidth(t.Columns, 1)
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
	if p.rounds() {
		cells = append(cells, paper.Line(write(f.Rounded)))
	}
	for _, kind := range p.lateKinds() {
		cells = append(cells, paper.Line(write(f.byKind()[kind])))
	}
	return cells
}

// lateKinds returns which of the kinds the table of what is late has a column for:
// those of which there is any, late or with what is late.
func (m *Model) lateKinds() (out []int) {
	for i, n := range m.WithLate.byKind() {
		if n != 0 || slices.ContainsFunc(m.Late, func(l Late) bool { return l.byKind()[i] != 0 }) {
			out = append(out, i)
		}
	}
	return out
}

// signed writes a difference with its sign.
func signed(m Minutes) string {
	if m > 0 {
		return "+" + m.String()
	}
	return m.String()
}

// totals is the small table of the totals, each kind by itself, also where there
// is none of it; where something is late, with a column of what they come to with it.
func (p printer) totals() paper.Table {
	t := paper.Table{RowHeight: 3.9, Columns: []paper.Column{
		{Title: p.t("totals"), Width: 36},
		{Title: p.t("col.hours"), Width: 14, Align: paper.AlignRight},
	}}
	if len(p.Late) > 0 {
		t.Columns = append(t.Columns, paper.Column{Title: p.t("col.withLate"), Width: 22, Align: paper.AlignRight})
	}
	add := func(key string, m, with Minutes) {
		cells := []paper.Cell{paper.Line(p.t(key)), paper.Line(m.String())}
		if len(p.Late) > 0 {
			cells = append(cells, paper.Cell{Lines: []string{with.String()}, Bold: true})
		}
		t.Rows = append(t.Rows, paper.Row{Cells: cells})
	}
	add("totals.worked", p.Total.Hours, p.WithLate.Hours)
	if p.rounds() {
		add("totals.rounded", p.Total.Rounded, p.WithLate.Rounded)
	}
	for i, f := range p.kinds() {
		add("totals."+f.name, f.total, p.WithLate.byKind()[i])
	}
	return t
}

// perClient is the small table of hours by client; without any it has no rows.
func (p printer) perClient() paper.Table {
	t := paper.Table{RowHeight: 3.9, Columns: []paper.Column{
		{Title: p.t("perClient"), Width: 40},
		{Title: p.t("col.hours"), Width: 14, Align: paper.AlignRight},
	}}
	for _, c := range p.Clients {
		name := c.Name
		if name == "" {
			name = p.t("noClient")
		}
		t.Rows = append(t.Rows, paper.Row{Cells: []paper.Cell{paper.Line(name), paper.Line(c.Hours.String())}})
	}
	return t
}

// perSite is the small table of hours by site, with the part that only adjustments give.
func (p printer) perSite() paper.Table {
	t := paper.Table{
		RowHeight: 3.9,
		Columns: []paper.Column{
			{Title: p.t("perSite"), Width: 47},
			{Title: p.t("col.days"), Width: 11, Align: paper.AlignRight},
			{Title: p.t("col.hours"), Width: 14, Align: paper.AlignRight},
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
