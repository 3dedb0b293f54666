package office_test

import (
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
)

const hour = 3_600_000

func TestThresholdsOfCompanySiteAndContract(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	b.now = b.at("2026-11-24 20:00")
	must[int](t)(b.read(tap{"04A1", "2026-11-23 08:00", app.KeyIn}, tap{"04A1", "2026-11-23 16:30", app.KeyOut}))
	here := derived.ThresholdOwner{Site: b.site.ID, Engagement: b.ofAn.ID}
	for _, step := range []struct {
		of    derived.ThresholdOwner
		set   app.Thresholds
		reset []app.Threshold
		from  attendance.Level
		found int
	}{
		{derived.ThresholdOwner{}, nil, nil, attendance.LevelDefault, 0},
		{derived.ThresholdOwner{}, app.Thresholds{attendance.DayLimitAfter: 8 * hour}, nil, attendance.LevelCompany, 1},
		{derived.ThresholdOwner{Site: b.site.ID}, app.Thresholds{attendance.DayLimitAfter: 9 * hour}, nil, attendance.LevelSite, 0},
		{derived.ThresholdOwner{Engagement: b.ofAn.ID}, app.Thresholds{attendance.DayLimitAfter: 7 * hour}, nil, attendance.LevelEngagement, 1},
		{derived.ThresholdOwner{Engagement: b.ofAn.ID}, nil, []app.Threshold{attendance.DayLimitAfter}, attendance.LevelSite, 0},
		{derived.ThresholdOwner{Site: b.site.ID}, nil, []app.Threshold{attendance.DayLimitAfter}, attendance.LevelCompany, 1},
		{derived.ThresholdOwner{}, nil, []app.Threshold{attendance.DayLimitAfter}, attendance.LevelDefault, 0},
	} {
		if err := b.Sites.ChangeThresholds(ctx, step.of, step.set, step.reset, why); err != nil {
			t.Fatal(err)
		}
		for _, e := range must[[]attendance.Effective](t)(b.Derived.Thresholds(ctx, here)) {
			if e.Name == attendance.DayLimitAfter && e.From != step.from {
				t.Errorf("the daily limit comes from %s, want %s", e.From, step.from)
			}
		}
		if got := len(b.anomalies(app.DayLimit)); got != step.found {
			t.Errorf("by the limit of %s found %d, want %d", step.from, got, step.found)
		}
	}
}

func TestWrongThresholdsAreRefused(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	for _, c := range []struct {
		of    derived.ThresholdOwner
		set   app.Thresholds
		field string
		code  string
	}{
		{derived.ThresholdOwner{}, app.Thresholds{attendance.DayLimitAfter: 8}, "threshold.day-limit", "threshold.range"},
		{derived.ThresholdOwner{Site: b.site.ID}, app.Thresholds{attendance.LongWarning: 20 * hour}, "threshold.long-presence", "threshold.pair"},
		{derived.ThresholdOwner{Site: b.site.ID}, app.Thresholds{attendance.StepBack: hour}, "threshold.clock-step-back", "threshold.reach"},
		{derived.ThresholdOwner{Engagement: b.ofAn.ID}, app.Thresholds{"day_limit": hour}, "threshold", "threshold.unknown"},
	} {
		var fault *app.FieldError
		if err := b.Sites.ChangeThresholds(ctx, c.of, c.set, nil, why); !errors.As(err, &fault) || fault.Field != c.field || fault.Code != c.code ||
			fault.Code == "threshold.range" && fault.Example != "1 h – 24 h" {
			t.Errorf("%v was answered by %v", c.set, err)
		}
	}
	if own := b.Settings().Company; own != nil {
		t.Errorf("what was refused was kept: %v", own)
	}
}

func TestHolidaysOfTheCompany(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	b.now = b.at("2026-11-24 20:00")
	must[int](t)(b.read(tap{"04A1", "2026-11-02 08:00", app.KeyIn}, tap{"04A1", "2026-11-02 12:00", app.KeyOut}, // replaces Sunday the 1st
		tap{"04B2", "2026-11-16 08:00", app.KeyIn}, tap{"04B2", "2026-11-16 12:00", app.KeyOut}))
	if got := b.anomalies(app.SundayHoliday); len(got) != 0 {
		t.Fatalf("before: %v", got)
	}
	if err := b.SetHolidays(ctx, "11-16", []app.Date{app.NewDate(2026, 11, 2)}, why); err != nil {
		t.Fatal(err)
	}
	if got := b.anomalies(app.SundayHoliday); len(got) != 2 || got[0].Value != 4*hour {
		t.Errorf("found %v", got)
	}
	for _, c := range []struct {
		extra string
		days  []app.Date
		code  string
	}{
		{"11-31", nil, "extraHoliday.format"},
		{"7-11", nil, "extraHoliday.format"},
		{"", []app.Date{app.NewDate(2026, 12, 25)}, "replacements.holiday"},
		{"", []app.Date{app.NewDate(2026, 11, 1)}, "replacements.holiday"},
		{"07-11", []app.Date{app.NewDate(2028, 7, 11)}, "replacements.holiday"},
		{"", []app.Date{app.NewDate(226, 11, 2)}, "replacements.year"},
	} {
		var fault *app.FieldError
		if err := b.SetHolidays(ctx, c.extra, c.days, why); !errors.As(err, &fault) || fault.Code != c.code {
			t.Errorf("%q and %v were answered by %v, want %s", c.extra, c.days, err, c.code)
		}
	}
}
