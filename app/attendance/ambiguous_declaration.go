package attendance

import "klokkast/app"

// declarationAmbiguous says that of the declarations that cover a site on a
// day none, or more than one, is its default.
func (s *site) declarationAmbiguous(on app.Date) bool {
	defaults := 0
	for _, d := range s.declared {
		if d.holds(on) && d.link.Default {
			defaults++
		}
	}
	return defaults != 1
}
