package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/go-pdf/fpdf"
	"golang.org/x/text/encoding/unicode"
)

// pdfCanvas draws on the last page of a PDF.
type pdfCanvas struct {
	pdf   *fpdf.Fpdf
	fonts *Fonts
	added map[string]bool // the sets that the file has
	// What holds in the file by now, also on its next page: it is said again only where it changes.
	font            string
	size, thickness float64
	ink, stroke     int // greys of text and areas, and of lines
	codes           []byte
}

func newPDF(fonts *Fonts, info Info) *pdfCanvas {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(info.Date.UTC())
	pdf.SetModificationDate(info.Date.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetTitle(info.Title, true)
	pdf.SetSubject(info.Subject, true)
	pdf.SetCreator(info.Program, true)
	pdf.SetProducer(info.Program, true)
	pdf.SetLang(info.Language)
	pdf.SetMargins(marginSide, marginTop, marginSide)
	pdf.SetAutoPageBreak(false, 0)
	return &pdfCanvas{pdf: pdf, fonts: fonts, added: map[string]bool{}, ink: -1, stroke: -1}
}

// page draws a page on a new one.
func (c *pdfCanvas) page(p *Page) {
	c.pdf.AddPage()
	p.drawOn(c)
}

// text draws a line in pieces, each of signs of one set.
func (c *pdfCanvas) text(x, y float64, s string, st style) {
	c.setInk(st.grey)
	of := c.fonts.face(st)
	set, width := int16(-1), 0
	end := func() {
		if len(c.codes) > 0 {
			c.setFont(set, st)
			c.pdf.Text(x, y, string(c.codes))
			x += float64(width) / 1000 * st.size / pointsPerMillimetre
			c.codes, width = c.codes[:0], 0
		}
	}
	for _, r := range s {
		at := c.fonts.places[r]
		if at.set != set {
			end()
			set = at.set
		}
		c.codes = append(c.codes, at.code)
		width += int(of.advance[r])
	}
	end()
}

// setFont makes a set of a face the font at hand.
func (c *pdfCanvas) setFont(set int16, st style) {
	name := fontName(set, st.bold)
	if c.font == name && c.size == st.size {
		return
	}
	if !c.added[name] {
		part, err := c.fonts.face(st).sets[set]()
		if err != nil {
			c.pdf.SetError(err)
			return
		}
		c.added[name] = true
		c.pdf.AddFontFromBytes(name, "", part.definition, part.file)
	}
	c.font, c.size = name, st.size
	c.pdf.SetFont(name, "", st.size)
}

func (c *pdfCanvas) line(x1, y1, x2, y2, thickness float64, grey int) {
	c.setStroke(thickness, grey)
	c.pdf.Line(x1, y1, x2, y2)
}

func (c *pdfCanvas) fill(x, y, w, h float64, grey int) {
	c.setInk(grey)
	c.pdf.Rect(x, y, w, h, "F")
}

// setInk sets the grey of areas and of text. To a PDF it is one thing; where the
// library knows different ones, it says so with each text.
func (c *pdfCanvas) setInk(grey int) {
	if c.ink != grey {
		c.ink = grey
		c.pdf.SetFillColor(grey, grey, grey)
		c.pdf.SetTextColor(grey, grey, grey)
	}
}

// bars draws a code in its own measure, as one path: it has hundreds of bars, and
// half of a page's bytes would be their places in points.
func (c *pdfCanvas) bars(x, y, module float64, bars []bar) {
	c.setInk(black)
	side := module * pointsPerMillimetre
	out := fmt.Appendf(nil, "q %.4f 0 0 %.4f %.2f %.2f cm\n", side, -side, x*pointsPerMillimetre, (PageHeight-y)*pointsPerMillimetre)
	for _, b := range bars {
		out = fmt.Appendf(out, "%d %d %d %.2f re\n", b.column, b.row, b.length, barHeight)
	}
	c.pdf.RawWriteBuf(bytes.NewReader(append(out, "f Q"...)))
}

func (c *pdfCanvas) frame(x, y, w, h, thickness float64, grey int) {
	c.setStroke(thickness, grey)
	c.pdf.Rect(x, y, w, h, "D")
}

func (c *pdfCanvas) setStroke(thickness float64, grey int) {
	if c.stroke != grey {
		c.stroke = grey
		c.pdf.SetDrawColor(grey, grey, grey)
	}
	if c.thickness != thickness {
		c.thickness = thickness
		c.pdf.SetLineWidth(thickness)
	}
}

// picture keeps the same picture once in the file, however many pages show it.
func (c *pdfCanvas) picture(x, y, w, h float64, png []byte) {
	sum := sha256.Sum256(png)
	name, kind := hex.EncodeToString(sum[:]), fpdf.ImageOptions{ImageType: "PNG"}
	if c.pdf.GetImageInfo(name) == nil {
		c.pdf.RegisterImageOptionsReader(name, kind, bytes.NewReader(png))
	}
	c.pdf.ImageOptions(name, x, y, w, h, false, kind, 0, "")
}

func (c *pdfCanvas) bookmark(name string) {
	// The library writes names in the coding of the font at hand: as they come, for fonts of one byte a sign.
	coded, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(name)
	if err != nil {
		c.pdf.SetError(err)
		return
	}
	c.pdf.Bookmark(coded, 0, 0)
}
