package importing

import (
	"errors"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/reading"
)

// Profile says how the lists of one program are read: which of its columns is
// what. A company says it once; its lists are known by their titles from then on.
type Profile struct {
	Name string   `json:"name"`
	Kind ListKind `json:"kind"`
	// Columns are the titles of the file by what they hold, in the words of the
	// schema: staff_number → "Stamnr". Other columns are passed over.
	Columns map[string]string `json:"columns"`
	// Titles are all titles of the file that it was made for: a further one is said.
	Titles []string `json:"titles,omitempty"`
	// Separator is one character; "" is found out.
	Separator string `json:"separator,omitempty"`
	// Encoding is how the letters are written; "" is found out.
	Encoding reading.Encoding `json:"encoding,omitempty"`
	// Dates is how days are written, such as DD/MM/YY or MM/DD/YYYY; "" is the day
	// before the month, unless the file proves otherwise.
	Dates string `json:"dates,omitempty"`
	// Sheet is the sheet of a workbook; "" is the first that holds anything.
	Sheet string `json:"sheet,omitempty"`
}

// Columns returns the names of the columns that a kind of list may have, in the words of the schema.
func Columns(kind ListKind) []string {
	var names []string
	for _, c := range columnsOf(kind) {
		names = append(names, string(c.column))
	}
	return names
}

// FieldOf returns the name of what a column holds: the catalogues' field.NAME.
func FieldOf(kind ListKind, name string) string {
	for _, c := range columnsOf(kind) {
		if string(c.column) == name {
			return c.field
		}
	}
	return name
}

// Validate says what is wrong with a profile, as joined *app.FieldErrors.
func (p *Profile) Validate() error {
	p.Name = strings.TrimSpace(p.Name)
	var all []error
	if p.Name == "" {
		all = append(all, wrong("profile", "required", "Payroll"))
	}
	known, used := Columns(p.Kind), map[string]string{}
	for name, title := range p.Columns {
		switch {
		case !slices.Contains(known, name):
			all = append(all, wrong("columns", "listMapping.column", known[0]))
		case plain(title) == "":
			all = append(all, wrong("columns", "listMapping.title", "Stamnr"))
		case used[plain(title)] != "":
			all = append(all, wrong("columns", "listMapping.twice", title))
		}
		used[plain(title)] = name
	}
	for _, c := range columnsOf(p.Kind) {
		if c.required && p.Columns[string(c.column)] == "" && !(c.column == colFamilyName && p.Columns[string(colFullName)] != "") {
			all = append(all, wrong(c.field, "listMapping.required", c.headings[0][0]))
		}
	}
	if len([]rune(p.Separator)) > 1 || strings.ContainsAny(p.Separator, "\r\n\"") {
		all = append(all, wrong("separator", "mapping.separator", ";"))
	}
	if !slices.Contains(reading.Encodings(), p.Encoding) {
		all = append(all, wrong("encoding", "mapping.encoding", string(reading.Windows1252)))
	}
	if _, err := newDateReader(p.Dates); err != nil {
		all = append(all, err)
	}
	return errors.Join(all...)
}

// spelled returns the column of each title of the profile, plain.
func (p *Profile) spelled() map[string]column {
	all := map[string]column{}
	for name, title := range p.Columns {
		all[plain(title)] = column(name)
	}
	return all
}

// fits says that a row of titles holds all that the profile names.
func (p *Profile) fits(titles []string) bool {
	return len(p.lacks(titles)) == 0
}

// lacks returns the titles of the profile that a row does not hold, sorted.
func (p *Profile) lacks(titles []string) (missing []string) {
	have := map[string]bool{}
	for _, t := range titles {
		have[plain(t)] = true
	}
	for _, title := range p.Columns {
		if !have[plain(title)] {
			missing = append(missing, title)
		}
	}
	slices.Sort(missing)
	return missing
}

// knows says that a title stood in the file that the profile was made for.
func (p *Profile) knows(title string) bool {
	return slices.ContainsFunc(p.Titles, func(t string) bool { return plain(t) == plain(title) })
}

// Decoder reads what package importing does not read itself: letters of older
// programs, and workbooks.
type Decoder interface {
	// Letters turns a text that is not UTF-8 into UTF-8: by an encoding, or ("") by the
	// one in which its words are words.
	Letters(raw []byte, e reading.Encoding) (text string, found reading.Lettering)
	// Sheet returns the cells of a sheet of a workbook (xlsx), row by row, as texts
	// with dates as 2026-11-02 ("": of the first sheet that holds anything), its name, and all sheets.
	Sheet(raw []byte, sheet string) (rows [][]string, used string, sheets []string, err error)
}

// how says how a list is read.
type how struct {
	kind    ListKind
	profile *Profile  // that a person names; nil: found by the titles
	kept    []Profile // of the kind
	decoder Decoder   // nil: texts in UTF-8, UTF-16 or Windows-1252 alone
	looks   bool      // for a proposal, which asks by itself
}

func (o Options) how(kind ListKind) how {
	h := how{kind: kind, profile: o.Profile, decoder: o.Decoder}
	for _, p := range o.Profiles {
		if p.Kind == kind {
			h.kept = append(h.kept, p)
		}
	}
	slices.SortStableFunc(h.kept, func(a, b Profile) int { return len(b.Columns) - len(a.Columns) })
	return h
}

// titles are all that tell a row of titles: those of the schema and of profiles.
func (h how) titles() map[string]column {
	all := spellings(columnsOf(h.kind))
	for _, p := range h.kept {
		for title, c := range p.spelled() {
			all[title] = c
		}
	}
	if h.profile != nil {
		for title, c := range h.profile.spelled() {
			all[title] = c
		}
	}
	return all
}

// choose returns the profile by which a file is read whose rows begin so: the one
// that a person names, else the kept one whose titles are all there; nil for none.
func (h how) choose(begin []row) (*Profile, error) {
	with := func(p *Profile) bool {
		return slices.ContainsFunc(begin, func(r row) bool { return p.fits(r.cells) })
	}
	if p := h.profile; p != nil {
		if with(p) || len(begin) == 0 {
			return p, nil
		}
		missing := p.lacks(begin[0].cells)
		for _, r := range begin {
			if m := p.lacks(r.cells); len(m) < len(missing) {
				missing = m
			}
		}
		return nil, because("profileMissing", "Name", p.Name, "Titles", strings.Join(missing, ", "))
	}
	for i := range h.kept {
		if with(&h.kept[i]) {
			return &h.kept[i], nil
		}
	}
	return nil, nil
}

// FindProfile returns the profile of a name, in capitals or not.
func FindProfile(all []Profile, kind ListKind, name string) (Profile, error) {
	for _, p := range all {
		if p.Kind == kind && strings.EqualFold(p.Name, strings.TrimSpace(name)) {
			return p, nil
		}
	}
	return Profile{}, app.NotFound("profile", name)
}
