package kittest

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
	"klokkast/ui/window/field"
	"klokkast/ui/window/kit"
)

// Stage is where screens are shown to tests: a window, an office of the company
// of package officetest on its own connections to the database, and the
// background. Work in the background is done at once, and whoever asks the
// database or a box on the window's goroutine fails the test.
//
// What the test itself enters and asks goes by the company, past the window's office.
type Stage struct {
	Test    testing.TB // what fails where something slow is asked on the window's goroutine
	Company *officetest.Company
	Office  *office.Office // the window's own
	Host    *kit.Host      // of the screens

	Said string            // on the status line
	Look widget.Importance // the weight of what is said
	Gone [][2]string       // where screens led to: a screen, and what narrows it

	window  string   // the goroutine of the window, which is the test's
	depth   int      // in the background: above 0
	free    bool     // nobody looks who asks: the stage is being built
	Waiting []*wait  // what is done after a while
	Kept    []func() // work that goes on until a window closes

	mu   sync.Mutex
	gate chan struct{} // holds every answer back until it is closed; nil holds none
	down error         // of every answer
	asks int           // how many statements the window's office made

	OnAsk func() // is called ahead of each; nil for none
	OnNow func() // is called when the window's office asks for the time; nil for none
	OnDo  func() // is called after what came back to the window's goroutine; nil for none
}

// wait is something that is done after a while; no while passes by itself in a test.
type wait struct {
	while time.Duration
	do    func()
}

// Later notes what is to be done after a while, for Pass.
func (s *Stage) Later(while time.Duration, do func()) func() {
	w := &wait{while, do}
	s.Waiting = append(s.Waiting, w)
	return func() { s.Waiting = slices.DeleteFunc(s.Waiting, func(other *wait) bool { return other == w }) }
}

// Pass lets the while pass that everything waits for.
func (s *Stage) Pass() {
	due := s.Waiting
	s.Waiting = nil
	for _, w := range due {
		w.do()
	}
}

// Run does work in the background, at once.
func (s *Stage) Run(work func()) {
	s.depth++
	defer func() { s.depth-- }()
	work()
}

// Do comes back to the window's goroutine.
func (s *Stage) Do(f func()) {
	depth := s.depth
	s.depth = 0
	defer func() { s.depth = depth }()
	f()
	if s.OnDo != nil {
		s.OnDo()
	}
}

// before is called ahead of everything that may take long.
func (s *Stage) before(ctx context.Context) error {
	if !s.free && goroutine() == s.window && s.depth == 0 {
		s.Test.Errorf("the database or a box was asked on the window's goroutine: %s", callers())
	}
	if s.OnAsk != nil {
		s.OnAsk()
	}
	s.mu.Lock()
	s.asks++
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down
}

// goroutine names the one that asks.
func goroutine() string {
	var stack [64]byte
	return strings.Fields(string(stack[:runtime.Stack(stack[:], false)]))[1]
}

// callers are the functions of the window that led here.
func callers() string {
	var names []string
	for _, line := range strings.Split(string(debug.Stack()), "\n") {
		if strings.HasPrefix(line, "klokkast/") {
			names = append(names, line)
		}
	}
	return "\n" + strings.Join(names, "\n")
}

// Block holds every answer back from now on, until the function is called that it gives.
func (s *Stage) Block() (unblock func()) {
	gate := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = gate
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.gate == gate {
			s.gate = nil
		}
		close(gate)
	}
}

// BreakDown lets every answer be an error; nil ends that.
func (s *Stage) BreakDown(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

// Asked is how many statements the window's office has made.
func (s *Stage) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks
}

// OpenOffice makes a stage with nothing on it yet. prepare, if any, enters what the test needs.
func OpenOffice(t *testing.T, c *officetest.Company, prepare ...func(*officetest.Company)) *Stage {
	t.Helper()
	s := &Stage{Test: t, Company: c, free: true, window: goroutine()}
	for _, p := range prepare {
		p(s.Company)
	}
	s.Company.Cables.OnOpen = func(string) error { return s.before(context.Background()) }
	now := c.Parts.Now
	c.Parts.Now = func() app.Instant {
		if s.OnNow != nil {
			s.OnNow()
		}
		return now()
	}
	s.Office = s.Company.OpenWatched(s.before)
	s.free = false
	return s
}

// Enter makes a stage for screens in a language, on a demo's company.
func Enter(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) *Stage {
	t.Helper()
	return EnterAt(t, l, officetest.NewDemo(t), prepare...)
}

// EnterAt makes a stage for screens in a language.
func EnterAt(t *testing.T, l app.Language, c *officetest.Company, prepare ...func(*officetest.Company)) *Stage {
	t.Helper()
	s := OpenOffice(t, c, prepare...)
	test.NewTempApp(t).Settings().SetTheme(kit.Theme{Theme: test.Theme()})
	win := test.NewTempWindow(t, widget.NewLabel(""))
	win.Resize(fyne.NewSize(1300, 800))
	ctx, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	s.Host = &kit.Host{
		Window: win, Texts: Catalogue(t).For(l), Ctx: ctx, Zone: app.Belgium(), Now: func() app.Instant { return s.Company.Now },
		Run: s.Run, Do: s.Do, Later: s.Later, Works: kit.NewWorks(), Export: t.TempDir(),
		Say:  func(message string, look widget.Importance) { s.Said, s.Look = message, look },
		GoTo: func(screen, what string) { s.Gone = append(s.Gone, [2]string{screen, what}) },
		Open: func(string) error { return nil },
	}
	s.Host.OnKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape {
			s.Host.Escape()
		}
	}
	win.Canvas().SetOnTypedKey(s.Host.OnKey)
	kit.Speak(s.Host.Texts)
	return s
}

// Shows puts a screen into the window and loads it.
func Shows[P kit.Page](s *Stage, p P) P {
	s.Test.Helper()
	s.Host.Window.SetContent(container.NewBorder(nil, s.Host.Works.Area, nil, nil, p.Content()))
	p.Reload()
	return p
}

// Own is the office that the test itself asks, past the window.
func (s *Stage) Own() *office.Office {
	s.Test.Helper()
	return s.Company.Office()
}

// Did is how often something was done since the company was made, by the trail.
func (s *Stage) Did(what string) (n int) {
	s.Test.Helper()
	for _, e := range s.Company.Acts("") {
		if e.What == what {
			n++
		}
	}
	return n
}

// NoMissing fails the test where a text was wanted that no catalogue has.
func (s *Stage) NoMissing() {
	s.Test.Helper()
	if m := Catalogue(s.Test).Missing(); len(m) > 0 {
		s.Test.Errorf("missing texts: %v", m)
	}
}

// Top is the dialog on top; nil where there is none.
func (s *Stage) Top() fyne.CanvasObject { return s.Host.Window.Canvas().Overlays().Top() }

// Texts are those of the dialog on top.
func (s *Stage) Texts() string { return textsOf(s.Top()) }

func textsOf(o fyne.CanvasObject) string {
	var all []string
	Walk(o, func(o fyne.CanvasObject) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			all = append(all, l.Text)
		}
	})
	return strings.Join(all, "\n")
}

// ButtonOnTop is the button with a text in the dialog on top.
func (s *Stage) ButtonOnTop(text string) *kit.Button {
	s.Test.Helper()
	var found *kit.Button
	Walk(s.Top(), func(o fyne.CanvasObject) {
		if b, ok := o.(*kit.Button); ok && b.Text == text {
			found = b
		}
	})
	if found == nil {
		s.Test.Fatalf("no button %q", text)
	}
	return found
}

// Tap taps the button with a text in the dialog on top.
func (s *Stage) Tap(text string) {
	s.Test.Helper()
	test.Tap(s.ButtonOnTop(text))
}

// Types types into the entry of the open form's field.
func (s *Stage) Types(name, text string) {
	s.Test.Helper()
	switch e := s.Host.Form.Row(name).Control.(type) {
	case *field.Entry:
		e.SetText(text)
	case interface{ SetText(string) }:
		e.SetText(text)
	default:
		s.Test.Fatalf("%s is no entry", name)
	}
}

// Chooses sets the drop-down list of the open form's field.
func (s *Stage) Chooses(name, value string) {
	s.Test.Helper()
	s.Host.Form.Row(name).Control.(*kit.Choice).Set(value)
}

// Saves taps what keeps the open form, and agrees to what it would change where that is asked.
func (s *Stage) Saves() {
	s.Test.Helper()
	f := s.Host.Form
	s.Host.Effect = nil
	test.Tap(f.Save)
	if s.Host.Effect != nil && s.Top() != nil {
		test.Tap(s.Host.Effect)
	}
}

// Walk visits what is on the screen, from top to bottom.
func Walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			Walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			Walk(child, visit)
		}
	}
}

// AWeekOf has Anna work on a box: a long Thursday that began in the night, a
// Friday without its end, beside an unknown badge, and today, where she is now.
// The records count from 1.
func AWeekOf(c *officetest.Company) {
	c.Read(
		officetest.In("2026-11-19 04:30"), officetest.Out("2026-11-19 16:40"),
		officetest.In("2026-11-20 06:58"), officetest.Tap{Card: UnknownCard, At: "2026-11-20 06:59", Key: app.KeyIn},
		officetest.In("2026-11-23 08:00"),
	)
}

// UnknownCard is a badge that nobody holds.
const UnknownCard = "04DEADBEEF"

// MustBe returns a value, or ends the test.
func MustBe[T any](v T, err error) func(testing.TB) T { return officetest.Must(v, err) }

// ErrGone is what a database says of a disk that is gone.
var ErrGone = errors.New("the disk is gone")

// Queue brings work back to the test's own goroutine, which is the window's.
type Queue chan func()

// Do puts work into the queue.
func (q Queue) Do(f func()) { q <- f }

// Until runs what came back until it is so.
func (q Queue) Until(t *testing.T, so func() bool) {
	t.Helper()
	limit := time.After(10 * time.Second)
	for !so() {
		select {
		case f := <-q:
			f()
		case <-limit:
			t.Fatal("waited in vain")
		}
	}
}

// Pump runs what comes back until something is so that does not come back by itself.
func (q Queue) Pump(t *testing.T, so func() bool) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); !so(); {
		select {
		case f := <-q:
			f()
		case <-time.After(time.Millisecond):
			if time.Now().After(limit) {
				t.Fatal("waited in vain")
			}
		}
	}
}

// Behind lets work from now on really be in the background; what comes back waits in the queue.
func (s *Stage) Behind() Queue {
	back := make(Queue, 1000)
	s.Host.Run, s.Host.Do = func(work func()) { go work() }, back.Do
	return back
}

// Cost is how many statements something takes.
func (s *Stage) Cost(do func()) int {
	before := s.Asked()
	do()
	return s.Asked() - before
}
