package kit

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/papers"
)

// chartWeeks is over how many weeks a chart looks back when it opens.
const chartWeeks = 13

// ShowChart shows a chart over a period that may be changed, and prints it.
func (h *Host) ShowChart(desk *office.Office, kind papers.ChartKind, subject, about string) {
	t := h.Texts
	view, said := h.PlotView(), h.Fact("").Wrap()
	l := h.Asks(view, said)
	var days *Period
	refresh := func() {
		q := documents.ChartQuestion{Kind: kind, Subject: subject, Days: days.Days}
		Load(l, q, func(ctx context.Context) (*papers.Chart, error) { return desk.Papers.Chart(ctx, q) }, func(c *papers.Chart) {
			view.Set(c.Data.Plot(t))
			said.SetText(Lines(c.Data.Said(t)...))
		})
	}
	days = NewPeriod(h, AFree, refresh)
	days.Set(app.Days{From: h.Today().AddDays(1 - 7*chartWeeks), To: h.Today()})
	print := h.Button(t.T("window.chart.print"), theme.DocumentPrintIcon(), func() {
		h.PrintChart(desk, documents.ChartQuestion{Kind: kind, Subject: subject, Days: days.Days})
	})
	d := dialog.NewCustom(t.T("chart."+string(kind))+" · "+about, t.T("window.close"),
		container.NewBorder(container.NewVBox(container.NewBorder(nil, nil, days.Object, print), l.Strip, said.Label), nil, nil, nil, Sized(760, 300, view)),
		h.Window)
	d.SetOnClosed(l.Stop)
	h.Show(d)
	refresh()
}

// PrintChart prints a chart and opens it.
func (h *Host) PrintChart(desk *office.Office, q documents.ChartQuestion) {
	opt := documents.PaperOptions{Out: h.Export, Language: h.Texts.Language()}
	a := h.Writing(func(ctx context.Context, replace bool) (string, error) {
		opt.Replace = replace
		return desk.Papers.WriteChart(ctx, q, opt)
	})
	h.Act(a.First, a.Then)
}
