package grid

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2/theme"
)

func words(g *Grid[person]) {
	g.SetWords(Words{Loading: "loading", Failed: "not known", Unasked: "choose", Hidden: func(n int) string { return fmt.Sprint("hides ", n) }})
	g.SetEmpty("nobody")
}

// Only an answer makes a list empty: not that it is new, loading, failed or
// unasked, nor a filter.
func TestOnlyAnAnswerMakesAListEmpty(t *testing.T) {
	g, _ := newTestGrid(t, nil)
	g = New(g.columns, g.key)
	words(g)
	says := func(state State, text string) {
		t.Helper()
		if g.State() != state || g.instead.Text != text || g.instead.Visible() != (text != "") {
			t.Errorf("state %d says %q, want %d and %q", g.State(), g.instead.Text, state, text)
		}
	}
	says(Loading, "loading")
	g.SetFilter("x")
	g.Keep(func(person) bool { return true })
	g.SortBy("name", true)
	says(Loading, "loading")
	g.SetFilter("")
	g.Fail()
	says(Failed, "not known")
	g.Rest()
	says(Unasked, "choose")
	g.Age(true) // nothing was asked that could be old
	says(Unasked, "choose")
	g.Load()
	says(Loading, "loading")
	g.SetRows(nil)
	says(Empty, "nobody")
	g.SetRows(people())
	says(Rows, "")
	g.SetFilter("no such person")
	says(Rows, "hides 4")
	g.SetFilter("")
	g.Keep(func(p person) bool { return p.hours > 1000 })
	says(Rows, "hides 4")
	g.Keep(nil)
	says(Rows, "")
}

func TestWhatIsOldIsMarkedAndAnEmptyListIsNotOldButUnknown(t *testing.T) {
	g, _ := newTestGrid(t, people())
	words(g)
	g.Age(false)
	if g.State() != Rows || !g.Stale() || len(g.Shown()) != 4 {
		t.Errorf("state %d, stale %v, %d rows", g.State(), g.Stale(), len(g.Shown()))
	}
	l := newLine(len(g.columns))
	g.list.update(0, l)
	if !l.stale || colorOf(0, l.stale) != theme.ColorNamePlaceHolder {
		t.Error("an old row looks like a new one")
	}
	g.SetRows(people())
	if g.Stale() {
		t.Error("a new answer is old")
	}
	g.SetRows(nil)
	g.Age(false)
	if g.State() != Loading {
		t.Errorf("an empty list that is asked for again is in state %d", g.State())
	}
	g.SetRows(nil)
	g.Age(true)
	if g.State() != Failed {
		t.Errorf("an empty list that could not be loaded again is in state %d", g.State())
	}
}

func TestWhatWasSelectedComesBackWithItsRow(t *testing.T) {
	g, _ := newTestGrid(t, people())
	words(g)
	g.Select("Müller Jörg")
	told := 0
	g.OnSelect = func() { told++ }
	g.Load()
	if _, ok := g.Current(); ok || len(g.Selected()) != 0 || told == 0 {
		t.Error("a row that is gone can still be acted on, or nobody was told")
	}
	told = 0
	g.SetRows(people()[1:])
	if p, ok := g.Current(); !ok || p.name != "Müller Jörg" || names(g.Selected()) != "Müller Jörg" || told == 0 {
		t.Errorf("selected: %q, told %d times", names(g.Selected()), told)
	}
	g.Rest()
	g.SetRows(people())
	if len(g.Selected()) != 0 {
		t.Error("what was selected for another question is selected again")
	}
}
