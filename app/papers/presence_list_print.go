package papers

import (
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
)

func (l *PresenceList) made() *Made { return &l.Made }

func (l *PresenceList) title(p *page) (title, right string) {
	return p.t("presence.title"), p.span(l.From, l.To, l.Site.Zone.Location())
}

func (l *PresenceList) print(p *page) {
	p.doc.Lead(p.fit(l.Site.Name))
	p.doc.Small(p.address(l.Site.Address))
	p.doc.Space(1)
	p.there(l)
}

// there prints who is known to be inside, and apart from them of whom it is not known and who left.
func (p *page) there(l *PresenceList) {
	p.doc.Lead(p.counts(l))
	p.readTo(l)
	if len(l.People) == 0 {
		p.doc.Text(p.t("presence.none"))
		return
	}
	several := severalEmployers(l.People)
	for _, where := range app.AllWhereabouts {
		if people := l.In(where); len(people) > 0 {
			p.doc.Section(p.t("presence.section." + string(where)))
			p.doc.Table(p.people(l, people, several))
		}
	}
	legend := p.t("presence.legend")
	if slices.ContainsFunc(l.People, func(x PersonThere) bool { return x.InByPhone || x.OutByPhone }) {
		legend = p.t("presence.legend.byPhone", "Mark", app.PhoneMark) + " " + legend
	}
	p.doc.Small(legend)
}

// counts says how many people are inside, before all else.
func (p *page) counts(l *PresenceList) string {
	parts := []string{p.n("presence.inside", l.Count(app.WhereInside), "At", p.texts.Time(l.To, l.Site.Zone.Location()))}
	if n := l.Count(app.WhereUnknown); n > 0 {
		parts = append(parts, p.n("presence.unknown", n))
	}
	if n := l.Count(app.WhereLeft); n > 0 {
		parts = append(parts, p.n("presence.left", n))
	}
	return strings.Join(parts, " · ")
}

// readTo says of each box up to when it was read, as a warning where that is not to the end of the time.
func (p *page) readTo(l *PresenceList) {
	if len(l.Boxes) == 0 {
		p.doc.Banner(p.t("presence.noBox"))
	}
	for i := range l.Boxes {
		b := &l.Boxes[i]
		text := p.texts.T(b.TextKey(l.To), "Box", p.fit(b.Label), "At", p.texts.DateTime(b.ReadTo, l.Site.Zone.Location()))
		if b.Reaches(l.To) {
			p.doc.Text(text)
		} else {
			p.doc.Banner(text)
		}
	}
}

func (p *page) people(l *PresenceList, people []PersonThere, several bool) paper.Table {
	t := paper.Table{RowHeight: 7, Columns: []paper.Column{
		{Width: 9, Align: paper.AlignRight},
		{Title: p.t("col.name"), Width: 57},
		{Title: p.t("col.number"), Width: 17},
		{Title: p.t("col.ssin"), Width: 25},
		{Title: p.t("col.in"), Width: 21},
		{Title: p.t("col.out"), Width: 21},
		{Title: p.t("col.remark")},
	}}
	t.Columns[6].Width = paper.Width - 150
	for i, x := range people {
		bold := x.Where != app.WhereLeft
		t.Rows = append(t.Rows, paper.Row{Shade: x.Where == app.WhereLeft, Cells: []paper.Cell{
			paper.Line(p.texts.Number(i + 1)),
			{
				Lines: []string{p.person(paper.Person{Name: x.Name, StaffNumber: x.StaffNumber, Employer: x.Employer, ID: x.WorkerID.Short()})},
				Bold:  bold,
				Large: true,
			},
			paper.Line(p.fit(x.StaffNumber)),
			paper.Line(x.SSIN),
			p.edge(x, l, true), p.edge(x, l, false),
			{Lines: p.personRemarks(x, l, several)},
		}})
	}
	return t
}

func severalEmployers(people []PersonThere) bool {
	for _, x := range people {
		if x.Employer != people[0].Employer {
			return true
		}
	}
	return false
}

// edge writes when somebody came or went; "?" where nobody knows.
func (p *page) edge(x PersonThere, l *PresenceList, in bool) paper.Cell {
	zone := l.Site.Zone.Location()
	at, byPhone := x.Out, x.OutByPhone
	if in {
		at, byPhone = x.In, x.InByPhone
	}
	switch {
	case at != 0 && byPhone:
		return paper.Cell{Lines: []string{p.moment(at, l.To.DateIn(zone), zone) + app.PhoneMark}, Large: true}
	case at != 0:
		return paper.Cell{Lines: []string{p.moment(at, l.To.DateIn(zone), zone)}, Large: true}
	case !in && x.Where == app.WhereInside:
		return paper.Cell{Lines: []string{"–"}}
	}
	return paper.Cell{Lines: []string{"?"}, Bold: true, Large: true}
}

func (p *page) personRemarks(x PersonThere, l *PresenceList, employer bool) []string {
	zone := l.Site.Zone.Location()
	lines := []string{p.t("where." + string(x.Where))}
	if x.UnknownSince != 0 {
		lines = []string{p.t("presence.unknownSince", "At", p.moment(x.UnknownSince, l.To.DateIn(zone), zone))}
	}
	if x.BreakSince != 0 {
		lines = append(lines, p.t("presence.onBreak", "At", p.moment(x.BreakSince, l.To.DateIn(zone), zone)))
	}
	if x.Where == app.WhereInside && x.Out == 0 && x.ReadTo != 0 && x.ReadTo < l.To {
		lines = append(lines, p.t("presence.boxRead", "At", p.moment(x.ReadTo, l.To.DateIn(zone), zone)))
	}
	if x.Stated {
		lines = append(lines, p.t("presence.stated"))
	}
	if employer {
		lines = append(lines, p.fit(x.Employer))
	}
	return lines
}
