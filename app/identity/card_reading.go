package identity

import (
	"slices"
	"strings"
)

// ReadingKind says how what a desk reader typed is understood. The values are
// stored (the desk's proposal for the next badge): they never change.
type ReadingKind string

// Kinds of reading: how the text is written, and in which order the bytes go.
const (
	AsDecimal          ReadingKind = "decimal"
	AsDecimalReversed  ReadingKind = "decimal-reversed"
	AsHex              ReadingKind = "hex"
	AsHexReversed      ReadingKind = "hex-reversed"
	AsFacility         ReadingKind = "facility"
	AsFacilityReversed ReadingKind = "facility-reversed"
)

// ReadingKinds returns all kinds.
func ReadingKinds() []ReadingKind {
	return []ReadingKind{AsDecimal, AsDecimalReversed, AsHex, AsHexReversed, AsFacility, AsFacilityReversed}
}

// CardReading is one card that a typed text can be, in its usual notations.
type CardReading struct {
	How ReadingKind
	Notation
}

// CardReadings returns what the text of a keyboard reader can mean, each card
// once: the likeliest first, or the preferred kind where it is among them ("" for
// none). Nothing when the text is no card in any notation.
func CardReadings(text string, preferred ReadingKind) []CardReading {
	text = strings.TrimSpace(text)
	var all []CardReading
	add := func(how ReadingKind, value string, err error) {
		if err != nil {
			return
		}
		for _, n := range []Notation{notationOf(value, Plain), notationOf(value, Reversed)} {
			if !slices.ContainsFunc(all, func(r CardReading) bool { return r.Hex == n.Hex }) {
				all = append(all, CardReading{how, n})
			}
			how += "-reversed"
		}
	}
	if facility, card, ok := strings.Cut(text, ","); ok {
		value, err := cardOfFacility(facility, card)
		add(AsFacility, value, err)
	} else {
		decimal, notDecimal := CanonicalCardDecimal(text)
		hex, notHex := CanonicalCard(text)
		add(AsDecimal, decimal, notDecimal)
		add(AsHex, hex, notHex)
	}
	slices.SortStableFunc(all, func(a, b CardReading) int { return rank(a.How, preferred) - rank(b.How, preferred) })
	return all
}

func rank(how, preferred ReadingKind) int {
	if how == preferred {
		return 0
	}
	return 1
}

func notationOf(canonical string, kind NotationKind) Notation {
	v, _ := Convert(canonical, kind)
	return Notation{Kind: kind, Hex: v, Decimal: decimalOf(v), Facility: facilityOf(v)}
}

// FromAzerty returns back what a reader meant that types the keys of a QWERTY
// keyboard on a computer set to AZERTY, Belgian or French: &é"'( for 12345. False
// when the text does not look like that.
func FromAzerty(text string) (string, bool) {
	keys := map[rune]rune{
		'&': '1', 'é': '2', '"': '3', '\'': '4', '(': '5', '§': '6', '-': '6', 'è': '7', '!': '8', '_': '8', 'ç': '9', 'à': '0',
		'q': 'a', 'Q': 'A', 'a': 'q', 'A': 'Q', ';': ',',
	}
	shifted := false
	out := strings.Map(func(r rune) rune {
		to, ok := keys[r]
		if !ok {
			return r
		}
		shifted = shifted || to >= '0' && to <= '9' && r != '-'
		return to
	}, text)
	return out, shifted && !strings.ContainsAny(text, "0123456789")
}
