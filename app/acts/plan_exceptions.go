package acts

import (
	"context"
	"strings"

	"klokkast/app"
	"klokkast/app/workspace"
)

// ExceptPlan notes that a line does not hold as it is written on some days:
// cancelled, at other hours, or with somebody who stands in.
func (o *Plan) ExceptPlan(ctx context.Context, x app.PlanException, why string) (app.PlanException, error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return x, err
	}
	i := lineIndex(f, x.LineID)
	if i < 0 {
		return x, app.NotFound("planLine", string(x.LineID))
	}
	l := &f.Lines[i]
	if x.Days.To == 0 {
		x.Days.To = x.Days.From
	}
	if err := checkException(&x, l); err != nil {
		return x, err
	}
	if x.Kind == app.ShiftReplaced {
		if err := checkEngaged(f, x.StandIn, "standIn", x.Days); err != nil {
			return x, err
		}
	}
	if err := EnsureID(&x.ID); err != nil {
		return x, err
	}
	x.By, x.At, x.Withdrawn = o.work.Actor(), o.work.Now(), 0
	f.Exceptions = append(f.Exceptions, x)
	fresh := func(s app.Shift) bool { return s.LineID == x.LineID && x.Days.Holds(s.Day) }
	for _, e := range [...]app.ID{l.EngagementID, x.StandIn} {
		if err := refuseClash(f, workerOf(f, e), x.Days, fresh); err != nil {
			return x, err
		}
	}
	return x, o.work.Done(
		"change the plan of the day",
		o.work.Store.ChangePlan(ctx, nil, []app.PlanException{x}, o.work.Act("plan.except", "site:"+string(l.SiteID), why)),
	)
}

// checkException empties what does not belong to the kind, and checks the rest.
func checkException(x *app.PlanException, l *app.PlanLine) error {
	x.Note = strings.TrimSpace(x.Note)
	if x.Kind != app.ShiftHours {
		x.Hours = app.Hours{}
	}
	if x.Kind != app.ShiftReplaced {
		x.StandIn = ""
	}
	err := checkPlanDays(x.Days)
	switch {
	case err != nil:
		return err
	case !anyShift(l, x.Days):
		return &app.FieldError{Field: "from", Code: "plan.noShift", Example: nextShift(l, x.Days.From).String()}
	case x.Kind == app.ShiftHours:
		return checkHours(x.Hours)
	case x.Kind == app.ShiftReplaced:
		return workspace.Required("standIn", string(x.StandIn), "Claes Bart")
	case x.Kind == app.ShiftCancelled:
		return nil
	}
	return &app.FieldError{Field: "kind", Code: "plan.kind", Example: string(app.ShiftCancelled)}
}

// anyShift says that the line has a shift on one of the days.
func anyShift(l *app.PlanLine, days app.Days) bool {
	d := nextShift(l, days.From)
	return d != 0 && d <= days.To
}

// nextShift returns the first day from from on that the line has a shift on; 0 where there is none.
func nextShift(l *app.PlanLine, from app.Date) app.Date {
	for d := max(from, l.Days.From); d <= max(from, l.Days.From).AddDays(7*clashWeeks); d++ {
		if l.On(d) {
			return d
		}
	}
	return 0
}

// WithdrawPlanException takes an exception back: the line holds again as it is
// written, or as an earlier exception says.
func (o *Plan) WithdrawPlanException(ctx context.Context, id app.ID, why string) error {
	return o.work.Done(
		"take the exception back",
		o.work.Store.WithdrawPlanException(ctx, id, o.work.Now(), o.work.Act("plan.withdraw", "exception:"+string(id), why)),
	)
}
