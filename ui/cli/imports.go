package cli

import (
	"errors"
	"fmt"
	"strings"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/importing"
	"klokkast/app/office"
)

type staffImportCmd struct {
	File string `arg:"" optional:"" help:"staff_file"`
	listFlags
}

type siteImportCmd struct {
	File string `arg:"" optional:"" help:"site_file"`
	listFlags
}

type absenceImportCmd struct {
	File string `arg:"" optional:"" help:"absence_file"`
	listFlags
}

type declarationImportCmd struct {
	File string `arg:"" optional:"" help:"declaration_file"`
	listFlags
}

// listFlags say how a list is taken in.
type listFlags struct {
	DryRun   bool `help:"dry_run"`
	Template bool `help:"list_template"`
	// Mapping is the name of a kept one.
	Mapping string `placeholder:"NAME" help:"list_mapping"`
}

// Run imports a list of absences.
func (c *absenceImportCmd) Run(r *run) error {
	return r.importList(importing.AbsenceList, c.File, c.listFlags)
}

// Run imports a list of staff.
func (c *staffImportCmd) Run(r *run) error {
	return r.importList(importing.StaffList, c.File, c.listFlags)
}

// Run imports a list of sites.
func (c *siteImportCmd) Run(r *run) error {
	return r.importList(importing.SiteList, c.File, c.listFlags)
}

// Run imports a list of declarations of works.
func (c *declarationImportCmd) Run(r *run) error {
	return r.importList(importing.DeclarationList, c.File, c.listFlags)
}

// listJSON is the answer of staff import, site import, absence import and declaration import.
type listJSON struct {
	environmentJSON
	Import   app.ID                `json:"import,omitempty"`  // the id of its account; none for a preview
	Preview  bool                  `json:"preview"`           // nothing was saved
	Mapping  string                `json:"mapping,omitempty"` // the name of the one by which it was read
	New      int                   `json:"new"`
	Changed  int                   `json:"changed"`
	Same     int                   `json:"same"`
	Refused  int                   `json:"refused"`
	Sites    []app.ID              `json:"sites,omitempty"` // of a list of registrations: those of which it has all,
	ReadTo   app.Instant           `json:"readTo,omitzero"` // up to when
	Rows     []importing.RowResult `json:"rows"`
	Problems []problemJSON         `json:"problems"` // refused or left out
	Notes    []problemJSON         `json:"notes"`    // imported, and worth knowing
}

type problemJSON struct {
	Kind    importing.Kind `json:"kind"`
	Line    int            `json:"line"`             // 0 for the file as a whole
	Column  string         `json:"column,omitempty"` // the heading as it stands in the file
	Value   string         `json:"value,omitempty"`  // what stands there, personal numbers masked
	Code    string         `json:"code"`
	Field   string         `json:"field,omitempty"`
	Example string         `json:"example,omitempty"` // a right value, made up
	Message string         `json:"message"`
}

// importList takes a list in, or only says what it would change, or prints an empty
// one. Rows that were refused make the exit code 1; the good ones are in all the same.
func (r *run) importList(kind importing.ListKind, file string, f listFlags) error {
	return r.importListBy(kind, file, f, boxes.ListOptions{})
}

// importListBy is importList with what only lists of some kinds need.
func (r *run) importListBy(kind importing.ListKind, file string, f listFlags, opt boxes.ListOptions) error {
	opt.Apply, opt.Profile = !f.DryRun, f.Mapping
	switch {
	case f.Template && file != "":
		return wrong("together", "A", "--template", "B", "FILE")
	case f.Template:
		return r.template(importing.Template(kind, r.say.Language()))
	case file == "":
		return wrong("listFile")
	}
	return r.withOffice(func(o *office.Office) error {
		report, err := o.Files.ImportList(r.ctx, kind, file, opt)
		if err != nil {
			r.adviseMapping(kind, err)
			return err
		}
		r.failed = report.Refused > 0
		if r.json {
			return r.print(listJSON{
				environmentJSON: environmentOf(o), Import: report.ID, Mapping: clean(report.Profile), Preview: report.Preview, New: report.New, Changed: report.Changed, Same: report.Same,
				Refused: report.Refused, Sites: report.Sites, ReadTo: report.ReadTo, Rows: list(report.Rows), Problems: r.problemsOf(report.Problems), Notes: r.problemsOf(report.Notes),
			})
		}
		r.sayList(report)
		return nil
	})
}

// adviseMapping says what to do with a list whose titles nobody knows.
func (r *run) adviseMapping(kind importing.ListKind, err error) {
	var why *importing.Reason
	if r.json || !errors.As(err, &why) || why.Code != "noHeadings" && why.Code != "columnMissing" {
		return
	}
	command := strings.TrimSuffix(string(kind), "s")
	if kind == importing.RegistrationList {
		command = "ciao"
	}
	r.aside(r.t("ask.listMapping", "List", command))
}

func (r *run) problemsOf(all []*importing.Problem) []problemJSON {
	out := []problemJSON{}
	for _, p := range all {
		j := problemJSON{Kind: p.Kind, Line: p.Line, Column: clean(p.Column), Value: clean(p.Value), Code: p.Code, Message: clean(r.say.Error(p.Why))}
		var field *app.FieldError
		if errors.As(p.Why, &field) {
			j.Field, j.Example = field.Field, field.Example
		}
		out = append(out, j)
	}
	return out
}

func (r *run) sayList(report *importing.Report) {
	r.rowTable(report.Rows)
	r.problemTable(report.Problems)
	r.problemTable(report.Notes)
	if report.Profile != "" {
		r.line(r.t("listMapping.readBy", "Name", report.Profile))
	}
	key, args := report.TextKey()
	r.line(r.say.T(key, args))
	if report.ID == "" {
		return
	}
	r.line(r.t("import.kept", "ID", report.ID.Short()))
	if report.Refused > 0 {
		r.line(r.t("import.correct", "ID", report.ID.Short()))
	}
}

// rowTable shows what became of the rows, save those that stayed as they were.
func (r *run) rowTable(rows []importing.RowResult) {
	t := newTable(r.t("col.line"), r.t("col.what"), r.t("col.who"), r.t("col.fields")).numbers(0)
	for _, row := range rows {
		if row.Outcome != importing.Same {
			t.add(fmt.Sprint(row.Line), r.named("import.outcome", string(row.Outcome)), row.Who, r.fieldNames(row.Fields))
		}
	}
	if len(t.rows) > 0 {
		r.table(t)
		r.line("")
	}
}

func (r *run) problemTable(all []*importing.Problem) {
	if len(all) == 0 {
		return
	}
	t := newTable(r.t("col.line"), r.t("col.column"), r.t("col.value"), r.t("col.what"), r.t("col.why")).numbers(0)
	for _, p := range all {
		t.add(lineNumber(p.Line), p.Column, p.Value, r.named("import.kind", string(p.Kind)), r.say.Error(p.Why))
	}
	r.table(t)
	r.line("")
}
