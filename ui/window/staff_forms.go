package window

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/text"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// askWorker adds a person, or changes the one at the cursor.
func (p *staffPage) askWorker(change bool) {
	w := app.Worker{Language: p.h.t.Language()}
	title := p.h.t.T("window.staff.add")
	if change {
		r, ok := p.grid.Current()
		if !ok {
			return
		}
		w, title = r.row.Worker, p.h.t.T("window.staff.change", "Name", r.row.Worker.Name())
	}
	t := p.h.t
	f := p.h.newForm()
	family := f.text(t.T("window.staff.family"), w.FamilyName, "familyName")
	given := f.text(t.T("window.staff.given"), w.GivenName, "givenName")
	number := f.text(t.T("window.col.number"), w.StaffNumber, "staffNumber")
	ssin := f.text(t.T("window.staff.ssinLabel"), "", "ssin")
	ssin.PlaceHolder = t.T("window.field.hint", "Example", "85.01.15-123.55")
	if w.SSIN != "" {
		ssin.PlaceHolder = t.T("window.staff.keep", "Number", w.SSIN.Masked())
	}
	limosa := f.text(t.T("window.staff.limosaLabel"), "", "limosa")
	if w.Limosa != "" {
		limosa.PlaceHolder = t.T("window.staff.keep", "Number", w.Limosa.Masked())
	}
	limosaFrom := f.date(t.T("window.staff.limosaFrom"), w.LimosaDays.From, "limosaFrom", "from")
	limosaTo := f.date(t.T("window.staff.limosaTo"), w.LimosaDays.To, "limosaTo", "to")
	language := f.choice(t.T("window.staff.paper"), languageOptions(), string(w.Language), "language")
	why := f.text(t.T("window.field.why"), "", "why")
	var saved app.Worker
	f.show(title, t.T("window.save"), func() func(context.Context) error {
		n := w
		n.FamilyName, n.GivenName, n.StaffNumber = family.Text, given.Text, number.Text
		// An empty entry keeps the number: it is never shown here.
		if s := strings.TrimSpace(ssin.Text); s != "" {
			n.SSIN = app.Secret(s)
		}
		if s := strings.TrimSpace(limosa.Text); s != "" {
			n.Limosa = app.Secret(s)
		}
		n.LimosaDays = app.Days{From: must(limosaFrom.Date()), To: must(limosaTo.Date())}
		n.Language = app.Language(language.value())
		reason := why.Text
		return func(ctx context.Context) error {
			var err error
			saved, err = p.desk.SaveWorker(ctx, n, reason)
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

func languageOptions() []option {
	var os []option
	for _, l := range app.Languages {
		os = append(os, option{string(l), wording.Language(l)})
	}
	return os
}

// askEnd ends a person: engagements and badges end with it, nothing is erased.
func (p *staffPage) askEnd() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.staff.end.help", "Name", r.row.Worker.Name()))
	last := f.date(t.T("window.staff.lastDay"), p.h.today(), "to", "last", "day")
	needDate(f, "to", last.Date)
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.staff.end.title", "Name", r.row.Worker.Name()), t.T("window.end"), func() func(context.Context) error {
		day, reason := must(last.Date()), why.Text
		return func(ctx context.Context) error { return p.desk.EndWorker(ctx, r.row.Worker.ID, day, reason) }
	}, nil)
}

// needDate makes a date needed.
func needDate(f *form, name string, date func() (app.Date, error)) {
	f.row(name).check = func() error {
		d, err := date()
		if err == nil && d == 0 {
			return &app.FieldError{Field: "day", Code: "required", Example: f.h.t.Date(f.h.today())}
		}
		return err
	}
}

// askEngagement ties the person at the cursor to an employer, or changes such a tie.
func (p *staffPage) askEngagement(change bool) {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	e := app.Engagement{WorkerID: r.row.Worker.ID, Capacity: app.Employee, Days: app.Days{From: p.h.today()}, Default: len(r.row.Engagements) == 0}
	t := p.h.t
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
	f := p.h.newForm()
	value := string(e.EmployerID)
	if value == "" && len(employers) == 1 {
		value = employers[0].value
	}
	employer := f.choice(t.T("window.col.employer"), employers, value, "employer")
	capacity := f.choice(t.T("window.col.capacity"), capacityOptions(t), string(e.Capacity), "capacity")
	from := f.date(t.T("window.staff.firstDay"), e.Days.From, "from")
	to := f.date(t.T("window.staff.lastDayOpen"), e.Days.To, "to")
	weekly := f.text(t.T("window.staff.weekly"), hoursText(t, e.WeeklyHours), "weeklyHours")
	weekly.PlaceHolder = t.T("window.field.hint", "Example", "38")
	f.row("weeklyHours").check = func() error {
		_, err := app.ParseWeeklyHours(weekly.Text)
		return err
	}
	rounding := f.choice(t.T("window.staff.rounding"), roundingOptions(t), roundingValue(e.Rounding), "rounding")
	standard := f.tick("", t.T("window.staff.default"), e.Default, "default")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(title, t.T("window.save"), func() func(context.Context) error {
		n := e
		n.EmployerID, n.Capacity = app.ID(employer.value()), app.Capacity(capacity.value())
		n.Days = app.Days{From: must(from.Date()), To: must(to.Date())}
		n.WeeklyHours, n.Rounding, n.Default = must(app.ParseWeeklyHours(weekly.Text)), parseRounding(rounding.value()), standard.Checked
		reason := why.Text
		return func(ctx context.Context) error { _, err := p.desk.SaveEngagement(ctx, n, reason); return err }
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

func capacityOptions(t *text.Translator) []option {
	var os []option
	for _, c := range []app.Capacity{app.Employee, app.SelfEmployed, app.TemporaryWorker, app.Trainee} {
		os = append(os, option{string(c), wording.Capacity(t, c)})
	}
	return os
}

func roundingOptions(t *text.Translator) []option {
	os := []option{{"", t.T("window.staff.rounding.none")}}
	for _, minutes := range []string{"5", "15"} {
		for _, mode := range []app.RoundingMode{app.RoundNearest, app.RoundUp, app.RoundDown} {
			os = append(os, option{minutes + " " + string(mode), t.T("window.staff.rounding."+string(mode), "Minutes", minutes)})
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

func (p *staffPage) employerOptions(current app.ID) []option {
	var os []option
	if p.names == nil {
		return nil
	}
	for _, e := range p.names.Employers {
		if e.Ended == 0 || e.ID == current {
			os = append(os, option{string(e.ID), e.Name})
		}
	}
	sortOptions(os)
	return os
}

// askBadge hands a badge or a PIN to the person at the cursor.
func (p *staffPage) askBadge() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.t
	var engagements []option
	for _, e := range r.row.Engagements {
		engagements = append(engagements, option{string(e.ID), engagementName(t, p.names, e)})
	}
	f := p.h.newForm()
	kind := f.choice(t.T("window.staff.kind"), []option{{string(app.Card), t.T("window.staff.card")}, {string(app.PIN), t.T("window.staff.pin")}}, string(app.Card), "kind")
	value := f.text(t.T("window.staff.badgeNumber"), "", "badge", "card", "pin", "identifier", "value", "badgeDecimal")
	value.PlaceHolder = t.T("window.field.hint", "Example", "04A1B2C3D4")
	label := f.text(t.T("window.staff.badgeLabel"), "", "label")
	group := f.text(t.T("window.staff.pinGroup"), "", "pinGroup", "group")
	engagement := f.choice(t.T("window.staff.engagement"), engagements, engagements[0].value, "engagement")
	from := f.moment(t.T("window.field.from"), p.h.today().Start(p.h.zone), p.h.zone, true, "from")
	to := f.moment(t.T("window.field.to.optional"), 0, p.h.zone, true, "to")
	why := f.text(t.T("window.field.why"), "", "why")
	f.note(t.T("window.staff.give.help"))
	f.show(t.T("window.staff.give.title", "Name", r.row.Worker.Name()), t.T("window.staff.give"), func() func(context.Context) error {
		g := office.GiveBadge{
			Key:   app.IdentifierKey{Kind: app.IdentifierKind(kind.value()), Value: value.Text},
			Label: label.Text, EngagementID: app.ID(engagement.value()),
			Span: app.Span{From: must(from.Instant()), To: must(to.Instant())},
		}
		if g.Key.Kind == app.PIN {
			g.Key.Group = strings.TrimSpace(group.Text)
		}
		reason := why.Text
		return func(ctx context.Context) error { return p.desk.GiveBadge(ctx, g, reason) }
	}, nil)
}

func (p *staffPage) askEndBadge() {
	r, ok := p.badges.Current()
	if !ok {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.staff.take.help", "Badge", r.badge))
	at := f.moment(t.T("window.field.end"), p.h.now(), p.h.zone, true, "to", "at", "from")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.staff.take"), t.T("window.staff.take"), func() func(context.Context) error {
		end, reason := must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.EndBadge(ctx, r.b.Custody.ID, end, reason) }
	}, nil)
}

type employerRow struct {
	key, name, kind, number, since string
	e                              app.Employer
}

// showEmployers lists employers, to add and change them.
func (p *staffPage) showEmployers() {
	t := p.h.t
	g := newGrid(p.h, t.T("window.staff.noEmployer"), func(r employerRow) string { return r.key }, []grid.Column[employerRow]{
		{Key: "name", Title: t.T("window.col.name"), Width: 230, Text: func(r employerRow) string { return r.name }},
		{Key: "kind", Title: t.T("window.staff.kind"), Width: 130, Text: func(r employerRow) string { return r.kind }},
		{Key: "number", Title: t.T("window.staff.enterprise"), Width: 150, Text: func(r employerRow) string { return r.number }},
		{Key: "since", Title: t.T("window.ciao.since"), Width: 150, Text: func(r employerRow) string { return r.since }},
	})
	l := p.h.asks(g)
	refresh := func() {
		load(l, nil, func(ctx context.Context) ([]employerRow, error) {
			list, err := p.desk.Employers(ctx)
			return employerRows(p.h, list), err
		}, g.SetRows)
	}
	add := p.h.button(t.T("window.add"), theme.ContentAddIcon(), func() { p.askEmployer(app.Employer{Kind: app.OwnCompany}, refresh) })
	change := func() {
		if r, ok := g.Current(); ok {
			p.askEmployer(r.e, refresh)
		}
	}
	g.OnOpen = func(employerRow) { change() }
	edit := p.h.button(t.T("window.change"), theme.DocumentCreateIcon(), change)
	d := dialog.NewCustom(t.T("window.staff.employers"), t.T("window.close"), container.NewBorder(container.NewVBox(container.NewHBox(add, edit), l.strip), nil, nil, nil, sized(720, 300, g)), p.h.win)
	p.h.show(d)
	refresh()
}

func employerRows(h *host, list []app.Employer) []employerRow {
	var rows []employerRow
	for _, e := range list {
		r := employerRow{key: string(e.ID), name: e.Name, kind: wording.Employer(h.t, e.Kind), number: dottedEnterprise(e.Enterprise), e: e, since: h.t.T("window.ciao.notYet")}
		if e.Enterprise == "" {
			r.number = e.ForeignVAT
		}
		if e.RegistersSince != 0 {
			r.since = h.t.DateTime(e.RegistersSince, h.zone)
		}
		rows = append(rows, r)
	}
	return rows
}

// dottedEnterprise writes an enterprise number as people do: 0123.456.749.
func dottedEnterprise(n string) string {
	if len(n) != 10 {
		return n
	}
	return n[:4] + "." + n[4:7] + "." + n[7:]
}

func (p *staffPage) askEmployer(e app.Employer, done func()) {
	t := p.h.t
	title := t.T("window.staff.employer.add")
	if e.ID != "" {
		title = t.T("window.staff.employer.change", "Name", e.Name)
	}
	f := p.h.newForm()
	name := f.text(t.T("window.col.name"), e.Name, "employer", "employerName", "name")
	var kinds []option
	for _, k := range []app.EmployerKind{app.OwnCompany, app.Subcontractor, app.Agency} {
		kinds = append(kinds, option{string(k), wording.Employer(t, k)})
	}
	kind := f.choice(t.T("window.staff.kind"), kinds, string(e.Kind), "kind")
	number := f.text(t.T("window.staff.enterprise"), dottedEnterprise(e.Enterprise), "enterpriseNumber", "enterprise")
	number.PlaceHolder = t.T("window.field.hint", "Example", "0123.456.749")
	vat := f.text(t.T("window.staff.foreignVAT"), e.ForeignVAT, "foreignVat")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(title, t.T("window.save"), func() func(context.Context) error {
		n := e
		n.Name, n.Kind, n.Enterprise, n.ForeignVAT = name.Text, app.EmployerKind(kind.value()), number.Text, vat.Text
		reason := why.Text
		return func(ctx context.Context) error {
			saved, err := p.desk.SaveEmployer(ctx, n, reason)
			if err == nil {
				p.h.do(func() { p.remember(saved) })
			}
			return err
		}
	}, done)
}

// remember adds an employer to the names at once: the next form needs it
// before the screen has loaded again.
func (p *staffPage) remember(e app.Employer) {
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
