package kittest

import (
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/text"
	"klokkast/assets"
	"klokkast/ui/officetest"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
)

// Script is a screen as far as Holds has to know it.
type Script[P kit.Page] struct {
	// Open makes it.
	Open func(s *Stage) P
	// Ready has it show as much as it can, once it has loaded; nil where it does.
	Ready func(s *Stage, p P)
	// Rows are those of each of its lists, by name; all of them have some.
	Rows func(p P) map[string]int
	// Forms and Dialogs open what people enter something in, and what lists something that is asked for; by name.
	Forms, Dialogs func(s *Stage, p P) map[string]func()
	// Lists open something that needs no question.
	Lists func(s *Stage, p P) map[string]func()
	// Twice says that it asks two questions, so that one may be left without an answer.
	Twice bool
}

// aBusyCompany has something for every screen: a week of punches, a plan, and a
// register that took what it could.
func aBusyCompany(t *testing.T) func(*officetest.Company) {
	return func(c *officetest.Company) {
		c.AtRegister()
		APlan(t)(c)
		AWeekOf(c)
		MustBe(c.Office().Register.Send(t.Context(), nil))(t)
		c.Read(officetest.In("2026-11-23 08:05"), officetest.In("2026-11-23 08:06"))
	}
}

// Holds tests what is so for every screen.
func Holds[P kit.Page](t *testing.T, sc Script[P]) {
	t.Helper()
	if sc.Ready == nil {
		sc.Ready = func(*Stage, P) {}
	}
	for _, l := range app.Languages {
		t.Run("loads in "+string(l), func(t *testing.T) { sc.loads(t, l) })
		t.Run("shows nothing that is not known in "+string(l), func(t *testing.T) { sc.claimsNothing(t, l) })
	}
	for _, l := range []app.Language{app.Dutch, app.German} { // the keys of all four are checked from the source
		t.Run("opens its forms in "+string(l), func(t *testing.T) { sc.opensForms(t, l) })
	}
	t.Run("says what could not be loaded and asks again", sc.asksAgain)
	t.Run("marks as old what could not be loaded again", sc.marksOld)
	t.Run("says what to do where there is nothing", sc.saysEmpty)
	t.Run("claims nothing when something is pressed while it loads", sc.bearsImpatience)
}

func (sc Script[P]) loads(t *testing.T, l app.Language) {
	s := Enter(t, l, aBusyCompany(t))
	before := s.Asked()
	p := Shows(s, sc.Open(s))
	if s.Asked() == before {
		t.Error("it asked nothing")
	}
	sc.Ready(s, p)
	for name, n := range sc.Rows(p) {
		if n == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	s.NoMissing()
}

// opensForms looks that everything opens, and that no text is missing in any of it.
func (sc Script[P]) opensForms(t *testing.T, l app.Language) {
	s := Enter(t, l, aBusyCompany(t))
	p := Shows(s, sc.Open(s))
	sc.Ready(s, p)
	if sc.Forms != nil {
		for name, ask := range sc.Forms(s, p) {
			s.Host.Form = nil
			ask()
			if s.Host.Form == nil {
				t.Errorf("%s opened no form: %s", name, s.Texts())
				continue
			}
			s.Host.Form.Close()
		}
	}
	for _, open := range []func(*Stage, P) map[string]func(){sc.Lists, sc.Dialogs} {
		if open == nil {
			continue
		}
		for name, show := range open(s, p) {
			before := len(s.Host.Window.Canvas().Overlays().List())
			show()
			if len(s.Host.Window.Canvas().Overlays().List()) == before {
				t.Errorf("%s did not open", name)
			}
		}
	}
	s.NoMissing()
}

// While the office has not answered, neither the screen nor a dialog claims
// that there is nothing, or that all is well.
func (sc Script[P]) claimsNothing(t *testing.T, l app.Language) {
	w := NewTheatre(t, l, aBusyCompany(t))
	claims := allClear(t, l)
	if len(claims) < 40 {
		t.Fatalf("only %d texts claim something: does the pattern still fit the catalogues?", len(claims))
	}
	unblock := w.Block()
	p := Shows(w.Stage, sc.Open(w.Stage))
	now := w.Shown()
	noClaims(t, "the screen", now, claims)
	if !now.Says(w.Host.Texts.T("window.loading")) || len(now.Lists) == 0 {
		t.Error("it does not say that it is being loaded")
	}
	unblock()
	w.Settle()
	sc.Ready(w.Stage, p)
	w.Settle()
	if sc.Dialogs == nil {
		return
	}
	for name, open := range sc.Dialogs(w.Stage, p) {
		w.Settle()
		unblock := w.Block()
		open()
		top := w.Top()
		if top == nil {
			t.Errorf("%s did not open", name)
			unblock()
			continue
		}
		noClaims(t, name, Look(top), claims)
		unblock()
		w.Settle()
		w.Host.Window.Canvas().Overlays().Remove(top)
	}
}

// What could not be loaded is not known: the screen and each dialog says what
// failed, why, and what to do, and asks again.
func (sc Script[P]) asksAgain(t *testing.T) {
	w := NewTheatre(t, app.English, aBusyCompany(t))
	claims := allClear(t, app.English)
	w.BreakDown(ErrGone)
	check := func(what string, s *seen) {
		t.Helper()
		noClaims(t, what, s, claims)
		if !s.Says("nothing is known of it") || !s.Says("Try again") {
			t.Errorf("%s does not say that nothing is known, and what to do: %q", what, s.Texts)
		}
		b := s.Buttons[w.Host.Texts.T("window.load.again")]
		if b == nil {
			t.Fatalf("%s cannot be asked again", what)
		}
		w.BreakDown(nil)
		test.Tap(b)
		w.Settle()
	}
	p := Shows(w.Stage, sc.Open(w.Stage))
	w.Settle()
	check("the screen", w.Shown())
	if now := w.Shown(); now.Says("nothing is known of it") && !sc.Twice || len(now.Lists) == 0 {
		t.Error("asked again, and it stays")
	}
	p.Reload()
	w.Settle()
	sc.Ready(w.Stage, p)
	w.Settle()
	if sc.Dialogs == nil {
		return
	}
	for name, open := range sc.Dialogs(w.Stage, p) {
		w.Settle()
		w.BreakDown(ErrGone)
		open()
		w.Settle()
		check(name, Look(w.Top()))
		w.Host.Window.Canvas().Overlays().Remove(w.Top())
	}
}

// Rows that could not be loaded again stay, marked as old, with their time; a
// count does not: it may be another one.
func (sc Script[P]) marksOld(t *testing.T) {
	w := NewTheatre(t, app.English, aBusyCompany(t))
	p := Shows(w.Stage, sc.Open(w.Stage))
	w.Settle()
	sc.Ready(w.Stage, p)
	w.Settle()
	w.BreakDown(ErrGone)
	p.Reload()
	w.Settle()
	now := w.Shown()
	if !now.Says("from 12:00") || now.Buttons[w.Host.Texts.T("window.load.again")] == nil {
		t.Errorf("it does not say from when it is, or cannot be asked again: %q", now.Texts)
	}
	old := 0
	for _, l := range now.Lists {
		switch l.State() {
		case grid.Rows:
			if l.(interface{ Stale() bool }).Stale() {
				old++ // others are of the row that is chosen
			}
		case grid.Empty:
			t.Error("it claims that there is nothing, and does not know")
		}
	}
	if old == 0 {
		t.Error("nothing is marked as old")
	}
	for _, text := range now.loose {
		if zero.MatchString(text) {
			t.Errorf("a zero is on the screen: %q", text)
		}
	}
	w.BreakDown(nil)
	p.Reload()
	w.Settle()
	if w.Shown().Says("could not be loaded again") {
		t.Error("loaded again, and the fault stays")
	}
}

// An empty company is said to be empty, once the office said so, with what to do.
func (sc Script[P]) saysEmpty(t *testing.T) {
	s := EnterAt(t, app.English, officetest.Empty(t))
	Shows(s, sc.Open(s))
	if !slices.ContainsFunc(s.Shown().Lists, func(l interface{ State() grid.State }) bool { return l.State() == grid.Empty }) {
		t.Error("no list is empty")
	}
}

// Buttons that can be pressed while nothing is known open nothing that claims
// something, and break nothing.
func (sc Script[P]) bearsImpatience(t *testing.T) {
	w := NewTheatre(t, app.English, aBusyCompany(t))
	claims := allClear(t, app.English)
	unblock := w.Block()
	defer unblock()
	Shows(w.Stage, sc.Open(w.Stage))
	for name, b := range w.Shown().Buttons {
		if b.Disabled() {
			continue
		}
		test.Tap(b)
		for top := w.Top(); top != nil; top = w.Top() {
			noClaims(t, name, Look(top), claims)
			w.Host.Window.Canvas().Overlays().Remove(top)
		}
	}
	noClaims(t, "the screen", w.Shown(), claims)
}

// Shown is what is visible of the screen.
func (s *Stage) Shown() *seen { return Look(s.Host.Window.Content()) }

// theatre is a stage whose background work really is in the background.
type theatre struct {
	*Stage
	back  Queue
	under atomic.Int32 // pieces of work under way
}

// NewTheatre makes a theatre for screens in a language, on a demo's company.
func NewTheatre(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) *theatre {
	t.Helper()
	w := &theatre{Stage: Enter(t, l, prepare...)}
	w.back = w.Behind()
	w.Host.Run = func(work func()) {
		w.under.Add(1)
		go func() {
			defer w.under.Add(-1)
			work()
		}()
	}
	w.Host.Later = func(while time.Duration, do func()) func() {
		timer := time.AfterFunc(while, do)
		return func() { timer.Stop() }
	}
	return w
}

// Settle runs what comes back until nothing is under way.
func (w *theatre) Settle() {
	w.Test.Helper()
	for limit := time.Now().Add(20 * time.Second); w.under.Load() > 0 || len(w.back) > 0; {
		select {
		case f := <-w.back:
			f()
		case <-time.After(time.Millisecond):
			if time.Now().After(limit) {
				w.Test.Fatal("work does not end")
			}
		}
	}
}

var (
	// claims are the beginnings of English texts that say that there is nothing, or that all is well.
	claims = regexp.MustCompile(`(?i)^(no|none|nothing|nobody|all|there (is|are) (no|nothing)|not read|not sent)\b|in order|was right|(^|\D)0 `)
	// zero is a number that says that there is nothing; 0:00 and 10 are none.
	zero   = regexp.MustCompile(`(^|[^\d.,:/])0($|[^\d.,:/%a-z])`)
	filled = regexp.MustCompile(`\\\{\\\{.*?\\\}\\\}`)
)

// allClear returns the pattern of every text of the catalogues that claims that
// there is nothing, or that all is well: found by the English ones.
func allClear(t *testing.T, l app.Language) map[string]*regexp.Regexp {
	t.Helper()
	c, err := text.Load(assets.Translations()) // its own: texts are read without their values here, which the window's notes as missing
	if err != nil {
		t.Fatal(err)
	}
	ps := map[string]*regexp.Regexp{}
	en, to := c.For(app.English), c.For(l)
	for _, k := range en.Keys() {
		areas := []string{"window.", "cli.", "sending.", "chart."}
		shown := slices.ContainsFunc(areas, func(area string) bool { return strings.HasPrefix(k, area) }) && !strings.HasPrefix(k, "cli.help")
		if shown && claims.MatchString(en.T(k)) {
			ps[k] = regexp.MustCompile("^" + filled.ReplaceAllString(regexp.QuoteMeta(to.T(k)), ".+") + "$")
		}
	}
	return ps
}

// notClaims are texts that begin like a claim and make none: what is unknown, names of columns and buttons, advice.
var notClaims = []string{"window.load.notKnown", "window.load.unknown", "window.anomalies.anyDay", "window.sheets.all", "window.users.nobody",
	"sending.default.late-limit", "sending.default.ca-file", "sending.value.proxy.none", "window.staff.rounding.none", "cli.settings.none"}

// noClaims fails where a text on the screen claims that there is nothing, or that all is well.
func noClaims(t *testing.T, what string, s *seen, claims map[string]*regexp.Regexp) {
	t.Helper()
	for _, shown := range s.Texts {
		for _, line := range strings.Split(shown, "\n") {
			if zero.MatchString(line) {
				t.Errorf("%s: a zero is on the screen: %q", what, line)
			}
			for k, p := range claims {
				if line != "" && p.MatchString(line) && !slices.Contains(notClaims, k) {
					t.Errorf("%s: %q (%s) is claimed", what, line, k)
				}
			}
		}
	}
	for i, l := range s.Lists {
		if st := l.State(); st == grid.Empty || st == grid.Rows {
			t.Errorf("%s: list %d shows an answer (%d) that nobody gave", what, i, st)
		}
	}
}
