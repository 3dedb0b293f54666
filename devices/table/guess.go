package table

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"klokkast/app/reading"
)

// moment is how much of a time a text holds.
type moment int

const (
	wholeTime moment = iota
	dateOnly
	clockOnly
)

// guess is a layout that a text may be written in. A weak one is of digits alone, which may as well be any other number.
type guess struct {
	holds  moment
	layout string
	weak   bool
}

// longestTime is the longest text that is looked at as a time, in bytes.
const longestTime = 48

type token struct {
	kind rune // n digits, w letters, ' ' blanks, else the sign itself
	text string
	role string // what stands for it in the layout
	done bool
}

// scan cuts a text into numbers, words, blanks and signs.
func scan(text string) []*token {
	var out []*token
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		kind := r
		is := func(x rune) bool { return false }
		switch {
		case r >= '0' && r <= '9':
			kind, is = 'n', func(x rune) bool { return x >= '0' && x <= '9' }
		case unicode.IsLetter(r):
			kind, is = 'w', unicode.IsLetter
		case unicode.IsSpace(r):
			kind, is = ' ', unicode.IsSpace
		}
		for size < len(text) {
			x, n := utf8.DecodeRuneInString(text[size:])
			if !is(x) {
				break
			}
			size += n
		}
		out = append(out, &token{kind: kind, text: text[:size]})
		text = text[size:]
	}
	return out
}

// shapeOf returns what of a text decides on its guesses: how many digits stand where, not which.
func shapeOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '9'
		}
		return r
	}, text)
}

// guesses returns the layouts that a text may be written in, where day and month may be either the day first: this is Belgium.
func guesses(text string) []guess {
	if len(text) < 3 || len(text) > longestTime || !hasDigit(text) {
		return nil
	}
	text = strings.NewReplacer("a.m.", "am", "p.m.", "pm", "A.M.", "AM", "P.M.", "PM", "v.m.", "vm", "n.m.", "nm").Replace(text)
	t := scan(text)
	if len(t) > 24 {
		return nil
	}
	if len(t) == 1 || len(t) == 3 && strings.ContainsAny(t[1].text, ".,") && len(t[0].text) == 5 {
		return ofDigits(t)
	}
	begin, end := markClock(t)
	if end > 0 {
		markHalfDay(t, begin, end)
		markZone(t, end)
	}
	if last := t[len(t)-1]; end == 0 && last.text == "Z" && len(t) == 4 { // 20261102T065812Z
		last.take("Z")
	}
	out := dotted(t)
	dates := markDates(t, end > 0)
	for _, date := range dates {
		layout, ok := written(t, date)
		if !ok {
			return nil
		}
		g := guess{wholeTime, layout, false}
		switch {
		case end == 0 && len(date) == 0:
			return out
		case end == 0 && date.clock():
			g.weak = true
		case end == 0:
			g.holds = dateOnly
		case len(date) == 0:
			g.holds = clockOnly
		}
		out = append(out, g)
	}
	return out
}

// ofDigits guesses at a text of nothing but digits, or of a number with decimals.
func ofDigits(t []*token) []guess {
	weak := func(holds moment, layouts ...string) (out []guess) {
		for _, l := range layouts {
			out = append(out, guess{holds, l, true})
		}
		return out
	}
	if len(t) == 3 {
		if t[0].kind == 'n' && t[2].kind == 'n' { // an amount has fewer decimals
			return []guess{{wholeTime, "serial", len(t[2].text) < 4}}
		}
		return nil
	}
	switch len(t[0].text) {
	case 14:
		return weak(wholeTime, "YYYYMMDDhhmmss", "DDMMYYYYhhmmss", "MMDDYYYYhhmmss")
	case 13:
		return weak(wholeTime, "epochms")
	case 12:
		return weak(wholeTime, "YYYYMMDDhhmm", "DDMMYYYYhhmm", "YYMMDDhhmmss", "DDMMYYhhmmss")
	case 10:
		return weak(wholeTime, "epoch")
	case 8:
		return weak(dateOnly, "YYYYMMDD", "DDMMYYYY", "MMDDYYYY")
	case 7:
		return weak(dateOnly, "DDMMYYYY", "MMDDYYYY")
	case 6:
		return append(weak(dateOnly, "DDMMYY", "YYMMDD", "MMDDYY"), weak(clockOnly, "hhmmss")...)
	case 5:
		return append(weak(dateOnly, "serial"), weak(clockOnly, "hhmmss")...)
	case 4, 3:
		return weak(clockOnly, "hhmm")
	}
	return nil
}

// dotted guesses at a clock with dots: 06.58, 6.58.12.
func dotted(t []*token) []guess {
	switch {
	case len(t) == 3 && t[0].kind == 'n' && t[1].text == "." && t[2].kind == 'n' && len(t[0].text) <= 2 && len(t[2].text) == 2:
		return []guess{{clockOnly, "hh.mm", true}}
	case len(t) == 5 && t[0].kind == 'n' && t[1].text == "." && t[3].text == "." && len(t[0].text) <= 2 && len(t[2].text) == 2 && len(t[4].text) == 2:
		return []guess{{clockOnly, "hh.mm.ss", true}}
	}
	return nil
}

// markClock gives the clock its roles, and returns its first token and the one behind it; 0 for none.
func markClock(t []*token) (begin, end int) {
	for i := 0; i+2 < len(t); i++ {
		letter := t[i+1].kind == 'w' && (strings.EqualFold(t[i+1].text, "h") || strings.EqualFold(t[i+1].text, "u"))
		if t[i].kind != 'n' || len(t[i].text) > 2 || t[i+1].kind != ':' && !letter || t[i+2].kind != 'n' || len(t[i+2].text) != 2 {
			continue
		}
		t[i].take("hh")
		t[i+1].take(":")
		if letter {
			t[i+1].take("'" + t[i+1].text + "'")
		}
		t[i+2].take("mm")
		end = i + 3
		if end+1 < len(t) && t[end].kind == ':' && t[end+1].kind == 'n' && len(t[end+1].text) == 2 {
			t[end].take(":")
			t[end+1].take("ss")
			end += 2
			if end+1 < len(t) && (t[end].kind == '.' || t[end].kind == ',') && t[end+1].kind == 'n' {
				t[end].take("")
				t[end+1].take("")
				end += 2
			}
		}
		return i, end
	}
	return 0, 0
}

func (t *token) take(role string) { t.role, t.done = role, true }

// markHalfDay gives AM and PM their role, wherever they stand; a and p only right beside the clock.
func markHalfDay(t []*token, begin, end int) {
	for i, w := range t {
		if w.kind != 'w' || w.done {
			continue
		}
		beside := i == end || i == end+1 && t[end].kind == ' ' || i == begin-1 || i == begin-2 && t[i+1].kind == ' '
		short := beside && slices.Contains([]string{"a", "p"}, strings.ToLower(w.text))
		if short || slices.Contains([]string{"am", "pm", "vm", "nm"}, strings.ToLower(w.text)) {
			w.take("AM")
			return
		}
	}
}

// markZone gives the zone behind a clock its role.
func markZone(t []*token, end int) {
	i := end
	if i < len(t) && t[i].kind == ' ' {
		i++
	}
	if i >= len(t) || t[i].done {
		return
	}
	if t[i].kind == 'w' && slices.Contains([]string{"Z", "UTC", "GMT", "CET", "CEST", "MEZ", "MESZ"}, strings.ToUpper(t[i].text)) {
		t[i].take("Z")
		return
	}
	if t[i].kind != '+' && t[i].kind != '-' || i+1 >= len(t) || t[i+1].kind != 'n' || len(t[i+1].text) != 2 && len(t[i+1].text) != 4 {
		return
	}
	last := i + 1
	if len(t[last].text) == 2 && last+2 < len(t) && t[last+1].kind == ':' && slices.Contains([]string{"00", "30", "45"}, t[last+2].text) {
		last += 2
	}
	if last+1 < len(t) {
		return
	}
	for _, x := range t[i : last+1] {
		x.take("")
	}
	t[i].role = "Z"
}

// date is the roles of a date's tokens, in their order; none where the text holds no date.
type date []string

// clock says that the last of them is a clock without signs.
func (d date) clock() bool { return len(d) > 0 && strings.HasPrefix(d[len(d)-1], "hh") }

// markDates returns what the numbers and words that are left may be of a date. No date at all is one that is empty.
func markDates(t []*token, clock bool) []date {
	var numbers, words []*token
	for _, x := range t {
		switch {
		case x.done:
		case x.kind == 'n':
			numbers = append(numbers, x)
		case x.kind == 'w' && !filler(x.text):
			words = append(words, x)
		}
	}
	sizes := make([]int, len(numbers))
	for i, n := range numbers {
		sizes[i] = len(n.text)
	}
	switch {
	case len(numbers) == 0 && len(words) == 0:
		return []date{nil}
	case len(numbers) == 3 && weekdays(words):
		return ofThree(sizes)
	case len(numbers) == 2 && len(words) > 0 && reading.IsMonth(words[len(words)-1].text) && weekdays(words[:len(words)-1]):
		words[len(words)-1].take("MMM")
		return ofTwo(sizes)
	case len(numbers) == 2 && len(words) == 0 && !clock && (sizes[0] == 8 || sizes[0] == 6) && sizes[1] >= 3 && sizes[1] <= 6:
		at := "hhmm"
		if sizes[1] > 4 {
			at = "hhmmss"
		}
		return compact(sizes[0], at)
	case len(numbers) == 1 && len(words) == 0 && clock && sizes[0] >= 5 && sizes[0] <= 8:
		if sizes[0] == 5 {
			return []date{{"serial"}}
		}
		return compact(sizes[0], "")
	}
	return nil
}

func weekdays(words []*token) bool {
	for _, w := range words {
		if !reading.IsWeekday(w.text) {
			return false
		}
		w.take("DDD")
	}
	return true
}

func ofThree(sizes []int) []date {
	switch {
	case sizes[0] == 4 && sizes[1] <= 2 && sizes[2] <= 2:
		return []date{{"YYYY", "MM", "DD"}}
	case sizes[0] > 2 || sizes[1] > 2:
		return nil
	case sizes[2] == 4:
		return []date{{"DD", "MM", "YYYY"}, {"MM", "DD", "YYYY"}}
	case sizes[2] == 2 && sizes[0] == 2:
		return []date{{"DD", "MM", "YY"}, {"MM", "DD", "YY"}, {"YY", "MM", "DD"}}
	case sizes[2] == 2:
		return []date{{"DD", "MM", "YY"}, {"MM", "DD", "YY"}}
	case sizes[2] == 1 && sizes[0] == 2:
		return []date{{"YY", "MM", "DD"}}
	}
	return nil
}

// ofTwo is day and year beside a month by name.
func ofTwo(sizes []int) []date {
	switch {
	case sizes[0] == 4:
		return []date{{"YYYY", "DD"}}
	case sizes[1] == 4:
		return []date{{"DD", "YYYY"}}
	case sizes[0] <= 2 && sizes[1] == 2:
		return []date{{"DD", "YY"}}
	}
	return nil
}

// compact is a date of digits alone, with or without a clock of digits alone behind it.
func compact(size int, clock string) (out []date) {
	forms := []string{"YYYYMMDD", "DDMMYYYY", "MMDDYYYY"}
	switch size {
	case 7:
		forms = forms[1:]
	case 6:
		forms = []string{"DDMMYY", "YYMMDD", "MMDDYY"}
	case 5:
		return nil
	}
	for _, f := range forms {
		d := date{f}
		if clock != "" {
			d = append(d, clock)
		}
		out = append(out, d)
	}
	return out
}

// filler says that a word may stand in a time and says nothing.
func filler(word string) bool {
	return slices.Contains([]string{"T", "t", "om", "at", "a", "à", "um", "de", "den", "le", "uur", "uhr", "Uhr", "h", "u", "der"}, word)
}

// written puts the layout of a text together; not ok where it has signs that no layout holds.
func written(t []*token, d date) (layout string, ok bool) {
	var b strings.Builder
	next := 0
	for i, x := range t {
		switch {
		case x.done && x.role == "DDD" && i+1 < len(t) && t[i+1].kind == '.', x.done && x.role == "MMM" && i+1 < len(t) && t[i+1].kind == '.':
			b.WriteString(x.role)
			t[i+1].take("") // a dot is the name's
		case x.done:
			b.WriteString(x.role)
		case x.kind == 'n':
			if next >= len(d) {
				return "", false
			}
			b.WriteString(d[next])
			next++
		case x.kind == ' ':
			b.WriteByte(' ')
		case x.kind == 'w' && (x.text == "T" || x.text == "t"):
			b.WriteByte('T')
		case x.kind == 'w', strings.ContainsRune("()[]", x.kind):
			b.WriteString("'" + x.text + "'")
		case strings.ContainsRune("/-.:,", x.kind):
			b.WriteString(x.text)
		default:
			return "", false
		}
	}
	return strings.TrimSpace(b.String()), next == len(d)
}
