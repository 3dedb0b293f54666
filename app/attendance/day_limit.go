package attendance

import "klokkast/app"

// dayLimit finds workdays with more than 9 h of work.
func dayLimit(d *derivation) {
	for _, w := range d.days {
		if worked, limit := total(w.punched), d.limit(DayLimitAfter, w.site(), w.eng()); worked > limit {
			d.report(measured(d.onWorkday(app.DayLimit, app.Warning, w), DayLimitAfter, limit, worked))
		}
	}
}
