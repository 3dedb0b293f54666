package cli

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// shiftDays are the flags that choose the days of a line's shifts.
type shiftDays struct {
	From string `placeholder:"2026-11-23" help:"plan_first"`
	To   string `placeholder:"2026-11-27" help:"plan_last"`
}

// days returns the days; without a first one, today.
func (c *shiftDays) days(r *run) (d app.Days, err error) {
	if d.From, err = r.dayOr("--from", c.From, r.today()); err != nil {
		return d, err
	}
	d.To, err = r.dayOr("--to", c.To, d.From)
	return d, err
}

type planExceptCmd struct {
	Line string `arg:"" help:"plan_line"`
	shiftDays
	Cancel bool   `help:"plan_cancel"`
	Hours  string `placeholder:"07:00-11:00" help:"plan_hours"`
	Note   string `placeholder:"TEXT" help:"note"`
	reason
}

// Run cancels shifts of a line, or gives them other hours.
func (c *planExceptCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if c.Cancel == (c.Hours != "") {
			return wrong("oneOfTwo", "A", "--cancel", "B", "--hours")
		}
		x := app.PlanException{LineID: app.ID(c.Line), Kind: app.ShiftCancelled, Note: c.Note}
		var err error
		if x.Days, err = c.days(r); err != nil {
			return err
		}
		if !c.Cancel {
			x.Kind = app.ShiftHours
			if x.Hours, err = parseHours("--hours", c.Hours); err != nil {
				return err
			}
		}
		return r.except(o, x, c.Why)
	})
}

func (r *run) except(o *office.Office, x app.PlanException, why string) error {
	x, err := o.Plan.ExceptPlan(r.ctx, x, why)
	if err != nil {
		return err
	}
	return r.changed(o, r.t("plan.excepted", "Days", r.say.Days(x.Days)), "planException", string(x.ID))
}

type planReplaceCmd struct {
	Line string `arg:"" help:"plan_line"`
	shiftDays
	By   string `placeholder:"NAME" required:"" help:"plan_by"`
	Of   string `name:"employer" placeholder:"NAME" help:"of_employer"`
	Note string `placeholder:"TEXT" help:"note"`
	reason
}

// Run notes who stands in.
func (c *planReplaceCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		days, err := c.days(r)
		if err != nil {
			return err
		}
		_, e, err := (&engaged{Worker: c.By, Employer: c.Of}).find(r, o, days.From)
		if err != nil {
			return err
		}
		return r.except(o, app.PlanException{LineID: app.ID(c.Line), Kind: app.ShiftReplaced, StandIn: e.ID, Days: days, Note: c.Note}, c.Why)
	})
}

type planWithdrawCmd struct {
	Exception string `arg:"" help:"plan_exception"`
	reason
}

// Run takes an exception back.
func (c *planWithdrawCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Plan.WithdrawPlanException(r.ctx, app.ID(c.Exception), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("plan.withdrawn"), "planException", c.Exception)
	})
}

type planExpectedCmd struct {
	Site string `arg:"" help:"place_site"`
	At   string `placeholder:"\"2026-11-23 08:00\"" help:"at"`
}

// expectedJSON is the answer of plan expected.
type expectedJSON struct {
	environmentJSON
	SiteID   app.ID              `json:"siteId"`
	Site     string              `json:"site"`
	At       app.Instant         `json:"at"`
	Expected []expectedShiftJSON `json:"expected"`
}

type expectedShiftJSON struct {
	Shift shiftJSON             `json:"shift"`
	State derived.ExpectedState `json:"state"`
	Since app.Instant           `json:"since,omitzero"`
}

func expectedOf(list []derived.Expected, names *derived.Names) []expectedShiftJSON {
	out := []expectedShiftJSON{}
	for _, e := range list {
		out = append(out, expectedShiftJSON{shiftJSON{e.Shift, names.Worker(e.Shift.WorkerID), names.Site(e.Shift.SiteID)}, e.State, e.Since})
	}
	return out
}

// Run says who is expected at a site at a moment, and whether they are there.
func (c *planExpectedCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		zone := site.Site.Zone.Location()
		at, err := r.moment("--at", c.At, zone)
		if err != nil {
			return err
		}
		found, err := o.Derived.ExpectedAt(r.ctx, site.Site.ID, at)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(expectedJSON{environmentOf(o), site.Site.ID, site.Site.Name, at, expectedOf(found, names)})
		}
		r.line(site.Site.Name + ", " + r.say.DateTime(at, zone))
		if len(found) == 0 {
			r.line(r.t("plan.nobody"))
			return nil
		}
		r.expectedTable(r.t("col.worker"), expectedOf(found, names), names)
		return nil
	})
}

// expectedTable lists shifts with what became of them; title heads the people.
func (r *run) expectedTable(title string, list []expectedShiftJSON, names *derived.Names) {
	t := newTable(title, r.t("col.site"), r.t("col.hours"), r.t("col.state"), r.t("col.since"))
	for _, e := range list {
		since := ""
		if zone := names.Zone(e.Shift.SiteID); e.Since != 0 {
			since = r.since(e.Since, e.Shift.Day, zone)
		}
		t.add(e.Shift.Worker, e.Shift.Site, e.Shift.Hours.String(), wording.ExpectedState(r.say, e.State), since)
	}
	r.table(t)
}
