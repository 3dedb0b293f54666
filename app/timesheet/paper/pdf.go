package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/go-pdf/fpdf"
)

// family is the name of the fonts within the file.
const family = "paper"

// pdfCanvas draws on the last page of a PDF.
type pdfCanvas struct{ pdf *fpdf.Fpdf }

func newPDF(fonts *Fonts, info Info) *fpdf.Fpdf {
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
	pdf.AddUTF8FontFromBytes(family, "", fonts.regular.file)
	pdf.AddUTF8FontFromBytes(family, "B", fonts.bold.file)
	return pdf
}

func (c pdfCanvas) text(x, y float64, s string, st style) {
	weight := ""
	if st.bold {
		weight = "B"
	}
	c.pdf.SetFont(family, weight, st.size)
	c.pdf.SetTextColor(st.grey, st.grey, st.grey)
	c.pdf.Text(x, y, s)
}

func (c pdfCanvas) line(x1, y1, x2, y2, thickness float64, grey int) {
	c.pdf.SetDrawColor(grey, grey, grey)
	c.pdf.SetLineWidth(thickness)
	c.pdf.Line(x1, y1, x2, y2)
}

func (c pdfCanvas) fill(x, y, w, h float64, grey int) {
	c.pdf.SetFillColor(grey, grey, grey)
	c.pdf.Rect(x, y, w, h, "F")
}

func (c pdfCanvas) frame(x, y, w, h, thickness float64, grey int) {
	c.pdf.SetDrawColor(grey, grey, grey)
	c.pdf.SetLineWidth(thickness)
	c.pdf.Rect(x, y, w, h, "D")
}

// picture keeps the same picture once in the file, however many pages show it.
func (c pdfCanvas) picture(x, y, w, h float64, png []byte) {
	sum := sha256.Sum256(png)
	name, kind := hex.EncodeToString(sum[:]), fpdf.ImageOptions{ImageType: "PNG"}
	if c.pdf.GetImageInfo(name) == nil {
		c.pdf.RegisterImageOptionsReader(name, kind, bytes.NewReader(png))
	}
	c.pdf.ImageOptions(name, x, y, w, h, false, kind, 0, "")
}

func (c pdfCanvas) bookmark(name string) {
	c.pdf.SetFont(family, "", sizeText) // the library writes names in the coding of the font at hand
	c.pdf.Bookmark(name, 0, 0)
}
