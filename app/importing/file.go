package importing

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/reading"
)

// What a file may hold at most: far more than the staff of any company, far
// less than what would stop a laptop.
const (
	maxFile = 10 << 20 // bytes
	maxLine = 64 << 10 // bytes, as UTF-8
	maxCell = 300      // characters
	maxRows = 100_000
	// maxShown is how much of a heading that nobody knows is shown, in characters: what stands there may be anything.
	maxShown = 60
)

// table is a file cut into cells, its headings recognised.
type table struct {
	headings []string // per position, as they stand in the file
	rows     []row
	problems []*Problem
	dates    dateReader
	known    []columnNames
	source
}

type row struct {
	line  int
	cells []string
	raw   string // as it stands in the file, without its line end
}

// source is a file's rows as they stand in it, to say what stands where.
type source struct {
	digest    string // SHA-256 of the file, hex
	delimiter byte
	head      row
	profile   *Profile    // by which it was read; nil: by titles that everybody knows
	columns   []column    // per position; "" where the heading is unknown or repeated
	at        map[int]row // by line, those that could not be cut too
}

// value returns what stands in a cell, personal numbers masked; "" for what is no cell.
func (s *source) value(line int, heading string) string {
	r, ok := s.at[line]
	i := slices.Index(s.head.cells, heading)
	if !ok || heading == "" || i < 0 || i >= len(r.cells) {
		return ""
	}
	if c := s.columns[i]; c == colSSIN || c == colLimosa {
		return app.Secret(plain(r.cells[i])).Masked()
	}
	v := []rune(identity.Mask(r.cells[i]))
	if len(v) > maxShown {
		return string(v[:maxShown]) + "…"
	}
	return string(v)
}

// titles returns the line of the titles, as it stands in the file; before it, a
// word for spreadsheets where nobody would guess the separator.
func (s *source) titles() string {
	if strings.IndexByte(";,\t", s.delimiter) < 0 {
		return "sep=" + string(s.delimiter) + "\r\n" + s.head.raw
	}
	return s.head.raw
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// refused returns the rows of these lines as they stand in the file.
func (s *source) refused(lines map[int]bool) (out []RefusedRow) {
	for line := range lines {
		if r, ok := s.at[line]; ok {
			out = append(out, RefusedRow{line, r.raw})
		}
	}
	slices.SortFunc(out, func(a, b RefusedRow) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

// readTable reads a whole file. The error is a *Reason where the file is not a
// list of this sort, else what the reader said.
func readTable(r io.Reader, h how) (*table, error) {
	raw, err := readAll(r)
	if err != nil {
		return nil, err
	}
	h.recognise(raw)
	file, err := h.open(raw)
	if err != nil {
		return nil, err
	}
	rest := &lookedAhead{rows: file.rows}
	begin := rest.look(maxBefore)
	if len(begin) == 0 {
		return nil, because("empty")
	}
	if begin[0].err != nil {
		return nil, noHeadings(begin[0].line, begin[0].err)
	}
	t := &table{known: columnsOf(h.kind), source: source{digest: digestOf(raw), delimiter: file.delimiter, at: map[int]row{}}}
	if err := t.begin(begin, h); err != nil {
		return nil, err
	}
	rest.skip(t.head.line)
	t.problems = append(t.problems, file.notes...)
	if err := t.readRows(rest); err != nil {
		return nil, err
	}
	t.orderDates()
	return t, nil
}

func readAll(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if len(raw) > maxFile {
		return nil, because("tooLarge", "Limit", maxFile>>20)
	}
	return raw, nil
}

// rowSource gives rows one after the other; the error is io.EOF or a *Reason about that row alone.
type rowSource interface{ next() (row, error) }

// opened is a file cut into rows, with what is worth knowing of how.
type opened struct {
	rows      rowSource
	delimiter byte
	notes     []*Problem
}

// open cuts a file into rows. The error is a *Reason too where a person must say
// first in which letters it is written.
func (h how) open(raw []byte) (opened, error) {
	if isWorkbook(raw) && h.decoder != nil {
		return h.sheet(raw)
	}
	encoding := reading.UTF8
	if h.profile != nil {
		encoding = h.profile.Encoding
	}
	text, found, err := decode(raw, encoding, h.decoder)
	if err != nil {
		return opened{}, err
	}
	if len(found.Others) > 0 && !h.looks {
		return opened{}, because("lettersAsk", "Readings", readings(found))
	}
	s := &scanner{text: sameLineEnds(text), line: 1}
	s.delimiter = sniff(s, h.titles())
	if h.profile != nil && len(h.profile.Separator) == 1 && strings.IndexByte(";,\t|", h.profile.Separator[0]) < 0 {
		s.delimiter = h.profile.Separator[0] // the usual ones are found out: another export may have another
	}
	out := opened{rows: s, delimiter: s.delimiter}
	if found.Encoding == reading.CP850 || found.Encoding == reading.Macintosh { // what few programs write: to be looked at
		out.notes = append(out.notes, problem(Note, 0, "", because("note.letteringOld", "Readings", readings(found))))
	}
	return out, nil
}

// readings are the encodings that fit a text, each with some of its words.
func readings(found reading.Lettering) string {
	var all []string
	for _, l := range append([]reading.Lettering{found}, found.Others...) {
		all = append(all, string(l.Encoding)+": "+identity.Mask(l.Words))
	}
	return strings.Join(all, "; ")
}

// recognise finds the kept profile of a file whose letters or sheet only it tells.
func (h *how) recognise(raw []byte) {
	if h.profile != nil || isUnicode(raw) {
		return
	}
	for i, p := range h.kept {
		if p.Encoding == reading.UTF8 && p.Sheet == "" {
			continue
		}
		trial := how{kind: h.kind, profile: &h.kept[i], decoder: h.decoder}
		file, err := trial.open(raw)
		if err != nil {
			continue
		}
		for _, r := range (&lookedAhead{rows: file.rows}).look(maxBefore) {
			if r.err == nil && p.fits(r.cells) {
				h.profile = &h.kept[i]
				return
			}
		}
	}
}

// sheet opens a workbook: the sheet of the profile, else the first whose rows have
// the titles of such a list, else the first that holds anything.
func (h how) sheet(raw []byte) (opened, error) {
	name := ""
	if h.profile != nil {
		name = h.profile.Sheet
	}
	cells, used, sheets, err := h.decoder.Sheet(raw, name)
	if err != nil {
		return opened{}, err
	}
	for i := 0; name == "" && i < len(sheets) && !h.isList(cells); i++ {
		other, found, _, err := h.decoder.Sheet(raw, sheets[i])
		if err == nil && h.isList(other) {
			cells, used = other, found
		}
	}
	out := opened{rows: &sheetRows{cells: cells}, delimiter: ';'}
	if len(sheets) > 1 && name == "" {
		out.notes = append(out.notes, problem(Note, 0, "", because("note.sheet", "Sheet", used, "Sheets", strings.Join(sheets, ", "))))
	}
	return out, nil
}

// isList says that one of the first rows has the titles that such a list needs.
func (h how) isList(cells [][]string) bool {
	t := table{known: columnsOf(h.kind)}
	for _, r := range (&lookedAhead{rows: &sheetRows{cells: cells}}).look(maxBefore) {
		if t.titled(r.row, h.titles()) {
			return true
		}
	}
	return false
}

// sheetRows are the rows of a sheet. Each is kept as a line of CSV would have it.
type sheetRows struct {
	cells [][]string
	line  int
}

func (s *sheetRows) next() (row, error) {
	if s.line == len(s.cells) {
		return row{}, io.EOF
	}
	cells := s.cells[s.line]
	s.line++
	r := row{line: s.line}
	raw := make([]string, 0, len(cells))
	for _, c := range cells {
		r.cells = append(r.cells, clean(c))
		if strings.ContainsAny(c, ";\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		raw = append(raw, c)
	}
	r.raw = strings.Join(raw, ";")
	return r, nil
}

// maxBefore is how many rows are looked at to find the titles.
const maxBefore = 20

// lookedAhead gives rows of which the first were looked at before.
type lookedAhead struct {
	rows  rowSource
	ahead []aheadRow
}

type aheadRow struct {
	row
	err error
}

// look returns the first rows that hold anything, n at most.
func (l *lookedAhead) look(n int) (begin []aheadRow) {
	for len(begin) < n {
		r, err := l.rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		l.ahead = append(l.ahead, aheadRow{r, err})
		if err != nil || !blank(r.cells) {
			begin = append(begin, aheadRow{r, err})
		}
	}
	return begin
}

// skip leaves out the rows up to a line.
func (l *lookedAhead) skip(line int) {
	l.ahead = slices.DeleteFunc(l.ahead, func(r aheadRow) bool { return r.line <= line })
}

func (l *lookedAhead) next() (row, error) {
	if len(l.ahead) == 0 {
		return l.rows.next()
	}
	first := l.ahead[0]
	l.ahead = l.ahead[1:]
	return first.row, first.err
}

// begin finds the row of the titles and recognises them.
func (t *table) begin(begin []aheadRow, h how) error {
	var good []row
	for _, r := range begin {
		if r.err == nil {
			good = append(good, r.row)
		}
	}
	profile, err := h.choose(good)
	if err != nil {
		return err
	}
	columns := spellings(t.known)
	if profile != nil {
		columns, t.profile = profile.spelled(), profile
		dates, err := newDateReader(profile.Dates)
		if err != nil {
			return err
		}
		t.dates = *dates
	}
	head := good[0]
	if i := slices.IndexFunc(good, func(r row) bool { return t.titled(r, columns) }); i >= 0 {
		head = good[i]
	}
	t.head = head
	if err := t.recognise(head, t.known, columns); err != nil {
		return err
	}
	if n := slices.IndexFunc(begin, func(r aheadRow) bool { return r.line == head.line }); n > 0 {
		t.problems = append(t.problems, problem(Note, head.line, "", because("note.linesBefore", "Count", n)))
	}
	return nil
}

// titled says that a row has the titles that a list needs.
func (t *table) titled(r row, columns map[string]column) bool {
	have := map[column]bool{}
	for _, c := range r.cells {
		have[columns[plain(c)]] = true
	}
	for _, k := range t.known {
		if k.required && !have[k.column] && !(k.column == colFamilyName && have[colFullName]) {
			return false
		}
	}
	return true
}

// orderDates finds out whether the month stands before the day in the file's dates, and says so.
func (t *table) orderDates() {
	var days []dateCell
	for i, c := range t.columns {
		for _, r := range t.rows {
			if isDay(c) && i < len(r.cells) {
				days = append(days, dateCell{r.line, r.cells[i]})
			}
		}
	}
	if line, is := monthFirst(days); is && t.dates.layout == nil {
		t.dates.monthFirst = true
		t.problems = append(t.problems, problem(Note, 0, "", because("note.monthFirst", "Line", line)))
	}
}

// noHeadings is why a first line that cannot be read holds no headings.
func noHeadings(line int, why error) error {
	var r *Reason
	if errors.As(why, &r) && r.Code == "lineTooLong" {
		return because("headingsTooLong", "Line", line, "Length", r.Args["Length"], "Limit", r.Args["Limit"])
	}
	return because("noHeadings")
}

// recognise matches the headings. A file whose headings are nearly all unknown
// has none, and what stands there may be people: it is refused without naming any.
func (t *table) recognise(head row, known []columnNames, columns map[string]column) error {
	t.headings = head.cells
	t.columns = make([]column, len(head.cells))
	seen := map[column]bool{}
	found := 0
	var problems []*Problem
	for i, heading := range head.cells {
		if strings.TrimSpace(heading) == "" {
			continue
		}
		c := columns[plain(heading)]
		shown := identity.Mask(heading)
		if r := []rune(shown); len(r) > maxShown {
			shown = string(r[:maxShown]) + "…"
		}
		switch {
		case c == "" && t.profile != nil && t.profile.knows(heading): // somebody decided on it
		case c == "":
			problems = append(problems, problem(Note, head.line, shown, because("columnUnknown")))
		case seen[c]:
			problems = append(problems, problem(Note, head.line, shown, because("columnTwice")))
		default:
			t.columns[i], seen[c] = c, true
			found++
		}
	}
	if found == 0 {
		return because("noHeadings")
	}
	for _, k := range known {
		if k.required && !seen[k.column] && !(k.column == colFamilyName && seen[colFullName]) {
			return because("columnMissing", "Heading", k.headings[3][0])
		}
	}
	t.problems = problems
	return nil
}

// readRows reads the rows behind the headings. The error is a *Reason where there are more than any list has.
func (t *table) readRows(s rowSource) error {
	for {
		r, err := s.next()
		if err != nil || !blank(r.cells) {
			t.at[r.line] = r
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case len(t.rows)+len(t.problems) >= maxRows:
			return because("tooManyRows", "Limit", maxRows)
		case err != nil:
			t.problems = append(t.problems, problem(Refused, r.line, "", err))
		case blank(r.cells):
		case isExample(r.cells):
			t.problems = append(t.problems, problem(Note, r.line, "", because("note.example")))
		case len(r.cells) > len(t.columns) && !blank(r.cells[len(t.columns):]):
			t.problems = append(t.problems, problem(Refused, r.line, "", because("tooManyCells")))
		default:
			t.rows = append(t.rows, r)
		}
	}
}

// isWorkbook says that a file begins as workbooks (xlsx) do.
func isWorkbook(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

// isUnicode says that a text is in UTF-8 or UTF-16.
func isUnicode(raw []byte) bool {
	return utf8.Valid(raw) && bytes.IndexByte(raw, 0) < 0 || bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff"))
}

// decode returns the file's text in UTF-8, whichever encoding a spreadsheet chose.
// What is not UTF-8 or UTF-16 is Windows-1252, unless the decoder finds better.
func decode(raw []byte, e reading.Encoding, d Decoder) (text string, found reading.Lettering, err error) {
	switch {
	case isWorkbook(raw), bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", found, because("spreadsheet")
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return decodeUTF16(raw[2:], binary.LittleEndian), found, nil
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return decodeUTF16(raw[2:], binary.BigEndian), found, nil
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	zeros := bytes.IndexByte(raw, 0) >= 0
	switch {
	case !zeros && utf8.Valid(raw): // no text in another encoding is so by chance
		return string(raw), found, nil
	case d != nil:
		text, found = d.Letters(raw, e)
	case !zeros:
		b, _ := charmap.Windows1252.NewDecoder().Bytes(raw) // each byte is a letter of it
		text = string(b)
	}
	if text == "" || strings.IndexByte(text, 0) >= 0 {
		return "", found, because("notText")
	}
	return text, found, nil
}

// sameLineEnds puts LF for the line ends that only some programs write: LF CR, vertical tab, form feed and those of
// Unicode. LF, CR LF and CR are told apart by lineEnd.
func sameLineEnds(text string) string {
	return strings.NewReplacer("\n\r\n", "\n\r\n", "\n\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
}

func decodeUTF16(raw []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// sniff returns the delimiter under which one of the first lines holds most known
// headings, else most cells. Excel's own "sep=;" line is obeyed and skipped.
func sniff(s *scanner, columns map[string]column) byte {
	end, next := lineEnd(s.text, 0)
	first, rest := s.text[:end], s.text[next:]
	if len(first) == 5 && strings.EqualFold(first[:4], "sep=") {
		s.text, s.line = rest, 2
		return first[4]
	}
	for s.text != "" && (s.text[0] == '\n' || s.text[0] == '\r') {
		_, _ = s.next()
	}
	best, most := byte(';'), -1
	for _, delimiter := range []byte{';', ',', '\t', '|'} {
		trial := &lookedAhead{rows: &scanner{text: s.text, line: s.line, delimiter: delimiter}}
		for _, r := range trial.look(maxBefore) {
			score := min(len(r.cells), 99)
			for _, cell := range r.cells {
				if columns[plain(cell)] != "" {
					score += 100
				}
			}
			if r.err == nil && score > most {
				best, most = delimiter, score
			}
		}
	}
	return best
}

// scanner cuts text into rows after RFC 4180. Unlike encoding/csv it goes on
// with the next line after a quote that is never closed: one bad row must not
// swallow those behind it.
type scanner struct {
	text      string
	line      int // of what text begins with
	delimiter byte
}

// next returns the next row with the line on which it begins. The error is
// io.EOF or a *Reason about this row alone.
func (s *scanner) next() (row, error) {
	if s.text == "" {
		return row{}, io.EOF
	}
	r := row{line: s.line}
	if end, size := lineEnd(s.text[:min(len(s.text), 2)], 0); end == 0 { // an empty line; some files are full of them
		s.line, s.text = s.line+1, s.text[size:]
		return r, nil
	}
	cells, size, err := s.cut()
	if err != nil {
		var end int
		end, size = lineEnd(s.text, 0)
		switch {
		case end > maxLine:
			err = because("lineTooLong", "Limit", maxLine>>10, "Length", end)
		case errors.Is(err, errLong): // a quote before made one row of several lines
			err = because("quote")
		}
	}
	r.raw = strings.TrimRight(s.text[:size], "\r\n")
	s.line += countLines(s.text[:size])
	s.text = s.text[size:]
	r.cells = cells
	return r, err
}

// cut reads one row from the start of the text and gives its size with its line end.
func (s *scanner) cut() (cells []string, size int, err error) {
	at := 0
	for {
		var cell string
		if at < len(s.text) && s.text[at] == '"' {
			cell, at, err = s.quoted(at + 1)
		} else {
			cell, at, err = s.bare(at)
		}
		if err != nil {
			return nil, 0, err
		}
		cells = append(cells, clean(cell))
		if at < len(s.text) && s.text[at] == s.delimiter {
			at++
			continue
		}
		_, size = lineEnd(s.text, at)
		return cells, size, nil
	}
}

// errLong is a row that goes on beyond the longest line; next says how long its line is.
var errLong = errors.New("a row without an end")

// bare reads a cell without quotes up to a delimiter or the line's end.
func (s *scanner) bare(from int) (string, int, error) {
	at := from
	for at < len(s.text) && s.text[at] != s.delimiter && s.text[at] != '\n' && s.text[at] != '\r' {
		if at++; at > maxLine {
			return "", 0, errLong
		}
	}
	return s.text[from:at], at, nil
}

// quoted reads a cell behind its opening quote; it may hold delimiters, line ends and doubled quotes.
func (s *scanner) quoted(from int) (string, int, error) {
	var cell strings.Builder
	for at := from; at < len(s.text); at++ {
		switch {
		case at > maxLine:
			return "", 0, because("quote")
		case s.text[at] != '"':
			cell.WriteByte(s.text[at])
		case at+1 < len(s.text) && s.text[at+1] == '"':
			cell.WriteByte('"')
			at++
		case at+1 == len(s.text) || s.text[at+1] == s.delimiter || s.text[at+1] == '\n' || s.text[at+1] == '\r':
			return cell.String(), at + 1, nil
		default:
			return "", 0, because("quote")
		}
	}
	return "", 0, because("quote")
}

// lineEnd returns where the line that holds position from ends, without and with
// its line end: LF, CR LF or the CR of old Macintosh programs.
func lineEnd(text string, from int) (end, next int) {
	i := strings.IndexAny(text[from:], "\r\n")
	if i < 0 {
		return len(text), len(text)
	}
	end = from + i
	if strings.HasPrefix(text[end:], "\r\n") {
		return end, end + 2
	}
	return end, end + 1
}

func countLines(text string) int {
	return strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n")
}

// clean returns a cell as it was meant: composed letters, single blanks, no
// control characters, and without what spreadsheets and our own exports add to
// keep a text a text (="0123", '0123, '=…).
func clean(cell string) string {
	cell = strings.TrimSpace(cell)
	if strings.HasPrefix(cell, `="`) && strings.HasSuffix(cell, `"`) && len(cell) >= 3 {
		cell = cell[2 : len(cell)-1]
	}
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte("=+-@\t\r0123456789", cell[1]) >= 0 {
		cell = cell[1:]
	}
	cell = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r == '\ufeff' || r == '\u200b' {
			return -1
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, cell)
	return strings.Join(strings.Fields(norm.NFC.String(cell)), " ")
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}
