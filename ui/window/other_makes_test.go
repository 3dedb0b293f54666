package window

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/app/reading"
)

func TestAnImportAsksShowsAndThenStores(t *testing.T) {
	w, d := open(t, app.English)
	var asked []office.ImportOptions
	d.previewImport = func(opt office.ImportOptions) (*office.ImportPlan, error) {
		asked = append(asked, opt)
		switch {
		case opt.Box == "":
			return nil, &reading.NeedsBoxError{File: "attlog.dat"}
		case opt.StatusKeys == "":
			return nil, &reading.AskStatusError{Statuses: []string{"0"}}
		}
		return &office.ImportPlan{Plan: &reading.Plan{
			File: "attlog.dat", Box: app.Box{UID: opt.Box, Zone: opt.Zone}, Records: 10, New: 4, Before: 6, First: noon - 2e9, Last: noon, Keys: map[app.PunchKey]int{app.KeyIn: 10},
			People: []reading.PlannedPerson{{Key: app.IdentifierKey{Kind: app.PIN, Value: "12"}, Taps: 7}, {Key: app.IdentifierKey{Kind: app.PIN, Value: "13"}, Taps: 3}},
			Bad:    []reading.LineProblem{{Line: 3, Code: "pin", Text: "x"}},
		}, Holders: []app.ID{engaged, ""}}, nil
	}
	var stored office.ImportOptions
	d.importFile = func(opt office.ImportOptions) (reading.Imported, error) {
		stored = opt
		return reading.Imported{Reading: app.Reading{Records: 10, New: 4}}, nil
	}
	p := to[*boxesPage](t, w, "boxes")
	p.importFile("/usb/attlog.dat", office.ImportOptions{})
	f := w.host.form
	if f == nil {
		t.Fatal("it did not ask which box")
	}
	test.Tap(f.save)
	if !f.row("serial").problem.Visible() || len(asked) != 1 {
		t.Error("it went on without an answer")
	}
	setText(f.row("serial").control, "CKJ1234567")
	test.Tap(f.save)
	f = w.host.form
	f.row("statusKeys").control.(*choice).set(string(app.StatusIsKey))
	test.Tap(f.save)
	if len(asked) != 3 || asked[2].Box != "zkteco:CKJ1234567" || asked[2].StatusKeys != app.StatusIsKey || asked[2].Zone != app.DefaultZone {
		t.Errorf("asked with %+v", asked)
	}
	shown := onTop(w)
	for _, want := range []string{"Nothing is stored yet.", "10 punches, 4 of them new and 6 there already", "Keys: In 10.", "1 line needs attention"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the preview lacks %q: %s", want, shown)
		}
	}
	if d.called("ImportFile") != 0 {
		t.Fatal("it was stored before anyone said so")
	}
	tapOnTop(t, w, "Import")
	if stored.Box != asked[2].Box || stored.StatusKeys != asked[2].StatusKeys || !strings.Contains(w.status.Text, "10 lines, 4 new") {
		t.Errorf("stored with %+v, status %q", stored, w.status.Text)
	}
}

// aTable is a table of two taps, the second of which only DD/MM/YYYY understands.
func aTable(m *reading.Mapping) (reading.TablePreview, error) {
	if m == nil {
		m = &reading.Mapping{Separator: ";", Skip: 1, Badge: reading.Column{From: 2}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 3}, Layout: "MM/DD/YYYY hh:mm", Status: reading.Column{From: 4}}
	}
	p := reading.TablePreview{Mapping: *m, Lines: []string{"Name;Nr;Time;Key", "An;12;11/12/2026 06:58;I"}, Columns: []string{"Name", "Nr", "Time", "Key"}, Statuses: []string{"I", "O"},
		Rows: []reading.TableRow{{Line: 2, Kind: app.PIN, Badge: "12", Local: time.Date(2026, 12, 11, 6, 58, 0, 0, time.UTC), Status: "I", Key: m.Keys["I"]}, {Line: 3, Text: "An;12;23/11/2026 15:02;O", Problem: "layout"}}}
	if m.Layout == "DD/MM/YYYY hh:mm" {
		p.Rows[1] = reading.TableRow{Line: 3, Kind: app.PIN, Badge: "12", Local: time.Date(2026, 11, 23, 15, 2, 0, 0, time.UTC), Status: "O", Key: m.Keys["O"]}
	}
	return p, nil
}

func TestAMappingIsEditedWithALivePreview(t *testing.T) {
	w, d := open(t, app.English)
	d.previewTable = aTable
	p := to[*boxesPage](t, w, "boxes")
	first, _ := aTable(nil)
	e := newMappingEditor(p, "/usb/export.csv", "", "", first)
	then := ""
	e.show(func(uid string) { then = uid })
	if got := e.rows.Shown(); len(got) != 2 || got[0].badge != "12" || !strings.Contains(got[1].problem, "An;12;23/11/2026") || !strings.Contains(e.result.Text, "1 of the 2 lines below is not understood") {
		t.Errorf("%+v, %q", got, e.result.Text)
	}
	if e.meanings["I"] == nil || e.meanings["O"] == nil || len(e.keys.Objects) != 2 {
		t.Fatal("the statuses of the file are not offered")
	}
	e.layout.SetText("DD/MM/YYYY hh")
	if !strings.Contains(e.result.Text, "needs DD, MM, YYYY, hh and mm") || len(e.rows.Shown()) != 0 {
		t.Errorf("a wrong layout: %q", e.result.Text)
	}
	e.layout.SetText("DD/MM/YYYY hh:mm")
	e.meanings["I"].set("in")
	e.meanings["O"].set("out")
	if got := e.rows.Shown(); len(got) != 2 || got[1].pressed != "Out" || got[1].local != "23/11/2026 15:02" || !strings.Contains(e.result.Text, "All lines below are understood") {
		t.Errorf("%+v, %q", got, e.result.Text)
	}
	e.badge.SetText("2" + titleMark + "Nr")
	e.date.SetText("third")
	if !strings.Contains(e.result.Text, "date column") {
		t.Errorf("a wrong column: %q", e.result.Text)
	}
	e.date.SetText("3")
	test.Tap(e.form.save) // a new box has no name yet
	if d.called("SaveMapping") != 0 || !e.form.row("box").problem.Visible() {
		t.Error("a box without a name was kept")
	}
	e.name.SetText(" gate ")
	test.Tap(e.form.save)
	want := reading.Mapping{Separator: ";", Skip: 1, Badge: reading.Column{From: 2}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 3}, Layout: "DD/MM/YYYY hh:mm",
		Status: reading.Column{From: 4}, Keys: reading.Keys{"I": app.KeyIn, "O": app.KeyOut}}
	if diff := cmp.Diff(want, d.mapping); diff != "" || d.mapped.UID != "table:gate" || d.mapped.Label != "gate" || then != "table:gate" {
		t.Error(diff, d.mapped, then)
	}
}

func TestColumnsOfAMapping(t *testing.T) {
	for text, want := range map[string]reading.Column{
		"": {}, "3": {From: 3}, " 3 ": {From: 3}, "3" + titleMark + "Date: of day": {From: 3}, "9:14": {From: 9, Width: 14}, "x": {From: -1}, "9:x": {From: 9, Width: -1},
	} {
		if got := parseColumn(text); got != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestThePeopleOfATerminalAreMatched(t *testing.T) {
	w, d := open(t, app.English)
	d.names.Boxes["zkteco:A1"] = app.Box{UID: "zkteco:A1", Make: app.MakeZK, Label: "Gate", Group: "zkteco:A1"}
	pin := func(v string) app.IdentifierKey {
		return app.IdentifierKey{Kind: app.PIN, Group: "zkteco:A1", Value: v}
	}
	d.users = &office.UserList{File: "user.dat", Box: app.Box{UID: "zkteco:A1"}, Rows: []office.UserRow{
		{Record: 1, PIN: "12", Name: "AN P", Key: pin("12"), CardKey: app.IdentifierKey{Kind: app.Card, Value: "00471CF2"}, Proposal: engaged, By: "name", Taps: 4},
		{Record: 2, PIN: "13", Name: "Zoë", Key: pin("13")},
	}}
	p := to[*boxesPage](t, w, "boxes")
	p.askUsers("/usb/user.dat")
	w.host.form.row("notation").control.(*choice).set(string(identity.Plain))
	test.Tap(w.host.form.save) // the only terminal is chosen already
	shown := onTop(w)
	for _, want := range []string{"2 badges and PINs of Gate are given from 23/11/2026", "1 person is not recognised."} {
		if !strings.Contains(shown, want) {
			t.Errorf("lacks %q: %s", want, shown)
		}
	}
	d.effect = office.Effect{Days: []office.DayEffect{{WorkerID: an, Day: app.NewDate(2026, 11, 23), After: 4 * time.Hour, Presences: [2]int{0, 1}}}}
	tapOnTop(t, w, "Give")
	span := app.Span{From: app.NewDate(2026, 11, 23).Start(w.host.zone)}
	if len(d.proposal.Give) != 2 || d.called("GiveBadges") != 0 || !strings.Contains(onTop(w), "Peeters An") {
		t.Errorf("given before it was seen what that changes: %+v, %s", d.proposal, onTop(w))
	}
	test.Tap(w.host.effect)
	want := []office.GiveBadge{{Key: pin("12"), EngagementID: engaged, Span: span}, {Key: d.users.Rows[0].CardKey, EngagementID: engaged, Span: span}}
	if diff := cmp.Diff(want, d.given); diff != "" || !strings.Contains(w.status.Text, "2 badges and PINs given") {
		t.Error(diff, w.status.Text)
	}

	// Someone chooses otherwise.
	dialog := newUsersDialog(p, d.users, office.UserOptions{Box: "zkteco:A1", From: span.From}, false)
	dialog.show()
	dialog.grid.Select("0")
	dialog.set("")
	if got := dialog.gives(); len(got) != 0 || !dialog.give.Disabled() {
		t.Errorf("nobody gets something: %v", got)
	}
	dialog.grid.Select("1")
	dialog.choose()
	test.Tap(w.host.form.save)
	if !w.host.form.row("engagement").problem.Visible() {
		t.Error("nobody was chosen, and that was taken")
	}
	w.host.form.pickers[0].grid.Select(string(engaged))
	test.Tap(w.host.form.save)
	if got := dialog.gives(); len(got) != 1 || got[0].Key != pin("13") || dialog.grid.Shown()[1].by != "chosen by you" {
		t.Errorf("%+v", got)
	}
}

func TestABadgeIsReadTwiceAtTheDesk(t *testing.T) {
	w, d := open(t, app.English)
	other := app.ID("engagement-other")
	d.names.Engagements[other] = app.Engagement{ID: other, WorkerID: "worker-other"}
	d.names.Workers["worker-other"] = app.Worker{ID: "worker-other", FamilyName: "Maes", GivenName: "Bo"}
	d.held = map[string][]app.Custody{"F21C4700": {{ID: "c", EngagementID: other, Span: app.Span{From: noon - 1e9}}}}
	p := to[*staffPage](t, w, "staff")
	p.grid.Select(string(an))
	var got []identity.CardReading
	r := readBadge(w.host, "x", identity.AsDecimalReversed, func(all []identity.CardReading) { got = all })
	clock, gap := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), 5*time.Millisecond
	r.reader.Now = func() time.Time { clock = clock.Add(gap); return clock }
	if w.win.Canvas().Focused() != fyne.Focusable(r.reader) {
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
	if shown := onTop(w); !strings.Contains(shown, "Now held by Maes Bo") {
		t.Errorf("who holds it is not said: %s", shown)
	}
	w.host.form.row("badge").control.(*choice).set(string(identity.AsDecimal))
	if shown := onTop(w); strings.Contains(shown, "Maes Bo") {
		t.Error("another number is still said to be Bo's")
	}
	d.effect = office.Effect{Days: []office.DayEffect{{WorkerID: an, Day: app.NewDate(2026, 11, 23), After: 4 * time.Hour, Presences: [2]int{0, 1}}}}
	test.Tap(w.host.form.save)
	if len(d.proposal.Give) != 1 || d.called("GiveBadge") != 0 {
		t.Errorf("given before it was seen what that changes: %+v", d.proposal)
	}
	test.Tap(w.host.effect)
	if d.called("GiveBadge") != 1 || d.notation != identity.AsDecimal {
		t.Errorf("given %d times, remembered %q", d.called("GiveBadge"), d.notation)
	}
}

// onTop gives the texts of the dialog on top.
func onTop(w *Window) string {
	var all []string
	walk(w.win.Canvas().Overlays().Top(), func(o fyne.CanvasObject) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			all = append(all, l.Text)
		}
	})
	return strings.Join(all, "\n")
}

// tapOnTop taps the button with a text in the dialog on top.
func tapOnTop(t *testing.T, w *Window, text string) {
	t.Helper()
	var found *button
	walk(w.win.Canvas().Overlays().Top(), func(o fyne.CanvasObject) {
		if b, ok := o.(*button); ok && b.Text == text {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("no button %q", text)
	}
	test.Tap(found)
}

// walk visits what is on the screen, from top to bottom.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, visit)
		}
	}
}
