package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"klokkast/ui/window/grid"
)

// problemRow is something to say about a line of a file.
type problemRow struct {
	key  string
	line int
	what string
	text string
}

func (h *host) problemGrid(rows []problemRow) fyne.CanvasObject {
	t := h.t
	g := newGrid(h, t.T("window.import.noProblems"), func(r problemRow) string { return r.key }, []grid.Column[problemRow]{
		{Key: "line", Title: t.T("window.col.line"), Width: 60, Firm: true, Right: true, Text: func(r problemRow) string {
			if r.line == 0 {
				return ""
			}
			return t.Number(r.line)
		}, Compare: func(a, b problemRow) int { return a.line - b.line }},
		{Key: "what", Title: t.T("window.col.what"), Width: 560, Text: func(r problemRow) string { return r.what }},
		{Key: "text", Title: t.T("window.col.text"), Width: 160, Text: func(r problemRow) string { return r.text }},
	})
	g.SetRows(rows)
	return g
}

// showProblems lists what is wrong with a file, for the person who mends it.
func (h *host) showProblems(title, summary string, rows []problemRow) {
	d := dialog.NewCustom(title, h.t.T("window.close"), container.NewBorder(wrapped(summary), nil, nil, nil, sized(860, 360, h.problemGrid(rows))), h.win)
	h.show(d)
}
