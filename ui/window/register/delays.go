package register

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/ciao"
	"klokkast/app/documents"
	"klokkast/app/papers"
	"klokkast/app/plot"
	"klokkast/app/text"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

type delayRow struct {
	key, name, count, median, p95, late string
	look                                widget.Importance
	d                                   ciao.DelayRow
}

// lateLook is the share of late registrations from which a row is coloured.
const lateLook = 0.05

// showDelays shows how long punches took to be accepted, as a table and a plot.
func (p *Screen) showDelays() {
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("sending.delays.none"), func(r delayRow) string { return r.key }, []grid.Column[delayRow]{
		{Key: "name", Title: t.T("window.col.what"), Width: 250, Text: func(r delayRow) string { return r.name }},
		{Key: "count", Title: t.T("window.col.count"), Width: 80, Firm: true, Right: true,
			Text: func(r delayRow) string { return r.count }, Compare: func(a, b delayRow) int { return a.d.Count - b.d.Count }},
		{Key: "median", Title: t.T("sending.delays.median"), Width: 110, Firm: true, Right: true,
			Text: func(r delayRow) string { return r.median }, Compare: func(a, b delayRow) int { return int(a.d.Median - b.d.Median) }},
		{Key: "p95", Title: t.T("sending.delays.p95"), Width: 150, Firm: true, Right: true,
			Text: func(r delayRow) string { return r.p95 }, Compare: func(a, b delayRow) int { return int(a.d.P95 - b.d.P95) }},
		{Key: "late", Title: t.T("sending.delays.late"), Width: 130, Firm: true, Right: true, Text: func(r delayRow) string { return r.late },
			Look: func(r delayRow) widget.Importance { return r.look }, Compare: func(a, b delayRow) int { return a.d.Late - b.d.Late }},
	})
	view := p.h.PlotView()
	l := p.h.Asks(g, view)
	var days *kit.Period
	by := kit.NewChoice([]kit.Option{
		{Value: string(ciao.BySite), Text: t.T("sending.delays.by.site")},
		{Value: string(ciao.ByBox), Text: t.T("sending.delays.by.box")}, {Value: string(ciao.ByWeek), Text: t.T("sending.delays.by.week")},
	}, string(ciao.BySite))
	refresh := func() {
		chosen, of := days.Days, ciao.DelayBy(by.Value())
		kit.Load(l, [2]any{chosen, of}, func(ctx context.Context) (delaysShown, error) {
			r, err := p.desk.Register.Delays(ctx, chosen, of)
			if err != nil {
				return delaysShown{}, err
			}
			names, err := p.desk.Derived.Names(ctx)
			if err != nil {
				return delaysShown{}, err
			}
			return delaysShown{
				(&papers.DelayChart{Report: r}).Plot(t),
				delayRows(t, r, func(d ciao.DelayRow) string { return names.Delay(t, r.By, d.Key) }),
			}, nil
		}, func(s delaysShown) {
			g.SetRows(s.rows)
			view.Set(s.plot)
		})
	}
	days = kit.NewPeriod(p.h, kit.AMonth, refresh)
	by.OnChanged = func(string) { refresh() }
	print := p.h.Button(t.T("window.chart.print"), theme.DocumentPrintIcon(), func() {
		p.h.PrintChart(p.desk, documents.ChartQuestion{Kind: papers.Delays, Days: days.Days, By: ciao.DelayBy(by.Value())})
	})
	d := dialog.NewCustom(t.T("sending.delays.title"), t.T("window.close"), container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, days.Object, container.NewHBox(by, print)), l.Strip, view), nil, nil, nil, kit.Sized(780, 250, g)),
		p.h.Window)
	d.SetOnClosed(l.Stop)
	p.h.Show(d)
	refresh()
}

type delaysShown struct {
	plot *plot.Plot
	rows []delayRow
}

// delayRows words the rows, and all together as the last one where there are several.
func delayRows(t *text.Translator, r ciao.DelayReport, name func(ciao.DelayRow) string) []delayRow {
	list := r.Rows
	if len(list) > 1 {
		list = append(list[:len(list):len(list)], r.All)
	}
	rows := make([]delayRow, 0, len(list))
	for _, d := range list {
		row := delayRow{d.Key, name(d), t.Number(d.Count), papers.DelayText(t, d.Median),
			papers.DelayText(t, d.P95), wording.Share(t, d.LateShare()), widget.MediumImportance, d}
		if d.Key == "" {
			row.name = t.T("sending.delays.all")
		}
		if d.LateShare() > lateLook {
			row.look = widget.WarningImportance
		}
		rows = append(rows, row)
	}
	return rows
}
