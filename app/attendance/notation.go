package attendance

import (
	"cmp"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// shown is a card as one box shows it.
type shown struct {
	box  string
	card string
}

// confirmedNotations returns the notations in force, by box, the first confirmed first.
func confirmedNotations(in *Input) map[string][]app.BadgeNotation {
	byBox := map[string][]app.BadgeNotation{}
	for _, n := range in.Notations {
		if n.Withdrawn == 0 {
			byBox[n.Box] = append(byBox[n.Box], n)
		}
	}
	for _, list := range byBox {
		slices.SortFunc(list, func(a, b app.BadgeNotation) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	}
	return byBox
}

// holderByNotation returns who held, at an instant, the one card that a box shows
// in its confirmed notation; none where the card is known as it is shown, or
// where several cards that were held then look like it.
func (f *facts) holderByNotation(box string, k app.IdentifierKey, at app.Instant) (found custody, ok bool) {
	for _, d := range f.meant(box, k) {
		c, held := d.holder(at)
		switch {
		case !held:
		case ok:
			return custody{}, false
		default:
			found, ok = c, true
		}
	}
	return found, ok
}

// meant returns the cards that a box can mean by one that nobody knows. Their
// custodies were entered no sooner than the notation was confirmed: until then
// nobody could know whose taps they were.
func (f *facts) meant(box string, k app.IdentifierKey) []*ident {
	notations := f.notations[box]
	if len(notations) == 0 || k.Kind != app.Card || f.idents[k] != nil && len(f.idents[k].custodies) > 0 {
		return nil
	}
	key := shown{box, k.Value}
	if list, done := f.meaning.Load(key); done {
		return list.([]*ident)
	}
	var list []*ident
	for _, known := range f.cards {
		for _, n := range notations {
			if identity.Matches(k.Value, known.Value, identity.NotationKind(n.Kind), n.Inverse) {
				list = append(list, f.idents[known].confirmedAt(n.At))
				break
			}
		}
	}
	kept, _ := f.meaning.LoadOrStore(key, list)
	return kept.([]*ident)
}

// confirmedAt returns the identifier with custodies entered no sooner than at.
func (d *ident) confirmedAt(at app.Instant) *ident {
	o := &ident{id: d.id}
	for _, c := range d.custodies {
		copied := *c.Custody
		copied.Entered = max(copied.Entered, at)
		o.custodies = append(o.custodies, custody{&copied, c.engagement})
	}
	return o
}
