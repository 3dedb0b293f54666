package acts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/plan"
	"klokkast/app/workspace"
)

// longestRhythm is the most weeks between two shifts of a line.
const longestRhythm = 52

// Plan is who should work where and when, and who is absent.
type Plan struct {
	work  *workspace.Workspace
	staff *Staff
}

// NewPlan puts it together.
func NewPlan(work *workspace.Workspace, staff *Staff) *Plan {
	return &Plan{work: work, staff: staff}
}

// AddPlanLine checks and enters a line of a site's plan; it has no id yet. A
// line of one day is an extra shift, whatever weekdays it names.
func (o *Plan) AddPlanLine(ctx context.Context, l app.PlanLine, why string) (app.PlanLine, error) {
	f, err := o.planFacts(ctx)
	if err == nil {
		err = o.prepareLine(&f, &l)
	}
	if err != nil {
		return l, err
	}
	return l, o.work.Done("add to the plan", o.work.Store.ChangePlan(ctx, []app.PlanLine{l}, nil, o.work.Act("plan.add", "site:"+string(l.SiteID), why)))
}

// ChangePlanLine lets a line hold otherwise from a day on: the line as it was
// ends the day before, and another goes on with its exceptions.
func (o *Plan) ChangePlanLine(ctx context.Context, id app.ID, from app.Date, to app.PlanLine, why string) (app.PlanLine, error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return to, err
	}
	i := lineIndex(f, id)
	if i < 0 {
		return to, app.NotFound("planLine", string(id))
	}
	old := &f.Lines[i]
	from = max(from, old.Days.From)
	if old.Days.To != 0 && from > old.Days.To {
		return to, &app.FieldError{Field: "from", Code: "plan.ended", Example: old.Days.To.String()}
	}
	to.ID, to.SiteID = "", old.SiteID
	to.Days = app.Days{From: from, To: to.Days.To}
	if to.EveryWeeks == old.EveryWeeks { // the rhythm goes on as it was
		to.Days.From = inRhythm(old, from)
	}
	o.endLine(old, from.AddDays(-1))
	if err := o.prepareLine(&f, &to); err != nil {
		return to, err
	}
	exceptions, err := o.carryOver(f.Exceptions, id, &to)
	if err != nil {
		return to, err
	}
	return to, o.work.Done(
		"change the plan",
		o.work.Store.ChangePlan(ctx, []app.PlanLine{*old, to}, exceptions, o.work.Act("plan.change", "site:"+string(to.SiteID), why)),
	)
}

// inRhythm returns the first day from from on of a week in which the line has shifts.
func inRhythm(l *app.PlanLine, from app.Date) app.Date {
	every := max(l.EveryWeeks, 1)
	if off := int(from.Monday()-l.Days.From.Monday()) / 7 % every; off != 0 {
		return from.Monday().AddDays(7 * (every - off))
	}
	return from
}

// carryOver copies what was noted of coming days to the line that goes on.
func (o *Plan) carryOver(all []app.PlanException, from app.ID, to *app.PlanLine) (list []app.PlanException, err error) {
	for _, x := range all {
		if x.LineID != from || x.Withdrawn != 0 || x.Days.To < to.Days.From || (to.Days.To != 0 && x.Days.From > to.Days.To) {
			continue
		}
		x.ID, x.LineID, x.Days.From = "", to.ID, max(x.Days.From, to.Days.From)
		if err := EnsureID(&x.ID); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

// EndPlanLine ends a line with a last day; one that would end before it begins
// is withdrawn: it never held.
func (o *Plan) EndPlanLine(ctx context.Context, id app.ID, last app.Date, why string) error {
	f, err := o.planFacts(ctx)
	if err != nil {
		return err
	}
	i := lineIndex(f, id)
	if i < 0 {
		return app.NotFound("planLine", string(id))
	}
	l := &f.Lines[i]
	if l.Days.To != 0 && last >= l.Days.To {
		return &app.FieldError{Field: "to", Code: "plan.ended", Example: l.Days.To.String()}
	}
	o.endLine(l, last)
	return o.work.Done("end the line", o.work.Store.ChangePlan(ctx, []app.PlanLine{*l}, nil, o.work.Act("plan.end", "site:"+string(l.SiteID), why)))
}

func (o *Plan) endLine(l *app.PlanLine, last app.Date) {
	if last < l.Days.From {
		l.Withdrawn = o.work.Now()
		return
	}
	l.Days.To = last
}

// planFacts reads what a plan is made from.
func (o *Plan) planFacts(ctx context.Context) (f plan.Facts, err error) {
	err = cmp.Or(
		derived.Load(ctx, &f.Lines, o.work.Store.PlanLines),
		derived.Load(ctx, &f.Exceptions, o.work.Store.PlanExceptions),
		derived.Load(ctx, &f.Absences, o.work.Store.Absences),
		derived.Load(ctx, &f.Engagements, o.work.Store.Engagements),
		derived.Load(ctx, &f.Sites, o.work.Store.Sites),
	)
	if err != nil {
		err = fmt.Errorf("read the plan: %w", err)
	}
	return f, err
}

// PlanLine returns a line that was not withdrawn.
func (o *Plan) PlanLine(ctx context.Context, id app.ID) (app.PlanLine, error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return app.PlanLine{}, err
	}
	i := lineIndex(f, id)
	if i < 0 {
		return app.PlanLine{}, app.NotFound("planLine", string(id))
	}
	return f.Lines[i], nil
}

// lineIndex finds a line that was not withdrawn; -1 if there is none.
func lineIndex(f plan.Facts, id app.ID) int {
	return slices.IndexFunc(f.Lines, func(l app.PlanLine) bool { return l.ID == id && l.Withdrawn == 0 })
}

// prepareLine completes a new line, checks it, and adds it to the facts.
func (o *Plan) prepareLine(f *plan.Facts, l *app.PlanLine) error {
	l.EveryWeeks = max(l.EveryWeeks, 1)
	if l.OneDay() && l.Days.From != 0 {
		l.Weekdays = app.WeekdaysOf(l.Days.From.Weekday())
	}
	if err := checkPlanLine(f, l); err != nil {
		return err
	}
	if err := EnsureID(&l.ID); err != nil {
		return err
	}
	l.By, l.At, l.Withdrawn = o.work.Actor(), o.work.Now(), 0
	f.Lines = append(f.Lines, *l)
	return refuseClash(*f, workerOf(*f, l.EngagementID), l.Days, func(s app.Shift) bool { return s.LineID == l.ID })
}

func checkPlanLine(f *plan.Facts, l *app.PlanLine) error {
	err := errors.Join(
		workspace.Required("site", string(l.SiteID), "Stadhuis Leuven"),
		workspace.Required("engagement", string(l.EngagementID), "Peeters An"),
		checkWeekdays(l.Weekdays),
		checkHours(l.Hours),
		checkPlanDays(l.Days),
	)
	if l.EveryWeeks > longestRhythm {
		err = errors.Join(err, &app.FieldError{Field: "everyWeeks", Code: "everyWeeks.range", Example: "2"})
	}
	if err != nil {
		return err
	}
	if _, ok := derived.ByID(f.Sites, func(s app.Site) app.ID { return s.ID })[l.SiteID]; !ok {
		return app.NotFound("site", string(l.SiteID))
	}
	return checkEngaged(*f, l.EngagementID, "engagement", l.Days)
}

func checkWeekdays(w app.Weekdays) error {
	if w == 0 || w > app.AllWeek {
		return &app.FieldError{Field: "weekdays", Code: "required", Example: "mon-fri"}
	}
	return nil
}

func checkHours(h app.Hours) error {
	if h.IsZero() {
		return &app.FieldError{Field: "hours", Code: "hours.none", Example: "06:00–10:00"}
	}
	return nil
}

// checkPlanDays wants a first day and, where there is one, a last day after it.
func checkPlanDays(d app.Days) error {
	if d.From == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-23"}
	}
	return workspace.CheckDays(d)
}

// checkEngaged says that an engagement covers days. One that ends while a line
// goes on is right: nobody is expected after its end.
func checkEngaged(f plan.Facts, id app.ID, field string, days app.Days) error {
	e, ok := derived.ByID(f.Engagements, func(e app.Engagement) app.ID { return e.ID })[id]
	switch {
	case !ok:
		return app.NotFound("engagement", string(id))
	case days.From < e.Days.From:
		return &app.FieldError{Field: field, Code: "plan.beforeEngagement", Example: e.Days.From.String()}
	case e.Days.To != 0 && (days.From > e.Days.To || days.To > e.Days.To):
		return &app.FieldError{Field: field, Code: "plan.afterEngagement", Example: e.Days.To.String()}
	}
	return nil
}

func workerOf(f plan.Facts, engagement app.ID) app.ID {
	return derived.ByID(f.Engagements, func(e app.Engagement) app.ID { return e.ID })[engagement].WorkerID
}

// ShiftClashError says that somebody would be expected at two places at once.
type ShiftClashError struct {
	Site  string // where the person is expected already
	Day   app.Date
	Hours app.Hours
}

// Error names the day.
func (e *ShiftClashError) Error() string { return "another shift at that time on " + e.Day.String() }

// TextKey words it for people.
func (e *ShiftClashError) TextKey() (string, map[string]any) {
	return "error.plan.clash", map[string]any{"Site": e.Site, "Date": e.Day.String(), "Hours": e.Hours.String()}
}

// clashWeeks is how far shifts are compared: every rhythm comes round in a year.
const clashWeeks = longestRhythm + 1

// refuseClash refuses shifts that overlap another one of the same person.
func refuseClash(f plan.Facts, worker app.ID, days app.Days, fresh func(app.Shift) bool) error {
	until := days.From.AddDays(7 * clashWeeks)
	if days.To != 0 {
		until = min(until, days.To)
	}
	shifts := plan.NewBook(f).Person(worker, app.Days{From: days.From - 1, To: until + 1}) // nights reach over the edges
	shifts = slices.DeleteFunc(shifts, func(s app.Shift) bool { return s.State != app.ShiftExpected })
	for i, a := range shifts {
		for _, b := range shifts[i+1:] {
			if b.From >= a.To {
				break // by start: all that follow are later
			}
			if fresh(a) == fresh(b) {
				continue
			}
			if fresh(a) {
				a, b = b, a
			}
			site := derived.ByID(f.Sites, func(s app.Site) app.ID { return s.ID })[a.SiteID]
			return &ShiftClashError{Site: site.Name, Day: a.Day, Hours: a.Hours}
		}
	}
	return nil
}
