package sheets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
	"klokkast/assets"
	"klokkast/ui/window/kit/kittest"
)

// lookedAt opens the preview of a paper of some pages.
func lookedAt(t *testing.T) (*kittest.Stage, *preview) {
	t.Helper()
	s := kittest.Enter(t, app.English)
	fonts := kittest.MustBe(paper.LoadFonts(assets.PaperFonts()))(t)
	pages := kittest.MustBe(paper.Lay(fonts, func(doc *paper.Document) {
		doc.Begin(paper.Foot{Page: func(int, int) string { return "" }})
		for range 200 {
			doc.Small("a line of a sheet")
		}
	}))(t)
	p := showPages(s.Host, "x", pages)
	if s.Host.Window.Canvas().Focused() != fyne.Focusable(p.view) {
		t.Fatal("the keyboard is not on the page")
	}
	return s, p
}
func TestPagesAreTurnedByKeysAndButtons(t *testing.T) {
	_, p := lookedAt(t)
	key := func(k fyne.KeyName) { p.view.TypedKey(&fyne.KeyEvent{Name: k}) }
	last := len(p.pages) - 1
	if last < 1 {
		t.Fatalf("%d pages", len(p.pages))
	}
	for _, step := range []struct {
		do   func()
		want int
	}{
		{func() { key(fyne.KeyPageUp) }, 0}, {func() { key(fyne.KeyPageDown) }, 1}, {func() { key(fyne.KeyEnd) }, last}, {func() { key(fyne.KeyPageDown) }, last},
		{func() { key(fyne.KeyHome) }, 0}, {func() { test.Tap(p.next) }, 1}, {func() { test.Tap(p.back) }, 0},
	} {
		if step.do(); p.page != step.want || p.drawn.page != step.want {
			t.Errorf("page %d is shown, %d is drawn, want %d", p.page, p.drawn.page, step.want)
		}
	}
	if !p.back.Disabled() || p.next.Disabled() {
		t.Error("the first page can be turned back, or not on")
	}
}

func TestThePageIsDrawnAsLargeAsItIsShown(t *testing.T) {
	s, p := lookedAt(t)
	check := func(what string, wide float32) {
		t.Helper()
		if got := p.sheet.MinSize().Width; got < wide-1 || got > wide+1 {
			t.Errorf("%s: %g wide, want %g", what, got, wide)
		}
		if got := float32(p.image.Image.Bounds().Dx()); got < wide*s.Host.Window.Canvas().Scale()-1.5 || got > wide*s.Host.Window.Canvas().Scale()+1.5 {
			t.Errorf("%s: a picture of %g pixels for %g units", what, got, wide)
		}
	}
	fit := (p.view.Size().Height - 2*pageMargin) / 297 * 210 // the window is wide
	check("fit", fit)
	p.view.TypedRune('1')
	check("100 %", 210*96/25.4)
	p.view.TypedRune('+')
	check("125 %", 1.25*210*96/25.4)
	p.view.TypedRune('2')
	check("200 %", 2*210*96/25.4)
	p.view.TypedRune('-')
	check("150 %", 1.5*210*96/25.4)
	p.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if p.view.scroll.Offset.Y == 0 {
		t.Error("a page larger than the view does not scroll by the keyboard")
	}
	p.view.TypedRune('0')
	check("fit again", fit)
	for range 20 {
		p.view.TypedRune('-')
	}
	check("smallest", 0.5*210*96/25.4)
	for range 20 {
		p.view.TypedRune('+')
	}
	check("largest", 3*210*96/25.4)
}
