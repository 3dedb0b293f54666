package grid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	minWidth = 36 // of a column
	cellPad  = 6  // left and right of a cell's text
)

// body is the scrolling part: a widget.List with keyboard and selection of our own.
type body[R any] struct {
	widget.List
	grid *Grid[R]
}

func newBody[R any](g *Grid[R]) *body[R] {
	b := &body[R]{grid: g}
	b.Length = func() int { return len(g.shown) }
	b.CreateItem = func() fyne.CanvasObject { return newLine(len(g.columns)) }
	b.UpdateItem = func(i int, o fyne.CanvasObject) { b.update(i, o.(*line)) }
	b.ExtendBaseWidget(b)
	return b
}

// update fills one line with the row that is shown there now.
func (b *body[R]) update(i int, l *line) {
	g := b.grid
	if i >= len(g.shown) {
		return
	}
	r := g.shown[i]
	for j, c := range g.columns {
		l.cells[j].right = c.Right
		l.cells[j].text = c.Text(r)
		l.cells[j].look = widget.MediumImportance
		if c.Look != nil {
			l.cells[j].look = c.Look(r)
		}
	}
	l.stale = g.stale
	l.selected = g.selected[g.key(r)]
	l.widths = g.layoutWidths
	l.onTap = func() { g.tapped(i) }
	l.onMenu = func(at fyne.Position) { g.tappedSecondary(i, at) }
	l.Refresh()
}

// TypedKey moves the cursor.
func (b *body[R]) TypedKey(k *fyne.KeyEvent) { b.grid.typed(k) }

// TypedShortcut copies and selects all.
func (b *body[R]) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		if s.Clipboard != nil {
			s.Clipboard.SetContent(b.grid.Copy())
		}
	case *fyne.ShortcutSelectAll:
		b.grid.SelectAll()
	}
}

// rowHeight is the height of a line, without the gap to the next.
func rowHeight() float32 { return theme.TextSize() + 11 }

type cell struct {
	text  string
	right bool
	look  widget.Importance
}

// line shows one row: a text per column, cut off with an ellipsis where it is too long.
type line struct {
	widget.BaseWidget
	cells    []cell
	selected bool
	stale    bool
	widths   func(total float32) []float32
	onTap    func()
	onMenu   func(fyne.Position)
}

func newLine(columns int) *line {
	l := &line{cells: make([]cell, columns)}
	l.ExtendBaseWidget(l)
	return l
}

// Tapped selects the row.
func (l *line) Tapped(*fyne.PointEvent) {
	if l.onTap != nil {
		l.onTap()
	}
}

// TappedSecondary opens the menu.
func (l *line) TappedSecondary(e *fyne.PointEvent) {
	if l.onMenu != nil {
		l.onMenu(e.AbsolutePosition)
	}
}

// CreateRenderer draws the line.
func (l *line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{line: l, back: canvas.NewRectangle(theme.Color(theme.ColorNameSelection))}
	r.back.CornerRadius = theme.Size(theme.SizeNameSelectionRadius)
	r.objects = append(r.objects, r.back)
	for range l.cells {
		t := canvas.NewText("", theme.Color(theme.ColorNameForeground))
		r.texts = append(r.texts, t)
		r.objects = append(r.objects, t)
	}
	return r
}

type lineRenderer struct {
	line    *line
	back    *canvas.Rectangle
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *lineRenderer) MinSize() fyne.Size           { return fyne.NewSize(minWidth, rowHeight()) }
func (r *lineRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *lineRenderer) Destroy()                     {}

func (r *lineRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	if r.line.widths == nil {
		return
	}
	x := float32(0)
	for i, w := range r.line.widths(size.Width) {
		t, c := r.texts[i], r.line.cells[i]
		room := max(0, w-2*cellPad)
		t.Text = cut(c.text, room, t.TextSize)
		t.Alignment = fyne.TextAlignLeading
		if c.right {
			t.Alignment = fyne.TextAlignTrailing
		}
		t.Move(fyne.NewPos(x+cellPad, 0))
		t.Resize(fyne.NewSize(room, size.Height))
		x += w
	}
}

func (r *lineRenderer) Refresh() {
	r.back.Hidden = !r.line.selected
	r.back.FillColor = theme.Color(theme.ColorNameSelection)
	for i, c := range r.line.cells {
		r.texts[i].Color = theme.Color(colorOf(c.look, r.line.stale))
		r.texts[i].TextSize = theme.TextSize()
	}
	r.Layout(r.line.Size())
	for _, o := range r.objects {
		canvas.Refresh(o)
	}
}

// colorOf returns the colour of a cell: what is stale is in the quiet one.
func colorOf(i widget.Importance, stale bool) fyne.ThemeColorName {
	if stale {
		return theme.ColorNamePlaceHolder
	}
	switch i {
	case widget.DangerImportance:
		return theme.ColorNameError
	case widget.WarningImportance:
		return theme.ColorNameWarning
	case widget.SuccessImportance:
		return theme.ColorNameSuccess
	case widget.HighImportance:
		return theme.ColorNamePrimary
	case widget.LowImportance:
		return theme.ColorNamePlaceHolder
	}
	return theme.ColorNameForeground
}

// cut shortens a text with an ellipsis until it fits. Most texts fit, so the
// whole is measured first.
func cut(text string, room, size float32) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width <= room }
	if text == "" || fits(text) {
		return text
	}
	rs := []rune(text)
	low, high := 0, len(rs)
	for low < high {
		mid := (low + high + 1) / 2
		if fits(string(rs[:mid]) + "…") {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return string(rs[:low]) + "…"
}

// middle lays out the text of an empty grid: over the width, a third from the top.
type middle struct{}

func (middle) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(minWidth, 60) }

func (middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const margin = 24
	for _, o := range objects {
		o.Resize(fyne.NewSize(max(minWidth, size.Width-2*margin), o.MinSize().Height)) // wrapped text needs its width first
		height := o.MinSize().Height
		o.Move(fyne.NewPos(margin, max(0, (size.Height-height)/3)))
		o.Resize(fyne.NewSize(max(minWidth, size.Width-2*margin), height))
	}
}
