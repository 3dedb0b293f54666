package filelog

import "time"

// wall is what a wall clock showed, in its zone; doubt is "" when there was only one such instant.
type wall struct {
	local time.Time // as if it were UTC
	zone  *time.Location
	who   string
	at    time.Time
	twice []time.Time // in the hour that comes twice: both
	doubt string
}

// Codes of doubts about a tap's time (catalogue keys "import.line." + code).
const (
	DoubledHour = "doubled-hour" // the clock was set back: which of the two hours is not known
	MissingHour = "missing-hour" // the clock was set forward: that hour did not exist
)

// instants returns the instants at which a wall clock in zone shows a local
// time: one, two in the hour that comes twice, none in the hour that is skipped.
func instants(local time.Time, zone *time.Location) []time.Time {
	var out []time.Time
	// Offsets change by an hour or two at most: those in force a day before and after are all there are.
	var offsets []int
	for _, d := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, o := local.Add(d).In(zone).Zone()
		if len(offsets) == 0 || offsets[0] != o {
			offsets = append(offsets, o)
		}
	}
	for _, o := range offsets {
		t := local.Add(-time.Duration(o) * time.Second)
		if _, real := t.In(zone).Zone(); real == o {
			out = append(out, t)
		}
	}
	if len(out) == 2 && out[1].Before(out[0]) {
		out[0], out[1] = out[1], out[0]
	}
	return out
}

// place gives the wall's reading its instant, as far as it tells by itself. A time in the hour that spring skips is read
// as if the clock had not been set yet, and in the hour that comes twice the first is taken; both with a doubt.
func (w *wall) place() {
	switch r := instants(w.local, w.zone); len(r) {
	case 1:
		w.at = r[0]
	case 2:
		w.at, w.twice, w.doubt = r[0], r, DoubledHour
	default:
		_, before := w.local.Add(-26 * time.Hour).In(w.zone).Zone()
		w.at, w.doubt = w.local.Add(-time.Duration(before)*time.Second), MissingHour
	}
}

// settleDoubled decides the doubled hour of autumn by the order of a log where it can: a device appends, so that a step
// back within that hour is the clock's being set back. Where time steps back elsewhere, or the order is each
// identifier's own, their lines are looked at by themselves.
func settleDoubled(walls []*wall, loose bool) {
	if !loose && chronological(walls) {
		settleRuns(walls)
		return
	}
	at := map[string]int{}
	var byPerson [][]*wall
	for _, w := range walls {
		k, ok := at[w.who]
		if !ok {
			k = len(byPerson)
			at[w.who] = k
			byPerson = append(byPerson, nil)
		}
		byPerson[k] = append(byPerson[k], w)
	}
	for _, own := range byPerson {
		if chronological(own) {
			settleRuns(own)
		}
	}
}

// chronological says that local time steps back nowhere but within a doubled hour.
func chronological(walls []*wall) bool {
	for k := 1; k < len(walls); k++ {
		a, b := walls[k-1], walls[k]
		if b.local.Before(a.local) && (a.twice == nil || b.twice == nil) {
			return false
		}
	}
	return true
}

// settleRuns decides runs of doubled times with exactly one step back in them.
func settleRuns(walls []*wall) {
	for from := 0; from < len(walls); from++ {
		if walls[from].twice == nil {
			continue
		}
		to, step, steps := from, 0, 0
		for to+1 < len(walls) && sameNight(walls[from], walls[to+1]) {
			to++
			if walls[to].local.Before(walls[to-1].local) {
				step, steps = to, steps+1
			}
		}
		if steps == 1 {
			for k := from; k <= to; k++ {
				which := 0
				if k >= step {
					which = 1
				}
				walls[k].at, walls[k].doubt = walls[k].twice[which], ""
			}
		}
		from = to
	}
}

// sameNight says that two doubled times belong to the same night.
func sameNight(a, b *wall) bool {
	return b.twice != nil && a.twice[0].Sub(b.twice[0]).Abs() < 12*time.Hour
}
