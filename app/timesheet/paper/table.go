package paper

import "slices"

// Align is where a cell's text stands.
type Align uint8

// Alignments.
const (
	AlignLeft Align = iota
	AlignRight
)

// Column is one column of a table.
type Column struct {
	Title string
	Width float64 // millimetres
	Align Align
}

// Cell is the content of one field of a row.
type Cell struct {
	// Lines stand under each other; most cells have one. A line that is too wide
	// is shrunk a little, then wrapped.
	Lines []string
	// Mark follows the last line, small and raised; in a right-aligned column it
	// hangs beyond the edge, so that digits stay under digits.
	Mark string
	Bold bool
	Grey bool
	// Large is for what is read from further away: it needs a row of 6 mm or more.
	Large bool
}

// Line makes a cell of one line.
func Line(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Lines: []string{s}}
}

// Row is one row of a table.
type Row struct {
	Cells []Cell
	Shade bool // light grey behind it
	// Joined rows belong to the one above: no rule between, and no page break.
	Joined bool
	// Strong rows have a heavy rule above: totals.
	Strong bool
	// Again stands in the first cell where the row begins a page and that cell is
	// empty: what stands above on the page before, such as the day.
	Again string
}

// onTop returns the row as it begins a page.
func (r Row) onTop() Row {
	if r.Again != "" && len(r.Cells[0].Lines) == 0 {
		r.Cells = slices.Clone(r.Cells)
		r.Cells[0] = Cell{Lines: []string{r.Again}, Grey: true}
	}
	return r
}

// Table is a table over the page's width or less. Its head is repeated at the top of every page.
type Table struct {
	Columns []Column
	Rows    []Row
	// RowHeight is the height of a row of one line, in millimetres; 0 means 4.7.
	RowHeight float64
	left      float64 // how far from the margin
}

const (
	cellPad        = 0.9
	defaultRow     = 4.7
	headLineHeight = 3.1
)

// Table prints a table, over as many pages as it needs. Rows joined to one
// another stay on one page unless they alone are higher than one.
func (d *Document) Table(t Table) {
	if t.RowHeight == 0 {
		t.RowHeight = defaultRow
	}
	d.Room(t.headHeight(d) + 3*t.RowHeight)
	d.tableHead(t)
	for from := 0; from < len(t.Rows); {
		to := from + 1
		for to < len(t.Rows) && t.Rows[to].Joined {
			to++
		}
		d.tableGroup(t, t.Rows[from:to])
		from = to
	}
	d.rule(marginSide+t.left, d.y, t.width(), 0.25, black)
	d.y += 2
}

// Beside prints short tables side by side where they fit on the page and into
// its width, else one below the other. Tables without rows are left out.
func (d *Document) Beside(tables ...Table) {
	const gap = 4.0
	tables = slices.DeleteFunc(slices.Clone(tables), func(t Table) bool { return len(t.Rows) == 0 })
	height, width := 0.0, -gap
	for i := range tables {
		t := &tables[i]
		if t.RowHeight == 0 {
			t.RowHeight = defaultRow
		}
		t.left = width + gap
		width = t.left + t.width()
		height = max(height, t.height(d))
	}
	d.Room(height)
	if width > Width || d.y+height > bodyEnd {
		for _, t := range tables {
			t.left = 0
			d.Table(t)
		}
		return
	}
	top, deepest := d.y, d.y
	for _, t := range tables {
		d.y = top
		d.Table(t)
		deepest = max(deepest, d.y)
	}
	d.y = deepest
}

// height of a table on one page.
func (t Table) height(d *Document) float64 {
	least := t.headHeight(d) + 3*t.RowHeight // what Table makes room for
	sum := t.headHeight(d) + 2
	for _, row := range t.Rows {
		sum += d.layRow(t, row).height
	}
	return max(least, sum)
}

func (t Table) width() (w float64) {
	for _, c := range t.Columns {
		w += c.Width
	}
	return w
}

var headStyle = style{size: sizeSmall, bold: true}

func (t Table) headHeight(d *Document) float64 {
	lines := 1
	for _, c := range t.Columns {
		lines = max(lines, len(d.wrap(c.Title, c.Width-2*cellPad, headStyle)))
	}
	return float64(lines)*headLineHeight + 2.2
}

func (d *Document) tableHead(t Table) {
	h := t.headHeight(d)
	x := marginSide + t.left
	for _, c := range t.Columns {
		lines := d.wrap(c.Title, c.Width-2*cellPad, headStyle)
		for i, line := range lines {
			base := d.y + h - 1.7 - float64(len(lines)-1-i)*headLineHeight
			d.text(d.alignX(x, c, line, headStyle), base, line, headStyle)
		}
		x += c.Width
	}
	d.y += h
	d.rule(marginSide+t.left, d.y, t.width(), 0.35, black)
}

func (d *Document) alignX(x float64, c Column, s string, st style) float64 {
	if c.Align == AlignRight {
		return x + c.Width - cellPad - d.width(s, st)
	}
	return x + cellPad
}

// laidRow is a row with its lines broken and its height known.
type laidRow struct {
	row    Row
	cells  [][]laidLine
	height float64
}

type laidLine struct {
	text string
	st   style
}

func (d *Document) layRow(t Table, row Row) laidRow {
	laid := laidRow{row: row, height: t.RowHeight}
	for i, cell := range row.Cells {
		lines := d.layCell(t.Columns[i], cell)
		laid.cells = append(laid.cells, lines)
		laid.height = max(laid.height, t.RowHeight+float64(len(lines)-1)*lineStep(t))
	}
	if row.Strong {
		laid.height += 0.8
	}
	return laid
}

// lineStep is the distance of two lines in one cell.
func lineStep(t Table) float64 { return min(t.RowHeight-0.6, 3.6) }

func (d *Document) layCell(c Column, cell Cell) []laidLine {
	st := style{size: sizeText, bold: cell.Bold}
	if cell.Large {
		st.size = sizeLarge + 1
	}
	if cell.Grey {
		st.grey = greyText
	}
	w := c.Width - 2*cellPad
	if c.Align == AlignLeft && cell.Mark != "" {
		w -= d.width(cell.Mark, markStyle(st))
	}
	var out []laidLine
	for _, line := range cell.Lines {
		fitted := d.shrink(line, w, st, smallest)
		parts := d.wrap(line, w, fitted)
		if larger := (style{sizeSmall, st.bold, st.grey}); len(parts) > 1 && len(d.wrap(line, w, larger)) == len(parts) {
			fitted, parts = larger, d.wrap(line, w, larger)
		}
		for _, part := range parts {
			out = append(out, laidLine{part, fitted})
		}
	}
	return out
}

func markStyle(st style) style { st.size *= 0.75; return st }

func (d *Document) tableGroup(t Table, rows []Row) {
	laid := make([]laidRow, len(rows))
	total := 0.0
	for i, row := range rows {
		laid[i] = d.layRow(t, row)
		total += laid[i].height
	}
	if d.y+total > bodyEnd {
		d.breakTable(t)
		laid[0] = d.layRow(t, rows[0].onTop())
	}
	for i, row := range laid {
		if d.y+row.height > bodyEnd { // a group higher than a page
			d.breakTable(t)
			row = d.layRow(t, rows[i].onTop())
		}
		d.tableRow(t, row)
	}
}

func (d *Document) breakTable(t Table) {
	d.rule(marginSide+t.left, d.y, t.width(), 0.25, black)
	d.nextPage()
	d.tableHead(t)
}

func (d *Document) tableRow(t Table, r laidRow) {
	if r.row.Shade {
		d.shade(marginSide+t.left, d.y, t.width(), r.height)
	}
	switch {
	case r.row.Strong:
		d.rule(marginSide+t.left, d.y, t.width(), 0.35, black)
	case !r.row.Joined:
		d.rule(marginSide+t.left, d.y, t.width(), 0.1, greyRule)
	}
	x, base := marginSide+t.left, d.y+t.RowHeight/2+1.05
	if r.row.Strong {
		base += 0.4
	}
	for i, lines := range r.cells {
		c := t.Columns[i]
		for j, line := range lines {
			y := base + float64(j)*lineStep(t) + max(0, line.st.size-sizeText)*0.13 // larger type stands lower
			at := d.alignX(x, c, line.text, line.st)
			d.text(at, y, line.text, line.st)
			if mark := r.row.Cells[i].Mark; mark != "" && j == len(lines)-1 {
				d.text(at+d.width(line.text, line.st)+0.2, y-0.8, mark, markStyle(line.st))
			}
		}
		x += c.Width
	}
	d.y += r.height
}
