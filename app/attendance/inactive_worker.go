package attendance

import "klokkast/app"

// inactiveWorker finds presences whose workday lies outside the engagement.
func inactiveWorker(d *derivation) {
	for _, pr := range d.presences {
		if pr.whole != nil || pr.eng.Days.Holds(pr.day) {
			continue
		}
		if _, n := d.f.fitting(pr.eng, pr.day); n == 0 {
			a := d.onPresence(app.InactiveWorker, app.Serious, pr)
			if from := pr.eng.Days.From; from != 0 {
				a.Facts = a.Facts.With(app.FactEngagedFrom.Is(from))
			}
			if to := pr.eng.Days.To; to != 0 {
				a.Facts = a.Facts.With(app.FactEngagedTo.Is(to))
			}
			d.report(a)
		}
	}
}
