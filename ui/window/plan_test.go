package window

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/window/field"
)

const planLine = app.ID("line")

// The fake's plan: An's mornings at the town hall; on Tuesday at other hours, on Wednesday she is away.
func (d *fakeDesk) PlanWeek(ctx context.Context, site app.ID, day app.Date) (*office.PlanWeek, error) {
	monday := day.Monday()
	hours := app.Hours{From: 360, To: 600}
	shift := func(n int) app.Shift {
		from, to := hours.On(monday.AddDays(n), app.Belgium())
		return app.Shift{LineID: planLine, Day: monday.AddDays(n), SiteID: site, WorkerID: an, EngagementID: engaged, State: app.ShiftExpected, Hours: hours, From: from, To: to}
	}
	one := func(n int) app.Days { return app.Days{From: monday.AddDays(n), To: monday.AddDays(n)} }
	changed, away := shift(1), shift(2)
	changed.Changed = true
	away.State, away.Absence = app.ShiftAbsent, "away"
	return &office.PlanWeek{
		SiteID: site, Days: app.Days{From: monday, To: monday.AddDays(6)}, Shifts: []app.Shift{shift(0), changed, away},
		Lines:      []app.PlanLine{{ID: planLine, SiteID: site, EngagementID: engaged, Weekdays: 7, Hours: hours, Days: app.Days{From: monday}, EveryWeeks: 1}},
		Exceptions: []app.PlanException{{ID: "except", LineID: planLine, Days: one(1), Kind: app.ShiftHours, Hours: hours}},
		Absences:   []app.Absence{{ID: "away", WorkerID: an, Days: one(2), Kind: "sick"}},
	}, d.slow(ctx, "PlanWeek")
}

func (d *fakeDesk) PlannedSites(ctx context.Context) ([]app.ID, error) {
	return []app.ID{townHall}, d.slow(ctx, "PlannedSites")
}

func (d *fakeDesk) AddPlanLine(ctx context.Context, l app.PlanLine, _ string) (app.PlanLine, error) {
	d.planned = append(d.planned, l)
	return l, d.slow(ctx, "AddPlanLine")
}

func (d *fakeDesk) ChangePlanLine(ctx context.Context, id app.ID, from app.Date, to app.PlanLine, _ string) (app.PlanLine, error) {
	d.planned = append(d.planned, id, from, to.Hours)
	return to, d.slow(ctx, "ChangePlanLine")
}

func (d *fakeDesk) EndPlanLine(ctx context.Context, id app.ID, last app.Date, _ string) error {
	d.planned = append(d.planned, id, last)
	return d.slow(ctx, "EndPlanLine")
}

func (d *fakeDesk) CopyPlanWeek(ctx context.Context, site app.ID, from, to app.Date, _ string) (office.CopiedWeek, error) {
	d.planned = append(d.planned, site, from, to)
	return office.CopiedWeek{Added: 3}, d.slow(ctx, "CopyPlanWeek")
}

func (d *fakeDesk) ExceptPlan(ctx context.Context, x app.PlanException, _ string) (app.PlanException, error) {
	d.planned = append(d.planned, x)
	return x, d.slow(ctx, "ExceptPlan")
}

func (d *fakeDesk) WithdrawPlanException(ctx context.Context, id app.ID, _ string) error {
	d.planned = append(d.planned, id)
	return d.slow(ctx, "WithdrawPlanException")
}

func (d *fakeDesk) NoteAbsence(ctx context.Context, a app.Absence, _ string) (app.Absence, error) {
	d.planned = append(d.planned, a)
	return a, d.slow(ctx, "NoteAbsence")
}

func (d *fakeDesk) Absences(ctx context.Context, _ app.Days, _ app.ID) ([]app.Absence, error) {
	return []app.Absence{{ID: "a1", WorkerID: an, Kind: "sick", Days: app.Days{From: app.NewDate(2026, 11, 2), To: app.NewDate(2026, 11, 3)}}}, d.slow(ctx, "Absences")
}

func (d *fakeDesk) WithdrawAbsence(ctx context.Context, id app.ID, _ string) error {
	d.planned = append(d.planned, id)
	return d.slow(ctx, "WithdrawAbsence")
}

func TestThePlanIsAWeekOfPeople(t *testing.T) {
	w, _ := open(t, app.Dutch)
	p := to[*planPage](t, w, "plan")
	rows := p.week.Shown()
	if len(rows) != 1 || rows[0].days != [7]string{"06:00–10:00", "06:00–10:00", "ziek"} || rows[0].total != "8:00" {
		t.Fatalf("the week: %+v", rows)
	}
	if s := p.shifts.Shown(); len(s) != 3 || s[2].remark != "afwezig (ziek)" || s[1].remark != "andere uren" {
		t.Errorf("shifts: %+v", s)
	}
	if l := p.lines.Shown(); len(l) != 1 || l[0].weekdays != "ma–wo" {
		t.Errorf("lines: %+v", l)
	}
	monday := p.monday
	p.goToWeek(p.monday.AddDays(7))
	if p.monday != monday.AddDays(7) || p.shifts.Shown()[0].shift.Day != monday.AddDays(7) {
		t.Errorf("the next week is %s", p.monday)
	}
}

// What a supervisor does with a dated cell.
func TestTheShiftAtTheCursorIsChanged(t *testing.T) {
	w, d := open(t, app.Dutch)
	p := to[*planPage](t, w, "plan")
	day := func(n int) app.Date { return app.NewDate(2026, 11, 23).AddDays(n) }
	at := func(n int) { p.shifts.Select(string(planLine) + day(n).String()) }
	one := func(n int) app.Days { return app.Days{From: day(n), To: day(n)} }
	save := func(want any) {
		t.Helper()
		d.planned = nil
		w.host.form.submit()
		if len(d.planned) == 0 || d.planned[0] != want {
			t.Errorf("kept %+v, want %+v", d.planned, want)
		}
	}
	at(0)
	p.askCancel()
	save(app.PlanException{LineID: planLine, Kind: app.ShiftCancelled, Days: one(0)})
	p.askHours()
	typeInto(t, w.host.form, "hours", "7-9u30")
	save(app.PlanException{LineID: planLine, Kind: app.ShiftHours, Days: one(0), Hours: app.Hours{From: 420, To: 570}})
	p.askStandIn()
	w.host.form.pickers[0].grid.Select(string(engaged))
	save(app.PlanException{LineID: planLine, Kind: app.ShiftReplaced, Days: one(0), StandIn: engaged})
	if p.back.Disabled() == false {
		t.Error("a shift as its line has it can be taken back")
	}
	at(1)
	p.askTakeBack()
	save(app.ID("except"))
	at(2)
	p.askTakeBack()
	save(app.ID("away"))
	p.askCopy()
	save(townHall)
	p.goToWeek(day(0))
	p.lines.Select(string(planLine))
	p.askEnd()
	save(planLine)
}

// typeInto types into the entry of a form's field.
func typeInto(t *testing.T, f *form, name, text string) {
	t.Helper()
	e, ok := f.row(name).control.(*field.Entry)
	if !ok {
		t.Fatalf("%s is no entry", name)
	}
	e.SetText(text)
}

func TestALineIsAdded(t *testing.T) {
	w, d := open(t, app.Dutch)
	p := to[*planPage](t, w, "plan")
	p.askLine(false)
	f := w.host.form
	f.pickers[0].grid.Select(string(engaged))
	typeInto(t, f, "hours", "zes uur")
	f.submit()
	if len(d.planned) != 0 || !f.row("hours").problem.Visible() {
		t.Fatal("hours that nobody can read were kept")
	}
	typeInto(t, f, "hours", "22:00 - 6:00")
	typeInto(t, f, "everyWeeks", "2")
	f.submit()
	want := app.PlanLine{SiteID: townHall, EngagementID: engaged, Weekdays: app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday),
		Hours: app.Hours{From: 1320, To: 360}, Days: app.Days{From: app.NewDate(2026, 11, 23)}, EveryWeeks: 2}
	if len(d.planned) != 1 || d.planned[0] != want {
		t.Errorf("kept %+v, want %+v", d.planned, want)
	}
}

func TestTodaySaysWhoIsMissing(t *testing.T) {
	w, d := open(t, app.Dutch)
	page := to[*todayPage](t, w, "today")
	if isSplit(page.people.Objects[0]) {
		t.Error("without a plan there is a list of who is expected")
	}
	shift := app.Shift{LineID: planLine, SiteID: townHall, WorkerID: an, Hours: app.Hours{From: 360, To: 600}}
	d.expected = []office.Expected{{Shift: shift, State: office.ExpectedIn, Since: noon}, {Shift: shift, State: office.ExpectedMissing}}
	page.reload()
	rows := page.expected.Shown()
	if len(rows) != 2 || rows[0].state != "ontbreekt" || rows[1].since != "12:00" || !isSplit(page.people.Objects[0]) {
		t.Errorf("expected: %+v", rows)
	}
	d.expected = nil
	page.reload()
	if isSplit(page.people.Objects[0]) {
		t.Error("the list stayed")
	}
}

func TestAllAbsencesAreListedAndTakenBack(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*planPage](t, w, "plan")
	rows := absenceRows(p.h, p.shown.names, []app.Absence{{ID: "old", WorkerID: an, Kind: "sick", Days: app.Days{From: 1, To: 1}}, {ID: "new", WorkerID: an, Kind: "holiday", Days: app.Days{From: 9, To: 10}}})
	if len(rows) != 2 || rows[0].key != "new" || rows[1].kind != "Sick" || rows[0].hours != "" {
		t.Errorf("rows %+v", rows)
	}
	p.listAbsences()
	back := shownButton(t, w, "Take back")
	if !back.Disabled() {
		t.Error("nothing is chosen, and it can be taken back")
	}
	p.askAbsenceBack(rows[0])
	test.Tap(w.host.form.save)
	if got := d.planned[len(d.planned)-1]; got != app.ID("new") {
		t.Errorf("took back %v", got)
	}
}
