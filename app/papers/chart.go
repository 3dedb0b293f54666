package papers

import (
	"math"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/plot"
	"klokkast/app/timesheet/paper"
)

// ChartKind is what a chart shows; its title is chart.KIND.
type ChartKind string

// Kinds of charts.
const (
	SiteHours   ChartKind = "hours"  // how many people are at a site, by the hour of the day
	WorkerWeeks ChartKind = "weeks"  // hours of a worker by week, against the contract
	BoxDrift    ChartKind = "drift"  // by how much a box's clock is off, over time
	Delays      ChartKind = "delays" // from punch to acceptance by the register
)

// Charted is what a chart tells: as a plot, as a table, and in a sentence.
type Charted interface {
	// Plot words the plot.
	Plot(t app.Texts) *plot.Plot
	// Table returns the numbers below it; all columns but the first are numbers.
	Table(t app.Texts) (head []string, rows [][]string)
	// Said returns what is worth saying besides.
	Said(t app.Texts) []string
}

// Chart is a plot with its numbers, for a screen and for paper.
type Chart struct {
	Made
	Kind  ChartKind `json:"kind"`
	About string    `json:"about,omitempty"` // the name of the site, worker or box; "" for all
	// Worker is whose weeks they are, for a name that no font draws.
	Worker paper.Person `json:"-"`
	Days   app.Days     `json:"days"`
	Data   Charted      `json:"data"`
}

func (c *Chart) made() *Made { return &c.Made }

func (c *Chart) title(p *page) (title, right string) {
	right = "– " + p.texts.Date(c.Days.To)
	if c.Days.From != 0 {
		right = p.texts.Date(c.Days.From) + " " + right
	}
	return p.texts.T("chart." + string(c.Kind)), right
}

// plotHeight is how high a plot is on paper, in millimetres.
const plotHeight = 90.0

func (c *Chart) print(p *page) {
	if c.About != "" || c.Worker != (paper.Person{}) {
		p.doc.Lead(c.about(p))
	}
	for _, line := range c.Data.Said(p.texts) {
		p.doc.Text(p.fit(line))
	}
	p.doc.Space(2)
	p.doc.Plot(c.Data.Plot(p.texts), plotHeight)
	head, rows := c.Data.Table(p.texts)
	if len(rows) == 0 {
		return
	}
	t := paper.Table{}
	for i, title := range head {
		column := paper.Column{Title: title, Width: paper.Width * 0.66 / float64(max(1, len(head)-1)), Align: paper.AlignRight}
		if i == 0 {
			column.Width, column.Align = paper.Width*0.34, paper.AlignLeft
		}
		t.Columns = append(t.Columns, column)
	}
	for _, row := range rows {
		cells := make([]paper.Cell, len(row))
		for i, s := range row {
			cells[i] = paper.Line(p.fit(s))
		}
		t.Rows = append(t.Rows, paper.Row{Cells: cells})
	}
	p.doc.Table(t)
}

// about names what the chart is about.
func (c *Chart) about(p *page) string {
	if c.Worker != (paper.Person{}) {
		return p.person(c.Worker)
	}
	return p.fit(c.About)
}

// dayLabel writes the ticks of days.
func dayLabel(t app.Texts) func(day int) string {
	return func(day int) string { return t.DayMonth(app.Date(day)) }
}

// hours writes minutes as hours with one decimal.
func hours(t app.Texts, minutes int) string { return t.Decimal(float64(tenths(minutes))/10, 1) }

// tenths rounds minutes to tenths of an hour, halves away from zero.
func tenths(minutes int) int { return int(math.Round(float64(minutes) / 6)) }

func clockHour(h int) string { return strings.TrimPrefix(strconv.Itoa(100+h), "1") }
