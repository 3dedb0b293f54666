package grid

// State says how far the answer is that a list or a card shows. What is not
// known is never shown as nothing: only an answer makes a list Empty.
type State int

// The states. The zero State is Loading: whatever is made new knows nothing.
const (
	// Loading: it was asked, and no answer is there.
	Loading State = iota
	// Failed: it was asked, and there is no answer.
	Failed
	// Empty: the answer is that there is nothing.
	Empty
	// Rows: the answer has something, which is shown.
	Rows
	// Unasked: it depends on something that nobody chose yet.
	Unasked
)

// Words are what a grid says in place of rows, in the user's language.
type Words struct {
	Loading string
	Failed  string // that it is not known; why, and what to do, is said once for all that shows the same answer
	Unasked string // what to choose first
	// Hidden says that none of so many rows passes the filter, and what to do; nil says nothing.
	Hidden func(rows int) string
}

// SetWords sets what is said in place of rows.
func (g *Grid[R]) SetWords(w Words) {
	g.words = w
	g.showInstead()
}

// State says how far the answer is that the grid shows.
func (g *Grid[R]) State() State { return g.state }

// Stale says that what is shown was true before and may not be any more.
func (g *Grid[R]) Stale() bool { return g.stale }

// Load takes the rows away: another answer is asked for. Those that come with
// it and were selected are selected again.
func (g *Grid[R]) Load() { g.clear(Loading) }

// Fail takes the rows away: there is no answer.
func (g *Grid[R]) Fail() { g.clear(Failed) }

// Rest takes the rows away, and forgets what was selected: nothing is asked
// until something is chosen elsewhere.
func (g *Grid[R]) Rest() {
	g.clear(Unasked)
	g.kept, g.keptCursor = nil, ""
}

// Age marks what is shown as old: the same is being asked again, or could not be. It
// makes no claim then that there is nothing.
func (g *Grid[R]) Age(failed bool) {
	switch {
	case g.state == Unasked:
	case g.state == Rows:
		g.stale = true
		g.list.Refresh()
	case failed:
		g.clear(Failed)
	default:
		g.clear(Loading)
	}
}

// clear takes the rows away and remembers what was selected.
func (g *Grid[R]) clear(s State) {
	had, told := g.state == Rows, len(g.selected) > 0 // arrange tells of a selection that went away
	if had {
		g.keptCursor = ""
		if r, ok := g.Current(); ok {
			g.keptCursor = g.key(r)
		}
		g.kept = map[string]bool{}
		for k := range g.selected {
			g.kept[k] = true
		}
	}
	g.state, g.stale = s, false
	g.all, g.folded = nil, nil
	g.arrange()
	if had && !told && g.OnSelect != nil {
		g.OnSelect()
	}
}

// restore selects again what was selected before the rows were taken away.
func (g *Grid[R]) restore() {
	if len(g.kept) == 0 && g.keptCursor == "" {
		return
	}
	for k := range g.kept {
		if _, ok := g.index[k]; ok {
			g.selected[k] = true
		}
	}
	if i, ok := g.index[g.keptCursor]; ok {
		g.cursor, g.anchor = i, i
	}
	back := len(g.selected) > 0 || g.cursor >= 0
	g.kept, g.keptCursor = nil, ""
	if back {
		g.changed()
	}
}

// showInstead says what stands in place of rows.
func (g *Grid[R]) showInstead() {
	text := ""
	switch {
	case len(g.shown) > 0:
	case g.state == Loading:
		text = g.words.Loading
	case g.state == Failed:
		text = g.words.Failed
	case g.state == Unasked:
		text = g.words.Unasked
	case len(g.all) > 0:
		if g.words.Hidden != nil {
			text = g.words.Hidden(len(g.all))
		}
	default:
		text = g.empty
	}
	if g.instead.Text != text {
		g.instead.SetText(text)
	}
	if text == "" {
		g.instead.Hide()
		return
	}
	g.instead.Show()
	g.instead.Refresh()
}
