// Package plot is the model of the program's plots and where each of their
// strokes goes: bars, levels, dots with their uncertainty, straight lines. A
// plot holds words and numbers alone; a screen and a paper draw it by a Canvas
// of their own. It reads well in black and white: what differs, differs in
// shape. Nothing here reads a clock, a file or a database.
package plot

// Look is how a series is drawn.
type Look uint8

// Looks.
const (
	Bars   Look = iota // full bars around whole X
	Hollow             // bars of which only the outline is drawn
	Level              // a heavy stroke across the place of a bar
	Dots               // dots, with a whisker of their doubt
	Line               // a thin line from point to point
)

// Plot is one plot.
type Plot struct {
	X, Y   Axis
	Series []Series
	// Empty is said in place of a plot without points: that there is nothing, and what to do.
	Empty string
}

// Axis is one axis: what it counts, from where to where, and its ticks.
type Axis struct {
	Title    string
	From, To float64
	Ticks    []Tick
}

// Tick is a place on an axis with its label.
type Tick struct {
	At    float64
	Label string
}

// Series are points that belong together. One without a name is not in the legend.
type Series struct {
	Name   string
	Look   Look
	Points []Point
}

// Point is one value.
type Point struct {
	X, Y float64
	// Doubt is ± of Y; dots alone show it.
	Doubt float64
	// Label stands above a bar.
	Label string
}

// Nothing says that there is no point to draw.
func (p *Plot) Nothing() bool {
	for _, s := range p.Series {
		if len(s.Points) > 0 {
			return false
		}
	}
	return true
}

// named returns the series of the legend: none where there is but one.
func (p *Plot) named() (out []Series) {
	for _, s := range p.Series {
		if s.Name != "" && len(s.Points) > 0 {
			out = append(out, s)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
