package window

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
	"klokkast/ui/window/grid"
)

func thePunches(t *testing.T, s *stage) *punchesPage {
	t.Helper()
	p := shows(s, newPunchesPage(s.h, s.office))
	p.period.length.set(aMonth)
	return p
}

func TestThePunchesScreen(t *testing.T) {
	holds(t, script[*punchesPage]{
		open:  func(s *stage) *punchesPage { return newPunchesPage(s.h, s.office) },
		ready: func(_ *stage, p *punchesPage) { p.period.length.set(aMonth) },
		rows:  func(p *punchesPage) map[string]int { return map[string]int{"punches": len(p.grid.Shown())} },
		forms: func(s *stage, p *punchesPage) map[string]func() {
			p.grid.Select(p.grid.Shown()[0].key)
			return map[string]func(){"ignore": func() { askIgnore(s.h, p.desk, p.names, p.grid.Selected()) }, "count again": func() { askCountAgain(s.h, p.desk, p.names, p.grid.Selected()) }}
		},
	})
}

// While another period is asked for nothing of the last one stays, whatever
// order the answers come in.
func TestAnotherPeriodTakesTheOldRowsAwayAtOnce(t *testing.T) {
	w := newTheatre(t, app.English, aWeekOf)
	p := thePunches(t, w.stage)
	w.settle()
	if len(p.grid.Shown()) != 5 || !strings.Contains(p.count.Text, "5") {
		t.Fatalf("%d rows, %q", len(p.grid.Shown()), p.count.Text)
	}
	p.grid.Select(p.grid.Shown()[0].key)
	slow := w.block()
	p.period.step(1)
	if len(p.grid.Shown()) != 0 || len(p.grid.Selected()) != 0 || p.grid.State() != grid.Loading || p.count.Text != "Loading…" || !p.ignore.Disabled() {
		t.Errorf("rows of another day stand there: %d, %q", len(p.grid.Shown()), p.count.Text)
	}
	p.search.SetText("x") // counts what is shown: nothing is
	if p.count.Text != "Loading…" {
		t.Errorf("%q while loading", p.count.Text)
	}
	p.search.SetText("")
	p.period.step(-1)
	slow() // the answers come in any order
	w.settle()
	if len(p.grid.Shown()) != 5 || !strings.HasPrefix(p.count.Text, "5 ") {
		t.Errorf("%d rows, %q", len(p.grid.Shown()), p.count.Text)
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
	s := enter(t, app.English, aWeekOf)
	p := thePunches(t, s)
	p.period.choose(app.Days{From: monday, To: monday})
	p.period.length.set(aWeek)
	p.period.step(-1)
	if p.period.days.From.String() != "2026-11-16" || len(p.grid.Shown()) != 4 {
		t.Errorf("the week before begins %s with %d punches", p.period.days.From, len(p.grid.Shown()))
	}
	p.period.from.SetText("20/11")
	p.period.to.SetText("")
	p.period.read()
	if p.period.days.From != p.period.days.To || p.period.length.value() != aFree {
		t.Errorf("typed period %v", p.period.days)
	}
	before := s.asked()
	p.period.from.SetText("someday")
	p.period.read()
	if s.asked() != before || p.period.from.Text != "20/11/2026" || s.said == "" {
		t.Errorf("a bad date was taken: %q", p.period.from.Text)
	}
}

var (
	_ office.PunchFilter
	_ = officetest.Why
)
