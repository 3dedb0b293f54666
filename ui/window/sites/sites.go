package sites

import (
	"cmp"
	"context"
	"slices"

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

// Screen keeps places: where they are, whether they fall under CIAO, which
// declarations of works cover them, which boxes stand there.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	grid   *grid.Grid[siteRow]
	search *field.Entry
	ended  *widget.Check

	title        *widget.Label
	detail       *widget.Label
	decision     *widget.Label
	declarations *grid.Grid[declarationRow]
	placements   *grid.Grid[placementRow]

	change, end, decide, plan       *kit.Button
	present, inspect, hours, poster *kit.Button
	addDeclaration, changeD, limits *kit.Button
	place, endPlacement             *kit.Button
	names                           *derived.Names
	clients                         []app.Client
	known                           []app.Declaration
}

type siteRow struct {
	key, name, code, client, town, decision, declaration, anomalies string
	look                                                            widget.Importance
	ended                                                           bool
	row                                                             acts.SiteRow
}

type declarationRow struct {
	key, number, label, days, standard string
	late                               bool
	d                                  acts.DeclaredSite
}

type placementRow struct {
	key, box, span string
	open           bool
	p              app.Placement
}

// New makes the screen of the sites on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk}
	t := h.Texts
	low := func(r siteRow) widget.Importance {
		if r.ended {
			return widget.LowImportance
		}
		return widget.MediumImportance
	}
	p.grid = kit.NewGrid(h, t.T("window.sites.empty"), func(r siteRow) string { return r.key }, []grid.Column[siteRow]{
		{Key: "name", Title: t.T("window.col.site"), Width: 220, Text: func(r siteRow) string { return r.name }, Look: low},
		{Key: "code", Title: t.T("window.col.code"), Width: 56, Firm: true, Text: func(r siteRow) string { return r.code }, Look: low},
		{Key: "town", Title: t.T("window.col.town"), Width: 120, Text: func(r siteRow) string { return r.town }, Look: low},
		{Key: "decision", Title: "CIAO", Width: 122, Firm: true,
			Text: func(r siteRow) string { return r.decision }, Look: func(r siteRow) widget.Importance { return r.look }},
		{Key: "declaration", Title: t.T("window.col.declaration"), Width: 136, Firm: true, Text: func(r siteRow) string { return r.declaration }, Look: low},
		{Key: "anomalies", Title: t.T("window.col.open"), Width: 58, Firm: true, Right: true, Text: func(r siteRow) string { return r.anomalies },
			Compare: func(a, b siteRow) int { return cmp.Compare(a.row.Anomalies, b.row.Anomalies) },
			Look:    func(siteRow) widget.Importance { return widget.WarningImportance }},
	})
	p.grid.OnSelect = p.showDetail
	p.grid.OnOpen = func(siteRow) { p.askSite(true) }
	p.search = kit.FilterFor(h, p.grid)
	p.ended = widget.NewCheck(t.T("window.showEnded"), func(bool) { p.keep() })
	p.title, p.detail, p.decision = kit.CardHeading(), kit.Wrapped(""), kit.Wrapped("")
	p.declarations = kit.NewGrid(h, t.T("window.sites.noDeclaration"), func(r declarationRow) string { return r.key }, []grid.Column[declarationRow]{
		{Key: "number", Title: t.T("window.col.number"), Width: 136, Firm: true, Text: func(r declarationRow) string { return r.number }},
		{Key: "days", Title: t.T("window.col.days"), Width: 178, Firm: true,
			Text: func(r declarationRow) string { return r.days }, Look: func(r declarationRow) widget.Importance {
				if r.late {
					return widget.WarningImportance
				}
				return widget.MediumImportance
			}},
		{Key: "default", Title: t.T("window.col.default"), Width: 80, Text: func(r declarationRow) string { return r.standard }},
		{Key: "label", Title: t.T("window.col.label"), Width: 100, Text: func(r declarationRow) string { return r.label }},
	})
	p.declarations.OnSelect = p.enableButtons
	p.declarations.OnOpen = func(declarationRow) { p.askDeclaration(true) }
	p.placements = kit.NewGrid(h, t.T("window.sites.noBox"), func(r placementRow) string { return r.key }, []grid.Column[placementRow]{
		{Key: "box", Title: t.T("window.col.box"), Width: 150, Text: func(r placementRow) string { return r.box }},
		{Key: "span", Title: t.T("window.col.placed"), Width: 230, Text: func(r placementRow) string { return r.span }},
	})
	p.placements.OnSelect = p.enableButtons
	p.change = h.Button(t.T("window.change"), theme.DocumentCreateIcon(), func() { p.askSite(true) })
	p.end = h.Button(t.T("window.end"), nil, p.askEnd)
	p.limits = h.Button(t.T("window.thresholds.button"), theme.SettingsIcon(), func() {
		if r, ok := p.grid.Current(); ok {
			kit.ShowThresholds(h, desk, derived.ThresholdOwner{Site: r.row.Site.ID}, t.T("window.thresholds.site", "Site", r.row.Site.Name))
		}
	})
	p.decide = h.Button(t.T("window.sites.decide"), theme.UploadIcon(), p.askDecision)
	p.plan = h.Button(t.T("window.screen.plan"), theme.CalendarIcon(), func() {
		if r, ok := p.grid.Current(); ok {
			h.GoTo("plan", r.key)
		}
	})
	p.present = h.Button(t.T("window.papers.presence.button"), theme.DocumentIcon(), p.askPresenceList)
	p.inspect = h.Button(t.T("window.papers.inspection.button"), theme.DocumentIcon(), p.askInspectionSheet)
	p.poster = h.Button(t.T("window.papers.poster.button"), theme.DocumentIcon(), p.askPoster)
	p.hours = h.Button(t.T("window.chart.hours"), theme.HistoryIcon(), func() {
		if r, ok := p.grid.Current(); ok {
			h.ShowChart(desk, papers.SiteHours, string(r.row.Site.ID), r.row.Site.Name)
		}
	})
	p.addDeclaration = h.Button(t.T("window.add"), theme.ContentAddIcon(), func() { p.askDeclaration(false) })
	p.changeD = h.Button(t.T("window.change"), theme.DocumentCreateIcon(), func() { p.askDeclaration(true) })
	p.place = h.Button(t.T("window.sites.place"), theme.ContentAddIcon(), p.askPlace)
	p.endPlacement = h.Button(t.T("window.end"), nil, p.askEndPlacement)
	p.load = h.Asks(p.grid)
	p.keep()
	p.showDetail()
	return p
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	t := p.h.Texts
	add := p.h.MainButton(t.T("window.sites.add"), theme.ContentAddIcon(), func() { p.askSite(false) })
	imp := p.h.Button(t.T("window.import.csv"), theme.FileIcon(), func() { p.h.ImportList(t.T("window.sites.import"), p.desk.Files.ImportSites) })
	p.load.Shows(kit.Gated{add})
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(t.T("window.screen.sites")), kit.Toolbar(add, imp)),
		container.NewBorder(nil, nil, nil, p.ended, p.search),
	)
	side := container.NewBorder(
		container.NewVBox(
			container.NewBorder(nil, nil, nil, container.NewHBox(p.plan, p.limits, p.change, p.end), p.title),
			p.detail,
			container.NewHBox(p.present, p.inspect),
			container.NewHBox(p.hours, p.poster),
			container.NewBorder(nil, nil, nil, container.NewVBox(p.decide), p.decision),
		), nil, nil, nil,
		container.NewVSplit(
			container.NewBorder(container.NewBorder(nil, nil, kit.Bold(t.T("window.sites.declarations")), container.NewHBox(p.addDeclaration, p.changeD)),
				nil, nil, nil, p.declarations),
			container.NewBorder(container.NewBorder(nil, nil, kit.Bold(t.T("window.sites.boxes")), container.NewHBox(p.place, p.endPlacement)),
				nil, nil, nil, p.placements),
		))
	return container.NewBorder(top, nil, nil, nil, kit.Split(0.58, p.load.Above(p.grid), side))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow shows only what another screen leads to.
func (p *Screen) Narrow(what string) { p.search.SetText(what) }

type sitesShown struct {
	rows    []siteRow
	names   *derived.Names
	clients []app.Client
	known   []app.Declaration
}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	kit.Load(p.load, nil, p.get, func(s sitesShown) {
		p.names, p.clients, p.known = s.names, s.clients, s.known
		p.grid.SetRows(s.rows)
		p.showDetail()
	})
}

func (p *Screen) get(ctx context.Context) (sitesShown, error) {
	var s sitesShown
	sites, err := p.desk.Sites.Rows(ctx)
	if err != nil {
		return s, err
	}
	if s.names, err = p.desk.Derived.Names(ctx); err != nil {
		return s, err
	}
	if s.clients, err = p.desk.Staff.Clients(ctx); err != nil {
		return s, err
	}
	if s.known, err = p.desk.Sites.Declarations(ctx); err != nil {
		return s, err
	}
	s.rows = p.rows(sites, s.names)
	return s, nil
}

func (p *Screen) rows(sites []acts.SiteRow, names *derived.Names) []siteRow {
	t := p.h.Texts
	today := p.h.Today()
	rows := make([]siteRow, 0, len(sites))
	for _, s := range sites {
		r := siteRow{
			key: string(s.Site.ID), name: s.Site.Name, code: s.Site.Code, client: names.Clients[s.Site.ClientID].Name, town: s.Site.Address.Municipality,
			decision: wording.Decision(t, s.Decision.Decision), look: decisionLook(s.Decision.Decision), ended: s.Site.Ended != 0, row: s,
		}
		if r.ended {
			r.name += " (" + t.T("window.ended", "Date", t.Date(s.Site.Ended.DateIn(p.h.Zone))) + ")"
		}
		for _, d := range s.Declarations {
			if d.Link.Days.Holds(today) && d.Declaration.Days.Holds(today) && (r.declaration == "" || d.Link.Default) {
				r.declaration = d.Declaration.Number
			}
		}
		if s.Anomalies > 0 {
			r.anomalies = t.Number(s.Anomalies)
		}
		rows = append(rows, r)
	}
	return rows
}

func decisionLook(d app.Decision) widget.Importance {
	switch d {
	case app.UnderCIAO:
		return widget.SuccessImportance
	case app.NotUnder:
		return widget.LowImportance
	}
	return widget.WarningImportance
}

// keep shows the sites that are served, and on demand those that were.
func (p *Screen) keep() {
	p.grid.Keep(func(r siteRow) bool { return p.ended.Checked || !r.ended })
}

func (p *Screen) showDetail() {
	r, ok := p.grid.Current()
	t := p.h.Texts
	if !ok || p.names == nil {
		p.title.SetText("")
		p.detail.SetText(t.T("window.sites.pick"))
		p.decision.SetText("")
		p.declarations.Rest()
		p.placements.Rest()
		p.enableButtons()
		return
	}
	s := r.row.Site
	p.title.SetText(r.name)
	coordinates := ""
	if c := s.Coordinates; c != nil {
		coordinates = t.T("window.sites.at", "Latitude", t.Decimal(c.Latitude, 5), "Longitude", t.Decimal(c.Longitude, 5))
	}
	client := ""
	if r.client != "" {
		client = t.T("window.col.client") + ": " + r.client
	}
	phones := ""
	if s.Phones {
		phones = kit.Upper(t.T("window.sites.phones.tick"))
	}
	p.detail.SetText(kit.Lines(cmp.Or(kit.Lines(wording.Address(s.Address), coordinates), t.T("window.sites.noAddress")), client, phones))
	decision := r.row.Decision
	text := "CIAO: " + r.decision
	if decision.From != 0 {
		text = t.T("window.sites.decided", "Decision", r.decision, "From", t.DateTime(decision.From, p.h.Zone), "By", decision.By)
	}
	p.decision.SetText(kit.Lines(text, decision.Reason))
	p.declarations.SetRows(p.declarationRows(r.row.Declarations))
	p.placements.SetRows(p.placementRows(r.row.Placements))
	p.enableButtons()
}

func (p *Screen) declarationRows(ds []acts.DeclaredSite) []declarationRow {
	t := p.h.Texts
	today := p.h.Today()
	var rows []declarationRow
	for _, d := range ds {
		days := both(d.Declaration.Days, d.Link.Days)
		r := declarationRow{key: string(d.Link.ID), number: d.Declaration.Number, label: d.Declaration.Label,
			days: kit.DaysText(t, days), d: d, late: days.To != 0 && days.To < today.AddDays(30)}
		if d.Link.Default {
			r.standard = t.T("window.yes")
		}
		rows = append(rows, r)
	}
	return rows
}

// both returns the days that lie in two ranges.
func both(a, b app.Days) app.Days {
	d := app.Days{From: max(a.From, b.From), To: a.To}
	if b.To != 0 && (a.To == 0 || b.To < a.To) {
		d.To = b.To
	}
	return d
}

func (p *Screen) placementRows(ps []app.Placement) []placementRow {
	sorted := slices.Clone(ps)
	slices.SortFunc(sorted, func(a, b app.Placement) int { return cmp.Compare(b.Span.From, a.Span.From) })
	now := p.h.Now()
	var rows []placementRow
	for _, x := range sorted {
		rows = append(rows, placementRow{string(x.ID), p.names.Box(x.BoxUID), kit.SpanText(p.h.Texts, x.Span, p.h.Zone), x.Span.To == 0 || x.Span.To > now, x})
	}
	return rows
}

func (p *Screen) enableButtons() {
	r, ok := p.grid.Current()
	_, declared := p.declarations.Current()
	placed, isPlaced := p.placements.Current()
	kit.Enable(ok, p.change, p.present, p.inspect, p.hours, p.poster, p.limits, p.plan, p.decide, p.addDeclaration, p.place)
	kit.Enable(ok && !r.ended, p.end)
	kit.Enable(ok && declared, p.changeD)
	kit.Enable(ok && isPlaced && placed.open, p.endPlacement)
}
