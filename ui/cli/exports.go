package cli

import (
	"strings"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/export"
	"klokkast/app/office"
)

// exportedJSON is the answer of export xlsx and export csv.
type exportedJSON struct {
	environmentJSON
	Days        app.Days `json:"days"`
	File        string   `json:"file"` // written; left out with --preview
	Engagements int      `json:"engagements"`
	Rows        int      `json:"rows"` // of a CSV file, headings apart
}

// exportPreviewJSON is the answer of export csv --preview.
type exportPreviewJSON struct {
	environmentJSON
	Days  app.Days `json:"days"`
	Lines []string `json:"lines"` // the first ones, as they would stand in the file
}

// exportWhat are the flags that choose what is exported, and where to.
type exportWhat struct {
	period
	Worker string `placeholder:"NAME" help:"worker"`
	replacing
}

// choice returns what the flags choose.
func (c *exportWhat) choice(r *run, o *office.Office) (documents.ExportChoice, error) {
	days, err := c.days()
	if err != nil {
		return documents.ExportChoice{}, err
	}
	choice := documents.ExportChoice{Days: r.orThisMonth(days), Language: app.Language(r.flags.Lang), Reveal: r.flags.Reveal, Replace: c.Force}
	if c.Worker == "" {
		return choice, nil
	}
	w, err := r.worker(o, c.Worker)
	if err != nil {
		return choice, err
	}
	if len(w.Engagements) == 0 { // no engagement must not mean everyone's
		return choice, documents.NobodyError{}
	}
	for _, e := range w.Engagements {
		choice.Engagements = append(choice.Engagements, e.ID)
	}
	return choice, nil
}

type exportXlsxCmd struct {
	exportWhat
	Layout string `placeholder:"each|list" enum:"each,list" default:"each" help:"export_layout"`
	Out    string `placeholder:"DIR" required:"" help:"export_out"`
}

// Run writes a spreadsheet.
func (c *exportXlsxCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		choice, err := c.choice(r, o)
		if err != nil {
			return err
		}
		m, show := r.progress(r.t("export.progress"))
		done, err := o.Exports.ExportWorkbook(r.ctx, choice, export.Layout(c.Layout), c.Out, show)
		m.end()
		if err != nil {
			return err
		}
		return r.exported(o, choice.Days, done)
	})
}

type exportCSVCmd struct {
	exportWhat
	Profile string `placeholder:"NAME" required:"" help:"export_profile"`
	Out     string `placeholder:"DIR" help:"export_out"`
	Preview int    `placeholder:"LINES" help:"export_preview"`
}

// Run writes a CSV file by a profile, or with --preview shows its first lines.
func (c *exportCSVCmd) Run(r *run) error {
	switch {
	case c.Out == "" && c.Preview <= 0:
		return wrong("exportOut")
	case c.Out != "" && c.Preview != 0:
		return wrong("together", "A", "--out", "B", "--preview")
	}
	return r.onExisting(func(o *office.Office) error {
		choice, err := c.choice(r, o)
		if err != nil {
			return err
		}
		p, err := o.Exports.ExportProfile(r.ctx, c.Profile)
		if err != nil {
			return err
		}
		if c.Preview > 0 {
			return c.preview(r, o, choice, p)
		}
		m, show := r.progress(r.t("export.progress"))
		done, err := o.Exports.ExportCSV(r.ctx, choice, p, c.Out, show)
		m.end()
		if err != nil {
			return err
		}
		return r.exported(o, choice.Days, done)
	})
}

func (c *exportCSVCmd) preview(r *run, o *office.Office, choice documents.ExportChoice, p export.Profile) error {
	lines, err := o.Exports.PreviewCSV(r.ctx, choice, p, c.Preview)
	if err != nil {
		return err
	}
	if r.json {
		return r.print(exportPreviewJSON{environmentOf(o), choice.Days, list(lines)})
	}
	for _, l := range lines {
		r.line(l)
	}
	return nil
}

func (r *run) exported(o *office.Office, days app.Days, done documents.Exported) error {
	if r.json {
		return r.print(exportedJSON{environmentOf(o), days, done.File, done.Engagements, done.Rows})
	}
	r.line(r.n("export.written", done.Engagements, "File", done.File))
	return nil
}

// profilesJSON is the answer of export profile list and show.
type profilesJSON struct {
	environmentJSON
	Profiles []profileJSON `json:"profiles"`
}

type profileJSON struct {
	export.Profile
	Preset bool `json:"preset"` // there from the start, under this name
}

type exportProfileListCmd struct{}

// Run lists the profiles.
func (c *exportProfileListCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		all, err := o.Exports.ExportProfiles(r.ctx)
		if err != nil {
			return err
		}
		return r.profiles(o, all)
	})
}

type exportProfileShowCmd struct {
	Name string `arg:"" help:"export_profile"`
}

// Run shows one profile.
func (c *exportProfileShowCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		p, err := o.Exports.ExportProfile(r.ctx, c.Name)
		if err != nil {
			return err
		}
		if r.json {
			return r.profiles(o, []export.Profile{p})
		}
		t := newTable(r.t("col.what"), r.t("col.value"))
		for _, f := range r.profileFacts(&p) {
			t.add(f[0], f[1])
		}
		r.table(t)
		r.line("")
		columns := newTable(r.t("col.column"), r.t("export.heading"))
		for _, column := range p.Columns {
			heading := column.Heading
			if heading == "" {
				heading = export.Heading(r.say, column.ID)
			}
			columns.add(string(column.ID), heading)
		}
		r.table(columns)
		return nil
	})
}

// profileFacts words all of a profile but its columns.
func (r *run) profileFacts(p *export.Profile) [][2]string {
	yes := func(b bool) string {
		if b {
			return r.t("yes")
		}
		return r.t("no")
	}
	sign := "."
	if p.DecimalComma {
		sign = ","
	}
	facts := [][2]string{
		{
			r.say.Field("profile"),
			p.Name,
		}, {r.say.Field("exportRows"), r.named("export.rows", string(p.Rows))}, {r.say.Field("delimiter"), delimiterName(p.Delimiter)},
		{r.say.Field("decimal"), sign}, {r.say.Field("dates"), p.Dates}, {r.say.Field("encoding"), string(p.Encoding)},
		{r.say.Field("header"), yes(p.Header)}, {r.say.Field("everyDay"), yes(p.EveryDay)},
	}
	for _, k := range app.AbsenceKinds {
		if code := p.Codes[k]; code != "" {
			facts = append(facts, [2]string{r.say.T("absence." + string(k)), code})
		}
	}
	return facts
}

func (r *run) profiles(o *office.Office, all []export.Profile) error {
	if r.json {
		out := profilesJSON{environmentOf(o), []profileJSON{}}
		for _, p := range all {
			out.Profiles = append(out.Profiles, profileJSON{p, export.IsPreset(p.Name)})
		}
		return r.print(out)
	}
	t := newTable(r.say.Field("profile"), r.say.Field("exportRows"), r.say.Field("columns"), r.say.Field("encoding"))
	for _, p := range all {
		var ids []string
		for _, c := range p.Columns {
			ids = append(ids, string(c.ID))
		}
		t.add(p.Name, r.named("export.rows", string(p.Rows)), strings.Join(ids, ", "), string(p.Encoding))
	}
	r.table(t)
	return nil
}

type exportProfileRemoveCmd struct {
	Name string `arg:"" help:"export_profile"`
	reason
}

// Run forgets a profile.
func (c *exportProfileRemoveCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Exports.RemoveExportProfile(r.ctx, c.Name, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("export.removed", "Name", c.Name), "profile", c.Name)
	})
}

type exportColumnsCmd struct{}

// columnsJSON is the answer of export columns.
type columnsJSON struct {
	Columns []columnJSON `json:"columns"`
}

type columnJSON struct {
	Column  export.ColumnID `json:"column"`
	Heading string          `json:"heading"`
	Rows    []export.Rows   `json:"rows"` // in which it means something
}

// Run lists the columns that profiles can have.
func (c *exportColumnsCmd) Run(r *run) error {
	out := columnsJSON{[]columnJSON{}}
	t := newTable(r.t("col.column"), r.t("export.heading"), r.say.Field("exportRows"))
	for _, id := range export.Columns() {
		rows := export.RowsWith(id)
		var names []string
		for _, kind := range rows {
			names = append(names, r.named("export.rows", string(kind)))
		}
		heading := export.Heading(r.say, id)
		out.Columns = append(out.Columns, columnJSON{id, heading, rows})
		t.add(string(id), heading, strings.Join(names, ", "))
	}
	if r.json {
		return r.print(out)
	}
	r.table(t)
	return nil
}
