package anomalies

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/workspace"
	"klokkast/devices/simbox"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

// theAnomalies opens the screen on a week in which things went wrong.
func theAnomalies(t *testing.T, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, app.English, append([]func(*officetest.Company){kittest.AWeekOf}, prepare...)...)
	return s, kittest.Shows(s, New(s.Host, s.Office))
}

// selects puts the cursor on the anomaly of a rule.
func (p *Screen) selects(t *testing.T, r app.Rule) {
	t.Helper()
	for _, row := range p.grid.Shown() {
		if row.a.Rule == r {
			p.grid.Select(row.key)
			return
		}
	}
	t.Fatalf("%s is not listed", r)
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
	f := s.Host.Form
	test.Tap(f.Save)
	if f.Row("at").Problem.Text == "" || s.Did("adjustment.make") != 0 {
		t.Error("a time is needed")
	}
	f.Row("at").Moment.Time.SetText("1502")
	s.Saves()
	if got := s.Annas(friday); got != 8*time.Hour+4*time.Minute {
		t.Errorf("%s from 06:58 to 15:02 in Belgium", got)
	}
	p.Reload()

	var left []app.AnomalyKey
	for _, r := range p.grid.Shown() {
		left = append(left, r.a.Key())
	}
	p.grid.SelectAll()
	p.askExplain()
	f = s.Host.Form
	test.Tap(f.Save)
	if !f.Row("reason").Problem.Visible() {
		t.Error("a reason is needed, said under its field")
	}
	s.Chooses("reason", "agreed")
	s.Saves()
	for _, k := range left {
		if card := kittest.MustBe(s.Own().Derived.AnomalyCard(t.Context(), k))(t); card.Status != app.AnomalyExplained || card.State.Reason != "agreed" {
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
	s.Saves()
	held := kittest.MustBe(s.Own().Files.Held(t.Context(), app.IdentifierKey{Kind: app.Card, Value: "DEADBEEF"}, app.Span{}))(t)
	if len(held) != 1 || held[0].EngagementID != s.Company.OfBart.ID {
		t.Errorf("assigned %+v", held)
	}
}

func TestOneSeverityOrOneAnomalyIsShownToWhoeverComesForIt(t *testing.T) {
	s, p := theAnomalies(t)
	p.Narrow(app.Information.String())
	p.Reload()
	if rows := p.grid.Shown(); len(rows) != 1 || rows[0].a.Rule != app.NightWork {
		t.Errorf("%d rows of information", len(rows))
	}
	p.Narrow(kittest.KeyOf(s.Company, app.MissingOut).String())
	p.Reload()
	if r, ok := p.grid.Current(); !ok || r.a.Rule != app.MissingOut {
		t.Errorf("it did not lead to the anomaly itself but to %s", r.what)
	}
}

func TestAStatementIsTakenBackFromItsAnomaly(t *testing.T) {
	s, p := theAnomalies(t, func(c *officetest.Company) {
		c.Do(c.Office().Judgements.AdjustMissing(t.Context(), kittest.KeyOf(c, app.MissingOut), c.At("2026-11-20 15:00"), "forgot", ""))
	})
	p.status.Set(string(app.AnomalyAdjusted))
	p.selects(t, app.MissingOut)
	if !p.back.Visible() || p.reopen.Visible() {
		t.Fatal("an adjusted anomaly is undone by taking its statement back")
	}
	test.Tap(p.back)
	s.Types("why", "she was there longer")
	s.Saves()
	if got := s.Status(app.MissingOut); got != app.AnomalyOpen || s.Did("adjustment.withdraw") != 1 {
		t.Errorf("it is %s", got)
	}
}

func TestTheOfficesExampleInstantsAreShownAsLocalTime(t *testing.T) {
	s, p := theAnomalies(t)
	p.selects(t, app.MissingOut)
	p.askTime()
	s.Host.Form.Row("at").Moment.Time.SetText("0500") // before she came, at 06:58
	s.Saves()
	if got := s.Host.Form.Row("to").Problem.Text; !strings.Contains(got, "20/11/2026 06:59") || strings.Contains(got, "Z") {
		t.Errorf("got %q, want the first whole minute after it, in Belgium", got)
	}
}

// What a step changes is shown before it is done.
func TestAStatementShowsFirstWhatItChanges(t *testing.T) {
	s, p := theAnomalies(t)
	p.selects(t, app.MissingOut)
	p.askTime()
	s.Host.Form.Row("at").Moment.Time.SetText("1502")
	test.Tap(s.Host.Form.Save)
	if s.Did("adjustment.make") != 0 {
		t.Fatal("it was done before anyone saw what it changes")
	}
	if got := s.Texts(); !strings.Contains(got, "Peeters Anna") || !strings.Contains(got, "8:04") {
		t.Errorf("what it changes: %s", got)
	}
	test.Tap(s.Host.Effect)
	if s.Did("adjustment.make") != 1 || !strings.Contains(s.Said, "Ctrl+Z") {
		t.Errorf("agreed to, and %d done; status %q", s.Did("adjustment.make"), s.Said)
	}
}

func TestTapsOfSeveralAnomaliesAreIgnoredTogether(t *testing.T) {
	s, p := theAnomalies(t)
	p.Narrow(app.Serious.String())
	p.Reload()
	p.grid.SelectAll()
	p.askIgnore()
	s.Chooses("reason", "wrong-key")
	test.Tap(s.Host.Form.Save)
	if s.Did("punch.ignore") != 0 || s.Texts() == "" {
		t.Error("ignored before anyone saw what that changes")
	}
	test.Tap(s.Host.Effect)
	var ignored []uint64
	for _, r := range kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t) {
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
		keys := []app.AnomalyKey{kittest.KeyOf(c, app.MissingOut)}
		c.Do(c.Office().Judgements.Explain(t.Context(), keys, "agreed", ""), c.Office().Judgements.Reopen(t.Context(), keys, "not agreed after all"))
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
	s.NoMissing()
}

func TestHoursOfASite(t *testing.T) {
	s := kittest.Enter(t, app.English, func(c *officetest.Company) {
		c.Read(officetest.In("2026-11-05 06:00"), officetest.Out("2026-11-05 14:00"))
	}, kittest.AWeekOf)
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.selects(t, app.DayLimit)
	p.askSite()
	f := s.Host.Form
	s.Types("hours", "six to two")
	test.Tap(f.Save)
	if f.Row("hours").Problem.Text == "" || s.Host.Form != f {
		t.Error("hours that are none")
	}
	s.Types("hours", "06:00-14:00")
	f.Row("from").Control.(interface{ SetDate(app.Date) }).SetDate(app.NewDate(2026, 11, 12))
	f.Row("to").Control.(interface{ SetDate(app.Date) }).SetDate(app.NewDate(2026, 11, 19))
	test.Tap(f.Save)
	if s.Host.Form == f {
		t.Fatalf("nobody is proposed: %s", s.Texts())
	}
	t.Log(s.Host.Form.Rows[0].Control.(*widget.CheckGroup).Options, s.Host.Form.Rows[0].Control.(*widget.CheckGroup).Selected)
	s.Saves()
	t.Log(s.Texts()) // for whom: the Thursday without hours is ticked, the one with hours is not
	list := kittest.MustBe(s.Own().Derived.Presences(t.Context(),
		app.Days{From: app.NewDate(2026, 11, 12), To: app.NewDate(2026, 11, 18)}, s.Company.Anna.ID, s.Company.Site.ID))(t)
	if len(list) != 1 || !list[0].Adjusted || list[0].In.At != s.Company.At("2026-11-12 06:00") ||
		s.Annas(app.NewDate(2026, 11, 19)) != 12*time.Hour+10*time.Minute {
		t.Errorf("stated %+v", list)
	}
}

func TestUndoIsOffered(t *testing.T) {
	s, p := theAnomalies(t)
	kit.UndoLast(s.Host, s.Office)
	if !strings.Contains(s.Said, "nothing to undo") {
		t.Errorf("with nothing to undo: %q", s.Said)
	}
	p.selects(t, app.NightWork)
	p.askExplain()
	s.Chooses("reason", "agreed")
	s.Saves()
	kit.UndoLast(s.Host, s.Office)
	if s.Status(app.NightWork) != app.AnomalyOpen || !strings.Contains(s.Said, "explained") || s.Look != widget.SuccessImportance {
		t.Errorf("%s, status %q", s.Status(app.NightWork), s.Said)
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
	test.Tap(s.Host.Form.Save)
	if s.Did("notation.confirm") != 0 {
		t.Error("confirmed before it was seen what that changes")
	}
	test.Tap(s.Host.Effect)
	if list := kittest.MustBe(s.Own().Staff.Notations(t.Context()))(t); len(list) != 1 || list[0].Kind != "reversed" {
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
			kittest.MustBe(box.Tap(officetest.Card(t, officetest.AnnaCard), key))(t)
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
		c.Do(o.ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{At: c.Now, Source: "test"} }))
		r := kittest.MustBe(o.Boxes.ReadBox(t.Context(), "usb:9", boxes.ReadOptions{}, nil))(t)
		c.Do(o.Boxes.PlaceBox(t.Context(), r.Log.Box, c.Site.ID, c.At("2026-11-18 05:00"), officetest.Why))
		c.Cables.Unplug("usb:9")
	}
}

// theRepair opens the form for the wrong clock.
func theRepair(t *testing.T) (*kittest.Stage, *kit.Form) {
	t.Helper()
	s := kittest.Enter(t, app.English, aFallenClock(t))
	kittest.Shows(s, New(s.Host, s.Office))
	wrong := s.WrongClock()
	kit.AskRepair(s.Host, s.Office, s.Names(), wrong.Key())
	if s.Host.Form == nil {
		t.Fatal("no form opened")
	}
	return s, s.Host.Form
}

func TestAClockIsPutRightByTheProposalSeenFirst(t *testing.T) {
	s, f := theRepair(t)
	test.Tap(f.Save)
	if p := f.Row("reason").Problem; !p.Visible() || s.Host.Effect != nil {
		t.Fatalf("without a reason: %q", p.Text)
	}
	s.Types("reason", "battery empty")
	test.Tap(f.Save)
	if s.WrongClock().Accepted != nil || s.Host.Effect == nil {
		t.Fatal("accepted before anyone saw what that changes")
	}
	test.Tap(s.Host.Effect)
	if w := s.WrongClock(); w.Accepted == nil || w.Accepted.Reason != "battery empty" || w.Accepted.Shift != w.Proposed {
		t.Errorf("accepted %+v", w)
	}
}

func TestAClockIsPutRightByTheRightTimeOfOnePunch(t *testing.T) {
	s, f := theRepair(t)
	s.Chooses("shift", kit.ByTime)
	s.Types("reason", "An knows")
	test.Tap(f.Save)
	if s.Host.Effect != nil || !f.Row("time").Problem.Visible() {
		t.Error("no time was taken for one")
	}
	f.Row("time").Moment.SetInstant(s.Company.At("2026-11-18 16:00"))
	s.Saves()
	w := s.WrongClock()
	if w.Accepted == nil {
		t.Fatal("not accepted")
	}
	if got := w.RawFrom.Add(w.Accepted.Shift); got != s.Company.At("2026-11-18 16:00") {
		t.Errorf("the first of its punches was at %s", got)
	}
}

// A shift that does not fit is accepted by whoever saw that it does not.
func TestAShiftThatDoesNotFitIsTakenAllTheSame(t *testing.T) {
	s, f := theRepair(t)
	s.Chooses("shift", kit.ByTime)
	s.Types("reason", "the log says so")
	f.Row("time").Moment.SetInstant(s.Company.At("2026-11-10 16:00"))
	s.Saves()
	if w := s.WrongClock(); w.Accepted == nil || w.Fits {
		t.Errorf("accepted %+v", w)
	}
}

func TestARepairAndANotationAreTakenBackAtTheBox(t *testing.T) {
	var box string
	s := kittest.Enter(t, app.English, aFallenClock(t), func(c *officetest.Company) {
		o := c.Office()
		w := kittest.MustBe(o.Judgements.WrongClocks(t.Context(), ""))(t)[0]
		box = w.Log.Box
		kittest.MustBe(o.Judgements.RepairClock(t.Context(), acts.ShiftChoice{Segment: w.Key()}, false, "battery"))(t)
		kittest.MustBe(o.Staff.ConfirmNotation(t.Context(), box, "reversed", false, "seen"))(t)
	})
	l := kit.ShowRepairs(s.Host, s.Office, s.Names(), box)
	rows := l.Grid.Shown()
	if len(rows) != 2 || !strings.Contains(rows[0].State, "battery") {
		t.Fatalf("rows %+v", rows)
	}
	for i, act := range []string{"clock.withdraw", "notation.withdraw"} {
		l.Grid.Select(rows[i].Key)
		if l.Withdraw.Disabled() || !l.Repair.Disabled() {
			t.Errorf("%s: withdraw %t, repair %t", rows[i].What, l.Withdraw.Disabled(), l.Repair.Disabled())
		}
		test.Tap(l.Withdraw)
		test.Tap(s.Host.Form.Save)
		if s.Did(act) != 0 {
			t.Errorf("%s before it was agreed to", act)
		}
		test.Tap(s.Host.Effect)
		if s.Did(act) != 1 {
			t.Errorf("%s was done %d times", act, s.Did(act))
		}
	}
	l.Grid.Select(l.Grid.Shown()[0].Key)
	if l.Repair.Disabled() {
		t.Error("a repair taken back cannot be made again")
	}
}

func TestTheAnomaliesScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(s *kittest.Stage, p *Screen) {
			for _, r := range p.grid.Shown() {
				p.grid.Select(r.key)
			}
			for _, r := range p.grid.Shown() {
				if r.a.Rule == app.MissingOut {
					p.grid.Select(r.key)
				}
			}
		},
		Rows: func(p *Screen) map[string]int {
			return map[string]int{"anomalies": len(p.grid.Shown()), "punches": len(p.punches.Shown())}
		},
		Forms: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"explain": p.askExplain, "time": p.askTime, "presence": p.askPresence, "hours of a site": p.askSite,
				"take repair back": func() { kit.AskTakeBack(s.Host, p.desk, p.names, "x", acts.Proposal{}, nil, nil) },
			}
		},
	})
}

func TestTheFormsThatReopenAndConfirmOpen(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} {
		s := kittest.Enter(t, l, aFallenClock(t), func(c *officetest.Company) {
			c.Read(officetest.Tap{Card: "C3B2A104", At: "2026-11-23 09:00", Key: app.KeyOut})
			c.Do(c.Office().Judgements.Explain(t.Context(), []app.AnomalyKey{kittest.KeyOf(c, app.UnknownBadge)}, "agreed", ""))
		})
		p := kittest.Shows(s, New(s.Host, s.Office))
		wrong := s.WrongClock()
		for name, ask := range map[string]func(){
			"repair": func() { kit.AskRepair(s.Host, p.desk, p.names, wrong.Key()) }, "notation": func() { kit.AskNotation(s.Host, p.desk, p.names, "C3B2A104") },
			"reopen": func() {
				p.status.Set(string(app.AnomalyExplained))
				p.grid.SelectAll()
				p.askReopen()
			},
		} {
			s.Host.Form = nil
			if ask(); s.Host.Form == nil {
				t.Errorf("%s opened no form", name)
				continue
			}
			s.Host.Form.Close()
		}
		s.NoMissing()
	}
}
