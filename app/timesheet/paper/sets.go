package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/encoding/charmap"
)

// All that the fonts draw is divided into sets of characters, each a font of its
// own within a file: one byte a character, cut and packed once in a run of the
// program, when the first paper needs it. Which set a character belongs to never
// depends on what is printed, so that neither do the bytes of a file on what was
// printed before it or with it; a file has the sets that its texts use.
//
// Cutting fonts to the very signs of each file, as the PDF library does by itself,
// takes ten times as long as everything else about a page.
const (
	setNone = iota - 1 // not drawn
	// setPlain has what the texts of four languages and most names need, coded as in
	// WinAnsiEncoding, which every reader knows.
	setPlain
	// setNames has the other letters of Europe's Latin names.
	setNames
	// setOthers is the first of those of blockSize characters in a row.
	setOthers
)

const (
	blockSize = 128
	firstCode = 32 // of a set; the PDF library describes characters from here to 255
)

// plain are the signs of setPlain beside those of ASCII and the missing sign.
const plain = "ÀÁÂÃÄÆÇÈÉÊËÍÎÏÑÓÔÕÖÙÚÛÜŒŸàáâãäæçèéêëíîïñóôõöùúûüœßÿ«»‹›‘’“”„…–—•·°±×§†€º¼½"

// missingCode is the code of the missing sign, where WinAnsiEncoding has nothing.
const missingCode = 0x81

// beyondLatin are the signs of setNames beside the letters from U+00C0 to U+017F.
const beyondLatin = "ȘșȚțẞ"

// place is where a character stands: its set, and its code in it.
type place struct {
	set  int16
	code byte
}

// placeAll gives every character that both faces draw its place.
func (f *Fonts) placeAll() {
	for r := range rune(runes) {
		f.places[r] = place{int16(setOthers + r/blockSize), byte(firstCode + r%blockSize)}
	}
	for r := rune(firstCode); r < unicode.MaxASCII; r++ {
		f.places[r] = place{setPlain, byte(r)}
	}
	for _, r := range plain {
		code, _ := charmap.Windows1252.EncodeRune(r) // it has them all
		f.places[r] = place{setPlain, code}
	}
	f.places[missingSign] = place{setPlain, missingCode}
	code := byte(firstCode)
	name := func(r rune) {
		if unicode.IsLetter(r) && f.places[r].set != setPlain {
			f.places[r] = place{setNames, code}
			code++
		}
	}
	for r := rune(0xC0); r < 0x180; r++ {
		name(r)
	}
	for _, r := range beyondLatin {
		name(r)
	}
	for r := range f.places {
		if f.regular.advance[r] == notDrawn || f.bold.advance[r] == notDrawn {
			f.places[r].set = setNone
		}
	}
}

// gatherSets makes the sets of a face, none of them cut yet.
func (f *Fonts) gatherSets(of *face) {
	signs := map[int16][]rune{}
	for r := range rune(runes) {
		if f.draws(r) {
			set := f.places[r].set
			signs[set] = append(signs[set], r)
		}
	}
	of.sets = map[int16]func() (*packed, error){}
	for set, drawn := range signs {
		of.sets[set] = sync.OnceValues(func() (*packed, error) { return f.pack(of, set, drawn) })
	}
}

// packed is a set of a face as the PDF library takes it: what describes it, and the compressed font.
type packed struct{ definition, file []byte }

// definition describes a font in the words of the PDF library's own font files.
type definition struct {
	Tp, Name     string
	Desc         fpdf.FontDescType
	Cw           []int  // of each code
	Diff         string // from WinAnsiEncoding
	File         string
	OriginalSize int
}

func (f *Fonts) pack(of *face, set int16, drawn []rune) (*packed, error) {
	cut := fpdf.UTF8CutFont(bytes.Clone(of.file), string(drawn)) // it may write on what it gets
	desc, err := describe(cut)
	if err != nil {
		return nil, fmt.Errorf("cut a face: %w", err)
	}
	name, err := of.font.Name(nil, sfnt.NameIDPostScript)
	if err != nil {
		return nil, fmt.Errorf("read the name of a face: %w", err)
	}
	d := definition{
		Tp: "TrueType", Name: subsetTag(set) + name, Desc: desc, Cw: make([]int, 256),
		Diff: f.differences(drawn), File: fontName(set, of == f.bold) + ".z", OriginalSize: len(cut),
	}
	for _, r := range drawn {
		d.Cw[f.places[r].code] = int(of.advance[r])
	}
	p := &packed{}
	if p.definition, err = json.Marshal(d); err != nil {
		return nil, fmt.Errorf("describe a face: %w", err)
	}
	if p.file, err = deflated(cut); err != nil {
		return nil, fmt.Errorf("compress a face: %w", err)
	}
	return p, nil
}

// describe has the PDF library measure a font.
func describe(file []byte) (fpdf.FontDescType, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("x", "", file)
	desc := pdf.GetFontDesc("x", "")
	desc.Flags = desc.Flags&^fpdf.FontFlagSymbolic | fpdf.FontFlagNonsymbolic // its codes have names
	return desc, pdf.Error()
}

// subsetTag is what stands before the name of a font that has a part of its signs (ISO 32000, 9.6.4).
func subsetTag(set int16) string {
	tag := []byte("KLOAAA+")
	for i := 5; set > 0; i, set = i-1, set/26 {
		tag[i] += byte(set % 26)
	}
	return string(tag)
}

// fontName names a set within a file.
func fontName(set int16, bold bool) string {
	if bold {
		return fmt.Sprintf("bold%d", set)
	}
	return fmt.Sprintf("regular%d", set)
}

// differences names the characters whose codes are not those of WinAnsiEncoding.
func (f *Fonts) differences(drawn []rune) string {
	var out []string
	for _, r := range drawn {
		at := f.places[r]
		if at.set != setPlain || r == missingSign {
			out = append(out, fmt.Sprintf("%d /uni%04X", at.code, r))
		}
	}
	return strings.Join(out, " ")
}

func deflated(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
