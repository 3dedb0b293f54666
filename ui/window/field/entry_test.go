package field

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
)

func newTestDate(t *testing.T) (*Date, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	d := NewDate(
		func() app.Date { return app.NewDate(2026, 11, 23) },
		func(d app.Date) string { return d.UTC().Format("02/01/2006") },
	)
	return d, test.NewTempWindow(t, d)
}

func TestDateWritesOutWhatItUnderstoodWhenTheKeyboardLeaves(t *testing.T) {
	d, w := newTestDate(t)
	w.Canvas().Focus(d)
	test.Type(d, "15/3")
	w.Canvas().Unfocus()
	if d.Text != "15/03/2026" {
		t.Errorf("got %q", d.Text)
	}
}

func TestDateKeepsWhatItDidNotUnderstand(t *testing.T) {
	d, w := newTestDate(t)
	w.Canvas().Focus(d)
	test.Type(d, "31/2")
	w.Canvas().Unfocus()
	if d.Text != "31/2" {
		t.Errorf("got %q: what was typed must stay", d.Text)
	}
	if _, err := d.Date(); err != ErrDate {
		t.Errorf("got %v, want ErrDate", err)
	}
}

func TestMoment(t *testing.T) {
	d, _ := newTestDate(t)
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	m := &Moment{Date: d, Time: NewTime(), Zone: zone}
	if got, err := m.Instant(); got != 0 || err != nil {
		t.Errorf("empty: got %v, %v", got, err)
	}
	d.SetText("today")
	if _, err := m.Instant(); err != ErrRequired {
		t.Errorf("no time: got %v, want ErrRequired", err)
	}
	m.Time.SetText("0758")
	got, err := m.Instant()
	if err != nil || got.String() != "2026-11-23T06:58:00.000Z" {
		t.Errorf("got %s, %v", got, err)
	}
	m.SetInstant(got)
	if d.Text != "23/11/2026" || m.Time.Text != "07:58" {
		t.Errorf("shown as %q %q", d.Text, m.Time.Text)
	}
}
