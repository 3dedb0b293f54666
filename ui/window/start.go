package window

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/app/text"
	"klokkast/ui/window/kit"
)

// Opening says what a window is opened on.
type Opening struct {
	Path string // of the database, or of the demo's folder
	// Fixed says that no other database can be chosen: a demo's is its own.
	Fixed bool
	// Open opens the office on the database at path and gives the options of its
	// window. It is called in the background, once for each try, and may take long:
	// until another program lets go of the database, or a person has unlocked the
	// key store. It ends soon after ctx does.
	Open func(ctx context.Context, path string) (*office.Office, Options, error)
	// Failed is told, in the background, why a try failed; nil for nobody.
	Failed func(err error)
	// Close ends what Open opened, once the window is closed; nil where nothing is to end.
	Close func() error
}

// Starting is the program's window from the first moment on: it says what it
// is opening, then becomes the Window; or it says what is in the way and what
// can be done. What fails to start changes nothing.
type Starting struct {
	app fyne.App
	win fyne.Window
	opt Options // until the office has its own
	o   Opening
	h   *kit.Host

	window *Window // nil until the office is open
	err    error   // why it is not; nil while it is being opened
	end    context.CancelFunc
	tries  sync.WaitGroup
	main   *kit.Button // what Enter does
	slow   func()      // ends the wait for saying that this takes long
}

// Start makes the program's window; Show shows it and begins to open the office.
// Of the options it needs Texts; those that Open gives hold from then on.
func Start(a fyne.App, opt Options, o Opening) *Starting {
	opt.complete(a)
	a.Settings().SetTheme(kit.Theme{Theme: theme.DefaultTheme()})
	s := &Starting{app: a, opt: opt, o: o, win: newMaster(a, opt)}
	t := opt.Texts.For(opt.Language)
	s.h = &kit.Host{
		Window: s.win, Texts: t, Ctx: context.Background(), Zone: opt.Zone, Now: opt.Now, Run: opt.Run, Do: opt.do, Later: opt.later, Works: kit.NewWorks(),
		Say: func(string, widget.Importance) {}, OnKey: s.typed, Open: opt.Open,
	}
	kit.Speak(t)
	s.win.Canvas().SetOnTypedKey(s.typed)
	s.showOpening()
	return s
}

// Show shows the window. What is opened is opened only once there is one: a
// display that cannot show it must not leave a new database behind.
func (s *Starting) Show() { s.win.Show() }

// Open begins to open the office, in the background.
func (s *Starting) Open() {
	if s.end != nil { // of the try before
		s.end()
	}
	ctx, end := context.WithCancel(context.Background())
	s.end, s.err = end, nil
	s.showOpening()
	s.tries.Add(1)
	s.opt.Run(func() {
		defer s.tries.Done()
		var desk *office.Office
		var opt Options
		err := guarded(func() (err error) {
			desk, opt, err = s.o.Open(ctx, s.o.Path)
			return err
		})
		if err != nil && s.o.Failed != nil && ctx.Err() == nil { // whoever closes the window knows why
			s.o.Failed(err)
		}
		s.opt.do(func() {
			switch {
			case ctx.Err() != nil: // closed meanwhile
			case err != nil:
				s.showFailure(err)
			default:
				s.become(desk, opt)
			}
		})
	})
}

// Quit closes the window.
func (s *Starting) Quit() { s.app.Quit() }

// Wait waits after the window was closed until nothing works any more, and
// gives why there never was more than an opening or a failure to see, if so.
func (s *Starting) Wait() error {
	if s.end != nil {
		s.end()
	}
	s.tries.Wait()
	if s.window != nil {
		s.window.stop() // it may have been closed by the system
		s.window.Wait()
	}
	if s.o.Close != nil {
		if err := s.o.Close(); err != nil && s.err == nil {
			return err
		}
	}
	switch {
	case s.window != nil:
		return nil
	case s.err == nil:
		return context.Canceled
	}
	return s.err
}

// become shows the window on an office. From then on a mistake of the program's own
// that would end it shows here instead.
func (s *Starting) become(desk *office.Office, opt Options) {
	s.hurried()
	opt.Run, opt.do, opt.later, opt.keep = s.opt.Run, s.opt.do, s.opt.later, s.opt.keep
	run, do, keep := s.opt.Run, s.opt.do, s.opt.keep
	catch := func(work func()) func() {
		return func() {
			if err := guarded(func() error { work(); return nil }); err != nil {
				s.crashed(err)
			}
		}
	}
	opt.Run = func(work func()) { run(catch(work)) }
	opt.keep = func(work func()) { keep(catch(work)) }
	opt.do = func(f func()) { do(catch(f)) }
	err := guarded(func() error {
		w := newOn(s.app, s.win, desk, opt)
		if s.err != nil { // its first screen broke meanwhile
			w.stop()
			return nil
		}
		s.window = w
		w.keepSending()
		return nil
	})
	if err != nil {
		s.crashed(err)
	}
}

// crashed shows a mistake of the program's own.
func (s *Starting) crashed(err error) {
	if s.o.Failed != nil {
		s.o.Failed(err)
	}
	s.opt.do(func() {
		if s.window != nil {
			s.window.stop()
			s.window = nil
		}
		s.showFailure(err)
	})
}

// slowly is after how long a start that still goes on says what it may be waiting for.
const slowly = 3 * time.Second

// showOpening says what is being opened.
func (s *Starting) showOpening() {
	t := s.h.Texts
	waiting := kit.Wrapped("")
	s.main = s.h.Button(t.T("window.menu.quit"), nil, s.win.Close)
	what := t.T("start.opening")
	if s.o.Fixed {
		what = t.T("start.demo")
	}
	s.show(
		kit.Heading(what), plainPath(s.o.Path), widget.NewProgressBarInfinite(), waiting,
		container.NewHBox(layout.NewSpacer(), s.main),
	)
	if s.o.Fixed { // a demo waits for nobody
		return
	}
	s.slow = s.opt.later(slowly, func() {
		s.opt.do(func() { waiting.SetText(t.T("start.waiting")) })
	})
}

// hurried says that the opening that is shown ended before it was slow.
func (s *Starting) hurried() {
	if s.slow != nil {
		s.slow()
		s.slow = nil
	}
}

// showFailure says what is in the way, and what can be done.
func (s *Starting) showFailure(err error) {
	s.err = err
	t := s.h.Texts
	title, message := t.T("start.failed"), s.h.Reason(err)
	if s.window == nil && !errors.As(err, new(*PanicError)) {
		message += "\n" + t.T("start.unchanged")
	}
	why := kit.Wrapped(message)
	why.Selectable = true
	details := s.details(err)
	shown := widget.NewLabel(details)
	shown.Wrapping = fyne.TextWrapBreak
	shown.Selectable = true
	icon := widget.NewIcon(theme.NewErrorThemedResource(theme.ErrorIcon()))
	lines := []fyne.CanvasObject{container.NewBorder(nil, nil, kit.Sized(36, 36, icon), nil, kit.Heading(title)), why}
	if s.o.Path != "" {
		lines = append(lines, plainPath(s.o.Path))
	}
	s.show(append(lines, widget.NewSeparator(), kit.Sized(620, 130, container.NewVScroll(shown)), s.buttons(err, details))...)
	s.win.Canvas().Focus(s.main)
}

// buttons offers what helps against an error; what most likely does stands last and has the keyboard.
func (s *Starting) buttons(err error, details string) fyne.CanvasObject {
	t := s.h.Texts
	var copying *kit.Button
	copying = s.h.Button(t.T("start.copy"), nil, func() {
		s.app.Clipboard().SetContent(details)
		copying.SetText(t.T("start.copied"))
	})
	folder := s.h.Button(t.T("start.folder"), nil, func() {
		if err := s.opt.Open(nearestFolder(s.o.Path)); err != nil {
			s.h.Fail(err)
		}
	})
	quit := s.h.Button(t.T("window.menu.quit"), nil, s.win.Close)
	again := s.h.Button(t.T("start.again"), nil, s.Open)
	other := s.h.Button(t.T("start.other"), nil, s.choose)
	row := []*kit.Button{copying, folder, quit, other, again}
	switch {
	case s.o.Fixed:
		row = []*kit.Button{copying, folder, quit, again}
	case otherHelps(err):
		row = []*kit.Button{copying, folder, quit, again, other}
	}
	s.main = row[len(row)-1]
	s.main.Importance = widget.HighImportance
	box := container.NewHBox()
	for i, b := range row {
		if i == 2 {
			box.Add(layout.NewSpacer())
		}
		box.Add(b)
	}
	return box
}

// otherHelps says that trying again cannot help, but another file can.
func otherHelps(err error) bool {
	var keyed text.Keyed
	if !errors.As(err, &keyed) {
		return false
	}
	key, _ := keyed.TextKey()
	switch strings.TrimPrefix(key, "error.database.") {
	case "newer", "notDatabase", "isFolder", "foreign", "damaged", "notDemo":
		return true
	}
	return false
}

// choose asks for another database and opens that.
func (s *Starting) choose() {
	s.h.FileDialog(func(path string) {
		s.o.Path = path
		s.Open()
	}, ".db")
}

// typed is a key that no widget has a use for.
func (s *Starting) typed(k *fyne.KeyEvent) {
	switch {
	case s.window != nil:
		s.window.typed(k)
	case k.Name == fyne.KeyEscape && s.win.Canvas().Overlays().Top() != nil:
		s.h.Escape()
	case k.Name == fyne.KeyEscape:
		s.win.Close()
	case k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter:
		s.main.OnTapped()
	}
}

// show puts lines in the middle of the window, and takes away what was there.
func (s *Starting) show(lines ...fyne.CanvasObject) {
	s.hurried()
	for _, o := range s.win.Canvas().Overlays().List() {
		s.win.Canvas().Overlays().Remove(o)
	}
	s.win.SetCloseIntercept(nil)
	s.win.SetMainMenu(nil)
	s.win.Canvas().SetOnTypedKey(s.typed)
	column := container.New(layout.NewCustomPaddedVBoxLayout(10), lines...)
	s.win.SetContent(container.NewCenter(container.New(kit.MinWidth(640), column)))
}

// plainPath shows where a file is, to be selected; a long path takes several lines.
func plainPath(path string) *widget.Label {
	l := widget.NewLabel(path)
	l.Wrapping = fyne.TextWrapBreak
	l.Selectable = true
	l.Importance = widget.LowImportance
	return l
}

// details tells engineers what happened. It is made to be copied into a mail:
// the home folder, which is called after its owner, and personal numbers are masked.
func (s *Starting) details(err error) string {
	lines := []string{s.opt.Title + " " + s.opt.Version + ", " + runtime.GOOS + "/" + runtime.GOARCH, err.Error()}
	if crash := (*PanicError)(nil); errors.As(err, &crash) {
		lines = append(lines, crash.Stack)
	}
	all := identity.Mask(strings.Join(lines, "\n"))
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		all = strings.ReplaceAll(all, home, "~")
	}
	return all
}

// nearestFolder returns the folder of a file, or the one above it that is there.
func nearestFolder(path string) string {
	folder := filepath.Dir(path)
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	for {
		info, err := os.Stat(folder)
		above := filepath.Dir(folder)
		if err == nil && info.IsDir() || above == folder {
			return folder
		}
		folder = above
	}
}
