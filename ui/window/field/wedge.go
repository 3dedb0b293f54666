package field

import "time"

// A keyboard-wedge reader types a badge as if it were a keyboard, and Enter
// after it: at least so many characters, with less than so much between keys.
const (
	wedgeCharacters = 4
	wedgeGap        = 50 * time.Millisecond
)

// Wedge tells what a badge reader types from what fingers type.
type Wedge struct {
	text []rune
	last time.Time
	slow bool
}

// Type takes a key that arrived at an instant.
func (w *Wedge) Type(r rune, at time.Time) {
	if len(w.text) > 0 && at.Sub(w.last) >= wedgeGap {
		w.slow = true
	}
	w.text, w.last = append(w.text, r), at
}

// Rub takes the last character back: no reader does that.
func (w *Wedge) Rub() {
	if len(w.text) > 0 {
		w.text, w.slow = w.text[:len(w.text)-1], true
	}
	if len(w.text) == 0 {
		w.Clear()
	}
}

// Slow says that fingers type, since a reader does not pause so long.
func (w *Wedge) Slow() bool { return w.slow }

// Text is what was typed so far.
func (w *Wedge) Text() string { return string(w.text) }

// Clear begins anew.
func (w *Wedge) Clear() { *w = Wedge{} }

// Enter returns what was typed, whether a reader did it, and begins anew.
func (w *Wedge) Enter() (text string, reader bool) {
	text, reader = string(w.text), !w.slow && len(w.text) >= wedgeCharacters
	w.Clear()
	return text, reader
}
