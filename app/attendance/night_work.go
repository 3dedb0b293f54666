package attendance

import (
	"time"

	"klokkast/app"
)

// nightWork says how much of a workday was worked from 20:00 to 06:00, from one minute on.
func nightWork(d *derivation) {
	for _, w := range d.days {
		var sum time.Duration
		for _, s := range w.punched {
			sum += d.f.nightOf(s)
		}
		if sum >= time.Minute {
			a := d.onWorkday(app.NightWork, app.Information, w)
			a.Threshold, a.Limit, a.Value = NightFrom, d.f.limits.of(NightFrom, w.site(), w.eng()), int64(sum/time.Millisecond)
			a.Facts = app.FactsOf(app.FactNightTo.Is(d.f.limits.lasting(NightTo, w.site(), w.eng())))
			d.report(a)
		}
	}
}
