package attendance

import "klokkast/app"

// declarationExpired says that some declaration covered the site and ended
// before the day. A date runs to the end of the local day.
func (s *site) declarationExpired(on app.Date) bool {
	for _, d := range s.declared {
		if until := d.until(); until != 0 && until < on {
			return true
		}
	}
	return false
}

// until gives the last day on which a declaration covers a site; zero: without end.
func (d declared) until() app.Date {
	a, b := d.declaration.Days.To, d.link.Days.To
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
