package window

import (
	"testing"

	"fyne.io/fyne/v2"

	"klokkast/app"
)

// Escape closes lists and questions too, whether something in them has the keyboard or not.
func TestEscapeClosesDialogs(t *testing.T) {
	w, _ := open(t, app.English)
	p := to[*ciaoPage](t, w, "ciao")
	top := func() fyne.CanvasObject { return w.win.Canvas().Overlays().Top() }
	escape := func() { w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) }
	p.showChecks()
	if top() == nil {
		t.Fatal("no dialog")
	}
	p.h.tell("one", "above the other")
	escape()
	if top() == nil {
		t.Fatal("both are gone")
	}
	escape()
	if top() != nil {
		t.Error("the checks stay")
	}
	asked := false
	p.h.confirm("really?", "it cannot be undone", "yes", func() { asked = true })
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if top() != nil || asked {
		t.Error("the question stays, or was answered", asked)
	}
	escape() // nothing is open
	p.askConnection()
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // a drop-down list comes first
	if top() != nil {
		t.Error("the form stays")
	}
}
