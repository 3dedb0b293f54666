package attendance

import (
	"testing"

	"klokkast/app"
)

func TestDeclarationExpiring(t *testing.T) {
	today := app.NewDate(2026, 11, 30) // a week after the story
	for _, c := range []struct {
		name  string
		until app.Date
		next  bool
		want  bool
	}{{"31 days", today + 31, false, false}, {"30 days", today + 30, false, true}, {"today", today, false, true}, {"over", today - 1, false, false}, {"another goes on", today + 3, true, false}} {
		s := tell(t, "2026-11-23")
		s.in.SiteDecisions[0].Decision = app.UnderCIAO
		s.in.Declarations = []app.Declaration{{ID: "ddt", Days: app.Days{To: c.until}}}
		s.in.DeclarationSites = []app.DeclarationSite{{ID: "l", DeclarationID: "ddt", SiteID: "A"}}
		if c.next {
			s.in.Declarations = append(s.in.Declarations, app.Declaration{ID: "next", Days: app.Days{From: c.until + 1}})
			s.in.DeclarationSites = append(s.in.DeclarationSites, app.DeclarationSite{ID: "l2", DeclarationID: "next", SiteID: "A"})
		}
		r := s.derive()
		if !c.want {
			r.none(app.DeclarationExpiring)
		} else if a := r.find(app.DeclarationExpiring); a.Anchor != "" || a.Value != int64(c.until-today) {
			t.Errorf("%s: found %+v", c.name, a)
		}
	}
}
