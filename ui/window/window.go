// Package window is the face with a mouse: a sidebar with nine screens on the
// same data as the commands, its menu, its foot, and how it starts. Each screen
// is a package below; the line of build that names it is all that it needs here.
//
// Nothing that may take long runs on the window's goroutine; long work (reading,
// importing, sending, printing) has a line at the foot of the window with its
// progress and a Cancel button, whatever screen is shown (kit.Works). Package
// kit says what screens are made of.
//
// Texts come from the catalogues, area window; what the trade says comes from
// package wording. The list of all lists is package grid, the entries for dates
// and times are package field.
//
// The package does not import fyne.io/fyne/v2/app, which needs cgo and a
// screen: main makes the app and hands it in.
package window

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/app/text"
	"klokkast/ui/window/anomalies"
	"klokkast/ui/window/boxes"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/plan"
	"klokkast/ui/window/punches"
	"klokkast/ui/window/register"
	"klokkast/ui/window/settings"
	"klokkast/ui/window/sheets"
	"klokkast/ui/window/sites"
	"klokkast/ui/window/staff"
	"klokkast/ui/window/today"
	"klokkast/ui/wording"
)

// Options are what main decides about the window. Only Texts is needed.
type Options struct {
	Title    string
	Version  string
	Icon     fyne.Resource
	Texts    *text.Catalogue
	Language app.Language   // to begin with; "" is English
	Zone     *time.Location // of the company; nil is Europe/Brussels
	// Export is the folder to which timesheets go unless another is chosen.
	Export string
	// Open opens a file or folder with the system's program; nil asks Fyne to.
	Open func(path string) error
	// UdevRule is the rule that lets people at a Linux computer use a box.
	UdevRule string
	// Now tells the time; nil is the computer's clock.
	Now func() app.Instant
	// Run begins work in the background; nil begins a goroutine. Tests run it at once.
	Run func(work func())
	// do brings work back to the window's goroutine; nil is fyne.Do. For tests.
	do func(func())
	// later does something after a while, away from the window's goroutine, unless
	// it is stopped before; nil is the system's timer. For tests.
	later func(while time.Duration, do func()) (stop func())
	// keep begins work that goes on until the window closes; nil begins a goroutine. For tests.
	keep func(work func())
}

// Window is the program's one window.
type Window struct {
	app  fyne.App
	win  fyne.Window
	desk *office.Office
	opt  Options

	host    *kit.Host
	pages   []*screen
	current int
	works   *kit.Works
	end     context.CancelFunc // of what is built now

	content *fyne.Container
	plugged plugged
	unplug  context.CancelFunc // ends the scan for boxes

	status  *widget.Label
	facts   *widget.Label
	access  *kit.Inquiry // about the register's address, which is among the facts
	sending byItself

	mu       sync.Mutex // guards pending: changes come from any goroutine
	pending  bool
	stopping func() // ends the subscription
	ended    atomic.Bool
}

// screen is a page with its place in the sidebar.
type screen struct {
	name  string
	icon  fyne.Resource
	key   fyne.KeyName
	page  kit.Page
	entry *navEntry
	body  fyne.CanvasObject
}

// complete fills in what was left open.
func (opt *Options) complete(a fyne.App) {
	if opt.Zone == nil {
		opt.Zone = app.Belgium()
	}
	if opt.Now == nil {
		opt.Now = func() app.Instant { return app.At(time.Now()) }
	}
	if opt.Run == nil {
		opt.Run = func(work func()) { go work() }
	}
	if opt.keep == nil {
		opt.keep = func(work func()) { go work() }
	}
	if opt.do == nil {
		opt.do = fyne.Do
	}
	if opt.later == nil {
		opt.later = func(while time.Duration, do func()) func() {
			timer := time.AfterFunc(while, do)
			return func() { timer.Stop() }
		}
	}
	if opt.Open == nil {
		opt.Open = func(path string) error {
			return a.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)})
		}
	}
	if opt.Language == "" {
		opt.Language = app.English
	}
	if opt.Title == "" {
		opt.Title = "Klokkast"
	}
}

// newMaster makes the program's one window, empty.
func newMaster(a fyne.App, opt Options) fyne.Window {
	win := a.NewWindow(opt.Title)
	if opt.Icon != nil {
		win.SetIcon(opt.Icon)
	}
	win.SetMaster()
	win.Resize(fyne.NewSize(1260, 700))
	return win
}

// New makes the window. Show shows it; the app's Run keeps it going.
func New(a fyne.App, d *office.Office, opt Options) *Window {
	opt.complete(a)
	a.Settings().SetTheme(kit.Theme{Theme: theme.DefaultTheme()})
	return newOn(a, newMaster(a, opt), d, opt)
}

// newOn makes the window of one that is there already.
func newOn(a fyne.App, win fyne.Window, d *office.Office, opt Options) *Window {
	opt.complete(a)
	w := &Window{app: a, desk: d, opt: opt, works: kit.NewWorks(), win: win}
	w.opt.do = func(f func()) {
		if !w.ended.Load() { // after the app nothing can be drawn any more
			opt.do(f)
		}
	}
	w.win.SetCloseIntercept(w.close)
	w.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { sheets.VerifyDropped(w.host, w.desk, files) })
	w.build()
	w.stopping = d.Subscribe(w.changed)
	ctx, unplug := context.WithCancel(context.Background())
	w.unplug = unplug
	w.scan(ctx)
	return w
}

// Show shows the window.
func (w *Window) Show() {
	w.win.Show()
	w.keepSending()
}

// build makes everything anew in the current language.
func (w *Window) build() {
	if w.end != nil {
		w.end()
	}
	ctx, end := context.WithCancel(context.Background())
	w.end = end
	t := w.opt.Texts.For(w.opt.Language)
	kit.Speak(t)
	w.status = widget.NewLabel("")
	w.status.Truncation = fyne.TextTruncateEllipsis
	w.facts = kit.Quiet("")
	w.host = &kit.Host{
		Window: w.win, Texts: t, Ctx: ctx, Zone: w.opt.Zone, Now: w.opt.Now, Run: w.opt.Run, Do: w.opt.do, Later: w.opt.later,
		Works: w.works, Say: w.say, GoTo: w.goTo, OnKey: w.typed, Open: w.opt.Open, Export: w.exportFolder(),
	}
	h := w.host
	w.access = h.Asks()
	w.pages = []*screen{
		{name: "today", icon: theme.HomeIcon(), key: fyne.Key1, page: today.New(h, w.desk)},
		{name: "boxes", icon: theme.StorageIcon(), key: fyne.Key2, page: boxes.New(h, w.desk)},
		{name: "punches", icon: theme.HistoryIcon(), key: fyne.Key3, page: punches.New(h, w.desk)},
		{name: "anomalies", icon: theme.WarningIcon(), key: fyne.Key4, page: anomalies.New(h, w.desk)},
		{name: "staff", icon: theme.AccountIcon(), key: fyne.Key5, page: staff.New(h, w.desk)},
		{name: "sites", icon: theme.GridIcon(), key: fyne.Key6, page: sites.New(h, w.desk)},
		{name: "plan", icon: theme.CalendarIcon(), key: fyne.Key7, page: plan.New(h, w.desk)},
		{name: "ciao", icon: theme.UploadIcon(), key: fyne.Key8, page: register.New(h, w.desk)},
		{name: "timesheets", icon: theme.DocumentIcon(), key: fyne.Key9, page: sheets.New(h, w.desk)},
	}
	w.content = container.NewStack()
	foot := container.NewVBox(widget.NewSeparator(), w.works.Area,
		container.NewBorder(nil, nil, nil, w.facts, container.NewGridWithColumns(2, w.status, w.newSendingLabel())))
	w.plugged.strip, w.plugged.asked = container.NewVBox(), w.host.Asks()
	w.showPlugged()
	top := container.NewVBox()
	if banner := w.banner(); banner != nil {
		top.Add(banner)
	}
	top.Add(w.plugged.asked.Strip)
	top.Add(w.plugged.strip)
	frame := container.NewBorder(top, foot, container.NewBorder(nil, nil, nil, widget.NewSeparator(), w.sidebar()), nil,
		container.New(layout.NewCustomPaddedLayout(8, 6, 12, 12), w.content))
	w.win.SetContent(frame)
	w.win.SetMainMenu(w.menu())
	w.win.Canvas().SetOnTypedKey(w.typed)
	w.showFacts()
	w.showSending()
	w.show(w.current)
}

// exportFolder is where timesheets go: the one of the options, or a folder in the home folder.
func (w *Window) exportFolder() string {
	if w.opt.Export != "" {
		return w.opt.Export
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, "Klokkast")
}

// banner says on every screen that nothing is real outside production.
func (w *Window) banner() fyne.CanvasObject {
	if !w.desk.Environment().Simulated() {
		return nil
	}
	return kit.Strip(w.host.Texts.T("window.simulated"), theme.ColorNameWarning, theme.ColorNameForegroundOnWarning)
}

func (w *Window) sidebar() fyne.CanvasObject {
	box, width := container.NewVBox(), float32(200)
	for i, s := range w.pages {
		s.entry = newNavEntry(w.host.Texts.T("window.screen."+s.name), "Ctrl+"+string(s.key), s.icon, func() { w.show(i) })
		box.Add(s.entry)
		width = max(width, s.entry.room())
	}
	return container.New(layout.NewCustomPaddedLayout(8, 8, 6, 6), kit.Sized(width, 0, box))
}

// show brings a screen to the front and loads it.
func (w *Window) show(i int) {
	w.current = i
	for j, s := range w.pages {
		s.entry.mark(j == i)
	}
	s := w.pages[i]
	if s.body == nil {
		s.body = s.page.Content()
	}
	w.content.Objects = []fyne.CanvasObject{s.body}
	w.content.Refresh()
	w.status.SetText("")
	s.page.Reload()
}

// goTo shows a screen by its name, narrowed to what led there.
func (w *Window) goTo(name, what string) {
	for i, s := range w.pages {
		if s.name != name {
			continue
		}
		if s.body == nil {
			s.body = s.page.Content()
		}
		s.page.Narrow(what)
		w.show(i)
	}
}

// say writes on the status line.
func (w *Window) say(message string, look widget.Importance) {
	w.status.Importance = look
	w.status.SetText(message)
}

// showFacts writes where one is: installation, who works, which register.
func (w *Window) showFacts() {
	t := w.host.Texts
	name := w.desk.Installation().Name
	if w.desk.Demo() {
		name += " (" + t.T("window.demo") + ")"
	}
	show := func(a sending.Access) {
		w.facts.SetText(t.T("window.facts", "Installation", name, "Actor", w.desk.Actor(), "Environment", wording.Register(t, w.desk.Environment(), a)))
	}
	if w.facts.Text == "" {
		show(sending.Access{})
	}
	kit.Load(w.access, nil, w.desk.Connection.Access, show) // the address in use is always to be seen
}

// debounce is how long changes are gathered before the screen loads again.
const debounce = 250 * time.Millisecond

// changed is called by the office, from any goroutine, when data changed.
func (w *Window) changed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending {
		return
	}
	w.pending = true
	w.opt.later(debounce, func() {
		w.mu.Lock()
		w.pending = false
		w.mu.Unlock()
		w.opt.do(w.reload)
	})
}

func (w *Window) reload() {
	w.showFacts()
	if w.sending.waits && w.sending.asked {
		w.beginSending() // somebody may have sent meanwhile
	}
	w.pages[w.current].page.Reload()
}

// typed is a key that no widget has a use for.
func (w *Window) typed(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyEscape:
		w.host.Escape()
	case k.Name == fyne.KeyF5 && w.win.Canvas().Overlays().Top() == nil:
		w.say("", widget.MediumImportance)
		w.reload()
	}
}

// menu is the main menu. Its shortcuts reach the window whatever has the keyboard.
func (w *Window) menu() *fyne.MainMenu {
	t := w.host.Texts
	item := func(text string, key fyne.KeyName, mod fyne.KeyModifier, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(text, func() {
			if w.win.Canvas().Overlays().Top() == nil { // not beneath an open dialog
				do()
			}
		})
		if key != "" {
			i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: mod}
		}
		return i
	}
	const ctrl = fyne.KeyModifierControl
	file := fyne.NewMenu(t.T("window.menu.file"),
		item(t.T("window.boxes.readAll"), fyne.KeyL, ctrl, func() { kit.ReadAll(w.host, w.desk) }),
		item(t.T("window.menu.import"), fyne.KeyO, ctrl, func() { w.goTo("boxes", "import") }),
		fyne.NewMenuItemSeparator(),
		item(t.T("window.menu.filter"), fyne.KeyF, ctrl, w.focusFilter),
		item(t.T("window.menu.reload")+" (F5)", fyne.KeyR, ctrl, w.reload),
		fyne.NewMenuItemSeparator(),
		quit(t.T("window.menu.quit"), w.close),
	)
	undo := item(t.T("window.menu.undo"), "", 0, func() { kit.UndoLast(w.host, w.desk) })
	undo.Shortcut = &fyne.ShortcutUndo{} // an entry that has the keyboard takes it first
	edit := fyne.NewMenu(t.T("window.menu.edit"), undo)
	view := fyne.NewMenu(t.T("window.menu.view"))
	for i, s := range w.pages {
		view.Items = append(view.Items, item(t.T("window.screen."+s.name), s.key, ctrl, func() { w.show(i) }))
	}
	languages := fyne.NewMenuItem(t.T("window.menu.language"), nil)
	languages.ChildMenu = fyne.NewMenu("")
	for _, l := range app.Languages {
		i := item(wording.Language(l), "", 0, func() { w.setLanguage(l) })
		i.Checked = l == w.opt.Language
		languages.ChildMenu.Items = append(languages.ChildMenu.Items, i)
	}
	settings := fyne.NewMenu(t.T("window.menu.settings"), languages, item(t.T("window.menu.actor"), "", 0, w.askActor),
		item(t.T("window.menu.thresholds"), "", 0, func() {
			kit.ShowThresholds(w.host, w.desk, derived.ThresholdOwner{}, t.T("window.thresholds.company"))
		}),
		item(t.T("window.menu.holidays"), "", 0, func() { settings.AskHolidays(w.host, w.desk) }),
		item(t.T("window.menu.letterhead"), "", 0, func() { settings.AskLetterhead(w.host, w.desk) }))
	help := fyne.NewMenu(t.T("window.menu.help"),
		item(t.T("window.menu.keys"), fyne.KeyF1, ctrl, func() { w.host.Tell(t.T("window.menu.keys"), t.T("window.keys")) }),
		item(t.T("window.menu.about"), "", 0, func() {
			w.host.Tell(t.T("window.menu.about"), t.T("window.about", "Title", w.opt.Title, "Version", w.opt.Version))
		}),
	)
	return fyne.NewMainMenu(file, edit, view, settings, help)
}

func quit(text string, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(text, do)
	i.IsQuit = true
	i.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierControl}
	return i
}

func (w *Window) focusFilter() {
	if e := w.pages[w.current].page.Filter(); e != nil {
		w.win.Canvas().Focus(e)
	}
}

// setLanguage keeps the language and builds the window anew in it.
func (w *Window) setLanguage(l app.Language) {
	w.host.Act(func(ctx context.Context) error { return w.desk.SetLanguage(ctx, l) }, func() {
		w.opt.Language = l
		w.build()
	})
}

func (w *Window) askActor() {
	t := w.host.Texts
	f := w.host.NewForm()
	f.Note(t.T("window.actor.help"))
	name := f.Text(t.T("window.actor.name"), w.desk.Actor(), "actor")
	f.Show(t.T("window.menu.actor"), t.T("window.save"), func() func(context.Context) error {
		v := name.Text
		return func(ctx context.Context) error { return w.desk.SetActor(ctx, v) }
	}, w.showFacts)
}

// closePatience is how long a closing window waits for work to stop in order.
const closePatience = 5 * time.Second

// close asks first when work is under way, and lets it stop in order.
func (w *Window) close() {
	n := len(w.works.Running)
	if n == 0 {
		w.shut()
		return
	}
	t := w.host.Texts
	w.host.Confirm(t.T("window.close.title"), t.N("window.close.running", n), t.T("window.close.yes"), func() {
		w.works.CancelAll()
		ended := make(chan struct{})
		go func() {
			w.works.Group.Wait()
			close(ended)
		}()
		go func() {
			select {
			case <-ended:
			case <-time.After(closePatience):
			}
			w.opt.do(w.shut)
		}()
	})
}

func (w *Window) shut() {
	w.stop()
	w.win.SetCloseIntercept(nil)
	w.win.Close()
}

// stop ends what works for the window.
func (w *Window) stop() {
	if w.stopping != nil {
		w.stopping()
		w.stopping = nil
	}
	if w.sending.end != nil {
		w.sending.end()
	}
	w.end()
	w.unplug()
}
