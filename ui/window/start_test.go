package window

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

// databaseError is one as package data gives it.
type databaseError struct{ kind, path string }

func (e *databaseError) Error() string { return "database " + e.kind + ": " + e.path }
func (e *databaseError) TextKey() (string, map[string]any) {
	return "error.database." + e.kind, map[string]any{"Path": e.path, "Have": 99, "Known": 13}
}

// starting is a window that opens what open gives; work runs at once.
func starting(t *testing.T, l app.Language, o Opening) (*Starting, *kittest.Stage) {
	t.Helper()
	d := kittest.OpenOffice(t, officetest.NewDemo(t))
	s := Start(test.NewTempApp(t), optionsFor(d, l), o)
	s.win.Resize(fyne.NewSize(900, 600))
	s.Show()
	return s, d
}

// words returns every text that a window shows.
func words(o fyne.CanvasObject) string {
	var all []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *kit.Button:
			all = append(all, "["+o.Text+"]")
		case *container.Scroll:
			walk(o.Content)
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		}
	}
	walk(o)
	return strings.Join(all, "\n")
}

func TestAWindowSaysWhyItCannotStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	for _, l := range app.Languages {
		var kind string
		var told error
		s, _ := starting(t, l, Opening{
			Path: path, Failed: func(err error) { told = err },
			Open: func(context.Context, string) (*office.Office, Options, error) {
				return nil, Options{}, &databaseError{kind, path}
			},
		})
		for _, kind = range []string{
			"newer", "notDatabase", "isFolder", "foreign", "folder", "readOnly", "full", "damaged", "busy", "disk", "keyWrong", "keyMissing", "keyStore",
		} {
			told = nil
			s.Open()
			shown := words(s.win.Content())
			want := []string{s.h.Texts.T("start.failed"), s.h.Texts.Error(&databaseError{kind, path}), s.h.Texts.T("start.unchanged"), path, "database " + kind}
			for _, b := range []string{"start.copy", "start.folder", "start.again", "start.other", "window.menu.quit"} {
				want = append(want, "["+s.h.Texts.T(b)+"]")
			}
			for _, w := range want {
				if !strings.Contains(shown, w) {
					t.Errorf("%s, %s: %q is missing in\n%s", kind, l, w, shown)
				}
			}
			if told == nil {
				t.Errorf("%s: nobody else was told", kind)
			}
			if size := s.win.Content().MinSize(); size.Width > 900 || size.Height > 600 {
				t.Errorf("%s, %s: %v does not fit", kind, l, size)
			}
			if missing := s.opt.Texts.Missing(); len(missing) > 0 {
				t.Errorf("%s: no text for %v", kind, missing)
			}
		}
		s.win.Close()
		if !errors.Is(s.Wait(), told) {
			t.Error("the window was closed, and all went well")
		}
	}
}

func TestWhatIsInTheWayCanBeTakenAway(t *testing.T) {
	tries, closed := 0, 0
	var s *Starting
	var d *kittest.Stage
	s, d = starting(t, app.English, Opening{
		Path: "klokkast.db", Close: func() error { closed++; return nil },
		Open: func(context.Context, string) (*office.Office, Options, error) {
			if tries++; tries == 1 {
				return nil, Options{}, &databaseError{"busy", "klokkast.db"}
			}
			return d.Office, s.opt, nil
		},
	})
	s.Open()
	if s.win.Canvas().Focused() != s.main || s.main.Text != "Try again" {
		t.Fatalf("%q is what Enter does", s.main.Text)
	}
	s.main.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.window == nil || tries != 2 {
		t.Fatalf("not open after %d tries", tries)
	}
	s.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) // it is the window's own now
	s.window.shut()
	if err := s.Wait(); err != nil || closed != 1 {
		t.Errorf("ended with %v, closed %d times", err, closed)
	}
}

func TestASlowStartSaysWhatItMayWaitFor(t *testing.T) {
	for _, fixed := range []bool{false, true} { // a demo waits for nobody
		var s *Starting
		var d *kittest.Stage
		asked := false
		s, d = starting(t, app.French, Opening{Path: "k.db", Fixed: fixed, Open: func(context.Context, string) (*office.Office, Options, error) {
			waits := func() bool { return strings.Contains(words(s.win.Content()), s.h.Texts.T("start.waiting")) }
			if waits() {
				t.Error("said at once")
			}
			d.Pass()
			if waits() == fixed {
				t.Errorf("fixed %v: said after a while is %v", fixed, !fixed)
			}
			asked = true
			return nil, Options{}, &databaseError{"busy", "k.db"}
		}})
		s.Open()
		if !asked || len(d.Waiting) != 0 {
			t.Errorf("asked %v, and %d still wait after it failed", asked, len(d.Waiting))
		}
	}
}

func TestAFileThatStaysWrongSuggestsAnother(t *testing.T) {
	for kind, want := range map[string]string{"damaged": "start.other", "newer": "start.other",
		"foreign": "start.other", "full": "start.again", "keyMissing": "start.again"} {
		fails := func(context.Context, string) (*office.Office, Options, error) {
			return nil, Options{}, &databaseError{kind, "k.db"}
		}
		s, _ := starting(t, app.Dutch, Opening{Path: "k.db", Open: fails})
		s.Open()
		if s.main.Text != s.h.Texts.T(want) {
			t.Errorf("%s: Enter does %q", kind, s.main.Text)
		}
		demo, _ := starting(t, app.Dutch, Opening{Path: "k.db", Fixed: true, Open: fails})
		demo.Open()
		if strings.Contains(words(demo.win.Content()), demo.h.Texts.T("start.other")) {
			t.Error("a demo offers another database")
		}
	}
}

func TestEscapeQuitsAFailedStart(t *testing.T) {
	s, _ := starting(t, app.French, Opening{Path: "k.db", Open: func(context.Context, string) (*office.Office, Options, error) {
		return nil, Options{}, &databaseError{"full", "k.db"}
	}})
	closed := false
	s.win.SetOnClosed(func() { closed = true })
	s.Open()
	s.main.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !closed {
		t.Error("the window is still there")
	}
}

func TestDetailsAreCopiedWithoutPersonalData(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	path := filepath.Join(home, "klokkast.db")
	s, _ := starting(t, app.English, Opening{Path: path, Open: func(context.Context, string) (*office.Office, Options, error) {
		return nil, Options{}, &databaseError{"damaged", path + " near 85.01.15-123.55"}
	}})
	s.Open()
	for _, o := range test.LaidOutObjects(s.win.Content()) {
		if b, ok := o.(*kit.Button); ok && b.Text == "Copy details" {
			test.Tap(b)
		}
	}
	got := s.app.Clipboard().Content()
	if !strings.Contains(got, "database damaged") || strings.Contains(got, home) || strings.Contains(got, "123.55") {
		t.Errorf("copied: %s", got)
	}
}

// secret panics with something that a person entered.
func secret() { panic(errors.New("Janssens Élodie")) }

func TestAPanicIsShownAndSaysNothingPersonal(t *testing.T) {
	for name, o := range map[string]func(s **Starting, d **kittest.Stage) func(context.Context, string) (*office.Office, Options, error){
		"while it is opened": func(**Starting, **kittest.Stage) func(context.Context, string) (*office.Office, Options, error) {
			return func(context.Context, string) (*office.Office, Options, error) { secret(); return nil, Options{}, nil }
		},
		"in the first load": func(s **Starting, d **kittest.Stage) func(context.Context, string) (*office.Office, Options, error) {
			return func(context.Context, string) (*office.Office, Options, error) {
				(*d).OnNow = secret
				return (*d).Office, (*s).opt, nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s *Starting
			var d *kittest.Stage
			var told error
			s, d = starting(t, app.German, Opening{Path: "k.db", Failed: func(err error) { told = err },
				Open: func(ctx context.Context, path string) (*office.Office, Options, error) {
					return o(&s, &d)(ctx, path)
				}})
			s.Open()
			shown := words(s.win.Content())
			if !strings.Contains(shown, s.h.Texts.T("error.panic")) || !strings.Contains(shown, "window.secret()") || strings.Contains(shown, "Janssens") {
				t.Errorf("shown: %s", shown)
			}
			if strings.Contains(shown, s.h.Texts.T("start.unchanged")) {
				t.Error("who knows what was changed before a panic?")
			}
			if !errors.As(told, new(*PanicError)) {
				t.Errorf("told: %v", told)
			}
			s.win.Close()
			if s.Wait() == nil {
				t.Error("all went well")
			}
		})
	}
}
