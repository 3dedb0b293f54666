package attendance

import (
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// unknownBadge is the finding about an identifier that nobody held when it was
// tapped: a standing one for all of its taps, refused ones included, with the known identifiers
// that are the same number in another notation.
func unknownBadge(f *facts, k app.IdentifierKey, taps []*tap) app.Anomaly {
	first, last := taps[0], taps[len(taps)-1]
	found := app.Anomaly{Rule: app.UnknownBadge, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutIdentifier, ID: identText(k)},
		SiteID: last.site.ID, Box: last.p.Key.Box, Day: first.at.DateIn(first.site.zone), At: first.at, Value: int64(len(taps))}
	for _, t := range taps {
		found.Punches = append(found.Punches, t.p.Key)
	}
	if alike := f.alike(k, last.at); len(alike) > 0 {
		found.Facts = app.FactsOf(app.FactAlike.Is(alike))
	}
	return found
}

// alike returns the ids of the held identifiers that may be the same badge in
// another notation: a proposal for a person to confirm.
func (f *facts) alike(k app.IdentifierKey, at app.Instant) (ids []app.ID) {
	if k.Kind != app.Card {
		return nil
	}
	like := f.likes.get(func() *identity.LookAlikes {
		known := make([]string, len(f.cards))
		for i, card := range f.cards {
			known[i] = card.Value
		}
		return identity.NewLookAlikes(known)
	})
	for _, i := range like.Of(k.Value) {
		if d := f.idents[f.cards[i]]; f.cards[i] != k {
			if _, held := d.holder(at); held {
				ids = append(ids, d.id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}
