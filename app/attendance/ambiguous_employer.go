package attendance

import "klokkast/app"

// ambiguousEmployer finds workdays for which two engagements fit, and neither
// holds the identifier nor is the default.
func ambiguousEmployer(d *derivation) {
	for _, w := range d.days {
		for _, pr := range w.presences {
			if pr.whole != nil || pr.eng.Days.Holds(pr.day) {
				continue
			}
			if _, n := d.f.fitting(pr.eng, pr.day); n > 1 {
				a := d.onWorkday(app.AmbiguousEmployer, app.Warning, w)
				a.Subject = aboutEngagement(pr.eng)
				d.report(a)
				break
			}
		}
	}
}
