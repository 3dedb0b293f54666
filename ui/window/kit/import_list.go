package kit

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/importing"
)

// ImportList takes a list of staff or sites in: a preview first, which saves
// nothing, then the same again for good.
func (h *Host) ImportList(title string, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	h.FileDialog(func(path string) { h.PreviewList(title, path, do) }, ".csv", ".tsv", ".txt", ".xlsx")
}

// PreviewList shows what importing a list would do, and imports it when that is agreed to.
func (h *Host) PreviewList(title, path string, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	name := filepath.Base(path)
	var r *importing.Report
	h.Work("list:"+path, h.Texts.T("window.import.running", "File", name), func(ctx context.Context, _ Progress) error {
		var err error
		r, err = do(ctx, path, false)
		return err
	}, func(err error) {
		if err == nil && r != nil {
			h.showPreview(title, path, r, do)
		}
	})
}

func (h *Host) showPreview(title, path string, r *importing.Report, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	t := h.Texts
	var d *dialog.CustomDialog
	cancel := h.Button(t.T("window.cancel"), theme.CancelIcon(), func() { d.Hide() })
	apply := h.MainButton(t.T("window.import.apply"), theme.ConfirmIcon(), func() {
		d.Hide()
		h.applyList(title, path, do)
	})
	Enable(r.New+r.Changed > 0, apply)
	summary := Wrapped(Lines(t.T("window.import.preview", "File", filepath.Base(path)), h.listSummary(r)))
	d = dialog.NewCustomWithoutButtons(title, container.NewBorder(summary, nil, nil, nil, Sized(900, 360, h.ProblemGrid(h.listProblems(r)))), h.Window)
	d.SetButtons([]fyne.CanvasObject{cancel, apply})
	d.Show()
}

func (h *Host) applyList(title, path string, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	name := filepath.Base(path)
	var r *importing.Report
	h.Work("list:"+path, h.Texts.T("window.import.running", "File", name), func(ctx context.Context, _ Progress) error {
		var err error
		r, err = do(ctx, path, true)
		return err
	}, func(err error) {
		if err == nil && r != nil {
			h.Say(title+": "+h.listSummary(r), widget.SuccessImportance)
		}
	})
}

// listSummary counts what was, or would be, taken in.
func (h *Host) listSummary(r *importing.Report) string {
	n := h.Texts.Number
	return h.Texts.T("window.import.counts", "New", n(r.New), "Changed", n(r.Changed), "Same", n(r.Same), "Refused", n(r.Refused))
}

func (h *Host) listProblems(r *importing.Report) []ProblemRow {
	var rows []ProblemRow
	for _, p := range append(append([]*importing.Problem{}, r.Problems...), r.Notes...) {
		rows = append(rows, ProblemRow{h.Texts.Number(len(rows)), p.Line, h.Texts.Error(p.Why), p.Column})
	}
	return rows
}
