package register

import (
	"cmp"
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/sending"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// phones is the dialog about what people register by phone or otherwise: sites and up to when that is known, what waits,
// what counts, and what people of other employers registered.
type phones struct {
	p     *Screen
	names *derived.Names
	state *sending.PhonesState
	lists []func() // asks each list again
	stop  []func()
}

// showPhones opens it.
func (p *Screen) showPhones() {
	t := p.h.Texts
	x := &phones{p: p}
	tabs := container.NewAppTabs(
		container.NewTabItem(t.T("window.phones.sites"), x.page(x.sitesTab())),
		container.NewTabItem(t.T("window.phones.waiting"), x.page(x.waitingTab())),
		container.NewTabItem(t.T("window.phones.registered"), x.page(x.registeredTab())),
		container.NewTabItem(t.T("window.phones.others"), x.page(x.othersTab())),
	)
	d := dialog.NewCustom(kit.Title(t.T("window.phones")), t.T("window.close"), tabs, p.h.Window)
	d.SetOnClosed(func() {
		p.phones = nil
		for _, end := range x.stop {
			end()
		}
	})
	p.phones = x
	p.h.Show(d)
	x.refresh()
}

func (x *phones) page(c fyne.CanvasObject) fyne.CanvasObject { return kit.Sized(1060, 460, c) }

func (x *phones) refresh() {
	for _, ask := range x.lists {
		ask()
	}
}

// asks makes a list that is asked when the dialog opens, and whenever something was settled in it.
// then is called when its rows are shown.
func asks[R any](x *phones, g *grid.Grid[R], get func(context.Context, *derived.Names) ([]R, error), then ...func()) *kit.Inquiry {
	l := x.p.h.Asks(g)
	x.lists = append(x.lists, func() {
		kit.Load(l, nil, func(ctx context.Context) ([]R, error) {
			names, err := x.p.desk.Derived.Names(ctx)
			if err != nil {
				return nil, err
			}
			return get(ctx, names)
		}, func(rows []R) {
			g.SetRows(rows)
			for _, f := range then {
				f()
			}
		})
	})
	x.stop = append(x.stop, l.Stop)
	return l
}

type phoneSite struct {
	key, site, readTo, by, waiting, registered string
	look                                       widget.Importance
	row                                        sending.PhonesRow
}

// sitesTab lists the sites where people may register by phone, and has the three ways to know who did.
func (x *phones) sitesTab() fyne.CanvasObject {
	h, t := x.p.h, x.p.h.Texts
	said := kit.Wrapped("") // what came of asking
	said.Hide()
	g := kit.NewGrid(h, t.T("window.phones.noSite"), func(r phoneSite) string { return r.key }, []grid.Column[phoneSite]{
		{Key: "site", Title: t.T("window.col.site"), Width: 260, Text: func(r phoneSite) string { return r.site }},
		{Key: "readTo", Title: t.T("window.phones.readTo"), Width: 200, Text: func(r phoneSite) string { return r.readTo },
			Look: func(r phoneSite) widget.Importance { return r.look }, Compare: func(a, b phoneSite) int { return cmp.Compare(a.row.ReadTo, b.row.ReadTo) }},
		{Key: "by", Title: t.T("window.phones.by"), Width: 230, Text: func(r phoneSite) string { return r.by }},
		{Key: "waiting", Title: t.T("window.phones.waits"), Width: 100, Firm: true, Right: true, Text: func(r phoneSite) string { return r.waiting }},
		{Key: "registered", Title: t.T("window.phones.counts"), Width: 100, Firm: true, Right: true, Text: func(r phoneSite) string { return r.registered }},
	})
	l := asks(x, g, func(ctx context.Context, names *derived.Names) ([]phoneSite, error) {
		s, err := x.p.desk.Phones.State(ctx)
		if err != nil {
			return nil, err
		}
		x.names, x.state = names, s
		return x.siteRows(s), nil
	})
	whole := container.NewStack()
	busy := widget.NewProgressBarInfinite()
	stop := h.Button(t.T("window.cancel"), theme.CancelIcon(), func() {
		if work := h.Works.Running[consulting]; work != nil {
			work.Cancel()
		}
	})
	under := container.NewBorder(nil, nil, nil, stop, busy) // its line at the foot of the window lies behind the dialog
	showBusy := func() {
		on := h.Works.Has(consulting)
		if kit.SetVisible(under, on); on {
			busy.Start()
		} else {
			busy.Stop()
		}
		whole.Refresh()
	}
	ask := h.MainButton(t.T("window.phones.ask"), theme.SearchIcon(), func() {
		x.consult(func(lines []string) {
			said.SetText(kit.Lines(lines...))
			said.Show()
		}, showBusy)
		showBusy()
	})
	checked := h.Button(t.T("window.phones.checked"), theme.ConfirmIcon(), func() {
		if r, ok := g.Current(); ok {
			x.askChecked(r)
		}
	})
	list := h.Button(t.T("window.phones.list"), theme.FileIcon(), x.askList)
	g.OnSelect = func() {
		_, ok := g.Current()
		kit.Enable(ok, checked)
	}
	kit.Enable(false, checked)
	help := kit.Wrapped(t.T("window.phones.help"))
	whole.Add(container.NewBorder(container.NewVBox(help, kit.Toolbar(ask, list, checked), under, l.Strip, said), nil, nil, nil, g))
	showBusy()
	x.stop = append(x.stop, busy.Stop)
	return whole
}

func (x *phones) siteRows(s *sending.PhonesState) []phoneSite {
	t := x.p.h.Texts
	yesterday := x.p.h.Today().Start(x.p.h.Zone)
	rows := make([]phoneSite, 0, len(s.Sites))
	for _, row := range s.Sites {
		r := phoneSite{key: string(row.SiteID), site: x.names.Site(row.SiteID), readTo: wording.PhonesReadTo(t, row.ReadTo),
			waiting: t.Number(row.Waiting), registered: t.Number(row.Registered), row: row, look: widget.MediumImportance}
		if row.ReadTo < yesterday {
			r.look = widget.WarningImportance
		}
		if row.Last != nil {
			r.by = wording.EntrySource(t, row.Last.Source) + ", " + t.DateTime(row.Last.Started, x.p.h.Zone)
		}
		rows = append(rows, r)
	}
	return rows
}

// consulting is the key of the work of asking the register who registered by phone.
const consulting = "consult"

// consult asks the register in the background; it can be cancelled. tell says what came of it, ended that it is over.
func (x *phones) consult(tell func(lines []string), ended func()) {
	h := x.p.h
	var got *ciao.Consulted
	var due app.Instant
	h.Work(consulting, h.Texts.T("window.phones.asking"), func(ctx context.Context, _ kit.Progress) (err error) {
		if got, err = x.p.desk.Phones.Consult(ctx); err == nil && got == nil {
			due, err = x.p.desk.Phones.ConsultDue(ctx)
		}
		return err
	}, func(err error) {
		if err == nil {
			tell(wording.Consulted(h.Texts, got, due))
		}
		ended()
		x.refresh()
	})
}

// askList imports a list that the NSSO's online service exported.
func (x *phones) askList() {
	h, t := x.p.h, x.p.h.Texts
	f := h.NewForm()
	f.Note(t.T("window.phones.list.help"))
	upTo := f.Moment(t.T("window.phones.list.upTo"), 0, h.Zone, true, "upTo")
	declaration := f.Text(t.T("window.phones.list.declaration"), "", "declaration")
	opt := boxes.ListOptions{}
	f.Show(t.T("window.phones.list"), t.T("window.phones.list.choose"), func() func(context.Context) error {
		opt.ReadTo, opt.Declaration = kit.Must(upTo.Instant()), declaration.Text
		return func(context.Context) (err error) {
			if opt.Declaration != "" {
				opt.Declaration, err = identity.ParseDeclaration(opt.Declaration)
			}
			return err
		}
	}, func() {
		h.ImportList(kit.Title(t.T("window.phones.list")), func(ctx context.Context, path string, apply bool) (*importing.Report, error) {
			opt := opt
			opt.Apply = apply
			return x.p.desk.Files.ImportList(ctx, importing.RegistrationList, path, opt)
		})
	})
}

// askChecked takes a person's word up to when they looked in the NSSO's online service.
func (x *phones) askChecked(r phoneSite) {
	h, t := x.p.h, x.p.h.Texts
	f := h.NewForm()
	f.Note(t.T("window.phones.checked.help", "Site", r.site))
	upTo := f.Moment(t.T("window.phones.readTo"), h.Now(), h.Zone, true, "upTo")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.phones.checked"), t.T("window.save"), func() func(context.Context) error {
		at, reason := kit.Must(upTo.Instant()), why.Text
		return func(ctx context.Context) error {
			_, err := x.p.desk.Phones.Checked(ctx, r.row.SiteID, at, reason)
			return err
		}
	}, x.refresh)
}

type entryRow struct {
	key, time, kind, person, site, state, todo string
	look                                       widget.Importance
	e                                          app.RegisterEntry
}

func (x *phones) entryRows(list []app.RegisterEntry, names *derived.Names) []entryRow {
	t := x.p.h.Texts
	rows := make([]entryRow, 0, len(list))
	for i := range list {
		e := &list[i]
		zone := names.Zone(e.SiteID)
		r := entryRow{key: strconv.FormatInt(e.ID, 10), time: t.DayMonth(e.At.DateIn(zone)) + "  " + t.TimeSeconds(e.At, zone),
			kind: wording.RegistrationType(t, e.Type), person: wording.EntryWho(names, e), site: names.Site(e.SiteID),
			state: kit.Upper(wording.Entry(t, e)), todo: wording.EntryStep(t, e), look: widget.MediumImportance, e: *e}
		if e.Cancelled || e.Withdrawn {
			r.look = widget.LowImportance
		}
		rows = append(rows, r)
	}
	return rows
}

func (x *phones) entryGrid(empty string, settles bool) *grid.Grid[entryRow] {
	t := x.p.h.Texts
	columns := []grid.Column[entryRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r entryRow) string { return r.time },
			Compare: func(a, b entryRow) int { return cmp.Compare(a.e.At, b.e.At) }},
		{Key: "kind", Title: t.T("window.col.kind"), Width: 56, Firm: true, Text: func(r entryRow) string { return r.kind }},
		{Key: "person", Title: t.T("window.col.person"), Width: 150, Text: func(r entryRow) string { return r.person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r entryRow) string { return r.site }},
		{Key: "state", Title: t.T("window.col.state"), Width: 230, Text: func(r entryRow) string { return r.state },
			Look: func(r entryRow) widget.Importance { return r.look }},
	}
	if settles {
		columns = append(columns, grid.Column[entryRow]{Key: "todo", Title: t.T("window.ciao.help"), Width: 290, Text: func(r entryRow) string { return r.todo }})
	}
	return kit.NewGrid(x.p.h, empty, func(r entryRow) string { return r.key }, columns)
}

// waitingTab lists the registrations that wait, with the step that settles each.
func (x *phones) waitingTab() fyne.CanvasObject {
	h, t := x.p.h, x.p.h.Texts
	g := x.entryGrid(t.T("window.phones.noneWait"), true)
	detail, whole := kit.Wrapped(""), container.NewStack()
	l := asks(x, g, func(ctx context.Context, names *derived.Names) ([]entryRow, error) {
		list, err := x.p.desk.Phones.Entries(ctx, sending.EntryChoice{States: []app.EntryState{app.EntryBoxOrPhone, app.EntryWhichSite, app.EntryWho}})
		return x.entryRows(list, names), err
	})
	chosen := func(then func([]entryRow)) func() {
		return func() {
			if rows := g.Selected(); len(rows) > 0 {
				then(rows)
			}
		}
	}
	phone := h.Button(t.T("window.phones.isPhone"), theme.ConfirmIcon(), chosen(func(rows []entryRow) { x.askDecide(rows, app.EntryRegistered) }))
	box := h.Button(t.T("window.phones.isBox"), theme.ComputerIcon(), chosen(func(rows []entryRow) { x.askDecide(rows, app.EntryOurs) }))
	place := h.Button(t.T("window.phones.place"), theme.HomeIcon(), chosen(x.askPlace))
	buttons := func() {
		states := map[app.EntryState]bool{}
		for _, r := range g.Selected() {
			states[r.e.State] = true
		}
		only := func(s app.EntryState) bool { return len(states) == 1 && states[s] }
		kit.Enable(only(app.EntryBoxOrPhone), phone, box)
		kit.Enable(only(app.EntryWhichSite), place)
		detail.SetText("")
		if r, ok := g.Current(); ok {
			detail.SetText(kit.Lines(r.state, r.todo)) // in full: a row cuts it
		}
		kit.SetVisible(detail, detail.Text != "")
		whole.Refresh() // it takes its room from the list
	}
	g.OnSelect = buttons
	buttons()
	whole.Add(container.NewBorder(container.NewVBox(kit.Toolbar(phone, box, place), detail, l.Strip), nil, nil, nil, g))
	return whole
}

func idsOf(rows []entryRow) []int64 {
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].e.ID
	}
	return ids
}

// askDecide takes a person's word whether registrations were made by phone or are taps of boxes.
func (x *phones) askDecide(rows []entryRow, is app.EntryState) {
	t := x.p.h.Texts
	title, help := t.T("window.phones.isPhone"), t.N("window.phones.isPhone.help", len(rows))
	if is == app.EntryOurs {
		title, help = t.T("window.phones.isBox"), t.N("window.phones.isBox.help", len(rows))
	}
	f := x.p.h.NewForm()
	f.Note(help)
	why := f.Text(t.T("window.field.reason"), "", "why", "reason")
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return x.p.desk.Phones.Decide(ctx, idsOf(rows), is, reason) }
	}, x.refresh)
}

// askPlace asks at which site registrations were.
func (x *phones) askPlace(rows []entryRow) {
	t := x.p.h.Texts
	f := x.p.h.NewForm()
	f.Note(t.N("window.phones.place.help", len(rows)))
	var options []kit.Option
	for id, s := range x.names.Sites {
		if s.Ended == 0 {
			options = append(options, kit.Option{Value: string(id), Text: s.Name})
		}
	}
	kit.SortOptions(options)
	site := f.Choice(t.T("window.col.site"), options, "", "site", "siteId")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.phones.place"), t.T("window.save"), func() func(context.Context) error {
		at, reason := app.ID(site.Value()), why.Text
		return func(ctx context.Context) error { return x.p.desk.Phones.Place(ctx, idsOf(rows), at, reason) }
	}, x.refresh)
}

// registeredTab lists what counts as registered by phone, and what was cancelled since.
func (x *phones) registeredTab() fyne.CanvasObject {
	h, t := x.p.h, x.p.h.Texts
	g := x.entryGrid(t.T("window.phones.noneRegistered"), false)
	l := asks(x, g, func(ctx context.Context, names *derived.Names) ([]entryRow, error) {
		list, err := x.p.desk.Phones.Entries(ctx, sending.EntryChoice{States: []app.EntryState{app.EntryRegistered}})
		return x.entryRows(list, names), err
	})
	return container.NewBorder(container.NewVBox(copying(h, g), l.Strip), nil, nil, nil, g)
}

type otherRow struct {
	key, time, kind, who, employer, number, site, declaration, state string
	row                                                              sending.OtherRow
}

// othersTab lists what people of other employers registered at our sites, for whoever has to see that they do.
func (x *phones) othersTab() fyne.CanvasObject {
	h, t := x.p.h, x.p.h.Texts
	g := kit.NewGrid(h, t.T("window.phones.noOthers"), func(r otherRow) string { return r.key }, []grid.Column[otherRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r otherRow) string { return r.time },
			Compare: func(a, b otherRow) int { return cmp.Compare(a.row.At, b.row.At) }},
		{Key: "kind", Title: t.T("window.col.kind"), Width: 56, Firm: true, Text: func(r otherRow) string { return r.kind }},
		{Key: "who", Title: t.T("window.phones.who"), Width: 140, Text: func(r otherRow) string { return r.who }},
		{Key: "employer", Title: t.T("window.col.employer"), Width: 190, Text: func(r otherRow) string { return r.employer }},
		{Key: "number", Title: t.T("window.staff.enterprise"), Width: 120, Firm: true, Text: func(r otherRow) string { return r.number }},
		{Key: "site", Title: t.T("window.col.site"), Width: 170, Text: func(r otherRow) string { return r.site }},
		{Key: "declaration", Title: t.T("window.col.declaration"), Width: 136, Firm: true, Text: func(r otherRow) string { return r.declaration }},
		{Key: "state", Title: t.T("window.col.state"), Width: 100, Text: func(r otherRow) string { return r.state }},
	})
	ask := func() {}
	days := kit.NewPeriod(h, kit.AMonth, func() { ask() })
	silent, whole := kit.Wrapped(""), container.NewStack()
	silent.Importance = widget.WarningImportance
	said := ""
	l := asks(x, g, func(ctx context.Context, names *derived.Names) ([]otherRow, error) {
		chosen := sending.OtherChoice{Days: days.Days}
		list, err := x.p.desk.Phones.Others(ctx, chosen)
		if err != nil {
			return nil, err
		}
		sums, err := x.p.desk.Phones.OtherSums(ctx, chosen)
		said = wording.Silent(t, names, sums)
		return x.otherRows(list, names), err
	}, func() {
		silent.SetText(said)
		kit.SetVisible(silent, said != "")
		whole.Refresh()
	})
	ask = x.lists[len(x.lists)-1]
	help := kit.Wrapped(t.T("window.phones.others.help"))
	whole.Add(container.NewBorder(container.NewVBox(help, container.NewBorder(nil, nil, days.Object, copying(h, g)), silent, l.Strip), nil, nil, nil, g))
	return whole
}

func (x *phones) otherRows(list []sending.OtherRow, names *derived.Names) []otherRow {
	t := x.p.h.Texts
	rows := make([]otherRow, 0, len(list))
	for _, row := range list {
		zone := names.Zone(row.SiteID)
		number := row.ForeignVAT
		if n, err := identity.ParseEnterprise(row.Enterprise); err == nil {
			number = identity.FormatEnterprise(n)
		}
		r := otherRow{key: strconv.FormatInt(row.ID, 10), time: t.DayMonth(row.At.DateIn(zone)) + "  " + t.TimeSeconds(row.At, zone),
			kind: wording.RegistrationType(t, row.Type), who: row.Who, number: number, employer: names.Employers[row.EmployerID].Name,
			site: names.Site(row.SiteID), declaration: row.Declaration, state: wording.Validity(t, row.Validity), row: row}
		if row.Cancelled {
			r.state = t.T("ciao.validity.cancelled")
		}
		rows = append(rows, r)
	}
	return rows
}

// copying is a button that copies all rows that a list shows, as CSV.
func copying[R any](h *kit.Host, g *grid.Grid[R]) *kit.Button {
	return h.Button(h.Texts.T("window.copyCSV"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(g.CSV())
		h.Say(h.Texts.N("window.copyCSV.done", len(g.Shown())), widget.SuccessImportance)
	})
}
