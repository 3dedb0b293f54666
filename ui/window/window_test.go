package window

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/assets"
	"klokkast/ui/window/field"
)

func TestEveryScreenLoadsInEveryLanguageAndNoTextIsMissing(t *testing.T) {
	for _, l := range app.Languages {
		t.Run(string(l), func(t *testing.T) {
			w, d := open(t, l)
			for i, s := range w.pages {
				before := len(d.calls)
				w.show(i)
				if len(d.calls) == before {
					t.Errorf("%s asked the desk nothing", s.name)
				}
			}
			boxes := to[*boxesPage](t, w, "boxes")
			boxes.grid.Select(boxUID)
			anomalies := to[*anomaliesPage](t, w, "anomalies")
			for _, r := range anomalies.grid.Shown() {
				anomalies.grid.Select(r.key)
			}
			staff := to[*staffPage](t, w, "staff")
			staff.grid.Select(string(an))
			sites := to[*sitesPage](t, w, "sites")
			sites.grid.Select(string(townHall))
			plan := to[*planPage](t, w, "plan")
			for name, n := range map[string]int{
				"present": len(to[*todayPage](t, w, "today").present.Shown()), "boxes": len(boxes.grid.Shown()), "readings": len(boxes.sessions.Shown()),
				"anomalies": len(anomalies.grid.Shown()), "staff": len(staff.grid.Shown()), "badges": len(staff.badges.Shown()), "engagements": len(staff.engagements.Shown()),
				"sites": len(sites.grid.Shown()), "plan": len(plan.week.Shown()), "shifts": len(plan.shifts.Shown()), "lines": len(plan.lines.Shown()), "declarations": len(sites.declarations.Shown()), "placements": len(sites.placements.Shown()),
				"held": len(to[*ciaoPage](t, w, "ciao").held.Shown()), "rows": len(to[*ciaoPage](t, w, "ciao").rows.Shown()), "sheets": len(to[*sheetsPage](t, w, "timesheets").grid.Shown()),
			} {
				if n == 0 {
					t.Errorf("%s is empty", name)
				}
			}
			if m := w.opt.Texts.Missing(); len(m) > 0 {
				t.Errorf("missing texts: %v", m)
			}
		})
	}
}

func TestEveryFormOpens(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} { // the keys of all four are checked from the source

		t.Run(string(l), func(t *testing.T) {
			w, d := open(t, l)
			d.names.Boxes["zkteco:A1"] = app.Box{UID: "zkteco:A1", Make: app.MakeZK, Label: "Gate"}
			d.previewTable = aTable
			boxes := to[*boxesPage](t, w, "boxes")
			boxes.grid.Select(boxUID)
			anomalies := to[*anomaliesPage](t, w, "anomalies")
			staff := to[*staffPage](t, w, "staff")
			staff.grid.Select(string(an))
			staff.engagements.Select(string(engaged))
			staff.badges.Select("custody")
			sites := to[*sitesPage](t, w, "sites")
			sites.grid.Select(string(townHall))
			sites.declarations.Select("l")
			sites.placements.Select("placement")
			plan := to[*planPage](t, w, "plan")
			plan.lines.Select(string(planLine))
			plan.shifts.Select(string(planLine) + app.NewDate(2026, 11, 24).String())
			register := to[*ciaoPage](t, w, "ciao")
			register.held.Select(string(app.HeldBeyondWindow))
			register.rows.Select(punchKey(5).String())
			explained := func() {
				anomalies.status.set(string(app.AnomalyExplained))
				anomalies.grid.SelectAll()
				anomalies.askReopen()
			}
			anomalies.grid.Select(key(app.MissingOut, anomalies))
			forms := map[string]func(){
				"place": boxes.askPlace, "end placement": boxes.askEnd, "change box": boxes.askChange,
				"box of a file":  func() { boxes.askBox("/x/attlog.dat", office.ImportOptions{}, false) },
				"box of a table": func() { boxes.askBox("/x/table.csv", office.ImportOptions{}, true) },
				"mapping":        func() { boxes.askMapping("/x/table.csv", "", "", nil) }, "people of a terminal": func() { boxes.askUsers("/x/user.dat") },
				"badge that was read": func() {
					row, _ := staff.grid.Current()
					staff.askReadBadge(row, identity.CardReadings("0004660466", ""))
				},
				"status of file": func() {
					boxes.askStatus("/x/attlog.dat", office.ImportOptions{}, &reading.AskStatusError{Statuses: []string{"0"}})
				},
				"explain": anomalies.askExplain, "time": anomalies.askTime, "presence": anomalies.askPresence, "presence of": staff.askPresence,
				"hours of a site": anomalies.askSite, "withdraw": func() { askWithdraw(w.host, staff.desk, anomalies.names, "adj", "", nil) },
				"worker": func() { staff.askWorker(true) }, "end worker": staff.askEnd, "engagement": func() { staff.askEngagement(true) },
				"badge": staff.askBadge, "end badge": staff.askEndBadge, "employer": func() { staff.askEmployer(app.Employer{}, nil) },
				"site": func() { sites.askSite(true) }, "end site": sites.askEnd, "decision": sites.askDecision, "declaration": func() { sites.askDeclaration(true) },
				"new declaration": func() { sites.askDeclaration(false) }, "place box": sites.askPlace, "end box": sites.askEndPlacement,
				"release": register.askRelease, "decide": register.askDecide, "decideAll": register.askDecideAll, "since": func() { register.askSince(app.Employer{ID: own, Name: "Blinkend Schoon BV"}, nil) },
				"line": func() { plan.askLine(true) }, "new line": func() { plan.askLine(false) }, "end line": plan.askEnd, "hours": plan.askHours, "cancel": plan.askCancel,
				"stand-in": plan.askStandIn, "absence": plan.askAbsence, "take back": plan.askTakeBack, "copy week": plan.askCopy,
				"repair": func() { askRepair(w.host, boxes.desk, boxes.names, punchKey(1)) }, "notation": func() { askNotation(w.host, boxes.desk, boxes.names, "04DEADBEEF") },
				"take repair back": func() { askTakeBack(w.host, boxes.desk, boxes.names, "x", office.Proposal{}, nil, nil) },
				"actor":            w.askActor, "holidays": func() { askHolidays(w.host, w.desk) }, "letterhead": func() { askLetterhead(w.host, w.desk) }, "credential": register.askCredential, "passphrase": register.askPassphrase, "resume": register.askResume,
			}
			opens := func(name string, ask func()) {
				t.Helper()
				w.host.form = nil
				ask()
				if w.host.form == nil {
					t.Errorf("%s opened no form", name)
					return
				}
				w.host.form.close()
			}
			for name, ask := range forms {
				opens(name, ask)
			}
			opens("reopen", explained) // last: it changes the filter
			for _, show := range []func(){staff.showEmployers, func() { showStatements(w.host, staff.desk, staff.names, an) },
				register.showSince, register.showAttempts, func() { w.host.previewList("x", "/x/staff.csv", staff.desk.ImportStaff) },
				func() { showRepairs(w.host, boxes.desk, boxes.names, boxUID) }, func() { showThresholds(w.host, w.desk, office.ThresholdOwner{Site: townHall}, "x") }, boxes.chooseFile, func() { w.host.folderDialog(func(string) {}) }, func() { w.host.importList("x", sites.desk.ImportSites) }} {
				before := len(w.win.Canvas().Overlays().List())
				show()
				if len(w.win.Canvas().Overlays().List()) == before {
					t.Error("a list did not open")
				}
			}
			if m := w.opt.Texts.Missing(); len(m) > 0 {
				t.Errorf("missing texts: %v", m)
			}
		})
	}
}

func key(r app.Rule, p *anomaliesPage) string {
	for _, row := range p.grid.Shown() {
		if row.a.Rule == r {
			return row.key
		}
	}
	return ""
}

// keyLike finds catalogue keys in the source; one that ends in a dot is the
// beginning of a key whose end is computed.
var keyLike = regexp.MustCompile(`"(window\.[A-Za-z.]+)"`)

func TestEveryTextThatTheCodeNamesStandsInAllCatalogues(t *testing.T) {
	c := catalogue(t)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyLike.FindAllStringSubmatch(string(source), -1) {
			found++
			for _, l := range app.Languages {
				if !holds(c.For(l), m[1]) {
					t.Errorf("%s: %s lacks %s", f.Name(), l, m[1])
				}
			}
		}
	}
	if found < 300 {
		t.Errorf("found only %d keys: does the pattern still fit the code?", found)
	}
	for _, w := range fyneWords {
		for _, l := range app.Languages {
			if !c.For(l).Has("window.fyne." + w) {
				t.Errorf("%s lacks window.fyne.%s", l, w)
			}
		}
	}
}

func holds(t *text.Translator, key string) bool {
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
	c := catalogue(t)
	for l, want := range map[app.Language]string{app.Dutch: "Annuleren", app.French: "Annuler", app.German: "Abbrechen", app.English: "Cancel"} {
		speak(c.For(l))
		if got := lang.L("Cancel"); got != want {
			t.Errorf("%s: Cancel is %q, want %q", l, got, want)
		}
	}
}

func TestReadingABoxShowsProgressAndCanBeCancelled(t *testing.T) {
	d := newFakeDesk(t)
	back := make(queue, 100)
	begun := make(chan struct{})
	d.read = func(ctx context.Context, p office.Progress) (app.Reading, error) {
		p(0, 200)
		p(200, 200)
		close(begun)
		<-ctx.Done() // a box that never comes to an end
		return app.Reading{}, ctx.Err()
	}
	w := openOn(t, d, Options{Language: app.English, Texts: catalogue(t), do: back.do})
	w.goTo("boxes", "")
	p := w.pages[w.current].page.(*boxesPage)
	back.until(t, func() bool { return len(p.grid.Shown()) == 1 })
	p.grid.Select(boxUID)
	p.readSelected()
	<-begun
	x := w.works.running["read:sim:1"]
	if x == nil {
		t.Fatal("no work is under way")
	}
	back.until(t, func() bool { return x.bar.Visible() && x.bar.Value == 1 })
	if x.count.Text != "200 of 200" || p.read.Disabled() == false {
		t.Errorf("count %q, read button disabled: %v", x.count.Text, p.read.Disabled())
	}
	p.readSelected() // a second click begins nothing
	w.show(3)        // another screen: the work goes on and its line stays
	if d.called("ReadBox") != 1 || len(w.works.box.Objects) != 1 {
		t.Errorf("read %d times, %d lines", d.called("ReadBox"), len(w.works.box.Objects))
	}
	test.Tap(x.stop)
	back.until(t, func() bool { return len(w.works.running) == 0 })
	if len(w.works.box.Objects) != 0 || !strings.Contains(w.status.Text, "What was stored stays stored") {
		t.Errorf("after cancelling: %d lines, status %q", len(w.works.box.Objects), w.status.Text)
	}
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("cancelling is not a failure and shows no dialog")
	}
}

func TestReadingAllSaysOnceWhatCameOfIt(t *testing.T) {
	w, d := open(t, app.English)
	second := d.boxes[0]
	second.Connected, second.Box.UID = "sim:2", "other"
	away, locked := d.boxes[0], d.boxes[0]
	away.Connected, locked.Problem, locked.Connected = "", "no-permission", "usb:3"
	d.boxes = append(d.boxes, second, away, locked)
	d.read = func(context.Context, office.Progress) (app.Reading, error) {
		return app.Reading{Records: 10, New: 4}, nil
	}
	readAll(w.host, d)
	if d.called("ReadBox") != 2 || w.status.Text != "2 boxes read: 20 records, 8 new." {
		t.Errorf("read %d boxes, status %q", d.called("ReadBox"), w.status.Text)
	}
	d.boxes = []office.BoxRow{away}
	readAll(w.host, d)
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("no box is connected, and nobody is told what to do")
	}
}

func TestClosingWhileWorkIsUnderWayAsksFirst(t *testing.T) {
	d := newFakeDesk(t)
	back := make(queue, 100)
	d.read = func(ctx context.Context, _ office.Progress) (app.Reading, error) {
		<-ctx.Done()
		return app.Reading{}, ctx.Err()
	}
	w := openOn(t, d, Options{Language: app.English, Texts: catalogue(t), do: back.do})
	readBoxes(w.host, d, d.boxes)
	w.close()
	if w.win.Canvas().Overlays().Top() == nil || d.watch == nil {
		t.Fatal("it closed without asking")
	}
	w.works.cancelAll()
	back.until(t, func() bool { return len(w.works.running) == 0 })
	w.win.Canvas().Overlays().Top().Hide()
	w.close()
	if d.watch != nil {
		t.Error("a closed window still listens")
	}
}

func TestAWrongSSINIsSaidUnderItsFieldAndWhatWasTypedStays(t *testing.T) {
	w, d := open(t, app.English)
	d.save = func(wk app.Worker) error {
		if wk.SSIN.Reveal() == "85011512356" {
			return errors.Join(&app.FieldError{Field: "ssin", Code: "ssin.check", Example: "85.01.15-123.55"})
		}
		return nil
	}
	p := to[*staffPage](t, w, "staff")
	p.askWorker(false)
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the form")
	}
	p.askWorker(false)
	f := w.host.form
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
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("the form went away")
	}
	if got := textOf(row.control); got != "85011512356" || textOf(f.row("familyName").control) != "Maes" {
		t.Errorf("what was typed is gone: %q", got)
	}
	if w.win.Canvas().Focused() != row.control.(fyne.Focusable) {
		t.Error("the keyboard is not on the field that is wrong")
	}
	setText(row.control, "85011512355")
	test.Tap(f.save)
	if d.called("SaveWorker") != 2 {
		t.Errorf("saved %d times", d.called("SaveWorker"))
	}
	if w.host.form == f {
		t.Error("after a new person the engagement is not asked for")
	}
	if r, ok := p.grid.Current(); !ok || r.key != "worker-new" {
		t.Errorf("the new person is not selected: %v", r)
	}
}

func textOf(o fyne.CanvasObject) string {
	if e, ok := o.(*field.Entry); ok {
		return e.Text
	}
	return ""
}

func setText(o fyne.CanvasObject, s string) {
	if e, ok := o.(interface{ SetText(string) }); ok {
		e.SetText(s)
	}
}

func TestAnEmptySSINKeepsTheNumber(t *testing.T) {
	w, d := open(t, app.English)
	var saved app.Worker
	d.save = func(wk app.Worker) error { saved = wk; return nil }
	p := to[*staffPage](t, w, "staff")
	p.grid.Select(string(an))
	p.askWorker(true)
	test.Tap(w.host.form.save)
	if saved.SSIN.Reveal() != "85011512355" || saved.ID != an {
		t.Errorf("saved %+v", saved)
	}
}

func TestTheSSINIsMaskedUntilItIsShown(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*staffPage](t, w, "staff")
	p.grid.Select(string(an))
	if !strings.Contains(p.ssin.Text, "850*****55") || d.called("RevealSSIN") != 0 {
		t.Errorf("shown: %q", p.ssin.Text)
	}
	test.Tap(p.reveal)
	if !strings.Contains(p.ssin.Text, "85.01.15-123.55") || d.called("RevealSSIN") != 1 {
		t.Errorf("shown: %q", p.ssin.Text)
	}
	p.ended.SetChecked(true)
	p.grid.Select("worker-gone")
	p.grid.Select(string(an))
	if !strings.Contains(p.ssin.Text, "850*****55") {
		t.Errorf("going away and back still shows %q", p.ssin.Text)
	}
}

func TestSettlingAnomalies(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*anomaliesPage](t, w, "anomalies")
	if first := p.grid.Shown()[0]; first.a.Severity != app.Serious || len(p.grid.Shown()) != 3 {
		t.Errorf("the open ones, the worst first: got %d, first %s", len(p.grid.Shown()), first.severity)
	}

	p.grid.Select(key(app.MissingOut, p))
	if !strings.Contains(p.text.Text, "Peeters An") || len(p.punches.Shown()) != 1 || p.time.Disabled() {
		t.Errorf("card: %q, %d punches", p.text.Text, len(p.punches.Shown()))
	}
	p.askTime()
	f := w.host.form
	test.Tap(f.save)
	if f.row("at").problem.Text == "" || d.called("AdjustMissing") != 0 {
		t.Error("a time is needed")
	}
	f.row("at").control.(*fyne.Container).Objects[1].(interface{ SetText(string) }).SetText("1502")
	test.Tap(f.save)
	if d.adjusted.String() != "2026-11-20T14:02:00.000Z" {
		t.Errorf("adjusted to %s, want 15:02 in Belgium", d.adjusted)
	}

	p.grid.SelectAll()
	p.askExplain()
	f = w.host.form
	test.Tap(f.save)
	if !f.row("reason").problem.Visible() {
		t.Error("a reason is needed, said under its field")
	}
	f.row("reason").control.(*choice).set("agreed")
	test.Tap(f.save)
	if len(d.explained) != 3 || d.called("Explain") != 1 {
		t.Errorf("explained %d", len(d.explained))
	}

	p.grid.Select(key(app.UnknownBadge, p))
	p.askAssign()
	test.Tap(w.host.form.save) // the holder of the badge that looks the same is proposed
	if len(d.given) != 1 || d.given[0].Key.Value != "04DEADBEEF" || d.given[0].EngagementID != engaged {
		t.Errorf("assigned %+v", d.given)
	}
}

func TestStatingAPresenceWithoutPunches(t *testing.T) {
	w, d := open(t, app.English)
	var kept app.Adjustment
	d.state = func(a app.Adjustment) error {
		kept = a
		if a.Reason == "" {
			return &app.FieldError{Field: "reason", Code: "reason.unknown", Example: "forgot"}
		}
		return nil
	}
	p := to[*staffPage](t, w, "staff")
	p.grid.Select(string(an))
	test.Tap(p.present)
	f := w.host.form
	times := func(field, day, time string) {
		moment := f.row(field).moment
		moment.Date.SetText(day)
		moment.Time.SetText(time)
	}
	test.Tap(f.save)
	if f.row("from").problem.Text == "" || f.row("to").problem.Text == "" || d.called("AdjustPresences") != 0 {
		t.Error("both times are needed")
	}
	times("from", "20/11", "22:00")
	times("to", "20/11", "0600")
	test.Tap(f.save)
	if got := f.row("to").problem.Text; !strings.Contains(got, "20/11/2026 22:01") || d.called("AdjustPresences") != 0 {
		t.Errorf("an end before its start, said in local time: %q", got)
	}
	times("to", "21/11", "0600")
	test.Tap(f.save)
	if got := f.row("reason").problem.Text; got == "" || strings.Contains(got, "forgot.") {
		t.Errorf("a reason is needed, said in words and not in codes: %q", got)
	}
	f.row("reason").control.(*choice).set("box-broken")
	test.Tap(f.save)
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("the form stays after it was kept")
	}
	test.Tap(p.present)
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape in an empty filter does not close the form")
	}
	if kept.EngagementID != engaged || kept.From.String() != "2026-11-20T21:00:00.000Z" || kept.To.String() != "2026-11-21T05:00:00.000Z" || kept.Reason != "box-broken" {
		t.Errorf("kept %+v", kept)
	}
}

func TestAStatementIsTakenBackFromItsAnomalyOrFromItsPerson(t *testing.T) {
	w, d := open(t, app.English)
	d.found[0].Status, d.found[0].Facts = app.AnomalyAdjusted, map[string]string{"adjusted": "adj-1"}
	p := to[*anomaliesPage](t, w, "anomalies")
	p.status.set(string(app.AnomalyAdjusted))
	p.grid.Select(key(app.MissingOut, p))
	if !p.back.Visible() || p.reopen.Visible() {
		t.Fatal("an adjusted anomaly is undone by taking its statement back")
	}
	test.Tap(p.back)
	test.Tap(w.host.form.save)
	if d.withdrawn != "adj-1" {
		t.Errorf("withdrew %q", d.withdrawn)
	}

	in, out := app.Side{At: noon - 7_200_000, Adjustment: "adj-2"}, app.Side{At: noon, Adjustment: "adj-2"}
	edge := app.Side{At: noon, Adjustment: "adj-3"}
	rows := statementRows(w.host, d.names, []app.Presence{
		{SiteID: townHall, In: &in, Out: &out},
		{SiteID: townHall, Out: &edge},
		{SiteID: townHall, In: &app.Side{At: noon}},
	})
	if len(rows) != 2 || rows[0].id != "adj-2" || rows[1].id != "adj-3" || rows[1].from != "?" {
		t.Errorf("statements: %+v", rows)
	}
}

func TestTheOfficesExampleInstantsAreShownAsLocalTime(t *testing.T) {
	w, d := open(t, app.English)
	d.fail["AdjustMissing"] = errors.Join(&app.FieldError{Field: "to", Code: "to.beforeFrom", Example: "2026-11-20T14:02:33.000Z"})
	p := to[*anomaliesPage](t, w, "anomalies")
	p.grid.Select(key(app.MissingOut, p))
	p.askTime()
	f := w.host.form
	f.row("at").moment.Time.SetText("0900")
	test.Tap(f.save)
	if got := f.row("to").problem.Text; !strings.Contains(got, "20/11/2026 15:03") || strings.Contains(got, "Z") {
		t.Errorf("got %q, want the first whole minute after it, in Belgium", got)
	}
}

func TestTodayLeadsToTheAnomaliesOfOneSeverity(t *testing.T) {
	w, _ := open(t, app.English)
	p := to[*todayPage](t, w, "today")
	if p.severity[app.Serious].Text != "Serious  2" || !strings.Contains(p.notices.Text, "12 punches") {
		t.Errorf("%q, %q", p.severity[app.Serious].Text, p.notices.Text)
	}
	test.Tap(p.severity[app.Information])
	a, ok := w.pages[w.current].page.(*anomaliesPage)
	if !ok || len(a.grid.Shown()) != 1 || a.grid.Shown()[0].a.Rule != app.NightWork {
		t.Fatal("the click did not lead to the information alone")
	}
	w.goTo("today", "")
	p.newest.OnOpen(p.newest.Shown()[0])
	if r, ok := a.grid.Current(); !ok || r.a.Rule != app.MissingOut {
		t.Errorf("the click did not lead to the anomaly itself but to %s", r.what)
	}
}

func TestReleasingTakesOnlyWhatMayBeReleasedAndNamesTheOldest(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*ciaoPage](t, w, "ciao")
	p.held.Select(string(app.NeverIgnored))
	if !p.release.Disabled() {
		t.Error("what is never sent can be released")
	}
	p.held.Select(string(app.HeldBeyondWindow))
	test.Tap(p.release)
	test.Tap(w.host.form.save)
	if len(d.released) != 1 || d.released[0] != punchKey(3) {
		t.Errorf("released %v", d.released)
	}
	if !strings.Contains(w.status.Text, "1 punch released") {
		t.Errorf("status %q", w.status.Text)
	}
}

func TestEnteringTheAccessToTheRegister(t *testing.T) {
	w, d := open(t, app.English)
	d.env = app.Production
	p := to[*ciaoPage](t, w, "ciao")
	p.askCredential()
	f := w.host.form
	test.Tap(f.save)
	if !f.row("clientId").problem.Visible() || !f.row("key").problem.Visible() || !f.row("passphrase").problem.Visible() || f.row("base").problem.Visible() {
		t.Error("client id, key and passphrase are needed, addresses are known")
	}
	if m := w.opt.Texts.Missing(); len(m) > 0 {
		t.Errorf("missing texts: %v", m)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, []byte("PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	setText(f.row("clientId").control, " my-client ")
	setText(f.row("key").control, file)
	test.Tap(f.save)
	if d.credential.ClientID != "my-client" || string(d.credential.File) != "PEM" || d.credential.Environment != app.Production || d.credential.Base == "" {
		t.Errorf("kept %v", d.credential.ClientID)
	}
}

func TestALockedKeyIsSaidAndUnlocked(t *testing.T) {
	w, d := open(t, app.English)
	d.access = office.Access{Known: true, Locked: true, Expires: noon.Add(20 * 24 * time.Hour), DaysLeft: 20}
	p := to[*ciaoPage](t, w, "ciao")
	if !p.unlock.Visible() || !strings.Contains(p.stopped.Text, "NOT SENDING: passphrase needed") || !strings.Contains(p.stopped.Text, "ends in 20 days") {
		t.Errorf("not said: %q", p.stopped.Text)
	}
	test.Tap(p.unlock)
	f := w.host.form
	setText(f.row("passphrase").control, "another one altogether")
	test.Tap(f.save)
	if !strings.Contains(f.general.Text, "does not fit") {
		t.Errorf("a wrong passphrase: %q", f.general.Text)
	}
	setText(f.row("passphrase").control, "twaalf tekens lang")
	test.Tap(f.save)
	p.reload()
	if d.access.Locked || p.unlock.Visible() {
		t.Error("it is still locked")
	}
}

func TestTheConnectionTestShowsEachStep(t *testing.T) {
	w, d := open(t, app.English)
	d.steps = []ciao.StepResult{{Step: ciao.StepKey, State: ciao.StepFine}, {Step: ciao.StepNetwork, State: ciao.StepFailed, Code: ciao.CodeNoConnection}, {Step: ciao.StepClock, State: ciao.StepSkipped}}
	p := to[*ciaoPage](t, w, "ciao")
	p.testConnection()
	if d.called("TestConnection") != 1 {
		t.Error("nothing was tried")
	}
	rows := stepRows(w.host, d.steps)
	if rows[1].state != "Failed" || !strings.Contains(rows[1].why, "internet connection") || rows[2].why != "" {
		t.Errorf("shown %+v", rows)
	}
}

func TestSendingThatStoppedCanBeResumed(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*ciaoPage](t, w, "ciao")
	if p.resume.Visible() {
		t.Error("nothing stopped, and there is a button to resume")
	}
	d.counts.Stopped = "invalid_client"
	p.reload()
	if !p.resume.Visible() || !strings.Contains(p.stopped.Text, "client id") {
		t.Errorf("why it stopped: %q", p.stopped.Text)
	}
	test.Tap(p.resume)
	test.Tap(w.host.form.save)
	if d.called("ResumeSending") != 1 {
		t.Error("it was not resumed")
	}
}

func TestTheMonthOfTimesheets(t *testing.T) {
	for day, want := range map[string]string{"2026-11-02": "2026-10", "2026-11-11": "2026-11", "2026-01-05": "2025-12"} {
		d, err := app.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := sheetMonth(d).String(); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

func TestWritingTimesheetsStopsBetweenTwo(t *testing.T) {
	w, d := open(t, app.English)
	for _, id := range []app.ID{"e2", "e3"} {
		d.sheets = append(d.sheets, office.SheetRow{Engagement: app.Engagement{ID: id}})
	}
	p := to[*sheetsPage](t, w, "timesheets")
	d.writing = func(context.Context) error {
		if len(d.written) == 1 {
			w.works.cancelAll()
		}
		return nil
	}
	p.write(p.grid.Shown(), nil)
	if len(d.written) != 2 {
		t.Errorf("%d were written: the one under way ends, no other begins", len(d.written))
	}
	p.grid.Select(string(engaged))
	if p.openOne.Disabled() {
		t.Error("what was written cannot be opened")
	}
}

func TestManyChangesLoadTheScreenOnce(t *testing.T) {
	w, d := open(t, app.English)
	w.show(4)
	before := d.called("WorkerRows")
	for range 20 {
		d.watch()
	}
	if n := len(d.stage.waiting); n != 1 {
		t.Fatalf("%d reloads are planned", n)
	}
	d.stage.pass()
	if n := d.called("WorkerRows") - before; n != 1 {
		t.Errorf("loaded %d times", n)
	}
	d.watch()
	if len(d.stage.waiting) != 1 {
		t.Error("a later change is not noticed")
	}
}

func TestALoadThatFailsKeepsTheScreenAndSaysWhy(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*staffPage](t, w, "staff")
	d.fail["WorkerRows"] = context.DeadlineExceeded
	p.reload()
	if len(p.grid.Shown()) != 1 || w.status.Text == "" || w.status.Importance != widget.DangerImportance {
		t.Errorf("%d rows, status %q", len(p.grid.Shown()), w.status.Text)
	}
}

func TestOfTwoLoadsTheLaterAskedCounts(t *testing.T) {
	var waiting []func()
	h := &host{ctx: context.Background(), run: func(f func()) { waiting = append(waiting, f) }, do: func(f func()) { f() }, now: func() app.Instant { return noon }}
	l := h.asks()
	var shown []int
	for i := range 2 {
		load(l, nil, func(context.Context) (int, error) { return i, nil }, func(v int) { shown = append(shown, v) })
	}
	waiting[1]()
	waiting[0]() // the first one comes last
	if len(shown) != 1 || shown[0] != 1 {
		t.Errorf("shown %v, want the second alone", shown)
	}
}

func TestChoosingALanguageBuildsTheWindowAnew(t *testing.T) {
	w, d := open(t, app.English)
	w.show(4)
	w.setLanguage(app.French)
	if d.lang != app.French || w.pages[4].entry.label.Text != "Personnel" || w.current != 4 {
		t.Errorf("language %s, entry %q, screen %d", d.lang, w.pages[4].entry.label.Text, w.current)
	}
}

func TestTheBannerStandsOutsideProductionOnly(t *testing.T) {
	w, d := open(t, app.Dutch)
	if w.banner() == nil {
		t.Error("no banner before a simulator")
	}
	d.env = app.Production
	if w.banner() != nil {
		t.Error("a banner in production")
	}
}

func TestEachScreenHasItsShortcut(t *testing.T) {
	w, _ := open(t, app.English)
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

func TestParseCoordinates(t *testing.T) {
	for _, text := range []string{"50.87959, 4.70093", "50.87959 4.70093", "50,87959; 4,70093", "50,87959 4,70093", "50.87959,4.70093"} {
		if c, err := parseCoordinates(text); err != nil || c == nil || c.Latitude != 50.87959 || c.Longitude != 4.70093 {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
	if c, err := parseCoordinates(" "); c != nil || err != nil {
		t.Errorf("nothing gives %v, %v", c, err)
	}
	for _, text := range []string{"50.8", "a, b", "1, 2, 3"} {
		if c, err := parseCoordinates(text); err == nil {
			t.Errorf("%q: %v", text, c)
		}
	}
}

func TestPeriods(t *testing.T) {
	monday := app.NewDate(2026, 11, 23)
	for length, want := range map[string]string{aDay: "2026-11-26 2026-11-26", aWeek: "2026-11-23 2026-11-29", aMonth: "2026-11-01 2026-11-30"} {
		d := around(length, monday.AddDays(3))
		if got := d.From.String() + " " + d.To.String(); got != want {
			t.Errorf("%s: %s", length, got)
		}
	}
	w, d := open(t, app.English)
	p := to[*punchesPage](t, w, "punches")
	p.period.length.set(aWeek)
	p.period.step(-1)
	if p.period.days.From.String() != "2026-11-16" || len(p.grid.Shown()) != 2 {
		t.Errorf("the week before begins %s with %d punches", p.period.days.From, len(p.grid.Shown()))
	}
	p.period.from.SetText("20/11")
	p.period.to.SetText("")
	p.period.read()
	if p.period.days.From != p.period.days.To || p.period.length.value() != aFree {
		t.Errorf("typed period %v", p.period.days)
	}
	before := d.called("PunchRows")
	p.period.from.SetText("someday")
	p.period.read()
	if d.called("PunchRows") != before || p.period.from.Text != "20/11/2026" || w.status.Text == "" {
		t.Errorf("a bad date was taken: %q", p.period.from.Text)
	}
}

func TestFlattenFindsJoinedErrorsBelowAWrapping(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	got := flatten(wrap{errors.Join(a, errors.Join(b))})
	if len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("got %v", got)
	}
}

type wrap struct{ error }

func (w wrap) Unwrap() error { return w.error }
