package paper

import "klokkast/app/plot"

// Plot prints a plot over the page's width, so high; never torn over two pages.
func (d *Document) Plot(p *plot.Plot, height float64) {
	d.Room(height)
	st := plotStyle(plot.Strong)
	plot.Draw(plotCanvas{d, marginSide, d.y}, p, Width, height, st.size/pointsPerMillimetre)
	d.y += height + 2
}

// plotCanvas draws a plot on the page at hand, from a corner on.
type plotCanvas struct {
	d    *Document
	x, y float64
}

func plotStyle(ink plot.Ink) style { return style{size: sizeSmall, grey: greyOf(ink)} }

// greyOf returns the greys of a plot, which keep apart on any printer.
func greyOf(ink plot.Ink) int {
	switch ink {
	case plot.Soft:
		return greyText
	case plot.Faint:
		return greyRule
	case plot.Full:
		return 150
	}
	return black
}

func (c plotCanvas) Line(x1, y1, x2, y2, thickness float64, ink plot.Ink) {
	c.d.draw(func(to canvas) { to.line(c.x+x1, c.y+y1, c.x+x2, c.y+y2, thickness, greyOf(ink)) })
}

func (c plotCanvas) Fill(x, y, w, h float64, ink plot.Ink) { c.d.fill(c.x+x, c.y+y, w, h, greyOf(ink)) }

func (c plotCanvas) Text(x, y float64, s string, ink plot.Ink) {
	c.d.text(c.x+x, c.y+y, s, plotStyle(ink))
}

func (c plotCanvas) Width(s string) float64 { return c.d.width(s, plotStyle(plot.Strong)) }
