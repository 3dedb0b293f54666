package importing

import (
	"context"
	"fmt"
	"io"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// Columns of a list of declarations of works, beside those it shares with the others.
const (
	colLabel column = "label"
	colSite  column = "site"
)

func declarationColumns() []columnNames {
	all := []columnNames{
		heading(
			colDeclaration,
			"declaration",
			"aangifte van werken|werkmelding|nummer werkmelding|aangiftenummer|nummer aangifte|contractreferentie|nummer",
			"déclaration de travaux|numéro de déclaration|DDT|déclaration|numéro",
			"Arbeitsmeldung|Nummer der Arbeitsmeldung|Nummer",
			"declaration of works|declaration|declaration number|number",
		),
		heading(
			colFrom, "declarationFrom", "van|vanaf|begin|eerste dag|begindatum", "du|début|premier jour|date de début", "von|ab|Beginn|erster Tag",
			"from|start|first day|start date",
		),
		heading(
			colTo, "declarationTo", "tot|tot en met|einde|laatste dag|einddatum", "au|fin|dernier jour|date de fin", "bis|Ende|letzter Tag",
			"to|until|end|last day|end date",
		),
		heading(colLabel, "label", "omschrijving|benaming", "libellé|description", "Bezeichnung|Beschreibung", "label|description"),
		heading(colCode, "siteCode", "werfcode|werfnummer|code", "code chantier|numéro de chantier|code", "Objektnummer|Code", "site code|site number|code"),
		heading(colSite, "site", "werf|naam werf|werfnaam|naam", "chantier|nom du chantier|nom", "Objekt|Objektname|Name", "site|site name|name"),
	}
	all[0].required = true
	return all
}

// DeclarationTemplate returns an empty list of declarations of works, as StaffTemplate does.
func DeclarationTemplate(l app.Language) []byte { return Template(DeclarationList, l) }

// DeclarationRow is one good row of a list of declarations of works: the
// declaration, and where it names one the site that it covers.
type DeclarationRow struct {
	Line     int
	Number   string
	Days     app.Days
	Label    string
	SiteCode string
	Site     string

	headings map[column]string
}

// DeclarationFile is what a list of declarations holds.
type DeclarationFile struct {
	Rows     []DeclarationRow
	Problems []*Problem
	Lines    int

	source
}

// ParseDeclarations reads a list of declarations of works. Its error is a *Reason
// if the file as a whole is none.
func ParseDeclarations(r io.Reader) (*DeclarationFile, error) {
	return parseDeclarations(r, how{kind: DeclarationList})
}

func parseDeclarations(r io.Reader, h how) (*DeclarationFile, error) {
	known := declarationColumns()
	t, err := readTable(r, h)
	if err != nil {
		return nil, err
	}
	f := &DeclarationFile{Problems: t.problems, Lines: t.lines(), source: t.source}
	for _, r := range t.rows {
		c := t.cells(r, known)
		row := DeclarationRow{
			Line: c.line, Number: c.parsed(colDeclaration, identity.ParseDeclaration), Days: c.days(colFrom, colTo), Label: c.text(colLabel, "Kantoren 2026"),
			SiteCode: c.text(colCode, "W-017"), Site: c.text(colSite, "Stadhuis Leuven"), headings: c.headings,
		}
		if !c.has(colDeclaration) {
			c.add(Refused, colDeclaration, wrong("", "required", "1Y1003SQ5VSSZ"))
		}
		if last, tooLong := beyondFiveYears(row.Days); tooLong {
			c.add(Refused, colTo, wrong("", "declaration.tooLong", last.String()))
		}
		f.Problems = append(f.Problems, c.problems...)
		if !c.refused() {
			f.Rows = append(f.Rows, row)
		}
	}
	sortProblems(f.Problems)
	return f, nil
}

// PlanDeclarations compares rows with the facts. A declaration is known by its
// number, a site by its code, else by its name. It fails only when no ids can be made.
func PlanDeclarations(rows []DeclarationRow, facts SiteFacts, o Options) (*SitePlan, error) {
	p := newSitePlanner(facts, o)
	results, problems, err := settle(rows, p.begin, p.declarationRow)
	if err != nil {
		return nil, fmt.Errorf("plan the import: %w", err)
	}
	return &SitePlan{Rows: results, Problems: problems, Changes: SiteChanges{
		Declarations: p.declarations.changes(), DeclarationSites: p.links.changes(),
	}}, nil
}

func (p *sitePlanner) declarationRow(r DeclarationRow) (RowResult, []*Problem, error) {
	d := newDraft(r.Line, r.headings, p.said)
	site, named := p.declaredSite(d, r)
	declaration, before, isNew, err := p.declaration(d, SiteRow{Declaration: r.Number, DeclarationDays: r.Days, declarationLabel: r.Label}, colFrom, colTo)
	if err == nil && named && !d.refused() {
		d.speaksOf(site.ID)
		err = p.link(d, site, declaration, before.Days)
	}
	if err != nil {
		return RowResult{}, nil, err
	}
	return d.finish(r.Number, declaration.ID, isNew), d.problems, nil
}

// declaredSite finds the site that a row names; false where it names none.
func (p *sitePlanner) declaredSite(d *draft, r DeclarationRow) (app.Site, bool) {
	if r.SiteCode == "" && r.Site == "" {
		return app.Site{}, false
	}
	name := colSite
	if r.SiteCode != "" {
		name = colCode
	}
	found := p.sites.all(func(s app.Site) bool {
		if r.SiteCode != "" {
			return s.Code == r.SiteCode
		}
		return sameName(s.Name, r.Site)
	})
	if len(found) == 0 && r.SiteCode != "" {
		found = p.sites.all(func(s app.Site) bool { return sameButZeros(s.Code, r.SiteCode) })
		if len(found) == 1 {
			keepZeros(d, colCode, found[0].Code, r.SiteCode)
		}
	}
	switch {
	case len(found) == 0:
		d.add(Refused, name, because("siteUnknown"))
	case len(found) > 1:
		d.add(Refused, name, because("siteAmbiguous"))
	case found[0].Ended != 0:
		d.add(Refused, name, because("siteEnded"))
	case r.SiteCode != "" && r.Site != "" && plain(found[0].Name) != plain(r.Site):
		d.add(Refused, colSite, because("siteOtherName"))
	default:
		return found[0], true
	}
	return app.Site{}, false
}

// ImportDeclarations does with a list of declarations of works what ImportStaff does with staff.
func ImportDeclarations(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := parseDeclarations(r, o.how(DeclarationList))
	if err != nil {
		return nil, err
	}
	return plannedAnew(ctx, s, "import declarations", func(basis int64) (*Report, error) {
		facts, err := siteFacts(ctx, s)
		if err != nil {
			return nil, err
		}
		plan, err := PlanDeclarations(file.Rows, facts, o)
		if err != nil {
			return nil, err
		}
		report := newReport(plan.Rows, file.Lines, slices.Concat(file.Problems, plan.Problems), &file.source, !apply)
		if !apply {
			return report, nil
		}
		return report, report.saveSites(ctx, s, DeclarationList, &file.source, o, plan.Changes, facts, basis)
	})
}
