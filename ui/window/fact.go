package window

import (
	"fyne.io/fyne/v2/widget"
)

// fact is a text that needs an answer: a count, a sum, the words of a card.
// Until its question has one it says that it is being loaded or not known, and
// whatever is set sooner is not shown.
//
// What stands on the screen is its Label; the fact itself is no object of the screen.
type fact struct {
	*widget.Label
	h     *host
	name  string // of what it tells, said before "loading"; "" where its place says it
	look  widget.Importance
	known bool
}

// MinSize takes from a fact what an object of the screen has: its Label is one.
func (f *fact) MinSize() {}

// fact makes a text that is being loaded; its question is to show it.
func (h *host) fact(name string) *fact {
	f := &fact{Label: widget.NewLabel(""), h: h, name: name}
	f.Load()
	return f
}

// wrapping lets the text take several lines.
func (f *fact) wrapping() *fact {
	f.Wrapping = wrapped("").Wrapping
	return f
}

// low writes the text in the background, as help and counts are.
func (f *fact) low() *fact {
	f.look = widget.LowImportance
	return f
}

// strong writes the text as a small title.
func (f *fact) strong() *fact {
	f.TextStyle.Bold = true
	return f
}

// SetText shows what the answer says, once there is one.
func (f *fact) SetText(text string) {
	if !f.known {
		return
	}
	f.Importance = f.look
	f.Label.SetText(text)
}

// Known says that the answer is there.
func (f *fact) Known() { f.known = true }

// Load says that it is being loaded.
func (f *fact) Load() { f.instead(f.h.t.T("window.loading")) }

// Fail says that it is not known.
func (f *fact) Fail() { f.instead(f.h.t.T("window.load.noFact")) }

// Age does not leave a number on the screen that may be another by now.
func (f *fact) Age(failed bool) {
	if failed {
		f.Fail()
		return
	}
	f.Load()
}

// Rest says nothing: nothing is asked.
func (f *fact) Rest() { f.instead("") }

func (f *fact) instead(text string) {
	f.known = false
	switch {
	case text == "":
	case f.name == "":
		text = upper(text)
	default:
		text = f.h.t.T("window.load.named", "Name", f.name, "State", text)
	}
	f.Importance = widget.LowImportance
	f.Label.SetText(text)
}

// warning is a label that is there only while an answer warns of something, and
// is in the quiet colour while that is old.
type warning struct {
	*widget.Label
	look widget.Importance
}

// MinSize takes from a warning what an object of the screen has: its Label is one.
func (w *warning) MinSize() {}

func newWarning(look widget.Importance) *warning {
	w := &warning{Label: wrapped(""), look: look}
	w.Hide()
	return w
}

// SetText shows a warning; "" hides it.
func (w *warning) SetText(text string) {
	w.Importance = w.look
	w.Label.SetText(text)
	setVisible(w.Label, text != "")
}

// Load hides it: nothing is known.
func (w *warning) Load() { w.SetText("") }

// Fail hides it: nothing is known.
func (w *warning) Fail() { w.SetText("") }

// Age shows that it is old.
func (w *warning) Age(bool) {
	w.Importance = widget.LowImportance
	w.Label.SetText(w.Text)
}

// Rest hides it: nothing is asked.
func (w *warning) Rest() { w.SetText("") }

// gated are buttons that need an answer: what they open offers what is known.
type gated []*button

// Known lets them be pressed.
func (g gated) Known() { enable(true, g...) }

// Load does not.
func (g gated) Load() { enable(false, g...) }

// Fail does not.
func (g gated) Fail() { enable(false, g...) }

// Age lets them be pressed still: what is old is checked when it is kept.
func (g gated) Age(bool) {}

// Rest does not.
func (g gated) Rest() { enable(false, g...) }

// marked is a view that shows its name with a mark while its number is not
// there: … while it is being loaded, ? where it is not known. It is for buttons and badges.
type marked struct {
	name string
	set  func(text string)
}

// Load says that it is being loaded.
func (m marked) Load() { m.set(m.name + "  …") }

// Fail says that it is not known.
func (m marked) Fail() { m.set(m.name + "  ?") }

// Age does not leave a number on the screen that may be another by now.
func (m marked) Age(failed bool) {
	if failed {
		m.Fail()
		return
	}
	m.Load()
}

// Rest says the name alone.
func (m marked) Rest() { m.set(m.name) }
