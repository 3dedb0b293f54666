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
func togetherAlways(f *facts, a *attribution) (list []app.Anomaly) {
	if f.limits.of(TogetherOn, nil, nil) == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, run := range f.lastTaps(a) {
		for _, pair := range f.companions(run) {
			one, other := run[0], pair[0]
			ids := []string{identText(one.p.Identifier), identText(other.p.Identifier)}
			slices.Sort(ids)
			if id := ids[0] + "+" + ids[1]; !seen[id] {
				seen[id] = true
				list = append(list, f.onPair(id, run, pair))
			}
		}
	}
	return list
}

// lastTaps gives the last ten taps that count of each identifier of a person, by identifier.
func (f *facts) lastTaps(a *attribution) (runs [][]*tap) {
	of := int(f.limits.of(TogetherOf, nil, nil))
	byIdent := map[app.IdentifierKey][]*tap{}
	for _, g := range a.persons {
		for _, t := range g.taps { // in order, once the person is derived
			if t.site != nil && (t.role == roleIn || t.role == roleOut || t.role == roleBreakStart || t.role == roleBreakEnd) {
				byIdent[t.p.Identifier] = append(byIdent[t.p.Identifier], t)
			}
		}
	}
	for _, taps := range byIdent {
		slices.SortFunc(taps, compareTaps)
		runs = append(runs, taps[max(0, len(taps)-of):])
	}
	slices.SortFunc(runs, func(x, y []*tap) int { return cmp.Compare(identText(x[0].p.Identifier), identText(y[0].p.Identifier)) })
	return runs
}

// companions gives, for each other person's identifier that goes with enough of
// a run, its taps that do, by identifier.
func (f *facts) companions(run []*tap) (found [][]*tap) {
	within := f.limits.duration(TogetherWithin, nil, nil)
	byIdent := map[app.IdentifierKey][]*tap{}
	for _, t := range run {
		met := map[app.IdentifierKey]bool{}
		for _, n := range f.near(t, within) {
			if k := n.p.Identifier; !met[k] {
				met[k] = true
				byIdent[k] = append(byIdent[k], n)
			}
		}
	}
	for _, taps := range byIdent {
		if int64(len(taps)) >= f.limits.of(TogetherTimes, nil, nil) {
			found = append(found, taps)
		}
	}
	slices.SortFunc(found, func(x, y []*tap) int { return cmp.Compare(identText(x[0].p.Identifier), identText(y[0].p.Identifier)) })
	return found
}

// near gives other persons' taps at the box of t within a time of it. A box's
// records stand in its log by time but for small steps, so that the neighbours
// in the log are asked until they are too far away.
func (f *facts) near(t *tap, within time.Duration) (list []*tap) {
	k, _ := slices.BinarySearchFunc(f.logs, t.p.Key.LogKey, func(l *boxLog, k app.LogKey) int { return compareLogs(l.key, k) })
	l := f.logs[k]
	i := slices.IndexFunc(l.records, func(r record) bool { return r.tap == t })
	if t.p.Key.Log != app.FileLog {
		i, _ = slices.BinarySearchFunc(l.records, t.p.Key.Seq, func(r record, seq uint64) int { return cmp.Compare(r.seq, seq) })
	}
	ask := func(r *record) bool {
		if r.at.Sub(t.at).Abs() > within {
			return false
		}
		if o := r.tap; o != nil && o.holder.Custody != nil && o.holder.engagement.WorkerID != t.holder.engagement.WorkerID {
			list = append(list, o)
		}
		return true
	}
	for j := i - 1; j >= 0 && ask(&l.records[j]); j-- {
	}
	for j := i + 1; j < len(l.records) && ask(&l.records[j]); j++ {
	}
	return list
}

func (f *facts) onPair(id string, run, pair []*tap) app.Anomaly {
	last := run[len(run)-1]
	a := app.Anomaly{Rule: app.TogetherAlways, Severity: app.Information, Subject: app.Subject{Kind: app.AboutIdentifier, ID: id},
		WorkerID: last.holder.engagement.WorkerID, SiteID: last.site.ID, Box: last.p.Key.Box, At: last.at, Day: last.at.DateIn(last.site.zone),
		Threshold: TogetherTimes, Limit: f.limits.of(TogetherTimes, nil, nil), Value: int64(len(pair)),
		Facts: map[string]string{"otherWorker": string(pair[0].holder.engagement.WorkerID)}}
	for _, list := range [...][]*tap{run, pair} {
		for _, t := range list {
			a.Punches = append(a.Punches, t.p.Key)
		}
	}
	return a
}
