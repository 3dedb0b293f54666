package attendance

import (
	"testing"

	"klokkast/app"
)

func TestDeclarations(t *testing.T) {
	day := app.NewDate(2026, 11, 23)
	type ddt struct {
		days     app.Days
		standard bool
	}
	for _, c := range []struct {
		name, story string
		ddts        []ddt
		rules       string
	}{
		{"none", "in 07:00 · out 12:00", nil, "S no-declaration"},
		{"one, on its last day", "in 07:00 · out 12:00", []ddt{{app.Days{To: day}, false}}, ""},
		{"its last night, too", "in 22:00 · out 03:00+1", []ddt{{app.Days{To: day}, false}}, "I night-work"},
		{"ended", "in 07:00 · out 12:00", []ddt{{app.Days{To: day - 1}, false}}, "S declaration-expired"},
		{"not yet begun", "in 07:00 · out 12:00", []ddt{{app.Days{From: day + 1}, false}}, "S no-declaration"},
		{"two", "in 07:00 · out 12:00", []ddt{{app.Days{}, false}, {app.Days{}, false}}, "W ambiguous-declaration"},
		{"two, one the default", "in 07:00 · out 12:00", []ddt{{app.Days{}, false}, {app.Days{}, true}}, ""},
		{"once a day and site", "in 07:00 · out 12:00 · in 13:00 · out 15:00", nil, "S no-declaration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			s.in.SiteDecisions[0].Decision = app.UnderCIAO
			for i, d := range c.ddts {
				id := app.ID(rune('a' + i))
				s.in.Declarations = append(s.in.Declarations, app.Declaration{ID: id, Days: d.days})
				s.in.DeclarationSites = append(s.in.DeclarationSites, app.DeclarationSite{ID: id, DeclarationID: id, SiteID: "A", Default: d.standard})
			}
			s.derive().expectRules(c.rules)
		})
	}
}

func TestNoDeclarationNamesAllPunchesOfTheDay(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00").punch("Bo", "in 08:00 · out 12:30")
	s.in.SiteDecisions[0].Decision = app.UnderCIAO
	a := s.derive().find(app.NoDeclaration)
	if a.Subject != (app.Subject{Kind: app.AboutSite, ID: "A"}) || a.Anchor != "2026-11-23" || len(a.Punches) != 4 {
		t.Errorf("found %+v", a)
	}
}
