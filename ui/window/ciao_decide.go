package window

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/wording"
)

// askDecideAll asks for one decision about all that waits for a person, or what
// of it is chosen by site, person, employer, days, state and reason.
func (p *ciaoPage) askDecideAll() {
	var asked *office.Asked
	var names *office.Names
	var employers []app.Employer
	p.h.act(func(ctx context.Context) (err error) {
		if asked, err = p.desk.AskedAbout(ctx, office.RegistrationChoice{}); err != nil {
			return err
		}
		if names, err = p.desk.Names(ctx); err != nil {
			return err
		}
		employers, err = p.desk.Employers(ctx)
		return err
	}, func() {
		if len(asked.Rows) == 0 {
			p.h.tell(p.h.t.T("window.ciao.decideAll"), p.h.t.T("cli.decide.none"))
			return
		}
		p.showDecideAll(&decideAll{p: p, asked: asked, names: names, employers: employers})
	})
}

// decideAll is the form for one decision about many.
type decideAll struct {
	p         *ciaoPage
	asked     *office.Asked
	names     *office.Names
	employers []app.Employer

	site, person, employer, state, reason, decision *choice
	from, to                                        *field.Date
	chosen                                          *widget.Label // how many, and since when
}

func (p *ciaoPage) showDecideAll(d *decideAll) {
	t := p.h.t
	f := p.h.newForm()
	f.note(wording.Asked(t, len(d.asked.Rows), d.asked.Oldest, d.asked.Why))
	d.site = d.filter(f, t.T("window.col.site"), func(g *app.Registration) (string, string) { return string(g.SiteID), d.names.Site(g.SiteID) })
	d.person = d.filter(f, t.T("window.col.person"), func(g *app.Registration) (string, string) { return string(g.WorkerID), d.names.Worker(g.WorkerID) })
	d.employer = d.filter(f, t.T("window.col.employer"), func(g *app.Registration) (string, string) {
		number := ciao.EmployerKey(g)
		return number, d.employerName(number)
	})
	d.reason = d.filter(f, t.T("window.ciao.decideAll.reason"), func(g *app.Registration) (string, string) {
		return string(g.ReleasedFrom), upper(wording.Held(t, g.ReleasedFrom))
	})
	d.state = d.filter(f, t.T("window.col.state"), func(g *app.Registration) (string, string) {
		if g.State == app.RegQueued {
			return string(g.State), t.T("window.ciao.decideAll.never")
		}
		return string(g.State), upper(wording.State(t, g.State))
	})
	d.from = f.date(t.T("window.field.from"), 0, "from")
	d.to = f.date(t.T("window.field.to.optional"), 0, "to")
	for _, day := range []*field.Date{d.from, d.to} {
		day.OnChanged = func(string) { d.count() }
	}
	d.decision = p.decisions(f)
	d.decision.OnChanged = func(string) { d.count() }
	d.chosen = wrapped("")
	why := f.text(t.T("window.field.reason"), "", "why", "reason")
	f.grid.Add(widget.NewLabel(""))
	f.grid.Add(d.chosen)
	d.count()
	var n int
	f.show(t.T("window.ciao.decideAll"), t.T("window.save"), func() func(context.Context) error {
		c, decision, reason := d.choice(), ciao.PersonDecision(d.decision.value()), why.Text
		return func(ctx context.Context) (err error) {
			n, err = p.desk.DecideAll(ctx, c, decision, reason)
			return err
		}
	}, func() { p.h.say(t.N("window.ciao.decideAll.done", n), widget.SuccessImportance) })
}

// filter adds a list of what the registrations are of; the first entry stands for all.
func (d *decideAll) filter(f *form, label string, of func(*app.Registration) (value, text string)) *choice {
	options := []option{{anything, d.p.h.t.T("window.ciao.decideAll.all")}}
	for i := range d.asked.Rows {
		value, text := of(&d.asked.Rows[i])
		if value != "" && !slices.ContainsFunc(options, func(o option) bool { return o.value == value }) {
			options = append(options, option{value, text})
		}
	}
	slices.SortFunc(options[1:], func(a, b option) int { return cmp.Compare(a.text, b.text) })
	c := f.choice(label, options, anything)
	c.OnChanged = func(string) { d.count() }
	return c
}

func (d *decideAll) employerName(number string) string {
	for _, e := range d.employers {
		if number != "" && (e.Enterprise == number || e.ForeignVAT == number) {
			return e.Name
		}
	}
	return number
}

func (d *decideAll) choice() office.RegistrationChoice {
	of := func(c *choice) string {
		if v := c.value(); v != anything {
			return v
		}
		return ""
	}
	from, _ := d.from.Date() // a wrong one is told by its own row
	to, _ := d.to.Date()
	return office.RegistrationChoice{
		SiteID: app.ID(of(d.site)), WorkerID: app.ID(of(d.person)), Employer: of(d.employer), Days: app.Days{From: from, To: to},
		Held: app.HeldReason(of(d.reason)), State: app.RegistrationState(of(d.state)),
	}
}

// count says how many are chosen, and since when.
func (d *decideAll) count() {
	if d.chosen == nil {
		return
	}
	t, zone := d.p.h.t, d.p.h.zone
	some := d.asked.Of(d.choice())
	if len(some.Rows) == 0 {
		d.chosen.SetText(t.T("cli.decide.none"))
		return
	}
	text := t.N("window.ciao.decideAll.chosen", len(some.Rows), "Oldest", t.Date(some.Oldest.DateIn(zone)), "Newest", t.Date(some.Newest.DateIn(zone)))
	if some.Single > 0 && ciao.PersonDecision(d.decision.value()) == ciao.DecideSend {
		text = lines(text, t.N("window.ciao.decideAll.single", some.Single))
	}
	d.chosen.SetText(text)
}

// decisions adds the list of what a person may decide.
func (p *ciaoPage) decisions(f *form) *choice {
	t := p.h.t
	var options []option
	for _, d := range []ciao.PersonDecision{ciao.DecideRegistered, ciao.DecideSend, ciao.DecideDrop} {
		options = append(options, option{string(d), t.T("window.ciao.decide." + string(d))})
	}
	decision := f.choice(t.T("window.ciao.decide"), options, "", "decision")
	f.row("decision").check = func() error {
		if decision.value() == "" {
			return &app.FieldError{Field: "decision", Code: "required", Example: options[0].text}
		}
		return nil
	}
	return decision
}
