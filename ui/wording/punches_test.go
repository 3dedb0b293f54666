package wording_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/ui/wording"
)

// Each rule of docs/attendance.md names, in each language, what it measures by
// and the punches that it rests on.
func TestEveryTextNamesTheLimitAndThePunches(t *testing.T) {
	const min, h = int64(time.Minute / time.Millisecond), int64(time.Hour / time.Millisecond)
	type row struct {
		rule  app.Rule
		limit int64
		by    app.Threshold
		facts map[string]string
		names []string // what the text has in every language
	}
	by := func(rule app.Rule, name app.Threshold, names ...string) row {
		d, ok := attendance.DefaultOf(name)
		if !ok {
			t.Fatalf("no threshold %s", name)
		}
		return row{rule: rule, limit: d.Value, by: name, names: names}
	}
	with := func(r row, facts ...string) row {
		r.facts = map[string]string{}
		for i := 0; i < len(facts); i += 2 {
			r.facts[facts[i]] = facts[i+1]
		}
		return r
	}
	rows := []row{
		by(app.MissingOut, attendance.MissingOutAfter, "16:00"),
		{rule: app.MissingIn},
		by(app.DuplicateTap, attendance.DuplicateWithin, "2 min"),
		with(by(app.KeyContradiction, attendance.RepeatWithin, "15 min"), "reason", "repeated"),
		with(by(app.KeyContradiction, attendance.SecondThought, "2 min"), "reason", "corrected"),
		with(row{rule: app.KeyContradiction}, "reason", "out-on-break"),
		by(app.NightOrForgotten, attendance.NightAsked, "10:00"),
		with(row{rule: app.InactiveWorker, names: []string{"2026"}}, "engagedFrom", "2026-01-01", "engagedTo", "2026-11-01"),
		{rule: app.AmbiguousEmployer}, {rule: app.AmbiguousDeclared}, {rule: app.Overlap},
		with(by(app.ImpossibleTravel, attendance.TravelSpeed, "60 km/", "0:05"), "grace", "300000"),
		with(by(app.TogetherAlways, attendance.TogetherTimes, "8", "10", "5 se"), "of", "10", "within", "5000"),
		by(app.LongPresence, attendance.LongWarning, "11:00"), by(app.LongPresence, attendance.LongSerious, "16:00"),
		by(app.DayLimit, attendance.DayLimitAfter, "9:00"),
		by(app.ShortPresence, attendance.ShortBelow, "3:00"),
		with(by(app.NoBreak, attendance.NoBreakAfter, "6:00", "0:15"), "break", "900000"),
		by(app.ShortRest, attendance.RestWarning, "11:00"), by(app.ShortRest, attendance.RestSerious, "9:00"),
		by(app.WeekLimit, attendance.WeekWarning, "37:00"), by(app.WeekLimit, attendance.WeekSerious, "50:00"),
		with(by(app.NightWork, attendance.NightFrom, "20:00", "6:00"), "nightTo", "21600000"),
		{rule: app.SundayHoliday},
		by(
			app.ClockDrift,
			attendance.DriftWarning,
			"30 ",
		), by(app.ClockReset, attendance.DriftLimit, "5 min"), by(app.FuturePunch, attendance.DriftLimit, "5 min"),
		with(by(app.BoxEventRule, attendance.MemoryAbove, "90"), "event", "memory"),
		with(row{rule: app.SequenceGap, names: []string{"10", "12"}}, "first", "10", "last", "12"),
		by(app.BoxUnread, attendance.UnreadAfter, "7 "),
		{rule: app.NoDeclaration}, with(row{rule: app.DeclarationExpired, names: []string{"2026"}}, "until", "2026-11-01"),
		with(by(app.DeclarationExpiring, attendance.ExpiringWithin, "30 "), "until", "2026-11-30"),
		{rule: app.UndecidedSite}, {rule: app.IdentityRule}, {rule: app.RefusedRule},
		by(app.SentLate, app.SentLateAfter, "0:10"), by(app.CorrectionDue, app.CorrectionSerious, "30", "10 "),
		by(app.NotShown, attendance.NotShownGrace, "0:15"), by(app.Late, attendance.LateGrace, "0:15"), by(app.EarlyLeave, attendance.EarlyGrace, "0:15"),
		{rule: app.NotPlanned},
	}
	for _, r := range attendance.Rules() {
		if slices.ContainsFunc(rows, func(told row) bool { return told.rule == r.Name }) {
			continue
		}
		plain := row{rule: r.Name}
		if len(r.Thresholds) > 0 {
			plain.by, plain.limit = r.Thresholds[0].Name, r.Thresholds[0].Value
		}
		rows = append(rows, plain)
	}
	c := catalogue(t)
	at := app.At(time.Date(2026, 11, 23, 5, 58, 12, 0, time.UTC)) // 06:58:12 in Brussels
	for _, r := range rows {
		d := derived.AnomalyDetail{FoundAnomaly: derived.FoundAnomaly{Anomaly: app.Anomaly{Rule: r.rule, SiteID: "s", Day: app.NewDate(2026, 11, 23), At: at,
			Threshold: r.by, Limit: r.limit, Value: r.limit + min, Facts: r.facts}}}
		d.Evidence = []derived.EvidencePunch{
			{Tap: app.Tap{At: at.Add(8*time.Hour + 4*time.Minute), SiteID: "s", Role: app.TapOut}},
			{Tap: app.Tap{At: at, SiteID: "s", Role: app.TapIn}},
			{Tap: app.Tap{At: at.Add(time.Duration(24*h) * time.Millisecond), SiteID: "other", Role: app.TapIn}},
		}
		for _, l := range app.Languages {
			text := wording.Explained(c.For(l), names{}, &d)
			if r.by != "" && !strings.Contains(text, wording.Quantity(c.For(l), r.rule, r.limit)) {
				t.Errorf("%s, %s: not the limit in: %s", r.rule, l, text)
			}
			for _, want := range append([]string{"06:58", "15:02", c.For(l).DayMonth(app.NewDate(2026, 11, 24))}, r.names...) {
				if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
					t.Errorf("%s, %s: no %q in: %s", r.rule, l, want, text)
				}
			}
		}
	}
}

func TestPunchesOfAWrongClockAreNamedByRecord(t *testing.T) {
	raw := app.At(time.Date(2000, 1, 1, 0, 4, 5, 0, time.UTC))
	d := derived.AnomalyDetail{FoundAnomaly: derived.FoundAnomaly{Anomaly: app.Anomaly{Rule: app.ClockReset, Box: "b"}}}
	for n := range uint64(12) {
		d.Evidence = append(d.Evidence, derived.EvidencePunch{Tap: app.Tap{At: raw, Role: app.TapUnsettled,
			Punch: app.Punch{At: raw, Key: app.RecordKey{LogKey: app.LogKey{Box: "b"}, Seq: n + 1}}}})
	}
	text := wording.Explained(catalogue(t).For(app.English), names{}, &d)
	if !strings.HasSuffix(
		text,
		"Punches: record 1 (01/01/2000 01:04:05 by the box), record 2 (01/01/2000 01:04:05 by the box), record 3 (01/01/2000 01:04:05 by the box), "+
			"record 4 (01/01/2000 01:04:05 by the box), record 5 (01/01/2000 01:04:05 by the box), record 6 (01/01/2000 01:04:05 by the box), "+
			"record 7 (01/01/2000 01:04:05 by the box), record 8 (01/01/2000 01:04:05 by the box), record 9 (01/01/2000 01:04:05 by the box), "+
			"record 10 (01/01/2000 01:04:05 by the box), and 2 more.",
	) {
		t.Errorf("got %s", text)
	}
}

// What stands for the sequences of a file's lines is a hash, and no name for people.
func TestLinesOfAWrongClockAreNamedByTheirTime(t *testing.T) {
	raw := app.At(time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC))
	key := app.RecordKey{LogKey: app.LogKey{Box: "b", Log: app.FileLog}, Seq: 5815600801365003212}
	a := app.Anomaly{Rule: app.ClockReset, Box: "b", At: raw, Facts: app.FactsOf(app.FactLog.Is(app.FileLog), app.FactFirst.Is(key.Seq), app.FactLast.Is(key.Seq))}
	d := derived.AnomalyDetail{FoundAnomaly: derived.FoundAnomaly{Anomaly: a}}
	d.Evidence = []derived.EvidencePunch{{Tap: app.Tap{At: raw, Role: app.TapUnsettled, Punch: app.Punch{At: raw, Key: key, Pressed: app.KeyIn}}}}
	for _, l := range app.Languages {
		if text := wording.Explained(catalogue(t).For(l), names{}, &d); strings.Contains(text, "5815") || strings.Contains(text, "003") || !strings.Contains(text, "07:00:00") {
			t.Errorf("%s: %s", l, text)
		}
	}
}
