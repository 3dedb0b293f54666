package attendance

import (
	"time"

	"klokkast/app"
)

// noBreak finds more than 6 h worked without a gap of 15 min between two
// stretches. Between two sites the gap is what is left after the way. One run
// is one finding, however long it is.
func noBreak(d *derivation) {
	for _, w := range d.days {
		limit, least := d.limit(NoBreakAfter, w.site(), w.eng()), d.limit(NoBreakGap, w.site(), w.eng())
		first, worked := 0, time.Duration(0)
		for i, s := range w.punched {
			if i > 0 && d.rest(w.punched[i-1], s) >= least {
				d.judgeRun(w, w.punched[first:i], worked, limit)
				first, worked = i, 0
			}
			worked += s.length()
		}
		d.judgeRun(w, w.punched[first:], worked, limit)
	}
}

// rest returns the gap between two stretches, less the way between their sites.
func (d *derivation) rest(a, b stretch) time.Duration {
	return b.from.Sub(a.to) - d.travel(a.site, b.site, a.pr.eng)
}

func (d *derivation) judgeRun(w *workday, run []stretch, worked, limit time.Duration) {
	if worked <= limit {
		return
	}
	a := d.onWorkday(app.NoBreak, app.Warning, w)
	a.Anchor, a.At, a.Punches = run[0].begin.p.Key.String(), run[0].from, nil
	for i, s := range run {
		if i == 0 || run[i-1].pr != s.pr {
			a.Punches = append(a.Punches, s.pr.keys()...)
		}
	}
	a.Facts = app.FactsOf(app.FactBreak.Is(d.f.limits.lasting(NoBreakGap, w.site(), w.eng())))
	d.report(measured(a, NoBreakAfter, limit, worked))
}
