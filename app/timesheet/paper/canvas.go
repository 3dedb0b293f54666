package paper

// canvas is what a page is drawn on: a PDF or a picture. Both get the same
// calls of one layout. Lengths are millimetres from the top left corner of the
// page; grey goes from black (0) to white (255).
type canvas interface {
	// text draws one line with its baseline at y.
	text(x, y float64, s string, st style)
	// line draws a straight line; its thickness lies half on either side.
	line(x1, y1, x2, y2, thickness float64, grey int)
	// fill draws a rectangle without a border.
	fill(x, y, w, h float64, grey int)
	// frame draws the border of a rectangle.
	frame(x, y, w, h, thickness float64, grey int)
	// bars draws the dark modules of a code in black, from its top left corner on; module is the side of one.
	bars(x, y, module float64, bars []bar)
	// picture draws a PNG, stretched into a rectangle.
	picture(x, y, w, h float64, png []byte)
	// bookmark makes the page be found under a name in the reader's list of contents.
	bookmark(name string)
}

// Page is one page as it was laid out, to be drawn as often as someone likes.
// It does not change any more; many goroutines may draw it at once.
type Page struct {
	fonts *Fonts
	steps []func(canvas)
}

func (p *Page) drawOn(c canvas) {
	for _, step := range p.steps {
		step(c)
	}
}

// Lay lays pages out without making a file of them, for a look at them first:
// print prints on the document as it would on one that is written. It fails
// like Write.
func Lay(fonts *Fonts, print func(*Document)) ([]*Page, error) {
	var pages []*Page
	d := &Document{fonts: fonts, take: func(p *Page) { pages = append(pages, p) }}
	print(d)
	d.endPart()
	if d.err != nil {
		return nil, d.err
	}
	return pages, nil
}
