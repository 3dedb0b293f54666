package period

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// changesOf returns the presences that came, went, or stand otherwise on paper.
func changesOf(was, is []Presence) []Change {
	changes := []Change{}
	taken := make([]bool, len(is))
	for i := range was {
		j := relatedIn(&was[i], is, taken)
		if j < 0 {
			changes = append(changes, Change{Was: &was[i]})
			continue
		}
		taken[j] = true
		if !sameOnPaper(&was[i], &is[j]) {
			changes = append(changes, Change{Was: &was[i], Is: &is[j]})
		}
	}
	for j := range is {
		if !taken[j] {
			changes = append(changes, Change{Is: &is[j]})
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.start(), b.start()) })
	return changes
}

// relatedIn returns the first presence of a list that is related to p and not taken; -1 for none.
func relatedIn(p *Presence, list []Presence, taken []bool) int {
	for j := range list {
		if !taken[j] && related(p, &list[j]) {
			return j
		}
	}
	return -1
}

func (c *Change) start() app.Instant {
	if c.Was != nil {
		return c.Was.Start()
	}
	return c.Is.Start()
}

// related says that two presences are of the same taps or the same statement.
func related(a, b *Presence) bool {
	if len(a.Punches) == 0 && len(b.Punches) == 0 {
		return a.In != nil && b.In != nil && a.In.Adjustment != "" && a.In.Adjustment == b.In.Adjustment
	}
	return slices.ContainsFunc(a.Punches, func(k app.RecordKey) bool { return slices.Contains(b.Punches, k) })
}

// sameOnPaper says that a paper shows the same of both: sites, breaks and edges
// to the minute, and who says so. A clock that is measured anew and off by a
// second changes nothing that anyone approved.
func sameOnPaper(a, b *Presence) bool {
	return a.SiteID == b.SiteID && a.State == b.State && sameSide(a.In, b.In) && sameSide(a.Out, b.Out) &&
		slices.EqualFunc(a.Breaks, b.Breaks, func(x, y app.Break) bool { return sameMinute(x.Start.At, y.Start.At) && sameSide(x.End, y.End) })
}

func sameSide(a, b *app.Side) bool {
	if a == nil || b == nil {
		return a == b
	}
	return sameMinute(a.At, b.At) && a.Adjustment == b.Adjustment
}

// sameMinute compares what a clock on the wall shows; zones differ by whole minutes.
func sameMinute(a, b app.Instant) bool {
	const minute = 60_000
	return a/minute == b/minute
}

// causesOf says why a day is otherwise than when it was settled.
func causesOf(was, is []Presence, at app.Instant, known Known) []Cause {
	before, after := tapsOf(was), tapsOf(is)
	var later, attributed []app.RecordKey
	for _, k := range missingFrom(before, after) {
		if known.ReadAt != nil && known.ReadAt(k) > at {
			later = append(later, k)
		} else {
			attributed = append(attributed, k)
		}
	}
	stated, unstated := statementsOf(was), statementsOf(is)
	causes := []Cause{}
	for _, c := range []Cause{
		{Code: ReadLater, Punches: later},
		{Code: Attributed, Punches: attributed},
		{Code: LeftOut, Punches: missingFrom(after, before)},
		{Code: Stated, Adjustments: missingFrom(stated, unstated)},
		{Code: Unstated, Adjustments: missingFrom(unstated, stated)},
	} {
		if len(c.Punches)+len(c.Adjustments) > 0 {
			causes = append(causes, c)
		}
	}
	if len(causes) == 0 {
		causes = append(causes, Cause{Code: Recounted})
	}
	return causes
}

// missingFrom returns what list has and from has not.
func missingFrom[T comparable](from, list []T) (out []T) {
	for _, v := range list {
		if !slices.Contains(from, v) {
			out = append(out, v)
		}
	}
	return out
}

func tapsOf(list []Presence) (keys []app.RecordKey) {
	for _, p := range list {
		keys = append(keys, p.Punches...)
	}
	return keys
}

// statementsOf returns the adjustments that presences rest on, each once.
func statementsOf(list []Presence) (ids []app.ID) {
	for i := range list {
		ids = append(ids, list[i].Statements()...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Statements returns the adjustments that a presence rests on.
func (p *Presence) Statements() (ids []app.ID) {
	for _, s := range []*app.Side{p.In, p.Out} {
		if s != nil && s.Adjustment != "" && !slices.Contains(ids, s.Adjustment) {
			ids = append(ids, s.Adjustment)
		}
	}
	return ids
}
