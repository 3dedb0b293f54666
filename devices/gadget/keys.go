package gadget

import (
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
)

// A wedge types a badge of four or more characters with less than 50 ms
// between keys; a person's PIN is slower.
const (
	wedgeLeast = 4
	wedgeGap   = 50 * time.Millisecond
	// typedMost bounds a line without an Enter.
	typedMost = 64
	// forget drops what was typed and never entered.
	forget = 10 * time.Second
)

// input is one thing that came from a keyboard, reader or button.
type input struct {
	text   string       // of a badge or PIN
	byHand bool         // slowly: a PIN
	key    app.PunchKey // a function key
	button bool         // the box's button
}

// Codes of linux/input-event-codes.h that matter here.
const (
	evKey    = 1
	keyEnter = 28
	keyPad   = 96 // Enter of the number pad
	keyF1    = 59 // F1 to F4: in, out, break start, break end
	keyF4    = 62
	keyProg1 = 148 // the box's button, by gpio-keys
)

// letters returns the character of a key on a keyboard of the United States,
// which is what wedges imitate; 0 for others.
func letters(code uint16) byte {
	rows := []struct {
		from  uint16
		chars string
	}{{2, "1234567890"}, {16, "QWERTYUIOP"}, {30, "ASDFGHJKL"}, {44, "ZXCVBNM"}, {71, "789"}, {75, "456"}, {79, "1230"}}
	for _, r := range rows {
		if code >= r.from && code < r.from+uint16(len(r.chars)) {
			return r.chars[code-r.from]
		}
	}
	return 0
}

// eventSize is the length of a struct input_event: two machine words of time, then type, code and value.
const eventSize = 2*strconv.IntSize/8 + 8

// keyboard collects key events into inputs.
type keyboard struct {
	typed   strings.Builder
	last    time.Time
	slowest time.Duration // gap between two characters of this line
}

// event takes one struct input_event, which came at that time.
func (k *keyboard) event(raw *[eventSize]byte, at time.Time) (input, bool) {
	b := raw[eventSize-8:]
	kind, code, value := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:]), binary.LittleEndian.Uint32(b[4:])
	if kind != evKey || value != 1 { // 1 is the press; 0 the release, 2 the repeat
		return input{}, false
	}
	switch {
	case code == keyProg1:
		return input{button: true}, true
	case code >= keyF1 && code <= keyF4:
		return input{key: app.KeyIn + app.PunchKey(code-keyF1)}, true
	case code == keyEnter || code == keyPad:
		return k.enter()
	}
	if c := letters(code); c != 0 {
		k.add(c, at)
	}
	return input{}, false
}

func (k *keyboard) add(c byte, at time.Time) {
	if k.typed.Len() > 0 {
		if gap := at.Sub(k.last); gap > forget {
			k.typed.Reset()
			k.slowest = 0
		} else {
			k.slowest = max(k.slowest, gap)
		}
	}
	k.last = at
	if k.typed.Len() < typedMost {
		k.typed.WriteByte(c)
	}
}

func (k *keyboard) enter() (input, bool) {
	text, slowest := k.typed.String(), k.slowest
	k.typed.Reset()
	k.slowest = 0
	if text == "" {
		return input{}, false
	}
	return input{text: text, byHand: len(text) < wedgeLeast || slowest >= wedgeGap}, true
}

// line takes a line of standard input, for trying a box without a reader: a
// badge, "pin 1234", "in", "out", "break", "back" or "button".
func line(text string) (input, bool) {
	text = strings.TrimSpace(text)
	switch text {
	case "":
		return input{}, false
	case "in":
		return input{key: app.KeyIn}, true
	case "out":
		return input{key: app.KeyOut}, true
	case "break":
		return input{key: app.KeyBreakStart}, true
	case "back":
		return input{key: app.KeyBreakEnd}, true
	case "button":
		return input{button: true}, true
	}
	if pin, ok := strings.CutPrefix(text, "pin "); ok {
		return input{text: pin, byHand: true}, true
	}
	return input{text: text}, true
}
