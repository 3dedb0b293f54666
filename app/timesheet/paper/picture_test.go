package paper_test

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"klokkast/app/timesheet/paper"
)

// everyPiece prints each layout piece once, over more than one page.
func everyPiece(d *paper.Document) {
	d.Begin(paper.Foot{
		Left: "Klokkast", Running: "Timesheet · Peeters An",
		Page: func(page, of int) string { return fmt.Sprintf("page %d of %d", page, of) },
	})
	d.Heading(paper.Heading{Title: "Prestatiestaat", Right: "november 2026"})
	d.Banner("SIMULATED: nothing reaches the NSSO")
	d.Facts([]paper.Fact{{Label: "Worker", Value: "Żółć Ωμέγα Жанна", Bold: true}}, []paper.Fact{{Label: "Employer", Value: "Poetsbedrijf De Zwaluw bv"}})
	t := paper.Table{Columns: []paper.Column{{Title: "Day", Width: 30}, {Title: "Hours", Width: 40, Align: paper.AlignRight}}}
	for i := range 70 {
		t.Rows = append(t.Rows, paper.Row{
			Shade: i%7 > 4, Strong: i == 69,
			Cells: []paper.Cell{paper.Line(fmt.Sprintf("day %d", i)), {Lines: []string{"7:30"}, Mark: "*1", Bold: i%2 == 0, Grey: i%3 == 0}},
		})
	}
	d.Table(t)
	d.Notes("Notes", []paper.Note{{Mark: "*1", Text: "Arrived later: the bus did not come."}})
	d.Small("* stated by a supervisor")
	d.Signatures(paper.Signature{Role: "The worker", Lines: []string{"Name", "Date", "Signature"}, Filled: "Peeters An"})
}

func lay(t *testing.T, print func(*paper.Document)) []*paper.Page {
	t.Helper()
	pages, err := paper.Lay(fonts(t), print)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// seen returns the pages of a PDF as poppler draws them, 8 pixels for a millimetre.
func seen(t *testing.T, print func(*paper.Document)) []*image.Gray {
	t.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed")
	}
	doc := paper.New(fonts(t), paper.Info{Date: time.Unix(0, 0)})
	print(doc)
	var file bytes.Buffer
	if err := doc.Write(&file); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "paper.pdf")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-gray", "-r", "203.2", path, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "page*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	var pages []*image.Gray
	for _, f := range files {
		pages = append(pages, readPGM(t, f))
	}
	return pages
}

func readPGM(t *testing.T, path string) *image.Gray {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w, h, most int
	if _, err := fmt.Sscanf(string(raw), "P5\n%d %d\n%d", &w, &h, &most); err != nil || most != 255 || len(raw) < w*h {
		t.Fatalf("%s: not the picture that was asked for: %v", path, err)
	}
	return &image.Gray{Pix: raw[len(raw)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

// ink returns how dark each square of 1.5 mm is, from 0 to 255.
func ink(page image.Image) map[image.Point]float64 {
	const side = 12
	b := page.Bounds()
	squares := map[image.Point]float64{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			grey, _, _, _ := page.At(x, y).RGBA()
			squares[image.Pt(x/side, y/side)] += float64(255-grey>>8) / side / side
		}
	}
	return squares
}

func TestPreviewShowsWhatThePDFShows(t *testing.T) {
	want, pages := seen(t, everyPiece), lay(t, everyPiece)
	if len(pages) != len(want) || len(pages) < 2 {
		t.Fatalf("%d pages to look at, %d in the file", len(pages), len(want))
	}
	for i, page := range pages {
		got, err := page.Picture(8)
		if err != nil {
			t.Fatal(err)
		}
		drawn, printed := ink(got), ink(want[i])
		worst, where, dark := 0.0, image.Point{}, 0.0
		for at, v := range printed {
			dark = max(dark, v)
			if d := max(v-drawn[at], drawn[at]-v); d > worst {
				worst, where = d, at
			}
		}
		// Two ways of smoothing differ by a little; a text that stands elsewhere, or a rule that is missing, by a lot.
		if dark < 100 || worst > 32 {
			t.Errorf("page %d: around %.0f mm right, %.0f mm down the darkness differs by %.0f of 255 (darkest %.0f)",
				i+1, float64(where.X)*1.5, float64(where.Y)*1.5, worst, dark)
		}
	}
}

func TestPicturesOfAnySize(t *testing.T) {
	page := lay(t, everyPiece)[0]
	for pixels, want := range map[float64]image.Point{0: {105, 149}, 1: {210, 297}, 3.78: {794, 1123}, 10: {2100, 2970}} {
		got, err := page.Picture(pixels)
		if err != nil || got.Bounds().Size() != want {
			t.Errorf("%g pixels a millimetre: %v, %v; want %v", pixels, got.Bounds().Size(), err, want)
		}
	}
}
