package attendance

import (
	"time"

	"klokkast/app"
)

// sundayHoliday says how much of a workday was worked on Sundays, the ten legal
// holidays, the configurable day and the company's replacement days, from one
// minute on.
func sundayHoliday(d *derivation) {
	for _, w := range d.days {
		var sum time.Duration
		for _, s := range w.punched {
			sum += d.f.sundayOf(s)
		}
		if sum >= time.Minute {
			a := d.onWorkday(app.SundayHoliday, app.Information, w)
			a.Value = int64(sum / time.Millisecond)
			d.report(a)
		}
	}
}
