package attendance

import (
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"

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
	s.seq = nil                       // records are numbered below, too
	return &clockStory{s, 0}
}

// tapped adds a tap at the box's own time.
func (s *clockStory) tapped(who string, key string, at app.Instant, boot uint16, since time.Duration) {
	s.seq++
	for _, p := range storyPeople {
		if p.name == who {
			who = p.card
		}
	}
	s.in.Punches = append(s.in.Punches, app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: "boxA", Log: "log"}, Seq: s.seq}, At: at,
		Identifier: app.IdentifierKey{
			Kind:  app.Card,
			Value: who,
		}, Pressed: storyKeys[key], Boot: boot, SinceBoot: uint32(since / (10 * time.Millisecond)), ReadingID: "none yet"})
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
	r := app.Reading{
		ID:      id,
		Log:     app.LogKey{Box: "boxA", Log: "log"},
		Source:  app.FromCable,
		State:   app.ReadingDone,
		Started: at,
		Ended:   at,
		ReadTo:  at,
		Last:    s.seq,
		Clock:   &app.ClockOffset{At: at, Offset: offset, Uncertainty: 50 * time.Millisecond},
	}
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
	if tap := r.Taps[0]; tap.Punch.At != s.at("07:00") || tap.At != s.at("06:58") || tap.Offset != 2*time.Minute || !tap.OffsetKnown ||
		tap.Uncertainty != 50*time.Millisecond {
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

func TestWrongClockThatNobodyTappedUnder(t *testing.T) {
	lost := app.NewDate(2000, 1, 1).Start(time.UTC)
	t.Run("and that is right again, is nobody's business", func(t *testing.T) {
		s := tellClock(t)
		s.event(app.RecordBoot, lost, 1, 0)
		s.set(lost.Add(time.Minute), s.at("06:00"), 1, time.Minute)
		s.tapped("An", "in", s.at("07:00"), 1, 61*time.Minute)
		s.tapped("An", "out", s.at("12:00"), 1, 361*time.Minute)
		s.read("r1", s.at("18:00"), 0, true)
		s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
	})
	t.Run("but is still wrong, has to be set", func(t *testing.T) {
		s := tellClock(t)
		s.tapped("An", "in", s.at("07:00"), 1, 0)
		s.tapped("An", "out", s.at("12:00"), 1, 0)
		s.read("r1", s.at("13:00"), 0, true)
		s.read("r2", s.at("18:00"), time.Hour, true)
		a := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").find(app.ClockReset)
		if a.Anchor != "boxA/log/3" || len(a.Punches) != 0 || a.Value != hour {
			t.Errorf("found %+v", a)
		}
	})
}

func TestClockThatRanBehindUntilItWasRight(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.read("r1", s.at("13:00"), -time.Hour, true) // an hour slow, and somebody set it without a record
	s.tapped("Bo", "in", s.at("14:00"), 1, 0)
	s.read("r2", s.at("15:00"), 0, true)
	s.tapped("Bo", "out", s.at("17:00"), 1, 0)
	s.read("r3", s.at("18:00"), 0, true)
	// Between the wrong and the right measure nobody knows when it was set: Bo's IN waits, too.
	r := s.derive().expectDays("An", "").expectDays("Bo", "2026-11-23 0:00 A ?–17:00 *").expectRules("S clock-reset")
	if a := r.find(app.ClockReset); a.Facts["last"] != "3" || a.Facts["shift"] != "3600000" || a.Facts["shiftFrom"] != "measured" {
		t.Errorf("found %+v", a.Facts)
	}
}

func TestJumpAheadWithinOneBoot(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, time.Hour)
	s.tapped("An", "out", s.at("12:00"), 1, 6*time.Hour)
	s.tapped("Bo", "in", s.at("08:00+1"), 1, 7*time.Hour) // 20 h ahead for one of uptime
	s.tapped("Bo", "out", s.at("12:00+1"), 1, 11*time.Hour)
	s.read("r1", s.at("17:30"), 19*time.Hour, true)
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "").expectRules("S future-punch")
	if a := r.find(app.FuturePunch); a.Facts["shiftFrom"] != "boot" || a.Facts["shift"] != "-68400000" {
		t.Errorf("found %+v", a.Facts)
	}
}

func TestFileWithATimeBeforeTheClockWasSet(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.reading("boxA").Source, s.reading("boxA").Log.Log = app.FromFile, app.FileLog
	for i, at := range []app.Instant{s.at("07:00"), s.at("12:00"), app.NewDate(2000, 1, 1).Start(brussels)} {
		p := s.add("boxA", "04A1", app.KeyNone, at)
		p.Key.Log, p.Key.Seq = app.FileLog, uint64(1<<40+(7*i)%3) // hashes: they order nothing
	}
	s.seq = nil
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("S clock-reset")
}

// Whatever boxes note of their clocks and whenever they are read: no panic, no
// tap lost, and none that counts at a time that nobody vouches for.
func TestAnyClock(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := tellClock(t)
		real, box := s.at("05:00"), s.at("05:00")
		boot, since := uint16(1), time.Duration(0)
		for i := range rapid.IntRange(0, 25).Draw(rt, "records") {
			d := time.Duration(rapid.SampledFrom([]int64{0, 30, 600, 4000, 20000}).Draw(rt, "seconds")) * time.Second
			real, box, since = real.Add(d), box.Add(d), since+d
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				box, boot, since = app.NewDate(2000, 1, 1).Start(time.UTC), boot+1, 0
				s.event(app.RecordClockLost, box, boot, since)
			case 1:
				jump := time.Duration(rapid.SampledFrom([]int64{-7200, -200, -60, 90, 200, 86400 * 30}).Draw(rt, "jump")) * time.Second
				s.set(box, box.Add(jump), boot, since)
				box = box.Add(jump)
			case 2, 3:
				s.read(app.ID(rune('a'+i)), real, box.Sub(real), rapid.Bool().Draw(rt, "checked"))
			default:
				s.tapped(rapid.SampledFrom([]string{"An", "Bo"}).Draw(rt, "who"), "tap", box, boot, since)
			}
		}
		s.read("last", real, box.Sub(real), true)
		s.in.Now = real.Add(48 * time.Hour)
		r := Derive(&s.in)
		if len(r.Taps) != len(s.in.Punches) {
			rt.Fatalf("%d taps of %d punches", len(r.Taps), len(s.in.Punches))
		}
		named := map[app.RecordKey]bool{}
		for _, a := range r.Anomalies {
			for _, k := range a.Punches {
				named[k] = true
			}
		}
		for _, tap := range r.Taps {
			if tap.Role == app.TapUnsettled && !named[tap.Punch.Key] {
				rt.Fatalf("%s is unsettled and not named", tap.Punch.Key)
			}
			if moved := tap.At.Sub(tap.Punch.At).Abs(); moved > 5*time.Minute {
				rt.Fatalf("%s was moved by %s without anybody's word", tap.Punch.Key, moved)
			}
			if tap.Role != app.TapUnsettled && tap.Role != app.TapNoSite && (tap.At < year2020 || tap.At > real.Add(6*time.Minute)) {
				rt.Fatalf("%s counts at %s", tap.Punch.Key, tap.At)
			}
		}
	})
}
