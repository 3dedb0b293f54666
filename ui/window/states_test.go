package window

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/app/text"
	"klokkast/assets"
	"klokkast/ui/window/grid"
)

// seen is what a person sees of the window: the texts, the lists with their
// states, and the buttons.
type seen struct {
	texts   []string
	lists   []interface{ State() grid.State }
	buttons map[string]*button
}

func (s *seen) says(part string) bool {
	return slices.ContainsFunc(s.texts, func(t string) bool { return strings.Contains(t, part) })
}

// look walks what is visible of an object.
func look(o fyne.CanvasObject) *seen {
	s := &seen{buttons: map[string]*button{}}
	s.walk(o)
	return s
}

// lookAt walks what is visible of the window: the dialog on top, or else the screen.
func lookAt(w *Window) *seen {
	if top := w.win.Canvas().Overlays().Top(); top != nil {
		return look(top)
	}
	return look(w.win.Canvas().Content())
}

func (s *seen) walk(o fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	if l, ok := o.(interface{ State() grid.State }); ok {
		s.lists = append(s.lists, l)
	}
	switch o := o.(type) {
	case *canvas.Text:
		s.texts = append(s.texts, o.Text)
	case *widget.Label:
		s.texts = append(s.texts, o.Text)
	case *button:
		s.texts = append(s.texts, o.Text)
		s.buttons[o.Text] = o
	case *widget.Select: // what else could be chosen is not on the screen
		s.texts = append(s.texts, o.Selected)
	case *fyne.Container:
		for _, c := range o.Objects {
			s.walk(c)
		}
	case *container.AppTabs:
		s.walk(o.Selected().Content)
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			s.walk(c)
		}
	}
}

var (
	// claims are the beginnings of English texts that say that there is nothing, or that all is well.
	claims = regexp.MustCompile(`(?i)^(no|none|nothing|nobody|all|there (is|are) (no|nothing)|not read|not sent)\b|in order|was right|(^|\D)0 `)
	// zero is a number that says that there is nothing; 0:00 and 10 are none.
	zero   = regexp.MustCompile(`(^|[^\d.,:/])0($|[^\d.,:/%])`)
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

// theatre is a window whose background work really is in the background.
type theatre struct {
	*Window
	d     *fakeDesk
	back  queue
	under atomic.Int32 // pieces of work under way
}

func newTheatre(t *testing.T, l app.Language) *theatre {
	d := newFakeDesk(t)
	w := &theatre{d: d, back: make(queue, 1000)}
	w.Window = openOn(t, d, Options{Language: l, Texts: catalogue(t), do: w.back.do, Run: func(work func()) {
		w.under.Add(1)
		go func() {
			defer w.under.Add(-1)
			work()
		}()
	}})
	return w
}

// settle runs what comes back until nothing is under way.
func (w *theatre) settle(t *testing.T) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); w.under.Load() > 0 || len(w.back) > 0; {
		select {
		case f := <-w.back:
			f()
		case <-time.After(time.Millisecond):
			if time.Now().After(limit) {
				t.Fatal("work does not end")
			}
		}
	}
}

// opened are the lists and plots in dialogs; each is opened on its screen.
func opened(w *theatre, t *testing.T) map[string]func() {
	boxes, staff := to[*boxesPage](t, w.Window, "boxes"), to[*staffPage](t, w.Window, "staff")
	sites, register := to[*sitesPage](t, w.Window, "sites"), to[*ciaoPage](t, w.Window, "ciao")
	w.settle(t)
	register.rows.Select(punchKey(5).String())
	tab := func(n int) func() {
		return func() {
			register.showChecks()
			var find func(o fyne.CanvasObject)
			find = func(o fyne.CanvasObject) {
				switch o := o.(type) {
				case *container.AppTabs:
					o.SelectIndex(n)
				case *fyne.Container:
					for _, c := range o.Objects {
						find(c)
					}
				case fyne.Widget:
					for _, c := range test.WidgetRenderer(o).Objects() {
						find(c)
					}
				}
			}
			find(w.win.Canvas().Overlays().Top())
		}
	}
	return map[string]func(){
		"pre-flight": tab(0), "radar": tab(1), "comparison": tab(2), "dossiers": tab(3),
		"delays": register.showDelays, "since": register.showSince, "attempts": register.showAttempts,
		"findings": register.showFindings, "connection": register.testConnection,
		"employers": staff.showEmployers, "clocks": func() { showRepairs(w.host, boxes.desk, boxes.names, boxUID) },
		"thresholds": func() { showThresholds(w.host, w.desk, office.ThresholdOwner{}, "x") },
		"chart":      func() { w.host.showChart(sites.desk.(chartDesk), papers.SiteHours, string(townHall), "x") },
		"groups":     func() { to[*sheetsPage](t, w.Window, "timesheets").askGroups() },
		"badge": func() {
			staff.grid.Select(string(an))
			if row, ok := staff.grid.Current(); ok {
				staff.askReadBadge(row, identity.CardReadings("0004660466", ""))
			}
		},
	}
}

// While the office has not answered, no screen and no dialog claims that there
// is nothing, or that all is well.
func TestWhatIsNotKnownYetIsNeverShownAsNothing(t *testing.T) {
	for _, l := range app.Languages {
		t.Run(string(l), func(t *testing.T) {
			w := newTheatre(t, l)
			claims := allClear(t, l)
			if len(claims) < 40 {
				t.Fatalf("only %d texts claim something: does the pattern still fit the catalogues?", len(claims))
			}
			loading := w.host.t.T("window.loading")
			unblock := w.d.block()
			for i, s := range w.pages {
				w.show(i)
				now := lookAt(w.Window)
				noClaims(t, s.name, look(w.content), claims)
				if !now.says(loading) || len(now.lists) == 0 {
					t.Errorf("%s does not say that it is being loaded", s.name)
				}
			}
			unblock()
			w.settle(t)
			dialogs := opened(w, t)
			for name, open := range dialogs {
				w.settle(t)
				unblock := w.d.block()
				open()
				top := w.win.Canvas().Overlays().Top()
				if top == nil {
					t.Errorf("%s did not open", name)
					unblock()
					continue
				}
				noClaims(t, name, lookAt(w.Window), claims)
				unblock()
				w.settle(t)
				w.win.Canvas().Overlays().Remove(top)
			}
		})
	}
}

// What could not be loaded is not known: each screen and each dialog says what
// failed, why, and what to do, and asks again.
func TestWhatCouldNotBeLoadedIsNotKnownAndIsAskedAgain(t *testing.T) {
	w := newTheatre(t, app.English)
	claims := allClear(t, app.English)
	again := w.host.t.T("window.load.again")
	broken := errors.New("the disk is gone")
	w.settle(t)
	w.d.breakDown(broken)
	check := func(what string, s *seen) {
		t.Helper()
		noClaims(t, what, s, claims)
		if !s.says("nothing is known of it") || !s.says("Try again") {
			t.Errorf("%s does not say that nothing is known, and what to do: %q", what, s.texts)
		}
		b := s.buttons[again]
		if b == nil {
			t.Fatalf("%s cannot be asked again", what)
		}
		w.d.breakDown(nil)
		test.Tap(b)
		w.settle(t)
		w.d.breakDown(broken)
	}
	for i, s := range w.pages[1:] { // the first one stood there before
		w.show(i + 1)
		w.settle(t)
		check(s.name, look(w.content))
		if now := look(w.content); now.says("nothing is known of it") && s.name != "ciao" || len(now.lists) == 0 { // ciao asks twice
			t.Errorf("%s: asked again, and it stays", s.name)
		}
	}
	w.d.breakDown(nil)
	for name, open := range opened(w, t) {
		w.settle(t)
		w.d.breakDown(broken)
		open()
		w.settle(t)
		check(name, lookAt(w.Window))
		w.win.Canvas().Overlays().Remove(w.win.Canvas().Overlays().Top())
		w.d.breakDown(nil)
	}
}

// Rows that could not be loaded again stay, marked as old, with their time; a
// count does not: it may be another one.
func TestRowsThatCouldNotBeLoadedAgainAreMarkedAsOld(t *testing.T) {
	w := newTheatre(t, app.English)
	for i, s := range w.pages {
		if p, ok := s.page.(*punchesPage); ok {
			p.period.length.set(aMonth)
		}
		w.show(i)
		w.settle(t)
		w.d.breakDown(errors.New("the disk is gone"))
		w.reload()
		w.settle(t)
		now := look(w.content)
		if !now.says("from 12:00") || now.buttons[w.host.t.T("window.load.again")] == nil {
			t.Errorf("%s does not say from when it is, or cannot be asked again: %q", s.name, now.texts)
		}
		old := 0
		for _, l := range now.lists {
			switch l.State() {
			case grid.Rows:
				if l.(interface{ Stale() bool }).Stale() {
					old++ // others are of the row that is chosen
				}
			case grid.Empty:
				t.Errorf("%s claims that there is nothing, and does not know", s.name)
			}
		}
		if old == 0 {
			t.Errorf("%s marks nothing as old", s.name)
		}
		for _, text := range now.texts {
			if zero.MatchString(text) {
				t.Errorf("%s: a zero is on the screen: %q", s.name, text)
			}
		}
		w.d.breakDown(nil)
		w.reload()
		w.settle(t)
		if look(w.content).says("could not be loaded again") {
			t.Errorf("%s: loaded again, and the fault stays", s.name)
		}
	}
}

// An empty company is said to be empty, once the office said so, with what to do.
func TestEmptyListsSayWhatToDo(t *testing.T) {
	w := newTheatre(t, app.English)
	w.d.workers, w.d.sites, w.d.boxes, w.d.punches, w.d.found, w.d.regs, w.d.sheets = nil, nil, nil, nil, nil, nil, nil
	w.d.counts = office.RegisterCounts{}
	for i, s := range w.pages {
		w.show(i)
		w.settle(t)
		now := look(w.content)
		empty := 0
		for _, l := range now.lists {
			if l.State() == grid.Empty {
				empty++
			}
		}
		if s.name != "plan" && s.name != "today" && empty == 0 { // the fakes plan, and say who is there
			t.Errorf("%s: no list is empty", s.name)
		}
	}
}

// While another period is asked for nothing of the last one stays, whatever
// order the answers come in.
func TestAnotherPeriodTakesTheOldRowsAwayAtOnce(t *testing.T) {
	w := newTheatre(t, app.English)
	p := to[*punchesPage](t, w.Window, "punches")
	p.period.length.set(aMonth)
	w.settle(t)
	if len(p.grid.Shown()) != 2 || !strings.Contains(p.count.Text, "2") {
		t.Fatalf("%d rows, %q", len(p.grid.Shown()), p.count.Text)
	}
	p.grid.Select(p.grid.Shown()[0].key)
	slow := w.d.block()
	p.period.step(1)
	if len(p.grid.Shown()) != 0 || len(p.grid.Selected()) != 0 || p.grid.State() != grid.Loading || p.count.Text != "Loading…" || !p.ignore.Disabled() {
		t.Errorf("rows of another day stand there: %d, %q", len(p.grid.Shown()), p.count.Text)
	}
	p.search.SetText("x") // counts what is shown: nothing is
	if p.count.Text != "Loading…" {
		t.Errorf("%q while loading", p.count.Text)
	}
	p.search.SetText("")
	w.d.mu.Lock()
	w.d.gate, w.d.punches = nil, w.d.punches[:1]
	w.d.mu.Unlock()
	p.period.step(-1)
	w.settle(t)
	slow() // the answer about the day before comes last
	w.settle(t)
	if len(p.grid.Shown()) != 1 || !strings.HasPrefix(p.count.Text, "1 ") {
		t.Errorf("%d rows, %q", len(p.grid.Shown()), p.count.Text)
	}
}

// What is asked again and does not come is marked: a list that was empty may
// not be any more.
func TestWhatIsAskedAgainForLongIsMarked(t *testing.T) {
	w := newTheatre(t, app.English)
	p := to[*todayPage](t, w.Window, "today")
	w.settle(t)
	w.d.found = nil
	serious := p.severity[app.Serious].Text
	unblock := w.d.block()
	w.reload()
	if p.severity[app.Serious].Text != serious || p.present.Stale() {
		t.Error("what is asked again is taken away at once")
	}
	w.back.until(t, func() bool { return p.present.Stale() })
	if now := p.severity[app.Serious].Text; now != "Serious  …" || len(p.present.Shown()) != 1 || !strings.Contains(p.presence.Text, "Loading…") {
		t.Errorf("%q, %d rows, %q", now, len(p.present.Shown()), p.presence.Text)
	}
	unblock()
	w.back.until(t, func() bool { return !p.present.Stale() && p.severity[app.Serious].Text == serious })
}

// A comparison that was never made has no result.
func TestNoDifferencesAreClaimedBeforeAnyComparison(t *testing.T) {
	w, d := open(t, app.English)
	d.neverCompared = true
	register := to[*ciaoPage](t, w, "ciao")
	body, end := register.reconcileTab()
	defer end()
	win := test.NewTempWindow(t, body)
	win.Resize(fyne.NewSize(900, 500))
	s := look(win.Content())
	if s.says("No differences") || !s.says("Nothing was compared with the register yet, so nothing is known") {
		t.Errorf("%q", s.texts)
	}
}

// Nobody is chosen: that is not "no engagement".
func TestNobodyChosenIsNotNoEngagement(t *testing.T) {
	w, _ := open(t, app.English)
	p := to[*staffPage](t, w, "staff")
	for _, l := range []interface{ State() grid.State }{p.engagements, p.badges} {
		if l.State() != grid.Unasked {
			t.Errorf("state %d with nobody chosen", l.State())
		}
	}
	p.search.SetText("nobody of that name")
	if s := look(w.content); s.says("No workers yet") || !s.says("The filter hides all 2 rows") {
		t.Errorf("a filter that hides everybody says %q", s.texts)
	}
}

// Buttons that can be pressed while nothing is known open nothing that claims
// something, and break nothing.
func TestWhatCanBePressedWhileLoadingClaimsNothing(t *testing.T) {
	w := newTheatre(t, app.English)
	claims := allClear(t, app.English)
	w.settle(t)
	unblock := w.d.block()
	defer unblock()
	for i, s := range w.pages {
		if i == 0 {
			continue // it was there before
		}
		w.show(i)
		for name, b := range look(w.content).buttons {
			if b.Disabled() {
				continue
			}
			test.Tap(b)
			for top := w.win.Canvas().Overlays().Top(); top != nil; top = w.win.Canvas().Overlays().Top() {
				noClaims(t, s.name+", "+name, look(top), claims)
				w.win.Canvas().Overlays().Remove(top)
			}
			if w.current != i {
				w.show(i)
			}
		}
		noClaims(t, s.name, look(w.content), claims)
	}
}
