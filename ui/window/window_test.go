package window

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/assets"
	"klokkast/ui/officetest"
)

func TestEveryScreenIsShownAndAsksTheOffice(t *testing.T) {
	w, s := openWindow(t, app.English)
	for i, p := range w.pages {
		if n := s.cost(func() { w.show(i) }); n == 0 || w.current != i || len(w.content.Objects) != 1 {
			t.Errorf("%s asked the office %d times", p.name, n)
		}
	}
	s.noMissing()
}

func TestTheFormsOfTheWindowOpen(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} {
		w, s := openWindow(t, l)
		if w.askActor(); w.host.form == nil {
			t.Error("who works here is not asked")
		}
		s.noMissing()
	}
}

// keyLike finds catalogue keys in the source; one that ends in a dot is the
// beginning of a key whose end is computed.
var keyLike = regexp.MustCompile(`"(window\.[A-Za-z.]+)"`)

func TestEveryTextThatTheCodeNamesStandsInAllCatalogues(t *testing.T) {
	c := catalogue(t)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyLike.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, l := range app.Languages {
				if !inCatalogue(c.For(l), m[1]) {
					t.Errorf("%s: %s lacks %s", f.Name(), l, m[1])
				}
			}
		}
	}
	if found < 300 {
		t.Errorf("found only %d keys: does the pattern still fit the code?", found)
	}
	for _, w := range fyneWords {
		for _, l := range app.Languages {
			if !c.For(l).Has("window.fyne." + w) {
				t.Errorf("%s lacks window.fyne.%s", l, w)
			}
		}
	}
}

func inCatalogue(t *text.Translator, key string) bool {
	if !strings.HasSuffix(key, ".") {
		return t.Has(key)
	}
	for _, k := range t.Keys() {
		if strings.HasPrefix(k, key) {
			return true
		}
	}
	return false
}

func TestTheCataloguesOfTheWindowAreComplete(t *testing.T) {
	for _, line := range text.CheckComplete(assets.Translations()) {
		if strings.Contains(line, "window") {
			t.Error(line)
		}
	}
}

func TestFyneSpeaksTheUsersLanguage(t *testing.T) {
	c := catalogue(t)
	for l, want := range map[app.Language]string{app.Dutch: "Annuleren", app.French: "Annuler", app.German: "Abbrechen", app.English: "Cancel"} {
		speak(c.For(l))
		if got := lang.L("Cancel"); got != want {
			t.Errorf("%s: Cancel is %q, want %q", l, got, want)
		}
	}
}

func TestClosingWhileWorkIsUnderWayAsksFirst(t *testing.T) {
	s := openOffice(t, officetest.NewDemo(t))
	back := make(queue, 100)
	opt := s.options(app.English)
	opt.Run, opt.do = nil, back.do
	w := windowOn(t, s, opt)
	w.host.work("x", "long work", func(ctx context.Context, _ progressOf) error {
		<-ctx.Done()
		return ctx.Err()
	}, nil)
	w.close()
	if s.top() == nil || w.stopping == nil {
		t.Fatal("it closed without asking")
	}
	w.works.cancelAll()
	back.until(t, func() bool { return len(w.works.running) == 0 })
	s.top().Hide()
	w.close()
	if w.stopping != nil {
		t.Error("a closed window still listens")
	}
}

func TestWorkShowsItsProgressAndCanBeCancelledFromEveryScreen(t *testing.T) {
	s := openOffice(t, officetest.NewDemo(t))
	back := make(queue, 100)
	opt := s.options(app.English)
	opt.Run, opt.do = nil, back.do
	w := windowOn(t, s, opt)
	begun := make(chan struct{})
	w.host.work("x", "Reading", func(ctx context.Context, p progressOf) error {
		p(0, 200)
		p(200, 200)
		close(begun)
		<-ctx.Done() // work that never comes to an end
		return ctx.Err()
	}, nil)
	<-begun
	x := w.works.running["x"]
	back.until(t, func() bool { return x.bar.Visible() && x.bar.Value == 1 })
	if x.count.Text != "200 of 200" {
		t.Errorf("count %q", x.count.Text)
	}
	w.show(3) // another screen: the work goes on and its line stays
	if len(w.works.box.Objects) != 1 {
		t.Errorf("%d lines", len(w.works.box.Objects))
	}
	test.Tap(x.stop)
	back.until(t, func() bool { return len(w.works.running) == 0 })
	if len(w.works.box.Objects) != 0 || !strings.Contains(w.status.Text, "What was stored stays stored") {
		t.Errorf("after cancelling: %d lines, status %q", len(w.works.box.Objects), w.status.Text)
	}
	if s.top() != nil {
		t.Error("cancelling is not a failure and shows no dialog")
	}
}

func TestManyChangesLoadTheScreenOnce(t *testing.T) {
	w, s := openWindow(t, app.English)
	w.show(4)
	change := func() {
		s.run(func() { s.c.Do(s.office.ChangeSettings(t.Context(), func(s *office.Settings) {})) })
	}
	change()
	s.waiting, w.pending = nil, false
	once := s.cost(w.reload)
	for range 20 {
		change()
	}
	if n := len(s.waiting); n != 1 {
		t.Fatalf("%d reloads are planned", n)
	}
	if n := s.cost(s.pass); n == 0 || n > once {
		t.Errorf("loaded by %d statements, once takes %d", n, once)
	}
	change()
	if len(s.waiting) != 1 {
		t.Error("a later change is not noticed")
	}
}

func TestOfTwoLoadsTheLaterAskedCounts(t *testing.T) {
	var waiting []func()
	h := &host{ctx: context.Background(), run: func(f func()) { waiting = append(waiting, f) }, do: func(f func()) { f() }, now: func() app.Instant { return 0 }}
	l := h.asks()
	var shown []int
	for i := range 2 {
		load(l, nil, func(context.Context) (int, error) { return i, nil }, func(v int) { shown = append(shown, v) })
	}
	waiting[1]()
	waiting[0]() // the first one comes last
	if len(shown) != 1 || shown[0] != 1 {
		t.Errorf("shown %v, want the second alone", shown)
	}
}

func TestChoosingALanguageBuildsTheWindowAnew(t *testing.T) {
	w, s := openWindow(t, app.English)
	w.show(4)
	w.setLanguage(app.French)
	if s.office.Language() != app.French || w.pages[4].entry.label.Text != "Personnel" || w.current != 4 {
		t.Errorf("language %s, entry %q, screen %d", s.office.Language(), w.pages[4].entry.label.Text, w.current)
	}
}

func TestTheBannerStandsOutsideProductionOnly(t *testing.T) {
	w, _ := openWindow(t, app.Dutch)
	if w.banner() == nil {
		t.Error("no banner before a simulator")
	}
	s := openOffice(t, officetest.New(t), func(c *officetest.Company) {
		c.Do(c.Office().ChangeSettings(t.Context(), func(s *office.Settings) { s.Environment = app.Production }))
	})
	if windowOn(t, s, s.options(app.Dutch)).banner() != nil {
		t.Error("a banner in production")
	}
}

func TestEachScreenHasItsShortcut(t *testing.T) {
	w, _ := openWindow(t, app.English)
	items := w.menu().Items[2].Items
	if len(items) != 9 {
		t.Fatalf("%d screens", len(items))
	}
	for i, item := range items {
		if item.Shortcut == nil || !strings.HasSuffix(item.Shortcut.ShortcutName(), string(rune('1'+i))) {
			t.Errorf("%s has shortcut %v", item.Label, item.Shortcut)
		}
		item.Action()
		if w.current != i {
			t.Errorf("%s led to screen %d", item.Label, w.current)
		}
	}
}

func TestFlattenFindsJoinedErrorsBelowAWrapping(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	got := flatten(wrap{errors.Join(a, errors.Join(b))})
	if len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("got %v", got)
	}
}

type wrap struct{ error }

func (w wrap) Unwrap() error { return w.error }

// The longest name of a screen does not run into its shortcut, in any language.
func TestNamesInTheSidebarKeepAwayFromTheirShortcuts(t *testing.T) {
	for _, l := range app.Languages {
		w, _ := openWindow(t, l)
		for i, s := range w.pages {
			w.show(i) // the name is bold now
			end := s.entry.label.Position().X + s.entry.label.MinSize().Width
			if begin := s.entry.hint.Position().X; end > begin {
				t.Errorf("%s: %s ends at %.0f, its shortcut begins at %.0f", l, s.entry.label.Text, end, begin)
			}
		}
	}
}

func TestTheFootSaysHowSendingStands(t *testing.T) {
	w, _ := openWindow(t, app.English)
	if text := w.sending.label.Text; text != "" {
		t.Errorf("by hand, and it says %q", text)
	}
	w.showStatus(office.SendingStatus{Mode: ciao.Live, Why: ciao.ErrLocked})
	if text := w.sending.label.Text; !strings.HasPrefix(text, "NOT SENDING") || strings.Count(text, "NOT SENDING") != 1 {
		t.Errorf("with a locked key it says %q", text)
	}
	w.showStatus(office.SendingStatus{Mode: ciao.Live, Why: errors.New("x")})
	if text := w.sending.label.Text; !strings.HasPrefix(text, "NOT SENDING") {
		t.Errorf("it says %q", text)
	}
	w.showStatus(office.SendingStatus{Mode: ciao.Live, Report: &ciao.Report{Requests: 1, Accepted: 3}})
	if text := w.sending.label.Text; !strings.Contains(text, "3") {
		t.Errorf("after three were accepted it says %q", text)
	}
}

// A window that opens with a mode that sends by itself asks before the first sending of all, and says that it does not send.
func TestAWindowThatSendsByItselfAsksBeforeTheFirstSending(t *testing.T) {
	w, s := openWindow(t, app.English, manyWait, func(c *officetest.Company) {
		c.Do(c.Office().SetRegister(t.Context(), map[office.RegisterSetting]string{office.SetMode: string(ciao.Live)}, officetest.Why))
	})
	if s.top() == nil || len(s.kept) != 1 { // the scan for boxes alone
		t.Fatalf("sends by itself without a question: %d", len(s.kept))
	}
	s.tap("Cancel")
	w.reload()
	if len(s.kept) != 1 || s.top() != nil || !strings.Contains(w.sending.label.Text, "NOT SENDING") {
		t.Errorf("refused; it says %q", w.sending.label.Text)
	}
	if r := mustBe(s.own().Send(t.Context(), nil))(t); r.Accepted != 208 { // somebody sent by hand
		t.Errorf("%+v", r)
	}
	w.reload()
	w.showSending() // as the first that KeepSending tells does
	if len(s.kept) != 2 || strings.Contains(w.sending.label.Text, "NOT SENDING") {
		t.Errorf("nothing goes by itself after the first sending: %q", w.sending.label.Text)
	}
}

// A box that is plugged in offers itself on every screen, and Enter reads it.
func TestAPluggedBoxOffersToBeRead(t *testing.T) {
	w, s := openWindow(t, app.English, func(c *officetest.Company) {
		box := c.Cables.Plug(t, "sim:1", officetest.Known())
		mustBe(box.Tap(officetest.Card(t, officetest.AnnaCard), app.KeyIn))(t)
	})
	box := reading.Found{Path: "sim:1"}
	w.plug([]reading.Found{box})
	if w.plugged.strip.Visible() {
		t.Error("a box that was there from the beginning is announced")
	}
	w.plug(nil)
	if n := s.cost(func() { w.plug([]reading.Found{box}) }); !w.plugged.strip.Visible() || len(w.plugged.fresh) != 1 || n == 0 {
		t.Fatalf("offered %+v", w.plugged.fresh)
	}
	focused, ok := w.win.Canvas().Focused().(*button)
	if !ok || focused.Text != "Read now" {
		t.Fatalf("the focus is on %T", w.win.Canvas().Focused())
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n := len(mustBe(s.own().PunchRows(t.Context(), office.PunchFilter{}))(t)); n != 1 || w.plugged.strip.Visible() {
		t.Errorf("read %d punches: %s", n, s.texts())
	}
	w.plug(nil)
	w.plug([]reading.Found{box})
	w.plug(nil)
	if w.plugged.strip.Visible() {
		t.Error("an unplugged box is still offered")
	}
	s.noMissing()
}

// Without the udev rule every screen says so, until the box can be used, and shows the rule.
func TestALockedBoxSaysWhatToDo(t *testing.T) {
	w, s := openWindow(t, app.English)
	w.opt.UdevRule = `SUBSYSTEM=="usb"`
	w.plug([]reading.Found{{Path: "usb:1", Fault: reading.NoPermission}})
	if !w.plugged.strip.Visible() {
		t.Fatal("nothing is said")
	}
	w.showUdevRule()
	if s.top() == nil {
		t.Error("the rule is not shown")
	} else {
		s.top().Hide()
	}
	w.plug([]reading.Found{{Path: "usb:2"}})
	if w.plugged.strip.Visible() {
		t.Error("still said after the replug")
	}
}
