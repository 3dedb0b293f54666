package window

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/office"
	"klokkast/ui/window/field"
)

func TestAThresholdIsTypedWithItsUnitAndTakenBack(t *testing.T) {
	w, d := open(t, app.Dutch)
	l := showThresholds(w.host, w.desk, office.ThresholdOwner{Site: townHall}, "x")
	if n := len(l.grid.Shown()); n != len(attendance.Defaults()) {
		t.Fatalf("%d rows", n)
	}
	l.grid.Select(string(attendance.ShortBelow))
	if r, _ := l.grid.Current(); r.holds != "3 uur" || r.from != "Standaard" || !l.reset.Disabled() {
		t.Errorf("row %+v", r)
	}
	l.ask()
	value := w.host.form.row("threshold").control.(*field.Entry)
	for _, wrong := range []string{"2", "veel"} {
		value.SetText(wrong)
		test.Tap(&w.host.form.save.Button)
		if p := w.host.form.row("threshold").problem; !p.Visible() || !strings.Contains(p.Text, "3 uur") {
			t.Errorf("%q: %q", wrong, p.Text)
		}
	}
	value.SetText("2 uur 30 minuten")
	test.Tap(&w.host.form.save.Button)
	if got := d.thresholds[attendance.ShortBelow]; got != 9_000_000 {
		t.Fatalf("kept %d", got)
	}
	r, _ := l.grid.Current()
	if r.holds != "2 uur 30 minuten" || r.from != "Werf" || l.reset.Disabled() {
		t.Errorf("row %+v", r)
	}
	test.Tap(&l.reset.Button)
	if r, _ := l.grid.Current(); len(d.thresholds) != 0 || r.holds != "3 uur" {
		t.Errorf("after taking back: %v, %+v", d.thresholds, r)
	}
}

func TestHolidaysAreTypedAsDays(t *testing.T) {
	w, d := open(t, app.Dutch)
	askHolidays(w.host, w.desk)
	f := w.host.form
	extra, list := f.row("extraHoliday").control.(*field.Entry), f.row("replacements").control.(*widget.Entry)
	if extra.Text != "11/07" {
		t.Errorf("the company's day is shown as %q", extra.Text)
	}
	extra.SetText("31/6")
	list.SetText("soon")
	test.Tap(&f.save.Button)
	if !f.row("extraHoliday").problem.Visible() || !f.row("replacements").problem.Visible() || d.called("SetHolidays") != 0 {
		t.Error("what is no day was kept")
	}
	extra.SetText("21/7")
	list.SetText("2/11/2026\n2027-05-03")
	test.Tap(&f.save.Button)
	if want := []app.Date{app.NewDate(2026, 11, 2), app.NewDate(2027, 5, 3)}; d.extra != "07-21" || !slices.Equal(d.replacing, want) {
		t.Errorf("kept %q and %v", d.extra, d.replacing)
	}
}
