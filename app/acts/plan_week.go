package acts

import (
	"context"
	"errors"
	"slices"

	"klokkast/app"
	"klokkast/app/plan"
)

// PlanWeek is the plan of a site in one week.
type PlanWeek struct {
	SiteID app.ID
	Days   app.Days // Monday to Sunday
	// Shifts that begin in the week, in whatever state, by start.
	Shifts []app.Shift
	// Lines that hold on a day of the week, by id; Exceptions of them and
	// Absences of the people in them that do, none of them withdrawn.
	Lines      []app.PlanLine
	Exceptions []app.PlanException
	Absences   []app.Absence
}

// WhyAway returns the kind of the absence that takes a shift, or a part of it, away; "" for none.
func (w *PlanWeek) WhyAway(s *app.Shift) app.AbsenceKind {
	for _, a := range w.Absences {
		if a.ID == s.Absence {
			return a.Kind
		}
	}
	return ""
}

// PlannedSites returns the sites that ever had a plan, by id.
func (o *Plan) PlannedSites(ctx context.Context) ([]app.ID, error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return nil, err
	}
	return plan.NewBook(f).Sites(), nil
}

// weekOf returns Monday to Sunday of a day's week.
func weekOf(d app.Date) app.Days { return app.Days{From: d.Monday(), To: d.Monday().AddDays(6)} }

// PlanWeek returns the plan of a site in the week of a day.
func (o *Plan) PlanWeek(ctx context.Context, site app.ID, day app.Date) (*PlanWeek, error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return nil, err
	}
	w := &PlanWeek{SiteID: site, Days: weekOf(day)}
	w.Shifts = plan.NewBook(f).Site(site, w.Days)
	lines := map[app.ID]bool{}
	for _, l := range f.Lines {
		if l.SiteID == site && l.Withdrawn == 0 && l.Days.Overlaps(w.Days) {
			w.Lines = append(w.Lines, l)
			lines[l.ID] = true
		}
	}
	for _, x := range f.Exceptions {
		if lines[x.LineID] && x.Withdrawn == 0 && x.Days.Overlaps(w.Days) {
			w.Exceptions = append(w.Exceptions, x)
		}
	}
	for _, a := range AbsencesIn(f.Absences, w.Days, "") {
		if slices.ContainsFunc(w.Shifts, func(s app.Shift) bool { return s.WorkerID == a.WorkerID }) {
			w.Absences = append(w.Absences, a)
		}
	}
	return w, nil
}

// CopiedWeek says what came of copying a week.
type CopiedWeek struct {
	Added   int // extra shifts made
	There   int // shifts that the week had already
	Clashes int // shifts left out: the person is expected elsewhere then, or not engaged any more
}

// CopyPlanWeek adds to one week what another one has: the shifts as they were
// planned, without absences and people who stood
// in. What the week has already, also by a line that goes on, stays as it is.
func (o *Plan) CopyPlanWeek(ctx context.Context, site app.ID, from, to app.Date, why string) (c CopiedWeek, err error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return c, err
	}
	if from.Monday() == to.Monday() {
		return c, &app.FieldError{Field: "to", Code: "plan.sameWeek", Example: to.AddDays(7).String()}
	}
	book, by := plan.NewBook(f), int(to.Monday()-from.Monday())
	has := book.Site(site, weekOf(to))
	var lines []app.PlanLine
	for _, s := range book.Site(site, weekOf(from)) {
		if s.For != "" || s.State == app.ShiftCalledOff {
			continue
		}
		day := s.Day.AddDays(by)
		if slices.ContainsFunc(has, func(h app.Shift) bool {
			return h.EngagementID == s.EngagementID && h.Day == day && (h.Hours == s.Hours || h.LineID == s.LineID)
		}) {
			c.There++
			continue
		}
		l := app.PlanLine{SiteID: site, EngagementID: s.EngagementID, Hours: s.Hours, Days: app.Days{From: day, To: day}}
		switch err := o.prepareLine(&f, &l); {
		case err == nil:
			lines = append(lines, l)
		case clashes(err):
			f.Lines = slices.DeleteFunc(f.Lines, func(x app.PlanLine) bool { return x.ID == l.ID && l.ID != "" })
			c.Clashes++
		default:
			return c, err
		}
	}
	c.Added = len(lines)
	if c.Added == 0 {
		return c, nil
	}
	return c, o.work.Done("copy the week", o.work.Store.ChangePlan(ctx, lines, nil, o.work.Act("plan.copy-week", "site:"+string(site), why)))
}

// clashes says that a shift cannot be planned, though nothing is wrong with it.
func clashes(err error) bool {
	var clash *ShiftClashError
	var field *app.FieldError
	return errors.As(err, &clash) || errors.As(err, &field)
}
