package sending

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Phones is what people registered by phone or otherwise, as far as the register showed it.
type Phones struct {
	work     *workspace.Workspace
	derived  *derived.Cache
	register *Register
}

// NewPhones puts it together; whoever sends learns from it what there is to ask.
func NewPhones(work *workspace.Workspace, derived *derived.Cache, register *Register) *Phones {
	o := &Phones{work: work, derived: derived, register: register}
	register.Connection.consults = o.consultation
	return o
}

// consultation says what there is to ask of the register, and whether something waits for it: a tap that is held until
// somebody looked who registered by phone, a day that is over and not proven, a presence there that lacks an end. Where a
// person wants to know, all other sites are asked about as well: what subcontractors registered there.
func (o *Phones) consultation(ctx context.Context, person bool) (ciao.Consultation, error) {
	sites, err := o.work.Store.Sites(ctx)
	if err != nil || !person && !slices.ContainsFunc(sites, func(s app.Site) bool { return s.Phones }) {
		return ciao.Consultation{}, err // nothing is derived anew for companies without phones
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return ciao.Consultation{}, err
	}
	var c ciao.Consultation
	at := map[app.ID]*ciao.PhoneSite{}
	c.Sites = o.sites(p, true)
	if person {
		for _, s := range o.sites(p, false) {
			c.Elsewhere = append(c.Elsewhere, s.Declarations...)
		}
	}
	if len(c.Sites) == 0 {
		return c, nil
	}
	today := p.At.DateIn(app.Belgium())
	for i := range c.Sites {
		s := &c.Sites[i]
		at[s.SiteID] = s
		c.Wanted = c.Wanted || s.ReadTo < today.Start(app.Belgium())
	}
	waits := map[app.ID]bool{}
	for i := range p.Register.Current {
		r := &p.Register.Current[i]
		if r.Held() == app.HeldPhonesUnchecked && at[r.Registration.SiteID] != nil {
			waits[r.Registration.WorkerID] = true
		}
	}
	for _, pr := range p.Open() {
		if s := at[pr.SiteID]; s != nil && pr.Day < today && s.ReadTo < pr.Day.End(app.Belgium()) {
			waits[pr.WorkerID] = true
		}
	}
	c.Wanted = c.Wanted || len(waits) > 0
	c.Persons = phoners(p, waits)
	return c, nil
}

// sites are those where people may register by phone, or the others, with their declarations of the last days.
func (o *Phones) sites(p *derived.Snapshot, phones bool) (list []ciao.PhoneSite) {
	numbers := derived.ByID(p.Facts.Declarations, func(d app.Declaration) app.ID { return d.ID })
	for _, s := range p.Facts.Sites {
		if s.Phones != phones || (s.Ended != 0 && s.Ended < p.At.Add(-asksBack)) {
			continue
		}
		site := ciao.PhoneSite{SiteID: s.ID, ReadTo: o.readTo(p, s.ID)}
		for _, l := range p.Facts.DeclarationSites {
			d := numbers[l.DeclarationID]
			if l.SiteID == s.ID && d.Number != "" {
				site.Declarations = append(site.Declarations, ciao.DeclaredFor{Number: d.Number, Days: within(l.Days, d.Days)})
			}
		}
		list = append(list, site)
	}
	return list
}

// asksBack is how far back the register is asked.
const asksBack = 31 * 24 * time.Hour

// within returns the days that two spans of days have in common.
func within(a, b app.Days) app.Days {
	d := app.Days{From: max(a.From, b.From), To: a.To}
	if d.To == 0 || (b.To != 0 && b.To < d.To) {
		d.To = b.To
	}
	return d
}

// readTo says up to when all is known of a site's phones.
func (o *Phones) readTo(p *derived.Snapshot, site app.ID) (at app.Instant) {
	log := app.LogKey{Box: app.MakeRegister.UID(string(site)), Log: string(o.work.Environment())}
	for i := range p.Facts.Readings {
		if r := &p.Facts.Readings[i]; r.Log == log {
			at = max(at, r.ReadTo)
		}
	}
	return at
}

// phoners are all who may register by phone: whoever is engaged and has a number to ask by.
func phoners(p *derived.Snapshot, waits map[app.ID]bool) (list []ciao.ConsultPerson) {
	zone := app.Belgium()
	days := app.Days{From: p.At.Add(-asksBack).DateIn(zone), To: p.At.DateIn(zone)}
	engaged := map[app.ID]bool{}
	for _, e := range p.Facts.Engagements {
		engaged[e.WorkerID] = engaged[e.WorkerID] || e.Days.Overlaps(days)
	}
	for _, w := range p.Facts.Workers {
		if w.SSIN != "" && engaged[w.ID] {
			list = append(list, ciao.ConsultPerson{WorkerID: w.ID, SSIN: w.SSIN, Waits: waits[w.ID]})
		}
	}
	return list
}

// Consult asks the register who registered by phone, because a person wants to know. nil: it was asked a moment ago, or
// there is nowhere to ask.
func (o *Phones) Consult(ctx context.Context) (*ciao.Consulted, error) {
	line, err := o.register.Connection.Session(ctx)
	if err != nil {
		return nil, err
	}
	defer o.work.Changed()
	report, err := line.Sender.Consult(ctx, o.work.Act("ciao.consult", "environment:"+string(o.work.Environment()), ""))
	o.register.Connection.noteClock(ctx, line.client.ClockCheck())
	if err != nil {
		return nil, fmt.Errorf("ask who registered by phone: %w", err)
	}
	if report.Consulted == nil && report.Stopped != "" {
		return &ciao.Consulted{At: o.work.Now(), Code: report.Stopped}, nil
	}
	return report.Consulted, nil
}

// ConsultDue says when the register may be asked next who registered by phone; zero: now.
func (o *Phones) ConsultDue(ctx context.Context) (app.Instant, error) {
	state, err := o.work.Store.SenderState(ctx, o.work.Environment())
	if err != nil {
		return 0, fmt.Errorf("read when the register was asked: %w", err)
	}
	if due := state.ConsultDue(o.register.Connection.clock().Now()); due > o.register.Connection.clock().Now() {
		return due, nil
	}
	return 0, nil
}

// EntryChoice narrows entries; zero fields do not.
type EntryChoice struct {
	Days     app.Days // Belgian
	States   []app.EntryState
	WorkerID app.ID
	SiteID   app.ID
	IDs      []int64
}

// Entries returns what the register showed and was not sent from here, newest first.
func (o *Phones) Entries(ctx context.Context, c EntryChoice) ([]app.RegisterEntry, error) {
	list, err := o.work.Store.RegisterEntries(ctx, ciao.EntryFilter{
		Environment: o.work.Environment(), At: spanOf(c.Days), States: c.States, WorkerID: c.WorkerID, SiteID: c.SiteID, IDs: c.IDs,
	})
	slices.Reverse(list)
	return list, err
}

// spanOf is the time of Belgian days; an open end stays open.
func spanOf(days app.Days) (span app.Span) {
	if days.From != 0 {
		span.From = days.From.Start(app.Belgium())
	}
	if days.To != 0 {
		span.To = days.To.End(app.Belgium())
	}
	return span
}

// Place says at which site entries were.
func (o *Phones) Place(ctx context.Context, ids []int64, site app.ID, why string) error {
	before, err := o.Entries(ctx, EntryChoice{IDs: ids})
	if err != nil {
		return err
	}
	step := func(ids []int64, site app.ID, why string) workspace.Step {
		return func(ctx context.Context, c store.Changes) error {
			return c.PlaceEntries(ctx, o.work.Environment(), ids, site, o.work.Act("entry.place", "site:"+string(site), why))
		}
	}
	return o.work.Do(ctx, workspace.Deed{What: "entry.place", Doing: "say where it was registered", Do: step(ids, site, why),
		Undo: func(ctx context.Context, c store.Changes) error {
			for site, ids := range bySite(before) {
				if err := step(ids, site, workspace.UndoNote)(ctx, c); err != nil {
					return err
				}
			}
			return nil
		}})
}

// bySite groups entries by where a person would have to say that they were; those that the register tells under "".
func bySite(list []app.RegisterEntry) map[app.ID][]int64 {
	ids := map[app.ID][]int64{}
	for _, e := range list {
		site := e.SiteID
		if e.State == app.EntryWhichSite {
			site = ""
		}
		ids[site] = append(ids[site], e.ID)
	}
	return ids
}

// Decide says whether entries that wait are by phone (app.EntryRegistered) or of a box of ours (app.EntryOurs); "" takes
// that back.
func (o *Phones) Decide(ctx context.Context, ids []int64, is app.EntryState, why string) error {
	before, err := o.Entries(ctx, EntryChoice{IDs: ids})
	if err != nil {
		return err
	}
	act := o.work.Act("entry.decide", "environment:"+string(o.work.Environment()), why)
	return o.work.Do(ctx, workspace.Deed{What: "entry.decide", Doing: "say what a registration is",
		Do: func(ctx context.Context, c store.Changes) error {
			return c.DecideEntries(ctx, o.work.Environment(), ids, is, act)
		},
		Undo: func(ctx context.Context, c store.Changes) error {
			for _, e := range before {
				act := o.work.Act("entry.decide", act.Target, workspace.UndoNote)
				if err := c.DecideEntries(ctx, e.Environment, []int64{e.ID}, e.Decided, act); err != nil {
					return err
				}
			}
			return nil
		}})
}

// Checked keeps a person's word that up to an instant all is known that was registered by phone at a site: they looked it
// up in the online service of the NSSO, and nothing is there that is not here.
func (o *Phones) Checked(ctx context.Context, site app.ID, upTo app.Instant, why string) (reading app.ID, err error) {
	switch p, err := o.derived.Snapshot(ctx); {
	case err != nil:
		return "", err
	case upTo == 0 || upTo > p.At:
		return "", &app.FieldError{Field: "upTo", Code: "future", Example: "2026-11-30 18:00"}
	case p.Names.Sites[site].ID == "":
		return "", app.NotFound("site", string(site))
	}
	err = o.work.Do(ctx, workspace.Deed{What: "phones.checked", Doing: "keep up to when phones were checked",
		Do: func(ctx context.Context, c store.Changes) error {
			reading, err = c.PhonesReadTo(ctx, o.work.Environment(), site, upTo, o.work.Act("phones.checked", "site:"+string(site), why))
			return err
		},
		Undo: func(ctx context.Context, c store.Changes) error {
			return c.WithdrawPhonesReadTo(ctx, reading, o.work.Act("phones.withdraw", "site:"+string(site), workspace.UndoNote))
		}})
	return reading, err
}

// WithdrawChecked takes such a word back.
func (o *Phones) WithdrawChecked(ctx context.Context, reading app.ID, why string) error {
	return o.work.Do(ctx, workspace.Deed{What: "phones.withdraw", Doing: "take back up to when phones were checked",
		Do: func(ctx context.Context, c store.Changes) error {
			return c.WithdrawPhonesReadTo(ctx, reading, o.work.Act("phones.withdraw", "reading:"+string(reading), why))
		}})
}

// PhonesRow is one site where people may register by phone, and how far that is known.
type PhonesRow struct {
	SiteID app.ID `json:"siteId"`
	// Allowed says that people may register by phone there; a site where somebody did is listed all the same.
	Allowed bool        `json:"allowed"`
	ReadTo  app.Instant `json:"readTo,omitzero"` // up to when all is known; zero: nothing is
	// Last is what told last up to when all is known, or brought something; nil where nothing did.
	Last *app.Reading `json:"last,omitempty"`
	// Waiting counts its entries that wait as "box or phone?".
	Waiting int `json:"waiting"`
	// Registered counts those that count.
	Registered int `json:"registered"`
}

// PhonesState is how far it is known who registered by phone, in numbers.
type PhonesState struct {
	ciao.EntryCounts
	// Sites are those where people may register by phone, by name.
	Sites []PhonesRow `json:"sites"`
	// Behind counts those of which yesterday is not known.
	Behind int `json:"behind"`
	// Asked is when the register was asked last, Code why it cannot be asked by declaration.
	Asked app.Instant `json:"asked,omitzero"`
	Code  string      `json:"code,omitempty"`
}

// State returns it.
func (o *Phones) State(ctx context.Context) (*PhonesState, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	env := o.work.Environment()
	out := &PhonesState{Sites: []PhonesRow{}}
	if out.EntryCounts, err = o.work.Store.EntryCounts(ctx, env); err != nil {
		return nil, err
	}
	sender, err := o.work.Store.SenderState(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("read when the register was asked: %w", err)
	}
	out.Asked, out.Code = sender.Consults.Last, sender.Consults.Code
	rows := map[app.ID]*PhonesRow{}
	for _, s := range p.Facts.Sites {
		if s.Phones {
			rows[s.ID] = &PhonesRow{SiteID: s.ID, Allowed: true, ReadTo: o.readTo(p, s.ID)}
		}
	}
	count(rows, out.EntryCounts.Sites)
	yesterday := p.At.DateIn(app.Belgium()).Start(app.Belgium())
	for i := range p.Facts.Readings {
		r := &p.Facts.Readings[i]
		site, phones := app.PhonesSite(r.Log.Box)
		if row := rows[site]; phones && row != nil && r.Log.Log == string(env) && r.State == app.ReadingDone && (row.Last == nil || r.Started >= row.Last.Started) {
			row.Last = r
		}
	}
	for _, row := range rows {
		if row.Allowed && row.ReadTo < yesterday {
			out.Behind++
		}
		out.Sites = append(out.Sites, *row)
	}
	slices.SortFunc(out.Sites, func(a, b PhonesRow) int {
		return cmp.Or(cmp.Compare(p.Names.Site(a.SiteID), p.Names.Site(b.SiteID)), cmp.Compare(a.SiteID, b.SiteID))
	})
	return out, nil
}

// count fills in the entries of each site; one that has any is shown, whether or not people may register by phone there.
func count(rows map[app.ID]*PhonesRow, sites map[app.ID]ciao.SiteEntries) {
	for site, n := range sites {
		if site == "" || n == (ciao.SiteEntries{}) {
			continue
		}
		if rows[site] == nil {
			rows[site] = &PhonesRow{SiteID: site}
		}
		rows[site].Registered, rows[site].Waiting = n.Registered, n.Waiting
	}
}

// OtherChoice narrows what other employers' people registered; zero fields do not.
type OtherChoice struct {
	Days   app.Days // Belgian
	SiteID app.ID
	// Employer is an enterprise or foreign VAT number.
	Employer string
}

// OtherRow is one registration of another employer's person.
type OtherRow struct {
	app.OtherEntry
	// EmployerID is how the employer is known here; "": not.
	EmployerID app.ID `json:"employerId,omitempty"`
}

// Others returns what people of other employers registered at our sites, newest first. The register shows what it lets us see.
func (o *Phones) Others(ctx context.Context, c OtherChoice) ([]OtherRow, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	list, err := o.work.Store.OtherEntries(ctx, ciao.OtherFilter{Environment: o.work.Environment(), At: spanOf(c.Days), SiteID: c.SiteID, Employer: c.Employer})
	if err != nil {
		return nil, err
	}
	known := employersByNumber(p)
	rows := make([]OtherRow, len(list))
	for i, e := range list {
		rows[len(list)-1-i] = OtherRow{e, known[cmp.Or(e.Enterprise, e.ForeignVAT)].ID}
	}
	return rows, nil
}

func employersByNumber(p *derived.Snapshot) map[string]app.Employer {
	m := make(map[string]app.Employer, len(p.Facts.Employers))
	for _, e := range p.Facts.Employers {
		m[cmp.Or(e.Enterprise, e.ForeignVAT)] = e
	}
	delete(m, "")
	return m
}

// OtherSum says whether people of another employer registered at a site in a period.
type OtherSum struct {
	SiteID     app.ID `json:"siteId"`
	Employer   string `json:"employer"`             // its number
	EmployerID app.ID `json:"employerId,omitempty"` // how it is known here
	// Registrations that were not cancelled, People at least that registered them, and the Days on which any was.
	Registrations int         `json:"registrations"`
	People        int         `json:"people"`
	Days          int         `json:"days"`
	First         app.Instant `json:"first,omitzero"`
	Last          app.Instant `json:"last,omitzero"`
}

// OtherSums returns, by site and employer, what subcontractors and agencies registered in a period; those that are known at
// a site (by the plan, by presences there, by what they registered in the last 13 months) with nothing, too: nobody of theirs
// registered, as far as the register shows it.
func (o *Phones) OtherSums(ctx context.Context, c OtherChoice) ([]OtherSum, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	all, err := o.Others(ctx, OtherChoice{SiteID: c.SiteID, Employer: c.Employer})
	if err != nil {
		return nil, err
	}
	s := othersSum{span: spanOf(c.Days), sums: map[siteEmployer]*OtherSum{}, who: map[siteEmployer]map[string]bool{}, days: map[siteEmployer]map[app.Date]bool{}}
	for i := range all {
		e := &all[i].OtherEntry
		s.add(siteEmployer{e.SiteID, cmp.Or(e.Enterprise, e.ForeignVAT)}, e.At, e.Who, e.Cancelled)
	}
	if err := o.addOwn(ctx, p, c, &s); err != nil {
		return nil, err
	}
	known := employersByNumber(p)
	out := []OtherSum{}
	for _, sum := range s.sums {
		if (c.SiteID != "" && sum.SiteID != c.SiteID) || (c.Employer != "" && sum.Employer != c.Employer) {
			continue
		}
		sum.EmployerID = known[sum.Employer].ID
		out = append(out, *sum)
	}
	slices.SortFunc(out, func(a, b OtherSum) int {
		return cmp.Or(cmp.Compare(p.Names.Site(a.SiteID), p.Names.Site(b.SiteID)), cmp.Compare(a.SiteID, b.SiteID), cmp.Compare(a.Employer, b.Employer))
	})
	return out, nil
}

type siteEmployer struct {
	site     app.ID
	employer string
}

// othersSum adds up what people of other employers registered.
type othersSum struct {
	span app.Span
	sums map[siteEmployer]*OtherSum
	who  map[siteEmployer]map[string]bool
	days map[siteEmployer]map[app.Date]bool
}

// at is the sum of an employer at a site, with nothing yet where it is new.
func (s *othersSum) at(k siteEmployer) *OtherSum {
	if s.sums[k] == nil {
		s.sums[k] = &OtherSum{SiteID: k.site, Employer: k.employer}
		s.who[k], s.days[k] = map[string]bool{}, map[app.Date]bool{}
	}
	return s.sums[k]
}

func (s *othersSum) add(k siteEmployer, at app.Instant, who string, cancelled bool) {
	sum := s.at(k)
	if cancelled || !s.span.Holds(at) {
		return
	}
	s.who[k][who], s.days[k][at.DateIn(app.Belgium())] = true, true
	sum.Registrations++
	sum.People, sum.Days = len(s.who[k]), len(s.days[k])
	if sum.First == 0 || at < sum.First {
		sum.First = at
	}
	sum.Last = max(sum.Last, at)
}

// addOwn adds subcontractors and agencies whose people stand in our own staff: those that are planned or were present at a
// site, with what was registered of them from here or by phone.
func (o *Phones) addOwn(ctx context.Context, p *derived.Snapshot, c OtherChoice, s *othersSum) error {
	numbers := map[app.ID]string{} // by engagement
	for _, e := range p.Facts.Engagements {
		if of := p.Names.Employers[e.EmployerID]; of.Kind != app.OwnCompany {
			numbers[e.ID] = cmp.Or(of.Enterprise, of.ForeignVAT)
		}
	}
	maps.DeleteFunc(numbers, func(_ app.ID, number string) bool { return number == "" })
	for _, l := range p.Facts.PlanLines {
		if number := numbers[l.EngagementID]; number != "" && l.Withdrawn == 0 && l.Days.Overlaps(c.Days) {
			s.at(siteEmployer{l.SiteID, number})
		}
	}
	for _, pr := range p.Presences(c.Days, "") {
		if number := numbers[pr.EngagementID]; number != "" {
			s.at(siteEmployer{pr.SiteID, number})
		}
	}
	regs, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{
		Environment: o.work.Environment(), States: []app.RegistrationState{app.RegAccepted}, Sent: s.span, SiteID: c.SiteID,
	})
	if err != nil {
		return fmt.Errorf("read what was registered from here: %w", err)
	}
	for i := range regs {
		if number := numbers[regs[i].EngagementID]; number != "" {
			s.add(siteEmployer{regs[i].SiteID, number}, regs[i].At, string(regs[i].WorkerID), false)
		}
	}
	others := map[string]bool{}
	for _, number := range numbers {
		others[number] = true
	}
	entries, err := o.work.Store.RegisterEntries(ctx, ciao.EntryFilter{Environment: o.work.Environment(), At: s.span, SiteID: c.SiteID, Counting: true})
	if err != nil {
		return err
	}
	for i := range entries {
		if number := cmp.Or(entries[i].Enterprise, entries[i].ForeignVAT); others[number] {
			s.add(siteEmployer{entries[i].SiteID, number}, entries[i].At, string(entries[i].WorkerID), false)
		}
	}
	return nil
}
