package data

import (
	"errors"
	"testing"
	"time"

	"klokkast/app"
)

// planned is a made-up plan: one line, one exception of each kind, two absences.
type planned struct {
	line       app.PlanLine
	exceptions []app.PlanException
	absences   []app.Absence
}

func newPlan(t *testing.T, s *Store) planned {
	t.Helper()
	v, p := newStaff(t, s), newPlaces(t, s)
	day := app.NewDate(2026, 11, 23)
	one := app.Days{From: day, To: day}
	plan := planned{line: app.PlanLine{ID: newID(t), SiteID: p.site.ID, EngagementID: v.engagement.ID, Weekdays: app.WeekdaysOf(time.Monday, time.Sunday),
		Hours: app.Hours{From: 22 * 60, To: 6*60 + 30}, Days: app.Days{From: day}, EveryWeeks: 2, By: "An", At: 7}}
	plan.exceptions = []app.PlanException{
		{ID: newID(t), LineID: plan.line.ID, Days: one, Kind: app.ShiftCancelled, Note: "gesloten", By: "An", At: 8},
		{ID: newID(t), LineID: plan.line.ID, Days: one, Kind: app.ShiftHours, Hours: app.Hours{From: 0, To: 60}, By: "An", At: 9},
		{ID: newID(t), LineID: plan.line.ID, Days: app.Days{From: day, To: day.AddDays(4)}, Kind: app.ShiftReplaced, StandIn: v.engagement.ID, By: "An", At: 9},
	}
	must(t, s.ChangePlan(t.Context(), []app.PlanLine{plan.line}, plan.exceptions, did("plan.add", "site:"+string(p.site.ID))))
	plan.absences = []app.Absence{
		{ID: newID(t), WorkerID: v.worker.ID, Days: app.Days{From: day, To: day.AddDays(4)}, Kind: "holiday", By: "An", At: 9},
		{
			ID:           newID(t),
			WorkerID:     v.worker.ID,
			EngagementID: v.engagement.ID,
			Days:         one,
			Hours:        app.Hours{From: 480, To: 720},
			Kind:         "sick",
			Note:         "tandarts",
			By:           "An",
			At:           9,
		},
	}
	must(t, s.AddAbsences(t.Context(), plan.absences, did("absence.add", "worker:"+string(v.worker.ID))))
	return plan
}

func TestAPlanComesBackAsItWasSaved(t *testing.T) {
	s := newStore(t)
	plan := newPlan(t, s)
	same(t, get(t, s.PlanLines), []app.PlanLine{plan.line})
	same(t, get(t, s.PlanExceptions), plan.exceptions)
	same(t, get(t, s.Absences), plan.absences)
}

func TestAPlanIsOnlyEndedOrWithdrawn(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	plan := newPlan(t, s)

	changed := plan.line
	changed.Hours.From = 0
	if err := s.ChangePlan(ctx, []app.PlanLine{changed}, nil, did("plan.change", "")); err == nil {
		t.Error("the hours of a line were changed")
	}
	for _, statement := range []string{
		`DELETE FROM plan_line`, `DELETE FROM plan_exception`, `DELETE FROM absence`, `UPDATE plan_line SET weekdays = 3`,
		`UPDATE plan_exception SET last_day = '2027-01-01'`, `UPDATE absence SET kind = 'holiday', note = ''`,
		`INSERT OR REPLACE INTO absence SELECT * FROM absence`,
	} {
		if _, err := s.w.ExecContext(ctx, statement); err == nil {
			t.Errorf("%s went through", statement)
		}
	}

	ended, next := plan.line, plan.line
	ended.Days.To, ended.Withdrawn = app.NewDate(2026, 11, 29), 11
	next.ID, next.Days.From, next.Hours.To = newID(t), app.NewDate(2026, 11, 30), 300
	must(t, s.ChangePlan(ctx, []app.PlanLine{ended, next}, nil, did("plan.change", "")))
	same(t, get(t, s.PlanLines), []app.PlanLine{ended, next})

	must(t, s.WithdrawPlanException(ctx, plan.exceptions[0].ID, 12, did("plan.withdraw", "")))
	must(t, s.WithdrawAbsence(ctx, plan.absences[1].ID, 13, did("absence.withdraw", "")))
	if err := s.WithdrawAbsence(ctx, plan.absences[1].ID, 14, did("absence.withdraw", "")); !errors.Is(err, errNoRow) {
		t.Errorf("withdrawn twice: %v", err)
	}
	plan.exceptions[0].Withdrawn, plan.absences[1].Withdrawn = 12, 13
	same(t, get(t, s.PlanExceptions), plan.exceptions)
	same(t, get(t, s.Absences), plan.absences)
}

func TestAPlanWithAFaultIsNotKept(t *testing.T) {
	s := newStore(t)
	plan := newPlan(t, s)
	faulty := plan.line
	faulty.ID, faulty.Weekdays = newID(t), 0
	good := plan.line
	good.ID = newID(t)
	if err := s.ChangePlan(t.Context(), []app.PlanLine{good, faulty}, nil, did("plan.add", "")); err == nil {
		t.Error("a line without days was kept")
	}
	same(t, get(t, s.PlanLines), []app.PlanLine{plan.line}) // neither the good one
	wrong := plan.absences[0]
	wrong.ID, wrong.WorkerID = newID(t), newID(t)
	if err := s.AddAbsences(t.Context(), []app.Absence{wrong}, did("absence.add", "")); err == nil {
		t.Error("an absence of nobody was kept")
	}
}
