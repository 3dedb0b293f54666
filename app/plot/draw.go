package plot

import "strings"

// Ink is what a stroke is for; a canvas gives it a colour or a grey.
type Ink uint8

// Inks.
const (
	Strong Ink = iota // points, axes, values
	Soft              // titles and labels
	Faint             // the lines of the ticks
	Full              // the inside of bars
)

// Canvas is what a plot is drawn on. Lengths are of any unit, from the top left corner.
type Canvas interface {
	// Line draws a straight line.
	Line(x1, y1, x2, y2, thickness float64, ink Ink)
	// Fill draws a rectangle without a border.
	Fill(x, y, w, h float64, ink Ink)
	// Text draws a line of text, its baseline beginning at x, y.
	Text(x, y float64, s string, ink Ink)
	// Width returns the width of a line of text.
	Width(s string) float64
}

// Draw draws a plot w wide and h high; em is the height of its type. All
// distances follow from it.
func Draw(c Canvas, p *Plot, w, h, em float64) {
	if p.Nothing() {
		sayEmpty(c, p.Empty, w, h, em)
		return
	}
	d := drawing{Canvas: c, p: p, em: em}
	d.place(w, h)
	d.axes()
	d.legend()
	for _, s := range p.Series {
		d.series(s)
	}
}

// sayEmpty writes a sentence in the middle.
func sayEmpty(c Canvas, sentence string, w, h, em float64) {
	lines := []string{""}
	for word := range strings.FieldsSeq(sentence) {
		last := &lines[len(lines)-1]
		if joined := strings.TrimSpace(*last + " " + word); c.Width(joined) <= w-2*em || *last == "" {
			*last = joined
			continue
		}
		lines = append(lines, word)
	}
	y := h/2 - float64(len(lines)-1)*0.75*em
	for i, line := range lines {
		c.Text((w-c.Width(line))/2, y+float64(i)*1.5*em, line, Soft)
	}
}

// drawing is a plot under way: the area within its axes.
type drawing struct {
	Canvas
	p                        *Plot
	em                       float64
	left, top, right, bottom float64
}

func (d *drawing) place(w, h float64) {
	widest := 0.0
	for _, t := range d.p.Y.Ticks {
		widest = max(widest, d.Width(t.Label))
	}
	last := 0.0
	if n := len(d.p.X.Ticks); n > 0 {
		last = d.Width(d.p.X.Ticks[n-1].Label) / 2
	}
	d.left, d.right = widest+0.7*d.em, w-max(0.6*d.em, last*min(1, max(0, d.near())))
	d.top, d.bottom = 3.2*d.em, h-3.2*d.em
}

// near says (1) whether the last label of X stands at the very end of its axis.
func (d *drawing) near() float64 {
	a := d.p.X
	if n := len(a.Ticks); n > 0 && a.To > a.From && (a.To-a.Ticks[n-1].At)/(a.To-a.From) < 0.02 {
		return 1
	}
	return 0
}

func (d *drawing) x(v float64) float64 {
	return d.left + (v-d.p.X.From)/(d.p.X.To-d.p.X.From)*(d.right-d.left)
}

func (d *drawing) y(v float64) float64 {
	return d.bottom - (v-d.p.Y.From)/(d.p.Y.To-d.p.Y.From)*(d.bottom-d.top)
}

// axes draws ticks, labels and titles. A label that would touch the one before is left out.
func (d *drawing) axes() {
	for _, t := range d.p.Y.Ticks {
		y := d.y(t.At)
		d.Line(d.left, y, d.right, y, 0.04*d.em, Faint)
		d.Text(d.left-0.4*d.em-d.Width(t.Label), y+0.35*d.em, t.Label, Soft)
	}
	d.Line(d.left, d.y(0), d.right, d.y(0), 0.1*d.em, Strong)
	free := -1e9
	for _, t := range d.p.X.Ticks {
		w := d.Width(t.Label)
		from := d.x(t.At) - w/2
		if from < free {
			continue
		}
		free = from + w + 0.5*d.em
		d.Line(d.x(t.At), d.bottom, d.x(t.At), d.bottom+0.3*d.em, 0.06*d.em, Soft)
		d.Text(from, d.bottom+1.4*d.em, t.Label, Soft)
	}
	d.Text(0, 0.9*d.em, d.p.Y.Title, Strong)
	d.Text(d.right-d.Width(d.p.X.Title), d.bottom+2.9*d.em, d.p.X.Title, Strong)
}

// legend names the series at the top right, each beside a sample of its look.
func (d *drawing) legend() {
	const sample = 1.4
	list := d.p.named()
	x := d.right
	for i := len(list) - 1; i >= 0; i-- {
		x -= d.Width(list[i].Name)
		d.Text(x, 0.9*d.em, list[i].Name, Soft)
		x -= (sample + 0.4) * d.em
		d.sample(list[i].Look, x, sample*d.em)
		x -= 1.2 * d.em
	}
}

func (d *drawing) sample(l Look, x, w float64) {
	middle := 0.55 * d.em
	switch l {
	case Bars:
		d.Fill(x, 0.1*d.em, w, 0.85*d.em, Full)
	case Hollow:
		d.outline(x, 0.1*d.em, w, 0.85*d.em)
	case Level:
		d.Line(x, middle, x+w, middle, 0.22*d.em, Strong)
	case Dots:
		d.dot(x+w/2, middle)
	case Line:
		d.Line(x, middle, x+w, middle, 0.08*d.em, Strong)
	}
}

// barWidth is the part of its place that a bar takes.
const barWidth = 0.7

func (d *drawing) series(s Series) {
	for i, p := range s.Points {
		switch s.Look {
		case Bars, Hollow:
			d.bar(s.Look, p)
		case Level:
			d.Line(d.x(p.X-0.46), d.y(p.Y), d.x(p.X+0.46), d.y(p.Y), 0.22*d.em, Strong)
		case Dots:
			d.Line(d.x(p.X), d.y(p.Y-p.Doubt), d.x(p.X), d.y(p.Y+p.Doubt), 0.08*d.em, Strong)
			d.dot(d.x(p.X), d.y(p.Y))
		case Line:
			if i > 0 {
				before := s.Points[i-1]
				d.Line(d.x(before.X), d.y(before.Y), d.x(p.X), d.y(p.Y), 0.08*d.em, Strong)
			}
		}
	}
}

func (d *drawing) bar(l Look, p Point) {
	x, w := d.x(p.X-barWidth/2), d.x(p.X+barWidth/2)-d.x(p.X-barWidth/2)
	y, h := d.y(p.Y), d.y(0)-d.y(p.Y)
	if h > 0 {
		if l == Bars {
			d.Fill(x, y, w, h, Full)
		} else {
			d.outline(x, y, w, h)
		}
	}
	if lw := d.Width(p.Label); p.Label != "" && lw <= w/barWidth {
		d.Text(x+(w-lw)/2, y-0.35*d.em, p.Label, Strong)
	}
}

func (d *drawing) outline(x, y, w, h float64) {
	t := 0.12 * d.em
	d.Line(x, y, x+w, y, t, Strong)
	d.Line(x, y+h, x+w, y+h, t, Strong)
	d.Line(x, y, x, y+h, t, Strong)
	d.Line(x+w, y, x+w, y+h, t, Strong)
}

func (d *drawing) dot(x, y float64) {
	r := 0.28 * d.em
	d.Fill(x-r, y-r, 2*r, 2*r, Strong)
}
