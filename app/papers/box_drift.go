package papers

import (
	"time"

	"klokkast/app"
	"klokkast/app/plot"
)

// Drift is by how much the clock of a box was off, each time that it was measured.
type Drift struct {
	Points []DriftPoint `json:"points"` // by time
	// PPM is by how many millionths the clock gains since it was last set.
	PPM float64 `json:"ppm"`
	// Counted is how many points PPM rests on; below two it is not known.
	Counted int            `json:"counted"`
	Zone    *time.Location `json:"-"`
}

// DriftPoint is one measurement.
type DriftPoint struct {
	At            app.Instant `json:"at"`
	OffsetMS      float64     `json:"offsetMs"`      // box minus computer, in milliseconds
	UncertaintyMS float64     `json:"uncertaintyMs"` // ± of it
	// Counts says that PPM rests on it: the computer's own clock was right, and
	// the box's was not set since.
	Counts bool `json:"counts"`
}

// day returns the place of a measurement on an axis of days.
func (d *Drift) day(p DriftPoint) float64 {
	day := p.At.DateIn(d.Zone)
	return float64(day) + p.At.Sub(day.Start(d.Zone)).Hours()/24
}

// Plot words the plot.
func (d *Drift) Plot(t app.Texts) *plot.Plot {
	measured := plot.Series{Name: t.T("chart.drift.measured"), Look: plot.Dots}
	trend := plot.Series{Name: t.T("chart.drift.trend", "PPM", t.Decimal(d.PPM, 1)), Look: plot.Line}
	p := &plot.Plot{Empty: t.T("chart.drift.none")}
	if len(d.Points) == 0 {
		return p
	}
	low, high := 0.0, 0.0
	for _, x := range d.Points {
		low, high = min(low, x.OffsetMS-x.UncertaintyMS), max(high, x.OffsetMS+x.UncertaintyMS)
		measured.Points = append(measured.Points, plot.Point{X: d.day(x), Y: x.OffsetMS / 1000, Doubt: x.UncertaintyMS / 1000})
	}
	p.X = plot.Days(t.T("chart.drift.x"), int(d.day(d.Points[0])), int(d.day(d.Points[len(d.Points)-1]))+1, 10, dayLabel(t))
	p.Y = plot.Values(t.T("chart.drift.y"), low/1000, high/1000, 7, t.Decimal)
	if from, to, ok := d.line(); ok {
		trend.Points = []plot.Point{from, to}
	}
	p.Series = []plot.Series{measured, trend}
	return p
}

// line returns the ends of the straight line with the slope PPM through the
// middle of the points that count.
func (d *Drift) line() (from, to plot.Point, ok bool) {
	var list []DriftPoint
	for _, x := range d.Points {
		if x.Counts {
			list = append(list, x)
		}
	}
	if len(list) < 2 || d.Counted < 2 {
		return from, to, false
	}
	day, offset := 0.0, 0.0
	for _, x := range list {
		day += d.day(x) / float64(len(list))
		offset += x.OffsetMS / 1000 / float64(len(list))
	}
	at := func(x DriftPoint) plot.Point {
		return plot.Point{X: d.day(x), Y: offset + (d.day(x)-day)*24*3600*d.PPM/1e6}
	}
	return at(list[0]), at(list[len(list)-1]), true
}

// Table returns every measurement.
func (d *Drift) Table(t app.Texts) (head []string, rows [][]string) {
	head = []string{t.T("chart.drift.x"), t.T("chart.drift.y"), t.T("chart.drift.doubt")}
	for _, x := range d.Points {
		rows = append(rows, []string{t.DateTimeSeconds(x.At, d.Zone), t.Decimal(x.OffsetMS/1000, 3), t.Decimal(x.UncertaintyMS/1000, 3)})
	}
	return head, rows
}

// Said tells how fast the clock gains or loses.
func (d *Drift) Said(t app.Texts) []string {
	if d.Counted < 2 {
		return []string{t.T("chart.drift.unknown")}
	}
	return []string{t.N("chart.drift.said", d.Counted, "PPM", t.Decimal(d.PPM, 1), "Seconds", t.Decimal(d.PPM*30*24*3600/1e6, 1))}
}
