package attendance

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

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

// Field case 23: the terminal ran an hour ahead until it was set right on 3 November, nine days after
// summer time ended. What stands before the step waits; the rest counts.
func TestAClockThatWasPutBackLate(t *testing.T) {
	s := tellFile(t, "2026-11-02").lines(
		[3]string{"An", "in", "07:00"}, [3]string{"Bo", "in", "07:03"}, [3]string{"An", "out", "11:00"}, [3]string{"Bo", "out", "11:03"},
		[3]string{"An", "in", "07:00+1"}, [3]string{"Bo", "in", "11:04+1"}, // 06:00 and 10:04 in truth
		[3]string{"Cem", "in", "10:06+1"}, [3]string{"An", "out", "10:10+1"}, [3]string{"Bo", "out", "13:04+1"}, [3]string{"Cem", "out", "14:06+1"},
		[3]string{"An", "in", "06:00+2"}, [3]string{"An", "out", "10:00+2"}, [3]string{"An", "in", "06:00+3"}, [3]string{"An", "out", "10:00+3"},
	)
	s.readTo("boxA", "12:00+6")
	s.in.Now = s.at("13:00+6")
	r := s.derive().expectRules("S clock-reset")
	r.expectDays("An", "2026-11-03 0:00 A ?–10:10 *\n2026-11-04 4:00 A 06:00–10:00\n2026-11-05 4:00 A 06:00–10:00")
	r.expectDays("Bo", "2026-11-03 0:00 A ?–13:04 *").expectDays("Cem", "2026-11-03 4:00 A 10:06–14:06")
	a := r.find(app.ClockReset)
	if len(a.Punches) != 6 || a.Facts["shiftFrom"] != "summer-time" || a.Facts["shift"] != "-3600000" || a.At != s.at("07:00") || a.Day != s.day {
		t.Errorf("found %+v", a)
	}
	seg := r.Segments[0]
	s.in.Repairs = []app.ClockRepair{{ID: "fix", Log: seg.Log, First: seg.First, Last: seg.Last, Shift: seg.Proposed}}
	r = s.derive().expectRules("")
	r.expectDays("An", "2026-11-02 4:00 A 06:00–10:00\n2026-11-03 4:10 A 06:00–10:10\n2026-11-04 4:00 A 06:00–10:00\n2026-11-05 4:00 A 06:00–10:00")
	r.expectDays("Bo", "2026-11-02 4:00 A 06:03–10:03\n2026-11-03 3:00 A 10:04–13:04")
}

// What lies before the end of summer time was right, however much lies between: that alone waits.
func TestOnlyWhatLiesAfterTheEndOfSummerTimeWaits(t *testing.T) {
	tellIt := func(step string) *told { // 2026-10-25 is the Sunday
		s := tellFile(t, "2026-10-23").lines(
			[3]string{"An", "in", "06:00"}, [3]string{"An", "out", "10:00"}, [3]string{"An", "in", "22:00+1"},
			[3]string{"Bo", "in", "07:00+3"}, [3]string{"Bo", "out", "11:00+3"}, [3]string{"Bo", "in", "07:00+4"}, [3]string{"Bo", "out", "11:00+4"},
			[3]string{"Bo", "in", "11:01+5"}, [3]string{"Cem", "in", step + "+5"}, [3]string{"Cem", "out", "14:00+5"},
		)
		s.readTo("boxA", "12:00+8")
		s.in.Now = s.at("13:00+8")
		return s.derive()
	}
	for _, step := range []string{"10:06", "09:56"} { // 55 and 65 minutes back
		r := tellIt(step)
		a := r.find(app.ClockReset)
		if len(a.Punches) != 5 || a.Facts["shiftFrom"] != "summer-time" {
			t.Errorf("at %s: found %+v", step, a)
		}
		r.expectDays("An", "2026-10-23 4:00 A 06:00–10:00\n2026-10-24 0:00 A 22:00–? *").expectDays("Bo", "")
	}
	for _, step := range []string{"10:07", "09:55"} { // 54 and 66: a step back as any; the longest side counts
		r := tellIt(step)
		if a := r.find(app.ClockReset); len(a.Punches) != 2 || a.Facts["shiftFrom"] == "summer-time" {
			t.Errorf("at %s: found %+v", step, a)
		}
		r.expectDays("Cem", "")
	}
}

func TestSummerTimeThatEndedLongAgo(t *testing.T) {
	for _, c := range []struct {
		day  string
		ends bool
	}{{"2026-11-07", true}, {"2026-11-09", false}, {"2026-04-01", false}} { // 25 October + 14 days; in spring no step shows it
		s := tellFile(t, c.day).lines(
			[3]string{"An", "in", "07:00"}, [3]string{"An", "out", "11:00"}, [3]string{"Bo", "in", "10:01"}, [3]string{"Bo", "out", "11:01"}, [3]string{"Bo", "in", "12:01"},
		)
		if got := s.derive().find(app.ClockReset).Facts["shiftFrom"] == "summer-time"; got != c.ends {
			t.Errorf("%s: proposed by summer time: %t", c.day, got)
		}
	}
}

// Which side of a step back is right nobody can know: the longest counts alone, and each other one asks.
func TestTheLongestSideOfStepsBackCounts(t *testing.T) {
	s := tellFile(t, "2026-06-01").lines(
		[3]string{"An", "in", "07:00"}, [3]string{"An", "out", "11:00"},
		[3]string{"Bo", "in", "06:00"}, [3]string{"Bo", "out", "10:00"}, [3]string{"Bo", "in", "11:00"}, [3]string{"Bo", "out", "13:00"},
		[3]string{"Cem", "in", "12:00"}, [3]string{"Cem", "out", "15:00"}, // it fits behind the first, but not behind the longest
	)
	r := s.derive().expectRules("S clock-reset, S clock-reset")
	r.expectDays("An", "").expectDays("Bo", "2026-06-01 6:00 A 06:00–10:00 A 11:00–13:00").expectDays("Cem", "")
	if n := len(r.Segments); n != 2 || r.Segments[0].Source != FromNothing {
		t.Fatalf("segments %+v", r.Segments)
	}
	// Somebody says that the first is right as it stands: then the others ask.
	s.in.Repairs = []app.ClockRepair{{ID: "right", Log: r.Segments[0].Log, First: r.Segments[0].First, At: 1}}
	s.derive().expectRules("S clock-reset, S clock-reset").expectDays("An", "2026-06-01 4:00 A 07:00–11:00").expectDays("Bo", "").expectDays("Cem", "")
}

// A clock that goes to another date and comes back: what it recorded there waits, what lies before and after goes on.
func TestAClockThatWentAwayAndCameBack(t *testing.T) {
	day := func(s *fileStory, plus string) {
		s.lines([3]string{"An", "in", "07:00" + plus}, [3]string{"An", "out", "11:00" + plus})
	}
	for _, days := range []int{-1500, -30, -2, 2, 30} {
		s := tellFile(t, "2026-06-01")
		day(s, "")
		day(s, "+1")
		for _, at := range []string{"07:00+2", "11:00+2"} {
			s.add("Bo", map[string]string{"07:00+2": "in", "11:00+2": "out"}[at], s.at(at).Add(time.Duration(days)*24*time.Hour))
		}
		day(s, "+3")
		day(s, "+4")
		s.in.Now = s.at("00:00+60")
		r := s.reading("boxA")
		r.Started, r.Ended, r.ReadTo = s.in.Now, s.in.Now, s.in.Now
		told := s.derive().expectDays("Bo", "").expectDays("An", "2026-06-01 4:00 A 07:00–11:00\n2026-06-02 4:00 A 07:00–11:00\n2026-06-04 4:00 A 07:00–11:00\n2026-06-05 4:00 A 07:00–11:00")
		if a := told.find(app.ClockReset); len(a.Punches) != 2 {
			t.Errorf("%d days away: found %+v", days, a)
		}
	}
}

// Field case 24: lines that can only be wrong are no border. Their time is unknown, the other days stand.
func TestLinesOf2000And2063AmongGoodOnes(t *testing.T) {
	s := tellFile(t, "2026-11-23").lines([3]string{"An", "in", "06:00"})
	s.add("none", "tap", app.NewDate(2000, 1, 1).Start(brussels))
	s.lines([3]string{"An", "out", "10:00"})
	s.add("Bo", "in", app.NewDate(2063, 4, 5).Start(brussels))
	s.lines([3]string{"Bo", "in", "06:00+1"}, [3]string{"Bo", "out", "10:00+1"})
	r := s.derive().expectDays("An", "2026-11-23 4:00 A 06:00–10:00").expectDays("Bo", "2026-11-24 4:00 A 06:00–10:00")
	r.expectRules("S clock-reset, S future-punch")
}

// Between two taps of An's stand others of hers, of whose time nobody is sure: what lies between the two is not known.
func TestAPresenceAcrossWhatWaitsIsOpen(t *testing.T) {
	tellIt := func(between string) *told {
		s := tellFile(t, "2026-11-23").lines([3]string{"An", "in", "06:00"}, [3]string{"Cem", "in", "06:00"}, [3]string{"Cem", "out", "09:00"})
		s.add(between, "out", app.NewDate(2000, 1, 1).Start(brussels))
		s.add(between, "in", app.NewDate(2000, 1, 1).Start(brussels).Add(time.Hour))
		s.lines([3]string{"An", "out", "15:00"})
		return s.derive()
	}
	tellIt("An").expectDays("An", "2026-11-23 0:00 A 06:00–? A ?–15:00 *").expectRules("S clock-reset")
	tellIt("Bo").expectDays("An", "2026-11-23 9:00 A 06:00–15:00").expectRules("W no-break, S clock-reset")
}

// So it is where a part with a clock of its own lies between, whoever tapped in it.
func TestAPresenceAcrossAPartThatWaitsIsOpen(t *testing.T) {
	s := tellFile(t, "2026-10-24").lines(
		[3]string{"An", "in", "22:00"}, [3]string{"Bo", "in", "06:00+1"}, [3]string{"Bo", "out", "09:50+1"}, // an hour ahead: summer time ended
		[3]string{"Cem", "in", "08:52+1"}, [3]string{"An", "out", "09:30+1"}, [3]string{"Cem", "out", "12:52+1"},
	)
	r := s.derive().expectDays("An", "2026-10-24 0:00 A 22:00–? *\n2026-10-25 0:00 A ?–09:30 *").expectDays("Cem", "2026-10-25 4:00 A 08:52–12:52")
	seg := r.Segments[0]
	s.in.Repairs = []app.ClockRepair{{ID: "fix", Log: seg.Log, First: seg.First, Last: seg.Last, Shift: seg.Proposed}}
	s.derive().expectDays("An", "2026-10-24 12:30 A 22:00–09:30").expectDays("Bo", "2026-10-25 3:50 A 05:00–08:50")
}

// Two files without a common line: between them lines may be missing.
func TestTheTimeBetweenTwoFilesCountsAsUnread(t *testing.T) {
	tellIt := func(taken string) *told {
		s := tellFile(t, "2026-11-23").lines([3]string{"An", "in", "07:00"}, [3]string{"Bo", "in", "08:00"}, [3]string{"Cem", "in", "20:00"}).next()
		s.lines([3]string{"Cem", "out", "02:00+1"}, [3]string{"Bo", "in", "08:00+1"}, [3]string{"Bo", "out", "12:00+1"})
		first := *s.reading("boxA")
		first.ID, first.Started, first.Ended = "r-first", s.at("23:00"), s.at("23:00")
		first.ReadTo = s.at(taken)
		s.in.Readings = append(s.in.Readings, first)
		for i := range s.in.Punches[:3] {
			s.in.Punches[i].ReadingID = "r-first"
		}
		return s.derive()
	}
	// Keys on both sides close what lies across; what has no OUT may have it between the files.
	r := tellIt("20:00").expectRules("I night-work")
	r.expectDays("An", "2026-11-23 0:00 A 07:00–? *").expectDays("Bo", "2026-11-23 0:00 A 08:00–? *\n2026-11-24 4:00 A 08:00–12:00")
	r.expectDays("Cem", "2026-11-23 6:00 A 20:00–02:00")
	// Taken then, it had An's OUT by 16 h after her IN, had there been one.
	tellIt("23:00").expectDays("An", "2026-11-23 0:00 A 07:00–! *").expectRules("S missing-out, I night-work")
}

// Nobody believes that a file was read beyond its import: up to its last line that can be right.
func TestAFileReadBeyondItsImport(t *testing.T) {
	for _, c := range []struct{ readTo, days, rules string }{
		{"2063", "2026-11-23 0:00 A 18:00–? *", "S future-punch"},
		{"not said", "2026-11-23 0:00 A 18:00–? *", "S future-punch"},
		{"taken", "2026-11-23 0:00 A 18:00–! *", "S future-punch, S missing-out"},
	} {
		s := tellFile(t, "2026-11-23").lines([3]string{"Bo", "in", "08:00"}, [3]string{"Bo", "out", "12:00"})
		s.add("0BAD", "tap", app.NewDate(2063, 4, 5).Start(brussels))
		s.lines([3]string{"Bo", "in", "13:00"}, [3]string{"Bo", "out", "17:00"}, [3]string{"An", "in", "18:00"})
		r := s.reading("boxA")
		r.Started, r.Ended, r.ReadTo = s.at("12:00+2"), s.at("12:00+2"), s.at("11:00+2")
		switch c.readTo {
		case "2063":
			r.ReadTo = app.NewDate(2063, 4, 5).Start(brussels)
		case "not said":
			r.ReadTo = 0
		}
		s.derive().expectDays("An", c.days).expectDays("Bo", "2026-11-23 8:00 A 08:00–12:00 A 13:00–17:00").expectRules(c.rules)
	}
}

// What nobody said of a file is known up to its last line: Bo's forgotten OUT of the day before is missing.
func TestAFileOfWhichNobodySaysWhenItWasTaken(t *testing.T) {
	s := tellFile(t, "2026-11-23").lines([3]string{"Bo", "in", "08:00"}, [3]string{"An", "in", "07:00+1"}, [3]string{"An", "out", "12:00+1"})
	s.reading("boxA").ReadTo = 0
	s.derive().expectDays("Bo", "2026-11-23 0:00 A 08:00–! *").expectRules("S missing-out")
}

// A terminal that was read by cable, too, has measures: they say which side is right.
func TestATerminalWhoseClockWasMeasured(t *testing.T) {
	s := tellFile(t, "2026-06-01").lines(
		[3]string{"An", "in", "07:00"}, [3]string{"An", "out", "11:00"}, [3]string{"An", "in", "12:00"}, [3]string{"Cem", "in", "15:32"},
		[3]string{"An", "out", "16:20"}, // after its reading at 15:30, and an hour earlier before Cem's IN: the clock was the same for both
		[3]string{"Bo", "in", "15:35"}, [3]string{"Bo", "out", "18:35"},
	)
	first := *s.reading("boxA")
	first.ID, first.Started, first.Ended, first.ReadTo = "r-first", s.at("15:30"), s.at("15:30"), s.at("15:30")
	first.Clock, first.Check = &app.ClockOffset{At: s.at("15:30"), Offset: time.Hour}, app.ClockCheck{At: s.at("15:00")}
	for i := range s.in.Punches[:5] {
		s.in.Punches[i].ReadingID = "r-first"
	}
	s.in.Readings = append(s.in.Readings, first)
	r := s.reading("boxA")
	r.Clock, r.Check = &app.ClockOffset{At: s.in.Now}, app.ClockCheck{At: s.in.Now.Add(-time.Hour)}
	told := s.derive().expectDays("An", "").expectDays("Bo", "2026-06-01 3:00 A 15:35–18:35").expectRules("S future-punch, S clock-reset")
	if a := told.find(app.ClockReset); a.Facts["shiftFrom"] != "measured" || a.Facts["shift"] != "-3600000" || len(a.Punches) != 4 {
		t.Errorf("found %+v", a)
	}
}

// Whatever stands in files, in whatever order: no tap is lost, what counts counts at a time that can be right, what
// waits is named, and the order in which the facts are given changes nothing.
func TestAnyFileLog(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := tellFile(t, "2026-10-20")
		at := s.at("05:00")
		for range rapid.IntRange(0, 40).Draw(rt, "lines") {
			at += app.Instant(rapid.SampledFrom([]int64{0, 60 * second, hour, 4 * hour, 9 * hour, 16 * hour, -90 * second, -58 * minute, -5 * hour, -40 * day, 40 * day}).Draw(rt, "later"))
			if rapid.IntRange(0, 9).Draw(rt, "passage") == 0 {
				s.next()
				s.loose = rapid.Bool().Draw(rt, "loose")
			}
			when := at
			if rapid.IntRange(0, 12).Draw(rt, "impossible") == 0 {
				when = rapid.SampledFrom([]app.Instant{0, at.Add(50 * 365 * 24 * time.Hour)}).Draw(rt, "at")
			}
			s.add(rapid.SampledFrom([]string{"An", "An", "Bo", "0BAD"}).Draw(rt, "who"), rapid.SampledFrom([]string{"tap", "in", "out", "break", "back"}).Draw(rt, "key"), when)
		}
		s.in.Now = at.Add(30 * 24 * time.Hour)
		r := s.reading("boxA")
		r.Started, r.Ended, r.ReadTo = s.in.Now, s.in.Now, rapid.SampledFrom([]app.Instant{at, s.in.Now, s.in.Now.Add(time.Hour)}).Draw(rt, "read to")
		got := Derive(&s.in)
		if len(got.Taps) != len(s.in.Punches) {
			rt.Fatalf("%d taps of %d lines", len(got.Taps), len(s.in.Punches))
		}
		named := map[app.RecordKey]bool{}
		for _, a := range got.Anomalies {
			for _, k := range a.Punches {
				named[k] = true
			}
		}
		for _, tap := range got.Taps {
			if tap.Role == app.TapUnsettled && !named[tap.Punch.Key] {
				rt.Fatalf("%s waits and is not named", tap.Punch.Key)
			}
			if tap.At != tap.Punch.At || tap.Role != app.TapUnsettled && tap.Role != app.TapNoSite && (tap.At < year2020 || tap.At > s.in.Now) {
				rt.Fatalf("%s counts at %s", tap.Punch.Key, tap.At)
			}
		}
		for _, p := range got.Presences {
			if p.Worked < 0 || p.State == app.PresenceComplete && p.In.At > p.Out.At {
				rt.Fatalf("presence %+v", p)
			}
		}
		shuffled := s.in
		shuffled.Punches = rapid.Permutation(s.in.Punches).Draw(rt, "order")
		if a, b := bytesOf(rt, got), bytesOf(rt, Derive(&shuffled)); a != b {
			rt.Fatalf("in another order:\n%s\nwant:\n%s", b, a)
		}
	})
}
