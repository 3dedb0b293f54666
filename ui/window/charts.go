package window

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/papers"
)

// chartWeeks is over how many weeks a chart looks back when it opens.
const chartWeeks = 13

// showChart shows a chart over a period that may be changed, and prints it.
func (h *host) showChart(desk *office.Office, kind papers.ChartKind, subject, about string) {
	t := h.t
	view, said := h.plotView(), h.fact("").wrapping()
	l := h.asks(view, said)
	var days *period
	refresh := func() {
		q := office.ChartQuestion{Kind: kind, Subject: subject, Days: days.days}
		load(l, q, func(ctx context.Context) (*papers.Chart, error) { return desk.Chart(ctx, q) }, func(c *papers.Chart) {
			view.set(c.Data.Plot(t))
			said.SetText(lines(c.Data.Said(t)...))
		})
	}
	days = newPeriod(h, aFree, refresh)
	days.set(app.Days{From: h.today().AddDays(1 - 7*chartWeeks), To: h.today()})
	print := h.button(t.T("window.chart.print"), theme.DocumentPrintIcon(), func() {
		h.printChart(desk, office.ChartQuestion{Kind: kind, Subject: subject, Days: days.days})
	})
	d := dialog.NewCustom(t.T("chart."+string(kind))+" · "+about, t.T("window.close"),
		container.NewBorder(container.NewVBox(container.NewBorder(nil, nil, days.object, print), l.strip, said.Label), nil, nil, nil, sized(760, 300, view)), h.win)
	d.SetOnClosed(l.stop)
	h.show(d)
	refresh()
}

// printChart prints a chart and opens it.
func (h *host) printChart(desk *office.Office, q office.ChartQuestion) {
	opt := office.PaperOptions{Out: h.export, Language: h.t.Language()}
	a := h.writing(func(ctx context.Context, replace bool) (string, error) {
		opt.Replace = replace
		return desk.WriteChart(ctx, q, opt)
	})
	h.act(a.first, a.then)
}
