package attendance

import (
	"testing"

	"klokkast/app"
)

func TestMissingIn(t *testing.T) {
	tellAll(t, []telling{
		{"an OUT with nothing open", "out 12:00", "S missing-in"},
		{"a break with nothing open, said once", "break 09:00 · back 09:20 · out 12:00", "S missing-in"},
		{"and without an OUT there is still one fact", "break 09:00", "S missing-in"},
	})
}

// With the IN stated, the OUT that nobody tapped is the next thing to settle.
func TestMissingInStatedAsksForTheOut(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "break 09:00 · back 09:20")
	s.in.Adjustments = []app.Adjustment{{ID: "adj", Kind: app.AdjustIn, EngagementID: "e-an", SiteID: "A", Punch: s.last(), From: s.at("07:00")}}
	r := s.derive().expectDays("An", "2026-11-23 2:00 A ~07:00–! (09:00–09:20) *").expectRules("S missing-in, S missing-out")
	if a := r.find(app.MissingIn); a.Facts["adjusted"] != "adj" {
		t.Errorf("found %+v", a)
	}
}
