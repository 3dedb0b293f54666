package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/plot"
)

// plotView shows a plot, as large as its place.
type plotView struct {
	widget.BaseWidget
	plot *plot.Plot
}

func newPlotView() *plotView {
	v := &plotView{plot: &plot.Plot{}}
	v.ExtendBaseWidget(v)
	return v
}

func (v *plotView) set(p *plot.Plot) {
	v.plot = p
	v.Refresh()
}

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

// inkName gives the colour of the theme for an ink.
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
