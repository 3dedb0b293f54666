package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/filelog"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/ui/wording"
)

type boxImportCmd struct {
	File        string   `arg:"" help:"import_file"`
	Box         string   `placeholder:"SERIAL" help:"import_box"`
	Label       string   `placeholder:"NAME" help:"import_label"`
	Zone        app.Zone `placeholder:"Europe/Brussels" help:"import_zone"`
	Status      string   `placeholder:"yes|no" enum:",yes,no" default:"" help:"import_status"`
	OtherSerial bool     `help:"import_other_serial"`
	Elsewhere   bool     `help:"import_elsewhere"`
	Mapping     string   `placeholder:"MAPPING.json" help:"import_mapping"`
	// Key, StatusColumn, Order and Taken answer what only a person knows of a file.
	Key          []string `placeholder:"7=out" sep:"none" help:"map_key"`
	StatusColumn int      `placeholder:"4" help:"import_status_column"`
	Order        string   `placeholder:"log|newest-first|by-person|mixed" enum:",log,newest-first,by-person,mixed" default:"" help:"import_order"`
	Taken        string   `placeholder:"\"2026-11-30 12:00\"" help:"import_taken"`
	DryRun       bool     `help:"dry_run"`
}

// importedJSON is the answer of box import.
type importedJSON struct {
	environmentJSON
	Reading  readingJSON `json:"reading"`
	Box      boxJSON     `json:"box"`
	Bad      []lineJSON  `json:"bad"`
	Doubts   []lineJSON  `json:"doubts"`
	Before   int         `json:"before"`
	Repeated int         `json:"repeated"`
	orderJSON
}

// orderJSON is how the lines of a file were understood.
type orderJSON struct {
	Order string `json:"order"` // log, newest-first, by-person or mixed: recognised, or as --order said
	// Otherwise is how many lines an earlier import brought that are read by another meaning than this file's.
	Otherwise int `json:"otherwise"`
	// Spring is the day within the file on which clocks go forward: no step back shows whether this one did.
	Spring app.Date `json:"spring,omitzero"`
}

type lineJSON struct {
	Line    int    `json:"line"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Column  int    `json:"column,omitempty"` // where what is wrong stands, from 1
	Value   string `json:"value,omitempty"`  // what stands there
	Wanted  string `json:"wanted,omitempty"` // what a right value looks like
}

// Run imports a file of another make.
func (c *boxImportCmd) Run(r *run) error {
	if err := knownZone(c.Zone); err != nil {
		return err
	}
	open := r.withOffice
	if c.DryRun {
		open = r.toLook
	}
	return open(func(o *office.Office) error {
		opt := boxes.ImportOptions{Label: c.Label, Zone: c.Zone, StatusKeys: app.StatusKeys(c.Status), OtherSerial: c.OtherSerial, Elsewhere: c.Elsewhere, StatusColumn: c.StatusColumn, Order: c.Order}
		make := app.MakeZK
		var err error
		if opt.Keys, err = keysOf(c.Key); err != nil {
			return err
		}
		if c.Taken != "" {
			if opt.Taken, err = parseInstant("--taken", c.Taken, app.Belgium()); err != nil {
				return err
			}
		}
		if c.Mapping != "" {
			make = app.MakeTable
			if opt.Mapping, err = r.mappingFile(c.Mapping); err != nil {
				return err
			}
		}
		if opt.Box, err = r.boxOfFile(o, c.Box, make); err != nil {
			return err
		}
		if c.DryRun {
			return c.preview(r, o, opt)
		}
		m, show := r.progress(filepath.Base(c.File))
		got, err := o.Files.ImportFile(r.ctx, c.File, opt, show)
		m.end()
		if err != nil {
			if got.Reading.New > 0 && !r.json {
				r.line(r.n("read.kept", got.Reading.New))
			}
			return err
		}
		defer r.sendAfter(o)
		if r.json {
			return r.print(r.importedOf(o, got))
		}
		r.sayImport(filepath.Base(c.File), got)
		return nil
	})
}

// boxOfFile returns the UID of the box that a person names by label, UID or
// serial; a name that nobody knows is the serial of a new box of that make.
func (r *run) boxOfFile(o *office.Office, name string, make app.Make) (string, error) {
	if name == "" {
		return "", nil
	}
	rows, err := o.Boxes.Rows(r.ctx)
	if err != nil {
		return "", err
	}
	var found []string
	for _, b := range rows {
		if b.Box.UID == name || strings.HasSuffix(b.Box.UID, ":"+name) {
			return b.Box.UID, nil
		}
		if b.Box.UID != "" && strings.EqualFold(b.Box.Label, name) {
			found = append(found, b.Box.UID)
		}
	}
	switch {
	case len(found) > 1:
		return "", wrong("many", "Name", name, "Count", len(found))
	case len(found) == 1:
		return found[0], nil
	case strings.Contains(name, ":"):
		return name, nil
	}
	return make.UID(name), nil
}

// plannedJSON is the answer of box import --dry-run.
type plannedJSON struct {
	environmentJSON
	File     string  `json:"file"`
	Box      boxJSON `json:"box"`
	Records  int     `json:"records"`
	New      int     `json:"new"`
	Before   int     `json:"before"`
	Repeated int     `json:"repeated"`
	orderJSON
	First  app.Instant          `json:"first,omitzero"`
	Last   app.Instant          `json:"last,omitzero"`
	Keys   map[app.PunchKey]int `json:"keys"`
	People []plannedPersonJSON  `json:"people"`
	Bad    []lineJSON           `json:"bad"`
	Doubts []lineJSON           `json:"doubts"`
}

// plannedPersonJSON is one PIN or card of a file.
type plannedPersonJSON struct {
	Identifier   app.IdentifierKey `json:"identifier"`
	Taps         int               `json:"taps"`
	New          int               `json:"new"`
	First        app.Instant       `json:"first"`
	Last         app.Instant       `json:"last"`
	EngagementID app.ID            `json:"engagementId,omitempty"` // of who holds it; left out: nobody
	Worker       string            `json:"worker,omitempty"`
}

// preview says what an import would do.
func (c *boxImportCmd) preview(r *run, o *office.Office, opt boxes.ImportOptions) error {
	plan, err := o.Files.PreviewImport(r.ctx, c.File, opt)
	if err != nil {
		return err
	}
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return err
	}
	b := plan.Box
	out := plannedJSON{
		environmentJSON: environmentOf(o), File: plan.File,
		Box:     boxJSON{UID: b.UID, Make: b.Make, Label: b.Label, Known: plan.Known, Gaps: []gapJSON{}},
		Records: plan.Records, New: plan.New, Before: plan.Before, Repeated: plan.Repeated, orderJSON: orderJSON{plan.Order, plan.Otherwise, plan.Spring}, First: plan.First, Last: plan.Last,
		Keys: plan.Keys, People: []plannedPersonJSON{}, Bad: r.linesOf(plan.Bad), Doubts: r.linesOf(plan.Doubts),
	}
	for i, p := range plan.People {
		out.People = append(
			out.People,
			plannedPersonJSON{p.Key, p.Taps, p.New, p.First, p.Last, plan.Holders[i], names.Worker(names.Engagements[plan.Holders[i]].WorkerID)},
		)
	}
	if r.json {
		return r.print(out)
	}
	r.sayPlan(plan, out.People)
	return nil
}

func (r *run) sayPlan(plan *boxes.ImportPlan, people []plannedPersonJSON) {
	zone := plan.Box.Zone.Location()
	r.line(
		r.n(
			"import.plan",
			plan.New,
			"File",
			plan.File,
			"Box",
			cmp.Or(plan.Box.Label, plan.Box.UID),
			"Records",
			r.say.Number(plan.Records),
			"Before",
			r.say.Number(plan.Before),
		),
	)
	if plan.Records > 0 {
		r.line(r.t("import.span", "First", r.say.DateTime(plan.First, zone), "Last", r.say.DateTime(plan.Last, zone)))
	}
	if plan.Repeated > 0 {
		r.line(r.n("import.repeated", plan.Repeated))
	}
	if len(people) > 0 {
		r.line("")
		t := newTable(r.t("col.badge"), r.t("col.who"), r.t("col.punches"), r.t("col.new"), r.t("import.first"), r.t("import.last")).numbers(2, 3)
		for _, p := range people[:min(len(people), manyLines)] {
			t.add(
				wording.Badge(r.say, app.Identifier{Key: p.Identifier}),
				cmp.Or(p.Worker, r.t("import.nobody")),
				r.say.Number(p.Taps),
				r.say.Number(p.New),
				r.say.DateTime(p.First, zone),
				r.say.DateTime(p.Last, zone),
			)
		}
		r.table(t)
		r.more(len(people) - manyLines)
	}
	r.sayOrder(plan.Order, plan.Otherwise, plan.Spring)
	r.lineProblems(r.t("import.wouldKeep"), plan.Bad)
	r.lineProblems(r.t("import.doubts"), plan.Doubts)
}

func (r *run) importedOf(o *office.Office, got reading.Imported) importedJSON {
	b := got.Box
	return importedJSON{
		environmentJSON: environmentOf(o), Reading: readingOf(got.Reading, b.Label),
		Box: boxJSON{UID: b.UID, Make: b.Make, Label: b.Label, Known: true, Quarantined: b.Quarantined, Gaps: []gapJSON{}},
		Bad: r.linesOf(got.Bad), Doubts: r.linesOf(got.Doubts), Before: got.Before, Repeated: got.Repeated, orderJSON: orderJSON{got.Order, got.Otherwise, got.Spring},
	}
}

func (r *run) linesOf(problems []reading.LineProblem) []lineJSON {
	out := []lineJSON{}
	for _, p := range problems {
		out = append(out, lineJSON{p.Line, p.Code, r.lineProblem(p), p.Column, p.Value, p.Wanted})
	}
	return out
}

func (r *run) lineProblem(p reading.LineProblem) string {
	text := wording.LineProblem(r.say, p.Code, p.Length, p.Limit)
	if p.Column == 0 {
		return text
	}
	return r.t("import.where", "Problem", text, "Column", p.Column, "Value", p.Value, "Wanted", p.Wanted)
}

func (r *run) sayImport(file string, got reading.Imported) {
	r.line(r.n("import.done", got.Reading.New, "File", file, "Records", r.say.Number(got.Reading.Records), "Before", r.say.Number(got.Before)))
	if got.Repeated > 0 {
		r.line(r.n("import.repeated", got.Repeated))
	}
	r.sayOrder(got.Order, got.Otherwise, got.Spring)
	r.lineProblems(r.t("import.bad"), got.Bad)
	r.lineProblems(r.t("import.doubts"), got.Doubts)
}

// sayOrder says in what order the lines of a file stand, where it is not the usual one, and how many lines are read otherwise.
func (r *run) sayOrder(order string, otherwise int, spring app.Date) {
	if spring != 0 {
		r.line(r.t("import.spring", "Day", r.say.Date(spring)))
	}
	if order != "" && order != string(filelog.InLogOrder) {
		r.line(r.t("import.order." + order))
	}
	if otherwise > 0 {
		r.line(r.n("import.otherwise", otherwise))
	}
}

// manyLines is how many problems a person reads before a list helps more than it tells.
const manyLines = 20

func (r *run) lineProblems(title string, problems []reading.LineProblem) {
	if len(problems) == 0 {
		return
	}
	r.line("")
	r.line(title)
	t := newTable(r.t("col.line"), r.t("col.why")).numbers(0)
	for _, p := range problems[:min(len(problems), manyLines)] {
		t.add(fmt.Sprint(p.Line), r.lineProblem(p))
	}
	r.table(t)
	r.more(len(problems) - manyLines)
}
