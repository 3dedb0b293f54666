package cli

import (
	"cmp"
	"slices"
	"strings"

	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/reading"
)

// ofList is a kind of list, as the command's type has it.
type ofList interface{ kind() importing.ListKind }

type (
	ofStaff        struct{}
	ofSites        struct{}
	ofAbsences     struct{}
	ofDeclarations struct{}

	ofRegistrations struct{}
)

func (ofStaff) kind() importing.ListKind        { return importing.StaffList }
func (ofSites) kind() importing.ListKind        { return importing.SiteList }
func (ofAbsences) kind() importing.ListKind     { return importing.AbsenceList }
func (ofDeclarations) kind() importing.ListKind { return importing.DeclarationList }

func (ofRegistrations) kind() importing.ListKind { return importing.RegistrationList }

// listMappingCmds are the commands that say how lists of a kind are read.
type listMappingCmds[K ofList] struct {
	Propose listMappingProposeCmd[K] `cmd:"" help:"list_mapping_propose"`
	Show    listMappingShowCmd[K]    `cmd:"" help:"list_mapping_show"`
	Set     listMappingSetCmd[K]     `cmd:"" help:"list_mapping_set"`
	Forget  listMappingForgetCmd[K]  `cmd:"" help:"list_mapping_forget"`
}

// listProposalJSON is the answer of staff mapping propose and of its like, and of … set.
type listProposalJSON struct {
	environmentJSON
	Saved     bool                     `json:"saved"`
	Mapping   importing.Profile        `json:"mapping"`
	Reasons   []importing.ColumnReason `json:"reasons"`
	Questions []listQuestionJSON       `json:"questions"`
	Unused    []string                 `json:"unused"`            // titles of which nothing is made
	Letters   string                   `json:"letters,omitempty"` // words with accents, as they are read
	Sheets    []string                 `json:"sheets,omitempty"`
	Samples   []map[string]string      `json:"samples"` // the first rows by column; personal numbers masked
}

type listQuestionJSON struct {
	importing.ListQuestion
	Message string `json:"message"`
}

// listMappingsJSON is the answer of staff mapping show and of its like.
type listMappingsJSON struct {
	environmentJSON
	Mappings []importing.Profile `json:"mappings"`
}

type listMappingProposeCmd[K ofList] struct {
	File string `arg:"" help:"list_sample"`
}

// Run proposes how a list is read.
func (c *listMappingProposeCmd[K]) Run(r *run) error {
	var of K
	return r.toLook(func(o *office.Office) error {
		p, err := o.Files.ProposeList(r.ctx, of.kind(), c.File, nil)
		if err != nil {
			return err
		}
		return r.sayProposal(o, p, false)
	})
}

type listMappingShowCmd[K ofList] struct {
	Name string `arg:"" optional:"" help:"list_mapping_name"`
}

// Run shows how lists of other programs are read.
func (c *listMappingShowCmd[K]) Run(r *run) error {
	var of K
	return r.onExisting(func(o *office.Office) error {
		all, err := o.Files.ListProfiles(r.ctx)
		if err != nil {
			return err
		}
		out := listMappingsJSON{environmentOf(o), []importing.Profile{}}
		for _, p := range all {
			if p.Kind == of.kind() && (c.Name == "" || strings.EqualFold(p.Name, c.Name)) {
				out.Mappings = append(out.Mappings, p)
			}
		}
		if c.Name != "" && len(out.Mappings) == 0 {
			_, err := importing.FindProfile(nil, of.kind(), c.Name)
			return err
		}
		if r.json {
			return r.print(out)
		}
		if len(out.Mappings) == 0 {
			r.line(r.t("listMapping.none"))
		}
		for _, p := range out.Mappings {
			r.line(p.Name)
			r.sayProfile(&p)
		}
		return nil
	})
}

func (r *run) sayProfile(p *importing.Profile) {
	t := newTable(r.t("col.field"), r.t("col.column"))
	for _, name := range importing.Columns(p.Kind) {
		if title := p.Columns[name]; title != "" {
			t.add(r.say.Field(importing.FieldOf(p.Kind, name))+" ("+name+")", title)
		}
	}
	for _, point := range [][2]string{
		{r.t("listMapping.separator"), separatorName(p.Separator)}, {r.t("listMapping.encoding"), string(p.Encoding)},
		{r.t("listMapping.dates"), p.Dates}, {r.t("listMapping.sheet"), p.Sheet},
	} {
		if point[1] != "" {
			t.add(point[0], point[1])
		}
	}
	r.table(t)
	r.line("")
}

// separatorName is a separator as a person reads it.
func separatorName(s string) string {
	if s == "\t" {
		return "tab"
	}
	return s
}

type listMappingForgetCmd[K ofList] struct {
	Name string `arg:"" help:"list_mapping_name"`
	reason
}

// Run forgets how lists of another program are read.
func (c *listMappingForgetCmd[K]) Run(r *run) error {
	var of K
	return r.onExisting(func(o *office.Office) error {
		if err := o.Files.ForgetListProfile(r.ctx, of.kind(), c.Name, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("listMapping.forgotten", "Name", c.Name), "profile", c.Name)
	})
}

type listMappingSetCmd[K ofList] struct {
	Name      string   `arg:"" help:"list_mapping_name"`
	Sample    string   `placeholder:"FILE" help:"list_sample"`
	Column    []string `placeholder:"staff_number=TITLE" sep:"none" help:"list_mapping_column"`
	Separator *string  `placeholder:"\";\"|tab" help:"map_separator"`
	Encoding  *string  `placeholder:"windows-1252|cp850|macintosh" help:"map_encoding"`
	Dates     *string  `placeholder:"DD/MM/YYYY" help:"list_mapping_dates"`
	Sheet     *string  `placeholder:"NAME" help:"list_mapping_sheet"`
	DryRun    bool     `help:"dry_run"`
	reason
}

// Run says how lists of another program are read: by what is kept under the name,
// else by the proposal for the sample, each changed by flags.
func (c *listMappingSetCmd[K]) Run(r *run) error {
	var of K
	return r.withOffice(func(o *office.Office) error {
		p, open, err := c.begin(r, o, of.kind())
		if err != nil {
			return err
		}
		if err := c.apply(&p); err != nil {
			return err
		}
		if open = c.unanswered(open); len(open) > 0 {
			return r.askList(open)
		}
		if err := p.Validate(); err != nil {
			return err
		}
		shown := &importing.Proposal{Profile: p}
		if c.Sample != "" {
			if shown, err = o.Files.ProposeList(r.ctx, p.Kind, c.Sample, &p); err != nil {
				return err
			}
			shown.Questions = nil // answered, or about what is kept already
			p.Titles = shown.Profile.Titles
		}
		if !c.DryRun {
			if err := o.Files.SaveListProfile(r.ctx, p, c.Why); err != nil {
				return err
			}
		}
		shown.Profile = p
		return r.sayProposal(o, shown, !c.DryRun)
	})
}

// begin returns what flags change, and what was asked of it.
func (c *listMappingSetCmd[K]) begin(r *run, o *office.Office, kind importing.ListKind) (importing.Profile, []importing.ListQuestion, error) {
	all, err := o.Files.ListProfiles(r.ctx)
	if err != nil {
		return importing.Profile{}, nil, err
	}
	if p, err := importing.FindProfile(all, kind, c.Name); err == nil {
		return p, nil, nil
	}
	empty := importing.Profile{Name: c.Name, Kind: kind, Columns: map[string]string{}}
	if c.Sample == "" {
		return empty, nil, nil
	}
	p, err := o.Files.ProposeList(r.ctx, kind, c.Sample, nil)
	if err != nil {
		return empty, nil, err
	}
	p.Profile.Name = c.Name
	return p.Profile, p.Questions, nil
}

func (c *listMappingSetCmd[K]) apply(p *importing.Profile) error {
	for _, pair := range c.Column {
		name, title, ok := strings.Cut(pair, "=")
		if !ok || !slices.Contains(importing.Columns(p.Kind), name) {
			return wrong("listColumn", "Got", pair, "Names", strings.Join(importing.Columns(p.Kind), ", "))
		}
		for other, t := range p.Columns { // a title is one column
			if strings.EqualFold(t, title) {
				delete(p.Columns, other)
			}
		}
		if p.Columns[name] = title; title == "" {
			delete(p.Columns, name)
		}
	}
	if c.Separator != nil {
		p.Separator = separatorOf(*c.Separator)
	}
	if c.Encoding != nil {
		p.Encoding = reading.Encoding(strings.TrimSuffix(strings.ToLower(*c.Encoding), "utf-8"))
	}
	set(&p.Dates, c.Dates)
	set(&p.Sheet, c.Sheet)
	return nil
}

// unanswered returns the questions that no flag answers.
func (c *listMappingSetCmd[K]) unanswered(all []importing.ListQuestion) (open []importing.ListQuestion) {
	for _, q := range all {
		answered := map[string]bool{
			"dates": c.Dates != nil, "letters": c.Encoding != nil, "sheet": c.Sheet != nil,
			"two": c.names(q.Column), "which": c.names(q.Column),
		}[q.Code]
		if !answered {
			open = append(open, q)
		}
	}
	return open
}

func (c *listMappingSetCmd[K]) names(column string) bool {
	return slices.ContainsFunc(c.Column, func(pair string) bool { return strings.HasPrefix(pair, column+"=") })
}

// askList asks what a list does not tell; nothing was kept.
func (r *run) askList(open []importing.ListQuestion) error {
	var all []string
	for _, q := range open {
		all = append(all, r.listQuestion(q))
	}
	return failure("listMapping.asked", "Questions", strings.Join(all, " "))
}

func (r *run) listQuestion(q importing.ListQuestion) string {
	field := ""
	if q.Column != "" {
		field = q.Column
	}
	return r.say.T("listMapping.ask."+q.Code, "Column", field, "Titles", "“"+strings.Join(q.Titles, "”, “")+"”")
}

func (r *run) sayProposal(o *office.Office, p *importing.Proposal, saved bool) error {
	out := listProposalJSON{environmentOf(o), saved, p.Profile, list(p.Reasons), []listQuestionJSON{}, list(p.Unused), "", p.Sheets, p.Samples}
	for _, q := range p.Questions {
		out.Questions = append(out.Questions, listQuestionJSON{q, clean(r.listQuestion(q))})
	}
	if p.Lettering != nil {
		out.Letters = clean(p.Lettering.Words)
	}
	if out.Samples == nil {
		out.Samples = []map[string]string{}
	}
	if r.json {
		return r.print(out)
	}
	if saved {
		r.line(r.t("listMapping.saved", "Name", p.Profile.Name))
	} else {
		r.line(r.t("mapping.notSaved"))
	}
	if len(p.Reasons) == 0 {
		r.sayProfile(&p.Profile)
		return nil
	}
	t := newTable(r.t("col.field"), r.t("col.column"), r.t("col.value"), r.t("col.why"))
	for _, x := range p.Reasons {
		t.add(r.say.Field(importing.FieldOf(p.Profile.Kind, x.Column))+" ("+x.Column+")", x.Title, x.Sample, r.say.T("listMapping.why."+string(x.Code)))
	}
	r.table(t)
	for _, line := range [][2]string{
		{r.t("listMapping.unused"), strings.Join(p.Unused, ", ")}, {r.t("listMapping.letters"), out.Letters}, {r.t("listMapping.dates"), p.Profile.Dates},
		{r.t("listMapping.sheet"), p.Profile.Sheet}, {r.t("listMapping.separator"), separatorName(p.Profile.Separator)},
	} {
		if line[1] != "" {
			r.line(line[0] + ": " + line[1])
		}
	}
	for _, q := range out.Questions {
		r.line(cmp.Or(q.Message, q.Code))
	}
	return nil
}
