package data

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/reading"
)

func TestLowerRecordsFillGapsAndNeverLowerTheMark(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	all := log.next(100)
	log.store(t, all[:10])
	log.store(t, all[50:], log.gap(11, 50))
	same(t, get(t, s.Gaps), []app.Gap{log.gap(11, 50)})

	log.store(t, all[20:30]) // read by another office, say
	same(t, get(t, s.Gaps), []app.Gap{log.gap(11, 20), log.gap(31, 50)})
	state, _ := s.LogState(t.Context(), log.key)
	if state.Last.Seq != 100 || state.Last.Hash != log.chain[100] {
		t.Errorf("the mark fell to %d", state.Last.Seq)
	}

	elsewhere := log.gap(5, 40) // known again, partly stored: acknowledged to another installation
	elsewhere.ReadElsewhere = true
	elsewhere.Known = app.At(testNow.Add(time.Hour))
	log.store(t, nil, elsewhere)
	a, b := log.gap(11, 20), log.gap(31, 40)
	a.ReadElsewhere, b.ReadElsewhere = true, true
	same(t, get(t, s.Gaps), []app.Gap{a, b, log.gap(41, 50)})

	log.store(t, all[10:50])
	if gaps := get(t, s.Gaps); len(gaps) != 0 {
		t.Errorf("gaps that were read stay: %v", gaps)
	}
	if found := verified(t, s); len(found) != 0 {
		t.Errorf("verify: %v", found)
	}
}

// Gaps are a set of sequences with what is known of each: whatever is met and
// read in whatever order, the rows say what a plain table of sequences would.
func TestGapsAreASetOfSequences(t *testing.T) {
	const highest = 24
	type fact struct {
		missing, elsewhere bool
		known              app.Instant
	}
	rapid.Check(t, func(rt *rapid.T) {
		var want [highest + 1]fact
		var gaps []gapRow
		for step := range rapid.IntRange(1, 8).Draw(rt, "steps") {
			first := rapid.Int64Range(1, highest).Draw(rt, "first")
			last := rapid.Int64Range(first, highest).Draw(rt, "last")
			if rapid.Bool().Draw(rt, "read") {
				gaps = subtract(gaps, []seqRange{{first, last}})
				for i := first; i <= last; i++ {
					want[i] = fact{}
				}
				continue
			}
			g := gapRow{First: first, Last: last, ReadElsewhere: rapid.Bool().Draw(rt, "elsewhere"), Known: app.Instant(step + 1)}
			gaps = addGaps(gaps, []gapRow{g})
			for i := first; i <= last; i++ {
				if !want[i].missing {
					want[i] = fact{missing: true, known: g.Known}
				}
				want[i].elsewhere = want[i].elsewhere || g.ReadElsewhere
			}
		}
		var got [highest + 1]fact
		for n, g := range gaps {
			if n > 0 && g.First <= gaps[n-1].Last {
				rt.Fatalf("not in order, or twice: %v", gaps)
			}
			for i := g.First; i <= g.Last; i++ {
				got[i] = fact{true, g.ReadElsewhere, g.Known}
			}
		}
		if got != want {
			rt.Fatalf("got %v, want %v, rows %v", got, want, gaps)
		}
	})
}

// What is lost up to the end of a log is a gap, and moves no mark: the next reading asks from the last record again.
func TestALossAtTheEndMovesNoMark(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(3))
	for range 2 {
		b := log.batch(nil, log.gap(4, 9))
		b.End = reading.Chain{Seq: 9}
		if n, err := s.StoreBatch(t.Context(), b); n != 0 || err != nil {
			t.Fatal(n, err)
		}
	}
	state, err := s.LogState(t.Context(), log.key)
	must(t, err)
	gaps := get(t, s.Gaps)
	if state.Last.Seq != 3 || len(gaps) != 1 || gaps[0].First != 4 || gaps[0].Last != 9 {
		t.Errorf("%+v, %+v", state, gaps)
	}
}
