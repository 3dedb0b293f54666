package identity

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"klokkast/app"
)

const (
	fieldCard   = "badge"
	exampleCard = "04A3F21B"

	fieldCardDecimal   = "badgeDecimal"
	exampleCardDecimal = "0012345678"

	fieldPIN   = "pin"
	examplePIN = "1042"

	// maxCardBytes is the width of the badge field of an OCB/1 record.
	maxCardBytes = 10
)

// CanonicalCard reads a card's bytes in hexadecimal, with or without colons,
// dashes and blanks, and gives them in upper case, in the order as written: 2
// to 10 bytes. It refuses with the codes card.missing, card.scientific,
// card.characters and card.length.
func CanonicalCard(s string) (string, error) {
	v := strings.ToUpper(strings.ReplaceAll(compact(s), ":", ""))
	v = strings.TrimPrefix(v, "0X")
	switch {
	case v == "":
		return "", refuse(fieldCard, "card.missing", exampleCard)
	case isScientific(s) && strings.ContainsAny(s, ",.+"): // 12E4 alone is good hex
		return "", refuse(fieldCard, "card.scientific", exampleCard)
	case !isHex(v):
		return "", refuse(fieldCard, "card.characters", exampleCard)
	case len(v)%2 == 1 || len(v) < 4 || len(v) > 2*maxCardBytes:
		return "", refuse(fieldCard, "card.length", exampleCard)
	}
	return v, nil
}

// CanonicalCardDecimal reads the decimal number that keyboard readers type and
// that is printed on many cards, and gives the bytes of that number, highest
// first: four, or as many as it needs. It refuses with the codes card.missing,
// card.scientific, card.decimal and card.length.
func CanonicalCardDecimal(s string) (string, error) {
	v := compact(s)
	switch {
	case v == "":
		return "", refuse(fieldCardDecimal, "card.missing", exampleCardDecimal)
	case isScientific(s):
		return "", refuse(fieldCardDecimal, "card.scientific", exampleCardDecimal)
	case !allDigits(v):
		return "", refuse(fieldCardDecimal, "card.decimal", exampleCardDecimal)
	}
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil || n == 0 {
		return "", refuse(fieldCardDecimal, "card.length", exampleCardDecimal)
	}
	text := fmt.Sprintf("%08X", n)
	if len(text)%2 == 1 {
		text = "0" + text
	}
	return text, nil
}

// CanonicalPIN reads what a person keys in at a terminal, as text (app.PlainPIN).
// It refuses with the codes pin.missing, pin.scientific and pin.format.
func CanonicalPIN(s string) (string, error) {
	v := strings.Join(strings.FieldsFunc(s, unicode.IsSpace), "")
	switch {
	case v == "":
		return "", refuse(fieldPIN, "pin.missing", examplePIN)
	case isScientific(s) && strings.ContainsAny(s, ",.+"):
		return "", refuse(fieldPIN, "pin.scientific", examplePIN)
	}
	pin, ok := app.PlainPIN(v)
	if !ok {
		return "", refuse(fieldPIN, "pin.format", examplePIN)
	}
	return pin, nil
}

// NotationKind says how one reader shows a card that another shows in full.
// The values are stored (remembered per box): they never change.
type NotationKind string

// Notations: which bytes of the card a reader passes on, and in which order.
const (
	Plain          NotationKind = "plain"
	Reversed       NotationKind = "reversed"
	First4         NotationKind = "first4"
	Last4          NotationKind = "last4"
	First3         NotationKind = "first3"
	Last3          NotationKind = "last3"
	First4Reversed NotationKind = "first4-reversed"
	Last4Reversed  NotationKind = "last4-reversed"
	First3Reversed NotationKind = "first3-reversed"
	Last3Reversed  NotationKind = "last3-reversed"

	// The decimal ones show the number of those bytes, and so ten or more digits
	// where another reader shows bytes.
	Decimal              NotationKind = "decimal"
	ReversedDecimal      NotationKind = "reversed-decimal"
	Last4Decimal         NotationKind = "last4-decimal"
	First4Decimal        NotationKind = "first4-decimal"
	Last4ReversedDecimal NotationKind = "last4-reversed-decimal"
	Last3Decimal         NotationKind = "last3-decimal"
	First3Decimal        NotationKind = "first3-decimal"
)

// notationKinds in the order in which they are tried and offered: what keeps
// most of the card first, because it says most.
func notationKinds() []NotationKind {
	return []NotationKind{
		Plain, Reversed, Last4, First4, Last4Reversed, First4Reversed,
		Last3, First3, Last3Reversed, First3Reversed,
		Decimal, ReversedDecimal, Last4Decimal, First4Decimal, Last4ReversedDecimal, Last3Decimal, First3Decimal,
	}
}

// Notation is one card's number as some reader or print shows it.
type Notation struct {
	Kind NotationKind `json:"kind"`
	// Hex is the canonical value in this notation.
	Hex string `json:"hex"`
	// Decimal is Hex as a number: 10 digits, with leading zeros, for up to four
	// bytes and as many as needed beyond.
	Decimal string `json:"decimal"`
	// Facility is "facility,number" (3 and 5 digits) of the last three bytes of
	// Hex, as printed on Wiegand cards.
	Facility string `json:"facility"`
}

// Notations returns the notations of a canonical card, each value once, plain
// first. What is not canonical has none.
func Notations(canonical string) []Notation {
	var all []Notation
	for _, kind := range notationKinds() {
		v, ok := Convert(canonical, kind)
		if strings.HasSuffix(string(kind), "decimal") { // each has its number beside it
			continue
		}
		if !ok || slices.ContainsFunc(all, func(n Notation) bool { return n.Hex == v }) {
			continue
		}
		all = append(all, Notation{Kind: kind, Hex: v, Decimal: decimalOf(v), Facility: facilityOf(v)})
	}
	return all
}

// Convert returns the canonical value that a reader of the given notation shows
// for a canonical card; false if the card has too few bytes for it or is not
// canonical.
func Convert(canonical string, kind NotationKind) (string, bool) {
	b, err := hex.DecodeString(canonical)
	if err != nil || len(b) < 2 || canonical != strings.ToUpper(canonical) {
		return "", false
	}
	base, inDecimal := strings.CutSuffix(string(kind), "decimal")
	base, reversed := strings.CutSuffix(strings.TrimSuffix(base, "-"), "reversed")
	if base = strings.TrimSuffix(base, "-"); base == "" {
		base = string(Plain)
	}
	part, ok := cutCard(b, NotationKind(base))
	if !ok {
		return "", false
	}
	part = slices.Clone(part)
	if reversed {
		slices.Reverse(part)
	}
	shown := strings.ToUpper(hex.EncodeToString(part))
	if inDecimal {
		return decimalDigits(shown)
	}
	return shown, true
}

// decimalDigits returns the digits of the number of some bytes, as a reader that
// takes them for hex passes them on: an even count of them.
func decimalDigits(canonical string) (string, bool) {
	digits := decimalOf(canonical)
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	return digits, digits != ""
}

// Alike says whether two canonical cards can be one card in two notations, and
// which notation makes of one the other. Leading zero bytes do not count, as
// readers pad with them. It is a proposal for a person to confirm: three bytes
// are shared by many cards.
func Alike(a, b string) (NotationKind, bool) {
	kind, _, ok := NotationBetween(b, a)
	return kind, ok
}

// NotationBetween returns the notation in which a reader shows seen for the card
// known; inverse: in which known stands for what the reader shows. False where
// they cannot be one card.
func NotationBetween(seen, known string) (kind NotationKind, inverse, ok bool) {
	for _, kind := range notationKinds() {
		for _, inverse := range [...]bool{false, true} {
			if Matches(seen, known, kind, inverse) {
				return kind, inverse, true
			}
		}
	}
	return "", false, false
}

// Matches says that a reader of a notation shows seen for the card known, or,
// inverse, that known is seen in that notation.
func Matches(seen, known string, kind NotationKind, inverse bool) bool {
	if withoutPadding(seen) == "" || withoutPadding(known) == "" {
		return false
	}
	if inverse {
		return shows(seen, kind, known)
	}
	return shows(known, kind, seen)
}

// ParseNotation reads the name of a notation; false for one that is none.
func ParseNotation(s string) (NotationKind, bool) {
	kind := NotationKind(s)
	return kind, slices.Contains(notationKinds(), kind)
}

// CardCandidates returns what the text of a keyboard reader, or a print on a
// card, can mean as a canonical card: its bytes in hex, its decimal number, or
// facility,number. Each is given plain; the likeliest comes first: hex with a
// letter can only be hex, ten digits are nearly always a decimal number.
func CardCandidates(text string) []Notation {
	var values []string
	add := func(v string, err error) {
		if err == nil && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	if facility, card, ok := strings.Cut(text, ","); ok {
		add(cardOfFacility(facility, card))
	} else {
		add(CanonicalCardDecimal(text))
		add(CanonicalCard(text))
	}
	var all []Notation
	for _, v := range values {
		all = append(all, Notation{Kind: Plain, Hex: v, Decimal: decimalOf(v), Facility: facilityOf(v)})
	}
	return all
}

// cardOfFacility returns four bytes: 0, facility, and the card's number in two.
func cardOfFacility(facility, card string) (string, error) {
	f, errF := strconv.ParseUint(strings.TrimSpace(facility), 10, 8)
	n, errN := strconv.ParseUint(strings.TrimSpace(card), 10, 16)
	if errF != nil || errN != nil || f|n == 0 {
		return "", refuse(fieldCard, "card.characters", exampleCard)
	}
	return fmt.Sprintf("00%02X%04X", f, n), nil
}

// cutCard returns the bytes that a notation keeps; false if the card is not longer than that.
func cutCard(b []byte, kind NotationKind) ([]byte, bool) {
	switch kind {
	case Plain:
		return b, true
	case First4:
		return b[:min(4, len(b))], len(b) > 4
	case Last4:
		return b[max(0, len(b)-4):], len(b) > 4
	case First3:
		return b[:min(3, len(b))], len(b) > 3
	case Last3:
		return b[max(0, len(b)-3):], len(b) > 3
	}
	return nil, false
}

// shows says that a reader of the notation shows seen for the card, whose own padding it may have left out.
func shows(card string, kind NotationKind, seen string) bool {
	for _, c := range []string{card, withoutPadding(card)} {
		if v, ok := Convert(c, kind); ok && withoutPadding(v) == withoutPadding(seen) {
			return true
		}
	}
	return false
}

// withoutPadding removes leading zero bytes down to three, and gives "" for what is not canonical.
func withoutPadding(v string) string {
	if len(v)%2 == 1 || !isHex(v) {
		return ""
	}
	for len(v) > 6 && strings.HasPrefix(v, "00") {
		v = v[2:]
	}
	return v
}

func isHex(v string) bool {
	for i := range len(v) {
		if !strings.Contains("0123456789ABCDEF", v[i:i+1]) {
			return false
		}
	}
	return v != ""
}

// decimalOf returns the number of canonical bytes; "" for more than eight.
func decimalOf(canonical string) string {
	n, err := strconv.ParseUint(canonical, 16, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%010d", n)
}

func facilityOf(canonical string) string {
	n, err := strconv.ParseUint(canonical[max(0, len(canonical)-6):], 16, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%03d,%05d", n>>16&0xFF, n&0xFFFF)
}
