package table

import (
	"maps"
	"slices"
	"strings"
	"time"

	"klokkast/app/reading"
)

// order is what a file tells of which number of its dates is the day, the month and the year. It looks at every line.
type order struct {
	layouts []string
	parsed  []reading.Layout
	reads   []int    // lines that each layout reads, in a year that terminals write today
	only    []int    // lines that it alone reads
	example []string // one of those
	days    []map[time.Time]bool
	sample  string // a text that all of them read
	now     time.Time
	title   string // of the dates; it may say itself how they are written
}

// maxDays is how many days are told apart.
const maxDays = 1000

func newOrder(layouts []string, now time.Time) *order {
	o := &order{layouts: layouts, parsed: parseAll(layouts), now: now}
	n := len(o.parsed)
	o.reads, o.only, o.example, o.days = make([]int, n), make([]int, n), make([]string, n), make([]map[time.Time]bool, n)
	for i := range o.days {
		o.days[i] = map[time.Time]bool{}
	}
	return o
}

// add looks at the text of a time, and says whether it is one.
func (o *order) add(text string) (read bool) {
	if text == "" {
		return false
	}
	readers, last := 0, 0
	for i, l := range o.parsed {
		t, _, ok := l.Read(text)
		if read = read || ok; !ok || !strings.Contains(o.layouts[i], "YYYY") && strings.Contains(o.layouts[i], "YY") && !o.recent(t) {
			continue
		}
		o.reads[i]++
		readers, last = readers+1, i
		if day := t.Truncate(24 * time.Hour); len(o.days[i]) < maxDays {
			o.days[i][day] = true
		}
	}
	switch {
	case readers == 1:
		o.only[last]++
		if o.example[last] == "" {
			o.example[last] = text
		}
	case readers > 1 && o.sample == "":
		o.sample = text
	}
	return read
}

// recent says that a year of two digits is one of today's files: 02 may be a day, and then 2002 is none.
func (o *order) recent(t time.Time) bool {
	return t.Year() >= 2010 && (o.now.IsZero() || t.Year() <= o.now.Year()+1)
}

// settled is what came of looking.
type settled struct {
	layout string
	why    reading.Reason
	asks   []reading.Question
}

// settle says which layout it is, and why; where two fit it asks, unless the table shows otherwise who wrote it (leaning is the
// reason to take the day first, nil for none) and only so it ends shortly before today.
func (o *order) settle(leaning *reading.Reason) settled {
	best := 0
	for i := range o.reads {
		if o.reads[i] > o.reads[best] {
			best = i
		}
	}
	out := settled{layout: o.layouts[best]}
	rivals := o.rivals(best)
	why := func(code string, facts map[string]any) reading.Reason {
		return reading.Reason{Point: "layout", Code: code, Facts: facts}
	}
	switch {
	case len(rivals) == 0 && len(o.layouts) == 1:
		out.why = why("layout", map[string]any{"Layout": out.layout})
	case len(rivals) == 0:
		out.why = why("layout.proved", map[string]any{"Layout": out.layout, "Count": o.only[best], "Example": o.example[best]})
	case o.reads[rivals[0]] < o.reads[best]: // some lines only this way, some only the other
		out.why = why("layout.most", map[string]any{"Layout": out.layout, "Count": o.only[best]})
		out.asks = o.ask("date-mixed", append([]int{best}, rivals...), map[string]any{
			"Layout": o.layouts[best], "Count": o.only[best], "Other": o.layouts[rivals[0]], "OtherCount": o.only[rivals[0]], "Example": o.example[rivals[0]],
		})
	case strings.Contains(out.layout, "DD.MM."):
		out.why = why("layout.dots", map[string]any{"Layout": out.layout})
	case o.named() >= 0:
		out.layout = o.layouts[o.named()]
		out.why = why("layout.named", map[string]any{"Layout": out.layout, "Title": cut(o.title)})
	default:
		against := o.against(best, rivals)
		if leaning != nil && against < 0 && o.late(best) && !slices.ContainsFunc(rivals, o.late) {
			facts := maps.Clone(leaning.Facts)
			facts["Layout"] = out.layout
			out.why = why(leaning.Code, facts)
			return out
		}
		all := append([]int{best}, rivals...)
		if against >= 0 {
			all = append([]int{against}, slices.DeleteFunc(all, func(i int) bool { return i == against })...)
			out.layout = o.layouts[against]
		}
		out.why = why("layout.guessed", map[string]any{"Layout": out.layout})
		out.asks = o.ask("date-order", all, map[string]any{"Example": o.sample})
	}
	return out
}

// rivals returns the layouts that read as many lines as the best one, or else those that read lines which it does not.
func (o *order) rivals(best int) (out []int) {
	for i := range o.reads {
		if i != best && o.reads[i] == o.reads[best] && o.reads[i] > 0 {
			out = append(out, i)
		}
	}
	for i := range o.reads {
		if len(out) == 0 && i != best && o.only[i] > 0 && o.only[best] > 0 {
			return []int{i}
		}
	}
	return out
}

// named returns the layout that the title of the dates names: Datum (dd/mm/jjjj). -1 for none.
func (o *order) named() int {
	title := strings.ToLower(strings.NewReplacer("-", "/", ".", "/", " ", "").Replace(o.title))
	for _, n := range []struct{ title, before, behind string }{
		{"mm/dd", "MM", "DD"}, {"mm/jj/a", "MM", "DD"}, {"m/d/y", "MM", "DD"},
		{"dd/mm", "DD", "MM"}, {"jj/mm", "DD", "MM"}, {"tt/mm", "DD", "MM"}, {"d/m/y", "DD", "MM"}, {"d/m/j", "DD", "MM"},
	} {
		if !strings.Contains(title, n.title) {
			continue
		}
		return slices.IndexFunc(o.layouts, func(l string) bool {
			return strings.Index(l, n.before) < strings.Index(l, n.behind) && (strings.Contains(l, "YYYY") || !strings.HasPrefix(l, "YY"))
		})
	}
	return -1
}

// against returns a rival for which more speaks than for the best: its days lie close together and those of the best are
// scattered over the months, or it ends just before today and the best does not. -1 for none.
func (o *order) against(best int, rivals []int) int {
	months := func(i int) int {
		seen := map[[2]int]bool{}
		for day := range o.days[i] {
			seen[[2]int{day.Year(), int(day.Month())}] = true
		}
		return len(seen)
	}
	for _, r := range rivals {
		if n := len(o.days[best]); n > 1 && months(best) == n && months(r) < n || o.late(r) && !o.late(best) {
			return r
		}
	}
	return -1
}

// lately is how long before today the last tap of a file lies that somebody has just taken from a terminal.
const lately = 180 * 24 * time.Hour

// late says that by a layout the file ends shortly before today.
func (o *order) late(i int) bool {
	var last time.Time
	for day := range o.days[i] {
		if day.After(last) {
			last = day
		}
	}
	return !o.now.IsZero() && last.Before(o.now.Add(24*time.Hour)) && o.now.Sub(last) < lately
}

func (o *order) ask(code string, layouts []int, facts map[string]any) []reading.Question {
	q := reading.Question{Code: code, Facts: facts, Flags: []string{"--layout"}}
	for _, i := range layouts {
		a := reading.Answer{Value: o.layouts[i]}
		if t, _, ok := o.parsed[i].Read(o.sample); ok {
			a.Sample = t.Format(time.DateOnly)
		}
		q.Answers = append(q.Answers, a)
	}
	return []reading.Question{q}
}
