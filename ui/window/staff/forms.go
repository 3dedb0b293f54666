package staff

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/text"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// askWorker adds a person, or changes the one at the cursor.
func (p *Screen) askWorker(change bool) {
	w := app.Worker{Language: p.h.Texts.Language()}
	title := p.h.Texts.T("window.staff.add")
	if change {
		r, ok := p.grid.Current()
		if !ok {
			return
		}
		w, title = r.row.Worker, p.h.Texts.T("window.staff.change", "Name", r.row.Worker.Name())
	}
	t := p.h.Texts
	f := p.h.NewForm()
	family := f.Text(t.T("window.staff.family"), w.FamilyName, "familyName")
	given := f.Text(t.T("window.staff.given"), w.GivenName, "givenName")
	number := f.Text(t.T("window.col.number"), w.StaffNumber, "staffNumber")
	ssin := f.Text(t.T("window.staff.ssinLabel"), "", "ssin")
	ssin.PlaceHolder = t.T("window.field.hint", "Example", "85.01.15-123.55")
	if w.SSIN != "" {
		ssin.PlaceHolder = t.T("window.staff.keep", "Number", w.SSIN.Masked())
	}
	limosa := f.Text(t.T("window.staff.limosaLabel"), "", "limosa")
	if w.Limosa != "" {
		limosa.PlaceHolder = t.T("window.staff.keep", "Number", w.Limosa.Masked())
	}
	limosaFrom := f.Date(t.T("window.staff.limosaFrom"), w.LimosaDays.From, "limosaFrom", "from")
	limosaTo := f.Date(t.T("window.staff.limosaTo"), w.LimosaDays.To, "limosaTo", "to")
	language := f.Choice(t.T("window.staff.paper"), kit.LanguageOptions(), string(w.Language), "language")
	why := f.Text(t.T("window.field.why"), "", "why")
	var saved app.Worker
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		n := w
		n.FamilyName, n.GivenName, n.StaffNumber = family.Text, given.Text, number.Text
		// An empty entry keeps the number: it is never shown here.
		if s := strings.TrimSpace(ssin.Text); s != "" {
			n.SSIN = app.Secret(s)
		}
		if s := strings.TrimSpace(limosa.Text); s != "" {
			n.Limosa = app.Secret(s)
		}
		n.LimosaDays = app.Days{From: kit.Must(limosaFrom.Date()), To: kit.Must(limosaTo.Date())}
		n.Language = app.Language(language.Value())
		reason := why.Text
		return func(ctx context.Context) error {
			var err error
			saved, err = p.desk.Staff.SaveWorker(ctx, n, reason)
			return err
		}
	}, func() {
		if change {
			return
		}
		p.search.SetText("")
		// A new person needs an engagement before any punch counts: go on to it.
		p.loadAnd(func() {
			if p.grid.Select(string(saved.ID)) {
				p.askEngagement(false)
			}
		})
	})
}

// askEnd ends a person: engagements and badges end with it, nothing is erased.
func (p *Screen) askEnd() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.staff.end.help", "Name", r.row.Worker.Name()))
	last := f.Date(t.T("window.staff.lastDay"), p.h.Today(), "to", "last", "day")
	needDate(f, "to", last.Date)
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.staff.end.title", "Name", r.row.Worker.Name()), t.T("window.end"), func() func(context.Context) error {
		day, reason := kit.Must(last.Date()), why.Text
		return func(ctx context.Context) error { return p.desk.Staff.EndWorker(ctx, r.row.Worker.ID, day, reason) }
	}, nil)
}

// needDate makes a date needed.
func needDate(f *kit.Form, name string, date func() (app.Date, error)) {
	f.Row(name).Check = func() error {
		d, err := date()
		if err == nil && d == 0 {
			return &app.FieldError{Field: "day", Code: "required", Example: f.Host.Texts.Date(f.Host.Today())}
		}
		return err
	}
}

// askEngagement ties the person at the cursor to an employer, or changes such a tie.
func (p *Screen) askEngagement(change bool) {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	e := app.Engagement{WorkerID: r.row.Worker.ID, Capacity: app.Employee, Days: app.Days{From: p.h.Today()}, Default: len(r.row.Engagements) == 0}
	t := p.h.Texts
	title := t.T("window.staff.engagement.add", "Name", r.row.Worker.Name())
	if change {
		row, ok := p.engagements.Current()
		if !ok {
			return
		}
		e, title = row.e, t.T("window.staff.engagement.change", "Name", r.row.Worker.Name())
	}
	employers := p.employerOptions(e.EmployerID)
	if len(employers) == 0 {
		p.askEmployer(app.Employer{Kind: app.OwnCompany}, func() { p.askEngagement(change) })
		return
	}
	f := p.h.NewForm()
	value := string(e.EmployerID)
	if value == "" && len(employers) == 1 {
		value = employers[0].Value
	}
	employer := f.Choice(t.T("window.col.employer"), employers, value, "employer")
	capacity := f.Choice(t.T("window.col.capacity"), capacityOptions(t), string(e.Capacity), "capacity")
	from := f.Date(t.T("window.staff.firstDay"), e.Days.From, "from")
	to := f.Date(t.T("window.staff.lastDayOpen"), e.Days.To, "to")
	weekly := f.Text(t.T("window.staff.weekly"), hoursText(t, e.WeeklyHours), "weeklyHours")
	weekly.PlaceHolder = t.T("window.field.hint", "Example", "38")
	f.Row("weeklyHours").Check = func() error {
		_, err := app.ParseWeeklyHours(weekly.Text)
		return err
	}
	rounding := f.Choice(t.T("window.staff.rounding"), roundingOptions(t), roundingValue(e.Rounding), "rounding")
	standard := f.Tick("", t.T("window.staff.default"), e.Default, "default")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		n := e
		n.EmployerID, n.Capacity = app.ID(employer.Value()), app.Capacity(capacity.Value())
		n.Days = app.Days{From: kit.Must(from.Date()), To: kit.Must(to.Date())}
		n.WeeklyHours, n.Rounding, n.Default = kit.Must(app.ParseWeeklyHours(weekly.Text)), parseRounding(rounding.Value()), standard.Checked
		reason := why.Text
		return func(ctx context.Context) error { _, err := p.desk.Staff.SaveEngagement(ctx, n, reason); return err }
	}, nil)
}

// hoursText writes 38, 19:30; "" for none.
func hoursText(t *text.Translator, w app.WeeklyHours) string {
	switch {
	case w == 0:
		return ""
	case w%60 == 0:
		return strconv.Itoa(int(w) / 60)
	}
	return t.Duration(time.Duration(w) * time.Minute)
}

func capacityOptions(t *text.Translator) []kit.Option {
	var os []kit.Option
	for _, c := range []app.Capacity{app.Employee, app.SelfEmployed, app.TemporaryWorker, app.Trainee} {
		os = append(os, kit.Option{Value: string(c), Text: wording.Capacity(t, c)})
	}
	return os
}

func roundingOptions(t *text.Translator) []kit.Option {
	os := []kit.Option{{Value: "", Text: t.T("window.staff.rounding.none")}}
	for _, minutes := range []string{"5", "15"} {
		for _, mode := range []app.RoundingMode{app.RoundNearest, app.RoundUp, app.RoundDown} {
			os = append(os, kit.Option{Value: minutes + " " + string(mode), Text: t.T("window.staff.rounding."+string(mode), "Minutes", minutes)})
		}
	}
	return os
}

func roundingValue(r app.Rounding) string {
	if r.Minutes == 0 {
		return ""
	}
	return strconv.Itoa(r.Minutes) + " " + string(r.Mode)
}

func parseRounding(v string) app.Rounding {
	minutes, mode, ok := strings.Cut(v, " ")
	n, err := strconv.Atoi(minutes)
	if !ok || err != nil {
		return app.Rounding{}
	}
	return app.Rounding{Minutes: n, Mode: app.RoundingMode(mode)}
}

func (p *Screen) employerOptions(current app.ID) []kit.Option {
	var os []kit.Option
	if p.names == nil {
		return nil
	}
	for _, e := range p.names.Employers {
		if e.Ended == 0 || e.ID == current {
			os = append(os, kit.Option{Value: string(e.ID), Text: e.Name})
		}
	}
	kit.SortOptions(os)
	return os
}

// askBadge hands a badge or a PIN to the person at the cursor.
func (p *Screen) askBadge() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	var engagements []kit.Option
	for _, e := range r.row.Engagements {
		engagements = append(engagements, kit.Option{Value: string(e.ID), Text: kit.EngagementName(t, p.names, e)})
	}
	f := p.h.NewForm()
	kind := f.Choice(t.T("window.staff.kind"), []kit.Option{{Value: string(app.Card), Text: t.T("window.staff.card")},
		{Value: string(app.PIN), Text: t.T("window.staff.pin")}}, string(app.Card), "kind")
	value := f.Text(t.T("window.staff.badgeNumber"), "", "badge", "card", "pin", "identifier", "value", "badgeDecimal")
	value.PlaceHolder = t.T("window.field.hint", "Example", "04A1B2C3D4")
	label := f.Text(t.T("window.staff.badgeLabel"), "", "label")
	group := f.Text(t.T("window.staff.pinGroup"), "", "pinGroup", "group")
	engagement := f.Choice(t.T("window.staff.engagement"), engagements, engagements[0].Value, "engagement")
	from := f.Moment(t.T("window.field.from"), p.h.Today().Start(p.h.Zone), p.h.Zone, true, "from")
	to := f.Moment(t.T("window.field.to.optional"), 0, p.h.Zone, true, "to")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Note(t.T("window.staff.give.help"))
	f.Show(t.T("window.staff.give.title", "Name", r.row.Worker.Name()), t.T("window.staff.give"), func() func(context.Context) error {
		g := acts.GiveBadge{
			Key:   app.IdentifierKey{Kind: app.IdentifierKind(kind.Value()), Value: value.Text},
			Label: label.Text, EngagementID: app.ID(engagement.Value()),
			Span: app.Span{From: kit.Must(from.Instant()), To: kit.Must(to.Instant())},
		}
		if g.Key.Kind == app.PIN {
			g.Key.Group = strings.TrimSpace(group.Text)
		}
		reason := why.Text
		return func(ctx context.Context) error { return p.desk.Staff.GiveBadge(ctx, g, reason) }
	}, nil)
}

func (p *Screen) askEndBadge() {
	r, ok := p.badges.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.staff.take.help", "Badge", r.badge))
	at := f.Moment(t.T("window.field.end"), p.h.Now(), p.h.Zone, true, "to", "at", "from")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.staff.take"), t.T("window.staff.take"), func() func(context.Context) error {
		end, reason := kit.Must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Staff.EndBadge(ctx, r.b.Custody.ID, end, reason) }
	}, nil)
}

// showEmployers lists employers, to add and change them.
func (p *Screen) showEmployers() {
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("window.staff.noEmployer"), func(r kit.EmployerRow) string { return r.Key }, []grid.Column[kit.EmployerRow]{
		{Key: "name", Title: t.T("window.col.name"), Width: 230, Text: func(r kit.EmployerRow) string { return r.Name }},
		{Key: "kind", Title: t.T("window.staff.kind"), Width: 130, Text: func(r kit.EmployerRow) string { return r.Kind }},
		{Key: "number", Title: t.T("window.staff.enterprise"), Width: 150, Text: func(r kit.EmployerRow) string { return r.Number }},
		{Key: "since", Title: t.T("window.ciao.since"), Width: 150, Text: func(r kit.EmployerRow) string { return r.Since }},
	})
	l := p.h.Asks(g)
	refresh := func() {
		kit.Load(l, nil, func(ctx context.Context) ([]kit.EmployerRow, error) {
			list, err := p.desk.Staff.Employers(ctx)
			return kit.EmployerRows(p.h, list), err
		}, g.SetRows)
	}
	add := p.h.Button(t.T("window.add"), theme.ContentAddIcon(), func() { p.askEmployer(app.Employer{Kind: app.OwnCompany}, refresh) })
	change := func() {
		if r, ok := g.Current(); ok {
			p.askEmployer(r.Employer, refresh)
		}
	}
	g.OnOpen = func(kit.EmployerRow) { change() }
	edit := p.h.Button(t.T("window.change"), theme.DocumentCreateIcon(), change)
	d := dialog.NewCustom(t.T("window.staff.employers"), t.T("window.close"),
		container.NewBorder(container.NewVBox(container.NewHBox(add, edit), l.Strip), nil, nil, nil, kit.Sized(720, 300, g)), p.h.Window)
	p.h.Show(d)
	refresh()
}

func (p *Screen) askEmployer(e app.Employer, done func()) {
	t := p.h.Texts
	title := t.T("window.staff.employer.add")
	if e.ID != "" {
		title = t.T("window.staff.employer.change", "Name", e.Name)
	}
	f := p.h.NewForm()
	name := f.Text(t.T("window.col.name"), e.Name, "employer", "employerName", "name")
	var kinds []kit.Option
	for _, k := range []app.EmployerKind{app.OwnCompany, app.Subcontractor, app.Agency} {
		kinds = append(kinds, kit.Option{Value: string(k), Text: wording.Employer(t, k)})
	}
	kind := f.Choice(t.T("window.staff.kind"), kinds, string(e.Kind), "kind")
	number := f.Text(t.T("window.staff.enterprise"), kit.DottedEnterprise(e.Enterprise), "enterpriseNumber", "enterprise")
	number.PlaceHolder = t.T("window.field.hint", "Example", "0123.456.749")
	vat := f.Text(t.T("window.staff.foreignVAT"), e.ForeignVAT, "foreignVat")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		n := e
		n.Name, n.Kind, n.Enterprise, n.ForeignVAT = name.Text, app.EmployerKind(kind.Value()), number.Text, vat.Text
		reason := why.Text
		return func(ctx context.Context) error {
			saved, err := p.desk.Staff.SaveEmployer(ctx, n, reason)
			if err == nil {
				p.h.Do(func() { p.remember(saved) })
			}
			return err
		}
	}, done)
}

// remember adds an employer to the names at once: the next form needs it
// before the screen has loaded again.
func (p *Screen) remember(e app.Employer) {
	if p.names == nil {
		return
	}
	n := *p.names
	n.Employers = map[app.ID]app.Employer{e.ID: e}
	for id, x := range p.names.Employers {
		if id != e.ID {
			n.Employers[id] = x
		}
	}
	p.names = &n
}
