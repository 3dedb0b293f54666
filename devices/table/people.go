package table

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"klokkast/app/reading"
)

// candidate is a column that may be the person's.
type candidate struct {
	at       int
	score    int
	distinct int
	running  bool // it counts the lines
	climbs   bool // it would, were lines not taken out
	names    bool // words, no numbers
	small    bool // few small numbers, as a key, a kind or a device has
	kinds    bool // so small that they may be keys, or how people were recognised
	before   bool // it stands before the time
	titled   bool // its title means nothing else
}

// chosen is the column of the person and why.
type chosen struct {
	at   int
	form reading.BadgeForm
	why  []reading.Reason
	asks []reading.Question
}

// person chooses the column of the person: by its title, else by what stands in it. People tap more than once, so that what
// repeats is a person rather than what counts the lines.
func (g *grid) person(taken []int) chosen {
	var all []candidate
	for _, c := range g.columns {
		if slices.Contains(taken, c.at) || g.isTime(c) {
			continue
		}
		if x, ok := g.candidate(c); ok {
			if len(taken) > 0 && c.at < taken[0] {
				x.score, x.before = x.score+20, true // who, then when
			}
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		free := 0
		for slices.Contains(taken, free) {
			free++
		}
		q := reading.Question{Code: "badge", Flags: []string{"--badge"}, Facts: map[string]any{"Columns": g.label(free)}}
		return chosen{at: free, form: reading.BadgePIN, asks: []reading.Question{q}}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return b.score - a.score })
	best := all[0]
	out := chosen{at: best.at, form: formOf(g.valuesOf(best.at))}
	facts := map[string]any{"Column": g.label(best.at), "People": best.distinct, "Lines": len(g.taps)}
	code := "badge.first"
	switch {
	case best.titled:
		code = "badge.title"
	case best.distinct > 1 && best.distinct < len(g.taps):
		code = "badge.repeats"
	case len(all) == 1:
		code = "badge.only"
	}
	out.why = append(out.why, reading.Reason{Point: "badge", Code: code, Facts: facts})
	for _, x := range all {
		if x.running && x.at != best.at {
			out.why = append(out.why, reading.Reason{Point: "badge", Code: "badge.counts", Facts: map[string]any{"Column": g.label(x.at)}})
		}
	}
	out.why = append(out.why, reading.Reason{Point: "badgeForm", Code: "form." + string(out.form)})
	out.asks = g.doubtsOf(best, all[1:])
	return out
}

// isTime says that a column holds dates or clocks, also ones that the mapping does not take.
func (g *grid) isTime(c *column) bool {
	if titleRank(g.name(c.at), badgeTitles()) >= 0 {
		return false
	}
	for _, holds := range []moment{wholeTime, dateOnly, clockOnly} {
		if _, _, ok := c.best(holds, false); ok {
			return true
		}
	}
	return false
}

// fewRows are too few to tell what counts the lines from people who happened to tap in the order of their numbers.
const fewRows = 4

// nearScore is how far apart two columns are of which each may be the person's.
const nearScore = 15

// doubtsOf asks where the person's column is not certain.
func (g *grid) doubtsOf(best candidate, others []candidate) []reading.Question {
	ask := func(code string, columns ...candidate) []reading.Question {
		q := reading.Question{Code: code, Flags: []string{"--badge"}}
		var at []int
		for _, x := range columns {
			at = append(at, x.at)
			q.Answers = append(q.Answers, reading.Answer{Value: strconv.Itoa(x.at + 1), Sample: cell(g.taps[0], x.at)})
		}
		q.Facts = map[string]any{"Columns": g.list(at)}
		return []reading.Question{q}
	}
	near := []candidate{best}
	for _, x := range others {
		if x.mayBe(best) {
			near = append(near, x)
		}
	}
	switch {
	case best.running && !best.titled && len(g.taps) >= fewRows:
		return ask("badge-count", best)
	case len(near) > 1:
		return ask("badge", near...)
	case best.names:
		return ask("badge-name", best)
	}
	return nil
}

// mayBe says that a column may as well be the person's as the best one.
func (x candidate) mayBe(best candidate) bool {
	switch {
	case x.names || x.titled != best.titled:
		return false
	case best.titled:
		return best.score == x.score
	case x.running || x.climbs:
		return false
	case best.distinct == 1 || best.kinds:
		return true // of a single person the number is always the same, and then anything else may look more like it
	case best.small && (!best.before || x.before || !x.small):
		return true
	}
	return best.score-x.score <= nearScore
}

// candidate says how much speaks for a column as the person's; not ok where it cannot be.
func (g *grid) candidate(c *column) (candidate, bool) {
	v := g.look(c.at)
	title := g.name(c.at)
	rank := titleRank(title, badgeTitles())
	if v.values["0"] == v.filled && rank < 0 { // nobody's number; nothing at all stands there too
		return candidate{}, false
	}
	if 2*v.filled < len(g.taps) && rank < 0 || 5*v.fit < 3*v.filled {
		return candidate{}, false
	}
	x := candidate{
		at: c.at, distinct: len(v.values), running: g.counts(c.at), climbs: g.climbs(c.at), names: 2*v.wordy > v.filled,
		small: small(v.values), kinds: kinds(v.values), titled: rank >= 0,
	}
	switch {
	case rank >= 0:
		x.score = 200 - rank/8
	case isTitle(title, weakBadgeTitles()):
		x.score = 40
	case isTitle(title, otherTitles()), isTitle(title, verifiedTitles()), isTitle(title, statusTitles()), isTitle(title, timeTitles()):
		x.score = -200
	case isTitle(title, nameTitles()):
		x.score = -40
	}
	for _, y := range []struct {
		is    bool
		score int
	}{
		{x.running && len(g.taps) >= fewRows, -150},
		{!x.running && g.climbs(c.at), -60},           // of a log whose lines were taken out
		{x.distinct > 1 && x.distinct < v.filled, 30}, // people come again
		{x.distinct == 1 && v.filled >= 3, -60},       // a device is always the same
		{x.small, -50},
		{x.names, -40},
		{x.names && onlyKeys(v.values), -200},
		{v.quoted == v.filled, 40}, // who writes a number with an apostrophe means a name
	} {
		if y.is {
			x.score += y.score
		}
	}
	return x, true
}

// looks is what stands in a column of the taps.
type looks struct {
	values                     map[string]int
	filled, fit, wordy, quoted int // rows with anything, with what may be a badge, without digits, with an apostrophe before it
}

func (g *grid) look(at int) looks {
	v := looks{values: map[string]int{}}
	for _, row := range g.taps {
		text := cell(row, at)
		if text == "" {
			continue
		}
		v.filled++
		v.values[text]++
		if mayBeBadge(text) {
			v.fit++
		}
		if !hasDigit(text) {
			v.wordy++
		}
		if strings.HasPrefix(text, "'") {
			v.quoted++
		}
	}
	return v
}

func mayBeBadge(text string) bool {
	_, _, pin := badge(reading.BadgePIN, text)
	_, _, card := badge(reading.BadgeHex, text)
	return pin || card || shortened(text)
}

// counts says that a column counts up by one with each line, or down where the newest line is the first.
func (g *grid) counts(at int) bool {
	up, down := 0, 0
	numbers := g.numbersOf(at)
	for i := 1; i < len(numbers); i++ {
		switch numbers[i] - numbers[i-1] {
		case 1:
			up++
		case -1:
			down++
		}
	}
	return len(numbers) >= 2 && 10*max(up, down) >= 9*(len(numbers)-1)
}

// climbs says that no number of a column of many comes again, and each is higher than the one before it.
func (g *grid) climbs(at int) bool {
	numbers := g.numbersOf(at)
	return len(numbers) >= 2*fewRows && slices.IsSorted(numbers) && len(slices.Compact(numbers)) == len(g.taps)
}

func (g *grid) numbersOf(at int) (out []int64) {
	for _, row := range g.taps {
		if n, err := strconv.ParseInt(cell(row, at), 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// small says that a column holds few small numbers: a key, a kind, a device.
func small(values map[string]int) bool {
	if len(values) > 6 {
		return false
	}
	for v := range values {
		n, err := strconv.Atoi(v)
		if err != nil || len(v) > 3 || n > 15 && n != 255 {
			return false
		}
	}
	return true
}

// kinds says that a column holds nothing but numbers that terminals have for keys and for how people are recognised.
func kinds(values map[string]int) bool {
	for v := range values {
		if !slices.Contains([]string{"0", "1", "2", "3", "4", "15", "255"}, v) {
			return false
		}
	}
	return true
}

func onlyKeys(values map[string]int) bool {
	return len(values) > 0 && len(values) <= maxStatuses && len(meanings(slices.Sorted(maps.Keys(values)))) == len(values)
}

// valuesOf returns the different texts of a column behind the titles, ascending.
func (g *grid) valuesOf(at int) []string {
	seen := map[string]bool{}
	for _, row := range g.taps {
		if text := cell(row, at); text != "" {
			seen[text] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// formOf tells how badges are written: hex where there are letters in numbers of
// whole bytes, decimal where all have the ten digits of a keyboard reader.
func formOf(values []string) reading.BadgeForm {
	hex, letters, ten := len(values) > 0, false, len(values) > 0
	for _, v := range values {
		_, canonical, isHex := badge(reading.BadgeHex, v)
		hex = hex && isHex && len(canonical) >= 8
		letters = letters || strings.ContainsAny(v, "ABCDEFabcdef:")
		v = strings.TrimPrefix(v, "'")
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
