package window

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/reading"
	"klokkast/app/sending"
	"klokkast/app/text"
	"klokkast/app/workspace"
	"klokkast/assets"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

func TestEveryScreenIsShownAndAsksTheOffice(t *testing.T) {
	w, s := openWindow(t, app.English)
	for i, p := range w.pages {
		if n := s.Cost(func() { w.show(i) }); n == 0 || w.current != i || len(w.content.Objects) != 1 {
			t.Errorf("%s asked the office %d times", p.name, n)
		}
	}
	s.NoMissing()
}

func TestTheFormsOfTheWindowOpen(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} {
		w, s := openWindow(t, l)
		if w.askActor(); w.host.Form == nil {
			t.Error("who works here is not asked")
		}
		s.NoMissing()
	}
}

// keyLike finds catalogue keys in the source; one that ends in a dot is the
// beginning of a key whose end is computed.
var keyLike = regexp.MustCompile(`"(window\.[A-Za-z.]+)"`)

func TestEveryTextThatTheCodeNamesStandsInAllCatalogues(t *testing.T) {
	c := kittest.Catalogue(t)
	found := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range keyLike.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, l := range app.Languages {
				if !inCatalogue(c.For(l), m[1]) {
					t.Errorf("%s: %s lacks %s", path, l, m[1])
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 300 {
		t.Errorf("found only %d keys: does the pattern still fit the code?", found)
	}
	for _, w := range kit.FyneWords {
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
	c := kittest.Catalogue(t)
	for l, want := range map[app.Language]string{app.Dutch: "Annuleren", app.French: "Annuler", app.German: "Abbrechen", app.English: "Cancel"} {
		kit.Speak(c.For(l))
		if got := lang.L("Cancel"); got != want {
			t.Errorf("%s: Cancel is %q, want %q", l, got, want)
		}
	}
}

func TestClosingWhileWorkIsUnderWayAsksFirst(t *testing.T) {
	s := kittest.OpenOffice(t, officetest.NewDemo(t))
	back := make(kittest.Queue, 100)
	opt := optionsFor(s, app.English)
	opt.Run, opt.do = nil, back.Do
	w := windowOn(t, s, opt)
	w.host.Work("x", "long work", func(ctx context.Context, _ kit.Progress) error {
		<-ctx.Done()
		return ctx.Err()
	}, nil)
	w.close()
	if s.Top() == nil || w.stopping == nil {
		t.Fatal("it closed without asking")
	}
	w.works.CancelAll()
	back.Until(t, func() bool { return len(w.works.Running) == 0 })
	s.Top().Hide()
	w.close()
	if w.stopping != nil {
		t.Error("a closed window still listens")
	}
}

func TestWorkShowsItsProgressAndCanBeCancelledFromEveryScreen(t *testing.T) {
	s := kittest.OpenOffice(t, officetest.NewDemo(t))
	back := make(kittest.Queue, 100)
	opt := optionsFor(s, app.English)
	opt.Run, opt.do = nil, back.Do
	w := windowOn(t, s, opt)
	begun := make(chan struct{})
	w.host.Work("x", "Reading", func(ctx context.Context, p kit.Progress) error {
		p(0, 200)
		p(200, 200)
		close(begun)
		<-ctx.Done() // work that never comes to an end
		return ctx.Err()
	}, nil)
	<-begun
	x := w.works.Running["x"]
	back.Until(t, func() bool { return x.Bar.Visible() && x.Bar.Value == 1 })
	if x.Count.Text != "200 of 200" {
		t.Errorf("count %q", x.Count.Text)
	}
	w.show(3) // another screen: the work goes on and its line stays
	if len(w.works.Lines.Objects) != 1 {
		t.Errorf("%d lines", len(w.works.Lines.Objects))
	}
	test.Tap(x.Stop)
	back.Until(t, func() bool { return len(w.works.Running) == 0 })
	if len(w.works.Lines.Objects) != 0 || !strings.Contains(w.status.Text, "What was stored stays stored") {
		t.Errorf("after cancelling: %d lines, status %q", len(w.works.Lines.Objects), w.status.Text)
	}
	if s.Top() != nil {
		t.Error("cancelling is not a failure and shows no dialog")
	}
}

func TestManyChangesLoadTheScreenOnce(t *testing.T) {
	w, s := openWindow(t, app.English)
	w.show(4)
	change := func() {
		s.Run(func() { s.Company.Do(s.Office.ChangeSettings(t.Context(), func(s *workspace.Settings) {})) })
	}
	change()
	s.Waiting, w.pending = nil, false
	once := s.Cost(w.reload)
	for range 20 {
		change()
	}
	if n := len(s.Waiting); n != 1 {
		t.Fatalf("%d reloads are planned", n)
	}
	if n := s.Cost(s.Pass); n == 0 || n > once {
		t.Errorf("loaded by %d statements, once takes %d", n, once)
	}
	change()
	if len(s.Waiting) != 1 {
		t.Error("a later change is not noticed")
	}
}

func TestChoosingALanguageBuildsTheWindowAnew(t *testing.T) {
	w, s := openWindow(t, app.English)
	w.show(4)
	w.setLanguage(app.French)
	if s.Office.Language() != app.French || w.pages[4].entry.label.Text != "Personnel" || w.current != 4 {
		t.Errorf("language %s, entry %q, screen %d", s.Office.Language(), w.pages[4].entry.label.Text, w.current)
	}
}

func TestTheBannerStandsOutsideProductionOnly(t *testing.T) {
	w, _ := openWindow(t, app.Dutch)
	if w.banner() == nil {
		t.Error("no banner before a simulator")
	}
	s := kittest.OpenOffice(t, officetest.New(t), func(c *officetest.Company) {
		c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Environment = app.Production }))
	})
	if windowOn(t, s, optionsFor(s, app.Dutch)).banner() != nil {
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
	w.showStatus(sending.SendingStatus{Mode: ciao.Live, Why: ciao.ErrLocked})
	if text := w.sending.label.Text; !strings.HasPrefix(text, "NOT SENDING") || strings.Count(text, "NOT SENDING") != 1 {
		t.Errorf("with a locked key it says %q", text)
	}
	w.showStatus(sending.SendingStatus{Mode: ciao.Live, Why: errors.New("x")})
	if text := w.sending.label.Text; !strings.HasPrefix(text, "NOT SENDING") {
		t.Errorf("it says %q", text)
	}
	w.showStatus(sending.SendingStatus{Mode: ciao.Live, Report: &ciao.Report{Requests: 1, Accepted: 3}})
	if text := w.sending.label.Text; !strings.Contains(text, "3") {
		t.Errorf("after three were accepted it says %q", text)
	}
}

// A window that opens with a mode that sends by itself asks before the first sending of all, and says that it does not send.
func TestAWindowThatSendsByItselfAsksBeforeTheFirstSending(t *testing.T) {
	w, s := openWindow(t, app.English, kittest.ManyWait, func(c *officetest.Company) {
		c.Do(c.Office().Connection.SetRegister(t.Context(), map[workspace.RegisterSetting]string{workspace.SetMode: string(ciao.Live)}, officetest.Why))
	})
	if s.Top() == nil || len(s.Kept) != 1 { // the scan for boxes alone
		t.Fatalf("sends by itself without a question: %d", len(s.Kept))
	}
	s.Tap("Cancel")
	w.reload()
	if len(s.Kept) != 1 || s.Top() != nil || !strings.Contains(w.sending.label.Text, "NOT SENDING") {
		t.Errorf("refused; it says %q", w.sending.label.Text)
	}
	if r := kittest.MustBe(s.Own().Register.Send(t.Context(), nil))(t); r.Accepted != 208 { // somebody sent by hand
		t.Errorf("%+v", r)
	}
	w.reload()
	w.showSending() // as the first that KeepSending tells does
	if len(s.Kept) != 2 || strings.Contains(w.sending.label.Text, "NOT SENDING") {
		t.Errorf("nothing goes by itself after the first sending: %q", w.sending.label.Text)
	}
}

// A box that is plugged in offers itself on every screen, and Enter reads it.
func TestAPluggedBoxOffersToBeRead(t *testing.T) {
	w, s := openWindow(t, app.English, func(c *officetest.Company) {
		box := c.Cables.Plug(t, "sim:1", officetest.Known())
		kittest.MustBe(box.Tap(officetest.Card(t, officetest.AnnaCard), app.KeyIn))(t)
	})
	box := reading.Found{Path: "sim:1"}
	w.plug([]reading.Found{box})
	if w.plugged.strip.Visible() {
		t.Error("a box that was there from the beginning is announced")
	}
	w.plug(nil)
	if n := s.Cost(func() { w.plug([]reading.Found{box}) }); !w.plugged.strip.Visible() || len(w.plugged.fresh) != 1 || n == 0 {
		t.Fatalf("offered %+v", w.plugged.fresh)
	}
	focused, ok := w.win.Canvas().Focused().(*kit.Button)
	if !ok || focused.Text != "Read now" {
		t.Fatalf("the focus is on %T", w.win.Canvas().Focused())
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n := len(kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t)); n != 1 || w.plugged.strip.Visible() {
		t.Errorf("read %d punches: %s", n, s.Texts())
	}
	w.plug(nil)
	w.plug([]reading.Found{box})
	w.plug(nil)
	if w.plugged.strip.Visible() {
		t.Error("an unplugged box is still offered")
	}
	s.NoMissing()
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
	if s.Top() == nil {
		t.Error("the rule is not shown")
	} else {
		s.Top().Hide()
	}
	w.plug([]reading.Found{{Path: "usb:2"}})
	if w.plugged.strip.Visible() {
		t.Error("still said after the replug")
	}
}
