package data

import (
	"testing"

	"klokkast/app/reading"
)

func TestKeptLines(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	lines := []reading.LineProblem{{Line: 3, Code: "bad-time", Text: "7\t2026-13-23"}, {Line: 90, Code: "short", Text: "\xff"}}
	must(t, s.KeepLines(t.Context(), log.reading, lines))
	kept, err := s.KeptLines(t.Context(), log.reading)
	must(t, err)
	same(t, kept, lines)
}
