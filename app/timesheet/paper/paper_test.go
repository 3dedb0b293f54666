package paper_test

import (
	"bytes"
	"errors"
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

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  An \t Peeters\r\n": "An Peeters",
		"Ame\u0301lie":        "Amélie",
		"\u202eabc\u200d":     "abc",
		"é ß ł ș ğ Ж Ω ő":     "é ß ł ș ğ Ж Ω ő",
		"1\u00a0042":          "1 042",
		"a \u200b b":          "a b",
		"e\u200d\u0301":       "é",
		"":                    "",
	} {
		got, err := fonts(t).Clean("x", in)
		if err != nil || got != want {
			t.Errorf("%q becomes %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"😀", "中", "א", "\xff", "�", "\U0001D49C"} {
		_, err := fonts(t).Clean("worker.familyName", "An "+in)
		var refused *paper.UndrawableError
		if !errors.As(err, &refused) || refused.Field != "worker.familyName" {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("An Peeters")
	f.Add("e\u0301\u0302\u0303 \u200d\u0301")
	face, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, err := face.Clean("x", s)
		if err != nil {
			return
		}
		if again, err := face.Clean("x", clean); err != nil || again != clean {
			t.Errorf("%q is cleaned to %q and then to %q, %v", s, clean, again, err)
		}
		doc := paper.New(face, paper.Info{Date: time.Unix(0, 0)})
		doc.Begin(paper.Foot{Page: func(int, int) string { return "1" }})
		doc.Table(paper.Table{
			Columns: []paper.Column{{Title: clean, Width: 20}, {Title: clean, Width: 4, Align: paper.AlignRight}},
			Rows:    []paper.Row{{Cells: []paper.Cell{paper.Line(clean), paper.Line(clean)}}},
		})
		if err := doc.Write(&bytes.Buffer{}); err != nil {
			t.Errorf("%q cannot be printed: %v", clean, err)
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

func TestUncleanTextIsCaughtAtTheLatestByWrite(t *testing.T) {
	doc := paper.New(fonts(t), paper.Info{Date: time.Unix(0, 0)})
	doc.Begin(paper.Foot{Page: func(int, int) string { return "" }})
	doc.Heading(paper.Heading{Title: "A 😀"})
	var refused *paper.UndrawableError
	if err := doc.Write(&bytes.Buffer{}); !errors.As(err, &refused) || refused.Rune != '😀' {
		t.Errorf("error %v", err)
	}
}
