package timesheet

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// shares adds a workday's printed minutes to its sites.
func (b *builder) shares(w *app.Workday) {
	seen := make(map[app.ID]bool)
	for i, m := range presenceShares(w) {
		site := w.Presences[i].SiteID
		b.share(site, m, !seen[site])
		seen[site] = true
	}
}

// presenceShares spreads a workday's printed minutes over its presences. Each
// counts what no earlier one covers, as the day's total counts an overlap once;
// the running sum is cut, so that the presences add up to the day.
func presenceShares(w *app.Workday) []Minutes {
	day := Cut(w.Worked)
	var covered []app.Span
	var exact int64 // milliseconds so far
	var printed Minutes
	shares := make([]Minutes, len(w.Presences))
	last := len(w.Presences) - 1 // the last one with time of its own
	for i := range w.Presences {
		own := newlyCovered(stretches(&w.Presences[i]), &covered)
		if own > 0 {
			last = i
		}
		exact += own
		upTo := min(Minutes(exact/millisecondsPerMinute), day)
		shares[i] = upTo - printed
		printed = upTo
	}
	if last >= 0 {
		shares[last] += day - printed
	}
	return shares
}

const millisecondsPerMinute = 60_000

func (b *builder) share(site app.ID, m Minutes, newDay bool) {
	t := b.sites[site]
	if t == nil {
		t = &SiteTotal{Name: b.sheet.Sites[site].Name}
		b.sites[site] = t
	}
	t.Hours += m
	if newDay {
		t.Days++
	}
}

// stretches gives the times at work of a presence, as far as both ends of each
// are known: from its IN or the end of a break to the next break or its OUT.
func stretches(p *app.Presence) []app.Span {
	var out []app.Span
	add := func(from, to app.Instant) {
		if from != 0 && to > from {
			out = append(out, app.Span{From: from, To: to})
		}
	}
	var from, end app.Instant // since when at work; 0: not known
	if p.In != nil {
		from = p.In.At
	}
	if p.Out != nil {
		end = p.Out.At
	}
	for _, br := range p.Breaks {
		switch {
		case br.Start.At != 0:
			add(from, br.Start.At)
		case br.End != nil: // a break of unknown length lies in a stated stretch
			add(from, br.End.At)
		}
		from = 0 // a break without an end lasts until nobody knows when
		if br.End != nil {
			from = br.End.At
		}
	}
	add(from, end)
	return out
}

// newlyCovered gives the milliseconds of spans outside covered, and adds them to it.
func newlyCovered(spans []app.Span, covered *[]app.Span) int64 {
	before := length(*covered)
	*covered = union(append(*covered, spans...))
	return length(*covered) - before
}

func length(spans []app.Span) (ms int64) {
	for _, s := range spans {
		ms += int64(s.To - s.From)
	}
	return ms
}

// union merges spans that touch or overlap; all have an end.
func union(spans []app.Span) []app.Span {
	slices.SortFunc(spans, func(a, b app.Span) int { return cmp.Compare(a.From, b.From) })
	var out []app.Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}
