package attendance

import (
	"testing"

	"klokkast/app"
)

func TestUndecidedSite(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
	s.in.SiteDecisions = s.in.SiteDecisions[1:]
	if a := s.derive().find(app.UndecidedSite); a.Anchor != "" || a.SiteID != "A" {
		t.Errorf("found %+v", a)
	}
}
