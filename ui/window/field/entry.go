package field

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
)

// Entry is a text entry that hands on the keys for which it has no use: F5 and
// Enter reach the page also while someone types.
type Entry struct {
	widget.Entry
	// OnKey gets function keys, Escape, Up and Down; nil for none.
	OnKey func(*fyne.KeyEvent)
}

// NewEntry makes an empty entry of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey hands on what a line of text has no use for.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyF5, fyne.KeyEscape, fyne.KeyDown, fyne.KeyUp:
		if e.OnKey != nil {
			e.OnKey(k)
			return
		}
	}
	e.Entry.TypedKey(k)
}

// Date is an entry for a day. When the keyboard leaves it, what was
// understood is written out in full, so that the person sees it; what was not
// understood stays as typed.
type Date struct {
	Entry
	// Today tells the day from which +1d and 15/3 count.
	Today func() app.Date
	// Format writes a day in the user's way; it must be one that ParseDate reads.
	Format func(app.Date) string
	// OnLeave is called when the keyboard has left the entry; nil for none.
	OnLeave func()
}

// NewDate makes a date entry.
func NewDate(today func() app.Date, format func(app.Date) string) *Date {
	d := &Date{Today: today, Format: format}
	d.Scroll = fyne.ScrollHorizontalOnly
	d.ExtendBaseWidget(d)
	return d
}

// SetDate shows a day; the zero Date empties the entry.
func (d *Date) SetDate(v app.Date) {
	if v == 0 {
		d.SetText("")
		return
	}
	d.SetText(d.Format(v))
}

// Date returns the day that stands there; the zero Date when it is empty.
func (d *Date) Date() (app.Date, error) { return ParseDate(d.Text, d.Today()) }

// FocusLost writes out what was understood.
func (d *Date) FocusLost() {
	d.Entry.FocusLost()
	if v, err := d.Date(); err == nil && v != 0 && d.Text != d.Format(v) {
		d.SetText(d.Format(v))
	}
	if d.OnLeave != nil {
		d.OnLeave()
	}
}

// Time is an entry for a time of day.
type Time struct{ Entry }

// NewTime makes a time entry.
func NewTime() *Time {
	t := &Time{}
	t.Scroll = fyne.ScrollHorizontalOnly
	t.ExtendBaseWidget(t)
	t.PlaceHolder = "07:58"
	return t
}

// Clock returns the time that stands there.
func (t *Time) Clock() (Clock, error) { return ParseTime(t.Text) }

// FocusLost writes out what was understood.
func (t *Time) FocusLost() {
	t.Entry.FocusLost()
	if c, err := t.Clock(); err == nil && t.Text != c.String() {
		t.SetText(c.String())
	}
}

// Moment is a date entry and a time entry side by side.
type Moment struct {
	Date *Date
	Time *Time
	// Zone is where the moment is meant; nil is UTC.
	Zone *time.Location
	// Midnight says that an empty time means 00:00.
	Midnight bool
}

// Instant returns the moment; zero with no error when both entries are empty.
func (m *Moment) Instant() (app.Instant, error) {
	if m.Date.Text == "" && m.Time.Text == "" {
		return 0, nil
	}
	d, err := m.Date.Date()
	if err != nil {
		return 0, err
	}
	if d == 0 {
		return 0, ErrDate
	}
	c, err := m.Time.Clock()
	if err == ErrRequired && m.Midnight {
		c, err = 0, nil
	}
	if err != nil {
		return 0, err
	}
	return Instant(d, c, m.zone())
}

// SetInstant shows a moment; the zero Instant empties both entries.
func (m *Moment) SetInstant(i app.Instant) {
	if i == 0 {
		m.Date.SetText("")
		m.Time.SetText("")
		return
	}
	t := i.In(m.zone())
	m.Date.SetDate(app.DateOf(t))
	m.Time.SetText(Clock(t.Hour()*60 + t.Minute()).String())
}

func (m *Moment) zone() *time.Location {
	if m.Zone == nil {
		return app.Belgium()
	}
	return m.Zone
}
