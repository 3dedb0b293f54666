package cli

import (
	"cmp"
	"strconv"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// planJSON is the answer of plan show.
type planJSON struct {
	environmentJSON
	SiteID     app.ID              `json:"siteId"`
	Site       string              `json:"site"`
	Days       app.Days            `json:"days"`
	Shifts     []shiftJSON         `json:"shifts"`
	Lines      []planLineJSON      `json:"lines"`
	Exceptions []app.PlanException `json:"exceptions"`
	Absences   []absenceJSON       `json:"absences"`
}

type shiftJSON struct {
	app.Shift
	Worker string `json:"worker"`
	Site   string `json:"site"`
}

type planLineJSON struct {
	app.PlanLine
	WorkerID app.ID `json:"workerId"`
	Worker   string `json:"worker"`
}

type planShowCmd struct {
	Site string `arg:"" help:"place_site"`
	Week string `placeholder:"2026-11-23" help:"plan_week"`
}

// Run shows a week of a site's plan.
func (c *planShowCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		day, err := r.dayOr("--week", c.Week, r.today())
		if err != nil {
			return err
		}
		w, err := o.Plan.PlanWeek(r.ctx, site.Site.ID, day)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(planOf(o, w, names))
		}
		r.planTables(w, names)
		return nil
	})
}

func planOf(o *office.Office, w *acts.PlanWeek, names *derived.Names) planJSON {
	out := planJSON{environmentJSON: environmentOf(o), SiteID: w.SiteID, Site: names.Site(w.SiteID), Days: w.Days, Shifts: []shiftJSON{},
		Lines: []planLineJSON{}, Exceptions: list(w.Exceptions), Absences: []absenceJSON{}}
	for _, s := range w.Shifts {
		out.Shifts = append(out.Shifts, shiftJSON{s, names.Worker(s.WorkerID), names.Site(s.SiteID)})
	}
	for _, l := range w.Lines {
		worker := names.Engagements[l.EngagementID].WorkerID
		out.Lines = append(out.Lines, planLineJSON{l, worker, names.Worker(worker)})
	}
	for _, a := range w.Absences {
		out.Absences = append(out.Absences, absenceJSON{a, names.Worker(a.WorkerID)})
	}
	return out
}

func (r *run) planTables(w *acts.PlanWeek, names *derived.Names) {
	r.line(r.t("plan.of", "Site", names.Site(w.SiteID), "Date", r.say.Date(w.Days.From)))
	if len(w.Shifts) == 0 && len(w.Lines) == 0 {
		r.line(r.t("plan.none"))
		return
	}
	zone := names.Zone(w.SiteID)
	t := newTable(r.t("col.day"), r.t("col.hours"), r.t("col.worker"), r.t("col.remark"))
	for i := range w.Shifts {
		s := &w.Shifts[i]
		t.add(r.say.DayMonth(s.Day), s.Hours.String(), names.Worker(s.WorkerID), wording.Shift(r.say, names, s, w.WhyAway(s), zone))
	}
	r.table(t)
	r.line("")
	t = newTable(r.t("col.worker"), r.t("col.weekdays"), r.t("col.hours"), r.t("col.every"), r.t("col.days"), r.t("col.id")).numbers(3)
	for _, l := range w.Lines {
		t.add(
			names.WorkerOf(l.EngagementID),
			wording.Weekdays(r.say, l.Weekdays),
			l.Hours.String(),
			strconv.Itoa(l.EveryWeeks),
			r.say.Days(l.Days),
			string(l.ID),
		)
	}
	r.table(t)
	if len(w.Exceptions) == 0 {
		return
	}
	r.line("")
	t = newTable(r.t("col.what"), r.t("col.days"), r.t("col.hours"), r.t("col.id"))
	for _, x := range w.Exceptions {
		t.add(r.exceptionText(&x, names), r.say.Days(x.Days), x.Hours.String(), string(x.ID))
	}
	r.table(t)
}

func (r *run) exceptionText(x *app.PlanException, names *derived.Names) string {
	switch x.Kind {
	case app.ShiftReplaced:
		return r.say.T("shift.replaced", "Name", names.WorkerOf(x.StandIn))
	case app.ShiftHours:
		return r.say.T("shift.changed")
	}
	return r.say.T("shift.cancelled")
}

// dayOr returns the day that a flag says, or another where it is not given.
func (r *run) dayOr(flag, s string, otherwise app.Date) (app.Date, error) {
	d, err := parseDate(flag, s)
	return cmp.Or(d, otherwise), err
}

func parseHours(flag, s string) (app.Hours, error) {
	h, err := app.ParseHours(s)
	if err != nil {
		return h, wrong("hours", "Flag", flag, "Got", s)
	}
	return h, nil
}

func parseWeekdays(flag, s string) (app.Weekdays, error) {
	if s == "" {
		return 0, nil
	}
	w, err := app.ParseWeekdays(s)
	if err != nil {
		return 0, wrong("weekdays", "Flag", flag, "Got", s)
	}
	return w, nil
}
