package attendance

import (
	"time"

	"klokkast/app"
)

// longPresence finds presences longer than 11 h (16 h: serious), or workdays
// worked longer in which no presence is: one finding a workday.
func longPresence(d *derivation) {
	for _, w := range d.days {
		var longest time.Duration
		for _, pr := range w.presences {
			if pr.punched() && pr.in != nil {
				longest = max(longest, pr.out.at.Sub(pr.in.at))
			}
		}
		value := max(longest, total(w.punched))
		warn, serious := d.limit(LongWarning, w.site(), w.eng()), d.limit(LongSerious, w.site(), w.eng())
		switch {
		case value > serious:
			d.report(measured(d.onWorkday(app.LongPresence, app.Serious, w), LongSerious, serious, longer(longest, value, serious)))
		case value > warn:
			d.report(measured(d.onWorkday(app.LongPresence, app.Warning, w), LongWarning, warn, longer(longest, value, warn)))
		}
	}
}

// longer returns the presence's length if that alone is beyond the limit, else the worked time.
func longer(presence, worked, limit time.Duration) time.Duration {
	if presence > limit {
		return presence
	}
	return worked
}
