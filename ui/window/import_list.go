package window

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

// importList takes a list of staff or sites in: a preview first, which saves
// nothing, then the same again for good.
func (h *host) importList(title string, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	h.fileDialog(func(path string) { h.previewList(title, path, do) }, ".csv", ".tsv", ".txt")
}

func (h *host) previewList(title, path string, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	name := filepath.Base(path)
	var r *importing.Report
	h.work("list:"+path, h.t.T("window.import.running", "File", name), func(ctx context.Context, _ progressOf) error {
		var err error
		r, err = do(ctx, path, false)
		return err
	}, func(err error) {
		if err == nil && r != nil {
			h.showPreview(title, path, r, do)
		}
	})
}

func (h *host) showPreview(title, path string, r *importing.Report, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	t := h.t
	var d *dialog.CustomDialog
	cancel := h.button(t.T("window.cancel"), theme.CancelIcon(), func() { d.Hide() })
	apply := h.mainButton(t.T("window.import.apply"), theme.ConfirmIcon(), func() {
		d.Hide()
		h.applyList(title, path, do)
	})
	enable(r.New+r.Changed > 0, apply)
	summary := wrapped(lines(t.T("window.import.preview", "File", filepath.Base(path)), h.listSummary(r)))
	d = dialog.NewCustomWithoutButtons(title, container.NewBorder(summary, nil, nil, nil, sized(900, 360, h.problemGrid(h.listProblems(r)))), h.win)
	d.SetButtons([]fyne.CanvasObject{cancel, apply})
	d.Show()
}

func (h *host) applyList(title, path string, do func(ctx context.Context, file string, apply bool) (*importing.Report, error)) {
	name := filepath.Base(path)
	var r *importing.Report
	h.work("list:"+path, h.t.T("window.import.running", "File", name), func(ctx context.Context, _ progressOf) error {
		var err error
		r, err = do(ctx, path, true)
		return err
	}, func(err error) {
		if err == nil && r != nil {
			h.say(title+": "+h.listSummary(r), widget.SuccessImportance)
		}
	})
}

// listSummary counts what was, or would be, taken in.
func (h *host) listSummary(r *importing.Report) string {
	n := h.t.Number
	return h.t.T("window.import.counts", "New", n(r.New), "Changed", n(r.Changed), "Same", n(r.Same), "Refused", n(r.Refused))
}

func (h *host) listProblems(r *importing.Report) []problemRow {
	var rows []problemRow
	for _, p := range append(append([]*importing.Problem{}, r.Problems...), r.Notes...) {
		rows = append(rows, problemRow{h.t.Number(len(rows)), p.Line, h.t.Error(p.Why), p.Column})
	}
	return rows
}
