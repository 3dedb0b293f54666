package ciao_test

import (
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
)

// TestTheWordNeverCoversWhatMayHaveBeenSent: of unknown fate, or punched before a
// database was found to be set back.
func TestTheWordNeverCoversWhatMayHaveBeenSent(t *testing.T) {
	g := app.Registration{State: app.RegQueued, Vouched: true, At: 5000, Raw: 5300}
	for name, c := range map[string]struct {
		change  func(*app.Registration, *ciao.SenderState)
		covered bool
	}{
		"never sent":        {func(*app.Registration, *ciao.SenderState) {}, true},
		"without the word":  {func(g *app.Registration, _ *ciao.SenderState) { g.Vouched = false }, false},
		"of unknown fate":   {func(g *app.Registration, _ *ciao.SenderState) { g.State = app.RegUnknown }, false},
		"set back since":    {func(_ *app.Registration, s *ciao.SenderState) { s.RestoredAt = 6000 }, false},
		"set back before":   {func(_ *app.Registration, s *ciao.SenderState) { s.RestoredAt = 4000 }, true},
		"with a wrong time": {func(g *app.Registration, s *ciao.SenderState) { g.At, s.RestoredAt = 9000, 8000 }, false},
	} {
		reg, state := g, ciao.SenderState{}
		c.change(&reg, &state)
		if got := ciao.WordCovers(&reg, &state, nil); got != c.covered {
			t.Errorf("%s: covered %t", name, got)
		}
	}
}
