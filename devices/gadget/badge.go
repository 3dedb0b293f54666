package gadget

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"klokkast/devices/ocb"
)

// Notation is how a keyboard-wedge reader types a card. It is a setting and
// never guessed: 14 digits may be either, and a wrong guess would make up a card.
type Notation string

// Notations.
const (
	Hex     Notation = "hex"     // the card's bytes as hex digits, as they are sent
	Decimal Notation = "decimal" // a decimal number, the bytes big-endian: 0004660466 is 00471CF2
)

// ErrNotBadge is typed text that is no badge in the reader's notation. It does
// not hold the text, which may be personal.
var ErrNotBadge = errors.New("the reader typed what is no badge in its notation")

// decimalBytes is the least number of bytes of a decimal badge: the usual ten digits are four bytes.
const decimalBytes = 4

// ParseNotation reads a setting.
func ParseNotation(s string) (Notation, error) {
	switch n := Notation(s); n {
	case Hex, Decimal:
		return n, nil
	}
	return "", fmt.Errorf("notation %q: want %s or %s", s, Hex, Decimal)
}

// Badge reads what a reader typed.
func (n Notation) Badge(typed string, tech ocb.Technology) (ocb.Badge, error) {
	typed = strings.TrimSpace(typed)
	if len(typed) < wedgeLeast || len(typed) > 24 {
		return ocb.Badge{}, ErrNotBadge
	}
	var p []byte
	switch n {
	case Hex:
		var err error
		if p, err = hex.DecodeString(typed); err != nil {
			return ocb.Badge{}, ErrNotBadge
		}
	case Decimal:
		for _, c := range typed {
			if c < '0' || c > '9' {
				return ocb.Badge{}, ErrNotBadge
			}
		}
		v, _ := new(big.Int).SetString(typed, 10)
		if p = v.Bytes(); len(p) < decimalBytes {
			p = v.FillBytes(make([]byte, decimalBytes))
		}
	}
	b := ocb.Badge{Tech: tech, Bytes: p}
	if _, err := b.Field(); err != nil {
		return ocb.Badge{}, ErrNotBadge
	}
	return b, nil
}

// PIN reads what a person typed on the keypad.
func PIN(typed string) (ocb.Badge, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" || len(typed) > ocb.BadgeMax {
		return ocb.Badge{}, ErrNotBadge
	}
	for _, c := range typed {
		if c < '0' || c > '9' {
			return ocb.Badge{}, ErrNotBadge
		}
	}
	return ocb.Badge{Tech: ocb.TechPIN, Bytes: []byte(typed)}, nil
}
