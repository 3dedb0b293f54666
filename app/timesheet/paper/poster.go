package paper

// Sizes of type of what hangs on a wall, in points.
const (
	sizeHeadline = 26.0
	sizeCalled   = 15.0
	sizeSpoken   = 11.5
)

// Headline prints a line that is read from across a room, in the middle.
func (d *Document) Headline(text string) { d.middle(text, style{size: sizeHeadline, bold: true}) }

// Called prints the heading of a block of a poster.
func (d *Document) Called(text string) {
	st := style{size: sizeCalled, bold: true}
	for _, line := range d.wrap(text, Width, st) {
		d.Room(st.lineHeight())
		d.text(marginSide, d.y+5.4, line, st)
		d.y += st.lineHeight()
	}
	d.y += 0.5
}

// Spoken prints a sentence of a poster.
func (d *Document) Spoken(text string) {
	st := style{size: sizeSpoken}
	for _, line := range d.wrap(text, Width, st) {
		d.Room(st.lineHeight())
		d.text(marginSide, d.y+4.1, line, st)
		d.y += st.lineHeight()
	}
	d.y += 0.6
}

// BigCode prints a QR code of any text in the middle, with the text below it for those who type it.
func (d *Document) BigCode(text string, size float64) {
	d.Room(size + 12)
	d.anyCode((PageWidth-size)/2, d.y+2, size, text)
	d.y += size + 4
	d.middle(text, style{size: sizeLarge})
}

// middle prints lines in the middle of the page.
func (d *Document) middle(text string, st style) {
	for _, line := range d.wrap(text, Width, st) {
		d.Room(st.lineHeight())
		d.text((PageWidth-d.width(line, st))/2, d.y+st.size*0.36, line, st)
		d.y += st.lineHeight()
	}
	d.y += 1
}
