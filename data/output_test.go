package data

import (
	"strings"
	"testing"
)

// A file that was written is known by its bytes, however often it is written.
func TestOutputsAreRemembered(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	one, other := strings.Repeat("1", 64), strings.Repeat("2", 64)
	must(t, s.NoteOutput(t.Context(), one, 1))
	must(t, s.NoteOutput(t.Context(), one, 2))
	for hash, want := range map[string]bool{one: true, other: false} {
		if got, err := s.WroteOutput(t.Context(), hash); err != nil || got != want {
			t.Errorf("%s: %v, %v", hash, got, err)
		}
	}
}
