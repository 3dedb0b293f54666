package today

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

func theDay(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, l, prepare...)
	return s, kittest.Shows(s, New(s.Host, s.Office))
}

func TestTodayLeadsToTheAnomaliesOfOneSeverity(t *testing.T) {
	s, p := theDay(t, app.English, kittest.AWeekOf)
	notes := p.notes(todayData{&office.Today{Older: []office.OlderRecords{{Box: officetest.BoxUID,
		Punches: 12, From: s.Company.Now - 2e9, To: s.Company.Now - 1e9}}}, s.Names()})
	if p.severity[app.Serious].Text != "Serious  3" || !strings.Contains(notes, "12 punches") {
		t.Errorf("%q, %q", p.severity[app.Serious].Text, notes)
	}
	test.Tap(p.severity[app.Information])
	p.newest.OnOpen(p.newest.Shown()[0])
	if len(s.Gone) != 2 || s.Gone[0] != [2]string{"anomalies", "information"} || s.Gone[1] != [2]string{"anomalies", p.newest.Shown()[0].anomaly} {
		t.Errorf("led to %v", s.Gone)
	}
}

func TestTodaySaysWhoIsMissing(t *testing.T) {
	var line app.PlanLine
	s, p := theDay(t, app.Dutch, func(c *officetest.Company) { c.Read(officetest.In("2026-11-23 06:02")) })
	if isSplit(p.people.Objects[0]) {
		t.Error("without a plan there is a list of who is expected")
	}
	for _, e := range []app.Engagement{s.Company.OfAnna, s.Company.OfBart} {
		line = kittest.MustBe(
			s.Own().Plan.AddPlanLine(t.Context(), app.PlanLine{SiteID: s.Company.Site.ID, EngagementID: e.ID, Weekdays: app.WeekdaysOf(time.Monday),
				Hours: app.Hours{From: 360, To: 840}, Days: app.Days{From: app.NewDate(2026, 11, 23)}, EveryWeeks: 1}, officetest.Why),
		)(
			t,
		)
	}
	p.Reload()
	rows := p.expected.Shown()
	if len(rows) != 2 || rows[0].state != "ontbreekt" || rows[1].since != "06:02" || !isSplit(p.people.Objects[0]) {
		t.Errorf("expected: %+v", rows)
	}
	for _, l := range kittest.MustBe(s.Own().Plan.PlanWeek(t.Context(), s.Company.Site.ID, line.Days.From))(t).Lines {
		s.Company.Do(s.Own().Plan.EndPlanLine(t.Context(), l.ID, app.NewDate(2026, 11, 22), officetest.Why))
	}
	p.Reload()
	if isSplit(p.people.Objects[0]) {
		t.Error("the list stayed")
	}
}

// What is asked again and does not come is marked: a list that was empty may
// not be any more.
func TestWhatIsAskedAgainForLongIsMarked(t *testing.T) {
	s, p := theDay(t, app.English, kittest.AWeekOf)
	serious := p.severity[app.Serious].Text
	back := s.Behind()
	unblock := s.Block()
	p.Reload()
	if p.severity[app.Serious].Text != serious || p.present.Stale() {
		t.Error("what is asked again is taken away at once")
	}
	s.Pass()
	back.Until(t, p.present.Stale)
	if now := p.severity[app.Serious].Text; now != "Serious  …" || len(p.present.Shown()) != 1 || !strings.Contains(p.presence.Text, "Loading…") {
		t.Errorf("%q, %d rows, %q", now, len(p.present.Shown()), p.presence.Text)
	}
	unblock()
	back.Until(t, func() bool { return !p.present.Stale() && p.severity[app.Serious].Text == serious })
}

func TestOneClickOnTodaySendsNoHundreds(t *testing.T) {
	s, p := theDay(t, app.English, kittest.ManyWait)
	kittest.AgreeFirst(t, s, func() { test.Tap(p.send) })
}

func TestAFewOfTodayGoAtOneClick(t *testing.T) {
	s, p := theDay(t, app.English, func(c *officetest.Company) {
		c.AtRegister()
		c.Read(officetest.In("2026-11-23 06:02"))
		if r := kittest.MustBe(c.Office().Register.Send(t.Context(), nil))(t); r.Accepted != 1 { // the first sending of all is asked about
			t.Fatalf("%+v", r)
		}
		c.Read(officetest.Out("2026-11-23 11:00"))
	})
	test.Tap(p.send)
	if s.Sent() != 2 || s.Top() != nil {
		t.Errorf("%d are sent; %s", s.Sent(), s.Texts())
	}
	s.BreakDown(kittest.ErrGone)
	test.Tap(p.send)
	if s.Sent() != 2 || s.Top() == nil {
		t.Error("what would go is not known, and it was sent, or nobody was told")
	}
}

// The question fits a small window, with much to say.
func TestTheQuestionFitsASmallWindow(t *testing.T) {
	for _, l := range app.Languages {
		s, p := theDay(t, l, kittest.ManyWait)
		a := kittest.MustBe(s.Own().Register.SendingAhead(t.Context()))(t)
		for range 20 {
			a.Held = append(a.Held, a.Held[0])
		}
		s.Host.Window.Resize(fyne.NewSize(900, 600))
		said := kit.Ahead{SendingAhead: a, Names: s.Names()}
		for _, ask := range []func(){func() { test.Tap(p.send) }, func() { s.Host.ConfirmLines("x", said.Lines(s.Host.Texts), "y", nil) }} {
			ask()
			if size := s.Top().MinSize(); size.Width > 900 || size.Height > 600 {
				t.Errorf("%s: the question needs %v", l, size)
			}
		}
	}
}

func TestTheTodayScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Rows: func(p *Screen) map[string]int { return map[string]int{"present": len(p.present.Shown())} },
	})
}
