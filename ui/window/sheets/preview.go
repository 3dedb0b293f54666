package sheets

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/timesheet/paper"
	"klokkast/ui/window/kit"
)

// preview shows the pages of a paper before it is printed.
type preview struct {
	h      *kit.Host
	pages  []*paper.Page
	page   int     // from 0
	zoom   float64 // 1 is the size of the paper on a screen of 96 dpi; 0 fits it into the view
	load   *kit.Inquiry
	drawn  drawing // what the picture shows or will show
	view   *pageView
	image  *canvas.Image
	sheet  *fyne.Container // the picture on its paper
	count  *widget.Label
	size   *widget.Label
	back   *kit.Button
	next   *kit.Button
	dialog *dialog.CustomDialog
}

// drawing is what a picture is made of.
type drawing struct {
	page   int
	pixels float64 // for a millimetre of paper
}

const (
	// unitsPerMillimetre are Fyne's at 100 %.
	unitsPerMillimetre = 96 / 25.4
	// margin is left around the page in the view.
	pageMargin = 12
)

// zooms are the steps of + and −.
var zooms = []float64{0.5, 0.75, 1, 1.25, 1.5, 2, 3}

// showPages shows the pages of a paper over the whole window. The actions, such
// as saving and printing, stand at the right of its toolbar.
func showPages(h *kit.Host, title string, pages []*paper.Page, actions ...*kit.Button) *preview {
	p := &preview{h: h, pages: pages, count: widget.NewLabel(""), size: widget.NewLabel(""), drawn: drawing{page: -1}}
	p.image = &canvas.Image{FillMode: canvas.ImageFillStretch}
	p.load = h.Asks(pictureView{p})
	edge := canvas.NewRectangle(color.White) // paper is white in every theme
	edge.StrokeColor, edge.StrokeWidth = color.Gray{160}, 1
	p.sheet = container.NewStack(edge, p.image)
	p.view = newPageView(p, container.NewScroll(container.NewCenter(p.sheet)))
	close := h.Button(h.Texts.T("window.close"), theme.CancelIcon(), func() { p.dialog.Hide() })
	p.dialog = dialog.NewCustomWithoutButtons(title, container.NewBorder(p.toolbar(append(actions, close)),
		kit.Quiet(h.Texts.T("window.preview.keys")), nil, nil, p.load.Above(p.view)), h.Window)
	room := h.Window.Canvas().Size()
	p.dialog.Resize(fyne.NewSize(room.Width-24, room.Height-24))
	p.dialog.Show()
	p.show()
	h.Window.Canvas().Focus(p.view)
	return p
}

func (p *preview) toolbar(actions []*kit.Button) fyne.CanvasObject {
	t := p.h.Texts
	p.back = p.button("", theme.NavigateBackIcon(), func() { p.turn(p.page - 1) })
	p.next = p.button("", theme.NavigateNextIcon(), func() { p.turn(p.page + 1) })
	row := []fyne.CanvasObject{
		p.back, p.count, p.next, widget.NewSeparator(),
		p.button("", theme.ZoomOutIcon(), func() { p.step(-1) }), p.size, p.button("", theme.ZoomInIcon(), func() { p.step(1) }),
		p.button(t.T("window.preview.fit"), theme.ZoomFitIcon(), func() { p.enlarge(0) }),
		p.button("100 %", nil, func() { p.enlarge(1) }), p.button("200 %", nil, func() { p.enlarge(2) }), nil,
	}
	for _, a := range actions {
		a.OnKey = p.key
		row = append(row, a)
	}
	return kit.Toolbar(row...)
}

// button returns the keyboard back to the page once it was pressed.
func (p *preview) button(text string, icon fyne.Resource, do func()) *kit.Button {
	b := p.h.Button(text, icon, func() {
		do()
		p.h.Window.Canvas().Focus(p.view)
	})
	b.OnKey = p.key
	return b
}

func (p *preview) key(k *fyne.KeyEvent) {
	const line = 60
	switch k.Name {
	case fyne.KeyPageDown:
		p.turn(p.page + 1)
	case fyne.KeyPageUp:
		p.turn(p.page - 1)
	case fyne.KeyHome:
		p.turn(0)
	case fyne.KeyEnd:
		p.turn(len(p.pages) - 1)
	case fyne.KeyDown:
		p.view.move(0, line)
	case fyne.KeyUp:
		p.view.move(0, -line)
	case fyne.KeyRight:
		p.view.move(line, 0)
	case fyne.KeyLeft:
		p.view.move(-line, 0)
	case fyne.KeyEscape:
		p.dialog.Hide()
	}
}

func (p *preview) typed(r rune) {
	switch r {
	case '+', '=': // the key of + without Shift on many keyboards
		p.step(1)
	case '-', '−':
		p.step(-1)
	case '0':
		p.enlarge(0)
	case '1':
		p.enlarge(1)
	case '2':
		p.enlarge(2)
	}
}

// turn goes to a page, if there is one.
func (p *preview) turn(page int) {
	if page < 0 || page >= len(p.pages) || page == p.page {
		return
	}
	p.page = page
	p.view.scroll.ScrollToTop()
	p.show()
}

// step takes the next larger (1) or smaller (-1) zoom.
func (p *preview) step(way int) {
	now := p.units() / unitsPerMillimetre
	const same = 0.01
	if way > 0 {
		for _, z := range zooms {
			if z > now+same {
				p.enlarge(z)
				return
			}
		}
		return
	}
	for i := len(zooms) - 1; i >= 0; i-- {
		if zooms[i] < now-same {
			p.enlarge(zooms[i])
			return
		}
	}
}

func (p *preview) enlarge(zoom float64) {
	p.zoom = zoom
	p.show()
}

// units returns how many of Fyne's units a millimetre of the paper takes.
func (p *preview) units() float64 {
	if p.zoom > 0 {
		return p.zoom * unitsPerMillimetre
	}
	room := p.view.Size().SubtractWidthHeight(2*pageMargin, 2*pageMargin)
	return max(0.5, min(float64(room.Width)/paper.PageWidth, float64(room.Height)/paper.PageHeight))
}

// show brings picture and toolbar in line with page and zoom.
func (p *preview) show() {
	if p.view.Size().IsZero() {
		return
	}
	units := p.units()
	p.count.SetText(p.h.Texts.T("window.preview.page", "Page", p.page+1, "Of", len(p.pages)))
	p.size.SetText(fmt.Sprintf("%d %%", int(math.Round(units/unitsPerMillimetre*100))))
	kit.Enable(p.page > 0, p.back)
	kit.Enable(p.page < len(p.pages)-1, p.next)
	p.image.SetMinSize(fyne.NewSize(float32(paper.PageWidth*units), float32(paper.PageHeight*units)))
	p.view.scroll.Refresh()
	want := drawing{p.page, units * float64(p.h.Window.Canvas().Scale())}
	if want == p.drawn {
		return
	}
	p.drawn = want
	page := p.pages[p.page]
	kit.Load(p.load, want.page, func(context.Context) (image.Image, error) { return page.Picture(want.pixels) }, func(i image.Image) {
		p.image.Image = i
		p.image.Refresh()
	})
}

// pictureView takes the picture of another page away while the one that is asked for is drawn.
type pictureView struct{ of *preview }

func (v pictureView) clear() {
	v.of.image.Image = nil
	v.of.image.Refresh()
}

// Load shows blank paper.
func (v pictureView) Load() { v.clear() }

// Fail shows blank paper.
func (v pictureView) Fail() { v.clear() }

// Age changes nothing: a page does not.
func (v pictureView) Age(bool) {}

// Rest shows blank paper.
func (v pictureView) Rest() { v.clear() }

// pageView is the place of the page: it scrolls, and takes keys.
type pageView struct {
	widget.BaseWidget
	of     *preview
	scroll *container.Scroll
}

func newPageView(of *preview, scroll *container.Scroll) *pageView {
	v := &pageView{of: of, scroll: scroll}
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer shows the page on the ground of the theme.
func (v *pageView) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(canvas.NewRectangle(theme.Color(theme.ColorNameDisabledButton)), v.scroll))
}

// Resize lets the page fit anew.
func (v *pageView) Resize(size fyne.Size) {
	if size == v.Size() {
		return
	}
	v.BaseWidget.Resize(size)
	v.of.show()
}

// FocusGained does nothing: the page is all there is to see.
func (v *pageView) FocusGained() {}

// FocusLost does nothing.
func (v *pageView) FocusLost() {}

// TypedRune takes + and −.
func (v *pageView) TypedRune(r rune) { v.of.typed(r) }

// TypedKey takes the keys that turn pages.
func (v *pageView) TypedKey(k *fyne.KeyEvent) { v.of.key(k) }

// Tapped brings the keyboard back.
func (v *pageView) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
}

// move scrolls by so much.
func (v *pageView) move(dx, dy float32) {
	v.scroll.ScrollToOffset(v.scroll.Offset.AddXY(dx, dy))
}
