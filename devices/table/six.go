package table

import (
	"slices"
	"strconv"
	"strings"
)

// unit is a number of a time that stands in a column of its own.
type unit struct {
	letters  string // of a layout
	from, to int
	titles   []string
}

func units() []unit {
	return []unit{
		{"YYYY", firstYear, lastYear, []string{"jaar", "year", "annee", "an", "jahr", "jr"}},
		{"M", 1, 12, []string{"maand", "month", "mois", "monat", "mnd"}},
		{"D", 1, 31, []string{"dag", "day", "jour", "tag"}},
		{"h", 0, 23, []string{"uur", "hour", "heure", "stunde", "uren", "hours", "heures", "hr"}},
		{"m", 0, 59, []string{"minuut", "minute", "minuten", "minutes", "min"}},
		{"s", 0, 59, []string{"seconde", "second", "sekunde", "seconden", "seconds", "secondes", "sekunden", "sec", "sek"}},
	}
}

// inSix is a time whose year, month, day, hour, minute and perhaps second stand in columns of their own: by titles, else side
// by side, the year first or the day.
func (g *grid) inSix() (times, bool) {
	if t, ok := g.sixByTitle(); ok {
		return t, true
	}
	u := units()
	ymd, dmy, mdy := []int{0, 1, 2, 3, 4}, []int{2, 1, 0, 3, 4}, []int{1, 2, 0, 3, 4}
	for from := range g.columns {
		for _, order := range [][]int{ymd, dmy, mdy} {
			for _, o := range [][]int{append(slices.Clone(order), 5), order} {
				if !g.unitsAt(from, o, u) {
					continue
				}
				var t times
				for i := range o {
					t.columns = append(t.columns, from+i)
				}
				t.orders = []string{layoutOf(o, u)}
				if order[0] != 0 && g.unitsAt(from, slices.Concat(mdy, o[5:]), u) && g.unitsAt(from, slices.Concat(dmy, o[5:]), u) {
					t.orders = []string{layoutOf(slices.Concat(dmy, o[5:]), u), layoutOf(slices.Concat(mdy, o[5:]), u)}
				}
				g.settle(&t)
				return t, t.reads > 0
			}
		}
	}
	return times{}, false
}

func layoutOf(order []int, u []unit) string {
	var letters []string
	for _, k := range order {
		letters = append(letters, u[k].letters)
	}
	return strings.Join(letters, " ")
}

// sixByTitle finds the columns by titles of the first rows.
func (g *grid) sixByTitle() (times, bool) {
	for _, row := range g.rows[:min(len(g.rows), 10)] {
		var t times
		var order []int
		for k, u := range units() {
			at := slices.IndexFunc(row, func(text string) bool { return slices.Contains(u.titles, plainTitle(text)) })
			if at >= 0 {
				t.columns, order = append(t.columns, at), append(order, k)
			}
		}
		if len(order) < 5 || order[4] != 4 {
			continue
		}
		t.orders = []string{layoutOf(order, units())}
		g.settle(&t)
		return t, t.reads > 0
	}
	return times{}, false
}

// unitsAt says that nine of ten rows have these numbers side by side, from a column on.
func (g *grid) unitsAt(from int, order []int, u []unit) bool {
	if from+len(order) > len(g.columns) {
		return false
	}
	fit := 0
	for _, row := range g.rows {
		good := true
		for i, k := range order {
			text := cell(row, from+i)
			n, err := strconv.Atoi(text)
			good = good && err == nil && len(text) <= 4 && n >= u[k].from && n <= u[k].to
		}
		if good {
			fit++
		}
	}
	return fit > 0 && 10*fit >= 9*(len(g.rows)-1)
}
