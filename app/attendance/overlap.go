package attendance

import (
	"time"

	"klokkast/app"
)

// overlapping finds one person at work at two sites at once, between presences
// of which both edges are tapped. A break spent working elsewhere is none: the
// register, too, sees an OUT and an IN there.
func overlapping(d *derivation) {
	for i, a := range d.presences {
		for _, b := range d.presences[i+1:] {
			if b.start() >= a.end() {
				break
			}
			if both := d.together(a, b); both > 0 {
				found := d.onPresence(app.Overlap, app.Serious, a)
				found.Anchor = a.in.p.Key.String() + "+" + b.in.p.Key.String()
				found.Punches = append(found.Punches, b.keys()...)
				found.Value = int64(both / time.Millisecond)
				found.Facts = app.FactsOf(app.FactOtherSite.Is(b.site.ID))
				d.report(found)
			}
		}
	}
}

// together returns how long a person was at work in both of two presences.
func (d *derivation) together(a, b *presence) (sum time.Duration) {
	if a.site == b.site || !a.punched() || !b.punched() {
		return 0
	}
	if overlap(a.in.at, a.out.at, b.in.at, b.out.at) == 0 {
		return 0
	}
	mine, _ := a.stretches()
	theirs, _ := b.stretches()
	for _, x := range mine {
		for _, y := range theirs {
			sum += overlap(x.from, x.to, y.from, y.to)
		}
	}
	return sum
}
