package timesheet

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// shares spreads a workday's printed minutes over its presences, and so over
// its sites. Each presence counts what no earlier one covers, of this workday or of
// one before that goes on past midnight, as the day's total counts an hour once;
// running sums are cut, so that the shares add up to the day.
func (b *builder) shares(d *Day, w *app.Workday) {
	covered := b.counted
	n := len(w.Presences)
	worked, saturday, holiday, night, sunday := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i := range w.Presences {
		p := &w.Presences[i]
		own := minus(union(stretches(p)), covered)
		covered = union(append(covered, own...))
		on := b.specialOf(own, b.zone(p.SiteID))
		worked[i], saturday[i], holiday[i] = length(own), on.saturday, on.holiday
		night[i] = min(p.Night.Milliseconds(), worked[i])
		sunday[i] = on.sunday
	}
	b.counted = covered
	onSaturday := Minutes(sum(saturday) / millisecondsPerMinute)
	onHolidays := min(Minutes(sum(holiday)/millisecondsPerMinute), Cut(w.Sunday))
	d.Saturday += onSaturday
	d.OnHolidays += onHolidays
	hours, nights := spread(Cut(w.Worked), worked), spread(Cut(w.Night), night)
	saturdays, sundays, holidays := spread(onSaturday, saturday), spread(Cut(w.Sunday)-onHolidays, sunday), spread(onHolidays, holiday)
	lines := d.Lines[len(d.Lines)-n:]
	seen := make(map[app.ID]bool)
	for i := range lines {
		lines[i].Share = LineShare{hours[i], nights[i], saturdays[i], sundays[i] + holidays[i], holidays[i]}
		site := w.Presences[i].SiteID
		b.share(site, hours[i], !seen[site])
		seen[site] = true
	}
}

const millisecondsPerMinute = 60_000

func sum(list []int64) (n int64) {
	for _, v := range list {
		n += v
	}
	return n
}

// spread returns each part its minutes of a total: the running sum is cut, and the
// last part with time of its own has what is left.
func spread(total Minutes, parts []int64) []Minutes {
	shares := make([]Minutes, len(parts))
	last := len(parts) - 1
	var exact int64
	var printed Minutes
	for i, own := range parts {
		if own > 0 {
			last = i
		}
		exact += own
		upTo := min(Minutes(exact/millisecondsPerMinute), total)
		shares[i] = upTo - printed
		printed = upTo
	}
	if last >= 0 {
		shares[last] += total - printed
	}
	return shares
}

func (b *builder) share(site app.ID, m Minutes, newDay bool) {
	t := b.sites[site]
	if t == nil {
		t = &SiteTotal{ID: site, Name: b.sheet.Sites[site].Name}
		b.sites[site] = t
	}
	t.Hours += m
	if newDay {
		t.Days++
	}
}

// stretches returns the times at work of a presence, as far as both ends of each
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
