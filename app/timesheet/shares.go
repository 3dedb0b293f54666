package timesheet

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// shares spreads a workday's printed minutes over its sites. Each presence
// counts what no earlier one covers, as the day's total counts an overlap once;
// the running sum is cut, so that the sites add up to the day.
func (b *builder) shares(w *app.Workday) {
	day := Cut(w.Worked)
	var covered []app.Span
	var exact int64 // milliseconds so far
	var printed Minutes
	seen := make(map[app.ID]bool)
	for i := range w.Presences {
		p := &w.Presences[i]
		exact += newlyCovered(stretches(p), &covered)
		upTo := min(Minutes(exact/60_000), day)
		if i == len(w.Presences)-1 {
			upTo = day
		}
		b.share(p.SiteID, upTo-printed, !seen[p.SiteID])
		seen[p.SiteID] = true
		printed = upTo
	}
}

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

// stretches gives the times at work of a presence: between its edges, less its
// breaks. One whose edges are not both known has none.
func stretches(p *app.Presence) []app.Span {
	if !p.Complete() {
		return nil
	}
	var out []app.Span
	from := p.In.At
	for _, br := range p.Breaks {
		if br.Start.At > from {
			out = append(out, app.Span{From: from, To: br.Start.At})
		}
		if br.End == nil {
			return out // on break until the end
		}
		from = br.End.At
	}
	if p.Out.At > from {
		out = append(out, app.Span{From: from, To: p.Out.At})
	}
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
