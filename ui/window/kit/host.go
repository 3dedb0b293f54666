package kit

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/app/workspace"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// Host is what every page gets: words, the window, and the two ways between
// the window's goroutine and the background.
type Host struct {
	Window fyne.Window
	Texts  *text.Translator   // in the language of the screen
	Ctx    context.Context    // ends when the window closes or is built anew
	Zone   *time.Location     // the company's, for what belongs to no site
	Now    func() app.Instant // by the computer's clock, or a demo's

	Run   func(func())                                       // begins work away from the window's goroutine
	Do    func(func())                                       // back on the window's goroutine
	Later func(while time.Duration, do func()) (stop func()) // away from the window's goroutine

	Works  *Works                                       // the long work under way
	Say    func(message string, look widget.Importance) // the status line
	GoTo   func(screen, what string)                    // shows another screen; what narrows it
	OnKey  func(*fyne.KeyEvent)                         // keys that no widget has a use for
	Open   func(path string) error                      // by the system's program
	Export string                                       // the folder that timesheets go to
	Form   *Form                                        // the one that was opened last
	Effect *Button                                      // agrees to what was last asked about
	closes map[fyne.CanvasObject]func()                 // what Escape does to each dialog that is open
}

// Today returns the company's day.
func (h *Host) Today() app.Date { return h.Now().DateIn(h.Zone) }

// Act does something in the background; done is called in the window when it
// went well, and a dialog says what did not.
func (h *Host) Act(do func(context.Context) error, done func()) {
	h.Run(func() {
		err := do(h.Ctx)
		h.Do(func() {
			if err != nil {
				h.Fail(err)
				return
			}
			if done != nil {
				done()
			}
		})
	})
}

// Fail says what went wrong, why, and what to do.
func (h *Host) Fail(err error) {
	if err == nil || h.Ctx.Err() != nil {
		return
	}
	h.Tell(h.Texts.T("window.failed"), h.Reason(err))
}

// Reason words an error; what a box did has words of its own.
func (h *Host) Reason(err error) string {
	var closed *reading.QuarantinedError
	var end *reading.EndError
	var ack *reading.AckError
	var fault reading.Fault
	switch {
	case errors.As(err, &end):
		return h.Texts.Error(end)
	case errors.As(err, &ack):
		return h.Texts.Error(ack)
	case errors.Is(err, reading.CableDrops):
		return h.Texts.T("reading.help." + string(reading.CableDrops))
	case errors.As(err, &closed):
		return Upper(h.Texts.T("window.boxes.quarantined", "Why", wording.Fault(h.Texts, closed.Reason))) + "."
	case errors.As(err, &fault):
		return FaultHelp(h.Texts, string(fault))
	}
	return h.Texts.Error(err)
}

// Show opens a dialog that Escape closes.
func (h *Host) Show(d dialog.Dialog) {
	d.Show()
	h.closing(d.Hide)
}

// closing says what Escape does to the dialog that was opened just now.
func (h *Host) closing(do func()) {
	overlays := h.Window.Canvas().Overlays()
	maps.DeleteFunc(h.closes, func(o fyne.CanvasObject, _ func()) bool { return !slices.Contains(overlays.List(), o) })
	if h.closes == nil {
		h.closes = map[fyne.CanvasObject]func(){}
	}
	h.closes[overlays.Top()] = do
}

// Escape closes the dialog on top, if it is one that Escape closes.
func (h *Host) Escape() {
	if do, ok := h.closes[h.Window.Canvas().Overlays().Top()]; ok {
		do()
	}
}

// Tell shows a message that waits until it is read.
func (h *Host) Tell(title, message string) {
	label := widget.NewLabel(message)
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	h.Show(dialog.NewCustom(title, h.Texts.T("window.close"), container.New(MinWidth(440), label), h.Window))
}

// Confirm asks before something that cannot simply be undone; message names what will happen.
func (h *Host) Confirm(title, message, yes string, then func()) {
	label := widget.NewLabel(message)
	label.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomWithoutButtons(title, container.New(MinWidth(440), label), h.Window)
	cancel := h.Button(h.Texts.T("window.cancel"), nil, d.Hide)
	ok := h.Button(yes, nil, func() {
		d.Hide()
		then()
	})
	ok.Importance = widget.WarningImportance
	d.SetButtons([]fyne.CanvasObject{cancel, ok})
	h.Show(d)
	h.Window.Canvas().Focus(cancel)
}

// ConfirmLines asks before something with more to say than a sentence; it scrolls where the window has too little room.
func (h *Host) ConfirmLines(title string, lines []string, yes string, then func()) {
	text := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for _, l := range lines {
		inset := float32(0)
		if strings.HasPrefix(l, " ") {
			inset = 24
		}
		// A label has room around it; sentences that belong together stand closer.
		text.Add(container.New(layout.NewCustomPaddedLayout(-4, -4, inset, 0), Wrapped(strings.TrimLeft(l, " "))))
	}
	room := h.Window.Canvas().Size()
	d := dialog.NewCustomWithoutButtons(title, Sized(min(640, room.Width-80), min(360, room.Height-170), container.NewVScroll(text)), h.Window)
	cancel := h.Button(h.Texts.T("window.cancel"), nil, d.Hide)
	ok := h.Button(yes, nil, func() {
		d.Hide()
		then()
	})
	ok.Importance = widget.WarningImportance
	d.SetButtons([]fyne.CanvasObject{cancel, ok})
	h.Show(d)
	h.Window.Canvas().Focus(cancel)
}

// Button is a button that hands on F5.
type Button struct {
	widget.Button
	OnKey func(*fyne.KeyEvent)
}

// TypedKey presses the button for Enter as well as Space, and hands on the rest.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace:
		b.Button.TypedKey(k)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() && b.OnTapped != nil {
			b.OnTapped()
		}
	default:
		if b.OnKey != nil {
			b.OnKey(k)
		}
	}
}

// Button makes a button that hands on keys; icon may be nil.
func (h *Host) Button(text string, icon fyne.Resource, tapped func()) *Button {
	b := &Button{OnKey: h.OnKey}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// MainButton is the button of what people come to a screen for.
func (h *Host) MainButton(text string, icon fyne.Resource, tapped func()) *Button {
	b := h.Button(text, icon, tapped)
	b.Importance = widget.HighImportance
	return b
}

// NewGrid makes a grid that hands on keys; empty says what to do once the answer is that there are no rows.
func NewGrid[R any](h *Host, empty string, key func(R) string, columns []grid.Column[R]) *grid.Grid[R] {
	g := grid.New(columns, key)
	g.OnKey = h.OnKey
	g.SetWords(grid.Words{
		Loading: h.Texts.T("window.loading"), Failed: h.Texts.T("window.load.notKnown"), Unasked: h.Texts.T("window.unasked"),
		Hidden: func(rows int) string { return h.Texts.N("window.hidden", rows) },
	})
	g.SetEmpty(empty)
	return g
}

// FilterFor makes the entry that filters a grid.
func FilterFor[R any](h *Host, g *grid.Grid[R]) *field.Entry {
	e := field.NewEntry()
	e.PlaceHolder = h.Texts.T("window.filter")
	e.Icon = theme.SearchIcon()
	e.OnChanged = g.SetFilter
	e.OnKey = func(k *fyne.KeyEvent) {
		switch k.Name {
		case fyne.KeyEscape:
			e.SetText("")
		case fyne.KeyDown:
			g.Focus()
		default:
			h.OnKey(k)
		}
	}
	return e
}

// Enable enables or disables buttons.
func Enable(on bool, buttons ...*Button) {
	for _, b := range buttons {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// Progress adapts a works' progress to what desks take.
type Progress = workspace.Progress
