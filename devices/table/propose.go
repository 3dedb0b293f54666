package table

import (
	"slices"
	"strings"
	"time"

	"klokkast/app/reading"
)

// Propose makes a mapping from the first lines of a table, for a person to
// correct: the separator that parts every line alike, the columns by their
// titles (Dutch, French, German or English) and by what stands in them.
func Propose(lines []string) Mapping {
	best := Mapping{Layout: "YYYY-MM-DD hh:mm:ss", BadgeForm: reading.BadgePIN, Badge: Column{From: 1}, Date: Column{From: 2}}
	lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.TrimSpace(l) == "" })
	if len(lines) == 0 {
		return best
	}
	body := lines[len(lines)/2:]
	for _, sep := range []string{";", "\t", ",", "|"} {
		rows := make([][]string, len(body))
		for i, l := range body {
			rows[i] = split(l, sep)
		}
		n := len(rows[0])
		if n < 2 || slices.ContainsFunc(rows, func(r []string) bool { return len(r) != n }) {
			continue
		}
		best.Separator = sep
		findTime(&best, rows)
		skipTitles(&best, lines)
		byTitle(&best, lines, n)
		return best
	}
	if findFixed(&best, body) {
		skipTitles(&best, lines)
	}
	return best
}

// dates and clocks are the ways of writing that are tried. A day stands before
// its month: this is Belgium.
func dates() []string {
	return []string{"YYYY-MM-DD", "DD/MM/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "YYYY/MM/DD", "YYYYMMDD", "DD/MM/YY", "DD-MM-YY", "DD.MM.YY"}
}

func clocks() []string { return []string{"hh:mm:ss", "hh:mm", "hhmmss", "hhmm"} }

// notation is a way of writing date and clock, with or without something between them.
type notation struct {
	written string // as a mapping says it
	layout  reading.Layout
	two     bool   // in two columns side by side
	wide    int    // characters, in a table of fixed width
	marks   string // what stands between its numbers, one after the other
}

// notations returns all ways of writing that are tried, with each of the glues between date and clock.
func notations(glues ...string) (all []notation) {
	for _, date := range dates() {
		for _, clock := range clocks() {
			for _, glue := range glues {
				n := notation{written: date + glue + clock, two: glue == twoColumns}
				if n.two {
					n.written = date + " " + clock
				}
				n.wide, n.written = len(n.written), strings.ReplaceAll(n.written, "  ", " ")
				n.layout, _ = reading.ParseLayout(n.written)
				n.marks = strings.Map(func(r rune) rune {
					if strings.ContainsRune("YMDhms", r) {
						return -1
					}
					return r
				}, n.written)
				all = append(all, n)
			}
		}
	}
	return all
}

// twoColumns is the glue of a date and a clock that stand in two columns.
const twoColumns = "two"

// reads says that a text is a time in this notation. The texts of a table are many, and most are none: what stands
// between their numbers tells that at less cost than trying.
func (n *notation) reads(text string) bool {
	if len(text) == 0 || len(text) > 2*len(time.DateTime) || !digit(text[0]) || !n.marked(text) {
		return false
	}
	_, _, ok := n.layout.Read(text)
	return ok
}

// marked says that between the numbers of a text stands what stands between those of the notation; several blanks are one.
func (n *notation) marked(text string) bool {
	marks := n.marks
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case digit(c), c == ' ' && text[i-1] == ' ':
		case marks != "" && marks[0] == c:
			marks = marks[1:]
		default:
			return c >= 0x80 || c == '\t' // perhaps another blank
		}
	}
	return marks == ""
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// findTime finds the column, or two columns side by side, that hold the time in
// all lines, else in at least half of them, and takes the first other column as
// the badge until a title says more.
func findTime(m *Mapping, body [][]string) {
	if !findTimeBut(m, body, 0) {
		findTimeBut(m, body, len(body)/2)
	}
}

func findTimeBut(m *Mapping, body [][]string, but int) bool {
	ways := notations(" ", "T", twoColumns)
	for c := range body[0] {
		for i := range ways {
			if !ways[i].inColumn(body, c, but) {
				continue
			}
			m.Date, m.Clock, m.Layout = Column{From: c + 1}, Column{}, ways[i].written
			if ways[i].two {
				m.Clock = Column{From: c + 2}
			}
			if c == 0 {
				m.Badge = Column{From: max(1, m.Clock.From) + 1}
			}
			return true
		}
	}
	return false
}

// inColumn says that a column, with the next one where it takes two, holds a time in all rows but so many.
func (n *notation) inColumn(rows [][]string, c, but int) bool {
	for _, row := range rows {
		text := row[c]
		if n.two {
			text += " "
			if c+1 < len(row) {
				text += row[c+1]
			}
		}
		if !n.reads(text) {
			if but--; but < 0 {
				return false
			}
		}
	}
	return true
}

// skipTitles sets how many lines stand before the first that has a time.
func skipTitles(m *Mapping, lines []string) {
	d, err := NewReader(*m, nil)
	for m.Skip = 0; err == nil && m.Skip < len(lines); m.Skip++ {
		if _, _, ok := d.layout.Read(d.first(d.cells(lines[m.Skip]))); ok {
			return
		}
	}
	m.Skip = 0
}

// byTitle takes the columns of badge and status by what stands above them.
func byTitle(m *Mapping, lines []string, columns int) {
	if m.Skip > 0 {
		titles := split(reading.PlainLetters(lines[m.Skip-1]), m.Separator)
		if c := titled(titles, slices.Concat(badgeTitles(), weakBadgeTitles()), m); c > 0 {
			m.Badge = Column{From: c}
		}
		if c := titled(titles, statusTitles(), m); c > 0 && c != m.Badge.From {
			m.Status = Column{From: c}
		}
	}
	body := lines[m.Skip:]
	m.BadgeForm = formOf(values(*m, body, m.Badge))
	if !m.Status.There() { // a column in which only keys stand
		rows := make([][]string, len(body))
		for i, l := range body {
			rows[i] = split(l, m.Separator)
		}
		for c := 1; c <= columns && !m.Status.There(); c++ {
			if c != m.Badge.From && c != m.Date.From && c != m.Clock.From && onlyKeys(rows, c) {
				m.Status = Column{From: c}
			}
		}
	}
	if m.Status.There() {
		m.Keys = meanings(values(*m, body, m.Status))
	}
}

// titled returns the column whose title begins with the earliest of the words, but
// for those of the time; 0 for none.
func titled(titles, words []string, m *Mapping) int {
	for _, w := range words {
		for i, t := range titles {
			if c := i + 1; strings.HasPrefix(t, w) && c != m.Date.From && c != m.Clock.From {
				return c
			}
		}
	}
	return 0
}

// values returns the different texts of a column, ascending.
func values(m Mapping, lines []string, c Column) []string {
	d := Reader{Mapping: m}
	var out []string
	for _, l := range lines {
		out = append(out, d.cells(l).at(c))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// formOf tells how badges are written: hex where there are letters in numbers of
// whole bytes, decimal where all have the ten digits of a keyboard reader.
func formOf(values []string) reading.BadgeForm {
	hex, letters, ten := len(values) > 0, false, len(values) > 0
	for _, v := range values {
		_, _, isHex := badge(reading.BadgeHex, v)
		hex = hex && isHex && len(v) >= 8
		letters = letters || strings.ContainsAny(v, "ABCDEFabcdef")
		ten = ten && len(v) == 10 && strings.Trim(v, "0123456789") == ""
	}
	switch {
	case hex && letters:
		return reading.BadgeHex
	case ten:
		return reading.BadgeDecimal
	}
	return reading.BadgePIN
}

// onlyKeys says that nothing but words of keys stands in a column, from 1.
func onlyKeys(rows [][]string, column int) bool {
	return len(rows) > 0 && !slices.ContainsFunc(rows, func(r []string) bool {
		if len(r) < column {
			return true
		}
		_, ok := keyWord(r[column-1])
		return !ok
	})
}

// farthestTime is the last character at which the time of a table of fixed width is looked for.
const farthestTime = 512

// findFixed finds the time in lines without a separator, at the same place in
// all of them; the badge stands before it or, where it begins the line, behind it.
func findFixed(m *Mapping, body []string) bool {
	rows := make([][]rune, len(body))
	shortest := MaxLine
	for i, l := range body {
		rows[i] = []rune(l)
		shortest = min(shortest, len(rows[i]))
	}
	ways := notations(" ", "  ", "T", "")
	for from := 1; from <= min(shortest, farthestTime); from++ {
		for i := range ways {
			n := &ways[i]
			if from+n.wide-1 > shortest || !n.at(rows, from) {
				continue
			}
			m.Date, m.Layout = Column{From: from, Width: n.wide}, n.written
			m.Badge = Column{From: 1, Width: from - 1}
			if from == 1 {
				m.Badge = Column{From: from + n.wide, Width: shortest - n.wide}
			}
			m.BadgeForm = formOf(values(*m, body, m.Badge))
			return m.Badge.From <= shortest
		}
	}
	return false
}

// at says that the time stands at the nth character of every row, from 1.
func (n *notation) at(rows [][]rune, from int) bool {
	return !slices.ContainsFunc(rows, func(r []rune) bool {
		return r[from-1] < '0' || r[from-1] > '9' || !n.reads(strings.TrimSpace(string(r[from-1:from-1+n.wide])))
	})
}
