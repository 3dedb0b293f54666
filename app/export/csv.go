package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"klokkast/app"
	"klokkast/app/timesheet"
)

// CSV writes a file by a profile, one engagement after the other.
type CSV struct {
	profile Profile
	texts   app.Texts
	out     io.Writer
	columns []columnDef
	rows    int
	unfit   *UnfitError
	started bool
}

// NewCSV makes the writer of a file. The error says what is wrong with the profile.
func NewCSV(out io.Writer, p Profile, t app.Texts) (*CSV, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	c := &CSV{profile: p, texts: t, out: out}
	for _, column := range p.Columns {
		def, _ := find(column.ID) // Check found them all
		c.columns = append(c.columns, def)
	}
	return c, nil
}

// Rows returns how many rows were written, headings apart.
func (c *CSV) Rows() int { return c.rows }

// Add writes the rows of one engagement.
func (c *CSV) Add(p *Part) error {
	if err := c.start(); err != nil {
		return err
	}
	rows := RowsOf(p, c.profile.Rows, c.profile.EveryDay)
	sums := make([]running, len(c.columns))
	for i := range rows {
		cells := make([]string, len(c.columns))
		for j := range c.columns {
			cells[j] = c.profile.write(c.columns[j].value(&rows[i], &c.profile), c.columns[j].form, &sums[j])
		}
		if err := c.line(cells); err != nil {
			return err
		}
		c.rows++
	}
	return nil
}

// Close ends the file. It fails with an *UnfitError when it holds letters that
// the encoding lacks: then the file is not to be used.
func (c *CSV) Close() error {
	if err := c.start(); err != nil {
		return err
	}
	if c.unfit != nil {
		return c.unfit
	}
	return nil
}

// start writes the mark of the encoding and the headings, once.
func (c *CSV) start() error {
	if c.started {
		return nil
	}
	c.started = true
	if c.profile.Encoding == UTF8BOM {
		if _, err := io.WriteString(c.out, "\ufeff"); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	if !c.profile.Header {
		return nil
	}
	cells := make([]string, len(c.columns))
	for i, column := range c.profile.Columns {
		heading := column.Heading
		if heading == "" {
			heading = Heading(c.texts, column.ID)
		}
		cells[i] = safe(heading)
	}
	return c.line(cells)
}

// line writes one line, its letters in the file's encoding.
func (c *CSV) line(cells []string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = rune(c.profile.Delimiter[0]), true
	if err := w.Write(cells); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	w.Flush()
	line := b.Bytes()
	if c.profile.Encoding == Windows1252 {
		line = c.encode(b.String())
	}
	if _, err := c.out.Write(line); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

// encode writes a line in Windows-1252 and keeps in mind what it lacks.
func (c *CSV) encode(line string) []byte {
	out := make([]byte, 0, len(line))
	for _, r := range norm.NFC.String(line) {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			if c.unfit == nil {
				c.unfit = &UnfitError{Encoding: c.profile.Encoding}
			}
			c.unfit.note(r)
			continue
		}
		out = append(out, b)
	}
	return out
}

// UnfitError says which letters an encoding cannot write.
type UnfitError struct {
	Encoding Encoding
	Letters  []rune // each once, in the order in which they came
}

func (e *UnfitError) note(r rune) {
	const enough = 20
	if len(e.Letters) < enough && !strings.ContainsRune(string(e.Letters), r) {
		e.Letters = append(e.Letters, r)
	}
}

// Error names encoding and letters, which are nobody's data each alone.
func (e *UnfitError) Error() string {
	return fmt.Sprintf("export: %s lacks %q", e.Encoding, string(e.Letters))
}

// TextKey words it for people.
func (e *UnfitError) TextKey() (string, map[string]any) {
	var all []string
	for _, r := range e.Letters {
		all = append(all, fmt.Sprintf("%c (U+%04X)", r, r))
	}
	return "error.export.unfit", map[string]any{"Encoding": string(e.Encoding), "Letters": strings.Join(all, ", "), "Example": string(UTF8BOM)}
}

// write returns the text of a cell. Texts are defused; figures stay figures, also negative ones.
func (p *Profile) write(c cell, f form, sum *running) string {
	switch {
	case c.figure != nil:
		return p.figure(*c.figure, f, sum)
	case c.number != nil:
		return strconv.Itoa(*c.number)
	case c.day != 0:
		return p.date(c.day)
	}
	return safe(c.text)
}

// figure writes minutes; decimal hours are rounded to hundredths.
func (p *Profile) figure(m timesheet.Minutes, f form, sum *running) string {
	switch f {
	case clockHours:
		return m.String()
	case wholeMinutes:
		return strconv.Itoa(int(m))
	}
	sign, n := "", sum.hundredths(m)
	if n < 0 {
		sign, n = "-", -n
	}
	point := "."
	if p.DecimalComma {
		point = ","
	}
	return fmt.Sprintf("%s%d%s%02d", sign, n/100, point, n%100)
}

// running rounds a column's figures to hundredths of an hour so that those of an engagement's rows add up to their rounded
// total: what rounding took from a row or gave it, the next ones make good. None is off by a whole hundredth.
type running struct {
	minutes timesheet.Minutes // of the rows so far
	written int               // in hundredths
}

func (r *running) hundredths(m timesheet.Minutes) int {
	r.minutes += m
	before := r.written
	r.written = hundredths(r.minutes)
	return r.written - before
}

// hundredths rounds minutes to hundredths of an hour, halves away from zero.
func hundredths(m timesheet.Minutes) int {
	n := int(m)
	if n < 0 {
		return -hundredths(-m)
	}
	return (n*100 + 30) / 60
}

// safe makes a text fit for a cell: nothing that a program takes for a formula,
// and one line.
func safe(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, timesheet.Cell(s))
}
