package attendance

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
)

// shift plans someone at a site: weekdays and hours as they are typed, from the
// story's day on. The line's id is its number.
func (s *story) shift(who, site, weekdays, hours string) *app.PlanLine {
	s.t.Helper()
	w, err := app.ParseWeekdays(weekdays)
	if err != nil {
		s.t.Fatal(err)
	}
	h, err := app.ParseHours(hours)
	if err != nil {
		s.t.Fatal(err)
	}
	n := len(s.in.PlanLines)
	s.in.PlanLines = append(
		s.in.PlanLines,
		app.PlanLine{ID: app.ID(fmt.Sprint("l", n)), SiteID: app.ID(site), EngagementID: app.ID("e-" + strings.ToLower(who)),
			Weekdays: w, Hours: h, Days: app.Days{From: s.day}, EveryWeeks: 1},
	)
	return &s.in.PlanLines[n]
}

// today is the story's day alone: the plan holds on it and on no other.
func (s *story) today(who, site, hours string) *app.PlanLine {
	s.t.Helper()
	l := s.shift(who, site, "mon-sun", hours)
	l.Days.To = s.day
	return l
}

// except notes an exception of the first line on the story's day.
func (s *story) except(kind app.ExceptionKind, hours, standIn string) *story {
	s.t.Helper()
	h, err := app.ParseHours(hours)
	if err != nil {
		s.t.Fatal(err)
	}
	x := app.PlanException{ID: app.ID(fmt.Sprint("x", len(s.in.PlanExceptions))), LineID: "l0", Days: app.Days{From: s.day, To: s.day}, Kind: kind, Hours: h}
	if standIn != "" {
		x.StandIn = app.ID("e-" + strings.ToLower(standIn))
	}
	s.in.PlanExceptions = append(s.in.PlanExceptions, x)
	return s
}

// away notes that someone is away on the story's day, for some hours or all of it.
func (s *story) away(who, hours string) *story {
	s.t.Helper()
	h, err := app.ParseHours(hours)
	if err != nil {
		s.t.Fatal(err)
	}
	s.in.Absences = append(s.in.Absences, app.Absence{ID: app.ID(fmt.Sprint("a", len(s.in.Absences))), WorkerID: app.ID(strings.ToLower(who)),
		Days: app.Days{From: s.day, To: s.day}, Hours: h, Kind: "sick"})
	return s
}

// ofPlan writes what the rules of a plan found, in the order of the result:
// rule, who, and the anchor without ids of lines; with what was measured.
func (r *told) ofPlan() string {
	var list []string
	for i := range r.Anomalies {
		a := &r.Anomalies[i]
		switch a.Rule {
		case app.NotShown, app.NotPlanned:
			list = append(list, fmt.Sprintf("%s %s %s", a.Rule, a.WorkerID, a.Anchor[5:]))
		case app.Late, app.EarlyLeave:
			list = append(list, fmt.Sprintf("%s %s %s %d", a.Rule, a.WorkerID, a.Anchor[5:], a.Value/minute))
		}
	}
	return strings.Join(list, ", ")
}

func (r *told) expectPlan(want string) *told {
	r.s.t.Helper()
	if got := r.ofPlan(); got != want {
		r.s.t.Errorf("found %q, want %q", got, want)
	}
	return r
}

// An's shift at A from 08:00 to 12:00 on Monday 2026-11-23, and what she did.
func TestPlannedMorning(t *testing.T) {
	for _, c := range []struct{ name, story, found string }{
		{"as planned", "in 07:58 · out 12:01", ""},
		{"at the edge of the grace", "in 08:15 · out 11:45", ""},
		{"a second beyond it", "in 08:15:01 · out 11:44:59", "late an 11-23/l0 15, early-leave an 11-23/l0 15"},
		{"nobody came", "", "not-shown an 11-23/l0"},
		{"came and went between two breaks without keys", "tap 07:58 · tap 10:00 · tap 10:15 · tap 12:00", ""},
		{"away in the middle for long", "in 08:00 · out 09:00 · in 11:00 · out 12:00", ""},
		{"came in the afternoon instead", "in 14:00 · out 18:00", "late an 11-23/l0 360"},
		{"came and went before", "in 05:00 · out 07:00", "early-leave an 11-23/l0 300"},
		{"forgot the OUT", "in 08:00", ""},
		{"forgot the IN", "out 12:00", ""},
		{"forgot the OUT, came late", "in 09:00", "late an 11-23/l0 60"},
		{"tapped elsewhere", "@B in 08:00 · out 12:00", "not-shown an 11-23/l0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			s.today("An", "A", "08:00-12:00")
			s.derive().expectPlan(c.found)
		})
	}
}

// Split shifts: each is matched by itself, and one presence over both is no absence from either.
func TestPlannedSplitShift(t *testing.T) {
	for _, c := range []struct{ name, story, found string }{
		{"as planned", "in 06:00 · out 09:00 · in 17:00 · out 20:00", ""},
		{"only in the morning", "in 06:00 · out 09:00", "not-shown an 11-23/l1"},
		{"only in the evening", "in 17:00 · out 20:00", "not-shown an 11-23/l0"},
		{"late in the evening", "in 06:00 · out 09:00 · in 17:30 · out 20:00", "late an 11-23/l1 30"},
		{"right through", "in 06:00 · out 20:00", ""},
		{"forgot the OUT and did not tap again", "in 06:00", ""}, // missing-out says it: she may have been there
		{"a look in at noon", "in 06:00 · out 09:00 · in 12:00 · out 12:10", "not-shown an 11-23/l1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			s.today("An", "A", "06:00-09:00")
			s.today("An", "A", "17:00-20:00")
			s.derive().expectPlan(c.found)
		})
	}
}

// Shifts on end: staying some minutes longer in the first is not coming to the second.
func TestPlannedShiftsOnEnd(t *testing.T) {
	for _, c := range []struct{ story, found string }{
		{"in 08:00 · out 12:00", ""},
		{"in 08:00 · out 10:05", "not-shown an 11-23/l1"},
		{"in 08:00 · out 11:00", "early-leave an 11-23/l1 60"},
	} {
		s := tell(t, "2026-11-23").punch("An", c.story)
		s.today("An", "A", "08:00-10:00")
		s.today("An", "A", "10:00-12:00")
		s.derive().expectPlan(c.found)
	}
}

// Night shifts, also those in which the clock changes, belong to the day on which they begin.
func TestPlannedNights(t *testing.T) {
	for _, c := range []struct{ name, day, story, found string }{
		{"as planned", "2026-11-23", "in 22:00 · out 06:00+1", ""},
		{"came after midnight", "2026-11-23", "in 01:00+1 · out 06:00+1", "late an 11-23/l0 180"},
		{"nobody came", "2026-11-23", "", "not-shown an 11-23/l0"},
		{"last day of the year", "2026-12-31", "in 22:00 · out 06:00+1", ""},
		{"an hour shorter: 22:00 to 06:00 are seven", "2026-03-28", "in 22:00 · out 06:00+1", ""},
		{"left when the clock jumped, three hours before the end", "2026-03-28", "in 22:00 · out 03:00+1", "early-leave an 03-28/l0 180"},
		{"an hour longer", "2026-10-24", "in 22:00 · out 06:00+1", ""},
		{"left in the second 02:30, three and a half hours before", "2026-10-24", "in 22:00 · out 02:30+1w", "early-leave an 10-24/l0 210"},
		{"left in the first, four and a half before", "2026-10-24", "in 22:00 · out 02:30+1", "early-leave an 10-24/l0 270"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, c.day).punch("An", c.story)
			s.today("An", "A", "22:00-06:00")
			s.derive().expectPlan(c.found)
		})
	}
	// A shift from 02:30 in the night without 02:30 begins at 03:30, which is 01:30 UTC.
	s := tell(t, "2026-03-29").punch("An", "in 03:40 · out 06:00")
	s.today("An", "A", "02:30-06:00")
	s.derive().expectPlan("")
}

func TestPlannedExceptions(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.today("An", "A", "08:00-12:00")
	s.except(app.ShiftCancelled, "", "").derive().expectPlan("") // nobody is expected

	s = tell(t, "2026-11-23").punch("An", "in 08:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	r := s.except(app.ShiftCancelled, "", "").derive().expectPlan("not-planned an 11-23/A")
	if got := r.find(app.NotPlanned).Facts["reason"]; got != reasonCancelled {
		t.Errorf("came to a cancelled shift: reason %q", got)
	}

	s = tell(t, "2026-11-23").punch("An", "in 10:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.except(app.ShiftHours, "10:00-13:00", "").derive().expectPlan("early-leave an 11-23/l0 60")
}

func TestPlannedReplacement(t *testing.T) {
	s := tell(t, "2026-11-23").punch("Bo", "in 08:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.derive().expectPlan("not-planned bo 11-23/A, not-shown an 11-23/l0")

	s = tell(t, "2026-11-23").punch("Bo", "in 08:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.except(app.ShiftReplaced, "", "Bo").derive().expectPlan("")

	s = tell(t, "2026-11-23").punch("An", "in 08:00 · out 12:00") // An came, though Bo was to
	s.today("An", "A", "08:00-12:00")
	s.except(app.ShiftReplaced, "", "Bo").derive().expectPlan("not-planned an 11-23/A, not-shown bo 11-23/l0")

	s = tell(t, "2026-11-23").punch("Bo", "in 09:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.except(app.ShiftReplaced, "", "Bo").derive().expectPlan("late bo 11-23/l0 60")
}

func TestPlannedAbsence(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.today("An", "A", "08:00-12:00")
	s.away("An", "").derive().expectPlan("") // explained

	s = tell(t, "2026-11-23").punch("An", "in 10:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.away("An", "07:00-10:00").derive().expectPlan("") // a part of the day

	s = tell(t, "2026-11-23").punch("An", "in 10:30 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.away("An", "07:00-10:00").derive().expectPlan("late an 11-23/l0 30")

	s = tell(t, "2026-11-23").punch("An", "in 08:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	r := s.away("An", "").derive().expectPlan("not-planned an 11-23/A")
	if got := r.find(app.NotPlanned).Facts["reason"]; got != reasonAbsent {
		t.Errorf("came though away: reason %q", got)
	}

	s = tell(t, "2026-11-23")
	s.today("An", "A", "08:00-12:00")
	s.away("An", "").in.Absences[0].Withdrawn = 1
	s.derive().expectPlan("not-shown an 11-23/l0")
}

func TestNotPlanned(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@A in 08:00 · out 12:00 · @B in 13:00 · out 14:00 · in 15:00 · out 16:00")
	s.today("Bo", "B", "13:00-14:00").EngagementID = "e-bo"
	s.punch("Bo", "@B in 13:00 · out 14:00")
	// Site A has no plan; at B there is one finding for the two presences, with both INs.
	r := s.derive().expectPlan("not-planned an 11-23/B")
	if got := len(r.find(app.NotPlanned).Punches); got != 2 {
		t.Errorf("%d punches, want both INs", got)
	}

	// An extra shift counts; a day on which no line holds is not judged.
	s = tell(t, "2026-11-23").punch("An", "in 18:00 · out 20:00 · in 18:00+1 · out 20:00+1")
	s.today("Bo", "A", "08:00-12:00")
	s.today("An", "A", "18:00-20:00")
	s.derive().expectPlan("not-shown bo 11-23/l0")
}

// Principle 1: an unread box makes no anomalies.
func TestAnUnreadBoxMakesNobodyMissing(t *testing.T) {
	for _, c := range []struct{ read, found string }{
		{"08:15", ""}, // up to the grace, not past it
		{"08:15:01", "not-shown an 11-23/l0"},
	} {
		s := tell(t, "2026-11-23")
		s.today("An", "A", "08:00-12:00")
		s.readTo("boxA", c.read)
		s.derive().expectPlan(c.found)
	}

	// Of two boxes one was not read: she may have tapped there.
	s := tell(t, "2026-11-23").punch("An", "in 09:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.today("Bo", "A", "08:00-12:00")
	s.addBox("boxA2", "A")
	s.readTo("boxA2", "07:00")
	s.derive().expectPlan("")

	// A site without a box makes nobody missing.
	s = tell(t, "2026-11-23")
	s.today("An", "A", "08:00-12:00")
	s.in.Placements = nil
	s.derive().expectPlan("")

	// Nor does a gap before it is explained as lost; then it is named.
	s = tell(t, "2026-11-23").punch("Bo", "in 07:00 · out 12:00")
	s.today("An", "A", "08:00-12:00")
	s.today("Bo", "A", "07:00-12:00")
	s.derive().expectPlan("not-shown an 11-23/l0")
	s.in.Punches[1].Key.Seq = 4
	s.in.Gaps = []app.Gap{{Log: app.LogKey{Box: "boxA", Log: "log"}, First: 2, Last: 3}}
	r := s.derive().expectPlan("")
	gap := r.find(app.SequenceGap)
	s.in.States = []app.AnomalyState{{Key: gap.Key(), Status: app.AnomalyExplained}}
	if got := s.derive().expectPlan("not-shown an 11-23/l0").find(app.NotShown).Facts["gapFirst"]; got != "2" {
		t.Errorf("the lost records are not named: %q", got)
	}
}

func TestEarlyLeaveWaits(t *testing.T) {
	for _, c := range []struct{ read, found string }{
		{"10:30", ""}, // she may have come back
		{"11:45:01", "early-leave an 11-23/l0 120"},
	} {
		s := tell(t, "2026-11-23").punch("An", "in 08:00 · out 10:00")
		s.today("An", "A", "08:00-12:00")
		s.readTo("boxA", c.read)
		s.derive().expectPlan(c.found)
	}
}

func TestPlannedGraceIsSet(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 08:10 · out 11:50")
	s.today("An", "A", "08:00-12:00")
	s.in.Sites[0].Thresholds = app.Thresholds{LateGrace: 5 * minute, EarlyGrace: 5 * minute}
	r := s.derive().expectPlan("late an 11-23/l0 10, early-leave an 11-23/l0 10")
	if a := r.find(app.Late); a.Limit != 5*minute || a.Threshold != LateGrace || a.At != s.at("08:00") {
		t.Errorf("late says %+v", a)
	}
}

// What people stated counts as being there, and finds nothing of its own.
func TestPlannedStatements(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.today("An", "A", "08:00-12:00")
	s.today("Bo", "A", "18:00-20:00")
	whole := func(id, who, from, to string) {
		s.in.Adjustments = append(
			s.in.Adjustments,
			app.Adjustment{ID: app.ID(id), Kind: app.AdjustPresence, EngagementID: app.ID("e-" + who), SiteID: "A", From: s.at(from), To: s.at(to)},
		)
	}
	whole("w1", "an", "09:00", "10:00")
	whole("w2", "bo", "18:00", "20:00")
	whole("w3", "cem", "08:00", "12:00")
	s.derive().expectPlan("")
}

// An explanation is about this shift of this day, whatever hours it has.
func TestPlannedIdentity(t *testing.T) {
	find := func(s *story) app.AnomalyKey {
		s.today("An", "A", "08:00-12:00")
		return s.derive().find(app.NotShown).Key()
	}
	plain := find(tell(t, "2026-11-23"))
	changed := tell(t, "2026-11-23").except(app.ShiftHours, "09:00-13:00", "")
	if other := find(changed); other != plain {
		t.Errorf("%s became %s", plain, other)
	}
}

// planRule says that a rule exists only with a plan.
func planRule(r app.Rule) bool {
	return r == app.NotShown || r == app.Late || r == app.EarlyLeave || r == app.NotPlanned
}

// Without a plan its rules find nothing, whatever happened.
func TestWithoutAPlanNothingIsPlanned(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		anyPlan(rt, s)
		s.in.PlanLines = nil // exceptions and absences alone are no plan
		for _, a := range Derive(&s.in).Anomalies {
			if planRule(a.Rule) {
				rt.Fatalf("%+v", a)
			}
		}
	})
}

// anyPlan returns a story any plan.
func anyPlan(rt *rapid.T, s *story) {
	people := rapid.SampledFrom([]string{"An", "Bo", "Cem"})
	clock := rapid.Custom(func(rt *rapid.T) string {
		from := rapid.IntRange(0, 95).Draw(rt, "from")
		return app.Hours{From: app.TimeOfDay(from * 15), To: app.TimeOfDay((from + rapid.IntRange(1, 48).Draw(rt, "quarters")) % 96 * 15)}.String()
	})
	for range rapid.IntRange(1, 4).Draw(rt, "lines") {
		l := s.shift(people.Draw(rt, "who"), rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "site"), "mon-sun", clock.Draw(rt, "hours"))
		l.Days.To = s.day.AddDays(rapid.IntRange(0, 6).Draw(rt, "days"))
	}
	for range rapid.IntRange(0, 2).Draw(rt, "exceptions") {
		switch kind := rapid.SampledFrom([]app.ExceptionKind{app.ShiftCancelled, app.ShiftHours, app.ShiftReplaced}).Draw(rt, "kind"); kind {
		case app.ShiftHours:
			s.except(kind, clock.Draw(rt, "hours"), "")
		case app.ShiftReplaced:
			s.except(kind, "", people.Draw(rt, "stand-in"))
		default:
			s.except(kind, "", "")
		}
	}
	for range rapid.IntRange(0, 2).Draw(rt, "absences") {
		s.away(people.Draw(rt, "who"), rapid.SampledFrom([]string{"", "08:00-12:00"}).Draw(rt, "hours"))
	}
}

// One fact, one anomaly: a shift that nobody came to is not also late or left
// early. The order of the facts and telling them twice change nothing. Nothing
// is missing where the box was never read.
func TestAnyPlan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyStory(rt, t)
		anyPlan(rt, s)
		r := Derive(&s.in)
		notShown := map[string]bool{}
		for _, a := range r.Anomalies {
			if a.Rule == app.NotShown {
				notShown[a.Subject.ID+a.Anchor] = true
				if s.reading("box"+string(a.SiteID)).ReadTo <= a.At+app.Instant(a.Limit) {
					rt.Fatalf("not shown at a box that was not read so far: %+v", a)
				}
			}
		}
		for _, a := range r.Anomalies {
			if (a.Rule == app.Late || a.Rule == app.EarlyLeave) && notShown[a.Subject.ID+a.Anchor] {
				rt.Fatalf("not shown, and %s: %s", a.Rule, a.Anchor)
			}
		}
		want := bytesOf(rt, r)
		s.in.PlanLines = rapid.Permutation(append(s.in.PlanLines, s.in.PlanLines...)).Draw(rt, "lines")
		s.in.PlanExceptions = rapid.Permutation(append(s.in.PlanExceptions, s.in.PlanExceptions...)).Draw(rt, "exceptions")
		s.in.Absences = rapid.Permutation(append(s.in.Absences, s.in.Absences...)).Draw(rt, "absences")
		if got := bytesOf(rt, Derive(&s.in)); got != want {
			rt.Fatalf("in another order:\n%s\nwant:\n%s", got, want)
		}
	})
}
