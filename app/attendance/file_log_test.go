package attendance

import (
	"slices"
	"testing"

	"klokkast/app"
)

// fileStory is a story of one terminal, boxA, whose taps came in files.
type fileStory struct {
	*story
	passage uint32
	line    uint32
	loose   bool
}

func tellFile(t *testing.T, day string) *fileStory {
	s := tell(t, day)
	s.seq = nil // what stands for sequences of files orders nothing
	for i := range s.in.Boxes {
		if s.in.Boxes[i].UID == "boxA" {
			s.in.Boxes[i].Make = app.MakeZK
		}
	}
	r := s.reading("boxA")
	r.Source, r.Log.Log = app.FromFile, app.FileLog
	return &fileStory{story: s, passage: 1}
}

// lines adds lines as they stand in the file, one a line of text: who, key, time.
func (s *fileStory) lines(list ...[3]string) *fileStory {
	s.t.Helper()
	for _, l := range list {
		s.add(l[0], l[1], s.at(l[2]))
	}
	return s
}

// add adds a line. Its key is a hash, here one that puts later lines first.
func (s *fileStory) add(who, key string, at app.Instant) {
	s.line++
	n := uint64(len(s.in.Punches) + 1)
	for _, p := range storyPeople {
		if p.name == who {
			who = p.card
		}
	}
	s.in.Punches = append(s.in.Punches, app.Punch{
		Key: app.RecordKey{LogKey: app.LogKey{Box: "boxA", Log: app.FileLog}, Seq: 1<<40 - n}, At: at,
		Identifier: app.IdentifierKey{Kind: app.Card, Value: who}, Pressed: storyKeys[key], ReadingID: "r-boxA",
		Position: app.Position{Passage: s.passage, Line: s.line, Loose: s.loose},
	})
}

// next begins the next passage: lines of a file that has none in common with those before.
func (s *fileStory) next() *fileStory {
	s.passage, s.line = s.passage+1, 0
	return s
}

func (s *fileStory) derive() *told { return &told{s.story, Derive(&s.in)} }

// Field case 21: out and in again, for another job, within the second. 5:02 + 4:00.
func TestTapsOfOneSecondKeepTheOrderOfTheFile(t *testing.T) {
	day := func(s *fileStory, who string) {
		s.lines([3]string{who, "in", "06:58"}, [3]string{who, "out", "12:00"}, [3]string{who, "in", "12:00"}, [3]string{who, "out", "16:00"})
	}
	for _, loose := range []bool{false, true} {
		s := tellFile(t, "2026-11-23")
		s.loose = loose
		if loose { // sorted by person: within one identifier the order is known
			day(s, "An")
			day(s, "Bo")
		} else {
			s.lines([3]string{"An", "in", "06:58"}, [3]string{"Bo", "in", "06:58"}, [3]string{"An", "out", "12:00"}, [3]string{"Bo", "out", "12:00"},
				[3]string{"An", "in", "12:00"}, [3]string{"Bo", "in", "12:00"}, [3]string{"An", "out", "16:00"}, [3]string{"Bo", "out", "16:00"})
		}
		r := s.derive().expectRules("W day-limit, W day-limit, W no-break, W no-break")
		r.expectDays("An", "2026-11-23 9:02 A 06:58–12:00 A 12:00–16:00").expectDays("Bo", "2026-11-23 9:02 A 06:58–12:00 A 12:00–16:00")
		var keys []app.PunchKey
		for _, tap := range r.Taps {
			if tap.WorkerID == "an" {
				keys = append(keys, tap.Punch.Pressed)
			}
		}
		if !slices.Equal(keys, []app.PunchKey{app.KeyIn, app.KeyOut, app.KeyIn, app.KeyOut}) {
			t.Errorf("loose %t: An's taps come as %v", loose, keys)
		}
	}
}

// Lines of which nobody knows the order stand by their times, as ever.
func TestLinesWithoutAPlaceStandByTheirTimes(t *testing.T) {
	s := tellFile(t, "2026-11-23").lines([3]string{"An", "out", "12:00"}, [3]string{"An", "in", "07:00"})
	for i := range s.in.Punches {
		s.in.Punches[i].Position = app.Position{}
	}
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
}

// A log of files is given anew as a whole where lines came to stand elsewhere, mean
// something else, or count no more: what follows is what follows of nothing else.
func TestALogGivenWhole(t *testing.T) {
	s := tellFile(t, "2026-11-23").lines([3]string{"An", "in", "07:00"}, [3]string{"An", "out", "12:00"}, [3]string{"An", "in", "12:00"}, [3]string{"An", "out", "16:00"})
	e := Start(&s.in, NewRecords())
	give := func(e *Engine, list []app.Punch) *Engine {
		in := s.in
		in.Punches = nil
		rs := e.Records()
		l := rs.Log(list[0].Key.LogKey)
		l.Whole()
		for i := range list {
			l.Punch(&list[i])
		}
		return e.Next(&in, rs)
	}
	for _, c := range []struct {
		name   string
		change func([]app.Punch) []app.Punch
		days   string
	}{
		{"the same", func(l []app.Punch) []app.Punch { return l }, "2026-11-23 9:00 A 07:00–12:00 A 12:00–16:00"},
		{"an hour later", func(l []app.Punch) []app.Punch {
			for i := range l {
				l[i].At += app.Instant(hour)
			}
			return l
		}, "2026-11-23 9:00 A 08:00–13:00 A 13:00–17:00"},
		{"the two of one second the other way round", func(l []app.Punch) []app.Punch {
			l[1].Position, l[2].Position = l[2].Position, l[1].Position
			return l
		}, "2026-11-23 5:00 A 07:00–12:00 A !–16:00 *"},
		{"without two", func(l []app.Punch) []app.Punch { return l[:2] }, "2026-11-23 5:00 A 07:00–12:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := c.change(slices.Clone(s.in.Punches))
			in := s.in
			in.Punches = list
			want := Derive(&in)
			next := give(e, list)
			if got := bytesOf(t, next.Result()); got != bytesOf(t, want) {
				t.Errorf("given whole:\n%s\nwant:\n%s", got, bytesOf(t, want))
			}
			if back := give(next, s.in.Punches); bytesOf(t, back.Result()) != bytesOf(t, e.Result()) {
				t.Error("given back, it is not what it was")
			}
			if days := (&told{s.story, want}).days("An"); days != c.days {
				t.Errorf("days %s", days)
			}
		})
	}
}
