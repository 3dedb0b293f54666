package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

// The box lost its clock and people went on punching.
func lostClock(t *testing.T) *clockStory {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 24*time.Hour)
	s.tapped("An", "out", s.at("12:00"), 1, 29*time.Hour)
	s.read("r1", s.at("13:00"), 0, true)
	lost := app.NewDate(2000, 1, 1).Start(time.UTC)
	s.event(app.RecordBoot, lost.Add(time.Second), 2, time.Second)
	s.tapped("Bo", "in", lost.Add(time.Hour), 2, time.Hour)
	s.tapped("Bo", "out", lost.Add(5*time.Hour), 2, 5*time.Hour)
	s.set(lost.Add(6*time.Hour), s.at("20:00"), 2, 6*time.Hour)
	s.tapped("Bo", "in", s.at("21:00"), 2, 7*time.Hour)
	s.tapped("Bo", "out", s.at("23:30"), 2, 9*time.Hour+30*time.Minute)
	s.read("r2", s.at("08:00+1"), 0, true)
	return s
}

func TestLostClockWaitsForOneConfirmation(t *testing.T) {
	s := lostClock(t)
	r := s.derive()
	r.expectDays("An", "2026-11-23 5:00 A 07:00–12:00")
	r.expectDays("Bo", "2026-11-23 2:30 A 21:00–23:30")
	a := r.find(app.ClockReset)
	if a.Anchor != "boxA/log/3" || len(a.Punches) != 2 || a.Facts["shiftFrom"] != "boot" {
		t.Errorf("found %+v", a)
	}
	seg := r.Segments[0]
	if len(r.Segments) != 1 || seg.First != 3 || seg.Last != 6 || seg.Punches != 2 || seg.Source != FromBoot {
		t.Fatalf("segments %+v", r.Segments)
	}
	if n := len(r.Taps); n != 6 || r.Taps[0].Role != app.TapUnsettled || r.Taps[1].Role != app.TapUnsettled {
		t.Errorf("taps %+v", r.Taps)
	}

	t.Run("accepted", func(t *testing.T) {
		s := lostClock(t)
		s.in.Repairs = []app.ClockRepair{{ID: "fix", Log: seg.Log, First: seg.First, Shift: seg.Proposed}}
		r := s.derive()
		r.expectDays("Bo", "2026-11-23 6:30 A 15:00–19:00 A 21:00–23:30")
		r.none(app.ClockReset)
		if r.Segments[0].Repair != "fix" || !r.Taps[2].Repaired {
			t.Errorf("segment %+v, tap %+v", r.Segments[0], r.Taps[2])
		}
	})
	t.Run("withdrawn", func(t *testing.T) {
		s := lostClock(t)
		s.in.Repairs = []app.ClockRepair{{ID: "fix", Log: seg.Log, First: seg.First, Shift: seg.Proposed, Withdrawn: 1}}
		s.derive().find(app.ClockReset)
	})
}

func TestUnsettledSegmentCountsAsUnread(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0) // her OUT may be among the taps with a lost clock
	lost := app.NewDate(2000, 1, 1).Start(time.UTC)
	s.tapped("Bo", "in", lost, 2, 0)
	s.tapped("Cem", "in", s.at("08:00+1"), 3, 0)
	s.tapped("Cem", "out", s.at("12:00+1"), 3, 0)
	s.read("r1", s.at("00:00+3"), 0, true)
	s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–? *").expectRules("S clock-reset")
}

func TestWrongClockFoundByAReading(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("13:00"), 0, true)
	s.tapped("Bo", "in", s.at("14:00"), 2, 0)
	s.tapped("Bo", "out", s.at("17:00"), 2, 0)
	s.read("r2", s.at("20:00"), -6*time.Minute, true) // 6 min slow now
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "").expectRules("S clock-reset")
	if a := r.find(app.ClockReset); a.Facts["shift"] != "360000" || a.Facts["first"] != "3" {
		t.Errorf("found %+v", a.Facts)
	}
}

func TestStepBackOfUpToTwoMinutesIsNothing(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("Bo", "in", s.at("06:58"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.tapped("Bo", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("18:00"), 0, true)
	s.derive().expectRules("")
}

func TestWrongClockBeforeThePlacementIsOlder(t *testing.T) {
	s := lostClock(t)
	s.in.Placements[0].Span.From = s.at("21:00")
	r := s.derive().expectDays("An", "").expectDays("Bo", "2026-11-23 2:30 A 21:00–23:30")
	r.none(app.ClockReset)
	if len(r.Older) != 1 || r.Older[0].Punches != 4 {
		t.Errorf("older: %+v", r.Older)
	}
}

// A file says nothing of boots: what is left are the records around.
func TestShiftBetweenNeighbours(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 0, 0)
	lost := app.NewDate(2000, 1, 1).Start(time.UTC)
	s.tapped("Bo", "in", lost, 0, 0)
	s.tapped("Bo", "out", lost.Add(4*time.Hour), 0, 0)
	s.tapped("An", "out", s.at("13:00"), 0, 0)
	s.read("r1", s.at("18:00"), 0, true)
	seg := s.derive().Segments[0]
	if seg.Source != FromNeighbours || seg.Uncertainty != time.Hour || lost.Add(seg.Proposed) != s.at("08:00") || !seg.Fits(seg.Proposed) {
		t.Errorf("segment %+v", seg)
	}
}

// A shift that would put a segment before or after what is certain around it is told.
func TestShiftThatDoesNotFit(t *testing.T) {
	s := lostClock(t)
	seg := s.derive().Segments[0]
	if !seg.Fits(seg.Proposed) || seg.Uncertainty <= 0 || seg.Uncertainty > time.Second {
		t.Errorf("segment %+v", seg)
	}
	for _, by := range []time.Duration{-4 * time.Hour, 5 * time.Hour} { // before An's OUT at 12:00; after the clock was set at 20:00
		if seg.Fits(seg.Proposed + by) {
			t.Errorf("%v later than proposed it fits between %v and %v", by, seg.Between.From, seg.Between.To)
		}
	}
	if !seg.Fits(seg.Proposed + seg.Slack) {
		t.Error("what a clock may step back is no overlap")
	}
}

// The last segment of a log ends at the latest when it was read.
func TestShiftBeyondTheReadingDoesNotFit(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("13:00"), 0, true)
	lost := app.NewDate(2000, 1, 1).Start(time.UTC)
	s.tapped("Bo", "in", lost, 2, time.Minute)
	s.read("r2", s.at("20:00"), lost.Add(time.Hour).Sub(s.at("20:00")), true)
	seg := s.derive().Segments[0]
	if seg.Source != FromMeasure || lost.Add(seg.Proposed) != s.at("19:00") || !seg.Fits(seg.Proposed) || seg.Fits(seg.Proposed+2*time.Hour) {
		t.Errorf("segment %+v", seg)
	}
}
