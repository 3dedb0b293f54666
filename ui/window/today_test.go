package window

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
)

func theDay(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*stage, *todayPage) {
	t.Helper()
	s := enter(t, l, prepare...)
	return s, shows(s, newTodayPage(s.h, s.office))
}

func TestTodayLeadsToTheAnomaliesOfOneSeverity(t *testing.T) {
	s, p := theDay(t, app.English, aWeekOf)
	notes := p.notes(todayData{&office.Today{Older: []office.OlderRecords{{Box: officetest.BoxUID, Punches: 12, From: s.c.Now - 2e9, To: s.c.Now - 1e9}}}, s.names()})
	if p.severity[app.Serious].Text != "Serious  3" || !strings.Contains(notes, "12 punches") {
		t.Errorf("%q, %q", p.severity[app.Serious].Text, notes)
	}
	test.Tap(p.severity[app.Information])
	p.newest.OnOpen(p.newest.Shown()[0])
	if len(s.gone) != 2 || s.gone[0] != [2]string{"anomalies", "information"} || s.gone[1] != [2]string{"anomalies", p.newest.Shown()[0].anomaly} {
		t.Errorf("led to %v", s.gone)
	}
}

func TestTodaySaysWhoIsMissing(t *testing.T) {
	var line app.PlanLine
	s, p := theDay(t, app.Dutch, func(c *officetest.Company) { c.Read(officetest.In("2026-11-23 06:02")) })
	if isSplit(p.people.Objects[0]) {
		t.Error("without a plan there is a list of who is expected")
	}
	for _, e := range []app.Engagement{s.c.OfAnna, s.c.OfBart} {
		line = mustBe(s.own().AddPlanLine(t.Context(), app.PlanLine{SiteID: s.c.Site.ID, EngagementID: e.ID, Weekdays: app.WeekdaysOf(time.Monday),
			Hours: app.Hours{From: 360, To: 840}, Days: app.Days{From: app.NewDate(2026, 11, 23)}, EveryWeeks: 1}, officetest.Why))(t)
	}
	p.reload()
	rows := p.expected.Shown()
	if len(rows) != 2 || rows[0].state != "ontbreekt" || rows[1].since != "06:02" || !isSplit(p.people.Objects[0]) {
		t.Errorf("expected: %+v", rows)
	}
	for _, l := range mustBe(s.own().PlanWeek(t.Context(), s.c.Site.ID, line.Days.From))(t).Lines {
		s.c.Do(s.own().EndPlanLine(t.Context(), l.ID, app.NewDate(2026, 11, 22), officetest.Why))
	}
	p.reload()
	if isSplit(p.people.Objects[0]) {
		t.Error("the list stayed")
	}
}

// What is asked again and does not come is marked: a list that was empty may
// not be any more.
func TestWhatIsAskedAgainForLongIsMarked(t *testing.T) {
	s, p := theDay(t, app.English, aWeekOf)
	serious := p.severity[app.Serious].Text
	back := s.behind()
	unblock := s.block()
	p.reload()
	if p.severity[app.Serious].Text != serious || p.present.Stale() {
		t.Error("what is asked again is taken away at once")
	}
	s.pass()
	back.until(t, p.present.Stale)
	if now := p.severity[app.Serious].Text; now != "Serious  …" || len(p.present.Shown()) != 1 || !strings.Contains(p.presence.Text, "Loading…") {
		t.Errorf("%q, %d rows, %q", now, len(p.present.Shown()), p.presence.Text)
	}
	unblock()
	back.until(t, func() bool { return !p.present.Stale() && p.severity[app.Serious].Text == serious })
}

// manyWait lets punches of four days wait to be sent, as the first ones of all, beside some that are held.
func manyWait(c *officetest.Company) {
	c.AtRegister()
	taps := []officetest.Tap{officetest.In("2026-09-01 06:00"), officetest.Out("2026-09-01 14:00")}
	for day, at := range []string{"2026-11-19 06:00", "2026-11-20 06:00", "2026-11-21 06:00", "2026-11-22 06:00"} {
		for i := range 52 {
			key := app.KeyIn
			if i%2 == 1 {
				key = app.KeyOut
			}
			taps = append(taps, officetest.Tap{Card: officetest.AnnaCard, At: c.At(at).Add(time.Duration(10*i+day) * time.Minute).In(app.Belgium()).Format("2006-01-02 15:04"), Key: key})
		}
	}
	c.Read(taps...)
}

// sent is how many registrations the register has taken.
func (s *stage) sent() int {
	s.t.Helper()
	return mustBe(s.own().RegisterCounts(s.t.Context()))(s.t).States[app.RegAccepted]
}

// Every click that sends shows first what goes, and does nothing until it is agreed to.
func agreeFirst(t *testing.T, s *stage, click func()) {
	t.Helper()
	click()
	shown := s.texts()
	if shown == "" || s.sent() != 0 {
		t.Fatalf("sent %d without a question", s.sent())
	}
	for _, want := range []string{"208 registrations of 1 person", "Of 4 days", "Stadhuis Leuven (208)", "The oldest", "2 are held", "Older than the sending window", "first sending", "more than 200", "24 hours"} {
		if !strings.Contains(shown, want) {
			t.Errorf("nothing says %q: %q", want, shown)
		}
	}
	s.tap("Cancel")
	if s.sent() != 0 || s.top() != nil {
		t.Errorf("cancelled, and sent %d", s.sent())
	}
	click()
	s.tap("Send 208 registrations")
	if s.sent() != 208 {
		t.Errorf("agreed, and sent %d", s.sent())
	}
}

func TestOneClickOnTodaySendsNoHundreds(t *testing.T) {
	s, p := theDay(t, app.English, manyWait)
	agreeFirst(t, s, func() { test.Tap(p.send) })
}

func TestAFewOfTodayGoAtOneClick(t *testing.T) {
	s, p := theDay(t, app.English, func(c *officetest.Company) {
		c.AtRegister()
		c.Read(officetest.In("2026-11-23 06:02"))
		if r := mustBe(c.Office().Send(t.Context(), nil))(t); r.Accepted != 1 { // the first sending of all is asked about
			t.Fatalf("%+v", r)
		}
		c.Read(officetest.Out("2026-11-23 11:00"))
	})
	test.Tap(p.send)
	if s.sent() != 2 || s.top() != nil {
		t.Errorf("%d are sent; %s", s.sent(), s.texts())
	}
	s.breakDown(errGone)
	test.Tap(p.send)
	if s.sent() != 2 || s.top() == nil {
		t.Error("what would go is not known, and it was sent, or nobody was told")
	}
}

// The question fits a small window, with much to say.
func TestTheQuestionFitsASmallWindow(t *testing.T) {
	for _, l := range app.Languages {
		s, p := theDay(t, l, manyWait)
		a := mustBe(s.own().SendingAhead(t.Context()))(t)
		for range 20 {
			a.Held = append(a.Held, a.Held[0])
		}
		s.h.win.Resize(fyne.NewSize(900, 600))
		said := ahead{a, s.names()}
		for _, ask := range []func(){func() { test.Tap(p.send) }, func() { s.h.confirmLines("x", said.lines(s.h.t), "y", nil) }} {
			ask()
			if size := s.top().MinSize(); size.Width > 900 || size.Height > 600 {
				t.Errorf("%s: the question needs %v", l, size)
			}
		}
	}
}

func TestTheTodayScreen(t *testing.T) {
	holds(t, script[*todayPage]{
		open: func(s *stage) *todayPage { return newTodayPage(s.h, s.office) },
		rows: func(p *todayPage) map[string]int { return map[string]int{"present": len(p.present.Shown())} },
	})
}
