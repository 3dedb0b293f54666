package window

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// openWindow shows the program's window on the office of a stage; what goes on
// until it closes is kept, and not begun.
func openWindow(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*Window, *stage) {
	t.Helper()
	s := openOffice(t, officetest.NewDemo(t), prepare...)
	return windowOn(t, s, s.options(l)), s
}

// options have everything done at once, and what goes on kept.
func (s *stage) options(l app.Language) Options {
	return Options{
		Language: l, Texts: catalogue(s.t), Run: s.run, do: s.do, later: s.later, keep: func(work func()) { s.kept = append(s.kept, work) },
		Now: func() app.Instant { return s.c.Now }, Export: s.t.TempDir(), Open: func(string) error { return nil },
	}
}

func windowOn(t *testing.T, s *stage, opt Options) *Window {
	t.Helper()
	w := New(test.NewTempApp(t), s.office, opt)
	w.win.Resize(fyne.NewSize(1300, 800))
	w.Show()
	s.h = w.host
	return w
}

// cost is how many statements something takes.
func (s *stage) cost(do func()) int {
	before := s.asked()
	do()
	return s.asked() - before
}

var _ = context.Background
