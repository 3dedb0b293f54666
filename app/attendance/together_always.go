package attendance

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
)

// togetherAlways asks about identifiers of two persons that are tapped within
// 5 s of each other at the same box, in 8 of the last 10 taps of either. It is
// a question, not a charge, and off until the company switches it on.
func togetherAlways(f *facts, people []*person) (list []app.Anomaly) {
	if f.limits.of(TogetherOn, nil, nil) == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, run := range f.lastShown(people) {
		for _, pair := range f.companions(run) {
			ids := []string{identText(run[0].ident), identText(pair[0].ident)}
			slices.Sort(ids)
			if id := ids[0] + "+" + ids[1]; !seen[id] {
				seen[id] = true
				list = append(list, f.onPair(id, run, pair))
			}
		}
	}
	return list
}

// showing is a tap with an identifier of a person.
type showing struct {
	key    app.RecordKey
	ident  app.IdentifierKey
	at     app.Instant
	worker app.ID
}

func compareShown(a, b showing) int { return cmp.Or(cmp.Compare(a.at, b.at), a.key.Compare(b.key)) }

// shownLast returns the last taps that count of each identifier of the person, as
// many as the rule looks at; none while it is off.
func (d *derivation) shownLast() (list []showing) {
	if d.f.limits.of(TogetherOn, nil, nil) == 0 {
		return nil
	}
	left := map[app.IdentifierKey]int64{}
	for i := len(d.taps) - 1; i >= 0; i-- {
		t := d.taps[i]
		if k := t.p.Identifier; !t.byPhone() && t.role.registers() && left[k] < d.f.limits.of(TogetherOf, nil, nil) {
			left[k]++
			list = append(list, showing{t.p.Key, k, t.at, d.worker})
		}
	}
	return list
}

// lastShown returns the last ten taps that count of each identifier of a person, by identifier.
func (f *facts) lastShown(people []*person) (runs [][]showing) {
	of := int(f.limits.of(TogetherOf, nil, nil))
	byIdent := map[app.IdentifierKey][]showing{}
	for _, p := range people {
		p.each(everyPage, func(b *block) {
			for _, t := range b.shown {
				byIdent[t.ident] = append(byIdent[t.ident], t)
			}
		})
	}
	for _, taps := range byIdent {
		slices.SortFunc(taps, compareShown)
		runs = append(runs, taps[max(0, len(taps)-of):])
	}
	slices.SortFunc(runs, compareRuns)
	return runs
}

func compareRuns(x, y []showing) int {
	return cmp.Compare(identText(x[0].ident), identText(y[0].ident))
}

// companions gives, for each other person's identifier that goes with enough of
// a run, its taps that do, by identifier.
func (f *facts) companions(run []showing) (found [][]showing) {
	within := f.limits.duration(TogetherWithin, nil, nil)
	byIdent := map[app.IdentifierKey][]showing{}
	for _, t := range run {
		met := map[app.IdentifierKey]bool{}
		for _, n := range f.near(t, within) {
			if !met[n.ident] {
				met[n.ident] = true
				byIdent[n.ident] = append(byIdent[n.ident], n)
			}
		}
	}
	for _, taps := range byIdent {
		if int64(len(taps)) >= f.limits.of(TogetherTimes, nil, nil) {
			found = append(found, taps)
		}
	}
	slices.SortFunc(found, compareRuns)
	return found
}

// near returns other persons' taps at the box of t within a time of it. A box's
// records stand in its log by time but for small steps, so that the neighbours
// in the log are asked until they are too far away.
func (f *facts) near(t showing, within time.Duration) (list []showing) {
	l := f.log(t.key.LogKey)
	i, _ := l.find(t.key.Seq)
	ask := func(r *record) bool {
		if r.at.Sub(t.at).Abs() > within {
			return false
		}
		if r.isPunch() && r.holder >= 0 && f.words.workers[r.holder] != t.worker {
			list = append(list, showing{app.RecordKey{LogKey: l.key, Seq: r.seq}, f.words.idents[r.what], r.at, f.words.workers[r.holder]})
		}
		return true
	}
	for j := i - 1; j >= 0 && ask(l.record(j)); j-- {
	}
	for j := i + 1; j < l.count && ask(l.record(j)); j++ {
	}
	return list
}

func (f *facts) onPair(id string, run, pair []showing) app.Anomaly {
	last := run[len(run)-1]
	s := f.boxOf(last.key.Box).at(last.at)
	a := app.Anomaly{Rule: app.TogetherAlways, Severity: app.Information, Subject: app.Subject{Kind: app.AboutIdentifier, ID: id},
		WorkerID: last.worker, SiteID: s.ID, Box: last.key.Box, At: last.at, Day: last.at.DateIn(s.zone),
		Threshold: TogetherTimes, Limit: f.limits.of(TogetherTimes, nil, nil), Value: int64(len(pair)),
		Facts: app.FactsOf(app.FactOtherWorker.Is(pair[0].worker), app.FactOf.Is(f.limits.of(TogetherOf, nil, nil)),
			app.FactWithin.Is(f.limits.lasting(TogetherWithin, nil, nil)))}
	for _, list := range [...][]showing{run, pair} {
		for _, t := range list {
			a.Punches = append(a.Punches, t.key)
		}
	}
	return a
}
