package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/filelog"
	"klokkast/app/importing"
	"klokkast/app/office"
)

// importJSON is one import.
type importJSON struct {
	ID      app.ID           `json:"id"`
	Kind    boxes.ImportKind `json:"kind"` // staff, sites, absences, declarations
	File    string           `json:"file"` // its name, without its folder
	By      string           `json:"by"`
	At      app.Instant      `json:"at"`
	Lines   int              `json:"lines"` // that held anything; the four others add up to it
	New     int              `json:"new"`
	Changed int              `json:"changed"`
	Same    int              `json:"same"`
	Refused int              `json:"refused"`
	Undone  []undoStepJSON   `json:"undone"` // the steps by which it was taken back
}

type undoStepJSON struct {
	By    string      `json:"by"`
	At    app.Instant `json:"at"`
	Why   string      `json:"why,omitempty"`
	Taken int         `json:"taken"`
	Left  int         `json:"left"`
}

func importOf(i boxes.Imported) importJSON {
	j := importJSON{i.ID, i.Kind, clean(i.File), clean(i.By), i.At, i.Lines, i.New, i.Changed, i.Same, i.Refused, []undoStepJSON{}}
	for _, s := range i.Undone {
		j.Undone = append(j.Undone, undoStepJSON{clean(s.By), s.At, clean(s.Why), s.Taken, s.Left})
	}
	return j
}

// importsJSON is the answer of import list.
type importsJSON struct {
	environmentJSON
	Imports []importJSON `json:"imports"`
}

type importListCmd struct{}

// Run lists the imports, newest first.
func (c *importListCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		all, err := o.Files.Imports(r.ctx)
		if err != nil {
			return err
		}
		out := importsJSON{environmentOf(o), []importJSON{}}
		for _, i := range all {
			out.Imports = append(out.Imports, importOf(i))
		}
		if r.json {
			return r.print(out)
		}
		if len(all) == 0 {
			r.line(r.t("import.none"))
			return nil
		}
		t := newTable(r.t("col.id"), r.t("col.time"), r.t("col.what"), r.t("col.file"), r.t("col.by"), r.t("col.lines"), r.t("col.new"), r.t("col.changed"),
			r.t("col.same"), r.t("col.refused"), r.t("col.remark")).numbers(5, 6, 7, 8, 9)
		for _, i := range out.Imports {
			n := r.say.Number
			t.add(i.ID.Short(), r.say.DateTime(i.At, app.Belgium()), r.named("import.of", string(i.Kind)), i.File, i.By, n(i.Lines), n(i.New), n(i.Changed), n(i.Same),
				n(i.Refused), r.undoneRemark(i))
		}
		r.table(t)
		return nil
	})
}

// undoneRemark says that an import was taken back; "" where it was not.
func (r *run) undoneRemark(i importJSON) string {
	if len(i.Undone) == 0 {
		return ""
	}
	last := i.Undone[len(i.Undone)-1]
	if at := r.say.DateTime(last.At, app.Belgium()); last.Left > 0 {
		return r.t("import.undonePartly", "At", at, "By", last.By, "Left", r.say.Number(last.Left))
	}
	return r.t("import.undone", "At", r.say.DateTime(last.At, app.Belgium()), "By", last.By)
}

// importShownJSON is the answer of import show.
type importShownJSON struct {
	environmentJSON
	Import   importJSON            `json:"import"`
	Rows     []importing.RowResult `json:"rows"`
	Problems []problemJSON         `json:"problems"` // refused or left out
	Notes    []problemJSON         `json:"notes"`
	Lines    []lineJSON            `json:"lines"`  // of a file of punches: refused
	Doubts   []lineJSON            `json:"doubts"` // of a file of punches: taken with a doubt
}

type importShowCmd struct {
	ID string `arg:"" help:"import_id"`
}

// Run shows what an import said of its lines.
func (c *importShowCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		i, err := o.Files.FindImport(r.ctx, c.ID)
		if err != nil {
			return err
		}
		a, err := o.Files.ImportAccount(r.ctx, i.ID)
		if err != nil {
			return err
		}
		out := importShownJSON{environmentOf(o), importOf(i), list(a.Rows), r.problemsOf(a.Problems), r.problemsOf(a.Notes), r.linesOf(a.Lines), r.linesOf(a.Doubts)}
		if r.json {
			return r.print(out)
		}
		n := r.say.Number
		r.line(r.t("import.head", "What", r.named("import.of", string(i.Kind)), "File", out.Import.File, "At", r.say.DateTime(i.At, app.Belgium()), "By", out.Import.By))
		r.line(r.t("import.counts", "Lines", n(i.Lines), "New", n(i.New), "Changed", n(i.Changed), "Same", n(i.Same), "Refused", n(i.Refused)))
		if undone := r.undoneRemark(out.Import); undone != "" {
			r.line(undone)
		}
		r.line("")
		r.rowTable(a.Rows)
		r.problemTable(a.Problems)
		r.problemTable(a.Notes)
		r.lineProblems(r.t("import.bad"), a.Lines)
		r.lineProblems(r.t("import.doubts"), a.Doubts)
		if i.Refused > 0 {
			r.line(r.t("import.correct", "ID", i.ID.Short()))
		}
		return nil
	})
}

// undoneJSON is the answer of import undo.
type undoneJSON struct {
	environmentJSON
	Import  importJSON    `json:"import"`
	Preview bool          `json:"preview"` // nothing was changed
	Taken   []takenJSON   `json:"taken"`   // what is taken back, in the order in which it is done
	Left    []stayingJSON `json:"left"`    // what stays, since something was built on it
}

type takenJSON struct {
	Kind   string        `json:"kind"` // worker, engagement, identifier, custody, employer, site, …
	ID     app.ID        `json:"id"`
	Line   int           `json:"line,omitempty"`
	Name   string        `json:"name"`
	How    importing.How `json:"how"`              // removed, withdrawn or restored
	Fields []string      `json:"fields,omitempty"` // of restored
}

type stayingJSON struct {
	Kind    string              `json:"kind"`
	ID      app.ID              `json:"id"`
	Line    int                 `json:"line,omitempty"`
	Name    string              `json:"name"`
	Reasons []stayingReasonJSON `json:"reasons"`
}

type stayingReasonJSON struct {
	Code    importing.LeftCode `json:"code"`
	What    string             `json:"what,omitempty"`
	Import  app.ID             `json:"import,omitempty"`
	Fields  []string           `json:"fields,omitempty"`
	Message string             `json:"message"`
}

type importUndoCmd struct {
	ID     string `arg:"" help:"import_id"`
	DryRun bool   `help:"dry_run"`
	reason
}

// Run takes an import back.
func (c *importUndoCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		i, err := o.Files.FindImport(r.ctx, c.ID)
		if err != nil {
			return err
		}
		u, err := o.Files.UndoImport(r.ctx, i.ID, c.Why, !c.DryRun)
		if err != nil {
			return err
		}
		if i, err = o.Files.FindImport(r.ctx, string(i.ID)); err != nil {
			return err
		}
		out := undoneJSON{environmentOf(o), importOf(i), u.Preview, []takenJSON{}, []stayingJSON{}}
		for _, t := range u.Taken {
			out.Taken = append(out.Taken, takenJSON{t.Kind, t.ID, t.Line, clean(t.Name), t.How, t.Fields})
		}
		for _, l := range u.Left {
			j := stayingJSON{l.Kind, l.ID, l.Line, clean(l.Name), []stayingReasonJSON{}}
			for _, why := range l.Reasons {
				j.Reasons = append(j.Reasons, stayingReasonJSON{why.Code, why.What, why.Import, why.Fields, r.leftBecause(why)})
			}
			out.Left = append(out.Left, j)
		}
		if r.json {
			return r.print(out)
		}
		r.sayUndone(out)
		return nil
	})
}

// leftBecause words why something stays.
func (r *run) leftBecause(why importing.LeftReason) string {
	return r.say.T("import.left."+string(why.Code), "What", r.named("import.thing", why.What), "Import", why.Import.Short(), "Fields", r.fieldNames(why.Fields))
}

func (r *run) fieldNames(fields []string) string {
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		names = append(names, r.say.Field(f))
	}
	return strings.Join(names, ", ")
}

func (r *run) sayUndone(out undoneJSON) {
	t := newTable(r.t("col.line"), r.t("col.what"), r.t("col.who"), r.t("col.result")).numbers(0)
	for _, x := range out.Taken {
		how := r.named("import.how", string(x.How))
		if len(x.Fields) > 0 {
			how += ": " + r.fieldNames(x.Fields)
		}
		t.add(lineNumber(x.Line), r.named("import.thing", x.Kind), x.Name, how)
	}
	for _, x := range out.Left {
		var why []string
		for _, reason := range x.Reasons {
			why = append(why, reason.Message)
		}
		t.add(lineNumber(x.Line), r.named("import.thing", x.Kind), x.Name, r.t("import.stays", "Why", strings.Join(why, " ")))
	}
	if len(t.rows) > 0 {
		r.table(t)
		r.line("")
	}
	key := "import.takenBack"
	switch {
	case len(out.Taken)+len(out.Left) == 0:
		key = "import.nothingToTake"
	case out.Preview:
		key = "import.wouldTake"
	}
	r.line(r.t(key, "Taken", r.say.Number(len(out.Taken)), "Left", r.say.Number(len(out.Left))))
}

// lineNumber is a line of a file; nothing for none.
func lineNumber(line int) string {
	if line == 0 {
		return ""
	}
	return fmt.Sprint(line)
}

type importOrderCmd struct {
	ID    string `arg:"" help:"import_id"`
	Order string `arg:"" enum:"log,newest-first,by-person,mixed,recognised" help:"import_order_said"`
	reason
}

// Run says in what order the lines of an imported file of punches stand.
func (c *importOrderCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		i, err := o.Files.FindImport(r.ctx, c.ID)
		if err != nil {
			return err
		}
		order, _ := filelog.ParseOrder(c.Order)
		if c.Order == "recognised" {
			order = ""
		}
		if err := o.Files.SayOrder(r.ctx, i.ID, order, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("import.orderSaid", "File", clean(i.File)), "import", string(i.ID))
	})
}

// refusedJSON is the answer of import refused.
type refusedJSON struct {
	environmentJSON
	Import app.ID `json:"import"`
	Lines  int    `json:"lines"`
	File   string `json:"file,omitempty"` // where they were written; none where none was refused
}

type importRefusedCmd struct {
	ID  string `arg:"" help:"import_id"`
	Out string `placeholder:"FILE.csv" required:"" help:"refused_out"`
	replacing
}

// Run writes the refused lines of an import as a file to correct.
func (c *importRefusedCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		i, err := o.Files.FindImport(r.ctx, c.ID)
		if err != nil {
			return err
		}
		content, name, err := o.Files.RefusedLines(r.ctx, i.ID)
		if err != nil {
			return err
		}
		out := refusedJSON{environmentJSON: environmentOf(o), Import: i.ID, Lines: i.Refused}
		if content == nil {
			return r.sayRefused(out, r.t("import.noneRefused"))
		}
		if out.File, err = o.Exports.WriteList(r.ctx, c.Out, name, content, c.Force, "import:"+string(i.ID)); err != nil {
			return err
		}
		return r.sayRefused(out, r.t("import.refusedWritten", "File", filepath.Base(out.File)))
	})
}

func (r *run) sayRefused(out refusedJSON, message string) error {
	if r.json {
		return r.print(out)
	}
	r.line(message)
	return nil
}
