package punches

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/ui/officetest"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

func thePunches(t *testing.T, s *kittest.Stage) *Screen {
	t.Helper()
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.period.Length.Set(kit.AMonth)
	return p
}

func TestThePunchesScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open:  func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(_ *kittest.Stage, p *Screen) { p.period.Length.Set(kit.AMonth) },
		Rows:  func(p *Screen) map[string]int { return map[string]int{"punches": len(p.grid.Shown())} },
		Forms: func(s *kittest.Stage, p *Screen) map[string]func() {
			p.grid.Select(p.grid.Shown()[0].Key)
			return map[string]func(){"ignore": func() { kit.AskIgnore(s.Host, p.desk, p.names, p.grid.Selected()) },
				"count again": func() { askCountAgain(s.Host, p.desk, p.names, p.grid.Selected()) }}
		},
	})
}

// While another period is asked for nothing of the last one stays, whatever
// order the answers come in.
func TestAnotherPeriodTakesTheOldRowsAwayAtOnce(t *testing.T) {
	w := kittest.NewTheatre(t, app.English, kittest.AWeekOf)
	p := thePunches(t, w.Stage)
	w.Settle()
	if len(p.grid.Shown()) != 5 || !strings.Contains(p.count.Text, "5") {
		t.Fatalf("%d rows, %q", len(p.grid.Shown()), p.count.Text)
	}
	p.grid.Select(p.grid.Shown()[0].Key)
	slow := w.Block()
	p.period.Step(1)
	if len(p.grid.Shown()) != 0 || len(p.grid.Selected()) != 0 || p.grid.State() != grid.Loading || p.count.Text != "Loading…" || !p.ignore.Disabled() {
		t.Errorf("rows of another day stand there: %d, %q", len(p.grid.Shown()), p.count.Text)
	}
	p.search.SetText("x") // counts what is shown: nothing is
	if p.count.Text != "Loading…" {
		t.Errorf("%q while loading", p.count.Text)
	}
	p.search.SetText("")
	p.period.Step(-1)
	slow() // the answers come in any order
	w.Settle()
	if len(p.grid.Shown()) != 5 || !strings.HasPrefix(p.count.Text, "5 ") {
		t.Errorf("%d rows, %q", len(p.grid.Shown()), p.count.Text)
	}
}

func TestPeriods(t *testing.T) {
	monday := app.NewDate(2026, 11, 23)
	for length, want := range map[string]string{kit.ADay: "2026-11-26 2026-11-26", kit.AWeek: "2026-11-23 2026-11-29", kit.AMonth: "2026-11-01 2026-11-30"} {
		d := kit.Around(length, monday.AddDays(3))
		if got := d.From.String() + " " + d.To.String(); got != want {
			t.Errorf("%s: %s", length, got)
		}
	}
	s := kittest.Enter(t, app.English, kittest.AWeekOf)
	p := thePunches(t, s)
	p.period.Choose(app.Days{From: monday, To: monday})
	p.period.Length.Set(kit.AWeek)
	p.period.Step(-1)
	if p.period.Days.From.String() != "2026-11-16" || len(p.grid.Shown()) != 4 {
		t.Errorf("the week before begins %s with %d punches", p.period.Days.From, len(p.grid.Shown()))
	}
	p.period.From.SetText("20/11")
	p.period.To.SetText("")
	p.period.Read()
	if p.period.Days.From != p.period.Days.To || p.period.Length.Value() != kit.AFree {
		t.Errorf("typed period %v", p.period.Days)
	}
	before := s.Asked()
	p.period.From.SetText("someday")
	p.period.Read()
	if s.Asked() != before || p.period.From.Text != "20/11/2026" || s.Said == "" {
		t.Errorf("a bad date was taken: %q", p.period.From.Text)
	}
}

var (
	_ derived.PunchFilter
	_ = officetest.Why
)
