package attendance

import "klokkast/app"

// undecidedSite finds sites with punches that nobody decided about: yes or no,
// under CIAO or not. A decision from a later moment on settles it; punches
// before that are for the outbox to hold.
func undecidedSite(f *facts, _ *attribution) (list []app.Anomaly) {
	first := map[*site]*tap{}
	for i := range f.taps {
		t := &f.taps[i]
		if t.p == nil || t.site == nil {
			continue
		}
		if o := first[t.site]; o == nil || compareTaps(t, o) < 0 {
			first[t.site] = t
		}
	}
	for _, id := range sortedKeys(f.sites) {
		s := f.sites[id]
		t := first[s]
		if t == nil || s.decided() {
			continue
		}
		list = append(list, app.Anomaly{Rule: app.UndecidedSite, Severity: app.Warning, Subject: app.Subject{Kind: app.AboutSite, ID: string(s.ID)},
			SiteID: s.ID, At: t.at, Day: t.at.DateIn(s.zone)})
	}
	return list
}

// decided says that the last decision about a site is yes or no.
func (s *site) decided() bool {
	n := len(s.decisions)
	return n > 0 && s.decisions[n-1].Decision != app.Undecided
}

// decisionAt gives the decision that applies at an instant.
func (s *site) decisionAt(i app.Instant) app.Decision {
	d := app.Undecided
	for _, v := range s.decisions {
		if v.From <= i {
			d = v.Decision
		}
	}
	return d
}
