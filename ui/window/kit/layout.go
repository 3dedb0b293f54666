package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// MinWidth lays out one object at least that wide: a label that wraps asks for no width itself.
type MinWidth float32

// MinSize is that width, and the height that the object needs in it.
func (m MinWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(float32(m), 0)
	for _, o := range objects {
		// The height of wrapped text depends on its width.
		if o.Size().Width < float32(m) {
			o.Resize(fyne.NewSize(float32(m), o.MinSize().Height))
		}
		size = size.Max(o.MinSize())
	}
	return size
}

// Layout returns the object all there is.
func (m MinWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// fixed gives one object exactly that much at least: for grids inside forms and cards.
type fixed fyne.Size

func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size(f) }

func (f fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// Sized returns an object at least that width and height, in Fyne's units.
func Sized(width, height float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(fixed(fyne.NewSize(width, height)), o)
}

// Heading is a page's title.
func Heading(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	l.SizeName = theme.SizeNameSubHeadingText
	return l
}

// CardHeading is the title of a card; a name too long for it is cut.
func CardHeading() *widget.Label {
	l := Heading("")
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Bold is a small title inside a page.
func Bold(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	return l
}

// Wrapped is a text of several lines.
func Wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// Quiet is a text in the background: help, counts.
func Quiet(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Importance = widget.LowImportance
	return l
}

// Toolbar puts objects in a row, a spacer where nil stands.
func Toolbar(objects ...fyne.CanvasObject) *fyne.Container {
	for i, o := range objects {
		if o == nil {
			objects[i] = layout.NewSpacer()
		}
	}
	return container.NewHBox(objects...)
}

// Strip is a coloured band with a text over the whole width.
func Strip(text string, color, on fyne.ThemeColorName) fyne.CanvasObject {
	back := canvas.NewRectangle(theme.Color(color))
	label := canvas.NewText(text, theme.Color(on))
	label.TextStyle.Bold = true
	label.Alignment = fyne.TextAlignCenter
	return container.NewStack(back, container.New(layout.NewCustomPaddedLayout(5, 5, 8, 8), label))
}

// Split lays two parts side by side, the first with that share of the width.
func Split(share float64, left, right fyne.CanvasObject) *container.Split {
	s := container.NewHSplit(left, right)
	s.SetOffset(share)
	return s
}

// Card is a part of a page with a title and room around it.
func Card(title fyne.CanvasObject, content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(title, nil, nil, nil, content)
}

// SetVisible shows or hides an object.
func SetVisible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
