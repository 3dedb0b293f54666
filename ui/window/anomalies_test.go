package window

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/devices/simbox"
	"klokkast/ui/officetest"
)

// theAnomalies opens the screen on a week in which things went wrong.
func theAnomalies(t *testing.T, prepare ...func(*officetest.Company)) (*stage, *anomaliesPage) {
	t.Helper()
	s := enter(t, app.English, append([]func(*officetest.Company){aWeekOf}, prepare...)...)
	return s, shows(s, newAnomaliesPage(s.h, s.office))
}

// selects puts the cursor on the anomaly of a rule.
func (p *anomaliesPage) selects(t *testing.T, r app.Rule) {
	t.Helper()
	for _, row := range p.grid.Shown() {
		if row.a.Rule == r {
			p.grid.Select(row.key)
			return
		}
	}
	t.Fatalf("%s is not listed", r)
}

// annas are the days that count of Anna's week.
func (s *stage) annas(day app.Date) (sum time.Duration) {
	s.t.Helper()
	for _, w := range mustBe(s.own().Workdays(s.t.Context(), app.Days{From: day, To: day}, s.c.Anna.ID))(s.t) {
		sum += w.Worked
	}
	return sum
}

// keyOf is the identity of the one anomaly of a rule.
func keyOf(c *officetest.Company, r app.Rule) app.AnomalyKey {
	a := c.Anomaly(r)
	return a.Key()
}

// status is where the company stands with the anomaly of a rule.
func (s *stage) status(r app.Rule) app.AnomalyStatus {
	s.t.Helper()
	return s.c.Anomaly(r).Status
}

var friday = app.NewDate(2026, 11, 20)

func TestSettlingAnomalies(t *testing.T) {
	s, p := theAnomalies(t)
	rows := p.grid.Shown()
	if rows[0].a.Severity != app.Serious || rows[len(rows)-1].a.Severity != app.Information {
		t.Errorf("the open ones, the worst first: got %d, first %s, last %s", len(rows), rows[0].severity, rows[len(rows)-1].severity)
	}

	p.selects(t, app.MissingOut)
	if !strings.Contains(p.text.Text, "Peeters Anna") || len(p.punches.Shown()) != 1 || p.time.Disabled() {
		t.Errorf("card: %q, %d punches", p.text.Text, len(p.punches.Shown()))
	}
	p.askTime()
	f := s.h.form
	test.Tap(f.save)
	if f.row("at").problem.Text == "" || s.did("adjustment.make") != 0 {
		t.Error("a time is needed")
	}
	f.row("at").moment.Time.SetText("1502")
	s.saves()
	if got := s.annas(friday); got != 8*time.Hour+4*time.Minute {
		t.Errorf("%s from 06:58 to 15:02 in Belgium", got)
	}
	p.reload()

	var left []app.AnomalyKey
	for _, r := range p.grid.Shown() {
		left = append(left, r.a.Key())
	}
	p.grid.SelectAll()
	p.askExplain()
	f = s.h.form
	test.Tap(f.save)
	if !f.row("reason").problem.Visible() {
		t.Error("a reason is needed, said under its field")
	}
	s.chooses("reason", "agreed")
	s.saves()
	for _, k := range left {
		if card := mustBe(s.own().AnomalyCard(t.Context(), k))(t); card.Status != app.AnomalyExplained || card.State.Reason != "agreed" {
			t.Errorf("%s is %s", k, card.Status)
		}
	}
}

// The holder of the badge that looks the same is proposed.
func TestAnUnknownBadgeIsAssigned(t *testing.T) {
	s, p := theAnomalies(t, func(c *officetest.Company) {
		c.Give("EFBEADDE", c.OfBart, "2026-11-02 08:00") // the same number, turned around
		c.Read(officetest.Tap{Card: "DEADBEEF", At: "2026-11-23 09:00", Key: app.KeyIn})
	})
	for _, r := range p.grid.Shown() {
		if r.a.Subject.ID == "card:DEADBEEF" {
			p.grid.Select(r.key)
		}
	}
	p.askAssign()
	s.saves()
	held := mustBe(s.own().Held(t.Context(), app.IdentifierKey{Kind: app.Card, Value: "DEADBEEF"}, app.Span{}))(t)
	if len(held) != 1 || held[0].EngagementID != s.c.OfBart.ID {
		t.Errorf("assigned %+v", held)
	}
}

func TestOneSeverityOrOneAnomalyIsShownToWhoeverComesForIt(t *testing.T) {
	s, p := theAnomalies(t)
	p.narrow(app.Information.String())
	p.reload()
	if rows := p.grid.Shown(); len(rows) != 1 || rows[0].a.Rule != app.NightWork {
		t.Errorf("%d rows of information", len(rows))
	}
	p.narrow(keyOf(s.c, app.MissingOut).String())
	p.reload()
	if r, ok := p.grid.Current(); !ok || r.a.Rule != app.MissingOut {
		t.Errorf("it did not lead to the anomaly itself but to %s", r.what)
	}
}

func TestAStatementIsTakenBackFromItsAnomaly(t *testing.T) {
	s, p := theAnomalies(t, func(c *officetest.Company) {
		c.Do(c.Office().AdjustMissing(t.Context(), keyOf(c, app.MissingOut), c.At("2026-11-20 15:00"), "forgot", ""))
	})
	p.status.set(string(app.AnomalyAdjusted))
	p.selects(t, app.MissingOut)
	if !p.back.Visible() || p.reopen.Visible() {
		t.Fatal("an adjusted anomaly is undone by taking its statement back")
	}
	test.Tap(p.back)
	s.types("why", "she was there longer")
	s.saves()
	if got := s.status(app.MissingOut); got != app.AnomalyOpen || s.did("adjustment.withdraw") != 1 {
		t.Errorf("it is %s", got)
	}
}

func TestTheOfficesExampleInstantsAreShownAsLocalTime(t *testing.T) {
	s, p := theAnomalies(t)
	p.selects(t, app.MissingOut)
	p.askTime()
	s.h.form.row("at").moment.Time.SetText("0500") // before she came, at 06:58
	s.saves()
	if got := s.h.form.row("to").problem.Text; !strings.Contains(got, "20/11/2026 06:59") || strings.Contains(got, "Z") {
		t.Errorf("got %q, want the first whole minute after it, in Belgium", got)
	}
}

// What a step changes is shown before it is done.
func TestAStatementShowsFirstWhatItChanges(t *testing.T) {
	s, p := theAnomalies(t)
	p.selects(t, app.MissingOut)
	p.askTime()
	s.h.form.row("at").moment.Time.SetText("1502")
	test.Tap(s.h.form.save)
	if s.did("adjustment.make") != 0 {
		t.Fatal("it was done before anyone saw what it changes")
	}
	if got := s.texts(); !strings.Contains(got, "Peeters Anna") || !strings.Contains(got, "8:04") {
		t.Errorf("what it changes: %s", got)
	}
	test.Tap(s.h.effect)
	if s.did("adjustment.make") != 1 || !strings.Contains(s.said, "Ctrl+Z") {
		t.Errorf("agreed to, and %d done; status %q", s.did("adjustment.make"), s.said)
	}
}

func TestTapsOfSeveralAnomaliesAreIgnoredTogether(t *testing.T) {
	s, p := theAnomalies(t)
	p.narrow(app.Serious.String())
	p.reload()
	p.grid.SelectAll()
	p.askIgnore()
	s.chooses("reason", "wrong-key")
	test.Tap(s.h.form.save)
	if s.did("punch.ignore") != 0 || s.texts() == "" {
		t.Error("ignored before anyone saw what that changes")
	}
	test.Tap(s.h.effect)
	var ignored []uint64
	for _, r := range mustBe(s.own().PunchRows(t.Context(), office.PunchFilter{}))(t) {
		if r.Role == app.TapIgnored {
			ignored = append(ignored, r.Punch.Key.Seq)
		}
	}
	slices.Sort(ignored)
	if !slices.Equal(ignored, []uint64{3, 4}) {
		t.Errorf("ignored %v: those of the missing OUT and of the unknown badge", ignored)
	}
}

func TestTheCardShowsTheDayAndWhatWasDone(t *testing.T) {
	s, p := theAnomalies(t, func(c *officetest.Company) {
		keys := []app.AnomalyKey{keyOf(c, app.MissingOut)}
		c.Do(c.Office().Explain(t.Context(), keys, "agreed", ""), c.Office().Reopen(t.Context(), keys, "not agreed after all"))
	})
	p.selects(t, app.MissingOut)
	if !strings.Contains(p.history.Text, "Els") || !strings.Contains(p.history.Text, "reopened") || !p.history.Visible() {
		t.Errorf("history %q", p.history.Text)
	}
	if p.line.MinSize().Height == 0 {
		t.Error("the day is not drawn")
	}
	p.selects(t, app.IdentityRule)
	if len(p.punches.Shown()) != 0 {
		t.Error("punches of the anomaly before")
	}
	s.noMissing()
}

func TestHoursOfASite(t *testing.T) {
	s := enter(t, app.English, func(c *officetest.Company) {
		c.Read(officetest.In("2026-11-05 06:00"), officetest.Out("2026-11-05 14:00"))
	}, aWeekOf)
	p := shows(s, newAnomaliesPage(s.h, s.office))
	p.selects(t, app.DayLimit)
	p.askSite()
	f := s.h.form
	s.types("hours", "six to two")
	test.Tap(f.save)
	if f.row("hours").problem.Text == "" || s.h.form != f {
		t.Error("hours that are none")
	}
	s.types("hours", "06:00-14:00")
	f.row("from").control.(interface{ SetDate(app.Date) }).SetDate(app.NewDate(2026, 11, 12))
	f.row("to").control.(interface{ SetDate(app.Date) }).SetDate(app.NewDate(2026, 11, 19))
	test.Tap(f.save)
	if s.h.form == f {
		t.Fatalf("nobody is proposed: %s", s.texts())
	}
	t.Log(s.h.form.rows[0].control.(*widget.CheckGroup).Options, s.h.form.rows[0].control.(*widget.CheckGroup).Selected)
	s.saves()
	t.Log(s.texts()) // for whom: the Thursday without hours is ticked, the one with hours is not
	list := mustBe(s.own().Presences(t.Context(), app.Days{From: app.NewDate(2026, 11, 12), To: app.NewDate(2026, 11, 18)}, s.c.Anna.ID, s.c.Site.ID))(t)
	if len(list) != 1 || !list[0].Adjusted || list[0].In.At != s.c.At("2026-11-12 06:00") || s.annas(app.NewDate(2026, 11, 19)) != 12*time.Hour+10*time.Minute {
		t.Errorf("stated %+v", list)
	}
}

func TestUndoIsOffered(t *testing.T) {
	s, p := theAnomalies(t)
	undoLast(s.h, s.office)
	if !strings.Contains(s.said, "nothing to undo") {
		t.Errorf("with nothing to undo: %q", s.said)
	}
	p.selects(t, app.NightWork)
	p.askExplain()
	s.chooses("reason", "agreed")
	s.saves()
	undoLast(s.h, s.office)
	if s.status(app.NightWork) != app.AnomalyOpen || !strings.Contains(s.said, "explained") || s.look != widget.SuccessImportance {
		t.Errorf("%s, status %q", s.status(app.NightWork), s.said)
	}
}

func TestANotationIsConfirmedFromTheUnknownBadge(t *testing.T) {
	s, p := theAnomalies(t, func(c *officetest.Company) {
		c.Read(officetest.Tap{Card: "C3B2A104", At: "2026-11-23 09:00", Key: app.KeyOut}) // Anna's, turned around
	})
	for _, r := range p.grid.Shown() {
		if r.a.Subject.ID == "card:C3B2A104" {
			p.grid.Select(r.key)
		}
	}
	if !p.alike.Visible() || p.alike.Disabled() {
		t.Fatal("an unknown badge that is like a known one offers no step")
	}
	test.Tap(p.alike)
	test.Tap(s.h.form.save)
	if s.did("notation.confirm") != 0 {
		t.Error("confirmed before it was seen what that changes")
	}
	test.Tap(s.h.effect)
	if list := mustBe(s.own().Notations(t.Context()))(t); len(list) != 1 || list[0].Kind != "reversed" {
		t.Errorf("confirmed %+v", list)
	}
	p.selects(t, app.MissingOut)
	if p.alike.Visible() || p.clock.Visible() {
		t.Error("a missing check-out offers steps of boxes")
	}
}

// aFallenClock has a second box at the site whose clock falls to 2000 for two
// taps of Anna's, on Wednesday the 18th, until it is set again.
func aFallenClock(t *testing.T) func(*officetest.Company) {
	return func(c *officetest.Company) {
		t.Helper()
		noon := c.Now
		defer func() { c.Now = noon }()
		c.Now = c.At("2026-11-18 06:00")
		box := c.Cables.Plug(t, "usb:9", simbox.Factory{Label: "Kelder"})
		tap := func(at string, key app.PunchKey) {
			c.Now = c.At(at)
			mustBe(box.Tap(officetest.Card(t, officetest.AnnaCard), key))(t)
		}
		c.Do(box.SetClock(c.Now.Time()))
		tap("2026-11-18 07:00", app.KeyIn)
		tap("2026-11-18 12:00", app.KeyOut)
		c.Now = c.At("2026-11-18 13:00")
		c.Do(box.Drift(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Sub(c.Now.Time())))
		tap("2026-11-18 15:00", app.KeyIn)
		tap("2026-11-18 17:00", app.KeyOut)
		c.Now = c.At("2026-11-18 17:30")
		c.Do(box.SetClock(c.Now.Time()))
		tap("2026-11-18 18:00", app.KeyIn)
		tap("2026-11-18 19:00", app.KeyOut)
		c.Now = c.At("2026-11-18 20:00")
		o := c.Office()
		c.Do(o.ChangeSettings(t.Context(), func(s *office.Settings) { s.Check = app.ClockCheck{At: c.Now, Source: "test"} }))
		r := mustBe(o.ReadBox(t.Context(), "usb:9", office.ReadOptions{}, nil))(t)
		c.Do(o.PlaceBox(t.Context(), r.Log.Box, c.Site.ID, c.At("2026-11-18 05:00"), officetest.Why))
		c.Cables.Unplug("usb:9")
	}
}

// wrongClock is the one that the company has.
func (s *stage) wrongClock() office.WrongClock {
	s.t.Helper()
	list := mustBe(s.own().WrongClocks(s.t.Context(), ""))(s.t)
	if len(list) != 1 {
		s.t.Fatalf("wrong clocks: %+v", list)
	}
	return list[0]
}

func (s *stage) names() *office.Names {
	s.t.Helper()
	return mustBe(s.own().Names(s.t.Context()))(s.t)
}

// theRepair opens the form for the wrong clock.
func theRepair(t *testing.T) (*stage, *form) {
	t.Helper()
	s := enter(t, app.English, aFallenClock(t))
	shows(s, newAnomaliesPage(s.h, s.office))
	wrong := s.wrongClock()
	askRepair(s.h, s.office, s.names(), wrong.Key())
	if s.h.form == nil {
		t.Fatal("no form opened")
	}
	return s, s.h.form
}

func TestAClockIsPutRightByTheProposalSeenFirst(t *testing.T) {
	s, f := theRepair(t)
	test.Tap(f.save)
	if p := f.row("reason").problem; !p.Visible() || s.h.effect != nil {
		t.Fatalf("without a reason: %q", p.Text)
	}
	s.types("reason", "battery empty")
	test.Tap(f.save)
	if s.wrongClock().Accepted != nil || s.h.effect == nil {
		t.Fatal("accepted before anyone saw what that changes")
	}
	test.Tap(s.h.effect)
	if w := s.wrongClock(); w.Accepted == nil || w.Accepted.Reason != "battery empty" || w.Accepted.Shift != w.Proposed {
		t.Errorf("accepted %+v", w)
	}
}

func TestAClockIsPutRightByTheRightTimeOfOnePunch(t *testing.T) {
	s, f := theRepair(t)
	s.chooses("shift", byTime)
	s.types("reason", "An knows")
	test.Tap(f.save)
	if s.h.effect != nil || !f.row("time").problem.Visible() {
		t.Error("no time was taken for one")
	}
	f.row("time").moment.SetInstant(s.c.At("2026-11-18 16:00"))
	s.saves()
	w := s.wrongClock()
	if w.Accepted == nil {
		t.Fatal("not accepted")
	}
	if got := w.RawFrom.Add(w.Accepted.Shift); got != s.c.At("2026-11-18 16:00") {
		t.Errorf("the first of its punches was at %s", got)
	}
}

// A shift that does not fit is accepted by whoever saw that it does not.
func TestAShiftThatDoesNotFitIsTakenAllTheSame(t *testing.T) {
	s, f := theRepair(t)
	s.chooses("shift", byTime)
	s.types("reason", "the log says so")
	f.row("time").moment.SetInstant(s.c.At("2026-11-10 16:00"))
	s.saves()
	if w := s.wrongClock(); w.Accepted == nil || w.Fits {
		t.Errorf("accepted %+v", w)
	}
}

func TestARepairAndANotationAreTakenBackAtTheBox(t *testing.T) {
	var box string
	s := enter(t, app.English, aFallenClock(t), func(c *officetest.Company) {
		o := c.Office()
		w := mustBe(o.WrongClocks(t.Context(), ""))(t)[0]
		box = w.Log.Box
		mustBe(o.RepairClock(t.Context(), office.ShiftChoice{Segment: w.Key()}, false, "battery"))(t)
		mustBe(o.ConfirmNotation(t.Context(), box, "reversed", false, "seen"))(t)
	})
	shows(s, newBoxesPage(s.h, s.office))
	l := showRepairs(s.h, s.office, s.names(), box)
	rows := l.grid.Shown()
	if len(rows) != 2 || !strings.Contains(rows[0].state, "battery") {
		t.Fatalf("rows %+v", rows)
	}
	for i, act := range []string{"clock.withdraw", "notation.withdraw"} {
		l.grid.Select(rows[i].key)
		if l.withdraw.Disabled() || !l.repair.Disabled() {
			t.Errorf("%s: withdraw %t, repair %t", rows[i].what, l.withdraw.Disabled(), l.repair.Disabled())
		}
		test.Tap(l.withdraw)
		test.Tap(s.h.form.save)
		if s.did(act) != 0 {
			t.Errorf("%s before it was agreed to", act)
		}
		test.Tap(s.h.effect)
		if s.did(act) != 1 {
			t.Errorf("%s was done %d times", act, s.did(act))
		}
	}
	l.grid.Select(l.grid.Shown()[0].key)
	if l.repair.Disabled() {
		t.Error("a repair taken back cannot be made again")
	}
}

func TestTheAnomaliesScreen(t *testing.T) {
	holds(t, script[*anomaliesPage]{
		open: func(s *stage) *anomaliesPage { return newAnomaliesPage(s.h, s.office) },
		ready: func(s *stage, p *anomaliesPage) {
			for _, r := range p.grid.Shown() {
				p.grid.Select(r.key)
			}
			for _, r := range p.grid.Shown() {
				if r.a.Rule == app.MissingOut {
					p.grid.Select(r.key)
				}
			}
		},
		rows: func(p *anomaliesPage) map[string]int {
			return map[string]int{"anomalies": len(p.grid.Shown()), "punches": len(p.punches.Shown())}
		},
		forms: func(s *stage, p *anomaliesPage) map[string]func() {
			return map[string]func(){
				"explain": p.askExplain, "time": p.askTime, "presence": p.askPresence, "hours of a site": p.askSite,
				"take repair back": func() { askTakeBack(s.h, p.desk, p.names, "x", office.Proposal{}, nil, nil) },
			}
		},
	})
}

func TestTheFormsThatReopenAndConfirmOpen(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} {
		s := enter(t, l, aFallenClock(t), func(c *officetest.Company) {
			c.Read(officetest.Tap{Card: "C3B2A104", At: "2026-11-23 09:00", Key: app.KeyOut})
			c.Do(c.Office().Explain(t.Context(), []app.AnomalyKey{keyOf(c, app.UnknownBadge)}, "agreed", ""))
		})
		p := shows(s, newAnomaliesPage(s.h, s.office))
		wrong := s.wrongClock()
		for name, ask := range map[string]func(){
			"repair": func() { askRepair(s.h, p.desk, p.names, wrong.Key()) }, "notation": func() { askNotation(s.h, p.desk, p.names, "C3B2A104") },
			"reopen": func() {
				p.status.set(string(app.AnomalyExplained))
				p.grid.SelectAll()
				p.askReopen()
			},
		} {
			s.h.form = nil
			if ask(); s.h.form == nil {
				t.Errorf("%s opened no form", name)
				continue
			}
			s.h.form.close()
		}
		s.noMissing()
	}
}
