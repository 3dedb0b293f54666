package data

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
)

func TestASegmentHasOneShiftAtATime(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	log.store(t, log.next(5))
	r := app.ClockRepair{
		ID:     newID(t),
		Log:    log.record(2).Key.LogKey,
		First:  2,
		Last:   5,
		Shift:  232_000 * time.Hour,
		Source: "boot",
		Reason: "clock lost",
		By:     "An",
		At:     5,
	}
	must(t, s.RepairClock(ctx, r, did("clock.repair", "")))
	again := r
	again.ID, again.Shift = newID(t), -time.Millisecond
	if err := s.RepairClock(ctx, again, did("clock.repair", "")); codeOf(err) != "clockRepair.taken" {
		t.Errorf("repaired twice: %v", err)
	}
	other := r
	other.ID, other.First = newID(t), 3
	must(t, s.RepairClock(ctx, other, did("clock.repair", "")))
	act := did("clock.withdraw", "")
	act.At = 9
	must(t, s.WithdrawClockRepair(ctx, r.ID, act))
	if err := s.WithdrawClockRepair(ctx, r.ID, act); !strings.Contains(err.Error(), "clockRepair") {
		t.Errorf("withdrawn twice: %v", err)
	}
	must(t, s.RepairClock(ctx, again, did("clock.repair", "")))
	r.Withdrawn = 9
	same(t, get(t, s.ClockRepairs), []app.ClockRepair{r, again, other})
}

func TestClockRepairsAndNotationsAreImmutable(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	log.store(t, log.next(5))
	r := app.ClockRepair{
		ID:     newID(t),
		Log:    log.record(2).Key.LogKey,
		First:  2,
		Last:   5,
		Shift:  time.Hour,
		Source: "person",
		Reason: "clock lost",
		By:     "An",
		At:     5,
	}
	n := app.BadgeNotation{ID: newID(t), Box: r.Log.Box, Kind: "reversed", By: "An", At: 6}
	must(t, s.RepairClock(ctx, r, did("clock.repair", "")))
	must(t, s.ConfirmNotation(ctx, n, did("notation.confirm", "")))
	must(t, s.WithdrawClockRepair(ctx, r.ID, did("clock.withdraw", "")))
	must(t, s.WithdrawNotation(ctx, n.ID, did("notation.withdraw", "")))
	cut := app.ClockCut{ID: newID(t), Log: r.Log, First: 4, Reason: "set by hand", By: "An", At: 6}
	must(t, s.CutClock(ctx, cut, did("clock.cut", "")))
	must(t, s.WithdrawClockCut(ctx, cut.ID, did("clock.join", "")))
	for _, q := range []string{
		"UPDATE clock_repair SET shift = 0", "DELETE FROM clock_repair", "UPDATE clock_cut SET first = 1", "DELETE FROM clock_cut", "UPDATE clock_cut_withdrawn SET at = 0", "DELETE FROM clock_cut_withdrawn", "UPDATE clock_repair_withdrawn SET at = 0", "DELETE FROM clock_repair_withdrawn",
		"UPDATE badge_notation SET kind = 'plain'", "DELETE FROM badge_notation", "UPDATE badge_notation_withdrawn SET at = 0", "DELETE FROM badge_notation_withdrawn",
		"INSERT OR REPLACE INTO clock_repair SELECT id, log, first, last, 0, source, reason, by, at FROM clock_repair",
		"INSERT OR REPLACE INTO badge_notation SELECT id, box, 'plain', inverse, by, at FROM badge_notation",
	} {
		if _, err := s.w.ExecContext(ctx, q); err == nil {
			t.Errorf("%s was carried out", q)
		}
	}
}

func TestALogIsCutOnceAtARecord(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	log.store(t, log.next(5))
	cut := app.ClockCut{ID: newID(t), Log: log.record(2).Key.LogKey, First: 3, Reason: "set by hand", By: "An", At: 5}
	must(t, s.CutClock(ctx, cut, did("clock.cut", "")))
	again := cut
	again.ID = newID(t)
	if err := s.CutClock(ctx, again, did("clock.cut", "")); codeOf(err) != "clockCut.taken" {
		t.Errorf("cut twice: %v", err)
	}
	act := did("clock.join", "")
	act.At = 9
	must(t, s.WithdrawClockCut(ctx, cut.ID, act))
	if err := s.WithdrawClockCut(ctx, cut.ID, act); !strings.Contains(err.Error(), "clockCut") {
		t.Errorf("joined twice: %v", err)
	}
	must(t, s.CutClock(ctx, again, did("clock.cut", "")))
	cut.Withdrawn = 9
	same(t, get(t, s.ClockCuts), []app.ClockCut{cut, again})
}

// What stands for the sequences of a file's lines orders nothing.
func TestASegmentOfAFileEndsWhereverItsHashesDo(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(5))
	r := app.ClockRepair{ID: newID(t), Log: log.record(2).Key.LogKey, First: 4, Last: 2, Shift: -time.Hour, Source: "summer-time", Reason: "put back late", By: "An", At: 5}
	must(t, s.RepairClock(t.Context(), r, did("clock.repair", "")))
	same(t, get(t, s.ClockRepairs), []app.ClockRepair{r})
}
