package window

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
)

// stage is where screens are shown to tests: a window, an office of the company
// of package officetest on its own connections to the database, and the
// background. Work in the background is done at once, and whoever asks the
// database or a box on the window's goroutine fails the test.
//
// What the test itself enters and asks goes by the company, past the window's office.
type stage struct {
	t      *testing.T
	c      *officetest.Company
	office *office.Office
	h      *host

	said string // on the status line
	look widget.Importance
	gone [][2]string // where screens led to: a screen, and what narrows it

	window  string // the goroutine of the window, which is the test's
	depth   int    // in the background: above 0
	free    bool
	waiting []*wait
	kept    []func() // work that goes on until a window closes

	mu   sync.Mutex
	gate chan struct{} // holds every answer back until it is closed; nil holds none
	down error         // of every answer
	asks int           // how many statements the window's office made

	onAsk func() // is called ahead of each; nil for none
	onNow func() // is called when the window's office asks for the time; nil for none
	onDo  func() // is called after what came back to the window's goroutine; nil for none
}

// wait is something that is done after a while; no while passes by itself in a test.
type wait struct {
	while time.Duration
	do    func()
}

func (s *stage) later(while time.Duration, do func()) func() {
	w := &wait{while, do}
	s.waiting = append(s.waiting, w)
	return func() { s.waiting = slices.DeleteFunc(s.waiting, func(other *wait) bool { return other == w }) }
}

// pass lets the while pass that everything waits for.
func (s *stage) pass() {
	due := s.waiting
	s.waiting = nil
	for _, w := range due {
		w.do()
	}
}

// run does work in the background, at once.
func (s *stage) run(work func()) {
	s.depth++
	defer func() { s.depth-- }()
	work()
}

// do comes back to the window's goroutine.
func (s *stage) do(f func()) {
	depth := s.depth
	s.depth = 0
	defer func() { s.depth = depth }()
	f()
	if s.onDo != nil {
		s.onDo()
	}
}

// before is called ahead of everything that may take long.
func (s *stage) before(ctx context.Context) error {
	if !s.free && goroutine() == s.window && s.depth == 0 {
		s.t.Errorf("the database or a box was asked on the window's goroutine: %s", callers())
	}
	if s.onAsk != nil {
		s.onAsk()
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

// block holds every answer back from now on, until the function is called that it gives.
func (s *stage) block() (unblock func()) {
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

// breakDown lets every answer be an error; nil ends that.
func (s *stage) breakDown(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

// asked is how many statements the window's office has made.
func (s *stage) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks
}

// openOffice makes a stage with nothing on it yet. prepare, if any, enters what the test needs.
func openOffice(t *testing.T, c *officetest.Company, prepare ...func(*officetest.Company)) *stage {
	t.Helper()
	s := &stage{t: t, c: c, free: true, window: goroutine()}
	for _, p := range prepare {
		p(s.c)
	}
	s.c.Cables.OnOpen = func(string) error { return s.before(context.Background()) }
	now := c.Parts.Now
	c.Parts.Now = func() app.Instant {
		if s.onNow != nil {
			s.onNow()
		}
		return now()
	}
	s.office = s.c.OpenWatched(s.before)
	s.free = false
	return s
}

// enter makes a stage for screens in a language, on a demo's company.
func enter(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) *stage {
	t.Helper()
	return enterAt(t, l, officetest.NewDemo(t), prepare...)
}

// enterAt makes a stage for screens in a language.
func enterAt(t *testing.T, l app.Language, c *officetest.Company, prepare ...func(*officetest.Company)) *stage {
	t.Helper()
	s := openOffice(t, c, prepare...)
	test.NewTempApp(t).Settings().SetTheme(calm{test.Theme()})
	win := test.NewTempWindow(t, widget.NewLabel(""))
	win.Resize(fyne.NewSize(1300, 800))
	ctx, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	s.h = &host{
		win: win, t: catalogue(t).For(l), ctx: ctx, zone: app.Belgium(), now: func() app.Instant { return s.c.Now },
		run: s.run, do: s.do, later: s.later, works: newWorks(), export: t.TempDir(),
		say:  func(message string, look widget.Importance) { s.said, s.look = message, look },
		goTo: func(screen, what string) { s.gone = append(s.gone, [2]string{screen, what}) },
		open: func(string) error { return nil },
	}
	s.h.onKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape {
			s.h.escape()
		}
	}
	win.Canvas().SetOnTypedKey(s.h.onKey)
	speak(s.h.t)
	return s
}

// shows puts a screen into the window and loads it.
func shows[P page](s *stage, p P) P {
	s.t.Helper()
	s.h.win.SetContent(container.NewBorder(nil, s.h.works.area, nil, nil, p.content()))
	p.reload()
	return p
}

// own is the office that the test itself asks, past the window.
func (s *stage) own() *office.Office {
	s.t.Helper()
	return s.c.Office()
}

// did is how often something was done since the company was made, by the trail.
func (s *stage) did(what string) (n int) {
	s.t.Helper()
	for _, e := range s.c.Acts("") {
		if e.What == what {
			n++
		}
	}
	return n
}

// noMissing fails the test where a text was wanted that no catalogue has.
func (s *stage) noMissing() {
	s.t.Helper()
	if m := catalogue(s.t).Missing(); len(m) > 0 {
		s.t.Errorf("missing texts: %v", m)
	}
}

// top is the dialog on top; nil where there is none.
func (s *stage) top() fyne.CanvasObject { return s.h.win.Canvas().Overlays().Top() }

// texts are those of the dialog on top.
func (s *stage) texts() string { return textsOf(s.top()) }

func textsOf(o fyne.CanvasObject) string {
	var all []string
	walk(o, func(o fyne.CanvasObject) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			all = append(all, l.Text)
		}
	})
	return strings.Join(all, "\n")
}

// buttonOnTop is the button with a text in the dialog on top.
func (s *stage) buttonOnTop(text string) *button {
	s.t.Helper()
	var found *button
	walk(s.top(), func(o fyne.CanvasObject) {
		if b, ok := o.(*button); ok && b.Text == text {
			found = b
		}
	})
	if found == nil {
		s.t.Fatalf("no button %q", text)
	}
	return found
}

// tap taps the button with a text in the dialog on top.
func (s *stage) tap(text string) {
	s.t.Helper()
	test.Tap(s.buttonOnTop(text))
}

// types types into the entry of the open form's field.
func (s *stage) types(name, text string) {
	s.t.Helper()
	switch e := s.h.form.row(name).control.(type) {
	case *field.Entry:
		e.SetText(text)
	case interface{ SetText(string) }:
		e.SetText(text)
	default:
		s.t.Fatalf("%s is no entry", name)
	}
}

// chooses sets the drop-down list of the open form's field.
func (s *stage) chooses(name, value string) {
	s.t.Helper()
	s.h.form.row(name).control.(*choice).set(value)
}

// saves taps what keeps the open form, and agrees to what it would change where that is asked.
func (s *stage) saves() {
	s.t.Helper()
	f := s.h.form
	s.h.effect = nil
	test.Tap(f.save)
	if s.h.effect != nil && s.top() != nil {
		test.Tap(s.h.effect)
	}
}

// walk visits what is on the screen, from top to bottom.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, visit)
		}
	}
}

// aWeekOf has Anna work on a box: a long Thursday that began in the night, a
// Friday without its end, beside an unknown badge, and today, where she is now.
// The records count from 1.
func aWeekOf(c *officetest.Company) {
	c.Read(
		officetest.In("2026-11-19 04:30"), officetest.Out("2026-11-19 16:40"),
		officetest.In("2026-11-20 06:58"), officetest.Tap{Card: unknownCard, At: "2026-11-20 06:59", Key: app.KeyIn},
		officetest.In("2026-11-23 08:00"),
	)
}

const unknownCard = "04DEADBEEF"

// mustBe gives a value, or ends the test.
func mustBe[T any](v T, err error) func(testing.TB) T { return officetest.Must(v, err) }

// errGone is what a database says of a disk that is gone.
var errGone = errors.New("the disk is gone")

// queue brings work back to the test's own goroutine, which is the window's.
type queue chan func()

func (q queue) do(f func()) { q <- f }

// until runs what came back until it is so.
func (q queue) until(t *testing.T, so func() bool) {
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

// pump runs what comes back until something is so that does not come back by itself.
func (q queue) pump(t *testing.T, so func() bool) {
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

// behind lets work from now on really be in the background; what comes back waits in the queue.
func (s *stage) behind() queue {
	back := make(queue, 1000)
	s.h.run, s.h.do = func(work func()) { go work() }, back.do
	return back
}
