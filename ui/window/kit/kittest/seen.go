package kittest

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
)

// seen is what a person sees of the window: the texts, the lists with their
// states, and the buttons.
type seen struct {
	Texts   []string
	loose   []string // those outside of lists
	Lists   []interface{ State() grid.State }
	Buttons map[string]*kit.Button
	inside  int // of lists: how deep
}

func (s *seen) text(t string) {
	s.Texts = append(s.Texts, t)
	if s.inside == 0 {
		s.loose = append(s.loose, t)
	}
}

// Says tells whether a part of a text is on the screen.
func (s *seen) Says(part string) bool {
	return slices.ContainsFunc(s.Texts, func(t string) bool { return strings.Contains(t, part) })
}

// Look walks what is visible of an object.
func Look(o fyne.CanvasObject) *seen {
	s := &seen{Buttons: map[string]*kit.Button{}}
	s.walk(o)
	return s
}

func (s *seen) walk(o fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	if l, ok := o.(interface{ State() grid.State }); ok {
		s.Lists = append(s.Lists, l)
		s.inside++
		defer func() { s.inside-- }()
	}
	switch o := o.(type) {
	case *canvas.Text:
		s.text(o.Text)
	case *widget.Label:
		s.text(o.Text)
	case *kit.Button:
		s.text(o.Text)
		s.Buttons[o.Text] = o
	case *widget.Select: // what else could be chosen is not on the screen
		s.text(o.Selected)
	case *fyne.Container:
		for _, c := range o.Objects {
			s.walk(c)
		}
	case *container.AppTabs:
		s.walk(o.Selected().Content)
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			s.walk(c)
		}
	}
}
