// Package dayline draws the day of a person as a line of hours: presences as
// bars with their breaks, taps as ticks with the key that was pressed, edges
// that are open or missing as broken ends. What matters is thick, marked and
// bold besides being coloured, so that it can be told without colours.
package dayline

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
)

// Day is what a line shows, in rows: one for each site.
type Day struct {
	Span app.Span // the hours shown; an empty one shows nothing
	Zone *time.Location
	Rows []Row
}

// Row is one site's part of the day.
type Row struct {
	Label string
	Bars  []Bar
	Ticks []Tick
}

// Bar is a presence. A side that is not known is drawn as a broken end.
type Bar struct {
	Span           app.Span
	NoStart, NoEnd bool
	Open           bool // its end has not come yet
	Stated         bool // an edge or the whole is a supervisor's statement
	Breaks         []app.Span
}

// Tick is a tap.
type Tick struct {
	At    app.Instant
	Mark  string // a letter or two for the key
	Mine  bool   // it is one of those that the anomaly names
	Faint bool   // it has no effect
}

// Line is the widget.
type Line struct {
	widget.BaseWidget
	day Day
}

// New makes a line that shows nothing yet.
func New() *Line {
	l := &Line{}
	l.ExtendBaseWidget(l)
	return l
}

// SetDay draws another day.
func (l *Line) SetDay(d Day) {
	l.day = d
	l.Refresh()
}

// CreateRenderer makes what Fyne draws.
func (l *Line) CreateRenderer() fyne.WidgetRenderer { return &renderer{line: l} }

const (
	labelWidth = 96
	axisHeight = 20
	rowHeight  = 46
	barTop     = 18 // within a row: marks stand above
	barHeight  = 18
	margin     = 24 // on the right: half of a written hour
	broken     = 18 // how long a broken end is drawn
	leastLabel = 44 // between two hours that are written
)

type renderer struct {
	line    *Line
	objects []fyne.CanvasObject
	size    fyne.Size
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *renderer) MinSize() fyne.Size {
	if r.line.day.Span.To == 0 {
		return fyne.NewSize(0, 0)
	}
	return fyne.NewSize(300, axisHeight+rowHeight*float32(len(r.line.day.Rows)))
}

func (r *renderer) Layout(s fyne.Size) {
	r.size = s
	r.draw()
}

func (r *renderer) Refresh() {
	r.draw()
	canvas.Refresh(r.line)
}

// draw makes all objects anew: a day has few.
func (r *renderer) draw() {
	r.objects = nil
	d := &r.line.day
	if d.Span.To <= d.Span.From || r.size.Width <= labelWidth+2*margin {
		return
	}
	p := scale{from: d.Span.From, to: d.Span.To, left: labelWidth, width: r.size.Width - labelWidth - margin}
	r.axis(p)
	for i := range d.Rows {
		r.row(p, &d.Rows[i], axisHeight+rowHeight*float32(i))
	}
}

// scale places instants on the width.
type scale struct {
	from, to    app.Instant
	left, width float32
}

func (s scale) x(i app.Instant) float32 {
	i = min(max(i, s.from), s.to)
	return s.left + s.width*float32(i-s.from)/float32(s.to-s.from)
}

const hour = 60 * 60 * 1000

// step returns how many hours lie between two that are written.
func (s scale) step() int {
	perHour := s.width * hour / float32(s.to-s.from)
	for _, n := range []int{1, 2, 3, 4, 6, 12} {
		if perHour*float32(n) >= leastLabel {
			return n
		}
	}
	return 24
}

func (r *renderer) axis(s scale) {
	step := s.step()
	for i := s.from; i <= s.to; i += hour {
		local := time.UnixMilli(int64(i)).In(r.line.day.Zone)
		written := local.Hour()%step == 0
		width := float32(1)
		if local.Hour() == 0 { // a new day
			width = 2
		}
		if !written && width == 1 {
			continue
		}
		r.rectangle(theme.Color(theme.ColorNameSeparator), s.x(i), axisHeight, width, r.size.Height-axisHeight)
		r.text(local.Format("15:04"), theme.Color(theme.ColorNamePlaceHolder), s.x(i), 0, fyne.TextAlignCenter, false)
	}
}

func (r *renderer) row(s scale, row *Row, top float32) {
	label := r.text(row.Label, theme.Color(theme.ColorNameForeground), 0, top+barTop-1, fyne.TextAlignLeading, false)
	label.Text = fit(row.Label, labelWidth-6)
	for i := range row.Bars {
		r.bar(s, &row.Bars[i], top+barTop)
	}
	for _, t := range row.Ticks {
		r.tick(s, t, top)
	}
}

func (r *renderer) bar(s scale, b *Bar, top float32) {
	fill, line := theme.Color(theme.ColorNamePrimary), theme.Color(theme.ColorNameForeground)
	from, to := s.x(b.Span.From), s.x(b.Span.To)
	body := r.rectangle(fill, from, top, max(to-from, 2), barHeight)
	body.StrokeColor, body.StrokeWidth = line, 1
	if b.Stated { // nobody tapped it: only the outline
		body.FillColor = color.Transparent
		body.StrokeColor, body.StrokeWidth = fill, 3
	}
	for _, k := range b.Breaks {
		hole := r.rectangle(theme.Color(theme.ColorNameBackground), s.x(k.From), top+barHeight/4, max(s.x(k.To)-s.x(k.From), 2), barHeight/2)
		hole.StrokeColor, hole.StrokeWidth = line, 1
	}
	missing := theme.Color(theme.ColorNameError)
	if b.NoStart {
		r.brokenEnd(missing, from-broken, top, "?")
	}
	switch {
	case b.Open:
		r.brokenEnd(line, to+2, top, "…")
	case b.NoEnd:
		r.brokenEnd(missing, to+2, top, "?")
	}
}

// brokenEnd draws three pieces of a bar that goes nowhere, and a mark.
func (r *renderer) brokenEnd(c color.Color, left, top float32, mark string) {
	for i := range 3 {
		r.rectangle(c, left+float32(i)*broken/3, top+barHeight/2-2, broken/3-2, 4)
	}
	r.text(mark, c, left+broken/3, top-barTop+1, fyne.TextAlignCenter, true)
}

func (r *renderer) tick(s scale, t Tick, top float32) {
	c, width := theme.Color(theme.ColorNameForeground), float32(1)
	switch {
	case t.Mine:
		c, width = theme.Color(theme.ColorNameError), 4
	case t.Faint:
		c = theme.Color(theme.ColorNameDisabled)
	}
	x := s.x(t.At)
	r.rectangle(c, x-width/2, top+barTop-4, width, barHeight+8)
	if t.Mine { // a foot, so that it is told without colour
		r.rectangle(c, x-5, top+barTop+barHeight+4, 10, 3)
	}
	r.text(t.Mark, c, x, top, fyne.TextAlignCenter, t.Mine)
}

func (r *renderer) rectangle(c color.Color, x, y, w, h float32) *canvas.Rectangle {
	o := canvas.NewRectangle(c)
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
	r.objects = append(r.objects, o)
	return o
}

func (r *renderer) text(s string, c color.Color, x, y float32, align fyne.TextAlign, bold bool) *canvas.Text {
	o := canvas.NewText(s, c)
	o.TextSize = theme.CaptionTextSize() + 1
	o.TextStyle.Bold = bold
	size := o.MinSize()
	if align == fyne.TextAlignCenter {
		x -= size.Width / 2
	}
	o.Move(fyne.NewPos(x, y))
	o.Resize(size)
	r.objects = append(r.objects, o)
	return o
}

// fit cuts a text to a width.
func fit(s string, width float32) string {
	measure := func(s string) float32 {
		return fyne.MeasureText(s, theme.CaptionTextSize()+1, fyne.TextStyle{}).Width
	}
	if measure(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && measure(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
