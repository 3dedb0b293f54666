package attendance

import "klokkast/app"

// boxUnread finds boxes in use, placed now or tapped within 30 days, that were
// not read to the end for 7 days. One that was never read counts from its placement.
func boxUnread(f *facts, _ []*person) (list []app.Anomaly) {
	for _, b := range f.boxes {
		if b.phones {
			continue
		}
		s := b.at(f.now)
		inUse := f.limits.duration(InUseWithin, s, nil)
		if s == nil && (b.lastTap == 0 || f.now.Sub(b.lastTap) > inUse) {
			continue
		}
		since := b.lastRead
		if since == 0 {
			since = b.firstPlaced(f.now)
		}
		limit := f.limits.duration(UnreadAfter, s, nil)
		if since == 0 || f.now.Sub(since) <= limit {
			continue
		}
		a := onBox(app.BoxUnread, app.Warning, b, s)
		a.At = since
		list = append(list, measured(a, UnreadAfter, limit, f.now.Sub(since)))
	}
	return list
}

// firstPlaced returns when the box came to where it stands now; zero if nowhere.
func (b *box) firstPlaced(now app.Instant) app.Instant {
	for _, p := range b.places {
		if p.span.Holds(now) {
			return p.span.From
		}
	}
	return 0
}
