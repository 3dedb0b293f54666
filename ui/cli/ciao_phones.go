package cli

import (
	"cmp"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

// ciaoEntryCmds are the commands about single registrations that were not sent from here.
type ciaoEntryCmds struct {
	List   ciaoEntryListCmd   `cmd:"" default:"withargs" help:"entry_list"`
	Place  ciaoEntryPlaceCmd  `cmd:"" help:"entry_place"`
	Decide ciaoEntryDecideCmd `cmd:"" help:"entry_decide"`
}

// ciaoPhonesCmds are the commands about how far it is known who registered by phone.
type ciaoPhonesCmds struct {
	List     ciaoPhonesListCmd     `cmd:"" default:"withargs" help:"phones_list"`
	Checked  ciaoPhonesCheckedCmd  `cmd:"" help:"phones_checked"`
	Withdraw ciaoPhonesWithdrawCmd `cmd:"" help:"phones_withdraw"`
}

type ciaoConsultCmd struct {
	PassphraseFile string `name:"passphrase-file" placeholder:"FILE|-" help:"passphrase"`
}

// consultedJSON is the answer of ciao consult.
type consultedJSON struct {
	environmentJSON
	// Consulted is what it brought; null where the register was asked a moment ago, or nobody may register by phone.
	Consulted *ciao.Consulted `json:"consulted"`
	Due       app.Instant     `json:"due,omitzero"` // when it may be asked next
	Message   string          `json:"message"`
}

// Run asks the register who registered by phone. The exit code is 1 where not all is known.
func (c *ciaoConsultCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := r.unlock(o, c.PassphraseFile); err != nil {
			return err
		}
		told, err := o.Phones.Consult(r.ctx)
		if err != nil {
			return err
		}
		out := consultedJSON{environmentJSON: environmentOf(o), Consulted: told}
		if out.Due, err = o.Phones.ConsultDue(r.ctx); err != nil {
			return err
		}
		r.failed = told == nil || told.Code != ""
		if out.Message, err = r.consulted(o, &out); err != nil {
			return err
		}
		if r.json {
			return r.print(out)
		}
		r.line(out.Message)
		return nil
	})
}

// consulted says what a consultation brought.
func (r *run) consulted(o *office.Office, c *consultedJSON) (string, error) {
	said := wording.Consulted(r.say, c.Consulted, c.Due)
	state, err := o.Phones.State(r.ctx)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(state.Sites, func(s sending.PhonesRow) bool { return s.Allowed }) {
		nowhere := r.say.T("consult.nowhere")
		if c.Consulted == nil {
			return clean(nowhere), nil
		}
		said = append(said, nowhere) // only what others registered was asked about
	}
	return clean(strings.Join(said, " ")), nil
}

type ciaoEntryListCmd struct {
	period
	whose
	State string `placeholder:"STATE" enum:",registered,box-or-phone,which-site,who,ours" default:"" help:"entry_state"`
	Open  bool   `help:"entry_open"`
}

// entriesJSON is the answer of ciao entry list.
type entriesJSON struct {
	environmentJSON
	Days    app.Days    `json:"days"`
	Entries []entryJSON `json:"entries"`
}

type entryJSON struct {
	app.RegisterEntry
	Worker  string `json:"worker,omitempty"`
	Site    string `json:"site,omitempty"`
	Message string `json:"message"`
}

// openStates are those of entries that wait for something.
var openStates = []app.EntryState{app.EntryBoxOrPhone, app.EntryWhichSite, app.EntryWho}

// Run lists what the register showed and was not sent from here; of this month where no days are chosen, save with --open.
func (c *ciaoEntryListCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	if c.Open && c.State != "" {
		return wrong("together", "A", "--open", "B", "--state")
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		choice := sending.EntryChoice{Days: days}
		if choice.WorkerID, choice.SiteID, err = c.ids(r, o); err != nil {
			return err
		}
		switch {
		case c.Open:
			choice.States = openStates
		case c.State != "":
			choice.States = []app.EntryState{app.EntryState(c.State)}
		}
		if !c.Open {
			choice.Days = r.orThisMonth(days)
		}
		list, err := o.Phones.Entries(r.ctx, choice)
		if err != nil {
			return err
		}
		out := entriesJSON{environmentOf(o), choice.Days, []entryJSON{}}
		t := newTable(r.t("col.time"), r.t("col.type"), r.t("col.worker"), r.t("col.site"), r.t("col.state"), r.t("col.id"))
		for i := range list {
			e := &list[i]
			j := entryJSON{*e, names.Worker(e.WorkerID), names.Site(e.SiteID), clean(wording.Entry(r.say, e))}
			out.Entries = append(out.Entries, j)
			t.add(r.say.DateTimeSeconds(e.At, names.Zone(e.SiteID)), string(e.Type), cmp.Or(j.Worker, e.Who), j.Site, j.Message, strconv.FormatInt(e.ID, 10))
		}
		switch {
		case r.json:
			return r.print(out)
		case len(list) == 0:
			r.line(r.t("entry.none"))
		default:
			r.table(t)
		}
		return nil
	})
}

type ciaoEntryPlaceCmd struct {
	ID   []int64 `arg:"" help:"entry_id"`
	Site string  `placeholder:"NAME" required:"" help:"at_site"`
	reason
}

// Run says at which site registrations were.
func (c *ciaoEntryPlaceCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		if err := o.Phones.Place(r.ctx, c.ID, site.Site.ID, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("entry.placed", "Site", site.Site.Name), "entry", numbers(c.ID)...)
	})
}

func numbers(ids []int64) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strconv.FormatInt(id, 10)
	}
	return out
}

type ciaoEntryDecideCmd struct {
	ID []int64 `arg:"" help:"entry_id"`
	As string  `placeholder:"phone|box|open" enum:"phone,box,open" required:"" help:"entry_as"`
	// Why is required: it is a person's word against what is not known.
	Why string `placeholder:"TEXT" required:"" help:"why"`
}

// Run says what registrations are of which it is not known.
func (c *ciaoEntryDecideCmd) Run(r *run) error {
	what := map[string]struct {
		is   app.EntryState
		said string
	}{"phone": {app.EntryRegistered, "entry.decided.phone"}, "box": {app.EntryOurs, "entry.decided.box"}, "open": {"", "entry.decided.open"}}[c.As]
	return r.onExisting(func(o *office.Office) error {
		if err := o.Phones.Decide(r.ctx, c.ID, what.is, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t(what.said), "entry", numbers(c.ID)...)
	})
}

type ciaoPhonesListCmd struct{}

// phonesListJSON is the answer of ciao phones list.
type phonesListJSON struct {
	environmentJSON
	Sites   []phonesSiteJSON       `json:"sites"`
	States  map[app.EntryState]int `json:"states"` // entries that are not cancelled, by what became of them
	Behind  int                    `json:"behind"` // sites of which yesterday is not known
	Asked   app.Instant            `json:"asked,omitzero"`
	Message string                 `json:"message,omitempty"` // why the register cannot be asked by declaration
}

type phonesSiteJSON struct {
	sending.PhonesRow
	Site string `json:"site"`
}

// Run shows how far it is known who registered by phone.
func (c *ciaoPhonesListCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		state, err := o.Phones.State(r.ctx)
		if err != nil {
			return err
		}
		out := phonesListJSON{environmentOf(o), []phonesSiteJSON{}, state.States, state.Behind, state.Asked, ""}
		if state.Code != "" {
			out.Message = clean(wording.NotConsulted(r.say, state.Code))
		}
		t := newTable(r.t("col.site"), r.t("col.knownTo"), r.t("col.how"), r.t("col.registrations"), r.t("col.waiting"), r.t("col.id")).numbers(3, 4)
		for _, s := range state.Sites {
			out.Sites = append(out.Sites, phonesSiteJSON{s, names.Site(s.SiteID)})
			how, id := "", ""
			if s.Last != nil {
				how = wording.EntrySource(r.say, s.Last.Source)
				if s.Last.Source == app.FromPerson {
					how, id = how+" ("+s.Last.Actor+")", string(s.Last.ID)
				}
			}
			t.add(names.Site(s.SiteID), wording.PhonesReadTo(r.say, s.ReadTo), how, r.say.Number(s.Registered), r.say.Number(s.Waiting), id)
		}
		if r.json {
			return r.print(out)
		}
		if len(state.Sites) == 0 {
			r.line(r.say.T("consult.nowhere"))
			return nil
		}
		r.table(t)
		r.lines(wording.Phones(r.say, state))
		if out.Message != "" {
			r.line(out.Message)
		}
		return nil
	})
}

type ciaoPhonesCheckedCmd struct {
	Site string `arg:"" help:"at_site"`
	UpTo string `placeholder:"2026-11-30T18:00" help:"phones_up_to"`
	// Why is required: it is a person's word.
	Why string `placeholder:"TEXT" required:"" help:"why"`
}

// Run keeps a person's word about the phones of a site.
func (c *ciaoPhonesCheckedCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		upTo, err := r.moment("--up-to", c.UpTo, names.Zone(site.Site.ID))
		if err != nil {
			return err
		}
		reading, err := o.Phones.Checked(r.ctx, site.Site.ID, upTo, c.Why)
		if err != nil {
			return err
		}
		return r.changed(o, r.t("phones.checked", "Site", site.Site.Name, "At", r.say.DateTime(upTo, names.Zone(site.Site.ID))), "reading", string(reading))
	})
}

type ciaoPhonesWithdrawCmd struct {
	Reading string `arg:"" help:"phones_reading"`
	reason
}

// Run takes such a word back.
func (c *ciaoPhonesWithdrawCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Phones.WithdrawChecked(r.ctx, app.ID(c.Reading), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("phones.withdrawn"), "reading", c.Reading)
	})
}

type ciaoImportCmd struct {
	File        string `arg:"" optional:"" help:"registrations_file"`
	Declaration string `placeholder:"1Y1003SQ5VSSZ" help:"registrations_declaration"`
	UpTo        string `placeholder:"2026-11-30T18:00" help:"registrations_up_to"`
	listFlags
}

// Run imports a list of registrations out of the online service of the NSSO.
func (c *ciaoImportCmd) Run(r *run) error {
	opt := boxes.ListOptions{}
	var err error
	if c.Declaration != "" {
		if opt.Declaration, err = identity.ParseDeclaration(c.Declaration); err != nil {
			return err
		}
	}
	if c.UpTo != "" {
		if opt.ReadTo, err = parseInstant("--up-to", c.UpTo, app.Belgium()); err != nil {
			return err
		}
	}
	return r.importListBy(importing.RegistrationList, c.File, c.listFlags, opt)
}

type ciaoOthersCmd struct {
	period
	Site     string `placeholder:"NAME" help:"at_site"`
	Employer string `placeholder:"NAME" help:"others_employer"`
	Summary  bool   `help:"others_summary"`
	CSV      string `name:"csv" placeholder:"FILE.csv" help:"others_csv"`
	replacing
}

// othersJSON is the answer of ciao others.
type othersJSON struct {
	environmentJSON
	Days    app.Days       `json:"days"`
	Others  []otherJSON    `json:"others"`
	Summary []otherSumJSON `json:"summary"`        // with --summary, in place of others
	File    string         `json:"file,omitempty"` // that was written
}

type otherJSON struct {
	sending.OtherRow
	Site         string `json:"site,omitempty"`
	EmployerName string `json:"employerName,omitempty"`
}

type otherSumJSON struct {
	sending.OtherSum
	Site         string `json:"site,omitempty"`
	EmployerName string `json:"employerName,omitempty"`
}

// Run lists what people of other employers registered at our sites; of this month where no days are chosen. The exit code is
// 1 where the summary has an employer that registered nobody.
func (c *ciaoOthersCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		choice := sending.OtherChoice{Days: r.orThisMonth(days), Employer: c.Employer}
		if number, err := identity.ParseEnterprise(c.Employer); err == nil {
			choice.Employer = number
		} else if c.Employer != "" {
			e, err := r.employer(o, c.Employer)
			if err != nil {
				return err
			}
			choice.Employer = cmp.Or(e.Enterprise, e.ForeignVAT)
		}
		if c.Site != "" {
			site, err := r.site(o, c.Site)
			if err != nil {
				return err
			}
			choice.SiteID = site.Site.ID
		}
		out := othersJSON{environmentJSON: environmentOf(o), Days: choice.Days, Others: []otherJSON{}, Summary: []otherSumJSON{}}
		t, err := c.gather(r, o, names, choice, &out)
		if err != nil {
			return err
		}
		if c.CSV != "" {
			if out.File, err = o.Exports.WriteList(r.ctx, c.CSV, "others.csv", t.csv(), c.Force, "environment:"+string(o.Environment())); err != nil {
				return err
			}
		}
		switch {
		case r.json:
			return r.print(out)
		case out.File != "":
			r.line(r.t("others.written", "File", filepath.Base(out.File)))
		case len(t.rows) == 0:
			r.line(r.t("others.none"))
		default:
			r.table(t)
		}
		return nil
	})
}

func (c *ciaoOthersCmd) gather(r *run, o *office.Office, names *derived.Names, choice sending.OtherChoice, out *othersJSON) (*table, error) {
	if !c.Summary {
		rows, err := o.Phones.Others(r.ctx, choice)
		t := newTable(r.t("col.time"), r.t("col.type"), r.t("col.person"), r.t("col.employer"), r.t("col.enterprise"), r.t("col.site"), r.t("col.declaration"), r.t("col.remark"))
		for _, row := range rows {
			j := otherJSON{row, names.Site(row.SiteID), names.Employers[row.EmployerID].Name}
			out.Others = append(out.Others, j)
			remark := wording.Validity(r.say, row.Validity)
			if row.Cancelled {
				remark = r.say.T("entry.cancelled")
			}
			t.add(r.say.DateTimeSeconds(row.At, names.Zone(row.SiteID)), string(row.Type), row.Who, j.EmployerName, number(&row.OtherEntry), j.Site, row.Declaration, remark)
		}
		return t, err
	}
	sums, err := o.Phones.OtherSums(r.ctx, choice)
	t := newTable(r.t("col.site"), r.t("col.employer"), r.t("col.enterprise"), r.t("col.registrations"), r.t("col.people"), r.t("col.days"), r.t("col.last")).numbers(3, 4, 5)
	for _, s := range sums {
		j := otherSumJSON{s, names.Site(s.SiteID), names.Employers[s.EmployerID].Name}
		out.Summary = append(out.Summary, j)
		last := r.say.T("others.nobody")
		if s.Registrations > 0 {
			last = r.say.DateTime(s.Last, names.Zone(s.SiteID))
		} else {
			r.failed = true
		}
		t.add(j.Site, j.EmployerName, s.Employer, r.say.Number(s.Registrations), r.say.Number(s.People), r.say.Number(s.Days), last)
	}
	return t, err
}

// number is the number of another employer.
func number(e *app.OtherEntry) string { return cmp.Or(e.Enterprise, e.ForeignVAT) }

// csv is a table as other programs read it: UTF-8 with BOM and ";", as spreadsheets in Belgium open well.
func (t *table) csv() []byte {
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	_ = w.Write(t.head) // to memory: nothing fails
	for _, row := range t.rows {
		cells := slices.Clone(row)
		for i, c := range cells {
			if strings.ContainsAny(c[:min(1, len(c))], "=+-@\t") { // no formula for a spreadsheet
				cells[i] = "'" + c
			}
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return []byte(b.String())
}
