package window

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/ui/window/grid"
)

// seen is what a person sees of the window: the texts, the lists with their
// states, and the buttons.
type seen struct {
	texts   []string
	loose   []string // those outside of lists
	lists   []interface{ State() grid.State }
	buttons map[string]*button
	inside  int // of lists: how deep
}

func (s *seen) text(t string) {
	s.texts = append(s.texts, t)
	if s.inside == 0 {
		s.loose = append(s.loose, t)
	}
}

func (s *seen) says(part string) bool {
	return slices.ContainsFunc(s.texts, func(t string) bool { return strings.Contains(t, part) })
}

// look walks what is visible of an object.
func look(o fyne.CanvasObject) *seen {
	s := &seen{buttons: map[string]*button{}}
	s.walk(o)
	return s
}

func (s *seen) walk(o fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	if l, ok := o.(interface{ State() grid.State }); ok {
		s.lists = append(s.lists, l)
		s.inside++
		defer func() { s.inside-- }()
	}
	switch o := o.(type) {
	case *canvas.Text:
		s.text(o.Text)
	case *widget.Label:
		s.text(o.Text)
	case *button:
		s.text(o.Text)
		s.buttons[o.Text] = o
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
