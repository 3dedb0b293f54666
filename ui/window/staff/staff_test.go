package staff

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/apptest"
	"klokkast/app/identity"
	"klokkast/ui/officetest"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

// theStaff opens the screen with Anna chosen.
func theStaff(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, l, prepare...)
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.grid.Select(string(s.Company.Anna.ID))
	return s, p
}

func TestAWrongSSINIsSaidUnderItsFieldAndWhatWasTypedStays(t *testing.T) {
	s, p := theStaff(t, app.English)
	p.askWorker(false)
	s.Host.Window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Top() != nil {
		t.Error("Escape does not close the form")
	}
	p.askWorker(false)
	f := s.Host.Form
	entries := map[string]fyne.Focusable{}
	for _, r := range f.Rows {
		if e, ok := kit.FirstFocusable(r.Control); ok && len(r.Fields) > 0 {
			entries[r.Fields[0]] = e
		}
	}
	test.Type(entries["familyname"], "Maes")
	test.Type(entries["ssin"], "85011512356")
	test.Tap(f.Save)
	row := f.Row("ssin")
	if !row.Problem.Visible() || !strings.Contains(row.Problem.Text, "85.01.15-123.55") {
		t.Errorf("under the field: visible %v, %q", row.Problem.Visible(), row.Problem.Text)
	}
	if s.Top() == nil {
		t.Error("the form went away")
	}
	if got := row.Control.(*field.Entry).Text; got != "85011512356" || f.Row("familyName").Control.(*field.Entry).Text != "Maes" {
		t.Errorf("what was typed is gone: %q", got)
	}
	if s.Host.Window.Canvas().Focused() != row.Control.(fyne.Focusable) {
		t.Error("the keyboard is not on the field that is wrong")
	}
	before := s.Did("worker.save")
	s.Types("ssin", "93051822361")
	test.Tap(f.Save)
	if n := s.Did("worker.save") - before; n != 1 {
		t.Errorf("saved %d times", n)
	}
	if s.Host.Form == f {
		t.Error("after a new person the engagement is not asked for")
	}
	if r, ok := p.grid.Current(); !ok || r.row.Worker.FamilyName != "Maes" {
		t.Errorf("the new person is not selected: %v", r)
	}
}

func TestAnEmptySSINKeepsTheNumber(t *testing.T) {
	s, p := theStaff(t, app.English)
	p.askWorker(true)
	s.Types("staffNumber", "009")
	test.Tap(s.Host.Form.Save)
	if w := s.Worker(s.Company.Anna.ID).Worker; w.SSIN.Reveal() != officetest.AnnaSSIN || w.StaffNumber != "009" {
		t.Errorf("saved %+v", w)
	}
}

func TestTheSSINIsMaskedUntilItIsShown(t *testing.T) {
	s, p := theStaff(t, app.English)
	if !strings.Contains(p.ssin.Text, officetest.AnnaMasked) || s.Did("ssin.reveal") != 0 {
		t.Errorf("shown: %q", p.ssin.Text)
	}
	test.Tap(p.reveal)
	if !strings.Contains(p.ssin.Text, "85.01.15-123.55") || s.Did("ssin.reveal") != 1 {
		t.Errorf("shown: %q", p.ssin.Text)
	}
	p.grid.Select(string(s.Company.Bart.ID))
	p.grid.Select(string(s.Company.Anna.ID))
	if !strings.Contains(p.ssin.Text, officetest.AnnaMasked) {
		t.Errorf("going away and back still shows %q", p.ssin.Text)
	}
}

func TestStatingAPresenceWithoutPunches(t *testing.T) {
	s, p := theStaff(t, app.English)
	test.Tap(p.present)
	f := s.Host.Form
	times := func(field, day, time string) {
		moment := f.Row(field).Moment
		moment.Date.SetText(day)
		moment.Time.SetText(time)
	}
	test.Tap(f.Save)
	if f.Row("from").Problem.Text == "" || f.Row("to").Problem.Text == "" || s.Did("adjustment.make") != 0 {
		t.Error("both times are needed")
	}
	times("from", "20/11", "22:00")
	times("to", "20/11", "0600")
	test.Tap(f.Save)
	if got := f.Row("to").Problem.Text; !strings.Contains(got, "20/11/2026 22:01") || s.Did("adjustment.make") != 0 {
		t.Errorf("an end before its start, said in local time: %q", got)
	}
	times("to", "21/11", "0600")
	f.Pickers[1].Grid.Select(string(s.Company.Site.ID))
	s.Saves()
	if got := f.Row("reason").Problem.Text; got == "" || strings.Contains(got, "forgot.") {
		t.Errorf("a reason is needed, said in words and not in codes: %q", got)
	}
	s.Chooses("reason", "box-broken")
	s.Saves()
	if s.Top() != nil {
		t.Errorf("the form stays after it was kept: %s", s.Texts())
	}
	test.Tap(p.present)
	s.Host.Window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Top() != nil {
		t.Error("Escape in an empty filter does not close the form")
	}
	list := kittest.MustBe(s.Own().Derived.Presences(t.Context(), app.Days{}, s.Company.Anna.ID, ""))(t)
	if len(list) != 1 || list[0].EngagementID != s.Company.OfAnna.ID || list[0].In.At.String() != "2026-11-20T21:00:00.000Z" ||
		list[0].Out.At.String() != "2026-11-21T05:00:00.000Z" {
		t.Errorf("kept %+v", list)
	}
}

func TestWeeklyHoursOfTheForm(t *testing.T) {
	s, p := theStaff(t, app.English)
	for _, c := range apptest.EveryWeeklyHours() {
		p.grid.Select(string(s.Company.Anna.ID))
		p.engagements.Select(string(s.Company.OfAnna.ID))
		before := s.Did("engagement.save")
		p.askEngagement(true)
		form := s.Host.Form
		s.Types("weeklyHours", c.Typed)
		form.Submit()
		_, why := app.ParseWeeklyHours(c.Typed)
		problem := form.Row("weeklyHours").Problem
		kept := s.Did("engagement.save") > before
		switch {
		case c.Code != "" && (kept || !problem.Visible() || problem.Text != s.Host.Texts.Error(why)):
			t.Errorf("%q: kept %v, says %q", c.Typed, kept, problem.Text)
		case c.Code == "" && (!kept || s.Worker(s.Company.Anna.ID).Engagements[0].WeeklyHours != app.WeeklyHours(c.Minutes)):
			t.Errorf("%q: kept %+v, says %q", c.Typed, s.Worker(s.Company.Anna.ID).Engagements, problem.Text)
		}
		if s.Top() != nil {
			form.Close()
		}
		p.Reload()
	}
}

func TestABadgeIsReadTwiceAtTheDesk(t *testing.T) {
	const stickers, backwards = "00471CF2", "F21C4700"
	s, p := theStaff(t, app.English, func(c *officetest.Company) {
		c.Give(backwards, c.OfBart, "2026-11-02 08:00")
		c.Read(officetest.Tap{Card: stickers, At: "2026-11-23 06:00", Key: app.KeyIn}, officetest.Tap{Card: stickers, At: "2026-11-23 10:00", Key: app.KeyOut})
	})
	var got []identity.CardReading
	r := readBadge(s.Host, "x", identity.AsDecimalReversed, func(all []identity.CardReading) { got = all })
	clock, gap := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), 5*time.Millisecond
	r.reader.Now = func() time.Time { clock = clock.Add(gap); return clock }
	if s.Host.Window.Canvas().Focused() != fyne.Focusable(r.reader) {
		t.Error("the reader does not have the keyboard")
	}
	typed := func(text string) {
		for _, c := range text {
			r.reader.TypedRune(c)
		}
		r.reader.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	for _, step := range []struct{ text, says string }{
		{"hello", "This is no badge number"},
		{"0004660466", "Read: 0004660466."},
		{"0004660467", "This is not the same number: first 0004660466, then 0004660467"},
		{"ààà'§§à'§§", "Read: 0004660466. The reader types for a qwerty keyboard"},
	} {
		typed(step.text)
		if !strings.Contains(r.told.Text, step.says) || got != nil {
			t.Errorf("%q: %q", step.text, r.told.Text)
		}
	}
	gap = 300 * time.Millisecond
	typed("nonsense")
	typed("0004660466")
	if !strings.Contains(r.told.Text, "Typed, not read by a reader: 0004660466 is taken as typed") {
		t.Errorf("fingers: %q", r.told.Text)
	}
	gap = 5 * time.Millisecond
	typed("0004660466")
	if len(got) != 4 || got[0].How != identity.AsDecimalReversed {
		t.Fatalf("read %+v", got)
	}

	row, _ := p.grid.Current()
	p.askReadBadge(row, got)
	if shown := s.Texts(); !strings.Contains(shown, "Now held by Peeters Bart") {
		t.Errorf("who holds it is not said: %s", shown)
	}
	s.Chooses("badge", string(identity.AsDecimal))
	if shown := s.Texts(); strings.Contains(shown, "Peeters Bart") {
		t.Error("another number is still said to be Bart's")
	}
	before := s.Did("custody.give")
	test.Tap(s.Host.Form.Save)
	if shown := s.Texts(); !strings.Contains(shown, "Peeters Anna") || s.Did("custody.give") != before {
		t.Errorf("given before it was seen what that changes: %s", shown)
	}
	test.Tap(s.Host.Effect)
	if s.Did("custody.give") != before+1 || s.Office.Staff.ReaderNotation() != identity.AsDecimal {
		t.Errorf("given %d times, remembered %q", s.Did("custody.give")-before, s.Office.Staff.ReaderNotation())
	}
}

func TestAStatementOfAPersonIsListedByItsEdges(t *testing.T) {
	s, p := theStaff(t, app.English)
	noon := s.Company.Now
	in, out := app.Side{At: noon - 7_200_000, Adjustment: "adj-2"}, app.Side{At: noon, Adjustment: "adj-2"}
	edge := app.Side{At: noon, Adjustment: "adj-3"}
	rows := kit.StatementRows(s.Host, p.names, []app.Presence{
		{SiteID: s.Company.Site.ID, In: &in, Out: &out},
		{SiteID: s.Company.Site.ID, Out: &edge},
		{SiteID: s.Company.Site.ID, In: &app.Side{At: noon}},
	})
	if len(rows) != 2 || rows[0].Id != "adj-2" || rows[1].Id != "adj-3" || rows[1].From != "?" {
		t.Errorf("statements: %+v", rows)
	}
}

func TestALoadThatFailsKeepsTheScreenAndSaysWhy(t *testing.T) {
	s, p := theStaff(t, app.English)
	s.BreakDown(kittest.ErrGone)
	p.Reload()
	if len(p.grid.Shown()) != 2 || s.Said == "" || s.Look != widget.DangerImportance {
		t.Errorf("%d rows, status %q, %d", len(p.grid.Shown()), s.Said, s.Look)
	}
}

func TestTheStaffScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(s *kittest.Stage, p *Screen) {
			p.grid.Select(string(s.Company.Anna.ID))
			p.engagements.Select(string(s.Company.OfAnna.ID))
			if rows := p.badges.Shown(); len(rows) > 0 {
				p.badges.Select(rows[0].key)
			}
		},
		Rows: func(p *Screen) map[string]int {
			return map[string]int{"staff": len(p.grid.Shown()), "badges": len(p.badges.Shown()), "engagements": len(p.engagements.Shown())}
		},
		Forms: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"badge that was read": func() {
					row, _ := p.grid.Current()
					p.askReadBadge(row, identity.CardReadings("0004660466", ""))
				},
				"presence of": p.askPresence, "withdraw": func() { kit.AskWithdraw(s.Host, p.desk, p.names, "adj", "", nil) },
				"worker": func() { p.askWorker(true) }, "end worker": p.askEnd, "engagement": func() { p.askEngagement(true) },
				"badge": p.askBadge, "end badge": p.askEndBadge, "employer": func() { p.askEmployer(app.Employer{}, nil) },
			}
		},
		Dialogs: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"employers": p.showEmployers,
				"badge": func() {
					if row, ok := p.grid.Current(); ok {
						p.askReadBadge(row, identity.CardReadings("0004660466", ""))
					}
				},
			}
		},
		Lists: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"statements": func() { kit.ShowStatements(s.Host, p.desk, p.names, s.Company.Anna.ID) },
				"a list": func() {
					s.Host.PreviewList("x", officetest.OnStick(t, "staff.csv", "family_name;given_name\nMaes;Bo\n"), p.desk.Files.ImportStaff)
				},
			}
		},
	})
}

// Nobody is chosen: that is not "no engagement".
func TestNobodyChosenIsNotNoEngagement(t *testing.T) {
	s := kittest.Enter(t, app.English)
	p := kittest.Shows(s, New(s.Host, s.Office))
	for _, l := range []interface{ State() grid.State }{p.engagements, p.badges} {
		if l.State() != grid.Unasked {
			t.Errorf("state %d with nobody chosen", l.State())
		}
	}
	p.search.SetText("nobody of that name")
	if now := s.Shown(); now.Says("No workers yet") || !now.Says("The filter hides all 2 rows") {
		t.Errorf("a filter that hides everybody says %q", now.Texts)
	}
}
