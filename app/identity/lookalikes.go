package identity

import "slices"

// LookAlikes finds among known cards those that Alike says of, without comparing each.
type LookAlikes struct {
	shown map[string][]int // by what a reader of any notation shows for one: places among the known cards
	plain map[string][]int // by the card itself
}

// NewLookAlikes prepares for known canonical cards.
func NewLookAlikes(known []string) *LookAlikes {
	l := &LookAlikes{shown: map[string][]int{}, plain: map[string][]int{}}
	for i, card := range known {
		for _, v := range showings(card) {
			l.shown[v] = append(l.shown[v], i)
		}
		if v := withoutPadding(card); v != "" {
			l.plain[v] = append(l.plain[v], i)
		}
	}
	return l
}

// Of returns the places of the known cards that can be a card in another notation, in order.
func (l *LookAlikes) Of(card string) []int {
	own := withoutPadding(card)
	if own == "" {
		return nil
	}
	list := slices.Clone(l.shown[own])
	for _, v := range showings(card) {
		list = append(list, l.plain[v]...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// showings are what readers show for a card, without padding, each once.
func showings(card string) (list []string) {
	if withoutPadding(card) == "" {
		return nil
	}
	for _, c := range []string{card, withoutPadding(card)} {
		for _, kind := range notationKinds() {
			v, ok := Convert(c, kind)
			if v = withoutPadding(v); ok && v != "" && !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	return list
}
