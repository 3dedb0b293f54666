package data

import (
	"fmt"
	"testing"
	"time"

	"klokkast/app"
)

func TestReadingFromBeginningToEnd(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	log.store(t, log.next(10))
	must(t, s.Acknowledged(ctx, log.reading, 10))
	must(t, s.Acknowledged(ctx, log.reading, 7)) // a late one never lowers the mark
	r := app.Reading{
		ID: log.reading, Log: log.key, Source: app.FromCable, Installation: s.own, Actor: "An Peeters", State: app.ReadingDone,
		Started: app.At(testNow), Ended: app.At(testNow.Add(time.Minute)), First: 1, Last: 10, Records: 10, New: 10,
		EndHash: fmt.Sprintf("%x", log.chain[10]), Acked: 10, BoxAcked: 3,
		Clock:  &app.ClockOffset{At: app.At(testNow), Offset: -1500 * time.Millisecond, Uncertainty: 2345 * time.Microsecond},
		Check:  app.ClockCheck{At: app.At(testNow.Add(-time.Hour)), Offset: 40 * time.Microsecond, Source: "register"},
		ReadTo: app.At(testNow),
	}
	must(t, s.EndReading(ctx, r))
	same(t, get(t, s.Readings), []app.Reading{r})
	state, err := s.LogState(ctx, log.key)
	must(t, err)
	if state.Acked != 10 {
		t.Errorf("acknowledged to %d", state.Acked)
	}
	if err := s.Acknowledged(ctx, "nobody", 3); err == nil {
		t.Error("acknowledged for a reading that is not there")
	}
}

func TestReadingThatDiedTellsHowFarItCame(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(10))
	log.store(t, log.next(5))
	r := get(t, s.Readings)[0]
	if r.State != app.ReadingRunning || r.Records != 15 || r.New != 15 || r.First != 1 || r.Last != 15 || r.EndHash != fmt.Sprintf("%x", log.chain[15]) {
		t.Errorf("reading is %+v", r)
	}
}
