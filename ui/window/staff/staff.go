package staff

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen keeps people: who they are, by whom they are engaged, which badges they hold.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	grid   *grid.Grid[staffRow]
	search *field.Entry
	ended  *widget.Check

	title       *widget.Label
	detail      *widget.Label
	ssin        *widget.Label
	reveal      *kit.Button
	revealed    app.ID // whose number is shown
	engagements *grid.Grid[engagementRow]
	badges      *grid.Grid[badgeRow]

	change, end                    *kit.Button
	addEngagement, changeE, limits *kit.Button
	giveBadge, readBadge, endBadge *kit.Button
	present, statements, weeks     *kit.Button
	names                          *derived.Names
}

type staffRow struct {
	key, name, number, employer, badges, ssin, anomalies string
	ended                                                bool
	row                                                  acts.WorkerRow
}

type engagementRow struct {
	key, employer, capacity, days, hours string
	e                                    app.Engagement
}

type badgeRow struct {
	key, badge, span string
	b                acts.Badge
}

// New makes the screen of the staff on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk}
	t := h.Texts
	low := func(r staffRow) widget.Importance {
		if r.ended {
			return widget.LowImportance
		}
		return widget.MediumImportance
	}
	p.grid = kit.NewGrid(h, t.T("window.staff.empty"), func(r staffRow) string { return r.key }, []grid.Column[staffRow]{
		{Key: "name", Title: t.T("window.col.name"), Width: 190, Text: func(r staffRow) string { return r.name }, Look: low},
		{Key: "number", Title: t.T("window.col.number"), Width: 80, Text: func(r staffRow) string { return r.number }, Look: low},
		{Key: "employer", Title: t.T("window.col.employer"), Width: 170, Text: func(r staffRow) string { return r.employer }, Look: low},
		{Key: "badges", Title: t.T("window.col.badges"), Width: 110, Text: func(r staffRow) string { return r.badges }, Look: low},
		{Key: "anomalies", Title: t.T("window.col.open"), Width: 58, Firm: true, Right: true, Text: func(r staffRow) string { return r.anomalies },
			Compare: func(a, b staffRow) int { return cmp.Compare(a.row.Anomalies, b.row.Anomalies) },
			Look:    func(staffRow) widget.Importance { return widget.WarningImportance }},
	})
	p.grid.OnSelect = p.showDetail
	p.grid.OnOpen = func(staffRow) { p.askWorker(true) }
	p.search = kit.FilterFor(h, p.grid)
	p.ended = widget.NewCheck(t.T("window.showEnded"), func(bool) { p.keep() })
	p.title = kit.CardHeading()
	p.detail = kit.Wrapped("")
	p.ssin = widget.NewLabel("")
	p.ssin.Selectable = true
	p.reveal = h.Button(t.T("window.staff.reveal"), theme.VisibilityIcon(), p.toggleSSIN)
	p.engagements = kit.NewGrid(h, t.T("window.staff.noEngagement"), func(r engagementRow) string { return r.key }, []grid.Column[engagementRow]{
		{Key: "employer", Title: t.T("window.col.employer"), Width: 150, Text: func(r engagementRow) string { return r.employer }},
		{Key: "capacity", Title: t.T("window.col.capacity"), Width: 100, Text: func(r engagementRow) string { return r.capacity }},
		{Key: "days", Title: t.T("window.col.days"), Width: 180, Text: func(r engagementRow) string { return r.days }},
		{Key: "hours", Title: t.T("window.col.weekly"), Width: 70, Firm: true, Text: func(r engagementRow) string { return r.hours }},
	})
	p.engagements.OnSelect = p.enableButtons
	p.engagements.OnOpen = func(engagementRow) { p.askEngagement(true) }
	p.badges = kit.NewGrid(h, t.T("window.staff.noBadge"), func(r badgeRow) string { return r.key }, []grid.Column[badgeRow]{
		{Key: "badge", Title: t.T("window.col.badge"), Width: 170, Text: func(r badgeRow) string { return r.badge }},
		{Key: "span", Title: t.T("window.col.held"), Width: 200, Text: func(r badgeRow) string { return r.span }},
	})
	p.badges.OnSelect = p.enableButtons
	p.change = h.Button(t.T("window.change"), theme.DocumentCreateIcon(), func() { p.askWorker(true) })
	p.end = h.Button(t.T("window.end"), nil, p.askEnd)
	p.addEngagement = h.Button(t.T("window.add"), theme.ContentAddIcon(), func() { p.askEngagement(false) })
	p.changeE = h.Button(t.T("window.change"), theme.DocumentCreateIcon(), func() { p.askEngagement(true) })
	p.limits = h.Button(t.T("window.thresholds.button"), theme.SettingsIcon(), func() {
		if r, ok := p.engagements.Current(); ok {
			kit.ShowThresholds(h, desk, derived.ThresholdOwner{Engagement: r.e.ID}, t.T("window.thresholds.engagement", "Name", p.names.Worker(r.e.WorkerID)))
		}
	})
	p.giveBadge = h.Button(t.T("window.staff.give"), theme.ContentAddIcon(), p.askBadge)
	p.readBadge = h.Button(t.T("window.reader.button"), theme.LoginIcon(), p.askReader)
	p.endBadge = h.Button(t.T("window.staff.take"), nil, p.askEndBadge)
	p.present = h.Button(t.T("window.statement.presence"), theme.ContentAddIcon(), p.askPresence)
	p.statements = h.Button(t.T("window.statement.button"), theme.ListIcon(), func() {
		if r, ok := p.grid.Current(); ok {
			kit.ShowStatements(h, desk, p.names, r.row.Worker.ID)
		}
	})
	p.weeks = h.Button(t.T("window.chart.weeks"), theme.HistoryIcon(), func() {
		if r, ok := p.grid.Current(); ok {
			h.ShowChart(desk, papers.WorkerWeeks, string(r.row.Worker.ID), r.row.Worker.Name())
		}
	})
	p.load = h.Asks(p.grid)
	p.keep()
	p.showDetail()
	return p
}

// askPresence states a presence of the selected person.
func (p *Screen) askPresence() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	from := kit.Stated{Day: p.h.Today()}
	if len(r.row.Engagements) > 0 {
		from.Engagement = r.row.Engagements[0].ID
	}
	kit.AskPresence(p.h, p.desk, p.names, from)
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	t := p.h.Texts
	add := p.h.MainButton(t.T("window.staff.add"), theme.ContentAddIcon(), func() { p.askWorker(false) })
	employers := p.h.Button(t.T("window.staff.employers"), theme.HomeIcon(), p.showEmployers)
	imp := p.h.Button(t.T("window.import.csv"), theme.FileIcon(), func() {
		p.h.ImportList(t.T("window.staff.import"), p.desk.Files.ImportStaff)
	})
	absences := p.h.Button(t.T("window.export.absences"), theme.FileIcon(), func() {
		p.h.ImportList(t.T("window.export.absences"), p.desk.Files.ImportAbsences)
	})
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(t.T("window.screen.staff")), kit.Toolbar(add, employers, imp, absences)),
		container.NewBorder(nil, nil, nil, p.ended, p.search),
	)
	side := container.NewBorder(
		container.NewVBox(
			container.NewBorder(nil, nil, nil, container.NewHBox(p.change, p.end), p.title),
			p.detail, container.NewHBox(p.ssin, p.reveal), container.NewHBox(p.present, p.statements, p.weeks),
		), nil, nil, nil,
		container.NewVSplit(
			container.NewBorder(container.NewBorder(nil, nil, kit.Bold(t.T("window.staff.engagements")),
				container.NewHBox(p.limits, p.addEngagement, p.changeE)), nil, nil, nil, p.engagements),
			container.NewBorder(container.NewBorder(nil, nil, kit.Bold(t.T("window.staff.badges")),
				container.NewHBox(p.readBadge, p.giveBadge, p.endBadge)), nil, nil, nil, p.badges),
		))
	return container.NewBorder(top, nil, nil, nil, kit.Split(0.55, p.load.Above(p.grid), side))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow shows only what another screen leads to.
func (p *Screen) Narrow(what string) { p.search.SetText(what) }

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	p.loadAnd(nil)
}

// loadAnd loads; then, if not nil, is called once the rows stand.
func (p *Screen) loadAnd(then func()) {
	type shown struct {
		rows  []staffRow
		names *derived.Names
	}
	kit.Load(p.load, nil, func(ctx context.Context) (shown, error) {
		workers, err := p.desk.Staff.Rows(ctx)
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return shown{}, err
		}
		return shown{p.rows(workers, names), names}, nil
	}, func(s shown) {
		p.names = s.names
		p.grid.SetRows(s.rows)
		p.showDetail()
		if then != nil {
			then()
		}
	})
}

func (p *Screen) rows(workers []acts.WorkerRow, names *derived.Names) []staffRow {
	t := p.h.Texts
	rows := make([]staffRow, 0, len(workers))
	for _, w := range workers {
		r := staffRow{
			key:    string(w.Worker.ID),
			name:   w.Worker.Name(),
			number: w.Worker.StaffNumber,
			ssin:   w.Worker.SSIN.Masked(),
			ended:  w.Worker.Ended != 0,
			row:    w,
		}
		if r.ended {
			r.name += " (" + t.T("window.ended", "Date", t.Date(w.Worker.Ended.Add(-time.Millisecond).DateIn(p.h.Zone))) + ")"
		}
		if len(w.Engagements) > 0 {
			r.employer = names.Employers[w.Engagements[0].EmployerID].Name
		}
		var badges []string
		for _, b := range w.Badges {
			badges = append(badges, cmp.Or(b.Identifier.Label, b.Identifier.Key.Value))
		}
		r.badges = strings.Join(badges, ", ")
		if w.Anomalies > 0 {
			r.anomalies = t.Number(w.Anomalies)
		}
		rows = append(rows, r)
	}
	return rows
}

// keep shows those who work here, and on demand those who did.
func (p *Screen) keep() {
	p.grid.Keep(func(r staffRow) bool { return p.ended.Checked || !r.ended })
}

func (p *Screen) showDetail() {
	r, ok := p.grid.Current()
	t := p.h.Texts
	if !ok || p.names == nil {
		p.title.SetText("")
		p.detail.SetText(t.T("window.staff.pick"))
		p.ssin.SetText("")
		p.reveal.Hide()
		p.engagements.Rest()
		p.badges.Rest()
		p.enableButtons()
		return
	}
	w := r.row.Worker
	p.title.SetText(r.name)
	limosa := ""
	if w.Limosa != "" {
		limosa = t.T("window.staff.limosa", "Number", w.Limosa.Masked(), "Days", kit.DaysText(t, w.LimosaDays))
	}
	number := ""
	if w.StaffNumber != "" {
		number = t.T("window.staff.number", "Number", w.StaffNumber) + "  ·  "
	}
	p.detail.SetText(kit.Lines(number+t.T("window.staff.language", "Language", wording.Language(w.Language)), limosa))
	if p.revealed != w.ID {
		p.hideSSIN(r)
	}
	kit.SetVisible(p.reveal, w.SSIN != "")
	p.engagements.SetRows(p.engagementRows(r.row.Engagements))
	p.badges.SetRows(p.badgeRows(r.row.Badges))
	p.enableButtons()
}

func (p *Screen) hideSSIN(r staffRow) {
	p.revealed = ""
	text := r.ssin
	if text == "" {
		text = p.h.Texts.T("window.staff.noSSIN")
	}
	p.ssin.SetText(p.h.Texts.T("window.staff.ssin", "SSIN", text))
	p.reveal.SetText(p.h.Texts.T("window.staff.reveal"))
}

// toggleSSIN shows the number, which the trail notes, or hides it again.
func (p *Screen) toggleSSIN() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	id := r.row.Worker.ID
	if p.revealed == id {
		p.hideSSIN(r)
		return
	}
	var number string
	p.h.Act(func(ctx context.Context) error {
		var err error
		number, err = p.desk.Staff.RevealSSIN(ctx, id)
		return err
	}, func() {
		if now, ok := p.grid.Current(); !ok || now.row.Worker.ID != id {
			return
		}
		p.revealed = id
		p.ssin.SetText(p.h.Texts.T("window.staff.ssin", "SSIN", dotted(number)))
		p.reveal.SetText(p.h.Texts.T("window.staff.hide"))
	})
}

// dotted writes an SSIN as people do: 85.01.15-123.55.
func dotted(n string) string {
	if len(n) != 11 {
		return n
	}
	return n[:2] + "." + n[2:4] + "." + n[4:6] + "-" + n[6:9] + "." + n[9:]
}

func (p *Screen) engagementRows(es []app.Engagement) []engagementRow {
	t := p.h.Texts
	var rows []engagementRow
	for _, e := range es {
		r := engagementRow{key: string(e.ID), employer: p.names.Employers[e.EmployerID].Name,
			capacity: wording.Capacity(t, e.Capacity), days: kit.DaysText(t, e.Days), e: e}
		if e.WeeklyHours > 0 {
			r.hours = hoursText(t, e.WeeklyHours)
		}
		if e.Default {
			r.employer += " ★"
		}
		rows = append(rows, r)
	}
	return rows
}

func (p *Screen) badgeRows(bs []acts.Badge) []badgeRow {
	var rows []badgeRow
	for _, b := range bs {
		rows = append(rows, badgeRow{string(b.Custody.ID), wording.Badge(p.h.Texts, b.Identifier), kit.SpanText(p.h.Texts, b.Custody.Span, p.h.Zone), b})
	}
	return rows
}

func (p *Screen) enableButtons() {
	r, ok := p.grid.Current()
	_, engaged := p.engagements.Current()
	_, badge := p.badges.Current()
	kit.Enable(ok, p.change, p.addEngagement, p.statements, p.weeks)
	kit.Enable(ok && !r.ended, p.end)
	kit.Enable(ok && engaged, p.changeE, p.limits)
	kit.Enable(ok && len(r.row.Engagements) > 0, p.giveBadge, p.readBadge)
	kit.Enable(ok && !r.ended && len(r.row.Engagements) > 0, p.present)
	kit.Enable(ok && badge, p.endBadge)
}
