package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"klokkast/assets"
)

func assetFonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := LoadFonts(assets.PaperFonts())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// written returns a file on which print prints.
func written(t testing.TB, fonts *Fonts, print func(*Document)) []byte {
	t.Helper()
	doc := New(fonts, Info{Date: time.Unix(0, 0)})
	doc.Begin(Foot{Page: func(int, int) string { return "" }})
	print(doc)
	var file bytes.Buffer
	if err := doc.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// Whatever set a sign is in, it is found on the paper as what it is, in both faces.
func TestEverySignIsFoundAsItself(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	fonts := assetFonts(t)
	var signs []rune
	for r := range rune(runes) {
		if fonts.draws(r) && !unicode.IsSpace(r) && !invisible(r) && !unicode.Is(unicode.Mn, r) {
			signs = append(signs, r)
		}
	}
	file := written(t, fonts, func(d *Document) {
		for i, r := range signs {
			d.Room(4)
			d.text(20, d.y, fmt.Sprintf("%d:%c", i, r), style{size: 8})
			d.text(60, d.y, fmt.Sprintf("b%d:%c", i, r), style{size: 8, bold: true})
			d.y += 4
		}
	})
	path := filepath.Join(t.TempDir(), "all.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, word := range strings.Fields(string(out)) {
		found[word] = true
	}
	for i, r := range signs {
		if !found[fmt.Sprintf("%d:%c", i, r)] || !found[fmt.Sprintf("b%d:%c", i, r)] {
			t.Errorf("U+%04X is not found as itself", r)
		}
	}
}

// The texts of all four languages are of one set: what else a file holds comes from names.
func TestTextsOfTheProgramAreOfOneSet(t *testing.T) {
	fonts := assetFonts(t)
	files, err := fs.Glob(assets.Translations(), "*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		file, err := fs.ReadFile(assets.Translations(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(file) {
			if !unicode.IsSpace(r) && fonts.draws(r) && fonts.places[r].set != setPlain {
				t.Errorf("%s: %q is of another set", name, r)
			}
		}
	}
}

func TestEverySignHasAPlaceOfItsOwn(t *testing.T) {
	fonts := assetFonts(t)
	taken := map[place]rune{}
	for r := range rune(runes) {
		at := fonts.places[r]
		if !fonts.draws(r) {
			continue
		}
		if other, ok := taken[at]; ok || at.code < firstCode {
			t.Errorf("U+%04X has the place of U+%04X: %v", r, other, at)
		}
		taken[at] = r
	}
	if len(taken) < 2800 {
		t.Errorf("only %d signs are drawn", len(taken))
	}
}

// Papers look as if the whole fonts were in them, whichever sets their signs are of.
func TestPapersLookAsWithWholeFonts(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed")
	}
	fonts := assetFonts(t)
	pages, err := Lay(fonts, func(d *Document) {
		d.Begin(Foot{Page: func(int, int) string { return "" }})
		line := ""
		for r := range rune(runes) {
			if fonts.draws(r) && !invisible(r) {
				line += string(r)
			}
			if len(line) > 80 || r == runes-1 {
				d.Room(4)
				d.text(15, d.y, line, style{size: 8})
				d.text(110, d.y, line, style{size: 8, bold: true})
				d.y += 4
				line = ""
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var bare, ours bytes.Buffer
	doc := New(fonts, Info{Date: time.Unix(0, 0)})
	for _, p := range pages {
		doc.take(p)
	}
	if err := errors.Join(doc.Write(&ours), BareTo(&bare, fonts, pages)); err != nil {
		t.Fatal(err)
	}
	want, got := dots(t, bare.Bytes()), dots(t, ours.Bytes())
	for i := range want {
		if i >= len(got) || apart(want[i], got[i]) > 0.002 {
			t.Errorf("page %d looks otherwise: %v of it", i+1, apart(want[i], got[i]))
		}
	}
}

// dots returns the pages of a file as grey pictures.
func dots(t *testing.T, file []byte) (pages [][]byte) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "x.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "72", "-gray", path, filepath.Join(folder, "page")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	names, err := filepath.Glob(filepath.Join(folder, "page*"))
	if err != nil || len(names) == 0 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page)
	}
	return pages
}

// apart returns which part of two pictures differs by more than where a sign begins, rounded twice, makes of it.
func apart(a, b []byte) float64 {
	if len(a) != len(b) {
		return 1
	}
	n := 0
	for i := range a {
		if d := int(a[i]) - int(b[i]); d > 80 || d < -80 {
			n++
		}
	}
	return float64(n) / float64(len(a))
}
