package window

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/reading"
)

// connectedBox shows the Boxes screen with the connected box selected.
func connectedBox(t *testing.T, paired bool) (*Window, *fakeDesk, *boxesPage) {
	t.Helper()
	w, d := open(t, app.English)
	d.paired = paired
	p := to[*boxesPage](t, w, "boxes")
	p.grid.Select(boxUID)
	return w, d, p
}

func TestAConnectedBoxTellsOfItself(t *testing.T) {
	_, d, p := connectedBox(t, true)
	if !p.service.area.Visible() {
		t.Fatal("the panel is hidden")
	}
	for _, want := range []string{"firmware 1.4.2", "battery 87%", "(1.2%)", "acknowledged to", "−2.34 s (± 0.004 s)", "was checked within the week", "Paired"} {
		if !strings.Contains(p.service.text.Text, want) {
			t.Errorf("%q lacks %q", p.service.text.Text, want)
		}
	}
	p.showDetail()
	if d.called("BoxDetail") != 1 {
		t.Errorf("asked the box %d times for the same", d.called("BoxDetail"))
	}
	if !p.service.unpair.Visible() || p.service.pair.Visible() {
		t.Error("a paired box can be unpaired, not paired")
	}
}

func TestABoxThatDoesNotAnswerSaysWhy(t *testing.T) {
	w, d := open(t, app.English)
	d.fail["BoxDetail"] = reading.Silent
	p := to[*boxesPage](t, w, "boxes")
	p.grid.Select(boxUID)
	if !strings.Contains(p.service.text.Text, "unplug it and plug it in again") || !p.service.live.Disabled() {
		t.Errorf("got %q", p.service.text.Text)
	}
}

func TestPairingSaysToPressTheButtonAndAsksTheBoxAnew(t *testing.T) {
	w, d, p := connectedBox(t, false)
	if !p.service.setClock.Disabled() || !p.service.badges.Disabled() {
		t.Error("a box that is not paired takes no orders")
	}
	d.pair = func(_ context.Context, waiting func()) error {
		waiting()
		if w.win.Canvas().Overlays().Top() == nil {
			t.Error("nobody is told to press the button")
		}
		d.paired = true
		return nil
	}
	test.Tap(p.service.pair)
	if w.win.Canvas().Overlays().Top() != nil || !p.service.unpair.Visible() || p.service.setClock.Disabled() || d.called("BoxDetail") != 2 {
		t.Errorf("after pairing: asked %d times", d.called("BoxDetail"))
	}
}

func TestPairingCanBeCancelledWhileItWaits(t *testing.T) {
	d := newFakeDesk(t)
	back := make(queue, 100)
	d.pair = func(ctx context.Context, waiting func()) error {
		waiting()
		<-ctx.Done() // nobody presses the button
		return ctx.Err()
	}
	w := openOn(t, d, Options{Language: app.English, Texts: catalogue(t), do: back.do})
	w.goTo("boxes", "")
	p := w.pages[w.current].page.(*boxesPage)
	back.until(t, func() bool { return len(p.grid.Shown()) == 1 })
	p.grid.Select(boxUID)
	back.until(t, func() bool { return p.service.told["sim:1"] != nil })
	test.Tap(p.service.pair)
	back.until(t, func() bool { return w.win.Canvas().Overlays().Top() != nil })
	w.works.running[workKey("sim:1")].cancel()
	back.until(t, func() bool { return len(w.works.running) == 0 })
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays after cancelling, or cancelling is shown as a failure")
	}
}

func TestWhatABoxIsToldToDo(t *testing.T) {
	w, d, p := connectedBox(t, true)
	test.Tap(p.service.identify)
	test.Tap(p.service.setClock)
	if d.called("IdentifyBox") != 1 || w.status.Text != "The clock of Inkom is set: it was −2.34 s off, now +0.01 s." {
		t.Errorf("identified %d times; status %q", d.called("IdentifyBox"), w.status.Text)
	}
	d.fail["SetBoxTime"] = &office.ClockError{Reason: office.ClockUnchecked}
	test.Tap(p.service.setClock)
	if top := w.win.Canvas().Overlays().Top(); top == nil {
		t.Error("a refusal is not shown")
	} else {
		top.Hide()
	}
	test.Tap(p.service.badges)
	w.host.form.row("refuse").control.(interface{ SetChecked(bool) }).SetChecked(true)
	test.Tap(w.host.form.save)
	if !d.refuse || w.status.Text != "Inkom now has 62 badges." {
		t.Errorf("refuse %v, status %q", d.refuse, w.status.Text)
	}
	if m := w.opt.Texts.Missing(); len(m) > 0 {
		t.Errorf("missing texts: %v", m)
	}
}

// A box that was closed to reading says so, and a person has it read again for a reason.
func TestAClosedBoxIsReopenedForAReason(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*boxesPage](t, w, "boxes")
	p.grid.Select(boxUID)
	if p.reopen.Visible() {
		t.Error("a box that is not closed can be reopened")
	}
	d.boxes[0].Box.Quarantined = reading.ReasonChain
	p.reload()
	p.grid.Select(boxUID)
	if !p.reopen.Visible() || !p.read.Disabled() || !strings.Contains(p.detail.Text, "Find out why it was closed") {
		t.Fatalf("reopen visible %v; %q", p.reopen.Visible(), p.detail.Text)
	}
	test.Tap(p.reopen)
	w.host.form.row("why").control.(interface{ SetText(string) }).SetText("The copy was destroyed")
	test.Tap(w.host.form.save)
	if d.called("ReopenBox") != 1 {
		t.Error("not reopened")
	}
	if m := w.opt.Texts.Missing(); len(m) > 0 {
		t.Errorf("missing texts: %v", m)
	}
}

func TestWatchingListsPunchesUntilStopped(t *testing.T) {
	w, d, p := connectedBox(t, true)
	var rows []tapRow
	d.watchBox = func(_ context.Context, seen func(office.SeenTap)) error {
		for i := range 2 {
			tap := office.SeenTap{PunchRow: d.punches[i], Names: d.names}
			seen(tap)
			rows = append(rows, p.service.tapRow(&tap))
		}
		return nil
	}
	test.Tap(p.service.live)
	if w.win.Canvas().Overlays().Top() != nil || w.status.Text != "Inkom: 2 punches seen and stored." {
		t.Errorf("status %q", w.status.Text)
	}
	if len(rows) != 2 || rows[0].who != "Peeters An" || rows[1].who != "nobody’s" {
		t.Errorf("seen: %+v", rows)
	}
	d.watchBox = func(context.Context, func(office.SeenTap)) error { return errors.Join(reading.Unplugged) }
	test.Tap(p.service.live)
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("the cable came out, and nobody is told")
	}
}

func TestABoxThatWeHaveOpenKeepsItsName(t *testing.T) {
	known := office.BoxRow{Box: app.Box{UID: "a", Label: "Inkom"}, Known: true}
	other := office.BoxRow{Box: app.Box{UID: "b"}, Known: true}
	busy := office.BoxRow{Connected: "usb:1", Problem: "in-use"}
	rows, at := identified([]office.BoxRow{known, busy, other}, map[string]string{"usb:1": "a"})
	if len(rows) != 2 || rows[0].Connected != "usb:1" || rows[0].Problem != "" || rows[1].Box.UID != "b" || at["usb:1"] != "a" {
		t.Errorf("rows %+v, at %v", rows, at)
	}
	if rows, _ := identified([]office.BoxRow{known, busy}, nil); len(rows) != 2 || rows[0].Problem != "in-use" {
		t.Errorf("another program's box: %+v", rows)
	}
	swapped := busy
	swapped.Box.UID, swapped.Problem = "c", ""
	if rows, at := identified([]office.BoxRow{known, swapped}, map[string]string{"usb:1": "a"}); rows[1].Connected != "" || at["usb:1"] != "c" {
		t.Errorf("another box under that path: %+v, %v", rows, at)
	}
}

func TestWithoutTheUdevRuleTheScreenSaysWhatToDo(t *testing.T) {
	w, d := open(t, app.English)
	d.boxes = append(d.boxes, office.BoxRow{Connected: "usb:3", Problem: "no-permission"})
	p := to[*boxesPage](t, w, "boxes")
	p.grid.Select("usb:3")
	if !strings.Contains(p.detail.Text, "udev rule") || !strings.Contains(p.detail.Text, "plug it in again") || p.service.area.Visible() {
		t.Errorf("got %q", p.detail.Text)
	}
}

func TestOffsetText(t *testing.T) {
	w, _ := open(t, app.English)
	for d, want := range map[time.Duration]string{
		0: "+0.00 s", -2340 * time.Millisecond: "−2.34 s", time.Hour + 61*time.Second: "+1:01:01", -2 * time.Minute: "−0:02:00",
	} {
		if got := offsetText(w.host.t, d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

// A box that is plugged in offers itself on every screen, and Enter reads it.
func TestAPluggedBoxOffersToBeRead(t *testing.T) {
	w, d := open(t, app.English)
	plug := func(list ...reading.Found) {
		d.stage.run(func() { d.plug(list) })
	}
	plug(reading.Found{Path: "sim:1"})
	if w.plugged.strip.Visible() {
		t.Error("a box that was there from the beginning is announced")
	}
	plug()
	asked := d.called("BoxRows")
	plug(reading.Found{Path: "sim:1"})
	if !w.plugged.strip.Visible() || len(w.plugged.fresh) != 1 || d.called("BoxRows") == asked {
		t.Fatalf("offered %+v", w.plugged.fresh)
	}
	focused, ok := w.win.Canvas().Focused().(*button)
	if !ok || focused.Text != "Read now" {
		t.Fatalf("the focus is on %T", w.win.Canvas().Focused())
	}
	d.read = func(context.Context, office.Progress) (app.Reading, error) {
		return app.Reading{Records: 5, New: 5}, nil
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if d.called("ReadBox") != 1 || w.plugged.strip.Visible() {
		t.Errorf("read %d times", d.called("ReadBox"))
	}
	plug()
	plug(reading.Found{Path: "sim:1"})
	plug()
	if w.plugged.strip.Visible() {
		t.Error("an unplugged box is still offered")
	}
	if m := w.opt.Texts.Missing(); len(m) > 0 {
		t.Errorf("missing texts: %v", m)
	}
}

// Without the udev rule every screen says so, until the box can be used, and shows the rule.
func TestALockedBoxSaysWhatToDo(t *testing.T) {
	w, d := open(t, app.English)
	w.opt.UdevRule = `SUBSYSTEM=="usb"`
	d.stage.run(func() { d.plug([]reading.Found{{Path: "usb:1", Fault: reading.NoPermission}}) })
	if !w.plugged.strip.Visible() {
		t.Fatal("nothing is said")
	}
	w.showUdevRule()
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("the rule is not shown")
	} else {
		w.win.Canvas().Overlays().Top().Hide()
	}
	d.stage.run(func() { d.plug([]reading.Found{{Path: "usb:2"}}) })
	if w.plugged.strip.Visible() {
		t.Error("still said after the replug")
	}
}
