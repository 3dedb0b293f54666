package data

import (
	"sync"
	"testing"

	"klokkast/app"
	"klokkast/app/store"
)

// gathered keeps what a sink is given.
type gathered struct {
	mu      sync.Mutex
	punches map[app.RecordKey]app.Punch
	events  map[app.RecordKey]app.BoxEvent
}

func gather() *gathered {
	return &gathered{punches: map[app.RecordKey]app.Punch{}, events: map[app.RecordKey]app.BoxEvent{}}
}

func (g *gathered) of(app.LogKey) store.RecordSink { return g }

func (g *gathered) Punch(p *app.Punch) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.punches[p.Key] = *p
}

func (g *gathered) Event(e *app.BoxEvent) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.events[e.Key] = *e
}

func (g *gathered) Whole() { clear(g.punches) }

func TestFetchedGivesEveryRecordOnce(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(250))
	all := gather()
	first, err := s.Fetched(t.Context(), store.Since{}, all.of)
	must(t, err)
	punches, err := s.Punches(t.Context(), app.Span{})
	must(t, err)
	if len(all.punches) != len(punches) || len(all.events) != 3 || len(first.Readings) != 1 {
		t.Fatalf("%d of %d punches, %d events, readings %+v", len(all.punches), len(punches), len(all.events), first.Readings)
	}
	for _, p := range punches {
		if all.punches[p.Key] != p {
			t.Fatalf("%+v, want %+v", all.punches[p.Key], p)
		}
	}

	log.store(t, log.next(50)) // by the reading that still ran
	log.begin(t)
	log.store(t, log.next(7))
	more := gather()
	second, err := s.Fetched(t.Context(), first.Since, more.of)
	must(t, err)
	if len(more.punches)+len(more.events) != 307 || len(second.Readings) != 2 {
		t.Errorf("%d records, readings %+v", len(more.punches)+len(more.events), second.Readings)
	}
	must(
		t,
		s.EndReading(
			t.Context(),
			app.Reading{ID: log.reading, Log: log.key, Source: app.FromCable, Actor: "An", State: app.ReadingDone, Started: app.At(testNow)},
		),
	)
	rest := gather()
	third, err := s.Fetched(t.Context(), second.Since, rest.of)
	must(t, err)
	if len(third.Since.Running) != 1 || third.Since.Last != second.Since.Last {
		t.Errorf("goes on from %+v, before from %+v", third.Since, second.Since)
	}
}

func TestMarkChangesWithWhateverIsWritten(t *testing.T) {
	s := newStore(t)
	other := openAt(t, s.Path())
	before := get(t, s.Mark)
	if again := get(t, s.Mark); again != before {
		t.Errorf("nothing was written: %+v, then %+v", before, again)
	}
	log := newLog(t, other) // another program's
	read := get(t, s.Mark)
	if read.Writes == before.Writes || read.Acts != before.Acts {
		t.Errorf("a reading: %+v, then %+v", before, read)
	}
	log.store(t, log.next(1))
	must(t, s.SaveClient(t.Context(), app.Client{ID: newID(t), Name: "Stad"}, app.Act{Actor: "An", What: "client.save", Target: "client:1"}))
	if acted := get(t, s.Mark); acted.Writes == read.Writes || acted.Acts == read.Acts {
		t.Errorf("an act: %+v, then %+v", read, acted)
	}
}
