package attendance

import "klokkast/app"

// declaredUntil returns the last day on which a declaration covered the site
// before a day; zero: none ended before it. A date runs to the end of the local day.
func (s *site) declaredUntil(on app.Date) (last app.Date) {
	for _, d := range s.declared {
		if until := d.until(); until != 0 && until < on {
			last = max(last, until)
		}
	}
	return last
}

// until returns the last day on which a declaration covers a site; zero: without end.
func (d declared) until() app.Date {
	a, b := d.declaration.Days.To, d.link.Days.To
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
