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

// statuses are how often each text stands in the column of the pressed key.
type statuses map[string]int

// maxStatuses is how many different texts a column of keys has at most.
const maxStatuses = 24

func (s statuses) add(text string) {
	if text != "" && (text == "-" || !dashes(text)) && (s[text] > 0 || len(s) <= maxStatuses) {
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
	if s["+"] == 0 {
		delete(s, "-") // nothing, unless it stands beside +
	}
	if len(p.unsure) > 0 {
		return Column{}, nil, why, []reading.Question{g.whichKey(p.unsure)}
	}
	if p.at < 0 || len(s) == 0 {
		return Column{}, nil, append(why, reading.Reason{Point: "status", Code: "status.none"}), nil
	}
	all := s.sorted()
	facts := map[string]any{"Column": g.label(p.at), "Statuses": s.told(all)}
	if s.verifiedBy() {
		return Column{}, nil, why, s.ask("status-verified", p.at, facts)
	}
	code := "status.words"
	if p.titled {
		code = "status.title"
	}
	why = append(why, reading.Reason{Point: "status", Code: code, Facts: facts})
	status, keys = Column{From: p.at + 1}, meanings(all)
	unknown := slices.DeleteFunc(slices.Clone(all), func(text string) bool { _, named := keys.Of(text); return named })
	lines, most := s.count()
	switch {
	case s.numbers() && len(s) > 1:
		asks = s.ask("status", p.at, facts)
	case len(s) == 1 && lines > 1:
		asks = s.ask("status-one", p.at, facts)
	case len(unknown) > 0:
		asks = s.askWords(unknown, facts)
	case lines >= mostlyLines && 100*most > mostlyPercent*lines:
		asks = s.ask("status-most", p.at, facts)
	}
	return status, keys, why, asks
}

// count returns how many lines have a status, and how many the one that most have.
func (s statuses) count() (lines, most int) {
	for _, n := range s {
		lines, most = lines+n, max(most, n)
	}
	return lines, most
}

// keyFlags answer questions about keys.
func keyFlags() []string { return []string{"--key", "--status"} }

func (s statuses) ask(code string, column int, facts map[string]any) []reading.Question {
	q := reading.Question{Code: code, Flags: keyFlags(), Facts: facts}
	if s.numbers() {
		q.Answers = append(q.Answers, s.answer(column))
	}
	q.Answers = append(q.Answers, reading.Answer{Value: "--status 0"})
	return []reading.Question{q}
}

// askWords asks what words mean that nobody knows.
func (s statuses) askWords(unknown []string, facts map[string]any) []reading.Question {
	facts = maps.Clone(facts)
	facts["Unknown"] = s.told(unknown)
	q := reading.Question{Code: "status-words", Flags: keyFlags(), Facts: facts}
	for _, u := range unknown {
		q.Answers = append(q.Answers, reading.Answer{Value: "--key " + strconv.Quote(u+"=none")})
	}
	return []reading.Question{q}
}

// whichKey asks which of several columns is the key, if any.
func (g *grid) whichKey(columns []int) reading.Question {
	q := reading.Question{Code: "status-column", Flags: keyFlags(), Facts: map[string]any{"Columns": g.told(columns)}}
	for _, c := range columns {
		q.Answers = append(q.Answers, g.statusesOf(c).answer(c))
	}
	q.Answers = append(q.Answers, reading.Answer{Value: "--status 0"})
	return q
}

func (g *grid) statusesOf(c int) statuses {
	s := statuses{}
	for _, row := range g.taps {
		s.add(cell(row, c))
	}
	return s
}

// answer is what the statuses of a column may mean: most terminals count in, out, break start and end, overtime in and out from
// 0, or in and out from 1.
func (s statuses) answer(c int) reading.Answer {
	keys := []string{"in", "out", "break-start", "break-end", "in", "out"}
	if s["0"] == 0 && s["1"] > 0 {
		keys = []string{"none", "in", "out"}
	}
	value := fmt.Sprintf("--status %d", c+1)
	for _, text := range s.sorted() {
		key := "none"
		if n, err := strconv.Atoi(text); err == nil && n < len(keys) {
			key = keys[n]
		}
		value += " --key " + text + "=" + key
	}
	return reading.Answer{Value: value}
}

// told names columns with the numbers that stand in them.
func (g *grid) told(columns []int) string {
	var out []string
	for _, c := range columns {
		s := g.statusesOf(c)
		out = append(out, g.label(c)+": "+s.told(s.sorted()))
	}
	return strings.Join(out, "; ")
}
