// Package paper lays out printed pages: a head, facts, tables that repeat
// their head over page breaks, notes, lines to sign, and a foot with the page
// number. It knows nothing of timesheets; what is printed comes as text.
//
// It is the only package that knows the PDF library. A page is laid out once,
// for a file and for the picture of it on a screen. The same calls give the
// same bytes: no clock is read and nothing is random. Lengths are millimetres
// on A4 in portrait, sizes of type are points.
package paper

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/go-pdf/fpdf"
)

// The size of a page, in millimetres: A4.
const (
	PageWidth  = 210.0
	PageHeight = 297.0
)

// Where what stands on a page, in millimetres.
const (
	marginSide = 13.0
	marginTop  = 13.0
	footTop    = PageHeight - 12.0 // the foot's line
	bodyEnd    = footTop - 3.0     // nothing of the body goes below

	// Width is what lies between the side margins.
	Width = PageWidth - 2*marginSide
)

// Sizes of type, in points.
const (
	sizeTitle = 16.0
	sizeLarge = 10.0
	sizeText  = 8.0
	sizeSmall = 7.0
	sizeFoot  = 6.0
	// smallest is how far a long text in a table cell is shrunk before it is wrapped.
	smallest = 6.5
)

const pointsPerMillimetre = 72 / 25.4

// Greys, from black (0) to white (255); all read well in black and white.
const (
	black     = 0
	greyText  = 95
	greyRule  = 185
	greyShade = 240
)

// Info is what the file says about itself.
type Info struct {
	Title    string
	Subject  string
	Program  string // the maker, such as "Klokkast 0.1.0"
	Language string // ISO 639-1
	// Date stands in the file as the date of its making. It comes from the
	// data, so that the same data gives the same bytes whenever it is printed.
	Date time.Time
}

// Document is one paper in the making. Its methods keep the first error and do
// nothing after it; Write reports it. Pages leave it part by part, so that it
// may have thousands.
type Document struct {
	pdf   *fpdf.Fpdf  // nil where no file is made
	take  func(*Page) // gets each finished page, in order
	fonts *Fonts
	err   error
	foot  Foot
	// keywords are what the file says of itself.
	keywords []string
	pages    []*Page // of the part under way
	page     *Page   // that is drawn on
	y        float64 // where the next piece goes
	// dry is set while pieces are only measured: page breaks are counted, nothing is drawn.
	dry    bool
	breaks int
}

// Foot is the bottom line of every page of a part.
type Foot struct {
	Left string
	// Page gives the text at the right, such as "page 1 of 2".
	Page func(page, of int) string
	// Running is the line at the top of every page but the first.
	Running string
}

// New begins a document that becomes a PDF.
func New(fonts *Fonts, info Info) *Document {
	pdf := newPDF(fonts, info)
	return &Document{pdf: pdf.pdf, fonts: fonts, take: pdf.page}
}

// Begin starts a new part on a new page, with its own page numbers. A document has at least one.
func (d *Document) Begin(foot Foot) {
	d.endPart()
	d.foot = foot
	d.addPage()
	d.y = marginTop
}

// NextPage goes on at the top of a new page of the same part.
func (d *Document) NextPage() { d.nextPage() }

// Bookmark makes the page at hand be found under a name in the reader's list of contents.
func (d *Document) Bookmark(name string) {
	name = d.fonts.shown(name)
	d.draw(func(c canvas) { c.bookmark(name) })
}

// Keyword has the file say a word of itself, for programs that look into it:
// printable ASCII without blanks and brackets.
func (d *Document) Keyword(word string) {
	if word != "" {
		d.keywords = append(d.keywords, word)
	}
}

// Write ends the document and writes it.
func (d *Document) Write(w io.Writer) error {
	d.endPart()
	if d.err != nil {
		return d.err
	}
	if len(d.keywords) > 0 {
		d.pdf.SetKeywords(strings.Join(d.keywords, " "), false)
	}
	if err := d.pdf.Output(w); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// endPart draws the feet of a part, now that the number of its pages is known, and hands its pages on.
func (d *Document) endPart() {
	for i, page := range d.pages {
		d.page = page
		d.drawFoot(d.foot.Page(i+1, len(d.pages)))
		d.take(page)
	}
	d.pages, d.page = nil, nil
}

func (d *Document) drawFoot(right string) {
	d.rule(marginSide, footTop, Width, 0.15, greyRule)
	rightWidth := d.width(right, style{size: sizeFoot + 1})
	d.text(PageWidth-marginSide-rightWidth, footTop+3.6, right, style{size: sizeFoot + 1, grey: greyText})
	st := d.shrink(d.foot.Left, Width-rightWidth-4, style{size: sizeFoot, grey: greyText}, sizeFoot*0.7)
	d.text(marginSide, footTop+3.6, d.clip(d.foot.Left, Width-rightWidth-4, st), st)
}

func (d *Document) addPage() {
	d.page = &Page{fonts: d.fonts}
	d.pages = append(d.pages, d.page)
}

// draw puts something on the page at hand.
func (d *Document) draw(step func(canvas)) {
	if !d.dry {
		d.page.steps = append(d.page.steps, step)
	}
}

// Pages returns how many page breaks print would make from here on, without
// printing anything.
func (d *Document) Pages(print func()) int {
	y := d.y
	d.dry, d.breaks = true, 0
	print()
	d.dry, d.y = false, y
	return d.breaks
}

// nextPage goes on at the top of a new page of the same part.
func (d *Document) nextPage() {
	d.y = marginTop
	if d.dry {
		d.breaks++
	} else {
		d.addPage()
	}
	if d.foot.Running == "" {
		return
	}
	st := style{size: sizeText, grey: greyText}
	d.text(marginSide, d.y+3, d.clip(d.foot.Running, Width, st), st)
	d.y += 6
}

// Room makes sure that height fits below, on a new page if it must.
func (d *Document) Room(height float64) {
	if d.y+height > bodyEnd && d.y > marginTop+8 {
		d.nextPage()
	}
}

// Space leaves a gap.
func (d *Document) Space(height float64) { d.y += height }

// style is how a text looks.
type style struct {
	size float64
	bold bool
	grey int
}

func (st style) lineHeight() float64 { return st.size * 1.28 / pointsPerMillimetre }

// text draws one line with its baseline at y.
func (d *Document) text(x, y float64, s string, st style) {
	if s == "" || d.dry {
		return
	}
	s = d.fonts.shown(s) // texts are fitted before they come here: a last guard, which refuses nothing
	d.draw(func(c canvas) { c.text(x, y, s, st) })
}

// width of a line of text.
func (d *Document) width(s string, st style) float64 { return d.fonts.width(s, st) }

// shrink returns the style in which s fits into w, no smaller than least.
func (d *Document) shrink(s string, w float64, st style, least float64) style {
	if have := d.width(s, st); have > w {
		st.size = max(least, st.size*w/have*0.995)
	}
	return st
}

// clip cuts a text that is too long for w and says so with an ellipsis. It is
// only for lines that repeat what stands in full elsewhere.
func (d *Document) clip(s string, w float64, st style) string {
	if d.width(s, st) <= w {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && d.width(string(runes)+"…", st) > w {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}

// wrap breaks a text into lines no wider than w, at blanks, or within a word
// that is wider by itself.
func (d *Document) wrap(s string, w float64, st style) []string {
	if evenlySpaced(s) && d.width(s, st) <= w { // as nearly all are
		return []string{d.fonts.shown(s)}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(d.fonts.shown(s)) {
		joined := strings.TrimSpace(line + " " + word)
		if d.width(joined, st) <= w {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for d.width(word, st) > w {
			n := d.fits(word, w, st)
			lines = append(lines, word[:n])
			word = word[n:]
		}
		line = word
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// evenlySpaced says that nothing but single blanks stands between the words of a text.
func evenlySpaced(s string) bool {
	last := ' '
	for _, r := range s {
		if r == ' ' && last == ' ' || r != ' ' && unicode.IsSpace(r) {
			return false
		}
		last = r
	}
	return s == "" || last != ' '
}

// fits returns how many bytes of a word fit into w; at least one character.
func (d *Document) fits(word string, w float64, st style) int {
	n := 0
	for i, r := range word {
		end := i + len(string(r))
		if i > 0 && d.width(word[:end], st) > w {
			return n
		}
		n = end
	}
	return n
}

// rule draws a level line.
func (d *Document) rule(x, y, w, thickness float64, grey int) {
	d.draw(func(c canvas) { c.line(x, y, x+w, y, thickness, grey) })
}

func (d *Document) shade(x, y, w, h float64) { d.fill(x, y, w, h, greyShade) }

func (d *Document) fill(x, y, w, h float64, grey int) {
	d.draw(func(c canvas) { c.fill(x, y, w, h, grey) })
}

// picture draws a PNG.
func (d *Document) picture(x, y, w, h float64, png []byte) {
	d.draw(func(c canvas) { c.picture(x, y, w, h, png) })
}

func (d *Document) frame(x, y, w, h float64) {
	d.draw(func(c canvas) { c.frame(x, y, w, h, 0.5, black) })
}
