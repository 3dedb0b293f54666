package table

import (
	"slices"
	"strings"
)

// segment is a column of fixed width: where it begins and ends, in characters from 0.
type segment struct{ from, to int }

// fixedGrid parts lines without a separator at the characters that are blank in all of them.
func fixedGrid(lines []string) (*grid, []segment, times) {
	var rows [][]rune
	longest := 0
	for _, l := range lines[len(lines)/2:] {
		if r := []rune(l); strings.TrimSpace(l) != "" {
			rows = append(rows, r)
			longest = max(longest, len(r))
		}
	}
	segments := segmentsOf(rows, min(longest, farthestTime))
	if len(segments) < 2 {
		return nil, nil, times{}
	}
	parted := make([]string, len(lines))
	for i, l := range lines {
		r := []rune(l)
		var cells []string
		for k, s := range segments {
			to := len(r)
			if k+1 < len(segments) {
				to = min(segments[k+1].from, len(r))
			}
			text := ""
			if s.from < to {
				text = strings.TrimSpace(string(r[s.from:to]))
			}
			cells = append(cells, strings.ReplaceAll(text, "\t", " "))
		}
		parted[i] = strings.Join(cells, "\t")
	}
	g := newGrid(parted, "\t")
	if len(g.rows) == 0 {
		return nil, nil, times{}
	}
	t, ok := g.findTimes()
	if !ok || 2*t.reads < len(g.rows) {
		return nil, nil, times{}
	}
	return g, segments, t
}

// segmentsOf returns the columns between the characters that are blank in every row.
func segmentsOf(rows [][]rune, width int) (out []segment) {
	open := -1
	for at := 0; at <= width; at++ {
		blank := at == width || !slices.ContainsFunc(rows, func(r []rune) bool { return at < len(r) && r[at] != ' ' })
		switch {
		case !blank && open < 0:
			open = at
		case blank && open >= 0:
			out = append(out, segment{open, at})
			open = -1
		}
	}
	return out
}

// place turns the nth columns of a mapping into characters. A date and a clock side by side are one column.
func (p *proposal) place(segments []segment) {
	at := func(c Column) Column {
		if !c.There() || c.From > len(segments) {
			return Column{}
		}
		s := segments[c.From-1]
		out := Column{From: s.from + 1}
		if c.From < len(segments) {
			out.Width = segments[c.From].from - s.from
		}
		return out
	}
	m := &p.m
	if m.Clock.From == m.Date.From+1 && len(m.Also) == 0 && len(m.More) == 0 {
		date, clock := segments[m.Date.From-1], segments[m.Clock.From-1]
		m.Date, m.Clock = Column{From: date.from + 1, Width: clock.to - date.from}, Column{}
	} else {
		m.Date, m.Clock = at(m.Date), at(m.Clock)
	}
	m.Badge = at(m.Badge)
	if p.pressed.at >= 0 {
		m.Status = at(Column{From: p.pressed.at + 1})
	}
	for i := range m.More {
		m.More[i] = at(m.More[i])
	}
	for i := range m.Also {
		m.Also[i].Date, m.Also[i].Clock = at(m.Also[i].Date), at(m.Also[i].Clock)
	}
	p.reader, _ = NewReader(*m, nil)
}

// farthestTime is the last character at which the time of a table of fixed width is looked for.
const farthestTime = 512

// compactForms are the ways of writing a time that are looked for in lines without any blank at the same place.
func compactForms() []string {
	return []string{
		"YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss", "DD/MM/YYYY hh:mm:ss", "DD-MM-YYYY hh:mm:ss", "DD.MM.YYYY hh:mm:ss",
		"YYYY/MM/DD hh:mm:ss", "YYYY-MM-DD hh:mm", "DD/MM/YYYY hh:mm",
		"DD-MM-YYYY hh:mm", "DD.MM.YYYY hh:mm", "YYYYMMDDhhmmss", "YYYYMMDDhhmm", "YYYYMMDD hhmmss", "YYYYMMDD hhmm", "DDMMYYYYhhmmss",
		"DDMMYYYYhhmm", "DDMMYYYY hhmm", "YYMMDDhhmmss", "YYMMDDhhmm", "DDMMYYhhmm",
	}
}

// compactFixed finds the time at the same characters of all lines, where they have no blanks in common; the badge stands before
// it or, where it begins the line, behind it.
func compactFixed(lines []string) (Mapping, bool) {
	var rows [][]rune
	shortest := farthestTime
	for _, l := range lines[len(lines)/2:] {
		if r := []rune(strings.TrimRight(l, " ")); len(r) > 0 {
			rows = append(rows, r)
			shortest = min(shortest, len(r))
		}
	}
	if len(rows) == 0 {
		return Mapping{}, false
	}
	g := newGrid(nil, "\t")
	for from := 0; from < shortest; from++ {
		if r := rows[0][from]; r < '0' || r > '9' {
			continue
		}
		for _, form := range compactForms() {
			wide := len(form)
			if from+wide > shortest || !sameSigns(rows[0][from:from+wide], form) {
				continue
			}
			x := guess{wholeTime, form, false}
			if slices.ContainsFunc(rows, func(r []rune) bool { return !g.reads(x, string(r[from:from+wide])) }) {
				continue
			}
			m := Mapping{BadgeForm: "pin", Date: Column{From: from + 1, Width: wide}, Layout: form, Badge: Column{From: 1, Width: from}}
			if from == 0 {
				m.Badge = Column{From: wide + 1, Width: shortest - wide}
			}
			if m.Badge.Width == 0 {
				continue
			}
			var values []string
			for _, r := range rows {
				values = append(values, cells{characters: r}.at(m.Badge))
			}
			m.BadgeForm = formOf(values)
			for m.Skip = 0; m.Skip < len(lines); m.Skip++ {
				if r := []rune(lines[m.Skip]); len(r) >= from+wide && g.reads(x, string(r[from:from+wide])) {
					return m, true
				}
			}
		}
	}
	return Mapping{}, false
}

// sameSigns says that a text has digits where a layout has letters, and the same signs elsewhere.
func sameSigns(text []rune, form string) bool {
	for i, f := range []rune(form) {
		digit := text[i] >= '0' && text[i] <= '9'
		if strings.ContainsRune("YMDhms", f) != digit || !digit && text[i] != f {
			return false
		}
	}
	return true
}

// ordersLike returns a layout and those that differ from it only in the order of day and month.
func ordersLike(layout string) []string {
	if i, k := strings.Index(layout, "DD"), strings.Index(layout, "MM"); i >= 0 && i < k {
		return []string{layout, strings.NewReplacer("DD", "MM", "MM", "DD").Replace(layout)}
	}
	return []string{layout}
}
