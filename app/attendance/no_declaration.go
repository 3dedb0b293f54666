package attendance

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// undeclared is an IN or break end at a site under CIAO whose declaration is not
// clear, with the taps that go with it.
type undeclared struct {
	site  app.ID
	day   app.Date // Belgian day of its moment
	rule  app.Rule
	ended app.Date // of declaration-expired: the last day that a declaration covered
	keys  []app.RecordKey
	at    app.Instant
}

// declaredOrNot looks at each presence for its declaration of works.
func declaredOrNot(d *derivation) { d.undeclared = d.f.undeclaredIn(d.presences) }

// undeclaredIn judges every IN and break end of presences by its own moment, as
// it is sent: the day on which it is in Belgium, to the end of that day. An OUT
// or break start, also after midnight, goes with the one before it. What begins a
// presence without an IN is judged by itself.
func (f *facts) undeclaredIn(presences []*presence) (list []undeclared) {
	for _, pr := range presences {
		var current *undeclared // that of the last IN or break end; nil: its declaration is clear
		for i, t := range pr.taps {
			if i == 0 || t.role == roleIn || t.role == roleBreakEnd {
				current = nil
				if u, unclear := f.undeclaredAt(pr.site, t.at); unclear && !f.declaredBy(t) {
					list = append(list, u)
					current = &list[len(list)-1]
				}
			}
			if current != nil {
				current.keys = append(current.keys, t.p.Key)
			}
		}
	}
	return list
}

// undeclaredAt says whether, at a moment, the declaration of a site is not clear.
func (f *facts) undeclaredAt(s *site, at app.Instant) (undeclared, bool) {
	if s.decisionAt(at) != app.UnderCIAO {
		return undeclared{}, false
	}
	on := at.DateIn(f.belgium)
	rule := s.declarationProblem(on)
	return undeclared{site: s.ID, day: on, rule: rule, ended: s.declaredUntil(on), at: at}, rule != ""
}

// undeclaredOf judges the taps of an identifier that nobody held: somebody was
// there. They are read as if they were one person's.
func (f *facts) undeclaredOf(taps []*tap) []undeclared {
	read := make([]*tap, 0, len(taps))
	copies := make(map[*tap]*tap, len(taps))
	for _, t := range taps {
		c := *t
		switch t.role {
		case roleUnknown:
			c.role = roleNone
		case roleDuplicate:
			c.first = copies[t.first]
		default: // refused
			continue
		}
		copies[t] = &c
		read = append(read, &c)
	}
	return f.undeclaredIn(f.pair(read).presences)
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

// siteDays makes one finding of each day of a site that has taps without a
// clear declaration: no-declaration, declaration-expired and ambiguous-declaration.
// all are those of the site, by person and then by start; those of identifiers that
// nobody held come last, by identifier.
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
