package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"klokkast/ui/window/grid"
)

// ProblemRow is something to say about a line of a file.
type ProblemRow struct {
	Key  string
	Line int
	What string
	Text string
}

// ProblemGrid lists what is to be said about the lines of a file.
func (h *Host) ProblemGrid(rows []ProblemRow) fyne.CanvasObject {
	t := h.Texts
	g := NewGrid(h, t.T("window.import.noProblems"), func(r ProblemRow) string { return r.Key }, []grid.Column[ProblemRow]{
		{Key: "line", Title: t.T("window.col.line"), Width: 60, Firm: true, Right: true, Text: func(r ProblemRow) string {
			if r.Line == 0 {
				return ""
			}
			return t.Number(r.Line)
		}, Compare: func(a, b ProblemRow) int { return a.Line - b.Line }},
		{Key: "what", Title: t.T("window.col.what"), Width: 560, Text: func(r ProblemRow) string { return r.What }},
		{Key: "text", Title: t.T("window.col.text"), Width: 160, Text: func(r ProblemRow) string { return r.Text }},
	})
	g.SetRows(rows)
	return g
}

// ShowProblems lists what is wrong with a file, for the person who mends it.
func (h *Host) ShowProblems(title, summary string, rows []ProblemRow) {
	d := dialog.NewCustom(
		title,
		h.Texts.T("window.close"),
		container.NewBorder(Wrapped(summary), nil, nil, nil, Sized(860, 360, h.ProblemGrid(rows))),
		h.Window,
	)
	h.Show(d)
}
