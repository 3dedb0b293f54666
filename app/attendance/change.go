package attendance

import (
	"reflect"
	"slices"

	"klokkast/app"
)

// Change is what differs between two derivations, by person: for a preview of
// what a step would do before anyone takes it.
type Change struct {
	// Workers are those for whom anything differs, in order; "" stands for taps
	// that nobody made: of badges that nobody held, of boxes that stood nowhere.
	Workers []app.ID
	// Before and After have what those workers' days are and would be: their taps,
	// presences, workdays and shares. Of nobody there are only the taps that differ.
	Before, After Part
}

// Part is a part of a Result, in the same order.
type Part struct {
	Taps      []app.Tap
	Presences []app.Presence
	Workdays  []app.Workday
	Shares    []app.Workday
	// Anomalies are, in a Change, those that the other side has not, or otherwise.
	Anomalies []app.Anomaly
}

// Compare says what differs from one derivation to another.
func Compare(before, after *Result) *Change {
	c := &Change{}
	c.Before.Anomalies, c.After.Anomalies = differing(before.Anomalies, after.Anomalies, (*app.Anomaly).Key)
	touched := map[app.ID]bool{}
	for _, list := range [...][]app.Anomaly{c.Before.Anomalies, c.After.Anomalies} {
		for i := range list {
			if w := list[i].WorkerID; w != "" {
				touched[w] = true
			}
		}
	}
	a, b := partsOf(before), partsOf(after)
	for _, parts := range [...]map[app.ID]*Part{a, b} {
		for w := range parts {
			if x, y := partOf(a, w), partOf(b, w); !touched[w] && !reflect.DeepEqual(x, y) {
				touched[w] = true
			}
		}
	}
	c.Workers = sortedKeys(touched)
	for _, w := range c.Workers {
		x, y := *partOf(a, w), *partOf(b, w)
		if w == "" {
			x.Taps, y.Taps = differing(x.Taps, y.Taps, func(t *app.Tap) app.RecordKey { return t.Punch.Key })
		}
		c.Before.add(x)
		c.After.add(y)
	}
	return c
}

// add appends the days of one worker more.
func (p *Part) add(o Part) {
	p.Taps = append(p.Taps, o.Taps...)
	p.Presences = append(p.Presences, o.Presences...)
	p.Workdays = append(p.Workdays, o.Workdays...)
	p.Shares = append(p.Shares, o.Shares...)
}

// partsOf splits a result by worker.
func partsOf(r *Result) map[app.ID]*Part {
	parts := map[app.ID]*Part{}
	get := func(w app.ID) *Part {
		if parts[w] == nil {
			parts[w] = &Part{}
		}
		return parts[w]
	}
	for _, t := range r.Taps {
		p := get(t.WorkerID)
		p.Taps = append(p.Taps, t)
	}
	for _, pr := range r.Presences {
		p := get(pr.WorkerID)
		p.Presences = append(p.Presences, pr)
	}
	for _, w := range r.Workdays {
		p := get(w.WorkerID)
		p.Workdays = append(p.Workdays, w)
	}
	for _, w := range r.Shares {
		p := get(w.WorkerID)
		p.Shares = append(p.Shares, w)
	}
	return parts
}

func partOf(parts map[app.ID]*Part, w app.ID) *Part {
	if p := parts[w]; p != nil {
		return p
	}
	return &Part{}
}

// differing gives what of two lists the other has not, or otherwise.
func differing[T any, K comparable](a, b []T, key func(*T) K) (onlyA, onlyB []T) {
	of := make(map[K]int, len(b))
	for i := range b {
		of[key(&b[i])] = i
	}
	same := make([]bool, len(b))
	for i := range a {
		if k, ok := of[key(&a[i])]; ok && reflect.DeepEqual(a[i], b[k]) {
			same[k] = true
		} else {
			onlyA = append(onlyA, a[i])
		}
	}
	for i := range b {
		if !same[i] {
			onlyB = append(onlyB, b[i])
		}
	}
	return slices.Clip(onlyA), slices.Clip(onlyB)
}
