package window

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit/kittest"
)

// openWindow shows the program's window on the office of a stage; what goes on
// until it closes is kept, and not begun.
func openWindow(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*Window, *kittest.Stage) {
	t.Helper()
	s := kittest.OpenOffice(t, officetest.NewDemo(t), prepare...)
	return windowOn(t, s, optionsFor(s, l)), s
}

// optionsFor have everything done at once, and what goes on kept.
func optionsFor(s *kittest.Stage, l app.Language) Options {
	return Options{
		Language: l, Texts: kittest.Catalogue(s.Test), Run: s.Run, do: s.Do, later: s.Later, keep: func(work func()) { s.Kept = append(s.Kept, work) },
		Now: func() app.Instant { return s.Company.Now }, Export: s.Test.TempDir(), Open: func(string) error { return nil },
	}
}

func windowOn(t *testing.T, s *kittest.Stage, opt Options) *Window {
	t.Helper()
	w := New(test.NewTempApp(t), s.Office, opt)
	w.win.Resize(fyne.NewSize(1300, 800))
	w.Show()
	s.Host = w.host
	return w
}

var _ = context.Background
