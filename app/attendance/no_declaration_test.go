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

// Of a presence over the last day's midnight each IN and break end is judged by its own moment.
func TestAnINAfterTheDeclarationsLastDay(t *testing.T) {
	last := app.NewDate(2026, 11, 23)
	for _, c := range []struct {
		name, who, story string
		punches          int // of the finding about the day after; 0: none
	}{
		{"the OUT after midnight is that of its IN", "An", "in 20:00 · out 02:00+1", 0},
		{"a break start after midnight, too", "An", "in 20:00 · break 01:00+1", 0},
		{"a break end after midnight is judged by itself, with what follows it", "An", "in 20:00 · break 23:30 · back 00:15+1 · break 01:00+1 · back 01:15+1 · out 02:00+1", 4},
		{"an IN that ends a break, too", "An", "in 20:00 · break 23:30 · in 00:15+1 · out 02:00+1", 2},
		{"a presence that a break start began goes by that, until the break ends", "An", "break 23:30 · back 00:15+1 · out 02:00+1", 2},
		{"a badge that nobody holds", "0BAD", "in 20:00 · out 00:15+1 · in 01:00+1 · out 02:00+1", 2},
		{"a badge that nobody holds, without keys", "0BAD", "tap 20:00 · tap 00:15+1", 0},
		{"a badge that nobody holds, with double taps", "0BAD", "in 20:00 · out 00:15+1 · in 01:00+1 · in 01:00:30+1 · out 02:00+1", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch(c.who, c.story)
			s.in.SiteDecisions[0].Decision = app.UnderCIAO
			s.in.Declarations = []app.Declaration{{ID: "d", Days: app.Days{To: last}}}
			s.in.DeclarationSites = []app.DeclarationSite{{ID: "l", DeclarationID: "d", SiteID: "A"}}
			r := s.derive()
			r.none(app.NoDeclaration)
			if c.punches == 0 {
				r.none(app.DeclarationExpired)
				return
			}
			a := r.find(app.DeclarationExpired)
			if a.Anchor != "2026-11-24" || a.Facts["until"] != "2026-11-23" || len(a.Punches) != c.punches {
				t.Errorf("found %+v", a)
			}
		})
	}
}

// Nobody is asked whether a badge that nobody holds was there all night.
func TestAnUnknownBadgeOverNightAfterSomethingWasExplained(t *testing.T) {
	s := tell(t, "2026-11-23").punch("0BAD", "tap 20:00 · tap 06:30+1")
	s.in.SiteDecisions[0].Decision = app.UnderCIAO
	s.in.States = []app.AnomalyState{{Key: app.AnomalyKey{Rule: app.MissingOut}, Status: app.AnomalyExplained}}
	s.derive().find(app.NoDeclaration)
}

func TestUnknownBadgesNeedADeclarationToo(t *testing.T) {
	s := tell(t, "2026-11-23").punch("0BAD", "tap 07:00 · tap 12:00").punch("An", "in 08:00 · out 12:30")
	s.in.SiteDecisions[0].Decision = app.UnderCIAO
	if a := s.derive().find(app.NoDeclaration); a.At != s.at("07:00") || len(a.Punches) != 4 {
		t.Errorf("found %+v", a)
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
