package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"

	"klokkast/app"
)

func (r *run) speak(l app.Language) { r.say = r.parts.Texts.For(l) }

// t returns a text of the catalogue area cli; args are names and values in turn.
func (r *run) t(key string, args ...any) string { return r.say.T("cli."+key, args...) }

// n returns a text in the plural form of count.
func (r *run) n(key string, count int, args ...any) string {
	return r.say.N("cli."+key, count, args...)
}

// line prints one line of human output, made harmless.
func (r *run) line(s string) { fmt.Fprintln(r.parts.Out, clean(s)) }

// aside prints one line on standard error: progress, hints, complaints. With
// --json it is the only place for them.
func (r *run) aside(s string) { fmt.Fprintln(r.parts.Err, clean(s)) }

// print writes the one JSON object of a command.
func (r *run) print(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if _, err := io.WriteString(r.parts.Out, escape(b.String())); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// escape writes as \u… what JSON allows as it is but a terminal may obey: names
// stay what they are, and harm nobody who looks at the answer.
func escape(s string) string {
	if strings.IndexFunc(s, dangerous) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case !dangerous(c):
			b.WriteRune(c)
		case c > 0xFFFF:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&b, "\\u%04x", c)
		}
	}
	return b.String()
}

// dangerous says that a terminal may do something at a character besides
// showing it: control characters, and what turns the direction of writing.
func dangerous(c rune) bool {
	return c != '\n' && unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// clean takes out of a text what could do something to a terminal. Names and
// labels come from boxes and files of strangers: control characters, escape
// sequences and what turns the direction of writing never reach the screen.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t' || c == '\n' || c == '\r':
			return ' '
		case dangerous(c):
			return -1
		}
		return c
	}, s)
}

// table is a small aligned table for people: two spaces between columns, no lines.
type table struct {
	head  []string
	right map[int]bool // columns of numbers
	rows  [][]string
}

func newTable(head ...string) *table { return &table{head: head, right: map[int]bool{}} }

// numbers marks columns, from 0, whose cells stand at the right.
func (t *table) numbers(columns ...int) *table {
	for _, c := range columns {
		t.right[c] = true
	}
	return t
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	all := append([][]string{t.head}, t.rows...)
	wide := make([]int, len(t.head))
	for _, row := range all {
		for i, c := range row {
			row[i] = clean(c)
			wide[i] = max(wide[i], columns(row[i]))
		}
	}
	for _, row := range all {
		var b strings.Builder
		for i, c := range row {
			gap := strings.Repeat(" ", wide[i]-columns(c))
			if t.right[i] {
				b.WriteString(gap + c)
			} else {
				b.WriteString(c + gap)
			}
			b.WriteString("  ")
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// columns returns how many columns of a terminal a text takes.
func columns(s string) int {
	n := 0
	for _, c := range s {
		switch {
		case unicode.Is(unicode.Mn, c):
		case wideRune(c):
			n += 2
		default:
			n++
		}
	}
	return n
}

func wideRune(c rune) bool {
	if c < 0x1100 {
		return false
	}
	k := width.LookupRune(c).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// more says how many rows a table left out.
func (r *run) more(rows int) {
	if rows > 0 {
		r.line(r.n("more", rows))
	}
}

func (r *run) table(t *table) { t.write(r.parts.Out) }

// meter shows how far long work is, on one line of a terminal; elsewhere it is silent.
type meter struct {
	w     io.Writer
	label string
	last  time.Time
	mu    sync.Mutex
	shown int
}

// progress returns a meter and the function that feeds it.
func (r *run) progress(label string) (*meter, func(done, total int)) {
	m := &meter{label: clean(label)}
	if isTerminal(r.parts.Err) && !r.json {
		m.w = r.parts.Err
	}
	return m, m.show
}

func (m *meter) show(done, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.w == nil || (time.Since(m.last) < 100*time.Millisecond && done != total) {
		return
	}
	m.last = time.Now()
	s := fmt.Sprintf("%s  %d", m.label, done)
	if total > 0 {
		s = fmt.Sprintf("%s  %d/%d  %d %%", m.label, done, total, done*100/total)
	}
	m.say(s)
}

// turn shows what is being done now, of which nothing can be counted.
func (m *meter) turn(label string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.w != nil {
		m.say(clean(label))
	}
}

// say writes over what the line says.
func (m *meter) say(s string) {
	pad := max(0, m.shown-utf8.RuneCountInString(s))
	m.shown = utf8.RuneCountInString(s)
	fmt.Fprint(m.w, "\r"+s+strings.Repeat(" ", pad))
}

// end clears the meter's line, so that what follows begins at its start.
func (m *meter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.w != nil && m.shown > 0 {
		fmt.Fprint(m.w, "\r"+strings.Repeat(" ", m.shown)+"\r")
		m.shown = 0
	}
}

// dropped returns what says, once, that a cable drops and its box is read on in smaller pieces.
func (m *meter) dropped(r *run) func(piece int) {
	var once sync.Once
	return func(piece int) {
		once.Do(func() {
			m.end()
			r.aside(r.say.N("reading.dropped", piece))
		})
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
