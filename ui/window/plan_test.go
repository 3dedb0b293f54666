package window

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
)

// thisMonday begins the week of every plan here.
var thisMonday = app.NewDate(2026, 11, 23)

// anPlan has Anna's mornings at the town hall from Monday to Wednesday: on Tuesday at other hours, on Wednesday she is away.
func aPlan(t *testing.T) func(*officetest.Company) {
	return func(c *officetest.Company) {
		o, one := c.Office(), func(n int) app.Days { return app.Days{From: thisMonday.AddDays(n), To: thisMonday.AddDays(n)} }
		line := mustBe(o.AddPlanLine(t.Context(), app.PlanLine{SiteID: c.Site.ID, EngagementID: c.OfAnna.ID, Weekdays: app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday),
			Hours: app.Hours{From: 360, To: 600}, Days: app.Days{From: thisMonday}, EveryWeeks: 1}, officetest.Why))(t)
		mustBe(o.ExceptPlan(t.Context(), app.PlanException{LineID: line.ID, Days: one(1), Kind: app.ShiftHours, Hours: app.Hours{From: 420, To: 660}}, officetest.Why))(t)
		mustBe(o.NoteAbsence(t.Context(), app.Absence{WorkerID: c.Anna.ID, Days: one(2), Kind: "sick"}, officetest.Why))(t)
	}
}

func thePlan(t *testing.T, l app.Language) (*stage, *planPage) {
	t.Helper()
	s := enter(t, l, aPlan(t))
	return s, shows(s, newPlanPage(s.h, s.office))
}

// planned is the week as the company has it.
func (s *stage) planned(monday app.Date) *office.PlanWeek {
	s.t.Helper()
	return mustBe(s.own().PlanWeek(s.t.Context(), s.c.Site.ID, monday))(s.t)
}

// shiftOf is Anna's of a day of the week.
func (s *stage) shiftOf(n int) app.Shift {
	s.t.Helper()
	for _, sh := range s.planned(thisMonday).Shifts {
		if sh.Day == thisMonday.AddDays(n) && sh.WorkerID == s.c.Anna.ID {
			return sh
		}
	}
	s.t.Fatalf("no shift on day %d", n)
	return app.Shift{}
}

func TestThePlanIsAWeekOfPeople(t *testing.T) {
	_, p := thePlan(t, app.Dutch)
	rows := p.week.Shown()
	if len(rows) != 1 || rows[0].days != [7]string{"06:00–10:00", "07:00–11:00", "ziek"} || rows[0].total != "8:00" {
		t.Fatalf("the week: %+v", rows)
	}
	if s := p.shifts.Shown(); len(s) != 3 || s[2].remark != "afwezig (ziek)" || s[1].remark != "andere uren" {
		t.Errorf("shifts: %+v", s)
	}
	if l := p.lines.Shown(); len(l) != 1 || l[0].weekdays != "ma–wo" {
		t.Errorf("lines: %+v", l)
	}
	p.goToWeek(p.monday.AddDays(7))
	if p.monday != thisMonday.AddDays(7) || p.shifts.Shown()[0].shift.Day != thisMonday.AddDays(7) {
		t.Errorf("the next week is %s", p.monday)
	}
}

// What a supervisor does with a dated cell.
func TestTheShiftAtTheCursorIsChanged(t *testing.T) {
	s, p := thePlan(t, app.Dutch)
	at := func(n int) {
		p.reload()
		p.shifts.Select(string(p.lines.Shown()[0].line.ID) + thisMonday.AddDays(n).String())
	}
	save := func() { s.h.form.submit() }
	at(0)
	if !p.back.Disabled() {
		t.Error("a shift as its line has it can be taken back")
	}
	p.askCancel()
	save()
	if got := s.shiftOf(0); got.State != app.ShiftCalledOff {
		t.Errorf("cancelled, it is %+v", got)
	}
	at(0)
	p.askTakeBack()
	save()
	p.askHours()
	s.types("hours", "7-9u30")
	save()
	if got := s.shiftOf(0); got.Hours != (app.Hours{From: 420, To: 570}) {
		t.Errorf("other hours: %+v", got)
	}
	at(0)
	p.askStandIn()
	s.h.form.pickers[0].grid.Select(string(s.c.OfBart.ID))
	save()
	if got := s.shiftOf(0); got.State != app.ShiftGivenToOthers {
		t.Errorf("Bart stands in: %+v", got)
	}
	at(1)
	p.askTakeBack()
	save()
	if got := s.shiftOf(1); got.Changed || got.Hours.From != 360 {
		t.Errorf("the other hours were taken back: %+v", got)
	}
	at(2)
	p.askTakeBack()
	save()
	if got := s.shiftOf(2); got.State != app.ShiftExpected {
		t.Errorf("the absence was taken back: %+v", got)
	}
	p.reload()
	p.goToWeek(thisMonday)
	p.lines.Select(p.lines.Shown()[0].key)
	p.askEnd()
	save()
	if lines := s.planned(thisMonday).Lines; len(lines) != 1 || lines[0].Days.To != thisMonday {
		t.Errorf("ended today: %+v", lines)
	}
}

func TestAWeekIsCopied(t *testing.T) {
	s, p := thePlan(t, app.Dutch)
	p.askCopy()
	s.h.form.submit()
	if p.monday != thisMonday.AddDays(7) || s.did("plan.add") == 0 && s.said == "" {
		t.Errorf("shown is %s, status %q", p.monday, s.said)
	}
}

func TestALineIsAdded(t *testing.T) {
	s, p := thePlan(t, app.Dutch)
	p.askLine(false)
	f := s.h.form
	f.pickers[0].grid.Select(string(s.c.OfBart.ID))
	s.types("hours", "zes uur")
	f.submit()
	if s.top() == nil || !f.row("hours").problem.Visible() {
		t.Fatal("hours that nobody can read were kept")
	}
	s.types("hours", "22:00 - 6:00")
	s.types("everyWeeks", "2")
	f.submit()
	i := slices.IndexFunc(s.planned(thisMonday).Lines, func(l app.PlanLine) bool { return l.EngagementID == s.c.OfBart.ID })
	if i < 0 {
		t.Fatalf("not added: %s", s.texts())
	}
	got := s.planned(thisMonday).Lines[i]
	if got.SiteID != s.c.Site.ID || got.Weekdays != app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday) ||
		got.Hours != (app.Hours{From: 1320, To: 360}) || got.Days != (app.Days{From: thisMonday}) || got.EveryWeeks != 2 {
		t.Errorf("kept %+v", got)
	}
}

func TestAllAbsencesAreListedAndTakenBack(t *testing.T) {
	s, p := thePlan(t, app.English)
	anna := s.c.Anna.ID
	rows := absenceRows(p.h, p.shown.names, []app.Absence{{ID: "old", WorkerID: anna, Kind: "sick", Days: app.Days{From: 1, To: 1}}, {ID: "new", WorkerID: anna, Kind: "holiday", Days: app.Days{From: 9, To: 10}}})
	if len(rows) != 2 || rows[0].key != "new" || rows[1].kind != "Sick" || rows[0].hours != "" {
		t.Errorf("rows %+v", rows)
	}
	p.listAbsences()
	if !s.buttonOnTop("Take back").Disabled() {
		t.Error("nothing is chosen, and it can be taken back")
	}
	s.tap("Close")
	all := mustBe(s.own().Absences(t.Context(), app.Days{}, ""))(t)
	p.askAbsenceBack(absenceRows(p.h, p.shown.names, all)[0])
	test.Tap(s.h.form.save)
	if s.did("absence.withdraw") != 1 || s.shiftOf(2).State != app.ShiftExpected {
		t.Errorf("took back %d", s.did("absence.withdraw"))
	}
}

func TestThePlanScreen(t *testing.T) {
	holds(t, script[*planPage]{
		open: func(s *stage) *planPage { return newPlanPage(s.h, s.office) },
		ready: func(_ *stage, p *planPage) {
			if rows := p.lines.Shown(); len(rows) > 0 {
				p.lines.Select(rows[0].key)
				p.shifts.Select(rows[0].key + thisMonday.AddDays(1).String())
			}
		},
		rows: func(p *planPage) map[string]int {
			return map[string]int{"plan": len(p.week.Shown()), "shifts": len(p.shifts.Shown()), "lines": len(p.lines.Shown())}
		},
		forms: func(_ *stage, p *planPage) map[string]func() {
			return map[string]func(){
				"line": func() { p.askLine(true) }, "new line": func() { p.askLine(false) }, "end line": p.askEnd, "hours": p.askHours, "cancel": p.askCancel,
				"stand-in": p.askStandIn, "absence": p.askAbsence, "take back": p.askTakeBack, "copy week": p.askCopy,
			}
		},
	})
}
