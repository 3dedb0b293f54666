package cli

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// absencesJSON is the answer of absence list.
type absencesJSON struct {
	environmentJSON
	Days     app.Days      `json:"days"`
	Absences []absenceJSON `json:"absences"`
}

type absenceJSON struct {
	app.Absence
	Worker string `json:"worker"`
}

type absenceListCmd struct {
	period
	Worker string `placeholder:"NAME" help:"worker"`
}

// Run lists absences; of this month where no days are chosen.
func (c *absenceListCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		days := r.orThisMonth(days)
		worker, err := r.workerNamed(o, c.Worker)
		if err != nil {
			return err
		}
		all, err := o.Plan.Absences(r.ctx, days, worker)
		if err != nil {
			return err
		}
		if r.json {
			out := absencesJSON{environmentOf(o), days, []absenceJSON{}}
			for _, a := range all {
				out.Absences = append(out.Absences, absenceJSON{a, names.Worker(a.WorkerID)})
			}
			return r.print(out)
		}
		if len(all) == 0 {
			r.line(r.t("absence.none"))
			return nil
		}
		t := newTable(r.t("col.worker"), r.t("col.days"), r.t("col.hours"), r.t("col.kind"), r.t("col.remark"), r.t("col.id"))
		for _, a := range all {
			t.add(names.Worker(a.WorkerID), r.say.Days(a.Days), a.Hours.String(), wording.Absence(r.say, a.Kind), a.Note, string(a.ID))
		}
		r.table(t)
		return nil
	})
}

type absenceAddCmd struct {
	Worker   string `placeholder:"NAME" required:"" help:"worker"`
	Employer string `placeholder:"NAME" help:"of_employer"`
	shiftDays
	Hours string `placeholder:"08:00-12:00" help:"absence_hours"`
	Kind  string `placeholder:"CODE" enum:"holiday,sick,accident,family,recovery,training,unemployed,unpaid,unjustified,other" required:"" help:"absence_kind"`
	Note  string `placeholder:"TEXT" help:"note"`
	reason
}

// Run notes that somebody is away.
func (c *absenceAddCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		w, err := r.worker(o, c.Worker)
		if err != nil {
			return err
		}
		a := app.Absence{WorkerID: w.Worker.ID, Kind: app.AbsenceKind(c.Kind), Note: c.Note}
		if a.Days, err = c.days(r); err != nil {
			return err
		}
		if a.Hours, err = parseHours("--hours", c.Hours); err != nil {
			return err
		}
		if c.Employer != "" {
			e, err := r.engagement(o, w, c.Employer, a.Days.From)
			if err != nil {
				return err
			}
			a.EngagementID = e.ID
		}
		if a, err = o.Plan.NoteAbsence(r.ctx, a, c.Why); err != nil {
			return err
		}
		return r.changed(
			o,
			r.t("absence.noted", "Worker", w.Worker.Name(), "Days", r.say.Days(a.Days), "Kind", wording.Absence(r.say, a.Kind)),
			"absence",
			string(a.ID),
		)
	})
}

type absenceWithdrawCmd struct {
	ID string `arg:"" help:"absence_id"`
	reason
}

// Run takes an absence back.
func (c *absenceWithdrawCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Plan.WithdrawAbsence(r.ctx, app.ID(c.ID), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("plan.withdrawn"), "absence", c.ID)
	})
}
