package attendance

import (
	"maps"
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

// Compare says what differs from one state to another that came from it, or
// that came from the same one.
func Compare(before, after *Engine) *Change {
	c := &Change{}
	c.Before.Anomalies, c.After.Anomalies = differing(before.withoutThose(after), after.withoutThose(before), (*app.Anomaly).Key)
	touched := map[app.ID]bool{}
	for _, list := range [...][]app.Anomaly{c.Before.Anomalies, c.After.Anomalies} {
		for i := range list {
			if w := list[i].WorkerID; w != "" {
				touched[w] = true
			}
		}
	}
	parts := [2]map[app.ID]*Part{{}, {}}
	for w := range differentPeople(before, after) {
		x, y := before.partOf(w), after.partOf(w)
		parts[0][w], parts[1][w] = x, y
		if !reflect.DeepEqual(x, y) {
			touched[w] = true
		}
	}
	nobodysBefore, nobodysAfter := differing(
		before.nobodysOtherThan(after),
		after.nobodysOtherThan(before),
		func(t *app.Tap) app.RecordKey { return t.Punch.Key },
	)
	c.Before.Taps, c.After.Taps = nobodysBefore, nobodysAfter
	if len(nobodysBefore)+len(nobodysAfter) > 0 {
		touched[""] = true
	}
	c.Workers = sortedKeys(touched)
	for _, w := range c.Workers {
		if w == "" {
			continue
		}
		for i, side := range [...]*Part{&c.Before, &c.After} {
			if parts[i][w] == nil {
				parts[i][w] = [...]*Engine{before, after}[i].partOf(w)
			}
			side.add(parts[i][w])
		}
	}
	return c
}

// withoutThose returns the findings that another state does not share.
func (e *Engine) withoutThose(o *Engine) (list []app.Anomaly) {
	shared := make(map[*app.Anomaly]bool, len(o.sorted))
	for _, a := range o.sorted {
		shared[a] = true
	}
	for _, a := range e.sorted {
		if !shared[a] && !e.f.answered(a) {
			list = append(list, *a)
		}
	}
	pages := map[*blockPage]bool{}
	for _, p := range o.people {
		for _, page := range p.pages {
			pages[page] = true
		}
	}
	e.eachInformation(func(p *blockPage) bool { return !pages[p] }, func(a *app.Anomaly) {
		if !e.f.answered(a) {
			list = append(list, *a)
		}
	})
	slices.SortStableFunc(list, func(a, b app.Anomaly) int { return compareAnomalies(&a, &b) })
	return list
}

// differentPeople returns those whose days two states do not share.
func differentPeople(a, b *Engine) map[app.ID]bool {
	different := map[app.ID]bool{}
	for no, p := range a.people {
		if b.people[no] != p {
			different[p.worker] = true
		}
	}
	for no, p := range b.people {
		if a.people[no] != p {
			different[p.worker] = true
		}
	}
	return different
}

// partOf returns all days of a worker.
func (e *Engine) partOf(worker app.ID) *Part {
	r := &Result{}
	derived := e.derive(e.those(worker), everyPage, everyBlock)
	e.writeAll(r, nil, derived)
	unplaced(r.Taps)
	part := &Part{Taps: r.Taps, Presences: r.Presences, Workdays: r.Workdays}
	for _, d := range derived {
		part.Shares = append(part.Shares, d.shares()...)
	}
	return part
}

// nobodysOtherThan returns the taps of nobody in logs that two states do not
// share, and of badges that were shown there.
func (e *Engine) nobodysOtherThan(o *Engine) []app.Tap {
	different := e.logsOtherThan(o)
	maps.Copy(different, o.logsOtherThan(e)) // also those that only the other has
	// A tap can be a double tap of one at another box of the site.
	shown := map[app.IdentifierKey]bool{}
	for _, x := range [...]*Engine{e, o} {
		for _, l := range x.f.logs {
			if different[l.key] {
				for _, what := range l.strangers {
					shown[x.f.words.idents[what]] = true
				}
			}
		}
	}
	concerns := func(l *boxLog, what int32) bool { return different[l.key] || shown[e.f.words.idents[what]] }
	logs := map[app.LogKey]bool{}
	for _, l := range e.f.logs {
		logs[l.key] = different[l.key]
		for _, what := range l.strangers {
			logs[l.key] = logs[l.key] || concerns(l, what)
		}
	}
	var refs []ref
	for _, l := range e.f.logs {
		if logs[l.key] {
			l.eachPunch(app.Span{}, func(i int, r *record) {
				if r.holder < 0 && concerns(l, r.what) {
					refs = append(refs, ref{r.at, l, int32(i)})
				}
			})
		}
	}
	taps := e.tapsOf(refs)
	unplaced(taps)
	return taps
}

// unplaced leaves out where taps stand in their logs: a line that only stands
// elsewhere in its file, and means what it meant, is no change.
func unplaced(taps []app.Tap) {
	for i := range taps {
		taps[i].Punch.Position = app.Position{}
	}
}

// logsOtherThan returns the logs that two states do not share.
func (e *Engine) logsOtherThan(o *Engine) map[app.LogKey]bool {
	of := map[*logFindings]bool{}
	for _, l := range o.f.logs {
		of[l.about] = true
	}
	different := map[app.LogKey]bool{}
	for _, l := range e.f.logs {
		if !of[l.about] {
			different[l.key] = true
		}
	}
	return different
}

// add appends the days of one worker more.
func (p *Part) add(o *Part) {
	p.Taps = append(p.Taps, o.Taps...)
	p.Presences = append(p.Presences, o.Presences...)
	p.Workdays = append(p.Workdays, o.Workdays...)
	p.Shares = append(p.Shares, o.Shares...)
}

// differing returns what of two lists the other has not, or otherwise.
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
