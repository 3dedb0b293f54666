package paper_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"klokkast/app/timesheet/paper"
	"klokkast/assets"
)

func fonts(t *testing.T) *paper.Fonts {
	t.Helper()
	f, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// plainWords give keys and what they are filled with.
type plainWords struct{}

func (plainWords) T(key string, args ...any) string {
	return fmt.Sprint(append([]any{key}, args...)...)
}

func TestFit(t *testing.T) {
	for in, want := range map[string]string{
		"  An \t Peeters\r\n": "An Peeters",
		"Ame\u0301lie":        "Amélie",
		"\u202eabc\u200d":     "abc",
		"é ß ł ș ğ Ж Ω ő":     "é ß ł ș ğ Ж Ω ő",
		"1\u00a0042":          "1 042",
		"a \u200b b":          "a b",
		"e\u200d\u0301":       "é",
		"":                    "",
		"An 😀":                "An [�1]",
		"東京 and 東京, 大阪":       "[�1] and [�1], [�2]",
		"\U0001D49C12":        "[�1]12",
		"a\xffb":              "a�b",
	} {
		f := paper.NewFitter(fonts(t), plainWords{})
		if got := f.Fit(in); got != want || f.Fit(got) != want {
			t.Errorf("%q becomes %q, and then %q; want %q", in, got, f.Fit(got), want)
		}
	}
}

func TestAPersonWhoseNameNoFontDrawsIsCalledByNumberAndEmployer(t *testing.T) {
	f := paper.NewFitter(fonts(t), plainWords{})
	for name, want := range map[string]string{
		"Peeters An": "Peeters An", "محمد علي": "paper.undrawn.personNumber203 · Zwaluw", "Dhondt Ann 🙂": "paper.undrawn.personNumber203 · Zwaluw",
		"": "paper.undrawn.personNumber203 · Zwaluw", "\u200f": "paper.undrawn.personNumber203 · Zwaluw", "An \xff": "paper.undrawn.personNumber203 · Zwaluw",
	} {
		if got := f.Person(paper.Person{Name: name, StaffNumber: "203", Employer: "Zwaluw", ID: "id"}); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
	if got := f.Person(paper.Person{Name: "中", Employer: "公司", ID: "5c3f9a1e"}); !strings.Contains(got, "5c3f9a1e · [�") {
		t.Error(got)
	}
	title, notes := f.Notes()
	said := fmt.Sprint(notes)
	for _, want := range []string{"Dhondt Ann [�", "U+0645 U+062D U+0645 U+062F", "U+1F642", "paper.undrawn.noName"} {
		if title == "" || !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
}

func FuzzFit(f *testing.F) {
	f.Add("An Peeters")
	f.Add("e\u0301\u0302\u0303 \u200d\u0301")
	f.Add("a 😀\u0300 中 \U0010FFFF")
	f.Add("\xcc no text \xcc\xcc\xcc")
	face, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fitter := paper.NewFitter(face, plainWords{})
		fit := fitter.Fit(s)
		if again := fitter.Fit(fit); again != fit {
			t.Errorf("%q is printed as %q and then as %q", s, fit, again)
		}
		doc := paper.New(face, paper.Info{Date: time.Unix(0, 0)})
		doc.Begin(paper.Foot{Page: func(int, int) string { return "1" }})
		doc.Table(paper.Table{
			Columns: []paper.Column{{Title: fit, Width: 20}, {Title: s, Width: 4, Align: paper.AlignRight}},
			Rows:    []paper.Row{{Cells: []paper.Cell{paper.Line(fit), paper.Line(s)}}},
		})
		doc.Unfit(fitter)
		if err := doc.Write(&bytes.Buffer{}); err != nil {
			t.Errorf("%q cannot be printed: %v", fit, err)
		}
	})
}

func TestPagesCountsWithoutPrinting(t *testing.T) {
	print := func(doc *paper.Document) {
		for range 120 {
			doc.Small("one line")
		}
	}
	build := func(measure bool) []byte {
		doc := paper.New(fonts(t), paper.Info{Date: time.Unix(0, 0)})
		doc.Begin(paper.Foot{Page: func(page, of int) string { return string(rune('0'+page)) + "/" + string(rune('0'+of)) }})
		if measure {
			if n := doc.Pages(func() { print(doc) }); n != 1 {
				t.Errorf("120 lines make %d page breaks, want 1", n)
			}
		}
		print(doc)
		var b bytes.Buffer
		if err := doc.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(build(true), build(false)) {
		t.Error("measuring left something on the paper")
	}
}

// Texts are fitted before they come to a document; one that was forgotten refuses no paper.
func TestATextThatNobodyFittedIsPrintedWithMissingSigns(t *testing.T) {
	doc := paper.New(fonts(t), paper.Info{Date: time.Unix(0, 0)})
	doc.Begin(paper.Foot{Page: func(int, int) string { return "" }})
	doc.Heading(paper.Heading{Title: "A 😀"})
	doc.Bookmark("中")
	if err := doc.Write(&bytes.Buffer{}); err != nil {
		t.Errorf("error %v", err)
	}
}
