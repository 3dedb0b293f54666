package importing

import (
	"slices"
	"strings"
	"time"

	"klokkast/app"
)

// Outcome says what an import makes of a row.
type Outcome string

// Outcomes of a row.
const (
	New        Outcome = "new"
	Changed    Outcome = "changed"
	Same       Outcome = "same"
	RowRefused Outcome = "refused"
)

// RowResult is one row of the preview.
type RowResult struct {
	Line    int     `json:"line"`
	Outcome Outcome `json:"outcome"`
	// Who is the person's or the site's name, for the screen.
	Who string `json:"who"`
	// Fields names what changes, in the words of the catalogues' field.NAME.
	Fields []string `json:"fields,omitempty"`
	ID     app.ID   `json:"id,omitempty"`

	about []app.ID `json:"-"` // subjects beside ID
}

// Options are what a plan needs beside rows and facts.
type Options struct {
	Now app.Instant
	// Zone is that in which days of badges begin; Europe/Brussels for Belgian companies.
	Zone *time.Location
	// Employer is that of people whose row names none; "" means the own company if there is just one.
	Employer app.ID
	// Language of new workers whose row names none; "" means Dutch.
	Language app.Language
	// Actor and Why stand in the trail and on decisions.
	Actor string
	Why   string
	// File is the list's name, for the account of the import.
	File string
	// Profile is how the list is read, where a person says it; else one of Profiles
	// whose titles are all there, or the titles that everybody knows.
	Profile  *Profile
	Profiles []Profile
	// Environment is that of a list of registrations; Declaration is theirs where their rows name none, and ReadTo up
	// to when the list has all that there was (zero: up to its last row).
	Environment app.Environment
	Declaration string
	ReadTo      app.Instant
	// Decoder reads workbooks and letters of older programs; nil: neither.
	Decoder Decoder
}

func (o Options) today() app.Date { return o.Now.DateIn(o.Zone) }

// ledger holds things of one kind by id, and which of them the plan changes.
type ledger[T any] struct {
	items map[app.ID]T
	order []app.ID
	dirty map[app.ID]bool
}

func newLedger[T any](all []T, id func(T) app.ID) *ledger[T] {
	l := &ledger[T]{items: map[app.ID]T{}, dirty: map[app.ID]bool{}}
	for _, item := range all {
		l.items[id(item)] = item
		l.order = append(l.order, id(item))
	}
	return l
}

// put keeps a new or changed thing.
func (l *ledger[T]) put(id app.ID, item T) {
	if _, known := l.items[id]; !known {
		l.order = append(l.order, id)
	}
	l.items[id] = item
	l.dirty[id] = true
}

// changes returns what was put, in the order in which it became known: what was
// stored before comes before what is new.
func (l *ledger[T]) changes() []T {
	var all []T
	for _, id := range l.order {
		if l.dirty[id] {
			all = append(all, l.items[id])
		}
	}
	return all
}

// find returns the first thing, in order, for which is says yes.
func (l *ledger[T]) find(is func(T) bool) (T, bool) {
	for _, id := range l.order {
		if is(l.items[id]) {
			return l.items[id], true
		}
	}
	var none T
	return none, false
}

// all returns every thing for which is says yes, in order.
func (l *ledger[T]) all(is func(T) bool) []T {
	var found []T
	for _, id := range l.order {
		if is(l.items[id]) {
			found = append(found, l.items[id])
		}
	}
	return found
}

// fact is one field of one thing.
type fact struct {
	id    app.ID
	field string
}

// draft is what one row would change. It is committed whole or not at all.
type draft struct {
	line     int
	headings map[column]string
	said     map[fact]int // what earlier rows of this file said, by line
	says     []fact
	fields   []string
	about    []app.ID // subjects that the row speaks of
	problems []*Problem
	commits  []func()
}

func newDraft(line int, headings map[column]string, said map[fact]int) *draft {
	return &draft{line: line, headings: headings, said: said}
}

func (d *draft) add(kind Kind, name column, why error) {
	d.problems = append(d.problems, problem(kind, d.line, d.headings[name], why))
}

func (d *draft) refused() bool {
	return slices.ContainsFunc(d.problems, func(p *Problem) bool { return p.Kind == Refused })
}

// touch notes that the row changes a field.
func (d *draft) touch(field string) {
	if !slices.Contains(d.fields, field) {
		d.fields = append(d.fields, field)
	}
}

// speaksOf notes a subject of the row: a person, a place, an absence, a declaration.
func (d *draft) speaksOf(id app.ID) { d.about = append(d.about, id) }

// later has a change made once the row turns out to be good.
func (d *draft) later(commit func()) { d.commits = append(d.commits, commit) }

// finish makes the row's changes, unless it was refused: then only the
// reasons for that are left of it.
func (d *draft) finish(who string, id app.ID, isNew bool) RowResult {
	for _, f := range d.says {
		if d.said[f] == 0 {
			d.said[f] = d.line
		}
	}
	if d.refused() {
		d.problems = slices.DeleteFunc(d.problems, func(p *Problem) bool { return p.Kind != Refused })
		return RowResult{Line: d.line, Outcome: RowRefused, Who: who}
	}
	for _, commit := range d.commits {
		commit()
	}
	result := RowResult{Line: d.line, Outcome: Same, Who: who, ID: id, about: d.about}
	switch {
	case isNew:
		result.Outcome = New
	case len(d.fields) > 0:
		result.Outcome, result.Fields = Changed, d.fields
	}
	return result
}

// merge puts what a row says of a field into its target. Nothing said changes
// nothing. What an earlier row said stands, even if that row was refused: which
// of two rows that contradict each other is right, only a person knows, and
// were both obeyed, every import of the file would change the field twice.
func merge[T comparable](d *draft, id app.ID, field string, name column, target *T, value T) {
	var nothing T
	if value == nothing {
		return
	}
	f := fact{id, field}
	d.says = append(d.says, f)
	if *target == value {
		return
	}
	if line := d.said[f]; line != 0 {
		d.add(Refused, name, because("contradicts", "Line", line))
		return
	}
	*target = value
	d.touch(field)
}

// maxRounds bounds settle: each round but the last makes a row good that another
// one stood in the way of, which in real lists is rare.
const maxRounds = 5

// settle plans rows round after round until a round changes nothing, so that
// an import of the same file afterwards changes nothing either. A later round
// helps a row that another one stood in the way of: one that takes over the
// staff number which a row below it gives up.
func settle[R any](rows []R, begin func(), plan func(R) (RowResult, []*Problem, error)) ([]RowResult, []*Problem, error) {
	results := make([]RowResult, len(rows))
	problems := make([][]*Problem, len(rows))
	for round := range maxRounds {
		begin()
		settled := true
		for i, r := range rows {
			result, said, err := plan(r)
			if err != nil {
				return nil, nil, err
			}
			settled = settled && (result.Outcome == Same || result.Outcome == RowRefused)
			if round == 0 || results[i].Outcome == RowRefused && result.Outcome != RowRefused {
				results[i], problems[i] = result, said
			}
		}
		if settled {
			break
		}
	}
	return results, slices.Concat(problems...), nil
}

// sameName compares names as people do: without case and outer blanks.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// insert finds the place of a span that begins at from among the spans of one
// identifier or box: it ends where the next begins, and the one that holds from
// is cut there. covering is the index of that one, or -1.
func insert(spans []app.Span, from app.Instant) (to app.Instant, covering int) {
	covering = -1
	for i, s := range spans {
		if s.To != 0 && s.To <= s.From {
			continue // empty: never held
		}
		if s.Holds(from) {
			covering = i
		}
		if s.From > from && (to == 0 || s.From < to) {
			to = s.From
		}
	}
	return to, covering
}

// count adds up outcomes.
func count(rows []RowResult, o Outcome) int {
	n := 0
	for _, r := range rows {
		if r.Outcome == o {
			n++
		}
	}
	return n
}
