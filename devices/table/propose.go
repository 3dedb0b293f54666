package table

import (
	"slices"
	"strings"

	"klokkast/app"
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
		n := len(split(body[0], sep))
		if n < 2 || slices.ContainsFunc(body, func(l string) bool { return len(split(l, sep)) != n }) {
			continue
		}
		best.Separator = sep
		findTime(&best, body, n)
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

// reads says that a mapping finds a time in all lines but so many.
func reads(m Mapping, body []string, but int) bool {
	d, err := decoderOf(m)
	return err == nil && !slices.ContainsFunc(body, func(l string) bool {
		if _, ok := d.time(d.fields(l)); !ok {
			but--
		}
		return but < 0
	})
}

// findTime finds the column, or two columns side by side, that hold the time in
// all lines, else in at least half of them, and takes the first other column as
// the badge until a title says more.
func findTime(m *Mapping, body []string, columns int) {
	if !findTimeBut(m, body, columns, 0) {
		findTimeBut(m, body, columns, len(body)/2)
	}
}

func findTimeBut(m *Mapping, body []string, columns, but int) bool {
	for c := 1; c <= columns; c++ {
		for _, date := range dates() {
			for _, clock := range clocks() {
				for _, glue := range []string{" ", "T", "two"} {
					try := *m
					try.Date, try.Clock, try.Layout = Column{From: c}, Column{}, date+glue+clock
					if glue == "two" {
						try.Clock, try.Layout = Column{From: c + 1}, date+" "+clock
					}
					if !reads(try, body, but) {
						continue
					}
					m.Date, m.Clock, m.Layout = try.Date, try.Clock, try.Layout
					if c == 1 {
						m.Badge = Column{From: max(c, m.Clock.From) + 1}
					}
					return true
				}
			}
		}
	}
	return false
}

// skipTitles sets how many lines stand before the first that has a time.
func skipTitles(m *Mapping, lines []string) {
	d, err := decoderOf(*m)
	for m.Skip = 0; err == nil && m.Skip < len(lines); m.Skip++ {
		if _, ok := d.time(d.fields(lines[m.Skip])); ok {
			return
		}
	}
	m.Skip = 0
}

// Words of titles, in lower case: a title that begins with one of them is meant.
func badgeTitles() []string {
	return []string{"badge", "kaart", "card", "carte", "karte", "ausweis", "pin", "code", "user", "gebruiker", "utilisateur", "benutzer", "personeelsn", "personalnum",
		"matric", "nummer", "numéro", "numero", "number", "no.", "nr", "id", "ac-no"}
}

func statusTitles() []string {
	return []string{"status", "state", "richting", "direction", "sens", "type", "in/uit", "in/out", "entrée/sortie", "toets", "key", "touche", "taste", "kommen/gehen", "richtung", "statut", "beweging", "mouvement"}
}

// byTitle takes the columns of badge and status by what stands above them.
func byTitle(m *Mapping, lines []string, columns int) {
	if m.Skip > 0 {
		titles := split(strings.ToLower(lines[m.Skip-1]), m.Separator)
		if c := titled(titles, badgeTitles(), m); c > 0 {
			m.Badge = Column{From: c}
		}
		if c := titled(titles, statusTitles(), m); c > 0 && c != m.Badge.From {
			m.Status = Column{From: c}
		}
	}
	body := lines[m.Skip:]
	m.BadgeForm = formOf(values(*m, body, m.Badge))
	if !m.Status.There() { // a column in which only keys stand
		for c := 1; c <= columns && !m.Status.There(); c++ {
			if c != m.Badge.From && c != m.Date.From && c != m.Clock.From && allKeys(values(*m, body, Column{From: c})) {
				m.Status = Column{From: c}
			}
		}
	}
	if m.Status.There() {
		m.Keys = meanings(values(*m, body, m.Status))
	}
}

// titled gives the column whose title begins with the earliest of the words, but
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

// values gives the different texts of a column, ascending.
func values(m Mapping, lines []string, c Column) []string {
	d := decoder{Mapping: m}
	var out []string
	for _, l := range lines {
		out = append(out, d.fields(l)(c))
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

// keyWords are what exports write for keys, in lower case.
func keyWords() map[string]app.PunchKey {
	return map[string]app.PunchKey{
		"in": app.KeyIn, "i": app.KeyIn, "c/in": app.KeyIn, "check in": app.KeyIn, "check-in": app.KeyIn, "checkin": app.KeyIn, "entrée": app.KeyIn, "entree": app.KeyIn, "entry": app.KeyIn, "kommen": app.KeyIn, "kommt": app.KeyIn, "aankomst": app.KeyIn, "arrivée": app.KeyIn,
		"out": app.KeyOut, "o": app.KeyOut, "c/out": app.KeyOut, "check out": app.KeyOut, "check-out": app.KeyOut, "checkout": app.KeyOut, "uit": app.KeyOut, "u": app.KeyOut, "sortie": app.KeyOut, "exit": app.KeyOut, "gehen": app.KeyOut, "geht": app.KeyOut, "vertrek": app.KeyOut, "départ": app.KeyOut,
		"break out": app.KeyBreakStart, "pauze": app.KeyBreakStart, "pauze begin": app.KeyBreakStart, "pause": app.KeyBreakStart, "pause début": app.KeyBreakStart, "break start": app.KeyBreakStart,
		"break in": app.KeyBreakEnd, "pauze einde": app.KeyBreakEnd, "pause fin": app.KeyBreakEnd, "pause ende": app.KeyBreakEnd, "break end": app.KeyBreakEnd,
	}
}

func allKeys(values []string) bool {
	words := keyWords()
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { _, ok := words[strings.ToLower(v)]; return !ok })
}

// meanings proposes what statuses mean; one that is no known word means no key.
// Numbers are left to the person: their meaning differs from make to make.
func meanings(values []string) reading.Keys {
	words, out := keyWords(), reading.Keys{}
	for _, v := range values {
		if k, ok := words[strings.ToLower(v)]; ok {
			out[v] = k
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// findFixed finds the time in lines without a separator, at the same place in
// all of them; the badge stands before it or, where it begins the line, behind it.
func findFixed(m *Mapping, body []string) bool {
	shortest := len([]rune(body[0]))
	for _, l := range body {
		shortest = min(shortest, len([]rune(l)))
	}
	for from := 1; from <= shortest; from++ {
		for _, date := range dates() {
			for _, clock := range clocks() {
				for _, glue := range []string{" ", "  ", "T", ""} {
					layout := date + glue + clock
					try := *m
					try.Date, try.Layout = Column{From: from, Width: len(layout)}, strings.ReplaceAll(layout, "  ", " ")
					if from+len(layout)-1 > shortest || blankAt(body, from) || !reads(try, body, 0) {
						continue
					}
					*m = try
					m.Badge = Column{From: 1, Width: from - 1}
					if from == 1 {
						m.Badge = Column{From: from + len(layout), Width: shortest - len(layout)}
					}
					m.BadgeForm = formOf(values(*m, body, m.Badge))
					return m.Badge.From <= shortest
				}
			}
		}
	}
	return false
}

// blankAt says that a line has a blank as its nth character, from 1.
func blankAt(lines []string, n int) bool {
	return slices.ContainsFunc(lines, func(l string) bool { return []rune(l)[n-1] == ' ' })
}
