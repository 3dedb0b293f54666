package importing

import (
	"cmp"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/identity"
)

// StaffFacts is what the store holds of staff.
type StaffFacts struct {
	Employers   []app.Employer
	Workers     []app.Worker
	Engagements []app.Engagement
	Identifiers []app.Identifier
	Custodies   []app.Custody
}

// StaffChanges is what an import of staff changes: whole things to insert or
// to replace by id. Saved kind by kind in the order of the fields, and each
// list from its start, no reference is ever open and no custody overlaps.
type StaffChanges struct {
	Employers   []app.Employer
	Workers     []app.Worker
	Engagements []app.Engagement
	Identifiers []app.Identifier
	Custodies   []app.Custody
}

// Empty says that nothing changes.
func (c *StaffChanges) Empty() bool {
	return len(c.Employers)+len(c.Workers)+len(c.Engagements)+len(c.Identifiers)+len(c.Custodies) == 0
}

// StaffPlan is what an import of staff would do.
type StaffPlan struct {
	Rows     []RowResult
	Problems []*Problem
	Changes  StaffChanges
}

// PlanStaff compares rows with the facts. A person is known by SSIN, else by
// staff number, else by Limosa number. It fails only when no ids can be made.
func PlanStaff(rows []StaffRow, facts StaffFacts, o Options) (*StaffPlan, error) {
	p := newStaffPlanner(facts, o)
	if err := p.offer(rows); err != nil {
		return nil, err
	}
	results, problems, err := settle(rows, p.begin, p.row)
	if err != nil {
		return nil, fmt.Errorf("plan the import: %w", err)
	}
	workers := p.workers.changes()
	slices.SortStableFunc(workers, func(a, b app.Worker) int { return cmp.Compare(p.numbered[a.ID], p.numbered[b.ID]) })
	return &StaffPlan{Rows: results, Problems: problems, Changes: StaffChanges{
		Employers:   p.employers.changes(),
		Workers:     workers,
		Engagements: p.engagements.changes(),
		Identifiers: p.identifiers.changes(),
		Custodies:   p.custodies.changes(),
	}}, nil
}

type staffPlanner struct {
	o           Options
	employers   *ledger[app.Employer]
	offered     *ledger[app.Employer] // new ones that rows define, made once a row uses them
	workers     *ledger[app.Worker]
	engagements *ledger[app.Engagement]
	identifiers *ledger[app.Identifier]
	custodies   *ledger[app.Custody]
	said        map[fact]int

	bySSIN, byStaffNumber, byLimosa map[string]app.ID
	byBareNumber                    map[string]app.ID   // staff numbers without leading zeros
	byBareCard                      map[string]app.ID   // cards without leading zeros
	ofWorker                        map[app.ID][]app.ID // engagements
	byKey                           map[app.IdentifierKey]app.ID
	ofIdentifier                    map[app.ID][]app.ID // custodies
	given                           map[app.ID]int      // custodies that rows of this round speak of, by line
	// numbered counts when each worker's staff number changed: saved in that
	// order, a number is free before someone else takes it.
	numbered   map[app.ID]int
	renumbered int
}

// begin forgets what the rows of the round before said.
func (p *staffPlanner) begin() {
	clear(p.said)
	clear(p.given)
}

func newStaffPlanner(facts StaffFacts, o Options) *staffPlanner {
	p := &staffPlanner{
		o:             o,
		employers:     newLedger(facts.Employers, func(e app.Employer) app.ID { return e.ID }),
		offered:       newLedger[app.Employer](nil, nil),
		workers:       newLedger(facts.Workers, func(w app.Worker) app.ID { return w.ID }),
		engagements:   newLedger(facts.Engagements, func(e app.Engagement) app.ID { return e.ID }),
		identifiers:   newLedger(facts.Identifiers, func(i app.Identifier) app.ID { return i.ID }),
		custodies:     newLedger(facts.Custodies, func(c app.Custody) app.ID { return c.ID }),
		said:          map[fact]int{},
		bySSIN:        map[string]app.ID{},
		byStaffNumber: map[string]app.ID{},
		byLimosa:      map[string]app.ID{},
		byBareNumber:  map[string]app.ID{},
		byBareCard:    map[string]app.ID{},
		ofWorker:      map[app.ID][]app.ID{},
		byKey:         map[app.IdentifierKey]app.ID{},
		ofIdentifier:  map[app.ID][]app.ID{},
		given:         map[app.ID]int{},
		numbered:      map[app.ID]int{},
	}
	for _, w := range facts.Workers {
		p.index(w)
	}
	for _, e := range facts.Engagements {
		p.ofWorker[e.WorkerID] = append(p.ofWorker[e.WorkerID], e.ID)
	}
	for _, i := range facts.Identifiers {
		p.byKey[i.Key] = i.ID
		if i.Key.Kind == app.Card {
			p.byBareCard[withoutZeros(i.Key.Value)] = i.ID
		}
	}
	for _, c := range facts.Custodies {
		p.ofIdentifier[c.IdentifierID] = append(p.ofIdentifier[c.IdentifierID], c.ID)
	}
	return p
}

// index makes a worker known by its numbers.
func (p *staffPlanner) index(w app.Worker) {
	p.eachNumber(w, func(index map[string]app.ID, number string) { index[number] = w.ID })
}

// put keeps a new or changed worker and frees the numbers that it gives up.
func (p *staffPlanner) put(w app.Worker) {
	before := p.workers.items[w.ID]
	p.eachNumber(before, func(index map[string]app.ID, number string) { delete(index, number) })
	if before.StaffNumber != w.StaffNumber {
		p.renumbered++
		p.numbered[w.ID] = p.renumbered
	}
	p.workers.put(w.ID, w)
	p.index(w)
}

func (p *staffPlanner) eachNumber(w app.Worker, do func(index map[string]app.ID, number string)) {
	if w.SSIN != "" {
		do(p.bySSIN, w.SSIN.Reveal())
	}
	if w.StaffNumber != "" {
		do(p.byStaffNumber, w.StaffNumber)
		do(p.byBareNumber, withoutZeros(w.StaffNumber))
	}
	if w.Limosa != "" {
		do(p.byLimosa, w.Limosa.Reveal())
	}
}

func (p *staffPlanner) row(r StaffRow) (RowResult, []*Problem, error) {
	d := newDraft(r.Line, r.headings, p.said)
	worker, isNew, err := p.worker(d, r)
	if err != nil {
		return RowResult{}, nil, err
	}
	if !d.refused() {
		err = p.engage(d, r, &worker)
	}
	if err != nil {
		return RowResult{}, nil, err
	}
	if isNew || len(d.fields) > 0 {
		stored := p.workers.items[worker.ID]
		if isNew || stored != worker {
			d.later(func() { p.put(worker) })
		}
	}
	who := app.Worker{FamilyName: r.FamilyName, GivenName: r.GivenName}.Name()
	return d.finish(who, worker.ID, isNew), d.problems, nil
}

// worker finds the row's person, or makes a new one, and merges what the row says.
func (p *staffPlanner) worker(d *draft, r StaffRow) (w app.Worker, isNew bool, err error) {
	r = p.splitAsKnown(r)
	id := p.known(d, r)
	if d.refused() {
		return w, false, nil
	}
	if r.fullName != "" && r.GivenName != "" {
		d.add(Note, colFullName, because("note.nameSplit", "Family", r.FamilyName, "Given", r.GivenName))
	}
	if isNew = id == ""; isNew {
		if w.ID, err = app.NewID(); err != nil {
			return w, false, err
		}
		w.Language = cmp.Or(p.o.Language, app.Dutch)
	} else {
		w = p.workers.items[id]
	}
	merge(d, w.ID, "staffNumber", colStaffNumber, &w.StaffNumber, keepZeros(d, colStaffNumber, w.StaffNumber, r.StaffNumber))
	merge(d, w.ID, "familyName", colFamilyName, &w.FamilyName, r.FamilyName)
	merge(d, w.ID, "givenName", colGivenName, &w.GivenName, r.GivenName)
	merge(d, w.ID, "ssin", colSSIN, &w.SSIN, r.SSIN)
	merge(d, w.ID, "limosa", colLimosa, &w.Limosa, r.Limosa)
	merge(d, w.ID, "limosaFrom", colLimosaFrom, &w.LimosaDays.From, r.LimosaDays.From)
	merge(d, w.ID, "limosaTo", colLimosaTo, &w.LimosaDays.To, r.LimosaDays.To)
	merge(d, w.ID, "language", colLanguage, &w.Language, r.Language)
	if born, ok := identity.BirthDate(w.SSIN.Reveal()); ok && w.BirthDate == 0 {
		w.BirthDate = born
	}
	return w, isNew, nil
}

// splitAsKnown cuts a name in one column as that of the person is cut whom the row's numbers name.
func (p *staffPlanner) splitAsKnown(r StaffRow) StaffRow {
	if r.fullName == "" {
		return r
	}
	for _, id := range []app.ID{p.bySSIN[r.SSIN.Reveal()], p.byStaffNumber[r.StaffNumber], p.byBareNumber[withoutZeros(r.StaffNumber)], p.byLimosa[r.Limosa.Reveal()]} {
		if w, ok := p.workers.items[id]; ok && named(w, r.fullName) {
			r.FamilyName, r.GivenName, r.fullName = w.FamilyName, w.GivenName, ""
			return r
		}
	}
	return r
}

// known returns the id of the row's person, "" for a new one. It refuses rows
// whose numbers belong to different people: whose punches would become whose?
func (p *staffPlanner) known(d *draft, r StaffRow) app.ID {
	bySSIN, byNumber := p.bySSIN[r.SSIN.Reveal()], p.byStaffNumber[r.StaffNumber]
	switch {
	case bySSIN != "" && byNumber != "" && bySSIN != byNumber:
		d.says = append(d.says, fact{bySSIN, "staffNumber"})
		d.add(Refused, colStaffNumber, because("staffNumberOther"))
		return ""
	case bySSIN != "":
		return bySSIN
	case byNumber == "":
		if id := p.knownButZeros(d, r); id != "" || d.refused() {
			return id
		}
		return p.knownByLimosa(d, r)
	}
	w := p.workers.items[byNumber]
	switch {
	case r.SSIN != "" && w.SSIN != "":
		d.add(Refused, colSSIN, because("ssinOther"))
	case r.SSIN == "" && !sameName(w.FamilyName, r.FamilyName) && !sameName(w.GivenName, r.GivenName):
		d.add(Refused, colStaffNumber, because("nameOther"))
	}
	return byNumber
}

// knownButZeros finds a person whose staff number differs from the row's in leading
// zeros alone, which spreadsheets take off: by the same name it is the same
// person, by the same family name a person must say so, else it is somebody else.
func (p *staffPlanner) knownButZeros(d *draft, r StaffRow) app.ID {
	id := p.byBareNumber[withoutZeros(r.StaffNumber)]
	w, ok := p.workers.items[id]
	switch {
	case !ok || !sameButZeros(w.StaffNumber, r.StaffNumber):
		return ""
	case r.SSIN != "" && w.SSIN != "": // two numbers of the state: two people
	case named(w, r.FamilyName+r.GivenName):
		return id
	case plain(w.FamilyName) == plain(r.FamilyName) && (r.SSIN == "" || w.SSIN == ""):
		d.add(Refused, colStaffNumber, because("staffNumberZeros", "Other", w.StaffNumber))
		return ""
	}
	d.add(Note, colStaffNumber, because("note.staffNumberAlike", "Other", w.StaffNumber))
	return ""
}

func (p *staffPlanner) knownByLimosa(d *draft, r StaffRow) app.ID {
	id := p.byLimosa[r.Limosa.Reveal()]
	if id == "" {
		return ""
	}
	if w := p.workers.items[id]; r.SSIN != "" && w.SSIN != "" {
		d.add(Refused, colSSIN, because("ssinOther"))
	}
	return id
}

// engage finds or makes the row's engagement and hands its identifiers out.
func (p *staffPlanner) engage(d *draft, r StaffRow, w *app.Worker) error {
	employer := p.employer(d, r).ID
	if d.refused() {
		return nil
	}
	e, known := p.engagement(*w, employer, r)
	if !known && employer == "" {
		if employer = p.defaultEmployer(); employer == "" {
			d.add(LeftOut, colEmployer, because("employerMissing"))
			return nil
		}
	}
	if !known && w.Ended != 0 && (r.Days.From == 0 || r.Days.From.Start(p.o.Zone) < w.Ended) {
		d.add(Refused, "", because("ended"))
		return nil
	}
	if !known {
		p.use(d, employer)
		var err error
		if e, err = p.newEngagement(d, w, employer, r); err != nil {
			return err
		}
	}
	d.speaksOf(e.EmployerID)
	before := e
	merge(d, e.ID, "capacity", colCapacity, &e.Capacity, r.Capacity)
	merge(d, e.ID, "from", colFrom, &e.Days.From, r.Days.From)
	merge(d, e.ID, "to", colTo, &e.Days.To, r.Days.To)
	merge(d, e.ID, "weeklyHours", colWeeklyHours, &e.WeeklyHours, r.WeeklyHours)
	if e.Days.From != 0 && e.Days.To != 0 && e.Days.To < e.Days.From {
		d.add(Refused, colTo, wrong("to", "to.beforeFrom", exampleDate))
	}
	if !known || !sameEngagement(before, e) {
		d.later(func() { p.putEngagement(e, !known) })
	}
	return p.identify(d, r, e)
}

func sameEngagement(a, b app.Engagement) bool {
	return a.Capacity == b.Capacity && a.Days == b.Days && a.WeeklyHours == b.WeeklyHours
}

func (p *staffPlanner) putEngagement(e app.Engagement, isNew bool) {
	p.engagements.put(e.ID, e)
	if isNew {
		p.ofWorker[e.WorkerID] = append(p.ofWorker[e.WorkerID], e.ID)
	}
}

// newEngagement makes an engagement; the first of a person is the default one.
// Somebody who had left and begins again is no longer ended.
func (p *staffPlanner) newEngagement(d *draft, w *app.Worker, employer app.ID, r StaffRow) (app.Engagement, error) {
	id, err := app.NewID()
	if err != nil {
		return app.Engagement{}, err
	}
	d.touch("engagement")
	if w.Ended != 0 {
		w.Ended = 0
		d.add(Note, "", because("note.back"))
	}
	hasDefault := false
	for _, id := range p.ofWorker[w.ID] {
		if other := p.engagements.items[id]; other.Days.Overlaps(r.Days) {
			hasDefault = hasDefault || other.Default
			d.add(Note, colEmployer, because("note.secondEngagement"))
		}
	}
	return app.Engagement{ID: id, WorkerID: w.ID, EmployerID: employer, Capacity: app.Employee, Default: !hasDefault}, nil
}

// engagement finds the stored engagement that a row speaks of: of the same
// employer where it names one, with the same first day, else in the same days,
// else, where the row names no days, the latest.
func (p *staffPlanner) engagement(w app.Worker, employer app.ID, r StaffRow) (app.Engagement, bool) {
	var candidates []app.Engagement
	for _, id := range p.ofWorker[w.ID] {
		if e := p.engagements.items[id]; employer == "" || e.EmployerID == employer {
			candidates = append(candidates, e)
		}
	}
	slices.SortStableFunc(candidates, func(a, b app.Engagement) int { return cmp.Compare(b.Days.From, a.Days.From) })
	for _, e := range candidates {
		if r.Days.From != 0 && e.Days.From == r.Days.From {
			return e, true
		}
	}
	for _, e := range candidates { // a row that names no days overlaps all: the latest
		if e.Days.Overlaps(r.Days) {
			return e, true
		}
	}
	return app.Engagement{}, false
}

// offer notes the employers that rows define by number and name together and
// that nobody knows yet, before any row is planned: a row may name an employer
// that only a later one defines.
func (p *staffPlanner) offer(rows []StaffRow) error {
	for _, r := range rows {
		if r.EmployerName == "" || r.Enterprise == "" && r.ForeignVAT == "" {
			continue
		}
		known := func(e app.Employer) bool { return hasNumber(e, r) || sameName(e.Name, r.EmployerName) }
		if len(p.findEmployers(known)) > 0 {
			continue
		}
		id, err := app.NewID()
		if err != nil {
			return err
		}
		e := app.Employer{ID: id, Name: r.EmployerName, Enterprise: r.Enterprise, ForeignVAT: r.ForeignVAT, Kind: app.Subcontractor}
		switch {
		case r.Capacity == app.TemporaryWorker:
			e.Kind = app.Agency
		case len(p.employers.order)+len(p.offered.order) == 0:
			e.Kind = app.OwnCompany // of a company that begins with this list, the first is its own
		}
		p.offered.put(id, e)
	}
	return nil
}

// findEmployers returns the stored, planned and offered employers for which is says yes.
func (p *staffPlanner) findEmployers(is func(app.Employer) bool) []app.Employer {
	found := p.employers.all(is)
	for _, e := range p.offered.all(is) {
		if _, made := p.employers.items[e.ID]; !made {
			found = append(found, e)
		}
	}
	return found
}

// hasNumber says that an employer has the number that a row names.
func hasNumber(e app.Employer, r StaffRow) bool {
	return r.Enterprise != "" && e.Enterprise == r.Enterprise || r.ForeignVAT != "" && e.ForeignVAT == r.ForeignVAT
}

// employer finds the employer that a row names, by number or else by name. An
// empty one means that none is named.
func (p *staffPlanner) employer(d *draft, r StaffRow) app.Employer {
	var found []app.Employer
	switch {
	case r.Enterprise != "" || r.ForeignVAT != "":
		found = p.findEmployers(func(e app.Employer) bool { return hasNumber(e, r) })
	case r.EmployerName != "":
		found = p.findEmployers(func(e app.Employer) bool { return sameName(e.Name, r.EmployerName) })
	default:
		return app.Employer{}
	}
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		d.add(Refused, colEmployer, because("employerAmbiguous"))
	case r.EmployerName != "" && r.Enterprise+r.ForeignVAT != "":
		d.add(Refused, colEmployer, because("employerNumberOther"))
	default:
		d.add(Refused, colEmployer, because("employerUnknown"))
	}
	return app.Employer{}
}

// use makes an offered employer, now that a row needs it.
func (p *staffPlanner) use(d *draft, employer app.ID) {
	if _, made := p.employers.items[employer]; made {
		return
	}
	d.add(Note, colEmployer, because("note.employerNew"))
	d.later(func() { p.employers.put(employer, p.offered.items[employer]) })
}

// defaultEmployer returns that of people whose row names none.
func (p *staffPlanner) defaultEmployer() app.ID {
	if p.o.Employer != "" {
		return p.o.Employer
	}
	own := p.findEmployers(func(e app.Employer) bool { return e.Kind == app.OwnCompany && e.Ended == 0 })
	if len(own) != 1 {
		return ""
	}
	return own[0].ID
}

// identify hands the row's card and PIN to the engagement.
func (p *staffPlanner) identify(d *draft, r StaffRow, e app.Engagement) error {
	if r.Card != "" {
		if err := p.give(d, r, e, p.card(d, r), colBadge); err != nil {
			return err
		}
	}
	if r.PIN == "" {
		return nil
	}
	return p.give(d, r, e, app.IdentifierKey{Kind: app.PIN, Group: r.PINGroup, Value: r.PIN}, colPIN)
}

// card returns the row's card. One of digits alone that is known with more leading zeros is that one.
func (p *staffPlanner) card(d *draft, r StaffRow) app.IdentifierKey {
	key := app.IdentifierKey{Kind: app.Card, Value: r.Card}
	known, ok := p.identifiers.items[p.byBareCard[withoutZeros(r.Card)]]
	if ok && p.byKey[key] == "" && sameButZeros(known.Key.Value, r.Card) && len(known.Key.Value) > len(r.Card) {
		d.add(Note, colBadge, because("note.badgeZeros"))
		return known.Key
	}
	return key
}

// give hands one identifier over from the row's day on, at its local midnight.
// Without a day: what the engagement holds now it goes on holding, else it
// begins today (or with the engagement), so that no earlier punch changes its
// owner unseen.
func (p *staffPlanner) give(d *draft, r StaffRow, e app.Engagement, key app.IdentifierKey, name column) error {
	identifier := app.Identifier{ID: p.byKey[key], Key: key}
	isNew := identifier.ID == ""
	var spans []app.Span
	held := p.ofIdentifier[identifier.ID]
	for _, id := range held {
		spans = append(spans, p.custodies.items[id].Span)
	}
	day := cmp.Or(r.BadgeFrom, max(p.o.today(), e.Days.From))
	from := day.Start(p.o.Zone)
	if i := p.holding(held, e.ID, from, r.BadgeFrom == 0); i >= 0 {
		d.later(func() { p.given[held[i]] = d.line })
		return nil
	}
	if e.Days.To != 0 && day > e.Days.To {
		d.add(LeftOut, name, because("badgeAfterEnd"))
		return nil
	}
	to, covering := insert(spans, from)
	if covering >= 0 {
		cut := p.custodies.items[held[covering]]
		if line := p.given[cut.ID]; line != 0 && (cut.Span.From == from || r.BadgeFrom == 0) {
			d.add(Refused, name, because("badgeTwice", "Line", line))
			return nil
		}
		d.add(Note, name, because("note.badgeMoves"))
		cut.Span.To = from
		d.later(func() { p.custodies.put(cut.ID, cut) })
	}
	return p.handOver(d, r, e, identifier, isNew, app.Span{From: from, To: to}, name)
}

// holding returns which of the custodies lets the engagement hold its identifier
// at an instant, or, if open says so, without end; -1 if none does.
func (p *staffPlanner) holding(custodies []app.ID, engagement app.ID, at app.Instant, open bool) int {
	return slices.IndexFunc(custodies, func(id app.ID) bool {
		c := p.custodies.items[id]
		return c.EngagementID == engagement && (c.Span.Holds(at) || open && c.Span.To == 0)
	})
}

func (p *staffPlanner) handOver(d *draft, r StaffRow, e app.Engagement, i app.Identifier, isNew bool, span app.Span, name column) error {
	var err error
	if isNew {
		if i.ID, err = app.NewID(); err != nil {
			return err
		}
		d.later(func() {
			p.identifiers.put(i.ID, i)
			p.byKey[i.Key] = i.ID
			if i.Key.Kind == app.Card {
				p.byBareCard[withoutZeros(i.Key.Value)] = i.ID
			}
		})
	}
	c := app.Custody{IdentifierID: i.ID, EngagementID: e.ID, Span: span, Entered: p.o.Now}
	if c.ID, err = app.NewID(); err != nil {
		return err
	}
	if r.BadgeFrom == 0 {
		d.add(Note, name, because("note.badgeFromToday"))
	}
	d.touch(string(name))
	d.later(func() {
		p.custodies.put(c.ID, c)
		p.ofIdentifier[i.ID] = append(p.ofIdentifier[i.ID], c.ID)
		p.given[c.ID] = d.line
	})
	return nil
}
