package zkteco

import "time"

// resolved is a local time's instant; doubt is "" when there is only one.
type resolved struct {
	at    time.Time
	doubt string
}

// readings returns the instants at which a wall clock in zone shows a local
// time: one, two in the hour that comes twice, none in the hour that is skipped.
func readings(local time.Time, zone *time.Location) []time.Time {
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

// resolve returns every line its instant. In the doubled hour of autumn the order
// of the file decides where it can: a terminal appends, so that a step back
// within that hour is the clock's being set back. Where the order shows
// nothing, the first hour is taken and the line flagged. A time in the hour
// that spring skips is read as if the clock had not been set yet, and flagged.
func resolve(lines []line, zone *time.Location) []resolved {
	out := make([]resolved, len(lines))
	double := make([][]time.Time, len(lines))
	for i, l := range lines {
		switch r := readings(l.local, zone); len(r) {
		case 1:
			out[i] = resolved{at: r[0]}
		case 2:
			out[i] = resolved{r[0], DoubledHour}
			double[i] = r
		default:
			_, before := l.local.Add(-26 * time.Hour).In(zone).Zone()
			out[i] = resolved{l.local.Add(-time.Duration(before) * time.Second), MissingHour}
		}
	}
	for _, order := range orders(lines, double) {
		settle(lines, double, order, out)
	}
	return out
}

// orders returns the sequences of lines that are in the order of their making:
// the whole file, or, in files sorted by person, each person's lines.
func orders(lines []line, double [][]time.Time) [][]int {
	all := make([]int, len(lines))
	for i := range all {
		all[i] = i
	}
	if chronological(lines, double, all) {
		return [][]int{all}
	}
	at := map[string]int{}
	var byPIN [][]int
	for i, l := range lines {
		k, ok := at[l.pin]
		if !ok {
			k = len(byPIN)
			at[l.pin] = k
			byPIN = append(byPIN, nil)
		}
		byPIN[k] = append(byPIN[k], i)
	}
	var out [][]int
	for _, order := range byPIN {
		if chronological(lines, double, order) {
			out = append(out, order)
		}
	}
	return out
}

// chronological says that local time steps back nowhere but within a doubled hour.
func chronological(lines []line, double [][]time.Time, order []int) bool {
	for k := 1; k < len(order); k++ {
		a, b := order[k-1], order[k]
		if lines[b].local.Before(lines[a].local) && (double[a] == nil || double[b] == nil) {
			return false
		}
	}
	return true
}

// settle decides runs of doubled times with exactly one step back in them.
func settle(lines []line, double [][]time.Time, order []int, out []resolved) {
	for from := 0; from < len(order); from++ {
		if double[order[from]] == nil {
			continue
		}
		to := from
		step, steps := 0, 0
		for to+1 < len(order) && sameHour(double[order[from]], double[order[to+1]]) {
			to++
			if lines[order[to]].local.Before(lines[order[to-1]].local) {
				step, steps = to, steps+1
			}
		}
		if steps == 1 {
			for k := from; k <= to; k++ {
				i, which := order[k], 0
				if k >= step {
					which = 1
				}
				out[i] = resolved{at: double[i][which]}
			}
		}
		from = to
	}
}

// sameHour says that two doubled times belong to the same night.
func sameHour(a, b []time.Time) bool {
	return b != nil && a[0].Sub(b[0]).Abs() < 12*time.Hour
}
