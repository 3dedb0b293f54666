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
			a.Facts = map[string]string{}
			for name, day := range map[string]app.Date{"engagedFrom": pr.eng.Days.From, "engagedTo": pr.eng.Days.To} {
				if day != 0 {
					a.Facts[name] = day.String()
				}
			}
			d.report(a)
		}
	}
}
