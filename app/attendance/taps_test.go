package attendance

import (
	"testing"

	"klokkast/app"
)

func TestBadgeHandedOverAtNoon(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 11:30")
	s.seq["boxA"] = 10
	s.punch("04A1", "in 12:00 · out 15:30") // the same card, Bo's since noon
	s.in.Custodies[0].Span.To = s.at("12:00")
	s.in.Custodies = append(s.in.Custodies, app.Custody{ID: "c9", IdentifierID: "i-an", EngagementID: "e-bo", Span: app.Span{From: s.at("12:00")}})
	r := s.derive()
	r.expectDays("An", "2026-11-23 4:30 A 07:00–11:30").expectDays("Bo", "2026-11-23 3:30 A 12:00–15:30").expectRules("")
}

func TestPINsOfTwoGroupsAreTwoPeople(t *testing.T) {
	s := tell(t, "2026-11-23")
	for i, g := range []string{"west", "east"} {
		id := app.ID("pin-" + g)
		s.in.Identifiers = append(s.in.Identifiers, app.Identifier{ID: id, Key: app.IdentifierKey{Kind: app.PIN, Group: g, Value: "1"}})
		s.in.Custodies = append(s.in.Custodies, app.Custody{ID: id, IdentifierID: id, EngagementID: s.in.Engagements[i].ID, Span: app.Span{From: 1}})
	}
	s.add("boxA", "", app.KeyIn, s.at("07:00")).Identifier = app.IdentifierKey{Kind: app.PIN, Group: "west", Value: "1"}
	s.add("boxB", "", app.KeyIn, s.at("07:00")).Identifier = app.IdentifierKey{Kind: app.PIN, Group: "east", Value: "1"}
	s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–! *").expectDays("Bo", "2026-11-23 0:00 B 07:00–! *")
}

func TestSureTaps(t *testing.T) {
	for _, c := range []struct {
		name, story, readTo string
		unsure              []bool
	}{
		{"keys are sure", "in 07:00 · out 12:00", "07:30", []bool{false, false}},
		{"without keys when all was read", "tap 07:00 · tap 12:00", "13:00", []bool{false, false}},
		{"without keys past what was read", "tap 07:00 · tap 12:00", "12:00", []bool{false, true}},
		{"on a day with a forgotten OUT", "in 05:00 · in 06:00 · tap 12:00", "23:00", []bool{false, false, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			s.readTo("boxA", c.readTo)
			for i, tap := range s.derive().Taps {
				if tap.Unsure != c.unsure[i] {
					t.Errorf("tap %d: unsure %v", i+1, tap.Unsure)
				}
			}
		})
	}
}

func TestBeforePlacementNothingIsDerived(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00 · in 07:00+1 · out 12:00+1")
	s.in.Placements[0].Span.From = s.at("00:00+1")
	r := s.derive().expectDays("An", "2026-11-24 5:00 A 07:00–12:00").expectRules("")
	if len(r.Older) != 1 || r.Older[0].Box != "boxA" || r.Older[0].Punches != 2 || !r.Older[0].Placed {
		t.Errorf("older: %+v", r.Older)
	}
	s.in.Placements = s.in.Placements[1:]
	r = s.derive().expectDays("An", "").expectRules("")
	if len(r.Older) != 1 || r.Older[0].Punches != 4 || r.Older[0].Placed {
		t.Errorf("older: %+v", r.Older)
	}
}
