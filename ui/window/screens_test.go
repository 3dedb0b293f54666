package window

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
)

// script is a screen as far as holds has to know it.
type script[P page] struct {
	open func(s *stage) P
	// ready has it show as much as it can, once it has loaded; nil where it does.
	ready func(s *stage, p P)
	// rows are those of each of its lists, by name; all of them have some.
	rows func(p P) map[string]int
	// forms and dialogs open what people enter something in, and what lists something that is asked for; by name.
	forms, dialogs func(s *stage, p P) map[string]func()
	// lists open something that needs no question.
	lists func(s *stage, p P) map[string]func()
	// twice says that it asks two questions, so that one may be left without an answer.
	twice bool
}

// aBusyCompany has something for every screen: a week of punches, a plan, and a
// register that took what it could.
func aBusyCompany(t *testing.T) func(*officetest.Company) {
	return func(c *officetest.Company) {
		c.AtRegister()
		aPlan(t)(c)
		aWeekOf(c)
		mustBe(c.Office().Send(t.Context(), nil))(t)
		c.Read(officetest.In("2026-11-23 08:05"), officetest.In("2026-11-23 08:06"))
	}
}

// holds tests what is so for every screen.
func holds[P page](t *testing.T, sc script[P]) {
	t.Helper()
	if sc.ready == nil {
		sc.ready = func(*stage, P) {}
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

func (sc script[P]) loads(t *testing.T, l app.Language) {
	s := enter(t, l, aBusyCompany(t))
	before := s.asked()
	p := shows(s, sc.open(s))
	if s.asked() == before {
		t.Error("it asked nothing")
	}
	sc.ready(s, p)
	for name, n := range sc.rows(p) {
		if n == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	s.noMissing()
}

// opensForms looks that everything opens, and that no text is missing in any of it.
func (sc script[P]) opensForms(t *testing.T, l app.Language) {
	s := enter(t, l, aBusyCompany(t))
	p := shows(s, sc.open(s))
	sc.ready(s, p)
	if sc.forms != nil {
		for name, ask := range sc.forms(s, p) {
			s.h.form = nil
			ask()
			if s.h.form == nil {
				t.Errorf("%s opened no form: %s", name, s.texts())
				continue
			}
			s.h.form.close()
		}
	}
	for _, open := range []func(*stage, P) map[string]func(){sc.lists, sc.dialogs} {
		if open == nil {
			continue
		}
		for name, show := range open(s, p) {
			before := len(s.h.win.Canvas().Overlays().List())
			show()
			if len(s.h.win.Canvas().Overlays().List()) == before {
				t.Errorf("%s did not open", name)
			}
		}
	}
	s.noMissing()
}

// While the office has not answered, neither the screen nor a dialog claims
// that there is nothing, or that all is well.
func (sc script[P]) claimsNothing(t *testing.T, l app.Language) {
	w := newTheatre(t, l, aBusyCompany(t))
	claims := allClear(t, l)
	if len(claims) < 40 {
		t.Fatalf("only %d texts claim something: does the pattern still fit the catalogues?", len(claims))
	}
	unblock := w.block()
	p := shows(w.stage, sc.open(w.stage))
	now := w.shown()
	noClaims(t, "the screen", now, claims)
	if !now.says(w.h.t.T("window.loading")) || len(now.lists) == 0 {
		t.Error("it does not say that it is being loaded")
	}
	unblock()
	w.settle()
	sc.ready(w.stage, p)
	w.settle()
	if sc.dialogs == nil {
		return
	}
	for name, open := range sc.dialogs(w.stage, p) {
		w.settle()
		unblock := w.block()
		open()
		top := w.top()
		if top == nil {
			t.Errorf("%s did not open", name)
			unblock()
			continue
		}
		noClaims(t, name, look(top), claims)
		unblock()
		w.settle()
		w.h.win.Canvas().Overlays().Remove(top)
	}
}

// What could not be loaded is not known: the screen and each dialog says what
// failed, why, and what to do, and asks again.
func (sc script[P]) asksAgain(t *testing.T) {
	w := newTheatre(t, app.English, aBusyCompany(t))
	claims := allClear(t, app.English)
	w.breakDown(errGone)
	check := func(what string, s *seen) {
		t.Helper()
		noClaims(t, what, s, claims)
		if !s.says("nothing is known of it") || !s.says("Try again") {
			t.Errorf("%s does not say that nothing is known, and what to do: %q", what, s.texts)
		}
		b := s.buttons[w.h.t.T("window.load.again")]
		if b == nil {
			t.Fatalf("%s cannot be asked again", what)
		}
		w.breakDown(nil)
		test.Tap(b)
		w.settle()
	}
	p := shows(w.stage, sc.open(w.stage))
	w.settle()
	check("the screen", w.shown())
	if now := w.shown(); now.says("nothing is known of it") && !sc.twice || len(now.lists) == 0 {
		t.Error("asked again, and it stays")
	}
	p.reload()
	w.settle()
	sc.ready(w.stage, p)
	w.settle()
	if sc.dialogs == nil {
		return
	}
	for name, open := range sc.dialogs(w.stage, p) {
		w.settle()
		w.breakDown(errGone)
		open()
		w.settle()
		check(name, look(w.top()))
		w.h.win.Canvas().Overlays().Remove(w.top())
	}
}

// Rows that could not be loaded again stay, marked as old, with their time; a
// count does not: it may be another one.
func (sc script[P]) marksOld(t *testing.T) {
	w := newTheatre(t, app.English, aBusyCompany(t))
	p := shows(w.stage, sc.open(w.stage))
	w.settle()
	sc.ready(w.stage, p)
	w.settle()
	w.breakDown(errGone)
	p.reload()
	w.settle()
	now := w.shown()
	if !now.says("from 12:00") || now.buttons[w.h.t.T("window.load.again")] == nil {
		t.Errorf("it does not say from when it is, or cannot be asked again: %q", now.texts)
	}
	old := 0
	for _, l := range now.lists {
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
	w.breakDown(nil)
	p.reload()
	w.settle()
	if w.shown().says("could not be loaded again") {
		t.Error("loaded again, and the fault stays")
	}
}

// An empty company is said to be empty, once the office said so, with what to do.
func (sc script[P]) saysEmpty(t *testing.T) {
	s := enterAt(t, app.English, officetest.Empty(t))
	shows(s, sc.open(s))
	if !slices.ContainsFunc(s.shown().lists, func(l interface{ State() grid.State }) bool { return l.State() == grid.Empty }) {
		t.Error("no list is empty")
	}
}

// Buttons that can be pressed while nothing is known open nothing that claims
// something, and break nothing.
func (sc script[P]) bearsImpatience(t *testing.T) {
	w := newTheatre(t, app.English, aBusyCompany(t))
	claims := allClear(t, app.English)
	unblock := w.block()
	defer unblock()
	shows(w.stage, sc.open(w.stage))
	for name, b := range w.shown().buttons {
		if b.Disabled() {
			continue
		}
		test.Tap(b)
		for top := w.top(); top != nil; top = w.top() {
			noClaims(t, name, look(top), claims)
			w.h.win.Canvas().Overlays().Remove(top)
		}
	}
	noClaims(t, "the screen", w.shown(), claims)
}

// shown is what is visible of the screen.
func (s *stage) shown() *seen { return look(s.h.win.Content()) }

// theatre is a stage whose background work really is in the background.
type theatre struct {
	*stage
	back  queue
	under atomic.Int32 // pieces of work under way
}

func newTheatre(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) *theatre {
	t.Helper()
	w := &theatre{stage: enter(t, l, prepare...)}
	w.back = w.behind()
	w.h.run = func(work func()) {
		w.under.Add(1)
		go func() {
			defer w.under.Add(-1)
			work()
		}()
	}
	w.h.later = func(while time.Duration, do func()) func() {
		timer := time.AfterFunc(while, do)
		return func() { timer.Stop() }
	}
	return w
}

// settle runs what comes back until nothing is under way.
func (w *theatre) settle() {
	w.t.Helper()
	for limit := time.Now().Add(20 * time.Second); w.under.Load() > 0 || len(w.back) > 0; {
		select {
		case f := <-w.back:
			f()
		case <-time.After(time.Millisecond):
			if time.Now().After(limit) {
				w.t.Fatal("work does not end")
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

// allClear gives the pattern of every text of the catalogues that claims that
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
	for _, shown := range s.texts {
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
	for i, l := range s.lists {
		if st := l.State(); st == grid.Empty || st == grid.Rows {
			t.Errorf("%s: list %d shows an answer (%d) that nobody gave", what, i, st)
		}
	}
}
