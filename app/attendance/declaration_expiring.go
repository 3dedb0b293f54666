package attendance

import "klokkast/app"

// declarationExpiring finds declarations that end within 30 days and cover a
// site under CIAO for which no other declaration goes on: one standing finding each.
func declarationExpiring(f *facts, _ []*person) (list []app.Anomaly) {
	today := f.now.DateIn(f.belgium)
	seen := map[app.ID]bool{}
	for _, id := range sortedKeys(f.sites) {
		s := f.sites[id]
		if s.decisionAt(f.now) != app.UnderCIAO || s.Ended != 0 {
			continue
		}
		limit := f.limits.of(ExpiringWithin, s, nil)
		for _, d := range s.declared {
			until := d.declaration.Days.To
			left := int64(until - today)
			if until == 0 || left < 0 || left > limit || seen[d.declaration.ID] || !d.holds(until) || s.goesOn(until) {
				continue
			}
			seen[d.declaration.ID] = true
			list = append(list, app.Anomaly{Rule: app.DeclarationExpiring, Severity: app.Warning,
				Subject: app.Subject{Kind: app.AboutDeclaration, ID: string(d.declaration.ID)}, SiteID: s.ID,
				At: until.End(f.belgium), Threshold: ExpiringWithin, Limit: limit, Value: left,
				Facts: app.FactsOf(app.FactUntil.Is(until))})
		}
	}
	return list
}

// goesOn says that some declaration covers the site on the day after.
func (s *site) goesOn(until app.Date) bool {
	for _, d := range s.declared {
		if d.holds(until + 1) {
			return true
		}
	}
	return false
}
