package paper

import (
	"bytes"

	"github.com/signintech/gopdf"
)

// GopdfOf draws laid pages with another PDF library, to measure this one against it.
func GopdfOf(fonts *Fonts, pages []*Page) ([]byte, error) {
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{Unit: gopdf.UnitMM, PageSize: *gopdf.PageSizeA4})
	if err := pdf.AddTTFFontByReader("regular", bytes.NewReader(fonts.regular.file)); err != nil {
		return nil, err
	}
	if err := pdf.AddTTFFontByReader("bold", bytes.NewReader(fonts.bold.file)); err != nil {
		return nil, err
	}
	c := &gopdfCanvas{pdf: pdf}
	for _, p := range pages {
		pdf.AddPage()
		p.drawOn(c)
	}
	if c.err != nil {
		return nil, c.err
	}
	return pdf.GetBytesPdfReturnErr()
}

// gopdfCanvas draws on the last page.
type gopdfCanvas struct {
	pdf *gopdf.GoPdf
	err error
}

func (c *gopdfCanvas) text(x, y float64, s string, st style) {
	family := "regular"
	if st.bold {
		family = "bold"
	}
	c.keep(c.pdf.SetFont(family, "", st.size))
	c.pdf.SetTextColor(uint8(st.grey), uint8(st.grey), uint8(st.grey))
	c.pdf.SetXY(x, y)
	c.keep(c.pdf.Text(s))
}

func (c *gopdfCanvas) line(x1, y1, x2, y2, thickness float64, grey int) {
	c.stroke(thickness, grey)
	c.pdf.Line(x1, y1, x2, y2)
}

func (c *gopdfCanvas) fill(x, y, w, h float64, grey int) {
	c.pdf.SetFillColor(uint8(grey), uint8(grey), uint8(grey))
	c.pdf.RectFromUpperLeftWithStyle(x, y, w, h, "F")
}

func (c *gopdfCanvas) frame(x, y, w, h, thickness float64, grey int) {
	c.stroke(thickness, grey)
	c.pdf.RectFromUpperLeftWithStyle(x, y, w, h, "D")
}

func (c *gopdfCanvas) stroke(thickness float64, grey int) {
	c.pdf.SetLineWidth(thickness)
	c.pdf.SetStrokeColor(uint8(grey), uint8(grey), uint8(grey))
}

func (c *gopdfCanvas) bars(x, y, module float64, bars []bar) { fillBars(c, x, y, module, bars) }

func (c *gopdfCanvas) picture(x, y, w, h float64, png []byte) {
	holder, err := gopdf.ImageHolderByBytes(png)
	c.keep(err)
	if err == nil {
		c.keep(c.pdf.ImageByHolder(holder, x, y, &gopdf.Rect{W: w, H: h}))
	}
}

func (c *gopdfCanvas) bookmark(name string) { c.pdf.AddOutline(name) }

func (c *gopdfCanvas) keep(err error) {
	if c.err == nil {
		c.err = err
	}
}
