package papers

import (
	"cmp"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/timesheet/paper"
)

func (s *InspectionSheet) made() *Made { return &s.Made }

func (s *InspectionSheet) title(p *page) (title, right string) {
	return p.t("inspection.title"), p.texts.DateTime(s.At, s.Site.Zone.Location())
}

func (s *InspectionSheet) print(p *page) {
	p.doc.Lead(p.fit(s.Site.Name))
	p.doc.Space(0.5)
	p.doc.Facts(p.inspectedSite(s), p.inspectedDecision(s))
	p.doc.Space(1)
	p.doc.Section(p.t("inspection.declarations"))
	p.declarations(s)
	p.doc.Section(p.t("inspection.employers"))
	p.employers(s)
	p.doc.Section(p.t("inspection.there", "From", p.texts.DateTime(s.There.From, s.Site.Zone.Location())))
	p.there(s.There)
	p.doc.Section(p.t("inspection.expected"))
	p.expected(s)
	p.doc.Section(p.t("inspection.last"))
	p.last(s)
}

func (p *page) inspectedSite(s *InspectionSheet) []paper.Fact {
	facts := []paper.Fact{{Label: p.texts.T("timesheet.address"), Value: p.address(s.Site.Address)}}
	if s.Client != "" {
		facts = append(facts, paper.Fact{Label: p.texts.T("timesheet.client"), Value: p.fit(s.Client)})
	}
	contact := strings.TrimSpace(s.Site.Contact.Name + " " + s.Site.Contact.Phone)
	facts = append(facts, paper.Fact{Label: p.t("inspection.contact"), Value: p.fit(cmp.Or(contact, p.t("receipt.none"))), Bold: contact != ""})
	if c := s.Site.Coordinates; c != nil {
		facts = append(facts, paper.Fact{Label: p.t("inspection.coordinates"), Value: p.texts.Decimal(c.Latitude, 5) + " · " + p.texts.Decimal(c.Longitude, 5)})
	}
	return facts
}

func (p *page) inspectedDecision(s *InspectionSheet) []paper.Fact {
	d := s.Decision
	facts := []paper.Fact{{Label: "CIAO", Value: p.word("word.decision.", string(d.Decision)), Bold: true}}
	if d.From == 0 {
		return facts
	}
	facts = append(facts,
		paper.Fact{Label: p.t("inspection.since"), Value: p.texts.DateTime(d.From, s.Site.Zone.Location())},
		paper.Fact{Label: p.t("inspection.by"), Value: p.fit(d.By)})
	if d.Reason != "" {
		facts = append(facts, paper.Fact{Label: p.t("inspection.why"), Value: p.fit(d.Reason)})
	}
	return facts
}

// declarations lists those of now and later; it warns where none holds at a site under CIAO.
func (p *page) declarations(s *InspectionSheet) {
	if s.ValidDeclarations() == 0 && s.Decision.Decision == app.UnderCIAO {
		p.doc.Banner(p.t("inspection.noDeclaration"))
	}
	if len(s.Declarations) == 0 {
		p.doc.Text(p.t("inspection.none"))
		return
	}
	t := paper.Table{
		Columns: []paper.Column{
			{Title: p.t("inspection.col.declaration"), Width: 40},
			{Title: p.t("inspection.col.days"), Width: 60},
			{Title: p.t("col.remark"), Width: paper.Width - 100},
		},
	}
	for _, d := range s.Declarations {
		days := p.texts.Date(d.Days.From) + " – "
		if d.Days.To != 0 {
			days += p.texts.Date(d.Days.To)
		}
		var remarks []string
		if !d.Valid {
			remarks = append(remarks, p.t("inspection.later"))
		}
		if d.Default {
			remarks = append(remarks, p.t("inspection.default"))
		}
		if d.Label != "" {
			remarks = append(remarks, p.fit(d.Label))
		}
		t.Rows = append(
			t.Rows,
			paper.Row{Cells: []paper.Cell{{Lines: []string{p.fit(d.Number)}, Bold: d.Valid}, paper.Line(days), paper.Line(strings.Join(remarks, " · "))}},
		)
	}
	p.doc.Table(t)
}

func (p *page) employers(s *InspectionSheet) {
	if len(s.Employers) == 0 {
		p.doc.Text(p.t("inspection.none"))
		return
	}
	t := paper.Table{
		Columns: []paper.Column{
			{Title: p.texts.T("timesheet.employer"), Width: paper.Width - 100},
			{Width: 45},
			{Title: p.texts.T("timesheet.enterprise"), Width: 55},
		},
	}
	for _, e := range s.Employers {
		number := p.fit(e.ForeignVAT)
		if e.Enterprise != "" {
			number = identity.FormatEnterprise(e.Enterprise)
		}
		t.Rows = append(
			t.Rows,
			paper.Row{
				Cells: []paper.Cell{{Lines: []string{p.fit(e.Name)}, Bold: true}, paper.Line(p.word("word.employer.", string(e.Kind))), paper.Line(number)},
			},
		)
	}
	p.doc.Table(t)
}

func (p *page) expected(s *InspectionSheet) {
	if len(s.Expected) == 0 {
		p.doc.Text(p.t("inspection.nobody"))
		return
	}
	zone := s.Site.Zone.Location()
	t := paper.Table{
		Columns: []paper.Column{
			{Title: p.t("col.name"), Width: paper.Width - 130},
			{Title: p.texts.T("timesheet.employer"), Width: 55},
			{Title: p.t("inspection.col.hours"), Width: 40},
			{Title: p.t("col.remark"), Width: 35},
		},
	}
	for _, x := range s.Expected {
		day := s.At.DateIn(zone)
		t.Rows = append(
			t.Rows,
			paper.Row{
				Cells: []paper.Cell{
					paper.Line(p.person(paper.Person{Name: x.Name, StaffNumber: x.StaffNumber, Employer: x.Employer})),
					paper.Line(p.fit(x.Employer)),
					paper.Line(p.moment(x.From, day, zone) + " – " + p.moment(x.To, day, zone)),
					paper.Line(p.word("expected.", x.State)),
				},
			},
		)
	}
	p.doc.Table(t)
}

// last lists what the register was told, or why it was not.
func (p *page) last(s *InspectionSheet) {
	if len(s.Last) == 0 {
		p.doc.Text(p.t("inspection.noRegistrations"))
		return
	}
	zone := s.Site.Zone.Location()
	t := paper.Table{RowHeight: 4.1, Columns: []paper.Column{
		{
			Title: p.t("inspection.col.at"),
			Width: 31,
		}, {Title: p.t("inspection.col.type"), Width: 12}, {Title: p.t("col.name")}, {Title: p.texts.T("timesheet.employer"), Width: 24},
		{
			Title: p.t("inspection.col.declaration"),
			Width: 27,
		}, {Title: p.texts.T("timesheet.state"), Width: 28}, {Title: p.t("inspection.col.number"), Width: 31, Align: paper.AlignRight},
	}}
	t.Columns[2].Width = paper.Width - 153
	for _, r := range s.Last {
		number := ""
		if r.RegisterID != 0 {
			number = strconv.FormatInt(r.RegisterID, 10)
		}
		state := p.word("regstate.", string(r.State))
		if r.ByPhone {
			state = p.texts.T("word.byPhone")
		}
		if r.Held != "" {
			state = p.word("held.", string(r.Held))
		}
		enterprise := p.fit(r.Enterprise)
		if n, err := identity.ParseEnterprise(r.Enterprise); err == nil {
			enterprise = identity.FormatEnterprise(n)
		}
		t.Rows = append(t.Rows, paper.Row{Cells: []paper.Cell{paper.Line(p.texts.DateTimeSeconds(r.At, zone)), paper.Line(p.word("word.type.", string(r.Type))),
			paper.Line(
				p.person(paper.Person{Name: r.Name, StaffNumber: r.StaffNumber, Employer: r.Employer}),
			), paper.Line(enterprise), paper.Line(p.fit(r.Declaration)), paper.Line(state), {Lines: []string{number}, Bold: true}}})
	}
	p.doc.Table(t)
}
