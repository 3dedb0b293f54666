package ciao

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// Settings are the company's choices about sending.
type Settings struct {
	// WindowDays is how many Belgian calendar days after its day a punch is
	// still sent by itself; 30 unless set.
	WindowDays int `json:"windowDays"`
	// ClockLimit is the greatest measured offset of a box with which its raw
	// time is sent by itself; 60 s unless set.
	ClockLimit time.Duration `json:"clockLimit"`
	// LateLimit holds punches that are older than this when they would be queued,
	// until a person releases them; 0, as usual: no such limit.
	LateLimit time.Duration `json:"lateLimit"`
	// SentLate is how long after its punch a registration counts as sent late: the
	// threshold SentLateAfter, of which the rule book has the default.
	SentLate time.Duration `json:"sentLate"`
	// CorrectionSerious is with how many days left a correction is serious: the
	// threshold of that name, of which the rule book has the default.
	CorrectionSerious int `json:"correctionSerious"`
}

// DefaultSettings are what applies until the company chooses otherwise, but for
// the thresholds among them.
func DefaultSettings() Settings {
	return Settings{WindowDays: 30, ClockLimit: 60 * time.Second}
}

// filled has the defaults for what is not set.
func (s Settings) filled() Settings {
	d := DefaultSettings()
	s.WindowDays, s.ClockLimit = cmp.Or(s.WindowDays, d.WindowDays), cmp.Or(s.ClockLimit, d.ClockLimit)
	return s
}

const (
	futurePast  = 5 * time.Second  // a punch ahead of the register's clock waits until it is this far back
	futureMost  = 10 * time.Minute // further ahead, the box's clock is wrong
	liveAlarm   = 15 * time.Minute // a live punch held for pairing this long asks a person
	liveHorizon = 24 * time.Hour   // older than this, it is not live any more
)

// PlanInput is everything that Plan looks at. Lists need no order.
type PlanInput struct {
	Environment app.Environment
	// Now is this computer's clock; Offset is the register's clock minus it, 0 where unknown.
	Now    app.Instant
	Offset time.Duration
	// Zone is the zone of Belgian days: Europe/Brussels.
	Zone     *time.Location
	Settings Settings

	Taps             []app.Tap
	Adjustments      []app.Adjustment
	Engagements      []app.Engagement
	Employers        []app.Employer
	Workers          []app.Worker
	Sites            []app.Site
	Decisions        []app.SiteDecision
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	// Registrations are all that the environment has already.
	Registrations []app.Registration
	// Entries are what the register shows that people registered by phone or otherwise. They are never sent; what is
	// one act with one of them is held, and an OUT goes with the declaration of its IN, whichever way that was registered.
	Entries []app.RegisterEntry
	// Ignored are the taps that people left out: also what was registered by phone can be.
	Ignored []app.Ignored
}

// Candidate is one punch, or one adjustment, and what becomes of it.
type Candidate struct {
	// Registration is the row that exists, or what the row would be. It has no
	// id where there is none; fields that are not known are empty.
	Registration app.Registration
	// Exists says that it was queued before: Registration is what was frozen.
	Exists bool
	// Reasons say why it is not sent, the first being the one to show; none: it
	// is to be queued now, or exists.
	Reasons []app.HeldReason
	// Adjustment is set where the candidate is a statement and no punch.
	Adjustment app.ID
	// Alarm says that a live punch has been held for pairing for 15 minutes: a person should decide.
	Alarm bool
	// Differs names what was frozen and would be otherwise if it were derived now:
	// type, worker, site, declaration, employer, or "effect" where the punch would not be sent at all.
	Differs []string
	// Should is what it would be if it were derived now, where Differs says that
	// it would be otherwise; nil where nothing would be sent.
	Should *app.Registration
	// ByPhone says that it is one act with a registration by phone or otherwise.
	ByPhone bool
	// Again is what would be sent now of a punch that the register refused; nil for any other.
	Again *Again

	turn turn
}

// turn is where a candidate stands among those of one sent time: taps as they were made, then statements as they were entered.
type turn struct {
	statement int // from 1; 0 of a tap
	at        app.Instant
	position  app.Position
}

// Compare is the order in which Plan gives candidates; it is the same however many plans they come from.
func (c *Candidate) Compare(o *Candidate) int {
	a, b := &c.Registration, &o.Registration
	return compareTurns(a.At, b.At, c.turn, o.turn, &a.Punch, &b.Punch)
}

func compareTurns(at, other app.Instant, a, b turn, punch, o *app.RecordKey) int {
	if by := cmp.Or(cmp.Compare(at, other), cmp.Compare(a.statement, b.statement), cmp.Compare(a.at, b.at)); by != 0 {
		return by
	}
	if punch.LogKey != o.LogKey {
		return punch.Compare(*o)
	}
	return cmp.Or(a.position.Compare(b.position), cmp.Compare(punch.Seq, o.Seq))
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (c Candidate) Format(f fmt.State, _ rune) {
	type plain Candidate
	fmt.Fprintf(f, "%+v", plain(c))
}

// Ready says that it is to be queued now.
func (c *Candidate) Ready() bool { return !c.Exists && len(c.Reasons) == 0 }

// Held returns the reason to show; "" for one that is ready or exists.
func (c *Candidate) Held() app.HeldReason {
	if len(c.Reasons) == 0 {
		return ""
	}
	return c.Reasons[0]
}

// Never says that nothing makes this one to be sent.
func (c *Candidate) Never() bool { return Never(c.Held()) }

// Releasable says that a person may release it: all that is to be sent is
// there, and nothing but judgement holds it.
func (c *Candidate) Releasable() bool {
	return len(c.Reasons) > 0 && c.Registration.Type != "" && !slices.ContainsFunc(c.Reasons, func(r app.HeldReason) bool { return !Releasable(r) })
}

// Never says that a reason is for good: the punch (or statement) is no registration.
func Never(r app.HeldReason) bool {
	switch r {
	case app.NeverAdjustment, app.NeverIgnored, app.NeverRefusedBadge, app.NeverNoEffect:
		return true
	}
	return false
}

// Releasable says that a person may release what is held for a reason. The
// other reasons go away by mending what is missing.
func Releasable(r app.HeldReason) bool {
	switch r {
	case app.HeldBeforeStart, app.HeldBeyondWindow, app.HeldClock, app.HeldAttributed,
		app.HeldPairing, app.HeldNightShift, app.HeldRestored, app.HeldLate, app.HeldByPhone:
		return true
	}
	return false
}

// Plan says of every tap and adjustment whether it is to be queued, is held or
// is never sent, in the order of time. It is a pure function: what is held is
// not stored anywhere.
func Plan(in PlanInput) []Candidate {
	p := newPlanner(in)
	out := p.taps(slices.Clone(in.Taps))
	for i := range in.Adjustments {
		if a := &in.Adjustments[i]; a.Withdrawn == 0 {
			c := p.adjustment(a)
			c.turn.statement = i + 1
			out = append(out, c)
		}
	}
	SortCandidates(out)
	return out
}

// SortCandidates puts candidates in the order in which one plan would give them.
func SortCandidates(list []Candidate) {
	order := make([]*Candidate, len(list))
	sorted := true
	for i := range list {
		order[i] = &list[i]
		sorted = sorted && (i == 0 || list[i-1].Compare(&list[i]) <= 0)
	}
	if sorted { // as they nearly always are
		return
	}
	slices.SortStableFunc(order, (*Candidate).Compare)
	out := make([]Candidate, len(list))
	for i, c := range order {
		out[i] = *c
	}
	copy(list, out)
}

// taps judges taps in the order of time, into which it puts them.
func (p *planner) taps(taps []app.Tap) []Candidate {
	slices.SortStableFunc(taps, func(a, b app.Tap) int { return a.Compare(&b) })
	out := make([]Candidate, 0, len(taps))
	for i := range taps {
		if t := &taps[i]; t.Punch.Key.ByRegister() {
			p.follow(t, p.entries[t.Punch.Key].Declaration)
		} else {
			c := p.tap(t)
			c.turn = turn{at: t.At, position: t.Punch.Position}
			out = append(out, c)
		}
	}
	return out
}

// planner holds the facts by their ids, and the open presence of each person
// at each site while it goes through the taps.
type planner struct {
	in           PlanInput
	today        app.Date
	engagements  map[app.ID]app.Engagement
	ofWorker     map[app.ID][]app.Engagement
	employers    map[app.ID]app.Employer
	workers      map[app.ID]app.Worker
	sites        map[app.ID]app.Site
	decisions    map[app.ID][]app.SiteDecision
	declarations map[app.ID]app.Declaration
	declared     map[app.ID][]app.DeclarationSite
	existing     map[app.RecordKey]*app.Registration
	entries      map[app.RecordKey]app.RegisterEntry
	ignored      map[app.RecordKey]bool
	open         map[atSite]openIn
}

type atSite struct{ worker, site app.ID }

// openIn is an IN that is open: its workday, and the declaration of it.
type openIn struct {
	day         app.Date
	declaration string
}

func newPlanner(in PlanInput) *planner {
	in.Settings = in.Settings.filled()
	if in.Zone == nil {
		in.Zone = app.Belgium()
	}
	p := &planner{
		in: in, today: in.Now.DateIn(in.Zone),
		engagements:  by(in.Engagements, func(e *app.Engagement) app.ID { return e.ID }),
		ofWorker:     group(in.Engagements, func(e *app.Engagement) app.ID { return e.WorkerID }),
		employers:    by(in.Employers, func(e *app.Employer) app.ID { return e.ID }),
		workers:      by(in.Workers, func(w *app.Worker) app.ID { return w.ID }),
		sites:        by(in.Sites, func(s *app.Site) app.ID { return s.ID }),
		decisions:    group(in.Decisions, func(d *app.SiteDecision) app.ID { return d.SiteID }),
		declarations: by(in.Declarations, func(d *app.Declaration) app.ID { return d.ID }),
		declared:     group(in.DeclarationSites, func(d *app.DeclarationSite) app.ID { return d.SiteID }),
		existing:     make(map[app.RecordKey]*app.Registration, len(in.Registrations)),
		entries:      by(in.Entries, (*app.RegisterEntry).Key),
		ignored:      make(map[app.RecordKey]bool, len(in.Ignored)),
		open:         map[atSite]openIn{},
	}
	for _, i := range in.Ignored {
		if i.Withdrawn == 0 {
			p.ignored[i.Punch] = true
		}
	}
	p.exist(in.Registrations)
	return p
}

// exist says which rows there are.
func (p *planner) exist(rows []app.Registration) {
	for i := range rows {
		r := &rows[i]
		if before := p.existing[r.Punch]; r.Environment == p.in.Environment && r.State != app.RegHeld && (before == nil || before.Generation < r.Generation) {
			p.existing[r.Punch] = r // of several generations the last one counts
		}
	}
}

func by[K comparable, T any](list []T, key func(*T) K) map[K]T {
	m := make(map[K]T, len(list))
	for i := range list {
		m[key(&list[i])] = list[i]
	}
	return m
}

func group[K comparable, T any](list []T, key func(*T) K) map[K][]T {
	m := map[K][]T{}
	for i := range list {
		m[key(&list[i])] = append(m[key(&list[i])], list[i])
	}
	return m
}

// tap judges one tap.
func (p *planner) tap(t *app.Tap) Candidate {
	derived := Candidate{Registration: app.Registration{
		Environment: p.in.Environment, Punch: t.Punch.Key, Position: t.Punch.Position, Type: p.typeOf(t),
		At: wholeSecond(t.Punch.At), Raw: t.Punch.At, Uncertainty: t.Uncertainty,
		WorkerID: t.WorkerID, EngagementID: t.EngagementID, SiteID: t.SiteID,
	}}
	if r := roleReason(t.Role); r != "" {
		derived.Reasons = []app.HeldReason{r}
	} else {
		p.judge(&derived, t)
	}
	existing, ok := p.existing[t.Punch.Key]
	if !ok {
		p.follow(t, derived.Registration.Declaration)
		return derived
	}
	p.follow(t, existing.Declaration)
	known := Candidate{Registration: *existing, Exists: true, Differs: differences(existing, &derived), Again: againOf(existing, &derived)}
	if known.ByPhone = t.Entry != (app.RecordKey{}); known.ByPhone && existing.State == app.RegAccepted {
		known.Differs = append(known.Differs, DiffersByPhone)
	}
	if len(known.Differs) > 0 && derived.Registration.Type != "" {
		known.Should = &derived.Registration
	}
	return known
}

// differsEffect says of a registration that nothing would be sent now: it ought not to be there.
const differsEffect = "effect"

// DiffersByPhone says of a registration that it was sent, and registered by phone or otherwise besides: once too often.
const DiffersByPhone = "by-phone"

// typeOf returns what a tap registers as: a pressed key is sent as pressed,
// without one the derived direction counts, or that of the registration by phone
// with which it is one act.
func (p *planner) typeOf(t *app.Tap) app.RegistrationType {
	if t.Role == app.TapSameAct {
		return p.entries[t.Entry].Type
	}
	if t.RegistersAs() == "" {
		return ""
	}
	switch t.Punch.Pressed {
	case app.KeyIn, app.KeyBreakEnd:
		return app.RegisterIn
	case app.KeyOut, app.KeyBreakStart:
		return app.RegisterOut
	}
	return t.RegistersAs()
}

// roleReason returns why a tap of a role has nothing to register; "" where it has.
func roleReason(r app.TapRole) app.HeldReason {
	switch r {
	case app.TapRefused:
		return app.NeverRefusedBadge
	case app.TapDuplicate, app.TapIgnored:
		return app.NeverIgnored
	case app.TapNoEffect:
		return app.NeverNoEffect
	case app.TapNoSite:
		return app.HeldNotPlaced
	case app.TapUnsettled:
		return app.HeldClock
	case app.TapUnknown:
		return app.HeldNoHolder
	}
	return ""
}

// follow keeps the declaration of an IN for the OUT and the break starts that belong to it.
func (p *planner) follow(t *app.Tap, declaration string) {
	key := atSite{t.WorkerID, t.SiteID}
	switch t.Role {
	case app.TapIn, app.TapBreakEnd:
		p.open[key] = openIn{t.Day, declaration}
	case app.TapBreakStart: // where the IN was forgotten, it is the first that is known of the presence
		if p.open[key].day != t.Day {
			p.open[key] = openIn{t.Day, declaration}
		}
	case app.TapOut:
		delete(p.open, key)
	}
}

// judge collects all reasons against a tap, those that nobody can change
// first, and fills what would be sent.
func (p *planner) judge(c *Candidate, t *app.Tap) {
	hold := func(bad bool, r app.HeldReason) {
		if bad && !slices.Contains(c.Reasons, r) {
			c.Reasons = append(c.Reasons, r)
		}
	}
	hold(t.Entry != (app.RecordKey{}), app.HeldByPhone)
	reg := &c.Registration
	moment := p.momentOf(t)
	day := moment.DateIn(p.in.Zone)

	decision := p.decisionAt(t.SiteID, moment)
	hold(decision == app.NotUnder, app.HeldNotUnderCIAO)
	hold(decision == app.Undecided, app.HeldUndecided)

	employer, r := p.employerOf(t, day)
	hold(r != "", r)
	if r == "" {
		since := employer.RegistersSince
		hold(since == 0 || moment < since, app.HeldBeforeStart)
		reg.Enterprise, reg.ForeignVAT = p.numberOf(employer)
		reg.Capacity = p.engagements[t.EngagementID].Capacity
		hold(p.wrongAgency(t.EngagementID, employer) || (reg.Enterprise == "" && reg.ForeignVAT == ""), app.HeldNoEmployerNumber)
	}
	hold(int(p.today-day) > p.in.Settings.WindowDays, app.HeldBeyondWindow)

	ssin, err := identity.ParseSSIN(p.workers[t.WorkerID].SSIN.Reveal())
	hold(err != nil, app.HeldNoSSIN)
	reg.SSIN = app.Secret(ssin)

	reg.Place, r = placeOf(p.sites[t.SiteID])
	hold(r != "", r)
	reg.Declaration, r = p.declarationOf(t, day)
	hold(r != "", r)

	p.judgeClock(c, t, hold)
	hold(t.HolderEntered > t.At, app.HeldAttributed)
	keyless := t.Punch.Pressed == app.KeyNone
	hold(keyless && t.AskedAbout, app.HeldNightShift)
	hold(keyless && t.Unsure && !t.AskedAbout, app.HeldPairing)
	hold(keyless && t.PhonesUnchecked, app.HeldPhonesUnchecked)

	age := p.in.Now.Sub(moment)
	hold(p.in.Settings.LateLimit > 0 && age > p.in.Settings.LateLimit, app.HeldLate)
	c.Alarm = c.Held() == app.HeldPairing && age > liveAlarm && age < liveHorizon
}

// judgeClock decides which time is sent (rule 9): the raw one, cut to the
// second, if the box's measured clock was right; else the corrected one, once
// a person approved it.
func (p *planner) judgeClock(c *Candidate, t *app.Tap, hold func(bool, app.HeldReason)) {
	hold(p.clockWrong(t), app.HeldClock)
	c.Registration.At = wholeSecond(p.momentOf(t))
	ahead := c.Registration.At.Sub(p.in.Now.Add(p.in.Offset))
	hold(ahead > futureMost, app.HeldFuture)
	if ahead > -futurePast {
		c.Registration.NotBefore = c.Registration.At.Add(futurePast - p.in.Offset)
	}
}

// clockWrong says that the box's own time cannot be sent.
func (p *planner) clockWrong(t *app.Tap) bool {
	return !t.OffsetKnown || abs(t.Offset) > p.in.Settings.ClockLimit || t.Repaired || t.Punch.Flags&app.TimeUntrusted != 0
}

// momentOf returns when a tap was, to the register: by the box's own time unless
// that is wrong. A box that fell back to 2000 was not there before the company was.
func (p *planner) momentOf(t *app.Tap) app.Instant {
	if p.clockWrong(t) {
		return t.At
	}
	return t.Punch.At
}

// decisionAt returns the decision that applies: the latest that began by then,
// of equal ones the one entered last.
func (p *planner) decisionAt(site app.ID, at app.Instant) app.Decision {
	found := app.SiteDecision{Decision: app.Undecided}
	for _, d := range p.decisions[site] {
		if d.From <= at && (d.From > found.From || (d.From == found.From && d.At >= found.At)) {
			found = d
		}
	}
	return found.Decision
}

// employerOf returns the direct employer: that of the engagement that holds the
// identifier, if it fits the day and no other employer's fits as well, or a
// default among them settles it (rule E1).
func (p *planner) employerOf(t *app.Tap, day app.Date) (app.Employer, app.HeldReason) {
	engagement, ok := p.engagements[t.EngagementID]
	if !ok || !engagement.Days.Holds(day) {
		return app.Employer{}, app.HeldNoEngagement
	}
	settled := engagement.Default
	many := false
	for _, e := range p.ofWorker[t.WorkerID] {
		if e.Days.Holds(day) {
			settled = settled || e.Default
			many = many || e.EmployerID != engagement.EmployerID
		}
	}
	if many && !settled {
		return app.Employer{}, app.HeldManyEmployers
	}
	return p.employers[engagement.EmployerID], ""
}

// wrongAgency says that a temporary worker is entered as another firm's: the
// agency's number is never defaulted to the own.
func (p *planner) wrongAgency(engagement app.ID, e app.Employer) bool {
	return p.engagements[engagement].Capacity == app.TemporaryWorker && e.Kind != app.Agency
}

// numberOf returns exactly one of the two numbers, or none.
func (p *planner) numberOf(e app.Employer) (enterprise, vat string) {
	if n, err := identity.ParseEnterprise(e.Enterprise); err == nil {
		return n, ""
	}
	if e.Enterprise != "" { // a wrong one is not papered over by the other
		return "", ""
	}
	if n, err := identity.ParseForeignVAT(e.ForeignVAT); err == nil {
		return "", n
	}
	return "", ""
}

// placeOf returns the site's coordinates where it has good ones, else its address.
func placeOf(s app.Site) (app.Place, app.HeldReason) {
	if s.Coordinates != nil && identity.CheckCoordinates(*s.Coordinates) == nil {
		c := identity.RoundCoordinates(*s.Coordinates)
		return app.Place{Coordinates: &c}, ""
	}
	if a := s.Address; a.PostCode != "" && a.Municipality != "" && a.Street != "" {
		return app.Place{Address: &a}, ""
	}
	return app.Place{}, app.HeldNoPlace
}

// declarationOf returns the number of the declaration: that of the registration by
// phone with which it is one act; an OUT's is that of its IN; else the one that covers
// site and day, the default where several do.
func (p *planner) declarationOf(t *app.Tap, day app.Date) (string, app.HeldReason) {
	if e := p.entries[t.Entry]; e.Declaration != "" {
		return e.Declaration, ""
	}
	if t.Role == app.TapOut || t.Role == app.TapBreakStart {
		// What somebody forgot to leave on an earlier day says nothing of this one.
		if in := p.open[atSite{t.WorkerID, t.SiteID}]; in.declaration != "" && in.day == t.Day {
			return in.declaration, ""
		}
	}
	var fits, defaults []string
	for _, link := range p.declared[t.SiteID] {
		d := p.declarations[link.DeclarationID]
		number, err := identity.ParseDeclaration(d.Number)
		if err != nil || !link.Days.Holds(day) || !d.Days.Holds(day) || slices.Contains(fits, number) {
			continue
		}
		fits = append(fits, number)
		if link.Default {
			defaults = append(defaults, number)
		}
	}
	switch {
	case len(fits) == 0:
		return "", app.HeldNoDeclaration
	case len(fits) == 1:
		return fits[0], ""
	case len(defaults) == 1:
		return defaults[0], ""
	}
	return "", app.HeldManyDeclarations
}

// adjustment lists a statement: it is never sent.
func (p *planner) adjustment(a *app.Adjustment) Candidate {
	c := Candidate{Adjustment: a.ID, Reasons: []app.HeldReason{app.NeverAdjustment}}
	c.Registration = app.Registration{
		Environment: p.in.Environment, EngagementID: a.EngagementID, SiteID: a.SiteID,
		WorkerID: p.engagements[a.EngagementID].WorkerID,
		At:       cmp.Or(a.From, a.To), Raw: cmp.Or(a.From, a.To),
	}
	return c
}

// differences names what was frozen and would be otherwise now. The time sent is
// never recomputed; it is among them where the device's own time is read otherwise
// now, as when the zone of a terminal was set right.
func differences(frozen *app.Registration, now *Candidate) []string {
	switch held := now.Held(); {
	case now.Registration.Type != "":
	case held == app.HeldClock: // its segment waits for a person: nothing is known against it
		return nil
	default:
		return []string{differsEffect}
	}
	var out []string
	note := func(differs bool, what string) {
		if differs {
			out = append(out, what)
		}
	}
	d := &now.Registration
	note(d.Type != frozen.Type, "type")
	note(d.Raw != frozen.Raw, "time")
	note(d.WorkerID != frozen.WorkerID, "worker")
	note(d.SiteID != frozen.SiteID, "site")
	note(d.SSIN != "" && d.SSIN != frozen.SSIN, "ssin")
	note(d.Declaration != "" && d.Declaration != frozen.Declaration, "declaration")
	known := d.Enterprise != "" || d.ForeignVAT != ""
	note(known && (d.Enterprise != frozen.Enterprise || d.ForeignVAT != frozen.ForeignVAT), "employer")
	return out
}

// HeldCount is how many are held for one reason, and since when.
type HeldCount struct {
	Reason     app.HeldReason `json:"reason"`
	Never      bool           `json:"never"`
	Count      int            `json:"count"`
	Releasable int            `json:"releasable"` // of Count
	Oldest     app.Instant    `json:"oldest"`
	Newest     app.Instant    `json:"newest"`
}

// Tally counts what is not sent by reason, the most numerous first, those that
// are never sent last.
func Tally(candidates []Candidate) []HeldCount {
	counts := map[app.HeldReason]*HeldCount{}
	for i := range candidates {
		c := &candidates[i]
		reason := c.Held()
		if reason == "" {
			continue
		}
		n := counts[reason]
		if n == nil {
			n = &HeldCount{Reason: reason, Never: Never(reason), Oldest: c.Registration.At, Newest: c.Registration.At}
			counts[reason] = n
		}
		n.Count++
		n.Oldest, n.Newest = min(n.Oldest, c.Registration.At), max(n.Newest, c.Registration.At)
		if c.Releasable() {
			n.Releasable++
		}
	}
	return inOrder(counts)
}

// Sum adds tallies up.
func Sum(tallies ...[]HeldCount) []HeldCount {
	counts := map[app.HeldReason]*HeldCount{}
	for _, list := range tallies {
		for _, c := range list {
			n := counts[c.Reason]
			if n == nil {
				n = &HeldCount{Reason: c.Reason, Never: c.Never, Oldest: c.Oldest, Newest: c.Newest}
				counts[c.Reason] = n
			}
			n.Count, n.Releasable = n.Count+c.Count, n.Releasable+c.Releasable
			n.Oldest, n.Newest = min(n.Oldest, c.Oldest), max(n.Newest, c.Newest)
		}
	}
	return inOrder(counts)
}

// inOrder returns the most numerous first, those that are never sent last.
func inOrder(counts map[app.HeldReason]*HeldCount) []HeldCount {
	out := make([]HeldCount, 0, len(counts))
	for _, n := range counts {
		out = append(out, *n)
	}
	slices.SortFunc(out, func(a, b HeldCount) int {
		if a.Never != b.Never {
			if a.Never {
				return 1
			}
			return -1
		}
		return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}
