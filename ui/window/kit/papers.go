package kit

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"klokkast/app/documents"
)

// ShowPaper shows the form of a paper; what it prints goes to the folder of the
// timesheets and is opened.
func (h *Host) ShowPaper(f *Form, title string, collect func() func(context.Context, documents.PaperOptions) (string, error), reveal func() bool) {
	var a *attempt
	f.Show(title, h.Texts.T("window.papers.print"), func() func(context.Context) error {
		write, opt := collect(), documents.PaperOptions{Out: h.Export, Language: h.Texts.Language(), Reveal: reveal()}
		a = h.Writing(func(ctx context.Context, replace bool) (string, error) {
			opt.Replace = replace
			return write(ctx, opt)
		})
		return a.First
	}, func() { a.Then() })
}

// Writing is the writing of a paper, which says at the end where it went.
func (h *Host) Writing(write func(ctx context.Context, replace bool) (string, error)) *attempt {
	path := ""
	return &attempt{h: h, write: func(ctx context.Context, replace bool) (err error) {
		path, err = write(ctx, replace)
		return err
	}, done: func() { h.paperWritten(path) }}
}

// paperWritten says where a paper went and opens it. Where it cannot be opened it is written all the same.
func (h *Host) paperWritten(path string) {
	h.Say(h.Texts.T("window.papers.written", "File", path), widget.SuccessImportance)
	var failed error
	h.Act(func(context.Context) error {
		failed = h.Open(path)
		return nil
	}, func() {
		if failed != nil {
			h.Say(h.Texts.T("window.papers.notOpened", "File", path, "Why", h.Reason(failed)), widget.WarningImportance)
		}
	})
}
