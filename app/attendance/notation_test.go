package attendance

import (
	"testing"

	"klokkast/app"
	"klokkast/app/identity"
)

// Bo's card is known as A1B2C3D4; boxA shows it turned around.
func turnedAround(t *testing.T) *story {
	s := tell(t, "2026-11-23").punch("D4C3B2A1", "in 07:00 · out 12:00")
	s.in.Identifiers[1].Key.Value = "A1B2C3D4"
	return s
}

func TestConfirmedNotationFindsTheHolder(t *testing.T) {
	s := turnedAround(t)
	s.in.Notations = []app.BadgeNotation{{ID: "n", Box: "boxA", Kind: string(identity.Reversed), At: s.at("09:00+3")}}
	r := s.derive().expectDays("Bo", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
	if r.Taps[0].HolderEntered != s.at("09:00+3") {
		t.Errorf("what was attributed afterwards says %v", r.Taps[0].HolderEntered)
	}
}

func TestNotationCountsWhereItWasConfirmed(t *testing.T) {
	for _, c := range []struct {
		what string
		n    app.BadgeNotation
	}{
		{"another notation", app.BadgeNotation{ID: "n", Box: "boxA", Kind: string(identity.First4)}},
		{"another box", app.BadgeNotation{ID: "n", Box: "boxB", Kind: string(identity.Reversed)}},
		{"withdrawn", app.BadgeNotation{ID: "n", Box: "boxA", Kind: string(identity.Reversed), Withdrawn: 1}},
	} {
		s := turnedAround(t)
		s.in.Notations = []app.BadgeNotation{c.n}
		if r := s.derive(); r.rules() != "S unknown-badge" {
			t.Errorf("%s: found %q", c.what, r.rules())
		}
	}
}

// Two cards end in the same bytes: what the box shows is neither's for certain.
func TestNotationThatFitsTwoIsNobodys(t *testing.T) {
	s := tell(t, "2026-11-23").punch("B2C3D4", "in 07:00 · out 12:00")
	s.in.Identifiers[0].Key.Value, s.in.Identifiers[1].Key.Value = "04B2C3D4", "05B2C3D4"
	s.in.Notations = []app.BadgeNotation{{ID: "n", Box: "boxA", Kind: string(identity.Last3)}}
	a := s.derive().expectRules("S unknown-badge").find(app.UnknownBadge)
	if a.Facts["alike"] != "i-an i-bo" {
		t.Errorf("proposed %q", a.Facts["alike"])
	}
	s.in.Custodies[0].Span.To = s.at("06:00") // An gave hers back before
	s.derive().expectDays("Bo", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
}

// A card that is somebody's as it is shown stays theirs, and nobody else's
// while it is in nobody's hands.
func TestNotationLeavesKnownCardsAlone(t *testing.T) {
	s := turnedAround(t)
	s.in.Identifiers[0].Key.Value = "D4C3B2A1"
	s.in.Notations = []app.BadgeNotation{{ID: "n", Box: "boxA", Kind: string(identity.Reversed)}}
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "")
	s.in.Custodies[0].Span.To = s.at("06:00")
	s.derive().expectDays("Bo", "").expectRules("S unknown-badge")
}
