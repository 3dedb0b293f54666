package paper

import (
	"io"
	"time"

	"github.com/go-pdf/fpdf"
)

// BareTo writes laid pages as anybody would with the PDF library alone: the whole
// fonts given to each file, cut by the library to what is drawn. It is what this
// package is measured against.
func BareTo(w io.Writer, fonts *Fonts, pages ...[]*Page) error {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(time.Unix(0, 0))
	pdf.SetModificationDate(time.Unix(0, 0))
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("sans", "", fonts.regular.file)
	pdf.AddUTF8FontFromBytes("sans", "B", fonts.bold.file)
	c := &bareCanvas{pdfCanvas{pdf: pdf, fonts: fonts, ink: -1, stroke: -1}}
	for _, part := range pages {
		for _, p := range part {
			pdf.AddPage()
			p.drawOn(c)
		}
	}
	return pdf.Output(w)
}

// bareCanvas draws texts in the library's own way, and all else as pdfCanvas.
type bareCanvas struct{ pdfCanvas }

func (c *bareCanvas) text(x, y float64, s string, st style) {
	weight := ""
	if st.bold {
		weight = "B"
	}
	if c.font != weight || c.size != st.size {
		c.font, c.size = weight, st.size
		c.pdf.SetFont("sans", weight, st.size)
	}
	c.setInk(st.grey)
	c.pdf.Text(x, y, s)
}

func (c *bareCanvas) bars(x, y, module float64, bars []bar) { fillBars(c, x, y, module, bars) }

func (c *bareCanvas) bookmark(name string) { c.pdf.Bookmark(name, 0, 0) }
