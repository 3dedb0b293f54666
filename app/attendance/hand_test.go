package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

// Stories whose results were worked out by hand from the rule book, at the very
// limits of its rules and where several of them meet.

// byHand is one of An's stories: her days, and what is found.
type byHand struct{ name, day, story, days, rules string }

func TestByHand(t *testing.T) {
	const plain = "2026-11-23" // a Monday
	for _, c := range []byHand{
		// Clocks go forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00. What counts is elapsed time.
		{"keyless over the short night: 22:00–06:00 is 7 h", "2026-03-28", "tap 22:00 · tap 06:00+1",
			"2026-03-28 7:00 A 22:00–06:00", "I night-work, W no-break, I sunday-holiday"},
		{"19:30–06:00 is 9 h 30 then: no question", "2026-03-28", "tap 19:30 · tap 06:00+1",
			"2026-03-28 9:30 A 19:30–06:00", "W day-limit, I night-work, W no-break, I sunday-holiday"},
		{"20:30–06:00 is 10 h 30 in the long night: a question", "2026-10-24", "tap 20:30 · tap 06:00+1",
			"2026-10-24 10:30 A 20:30–06:00", "W day-limit, W night-or-forgotten, I night-work, W no-break, I sunday-holiday"},
		{"20:00–06:00 is 11 h in the long night: a new IN", "2026-10-24", "tap 20:00 · tap 06:00+1 · tap 10:00+1",
			"2026-10-24 0:00 A 20:00–! *\n2026-10-25 4:00 A 06:00–10:00", "S missing-out, I sunday-holiday"},
		{"an OUT at the same time of the next day is 25 h late then", "2026-10-24", "in 07:00 · out 07:00+1",
			"2026-10-24 0:00 A 07:00–! *\n2026-10-25 0:00 A !–07:00 *", "S missing-out, S missing-in"},
		{"and one an hour later just in time in spring", "2026-03-28", "in 07:00 · out 08:00+1",
			"2026-03-28 24:00 A 07:00–08:00", "W day-limit, S long-presence, I night-work, W no-break, I sunday-holiday"},
		{"from 22:00 to 08:30 are 9 h 30 of rest in spring", "2026-03-28", "in 18:00 · out 22:00 · in 08:30+1 · out 12:30+1",
			"2026-03-28 4:00 A 18:00–22:00\n2026-03-29 4:00 A 08:30–12:30", "I night-work, W short-rest, I sunday-holiday"},
		{"from 22:00 to 08:00 are 11 h in autumn: enough", "2026-10-24", "in 18:00 · out 22:00 · in 08:00+1 · out 12:00+1",
			"2026-10-24 4:00 A 18:00–22:00\n2026-10-25 4:00 A 08:00–12:00", "I night-work, I sunday-holiday"},
		{"a double tap over the hour that comes twice", "2026-10-24", "tap 22:00 · tap 02:59:30+1 · tap 02:00:30+1w",
			"2026-10-24 4:59:30 A 22:00–02:59:30", "I night-work, I sunday-holiday, I duplicate-tap"},

		// W1: less than four hours after the last punch it is the same workday.
		{"a moment before four hours", plain, "in 20:00 · out 23:00 · in 02:59:59+1 · out 05:00+1",
			"2026-11-23 5:00:01 A 20:00–23:00 A 02:59:59–05:00", "I night-work"},
		{"four hours", plain, "in 20:00 · out 23:00 · in 03:00+1 · out 06:00+1",
			"2026-11-23 3:00 A 20:00–23:00\n2026-11-24 3:00 A 03:00–06:00", "I night-work, S short-rest, I night-work"},
		{"what has no IN holds nothing together", plain, "in 20:00 · out 23:00 · out 01:00+1 · in 03:30+1 · out 06:30+1",
			"2026-11-23 3:00 A 20:00–23:00\n2026-11-24 3:00 A !–01:00 A 03:30–06:30 *", "I night-work, S missing-in, I night-work"},
		{"over the end of the year, in one week", "2026-12-28", "in 07:00 · out 13:00 · in 07:00+1 · out 13:00+1 · in 07:00+2 · out 13:00+2 · in 22:00+3 · break 02:00+4 · back 03:00+4 · out 07:00+4 · in 20:00+4 · break 00:00+5 · back 00:30+5 · out 05:00+5",
			"2026-12-28 6:00 A 07:00–13:00\n2026-12-29 6:00 A 07:00–13:00\n2026-12-30 6:00 A 07:00–13:00\n2026-12-31 8:00 A 22:00–07:00 (02:00–03:00)\n2027-01-01 8:30 A 20:00–05:00 (00:00–00:30)",
			"I night-work, I sunday-holiday, I night-work, I sunday-holiday"},

		// D1: at most 2:00 after the previous tap, itself ignored or not.
		{"a row of taps", plain, "tap 07:00 · tap 07:01:30 · tap 07:03:30 · tap 07:05:31",
			"2026-11-23 0:05:31 A 07:00–07:05:31", "I duplicate-tap, W short-presence"},
		{"a tap with and one without key are one, with the key", plain, "tap 07:00 · in 07:01 · tap 12:00 · out 12:01",
			"2026-11-23 5:00 A 07:00–12:00", "I duplicate-tap, I duplicate-tap"},
		{"without key, then with the one that contradicts", plain, "tap 07:00 · out 07:01",
			"2026-11-23 0:00 A !–07:00 *", "I duplicate-tap, S missing-in"},

		// Breaks.
		{"a break worked elsewhere", plain, "@A in 06:00 · break 08:00 · @B in 08:20 · out 09:20 · @A back 09:40 · out 10:00",
			"2026-11-23 3:20 A 06:00–10:00 (08:00–09:40) B 08:20–09:20", ""},
		{"a break that ends at another site", plain, "@A in 07:00 · break 10:00 · @B back 10:10 · out 12:00",
			"2026-11-23 4:50 A 07:00–! (10:00–?) B !–12:00 (?–10:10) *", "S missing-out, S missing-in"},
		{"never back from the break", plain, "in 07:00 · break 10:00 · in 07:00+1 · out 12:00+1",
			"2026-11-23 3:00 A 07:00–! (10:00–?) *\n2026-11-24 5:00 A 07:00–12:00", "S missing-out"},
		{"two breaks, the second ended by the OUT", plain, "in 07:00 · break 09:00 · back 09:10 · break 11:00 · out 12:00",
			"2026-11-23 3:50 A 07:00–12:00 (09:00–09:10) (11:00–12:00)", "W key-contradiction"},
		{"a break start twice, and an IN back", plain, "in 07:00 · break 09:00 · break 09:20 · in 09:30 · out 12:00",
			"2026-11-23 4:30 A 07:00–12:00 (09:00–09:30)", "W key-contradiction"},

		// Forgotten taps in rows.
		{"two OUTs, then two INs", plain, "in 07:00 · in 07:00+1 · out 15:00+2 · out 15:00+3 · in 07:00+4 · out 12:00+4",
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 0:00 A 07:00–! *\n2026-11-25 0:00 A !–15:00 *\n2026-11-26 0:00 A !–15:00 *\n2026-11-27 5:00 A 07:00–12:00",
			"S missing-out, S missing-out, S missing-in, S missing-in"},
		{"without keys three mornings", plain, "tap 07:00 · tap 07:00+1 · tap 07:00+2 · tap 12:00+2",
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 0:00 A 07:00–! *\n2026-11-25 5:00 A 07:00–12:00", "S missing-out, S missing-out"},
		{"forgotten at each of three sites", plain, "@A in 06:00 · @B in 09:00 · @C in 12:00 · out 15:00",
			"2026-11-23 3:00 A 06:00–! B 09:00–! C 12:00–15:00 *", "S missing-out, S missing-out"},
		{"a whole visit elsewhere lies between: the tap there is a new IN", plain, "@A tap 06:00 · @B tap 08:00 · tap 10:00 · @A tap 11:00 · tap 12:00",
			"2026-11-23 3:00 A 06:00–! B 08:00–10:00 A 11:00–12:00 *", "S missing-out"},
		{"a visit elsewhere that has no OUT does not", plain, "@A tap 06:00 · @B tap 08:00 · @A tap 11:00",
			"2026-11-23 5:00 A 06:00–11:00 B 08:00–! *", "S missing-out"},

		// What has no IN is dated by itself; an hour that the evening before counts already counts once.
		{"at another site after midnight while the evening goes on", plain, "@A in 18:00 · @B back 00:00+1 · out 01:00+1 · @A out 02:00+1",
			"2026-11-23 8:00 A 18:00–02:00\n2026-11-24 0:00 B !–01:00 (?–00:00) *", "I night-work, W no-break, S missing-in"},

		// Three at once: 07–12, 09–11 and 10–13 are 07–13.
		{"at three sites at once", plain, "@A in 07:00 · @B in 09:00 · @C in 10:00 · @B out 11:00 · @A out 12:00 · @C out 13:00",
			"2026-11-23 6:00 A 07:00–12:00 B 09:00–11:00 C 10:00–13:00", "S overlap, S overlap, S overlap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, c.day).punch("An", c.story).derive()
			r.expectDays("An", c.days)
			r.expectRules(c.rules)
		})
	}
}

// What is proposed as a break: neither tap has a key, or the second is a break
// end; at most 60 minutes; at one site.
func TestProposedBreaksByHand(t *testing.T) {
	for _, c := range []struct {
		story            string
		breaks, proposed time.Duration
	}{
		{"tap 07:00 · tap 10:00 · back 10:50 · tap 12:00", 50 * time.Minute, 50 * time.Minute},
		{"in 07:00 · out 10:00 · back 11:00 · out 12:00", time.Hour, time.Hour},
		{"in 07:00 · out 10:00 · back 11:00:01 · out 12:00", 0, 0},
		{"in 07:00 · out 10:00 · in 10:20 · out 12:00", 0, 0},
		{"in 07:00 · out 10:00 · tap 10:20 · tap 12:00", 0, 0},
		{"tap 07:00 · tap 10:00 · in 10:20 · tap 12:00", 0, 0},
		{"tap 07:00 · tap 10:00 · @B tap 10:20 · tap 12:00", 0, 0},
		{"in 07:00 · break 08:00 · back 08:10 · tap 10:00 · tap 10:20 · out 12:00", 30 * time.Minute, 20 * time.Minute},
	} {
		w := tell(t, "2026-11-23").punch("An", c.story).derive().Workdays[0]
		if w.Breaks != c.breaks || w.ProposedBreaks != c.proposed {
			t.Errorf("%s: breaks %s, proposed %s; want %s, %s", c.story, hm(w.Breaks), hm(w.ProposedBreaks), hm(c.breaks), hm(c.proposed))
		}
	}
}

func TestBadgesHandedOverAtNoonByHand(t *testing.T) {
	for _, c := range []struct{ name, story, an, bo, rules string }{
		{"who gave it away had not left", "in 06:00 · out 13:00", "2026-11-23 0:00 A 06:00–! *", "2026-11-23 0:00 A !–13:00 *", "S missing-out, S missing-in"},
		{"from is included, to is not", "in 06:00 · out 11:59:59 · in 12:00 · out 17:00", "2026-11-23 5:59:59 A 06:00–11:59:59", "2026-11-23 5:00 A 12:00–17:00", ""},
		{"two taps of two holders are no double tap", "tap 06:00 · tap 11:59 · tap 12:00:30 · tap 17:00", "2026-11-23 5:59 A 06:00–11:59", "2026-11-23 4:59:30 A 12:00:30–17:00", ""},
		{"another key of the next holder is no second thought", "in 06:00 · in 11:59:30 · out 12:00:30", "2026-11-23 0:00 A 06:00–! A 11:59:30–! *", "2026-11-23 0:00 A !–12:00:30 *",
			"S missing-out, S missing-out, S missing-in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			s.handOverAt(s.at("12:00"))
			s.derive().expectDays("An", c.an).expectDays("Bo", c.bo).expectRules(c.rules)
		})
	}
}

// An came by a right clock at 07:00. The box then lost its clock at 14:00 and
// went on from 2000-01-01 00:00; she left two hours later, at 16:00.
func TestAnOutInTheTimeOfALostClock(t *testing.T) {
	s := tellClock(t)
	lost := app.NewDate(2000, 1, 1).Start(time.UTC)
	s.tapped("An", "in", s.at("07:00"), 1, 24*time.Hour)
	s.read("r1", s.at("08:00"), 0, true)
	s.event(app.RecordBoot, lost.Add(time.Second), 2, time.Second)
	s.tapped("An", "out", lost.Add(2*time.Hour), 2, 2*time.Hour)
	s.set(lost.Add(6*time.Hour), s.at("20:00"), 2, 6*time.Hour)
	s.tapped("Bo", "in", s.at("20:30"), 2, 6*time.Hour+30*time.Minute)
	s.tapped("Bo", "out", s.at("23:30"), 2, 9*time.Hour+30*time.Minute)
	s.read("r2", s.at("08:00+1"), 0, true)
	r := s.derive()
	// Nothing is missing while the box is as good as unread; it is one finding.
	r.expectDays("An", "2026-11-23 0:00 A 07:00–? *").expectDays("Bo", "2026-11-23 3:00 A 20:30–23:30").expectRules("S clock-reset, I night-work")
	seg := r.Segments[0]
	if want := s.at("14:00").Sub(lost); seg.Proposed != want {
		t.Fatalf("proposed %s, want %s", seg.Proposed, want)
	}
	s.in.Repairs = append(s.in.Repairs, app.ClockRepair{ID: "repair", Log: seg.Log, First: seg.First, Last: seg.Last, Shift: seg.Proposed})
	after := told{s.story, Derive(&s.in)}
	after.expectDays("An", "2026-11-23 9:00 A 07:00–16:00").expectRules("W no-break, I night-work")
}

// 02:00–05:00 in Brussels is 20:00–23:00 of the day before in New York, there a Sunday.
func TestASiteAcrossTheOcean(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@B in 02:00 · out 05:00 · in 14:00 · out 18:00")
	s.in.Sites[1].Zone = "America/New_York"
	r := s.derive().expectDays("An", "2026-11-22 3:00 B 02:00–05:00\n2026-11-23 4:00 B 14:00–18:00")
	if w := r.Workdays[0]; w.Night != 3*time.Hour || w.Sunday != 3*time.Hour {
		t.Errorf("Sunday evening there: night %s, Sunday %s", hm(w.Night), hm(w.Sunday))
	}
	if w := r.Workdays[1]; w.Night != 0 || w.Sunday != 0 { // 08:00–12:00 there
		t.Errorf("Monday morning there: night %s, Sunday %s", hm(w.Night), hm(w.Sunday))
	}
	r.find(app.ShortRest) // 23:00 to 08:00 are 9 h
}

// An IN is missing its OUT once every box was read past 16 h after it, not at 16 h.
func TestMissingOutToTheMoment(t *testing.T) {
	for _, c := range []struct{ readTo, days string }{
		{"23:00", "2026-11-23 0:00 A 07:00–? *"},
		{"23:00:01", "2026-11-23 0:00 A 07:00–! *"},
	} {
		s := tell(t, "2026-11-23").punch("An", "in 07:00")
		s.readTo("boxA", c.readTo)
		s.derive().expectDays("An", c.days)
	}
}
