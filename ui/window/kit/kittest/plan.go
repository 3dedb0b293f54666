package kittest

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/ui/officetest"
)

// ThisMonday begins the week of every plan here.
var ThisMonday = app.NewDate(2026, 11, 23)

// APlan has Anna's mornings at the town hall from Monday to Wednesday: on Tuesday at other hours, on Wednesday she is away.
func APlan(t *testing.T) func(*officetest.Company) {
	return func(c *officetest.Company) {
		o, one := c.Office(), func(n int) app.Days { return app.Days{From: ThisMonday.AddDays(n), To: ThisMonday.AddDays(n)} }
		line := MustBe(o.Plan.AddPlanLine(t.Context(),
			app.PlanLine{SiteID: c.Site.ID, EngagementID: c.OfAnna.ID, Weekdays: app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday),
				Hours: app.Hours{From: 360, To: 600}, Days: app.Days{From: ThisMonday}, EveryWeeks: 1}, officetest.Why))(t)
		MustBe(o.Plan.ExceptPlan(t.Context(), app.PlanException{LineID: line.ID, Days: one(1),
			Kind: app.ShiftHours, Hours: app.Hours{From: 420, To: 660}}, officetest.Why))(t)
		MustBe(o.Plan.NoteAbsence(t.Context(), app.Absence{WorkerID: c.Anna.ID, Days: one(2), Kind: "sick"}, officetest.Why))(t)
	}
}

// Planned is the week as the company has it.
func (s *Stage) Planned(monday app.Date) *acts.PlanWeek {
	s.Test.Helper()
	return MustBe(s.Own().Plan.PlanWeek(s.Test.Context(), s.Company.Site.ID, monday))(s.Test)
}

// ShiftOf is Anna's of a day of the week.
func (s *Stage) ShiftOf(n int) app.Shift {
	s.Test.Helper()
	for _, sh := range s.Planned(ThisMonday).Shifts {
		if sh.Day == ThisMonday.AddDays(n) && sh.WorkerID == s.Company.Anna.ID {
			return sh
		}
	}
	s.Test.Fatalf("no shift on day %d", n)
	return app.Shift{}
}
