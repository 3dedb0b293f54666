package register

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/sending"
	"klokkast/ui/window/field"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// askDecideAll asks for one decision about all that waits for a person, or what
// of it is chosen by site, person, employer, days, state and reason.
func (p *Screen) askDecideAll() {
	var asked *sending.Asked
	var names *derived.Names
	var employers []app.Employer
	p.h.Act(func(ctx context.Context) (err error) {
		if asked, err = p.desk.Register.AskedAbout(ctx, sending.RegistrationChoice{}); err != nil {
			return err
		}
		if names, err = p.desk.Derived.Names(ctx); err != nil {
			return err
		}
		employers, err = p.desk.Staff.Employers(ctx)
		return err
	}, func() {
		if len(asked.Rows) == 0 {
			p.h.Tell(p.h.Texts.T("window.ciao.decideAll"), p.h.Texts.T("cli.decide.none"))
			return
		}
		p.showDecideAll(&decideAll{p: p, asked: asked, names: names, employers: employers})
	})
}

// decideAll is the form for one decision about many.
type decideAll struct {
	p         *Screen
	asked     *sending.Asked
	names     *derived.Names
	employers []app.Employer

	site, person, employer, state, reason, decision *kit.Choice
	from, to                                        *field.Date
	chosen                                          *widget.Label // how many, and since when
}

func (p *Screen) showDecideAll(d *decideAll) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(wording.Asked(t, len(d.asked.Rows), d.asked.Oldest, d.asked.Why))
	d.site = d.filter(f, t.T("window.col.site"), func(g *app.Registration) (string, string) { return string(g.SiteID), d.names.Site(g.SiteID) })
	d.person = d.filter(f, t.T("window.col.person"), func(g *app.Registration) (string, string) { return string(g.WorkerID), d.names.Worker(g.WorkerID) })
	d.employer = d.filter(f, t.T("window.col.employer"), func(g *app.Registration) (string, string) {
		number := ciao.EmployerKey(g)
		return number, d.employerName(number)
	})
	d.reason = d.filter(f, t.T("window.ciao.decideAll.reason"), func(g *app.Registration) (string, string) {
		return string(g.ReleasedFrom), kit.Upper(wording.Held(t, g.ReleasedFrom))
	})
	d.state = d.filter(f, t.T("window.col.state"), func(g *app.Registration) (string, string) {
		if g.State == app.RegQueued {
			return string(g.State), t.T("window.ciao.decideAll.never")
		}
		return string(g.State), kit.Upper(wording.State(t, g.State))
	})
	d.from = f.Date(t.T("window.field.from"), 0, "from")
	d.to = f.Date(t.T("window.field.to.optional"), 0, "to")
	for _, day := range []*field.Date{d.from, d.to} {
		day.OnChanged = func(string) { d.count() }
	}
	d.decision = p.decisions(f)
	d.decision.OnChanged = func(string) { d.count() }
	d.chosen = kit.Wrapped("")
	why := f.Text(t.T("window.field.reason"), "", "why", "reason")
	f.Grid.Add(widget.NewLabel(""))
	f.Grid.Add(d.chosen)
	d.count()
	var n int
	f.Show(t.T("window.ciao.decideAll"), t.T("window.save"), func() func(context.Context) error {
		c, decision, reason := d.choice(), ciao.PersonDecision(d.decision.Value()), why.Text
		return func(ctx context.Context) (err error) {
			n, err = p.desk.Register.DecideAll(ctx, c, decision, reason)
			return err
		}
	}, func() { p.h.Say(t.N("window.ciao.decideAll.done", n), widget.SuccessImportance) })
}

// filter adds a list of what the registrations are of; the first entry stands for all.
func (d *decideAll) filter(f *kit.Form, label string, of func(*app.Registration) (value, text string)) *kit.Choice {
	options := []kit.Option{{Value: kit.Anything, Text: d.p.h.Texts.T("window.ciao.decideAll.all")}}
	for i := range d.asked.Rows {
		value, text := of(&d.asked.Rows[i])
		if value != "" && !slices.ContainsFunc(options, func(o kit.Option) bool { return o.Value == value }) {
			options = append(options, kit.Option{Value: value, Text: text})
		}
	}
	slices.SortFunc(options[1:], func(a, b kit.Option) int { return cmp.Compare(a.Text, b.Text) })
	c := f.Choice(label, options, kit.Anything)
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

func (d *decideAll) choice() sending.RegistrationChoice {
	of := func(c *kit.Choice) string {
		if v := c.Value(); v != kit.Anything {
			return v
		}
		return ""
	}
	from, _ := d.from.Date() // a wrong one is told by its own row
	to, _ := d.to.Date()
	return sending.RegistrationChoice{
		SiteID: app.ID(of(d.site)), WorkerID: app.ID(of(d.person)), Employer: of(d.employer), Days: app.Days{From: from, To: to},
		Held: app.HeldReason(of(d.reason)), State: app.RegistrationState(of(d.state)),
	}
}

// count says how many are chosen, and since when.
func (d *decideAll) count() {
	if d.chosen == nil {
		return
	}
	t, zone := d.p.h.Texts, d.p.h.Zone
	some := d.asked.Of(d.choice())
	if len(some.Rows) == 0 {
		d.chosen.SetText(t.T("cli.decide.none"))
		return
	}
	text := t.N("window.ciao.decideAll.chosen", len(some.Rows), "Oldest", t.Date(some.Oldest.DateIn(zone)), "Newest", t.Date(some.Newest.DateIn(zone)))
	if some.Single > 0 && ciao.PersonDecision(d.decision.Value()) == ciao.DecideSend {
		text = kit.Lines(text, t.N("window.ciao.decideAll.single", some.Single))
	}
	d.chosen.SetText(text)
}

// decisions adds the list of what a person may decide.
func (p *Screen) decisions(f *kit.Form) *kit.Choice {
	t := p.h.Texts
	var options []kit.Option
	for _, d := range []ciao.PersonDecision{ciao.DecideRegistered, ciao.DecideSend, ciao.DecideDrop} {
		options = append(options, kit.Option{Value: string(d), Text: t.T("window.ciao.decide." + string(d))})
	}
	decision := f.Choice(t.T("window.ciao.decide"), options, "", "decision")
	f.Row("decision").Check = func() error {
		if decision.Value() == "" {
			return &app.FieldError{Field: "decision", Code: "required", Example: options[0].Text}
		}
		return nil
	}
	return decision
}
