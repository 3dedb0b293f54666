package attendance

import (
	"testing"

	"klokkast/app"
)

func TestUnknownBadge(t *testing.T) {
	s := tell(t, "2026-11-23").punch("0BAD", "in 07:00 · out 12:00 · in 07:00+1").punch("An", "in 07:05 · out 12:05")
	r := s.derive()
	r.expectDays("An", "2026-11-23 5:00 A 07:05–12:05").expectRules("S unknown-badge")
	a := r.find(app.UnknownBadge)
	if a.Anchor != "" || a.Subject != (app.Subject{Kind: app.AboutIdentifier, ID: "card:0BAD"}) || len(a.Punches) != 3 {
		t.Errorf("found %+v", a)
	}
}

func TestUnknownBadgeInAnotherNotation(t *testing.T) {
	s := tell(t, "2026-11-23").punch("D4C3B2A1", "in 07:00")
	s.in.Identifiers[1].Key.Value = "A1B2C3D4"
	if a := s.derive().find(app.UnknownBadge); a.Facts["alike"] != "i-bo" {
		t.Errorf("found %+v", a.Facts)
	}
}

func TestBadgeAssignedLaterCountsBackwards(t *testing.T) {
	s := tell(t, "2026-11-23").punch("0BAD", "in 07:00 · out 12:00")
	s.in.Identifiers = append(s.in.Identifiers, app.Identifier{ID: "i2", Key: app.IdentifierKey{Kind: app.Card, Value: "0BAD"}})
	s.in.Custodies = append(
		s.in.Custodies,
		app.Custody{ID: "c2", IdentifierID: "i2", EngagementID: "e-bo", Span: app.Span{From: s.at("00:00")}, Entered: s.at("09:00+3")},
	)
	r := s.derive().expectDays("Bo", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
	if r.Taps[0].HolderEntered != s.at("09:00+3") {
		t.Error("the tap does not say when its holder was entered")
	}
}
