package importing

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// Thing is one thing that imports make or change: a row of the database.
type Thing struct {
	Kind string `json:"kind"` // worker, engagement, custody, … as the database calls its table
	ID   app.ID `json:"id"`
}

// Made is a thing that an import made or changed, with its columns as text:
// before the import (nil where it is new), after it, and now (nil where it is there no more).
type Made struct {
	Thing
	Import             app.ID
	Position           int // among the things of that import
	Line               int
	Name               string // for people
	Before, After, Now map[string]string
}

// New says that the import made it.
func (m *Made) New() bool { return m.Before == nil }

// Reference says that something refers to a thing, in which of its columns.
type Reference struct {
	To, From Thing
	Column   string
}

// Built says that something stands on a thing that refers to it in no column: punches, approvals and the like.
type Built struct {
	On     Thing
	Code   LeftCode
	Import app.ID // of ByImport: which one
}

// UndoFacts is what decides what becomes of an import that is taken back.
type UndoFacts struct {
	Import app.ID
	// Made are the things that it made or changed and that were not taken back yet, in
	// the order in which they were saved. Those that an earlier undo left for this import's sake come first.
	Made       []Made
	References []Reference
	Built      []Built
}

// LeftCode says why a thing is left as it is. Its text is import.left.CODE.
type LeftCode string

// Why things are left.
const (
	LeftChanged  LeftCode = "changed"  // somebody, or another import, changed it since
	LeftRefers   LeftCode = "refers"   // something that was entered since refers to it
	LeftPunches  LeftCode = "punches"  // punches were read since that count by it
	LeftApproved LeftCode = "approved" // a period was approved since in which it counts
	LeftSent     LeftCode = "sent"     // the register was told something by it
	LeftJudged   LeftCode = "judged"   // somebody judged an anomaly of it
	LeftChosen   LeftCode = "chosen"   // settings name it: a team
	LeftByImport LeftCode = "import"   // another import says the same
	LeftInTheWay LeftCode = "inTheWay" // what it was cannot be again: something else stands there now
	LeftShown    LeftCode = "shown"    // the register itself showed it since
)

// LeftReason is why a thing is left.
type LeftReason struct {
	Code   LeftCode `json:"code"`
	What   string   `json:"what,omitempty"`   // of LeftRefers: the kind of what refers to it
	Import app.ID   `json:"import,omitempty"` // of LeftByImport
	Fields []string `json:"fields,omitempty"` // of LeftChanged: what was changed, in the words of the catalogues' field.NAME
}

// How a thing is taken back.
type How string

// Ways of taking back.
const (
	Removed   How = "removed"   // it is there no more; the trail tells of it
	Withdrawn How = "withdrawn" // it stays on record and counts nowhere
	Restored  How = "restored"  // it is as it was before
)

// TakenBack is a thing that is taken back.
type TakenBack struct {
	Thing
	Line   int      `json:"line,omitempty"` // of the list
	Name   string   `json:"name"`
	How    How      `json:"how"`
	Fields []string `json:"fields,omitempty"` // of Restored
	// Columns are those of the database that are restored.
	Columns []string `json:"-"`
	// Of is the import that made it, and Position its place among the things of that.
	Of       app.ID `json:"-"`
	Position int    `json:"-"`
}

// Left is a thing that is left as it is, wholly or in some of its fields.
type Left struct {
	Thing
	Line    int          `json:"line,omitempty"`
	Name    string       `json:"name"`
	Reasons []LeftReason `json:"reasons"`
}

// Undo is what taking an import back does, or would do.
type Undo struct {
	Preview bool        `json:"preview"` // nothing was changed
	Import  app.ID      `json:"import"`
	Taken   []TakenBack `json:"taken"` // in the order in which it is done
	Left    []Left      `json:"left"`
}

// PlanUndo decides what is taken back, the newest first, and what is left with
// its reasons. A new thing goes unless it was changed since or something stands
// on it that does not go with it. Of a thing that was changed, those columns
// return that nobody changed since.
func PlanUndo(f UndoFacts) Undo {
	p := undoPlan{facts: f, why: map[Thing][]LeftReason{}, going: map[Thing]bool{}, changed: map[Thing][]*Made{}}
	p.weigh()
	p.follow()
	return p.result()
}

type undoPlan struct {
	facts UndoFacts
	why   map[Thing][]LeftReason
	going map[Thing]bool
	// changed are those that were there before the import.
	changed map[Thing][]*Made
}

// gone says that there is nothing left to take back.
func gone(m *Made) bool {
	return m.Now == nil || m.Kind == "absence" && m.Now["withdrawn"] != m.After["withdrawn"]
}

// weigh notes what keeps each thing by itself.
func (p *undoPlan) weigh() {
	for i := range p.facts.Made {
		m := &p.facts.Made[i]
		if gone(m) {
			continue
		}
		if fields := fieldsOf(m.Kind, differing(m.After, m.Now)); m.New() && len(fields) > 0 {
			p.leave(m.Thing, LeftReason{Code: LeftChanged, Fields: fields})
		}
		if m.New() {
			p.going[m.Thing] = true
		} else {
			p.changed[m.Thing] = append(p.changed[m.Thing], m)
		}
	}
	for _, b := range p.facts.Built {
		p.leave(b.On, LeftReason{Code: b.Code, Import: b.Import})
	}
	for t := range p.why {
		delete(p.going, t)
	}
}

// follow leaves what something refers to that does not go, and so on.
func (p *undoPlan) follow() {
	for again := true; again; {
		again = false
		for _, r := range p.facts.References {
			if p.going[r.To] && p.holds(r) {
				delete(p.going, r.To)
				again = true
			}
		}
	}
	for _, r := range p.facts.References {
		if p.holds(r) {
			p.leave(r.To, LeftReason{Code: LeftRefers, What: r.From.Kind})
		}
	}
}

// holds says that a reference stays: what refers does not go, nor does it refer to something else again.
func (p *undoPlan) holds(r Reference) bool {
	if p.going[r.From] {
		return false
	}
	return !slices.ContainsFunc(p.changed[r.From], func(m *Made) bool {
		return m.Now != nil && m.Now[r.Column] == m.After[r.Column] && m.Before[r.Column] != m.After[r.Column] && len(p.staying(m.Thing)) == 0
	})
}

// staying are the reasons for which a thing that was changed is left as it is.
func (p *undoPlan) staying(t Thing) []LeftReason {
	return slices.DeleteFunc(slices.Clone(p.why[t]), func(r LeftReason) bool { return r.Code != LeftByImport && r.Code != LeftApproved })
}

// leave notes a reason once.
func (p *undoPlan) leave(t Thing, why LeftReason) {
	same := func(o LeftReason) bool { return o.Code == why.Code && o.What == why.What && o.Import == why.Import }
	if !slices.ContainsFunc(p.why[t], same) {
		p.why[t] = append(p.why[t], why)
	}
}

func (p *undoPlan) result() Undo {
	u := Undo{Import: p.facts.Import, Taken: []TakenBack{}, Left: []Left{}}
	for i := range slices.Backward(p.facts.Made) {
		m := &p.facts.Made[i]
		switch {
		case gone(m):
		case p.going[m.Thing]:
			how := Removed
			if m.Kind == "absence" {
				how = Withdrawn
			}
			u.Taken = append(u.Taken, TakenBack{Thing: m.Thing, Line: m.Line, Name: m.Name, How: how, Of: m.Import, Position: m.Position})
		case m.New():
			u.Left = append(u.Left, Left{Thing: m.Thing, Line: m.Line, Name: m.Name, Reasons: p.why[m.Thing]})
		default:
			p.restore(&u, m)
		}
	}
	return u
}

// restore takes back what the import changed of a thing that was there before.
func (p *undoPlan) restore(u *Undo, m *Made) {
	if left := p.staying(m.Thing); len(left) > 0 {
		u.Left = append(u.Left, Left{Thing: m.Thing, Line: m.Line, Name: m.Name, Reasons: left})
		return
	}
	since := differing(m.After, m.Now)
	var back, stay []string
	for _, group := range together(m.Kind, differing(m.Before, m.After)) {
		if slices.ContainsFunc(group, func(c string) bool { return slices.Contains(since, c) }) {
			stay = append(stay, group...)
		} else {
			back = append(back, group...)
		}
	}
	if len(stay) > 0 {
		reason := LeftReason{Code: LeftChanged, Fields: fieldsOf(m.Kind, stay)}
		u.Left = append(u.Left, Left{Thing: m.Thing, Line: m.Line, Name: m.Name, Reasons: []LeftReason{reason}})
	}
	if len(back) > 0 {
		u.Taken = append(u.Taken, TakenBack{
			Thing: m.Thing, Line: m.Line, Name: m.Name, How: Restored, Fields: fieldsOf(m.Kind, back), Columns: back, Of: m.Import, Position: m.Position,
		})
	}
}

// differing returns the columns in which two rows differ, sorted.
func differing(a, b map[string]string) (columns []string) {
	for c, v := range a {
		if other, ok := b[c]; !ok || other != v {
			columns = append(columns, c)
		}
	}
	slices.Sort(columns)
	return columns
}

// together groups columns that mean something only with each other.
func together(kind string, columns []string) [][]string {
	groups := map[string][]string{}
	var order []string
	for _, c := range columns {
		key := cmp.Or(columnGroups()[c], c)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], c)
	}
	out := make([][]string, 0, len(order))
	for _, key := range order {
		out = append(out, groups[key])
	}
	return out
}

func columnGroups() map[string]string {
	return map[string]string{
		"first_day": "days", "last_day": "days", "starts": "span", "ends": "span", "latitude": "place", "longitude": "place",
		"ssin_lookup": "ssin", "birth_lookup": "ssin", "limosa_lookup": "limosa", "limosa_from": "limosa", "limosa_to": "limosa",
	}
}

// fieldsOf names columns of the database in the words of the catalogues' field.NAME, each once.
func fieldsOf(kind string, columns []string) (fields []string) {
	for _, c := range columns {
		if f := ColumnField(kind, c); !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	return fields
}

// ColumnField names a column of a kind of thing in the words of the catalogues' field.NAME.
func ColumnField(kind, column string) string {
	switch kind + "." + column {
	case "site.name":
		return "siteName"
	case "employer.enterprise":
		return "enterpriseNumber"
	}
	names := map[string]string{
		"staff_number": "staffNumber", "family_name": "familyName", "given_name": "givenName", "ssin_lookup": "ssin", "birth_lookup": "ssin",
		"limosa_lookup": "limosa", "limosa_from": "limosaFrom", "limosa_to": "limosaTo", "first_day": "from", "last_day": "to",
		"weekly_minutes": "weeklyHours", "round_minutes": "rounding", "round_mode": "rounding", "thresholds": "threshold", "is_default": "default",
		"starts": "from", "ends": "to", "code": "siteCode", "house_number": "houseNumber", "box_number": "boxNumber", "post_code": "postCode",
		"latitude": "coordinates", "longitude": "coordinates", "contact_name": "contactName", "contact_phone": "contactPhone",
		"group": "pinGroup", "entered": "at", "withdrawn": "ended", "by": "actor", "from_minute": "hours", "to_minute": "hours",
		"foreign_vat": "foreignVat", "registers_since": "registersSince", "self_address": "selfAddress",
	}
	return cmp.Or(names[column], column)
}
