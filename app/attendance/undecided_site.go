package attendance

import "klokkast/app"

// undecidedSite finds sites with punches that nobody decided about: yes or no,
// under CIAO or not. A decision from a later moment on settles it; punches
// before that are for the outbox to hold.
func undecidedSite(f *facts, _ []*person) (list []app.Anomaly) {
	first := map[app.ID]app.Instant{}
	for _, l := range f.logs {
		for id, at := range l.about.first {
			if known, ok := first[id]; !ok || at < known {
				first[id] = at
			}
		}
	}
	for _, id := range sortedKeys(f.sites) {
		s := f.sites[id]
		at, punched := first[id]
		if !punched || s.decided() {
			continue
		}
		list = append(list, app.Anomaly{Rule: app.UndecidedSite, Severity: app.Warning, Subject: app.Subject{Kind: app.AboutSite, ID: string(s.ID)},
			SiteID: s.ID, At: at, Day: at.DateIn(s.zone)})
	}
	return list
}

// firstAtSites returns the first tap of a log at each site where its box stood.
func (l *boxLog) firstAtSites() map[app.ID]app.Instant {
	first := map[app.ID]app.Instant{}
	for i := range l.records {
		r := &l.records[i]
		if !r.isPunch() || r.mark&(markNoSite|markUnsettled) != 0 {
			continue
		}
		id := l.box.at(r.at).ID
		if at, ok := first[id]; !ok || r.at < at {
			first[id] = r.at
		}
	}
	return first
}

// decided says that the last decision about a site is yes or no.
func (s *site) decided() bool {
	n := len(s.decisions)
	return n > 0 && s.decisions[n-1].Decision != app.Undecided
}

// decisionAt returns the decision that applies at an instant.
func (s *site) decisionAt(i app.Instant) app.Decision {
	d := app.Undecided
	for _, v := range s.decisions {
		if v.From <= i {
			d = v.Decision
		}
	}
	return d
}
