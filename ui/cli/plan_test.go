package cli

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// planned is a company with a plan: Anna's mornings at Stadhuis Leuven every other week since 9 November, where Bart
// stands in on Tuesday the 24th; she is ill on the 25th. It gives the ids of the line, the exception and the absence.
func planned(t *testing.T) (c *officetest.Company, names []string) {
	c = officetest.New(t)
	o, ctx := c.Office(), t.Context()
	day := func(d int) app.Date { return app.NewDate(2026, 11, d) }
	line := officetest.Must(
		o.Plan.AddPlanLine(
			ctx,
			app.PlanLine{
				SiteID:       c.Site.ID,
				EngagementID: c.OfAnna.ID,
				Weekdays:     31,
				Hours:        app.Hours{From: 360, To: 600},
				Days:         app.Days{From: day(9)},
				EveryWeeks:   2,
			},
			officetest.Why,
		),
	)(
		t,
	)
	x := officetest.Must(
		o.Plan.ExceptPlan(
			ctx,
			app.PlanException{LineID: line.ID, Days: app.Days{From: day(24), To: day(24)}, Kind: app.ShiftReplaced, StandIn: c.OfBart.ID},
			officetest.Why,
		),
	)(
		t,
	)
	away := officetest.Must(
		o.Plan.NoteAbsence(ctx, app.Absence{WorkerID: c.Anna.ID, Days: app.Days{From: day(25), To: day(25)}, Kind: "sick", Note: "griep"}, officetest.Why),
	)(
		t,
	)
	return c, ids(c, "{line}", string(line.ID), "{except}", string(x.ID), "{away}", string(away.ID))
}

func TestPlanCommandsChangeWhatWasSaid(t *testing.T) {
	const week = "plan show L1 --week 2026-11-25"
	for _, c := range []change{
		{line: "plan add L1 --worker 008 --weekdays mon-fri --hours 14:00-18:00 --from 2026-11-23 --every-weeks 2 --why new", ask: week, want: map[string]any{
			"lines.{new}.engagementId": "{of bart}", "lines.{new}.siteId": "{site}", "lines.{new}.weekdays": "mon,tue,wed,thu,fri", "lines.{new}.everyWeeks": 2,
			"lines.{new}.hours.from": "14:00", "lines.{new}.hours.to": "18:00", "lines.{new}.days.from": "2026-11-23", "lines.{new}.*": "new", "shifts.*": "any"}},
		{line: "plan add L1 --worker 008 --on 2026-11-28 --hours 22:00-06:00", ask: week, want: map[string]any{
			"lines.{new}.engagementId": "{of bart}", "lines.{new}.weekdays": "sat", "lines.{new}.hours.from": "22:00", "lines.{new}.hours.to": "06:00",
			"lines.{new}.days.from": "2026-11-28", "lines.{new}.days.to": "2026-11-28", "lines.{new}.*": "new",
			"shifts.6.from": "2026-11-28T21:00:00.000Z", "shifts.6.to": "2026-11-29T05:00:00.000Z", "shifts.6.*": "new"}},
		{line: "plan change {line} --from 2026-12-07 --worker 008 --hours 07:00-11:00", ask: "plan show L1 --week 2026-12-07", want: map[string]any{
			"lines.{line}.*": "gone", "lines.{new}.engagementId": "{of bart}", "lines.{new}.siteId": "{site}", "lines.{new}.weekdays": "mon,tue,wed,thu,fri", "lines.{new}.everyWeeks": 2,
			"lines.{new}.hours.from": "07:00", "lines.{new}.hours.to": "11:00", "lines.{new}.days.from": "2026-12-07", "lines.{new}.*": "new", "shifts.*": "any"}},
		{line: "plan end {line} --last 2026-11-25", ask: week, want: map[string]any{"lines.{line}.days.to": "2026-11-25", "shifts.4.*": "gone", "shifts.5.*": "gone"}},
		{line: "plan except {line} --from 2026-11-26 --cancel --note gesloten", ask: week, want: map[string]any{
			"exceptions.{new}.lineId": "{line}", "exceptions.{new}.kind": "cancelled", "exceptions.{new}.days.from": "2026-11-26", "exceptions.{new}.days.to": "2026-11-26",
			"exceptions.{new}.note": "gesloten", "exceptions.{new}.*": "new", "shifts.4.state": "cancelled"}},
		{line: "plan except {line} --from 2026-11-26 --to 2026-11-27 --hours 07:00-09:00", ask: week, want: map[string]any{
			"exceptions.{new}.lineId": "{line}", "exceptions.{new}.kind": "hours", "exceptions.{new}.days.from": "2026-11-26", "exceptions.{new}.days.to": "2026-11-27",
			"exceptions.{new}.hours.from": "07:00", "exceptions.{new}.hours.to": "09:00", "exceptions.{new}.*": "new",
			"shifts.4.hours.from": "07:00", "shifts.4.hours.to": "09:00", "shifts.4.*": "new", "shifts.5.hours.from": "07:00", "shifts.5.hours.to": "09:00", "shifts.5.*": "new"}},
		{line: "plan replace {line} --from 2026-11-26 --by 008", ask: week, want: map[string]any{
			"exceptions.{new}.lineId": "{line}", "exceptions.{new}.kind": "replaced", "exceptions.{new}.days.from": "2026-11-26", "exceptions.{new}.days.to": "2026-11-26",
			"exceptions.{new}.standIn": "{of bart}", "exceptions.{new}.*": "new", "shifts.4.state": "replaced", "shifts.4.by": "{of bart}", "shifts.5.for": "{of anna}", "shifts.*": "any"}},
		{line: "plan withdraw {except}", ask: week, want: map[string]any{"exceptions.{except}.*": "gone", "shifts.1.state": "expected", "shifts.1.by": nil, "shifts.*": "any"}},
		{line: "absence add --worker 007 --kind sick --from 2026-11-24 --hours 08:00-12:00", ask: "absence list --month 2026-11 --worker 007", want: map[string]any{
			"absences.{new}.workerId": "{anna}", "absences.{new}.kind": "sick", "absences.{new}.days.from": "2026-11-24", "absences.{new}.days.to": "2026-11-24",
			"absences.{new}.hours.from": "08:00", "absences.{new}.hours.to": "12:00", "absences.{new}.*": "new"}},
		{line: "absence withdraw {away} --why back", ask: "absence list --month 2026-11", want: map[string]any{"absences.{away}.*": "gone"}},
	} {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			company, names := planned(t)
			before := answer(t, company, names, c.ask)
			asked(t, company, strings.NewReplacer(names...).Replace(c.line))
			wantDifferences(t, differences(before, answer(t, company, names, c.ask)), c.want)
			wantReasons(t, company, words(c.line))
		})
	}
}

func TestAWeekIsCopied(t *testing.T) {
	c, names := planned(t)
	want(t, asked(t, c, "plan copy-week L1 --week 2026-11-25 --to 2026-12-02"), map[string]any{"added": 5, "there": 0, "clashes": 0})
	want(t, asked(t, c, "plan copy-week L1 --week 2026-11-25"), map[string]any{"added": 0, "there": 5, "clashes": 0}) // the next one, which has it now
	want(
		t,
		answer(t, c, names, "plan show L1 --week 2026-12-02"),
		map[string]any{"shifts.0.day": "2026-11-30", "shifts.0.workerId": "{anna}", "shifts.4.day": "2026-12-04"},
	)
}

func TestWhoIsExpectedAndWhoIsAway(t *testing.T) {
	c, names := planned(t)
	want(t, answer(t, c, names, "plan expected L1 --at 2026-11-24T08:00"), map[string]any{
		"siteId": "{site}", "at": "2026-11-24T07:00:00.000Z", "expected.0.shift.worker": "Peeters Bart", "expected.0.shift.for": "{of anna}", "expected.0.shift.lineId": "{line}", "expected.0.state": "unknown",
	})
	want(
		t,
		answer(t, c, names, "absence list --month 2026-11 --worker 007"),
		map[string]any{"absences.0.id": "{away}", "absences.0.kind": "sick", "absences.0.note": "griep", "days.to": "2026-11-30"},
	)
	for _, line := range []string{"absence list --month 2026-11 --worker 008", "absence list --month 2026-10"} {
		if list := at(t, asked(t, c, line), "absences").([]any); len(list) != 0 {
			t.Errorf("%s: %v", line, list)
		}
	}
}

func TestPlanShowForPeople(t *testing.T) {
	c, names := planned(t)
	got := klokkast(t, c, nil, "plan", "show", "L1", "--week", "2026-11-25", "--lang", "nl")
	wantText(
		t,
		got.out,
		"Stadhuis Leuven",
		"ma 23/11",
		"06:00–10:00",
		"Peeters Bart valt in",
		"voor Peeters Anna",
		"afwezig (ziek)",
		"ma–vr",
		strings.NewReplacer(names...).Replace("{except}"),
	)
}

func TestWrongPlanFlags(t *testing.T) {
	for line, want := range map[string]string{
		"plan add L1 --worker 007 --weekdays maandag --hours 06:00-10:00":                "mon-fri",
		"plan add L1 --worker 007 --weekdays mon --hours 6-10":                           "06:00-10:00",
		"plan add L1 --worker 007 --on 2026-11-28 --from 2026-11-01 --hours 06:00-07:00": "--on",
		"plan except line --from 2026-11-24":                                             "--cancel",
		"absence add --worker 007 --kind bored":                                          "holiday",
	} {
		c := officetest.New(t)
		got := klokkast(t, c, nil, strings.Fields(line)...)
		if acts := c.Acts(""); got.code != ExitUsage || !strings.Contains(got.err, want) || len(acts) != 0 {
			t.Errorf("%s: %d, did %v, said %s; want %q", line, got.code, acts, got.err, want)
		}
	}
}
