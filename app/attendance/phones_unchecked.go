package attendance

import "klokkast/app"

// PhonesUnchecked names the rule about phones of which nobody knows what was registered by them.
const PhonesUnchecked app.Rule = "phones-unchecked"

// neverAsked is the code of a site about which nobody ever asked.
const neverAsked = "phones-never-asked"

// phonesUnchecked finds sites where people may register by phone and of which the
// register was not asked for 7 days. Where it never was, the first tap there counts,
// or the first declaration of works, by which people could register.
func phonesUnchecked(f *facts, _ []*person) (list []app.Anomaly) {
	for _, id := range sortedKeys(f.sites) {
		s := f.sites[id]
		if !s.Phones || s.Ended != 0 && s.Ended <= f.now {
			continue
		}
		since, never := s.phones.readTo, s.phones.readTo == 0
		if never {
			since = s.firstUse(f)
		}
		limit := f.limits.duration(PhonesAfter, s, nil)
		if since == 0 || f.now.Sub(since) <= limit {
			continue
		}
		a := app.Anomaly{Rule: PhonesUnchecked, Severity: app.Warning, Subject: app.Subject{Kind: app.AboutSite, ID: string(id)}, SiteID: id, At: since}
		if never {
			a.Facts = app.FactsOf(app.FactReason.Is(neverAsked))
		}
		list = append(list, measured(a, PhonesAfter, limit, f.now.Sub(since)))
	}
	return list
}

// firstUse returns the first tap at the site, or when its first declaration of works began, whichever is earlier; zero: neither.
func (s *site) firstUse(f *facts) (first app.Instant) {
	take := func(at app.Instant) {
		if at != 0 && (first == 0 || at < first) {
			first = at
		}
	}
	for _, d := range s.declared {
		if from := max(d.declaration.Days.From, d.link.Days.From); from != 0 {
			take(from.Start(f.belgium))
		}
	}
	for _, b := range s.boxes() {
		for _, l := range b.logs {
			take(l.about.first[s.ID])
		}
	}
	return first
}
