package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// navEntry is one line of the sidebar: icon, name and its shortcut.
type navEntry struct {
	widget.BaseWidget
	tapped  func()
	back    *canvas.Rectangle
	label   *canvas.Text
	hint    *canvas.Text
	icon    *widget.Icon
	current bool
	hovered bool
}

func newNavEntry(name, hint string, icon fyne.Resource, tapped func()) *navEntry {
	e := &navEntry{tapped: tapped, back: canvas.NewRectangle(color.Transparent),
		label: canvas.NewText(name, color.Black), hint: canvas.NewText(hint, color.Black), icon: widget.NewIcon(icon)}
	e.back.CornerRadius = 5
	e.hint.TextSize = 11
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer draws the entry.
func (e *navEntry) CreateRenderer() fyne.WidgetRenderer {
	e.paint()
	row := container.NewBorder(nil, nil, e.icon, e.hint, e.label)
	return widget.NewSimpleRenderer(container.NewStack(e.back, container.New(layout.NewCustomPaddedLayout(5, 5, 8, 8), row)))
}

// room returns the width in which name and shortcut stand apart, also while the name is bold.
func (e *navEntry) room() float32 {
	const padding, gap = 2 * 8, 10
	name := fyne.MeasureText(e.label.Text, theme.TextSize(), fyne.TextStyle{Bold: true})
	return name.Width + e.hint.MinSize().Width + e.icon.MinSize().Width + padding + gap + 2*theme.Padding()
}

// Refresh paints with the theme's colours of now.
func (e *navEntry) Refresh() {
	e.paint()
	e.BaseWidget.Refresh()
}

func (e *navEntry) paint() {
	e.label.Color = theme.Color(theme.ColorNameForeground)
	e.label.TextSize = theme.TextSize()
	e.label.TextStyle.Bold = e.current
	e.hint.Color = theme.Color(theme.ColorNamePlaceHolder)
	switch {
	case e.current:
		e.back.FillColor = theme.Color(theme.ColorNameSelection)
	case e.hovered:
		e.back.FillColor = theme.Color(theme.ColorNameHover)
	default:
		e.back.FillColor = color.Transparent
	}
}

func (e *navEntry) mark(current bool) {
	e.current = current
	e.Refresh()
}

// MouseIn shows that it can be clicked.
func (e *navEntry) MouseIn(*desktop.MouseEvent) { e.hover(true) }

// MouseMoved changes nothing.
func (e *navEntry) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends it.
func (e *navEntry) MouseOut() { e.hover(false) }

func (e *navEntry) hover(on bool) {
	e.hovered = on
	e.Refresh()
}

// Tapped goes to the screen.
func (e *navEntry) Tapped(*fyne.PointEvent) { e.tapped() }
