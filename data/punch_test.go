package data

import (
	"strings"
	"testing"

	"klokkast/app"
)

func TestPunchesOfASpan(t *testing.T) {
	s := newStore(t)
	other := newLogOf(t, s, strings.Repeat("0e", 16), strings.Repeat("01", 16)) // later name, stored first
	other.store(t, other.next(10))
	log := newLog(t, s)
	log.store(t, log.next(10))
	span := app.Span{From: log.record(4).Punch.At, To: log.record(6).Punch.At}
	punches, err := s.Punches(t.Context(), span)
	must(t, err)
	var keys []string
	for _, p := range punches {
		keys = append(keys, p.Key.String())
	}
	same(t, keys, []string{log.record(4).Key.String(), log.record(5).Key.String(), other.record(4).Key.String(), other.record(5).Key.String()})
}
