package paper_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app/timesheet/paper"
)

// printed makes a file of one page.
func printed(t *testing.T, print func(*paper.Document)) []byte {
	t.Helper()
	d := paper.New(fonts(t), paper.Info{Title: "t", Program: "p", Language: "nl", Date: time.Unix(0, 0)})
	d.Keyword("klokkast")
	d.Keyword("ABCDE")
	d.Begin(paper.Foot{Page: func(int, int) string { return "" }})
	print(d)
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func logo(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.NRGBA{uint8(x), uint8(y), 0, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What a camera reads on the page is the text.
func TestACodeCanBeRead(t *testing.T) {
	for _, tool := range []string{"zbarimg", "pdftoppm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	const text = "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567-89ABC-DEFGH"
	file := printed(t, func(d *paper.Document) {
		d.CodedFacts(paper.Code{Text: text, Lines: []string{text[:23], text[24:]}}, []paper.Fact{{Label: "a", Value: "b"}})
	})
	path := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(path+".pdf", file, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", "-singlefile", path+".pdf", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", path+".png").Output()
	if err != nil || strings.TrimSpace(string(out)) != text {
		t.Errorf("read %q, %v", out, err)
	}
}

func TestACodeThatCannotBeMadeIsAnError(t *testing.T) {
	d := paper.New(fonts(t), paper.Info{})
	d.Begin(paper.Foot{Page: func(int, int) string { return "" }})
	d.CodedFacts(paper.Code{Text: "small letters"}, nil)
	if err := d.Write(&bytes.Buffer{}); err == nil {
		t.Error("a code of small letters was printed")
	}
}

// A logo stands in the file once, on however many pages it is shown.
func TestALogoIsKeptOnce(t *testing.T) {
	head := paper.Letterhead{Name: "De Zwaluw", Lines: []string{"Vesaliusstraat 1, 3000 Leuven"}, Logo: logo(t, 300, 90)}
	file := printed(t, func(d *paper.Document) {
		d.Letterhead(head)
		d.Begin(paper.Foot{Page: func(int, int) string { return "" }})
		d.Letterhead(head)
	})
	if n := bytes.Count(file, []byte("/Subtype /Image")); n != 1 {
		t.Errorf("%d pictures", n)
	}
	if !bytes.Contains(file, []byte("/Keywords (klokkast ABCDE)")) {
		t.Error("the keywords are not found")
	}
	same := printed(t, func(d *paper.Document) {
		d.Letterhead(head)
		d.Begin(paper.Foot{Page: func(int, int) string { return "" }})
		d.Letterhead(head)
	})
	if !bytes.Equal(file, same) {
		t.Error("two prints differ")
	}
}

func TestALogoThatIsNoneIsAnError(t *testing.T) {
	d := paper.New(fonts(t), paper.Info{})
	d.Begin(paper.Foot{Page: func(int, int) string { return "" }})
	d.Letterhead(paper.Letterhead{Logo: []byte("no picture")})
	if err := d.Write(&bytes.Buffer{}); err == nil {
		t.Error("it was printed")
	}
}
