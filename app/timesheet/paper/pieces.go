package paper

// Heading is the title of a paper, with what it is about at the right.
type Heading struct {
	Title string
	Right string
}

// Heading prints the title line.
func (d *Document) Heading(h Heading) {
	right := style{size: sizeTitle}
	rightWidth := d.width(h.Right, right)
	title := d.shrink(h.Title, Width-rightWidth-6, style{size: sizeTitle, bold: true}, sizeLarge)
	d.text(marginSide, d.y+5.6, h.Title, title)
	d.text(PageWidth-marginSide-rightWidth, d.y+5.6, h.Right, right)
	d.y += 8.4
	d.rule(marginSide, d.y, Width, 0.5, black)
	d.y += 2
}

// Banner prints a warning that nobody overlooks: bold, in a frame.
func (d *Document) Banner(text string) {
	st := style{size: sizeText + 1, bold: true}
	lines := d.wrap(text, Width-8, st)
	h := float64(len(lines))*st.lineHeight() + 2.6
	d.frame(marginSide, d.y+0.4, Width, h)
	for i, line := range lines {
		x := marginSide + (Width-d.width(line, st))/2
		d.text(x, d.y+4.7+float64(i)*st.lineHeight(), line, st)
	}
	d.y += h + 2.4
}

// Fact is a label with what it says.
type Fact struct {
	Label, Value string
	Bold         bool
}

// Facts prints columns of facts side by side, labels aligned.
func (d *Document) Facts(columns ...[]Fact) { d.facts(Width, columns) }

// facts prints columns of facts over a part of the width.
func (d *Document) facts(width float64, columns [][]Fact) {
	const gap = 8.0
	w := (width - gap*float64(len(columns)-1)) / float64(len(columns))
	deepest := d.y
	for i, facts := range columns {
		deepest = max(deepest, d.factColumn(marginSide+float64(i)*(w+gap), w, facts))
	}
	d.y = deepest + 1.2
}

func (d *Document) factColumn(x, w float64, facts []Fact) (end float64) {
	label := style{size: sizeText, grey: greyText}
	labelWidth := 0.0
	for _, f := range facts {
		labelWidth = max(labelWidth, d.width(f.Label, label))
	}
	labelWidth = min(labelWidth, w/2) + 3
	y := d.y
	for _, f := range facts {
		value := style{size: sizeText, bold: f.Bold}
		lines := d.wrap(f.Value, w-labelWidth, value)
		st := d.shrink(f.Label, labelWidth-2, label, 5)
		d.text(x, y+3.2, f.Label, st)
		for i, line := range lines {
			d.text(x+labelWidth, y+3.2+float64(i)*value.lineHeight(), line, value)
		}
		y += 0.5 + float64(len(lines))*value.lineHeight()
	}
	return y
}

// Note is a remark with the mark that points to it.
type Note struct {
	Mark, Text string
}

// Notes prints remarks with a hanging indent under a title; without notes nothing.
func (d *Document) Notes(title string, notes []Note) {
	if len(notes) == 0 {
		return
	}
	st := style{size: sizeSmall}
	indent := 0.0
	for _, n := range notes {
		indent = max(indent, d.width(n.Mark, style{size: sizeSmall, bold: true}))
	}
	indent += 2
	d.Room(10)
	if title != "" {
		d.text(marginSide, d.y+3, title, style{size: sizeText, bold: true})
		d.y += 4.2
	}
	for _, n := range notes {
		lines := d.wrap(n.Text, Width-indent, st)
		d.Room(float64(len(lines)) * st.lineHeight())
		d.text(marginSide, d.y+2.7, n.Mark, style{size: sizeSmall, bold: true})
		for _, line := range lines {
			d.Room(st.lineHeight())
			d.text(marginSide+indent, d.y+2.7, line, st)
			d.y += st.lineHeight()
		}
	}
	d.y += 1.5
}

// Small prints a paragraph in small grey type, for a legend.
func (d *Document) Small(text string) {
	st := style{size: sizeSmall - 0.5, grey: greyText}
	for _, line := range d.wrap(text, Width, st) {
		d.Room(st.lineHeight())
		d.text(marginSide, d.y+2.5, line, st)
		d.y += st.lineHeight()
	}
	d.y += 1
}

// Signature is a place to sign: who, and the words for the lines.
type Signature struct {
	Role string // such as "For the employer"
	// Lines are the words before the lines to write on, such as name, date and
	// signature; the last one is a signature's and higher.
	Lines []string
	// Filled stands on the first line where it is known already; it is cut if it is too long.
	Filled string
}

// signatureHeight is the height of a place to sign with n lines.
func signatureHeight(n int) float64 { return 4 + 6.6*float64(n-1) + 12 }

// Signatures prints places to sign side by side, never torn over two pages.
func (d *Document) Signatures(all ...Signature) {
	const gap = 14.0
	n := 0
	for _, s := range all {
		n = max(n, len(s.Lines))
	}
	height := signatureHeight(n)
	d.Room(height)
	w := (Width - gap*float64(len(all)-1)) / float64(len(all))
	for i, s := range all {
		d.signature(marginSide+float64(i)*(w+gap), w, s)
	}
	d.y += height
}

func (d *Document) signature(x, w float64, s Signature) {
	d.text(x, d.y+3.2, s.Role, d.shrink(s.Role, w, style{size: sizeText, bold: true}, 5))
	label := style{size: sizeSmall, grey: greyText}
	labelWidth := 0.0
	for _, l := range s.Lines {
		labelWidth = max(labelWidth, d.width(l, label))
	}
	y, writing := d.y+4, w-labelWidth-2
	for i, l := range s.Lines {
		y += 6.6
		if i == len(s.Lines)-1 {
			y += 5 // a signature needs room
		}
		d.text(x, y, l, label)
		d.rule(x+labelWidth+2, y+0.7, writing, 0.2, black)
		if i == 0 {
			st := d.shrink(s.Filled, writing-2, style{size: sizeText}, sizeFoot)
			d.text(x+labelWidth+3, y, d.clip(s.Filled, writing-2, st), st)
		}
	}
}
