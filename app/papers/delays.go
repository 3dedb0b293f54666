package papers

import (
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/plot"
)

// DelayChart is how long it took from the punch to the register's acceptance.
type DelayChart struct {
	Report ciao.DelayReport `json:"report"`
	// Name names a row of the report: a site, a box, a week.
	Name func(t app.Texts, row ciao.DelayRow) string `json:"-"`
}

// Plot words the plot: how many took how long; what is late is hollow.
func (d *DelayChart) Plot(t app.Texts) *plot.Plot {
	all := &d.Report.All
	late := DelayText(t, ciao.DelayLate)
	soon, after := plot.Series{
		Name: t.T("chart.delays.soon", "Time", late),
		Look: plot.Bars,
	}, plot.Series{
		Name: t.T("chart.delays.after", "Time", late),
		Look: plot.Hollow,
	}
	most := 0
	for i, n := range all.Bars {
		most = max(most, n)
		of := &after
		if i < len(ciao.DelaySteps) && ciao.DelaySteps[i] <= ciao.DelayLate {
			of = &soon
		}
		of.Points = append(of.Points, plot.Point{X: float64(i), Y: float64(n), Label: t.Number(n)})
	}
	p := &plot.Plot{
		X: plot.Places(
			t.T("chart.delays.x"),
			len(all.Bars),
			func(i int) string { return stepLabel(t, i) },
		), Y: plot.Values(t.T("chart.delays.y"), 0, float64(max(most, 5)), 6, t.Decimal),
		Empty: t.T("sending.delays.none"),
	}
	if all.Count > 0 {
		p.Series = []plot.Series{soon, after}
	}
	return p
}

func stepLabel(t app.Texts, i int) string {
	if i == len(ciao.DelaySteps) {
		return t.T("chart.delays.above")
	}
	if s := ciao.DelaySteps[i]; s >= time.Hour {
		return t.T("chart.delays.upTo.hours", "Count", t.Number(int(s.Hours())))
	}
	return t.T("chart.delays.upTo.minutes", "Count", t.Number(int(ciao.DelaySteps[i].Minutes())))
}

// DelayText words a delay: in minutes up to two hours, with one decimal below
// ten minutes; above in hours, and from two days on in days.
func DelayText(t app.Texts, d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < ciao.DelayLate:
		return t.T("sending.minutes", "Count", t.Decimal(d.Minutes(), 1))
	case d < 2*time.Hour:
		return t.T("sending.minutes", "Count", t.Decimal(d.Minutes(), 0))
	case d < 2*day:
		return t.T("sending.hours", "Count", t.Decimal(d.Hours(), 1))
	}
	return t.T("sending.days", "Count", t.Decimal(d.Hours()/day.Hours(), 1))
}

// Table returns each site, box or week, and all together last.
func (d *DelayChart) Table(t app.Texts) (head []string, rows [][]string) {
	head = []string{
		t.T("sending.delays.by." + string(d.Report.By)),
		t.T("chart.delays.y"),
		t.T("sending.delays.median"),
		t.T("sending.delays.p95"),
		t.T("sending.delays.late"),
	}
	if d.Report.All.Count == 0 {
		return head, nil
	}
	for _, row := range append(d.Report.Rows[:len(d.Report.Rows):len(d.Report.Rows)], d.Report.All) {
		name := t.T("sending.delays.all")
		if row.Key != "" {
			name = d.Name(t, row)
		}
		rows = append(
			rows,
			[]string{
				name,
				t.Number(row.Count),
				DelayText(t, row.Median),
				DelayText(t, row.P95),
				t.T("sending.percent", "Count", t.Decimal(100*row.LateShare(), 1)),
			},
		)
	}
	return head, rows
}

// Said tells what is still waiting.
func (d *DelayChart) Said(t app.Texts) []string {
	if d.Report.Waiting > 0 {
		return []string{t.N("sending.delays.waiting", d.Report.Waiting)}
	}
	return nil
}
