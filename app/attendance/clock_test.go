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
