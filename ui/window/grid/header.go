package grid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

type title struct {
	text  string
	right bool
}

// header shows the columns' titles: a click sorts, a drag of a title's right edge resizes.
type header struct {
	widget.BaseWidget
	titles   []title
	widths   func(float32) []float32
	sort     func(int)
	resize   func(int, float32)
	sortedBy int
	downward bool
}

func newHeader(titles []title, widths func(float32) []float32, sort func(int), resize func(int, float32)) *header {
	h := &header{titles: titles, widths: widths, sort: sort, resize: resize, sortedBy: -1}
	h.ExtendBaseWidget(h)
	return h
}

// mark shows by which column the rows are sorted.
func (h *header) mark(column int, downward bool) {
	h.sortedBy, h.downward = column, downward
	h.Refresh()
}

// columnAt returns the column under x, or -1.
func (h *header) columnAt(x float32) int {
	for i, w := range h.widths(h.Size().Width) {
		if x < w {
			return i
		}
		x -= w
	}
	return -1
}

// Tapped sorts by the title that was clicked.
func (h *header) Tapped(e *fyne.PointEvent) {
	if i := h.columnAt(e.Position.X); i >= 0 {
		h.sort(i)
	}
}

// CreateRenderer draws titles and edges.
func (h *header) CreateRenderer() fyne.WidgetRenderer {
	r := &headerRenderer{header: h}
	for i := range h.titles {
		t := canvas.NewText("", theme.Color(theme.ColorNameForeground))
		t.TextStyle.Bold = true
		r.texts = append(r.texts, t)
		e := newEdge(func(dx float32) { h.resize(i, dx) })
		r.edges = append(r.edges, e)
	}
	for _, t := range r.texts {
		r.objects = append(r.objects, t)
	}
	for i, e := range r.edges {
		if i < len(r.edges)-1 { // the last column takes what is left
			r.objects = append(r.objects, e)
		}
	}
	r.Refresh()
	return r
}

type headerRenderer struct {
	header  *header
	texts   []*canvas.Text
	edges   []*edge
	objects []fyne.CanvasObject
}

func (r *headerRenderer) MinSize() fyne.Size           { return fyne.NewSize(minWidth, rowHeight()+4) }
func (r *headerRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *headerRenderer) Destroy()                     {}

const edgeWidth = 8

func (r *headerRenderer) Layout(size fyne.Size) {
	x := float32(0)
	for i, w := range r.header.widths(size.Width) {
		t := r.texts[i]
		mark := ""
		if r.header.sortedBy == i {
			mark = " ▲"
			if r.header.downward {
				mark = " ▼"
			}
		}
		room := max(0, w-2*cellPad)
		t.Text = cut(r.header.titles[i].text+mark, room-2, t.TextSize) // bold is a little wider
		t.Alignment = fyne.TextAlignLeading
		if r.header.titles[i].right {
			t.Alignment = fyne.TextAlignTrailing
		}
		t.Move(fyne.NewPos(x+cellPad, 0))
		t.Resize(fyne.NewSize(room, size.Height))
		x += w
		r.edges[i].Move(fyne.NewPos(x-edgeWidth/2, 0))
		r.edges[i].Resize(fyne.NewSize(edgeWidth, size.Height))
	}
}

func (r *headerRenderer) Refresh() {
	for _, t := range r.texts {
		t.Color = theme.Color(theme.ColorNameForeground)
		t.TextSize = theme.TextSize()
	}
	r.Layout(r.header.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

// edge is the grip between two titles.
type edge struct {
	widget.BaseWidget
	drag func(dx float32)
}

func newEdge(drag func(float32)) *edge {
	e := &edge{drag: drag}
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer draws a thin line.
func (e *edge) CreateRenderer() fyne.WidgetRenderer {
	l := canvas.NewRectangle(theme.Color(theme.ColorNameSeparator))
	return &edgeRenderer{line: l}
}

// Cursor shows that it can be dragged.
func (e *edge) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// Dragged resizes.
func (e *edge) Dragged(d *fyne.DragEvent) { e.drag(d.Dragged.DX) }

// DragEnd ends it.
func (e *edge) DragEnd() {}

type edgeRenderer struct{ line *canvas.Rectangle }

func (r *edgeRenderer) MinSize() fyne.Size           { return fyne.NewSize(edgeWidth, 1) }
func (r *edgeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *edgeRenderer) Destroy()                     {}

func (r *edgeRenderer) Layout(size fyne.Size) {
	r.line.Move(fyne.NewPos(size.Width/2, 5))
	r.line.Resize(fyne.NewSize(1, max(0, size.Height-10)))
}

func (r *edgeRenderer) Refresh() {
	r.line.FillColor = theme.Color(theme.ColorNameSeparator)
	r.line.Refresh()
}
