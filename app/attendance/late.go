package attendance

import "klokkast/app"

// late finds shifts whose first IN came later than the beginning and the grace,
// once every box of the site was read past that: an earlier IN may stand in another.
func late(d *derivation) {
	for _, s := range d.shifts {
		if len(s.presences) == 0 || s.presences[0].in == nil {
			continue
		}
		in, grace := s.presences[0].in, d.limit(LateGrace, s.site, s.eng)
		by := in.at.Sub(s.From)
		if by <= grace {
			continue
		}
		p := d.proved(s, s.From.Add(grace))
		if !p.missing {
			continue
		}
		a := measured(onShift(app.Late, s, s.From), LateGrace, grace, by)
		a.Box, a.Punches = in.p.Key.Box, []app.RecordKey{in.p.Key}
		d.report(withGap(a, p.gap))
	}
}
