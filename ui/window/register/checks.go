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
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/dossier"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// checkRow is a line of any of the checks: what it is about, what is the matter, and what to do.
type checkRow struct {
	key, day, what, where, matter, todo string
	look                                widget.Importance
	dossier                             sending.DossierRow // of a dossier alone
	mend                                func()             // goes to what mends it; nil: nothing does here
}

func (p *Screen) checkGrid(empty string) *grid.Grid[checkRow] {
	t := p.h.Texts
	return kit.NewGrid(p.h, empty, func(r checkRow) string { return r.key }, []grid.Column[checkRow]{
		{Key: "day", Title: t.T("cli.col.day"), Width: 110, Text: func(r checkRow) string { return r.day }},
		{Key: "what", Title: t.T("window.col.what"), Width: 150, Text: func(r checkRow) string { return r.what }},
		{Key: "where", Title: t.T("window.col.site"), Width: 150, Text: func(r checkRow) string { return r.where }},
		{Key: "matter", Title: t.T("cli.col.cause"), Width: 340,
			Text: func(r checkRow) string { return r.matter }, Look: func(r checkRow) widget.Importance { return r.look }},
		{Key: "todo", Title: t.T("cli.col.remedy"), Width: 260, Text: func(r checkRow) string { return r.todo }},
	})
}

// showChecks opens the checks: before sending, of declarations, against the
// register, and what the NSSO is to correct.
func (p *Screen) showChecks() {
	t := p.h.Texts
	var stop []func()
	page := func(c fyne.CanvasObject, end func()) fyne.CanvasObject {
		stop = append(stop, end)
		return kit.Sized(1060, 460, c)
	}
	tabs := container.NewAppTabs(
		container.NewTabItem(t.T("window.checks.preflight"), page(p.preflightTab())),
		container.NewTabItem(t.T("window.checks.radar"), page(p.radarTab())),
		container.NewTabItem(t.T("window.checks.reconcile"), page(p.reconcileTab())),
		container.NewTabItem(t.T("window.checks.dossiers"), page(p.dossierTab())),
	)
	d := dialog.NewCustom(kit.Title(t.T("window.checks")), t.T("window.close"), tabs, p.h.Window)
	p.closeChecks = d.Hide
	d.SetOnClosed(func() {
		for _, end := range stop {
			end()
		}
	})
	p.h.Show(d)
}

// checkTab is one of the checks: a list that is read when it opens.
type checkTab struct {
	*grid.Grid[checkRow]
	asked   *kit.Inquiry
	refresh func()
}

// checked is what a check found: its rows, or what it means that there are none.
type checked struct {
	rows []checkRow
	none string // "" for what the tab says else
	said string // above the list
}

// listTab makes a check; said, if not nil, shows what stands above the list.
func (p *Screen) listTab(empty string, said *kit.Fact, get func(context.Context, *derived.Names) (checked, error)) *checkTab {
	g := p.checkGrid(empty)
	g.OnOpen = func(r checkRow) {
		if r.mend != nil {
			p.closeChecks()
			r.mend()
		}
	}
	tab := &checkTab{Grid: g, asked: p.h.Asks(g)}
	if said != nil {
		tab.asked.Shows(said)
	}
	tab.refresh = func() {
		kit.Load(tab.asked, nil, func(ctx context.Context) (checked, error) {
			names, err := p.desk.Derived.Names(ctx)
			if err != nil {
				return checked{}, err
			}
			return get(ctx, names)
		}, func(c checked) {
			g.SetEmpty(cmp.Or(c.none, empty))
			g.SetRows(c.rows)
			if said != nil {
				said.SetText(c.said)
			}
		})
	}
	tab.refresh()
	return tab
}

func refusedLook(refused bool) widget.Importance {
	if refused {
		return widget.DangerImportance
	}
	return widget.WarningImportance
}

// preflightTab lists what would be refused today and tomorrow, a line for each person, site, day and cause.
func (p *Screen) preflightTab() (fyne.CanvasObject, func()) {
	t := p.h.Texts
	tab := p.listTab(t.T("cli.preflight.none"), nil, func(ctx context.Context, names *derived.Names) (checked, error) {
		found, err := p.desk.Register.Preflight(ctx, sending.PreflightFilter{})
		if err != nil {
			return checked{}, err
		}
		rows := make([]checkRow, 0, len(found.Lines))
		for i, l := range found.Lines {
			rows = append(rows, checkRow{key: strconv.Itoa(i), day: t.Date(l.Day), what: wording.PreflightWho(t, names, &l),
				where: wording.PreflightWhere(t, names, &l), matter: wording.Cause(t, l.Code),
				todo: wording.Remedy(t, l.Remedy), look: refusedLook(l.Refused), mend: p.mending(names, &l)})
		}
		return checked{rows: rows}, nil
	})
	return tab.asked.Above(tab.Grid), tab.asked.Stop
}

// toSite goes to a site, with its declarations.
func (p *Screen) toSite(name string) func() { return func() { p.h.GoTo("sites", name) } }

// mending goes to where what a line of the pre-flight names is mended: the
// person, the site with its declarations, the box, or a form of this screen.
func (p *Screen) mending(names *derived.Names, l *ciao.PreflightLine) func() {
	switch l.Remedy {
	case ciao.MendSince:
		return p.showSince
	case ciao.MendCredential:
		return p.askCredential
	case ciao.MendLock:
		return p.askPassphrase
	case ciao.MendPermission:
		return p.askResume
	case ciao.MendDecision, ciao.MendPlace, ciao.MendDeclaration, ciao.MendLink, ciao.MendChoice:
		return p.toSite(names.Site(l.SiteID))
	case ciao.MendPlacement, ciao.MendClock:
		return func() { p.h.GoTo("boxes", l.Box) }
	case ciao.MendDay, ciao.MendBadge:
		return func() { p.h.GoTo("anomalies", "") }
	case ciao.MendRelease, ciao.MendDossier, ciao.MendPhones:
		return nil // on this screen
	}
	return func() { p.h.GoTo("staff", names.Worker(l.WorkerID)) }
}

// radarTab lists the declarations that need someone's eye.
func (p *Screen) radarTab() (fyne.CanvasObject, func()) {
	t := p.h.Texts
	tab := p.listTab(t.T("cli.radar.none"), nil, func(ctx context.Context, names *derived.Names) (checked, error) {
		items, err := p.desk.Register.DeclarationRadar(ctx)
		if err != nil {
			return checked{}, err
		}
		all, err := p.desk.Sites.Declarations(ctx)
		if err != nil {
			return checked{}, err
		}
		numbers := map[app.ID]string{}
		for _, d := range all {
			numbers[d.ID] = d.Number
		}
		rows := make([]checkRow, 0, len(items))
		for i := range items {
			x := &items[i]
			serious := x.Code == ciao.RadarOutside || x.Code == ciao.RadarMissing || x.Code == ciao.RadarEnded
			rows = append(rows, checkRow{key: strconv.Itoa(i), day: t.Date(x.Until), what: numbers[x.DeclarationID], where: names.Site(x.SiteID),
				matter: wording.Radar(t, x), look: refusedLook(serious), mend: p.toSite(names.Site(x.SiteID))})
		}
		none := ""
		if len(all) == 0 {
			none = t.T("window.checks.noDeclarations")
		}
		return checked{rows: rows, none: none}, nil
	})
	return tab.asked.Above(tab.Grid), tab.asked.Stop
}

// reconcileTab shows the last comparison with the register, and makes a new one.
func (p *Screen) reconcileTab() (fyne.CanvasObject, func()) {
	t := p.h.Texts
	said := p.h.Fact("").Wrap()
	tab := p.listTab(t.T("window.checks.noDifferences"), said, func(ctx context.Context, names *derived.Names) (checked, error) {
		r, err := p.desk.Reconciliation.LastReconciliation(ctx)
		if err != nil {
			return checked{}, err
		}
		c := checked{said: t.T("cli.reconcile.none"), none: t.T("window.checks.notCompared")}
		if r != nil {
			c.none = ""
			if !r.Complete() {
				c.none = t.T("window.checks.noneTold")
			}
			c.said = kit.Lines(
				t.T("cli.reconcile.when", "At", t.DateTime(r.At, p.h.Zone), "By", r.By, "Days", t.Days(r.Days)),
				wording.CannotTell(t, r.CannotTell),
			)
			for i := range r.Differences {
				d := &r.Differences[i]
				who := names.Worker(d.WorkerID)
				if who == "" {
					who = names.Box(d.Box)
				}
				c.rows = append(c.rows, checkRow{key: strconv.Itoa(i), day: t.Date(d.At.DateIn(p.h.Zone)), what: who, where: names.Site(d.SiteID),
					matter: wording.Difference(t, d), todo: wording.DifferenceStep(t, d.Step), look: refusedLook(d.Step == ciao.StepDossier)})
			}
		}
		return c, nil
	})
	days := kit.NewPeriod(p.h, kit.AMonth, func() {})
	run := p.h.MainButton(t.T("window.checks.compare"), theme.SearchIcon(), func() {
		chosen := days.Days
		p.h.Work("reconcile", t.T("cli.reconcile.progress"), func(ctx context.Context, progress kit.Progress) error {
			_, err := p.desk.Reconciliation.Reconcile(ctx, chosen, "", workspace.Progress(progress))
			return err
		}, func(error) { tab.refresh() })
	})
	return container.NewBorder(container.NewVBox(container.NewBorder(nil, nil, days.Object, run), tab.asked.Strip, said.Label),
		nil, nil, nil, tab.Grid), tab.asked.Stop
}

// dossierTab lists what the NSSO is to correct, with its countdown and its steps.
func (p *Screen) dossierTab() (fyne.CanvasObject, func()) {
	t := p.h.Texts
	tab := p.listTab(t.T("cli.dossier.none"), nil, func(ctx context.Context, names *derived.Names) (checked, error) {
		list, err := p.desk.Dossiers.Rows(ctx)
		if err != nil {
			return checked{}, err
		}
		rows := make([]checkRow, 0, len(list))
		for i, d := range list {
			c := &d.Dossier.Correction
			todo := wording.Dossier(t, &d.Dossier)
			if d.Dossier.Open() {
				todo += " · " + wording.Countdown(t, d.Deadline)
			}
			urgent := d.Dossier.Open() && (d.Deadline.Urgency == dossier.Urgent || d.Deadline.Urgency == dossier.Over)
			rows = append(rows, checkRow{key: strconv.Itoa(i) + c.Key(), day: t.Date(c.Day), what: names.Worker(c.WorkerID), where: names.Site(c.SiteID),
				matter: wording.Correction(t, c), todo: todo, look: refusedLook(urgent), dossier: d})
		}
		return checked{rows: rows}, nil
	})
	g, refresh := tab.Grid, tab.refresh
	chosen := func(then func(sending.DossierRow)) func() {
		return func() {
			if r, ok := g.Current(); ok {
				then(r.dossier)
			}
		}
	}
	make1 := p.h.Button(t.T("window.checks.make"), theme.ContentAddIcon(), chosen(func(d sending.DossierRow) {
		p.h.Act(func(ctx context.Context) error {
			_, err := p.desk.Dossiers.MakeDossiers(ctx, []string{d.Dossier.Correction.Key()}, "")
			return err
		}, refresh)
	}))
	handIn := p.h.Button(t.T("window.checks.handIn"), theme.MailSendIcon(), chosen(func(d sending.DossierRow) { p.askHandIn(d, refresh) }))
	answer := p.h.Button(t.T("window.checks.answer"), theme.MailReplyIcon(), chosen(func(d sending.DossierRow) { p.askAnswer(d, refresh) }))
	print := p.h.Button(t.T("window.checks.print"), theme.DocumentPrintIcon(), chosen(p.askPrintDossier))
	drop := p.h.Button(t.T("window.checks.drop"), theme.CancelIcon(), chosen(func(d sending.DossierRow) { p.askDrop(d, refresh) }))
	buttons := func() {
		r, ok := g.Current()
		d := &r.dossier.Dossier
		made := ok && d.ID != ""
		kit.Enable(ok && !made, make1)
		kit.Enable(made, print)
		kit.Enable(made && d.State() != app.DossierDropped, handIn)
		kit.Enable(made && d.State() == app.DossierHandedIn, answer)
		kit.Enable(made && d.Open(), drop)
	}
	g.OnSelect = buttons
	buttons()
	return container.NewBorder(container.NewVBox(container.NewHBox(make1, print, handIn, answer, drop), tab.asked.Strip), nil, nil, nil, g), tab.asked.Stop
}

// askPrintDossier prints a dossier in one of the languages of the NSSO.
func (p *Screen) askPrintDossier(d sending.DossierRow) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.checks.print.help"))
	var options []kit.Option
	for _, l := range app.Languages {
		options = append(options, kit.Option{Value: string(l), Text: wording.Language(l)})
	}
	language := f.Choice(t.T("window.menu.language"), options, string(t.Language()), "language")
	reveal := f.Tick("", t.T("window.sheets.reveal"), false, "reveal")
	p.h.ShowPaper(f, t.T("window.checks.print"), func() func(context.Context, documents.PaperOptions) (string, error) {
		in := app.Language(language.Value())
		return func(ctx context.Context, opt documents.PaperOptions) (string, error) {
			opt.Language = in
			files, err := p.desk.Papers.WriteDossiers(ctx, []app.ID{d.Dossier.ID}, opt)
			if err != nil {
				return "", err
			}
			return files[0], nil
		}
	}, func() bool { return reveal.Checked })
}

func (p *Screen) askHandIn(d sending.DossierRow, done func()) {
	t := p.h.Texts
	f := p.h.NewForm()
	on := f.Date(t.T("cli.col.day"), p.h.Today(), "day")
	reference := f.Text(kit.Upper(t.Field("reference")), "", "reference")
	note := f.Text(t.T("window.field.note"), "", "note")
	f.Show(t.T("window.checks.handIn"), t.T("window.save"), func() func(context.Context) error {
		day, ref, said := kit.Must(on.Date()), reference.Text, note.Text
		return func(ctx context.Context) error {
			return p.desk.Dossiers.HandInDossier(ctx, d.Dossier.ID, day, ref, said)
		}
	}, done)
}

func (p *Screen) askAnswer(d sending.DossierRow, done func()) {
	t := p.h.Texts
	f := p.h.NewForm()
	var options []kit.Option
	for _, o := range []app.DossierOutcome{app.OutcomeCorrected, app.OutcomePartly, app.OutcomeRejected} {
		options = append(options, kit.Option{Value: string(o), Text: t.T("dossier.outcome." + string(o))})
	}
	outcome := f.Choice(kit.Upper(t.Field("outcome")), options, string(app.OutcomeCorrected), "outcome")
	on := f.Date(t.T("cli.col.day"), p.h.Today(), "day")
	note := f.Text(t.T("window.field.note"), "", "note")
	f.Show(t.T("window.checks.answer"), t.T("window.save"), func() func(context.Context) error {
		day, what, said := kit.Must(on.Date()), app.DossierOutcome(outcome.Value()), note.Text
		return func(ctx context.Context) error {
			return p.desk.Dossiers.AnswerDossier(ctx, d.Dossier.ID, day, what, said)
		}
	}, done)
}

func (p *Screen) askDrop(d sending.DossierRow, done func()) {
	t := p.h.Texts
	f := p.h.NewForm()
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.checks.drop"), t.T("window.save"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return p.desk.Dossiers.DropDossier(ctx, d.Dossier.ID, reason) }
	}, done)
}
