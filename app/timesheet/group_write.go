package timesheet

import (
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/timesheet/paper"
)

func (m *GroupModel) about() about {
	return about{m.title() + " " + Period(m.texts, m.Group.Days), m.Group.Name, m.Group.Program, m.texts.Language(), m.Group.Days}
}

// title names the kind of paper.
func (m *GroupModel) title() string {
	if m.Group.Kind == OfSite {
		return m.texts.T("timesheet.title.site")
	}
	return m.texts.T("timesheet.title.team")
}

func (m *GroupModel) ready(fonts *paper.Fonts) func(*paper.Document, bool) {
	f := fitter{paper.NewFitter(fonts, m.texts)}
	fit := m.fitted(f)
	return func(doc *paper.Document, listed bool) {
		groupPrinter{GroupModel: fit, doc: doc, fitter: f, listed: listed}.print()
	}
}

// fitted returns a copy whose texts are fit to print, like that of a Model.
func (m *GroupModel) fitted(f fitter) *GroupModel {
	out := *m
	g := &out.Group
	g.Name = f.Fit(g.Name)
	g.Client = f.Fit(g.Client)
	g.Site.Address = f.address(g.Site.Address)
	g.Letterhead = f.letterhead(g.Letterhead)
	g.Program = f.Fit(g.Program)
	out.Members = nil
	people := map[app.ID]string{}
	for _, member := range m.Members {
		fit := member.fitted(f)
		people[fit.Sheet.Engagement.ID] = fit.Sheet.Worker.Name()
		out.Members = append(out.Members, fit)
	}
	out.Sites = f.sites(m.Sites)
	out.Clients = f.clients(m.Clients)
	out.Notes = f.notes(m.Notes)
	out.Who = make([]string, len(m.Who))
	for i := range m.Who {
		out.Who[i] = people[m.whose[i]]
	}
	out.Stamp = f.stamp(m.Stamp, people)
	return &out
}

// groupPrinter lays one model out.
type groupPrinter struct {
	*GroupModel
	doc    *paper.Document
	fitter fitter
	listed bool
}

func (p groupPrinter) t(key string, args ...any) string { return p.texts.T("timesheet."+key, args...) }

// of returns the printer of one member, whose cells the tables here take.
func (p groupPrinter) of(member *Model) printer { return printer{Model: member, doc: p.doc} }

func (p groupPrinter) print() {
	period := Period(p.texts, p.Group.Days)
	p.doc.Begin(paper.Foot{
		Left:    p.Stamp.foot(p.texts, p.Group.Program),
		Page:    func(page, of int) string { return p.t("page", "Page", page, "Of", of) },
		Running: p.title() + " · " + period + " · " + p.Group.Name,
	})
	if p.listed {
		p.doc.Bookmark(p.Group.Name)
	}
	if p.Stamp != nil {
		p.doc.Keyword(p.Stamp.Code.String())
	}
	p.doc.Letterhead(Head(p.Group.Letterhead, p.Group.Logo))
	p.doc.Heading(paper.Heading{Title: p.title(), Right: period})
	if p.Group.Environment.Simulated() {
		p.doc.Banner(p.t("simulated"))
	}
	p.doc.CodedFacts(p.Stamp.printed(), p.facts(), p.figures())
	p.doc.Notes("", p.Stamp.revision(p.texts))
	p.doc.Space(1)
	days := p.days()
	body := func(rowHeight float64) {
		days.RowHeight = rowHeight
		p.body(days)
	}
	body(rowHeight(p.doc, []float64{4.4, 4.1, 3.9}, body))
}

// body is what stands below the head.
func (p groupPrinter) body(days paper.Table) {
	p.doc.Table(days)
	p.doc.Space(1)
	p.doc.Table(p.people())
	p.doc.Space(1)
	if p.late() {
		p.doc.Table(p.whole().late())
		p.doc.Space(1)
	}
	if p.Group.Kind == OfTeam {
		p.doc.Beside(p.whole().totals(), p.whole().perSite(), p.whole().perClient())
	} else {
		p.doc.Beside(p.whole().totals())
	}
	p.doc.Space(0.5)
	p.doc.Notes(p.t("notes"), p.footNotes())
	p.doc.Unfit(p.fitter.Fitter)
	byPhone := slices.ContainsFunc(p.Members, func(m *Model) bool { return m.ByPhone() })
	p.doc.Small(p.whole().legend(byPhone) + " " + p.legend())
	p.sign()
}

// facts say what the paper is about.
func (p groupPrinter) facts() []paper.Fact {
	g := &p.Group
	if g.Kind == OfTeam {
		facts := []paper.Fact{{Label: p.t("team"), Value: g.Name, Bold: true}}
		return append(facts, p.employers()...)
	}
	facts := []paper.Fact{{Label: p.t("col.site"), Value: g.Name, Bold: true}}
	if a := g.Site.Address; a != (app.Address{}) {
		facts = append(facts, paper.Fact{Label: p.t("address"), Value: addressLine(a)})
	}
	if g.Client != "" {
		facts = append(facts, paper.Fact{Label: p.t("client"), Value: g.Client})
	}
	return append(facts, p.employers()...)
}

// employers are those of the people, each once, with their numbers.
func (p groupPrinter) employers() (facts []paper.Fact) {
	for _, member := range p.Members {
		e := member.Sheet.Employer
		value := e.Name
		switch {
		case e.Enterprise != "":
			value += " · " + identity.FormatEnterprise(e.Enterprise)
		case e.ForeignVAT != "":
			value += " · " + e.ForeignVAT
		}
		if !slices.ContainsFunc(facts, func(f paper.Fact) bool { return f.Value == value }) {
			facts = append(facts, paper.Fact{Label: p.t("employer"), Value: value})
		}
	}
	slices.SortFunc(facts, func(a, b paper.Fact) int { return strings.Compare(a.Value, b.Value) })
	return facts
}

// figures say how much there is on the paper.
func (p groupPrinter) figures() []paper.Fact {
	return []paper.Fact{
		{Label: p.t("people"), Value: fmt.Sprint(p.People())},
		{Label: p.t("totals.worked"), Value: p.Total.Hours.String(), Bold: true},
		{Label: p.t("state"), Value: p.texts.N("timesheet.approvedOf", p.Approved(), "Of", len(p.Members))},
	}
}

func addressLine(a app.Address) string {
	street := strings.TrimSpace(a.Street + " " + a.HouseNumber)
	if a.BoxNumber != "" {
		street += " / " + a.BoxNumber
	}
	return strings.Trim(street+", "+strings.TrimSpace(a.PostCode+" "+a.Municipality), ", ")
}

// days is the table of the days: below each the people who were there, or away.
func (p groupPrinter) days() paper.Table {
	team := p.Group.Kind == OfTeam
	columns := []paper.Column{{Title: p.t("col.day"), Width: 17}, {Title: p.t("col.person")}}
	if team {
		columns = append(columns, paper.Column{Title: p.t("col.site"), Width: 36})
	}
	columns = append(columns,
		paper.Column{Title: p.t("col.in"), Width: 12},
		paper.Column{Title: p.t("col.out"), Width: 13.5},
		paper.Column{Title: p.t("col.breaks"), Width: 19.5},
		paper.Column{Title: p.t("col.hours"), Width: 13, Align: paper.AlignRight})
	if p.rounds() {
		columns = append(columns, paper.Column{Title: p.t("col.rounded"), Width: 14.5, Align: paper.AlignRight})
	}
	if !team {
		for _, f := range p.paidOtherwise() {
			columns = append(columns, paper.Column{Title: p.t("col." + f.name), Width: 11, Align: paper.AlignRight})
		}
	}
	columns = append(columns, paper.Column{Title: p.t("col.remarks"), Width: 24})
	restWidth(columns, 1)
	t := paper.Table{Columns: columns}
	for day := p.Group.Days.From; day <= p.Group.Days.To; day++ {
		t.Rows = append(t.Rows, p.dayRows(day)...)
	}
	return t
}

// restWidth returns one column the width that the others leave.
func restWidth(columns []paper.Column, rest int) {
	columns[rest].Width = paper.Width
	for i, c := range columns {
		if i != rest {
			columns[rest].Width -= c.Width
		}
	}
}

// kinds are all figures that are paid otherwise, of everyone.
func (m *GroupModel) kinds() []otherwise { return (&Model{Total: m.Total}).kinds() }

func (m *GroupModel) paidOtherwise() []otherwise { return (&Model{Total: m.Total}).paidOtherwise() }

// dayRows returns the rows of one day: at least one.
func (p groupPrinter) dayRows(day app.Date) []paper.Row {
	var rows []paper.Row
	var plain Day // what is the same for everyone
	for _, member := range p.Members {
		d := member.Days[day-p.Group.Days.From]
		plain = Day{Date: d.Date, Holiday: d.Holiday, Free: d.Free}
		if len(d.Lines) > 0 || len(d.Absences) > 0 || len(d.Marks) > 0 {
			rows = append(rows, p.memberRows(p.of(member), d)...)
		}
	}
	if len(rows) == 0 {
		rows = []paper.Row{{Cells: p.cells(printer{}, "", Line{}, false, Day{}, paper.Cell{})}}
	}
	label := paper.Cell{Lines: []string{p.texts.DayMonth(day)}, Grey: len(rows) == 1 && rows[0].Cells[1].Lines == nil}
	if plain.Holiday != "" {
		label.Lines = append(label.Lines, plain.Holiday)
	}
	rows[0].Cells[0] = label
	for i := range rows {
		rows[i].Shade, rows[i].Again = plain.Free, p.texts.DayMonth(day)
	}
	return rows
}

// memberRows returns the rows of one person's day: one a presence. The figures stand in the first.
func (p groupPrinter) memberRows(of printer, d Day) []paper.Row {
	rows := make([]paper.Row, max(1, len(d.Lines)))
	d.Holiday = "" // it stands beside the day, once
	for i := range rows {
		var line Line
		if i < len(d.Lines) {
			line = d.Lines[i]
		}
		name, remarks := "", paper.Cell{}
		if i == 0 {
			name, remarks = of.Sheet.Worker.Name(), of.remarks(d)
		}
		rows[i] = paper.Row{Joined: i > 0, Cells: p.cells(of, name, line, d.Worked && i == 0, d, remarks)}
	}
	if len(d.Lines) == 0 && len(d.Absences) > 0 {
		rows[0].Cells[2] = paper.Cell{Lines: of.absences(d)}
	}
	return rows
}

func (p groupPrinter) cells(of printer, name string, l Line, figures bool, d Day, remarks paper.Cell) []paper.Cell {
	row := []paper.Cell{{}, paper.Line(name)}
	if p.Group.Kind == OfTeam {
		row = append(row, paper.Line(l.Site))
	}
	if l.Site == "" {
		row = append(row, paper.Cell{}, paper.Cell{}, paper.Cell{})
	} else {
		row = append(row, of.clock(l.In), of.clock(l.Out), of.pauses(l.Breaks))
	}
	if !figures {
		d = Day{}
	}
	hours := figure(d.Hours, figures)
	hours.Bold = true
	row = append(row, hours)
	if p.rounds() {
		row = append(row, figure(d.Rounded, figures))
	}
	if p.Group.Kind == OfSite {
		for _, f := range p.paidOtherwise() {
			m := f.day(&d)
			row = append(row, figure(m, m > 0))
		}
	}
	return append(row, remarks)
}

// people is the table of the totals of each person.
func (p groupPrinter) people() paper.Table {
	t := paper.Table{RowHeight: 4.1, Columns: []paper.Column{{Title: p.t("perPerson")}, {Title: p.t("staffNumber"), Width: 25}}}
	add := func(key string, width float64) {
		t.Columns = append(t.Columns, paper.Column{Title: p.t(key), Width: width, Align: paper.AlignRight})
	}
	reveals := slices.ContainsFunc(p.Members, func(m *Model) bool { return m.Sheet.RevealSSIN })
	if reveals {
		t.Columns = append(t.Columns, paper.Column{Title: p.t("ssin"), Width: 25})
	}
	add("col.days", 11)
	add("col.hours", 14)
	if p.rounds() {
		add("col.rounded", 15)
	}
	for _, f := range p.paidOtherwise() {
		add("col."+f.name, 12)
	}
	if p.late() {
		add("col.late", 14)
	}
	add("col.approved", 22)
	restWidth(t.Columns, 0)
	for _, member := range p.Members {
		t.Rows = append(t.Rows, paper.Row{Cells: p.personCells(member, reveals)})
	}
	t.Rows = append(t.Rows, p.totalRow(reveals))
	return t
}

// late says that there are additions of earlier periods.
func (p groupPrinter) late() bool {
	return p.Group.Kind == OfTeam && slices.ContainsFunc(p.Members, func(m *Model) bool { return len(m.Late) > 0 })
}

func (p groupPrinter) personCells(m *Model, reveals bool) []paper.Cell {
	name := paper.Line(m.Sheet.Worker.Name())
	if p.severalEmployers() {
		name.Lines = append(name.Lines, m.Sheet.Employer.Name)
	}
	row := []paper.Cell{name, paper.Line(m.Sheet.Worker.StaffNumber)}
	if reveals {
		row = append(row, paper.Line(m.Sheet.ssin()))
	}
	row = append(row, p.totalCells(m.Total, m.kinds())...)
	if p.late() {
		row = append(row, difference(m.WithLate.Hours-m.Total.Hours))
	}
	approved := paper.Line("–")
	if a := m.Sheet.Approval; a != nil {
		approved = paper.Line(p.t("foot.version", "Version", a.Version))
	}
	return append(row, approved)
}

// difference is a signed figure; nothing where there is none.
func difference(m Minutes) paper.Cell {
	if m == 0 {
		return paper.Cell{}
	}
	return paper.Line(signed(m))
}

func (p groupPrinter) severalEmployers() bool {
	return slices.ContainsFunc(p.Members, func(m *Model) bool { return m.Sheet.Employer.ID != p.Members[0].Sheet.Employer.ID })
}

// totalCells returns days, hours, and what is paid otherwise; kinds are those of the same total.
func (p groupPrinter) totalCells(t Total, kinds []otherwise) []paper.Cell {
	row := []paper.Cell{paper.Line(fmt.Sprint(t.Days)), {Lines: []string{t.Hours.String()}, Bold: true}}
	if p.rounds() {
		row = append(row, paper.Line(t.Rounded.String()))
	}
	for _, column := range p.paidOtherwise() {
		i := slices.IndexFunc(kinds, func(k otherwise) bool { return k.name == column.name })
		row = append(row, figure(kinds[i].total, kinds[i].total > 0))
	}
	return row
}

func (p groupPrinter) totalRow(reveals bool) paper.Row {
	row := []paper.Cell{paper.Line(p.t("total")), {}}
	if reveals {
		row = append(row, paper.Cell{})
	}
	row = append(row, p.totalCells(p.Total, p.kinds())...)
	if p.late() {
		var sum Minutes
		for _, m := range p.Members {
			sum += m.WithLate.Hours - m.Total.Hours
		}
		row = append(row, paper.Line(signed(sum)))
	}
	approved := paper.Cell{}
	if p.Total.Incomplete > 0 {
		approved = paper.Line(p.texts.N("timesheet.incompleteDays", p.Total.Incomplete))
	}
	row = append(row, approved)
	for i := range row {
		row[i].Bold = true
	}
	return paper.Row{Cells: row, Strong: true}
}

// whole is a model with the sums of everyone, for the small tables that a person's sheet has, too.
func (p groupPrinter) whole() printer {
	m := &Model{Total: p.Total, Sites: p.Sites, Clients: p.Clients, texts: p.texts}
	if p.rounds() {
		m.Sheet.Engagement.Rounding = app.Rounding{Minutes: 5} // whichever: it says that there are rounded hours
	}
	if p.Group.Kind == OfTeam {
		for _, member := range p.Members {
			m.WithLate = m.WithLate.Plus(member.WithLate)
			for _, l := range member.Late {
				l.What = member.Sheet.Worker.Name() + ": " + l.What
				m.Late = append(m.Late, l)
			}
		}
	}
	return printer{Model: m, doc: p.doc}
}

// footNotes name the person of each.
func (p groupPrinter) footNotes() []paper.Note {
	var notes []paper.Note
	for i, n := range p.Notes {
		notes = append(notes, paper.Note{Mark: n.Mark(), Text: p.t("note", "Day", p.Who[i]+", "+p.texts.Date(n.Day), "Text", n.Text)})
	}
	for _, member := range p.Members {
		for _, text := range member.Standing {
			notes = append(notes, paper.Note{Mark: string(NoteAnomaly), Text: member.Sheet.Worker.Name() + ": " + text})
		}
	}
	return notes
}

// legend says what is not on the paper.
func (p groupPrinter) legend() string {
	if p.Group.Kind == OfSite {
		return p.t("legend.site")
	}
	return p.t("legend.team")
}

func (p groupPrinter) sign() {
	lines := []string{p.t("sign.name"), p.t("sign.date"), p.t("sign.signature")}
	other := p.t("sign.employer")
	if p.Group.Kind == OfSite {
		other = p.t("sign.client")
	}
	p.doc.Space(2)
	p.doc.Signatures(paper.Signature{Role: p.t("sign.supervisor"), Lines: lines}, paper.Signature{Role: other, Lines: lines})
}
