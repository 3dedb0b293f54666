package attendance

import "klokkast/app"

// notShown finds shifts for which nobody tapped, once every box of the site
// was read past the beginning and the grace. Somebody whose OUT is not known
// may still have been there: that is one fact, and missing-out names it.
func notShown(d *derivation) {
	for _, s := range d.shifts {
		if s.State != app.ShiftExpected || len(s.presences) > 0 || d.mayHaveBegun(s) {
			continue
		}
		p := d.proved(s, s.From.Add(d.limit(NotShownGrace, s.site, s.eng)))
		if !p.missing {
			continue
		}
		a := onShift(app.NotShown, s, s.From)
		a.Threshold, a.Limit = NotShownGrace, d.f.limits.of(NotShownGrace, s.site, s.eng)
		d.report(withGap(a, p.gap))
	}
}
