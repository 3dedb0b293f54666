package gadget

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
)

func TestBadges(t *testing.T) {
	for _, c := range []struct {
		notation Notation
		typed    string
		want     string // "": no badge
	}{
		{Hex, "04A22B526F1190", "04A22B526F1190"},
		{Hex, "04a22b52", "04A22B52"},
		{Hex, "12345678901234", "12345678901234"}, // digits, and hex all the same
		{Hex, "04A22B52E", ""},
		{Hex, "04A2", "04A2"},
		{Hex, "A2", ""},
		{Hex, "04A22B526F119004A22B526F1190", ""},
		{Decimal, "0004660466", "00471CF2"},
		{Decimal, "4294967295", "FFFFFFFF"},
		{Decimal, "0000000001", "00000001"},
		{Decimal, "18446744073709551615", "FFFFFFFFFFFFFFFF"},
		{Decimal, "999999999999999999999999", "D3C21BCECCEDA0FFFFFF"},
		{Decimal, "04A22B52", ""},
		{Decimal, "-004660466", ""},
		{Decimal, "", ""},
	} {
		b, err := c.notation.Badge(c.typed, ocb.TechISO14443)
		if c.want == "" {
			if !errors.Is(err, ErrNotBadge) {
				t.Errorf("%s %q: %x, %v", c.notation, c.typed, b.Bytes, err)
			}
			continue
		}
		if k := b.Identifier("box"); err != nil || k.Value != c.want || k.Kind != app.Card {
			t.Errorf("%s %q: %+v, %v; want %s", c.notation, c.typed, k, err, c.want)
		}
	}
	if b, err := PIN("0042"); err != nil || b.Identifier("box").Value != "42" {
		t.Error(b, err)
	}
	for _, bad := range []string{"", "12a", "12345678901"} {
		if _, err := PIN(bad); !errors.Is(err, ErrNotBadge) {
			t.Errorf("PIN %q: %v", bad, err)
		}
	}
	if _, err := ParseNotation("octal"); err == nil {
		t.Error("octal")
	}
}

// press is a struct input_event of a key.
func press(code uint16, value uint32) *[eventSize]byte {
	raw := new([eventSize]byte)
	b := raw[eventSize-8:]
	binary.LittleEndian.PutUint16(b, evKey)
	binary.LittleEndian.PutUint16(b[2:], code)
	binary.LittleEndian.PutUint32(b[4:], value)
	return raw
}

// stroke types text with a gap between the keys, and Enter.
func stroke(k *keyboard, text string, gap time.Duration, at *time.Time) (in input, ok bool) {
	for _, c := range []byte(text) {
		*at = at.Add(gap)
		for code := range uint16(60) {
			if letters(code) == c {
				k.event(press(code, 1), *at)
				k.event(press(code, 0), *at)
				break
			}
		}
	}
	return k.event(press(keyEnter, 1), *at)
}

func TestKeyboard(t *testing.T) {
	var k keyboard
	at := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	if in, ok := stroke(&k, "04A22B526F1190", 8*time.Millisecond, &at); !ok || in != (input{text: "04A22B526F1190"}) {
		t.Errorf("a badge: %+v", in)
	}
	if in, ok := stroke(&k, "1234", 200*time.Millisecond, &at); !ok || in != (input{text: "1234", byHand: true}) {
		t.Errorf("a PIN: %+v", in)
	}
	if in, ok := stroke(&k, "12", time.Millisecond, &at); !ok || !in.byHand {
		t.Errorf("too short for a badge: %+v", in)
	}
	if in, ok := stroke(&k, "", 0, &at); ok {
		t.Errorf("Enter alone: %+v", in)
	}
	k.event(press(2, 1), at) // a 1 that was never entered
	at = at.Add(time.Minute)
	if in, _ := stroke(&k, "0004660466", 5*time.Millisecond, &at); in != (input{text: "0004660466"}) {
		t.Errorf("after a forgotten key: %+v", in)
	}
	for range 1000 {
		k.event(press(2, 1), at)
	}
	if in, _ := k.event(press(keyPad, 1), at); len(in.text) != typedMost {
		t.Errorf("%d characters", len(in.text))
	}
	if in, ok := k.event(press(keyF1+1, 1), at); !ok || in.key != app.KeyOut {
		t.Errorf("F2: %+v", in)
	}
	if in, ok := k.event(press(keyF4, 1), at); !ok || in.key != app.KeyBreakEnd {
		t.Errorf("F4: %+v", in)
	}
	if in, ok := k.event(press(keyProg1, 1), at); !ok || !in.button {
		t.Errorf("the button: %+v", in)
	}
}

func TestLines(t *testing.T) {
	for text, want := range map[string]input{
		"04A22B52": {text: "04A22B52"}, "pin 12": {text: "12", byHand: true}, "in": {key: app.KeyIn}, " out ": {key: app.KeyOut},
		"break": {key: app.KeyBreakStart}, "back": {key: app.KeyBreakEnd}, "button": {button: true},
	} {
		if in, ok := line(text); !ok || in != want {
			t.Errorf("%q: %+v", text, in)
		}
	}
	if _, ok := line("  "); ok {
		t.Error("an empty line")
	}
}

// What a reader types: never a panic, and what is taken is a badge of 1 to 10 bytes.
func FuzzBadge(f *testing.F) {
	f.Add("04A22B526F1190")
	f.Add("0004660466")
	f.Fuzz(func(t *testing.T, typed string) {
		for _, n := range []Notation{Hex, Decimal} {
			b, err := n.Badge(typed, ocb.TechISO14443)
			if err != nil {
				continue
			}
			if _, err := b.Field(); err != nil {
				t.Errorf("%q: %s, %v", typed, hex.EncodeToString(b.Bytes), err)
			}
		}
	})
}

// readKeys takes whole events off a device, as evdev gives them.
func TestReadKeys(t *testing.T) {
	var raw []byte
	for _, code := range []uint16{keyF1, 2, 3, keyEnter} {
		raw = append(raw, press(code, 1)[:]...)
		raw = append(raw, press(code, 0)[:]...)
	}
	inputs := make(chan input, 4)
	if err := readKeys(t.Context(), bytes.NewReader(raw), inputs); err == nil {
		t.Error("a reader that went away is no error")
	}
	if in := <-inputs; in.key != app.KeyIn {
		t.Errorf("%+v", in)
	}
	if in := <-inputs; in != (input{text: "12", byHand: true}) {
		t.Errorf("%+v", in)
	}
}
