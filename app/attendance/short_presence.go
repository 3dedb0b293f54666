package attendance

import (
	"time"

	"klokkast/app"
)

// shortPresence finds complete workdays below the minimum of 3 h, or, where the
// first site says so, sessions of one (presences at most 60 min apart). It is
// about hours that are not there, so it waits, as all missing things do, until
// nothing can be added: the day is over, it is so long after the last punch that
// whatever comes begins another workday (W1), and its sites were read so far.
func shortPresence(d *derivation) {
	for _, w := range d.days {
		if w.incomplete() || w.adjusted() || !d.over(w) {
			continue
		}
		limit := d.limit(ShortBelow, w.site(), w.eng())
		if shortest := d.shortest(w); shortest < limit {
			d.report(measured(d.onWorkday(app.ShortPresence, app.Warning, w), ShortBelow, limit, shortest))
		}
	}
}

// over says that nothing can be added to the workday any more.
func (d *derivation) over(w *workday) bool {
	last := w.presences[len(w.presences)-1]
	end := max(w.day.End(w.zone), w.last.Add(d.limit(SameWorkday, last.site, last.eng)))
	if d.f.now < end {
		d.wakeAt(end)
		return false
	}
	for _, pr := range w.presences {
		if !d.readPast(pr.site, pr.last.at, end) {
			return false
		}
	}
	return true
}

// shortest returns the worked time of the workday or of its shortest session.
func (d *derivation) shortest(w *workday) time.Duration {
	if d.f.limits.of(ShortBySession, w.site(), w.eng()) == 0 {
		return total(w.punched)
	}
	gap := d.limit(SessionGap, w.site(), w.eng())
	shortest, sum := time.Duration(-1), time.Duration(0)
	end := w.presences[0].end()
	close := func() {
		if shortest < 0 || sum < shortest {
			shortest = sum
		}
		sum = 0
	}
	i := 0
	for _, pr := range w.presences {
		if pr.start().Sub(end) > gap {
			close()
		}
		end = max(end, pr.end())
		for i < len(w.punched) && w.punched[i].from < end {
			sum += w.punched[i].length()
			i++
		}
	}
	close()
	return shortest
}
