package boxes

import (
	"context"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/ui/window/kit"
)

// printReceipt prints the receipt of the reading at the cursor and opens it.
func (p *Screen) printReceipt() {
	r, ok := p.sessions.Current()
	if !ok {
		return
	}
	opt := documents.PaperOptions{Out: p.h.Export, Language: p.h.Texts.Language()}
	a := p.h.Writing(func(ctx context.Context, replace bool) (string, error) {
		opt.Replace = replace
		return p.desk.Papers.WriteReadingReceipt(ctx, app.ID(r.key), opt)
	})
	p.h.Act(a.First, a.Then)
}

func (p *Screen) enableReceipt() {
	_, ok := p.sessions.Current()
	kit.Enable(ok, p.receipt)
}
