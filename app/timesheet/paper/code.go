package paper

import (
	"fmt"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// codeSize is the side of a printed code without its margin, in millimetres:
// with 29 modules each is 0.6 mm, which a telephone reads at arm's length.
const codeSize = 18.0

// Code is a QR code (ISO/IEC 18004) with the text in it, which people may type
// where no camera is at hand.
type Code struct {
	// Text holds capitals, digits and blanks or one of $%*+-./: alone; "" prints no code.
	Text string
	// Lines are the same text as it is printed below the code, in two or three lines.
	Lines []string
}

// CodedFacts prints facts as Facts does, with a code at their right.
func (d *Document) CodedFacts(c Code, columns ...[]Fact) {
	if c.Text == "" {
		d.Facts(columns...)
		return
	}
	const beside = codeSize + 8
	top := d.y
	d.facts(Width-beside, columns)
	st := style{size: sizeFoot - 0.5, grey: greyText}
	left := PageWidth - marginSide - codeSize
	d.code(left, top, codeSize, c.Text)
	y := top + codeSize + 0.4
	for _, line := range c.Lines {
		fitted := d.shrink(line, codeSize+7, st, 3.5)
		d.text(left+codeSize-d.width(line, fitted), y+2, line, fitted)
		y += 2.1
	}
	d.y = max(d.y, y+0.8)
}

// code draws the modules as black bars, row by row; they overlap, so that no
// viewer leaves a light seam between them.
func (d *Document) code(x, y, size float64, text string) {
	d.encoded(x, y, size, text, qr.AlphaNumeric)
}

// anyCode draws a code of a text with any signs, such as an address.
func (d *Document) anyCode(x, y, size float64, text string) { d.encoded(x, y, size, text, qr.Unicode) }

func (d *Document) encoded(x, y, size float64, text string, as qr.Encoding) {
	if d.dry || d.err != nil {
		return
	}
	image, err := qr.Encode(text, qr.M, as)
	if err != nil {
		d.err = fmt.Errorf("make the code: %w", err)
		return
	}
	n := image.Bounds().Dx()
	module := size / float64(n)
	var bars []bar
	for row := range n {
		for from := 0; from < n; {
			to := from
			for to < n && dark(image, to, row) {
				to++
			}
			if to > from {
				bars = append(bars, bar{from, row, to - from})
			}
			from = to + 1
		}
	}
	d.draw(func(c canvas) { c.bars(x, y, module, bars) })
}

// bar is a run of dark modules of a code: where it begins, counted from its top left corner, and how many there are.
type bar struct{ column, row, length int }

// barHeight is that of a bar in modules: a little more than one.
const barHeight = 1.02

// fillBars fills each bar of a code by itself.
func fillBars(c canvas, x, y, module float64, bars []bar) {
	for _, b := range bars {
		c.fill(x+float64(b.column)*module, y+float64(b.row)*module, float64(b.length)*module, module*barHeight, black)
	}
}

func dark(image barcode.Barcode, x, y int) bool {
	r, _, _, _ := image.At(x, y).RGBA()
	return r < 0x8000
}
