package attendance

import (
	"slices"
	"testing"
	"time"

	"klokkast/app"
)

// Stories with results computed by hand, on the cases where others go wrong.

// Clocks go forward on 2026-03-29 and back on 2026-10-25: 22:00–06:00 is 7 h, then 9 h.
func TestNightShiftsOverBothClockChanges(t *testing.T) {
	spring := tell(t, "2026-03-28").punch("An", "in 22:00 · break 01:30+1 · back 03:15+1 · out 06:00+1").derive()
	spring.expectDays("An", "2026-03-28 6:15 A 22:00–06:00 (01:30–03:15)") // the break is 45 min: 02:00–03:00 is not there
	if w := spring.Workdays[0]; w.Night != 6*time.Hour+15*time.Minute || w.Sunday != 4*time.Hour+15*time.Minute {
		t.Errorf("spring: night %s, sunday %s", hm(w.Night), hm(w.Sunday))
	}
	autumn := tell(t, "2026-10-24").punch("An", "in 22:00 · break 02:30+1 · back 02:30+1w · out 06:00+1").derive()
	autumn.expectDays("An", "2026-10-24 8:00 A 22:00–06:00 (02:30–02:30)") // an hour of break between two 02:30s
	if w := autumn.Workdays[0]; w.Night != 8*time.Hour || w.Sunday != 6*time.Hour {
		t.Errorf("autumn: night %s, sunday %s", hm(w.Night), hm(w.Sunday))
	}
}

func TestNightShiftOverTheEndOfMonthAndYear(t *testing.T) {
	month := tell(t, "2026-04-30").punch("An", "in 21:00 · out 05:30+1").derive().expectDays("An", "2026-04-30 8:30 A 21:00–05:30")
	if w := month.Workdays[0]; w.Sunday != 5*time.Hour+30*time.Minute { // 1 May is a holiday
		t.Errorf("1 May: %s", hm(w.Sunday))
	}
	s := tell(t, "2026-12-31").punch("An", "in 21:00 · out 05:30+1 · in 22:00+1 · out 02:00+2")
	year := s.derive().expectDays("An", "2026-12-31 8:30 A 21:00–05:30\n2027-01-01 4:00 A 22:00–02:00")
	if a, b := year.Workdays[0].Sunday, year.Workdays[1].Sunday; a != 5*time.Hour+30*time.Minute || b != 2*time.Hour { // New Year's Day
		t.Errorf("1 January: %s and %s", hm(a), hm(b))
	}
}

func TestSplitShiftAtThreeSites(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "@A in 06:00 · out 08:30 · @B in 09:00 · out 11:15 · @C in 17:00 · out 20:45").derive()
	r.expectDays("An", "2026-11-23 8:30 A 06:00–08:30 B 09:00–11:15 C 17:00–20:45").expectRules("I night-work")
	keyless := tell(t, "2026-11-23").punch("An", "@A tap 06:00 · tap 08:30 · @B tap 09:00 · tap 11:15 · @C tap 17:00 · tap 20:45").derive()
	keyless.expectDays("An", "2026-11-23 8:30 A 06:00–08:30 B 09:00–11:15 C 17:00–20:45").expectRules("I night-work")
}

func TestBreaksWithAndWithoutKeys(t *testing.T) {
	keyed := tell(t, "2026-11-23").punch("An", "in 07:00 · break 10:00 · back 10:20 · out 12:30").derive()
	keyed.expectDays("An", "2026-11-23 5:10 A 07:00–12:30 (10:00–10:20)")
	if w := keyed.Workdays[0]; w.Breaks != 20*time.Minute || w.ProposedBreaks != 0 {
		t.Errorf("with keys: %s, proposed %s", hm(w.Breaks), hm(w.ProposedBreaks))
	}
	keyless := tell(t, "2026-11-23").punch("An", "tap 07:00 · tap 10:00 · tap 10:20 · tap 12:30").derive()
	keyless.expectDays("An", "2026-11-23 5:10 A 07:00–10:00 A 10:20–12:30")
	if w := keyless.Workdays[0]; w.Breaks != 20*time.Minute || w.ProposedBreaks != 20*time.Minute {
		t.Errorf("without keys: %s, proposed %s", hm(w.Breaks), hm(w.ProposedBreaks))
	}
}

func TestForgottenTapsInARow(t *testing.T) {
	outs := tell(t, "2026-11-23").punch("An", "in 07:00 · in 07:00+1 · in 07:00+2 · in 07:00+3 · out 12:00+3").derive()
	outs.expectDays("An", "2026-11-23 0:00 A 07:00–! *\n2026-11-24 0:00 A 07:00–! *\n2026-11-25 0:00 A 07:00–! *\n2026-11-26 5:00 A 07:00–12:00")
	outs.expectRules("S missing-out, S missing-out, S missing-out")
	ins := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00 · out 12:00+1 · out 12:00+2").derive()
	ins.expectDays("An", "2026-11-23 5:00 A 07:00–12:00\n2026-11-24 0:00 A !–12:00 *\n2026-11-25 0:00 A !–12:00 *")
	ins.expectRules("S missing-in, S missing-in")
}

func TestABadgeIsHandedOverAtNoon(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 06:00 · out 11:00 · in 13:00 · out 17:00")
	noon := s.at("12:00")
	s.in.Custodies[0].Span.To = noon
	s.in.Custodies = append(s.in.Custodies, app.Custody{ID: "c-noon", IdentifierID: "i-an", EngagementID: "e-bo", Span: app.Span{From: noon}, Entered: noon})
	s.derive().expectDays("An", "2026-11-23 5:00 A 06:00–11:00").expectDays("Bo", "2026-11-23 4:00 A 13:00–17:00").expectRules("")
}

func TestABoxThatWentBackTo2000AndWasSetAgain(t *testing.T) {
	s := lostClock(t)
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "2026-11-23 2:30 A 21:00–23:30")
	r := Derive(&s.in)
	seg := r.Segments[0]
	s.in.Repairs = append(s.in.Repairs, app.ClockRepair{ID: "repair", Log: seg.Log, First: seg.First, Last: seg.Last, Shift: seg.Proposed})
	// Set at 20:00, six hours after it was lost at 14:00: Bo came at 15:00 and left at 19:00.
	s.derive().expectDays("Bo", "2026-11-23 6:30 A 15:00–19:00 A 21:00–23:30").none(app.ClockReset)
}

// Two laptops read one box in turns; this one has what both brought, or only its own.
func TestTwoLaptopsReadOneBoxInTurns(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00 · in 07:00+1 · out 12:00+1")
	for i := range s.in.Punches {
		if i >= 2 {
			s.in.Punches[i].ReadingID = "r-other"
		}
	}
	first, other := *s.reading("boxA"), *s.reading("boxA")
	first.ReadTo, first.Ended, first.Started = s.at("13:00"), s.at("13:00"), s.at("13:00")
	*s.reading("boxA") = first
	other.ID, other.Installation = "r-other", "other"
	s.in.Readings = append(s.in.Readings, other)
	both := s.in
	(&told{s, Derive(&both)}).expectDays("An", "2026-11-23 5:00 A 07:00–12:00\n2026-11-24 5:00 A 07:00–12:00").expectRules("")

	own := s.in
	own.Punches, own.Readings = own.Punches[:2], slices.Clone(own.Readings[:len(own.Readings)-1])
	own.Gaps = []app.Gap{{Log: first.Log, First: 3, Last: 4, ReadElsewhere: true, Known: s.in.Now}}
	r := (&told{s, Derive(&own)}).expectDays("An", "2026-11-23 5:00 A 07:00–12:00")
	if a := r.find(app.SequenceGap); a.Severity != app.Information || a.Facts["readElsewhere"] != "true" {
		t.Errorf("what the other laptop has: %+v", a)
	}
	r.none(app.MissingOut)
}

// The second site's box is read first, the first one's after it, in two pieces, the later one first.
func TestReadingsArriveOutOfOrder(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@A in 07:00 · out 09:00 · @B in 10:00 · out 12:00 · @A in 13:00 · out 15:30")
	s.inRecordOrder()
	want := Derive(&s.in)
	(&told{s, want}).expectDays("An", "2026-11-23 6:30 A 07:00–09:00 B 10:00–12:00 A 13:00–15:30")
	arriving := [][]int{{2, 3}, {4, 5}, {0, 1}}
	in := s.in
	in.Punches = nil
	e := Start(&in, NewRecords())
	for _, these := range arriving {
		next := s.in
		next.Punches = nil
		for _, i := range these {
			next.Punches = append(next.Punches, s.in.Punches[i])
		}
		e = e.Next(&next, nil)
	}
	if got := bytesOf(t, e.Result()); got != bytesOf(t, want) {
		t.Errorf("out of order:\n%s\nwant:\n%s", got, bytesOf(t, want))
	}
}

// 23:30 in Brussels is 22:30 in London: the day there is that of the site.
func TestASiteInAnotherTimeZone(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@A in 20:00 · out 22:00 · @B in 00:30+1 · out 05:00+1")
	s.in.Sites[1].Zone = "Europe/London" // there it is 23:30–04:00, of the evening before
	r := s.derive()
	r.expectDays("An", "2026-11-23 6:30 A 20:00–22:00 B 00:30–05:00")
	alone := tell(t, "2026-11-23").punch("An", "@B in 00:30+1 · out 07:30+1")
	alone.in.Sites[1].Zone = "Europe/London"
	r = alone.derive().expectDays("An", "2026-11-23 7:00 B 00:30–07:30")
	if w := r.Workdays[0]; w.Night != 6*time.Hour+30*time.Minute { // 23:30–06:00 by the clock there
		t.Errorf("night %s", hm(w.Night))
	}
}

// A key taken back months later is not part of what was forgotten then.
func TestASecondThoughtDoesNotReachAForgottenPresence(t *testing.T) {
	s := tell(t, "2026-11-02").punch("An", "in 07:00 · out 07:00+28 · in 07:00:30+28 · out 12:00:30+28")
	s.in.Now = s.at("00:00+40")
	for i := range s.in.Readings {
		s.in.Readings[i].Ended, s.in.Readings[i].ReadTo = s.in.Now, s.in.Now
	}
	s.derive().expectDays("An", "2026-11-02 0:00 A 07:00–! *\n2026-11-30 5:00 A 07:00:30–12:00:30").expectRules("S missing-out, W key-contradiction")
}
