package office_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/workspace"
)

func (b *bench) day(s string) app.Date {
	b.t.Helper()
	return must[app.Date](b.t)(app.ParseDate(s))
}

func (b *bench) hours(s string) app.Hours {
	b.t.Helper()
	return must[app.Hours](b.t)(app.ParseHours(s))
}

// line is a line of An's at the town hall, from Monday 2 November 2026 on.
func (b *bench) line(weekdays, hours string) app.PlanLine {
	b.t.Helper()
	return app.PlanLine{SiteID: b.site.ID, EngagementID: b.ofAn.ID, Weekdays: must[app.Weekdays](b.t)(app.ParseWeekdays(weekdays)),
		Hours: b.hours(hours), Days: app.Days{From: b.day("2026-11-02")}}
}

func (b *bench) planned(l app.PlanLine) app.PlanLine {
	b.t.Helper()
	return must[app.PlanLine](b.t)(b.Plan.AddPlanLine(b.t.Context(), l, why))
}

// week writes a week of the town hall: day, who, hours, state.
func (b *bench) week(day string) string {
	b.t.Helper()
	w := must[*acts.PlanWeek](b.t)(b.Plan.PlanWeek(b.t.Context(), b.site.ID, b.day(day)))
	names := map[app.ID]string{b.an.ID: "an", b.bart.ID: "bart"}
	var list []string
	for _, s := range w.Shifts {
		list = append(list, fmt.Sprint(s.Day.String()[8:], " ", names[s.WorkerID], " ", s.Hours, " ", s.State))
	}
	return strings.Join(list, ", ")
}

func (b *bench) expectWeek(day, want string) {
	b.t.Helper()
	if got := b.week(day); got != want {
		b.t.Errorf("the week of %s:\n%s\nwant:\n%s", day, got, want)
	}
}

// fieldAndCode returns the first field error in err.
func fieldAndCode(err error) string {
	var f *app.FieldError
	if errors.As(err, &f) {
		return f.Field + " " + f.Code
	}
	return fmt.Sprint(err)
}

func TestAWrongLineIsRefused(t *testing.T) {
	b := newBench(t)
	b.planned(b.line("mon-fri", "06:00-10:00"))
	for _, c := range []struct {
		name   string
		change func(*app.PlanLine)
		want   string
	}{
		{"no weekday", func(l *app.PlanLine) { l.Weekdays = 0 }, "weekdays required"},
		{"no hours", func(l *app.PlanLine) { l.Hours = app.Hours{} }, "hours hours.none"},
		{"no site", func(l *app.PlanLine) { l.SiteID = "" }, "site required"},
		{"nobody", func(l *app.PlanLine) { l.EngagementID = "" }, "engagement required"},
		{"no first day", func(l *app.PlanLine) { l.Days.From = 0 }, "from required"},
		{"ends before it begins", func(l *app.PlanLine) { l.Days.To = b.day("2026-11-01") }, "to to.beforeFrom"},
		{"before the engagement", func(l *app.PlanLine) { l.Days.From = b.day("2025-12-31") }, "engagement plan.beforeEngagement"},
		{"a rhythm of years", func(l *app.PlanLine) { l.EveryWeeks = 60 }, "everyWeeks everyWeeks.range"},
	} {
		l := b.line("sat", "06:00-10:00")
		c.change(&l)
		if _, err := b.Plan.AddPlanLine(t.Context(), l, why); fieldAndCode(err) != c.want {
			t.Errorf("%s: %s, want %s", c.name, fieldAndCode(err), c.want)
		}
	}
	b.expectWeek(
		"2026-11-02",
		"02 an 06:00–10:00 expected, 03 an 06:00–10:00 expected, 04 an 06:00–10:00 expected, 05 an 06:00–10:00 expected, 06 an 06:00–10:00 expected",
	)
}

// Nobody is planned at two places at once, by any way of planning.
func TestNobodyIsPlannedTwiceAtOnce(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	other := must[app.Site](t)(b.Sites.SaveSite(ctx, app.Site{Name: "Bibliotheek"}, why))
	nights := b.line("sun", "22:00-06:30")
	nights.SiteID = other.ID
	b.planned(nights)
	clash := func(what string, err error) {
		t.Helper()
		var c *acts.ShiftClashError
		if !errors.As(err, &c) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := b.Plan.AddPlanLine(ctx, b.line("mon", "06:00-10:00"), why) // the night of Sunday ends at 06:30
	clash("a morning after a night", err)
	every := b.line("mon", "06:00-10:00")
	every.EveryWeeks = 3
	_, err = b.Plan.AddPlanLine(ctx, every, why)
	clash("every third morning", err)
	every.Days.To = b.day("2026-11-08") // the only Monday is before the first night
	b.planned(every)

	bart := b.line("sun", "20:00-23:00")
	bart.EngagementID = b.ofBart.ID
	l := b.planned(bart)
	_, err = b.Plan.ExceptPlan(
		ctx,
		app.PlanException{LineID: l.ID, Kind: app.ShiftReplaced, StandIn: b.ofAn.ID, Days: app.Days{From: b.day("2026-11-08")}},
		why,
	)
	clash("standing in during a night", err)
	morning := b.planned(b.line("tue", "08:00-10:00"))
	b.planned(b.line("tue", "12:00-14:00"))
	_, err = b.Plan.ExceptPlan(
		ctx,
		app.PlanException{LineID: morning.ID, Kind: app.ShiftHours, Hours: b.hours("10:00-12:30"), Days: app.Days{From: b.day("2026-11-03")}},
		why,
	)
	clash("other hours", err)
	key, args := (&acts.ShiftClashError{Site: "Bibliotheek", Day: b.day("2026-11-08"), Hours: b.hours("22:00-06:30")}).TextKey()
	if key != "error.plan.clash" || args["Date"] != "2026-11-08" {
		t.Error(key, args)
	}
}

func TestALineIsChangedFromADayOn(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	l := b.planned(b.line("mon,thu", "06:00-10:00"))
	must[app.PlanException](
		t,
	)(
		b.Plan.ExceptPlan(ctx, app.PlanException{LineID: l.ID, Kind: app.ShiftCancelled, Days: app.Days{From: b.day("2026-11-12")}}, why),
	)

	to := l
	to.Hours = b.hours("07:00-11:00")
	changed := must[app.PlanLine](t)(b.Plan.ChangePlanLine(ctx, l.ID, b.day("2026-11-05"), to, why))
	if changed.ID == l.ID {
		t.Error("the line itself was changed")
	}
	b.expectWeek("2026-11-02", "02 an 06:00–10:00 expected, 05 an 07:00–11:00 expected")
	b.expectWeek("2026-11-09", "09 an 07:00–11:00 expected, 12 an 07:00–11:00 cancelled") // what was noted stays

	if err := b.Plan.EndPlanLine(ctx, changed.ID, b.day("2026-11-09"), why); err != nil {
		t.Fatal(err)
	}
	b.expectWeek("2026-11-09", "09 an 07:00–11:00 expected")
	if err := b.Plan.EndPlanLine(ctx, changed.ID, b.day("2026-11-20"), why); fieldAndCode(err) != "to plan.ended" {
		t.Errorf("ended again, later: %v", err)
	}
	if err := b.Plan.EndPlanLine(ctx, changed.ID, b.day("2026-11-04"), why); err != nil { // before it began
		t.Fatal(err)
	}
	b.expectWeek("2026-11-02", "02 an 06:00–10:00 expected")
	if err := b.Plan.EndPlanLine(ctx, changed.ID, b.day("2026-11-04"), why); err == nil {
		t.Error("a withdrawn line was ended")
	}
	trail := must[[]app.TrailEntry](t)(b.store.Trail(ctx, "site:"+string(b.site.ID), 10))
	for _, what := range []string{"plan.add", "plan.except", "plan.change", "plan.end"} {
		if !slices.ContainsFunc(trail, func(e app.TrailEntry) bool { return e.What == what }) {
			t.Errorf("no %s in the trail", what)
		}
	}
}

// A line of every other week keeps its weeks when it is changed in the weeks between.
func TestAChangedLineKeepsItsRhythm(t *testing.T) {
	b := newBench(t)
	l := b.line("mon", "06:00-10:00")
	l.EveryWeeks = 2
	l = b.planned(l)
	to := l
	to.Hours = b.hours("07:00-11:00")
	must[app.PlanLine](t)(b.Plan.ChangePlanLine(t.Context(), l.ID, b.day("2026-11-10"), to, why))
	b.expectWeek("2026-11-09", "")
	b.expectWeek("2026-11-16", "16 an 07:00–11:00 expected")
}

func TestExceptionsAndAbsences(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	l := b.planned(b.line("mon", "06:00-10:00"))
	monday := app.Days{From: b.day("2026-11-09"), To: b.day("2026-11-09")}

	for want, x := range map[string]app.PlanException{
		"from plan.noShift":             {LineID: l.ID, Kind: app.ShiftCancelled, Days: app.Days{From: b.day("2026-11-10")}},
		"hours hours.none":              {LineID: l.ID, Kind: app.ShiftHours, Days: monday},
		"standIn required":              {LineID: l.ID, Kind: app.ShiftReplaced, Days: monday},
		"kind plan.kind":                {LineID: l.ID, Kind: "moved", Days: monday},
		"from required":                 {LineID: l.ID, Kind: app.ShiftCancelled},
		"no planLine x":                 {LineID: "x", Kind: app.ShiftCancelled, Days: monday},
		"no engagement nobody":          {LineID: l.ID, Kind: app.ShiftReplaced, StandIn: "nobody", Days: monday},
		"standIn plan.beforeEngagement": {LineID: l.ID, Kind: app.ShiftReplaced, StandIn: b.newcomer(), Days: monday},
	} {
		if _, err := b.Plan.ExceptPlan(ctx, x, why); fieldAndCode(err) != want {
			t.Errorf("%s, want %s", fieldAndCode(err), want)
		}
	}

	away := must[app.Absence](t)(b.Plan.NoteAbsence(ctx, app.Absence{WorkerID: b.an.ID, Days: monday, Kind: "sick"}, why))
	b.expectWeek("2026-11-09", "09 an 06:00–10:00 absent")
	if _, err := b.Plan.NoteAbsence(ctx, app.Absence{WorkerID: b.an.ID, Days: app.Days{From: monday.From - 3, To: monday.To}, Kind: "holiday"}, why); fieldAndCode(
		err,
	) != "from absence.taken" {
		t.Errorf("away twice: %v", err)
	}
	for want, a := range map[string]app.Absence{
		"kind absence.kind": {WorkerID: b.an.ID, Days: monday, Kind: "bored"}, "from required": {WorkerID: b.an.ID, Kind: "sick"},
		"worker required": {Days: monday, Kind: "sick"}, "no worker x": {WorkerID: "x", Days: monday, Kind: "sick"},
		"no engagement " + string(b.ofBart.ID): {WorkerID: b.an.ID, EngagementID: b.ofBart.ID, Days: monday, Kind: "sick"},
	} {
		if _, err := b.Plan.NoteAbsence(ctx, a, why); fieldAndCode(err) != want {
			t.Errorf("%s, want %s", fieldAndCode(err), want)
		}
	}
	x := must[app.PlanException](t)(b.Plan.ExceptPlan(ctx, app.PlanException{LineID: l.ID, Kind: app.ShiftReplaced, StandIn: b.ofBart.ID, Days: monday}, why))
	b.expectWeek("2026-11-09", "09 an 06:00–10:00 replaced, 09 bart 06:00–10:00 expected")
	if err := errors.Join(b.Plan.WithdrawPlanException(ctx, x.ID, why), b.Plan.WithdrawAbsence(ctx, away.ID, why)); err != nil {
		t.Fatal(err)
	}
	b.expectWeek("2026-11-09", "09 an 06:00–10:00 expected")
	if err := b.Plan.WithdrawAbsence(ctx, away.ID, why); err == nil {
		t.Error("withdrawn twice")
	}
	if list := must[[]app.Absence](t)(b.Plan.Absences(ctx, app.Days{}, "")); len(list) != 0 {
		t.Errorf("absences: %+v", list)
	}
}

// newcomer returns the engagement of somebody who begins in December.
func (b *bench) newcomer() app.ID {
	b.t.Helper()
	w := must[app.Worker](b.t)(b.Staff.SaveWorker(b.t.Context(), app.Worker{FamilyName: "Demir", GivenName: "Cem"}, why))
	e := must[app.Engagement](
		b.t,
	)(
		b.Staff.SaveEngagement(b.t.Context(), app.Engagement{WorkerID: w.ID, EmployerID: must[[]app.Employer](b.t)(b.Staff.Employers(b.t.Context()))[0].ID,
			Days: app.Days{From: b.day("2026-12-01")}}, why),
	)
	return e.ID
}

func TestAWeekIsCopied(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	weekly := b.planned(b.line("mon", "06:00-10:00")) // goes on by itself, at its own hours
	must[app.PlanException](
		t,
	)(
		b.Plan.ExceptPlan(
			ctx,
			app.PlanException{LineID: weekly.ID, Kind: app.ShiftHours, Hours: b.hours("12:00-13:00"), Days: app.Days{From: b.day("2026-11-02")}},
			why,
		),
	)
	extra := b.line("wed", "06:00-10:00")
	extra.Days.To = extra.Days.From.AddDays(2)
	extra = b.planned(extra)
	must[app.PlanException](
		t,
	)(
		b.Plan.ExceptPlan(
			ctx,
			app.PlanException{LineID: extra.ID, Kind: app.ShiftReplaced, StandIn: b.ofBart.ID, Days: app.Days{From: b.day("2026-11-04")}},
			why,
		),
	)

	c := must[acts.CopiedWeek](t)(b.Plan.CopyPlanWeek(ctx, b.site.ID, b.day("2026-11-05"), b.day("2026-11-10"), why))
	if c != (acts.CopiedWeek{Added: 1, There: 1}) {
		t.Errorf("copied: %+v", c)
	}
	b.expectWeek("2026-11-09", "09 an 06:00–10:00 expected, 11 an 06:00–10:00 expected") // Bart stood in once
	again := must[acts.CopiedWeek](t)(b.Plan.CopyPlanWeek(ctx, b.site.ID, b.day("2026-11-05"), b.day("2026-11-10"), why))
	if again != (acts.CopiedWeek{There: 2}) {
		t.Errorf("copied again: %+v", again)
	}
	other := b.line("wed", "08:00-12:00")
	other.Days = app.Days{From: b.day("2026-11-18"), To: b.day("2026-11-18")}
	b.planned(other)
	if c := must[acts.CopiedWeek](t)(b.Plan.CopyPlanWeek(ctx, b.site.ID, b.day("2026-11-09"), b.day("2026-11-16"), why)); c != (acts.CopiedWeek{There: 1, Clashes: 1}) {
		t.Errorf("copied onto another shift: %+v", c)
	}
	if _, err := b.Plan.CopyPlanWeek(ctx, b.site.ID, b.day("2026-11-09"), b.day("2026-11-11"), why); fieldAndCode(err) != "to plan.sameWeek" {
		t.Errorf("copied onto itself: %v", err)
	}
}

// The way of a supervisor: An is planned, does not come, and Bart stands in.
func TestWhoIsExpectedAndWhoIsThere(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	every := b.line("mon-fri", "06:00-10:00")
	every.Days.From = b.day("2026-11-03")
	l := b.planned(every)
	states := func(at string) string {
		t.Helper()
		b.now = b.at(at)
		b.Override(workspace.Override{})
		var list []string
		for _, e := range must[*office.Today](t)(b.Today(ctx)).Expected {
			name := "an"
			if e.Shift.WorkerID == b.bart.ID {
				name = "bart"
			}
			list = append(list, name+" "+string(e.State))
		}
		return strings.Join(list, ", ")
	}
	expect := func(at, want string) {
		t.Helper()
		if got := states(at); got != want {
			t.Errorf("at %s: %q, want %q", at, got, want)
		}
	}
	expect("2026-11-03 05:30", "an later")
	expect("2026-11-03 06:05", "an unknown")
	b.now = b.at("2026-11-03 07:00")
	must[int](t)(b.read(tap{"04B2", "2026-11-03 06:01", app.KeyIn}))
	expect("2026-11-03 07:00", "an missing")
	if n := len(b.anomalies(app.NotShown)); n != 1 {
		t.Errorf("%d not shown", n)
	}
	if n := len(b.anomalies(app.NotPlanned)); n != 1 {
		t.Errorf("%d not planned", n)
	}
	must[app.PlanException](
		t,
	)(
		b.Plan.ExceptPlan(ctx, app.PlanException{LineID: l.ID, Kind: app.ShiftReplaced, StandIn: b.ofBart.ID, Days: app.Days{From: b.day("2026-11-03")}}, why),
	)
	expect("2026-11-03 07:01", "bart in")
	evening := every
	evening.EngagementID, evening.Hours = b.ofBart.ID, b.hours("17:00-19:00")
	evening.Days.To = evening.Days.From
	b.planned(evening)
	expect("2026-11-03 07:02", "bart in, bart later")
	if n := len(b.anomalies(app.NotShown)) + len(b.anomalies(app.NotPlanned)); n != 0 {
		t.Errorf("%d findings though Bart stands in", n)
	}
	if list := must[[]derived.Expected](t)(b.Derived.ExpectedAt(ctx, b.site.ID, b.at("2026-11-03 07:00"))); len(list) != 1 ||
		list[0].State != derived.ExpectedIn ||
		list[0].Since != b.at("2026-11-03 06:01") {
		t.Errorf("expected at seven: %+v", list)
	}
	b.now = b.at("2026-11-03 10:05")
	must[int](t)(b.read(tap{"04B2", "2026-11-03 10:01", app.KeyOut}))
	expect("2026-11-03 10:05", "bart left, bart later")
	if list := must[[]derived.Expected](t)(b.Derived.ExpectedAt(ctx, b.site.ID, b.now)); len(list) != 0 {
		t.Errorf("expected after the shift: %+v", list)
	}
	must[app.Absence](t)(b.Plan.NoteAbsence(ctx, app.Absence{WorkerID: b.an.ID, Days: app.Days{From: b.day("2026-11-04")}, Kind: "sick"}, why))
	expect("2026-11-04 07:00", "an away")
}
