package paper

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// Fonts is the family that papers are set in: one face for text, one for
// emphasis. Both are TrueType files; the sets of characters that a paper uses are
// embedded in it. Many goroutines may use it at once.
type Fonts struct {
	regular, bold *face
	places        []place // of each character
}

// face is a TrueType file with its widths at hand: every text is measured
// several times before it is drawn once.
type face struct {
	file []byte
	font *sfnt.Font
	// advance of a character in thousandths of the size of type; that of the missing sign for those that are not drawn.
	advance [runes]int16
	sets    map[int16]func() (*packed, error) // what is cut out of it, once it is needed
}

const (
	runes    = 0x10000 // the PDF writer addresses glyphs by 16 bits
	notDrawn = -1
)

// LoadFonts reads the two faces. The slices are kept and must not change.
func LoadFonts(regular, bold []byte) (*Fonts, error) {
	r, err := loadFace(regular)
	if err != nil {
		return nil, fmt.Errorf("read the regular face: %w", err)
	}
	b, err := loadFace(bold)
	if err != nil {
		return nil, fmt.Errorf("read the bold face: %w", err)
	}
	f := &Fonts{regular: r, bold: b, places: make([]place, runes)}
	f.placeAll()
	for _, of := range []*face{r, b} {
		f.missAll(of)
		f.gatherSets(of)
	}
	return f, nil
}

// missAll gives what is not drawn the width of what stands in its place.
func (f *Fonts) missAll(of *face) {
	for r := range of.advance {
		if !f.draws(rune(r)) {
			of.advance[r] = of.advance[missingSign]
		}
	}
}

func loadFace(file []byte) (*face, error) {
	font, err := sfnt.Parse(file)
	if err != nil {
		return nil, err
	}
	f := &face{file: file, font: font}
	var buf sfnt.Buffer
	for r := range f.advance {
		f.advance[r] = notDrawn
		glyph, err := font.GlyphIndex(&buf, rune(r))
		if err != nil || glyph == 0 {
			continue
		}
		// At a size of 1000 pixels the advance comes in thousandths.
		width, err := font.GlyphAdvance(&buf, glyph, fixed.I(1000), xfont.HintingNone)
		if err != nil {
			return nil, fmt.Errorf("width of U+%04X: %w", r, err)
		}
		f.advance[r] = int16(width.Round())
	}
	return f, nil
}

// UndrawableError says that a text holds a character that no face of the
// paper can draw, where that was asked before printing.
type UndrawableError struct {
	Field string // the field in the words of the schema, such as worker.familyName
	Rune  rune
}

// Error names field and character, not the text: that may be a person's name.
func (e *UndrawableError) Error() string {
	return fmt.Sprintf("%s: no face draws the character U+%04X", e.Field, e.Rune)
}

// TextKey returns the key of the sentence for people, one for each field, and
// the character that it names.
func (e *UndrawableError) TextKey() (key string, args map[string]any) {
	return "timesheet.error.undrawable." + e.Field, map[string]any{"Character": fmt.Sprintf("U+%04X", e.Rune)}
}

// Draws fails with an *UndrawableError that names field where a text holds a
// character that cannot be drawn. A Fitter prints such a text all the same.
func (f *Fonts) Draws(field, s string) error {
	clean := f.tidy(s)
	if i := f.undrawn(clean); i >= 0 {
		r, _ := utf8.DecodeRuneInString(clean[i:])
		return &UndrawableError{Field: field, Rune: r}
	}
	return nil
}

// missingSign stands on paper where a sign of a text cannot be drawn, as it
// stands in texts whose signs another program lost.
const missingSign = unicode.ReplacementChar

// tidy makes a text fit for one line: composed letters (NFC), every run of
// blanks and line ends one space, no invisible controls.
func (f *Fonts) tidy(s string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case isBlank(r):
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(norm.NFC.String(visible)), " ")
}

// undrawn returns where the first character stands that cannot be drawn; -1 for none.
func (f *Fonts) undrawn(s string) int {
	for i, r := range s {
		if !f.draws(r) {
			return i
		}
	}
	return -1
}

// isBlank also takes blanks that do not break: on paper only lines that fit count.
func isBlank(r rune) bool { return unicode.IsSpace(r) }

// invisible characters change nothing on paper but would print as boxes:
// controls, joiners, direction marks, the byte order mark, soft hyphens.
func invisible(r rune) bool { return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) }

// draws says that both faces have a glyph.
func (f *Fonts) draws(r rune) bool { return r >= 0 && r < runes && f.places[r].set != setNone }

// face returns the face of a style.
func (f *Fonts) face(st style) *face {
	if st.bold {
		return f.bold
	}
	return f.regular
}

// shown returns a text as it is drawn: each sign that cannot be, and each byte that
// is no text, is the missing sign.
func (f *Fonts) shown(s string) string {
	if f.undrawn(s) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if f.draws(r) {
			return r
		}
		return missingSign
	}, s)
}

// width of a text in millimetres.
func (f *Fonts) width(s string, st style) float64 {
	of := f.face(st)
	sum := 0
	for _, r := range s {
		if r >= runes {
			r = missingSign
		}
		sum += int(of.advance[r])
	}
	return float64(sum) / 1000 * st.size / pointsPerMillimetre
}
