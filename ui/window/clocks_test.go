package window

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/identity"
)

// openRepair opens the form for the wrong clock of the fake's box.
func openRepair(t *testing.T) (*Window, *fakeDesk, *form) {
	t.Helper()
	w, d := open(t, app.English)
	anomalies := to[*anomaliesPage](t, w, "anomalies")
	askRepair(w.host, d, anomalies.names, punchKey(1))
	if w.host.form == nil {
		t.Fatal("no form opened")
	}
	return w, d, w.host.form
}

func TestAClockIsPutRightByTheProposalSeenFirst(t *testing.T) {
	for _, fits := range []bool{true, false} {
		w, d, f := openRepair(t)
		d.fits = fits
		test.Tap(&f.save.Button)
		if p := f.row("reason").problem; !p.Visible() || d.called("PreviewRepair") != 0 {
			t.Fatalf("without a reason: %q", p.Text)
		}
		f.row("reason").control.(*widget.Entry).SetText("battery empty")
		test.Tap(&f.save.Button)
		if d.called("PreviewRepair") != 1 || d.called("RepairClock") != 0 || d.shift.Punch != 0 {
			t.Fatalf("after a look: %v", d.calls)
		}
		test.Tap(&w.host.effect.Button)
		if d.accepted == nil || d.accepted.Reason != "battery empty" {
			t.Errorf("accepted %+v", d.accepted)
		}
	}
}

func TestAClockIsPutRightByTheRightTimeOfOnePunch(t *testing.T) {
	_, d, f := openRepair(t)
	by := f.row("shift").control.(*choice)
	by.set(byTime)
	f.row("reason").control.(*widget.Entry).SetText("An knows")
	test.Tap(&f.save.Button)
	if d.called("PreviewRepair") != 0 || !f.row("time").problem.Visible() {
		t.Error("no time was taken for one")
	}
	m := f.row("time").moment
	m.SetInstant(noon)
	test.Tap(&f.save.Button)
	if d.shift.Punch == 0 || d.shift.At != noon {
		t.Errorf("chosen %+v", d.shift)
	}
}

func TestARepairAndANotationAreTakenBackAtTheBox(t *testing.T) {
	w, d := open(t, app.English)
	d.accepted = &app.ClockRepair{ID: "fix", By: "Els", Reason: "battery"}
	boxes := to[*boxesPage](t, w, "boxes")
	boxes.grid.Select(boxUID)
	l := showRepairs(w.host, d, boxes.names, boxUID)
	rows := l.grid.Shown()
	if len(rows) != 2 || !strings.Contains(rows[0].state, "battery") {
		t.Fatalf("rows %+v", rows)
	}
	for i, called := range []string{"WithdrawRepair", "WithdrawNotation"} {
		l.grid.Select(rows[i].key)
		if l.withdraw.Disabled() || !l.repair.Disabled() {
			t.Errorf("%s: withdraw %t, repair %t", rows[i].what, l.withdraw.Disabled(), l.repair.Disabled())
		}
		test.Tap(&l.withdraw.Button)
		test.Tap(&w.host.form.save.Button)
		if d.called(called) != 0 {
			t.Errorf("%s before it was agreed to", called)
		}
		test.Tap(&w.host.effect.Button)
		if d.called(called) != 1 {
			t.Errorf("%s was called %d times", called, d.called(called))
		}
	}
	l.grid.Select(l.grid.Shown()[0].key)
	if l.repair.Disabled() {
		t.Error("a repair taken back cannot be made again")
	}
}

func TestANotationIsConfirmedFromTheUnknownBadge(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*anomaliesPage](t, w, "anomalies")
	p.grid.Select(key(app.UnknownBadge, p))
	if !p.alike.Visible() || p.alike.Disabled() {
		t.Fatal("an unknown badge that is like a known one offers no step")
	}
	test.Tap(&p.alike.Button)
	test.Tap(&w.host.form.save.Button)
	test.Tap(&w.host.effect.Button)
	if d.confirmed != identity.Reversed || d.called("Preview") != 1 {
		t.Errorf("confirmed %q after %d previews", d.confirmed, d.called("Preview"))
	}
	p.grid.Select(key(app.MissingOut, p))
	if p.alike.Visible() || p.clock.Visible() {
		t.Error("a missing check-out offers steps of boxes")
	}
}
