package boxes

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/filelog"
	"klokkast/app/identity"
	"klokkast/app/reading"
	"klokkast/app/workspace"
	"klokkast/devices/simbox"
	"klokkast/ui/officetest"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

func theBoxes(t *testing.T, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, app.English, prepare...)
	return s, kittest.Shows(s, New(s.Host, s.Office))
}

// cable is where the connected box hangs.
const cable = "sim:1"

// atTheCable is the company's box on a cable, and how often it was opened.
type atTheCable struct {
	*simbox.Box
	mu    sync.Mutex
	count int
	fault error
}

// opened is what happens when it is opened.
func (b *atTheCable) opened() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	return b.fault
}

// opens is how often it was opened.
func (b *atTheCable) opens() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count
}

// fails has it open no more.
func (b *atTheCable) fails(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = why
}

// theConnected opens the screen with the box on its cable chosen: 2.34 s behind,
// paired or not, by a computer whose clock was checked.
func theConnected(t *testing.T, paired bool) (*kittest.Stage, *Screen, *atTheCable) {
	t.Helper()
	b := &atTheCable{}
	s := kittest.Enter(t, app.English, func(c *officetest.Company) {
		b.Box = c.Cables.Plug(t, cable, officetest.Known())
		c.Do(b.SetClock(c.Now.Time()), b.Drift(-2340*time.Millisecond),
			c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{At: c.Now, Source: "test"} }))
		for range 2 {
			kittest.MustBe(b.Tap(officetest.Card(t, officetest.AnnaCard), app.KeyIn))(t)
		}
		if paired {
			c.Do(c.Office().Boxes.PairBox(t.Context(), cable, func() { b.PressButton(time.Minute) }))
		}
	})
	check := s.Company.Cables.OnOpen
	s.Company.Cables.OnOpen = func(path string) error { return errors.Join(check(path), b.opened()) }
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.grid.Select(officetest.BoxUID)
	return s, p, b
}

func TestAConnectedBoxTellsOfItself(t *testing.T) {
	s, p, b := theConnected(t, true)
	if !p.service.area.Visible() {
		t.Fatal("the panel is hidden")
	}
	for _, want := range []string{"firmware", "Simulated box", "(0.0%)", "acknowledged to", "−2.34 s (± ", "was checked within the week", "Paired"} {
		if !strings.Contains(p.service.text.Text, want) {
			t.Errorf("%q lacks %q", p.service.text.Text, want)
		}
	}
	opens := b.opens()
	p.showDetail()
	if b.opens() != opens {
		t.Errorf("asked the box %d times more for the same", b.opens()-opens)
	}
	if !p.service.unpair.Visible() || p.service.pair.Visible() {
		t.Error("a paired box can be unpaired, not paired")
	}
	s.NoMissing()
}

func TestABoxThatDoesNotAnswerSaysWhy(t *testing.T) {
	_, p, b := theConnected(t, false)
	p.grid.Select(p.grid.Shown()[0].key)
	delete(p.service.told, cable)
	b.fails(reading.Silent)
	p.showDetail()
	if !strings.Contains(p.service.text.Text, "unplug it and plug it in again") || !p.service.live.Disabled() {
		t.Errorf("got %q", p.service.text.Text)
	}
}

func TestPairingSaysToPressTheButtonAndAsksTheBoxAnew(t *testing.T) {
	s, p, b := theConnected(t, false)
	if !p.service.setClock.Disabled() || !p.service.badges.Disabled() {
		t.Error("a box that is not paired takes no orders")
	}
	opens, told := b.opens(), false
	s.OnDo = func() {
		if s.Top() != nil {
			told = true
			b.PressButton(time.Minute)
		}
	}
	test.Tap(p.service.pair)
	if !told || s.Top() != nil {
		t.Errorf("told to press the button: %v, and %s", told, s.Texts())
	}
	if !p.service.unpair.Visible() || p.service.setClock.Disabled() || b.opens() != opens+2 {
		t.Errorf("after pairing: opened %d times", b.opens()-opens)
	}
}

func TestPairingCanBeCancelledWhileItWaits(t *testing.T) {
	s, p, _ := theConnected(t, false)
	back := s.Behind()
	test.Tap(p.service.pair) // and nobody presses the button
	back.Until(t, func() bool { return s.Top() != nil })
	s.Host.Works.Running[WorkKey(cable)].Cancel()
	back.Until(t, func() bool { return len(s.Host.Works.Running) == 0 })
	if s.Top() != nil {
		t.Error("the dialog stays after cancelling, or cancelling is shown as a failure")
	}
}

func TestWhatABoxIsToldToDo(t *testing.T) {
	s, p, b := theConnected(t, true)
	test.Tap(p.service.identify)
	if s.Said == "" || s.Look != widget.SuccessImportance {
		t.Errorf("identified; status %q", s.Said)
	}
	test.Tap(p.service.setClock)
	if s.Said != "The clock of Leuven balie is set: it was −2.34 s off, now +0.00 s." {
		t.Errorf("status %q", s.Said)
	}
	s.Run(func() {
		s.Company.Do(s.Office.ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{} }))
	})
	test.Tap(p.service.setClock)
	if s.Top() == nil {
		t.Error("a refusal is not shown")
	}
	s.Host.Escape()
	test.Tap(p.service.badges)
	s.Host.Form.Row("refuse").Control.(interface{ SetChecked(bool) }).SetChecked(true)
	test.Tap(s.Host.Form.Save)
	if s.Said != "Leuven balie now has 1 badge." {
		t.Errorf("status %q", s.Said)
	}
	if r := kittest.MustBe(b.Tap(officetest.Card(t, kittest.UnknownCard), app.KeyIn))(t); r.Type != app.RecordRefused {
		t.Error("the box takes badges that it was told to refuse")
	}
	s.NoMissing()
}

// A box that was closed to reading says so, and a person has it read again for a reason.
func TestAClosedBoxIsReopenedForAReason(t *testing.T) {
	s, p, _ := theConnected(t, false)
	if p.reopen.Visible() {
		t.Error("a box that is not closed can be reopened")
	}
	s.Company.Do(s.Company.Store.Quarantine(t.Context(), officetest.BoxUID, reading.ReasonChain,
		app.Act{Actor: "Els", At: s.Company.Now, What: "box.quarantine", Target: "box:" + officetest.BoxUID}))
	p.Reload()
	p.grid.Select(officetest.BoxUID)
	if !p.reopen.Visible() || !p.read.Disabled() || !strings.Contains(p.detail.Text, "Find out why it was closed") {
		t.Fatalf("reopen visible %v; %q", p.reopen.Visible(), p.detail.Text)
	}
	test.Tap(p.reopen)
	s.Types("why", "The copy was destroyed")
	test.Tap(s.Host.Form.Save)
	if box, _, err := s.Company.Store.KnownBox(t.Context(), officetest.BoxUID); err != nil || box.Quarantined != "" || s.Did("box.reopen") != 1 {
		t.Errorf("not reopened: %+v, %v", box, err)
	}
	s.NoMissing()
}

func TestWatchingStoresPunchesUntilStopped(t *testing.T) {
	s, p, b := theConnected(t, true)
	back := s.Behind()
	stored := func() int {
		return len(kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t))
	}
	test.Tap(p.service.live)
	back.Until(t, func() bool { return s.Top() != nil })
	back.Pump(t, func() bool { return stored() == 2 }) // what was in the box
	for _, card := range []string{officetest.AnnaCard, kittest.UnknownCard} {
		kittest.MustBe(b.Tap(officetest.Card(t, card), app.KeyOut))(t)
	}
	list := kittest.Look(s.Top()).Lists[0].(*grid.Grid[tapRow])
	back.Pump(t, func() bool { return len(list.Shown()) == 2 })
	if stored() != 4 {
		t.Errorf("%d punches are stored", stored())
	}
	s.Tap("Stop")
	back.Until(t, func() bool { return len(s.Host.Works.Running) == 0 })
	if s.Top() != nil || s.Said != "Leuven balie: 2 punches seen and stored." {
		t.Errorf("status %q", s.Said)
	}
	p.Reload()
	back.Until(t, func() bool { return !p.service.live.Disabled() })
	b.fails(reading.Unplugged)
	test.Tap(p.service.live)
	back.Until(t, func() bool { return len(s.Host.Works.Running) == 0 })
	if s.Top() == nil {
		t.Error("the cable came out, and nobody is told")
	}
	names, who := s.Names(), []string{}
	for _, r := range kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t) {
		tap := boxes.SeenTap{PunchRow: r, Names: names}
		who = append(who, p.service.tapRow(&tap).who)
	}
	slices.Sort(who)
	if !slices.Equal(slices.Compact(who), []string{"Peeters Anna", "nobody’s"}) {
		t.Errorf("seen: %v", who)
	}
}

func TestABoxThatWeHaveOpenKeepsItsName(t *testing.T) {
	known := boxes.BoxRow{Box: app.Box{UID: "a", Label: "Inkom"}, Known: true}
	other := boxes.BoxRow{Box: app.Box{UID: "b"}, Known: true}
	busy := boxes.BoxRow{Connected: "usb:1", Problem: "in-use"}
	rows, at := identified([]boxes.BoxRow{known, busy, other}, map[string]string{"usb:1": "a"})
	if len(rows) != 2 || rows[0].Connected != "usb:1" || rows[0].Problem != "" || rows[1].Box.UID != "b" || at["usb:1"] != "a" {
		t.Errorf("rows %+v, at %v", rows, at)
	}
	if rows, _ := identified([]boxes.BoxRow{known, busy}, nil); len(rows) != 2 || rows[0].Problem != "in-use" {
		t.Errorf("another program's box: %+v", rows)
	}
	swapped := busy
	swapped.Box.UID, swapped.Problem = "c", ""
	if rows, at := identified([]boxes.BoxRow{known, swapped}, map[string]string{"usb:1": "a"}); rows[1].Connected != "" || at["usb:1"] != "c" {
		t.Errorf("another box under that path: %+v, %v", rows, at)
	}
}

func TestWithoutTheUdevRuleTheScreenSaysWhatToDo(t *testing.T) {
	_, p := theBoxes(t, func(c *officetest.Company) { c.Cables.PlugFaulty("usb:3", reading.NoPermission) })
	p.grid.Select("usb:3")
	if !strings.Contains(p.detail.Text, "udev rule") || !strings.Contains(p.detail.Text, "plug it in again") || p.service.area.Visible() {
		t.Errorf("got %q", p.detail.Text)
	}
}

func TestOffsetText(t *testing.T) {
	s := kittest.Enter(t, app.English)
	for d, want := range map[time.Duration]string{
		0: "+0.00 s", -2340 * time.Millisecond: "−2.34 s", time.Hour + 61*time.Second: "+1:01:01", -2 * time.Minute: "−0:02:00",
	} {
		if got := offsetText(s.Host.Texts, d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestReadingABoxIsBegunOnceAndCanBeCancelled(t *testing.T) {
	s, p, b := theConnected(t, false)
	back := s.Behind()
	opens := b.opens()
	unblock := s.Block() // the disk takes no record
	p.readSelected()
	x := s.Host.Works.Running[WorkKey(cable)]
	if x == nil || !p.read.Disabled() {
		t.Fatalf("no work is under way, or the button can be pressed: %v", p.read.Disabled())
	}
	p.readSelected() // a second click begins nothing
	if len(s.Host.Works.Lines.Objects) != 1 {
		t.Errorf("%d lines", len(s.Host.Works.Lines.Objects))
	}
	test.Tap(x.Stop)
	unblock()
	back.Until(t, func() bool { return len(s.Host.Works.Running) == 0 })
	if len(s.Host.Works.Lines.Objects) != 0 || !strings.Contains(s.Said, "What was stored stays stored") || b.opens() > opens+2 {
		t.Errorf("after cancelling: %d lines, status %q, opened %d times", len(s.Host.Works.Lines.Objects), s.Said, b.opens()-opens)
	}
	if s.Top() != nil {
		t.Error("cancelling is not a failure and shows no dialog")
	}
}

func TestReadingAllSaysOnceWhatCameOfIt(t *testing.T) {
	s, _ := theBoxes(t, func(c *officetest.Company) {
		for path, f := range map[string]simbox.Factory{cable: officetest.Known(), "sim:2": {Label: "Kelder"}} {
			box := c.Cables.Plug(t, path, f)
			for range 2 {
				kittest.MustBe(box.Tap(officetest.Card(t, officetest.AnnaCard), app.KeyIn))(t)
			}
		}
		c.Cables.PlugFaulty("usb:3", reading.NoPermission)
	})
	kit.ReadAll(s.Host, s.Office)
	punches := kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t)
	if len(punches) != 4 || !strings.HasPrefix(s.Said, "2 boxes read: ") {
		t.Errorf("%d punches, status %q", len(punches), s.Said)
	}
	for o := s.Top(); o != nil; o = s.Top() { // what is said of each box
		s.Host.Window.Canvas().Overlays().Remove(o)
	}
	s.Company.Cables.Unplug(cable)
	s.Company.Cables.Unplug("sim:2")
	kit.ReadAll(s.Host, s.Office)
	if s.Top() == nil {
		t.Error("no box is connected, and nobody is told what to do")
	}
}

// attlog is what a terminal writes: a user, a time, a status that is always 0.
const attlog = "12\t2026-11-20 06:58:00\t1\t0\t1\t0\r\n13\t2026-11-20 07:01:00\t1\t0\t1\t0\r\nx\r\n12\t2026-11-20 15:02:00\t1\t0\t1\t0\r\n"

func TestAnImportAsksShowsAndThenStores(t *testing.T) {
	s, p := theBoxes(t, func(c *officetest.Company) {
		c.Do(c.Office().Staff.GiveBadge(t.Context(), acts.GiveBadge{Key: app.IdentifierKey{Kind: app.PIN, Group: "zkteco:CKJ1234567", Value: "12"},
			EngagementID: c.OfAnna.ID, Span: app.Span{From: c.At("2026-11-01 00:00")}}, officetest.Why))
	})
	p.importFile(officetest.OnStick(t, "attlog.dat", attlog), boxes.ImportOptions{})
	f := s.Host.Form
	if f == nil {
		t.Fatal("it did not ask which box")
	}
	test.Tap(f.Save)
	if !f.Row("serial").Problem.Visible() || s.Host.Form != f {
		t.Error("it went on without an answer")
	}
	s.Types("serial", "CKJ1234567")
	test.Tap(f.Save)
	if s.Host.Form == f {
		t.Fatalf("it did not ask what the status means: %s", s.Texts())
	}
	s.Chooses("statusKeys", string(app.StatusIsKey))
	test.Tap(s.Host.Form.Save)
	shown := s.Texts()
	for _, want := range []string{"Nothing is stored yet.", "3 punches, 3 of them new and 0 there already", "Keys: In 3.", "1 line needs attention"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the preview lacks %q: %s", want, shown)
		}
	}
	if n := len(kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t)); n != 0 {
		t.Fatal("it was stored before anyone said so")
	}
	s.Tap("Import")
	rows := kittest.MustBe(s.Own().Derived.PunchRows(t.Context(), derived.PunchFilter{}))(t)
	if len(rows) != 3 || rows[0].Punch.Key.Box != "zkteco:CKJ1234567" || rows[0].Punch.Pressed != app.KeyIn || !strings.Contains(s.Said, "3 new") {
		t.Errorf("stored %+v, status %q", rows, s.Said)
	}
}

// aTable has two taps, the second of which only DD/MM/YYYY understands.
const aTable = "Name;Nr;Time;Key\nAn;12;11/12/2026 06:58;I\nAn;12;23/11/2026 15:02;O\n"

func TestAMappingIsEditedWithALivePreview(t *testing.T) {
	s, p := theBoxes(t)
	path := officetest.OnStick(t, "export.csv", aTable)
	first := kittest.MustBe(s.Own().Files.PreviewTable(t.Context(), path, "", nil, 10))(t)
	first.Mapping.Layout, first.Mapping.Status = "MM/DD/YYYY hh:mm", reading.Column{From: 4}
	first = kittest.MustBe(s.Own().Files.PreviewTable(t.Context(), path, "", &first.Mapping, 10))(t)
	e := newMappingEditor(p, path, "", "", first)
	then := ""
	e.show(func(uid string) { then = uid })
	if got := e.rows.Shown(); len(got) != 2 || got[0].badge != "12" || !strings.Contains(got[1].problem, "An;12;23/11/2026") ||
		!strings.Contains(e.result.Text, "1 of the 2 lines below is not understood") {
		t.Errorf("%+v, %q", got, e.result.Text)
	}
	e.layout.SetText("DD/MM/YYYY hh")
	if !strings.Contains(e.result.Text, "needs DD, MM, YYYY, hh and mm") || len(e.rows.Shown()) != 0 {
		t.Errorf("a wrong layout: %q", e.result.Text)
	}
	e.layout.SetText("DD/MM/YYYY hh:mm")
	if e.meanings["I"] == nil || e.meanings["O"] == nil || len(e.keys.Objects) != 2 {
		t.Fatal("the statuses of the file are not offered")
	}
	e.meanings["I"].Set("in")
	e.meanings["O"].Set("out")
	if got := e.rows.Shown(); len(got) != 2 || got[1].pressed != "Out" || got[1].local != "23/11/2026 15:02" ||
		!strings.Contains(e.result.Text, "All lines below are understood") {
		t.Errorf("%+v, %q", got, e.result.Text)
	}
	e.badge.SetText("2" + titleMark + "Nr")
	e.date.SetText("third")
	if !strings.Contains(e.result.Text, "date column") {
		t.Errorf("a wrong column: %q", e.result.Text)
	}
	e.date.SetText("3")
	test.Tap(e.form.Save) // a new box has no name yet
	if s.Did("box.mapping") != 0 || !e.form.Row("box").Problem.Visible() {
		t.Error("a box without a name was kept")
	}
	e.name.SetText(" gate ")
	test.Tap(e.form.Save)
	kept, known, err := s.Company.Store.BoxMapping(t.Context(), "table:gate")
	if err != nil || !known || kept.Layout != "DD/MM/YYYY hh:mm" || kept.Badge != (reading.Column{From: 2}) || kept.Date != (reading.Column{From: 3}) ||
		kept.Status != (reading.Column{From: 4}) ||
		kept.Keys["I"] != app.KeyIn || kept.Keys["O"] != app.KeyOut || then != "table:gate" {
		t.Errorf("kept %+v, %v, then %q: %s", kept, err, then, s.Texts())
	}
	if box, _, err := s.Company.Store.KnownBox(t.Context(), "table:gate"); err != nil || box.Label != "gate" {
		t.Errorf("the box is %+v, %v", box, err)
	}
}

func TestColumnsOfAMapping(t *testing.T) {
	for text, want := range map[string]reading.Column{
		"": {}, "3": {From: 3}, " 3 ": {From: 3}, "3" + titleMark + "Date: of day": {From: 3},
		"9:14": {From: 9, Width: 14}, "x": {From: -1}, "9:x": {From: 9, Width: -1},
	} {
		if got := parseColumn(text); got != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// userRecord is one person in a user.dat of 72 bytes a record.
func userRecord(pin, name string, card uint32) string {
	b := make([]byte, 72)
	binary.LittleEndian.PutUint16(b, 1)
	copy(b[11:35], name)
	binary.LittleEndian.PutUint32(b[35:], card)
	b[39] = 1
	copy(b[48:], pin)
	return string(b)
}

func TestThePeopleOfATerminalAreMatched(t *testing.T) {
	const gate = "zkteco:CKJ1234567"
	s, p := theBoxes(t, func(c *officetest.Company) {
		opt := boxes.ImportOptions{Box: gate, Zone: app.DefaultZone, StatusKeys: app.StatusIsKey, Label: "Gate"}
		kittest.MustBe(c.Office().Files.ImportFile(t.Context(), officetest.OnStick(t, "attlog.dat", strings.ReplaceAll(attlog, "-20 ", "-23 ")), opt, nil))(t)
		c.Do(c.Office().Boxes.PlaceBox(t.Context(), gate, c.Site.ID, c.At("2026-11-01 00:00"), officetest.Why))
	})
	users := officetest.OnStick(t, "user.dat", userRecord("12", "PEETERS ANNA", 4660466)+userRecord("13", "Zoë", 0))
	p.askUsers(users)
	s.Chooses("notation", string(identity.Plain))
	test.Tap(s.Host.Form.Save) // the only terminal is chosen already
	shown := s.Texts()
	for _, want := range []string{"2 badges and PINs of ", "are given from 23/11/2026", "1 person is not recognised."} {
		if !strings.Contains(shown, want) {
			t.Errorf("lacks %q: %s", want, shown)
		}
	}
	before := s.Did("custody.give")
	s.Tap("Give")
	if s.Did("custody.give") != before || !strings.Contains(s.Texts(), "Peeters Anna") {
		t.Errorf("given before it was seen what that changes: %s", s.Texts())
	}
	test.Tap(s.Host.Effect)
	from := app.NewDate(2026, 11, 23).Start(s.Host.Zone)
	pin := func(v string) app.IdentifierKey { return app.IdentifierKey{Kind: app.PIN, Group: gate, Value: v} }
	for _, key := range []app.IdentifierKey{pin("12"), {Kind: app.Card, Value: "00471CF2"}} {
		held := kittest.MustBe(s.Own().Files.Held(t.Context(), key, app.Span{}))(t)
		if len(held) != 1 || held[0].EngagementID != s.Company.OfAnna.ID || held[0].Span.From != from {
			t.Errorf("%v is held by %+v", key, held)
		}
	}
	if !strings.Contains(s.Said, "2 badges and PINs given") {
		t.Error(s.Said)
	}

	// Someone chooses otherwise.
	opt := boxes.UserOptions{Box: gate, From: from}
	list := kittest.MustBe(s.Own().Files.TerminalUsers(t.Context(), users, opt))(t)
	dialog := newUsersDialog(p, list, opt, false)
	dialog.show()
	dialog.grid.Select("0")
	dialog.set("")
	if got := dialog.gives(); len(got) != 0 || !dialog.give.Disabled() {
		t.Errorf("nobody gets something: %v", got)
	}
	dialog.grid.Select("1")
	dialog.choose()
	test.Tap(s.Host.Form.Save)
	if !s.Host.Form.Row("engagement").Problem.Visible() {
		t.Error("nobody was chosen, and that was taken")
	}
	s.Host.Form.Pickers[0].Grid.Select(string(s.Company.OfBart.ID))
	test.Tap(s.Host.Form.Save)
	if got := dialog.gives(); len(got) != 1 || got[0].Key != pin("13") || dialog.grid.Shown()[1].by != "chosen by you" {
		t.Errorf("%+v", got)
	}
}

var (
	_ = context.Canceled
	_ fyne.Canvas
)

func TestTheBoxesScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open:  func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(_ *kittest.Stage, p *Screen) { p.grid.Select(officetest.BoxUID) },
		Rows: func(p *Screen) map[string]int {
			return map[string]int{"boxes": len(p.grid.Shown()), "readings": len(p.sessions.Shown())}
		},
		Forms: func(s *kittest.Stage, p *Screen) map[string]func() {
			table := officetest.OnStick(t, "table.csv", aTable)
			mapping := reading.Mapping{Separator: ";", Skip: 1, Badge: reading.Column{From: 2}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 3},
				Layout: "DD/MM/YYYY hh:mm"}
			gate := app.Box{UID: "zkteco:A1", Make: app.MakeZK, Label: "Gate", FirstSeen: s.Company.Now}
			s.Company.Do(s.Company.Store.ChangeFileLog(t.Context(), &filelog.Change{Log: app.LogKey{Box: gate.UID, Log: app.FileLog}, Box: &gate, Meanings: []filelog.Meaning{
				{ID: "m", Kind: filelog.Table, Zone: app.DefaultZone, StatusKeys: app.StatusAsk, Mapping: &mapping, At: s.Company.Now}}}, app.Act{}))
			p.Reload()
			p.grid.Select(officetest.BoxUID)
			return map[string]func(){
				"place": p.askPlace, "end placement": p.askEnd, "change box": p.askChange,
				"box of a file":  func() { p.askBox("/x/attlog.dat", boxes.ImportOptions{}, false) },
				"box of a table": func() { p.askBox("/x/table.csv", boxes.ImportOptions{}, true) },
				"mapping":        func() { p.askMapping(table, "", "", nil) }, "people of a terminal": func() { p.askUsers("/x/user.dat") },
				"status of file": func() {
					p.askStatus("/x/attlog.dat", boxes.ImportOptions{}, &reading.AskStatusError{Statuses: []string{"0"}})
				},
			}
		},
		Dialogs: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){"clocks": func() { kit.ShowRepairs(s.Host, p.desk, p.names, officetest.BoxUID) }}
		},
		Lists: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){"a file": p.chooseFile, "a folder": func() { s.Host.FolderDialog(func(string) {}) }}
		},
	})
}
