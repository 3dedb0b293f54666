package importing

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/reading"
)

// Proposal says how a list could be read, and why.
type Proposal struct {
	Profile Profile
	// Reasons say for each column why it is taken for what it is, in the order of the schema.
	Reasons []ColumnReason
	// Questions are what the file does not tell. The first of several titles is the one proposed.
	Questions []ListQuestion
	// Unused are the titles of which nothing is made.
	Unused []string
	// Lettering says how the letters are read, where the file is not in Unicode.
	Lettering *reading.Lettering
	// Sheets are those of a workbook.
	Sheets []string
	// Samples are the first rows, by column of the schema; personal numbers masked.
	Samples []map[string]string
}

// ColumnReason is why a title is taken for a column.
type ColumnReason struct {
	Column string     `json:"column"` // in the words of the schema
	Title  string     `json:"title"`
	Code   ReasonCode `json:"code"`
	Sample string     `json:"sample,omitempty"` // a value, personal numbers masked
}

// ReasonCode is a kind of reason; its text is listMapping.why.CODE.
type ReasonCode string

// Reasons of proposals.
const (
	ByTitle     ReasonCode = "title"     // the title is one that everybody knows
	ByLikeTitle ReasonCode = "likeTitle" // such a title is a part of it
	ByValues    ReasonCode = "values"    // its values are of that sort, and no other column's are
	ByProfile   ReasonCode = "profile"   // a person said so
)

// ListQuestion is what a file does not tell of how it is read.
type ListQuestion struct {
	Code   string   `json:"code"` // two, which, dates, letters, sheet; its text is listMapping.ask.CODE
	Column string   `json:"column,omitempty"`
	Titles []string `json:"titles,omitempty"` // that fit, or the values that do
}

// maxSampled is how many rows a proposal looks at, maxSamples how many it shows.
const (
	maxSampled = 1000
	maxSamples = 5
)

// Propose looks at a list and says how it could be read. With o.Profile it says
// what that makes of it. Its error is a *Reason if the file holds no rows of cells.
func Propose(r io.Reader, kind ListKind, o Options) (*Proposal, error) {
	raw, err := readAll(r)
	if err != nil {
		return nil, err
	}
	h := o.how(kind)
	h.looks = true
	file, err := h.open(raw)
	if err != nil {
		return nil, err
	}
	p := &proposer{Proposal: Proposal{Profile: Profile{Kind: kind, Columns: map[string]string{}}}, known: columnsOf(kind), taken: map[int]bool{}}
	p.of(raw, h, file.delimiter)
	rest := &lookedAhead{rows: file.rows}
	if err := p.titles(rest, h); err != nil {
		return nil, err
	}
	p.sample(rest)
	if o.Profile != nil {
		p.byProfile(o.Profile)
	} else {
		p.byTitle()
		p.byLikeTitle()
		p.byValues(o.today())
		p.missing()
	}
	p.dates(o.Profile)
	p.finish()
	return &p.Proposal, nil
}

type proposer struct {
	Proposal
	known []columnNames
	head  []string
	rows  []row
	taken map[int]bool // positions of titles of which something is made
}

// of notes what the file is made of.
func (p *proposer) of(raw []byte, h how, delimiter byte) {
	switch {
	case isWorkbook(raw) && h.decoder != nil:
		name := ""
		if h.profile != nil {
			name = h.profile.Sheet
		}
		_, used, sheets, err := h.decoder.Sheet(raw, name)
		if err != nil {
			return
		}
		p.Sheets, p.Profile.Sheet = sheets, used
		if len(sheets) > 1 && name == "" {
			p.Questions = append(p.Questions, ListQuestion{Code: "sheet", Titles: sheets})
		}
	default:
		p.Profile.Separator = string(delimiter)
		p.letters(raw, h)
	}
}

// letters notes how the letters are written, where that is not Unicode.
func (p *proposer) letters(raw []byte, h how) {
	encoding := reading.UTF8
	if h.profile != nil {
		encoding = h.profile.Encoding
	}
	if h.decoder == nil || isUnicode(raw) && encoding == reading.UTF8 {
		return
	}
	_, found := h.decoder.Letters(raw, encoding)
	p.Lettering, p.Profile.Encoding = &found, found.Encoding
	if len(found.Others) == 0 || encoding != reading.UTF8 {
		return
	}
	q := ListQuestion{Code: "letters", Titles: []string{string(found.Encoding) + ": " + found.Words}}
	for _, other := range found.Others {
		q.Titles = append(q.Titles, string(other.Encoding)+": "+other.Words)
	}
	p.Questions = append(p.Questions, q)
}

// titles finds the row of titles.
func (p *proposer) titles(rest *lookedAhead, h how) error {
	begin := rest.look(maxBefore)
	if len(begin) == 0 {
		return because("empty")
	}
	columns, best := h.titles(), -1
	var head row
	for _, r := range begin {
		score := 0
		for _, c := range r.cells {
			switch {
			case columns[plain(c)] != "":
				score += 100
			case c != "" && !strings.ContainsFunc(c, unicode.IsDigit):
				score++
			}
		}
		if r.err == nil && score > best {
			best, head = score, r.row
		}
	}
	if best < 0 {
		return noHeadings(begin[0].line, begin[0].err)
	}
	p.head = head.cells
	rest.skip(head.line)
	for _, t := range p.head {
		if plain(t) != "" {
			p.Profile.Titles = append(p.Profile.Titles, t)
		}
	}
	return nil
}

func (p *proposer) sample(rest *lookedAhead) {
	for len(p.rows) < maxSampled {
		r, err := rest.next()
		switch {
		case err == io.EOF:
			return
		case err == nil && !blank(r.cells) && !isExample(r.cells):
			p.rows = append(p.rows, r)
		}
	}
}

// take makes a title a column.
func (p *proposer) take(i int, c column, code ReasonCode) {
	p.taken[i] = true
	p.Profile.Columns[string(c)] = p.head[i]
	p.Reasons = append(p.Reasons, ColumnReason{Column: string(c), Title: p.head[i], Code: code})
}

func (p *proposer) has(c column) bool { return p.Profile.Columns[string(c)] != "" }

func (p *proposer) byProfile(from *Profile) {
	titles := p.Profile.Titles
	p.Profile = *from
	p.Profile.Titles = titles
	for i, t := range p.head {
		for name, title := range from.Columns {
			if plain(t) == plain(title) && !p.taken[i] {
				p.taken[i] = true
				p.Reasons = append(p.Reasons, ColumnReason{Column: name, Title: t, Code: ByProfile})
			}
		}
	}
}

// byTitle takes the titles that everybody knows. Of two of one column the first is
// proposed, and it is asked.
func (p *proposer) byTitle() {
	columns := spellings(p.known)
	asked := map[column]*ListQuestion{}
	for i, t := range p.head {
		c := columns[plain(t)]
		switch {
		case c == "":
		case !p.has(c):
			p.take(i, c, ByTitle)
		case plain(t) != plain(p.Profile.Columns[string(c)]):
			if asked[c] == nil {
				asked[c] = &ListQuestion{Code: "two", Column: string(c), Titles: []string{p.Profile.Columns[string(c)]}}
			}
			asked[c].Titles = append(asked[c].Titles, t)
		}
	}
	for _, k := range p.known {
		if q := asked[k.column]; q != nil {
			p.Questions = append(p.Questions, *q)
		}
	}
}

// likeTitle is how long a known title must be that is a part of another one.
const likeTitle = 5

func (p *proposer) byLikeTitle() {
	columns := spellings(p.known)
	for i, t := range p.head {
		title, longest := plain(t), ""
		if p.taken[i] || columns[title] != "" {
			continue
		}
		for known, c := range columns {
			if len(known) >= likeTitle && strings.Contains(title, known) && !p.has(c) && (len(known) > len(longest) || len(known) == len(longest) && known < longest) {
				longest = known
			}
		}
		if longest != "" {
			p.take(i, columns[longest], ByLikeTitle)
		}
	}
}

// sort is how values of a column are told.
type sort struct {
	column column
	is     func(string) bool
	unique bool // each value stands there once
}

func sorts(kind ListKind, today app.Date) []sort {
	words := allWords()
	among := func(meanings map[string]string) func(string) bool {
		return func(s string) bool { return meanings[plain(s)] != "" && len(plain(s)) > 1 }
	}
	number := sort{colStaffNumber, shortNumber, true}
	switch kind {
	case SiteList:
		return []sort{
			{colDeclaration, func(s string) bool { _, err := identity.ParseDeclaration(s); return err == nil }, false},
			{colPostCode, func(s string) bool { _, err := identity.ParsePostCode(s); return err == nil && len(s) == 4 }, false},
			{colLatitude, between(49.4, 51.6), false}, {colLongitude, between(2.5, 6.5), false},
			{colCIAO, among(words.decision), false},
		}
	case AbsenceList:
		return []sort{{colKind, among(absenceWords()), false}, number}
	case RegistrationList:
		number := func(s string) bool {
			n, err := strconv.ParseInt(s, 10, 64)
			return err == nil && n > 0 && len(s) > 4 && len(s) != 11
		}
		moment := func(s string) bool {
			at, _ := (&cells{values: map[column]string{colAt: s}, fields: map[column]string{}, headings: map[column]string{}, dates: &dateReader{}}).moment(time.UTC)
			return at != 0
		}
		return []sort{
			{colSSIN, func(s string) bool { _, _, err := identity.RepairSSIN(s); return err == nil }, false},
			{colDeclaration, func(s string) bool { _, err := identity.ParseDeclaration(s); return err == nil }, false},
			{colType, among(registrationTypes()), false},
			{colAt, moment, false},
			{colEmployer, func(s string) bool { _, _, err := identity.RepairEnterprise(s); return err == nil }, false},
			{colValidity, among(registrationStates()), false},
			{colID, number, true},
		}
	case DeclarationList:
		return []sort{{colDeclaration, func(s string) bool { _, err := identity.ParseDeclaration(s); return err == nil }, false}}
	}
	return []sort{
		{colSSIN, func(s string) bool {
			v, _, err := identity.RepairSSIN(s)
			return err == nil && identity.CheckAge(v, today) == nil
		}, false},
		{colEmployer, func(s string) bool { _, _, err := identity.RepairEnterprise(s); return err == nil }, false},
		{colBadge, func(s string) bool {
			v, err := identity.CanonicalCard(s)
			return err == nil && len(v) >= 8 && strings.ContainsAny(v, "ABCDEF")
		}, false},
		{colCapacity, among(words.capacity), false}, {colLanguage, func(s string) bool { return words.language[plain(s)] != "" }, false}, number,
	}
}

// shortNumber says that a value can be a staff number: digits, few of them, and no year or date.
func shortNumber(s string) bool {
	return s != "" && len(s) <= 8 && strings.Trim(s, "0123456789") == ""
}

// between says that a value is a degree within bounds, with decimals.
func between(low, high float64) func(string) bool {
	return func(s string) bool {
		v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		return err == nil && strings.ContainsAny(s, ".,") && v >= low && v <= high
	}
}

// byValues takes columns whose values are of a sort. Where two are, it is asked.
func (p *proposer) byValues(today app.Date) {
	for _, s := range sorts(p.Profile.Kind, today) {
		if p.has(s.column) || !slices.ContainsFunc(p.known, func(k columnNames) bool { return k.column == s.column }) {
			continue
		}
		p.among(s.column, s.holds)
	}
	p.days()
}

// among takes the only column of which is says yes, and asks where there are several.
func (p *proposer) among(c column, is func(values []string) bool) {
	var fit []int
	for i := range p.head {
		if !p.taken[i] && is(p.values(i)) {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return
	}
	p.take(fit[0], c, ByValues)
	if len(fit) > 1 {
		q := ListQuestion{Code: "two", Column: string(c)}
		for _, i := range fit {
			q.Titles = append(q.Titles, p.head[i])
		}
		p.Questions = append(p.Questions, q)
	}
}

// holds says that nine of ten values are of the sort, and there is one.
func (s sort) holds(values []string) bool {
	good, seen := 0, map[string]bool{}
	for _, v := range values {
		if s.is(v) {
			good++
		}
		if s.unique && seen[v] {
			return false
		}
		seen[v] = true
	}
	return good > 0 && good*10 >= len(values)*9
}

// values returns what stands in a column, without empty cells.
func (p *proposer) values(i int) (values []string) {
	for _, r := range p.rows {
		if i < len(r.cells) && r.cells[i] != "" {
			values = append(values, r.cells[i])
		}
	}
	return values
}

// days takes columns of days for the first and the last one.
func (p *proposer) days() {
	isDate := sort{is: func(s string) bool {
		_, serial, ok := (&dateReader{}).read(s)
		_, _, numbers := threeNumbers(withoutMidnight(s))
		return ok && !serial || numbers
	}}
	for _, c := range []column{colFrom, colTo} {
		if p.has(c) || !slices.ContainsFunc(p.known, func(k columnNames) bool { return k.column == c }) {
			continue
		}
		for i := range p.head {
			if !p.taken[i] && isDate.holds(p.values(i)) {
				p.take(i, c, ByValues)
				break
			}
		}
	}
}

// missing asks for what a list needs and nothing was found for.
func (p *proposer) missing() {
	for _, k := range p.known {
		if !k.required || p.has(k.column) || k.column == colFamilyName && p.has(colFullName) {
			continue
		}
		q := ListQuestion{Code: "which", Column: string(k.column)}
		for i, t := range p.head {
			if !p.taken[i] && plain(t) != "" {
				q.Titles = append(q.Titles, t)
			}
		}
		p.Questions = append(p.Questions, q)
	}
}

// dates asks which of day and month stands first, where the file does not prove it.
func (p *proposer) dates(by *Profile) {
	if by != nil && by.Dates != "" {
		return
	}
	var cells []dateCell
	doubtful := ""
	day := false
	for i, t := range p.head {
		if c := p.columnOf(t); !isDay(c) {
			continue
		}
		for _, r := range p.rows {
			if i >= len(r.cells) {
				continue
			}
			text := r.cells[i]
			cells = append(cells, dateCell{r.line, text})
			n, yearFirst, ok := threeNumbers(withoutMidnight(text))
			if !ok || yearFirst {
				continue
			}
			day = day || n[0] > 12
			if n[0] <= 12 && n[1] <= 12 && n[0] != n[1] && doubtful == "" {
				doubtful = text
			}
		}
	}
	if _, is := monthFirst(cells); is {
		p.Profile.Dates = "MM/DD/YYYY"
		return
	}
	if doubtful != "" && !day {
		p.Questions = append(p.Questions, ListQuestion{Code: "dates", Titles: []string{"DD/MM/YYYY", "MM/DD/YYYY"}})
	}
}

func (p *proposer) columnOf(title string) column {
	for name, t := range p.Profile.Columns {
		if plain(t) == plain(title) {
			return column(name)
		}
	}
	return ""
}

// finish puts reasons in order, adds samples, and names what is left.
func (p *proposer) finish() {
	rank := map[string]int{}
	for i, k := range p.known {
		rank[string(k.column)] = i
	}
	slices.SortStableFunc(p.Reasons, func(a, b ColumnReason) int { return rank[a.Column] - rank[b.Column] })
	at := map[string]int{}
	for i, t := range p.head {
		if c := p.columnOf(t); c != "" {
			if _, there := at[string(c)]; !there {
				at[string(c)] = i
			}
		} else if plain(t) != "" {
			p.Unused = append(p.Unused, t)
		}
	}
	shown := func(r row, c string) string {
		s := source{head: row{cells: p.head}, columns: make([]column, len(p.head)), at: map[int]row{r.line: r}}
		s.columns[at[c]] = column(c)
		return s.value(r.line, p.head[at[c]])
	}
	for i := range p.Reasons {
		for _, r := range p.rows {
			if p.Reasons[i].Sample = shown(r, p.Reasons[i].Column); p.Reasons[i].Sample != "" {
				break
			}
		}
	}
	for _, r := range p.rows[:min(len(p.rows), maxSamples)] {
		cells := map[string]string{}
		for _, reason := range p.Reasons {
			if v := shown(r, reason.Column); v != "" {
				cells[reason.Column] = v
			}
		}
		p.Samples = append(p.Samples, cells)
	}
}
