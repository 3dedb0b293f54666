package attendance

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"klokkast/app"
)

// inTable is a row of the table of rules in docs/attendance.md: a story that
// breaks the rule just so much, how serious that is, by which threshold, and to
// what the threshold must be set so that the same story breaks nothing.
type inTable struct {
	rule     app.Rule
	severity app.Severity
	by       app.Threshold // "" for a rule that measures nothing
	limit    int64         // its default
	rest     int64         // set to this, it finds nothing
	tell     func(*testing.T) *story
}

// an tells what An does on Monday 2026-11-23.
func an(text string) func(*testing.T) *story {
	return func(t *testing.T) *story { return tell(t, "2026-11-23").punch("An", text) }
}

func changed(by func(*testing.T) *story, change func(*story)) func(*testing.T) *story {
	return func(t *testing.T) *story {
		s := by(t)
		change(s)
		return s
	}
}

func underCIAO(s *story) { s.in.SiteDecisions[0].Decision = app.UnderCIAO }

func coveredTo(to int) func(*story) {
	return func(s *story) {
		underCIAO(s)
		s.in.Declarations = []app.Declaration{{ID: "ddt", Days: app.Days{To: s.day.AddDays(to)}}}
		s.in.DeclarationSites = []app.DeclarationSite{{ID: "l", DeclarationID: "ddt", SiteID: "A"}}
	}
}

// ofClock tells an ordinary day of a box whose clock is off when it is read.
func ofClock(off time.Duration) func(*testing.T) *story {
	return func(t *testing.T) *story {
		s := tellClock(t)
		s.tapped("An", "in", s.at("07:00"), 1, 0)
		s.tapped("An", "out", s.at("12:00"), 1, 0)
		s.read("r1", s.at("18:00"), off, true)
		return s.story
	}
}

// event tells a day on which a box noted something of itself.
func event(kind app.RecordType) func(*testing.T) *story {
	return func(t *testing.T) *story {
		s := tellClock(t)
		s.event(kind, s.at("10:00"), 1, 0)
		s.read("r1", s.at("18:00"), 0, true)
		return s.story
	}
}

func theTable() []inTable {
	const S, W, I = app.Serious, app.Warning, app.Information
	planned := func(hours, text string) func(*testing.T) *story {
		return changed(an(text), func(s *story) { s.today("An", "A", hours) })
	}
	return []inTable{
		{
			app.MissingOut,
			S,
			MissingOutAfter,
			16 * hour,
			3 * day,
			changed(an("in 07:00"), func(s *story) { s.in.Now = s.at("23:01"); s.readTo("boxA", "23:01") }),
		},
		{app.MissingIn, S, "", 0, 0, an("out 12:00")},
		{app.DuplicateTap, I, DuplicateWithin, 2 * minute, minute, an("tap 07:00 · tap 07:02 · tap 12:00")},
		{app.KeyContradiction, W, RepeatWithin, 15 * minute, 14 * minute, an("in 07:00 · in 07:15 · out 12:00")},
		{app.KeyContradiction, W, SecondThought, 2 * minute, minute, an("in 07:00 · in 12:00 · out 12:02")},
		{app.KeyContradiction, W, "", 0, 0, an("in 07:00 · back 09:00 · out 12:00")},
		{app.NightOrForgotten, W, NightAsked, 10 * hour, 11 * hour, an("tap 20:00 · tap 06:01+1")},
		{app.UnknownBadge, S, "", 0, 0, func(t *testing.T) *story { return tell(t, "2026-11-23").punch("0BAD", "in 07:00") }},
		{app.InactiveWorker, S, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) { s.in.Engagements[0].Days.To = s.day - 1 })},
		{app.AmbiguousEmployer, W, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) {
			s.in.Engagements[0].Days.To = s.day - 1
			for _, id := range []app.ID{"x", "y"} {
				s.in.Engagements = append(s.in.Engagements, app.Engagement{ID: id, WorkerID: "an", EmployerID: "boss"})
			}
		})},
		{app.AmbiguousDeclared, W, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) {
			coveredTo(90)(s)
			s.in.Declarations = append(s.in.Declarations, app.Declaration{ID: "other"})
			s.in.DeclarationSites = append(s.in.DeclarationSites, app.DeclarationSite{ID: "l2", DeclarationID: "other", SiteID: "A"})
		})},
		{app.Overlap, S, "", 0, 0, an("@A in 07:00 · @B in 09:00 · @A out 10:00 · @B out 12:00")},
		{app.ImpossibleTravel, W, TravelSpeed, 60, 100, changed(an("@A in 07:00 · out 10:00 · @B in 10:24 · out 13:00"), func(s *story) { apart(s, 29.9) })},
		{app.LongPresence, W, LongWarning, 11 * hour, 12 * hour, an("in 06:00 · break 10:00 · back 13:00 · out 17:00:01")},
		{app.LongPresence, S, LongSerious, 16 * hour, 17 * hour, changed(an("in 04:00 · break 08:00 · back 16:00 · out 20:00:01"), func(s *story) {
			s.in.Settings.Thresholds = app.Thresholds{LongWarning: 16*hour + minute}
		})},
		{app.DayLimit, W, DayLimitAfter, 9 * hour, 10 * hour, an("in 06:00 · break 10:00 · back 11:00 · out 16:00:01")},
		{app.ShortPresence, W, ShortBelow, 3 * hour, 2 * hour, an("in 07:00 · out 09:59:59")},
		{app.NoBreak, W, NoBreakAfter, 6 * hour, 7 * hour, an("in 07:00 · out 13:00:01")},
		{app.ShortRest, W, RestWarning, 11 * hour, 10 * hour, an("in 14:00 · out 19:00 · in 05:59:59+1 · out 10:00+1")},
		{app.ShortRest, S, RestSerious, 9 * hour, 8 * hour, changed(an("in 14:00 · out 19:00 · in 03:59:59+1 · out 08:00+1"), func(s *story) {
			s.in.Settings.Thresholds = app.Thresholds{RestWarning: 9 * hour}
		})},
		// Five days of 7:25 are 37:05; five of 10:00:01 are 50:00:05.
		{app.WeekLimit, W, WeekWarning, 37 * hour, 38 * hour, an(fiveDays("in 07:00", "out 14:25"))},
		{app.WeekLimit, S, WeekSerious, 50 * hour, 51 * hour, changed(an(fiveDays("in 07:00", "out 17:00:01")), func(s *story) {
			s.in.Settings.Thresholds = app.Thresholds{WeekWarning: 50 * hour}
		})},
		{app.NightWork, I, NightFrom, 20 * hour, 21 * hour, an("in 16:00 · out 20:01")},
		{app.SundayHoliday, I, "", 0, 0, an("in 07:00+6 · out 12:00+6")},
		{app.ClockDrift, W, DriftWarning, 30 * second, minute, ofClock(31 * time.Second)},
		{app.ClockReset, S, DriftLimit, 5 * minute, 6 * minute, ofClock(5*time.Minute + time.Second)},
		{app.FuturePunch, S, DriftLimit, 5 * minute, 6 * minute, func(t *testing.T) *story {
			s := tellClock(t)
			s.tapped("An", "in", s.at("07:00"), 1, 0)
			s.tapped("An", "out", s.at("12:00"), 1, 0)
			s.tapped("Bo", "in", s.at("18:05:01"), 1, 0)
			s.read("r1", s.at("18:00"), 0, false)
			return s.story
		}},
		{app.BoxEventRule, W, MemoryAbove, 90, 91, changed(an("in 07:00 · out 12:00"), func(s *story) {
			s.in.Fills = []Fill{{Box: "boxA", At: s.at("18:00"), Used: 901, Capacity: 1000}}
		})},
		{app.BoxEventRule, S, "", 0, 0, event(app.RecordCaseOpened)},
		{app.BoxEventRule, I, "", 0, 0, event(app.RecordPowerLost)},
		{app.SequenceGap, S, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) {
			s.in.Gaps = []app.Gap{{Log: app.LogKey{Box: "boxA", Log: "log"}, First: 3, Last: 9, Known: s.in.Now}}
		})},
		{app.SequenceGap, I, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) {
			s.in.Gaps = []app.Gap{{Log: app.LogKey{Box: "boxA", Log: "log"}, First: 3, Last: 9, Known: s.in.Now, ReadElsewhere: true}}
		})},
		{
			app.BoxUnread,
			W,
			UnreadAfter,
			7 * day,
			8 * day,
			changed(an("in 07:00 · out 12:00"), func(s *story) { s.readTo("boxA", "23:59"); s.in.Now = s.at("00:00+8") }),
		},
		{PhonesUnchecked, W, PhonesAfter, 7 * day, 8 * day, changed(an("in 07:00 · out 12:00"), func(s *story) {
			s.allowPhones("A", "00:00")
			s.in.Now = s.at("00:00+8")
		})},
		{app.NoDeclaration, S, "", 0, 0, changed(an("in 07:00 · out 12:00"), underCIAO)},
		{app.DeclarationExpired, S, "", 0, 0, changed(an("in 07:00 · out 12:00"), coveredTo(-1))},
		{app.DeclarationExpiring, W, ExpiringWithin, 30, 29, changed(an("in 07:00 · out 12:00"), coveredTo(37))}, // today is 7 days later
		{app.UndecidedSite, W, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) { s.in.SiteDecisions = s.in.SiteDecisions[1:] })},
		{app.IdentityRule, S, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) { s.in.Workers[0].SSIN = "" })},
		{
			app.NotShown,
			W,
			NotShownGrace,
			15 * minute,
			16 * minute,
			changed(planned("07:00-12:00", ""), func(s *story) { s.in.Now = s.at("07:16"); s.readTo("boxA", "07:16") }),
		},
		{app.Late, W, LateGrace, 15 * minute, 16 * minute, planned("07:00-12:00", "in 07:15:01 · out 12:00")},
		{app.EarlyLeave, W, EarlyGrace, 15 * minute, 16 * minute, planned("07:00-12:00", "in 07:00 · out 11:44:59")},
		{app.NotPlanned, W, "", 0, 0, changed(an("in 07:00 · out 12:00"), func(s *story) { s.today("Bo", "A", "07:00-12:00") })},
	}
}

// fiveDays tells five days of the same.
func fiveDays(in, out string) (text string) {
	for d := range 5 {
		text += fmt.Sprintf("%s+%d · %s+%d · ", in, d, out, d)
	}
	return text
}

func TestTheTableOfRules(t *testing.T) {
	seen := map[app.Rule][]app.Severity{app.TogetherAlways: {app.Information}} // in its own test: it takes ten taps of two persons
	for _, row := range theTable() {
		seen[row.rule] = append(seen[row.rule], row.severity)
		name := fmt.Sprintf("%s %s %s", row.severity, row.rule, row.by)
		t.Run(name, func(t *testing.T) {
			a := row.tell(t).derive().find(row.rule)
			if a.Severity != row.severity || a.Threshold != row.by || a.Limit != row.limit {
				t.Errorf("found %s by %q, %d; want %s by %q, %d", a.Severity, a.Threshold, a.Limit, row.severity, row.by, row.limit)
			}
		})
		if row.by == "" {
			continue
		}
		d, ok := DefaultOf(row.by)
		if !ok || d.Value != row.limit {
			t.Fatalf("%s: the default is %d, the table says %d", row.by, d.Value, row.limit)
		}
		for _, level := range []Reach{ForCompany, ForSite, ForContract} {
			t.Run(fmt.Sprint(name, " set, ", level), func(t *testing.T) {
				s := row.tell(t)
				if level > d.Reach {
					return
				}
				s.set(level, row.by, row.rest)
				for _, a := range s.derive().Anomalies {
					if a.Rule == row.rule && a.Threshold == row.by {
						t.Errorf("with %d there is still %+v", row.rest, a)
					}
				}
			})
		}
	}
	for _, r := range Rules() {
		if r.AtRegister {
			continue // in app/ciao
		}
		for _, severity := range r.Severities {
			if !slices.Contains(seen[r.Name], severity) {
				t.Errorf("no story tells how %s becomes %s", r.Name, severity)
			}
		}
	}
}

// set sets a threshold for the company, for all sites, or for An's engagement.
func (s *story) set(level Reach, name app.Threshold, v int64) {
	own := app.Thresholds{name: v}
	switch level {
	case ForCompany:
		for k, v := range s.in.Settings.Thresholds {
			if k != name {
				own[k] = v
			}
		}
		s.in.Settings.Thresholds = own
	case ForSite:
		for i := range s.in.Sites {
			s.in.Sites[i].Thresholds = own
		}
	case ForContract:
		s.in.Engagements[0].Thresholds = own
	}
}
