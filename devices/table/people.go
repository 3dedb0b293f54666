package table

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"klokkast/app/reading"
)

// candidate is a column that may be the person's.
type candidate struct {
	at       int
	score    int
	distinct int
	running  bool // it counts the lines
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
		return chosen{at: free, form: reading.BadgePIN, asks: []reading.Question{{Code: "badge", Flags: []string{"--badge"}, Facts: map[string]any{"Columns": g.label(free)}}}}
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
	case x.running:
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
	rows := g.taps
	x := candidate{at: c.at}
	values := map[string]int{}
	filled, fit, numeric, wordy, quoted := 0, 0, 0, 0, 0
	for _, row := range rows {
		text := cell(row, c.at)
		if text == "" {
			continue
		}
		filled++
		values[text]++
		if _, _, ok := badge(reading.BadgePIN, text); ok {
			fit++
		} else if _, _, ok := badge(reading.BadgeHex, text); ok {
			fit++
		} else if shortened(text) {
			fit++
		}
		switch {
		case !hasDigit(text):
			wordy++
		default:
			numeric++
		}
		if strings.HasPrefix(text, "'") {
			quoted++
		}
	}
	x.distinct = len(values)
	x.running = g.counts(c.at)
	x.names = wordy > numeric
	title := g.name(c.at)
	rank := titleRank(title, badgeTitles())
	switch {
	case filled == 0, 2*filled < len(rows) && rank < 0, 5*fit < 3*filled:
		return x, false
	case rank >= 0:
		x.score, x.titled = 200-rank/8, true
	case isTitle(title, weakBadgeTitles()):
		x.score = 40
	case isTitle(title, otherTitles()), isTitle(title, verifiedTitles()), isTitle(title, statusTitles()), isTitle(title, timeTitles()):
		x.score = -200
	case isTitle(title, nameTitles()):
		x.score = -40
	}
	if x.running && len(rows) >= fewRows {
		x.score -= 150
	}
	if x.distinct > 1 && x.distinct < filled {
		x.score += 30
	}
	if x.distinct == 1 && filled >= 3 {
		x.score -= 60
	}
	if x.small = small(values); x.small {
		x.score -= 50
	}
	x.kinds = kinds(values)
	if x.names {
		x.score -= 40
		if onlyKeys(values) {
			x.score -= 200
		}
	}
	if quoted == filled {
		x.score += 40
	}
	return x, true
}

// counts says that a column counts up by one with each line.
func (g *grid) counts(at int) bool {
	steps, rows := 0, 0
	before := int64(-1)
	for _, row := range g.taps {
		n, err := strconv.ParseInt(cell(row, at), 10, 64)
		if err != nil {
			continue
		}
		if rows++; rows > 1 && n == before+1 {
			steps++
		}
		before = n
	}
	return rows >= 2 && 10*steps >= 9*(rows-1)
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

// statuses are how often each text stands in the column of the pressed key.
type statuses map[string]int

// maxStatuses is how many different texts a column of keys has at most.
const maxStatuses = 24

func (s statuses) add(text string) {
	if text != "" && (s[text] > 0 || len(s) <= maxStatuses) {
		s[text]++
	}
}

func (s statuses) sorted() []string { return slices.Sorted(maps.Keys(s)) }

// told writes them with their counts: 0 (12×), 1 (11×).
func (s statuses) told(which []string) string {
	var out []string
	for _, text := range which {
		out = append(out, fmt.Sprintf("%s (%d×)", text, s[text]))
	}
	return strings.Join(out, ", ")
}

func (s statuses) numbers() bool {
	for text := range s {
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) }) {
			return false
		}
	}
	return len(s) > 0
}

// pressed is the column of the key and what is known of it.
type pressed struct {
	at       int // from 0; -1 for none
	titled   bool
	verified []int // columns that say how people were recognised
	unsure   []int // columns that may be either
}

// keyColumn looks for the column of the pressed key: by its title, else one that holds nothing but words of keys.
func (g *grid) keyColumn(taken []int) pressed {
	p := pressed{at: -1}
	best := -1
	for _, c := range g.columns {
		if slices.Contains(taken, c.at) {
			continue
		}
		values := map[string]int{}
		for _, v := range g.valuesOf(c.at) {
			values[v]++
		}
		rank, title := titleRank(g.name(c.at), statusTitles()), g.name(c.at)
		switch {
		case len(values) == 0 || len(values) > maxStatuses:
		case onlyKeys(values) && p.at < 0:
			p.at = c.at
		case rank >= 0 && (best < 0 || rank < best) && (p.at < 0 || p.titled):
			p.at, p.titled, best = c.at, true, rank
		case isTitle(title, verifiedTitles()):
			p.verified = append(p.verified, c.at)
		case small(values) && len(values) > 1 && !isTitle(title, otherTitles()) && !isTitle(title, weakBadgeTitles()) && !isTitle(title, spanTitles()):
			p.unsure = append(p.unsure, c.at)
		}
	}
	if p.at >= 0 {
		p.unsure = nil
	}
	return p
}

// verifiedBy says that statuses look like how people were recognised: 15 is a face, and keys begin with 0 on every terminal that
// numbers them.
func (s statuses) verifiedBy() bool {
	return s.numbers() && (s["15"] > 0 || s["0"]+s["00"]+s["255"] == 0)
}

// mostly is the share above which one status is no key but what nobody presses (rule P4), of at least so many lines.
const (
	mostlyPercent = 90
	mostlyLines   = 10
)

// meaning says what a column's statuses mean, and asks where the file does not tell.
func (g *grid) meaning(p pressed, s statuses) (status Column, keys reading.Keys, why []reading.Reason, asks []reading.Question) {
	for _, c := range p.verified {
		why = append(why, reading.Reason{Point: "status", Code: "status.verified", Facts: map[string]any{"Column": g.label(c)}})
	}
	flags := []string{"--key", "--status"}
	if len(p.unsure) > 0 {
		q := reading.Question{Code: "status-column", Flags: flags, Facts: map[string]any{"Columns": g.told(p.unsure)}}
		for _, c := range p.unsure {
			q.Answers = append(q.Answers, reading.Answer{Value: fmt.Sprintf("--status %d --key 0=in --key 1=out", c+1)})
		}
		q.Answers = append(q.Answers, reading.Answer{Value: "--status 0"})
		return Column{}, nil, why, []reading.Question{q}
	}
	if p.at < 0 || len(s) == 0 {
		return Column{}, nil, append(why, reading.Reason{Point: "status", Code: "status.none"}), nil
	}
	all := s.sorted()
	facts := map[string]any{"Column": g.label(p.at), "Statuses": s.told(all)}
	ask := func(code string) []reading.Question {
		q := reading.Question{Code: code, Flags: flags, Facts: facts}
		if s.numbers() {
			q.Answers = append(q.Answers, reading.Answer{Value: fmt.Sprintf("--status %d --key 0=in --key 1=out", p.at+1)})
		}
		q.Answers = append(q.Answers, reading.Answer{Value: "--status 0"})
		return []reading.Question{q}
	}
	if s.verifiedBy() {
		return Column{}, nil, why, ask("status-verified")
	}
	code := "status.words"
	if p.titled {
		code = "status.title"
	}
	why = append(why, reading.Reason{Point: "status", Code: code, Facts: facts})
	status, keys = Column{From: p.at + 1}, meanings(all)
	lines, most := 0, 0
	for _, n := range s {
		lines, most = lines+n, max(most, n)
	}
	unknown := slices.DeleteFunc(slices.Clone(all), func(text string) bool { _, named := keys.Of(text); return named })
	switch {
	case s.numbers() && len(s) > 1:
		asks = ask("status")
	case len(s) == 1 && lines > 1:
		asks = ask("status-one")
	case len(unknown) > 0:
		facts["Unknown"] = s.told(unknown)
		asks = ask("status-words")
		asks[0].Answers = nil
		for _, u := range unknown {
			asks[0].Answers = append(asks[0].Answers, reading.Answer{Value: "--key " + strconv.Quote(u+"=none")})
		}
	case lines >= mostlyLines && 100*most > mostlyPercent*lines:
		asks = ask("status-most")
	}
	return status, keys, why, asks
}

// told names columns with the numbers that stand in them.
func (g *grid) told(columns []int) string {
	var out []string
	for _, c := range columns {
		s := statuses{}
		for _, row := range g.taps {
			s.add(cell(row, c))
		}
		out = append(out, g.label(c)+": "+s.told(s.sorted()))
	}
	return strings.Join(out, "; ")
}
