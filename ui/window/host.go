package window

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
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// host is what every page gets: words, the window, and the two ways between
// the window's goroutine and the background.
type host struct {
	win  fyne.Window
	t    *text.Translator
	ctx  context.Context // ends when the window closes or is built anew
	zone *time.Location  // the company's, for what belongs to no site
	now  func() app.Instant

	run   func(func())                                       // begins work away from the window's goroutine
	do    func(func())                                       // back on the window's goroutine
	later func(while time.Duration, do func()) (stop func()) // away from the window's goroutine

	works  *works
	say    func(message string, look widget.Importance) // the status line
	goTo   func(screen, what string)                    // shows another screen; what narrows it
	onKey  func(*fyne.KeyEvent)                         // keys that no widget has a use for
	open   func(path string) error                      // by the system's program
	export string                                       // the folder that timesheets go to
	form   *form                                        // the one that was opened last
	effect *button                                      // agrees to what was last asked about
	closes map[fyne.CanvasObject]func()                 // what Escape does to each dialog that is open
}

// today gives the company's day.
func (h *host) today() app.Date { return h.now().DateIn(h.zone) }

// act does something in the background; done is called in the window when it
// went well, and a dialog says what did not.
func (h *host) act(do func(context.Context) error, done func()) {
	h.run(func() {
		err := do(h.ctx)
		h.do(func() {
			if err != nil {
				h.fail(err)
				return
			}
			if done != nil {
				done()
			}
		})
	})
}

// fail says what went wrong, why, and what to do.
func (h *host) fail(err error) {
	if err == nil || h.ctx.Err() != nil {
		return
	}
	h.tell(h.t.T("window.failed"), h.reason(err))
}

// reason words an error; what a box did has words of its own.
func (h *host) reason(err error) string {
	var closed *reading.QuarantinedError
	var end *reading.EndError
	var ack *reading.AckError
	var fault reading.Fault
	switch {
	case errors.As(err, &end):
		return h.t.Error(end)
	case errors.As(err, &ack):
		return h.t.Error(ack)
	case errors.Is(err, reading.CableDrops):
		return h.t.T("reading.help." + string(reading.CableDrops))
	case errors.As(err, &closed):
		return upper(h.t.T("window.boxes.quarantined", "Why", wording.Fault(h.t, closed.Reason))) + "."
	case errors.As(err, &fault):
		return faultHelp(h.t, string(fault))
	}
	return h.t.Error(err)
}

// show opens a dialog that Escape closes.
func (h *host) show(d dialog.Dialog) {
	d.Show()
	h.closing(d.Hide)
}

// closing says what Escape does to the dialog that was opened just now.
func (h *host) closing(do func()) {
	overlays := h.win.Canvas().Overlays()
	maps.DeleteFunc(h.closes, func(o fyne.CanvasObject, _ func()) bool { return !slices.Contains(overlays.List(), o) })
	if h.closes == nil {
		h.closes = map[fyne.CanvasObject]func(){}
	}
	h.closes[overlays.Top()] = do
}

// escape closes the dialog on top, if it is one that Escape closes.
func (h *host) escape() {
	if do, ok := h.closes[h.win.Canvas().Overlays().Top()]; ok {
		do()
	}
}

// tell shows a message that waits until it is read.
func (h *host) tell(title, message string) {
	label := widget.NewLabel(message)
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	h.show(dialog.NewCustom(title, h.t.T("window.close"), container.New(minWidth(440), label), h.win))
}

// confirm asks before something that cannot simply be undone; message names what will happen.
func (h *host) confirm(title, message, yes string, then func()) {
	label := widget.NewLabel(message)
	label.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomWithoutButtons(title, container.New(minWidth(440), label), h.win)
	cancel := h.button(h.t.T("window.cancel"), nil, d.Hide)
	ok := h.button(yes, nil, func() {
		d.Hide()
		then()
	})
	ok.Importance = widget.WarningImportance
	d.SetButtons([]fyne.CanvasObject{cancel, ok})
	h.show(d)
	h.win.Canvas().Focus(cancel)
}

// confirmLines asks before something with more to say than a sentence; it scrolls where the window has too little room.
func (h *host) confirmLines(title string, lines []string, yes string, then func()) {
	text := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for _, l := range lines {
		inset := float32(0)
		if strings.HasPrefix(l, " ") {
			inset = 24
		}
		// A label has room around it; sentences that belong together stand closer.
		text.Add(container.New(layout.NewCustomPaddedLayout(-4, -4, inset, 0), wrapped(strings.TrimLeft(l, " "))))
	}
	room := h.win.Canvas().Size()
	d := dialog.NewCustomWithoutButtons(title, sized(min(640, room.Width-80), min(360, room.Height-170), container.NewVScroll(text)), h.win)
	cancel := h.button(h.t.T("window.cancel"), nil, d.Hide)
	ok := h.button(yes, nil, func() {
		d.Hide()
		then()
	})
	ok.Importance = widget.WarningImportance
	d.SetButtons([]fyne.CanvasObject{cancel, ok})
	h.show(d)
	h.win.Canvas().Focus(cancel)
}

// button is a button that hands on F5.
type button struct {
	widget.Button
	onKey func(*fyne.KeyEvent)
}

// TypedKey presses the button for Enter as well as Space, and hands on the rest.
func (b *button) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace:
		b.Button.TypedKey(k)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() && b.OnTapped != nil {
			b.OnTapped()
		}
	default:
		if b.onKey != nil {
			b.onKey(k)
		}
	}
}

func (h *host) button(text string, icon fyne.Resource, tapped func()) *button {
	b := &button{onKey: h.onKey}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// mainButton is the button of what people come to a screen for.
func (h *host) mainButton(text string, icon fyne.Resource, tapped func()) *button {
	b := h.button(text, icon, tapped)
	b.Importance = widget.HighImportance
	return b
}

// newGrid makes a grid that hands on keys; empty says what to do once the answer is that there are no rows.
func newGrid[R any](h *host, empty string, key func(R) string, columns []grid.Column[R]) *grid.Grid[R] {
	g := grid.New(columns, key)
	g.OnKey = h.onKey
	g.SetWords(grid.Words{
		Loading: h.t.T("window.loading"), Failed: h.t.T("window.load.notKnown"), Unasked: h.t.T("window.unasked"),
		Hidden: func(rows int) string { return h.t.N("window.hidden", rows) },
	})
	g.SetEmpty(empty)
	return g
}

// filterFor makes the entry that filters a grid.
func filterFor[R any](h *host, g *grid.Grid[R]) *field.Entry {
	e := field.NewEntry()
	e.PlaceHolder = h.t.T("window.filter")
	e.Icon = theme.SearchIcon()
	e.OnChanged = g.SetFilter
	e.OnKey = func(k *fyne.KeyEvent) {
		switch k.Name {
		case fyne.KeyEscape:
			e.SetText("")
		case fyne.KeyDown:
			g.Focus()
		default:
			h.onKey(k)
		}
	}
	return e
}

// enable enables or disables buttons.
func enable(on bool, buttons ...*button) {
	for _, b := range buttons {
		if on {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// progressOf adapts a works' progress to what desks take.
type progressOf = office.Progress
