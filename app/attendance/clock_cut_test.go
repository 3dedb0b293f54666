package attendance

import (
	"strconv"
	"testing"
	"time"

	"klokkast/app"
)

// measured is a box that was right at 13:00 and, with the same boot, three hours fast
// at 20:00. Somebody set it ahead in between, and it noted nothing of that.
func measured13And20(t *testing.T) *clockStory {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("13:00"), 0, true)
	s.tapped("Bo", "in", s.at("14:00"), 1, 0)   // 11:00, were it three hours fast: before the reading that found it right
	s.tapped("Bo", "out", s.at("15:30"), 1, 0)  // 12:30
	s.tapped("Cem", "in", s.at("17:00"), 1, 0)  // 14:00, or 17:00: nobody knows
	s.tapped("Cem", "out", s.at("20:01"), 1, 0) // 17:01, or 20:01
	s.read("r2", s.at("20:00"), 3*time.Hour, true)
	return s
}

// A record that can only be right is not held: what by the wrong clock would lie before the right measure.
func TestARecordThatCanOnlyBeRightIsNotHeld(t *testing.T) {
	r := measured13And20(t).derive()
	r.expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "2026-11-23 1:30 A 14:00–15:30").expectDays("Cem", "")
	if a := r.find(app.ClockReset); a.Anchor != "boxA/log/5" || a.Facts["shift"] != "-10800000" || len(a.Punches) != 2 {
		t.Errorf("found %+v", a)
	}

	// And what by the wrong clock would lie after its own reading.
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("13:00"), -time.Hour, true)
	s.tapped("Bo", "in", s.at("13:30"), 1, 0)  // or 14:30
	s.tapped("Bo", "out", s.at("16:30"), 1, 0) // or 17:30, half an hour after it was read
	s.read("r2", s.at("17:00"), 0, true)
	r = s.derive().expectDays("An", "").expectDays("Bo", "2026-11-23 0:00 A ?–16:30 *")
	if a := r.find(app.ClockReset); a.Facts["last"] != "3" || len(a.Punches) != 3 {
		t.Errorf("found %+v", a)
	}
}

// Times after the reading cut the log, but the clock is the same: it was measured for both parts.
func TestTheMeasureOfTheSameClockIsProposed(t *testing.T) {
	tellIt := func(out, read string, since time.Duration) *told { // from the evening on the box is ten hours ahead
		s := tellClock(t)
		s.tapped("An", "in", s.at("07:00"), 1, 0)
		s.tapped("An", "out", s.at("12:00"), 1, 0)
		s.read("r1", s.at("13:00"), 0, true)
		s.tapped("Bo", "in", s.at("02:00+1"), 2, since) // at 16:00
		s.tapped("Bo", "out", s.at(out), 2, since+s.at(out).Sub(s.at("02:00+1")))
		s.read("r2", s.at(read), 10*time.Hour, true)
		return s.derive()
	}
	for name, r := range map[string]*told{
		"by the time since boot":      tellIt("13:00+1", "03:30+1", time.Hour), // out at 03:00
		"by the order of the records": tellIt("06:00+1", "02:30+1", 0),         // out at 20:00, which is before 02:00
	} {
		r.expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "").expectRules("S clock-reset, S future-punch")
		for _, seg := range r.Segments {
			if seg.Source != FromMeasure || seg.Proposed != -10*time.Hour {
				t.Errorf("proved %s: proposed %+v", name, seg)
			}
		}
	}
	// Where nothing proves it the first of the two may be right, as it stands.
	s := tellIt("13:00+1", "03:30+1", 0)
	s.expectDays("Bo", "2026-11-24 0:00 A 02:00–? *").expectRules("S future-punch")
}

// A person who knows that the clock was another one from a tap on cuts there; each part is put right by itself.
func TestASegmentIsCutByHand(t *testing.T) {
	s := measured13And20(t)
	log := s.in.Punches[0].Key.LogKey
	s.in.Cuts = []app.ClockCut{{ID: "cut", Log: log, First: 6}}
	r := s.derive().expectDays("Bo", "2026-11-23 1:30 A 14:00–15:30").expectDays("Cem", "").expectRules("S clock-reset, S clock-reset")
	if n := len(r.Segments); n != 2 || r.Segments[0].First != 5 || r.Segments[0].Last != 5 || r.Segments[1].First != 6 || r.Segments[1].Source != FromMeasure {
		t.Fatalf("segments %+v", r.Segments)
	}
	// Cem came at 17:00 by a right clock and left at 17:01 by one that was three hours fast.
	s.in.Repairs = []app.ClockRepair{{ID: "a", Log: log, First: 5, Last: 5}, {ID: "b", Log: log, First: 6, Last: 6, Shift: -3 * time.Hour}}
	s.derive().expectDays("Cem", "2026-11-23 0:01 A 17:00–17:01").expectRules("")

	s.in.Cuts[0].Withdrawn = 1
	s.in.Repairs = nil
	s.derive().expectRules("S clock-reset")

	// A cut where a segment begins anyway, or at a record that is not there, changes nothing.
	s.in.Cuts = []app.ClockCut{{ID: "x", Log: log, First: 5}, {ID: "y", Log: log, First: 99}}
	s.derive().expectRules("S clock-reset")
}

// In spring no step shows that a terminal was put ahead late. Who knows the line from which it was cuts the log there:
// the shorter part waits, and is put an hour ahead.
func TestSummerTimeThatBeganIsCutByHand(t *testing.T) {
	s := tellFile(t, "2026-03-29").lines( // summer time began; the terminal was put ahead on the 31st
		[3]string{"An", "in", "07:00"}, [3]string{"An", "out", "11:00"}, [3]string{"An", "in", "07:00+1"}, [3]string{"An", "out", "11:00+1"},
		[3]string{"An", "in", "08:00+2"}, [3]string{"An", "out", "12:00+2"}, [3]string{"An", "in", "08:00+3"}, [3]string{"An", "out", "12:00+3"},
		[3]string{"An", "in", "08:00+4"}, [3]string{"An", "out", "12:00+4"},
	)
	log := s.in.Punches[0].Key.LogKey
	s.in.Cuts = []app.ClockCut{{ID: "cut", Log: log, First: s.in.Punches[4].Key.Seq}}
	r := s.derive().expectDays("An", "2026-03-31 4:00 A 08:00–12:00\n2026-04-01 4:00 A 08:00–12:00\n2026-04-02 4:00 A 08:00–12:00")
	if a := r.find(app.ClockReset); len(a.Punches) != 4 {
		t.Errorf("found %+v", a)
	}
	s.in.Repairs = []app.ClockRepair{{ID: "fix", Log: log, First: r.Segments[0].First, Last: r.Segments[0].Last, Shift: time.Hour}}
	s.derive().none(app.ClockReset)
	r = s.derive()
	if len(r.Workdays) != 5 || r.Workdays[0].Presences[0].In.At != s.at("08:00") {
		t.Errorf("days %s", r.days("An"))
	}
}

// Within one boot the time since it proves that the clock was moved, ahead or back, whatever the times look like:
// what does not go with a part that is right is not right by fitting in.
func TestTheTimeSinceBootProvesThatTheClockWasMoved(t *testing.T) {
	for _, by := range []time.Duration{-90 * time.Minute, 90 * time.Minute} {
		s := tellClock(t)
		tapped := func(who, key, at string, off time.Duration) {
			real := s.at(at)
			s.tapped(who, key, real.Add(off), 1, real.Sub(s.at("00:00")))
		}
		tapped("An", "in", "07:00", 0)
		tapped("An", "out", "11:00", 0)
		s.read("r1", s.at("11:30"), 0, true)
		tapped("Bo", "in", "14:00", by) // moved at 13:00, and set right again at 18:30, without a word
		tapped("Bo", "out", "18:00", by)
		tapped("Cem", "in", "21:00", 0)
		tapped("Cem", "out", "22:00", 0)
		s.read("r2", s.at("08:00+1"), 0, true)
		r := s.derive().expectDays("An", "2026-11-23 4:00 A 07:00–11:00").expectDays("Bo", "").expectDays("Cem", "2026-11-23 1:00 A 21:00–22:00")
		if a := r.find(app.ClockReset); a.Facts["shiftFrom"] != "boot" || a.Facts["shift"] != strconv.FormatInt(-by.Milliseconds(), 10) || len(a.Punches) != 2 {
			t.Errorf("%s: found %+v", by, a)
		}
	}
}

// A measure holds for the boot that it was made in: what came before, also under a clock that was never measured, may be right.
func TestAMeasureHoldsForItsBoot(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.tapped("Bo", "in", s.at("17:00"), 2, time.Hour) // at 13:00: four hours ahead since the box started anew
	s.tapped("Bo", "out", s.at("20:00"), 2, 4*time.Hour)
	s.read("r1", s.at("17:10"), 4*time.Hour, true)
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "").expectRules("S clock-reset, S future-punch")
	for _, seg := range r.Segments {
		if seg.Source != FromMeasure || seg.Proposed != -4*time.Hour || seg.Punches != 1 {
			t.Errorf("proposed %+v", seg)
		}
	}
}
