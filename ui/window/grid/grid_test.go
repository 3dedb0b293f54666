package grid

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type person struct {
	name  string
	hours int
}

func people() []person {
	return []person{{"Peeters An", 38}, {"Hélène Dubois", 20}, {"Müller Jörg", 4}, {"=SUM(A1)", 10}}
}

func newTestGrid(t *testing.T, rows []person) (*Grid[person], fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	g := New([]Column[person]{
		{Key: "name", Title: "Name", Width: 150, Text: func(p person) string { return p.name }},
		{Key: "hours", Title: "Hours", Width: 60, Firm: true, Right: true,
			Text: func(p person) string { return strconv.Itoa(p.hours) }, Compare: func(a, b person) int { return a.hours - b.hours }},
	}, func(p person) string { return p.name })
	g.SetRows(rows)
	w := test.NewTempWindow(t, g)
	w.Resize(fyne.NewSize(300, 200))
	return g, w
}

func names(rows []person) string {
	var ns []string
	for _, r := range rows {
		ns = append(ns, r.name)
	}
	return strings.Join(ns, ", ")
}

func key(g *Grid[person], ks ...fyne.KeyName) {
	for _, k := range ks {
		g.list.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestFilterFindsWithoutAccentsInAnyColumn(t *testing.T) {
	g, _ := newTestGrid(t, people())
	for filter, want := range map[string]string{
		"helene": "Hélène Dubois", "MULLER 4": "Müller Jörg", "38": "Peeters An", "nobody": "", "": "Peeters An, Hélène Dubois, Müller Jörg, =SUM(A1)",
	} {
		g.SetFilter(filter)
		if got := names(g.Shown()); got != want {
			t.Errorf("%q: got %s, want %s", filter, got, want)
		}
	}
}

func TestAClickOnTheHeaderSortsUpThenDownThenAsGiven(t *testing.T) {
	g, _ := newTestGrid(t, people())
	click := func() { g.header.Tapped(&fyne.PointEvent{Position: fyne.NewPos(200, 5)}) }
	for i, want := range []string{
		"Müller Jörg, =SUM(A1), Hélène Dubois, Peeters An",
		"Peeters An, Hélène Dubois, =SUM(A1), Müller Jörg",
		"Peeters An, Hélène Dubois, Müller Jörg, =SUM(A1)",
	} {
		click()
		if got := names(g.Shown()); got != want {
			t.Errorf("click %d: got %s, want %s", i+1, got, want)
		}
	}
}

func TestKeyboard(t *testing.T) {
	var rows []person
	for i := range 100 {
		rows = append(rows, person{strconv.Itoa(i), i})
	}
	g, w := newTestGrid(t, rows)
	opened := ""
	g.OnOpen = func(p person) { opened = p.name }
	w.Canvas().Focus(g.list)
	for _, step := range []struct {
		keys []fyne.KeyName
		want string
	}{
		{[]fyne.KeyName{fyne.KeyDown}, "0"},
		{[]fyne.KeyName{fyne.KeyDown, fyne.KeyDown}, "2"},
		{[]fyne.KeyName{fyne.KeyUp}, "1"},
		{[]fyne.KeyName{fyne.KeyEnd}, "99"},
		{[]fyne.KeyName{fyne.KeyDown}, "99"},
		{[]fyne.KeyName{fyne.KeyHome, fyne.KeyUp}, "0"},
	} {
		key(g, step.keys...)
		if got := names(g.Selected()); got != step.want {
			t.Errorf("%v: selected %q, want %q", step.keys, got, step.want)
		}
	}
	key(g, fyne.KeyPageDown)
	if p, _ := g.Current(); p.hours < 3 || p.hours > 10 {
		t.Errorf("a page down went to row %d", p.hours)
	}
	key(g, fyne.KeyEnd, fyne.KeyReturn)
	if opened != "99" {
		t.Errorf("Enter opened %q", opened)
	}
}

func TestSpaceAddsToTheSelectionAndF5IsHandedOn(t *testing.T) {
	g, _ := newTestGrid(t, people())
	var handed fyne.KeyName
	g.OnKey = func(k *fyne.KeyEvent) { handed = k.Name }
	key(g, fyne.KeyDown, fyne.KeySpace, fyne.KeyF5)
	if len(g.Selected()) != 0 || handed != fyne.KeyF5 {
		t.Errorf("selected %s, handed on %s", names(g.Selected()), handed)
	}
	g.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	if len(g.Selected()) != 4 {
		t.Errorf("Ctrl+A selected %d rows", len(g.Selected()))
	}
}

func TestADoubleClickOpensAndASlowOneDoesNot(t *testing.T) {
	g, _ := newTestGrid(t, people())
	at := time.Unix(0, 0)
	g.now = func() time.Time { return at }
	opened := 0
	g.OnOpen = func(person) { opened++ }
	g.tapped(1)
	at = at.Add(time.Second)
	g.tapped(1)
	if opened != 0 {
		t.Error("two slow clicks opened the row")
	}
	at = at.Add(100 * time.Millisecond)
	g.tapped(1)
	if opened != 1 {
		t.Errorf("a double click opened %d times", opened)
	}
}

func TestReloadKeepsSelectionAndCursorOnTheirRows(t *testing.T) {
	g, _ := newTestGrid(t, people())
	g.Select("Müller Jörg")
	g.SetRows(append([]person{{"Aerts Tom", 1}}, people()...))
	if got, _ := g.Current(); got.name != "Müller Jörg" || names(g.Selected()) != "Müller Jörg" {
		t.Errorf("cursor on %q, selected %q", got.name, names(g.Selected()))
	}
	told := false
	g.OnSelect = func() { told = true }
	g.SetRows(people()[:2])
	if _, ok := g.Current(); ok || len(g.Selected()) != 0 || !told {
		t.Error("a row that went away stays selected, or nobody was told")
	}
}

func TestCopyIsSafeToPasteIntoASpreadsheet(t *testing.T) {
	g, _ := newTestGrid(t, append(people(), person{"a\tb\nc", 1}))
	g.SelectAll()
	clip := test.NewClipboard()
	g.list.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	want := "Name\tHours\nPeeters An\t38\nHélène Dubois\t20\nMüller Jörg\t4\n'=SUM(A1)\t10\na b c\t1\n"
	if diff := cmp.Diff(want, clip.Content()); diff != "" {
		t.Error(diff)
	}
}

func TestNoCellCanRunAsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := Defuse(rapid.String().Draw(t, "cell"))
		if strings.ContainsAny(cell, "\t\r\n") || (cell != "" && strings.ContainsRune("=+-@", rune(cell[0]))) {
			t.Fatalf("%q", cell)
		}
	})
}

func TestWidthsAreRememberedAndNeverTooSmall(t *testing.T) {
	g, _ := newTestGrid(t, people())
	g.resizeColumn(0, -5000)
	if w := g.Widths()["name"]; w != minWidth {
		t.Errorf("width %v", w)
	}
	g.resizeColumn(0, 5000)
	if w := g.Widths()["hours"]; w != minWidth {
		t.Errorf("width of the next column %v", w)
	}
	g.SetWidths(map[string]float32{"name": 222, "gone": 5})
	if w := g.Widths()["name"]; w != 222 {
		t.Errorf("width %v", w)
	}
}

func TestColumnsFillTheWidthAndFirmOnesKeepTheirs(t *testing.T) {
	g, _ := newTestGrid(t, people())
	for _, total := range []float32{100, 210, 500} {
		sum := float32(0)
		for _, w := range g.layoutWidths(total) {
			sum += w
		}
		if sum < total-0.1 || sum > total+0.1 {
			t.Errorf("columns are %v wide, room is %v", sum, total)
		}
	}
	if ws := g.layoutWidths(150); ws[1] != 60 || ws[0] != 90 {
		t.Errorf("widths %v, want the name to give way", ws)
	}
}

func TestAHundredThousandRowsAreShownAtOnce(t *testing.T) {
	rows := make([]person, 100_000)
	for i := range rows {
		rows[i] = person{strconv.Itoa(i), i}
	}
	g, _ := newTestGrid(t, rows)
	start := time.Now()
	for range 20 {
		key(g, fyne.KeyPageDown)
	}
	if d := time.Since(start); d > 5*time.Second { // generous: it guards against work per row, which takes minutes
		t.Errorf("20 pages took %v", d)
	}
}

func TestCutFits(t *testing.T) {
	test.NewTempApp(t)
	for _, width := range []float32{0, 5, 20, 60, 200} {
		s := cut("Schoonmaakbedrijf Blinkend", width, 14)
		if w := fyne.MeasureText(s, 14, fyne.TextStyle{}).Width; w > width && s != "…" {
			t.Errorf("%q is %v wide, room is %v", s, w, width)
		}
	}
}
