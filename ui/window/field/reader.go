package field

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Reader takes what a keyboard-wedge badge reader types while it has the keyboard.
type Reader struct {
	widget.Label
	// Now tells when a key arrived; nil is the computer's clock.
	Now func() time.Time
	// OnRead gets what was typed, when Enter came, and whether a reader did it.
	OnRead func(text string, reader bool)
	// OnKey gets Escape; nil for none.
	OnKey func(*fyne.KeyEvent)
	// Waiting is shown while nothing was typed.
	Waiting string

	wedge   Wedge
	focused bool
}

var (
	_ fyne.Focusable     = (*Reader)(nil)
	_ desktop.Cursorable = (*Reader)(nil)
)

// NewReader makes a reader that shows waiting.
func NewReader(waiting string) *Reader {
	r := &Reader{Waiting: waiting}
	r.Alignment = fyne.TextAlignCenter
	r.SizeName = theme.SizeNameSubHeadingText
	r.TextStyle = fyne.TextStyle{Monospace: true}
	r.ExtendBaseWidget(r)
	r.show()
	return r
}

// FocusGained is called when the keyboard comes.
func (r *Reader) FocusGained() {
	r.focused = true
	r.show()
}

// FocusLost is called when the keyboard goes: half a badge is none.
func (r *Reader) FocusLost() {
	r.focused = false
	r.wedge.Clear()
	r.show()
}

// TypedRune takes a character.
func (r *Reader) TypedRune(c rune) {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	r.wedge.Type(c, now())
	// What a reader types is shown with its Enter only: drawing between its keys
	// would hold them up and make them look like fingers.
	if r.wedge.Slow() {
		r.show()
	}
}

// TypedKey takes Enter, which ends a badge, and what corrects typing.
func (r *Reader) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		text, reader := r.wedge.Enter()
		r.show()
		if text != "" && r.OnRead != nil {
			r.OnRead(text, reader)
		}
	case fyne.KeyBackspace, fyne.KeyDelete:
		r.wedge.Rub()
		r.show()
	case fyne.KeyEscape:
		if r.OnKey != nil {
			r.OnKey(k)
		}
	}
}

// Cursor shows that nothing is to be clicked here.
func (r *Reader) Cursor() desktop.Cursor { return desktop.DefaultCursor }

func (r *Reader) show() {
	text := r.wedge.Text()
	r.Importance = widget.HighImportance
	switch {
	case text == "" && r.focused:
		text = r.Waiting
	case text == "":
		text, r.Importance = "…", widget.LowImportance
	}
	r.SetText(text)
}

// Tapped brings the keyboard back.
func (r *Reader) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		c.Focus(r)
	}
}
