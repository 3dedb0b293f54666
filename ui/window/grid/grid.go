// Package grid is the one list of the window: columns with a header that
// sorts, a filter, one or several selected rows, the keyboard, and copying as
// tab-separated text. It knows nothing of the trade: rows hold texts that are
// already formatted, and what is done with a row goes out by callbacks.
//
// A grid has four states: Loading, Failed, Empty and Rows (and Unasked, where it
// depends on a choice that nobody made). A new one is Loading; it is Empty once
// SetRows said so, and says something else where only a filter hides its rows.
//
// It stands on widget.List and not on widget.Table, which slows down with many
// rows and knows no whole-row selection.
package grid

import (
	"encoding/csv"
	"slices"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Column is one column of a grid.
type Column[R any] struct {
	Key   string  // names the column for remembered widths
	Title string  // in the user's language
	Width float32 // to begin with; the last column takes what is left
	// Firm keeps the width where there is too little room: for dates, times and
	// numbers, which say something wrong when they are cut.
	Firm bool
	// Text gives the cell; it is called often and must be cheap.
	Text func(R) string
	// Compare orders rows; nil compares the texts, without regard to case and accents.
	Compare func(a, b R) int
	Right   bool // right-aligned, for numbers
	// Look gives the weight of a cell's text, such as widget.DangerImportance; nil is plain.
	Look func(R) widget.Importance
}

// Grid is a list of rows of type R. Use it from the window's goroutine only.
type Grid[R any] struct {
	widget.BaseWidget

	// OnSelect is called when the selection or the cursor's row changed.
	OnSelect func()
	// OnOpen is called for Enter and a double click on a row.
	OnOpen func(R)
	// OnKey gets the keys that the grid has no use for, such as F5.
	OnKey func(*fyne.KeyEvent)
	// Menu gives the items of the right-click menu for the selected rows; nil for none.
	Menu func([]R) []*fyne.MenuItem

	columns []Column[R]
	key     func(R) string
	widths  []float32

	all    []R
	folded []string // what the filter searches, made when first needed
	shown  []R
	index  map[string]int // key → position in shown

	state State // Loading until rows were set
	stale bool
	words Words
	empty string // said where the answer is that there is nothing
	// what was selected before the rows were taken away
	kept       map[string]bool
	keptCursor string

	filter   string
	keep     func(R) bool // nil: every row
	sortBy   int          // -1: as given
	downward bool

	selected map[string]bool
	anchor   int // where a selection by Shift began
	cursor   int // the row of the keyboard, -1 none

	list    *body[R]
	header  *header
	instead *widget.Label // stands in place of rows
	lastTap time.Time
	lastRow int
	now     func() time.Time
}

// New makes a grid that is Loading: it says that there is nothing once SetRows
// said so. key names a row for good, so that selection and cursor survive a reload.
func New[R any](columns []Column[R], key func(R) string) *Grid[R] {
	g := &Grid[R]{columns: columns, key: key, sortBy: -1, cursor: -1, lastRow: -1, selected: map[string]bool{}, index: map[string]int{}, now: time.Now}
	for _, c := range columns {
		g.widths = append(g.widths, max(c.Width, minWidth))
	}
	g.instead = widget.NewLabel("")
	g.instead.Alignment = fyne.TextAlignCenter
	g.instead.Wrapping = fyne.TextWrapWord
	g.instead.Importance = widget.LowImportance
	g.instead.Hide()
	g.list = newBody(g)
	g.header = newHeader(g.titles(), g.layoutWidths, g.sortByColumn, g.resizeColumn)
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer puts header and rows together.
func (g *Grid[R]) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewBorder(
		container.NewVBox(g.header, widget.NewSeparator()), nil, nil, nil,
		container.NewStack(g.list, container.New(middle{}, g.instead))))
}

// MinSize keeps a grid small enough for any window; it scrolls.
func (g *Grid[R]) MinSize() fyne.Size {
	g.ExtendBaseWidget(g)
	return fyne.NewSize(160, 110)
}

// SetEmpty sets the text that is shown once the answer is that there are no
// rows: it says what to do next.
func (g *Grid[R]) SetEmpty(text string) {
	g.empty = text
	g.showInstead()
}

// SetRows shows an answer. Rows that are still there stay selected.
func (g *Grid[R]) SetRows(rows []R) {
	g.all, g.folded, g.stale = rows, nil, false
	g.state = Rows
	if len(rows) == 0 {
		g.state = Empty
	}
	g.arrange()
	g.restore()
}

// Keep shows only the rows that pass; nil shows all.
func (g *Grid[R]) Keep(pass func(R) bool) {
	g.keep = pass
	g.arrange()
}

// SetFilter keeps only rows in which every word of the text is found in some cell.
func (g *Grid[R]) SetFilter(text string) {
	if g.filter == fold(text) {
		return
	}
	g.filter = fold(text)
	g.arrange()
}

// SortBy sorts by the column with that key.
func (g *Grid[R]) SortBy(key string, downward bool) {
	for i, c := range g.columns {
		if c.Key == key {
			g.sortBy, g.downward = i, downward
			g.arrange()
		}
	}
}

// Shown returns the rows as they stand on the screen; do not change it.
func (g *Grid[R]) Shown() []R { return g.shown }

// Total returns the number of rows before filtering.
func (g *Grid[R]) Total() int { return len(g.all) }

// Selected returns the selected rows in the order of the screen.
func (g *Grid[R]) Selected() []R {
	var rows []R
	for _, r := range g.shown {
		if g.selected[g.key(r)] {
			rows = append(rows, r)
		}
	}
	return rows
}

// Current returns the row of the cursor; false when there is none.
func (g *Grid[R]) Current() (R, bool) {
	if g.cursor < 0 || g.cursor >= len(g.shown) {
		var none R
		return none, false
	}
	return g.shown[g.cursor], true
}

// Select puts cursor and selection on the row with that key; false when it is not shown.
func (g *Grid[R]) Select(key string) bool {
	i, ok := g.index[key]
	if ok {
		g.moveTo(i, 0)
	}
	return ok
}

// SelectAll selects every row that is shown.
func (g *Grid[R]) SelectAll() {
	for _, r := range g.shown {
		g.selected[g.key(r)] = true
	}
	g.changed()
}

// Widths returns the columns' widths by key, to remember them.
func (g *Grid[R]) Widths() map[string]float32 {
	m := map[string]float32{}
	for i, c := range g.columns {
		m[c.Key] = g.widths[i]
	}
	return m
}

// SetWidths sets remembered widths.
func (g *Grid[R]) SetWidths(m map[string]float32) {
	for i, c := range g.columns {
		if w, ok := m[c.Key]; ok {
			g.widths[i] = max(w, minWidth)
		}
	}
	g.header.Refresh()
	g.list.Refresh()
}

// Focus returns the keyboard to the rows.
func (g *Grid[R]) Focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g.list); c != nil {
		c.Focus(g.list)
	}
	if g.cursor < 0 && len(g.shown) > 0 {
		g.moveTo(0, 0)
	}
}

// arrange filters and sorts again, and keeps cursor and selection on their rows.
func (g *Grid[R]) arrange() {
	current := ""
	if r, ok := g.Current(); ok {
		current = g.key(r)
	}
	g.shown = g.filtered()
	g.sortShown()
	clear(g.index)
	kept := map[string]bool{}
	for i, r := range g.shown {
		k := g.key(r)
		g.index[k] = i
		if g.selected[k] {
			kept[k] = true
		}
	}
	lost := len(kept) != len(g.selected)
	g.selected = kept
	g.cursor = -1
	if i, ok := g.index[current]; ok && current != "" {
		g.cursor = i
	}
	g.anchor = max(g.cursor, 0)
	g.header.mark(g.sortBy, g.downward)
	g.showInstead()
	g.list.Refresh()
	if lost && g.OnSelect != nil {
		g.OnSelect()
	}
}

func (g *Grid[R]) filtered() []R {
	words := strings.Fields(g.filter)
	if len(words) == 0 {
		rows := slices.Clone(g.all)
		if g.keep != nil {
			rows = slices.DeleteFunc(rows, func(r R) bool { return !g.keep(r) })
		}
		return rows
	}
	if g.folded == nil {
		g.folded = make([]string, len(g.all))
		for i, r := range g.all {
			cells := make([]string, len(g.columns))
			for j, c := range g.columns {
				cells[j] = c.Text(r)
			}
			g.folded[i] = fold(strings.Join(cells, "\n"))
		}
	}
	var rows []R
	for i, r := range g.all {
		if g.keep != nil && !g.keep(r) {
			continue
		}
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(g.folded[i], w) }) {
			rows = append(rows, r)
		}
	}
	return rows
}

func (g *Grid[R]) sortShown() {
	if g.sortBy < 0 {
		return
	}
	c := g.columns[g.sortBy]
	compare := c.Compare
	if compare == nil {
		compare = func(a, b R) int { return strings.Compare(fold(c.Text(a)), fold(c.Text(b))) }
	}
	slices.SortStableFunc(g.shown, func(a, b R) int {
		if g.downward {
			return compare(b, a)
		}
		return compare(a, b)
	})
}

// sortByColumn sorts by a click: up, down, as given.
func (g *Grid[R]) sortByColumn(i int) {
	switch {
	case g.sortBy != i:
		g.sortBy, g.downward = i, false
	case !g.downward:
		g.downward = true
	default:
		g.sortBy, g.downward = -1, false
	}
	g.arrange()
}

// resizeColumn moves the edge between a column and the next one.
func (g *Grid[R]) resizeColumn(i int, by float32) {
	g.widths = g.layoutWidths(g.header.Size().Width) // as they stand on the screen now
	if i+1 < len(g.widths) {
		by = max(minWidth-g.widths[i], min(by, g.widths[i+1]-minWidth))
		g.widths[i+1] -= by
	}
	g.widths[i] = max(g.widths[i]+by, minWidth)
	g.header.Refresh()
	g.list.Refresh()
}

// layoutWidths returns the columns' widths within a total width: the last takes
// what is left, and where there is too little room the others give way.
func (g *Grid[R]) layoutWidths(total float32) []float32 {
	ws := slices.Clone(g.widths)
	used := float32(0)
	for _, w := range ws {
		used += w
	}
	switch left := total - used; {
	case len(ws) == 0 || total <= 0:
	case left >= 0:
		ws[len(ws)-1] += left
	default:
		g.shrink(ws, total, used)
	}
	return ws
}

// shrink takes what is too much from the columns that are not firm; where that
// is not enough, from all.
func (g *Grid[R]) shrink(ws []float32, total, used float32) {
	firm := float32(0)
	for i, c := range g.columns {
		if c.Firm {
			firm += ws[i]
		}
	}
	soft := used - firm
	share := float32(0)
	if soft > 0 {
		share = (total - firm) / soft
	}
	const least = 0.35 // below this share the soft columns say nothing any more
	for i, c := range g.columns {
		switch {
		case share < least:
			ws[i] *= total / used
		case !c.Firm:
			ws[i] *= share
		}
	}
}

func (g *Grid[R]) titles() []title {
	var ts []title
	for _, c := range g.columns {
		ts = append(ts, title{c.Title, c.Right})
	}
	return ts
}

// moveTo puts the cursor on a row. With Shift the selection reaches from the
// anchor to it, with Ctrl the row is added or taken out, else it alone is selected.
func (g *Grid[R]) moveTo(i int, mod fyne.KeyModifier) {
	if len(g.shown) == 0 {
		return
	}
	i = max(0, min(i, len(g.shown)-1))
	switch {
	case mod&fyne.KeyModifierShift != 0:
		clear(g.selected)
		for j := min(g.anchor, i); j <= max(g.anchor, i) && j < len(g.shown); j++ {
			g.selected[g.key(g.shown[j])] = true
		}
	case mod&fyne.KeyModifierShortcutDefault != 0:
		k := g.key(g.shown[i])
		if g.selected[k] {
			delete(g.selected, k)
		} else {
			g.selected[k] = true
		}
		g.anchor = i
	default:
		clear(g.selected)
		g.selected[g.key(g.shown[i])] = true
		g.anchor = i
	}
	g.cursor = i
	g.list.Highlight(i)
	g.changed()
}

func (g *Grid[R]) changed() {
	g.list.Refresh()
	if g.OnSelect != nil {
		g.OnSelect()
	}
}

// doubleTap is the longest time between the two clicks of a double click.
const doubleTap = 400 * time.Millisecond

// tapped is a click on a row. Double clicks are told apart here: a
// DoubleTappable row would make every single click wait.
func (g *Grid[R]) tapped(i int) {
	t := g.now()
	again := i == g.lastRow && t.Sub(g.lastTap) <= doubleTap
	g.lastRow, g.lastTap = i, t
	mod := modifiers()
	if c := fyne.CurrentApp().Driver().CanvasForObject(g.list); c != nil {
		c.Focus(g.list)
	}
	g.moveTo(i, mod)
	if again && mod == 0 {
		g.lastRow = -1
		g.open()
	}
}

func (g *Grid[R]) tappedSecondary(i int, at fyne.Position) {
	if i >= len(g.shown) {
		return
	}
	if !g.selected[g.key(g.shown[i])] {
		g.moveTo(i, 0)
	}
	if g.Menu == nil {
		return
	}
	items := g.Menu(g.Selected())
	if c := fyne.CurrentApp().Driver().CanvasForObject(g.list); c != nil && len(items) > 0 {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), c, at)
	}
}

func (g *Grid[R]) open() {
	if r, ok := g.Current(); ok && g.OnOpen != nil {
		g.OnOpen(r)
	}
}

// typed is the keyboard on the rows.
func (g *Grid[R]) typed(k *fyne.KeyEvent) {
	page := max(1, int(g.list.Size().Height/(rowHeight()+theme.Padding()))-1)
	mod := modifiers() & fyne.KeyModifierShift
	switch k.Name {
	case fyne.KeyDown:
		g.moveTo(g.cursor+1, mod)
	case fyne.KeyUp:
		g.moveTo(g.cursor-1, mod)
	case fyne.KeyPageDown:
		g.moveTo(g.cursor+page, mod)
	case fyne.KeyPageUp:
		g.moveTo(g.cursor-page, mod)
	case fyne.KeyHome:
		g.moveTo(0, mod)
	case fyne.KeyEnd:
		g.moveTo(len(g.shown)-1, mod)
	case fyne.KeySpace:
		g.moveTo(g.cursor, fyne.KeyModifierShortcutDefault)
	case fyne.KeyReturn, fyne.KeyEnter:
		g.open()
	default:
		if g.OnKey != nil {
			g.OnKey(k)
		}
	}
}

// Copy returns the selected rows, with the header, as tab-separated text that is
// safe to paste into a spreadsheet.
func (g *Grid[R]) Copy() string {
	var b strings.Builder
	for i, c := range g.columns {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(Defuse(c.Title))
	}
	for _, r := range g.Selected() {
		b.WriteByte('\n')
		for i, c := range g.columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(Defuse(c.Text(r)))
		}
	}
	b.WriteByte('\n')
	return b.String()
}

// CSV returns the rows that are shown, with the header, with semicolons between the cells, as spreadsheets in Belgium open
// well; no cell is a formula.
func (g *Grid[R]) CSV() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	line := make([]string, len(g.columns))
	write := func(cell func(Column[R]) string) {
		for i, c := range g.columns {
			line[i] = Defuse(cell(c))
		}
		_ = w.Write(line) // into memory: nothing fails
	}
	write(func(c Column[R]) string { return c.Title })
	for _, r := range g.shown {
		write(func(c Column[R]) string { return c.Text(r) })
	}
	w.Flush()
	return b.String()
}

// Defuse makes a text safe as one cell: no tabs or line ends in it, and a
// leading = + - @, which a spreadsheet would run as a formula, gets a quote before it.
func Defuse(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, cell)
	if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// fold drops case and accents, so that "helene" finds "Hélène".
func fold(s string) string {
	// Transformers keep state between calls: a chain is made for each text.
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)))
	if out, _, err := transform.String(t, s); err == nil {
		s = out
	}
	return strings.ToLower(s)
}

// modifiers returns the keys held down; none where the driver cannot tell.
func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}
