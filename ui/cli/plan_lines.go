package cli

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// planLineFlags are what a line is entered by; a flag that is not given changes nothing.
type planLineFlags struct {
	Weekdays string `placeholder:"mon-fri" help:"plan_weekdays"`
	Hours    string `placeholder:"06:00-10:00" help:"plan_hours"`
	Every    int    `name:"every-weeks" placeholder:"2" help:"plan_every"`
	From     string `placeholder:"2026-11-23" help:"plan_first"`
	To       string `placeholder:"2026-12-31" help:"plan_until"`
	reason
}

func (c *planLineFlags) apply(l *app.PlanLine) error {
	weekdays, err := parseWeekdays("--weekdays", c.Weekdays)
	if err != nil {
		return err
	}
	hours, err := parseHours("--hours", c.Hours)
	if err != nil {
		return err
	}
	to, err := parseDate("--to", c.To)
	if err != nil {
		return err
	}
	if weekdays != 0 {
		l.Weekdays = weekdays
	}
	if !hours.IsZero() {
		l.Hours = hours
	}
	if c.Every != 0 {
		l.EveryWeeks = c.Every
	}
	if to != 0 {
		l.Days.To = to
	}
	return nil
}

type planAddCmd struct {
	Site string `arg:"" help:"place_site"`
	engaged
	On string `placeholder:"2026-11-28" help:"plan_on"`
	planLineFlags
}

// Run adds a line to a site's plan.
func (c *planAddCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if c.On != "" && (c.From != "" || c.To != "" || c.Weekdays != "") {
			return wrong("together", "A", "--on", "B", "--from/--to/--weekdays")
		}
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		l := app.PlanLine{SiteID: site.Site.ID}
		if err := c.apply(&l); err != nil {
			return err
		}
		if l.Days.From, err = r.dayOr("--from", c.From, r.today()); err != nil {
			return err
		}
		if c.On != "" {
			day, err := parseDate("--on", c.On)
			if err != nil {
				return err
			}
			l.Days = app.Days{From: day, To: day}
		}
		w, e, err := c.find(r, o, l.Days.From)
		if err != nil {
			return err
		}
		l.EngagementID = e.ID
		if l, err = o.Plan.AddPlanLine(r.ctx, l, c.Why); err != nil {
			return err
		}
		return r.planned(o, w.Worker.Name(), site.Site.Name, l)
	})
}

func (r *run) planned(o *office.Office, worker, site string, l app.PlanLine) error {
	when := wording.Weekdays(r.say, l.Weekdays)
	if l.OneDay() {
		when = r.say.Date(l.Days.From)
	}
	return r.changed(o, r.t("plan.added", "Worker", worker, "Site", site, "When", when, "Hours", l.Hours.String()), "planLine", string(l.ID))
}

type planChangeCmd struct {
	Line string `arg:"" help:"plan_line"`
	By   string `name:"worker" placeholder:"NAME" help:"worker"`
	Of   string `name:"employer" placeholder:"NAME" help:"of_employer"`
	planLineFlags
}

// Run lets a line hold otherwise from a day on.
func (c *planChangeCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		l, err := o.Plan.PlanLine(r.ctx, app.ID(c.Line))
		if err != nil {
			return err
		}
		if err := c.apply(&l); err != nil {
			return err
		}
		from, err := r.dayOr("--from", c.From, r.today())
		if err != nil {
			return err
		}
		if c.By != "" {
			_, e, err := (&engaged{Worker: c.By, Employer: c.Of}).find(r, o, from)
			if err != nil {
				return err
			}
			l.EngagementID = e.ID
		}
		changed, err := o.Plan.ChangePlanLine(r.ctx, app.ID(c.Line), from, l, c.Why)
		if err != nil {
			return err
		}
		return r.planned(o, names.WorkerOf(changed.EngagementID), names.Site(changed.SiteID), changed)
	})
}

type planEndCmd struct {
	Line string `arg:"" help:"plan_line"`
	Last string `placeholder:"2026-11-30" help:"plan_end_last"`
	reason
}

// Run ends a line after a last day.
func (c *planEndCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		last, err := r.dayOr("--last", c.Last, r.today())
		if err != nil {
			return err
		}
		if err := o.Plan.EndPlanLine(r.ctx, app.ID(c.Line), last, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("plan.ended", "Date", r.say.Date(last)), "planLine", c.Line)
	})
}

type planCopyWeekCmd struct {
	Site string `arg:"" help:"place_site"`
	Week string `placeholder:"2026-11-23" help:"plan_week"`
	To   string `placeholder:"2026-11-30" help:"plan_to_week"`
	reason
}

// copiedJSON is the answer of plan copy-week.
type copiedJSON struct {
	environmentJSON
	Added   int `json:"added"`
	There   int `json:"there"`
	Clashes int `json:"clashes"`
}

// Run copies the shifts of one week to another.
func (c *planCopyWeekCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		from, err := r.dayOr("--week", c.Week, r.today())
		if err != nil {
			return err
		}
		to, err := r.dayOr("--to", c.To, from.AddDays(7))
		if err != nil {
			return err
		}
		done, err := o.Plan.CopyPlanWeek(r.ctx, site.Site.ID, from, to, c.Why)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(copiedJSON{environmentOf(o), done.Added, done.There, done.Clashes})
		}
		r.line(r.t("plan.copied", "Added", r.say.Number(done.Added), "There", r.say.Number(done.There), "Clashes", r.say.Number(done.Clashes)))
		return nil
	})
}
