package attendance

import (
	"encoding/binary"
	"testing"
	"time"

	"klokkast/app"
)

// clockStory is a story of one box, boxA, told record by record.
type clockStory struct {
	*story
	seq uint64
}

func tellClock(t *testing.T) *clockStory {
	s := tell(t, "2026-11-23")
	s.in.Readings = s.in.Readings[1:] // boxA is read below
	s.story().seq = nil
	return &clockStory{s, 0}
}

func (s *story) story() *story { return s }

// tapped adds a tap at the box's own time.
func (s *clockStory) tapped(who string, key string, at app.Instant, boot uint16, since time.Duration) {
	s.seq++
	for _, p := range storyPeople {
		if p.name == who {
			who = p.card
		}
	}
	s.in.Punches = append(s.in.Punches, app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: "boxA", Log: "log"}, Seq: s.seq}, At: at,
		Identifier: app.IdentifierKey{Kind: app.Card, Value: who}, Pressed: storyKeys[key], Boot: boot, SinceBoot: uint32(since / (10 * time.Millisecond)), ReadingID: "none yet"})
}

// event adds a record that is not a tap.
func (s *clockStory) event(kind app.RecordType, at app.Instant, boot uint16, since time.Duration) *app.BoxEvent {
	s.seq++
	s.in.Events = append(s.in.Events, app.BoxEvent{Key: app.RecordKey{LogKey: app.LogKey{Box: "boxA", Log: "log"}, Seq: s.seq}, At: at,
		Type: kind, Boot: boot, SinceBoot: uint32(since / (10 * time.Millisecond)), ReadingID: "none yet"})
	return &s.in.Events[len(s.in.Events)-1]
}

// set adds a clock-set record, noted at the old time.
func (s *clockStory) set(old, new app.Instant, boot uint16, since time.Duration) {
	e := s.event(app.RecordClockSet, old, boot, since)
	put := func(b []byte, i app.Instant) {
		binary.LittleEndian.PutUint32(b, uint32(i/1000))
		b[4] = byte(i % 1000 * 256 / 1000)
	}
	put(e.Data[1:], old)
	put(e.Data[6:], new)
}

// read adds a reading at the computer's time that found the box off by offset;
// all records told since the last one are its.
func (s *clockStory) read(id app.ID, at app.Instant, offset time.Duration, checked bool) {
	r := app.Reading{ID: id, Log: app.LogKey{Box: "boxA", Log: "log"}, Source: app.FromCable, State: app.ReadingDone, Started: at, Ended: at, ReadTo: at, Last: s.seq,
		Clock: &app.ClockOffset{At: at, Offset: offset, Uncertainty: 50 * time.Millisecond}}
	if checked {
		r.Check = app.ClockCheck{At: at - app.Instant(hour), Source: "ntp"}
	}
	s.in.Readings = append(s.in.Readings, r)
	for i := range s.in.Punches {
		if s.in.Punches[i].ReadingID == "none yet" {
			s.in.Punches[i].ReadingID = id
		}
	}
	for i := range s.in.Events {
		if s.in.Events[i].ReadingID == "none yet" {
			s.in.Events[i].ReadingID = id
		}
	}
}

func (s *clockStory) derive() *told { return &told{s.story, Derive(&s.in)} }

func TestOffsetIsApplied(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("18:00"), 2*time.Minute, true) // the box is two minutes fast
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 06:58–11:58")
	if got := r.rules(); got != "W clock-drift" {
		t.Errorf("found %q", got)
	}
	if tap := r.Taps[0]; tap.Punch.At != s.at("07:00") || tap.At != s.at("06:58") || tap.Offset != 2*time.Minute || !tap.OffsetKnown || tap.Uncertainty != 50*time.Millisecond {
		t.Errorf("tap %+v", tap)
	}
}

func TestOffsetIsInterpolatedBetweenReadings(t *testing.T) {
	s := tellClock(t)
	s.read("r0", s.at("00:00"), 0, true)
	s.tapped("An", "in", s.at("06:01"), 1, 0)
	s.tapped("An", "out", s.at("18:03"), 1, 0)
	s.read("r1", s.at("00:00+1"), 4*time.Minute, true)
	// 24 h 4 min of box time make 4 min: after 6 h 1 min it is 1 min, after 18 h 3 min it is 3 min.
	s.derive().expectDays("An", "2026-11-23 12:00 A 06:00–18:00")
}

func TestUncheckedComputerAppliesNothing(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("18:00"), 20*time.Minute, false)
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
	if r.Clock.Unchecked != 1 {
		t.Errorf("clock %+v", r.Clock)
	}
}

func TestAComputerFoundWrongAppliesNothing(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("18:00"), time.Hour, true)
	s.in.Readings[len(s.in.Readings)-1].Check.Offset = -time.Hour
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
}

func TestAfterTheClockWasSetWhatWasLeftCounts(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00:30"), 1, 0)
	s.read("r1", s.at("08:00"), 30*time.Second, true)
	s.set(s.at("08:01:30"), s.at("08:01"), 1, 0) // half a minute back: nothing left
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r2", s.at("18:00"), 0, true)
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
}

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
		s.in.Repairs = []Repair{{ID: "fix", Log: seg.Log, First: seg.First, Shift: seg.Proposed}}
		r := s.derive()
		r.expectDays("Bo", "2026-11-23 6:30 A 15:00–19:00 A 21:00–23:30")
		r.none(app.ClockReset)
		if r.Segments[0].Repair != "fix" || !r.Taps[2].Repaired {
			t.Errorf("segment %+v, tap %+v", r.Segments[0], r.Taps[2])
		}
	})
	t.Run("withdrawn", func(t *testing.T) {
		s := lostClock(t)
		s.in.Repairs = []Repair{{ID: "fix", Log: seg.Log, First: seg.First, Shift: seg.Proposed, Withdrawn: 1}}
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

func TestFuturePunch(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.tapped("Bo", "in", s.at("12:00+40"), 1, 0)
	s.read("r1", s.at("18:00"), 40*24*time.Hour, true)
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("S future-punch")
	if a := r.find(app.FuturePunch); a.Facts["shiftFrom"] != "measured" || a.Facts["shift"] != "-3456000000" {
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

func TestFiveMinutesAreDriftMoreIsAWrongClock(t *testing.T) {
	for _, c := range []struct {
		off   time.Duration
		rules string
	}{{30 * time.Second, ""}, {31 * time.Second, "W clock-drift"}, {-5 * time.Minute, "W clock-drift"}, {5*time.Minute + time.Second, "S clock-reset"}} {
		s := tellClock(t)
		s.tapped("An", "in", s.at("07:00"), 1, 0)
		s.tapped("An", "out", s.at("12:00"), 1, 0)
		s.read("r1", s.at("18:00"), c.off, true)
		if got := s.derive().rules(); got != c.rules {
			t.Errorf("off by %s: found %q, want %q", c.off, got, c.rules)
		}
	}
}

func TestMostBoxesOffByTheSameSuspectsTheComputer(t *testing.T) {
	s := tell(t, "2026-11-23")
	for _, uid := range []string{"boxA", "boxB", "boxC"} {
		s.reading(uid).Clock = &app.ClockOffset{At: s.in.Now, Offset: 3*time.Minute + time.Duration(len(uid))*time.Second}
	}
	if c := s.derive().Clock; !c.Suspected || c.Unchecked != 3 {
		t.Errorf("clock %+v", c)
	}
}
