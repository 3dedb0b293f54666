package kit

import (
	"fyne.io/fyne/v2/widget"
)

// Fact is a text that needs an answer: a count, a sum, the words of a card.
// Until its question has one it says that it is being loaded or not known, and
// whatever is set sooner is not shown.
//
// What stands on the screen is its Label; the fact itself is no object of the screen.
type Fact struct {
	*widget.Label
	h     *Host
	name  string // of what it tells, said before "loading"; "" where its place says it
	Look  widget.Importance
	known bool
}

// MinSize takes from a fact what an object of the screen has: its Label is one.
func (f *Fact) MinSize() {}

// Fact makes a text that is being loaded; its question is to show it.
func (h *Host) Fact(name string) *Fact {
	f := &Fact{Label: widget.NewLabel(""), h: h, name: name}
	f.Load()
	return f
}

// Wrap lets the text take several lines.
func (f *Fact) Wrap() *Fact {
	f.Wrapping = Wrapped("").Wrapping
	return f
}

// Low writes the text in the background, as help and counts are.
func (f *Fact) Low() *Fact {
	f.Look = widget.LowImportance
	return f
}

// Strong writes the text as a small title.
func (f *Fact) Strong() *Fact {
	f.TextStyle.Bold = true
	return f
}

// SetText shows what the answer says, once there is one.
func (f *Fact) SetText(text string) {
	if !f.known {
		return
	}
	f.Importance = f.Look
	f.Label.SetText(text)
}

// Known says that the answer is there.
func (f *Fact) Known() { f.known = true }

// Load says that it is being loaded.
func (f *Fact) Load() { f.instead(f.h.Texts.T("window.loading")) }

// Fail says that it is not known.
func (f *Fact) Fail() { f.instead(f.h.Texts.T("window.load.noFact")) }

// Age does not leave a number on the screen that may be another by now.
func (f *Fact) Age(failed bool) {
	if failed {
		f.Fail()
		return
	}
	f.Load()
}

// Rest says nothing: nothing is asked.
func (f *Fact) Rest() { f.instead("") }

func (f *Fact) instead(text string) {
	f.known = false
	switch {
	case text == "":
	case f.name == "":
		text = Upper(text)
	default:
		text = f.h.Texts.T("window.load.named", "Name", f.name, "State", text)
	}
	f.Importance = widget.LowImportance
	f.Label.SetText(text)
}

// Warning is a label that is there only while an answer warns of something, and
// is in the quiet colour while that is old.
type Warning struct {
	*widget.Label
	look widget.Importance
}

// MinSize takes from a warning what an object of the screen has: its Label is one.
func (w *Warning) MinSize() {}

// NewWarning makes a warning that is hidden until an answer warns, in that weight.
func NewWarning(look widget.Importance) *Warning {
	w := &Warning{Label: Wrapped(""), look: look}
	w.Hide()
	return w
}

// SetText shows a warning; "" hides it.
func (w *Warning) SetText(text string) {
	w.Importance = w.look
	w.Label.SetText(text)
	SetVisible(w.Label, text != "")
}

// Load hides it: nothing is known.
func (w *Warning) Load() { w.SetText("") }

// Fail hides it: nothing is known.
func (w *Warning) Fail() { w.SetText("") }

// Age shows that it is old.
func (w *Warning) Age(bool) {
	w.Importance = widget.LowImportance
	w.Label.SetText(w.Text)
}

// Rest hides it: nothing is asked.
func (w *Warning) Rest() { w.SetText("") }

// Gated are buttons that need an answer: what they open offers what is known.
type Gated []*Button

// Known lets them be pressed.
func (g Gated) Known() { Enable(true, g...) }

// Load does not.
func (g Gated) Load() { Enable(false, g...) }

// Fail does not.
func (g Gated) Fail() { Enable(false, g...) }

// Age lets them be pressed still: what is old is checked when it is kept.
func (g Gated) Age(bool) {}

// Rest does not.
func (g Gated) Rest() { Enable(false, g...) }

// Marked is a view that shows its name with a mark while its number is not
// there: … while it is being loaded, ? where it is not known. It is for buttons and badges.
type Marked struct {
	Name string
	Set  func(text string)
}

// Load says that it is being loaded.
func (m Marked) Load() { m.Set(m.Name + "  …") }

// Fail says that it is not known.
func (m Marked) Fail() { m.Set(m.Name + "  ?") }

// Age does not leave a number on the screen that may be another by now.
func (m Marked) Age(failed bool) {
	if failed {
		m.Fail()
		return
	}
	m.Load()
}

// Rest says the name alone.
func (m Marked) Rest() { m.Set(m.Name) }
