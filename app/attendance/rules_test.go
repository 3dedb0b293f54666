package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

// Rules about hours, each just at and just beyond its threshold.
func TestHourRules(t *testing.T) {
	for _, c := range []struct{ name, story, rules string }{
		{"day-limit: nine hours are allowed", "in 08:00 · break 12:00 · back 12:30 · out 17:30", ""},
		{"day-limit: a second more", "in 08:00 · break 12:00 · back 12:30 · out 17:30:01", "W day-limit"},
		{"long-presence: eleven hours are allowed", "in 07:00 · break 10:00 · back 14:00 · out 18:00", ""},
		{"long-presence: a second more", "in 07:00 · break 10:00 · back 14:00 · out 18:00:01", "W long-presence"},
		{"long-presence: sixteen hours are a warning", "in 06:00 · break 09:00 · back 18:00 · out 22:00", "W long-presence, I night-work"},
		{"long-presence: a second more is serious", "in 06:00 · break 09:00 · back 18:00 · out 22:00:01", "S long-presence, I night-work"},
		{"long-presence: a workday of shorter presences", "in 06:00 · out 11:00 · in 11:30 · out 15:30 · in 16:00 · out 18:00:01", "W day-limit, W long-presence"},
		{"short-presence: three hours are enough", "in 07:00 · out 10:00", ""},
		{"short-presence: a second less", "in 07:00 · out 09:59:59", "W short-presence"},
		{"short-presence: an incomplete day says nothing", "in 07:00 · out 08:00 · in 09:00", "S missing-out"},
		{"no-break: six hours are allowed", "in 07:00 · out 13:00", ""},
		{"no-break: a second more", "in 07:00 · out 13:00:01", "W no-break"},
		{"no-break: fifteen minutes are a break", "in 07:00 · break 10:00 · back 10:15 · out 13:15", ""},
		{"no-break: a second less is none", "in 07:00 · break 10:00 · back 10:14:59 · out 13:15", "W no-break"},
		{"no-break: once a run, however long", "in 07:00 · out 12:00 · in 12:10 · out 15:50", "W no-break"},
		{"short-rest: eleven hours are enough", "in 12:00 · out 18:00 · in 05:00+1 · out 10:00+1", "I night-work"},
		{"short-rest: a second less", "in 12:00 · out 18:00 · in 04:59:59+1 · out 10:00+1", "W short-rest, I night-work"},
		{"short-rest: nine hours are a warning", "in 12:00 · out 18:00 · in 03:00+1 · out 08:00+1", "W short-rest, I night-work"},
		{"short-rest: a second less is serious", "in 12:00 · out 18:00 · in 02:59:59+1 · out 08:00+1", "S short-rest, I night-work"},
		{"short-rest: not with an edge unknown", "in 12:00 · out 18:00 · in 19:00 · in 03:00+1 · out 08:00+1", "S missing-out, I night-work"},
		{"night-work: from one minute on", "in 15:00 · out 20:00:59", ""},
		{"night-work: a minute", "in 15:00 · out 20:01", "I night-work"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tell(t, "2026-11-23").punch("An", c.story).derive().rules(); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
}

func TestShortPresenceWaitsForTheDay(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 08:00")
	s.in.Now = s.at("23:59")
	s.derive().none(app.ShortPresence)

	s = tell(t, "2026-11-23").punch("An", "in 07:00 · out 08:00")
	s.readTo("boxA", "12:00") // she may have come back
	s.derive().none(app.ShortPresence)
}

func TestShortPresenceBySession(t *testing.T) {
	for _, c := range []struct{ story, rules string }{
		{"in 07:00 · out 09:00 · in 10:00 · out 11:00", ""},
		{"in 07:00 · out 09:00 · in 10:00:01 · out 14:00", "W short-presence"},
	} {
		s := tell(t, "2026-11-23").punch("An", c.story)
		s.in.Sites[0].Thresholds = app.Thresholds{ShortBySession: 1}
		if got := s.derive().rules(); got != c.rules {
			t.Errorf("%s: found %q, want %q", c.story, got, c.rules)
		}
	}
}

func TestThresholdsOfTheNarrowerWin(t *testing.T) {
	for _, c := range []struct {
		name                      string
		company, site, engagement app.Thresholds
		rules                     string
	}{
		{"default", nil, nil, nil, ""},
		{"company", app.Thresholds{DayLimitAfter: 4 * hour}, nil, nil, "W day-limit"},
		{"site over company", app.Thresholds{DayLimitAfter: 4 * hour}, app.Thresholds{DayLimitAfter: 5 * hour}, nil, ""},
		{"engagement over site", app.Thresholds{DayLimitAfter: 4 * hour}, app.Thresholds{DayLimitAfter: 5 * hour}, app.Thresholds{DayLimitAfter: 3 * hour}, "W day-limit"},
	} {
		s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
		s.in.Settings.Thresholds, s.in.Sites[0].Thresholds, s.in.Engagements[0].Thresholds = c.company, c.site, c.engagement
		if got := s.derive().rules(); got != c.rules {
			t.Errorf("%s: found %q, want %q", c.name, got, c.rules)
		}
	}
}

// week tells five days of hours h each.
func week(t *testing.T, each string) *story {
	s := tell(t, "2026-11-23")
	for _, d := range []string{"", "+1", "+2", "+3", "+4"} {
		s.punch("An", "in 06:00"+d+" · break 10:00"+d+" · back 10:30"+d+" · out "+each+d)
	}
	return s
}

func TestWeekLimit(t *testing.T) {
	for _, c := range []struct {
		name, each string
		weekly     []int // minutes of An's engagements
		want       app.Severity
		limit      int64
	}{
		{"37 hours are allowed", "13:54", nil, 0, 0},
		{"more is a warning", "13:55", nil, app.Warning, 37 * hour},
		{"the engagement's hours count", "13:55", []int{38 * 60}, 0, 0},
		{"beyond them", "14:30", []int{38 * 60}, app.Warning, 38 * hour},
		{"two engagements: the sum of their hours", "14:30", []int{20 * 60, 20 * 60}, 0, 0},
		{"50 hours are a warning", "16:30", nil, app.Warning, 37 * hour},
		{"more is serious", "16:31", []int{60 * 60}, app.Serious, 50 * hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := week(t, c.each)
			for i, m := range c.weekly {
				if i == 0 {
					s.in.Engagements[0].WeeklyMinutes = m
				} else {
					s.in.Engagements = append(s.in.Engagements, app.Engagement{ID: "e-an2", WorkerID: "an", EmployerID: "boss", WeeklyMinutes: m})
				}
			}
			r := s.derive()
			if c.want == 0 {
				r.none(app.WeekLimit)
				return
			}
			a := r.find(app.WeekLimit)
			if a.Severity != c.want || a.Limit != c.limit || a.Anchor != "2026-11-23" || len(a.Punches) != 20 {
				t.Errorf("found %+v", a)
			}
		})
	}
}

func TestStatedHoursCountInTotalsAndTheWeekOnly(t *testing.T) {
	s := week(t, "13:54") // 37 h exactly
	s.in.Adjustments = []app.Adjustment{{ID: "adj", Kind: app.AdjustPresence, EngagementID: "e-an", SiteID: "B", From: s.at("15:00"), To: s.at("19:00")}}
	r := s.derive()
	r.find(app.WeekLimit)
	r.none(app.DayLimit)
	if w := r.Workdays[0]; w.Worked != 11*time.Hour+24*time.Minute || w.Adjusted != 4*time.Hour {
		t.Errorf("worked %s, of it stated %s", hm(w.Worked), hm(w.Adjusted))
	}
}

func TestAdjustment(t *testing.T) {
	for _, c := range []struct {
		name, story string
		adj         app.Adjustment
		days        string
		unused      int
	}{
		{"an OUT", "in 07:00 · in 07:00+1 · out 12:00+1", app.Adjustment{Kind: app.AdjustOut, To: 1}, // To: see below
			"2026-11-23 5:00 A 07:00–~12:00\n2026-11-24 5:00 A 07:00–12:00", 0},
		{"an IN", "out 12:00 · in 07:00+1 · out 12:00+1", app.Adjustment{Kind: app.AdjustIn, From: 1},
			"2026-11-23 5:00 A ~07:00–12:00\n2026-11-24 5:00 A 07:00–12:00", 0},
		{"an edge that has a punch", "in 07:00 · out 11:00", app.Adjustment{Kind: app.AdjustOut, To: 1}, "2026-11-23 4:00 A 07:00–11:00", 1},
		{"withdrawn", "in 07:00 · in 07:00+1 · out 12:00+1", app.Adjustment{Kind: app.AdjustOut, To: 1, Withdrawn: 1},
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 5:00 A 07:00–12:00", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			a := c.adj
			k := s.in.Punches[0].Key
			a.ID, a.EngagementID, a.SiteID, a.Punch = "adj", "e-an", "A", &k
			if a.To != 0 {
				a.To = s.at("12:00")
			}
			if a.From != 0 {
				a.From = s.at("07:00")
			}
			s.in.Adjustments = []app.Adjustment{a}
			r := s.derive().expectDays("An", c.days)
			if len(r.Unused) != c.unused {
				t.Errorf("unused: %v", r.Unused)
			}
			if a.Withdrawn == 0 && c.unused == 0 {
				w := r.Workdays[0]
				if w.Adjusted != 5*time.Hour || !w.Presences[0].Adjusted || w.Incomplete {
					t.Errorf("workday %+v", w)
				}
				rule := map[app.AdjustmentKind]app.Rule{app.AdjustIn: app.MissingIn, app.AdjustOut: app.MissingOut}[a.Kind]
				if f := r.find(rule); f.Facts["adjusted"] != "adj" {
					t.Errorf("%s does not say that it is adjusted: %+v", rule, f.Facts)
				}
			}
		})
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct{ name, story, rules string }{
		{"one after the other", "@A in 07:00 · out 10:00 · @B in 10:00 · out 13:00", ""},
		{"a second together", "@A in 07:00 · @B in 09:59:59 · @A out 10:00 · @B out 13:00", "S overlap"},
		{"not with an edge unknown", "@A in 07:00 · @B in 09:00 · out 13:00", "S missing-out"},
		{"not in a break", "@A in 07:00 · break 09:00 · @B in 09:10 · out 09:50 · @A back 10:00 · out 11:00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			apart(s, 0.5)
			if got := s.derive().rules(app.ImpossibleTravel); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
}

// apart puts B some kilometres north of A.
func apart(s *story, km float64) {
	s.in.Sites[0].Coordinates = &app.Coordinates{Latitude: 50.85, Longitude: 4.35}
	s.in.Sites[1].Coordinates = &app.Coordinates{Latitude: 50.85 + km/111.195, Longitude: 4.35}
}

func TestImpossibleTravel(t *testing.T) {
	for _, c := range []struct {
		name, story string
		km          float64
		rules       string
	}{
		{"30 km take 30 minutes, less 5 of grace", "@A in 07:00 · out 10:00 · @B in 10:25 · out 13:00", 29.9, ""},
		{"a minute less is impossible", "@A in 07:00 · out 10:00 · @B in 10:24 · out 13:00", 29.9, "W impossible-travel"},
		{"an overlap is said as overlap alone", "@A in 07:00 · @B in 09:00 · @A out 10:00 · @B out 13:00", 29.9, "S overlap"},
		{"also after a forgotten OUT", "@A in 07:00 · @B in 07:20 · out 12:00", 29.9, "W impossible-travel, S missing-out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			apart(s, c.km)
			if got := s.derive().rules(app.NoBreak); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
	r := tell(t, "2026-11-23").punch("An", "@A in 07:00 · out 10:00 · @B in 10:10 · out 13:00")
	apart(r, 30)
	if a := r.derive().find(app.ImpossibleTravel); a.Limit != 60 || a.Value < 179 || a.Value > 181 || a.Anchor != "boxA/log/2" {
		t.Errorf("found %+v", a)
	}
}

func TestTravelIsNoBreak(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@A in 07:00 · out 10:00 · @B in 10:20 · out 13:20")
	apart(s, 10) // 10 min of the 20
	s.derive().expectRules("")
	s.in.Punches[3].At = s.at("13:21")
	s.derive().expectRules("W no-break")
}

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
	s.in.Custodies = append(s.in.Custodies, app.Custody{ID: "c2", IdentifierID: "i2", EngagementID: "e-bo", Span: app.Span{From: s.at("00:00")}, Entered: s.at("09:00+3")})
	r := s.derive().expectDays("Bo", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
	if r.Taps[0].HolderEntered != s.at("09:00+3") {
		t.Error("the tap does not say when its holder was entered")
	}
}

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

func TestEngagements(t *testing.T) {
	day := app.NewDate(2026, 11, 23)
	for _, c := range []struct {
		name  string
		own   app.Days
		other []app.Engagement
		rules string
		want  app.ID
	}{
		{"the one that holds the identifier", app.Days{}, []app.Engagement{{ID: "x", Default: true}}, "", "e-an"},
		{"outside it", app.Days{To: day - 1}, nil, "S inactive-worker", "e-an"},
		{"on its last day", app.Days{To: day}, nil, "", "e-an"},
		{"another one goes on", app.Days{To: day - 1}, []app.Engagement{{ID: "x", Days: app.Days{From: day}}}, "", "x"},
		{"two others, one the default", app.Days{To: day - 1}, []app.Engagement{{ID: "x"}, {ID: "y", Default: true}}, "", "y"},
		{"two others, none the default", app.Days{To: day - 1}, []app.Engagement{{ID: "x"}, {ID: "y"}}, "W ambiguous-employer", "e-an"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
			s.in.Engagements[0].Days = c.own
			for _, e := range c.other {
				e.WorkerID, e.EmployerID = "an", "boss"
				s.in.Engagements = append(s.in.Engagements, e)
			}
			r := s.derive().expectRules(c.rules)
			if got := r.Presences[0].EngagementID; got != c.want {
				t.Errorf("counts for %s, want %s", got, c.want)
			}
		})
	}
}

func TestANightShiftOfTheLastDayLiesInTheEngagement(t *testing.T) {
	s := tell(t, "2026-11-30").punch("An", "in 22:00 · out 06:00+1")
	s.in.Engagements[0].Days.To = app.NewDate(2026, 11, 30)
	s.derive().none(app.InactiveWorker)
}

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

func TestUndecidedSite(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
	s.in.SiteDecisions = s.in.SiteDecisions[1:]
	if a := s.derive().find(app.UndecidedSite); a.Anchor != "" || a.SiteID != "A" {
		t.Errorf("found %+v", a)
	}
}

func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*story)
		want   string
	}{
		{"no SSIN", func(s *story) { s.in.Workers[0].SSIN = "" }, "ssin-missing"},
		{"a wrong SSIN", func(s *story) { s.in.Workers[0].SSIN = "85011512356" }, "ssin-wrong"},
		{"Limosa expired", func(s *story) {
			s.in.Workers[0].Limosa, s.in.Workers[0].LimosaDays.To = "L123", app.NewDate(2026, 11, 29)
		}, "limosa-expired"},
		{"only a Limosa", func(s *story) { s.in.Workers[0].SSIN, s.in.Workers[0].Limosa = "", "L123" }, "ssin-missing"},
		{"a wrong enterprise number", func(s *story) { s.in.Employers[0].Enterprise = "0206731646" }, "enterprise-wrong"},
		{"no enterprise number", func(s *story) { s.in.Employers[0].Enterprise = "" }, "enterprise-missing"},
	} {
		s := tell(t, "2026-11-23")
		c.change(s)
		if a := s.derive().find(app.IdentityRule); a.Facts["problem"] != c.want || a.Anchor != "" {
			t.Errorf("%s: found %+v", c.name, a)
		}
	}
	s := tell(t, "2026-11-23")
	s.in.Workers[0].SSIN, s.in.Engagements[0].Days.To = "", app.NewDate(2026, 9, 30)
	s.derive().none(app.IdentityRule) // who left long ago is no longer asked for
}

func TestBoxUnread(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.readTo("boxA", "00:00") // exactly seven days
	s.derive().none(app.BoxUnread)
	s.in.Now++
	if a := s.derive().find(app.BoxUnread); a.Box != "boxA" || a.Anchor != "" {
		t.Errorf("found %+v", a)
	}
}

func TestBoxEvents(t *testing.T) {
	s := tellClock(t)
	s.event(app.RecordCaseOpened, s.at("10:00"), 1, 0)
	s.event(app.RecordPowerLost, s.at("11:00"), 1, 0)
	s.event(app.RecordCaseOpened, app.NewDate(2025, 1, 1).Start(brussels), 0, 0)
	s.in.Events[2].Key.Seq = 1 // before it was placed
	s.in.Events[0].Key.Seq, s.in.Events[1].Key.Seq = 2, 3
	s.seq = 3
	s.read("r1", s.at("18:00"), 0, true)
	s.in.Fills = []Fill{{Box: "boxA", At: s.at("18:00"), Used: 901, Capacity: 1000}, {Box: "boxB", At: s.at("18:00"), Used: 900, Capacity: 1000}}
	s.derive().expectRules("S box-event, I box-event, W box-event")
}

func TestKeylessNightIsAskedAbout(t *testing.T) {
	const night = "tap 20:00 · tap 06:30+1"
	for _, c := range []struct {
		name, story string
		asked       bool
	}{
		{"longer than ten hours over the night", night, true},
		{"ten hours are not longer", "tap 20:00 · tap 06:00+1", false},
		{"not until six", "tap 19:00 · tap 05:59+1", false},
		{"not from midnight", "tap 00:30 · tap 10:50", false},
		{"with OUT pressed there is no question", "tap 20:00 · out 06:30+1", false},
		{"nor with breaks in the night", "in 20:00 · break 01:00+1 · back 01:30+1 · tap 06:30+1", false},
		{"in the longer night", "tap 20:00 · tap 06:30+1", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, "2026-11-23").punch("An", c.story).derive()
			if !c.asked {
				r.none(app.NightOrForgotten)
				return
			}
			r.find(app.NightOrForgotten)
			for _, tap := range r.Taps {
				if !tap.AskedAbout || !tap.Unsure {
					t.Errorf("tap %s may be sent", tap.Punch.Key)
				}
			}
		})
	}
	ask := tell(t, "2026-11-23").punch("An", night).derive().find(app.NightOrForgotten)
	answer := func(reason string) *told {
		s := tell(t, "2026-11-23").punch("An", night+" · tap 12:00+1")
		s.in.States = []app.AnomalyState{{Key: ask.Key(), Status: app.AnomalyExplained, Reason: reason, Evidence: Evidence(ask)}}
		return s.derive()
	}
	t.Run("answered: it was a night shift", func(t *testing.T) {
		r := answer("agreed").expectDays("An", "2026-11-23 10:30 A 20:00–06:30\n2026-11-24 0:00 A 12:00–! *")
		r.find(app.NightOrForgotten)
		if r.Taps[1].AskedAbout || r.Taps[1].Unsure {
			t.Error("the taps are still unsure")
		}
	})
	t.Run("answered: the OUT was forgotten", func(t *testing.T) {
		r := answer("forgot").expectDays("An", "2026-11-23 0:00 A 20:00–! *\n2026-11-24 5:30 A 06:30–12:00")
		if again := r.find(app.NightOrForgotten); Evidence(again) != Evidence(ask) {
			t.Error("the answer changed its own evidence")
		}
	})
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
