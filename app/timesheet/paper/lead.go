package paper

// sizeLead is the type of what must be seen from a step away.
const sizeLead = 13.0

// Lead prints a line that is read before all others: large and bold.
func (d *Document) Lead(text string) {
	st := style{size: sizeLead, bold: true}
	for _, line := range d.wrap(text, Width, st) {
		d.Room(st.lineHeight())
		d.text(marginSide, d.y+4.8, line, st)
		d.y += st.lineHeight()
	}
	d.y += 1
}

// Text prints a paragraph in the type of the body.
func (d *Document) Text(text string) {
	st := style{size: sizeText + 1}
	for _, line := range d.wrap(text, Width, st) {
		d.Room(st.lineHeight())
		d.text(marginSide, d.y+3.3, line, st)
		d.y += st.lineHeight()
	}
	d.y += 1
}

// Section prints the title of a part of the paper, with a rule below it.
func (d *Document) Section(title string) {
	st := style{size: sizeLarge, bold: true}
	d.Room(18)
	d.y += 2
	d.text(marginSide, d.y+3.6, title, st)
	d.y += 5
	d.rule(marginSide, d.y, Width, 0.25, black)
	d.y += 1.5
}
