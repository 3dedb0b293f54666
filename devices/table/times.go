package table

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// times is where the times of a table stand, and how they are written.
type times struct {
	columns []int // from 0: date, clock, and more
	// orders are the layouts that differ only in which number is day, month and year, the likeliest first.
	orders []string
	also   []alsoColumns
	reads  int // rows that are read
	first  int // the first of them
	why    []reading.Reason
	asks   []reading.Question
}

type alsoColumns struct {
	date, clock int // from 0; date -1 for that of the first tap
	key         app.PunchKey
}

// findTimes finds the columns of the times. The second answer is false where there are none.
func (g *grid) findTimes() (times, bool) {
	whole, date, clock := g.strong(wholeTime), g.strong(dateOnly), g.strong(clockOnly)
	switch {
	case len(whole) > 0:
		return g.inOne(whole, false)
	case len(date) > 0 && len(clock) > 0:
		return g.inTwo(date, clock, false, false)
	}
	if t, ok := g.inSix(); ok {
		return t, true
	}
	weakDate, weakClock, weakWhole := g.weak(dateOnly), g.weak(clockOnly), g.weak(wholeTime)
	switch {
	case len(weakDate) > 0 && len(clock) > 0:
		return g.inTwo(weakDate, clock, true, false)
	case len(date) > 0 && len(weakClock) > 0:
		return g.inTwo(date, weakClock, false, true)
	case len(weakWhole) > 0:
		return g.inOne(weakWhole, true)
	case len(weakDate) > 0 && len(without(weakClock, weakDate[:1])) > 0:
		return g.inTwo(weakDate[:1], without(weakClock, weakDate[:1]), true, true)
	}
	return times{}, false
}

func without(list, taken []int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(c int) bool { return slices.Contains(taken, c) })
}

// strong returns the columns whose texts are, more than anything else, times of a kind that no other number looks like.
func (g *grid) strong(holds moment) (out []int) {
	for _, c := range g.columns {
		_, reads, ok := c.best(holds, false)
		for _, other := range []moment{wholeTime, dateOnly, clockOnly} {
			if _, n, there := c.best(other, false); there && n > reads {
				ok = false
			}
		}
		if ok {
			out = append(out, c.at)
		}
	}
	return out
}

// weak returns the columns of digits alone that are such times; those that a title names come first.
func (g *grid) weak(holds moment) (out []int) {
	for _, c := range g.columns {
		if _, _, ok := c.best(holds, true); ok && len(g.rows) > 0 && !isTitle(cell(g.rows[0], c.at), slices.Concat(badgeTitles(), weakBadgeTitles())) {
			out = append(out, c.at)
		}
	}
	titled := func(c int) int {
		if isTitle(cell(g.rows[0], c), timeTitles()) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b int) int { return titled(a) - titled(b) })
	return out
}

// ordersOf returns what a column is written in: its best layout, and those that differ only in the order of the date.
func (g *grid) ordersOf(c int, holds moment, weak bool) []string {
	best, _, _ := g.columns[c].best(holds, weak)
	var out []string
	for x := range g.columns[c].reads {
		if x.holds == holds && x.weak == weak && numbersOnly(x.layout) == numbersOnly(best.layout) {
			out = append(out, x.layout)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
	return out
}

// numbersOnly returns a layout without which of its numbers is day, month and year.
func numbersOnly(layout string) string {
	return strings.NewReplacer("YYYY", "#", "YY", "#", "MMM", "MMM", "MM", "#", "DDD", "DDD", "DD", "#").Replace(layout)
}

// inOne is a time in one column. Where several have one, their titles say which is the IN and which the OUT.
func (g *grid) inOne(columns []int, weak bool) (times, bool) {
	t := times{columns: columns[:1], orders: g.ordersOf(columns[0], wholeTime, weak)}
	g.settle(&t)
	if weak || len(columns) == 1 {
		return g.halfDayApart(t), t.reads > 0
	}
	if ins := g.inAndOut(columns, nil); len(ins) > 1 {
		t.columns, t.also = []int{ins[0].clock}, ins[1:]
		t.orders = g.ordersOf(ins[0].clock, wholeTime, weak)
		g.settle(&t)
		t.why = append(t.why, g.alsoWhy(t.also))
		return t, t.reads > 0
	}
	if c, ok := g.byTitle(columns, dateTimeTitles(), dateTitles(), clockTitles()); ok {
		t.columns, t.orders = []int{c}, g.ordersOf(c, wholeTime, weak)
		g.settle(&t)
		return t, t.reads > 0
	}
	t.asks = append(t.asks, g.whichTime(columns))
	return t, t.reads > 0
}

// inTwo is a date and a clock in two columns, wherever they stand.
func (g *grid) inTwo(dates, clocks []int, weakDate, weakClock bool) (times, bool) {
	set := func(t *times, date, clock int) {
		x, _, _ := g.columns[clock].best(clockOnly, weakClock)
		t.columns, t.orders = []int{date, clock}, nil
		for _, o := range g.ordersOf(date, dateOnly, weakDate) {
			t.orders = append(t.orders, o+" "+x.layout)
		}
		g.settle(t)
	}
	var t times
	set(&t, dates[0], clocks[0]) // finds the titles
	kept := g.withoutSpans(clocks)
	if len(kept) == 0 {
		kept = clocks
	}
	if ins := g.inAndOut(kept, dates); len(ins) > 1 {
		date := dates[0]
		if ins[0].date >= 0 {
			date = ins[0].date
		}
		set(&t, date, ins[0].clock)
		t.also = ins[1:]
		t.why = append(t.why, g.alsoWhy(t.also))
		return t, t.reads > 0
	}
	date, ok := g.byTitle(dates, dateTitles(), dateTimeTitles())
	if !ok {
		date = dates[0]
	}
	clock, named := g.byTitle(kept, clockTitles(), dateTimeTitles())
	if !named {
		clock = nearest(kept, date)
	}
	set(&t, date, clock)
	if len(kept) > 1 && !named {
		t.asks = append(t.asks, g.whichTime(kept))
	}
	return g.halfDayApart(t), t.reads > 0
}

// nearest returns the column closest behind a date, else before it.
func nearest(columns []int, date int) int {
	best := columns[0]
	for _, c := range columns {
		if c > date && (best < date || c < best) {
			best = c
		}
	}
	return best
}

// settle counts the rows that are read, finds the first of them, and with it the titles.
func (g *grid) settle(t *times) {
	t.reads, t.first, g.taps = 0, len(g.rows), nil
	layouts := parseAll(t.orders)
	for i, row := range g.rows {
		text := t.text(row)
		if !slices.ContainsFunc(layouts, func(l reading.Layout) bool { _, _, ok := l.Read(text); return ok }) {
			continue
		}
		g.taps = append(g.taps, row)
		if t.reads++; t.reads == 1 {
			t.first = i
		}
	}
	g.entitle(t)
}

func parseAll(layouts []string) []reading.Layout {
	var out []reading.Layout
	for _, l := range layouts {
		if p, err := reading.ParseLayout(l); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// text returns the text of a row's time.
func (t *times) text(row []string) string {
	if len(t.columns) == 1 {
		return plainTime(cell(row, t.columns[0]))
	}
	parts := make([]string, len(t.columns))
	for i, c := range t.columns {
		parts[i] = plainTime(cell(row, c))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// byTitle returns the column whose title stands in the earliest of lists of titles, if only one does.
func (g *grid) byTitle(columns []int, lists ...[]string) (int, bool) {
	for _, titles := range lists {
		var found []int
		for _, c := range columns {
			if isTitle(g.name(c), titles) {
				found = append(found, c)
			}
		}
		if len(found) == 1 {
			return found[0], true
		}
	}
	return 0, false
}

// inAndOut returns the clocks of one row with what each of them is, by their titles, the IN first; none where a title says nothing.
func (g *grid) inAndOut(clocks, dates []int) []alsoColumns {
	var out []alsoColumns
	for _, c := range clocks {
		key, ok := titleKey(g.name(c))
		if !ok {
			continue
		}
		a := alsoColumns{-1, c, key}
		if len(dates) > 1 { // the nearest date before it
			for _, d := range dates {
				if d < c {
					a.date = d
				}
			}
		}
		out = append(out, a)
	}
	if len(out) < 2 || out[0].key != app.KeyIn {
		return nil
	}
	if len(dates) > 1 && out[0].date < 0 {
		return nil
	}
	for i := range out[1:] {
		if len(dates) > 1 && out[i+1].date == out[0].date {
			out[i+1].date = -1
		}
	}
	return out
}

// titleKey returns the key that a clock's title means: In, Uit 2, Heure d'arrivée, Tijd uit, Einde pauze.
func titleKey(title string) (app.PunchKey, bool) {
	plain := strings.Trim(plainTitle(title), " 0123456789")
	if slices.Contains([]string{"pauze", "pause", "break", "pauzes", "pauses", "breaks", "lunch"}, plain) {
		return app.KeyNone, false // how long it was
	}
	if key, ok := keyWord(plain); ok && len(plain) > 1 {
		return key, true
	}
	if slices.Contains(inTitles(), plain) {
		return app.KeyIn, true
	}
	if slices.Contains(outTitles(), plain) {
		return app.KeyOut, true
	}
	words := strings.FieldsFunc(plain, func(r rune) bool { return r == ' ' || r == '-' || r == '/' || r == '\'' })
	if slices.ContainsFunc(words, func(w string) bool { return isTitle(w, spanTitles()) }) {
		return app.KeyNone, false
	}
	for _, w := range words {
		if key, ok := keyWord(w); ok && len(w) > 1 {
			return key, true
		}
	}
	return app.KeyNone, false
}

// withoutSpans leaves out lengths of time: what a title calls a total, and what is the difference of the two clocks before it.
func (g *grid) withoutSpans(clocks []int) (out []int) {
	for i, c := range clocks {
		if _, means := titleKey(g.name(c)); !means && len(clocks) > 1 && isTitle(g.name(c), spanTitles()) && !isTitle(g.name(c), clockTitles()) {
			continue
		}
		if i > 1 && g.isDifference(clocks[i-2], clocks[i-1], c) {
			continue
		}
		out = append(out, c)
	}
	return out
}

func (g *grid) isDifference(from, to, c int) bool {
	rows, same := 0, 0
	for _, row := range g.rows {
		var at [3]time.Duration
		read := true
		for i, col := range []int{from, to, c} {
			x, _, _ := g.columns[col].best(clockOnly, false)
			var ok bool
			at[i], ok = g.clockOf(x, cell(row, col))
			read = read && ok
		}
		if !read {
			continue
		}
		rows++
		if (at[1]-at[0]+24*time.Hour)%(24*time.Hour) == at[2] {
			same++
		}
	}
	return rows > 0 && 10*same >= 9*rows
}

// halfDayApart adds a column of AM and PM, where one stands apart from the clock.
func (g *grid) halfDayApart(t times) times {
	if strings.Contains(t.orders[0], "AM") || !strings.Contains(t.orders[0], "hh") {
		return t
	}
	for _, c := range g.columns {
		if slices.Contains(t.columns, c.at) || c.filled == 0 {
			continue
		}
		marks, title := 0, g.name(c.at)
		for v, n := range c.values {
			if slices.Contains([]string{"am", "pm", "a.m.", "p.m.", "vm", "nm", "v.m.", "n.m.", "a", "p"}, strings.ToLower(v)) {
				marks += n
			} else if v == title {
				marks++
			}
		}
		if marks < c.filled || strings.EqualFold(title, "status") {
			continue
		}
		with := t
		with.columns = append(slices.Clone(t.columns), c.at)
		with.orders = nil
		for _, o := range t.orders {
			with.orders = append(with.orders, o+" AM")
		}
		if g.settle(&with); with.reads >= t.reads {
			return with
		}
		g.settle(&t)
	}
	return t
}

// whichTime asks which of several times a row is about; the likeliest answer is that a row begins with its IN.
func (g *grid) whichTime(columns []int) reading.Question {
	return reading.Question{
		Code: "times", Flags: []string{"--also", "--date", "--clock"}, Facts: map[string]any{"Columns": g.list(columns)},
		Answers: []reading.Answer{
			{Value: fmt.Sprintf("--also %d=out", columns[1]+1)}, {Value: "--also 0"},
		},
	}
}

func (g *grid) alsoWhy(also []alsoColumns) reading.Reason {
	var columns []int
	for _, a := range also {
		columns = append(columns, a.clock)
	}
	return reading.Reason{Point: "also", Code: "also", Facts: map[string]any{"Columns": g.list(columns)}}
}

// list names columns: 3 (In), 4 (Uit).
func (g *grid) list(columns []int) string {
	var out []string
	for _, c := range columns {
		out = append(out, g.label(c))
	}
	return strings.Join(out, ", ")
}
