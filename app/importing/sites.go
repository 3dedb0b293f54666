package importing

import (
	"cmp"
	"io"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// SiteRow is one good row of a site list. Empty values leave what is stored as it is.
type SiteRow struct {
	Line            int
	Code            string
	Name            string
	Client          string
	Address         app.Address
	Coordinates     *app.Coordinates
	Zone            app.Zone
	Contact         app.Contact
	Decision        app.Decision
	DecisionFrom    app.Date
	DecisionReason  string
	Declaration     string
	DeclarationDays app.Days
	Box             string // uid or label
	BoxFrom         app.Date

	// declarationLabel is of lists of declarations alone.
	declarationLabel string
	// houseDate is the likely house number, where a spreadsheet made a date of it.
	houseDate string
	headings  map[column]string
}

// SiteFile is what a site list holds.
type SiteFile struct {
	Rows     []SiteRow
	Problems []*Problem
	Lines    int

	source
}

// ParseSites reads a site list. Its error is a *Reason if the file as a whole is no site list.
func ParseSites(r io.Reader) (*SiteFile, error) {
	return parseSites(r, how{kind: SiteList})
}

func parseSites(r io.Reader, h how) (*SiteFile, error) {
	known := siteColumns()
	t, err := readTable(r, h)
	if err != nil {
		return nil, err
	}
	f := &SiteFile{Problems: t.problems, Lines: t.lines(), source: t.source}
	meaning := allWords()
	for _, r := range t.rows {
		c := t.cells(r, known)
		site := parseSiteRow(c, meaning)
		f.Problems = append(f.Problems, c.problems...)
		if !c.refused() {
			f.Rows = append(f.Rows, site)
		}
	}
	sortProblems(f.Problems)
	return f, nil
}

func parseSiteRow(c *cells, meaning words) SiteRow {
	s := SiteRow{
		Line:   c.line,
		Code:   c.text(colCode, "W-017"),
		Name:   c.text(colName, "Stadhuis Leuven"),
		Client: c.text(colClient, "Stad Leuven"),
		Address: app.Address{
			Street:       c.text(colStreet, "Grote Markt"),
			HouseNumber:  c.text(colHouseNumber, "9"),
			BoxNumber:    c.text(colBoxNumber, "2"),
			PostCode:     c.parsed(colPostCode, identity.ParsePostCode),
			Municipality: c.text(colMunicipality, "Leuven"),
		},
		Zone:            app.Zone(c.parsed(colZone, parseZone)),
		Contact:         app.Contact{Name: c.text(colContact, "Els Maes"), Phone: c.phone()},
		Decision:        app.Decision(c.word(colCIAO, meaning.decision, "decision.unknown", "ja")),
		DecisionFrom:    c.date(colCIAOFrom),
		DecisionReason:  c.text(colCIAOReason, ""),
		Declaration:     c.parsed(colDeclaration, identity.ParseDeclaration),
		DeclarationDays: c.days(colDeclarationFrom, colDeclarationTo),
		Box:             c.text(colBox, "Stadhuis Leuven"),
		BoxFrom:         c.date(colBoxFrom),
		headings:        c.headings,
	}
	if s.Name == "" {
		c.add(Refused, colName, wrong("", "required", "Stadhuis Leuven"))
	}
	if last, tooLong := beyondFiveYears(s.DeclarationDays); tooLong {
		c.add(Refused, colDeclarationTo, wrong("", "declaration.tooLong", last.String()))
	}
	if number, ok := houseOfDate(s.Address.HouseNumber); ok {
		s.Address.HouseNumber, s.houseDate = "", number
	}
	c.coordinates(&s)
	return s
}

// phone returns a telephone number, with what a spreadsheet took off it.
func (c *cells) phone() string {
	return c.repaired(colPhone, "note.phoneRepaired", func(s string) (string, bool, error) {
		right, repaired := rightPhone(s)
		v, err := identity.ParsePhone(right)
		return v, repaired && err == nil, err
	})
}

func (c *cells) coordinates(s *SiteRow) {
	if !c.has(colLatitude) && !c.has(colLongitude) {
		return
	}
	place, err := identity.ParseCoordinates(c.values[colLatitude], c.values[colLongitude])
	if err != nil {
		c.problems = append(c.problems, problem(Refused, c.line, c.headings[colLatitude], err))
		return
	}
	s.Coordinates = &place
}

func parseZone(s string) (string, error) {
	_, err := app.Zone(s).Load()
	return s, err
}

// beyondFiveYears says that a declaration would last longer than the NSSO
// allows for recurring work, and gives the last day that it may have.
func beyondFiveYears(d app.Days) (last app.Date, tooLong bool) {
	if d.From == 0 || d.To == 0 {
		return 0, false
	}
	year, month, day := d.From.YMD()
	last = app.NewDate(year+5, month, day).AddDays(-1)
	return last, d.To > last
}

// lines counts the rows that hold anything: good ones and those that could not be cut into cells.
func (t *table) lines() int {
	n := len(t.rows)
	for _, p := range t.problems {
		if p.Kind == Refused {
			n++
		}
	}
	return n
}

func sortProblems(all []*Problem) {
	slices.SortStableFunc(all, func(a, b *Problem) int { return cmp.Compare(a.Line, b.Line) })
}
