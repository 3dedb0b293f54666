package table

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app/reading"
)

// grid is the beginning of a table, cut into cells, with what stands in its columns.
type grid struct {
	rows    [][]string // those in which more than one cell holds something
	numbers []int      // of the lines of rows, from 1
	columns []*column
	taps    [][]string // the rows whose time is read
	titles  []string   // by column; empty where there are none
	body    int        // the first row behind the titles
	skip    int        // lines before it
	guessed map[string][]guess
	layouts map[string]reading.Layout
}

// column is what stands in a column.
type column struct {
	at     int            // from 0
	filled int            // rows in which something stands
	digits int            // rows in which a digit stands
	values map[string]int // how often each text stands there
	reads  map[guess]int  // of how many rows a layout reads the text
}

// maxSampleColumns is how many columns a proposal looks at.
const maxSampleColumns = 64

// newGrid looks at lines that a separator parts.
func newGrid(lines []string, separator string) *grid {
	g := &grid{guessed: map[string][]guess{}, layouts: map[string]reading.Layout{}}
	for i, l := range lines {
		row := split(l, separator)
		filled := 0
		for _, cell := range row {
			if cell != "" {
				filled++
			}
		}
		if filled > 1 && len(row) <= maxColumns {
			g.rows, g.numbers = append(g.rows, row[:min(len(row), maxSampleColumns)]), append(g.numbers, i+1)
		}
	}
	for _, row := range g.rows {
		for c, cell := range row {
			if c == len(g.columns) {
				g.columns = append(g.columns, &column{at: c, values: map[string]int{}, reads: map[guess]int{}})
			}
			g.add(g.columns[c], cell)
		}
	}
	return g
}

func (g *grid) add(c *column, cell string) {
	if cell == "" {
		return
	}
	c.filled++
	if hasDigit(cell) {
		c.digits++
	}
	c.values[cell]++
	cell = plainTime(cell)
	for _, x := range g.guess(cell) {
		n := 0
		if g.reads(x, cell) {
			n = 1
		}
		c.reads[x] += n // also those that read nothing: that others were possible is a proof
	}
}

// guess returns the layouts that a cell may be written in.
func (g *grid) guess(cell string) []guess {
	shape := shapeOf(cell)
	out, known := g.guessed[shape]
	if !known {
		out = guesses(cell)
		g.guessed[shape] = out
	}
	return out
}

// reads says that a cell is what it was guessed to be, in a year in which there were terminals.
func (g *grid) reads(x guess, cell string) bool {
	l, known := g.layouts[x.layout]
	if !known {
		l, _ = reading.ParseLayout(x.whole(x.layout, "YYYY-MM-DD", "hh:mm"))
		g.layouts[x.layout] = l
	}
	t, _, ok := l.Read(x.whole(cell, "2020-01-01", "00:00"))
	return ok && t.Year() >= firstYear && t.Year() <= lastYear
}

// Years in which taps of today's files may lie; a clock that was reset shows 2000.
const (
	firstYear = 2000
	lastYear  = 2069
)

// whole adds to a date a clock and to a clock a date.
func (x guess) whole(text, date, clock string) string {
	switch {
	case x.holds == dateOnly && x.layout == "serial":
		return text
	case x.holds == dateOnly:
		return text + " " + clock
	case x.holds == clockOnly:
		return date + " " + text
	}
	return text
}

// best returns what most texts of a column are, of a kind; ok only where it is what at least a third of them are, or, of digits
// alone, nine of ten.
func (c *column) best(holds moment, weak bool) (x guess, reads int, ok bool) {
	for y, n := range c.reads {
		if y.holds != holds || y.weak != weak {
			continue
		}
		if n > reads || n == reads && rank(y.layout) < rank(x.layout) {
			x, reads = y, n
		}
	}
	if weak {
		return x, reads, reads > 0 && 10*reads >= 9*(c.digits-1)
	}
	return x, reads, reads > 0 && 3*reads >= c.filled
}

// rank orders layouts that read the same: the day before the month, and the year first where it has four digits.
func rank(layout string) string {
	order := strings.Index(layout, "MM")
	switch d := strings.Index(layout, "DD"); {
	case strings.HasPrefix(layout, "YYYY"):
		return "0" + layout
	case d >= 0 && d < order && !strings.HasPrefix(layout, "YY"):
		return "1" + layout
	case strings.HasPrefix(layout, "YY"):
		return "3" + layout
	}
	return "2" + layout
}

// entitle finds where the body begins, and the titles: the line before it. A row before the first that is read may be a tap
// that cannot be; it has digits where the time stands.
func (g *grid) entitle(t *times) {
	g.body = t.first
	for g.body > 0 && digits(t.text(g.rows[g.body-1])) >= 4 {
		g.body--
	}
	g.titles, g.skip = nil, 0
	if t.first == len(g.rows) {
		return
	}
	g.skip = g.numbers[g.body] - 1
	if g.body > 0 {
		g.titles = align(g.rows[g.body-1], len(g.rows[t.first]))
	}
}

func digits(s string) int {
	return len(s) - len(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s))
}

// align gives titles to the columns of rows that have another number of them: those behind an empty title are counted from the
// end, as some terminals write more tabs into the titles than into the rows.
func align(titles []string, columns int) []string {
	for len(titles) > columns && titles[len(titles)-1] == "" {
		titles = titles[:len(titles)-1]
	}
	gap := slices.Index(titles, "")
	if len(titles) == columns || gap < 0 {
		return titles
	}
	out := make([]string, columns)
	copy(out, titles[:min(gap, columns)])
	for i := 1; i <= columns && i <= len(titles); i++ {
		if titles[len(titles)-i] == "" {
			break
		}
		if at := columns - i; at >= gap {
			out[at] = titles[len(titles)-i]
		}
	}
	return out
}

// name returns the title of a column, from 0; "" for none.
func (g *grid) name(at int) string {
	if at < 0 || at >= len(g.titles) {
		return ""
	}
	return g.titles[at]
}

// label names a column by its number and title: 3 (In).
func (g *grid) label(at int) string {
	label := strconv.Itoa(at + 1)
	if name := g.name(at); name != "" {
		label += " (" + cut(name) + ")"
	}
	return label
}

// cell returns what stands in a row's column, from 0.
func cell(row []string, at int) string {
	if at < 0 || at >= len(row) {
		return ""
	}
	return row[at]
}

// clockOf reads the clock of a cell.
func (g *grid) clockOf(x guess, text string) (time.Duration, bool) {
	l := g.layouts[x.layout]
	t, _, ok := l.Read(x.whole(text, "2020-01-01", "00:00"))
	return t.Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)), ok
}
