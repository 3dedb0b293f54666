package attendance

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// undeclared is a presence at a site under CIAO whose declaration is not clear.
type undeclared struct {
	site  app.ID
	day   app.Date // Belgian day of its IN
	rule  app.Rule
	ended app.Date // of declaration-expired: the last day that a declaration covered
	keys  []app.RecordKey
	at    app.Instant
}

// declaredOrNot looks at each presence for its declaration of works. Its
// Belgian day is that of its IN: an OUT after midnight uses that of its IN, and
// a date runs to the end of the day.
func declaredOrNot(d *derivation) {
	for _, pr := range d.presences {
		if pr.whole != nil {
			continue
		}
		at := pr.taps[0].at
		on := at.DateIn(d.f.belgium)
		if pr.site.decisionAt(at) != app.UnderCIAO {
			continue
		}
		if rule := pr.site.declarationProblem(on); rule != "" {
			d.undeclared = append(d.undeclared, undeclared{pr.site.ID, on, rule, pr.site.declaredUntil(on), pr.keys(), at})
		}
	}
}

// declarationProblem says which rule a day at a site breaks, "" for none: one fact, one anomaly.
func (s *site) declarationProblem(on app.Date) app.Rule {
	fits := 0
	for _, d := range s.declared {
		if d.holds(on) {
			fits++
		}
	}
	switch {
	case fits == 0 && s.declaredUntil(on) != 0:
		return app.DeclarationExpired
	case fits == 0:
		return app.NoDeclaration
	case fits > 1 && s.declarationAmbiguous(on):
		return app.AmbiguousDeclared
	}
	return ""
}

// siteDays makes one finding of each day of a site that has presences without a
// clear declaration: no-declaration, declaration-expired and ambiguous-declaration.
// all are those of the site, by person and then by start.
func siteDays(all []undeclared) (list []app.Anomaly) {
	slices.SortStableFunc(all, func(a, b undeclared) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.rule, b.rule), cmp.Compare(a.at, b.at))
	})
	for i, u := range all {
		if i > 0 && all[i-1].day == u.day && all[i-1].rule == u.rule {
			last := &list[len(list)-1]
			last.Punches = append(last.Punches, u.keys...)
			continue
		}
		sev := app.Serious
		if u.rule == app.AmbiguousDeclared {
			sev = app.Warning
		}
		a := app.Anomaly{Rule: u.rule, Severity: sev, Subject: app.Subject{Kind: app.AboutSite, ID: string(u.site)},
			Anchor: u.day.String(), SiteID: u.site, Day: u.day, At: u.at, Punches: slices.Clone(u.keys)}
		if u.rule == app.DeclarationExpired {
			a.Facts = app.FactsOf(app.FactUntil.Is(u.ended))
		}
		list = append(list, a)
	}
	return list
}
