package importing

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
)

// SiteFacts is what the store holds of sites.
type SiteFacts struct {
	Clients          []app.Client
	Sites            []app.Site
	Decisions        []app.SiteDecision
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	Boxes            []app.Box
	Placements       []app.Placement
}

// SiteChanges is what an import of sites changes, to be saved as StaffChanges
// are; no two placements of a box overlap. Decisions are only ever added.
type SiteChanges struct {
	Clients          []app.Client
	Sites            []app.Site
	Decisions        []app.SiteDecision
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	Placements       []app.Placement
}

// Empty says that nothing changes.
func (c *SiteChanges) Empty() bool {
	return len(c.Clients)+len(c.Sites)+len(c.Decisions)+len(c.Declarations)+len(c.DeclarationSites)+len(c.Placements) == 0
}

// SitePlan is what an import of sites would do.
type SitePlan struct {
	Rows     []RowResult
	Problems []*Problem
	Changes  SiteChanges
}

// PlanSites compares rows with the facts. A site is known by its code, else by
// name and post code. It fails only when no ids can be made.
func PlanSites(rows []SiteRow, facts SiteFacts, o Options) (*SitePlan, error) {
	p := newSitePlanner(facts, o)
	results, problems, err := settle(rows, p.begin, p.row)
	if err != nil {
		return nil, fmt.Errorf("plan the import: %w", err)
	}
	return &SitePlan{Rows: results, Problems: problems, Changes: SiteChanges{
		Clients:          p.clients.changes(),
		Sites:            p.sites.changes(),
		Decisions:        p.decisions.changes(),
		Declarations:     p.declarations.changes(),
		DeclarationSites: p.links.changes(),
		Placements:       p.placements.changes(),
	}}, nil
}

type sitePlanner struct {
	o            Options
	clients      *ledger[app.Client]
	sites        *ledger[app.Site]
	decisions    *ledger[app.SiteDecision]
	declarations *ledger[app.Declaration]
	links        *ledger[app.DeclarationSite]
	placements   *ledger[app.Placement]
	boxes        []app.Box
	said         map[fact]int
	placed       map[app.ID]int // placements that rows of this round speak of, by line
}

// begin forgets what the rows of the round before said.
func (p *sitePlanner) begin() {
	clear(p.said)
	clear(p.placed)
}

func newSitePlanner(facts SiteFacts, o Options) *sitePlanner {
	return &sitePlanner{
		o:            o,
		clients:      newLedger(facts.Clients, func(c app.Client) app.ID { return c.ID }),
		sites:        newLedger(facts.Sites, func(s app.Site) app.ID { return s.ID }),
		decisions:    newLedger(facts.Decisions, func(d app.SiteDecision) app.ID { return d.ID }),
		declarations: newLedger(facts.Declarations, func(d app.Declaration) app.ID { return d.ID }),
		links:        newLedger(facts.DeclarationSites, func(d app.DeclarationSite) app.ID { return d.ID }),
		placements:   newLedger(facts.Placements, func(p app.Placement) app.ID { return p.ID }),
		boxes:        facts.Boxes,
		said:         map[fact]int{},
		placed:       map[app.ID]int{},
	}
}

func (p *sitePlanner) row(r SiteRow) (RowResult, []*Problem, error) {
	d := newDraft(r.Line, r.headings, p.said)
	site, isNew, err := p.site(d, r)
	if err != nil {
		return RowResult{}, nil, err
	}
	zone, err := site.Zone.Load()
	if err != nil {
		return RowResult{}, nil, fmt.Errorf("zone of the site: %w", err)
	}
	for _, step := range []func(*draft, SiteRow, app.Site, *time.Location) error{p.decide, p.declare, p.place} {
		if d.refused() {
			break
		}
		if err := step(d, r, site, zone); err != nil {
			return RowResult{}, nil, err
		}
	}
	return d.finish(r.Name, site.ID, isNew), d.problems, nil
}

// site finds the row's site, or makes a new one, and merges what the row says.
func (p *sitePlanner) site(d *draft, r SiteRow) (app.Site, bool, error) {
	s, known := p.known(d, r)
	if !known {
		id, err := app.NewID()
		if err != nil {
			return s, false, err
		}
		s = app.Site{ID: id, Zone: app.DefaultZone}
	}
	if s.Ended != 0 {
		d.add(Refused, colName, because("siteEnded"))
	}
	p.house(d, r, s)
	before := len(d.fields)
	merge(d, s.ID, "siteCode", colCode, &s.Code, keepZeros(d, colCode, s.Code, r.Code))
	merge(d, s.ID, "siteName", colName, &s.Name, r.Name)
	merge(d, s.ID, "street", colStreet, &s.Address.Street, r.Address.Street)
	merge(d, s.ID, "houseNumber", colHouseNumber, &s.Address.HouseNumber, r.Address.HouseNumber)
	merge(d, s.ID, "boxNumber", colBoxNumber, &s.Address.BoxNumber, r.Address.BoxNumber)
	merge(d, s.ID, "postCode", colPostCode, &s.Address.PostCode, r.Address.PostCode)
	merge(d, s.ID, "municipality", colMunicipality, &s.Address.Municipality, r.Address.Municipality)
	merge(d, s.ID, "zone", colZone, &s.Zone, r.Zone)
	merge(d, s.ID, "contactName", colContact, &s.Contact.Name, r.Contact.Name)
	merge(d, s.ID, "contactPhone", colPhone, &s.Contact.Phone, r.Contact.Phone)
	if r.Coordinates != nil {
		place := app.Coordinates{}
		if s.Coordinates != nil {
			place = *s.Coordinates
		}
		merge(d, s.ID, "coordinates", colLatitude, &place, *r.Coordinates)
		s.Coordinates = &place
	}
	client, err := p.client(d, r)
	if err != nil {
		return s, false, err
	}
	merge(d, s.ID, "client", colClient, &s.ClientID, client)
	d.speaksOf(s.ClientID)
	if !known || len(d.fields) > before {
		d.later(func() { p.sites.put(s.ID, s) })
	}
	return s, !known, nil
}

// house says that a spreadsheet made a date of a house number. Where the site has
// the number that it was, nothing is lost; else a person must say what it was.
func (p *sitePlanner) house(d *draft, r SiteRow, s app.Site) {
	switch {
	case r.houseDate == "":
	case sameHouse(s.Address.HouseNumber, r.houseDate):
		d.add(Note, colHouseNumber, because("note.houseNumberKept"))
	default:
		d.add(Refused, colHouseNumber, wrong("houseNumber", "houseNumber.date", r.houseDate))
	}
}

// known finds a site by code, else by name and post code. A site found by
// name that has another code is another site.
func (p *sitePlanner) known(d *draft, r SiteRow) (app.Site, bool) {
	if r.Code != "" {
		if s, ok := p.sites.find(func(s app.Site) bool { return s.Code == r.Code }); ok {
			return s, true
		}
		if s, ok := p.sites.find(func(s app.Site) bool { return sameButZeros(s.Code, r.Code) && sameName(s.Name, r.Name) }); ok {
			return s, true
		}
	}
	found := p.sites.all(func(s app.Site) bool {
		return sameName(s.Name, r.Name) && (r.Code == "" || s.Code == "") &&
			(r.Address.PostCode == "" || s.Address.PostCode == r.Address.PostCode)
	})
	switch len(found) {
	case 0:
		return app.Site{}, false
	case 1:
		return found[0], true
	}
	d.add(Refused, colName, because("siteAmbiguous"))
	return found[0], true
}

// client finds a client by name or makes a new one; "" if the row names none.
func (p *sitePlanner) client(d *draft, r SiteRow) (app.ID, error) {
	if r.Client == "" {
		return "", nil
	}
	if c, ok := p.clients.find(func(c app.Client) bool { return sameName(c.Name, r.Client) }); ok {
		return c.ID, nil
	}
	id, err := app.NewID()
	if err != nil {
		return "", err
	}
	d.later(func() { p.clients.put(id, app.Client{ID: id, Name: r.Client}) })
	return id, nil
}

// decide adds the CIAO decision, unless it was made for that day already. A new
// one applies from a day that a person names: nothing is computed here.
func (p *sitePlanner) decide(d *draft, r SiteRow, s app.Site, zone *time.Location) error {
	if r.Decision == "" {
		return nil
	}
	if r.DecisionFrom == 0 {
		if p.decisionAt(s.ID, p.o.Now) != r.Decision {
			d.add(Refused, colCIAOFrom, wrong("ciaoFrom", "required", exampleDate))
		}
		return nil
	}
	from := r.DecisionFrom.Start(zone)
	f := fact{s.ID, "ciao " + from.String()}
	d.says = append(d.says, f)
	if p.decisionFrom(s.ID, from) == r.Decision {
		return nil
	}
	if line := p.said[f]; line != 0 {
		d.add(Refused, colCIAO, because("contradicts", "Line", line))
		return nil
	}
	id, err := app.NewID()
	if err != nil {
		return err
	}
	d.touch("ciao")
	decision := app.SiteDecision{
		ID: id, SiteID: s.ID, Decision: r.Decision, From: from, Reason: r.DecisionReason, By: p.o.Actor, At: p.o.Now,
	}
	d.later(func() { p.decisions.put(id, decision) })
	return nil
}

// decisionAt returns the decision that applies at an instant.
func (p *sitePlanner) decisionAt(site app.ID, at app.Instant) app.Decision {
	return cmp.Or(p.latest(func(x app.SiteDecision) bool { return x.SiteID == site && x.From <= at }), app.Undecided)
}

// decisionFrom returns the decision that was made for that very instant, "" if
// none was. An equal one from before does not do: what a later row, or a
// person, decides for a day in between would then reach further than it says.
func (p *sitePlanner) decisionFrom(site app.ID, from app.Instant) app.Decision {
	return p.latest(func(x app.SiteDecision) bool { return x.SiteID == site && x.From == from })
}

// latest returns the decision from the latest instant, of two from one instant the one entered last.
func (p *sitePlanner) latest(is func(app.SiteDecision) bool) app.Decision {
	var latest app.SiteDecision
	for _, x := range p.decisions.all(is) {
		if cmp.Or(cmp.Compare(x.From, latest.From), cmp.Compare(x.At, latest.At)) >= 0 {
			latest = x
		}
	}
	return latest.Decision
}

// declare finds or makes the declaration of works and its link to the site.
func (p *sitePlanner) declare(d *draft, r SiteRow, s app.Site, _ *time.Location) error {
	if r.Declaration == "" {
		return nil
	}
	declaration, before, _, err := p.declaration(d, r, colDeclarationFrom, colDeclarationTo)
	if err != nil {
		return err
	}
	return p.link(d, s, declaration, before.Days)
}

// declaration finds or makes the declaration of works that a row names, and
// merges what it says. before is how it was.
func (p *sitePlanner) declaration(d *draft, r SiteRow, from, to column) (declaration, before app.Declaration, isNew bool, err error) {
	declaration, known := p.declarations.find(func(x app.Declaration) bool { return x.Number == r.Declaration })
	if !known {
		id, err := app.NewID()
		if err != nil {
			return declaration, before, false, err
		}
		declaration = app.Declaration{ID: id, Number: r.Declaration}
	}
	d.speaksOf(declaration.ID)
	before = declaration
	merge(d, declaration.ID, "declarationFrom", from, &declaration.Days.From, r.DeclarationDays.From)
	merge(d, declaration.ID, "declarationTo", to, &declaration.Days.To, r.DeclarationDays.To)
	merge(d, declaration.ID, "label", colLabel, &declaration.Label, r.declarationLabel)
	if last, tooLong := beyondFiveYears(declaration.Days); tooLong {
		d.add(Refused, to, wrong("declarationTo", "declaration.tooLong", last.String()))
	}
	if last, first := declaration.Days.To, declaration.Days.From; last != 0 && last < first {
		d.add(Refused, to, wrong("declarationTo", "to.beforeFrom", exampleDate))
	}
	if !known || declaration != before {
		d.later(func() { p.declarations.put(declaration.ID, declaration) })
	}
	return declaration, before, !known, nil
}

// link makes the declaration cover the site. A link that ran with the
// declaration goes on doing so when its days change.
func (p *sitePlanner) link(d *draft, s app.Site, declaration app.Declaration, before app.Days) error {
	links := p.links.all(func(x app.DeclarationSite) bool { return x.SiteID == s.ID })
	for _, link := range links {
		if link.DeclarationID != declaration.ID {
			continue
		}
		if link.Days == before && link.Days != declaration.Days {
			link.Days = declaration.Days
			d.later(func() { p.links.put(link.ID, link) })
		}
		return nil
	}
	id, err := app.NewID()
	if err != nil {
		return err
	}
	hasDefault := slices.ContainsFunc(links, func(x app.DeclarationSite) bool {
		return x.Default && x.Days.Overlaps(declaration.Days)
	})
	d.touch("declaration")
	link := app.DeclarationSite{ID: id, DeclarationID: declaration.ID, SiteID: s.ID, Days: declaration.Days, Default: !hasDefault}
	d.later(func() { p.links.put(id, link) })
	return nil
}

// place puts the box at the site from the row's day on. Without a day a box
// that was never placed stood there since it was first met (never since its
// first record), any other since today.
func (p *sitePlanner) place(d *draft, r SiteRow, s app.Site, zone *time.Location) error {
	box, ok := p.box(d, r)
	if !ok {
		return nil
	}
	placements := p.placements.all(func(x app.Placement) bool { return x.BoxUID == box.UID })
	var spans []app.Span
	for _, x := range placements {
		spans = append(spans, x.Span)
	}
	from := p.o.Now.DateIn(zone).Start(zone)
	switch {
	case r.BoxFrom != 0:
		from = r.BoxFrom.Start(zone)
	case len(placements) == 0 && box.FirstSeen != 0:
		from = box.FirstSeen
	}
	for _, x := range placements {
		if x.SiteID == s.ID && (x.Span.Holds(from) || r.BoxFrom == 0 && x.Span.To == 0) {
			d.later(func() { p.placed[x.ID] = d.line })
			return nil
		}
	}
	to, covering := insert(spans, from)
	if covering >= 0 {
		cut := placements[covering]
		if line := p.placed[cut.ID]; line != 0 && (cut.Span.From == from || r.BoxFrom == 0) {
			d.add(Refused, colBox, because("boxTwice", "Line", line))
			return nil
		}
		d.add(Note, colBox, because("note.boxMoves"))
		cut.Span.To = from
		d.later(func() { p.placements.put(cut.ID, cut) })
	}
	id, err := app.NewID()
	if err != nil {
		return err
	}
	d.touch("box")
	d.later(func() {
		p.placements.put(id, app.Placement{ID: id, BoxUID: box.UID, SiteID: s.ID, Span: app.Span{From: from, To: to}})
		p.placed[id] = d.line
	})
	return nil
}

// box finds a box by uid or label. One that was never read is not known yet:
// the site is imported without it.
func (p *sitePlanner) box(d *draft, r SiteRow) (app.Box, bool) {
	if r.Box == "" {
		return app.Box{}, false
	}
	var found []app.Box
	for _, b := range p.boxes {
		if sameName(b.UID, r.Box) {
			return b, true
		}
		if sameName(b.Label, r.Box) {
			found = append(found, b)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		d.add(LeftOut, colBox, because("boxUnknown"))
	default:
		d.add(LeftOut, colBox, because("boxAmbiguous"))
	}
	return app.Box{}, false
}
