package window

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
	"klokkast/app/office"
	"klokkast/ui/officetest"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
)

// theStaff opens the screen with Anna chosen.
func theStaff(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*stage, *staffPage) {
	t.Helper()
	s := enter(t, l, prepare...)
	p := shows(s, newStaffPage(s.h, s.office))
	p.grid.Select(string(s.c.Anna.ID))
	return s, p
}

// worker is what the company knows of a person.
func (s *stage) worker(id app.ID) office.WorkerRow {
	s.t.Helper()
	for _, r := range mustBe(s.own().WorkerRows(s.t.Context()))(s.t) {
		if r.Worker.ID == id {
			return r
		}
	}
	s.t.Fatalf("no worker %s", id)
	return office.WorkerRow{}
}

func TestAWrongSSINIsSaidUnderItsFieldAndWhatWasTypedStays(t *testing.T) {
	s, p := theStaff(t, app.English)
	p.askWorker(false)
	s.h.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.top() != nil {
		t.Error("Escape does not close the form")
	}
	p.askWorker(false)
	f := s.h.form
	entries := map[string]fyne.Focusable{}
	for _, r := range f.rows {
		if e, ok := firstFocusable(r.control); ok && len(r.fields) > 0 {
			entries[r.fields[0]] = e
		}
	}
	test.Type(entries["familyname"], "Maes")
	test.Type(entries["ssin"], "85011512356")
	test.Tap(f.save)
	row := f.row("ssin")
	if !row.problem.Visible() || !strings.Contains(row.problem.Text, "85.01.15-123.55") {
		t.Errorf("under the field: visible %v, %q", row.problem.Visible(), row.problem.Text)
	}
	if s.top() == nil {
		t.Error("the form went away")
	}
	if got := row.control.(*field.Entry).Text; got != "85011512356" || f.row("familyName").control.(*field.Entry).Text != "Maes" {
		t.Errorf("what was typed is gone: %q", got)
	}
	if s.h.win.Canvas().Focused() != row.control.(fyne.Focusable) {
		t.Error("the keyboard is not on the field that is wrong")
	}
	before := s.did("worker.save")
	s.types("ssin", "93051822361")
	test.Tap(f.save)
	if n := s.did("worker.save") - before; n != 1 {
		t.Errorf("saved %d times", n)
	}
	if s.h.form == f {
		t.Error("after a new person the engagement is not asked for")
	}
	if r, ok := p.grid.Current(); !ok || r.row.Worker.FamilyName != "Maes" {
		t.Errorf("the new person is not selected: %v", r)
	}
}

func TestAnEmptySSINKeepsTheNumber(t *testing.T) {
	s, p := theStaff(t, app.English)
	p.askWorker(true)
	s.types("staffNumber", "009")
	test.Tap(s.h.form.save)
	if w := s.worker(s.c.Anna.ID).Worker; w.SSIN.Reveal() != officetest.AnnaSSIN || w.StaffNumber != "009" {
		t.Errorf("saved %+v", w)
	}
}

func TestTheSSINIsMaskedUntilItIsShown(t *testing.T) {
	s, p := theStaff(t, app.English)
	if !strings.Contains(p.ssin.Text, officetest.AnnaMasked) || s.did("ssin.reveal") != 0 {
		t.Errorf("shown: %q", p.ssin.Text)
	}
	test.Tap(p.reveal)
	if !strings.Contains(p.ssin.Text, "85.01.15-123.55") || s.did("ssin.reveal") != 1 {
		t.Errorf("shown: %q", p.ssin.Text)
	}
	p.grid.Select(string(s.c.Bart.ID))
	p.grid.Select(string(s.c.Anna.ID))
	if !strings.Contains(p.ssin.Text, officetest.AnnaMasked) {
		t.Errorf("going away and back still shows %q", p.ssin.Text)
	}
}

func TestStatingAPresenceWithoutPunches(t *testing.T) {
	s, p := theStaff(t, app.English)
	test.Tap(p.present)
	f := s.h.form
	times := func(field, day, time string) {
		moment := f.row(field).moment
		moment.Date.SetText(day)
		moment.Time.SetText(time)
	}
	test.Tap(f.save)
	if f.row("from").problem.Text == "" || f.row("to").problem.Text == "" || s.did("adjustment.make") != 0 {
		t.Error("both times are needed")
	}
	times("from", "20/11", "22:00")
	times("to", "20/11", "0600")
	test.Tap(f.save)
	if got := f.row("to").problem.Text; !strings.Contains(got, "20/11/2026 22:01") || s.did("adjustment.make") != 0 {
		t.Errorf("an end before its start, said in local time: %q", got)
	}
	times("to", "21/11", "0600")
	f.pickers[1].grid.Select(string(s.c.Site.ID))
	s.saves()
	if got := f.row("reason").problem.Text; got == "" || strings.Contains(got, "forgot.") {
		t.Errorf("a reason is needed, said in words and not in codes: %q", got)
	}
	s.chooses("reason", "box-broken")
	s.saves()
	if s.top() != nil {
		t.Errorf("the form stays after it was kept: %s", s.texts())
	}
	test.Tap(p.present)
	s.h.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.top() != nil {
		t.Error("Escape in an empty filter does not close the form")
	}
	list := mustBe(s.own().Presences(t.Context(), app.Days{}, s.c.Anna.ID, ""))(t)
	if len(list) != 1 || list[0].EngagementID != s.c.OfAnna.ID || list[0].In.At.String() != "2026-11-20T21:00:00.000Z" || list[0].Out.At.String() != "2026-11-21T05:00:00.000Z" {
		t.Errorf("kept %+v", list)
	}
}

func TestWeeklyHoursOfTheForm(t *testing.T) {
	s, p := theStaff(t, app.English)
	for _, c := range apptest.EveryWeeklyHours() {
		p.grid.Select(string(s.c.Anna.ID))
		p.engagements.Select(string(s.c.OfAnna.ID))
		before := s.did("engagement.save")
		p.askEngagement(true)
		form := s.h.form
		s.types("weeklyHours", c.Typed)
		form.submit()
		_, why := app.ParseWeeklyHours(c.Typed)
		problem := form.row("weeklyHours").problem
		kept := s.did("engagement.save") > before
		switch {
		case c.Code != "" && (kept || !problem.Visible() || problem.Text != s.h.t.Error(why)):
			t.Errorf("%q: kept %v, says %q", c.Typed, kept, problem.Text)
		case c.Code == "" && (!kept || s.worker(s.c.Anna.ID).Engagements[0].WeeklyHours != app.WeeklyHours(c.Minutes)):
			t.Errorf("%q: kept %+v, says %q", c.Typed, s.worker(s.c.Anna.ID).Engagements, problem.Text)
		}
		if s.top() != nil {
			form.close()
		}
		p.reload()
	}
}

func TestABadgeIsReadTwiceAtTheDesk(t *testing.T) {
	const stickers, backwards = "00471CF2", "F21C4700"
	s, p := theStaff(t, app.English, func(c *officetest.Company) {
		c.Give(backwards, c.OfBart, "2026-11-02 08:00")
		c.Read(officetest.Tap{Card: stickers, At: "2026-11-23 06:00", Key: app.KeyIn}, officetest.Tap{Card: stickers, At: "2026-11-23 10:00", Key: app.KeyOut})
	})
	var got []identity.CardReading
	r := readBadge(s.h, "x", identity.AsDecimalReversed, func(all []identity.CardReading) { got = all })
	clock, gap := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), 5*time.Millisecond
	r.reader.Now = func() time.Time { clock = clock.Add(gap); return clock }
	if s.h.win.Canvas().Focused() != fyne.Focusable(r.reader) {
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
	if shown := s.texts(); !strings.Contains(shown, "Now held by Peeters Bart") {
		t.Errorf("who holds it is not said: %s", shown)
	}
	s.chooses("badge", string(identity.AsDecimal))
	if shown := s.texts(); strings.Contains(shown, "Peeters Bart") {
		t.Error("another number is still said to be Bart's")
	}
	before := s.did("custody.give")
	test.Tap(s.h.form.save)
	if shown := s.texts(); !strings.Contains(shown, "Peeters Anna") || s.did("custody.give") != before {
		t.Errorf("given before it was seen what that changes: %s", shown)
	}
	test.Tap(s.h.effect)
	if s.did("custody.give") != before+1 || s.office.ReaderNotation() != identity.AsDecimal {
		t.Errorf("given %d times, remembered %q", s.did("custody.give")-before, s.office.ReaderNotation())
	}
}

func TestAStatementOfAPersonIsListedByItsEdges(t *testing.T) {
	s, p := theStaff(t, app.English)
	noon := s.c.Now
	in, out := app.Side{At: noon - 7_200_000, Adjustment: "adj-2"}, app.Side{At: noon, Adjustment: "adj-2"}
	edge := app.Side{At: noon, Adjustment: "adj-3"}
	rows := statementRows(s.h, p.names, []app.Presence{
		{SiteID: s.c.Site.ID, In: &in, Out: &out},
		{SiteID: s.c.Site.ID, Out: &edge},
		{SiteID: s.c.Site.ID, In: &app.Side{At: noon}},
	})
	if len(rows) != 2 || rows[0].id != "adj-2" || rows[1].id != "adj-3" || rows[1].from != "?" {
		t.Errorf("statements: %+v", rows)
	}
}

func TestALoadThatFailsKeepsTheScreenAndSaysWhy(t *testing.T) {
	s, p := theStaff(t, app.English)
	s.breakDown(errGone)
	p.reload()
	if len(p.grid.Shown()) != 2 || s.said == "" || s.look != widget.DangerImportance {
		t.Errorf("%d rows, status %q, %d", len(p.grid.Shown()), s.said, s.look)
	}
}

func TestTheStaffScreen(t *testing.T) {
	holds(t, script[*staffPage]{
		open: func(s *stage) *staffPage { return newStaffPage(s.h, s.office) },
		ready: func(s *stage, p *staffPage) {
			p.grid.Select(string(s.c.Anna.ID))
			p.engagements.Select(string(s.c.OfAnna.ID))
			if rows := p.badges.Shown(); len(rows) > 0 {
				p.badges.Select(rows[0].key)
			}
		},
		rows: func(p *staffPage) map[string]int {
			return map[string]int{"staff": len(p.grid.Shown()), "badges": len(p.badges.Shown()), "engagements": len(p.engagements.Shown())}
		},
		forms: func(s *stage, p *staffPage) map[string]func() {
			return map[string]func(){
				"badge that was read": func() {
					row, _ := p.grid.Current()
					p.askReadBadge(row, identity.CardReadings("0004660466", ""))
				},
				"presence of": p.askPresence, "withdraw": func() { askWithdraw(s.h, p.desk, p.names, "adj", "", nil) },
				"worker": func() { p.askWorker(true) }, "end worker": p.askEnd, "engagement": func() { p.askEngagement(true) },
				"badge": p.askBadge, "end badge": p.askEndBadge, "employer": func() { p.askEmployer(app.Employer{}, nil) },
			}
		},
		dialogs: func(s *stage, p *staffPage) map[string]func() {
			return map[string]func(){
				"employers": p.showEmployers,
				"badge": func() {
					if row, ok := p.grid.Current(); ok {
						p.askReadBadge(row, identity.CardReadings("0004660466", ""))
					}
				},
			}
		},
		lists: func(s *stage, p *staffPage) map[string]func() {
			return map[string]func(){
				"statements": func() { showStatements(s.h, p.desk, p.names, s.c.Anna.ID) },
				"a list": func() {
					s.h.previewList("x", officetest.OnStick(t, "staff.csv", "family_name;given_name\nMaes;Bo\n"), p.desk.ImportStaff)
				},
			}
		},
	})
}

// Nobody is chosen: that is not "no engagement".
func TestNobodyChosenIsNotNoEngagement(t *testing.T) {
	s := enter(t, app.English)
	p := shows(s, newStaffPage(s.h, s.office))
	for _, l := range []interface{ State() grid.State }{p.engagements, p.badges} {
		if l.State() != grid.Unasked {
			t.Errorf("state %d with nobody chosen", l.State())
		}
	}
	p.search.SetText("nobody of that name")
	if now := s.shown(); now.says("No workers yet") || !now.says("The filter hides all 2 rows") {
		t.Errorf("a filter that hides everybody says %q", now.texts)
	}
}
