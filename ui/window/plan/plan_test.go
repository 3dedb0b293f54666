package plan

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/ui/window/kit/kittest"
)

func thePlan(t *testing.T, l app.Language) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, l, kittest.APlan(t))
	return s, kittest.Shows(s, New(s.Host, s.Office))
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
	if p.monday != kittest.ThisMonday.AddDays(7) || p.shifts.Shown()[0].shift.Day != kittest.ThisMonday.AddDays(7) {
		t.Errorf("the next week is %s", p.monday)
	}
}

// What a supervisor does with a dated cell.
func TestTheShiftAtTheCursorIsChanged(t *testing.T) {
	s, p := thePlan(t, app.Dutch)
	at := func(n int) {
		p.Reload()
		p.shifts.Select(string(p.lines.Shown()[0].line.ID) + kittest.ThisMonday.AddDays(n).String())
	}
	save := func() { s.Host.Form.Submit() }
	at(0)
	if !p.back.Disabled() {
		t.Error("a shift as its line has it can be taken back")
	}
	p.askCancel()
	save()
	if got := s.ShiftOf(0); got.State != app.ShiftCalledOff {
		t.Errorf("cancelled, it is %+v", got)
	}
	at(0)
	p.askTakeBack()
	save()
	p.askHours()
	s.Types("hours", "7-9u30")
	save()
	if got := s.ShiftOf(0); got.Hours != (app.Hours{From: 420, To: 570}) {
		t.Errorf("other hours: %+v", got)
	}
	at(0)
	p.askStandIn()
	s.Host.Form.Pickers[0].Grid.Select(string(s.Company.OfBart.ID))
	save()
	if got := s.ShiftOf(0); got.State != app.ShiftGivenToOthers {
		t.Errorf("Bart stands in: %+v", got)
	}
	at(1)
	p.askTakeBack()
	save()
	if got := s.ShiftOf(1); got.Changed || got.Hours.From != 360 {
		t.Errorf("the other hours were taken back: %+v", got)
	}
	at(2)
	p.askTakeBack()
	save()
	if got := s.ShiftOf(2); got.State != app.ShiftExpected {
		t.Errorf("the absence was taken back: %+v", got)
	}
	p.Reload()
	p.goToWeek(kittest.ThisMonday)
	p.lines.Select(p.lines.Shown()[0].key)
	p.askEnd()
	save()
	if lines := s.Planned(kittest.ThisMonday).Lines; len(lines) != 1 || lines[0].Days.To != kittest.ThisMonday {
		t.Errorf("ended today: %+v", lines)
	}
}

func TestAWeekIsCopied(t *testing.T) {
	s, p := thePlan(t, app.Dutch)
	p.askCopy()
	s.Host.Form.Submit()
	if p.monday != kittest.ThisMonday.AddDays(7) || s.Did("plan.add") == 0 && s.Said == "" {
		t.Errorf("shown is %s, status %q", p.monday, s.Said)
	}
}

func TestALineIsAdded(t *testing.T) {
	s, p := thePlan(t, app.Dutch)
	p.askLine(false)
	f := s.Host.Form
	f.Pickers[0].Grid.Select(string(s.Company.OfBart.ID))
	s.Types("hours", "zes uur")
	f.Submit()
	if s.Top() == nil || !f.Row("hours").Problem.Visible() {
		t.Fatal("hours that nobody can read were kept")
	}
	s.Types("hours", "22:00 - 6:00")
	s.Types("everyWeeks", "2")
	f.Submit()
	i := slices.IndexFunc(s.Planned(kittest.ThisMonday).Lines, func(l app.PlanLine) bool { return l.EngagementID == s.Company.OfBart.ID })
	if i < 0 {
		t.Fatalf("not added: %s", s.Texts())
	}
	got := s.Planned(kittest.ThisMonday).Lines[i]
	if got.SiteID != s.Company.Site.ID || got.Weekdays != app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday) ||
		got.Hours != (app.Hours{From: 1320, To: 360}) || got.Days != (app.Days{From: kittest.ThisMonday}) || got.EveryWeeks != 2 {
		t.Errorf("kept %+v", got)
	}
}

func TestAllAbsencesAreListedAndTakenBack(t *testing.T) {
	s, p := thePlan(t, app.English)
	anna := s.Company.Anna.ID
	rows := absenceRows(p.h, p.shown.names, []app.Absence{{ID: "old", WorkerID: anna, Kind: "sick", Days: app.Days{From: 1, To: 1}},
		{ID: "new", WorkerID: anna, Kind: "holiday", Days: app.Days{From: 9, To: 10}}})
	if len(rows) != 2 || rows[0].key != "new" || rows[1].kind != "Sick" || rows[0].hours != "" {
		t.Errorf("rows %+v", rows)
	}
	p.listAbsences()
	if !s.ButtonOnTop("Take back").Disabled() {
		t.Error("nothing is chosen, and it can be taken back")
	}
	s.Tap("Close")
	all := kittest.MustBe(s.Own().Plan.Absences(t.Context(), app.Days{}, ""))(t)
	p.askAbsenceBack(absenceRows(p.h, p.shown.names, all)[0])
	test.Tap(s.Host.Form.Save)
	if s.Did("absence.withdraw") != 1 || s.ShiftOf(2).State != app.ShiftExpected {
		t.Errorf("took back %d", s.Did("absence.withdraw"))
	}
}

func TestThePlanScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(_ *kittest.Stage, p *Screen) {
			if rows := p.lines.Shown(); len(rows) > 0 {
				p.lines.Select(rows[0].key)
				p.shifts.Select(rows[0].key + kittest.ThisMonday.AddDays(1).String())
			}
		},
		Rows: func(p *Screen) map[string]int {
			return map[string]int{"plan": len(p.week.Shown()), "shifts": len(p.shifts.Shown()), "lines": len(p.lines.Shown())}
		},
		Forms: func(_ *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"line": func() { p.askLine(true) }, "new line": func() { p.askLine(false) }, "end line": p.askEnd, "hours": p.askHours, "cancel": p.askCancel,
				"stand-in": p.askStandIn, "absence": p.askAbsence, "take back": p.askTakeBack, "copy week": p.askCopy,
			}
		},
	})
}
