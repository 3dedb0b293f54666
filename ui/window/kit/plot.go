package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/plot"
	"klokkast/app/text"
)

// plotView shows a plot, as large as its place.
type plotView struct {
	widget.BaseWidget
	t       *text.Translator
	plot    *plot.Plot // nil: nothing is known
	instead string     // what is said then
}

// PlotView makes a plot that is being loaded.
func (h *Host) PlotView() *plotView {
	v := NewPlotView()
	v.t = h.Texts
	v.Load()
	return v
}

// NewPlotView makes an empty view of a plot.
func NewPlotView() *plotView {
	v := &plotView{}
	v.ExtendBaseWidget(v)
	return v
}

// Set shows a plot in place of the last one.
func (v *plotView) Set(p *plot.Plot) {
	v.plot, v.instead = p, ""
	v.Refresh()
}

func (v *plotView) say(text string) {
	v.plot, v.instead = nil, text
	v.Refresh()
}

// Load says that the plot is being loaded: axes without anything between them would say that there is nothing.
func (v *plotView) Load() { v.say(v.t.T("window.loading")) }

// Fail says that it is not known.
func (v *plotView) Fail() { v.say(v.t.T("window.load.notKnown")) }

// Age leaves no plot on the screen that may be another by now.
func (v *plotView) Age(failed bool) {
	if failed {
		v.Fail()
		return
	}
	v.Load()
}

// Rest says nothing.
func (v *plotView) Rest() { v.say("") }

// MinSize is what a plot needs to be read.
func (v *plotView) MinSize() fyne.Size { return fyne.NewSize(560, 230) }

// CreateRenderer draws it anew whenever size, plot or colours change.
func (v *plotView) CreateRenderer() fyne.WidgetRenderer { return &plotRenderer{view: v} }

// plotRenderer holds the strokes of a plot.
type plotRenderer struct {
	view    *plotView
	strokes plotStrokes
}

func (r *plotRenderer) Layout(size fyne.Size) {
	r.strokes = plotStrokes{}
	if r.view.plot == nil {
		r.strokes.Text(float64(theme.Padding()), float64(size.Height)/3, r.view.instead, plot.Soft)
		return
	}
	plot.Draw(&r.strokes, r.view.plot, float64(size.Width), float64(size.Height), float64(theme.CaptionTextSize()))
}
func (r *plotRenderer) MinSize() fyne.Size { return r.view.MinSize() }
func (r *plotRenderer) Refresh() {
	r.Layout(r.view.Size())
	canvas.Refresh(r.view)
}
func (r *plotRenderer) Objects() []fyne.CanvasObject { return r.strokes.objects }
func (r *plotRenderer) Destroy()                     {}

// plotStrokes is a plot.Canvas that makes objects of the window.
type plotStrokes struct{ objects []fyne.CanvasObject }

// inkName returns the colour of the theme for an ink.
func inkName(ink plot.Ink) fyne.ThemeColorName {
	switch ink {
	case plot.Soft:
		return theme.ColorNamePlaceHolder
	case plot.Faint:
		return theme.ColorNameSeparator
	case plot.Full:
		return theme.ColorNamePrimary
	}
	return theme.ColorNameForeground
}

func (s *plotStrokes) Line(x1, y1, x2, y2, thickness float64, ink plot.Ink) {
	l := canvas.NewLine(theme.Color(inkName(ink)))
	l.StrokeWidth = max(1, float32(thickness))
	l.Position1, l.Position2 = fyne.NewPos(float32(x1), float32(y1)), fyne.NewPos(float32(x2), float32(y2))
	s.objects = append(s.objects, l)
}

func (s *plotStrokes) Fill(x, y, w, h float64, ink plot.Ink) {
	r := canvas.NewRectangle(theme.Color(inkName(ink)))
	r.Move(fyne.NewPos(float32(x), float32(y)))
	r.Resize(fyne.NewSize(float32(w), float32(h)))
	s.objects = append(s.objects, r)
}

func (s *plotStrokes) Text(x, y float64, text string, ink plot.Ink) {
	t := canvas.NewText(text, theme.Color(inkName(ink)))
	t.TextSize = theme.CaptionTextSize()
	size, baseline := fyne.CurrentApp().Driver().RenderedTextSize(text, t.TextSize, t.TextStyle, nil)
	t.Move(fyne.NewPos(float32(x), float32(y)-baseline))
	t.Resize(size)
	s.objects = append(s.objects, t)
}

func (s *plotStrokes) Width(text string) float64 {
	return float64(fyne.MeasureText(text, theme.CaptionTextSize(), fyne.TextStyle{}).Width)
}
