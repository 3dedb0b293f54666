package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/office"
)

// The fake's plan: Anna's mornings at Stadhuis Leuven, where Bart stands in on Tuesday.
func (f *fake) PlanWeek(_ context.Context, site app.ID, day app.Date) (*office.PlanWeek, error) {
	monday := day.Monday()
	from := func(d app.Date) app.Shift {
		return app.Shift{LineID: "line", Day: d, SiteID: site, WorkerID: "w1", EngagementID: "g1", State: app.ShiftExpected, Hours: app.Hours{From: 360, To: 600},
			From: d.Start(app.Belgium()).Add(6 * 3600e9), To: d.Start(app.Belgium()).Add(10 * 3600e9)}
	}
	w := &office.PlanWeek{SiteID: site, Days: app.Days{From: monday, To: monday + 6}}
	given, standIn, away := from(monday+1), from(monday+1), from(monday+2)
	given.State, given.By = app.ShiftGivenToOthers, "g2"
	standIn.WorkerID, standIn.EngagementID, standIn.For = "w2", "g2", "g1"
	away.State, away.Absence = app.ShiftAbsent, "away"
	w.Shifts = []app.Shift{from(monday), given, standIn, away}
	w.Lines = []app.PlanLine{{ID: "line", SiteID: site, EngagementID: "g1", Weekdays: 31, Hours: app.Hours{From: 360, To: 600}, Days: app.Days{From: monday}, EveryWeeks: 1}}
	w.Exceptions = []app.PlanException{{ID: "except", LineID: "line", Days: app.Days{From: monday + 1, To: monday + 1}, Kind: app.ShiftReplaced, StandIn: "g2"}}
	w.Absences = []app.Absence{{ID: "away", WorkerID: "w1", Days: app.Days{From: monday + 2, To: monday + 2}, Kind: "sick"}}
	return w, nil
}

func (f *fake) PlanLine(_ context.Context, id app.ID) (app.PlanLine, error) {
	return app.PlanLine{ID: id, SiteID: "s1", EngagementID: "g1", Weekdays: 31, Hours: app.Hours{From: 360, To: 600}, Days: app.Days{From: app.NewDate(2026, 11, 2)}, EveryWeeks: 2}, nil
}

func (f *fake) AddPlanLine(_ context.Context, l app.PlanLine, why string) (app.PlanLine, error) {
	f.did = append(f.did, l, why)
	l.ID = "new"
	return l, nil
}

func (f *fake) ChangePlanLine(_ context.Context, id app.ID, from app.Date, to app.PlanLine, why string) (app.PlanLine, error) {
	f.did = append(f.did, id, from, to, why)
	return to, nil
}

func (f *fake) EndPlanLine(_ context.Context, id app.ID, last app.Date, why string) error {
	f.did = append(f.did, id, last, why)
	return nil
}

func (f *fake) CopyPlanWeek(_ context.Context, site app.ID, from, to app.Date, why string) (office.CopiedWeek, error) {
	f.did = append(f.did, site, from, to, why)
	return office.CopiedWeek{Added: 3, There: 2, Clashes: 1}, nil
}

func (f *fake) ExceptPlan(_ context.Context, x app.PlanException, why string) (app.PlanException, error) {
	f.did = append(f.did, x, why)
	x.ID = "new"
	return x, nil
}

func (f *fake) WithdrawPlanException(_ context.Context, id app.ID, why string) error {
	f.did = append(f.did, id, why)
	return nil
}

func (f *fake) ExpectedAt(_ context.Context, site app.ID, at app.Instant) ([]office.Expected, error) {
	f.did = append(f.did, site, at)
	w, _ := f.PlanWeek(context.Background(), site, at.DateIn(app.Belgium()))
	return []office.Expected{{Shift: w.Shifts[0], State: office.ExpectedIn, Since: w.Shifts[0].From}}, nil
}

func (f *fake) Absences(_ context.Context, days app.Days, worker app.ID) ([]app.Absence, error) {
	f.did = append(f.did, days, worker)
	return []app.Absence{{ID: "away", WorkerID: "w1", Days: app.Days{From: app.NewDate(2026, 11, 25), To: app.NewDate(2026, 11, 25)}, Kind: "sick", Note: "griep"}}, nil
}

func (f *fake) NoteAbsence(_ context.Context, a app.Absence, why string) (app.Absence, error) {
	f.did = append(f.did, a, why)
	a.ID = "new"
	return a, nil
}

func (f *fake) WithdrawAbsence(_ context.Context, id app.ID, why string) error {
	f.did = append(f.did, id, why)
	return nil
}

func TestPlanCommandsAskForWhatWasSaid(t *testing.T) {
	day := func(d int) app.Date { return app.NewDate(2026, 11, d) }
	morning := app.Hours{From: 360, To: 600}
	for line, want := range map[string][]any{
		"plan add L1 --worker 007 --weekdays mon-fri --hours 06:00-10:00 --from 2026-11-23 --every-weeks 2 --why new": {
			app.PlanLine{SiteID: "s1", EngagementID: "g1", Weekdays: 31, Hours: morning, Days: app.Days{From: day(23)}, EveryWeeks: 2}, "new"},
		"plan add L1 --worker 007 --on 2026-11-28 --hours 22:00-06:00": {
			app.PlanLine{SiteID: "s1", EngagementID: "g1", Hours: app.Hours{From: 1320, To: 360}, Days: app.Days{From: day(28), To: day(28)}}, ""},
		"plan change line --from 2026-11-30 --worker 008 --hours 07:00-11:00": {
			app.ID("line"), day(30), app.PlanLine{ID: "line", SiteID: "s1", EngagementID: "g2", Weekdays: 31, Hours: app.Hours{From: 420, To: 660}, Days: app.Days{From: day(2)}, EveryWeeks: 2}, ""},
		"plan end line --last 2026-11-30":                             {app.ID("line"), day(30), ""},
		"plan except line --from 2026-11-24 --cancel --note gesloten": {app.PlanException{LineID: "line", Kind: app.ShiftCancelled, Days: app.Days{From: day(24), To: day(24)}, Note: "gesloten"}, ""},
		"plan except line --from 2026-11-24 --to 2026-11-26 --hours 07:00-09:00": {
			app.PlanException{LineID: "line", Kind: app.ShiftHours, Hours: app.Hours{From: 420, To: 540}, Days: app.Days{From: day(24), To: day(26)}}, ""},
		"plan replace line --from 2026-11-24 --by 008": {app.PlanException{LineID: "line", Kind: app.ShiftReplaced, StandIn: "g2", Days: app.Days{From: day(24), To: day(24)}}, ""},
		"plan withdraw except":                         {app.ID("except"), ""},
		"plan copy-week L1 --week 2026-11-25":          {app.ID("s1"), day(25), day(25).AddDays(7), ""},
		"plan expected L1 --at 2026-11-24T08:00":       {app.ID("s1"), instant("2026-11-24T07:00:00Z")},
		"absence list --month 2026-11 --worker 007":    {app.Days{From: day(1), To: day(30)}, app.ID("w1")},
		"absence add --worker 007 --kind sick --from 2026-11-24 --hours 08:00-12:00": {
			app.Absence{WorkerID: "w1", Kind: "sick", Days: app.Days{From: day(24), To: day(24)}, Hours: app.Hours{From: 480, To: 720}}, ""},
		"absence withdraw away --why back": {app.ID("away"), "back"},
	} {
		f := &fake{}
		got := klokkast(t, f, nil, append(strings.Fields(line), "--json")...)
		if got.code != 0 {
			t.Errorf("%s: %d %s%s", line, got.code, got.out, got.err)
			continue
		}
		if d := cmp.Diff(want, f.did); d != "" {
			t.Errorf("%s (- want, + asked for):\n%s", line, d)
		}
	}
}

func TestPlanShowForPeople(t *testing.T) {
	got := klokkast(t, &fake{}, nil, "plan", "show", "L1", "--week", "2026-11-25", "--lang", "nl")
	for _, want := range []string{"Stadhuis Leuven", "ma 23/11", "06:00–10:00", "Peeters Bart valt in", "voor Peeters Anna", "afwezig (ziek)", "ma–vr", "except"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
}

func TestWrongPlanFlags(t *testing.T) {
	for line, want := range map[string]string{
		"plan add L1 --worker 007 --weekdays maandag --hours 06:00-10:00":                "mon-fri",
		"plan add L1 --worker 007 --weekdays mon --hours 6-10":                           "06:00-10:00",
		"plan add L1 --worker 007 --on 2026-11-28 --from 2026-11-01 --hours 06:00-07:00": "--on",
		"plan except line --from 2026-11-24":                                             "--cancel",
		"absence add --worker 007 --kind bored":                                          "holiday",
	} {
		f := &fake{}
		got := klokkast(t, f, nil, strings.Fields(line)...)
		if got.code != ExitUsage || !strings.Contains(got.err, want) || len(f.did) != 0 {
			t.Errorf("%s: %d, did %v, said %s; want %q", line, got.code, f.did, got.err, want)
		}
	}
}
