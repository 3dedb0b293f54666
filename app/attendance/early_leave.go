package attendance

import "klokkast/app"

// earlyLeave finds shifts whose last OUT came before the end less the grace,
// once the site was read past that: until then somebody may have come back.
func earlyLeave(d *derivation) {
	for _, s := range d.shifts {
		last := s.lastOut()
		if last == nil {
			continue
		}
		grace := d.limit(EarlyGrace, s.site, s.eng)
		by := s.To.Sub(last.at)
		if by <= grace || !d.readPast(s.site, last.at, s.To.Add(-grace)) {
			continue
		}
		a := measured(onShift(app.EarlyLeave, s, s.To), EarlyGrace, grace, by)
		a.Box, a.Punches = last.p.Key.Box, []app.RecordKey{last.p.Key}
		d.report(a)
	}
}

// lastOut returns the last OUT of a shift, nil where none is known to be the last:
// a presence without an OUT, or one that a statement ends, says nothing.
func (s *shift) lastOut() (last *tap) {
	for _, pr := range s.presences {
		if pr.out == nil {
			return nil
		}
		if last == nil || pr.out.at > last.at {
			last = pr.out
		}
	}
	return last
}
