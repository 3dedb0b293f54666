package office_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
)

// anImage writes a half transparent PNG.
func anImage(t *testing.T, w, h int) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.NRGBA{R: uint8(x), A: 128})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "logo.png")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The head stands on papers, the file of the logo may go, and an approved month
// keeps the head that it was approved with.
func TestAnApprovedMonthKeepsItsLetterhead(t *testing.T) {
	b := worked(t)
	ctx := t.Context()
	plain := b.print(app.Month{Year: 2026, Month: 10}, false)
	logo := anImage(t, 2000, 300)
	if err := errors.Join(b.SetLetterhead(ctx, app.Letterhead{Name: "De Zwaluw", Lines: []string{"Vesaliusstraat 1", " "}, Enterprise: "0123.456.749"}, nil, ""), b.SetLogo(ctx, logo, ""), os.Remove(logo)); err != nil {
		t.Fatal(err)
	}
	l := b.Settings().Letterhead
	if l.Enterprise != "0123456749" || len(l.Lines) != 1 || len(l.Logo) != 64 {
		t.Errorf("%+v", l)
	}
	kept := must[[]byte](t)(b.Store.Logo(ctx, l.Logo))
	if size, err := png.DecodeConfig(bytes.NewReader(kept)); err != nil || size.Width > 614 || size.Height > 154 {
		t.Errorf("the logo is %+v, %v", size, err)
	}
	b.refresh()
	b.approve(documents.ApprovalChoice{Days: october})
	before := b.print(app.Month{Year: 2026, Month: 10}, false)
	if before == plain || !bytes.Contains([]byte(before), []byte("/Subtype /Image")) {
		t.Error("the head is not on the paper")
	}
	if err := errors.Join(b.SetLetterhead(ctx, app.Letterhead{Name: "Another"}, nil, ""), b.SetLogo(ctx, "", "")); err != nil {
		t.Fatal(err)
	}
	b.refresh()
	if b.print(app.Month{Year: 2026, Month: 10}, false) != before {
		t.Error("the head of an approved month changed")
	}
}

func TestWhatIsNoLetterheadIsTold(t *testing.T) {
	b := newBench(t)
	text := filepath.Join(t.TempDir(), "logo.png")
	if err := os.WriteFile(text, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	for field, err := range map[string]error{
		"letterhead.logo":  b.SetLogo(t.Context(), text, ""),
		"letterhead.lines": b.SetLetterhead(t.Context(), app.Letterhead{Lines: []string{"1", "2", "3", "4", "5"}}, nil, ""),
		"enterpriseNumber": b.SetLetterhead(t.Context(), app.Letterhead{Enterprise: "0123.456.748"}, nil, ""),
	} {
		var told *app.FieldError
		if !errors.As(err, &told) || told.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if !b.Settings().Letterhead.IsZero() {
		t.Errorf("%+v", b.Settings().Letterhead)
	}
}
