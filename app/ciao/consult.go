package ciao

import (
	"cmp"
	"context"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// Where people may register by phone, the register is consulted: what does it hold
// that was not sent from here? It is asked by declaration and days; where that form of
// search is not offered, or proves nothing, by person, in the form of the look-up. It is
// asked at most every ten minutes, and only while something waits for the answer.

const (
	consultGap     = 10 * time.Minute    // between two consultations
	consultRest    = time.Hour           // where the last one could not tell, and no person asks
	consultPersons = 20                  // asked about in one
	consultBack    = 3 * 24 * time.Hour  // before what is known already: the register judges and cancels later
	consultFirst   = 30 * 24 * time.Hour // how far back the first one asks
	consultDays    = 31                  // in one question [O-SOAP]
)

// Consultation says what there is to ask of the register about people who register by phone.
type Consultation struct {
	Sites []PhoneSite
	// Elsewhere are the declarations of the other sites: where a person wants to know who registered, they are asked
	// about, too, for what people of other employers registered there.
	Elsewhere []DeclaredFor
	// Persons are all who may register there.
	Persons []ConsultPerson
	// Wanted says that something waits for it.
	Wanted bool
}

// PhoneSite is a site where people may register by phone.
type PhoneSite struct {
	SiteID       app.ID
	ReadTo       app.Instant // up to when all is known of its phones; zero: nothing is
	Declarations []DeclaredFor
}

// DeclaredFor is a declaration of works that covers a site on some days.
type DeclaredFor struct {
	Number string
	Days   app.Days
}

// ConsultPerson is somebody who may register by phone.
type ConsultPerson struct {
	WorkerID app.ID
	SSIN     app.Secret
	Waits    bool // something of theirs waits for the answer
}

// Consults is what a sender knows of consulting the register.
type Consults struct {
	// Form is the form of question of which the rest is known.
	Form string `json:"form,omitempty"`
	// Last is when it was consulted last, in whatever way.
	Last app.Instant `json:"last,omitzero"`
	// Code is why it is not asked by declaration, until NotBefore; "" it is.
	Code      string      `json:"code,omitempty"`
	NotBefore app.Instant `json:"notBefore,omitzero"`
	// Vain says that the last one could not tell up to when all is known.
	Vain bool `json:"vain,omitempty"`
	// Trouble is of consultations that failed in a way that may pass.
	Trouble Trouble `json:"trouble,omitzero"`
}

// Consulted is what a consultation brought.
type Consulted struct {
	Kept
	At app.Instant `json:"at"`
	// By is how it was asked: by declaration or by person.
	By string `json:"by"`
	// Asked counts the declarations or persons that were asked about, Left the persons of whom not all is known yet.
	Asked int `json:"asked"`
	Left  int `json:"left,omitempty"`
	// Sites counts those of whose phones all is known up to ReadTo.
	Sites  int         `json:"sites"`
	ReadTo app.Instant `json:"readTo,omitzero"`
	// Code is why not all is known: unproven, or what the register answered; "" all is.
	Code string `json:"code,omitempty"`
}

// How the register was asked.
const (
	ByDeclaration = "declaration"
	ByPerson      = "person"
)

// CodeNoConsultation says that the register cannot be asked who registered by phone: a list is to be imported.
const CodeNoConsultation = "no-consultation"

func consults(s *SenderState) *Trouble { return &s.Consults.Trouble }

// DeclarationQuestion asks for what was registered for a declaration on some Belgian days, both included.
type DeclarationQuestion struct {
	Declaration string
	Days        app.Days
}

func (q DeclarationQuestion) span() (from, to app.Instant) {
	return q.Days.From.Start(app.Belgium()), q.Days.To.End(app.Belgium()) - 1000
}

// QueryDeclaration asks for the registrations of a declaration and reads all pages, as Query does.
func (c *Client) QueryDeclaration(ctx context.Context, q DeclarationQuestion) (found []FoundRegistration, complete bool, o *Outcome) {
	from, to := q.span()
	found, complete, o = c.pages(ctx, QueryRequest{Declaration: q.Declaration, From: WireTime{from}, To: WireTime{to}})
	seen := make(map[int64]bool, len(found))
	for i := range found {
		f := &found[i]
		complete = complete && f.Declaration == q.Declaration && f.RegistrationDate.Instant >= from && f.RegistrationDate.Instant <= to && !seen[f.ID]
		seen[f.ID] = true
	}
	return found, complete, o
}

// consultForm names how it is asked by declaration.
func (c *Client) consultForm() string { return "POST " + c.addresses.Query + " declaration+days v1" }

// Consult asks the register who registered by phone, because a person wants to know, and does nothing else: the report has
// what it brought, nothing where it was asked a moment ago or there is nowhere to ask. A *BusyError where another sender is at work.
func (s *Sender) Consult(ctx context.Context, act app.Act) (Report, error) {
	r := &run{Sender: s, options: SendOptions{Act: act}, owner: newOwner(), deadline: s.clock.Now(), report: Report{Environment: s.env}, wanted: true}
	if err := r.take(ctx); err != nil {
		return r.report, err
	}
	defer r.leave(ctx)
	var err error
	if r.state.Stopped == "" || r.settles() {
		_, err = r.consult(ctx)
	}
	if e := r.close(ctx); err == nil {
		err = e
	}
	return r.report, err
}

// consult asks the register who registered by phone, where something waits for that or a person wants to know, and its
// time has come; it says whether anything was done. It delays no registering.
func (r *run) consult(ctx context.Context) (bool, error) {
	now := r.clock.Now()
	if r.consults == nil || r.consulted || now < r.state.ConsultDue(now) {
		return false, nil
	}
	if s := &r.state.Consults; s.Vain && !r.wanted && now >= s.Last && now.Sub(s.Last) < consultRest {
		return false, nil
	}
	r.consulted = true
	plan, err := r.consults(ctx, r.wanted)
	if err != nil || len(plan.Sites)+len(plan.Elsewhere) == 0 || !(plan.Wanted || r.wanted) {
		return false, err
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
	}
	c := &consultation{run: r, plan: plan, told: Consulted{At: r.clock.Now()}}
	if err := c.begin(ctx); err != nil {
		return true, err
	}
	if err := c.ask(ctx); err != nil {
		return true, err
	}
	r.report.Consulted = &c.told
	if vain := c.told.Code != ""; vain != r.state.Consults.Vain {
		return true, r.change(ctx, func(s *SenderState) { s.Consults.Vain = vain })
	}
	return true, ctx.Err()
}

// ConsultDue returns when the register may be consulted next; an instant that is past: now.
func (s *SenderState) ConsultDue(now app.Instant) app.Instant {
	due := max(s.Consults.Trouble.NotBefore, s.AskedUntil)
	if last := s.Consults.Last; last != 0 && last <= now { // a clock that was set back delays nothing
		due = max(due, last.Add(consultGap))
	}
	return due
}

// consultation is one of them.
type consultation struct {
	*run
	plan Consultation
	told Consulted
	// proven says that what was known to be there was found in it: a search that found things once may have gone blind.
	proven bool
}

// begin notes that the register is consulted, and forgets what was known of another form of question.
func (c *consultation) begin(ctx context.Context) error {
	form, now := c.client.consultForm(), c.clock.Now()
	return c.change(ctx, func(s *SenderState) {
		if s.Consults.Form != form {
			s.Consults = Consults{Form: form}
		}
		s.Consults.Last = now
		if s.Consults.NotBefore <= now {
			s.Consults.Code, s.Consults.NotBefore = "", 0
		}
	})
}

// ask asks by declaration, and by person where that cannot be.
func (c *consultation) ask(ctx context.Context) error {
	if c.client.addresses.Query == "" {
		c.told.Code = CodeNotConfigured
		return nil
	}
	if c.state.Consults.Code == "" {
		if err := c.byDeclaration(ctx); err != nil || c.state.Consults.Code == "" {
			return err
		}
	}
	if len(c.plan.Sites) == 0 { // our own people register by phone nowhere
		c.told.Code = c.state.Consults.Code
		return nil
	}
	return c.byPerson(ctx)
}

// knownTo returns up to when what the register shows now is all that was registered: it shows things after a while only.
func (c *consultation) knownTo(now app.Instant) app.Instant {
	if !c.state.Search.Measured {
		return now.Add(-c.timing.ProofFor)
	}
	return now.Add(-max(3*c.state.Search.lag(), c.timing.LookUpApart))
}

// cannot notes that it is not to be asked by declaration, and tries again in a day.
func (c *consultation) cannot(ctx context.Context, code string) error {
	again := c.clock.Now().Add(c.timing.SearchAgain)
	return c.change(ctx, func(s *SenderState) { s.Consults.Code, s.Consults.NotBefore = code, again })
}

// byDeclaration asks about each declaration of the sites. An answer that holds what was not asked is worth nothing.
func (c *consultation) byDeclaration(ctx context.Context) error {
	now := c.clock.Now()
	readTo := c.knownTo(now)
	c.told.By = ByDeclaration
	var all []FoundRegistration
	pending, err := c.pendingSince(ctx, now)
	if err != nil {
		return err
	}
	for _, q := range c.questions(now, pending) {
		found, complete, o, err := c.askDeclaration(ctx, q)
		switch {
		case err != nil || c.blocked() || ctx.Err() != nil:
			return err
		case o.Code != "":
			return c.declarationFailed(ctx, o)
		case !complete:
			return c.cannot(ctx, CodeUnproven)
		}
		blind, err := c.isBlind(ctx, q, found, readTo)
		if err != nil {
			return err
		}
		if blind {
			return c.cannot(ctx, CodeUnproven)
		}
		all = append(all, found...)
		if _, err := c.keep(ctx); err != nil {
			return err
		}
	}
	if err := c.proveForm(ctx, all, readTo); err != nil || c.blocked() {
		return err
	}
	show := c.showing(all)
	if c.proven {
		for _, s := range c.plan.Sites {
			if len(s.Declarations) > 0 && readTo > s.ReadTo {
				show.ReadTo[s.SiteID] = readTo
			}
		}
		c.told.Sites, c.told.ReadTo = len(show.ReadTo), readTo
	} else {
		c.told.Code = CodeUnproven
	}
	return c.keepShown(ctx, show)
}

// pendingSince is when the oldest registration was that counts and of which the register may think otherwise yet; now where there is none.
func (c *consultation) pendingSince(ctx context.Context, now app.Instant) (app.Instant, error) {
	entries, err := c.store.RegisterEntries(ctx, EntryFilter{Environment: c.env, At: app.Span{From: now.Add(-consultFirst)}, Counting: true})
	if err != nil {
		return 0, err
	}
	for i := range entries {
		if !Final(entries[i].Validity) {
			return entries[i].At, nil
		}
	}
	return now, nil
}

// questions are those about the declarations of the sites: as far back as anything of them is not known or final, in spans of at most 31 days.
func (c *consultation) questions(now, pending app.Instant) (list []DeclarationQuestion) {
	zone := app.Belgium()
	today, first := now.DateIn(zone), now.Add(-consultFirst)
	asked := map[string]app.Days{}
	ask := func(declared []DeclaredFor, from app.Instant) {
		for _, d := range declared {
			days := app.Days{From: max(from.DateIn(zone), d.Days.From), To: today}
			if d.Days.To != 0 {
				days.To = min(days.To, d.Days.To)
			}
			if before, ok := asked[d.Number]; ok {
				days.From, days.To = min(days.From, before.From), max(days.To, before.To)
			}
			asked[d.Number] = days
		}
	}
	for _, s := range c.plan.Sites {
		ask(s.Declarations, max(min(s.ReadTo.Add(-consultBack), pending), first))
	}
	ask(c.plan.Elsewhere, first)
	for number, days := range asked {
		for from := days.From; from <= days.To; from = from.AddDays(consultDays) {
			list = append(list, DeclarationQuestion{Declaration: number, Days: app.Days{From: from, To: min(from.AddDays(consultDays-1), days.To)}})
		}
	}
	slices.SortFunc(list, func(a, b DeclarationQuestion) int {
		return cmp.Or(cmp.Compare(a.Declaration, b.Declaration), cmp.Compare(a.Days.From, b.Days.From))
	})
	return list
}

// askDeclaration puts a question on the wire, with its attempt.
func (c *consultation) askDeclaration(ctx context.Context, q DeclarationQuestion) ([]FoundRegistration, bool, *Outcome, error) {
	attempt, err := c.attempt("consult")
	if err != nil {
		return nil, false, nil, err
	}
	if err := c.store.BeginAttempt(ctx, attempt); err != nil {
		return nil, false, nil, err
	}
	found, complete, o := c.client.QueryDeclaration(ctx, q)
	c.ended(&attempt, o)
	c.told.Asked++
	keep, cancel := atEnd(ctx)
	defer cancel()
	return found, complete, o, c.store.Finish(keep, attempt, nil)
}

// declarationFailed does what a failed question asks for: one that the register does not answer in this form is learnt once.
func (c *consultation) declarationFailed(ctx context.Context, o *Outcome) error {
	keep, cancel := atEnd(ctx)
	defer cancel()
	c.told.Code = o.Code
	switch cannot, _ := c.offersNone(o); {
	case o.Code == CodeCancelled:
		return nil
	case noCredential(o):
		return c.stop(keep, o, o.Code)
	case cannot || (o.Problem != nil && o.Status/100 == 4 && !passing(o) && o.Wait == 0):
		return c.cannot(keep, o.Code)
	}
	failures := c.state.Consults.Trouble.Failures + 1
	if err := c.trouble(keep, consults, o); err != nil || failures < mostConsultFailures || o.Status == 0 || o.Wait > 0 {
		return err
	}
	return c.cannot(keep, o.Code)
}

// mostConsultFailures is after how many failures in a row of questions by declaration persons are asked about
// instead: a register that stumbles over a question that it does not know need not say so.
const mostConsultFailures = 3

// isBlind says that a question by declaration did not find what it surely should.
func (c *consultation) isBlind(ctx context.Context, q DeclarationQuestion, found []FoundRegistration, shownBefore app.Instant) (bool, error) {
	from, to := q.span()
	const newest = 100
	known, err := c.store.Registrations(ctx, RegistrationFilter{
		Environment: c.env, States: []app.RegistrationState{app.RegAccepted}, Sent: app.Span{From: from, To: to + 1000}, Limit: newest,
	})
	if err != nil {
		return false, err
	}
	for i := range known {
		g := &known[i]
		if g.Declaration != q.Declaration || g.RegisterID == 0 || g.Answered >= shownBefore {
			continue
		}
		if !has(found, g.RegisterID) {
			return true, nil
		}
		c.proven = true
	}
	return false, nil
}

func has(found []FoundRegistration, id int64) bool {
	return slices.ContainsFunc(found, func(f FoundRegistration) bool { return f.ID == id })
}

// proveForm makes sure that the form of question finds what is known to be there, where nothing of ours was among what was
// asked: it asks about the newest of ours, else by its number about one that was found, else about one that was found before.
func (c *consultation) proveForm(ctx context.Context, found []FoundRegistration, shownBefore app.Instant) error {
	if c.proven {
		return nil
	}
	known, ok, err := c.store.KnownRegistration(ctx, c.env, "")
	switch {
	case err != nil:
		return err
	case ok && known.Answered < shownBefore:
		return c.finds(ctx, known.Declaration, known.At, known.RegisterID)
	case len(found) > 0 && c.client.addresses.One != "":
		c.proven, err = c.knownByNumber(ctx, &found[0])
		return err
	}
	before, err := c.store.RegisterEntries(ctx, EntryFilter{Environment: c.env, States: []app.EntryState{app.EntryRegistered}})
	if err != nil || len(before) == 0 {
		return err
	}
	last := before[len(before)-1]
	return c.finds(ctx, last.Declaration, last.At, last.ID)
}

// finds asks about the day of a registration that is known to be there.
func (c *consultation) finds(ctx context.Context, declaration string, at app.Instant, id int64) error {
	day := at.DateIn(app.Belgium())
	found, complete, o, err := c.askDeclaration(ctx, DeclarationQuestion{Declaration: declaration, Days: app.Days{From: day, To: day}})
	if err != nil {
		return err
	}
	if o.Code != "" {
		return c.declarationFailed(ctx, o)
	}
	c.proven = complete && has(found, id)
	return nil
}

// knownByNumber says that the register knows a registration by its number as its search showed it.
func (c *consultation) knownByNumber(ctx context.Context, f *FoundRegistration) (bool, error) {
	attempt, err := c.attempt("consult")
	if err != nil {
		return false, err
	}
	if err := c.store.BeginAttempt(ctx, attempt); err != nil {
		return false, err
	}
	one, o := c.client.One(ctx, f.ID)
	c.ended(&attempt, o)
	keep, cancel := atEnd(ctx)
	defer cancel()
	if err := c.store.Finish(keep, attempt, nil); err != nil {
		return false, err
	}
	if err := c.checkProblem(keep, o); err != nil || o.Code != "" {
		return false, err
	}
	return one.SSIN == f.SSIN && one.Type == f.Type && one.RegistrationDate.Instant == f.RegistrationDate.Instant && one.Declaration == f.Declaration, nil
}

func (c *consultation) showing(found []FoundRegistration) Showing {
	return Showing{Environment: c.env, Source: app.FromRegister, At: c.clock.Now(), Actor: c.options.Act.Actor, Entries: found,
		ReadTo: map[app.ID]app.Instant{}, Asked: map[app.ID]app.Instant{}}
}

func (c *consultation) keepShown(ctx context.Context, show Showing) error {
	keep, cancel := atEnd(ctx)
	defer cancel()
	kept, err := c.store.KeepEntries(keep, show)
	c.told.Kept.add(kept)
	if err == nil {
		err = c.trouble(keep, consults, &Outcome{})
	}
	return err
}

// add counts what another showing brought.
func (k *Kept) add(o Kept) {
	k.New, k.Changed, k.Same, k.Ours, k.Waiting = k.New+o.New, k.Changed+o.Changed, k.Same+o.Same, k.Ours+o.Ours, k.Waiting+o.Waiting
	k.WhichSite, k.Who, k.Others, k.Refused, k.Adopted = k.WhichSite+o.WhichSite, k.Who+o.Who, k.Others+o.Others, k.Refused+o.Refused, k.Adopted+o.Adopted
}

// byPerson asks about those of whom it was asked the longest ago, who wait for it first, in the form of the look-up. The
// phones of the sites are known up to when all of them are.
func (c *consultation) byPerson(ctx context.Context) error {
	c.told.By, c.told.Code, c.told.Asked = ByPerson, "", 0
	if c.searchCannot() || c.searchRests() {
		c.told.Code = CodeNoConsultation
		return nil
	}
	proven, err := c.prove(ctx)
	if err != nil || c.blocked() || c.searchRests() {
		return err
	}
	upTo, err := c.store.AskedUpTo(ctx, c.env)
	if err != nil {
		return err
	}
	persons := slices.DeleteFunc(slices.Clone(c.plan.Persons), func(p ConsultPerson) bool { // nobody can be asked by a wrong number
		_, err := identity.ParseSSIN(p.SSIN.Reveal())
		return err != nil
	})
	slices.SortStableFunc(persons, func(a, b ConsultPerson) int {
		return cmp.Or(cmp.Compare(rank(b.Waits), rank(a.Waits)), cmp.Compare(upTo[a.WorkerID], upTo[b.WorkerID]))
	})
	for i, p := range persons[:min(len(persons), consultPersons)] {
		if i > 0 {
			if err := c.clock.Sleep(ctx, askPause); err != nil {
				return err
			}
		}
		known, err := c.askPersonNow(ctx, &p, upTo[p.WorkerID], &proven)
		if err != nil || known == 0 && (c.blocked() || c.searchRests() || ctx.Err() != nil) {
			return err
		}
		if known > upTo[p.WorkerID] {
			upTo[p.WorkerID] = known
		}
		if _, err := c.keep(ctx); err != nil {
			return err
		}
	}
	return c.sitesReadTo(ctx, persons, upTo, proven)
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// askPersonNow asks about one person, and returns up to when all is known of them; zero where the answer does not say so.
func (c *consultation) askPersonNow(ctx context.Context, p *ConsultPerson, asked app.Instant, proven *bool) (app.Instant, error) {
	now := c.clock.Now()
	known := c.knownTo(now)
	q := Question{SSIN: p.SSIN, From: max(asked.Add(-consultBack), now.Add(-consultFirst)), To: now.Add(time.Minute)}
	found, complete, attempt, o, err := c.query(ctx, q, nil)
	if err != nil {
		return 0, err
	}
	c.told.Asked++
	keep, cancel := atEnd(ctx)
	defer cancel()
	if err := c.store.Finish(keep, attempt, nil); err != nil {
		return 0, err
	}
	if err := c.searchProblem(keep, o); err != nil || o.Code != "" || !complete {
		c.told.Code = cmp.Or(o.Code, c.told.Code, CodeUnproven)
		return 0, err
	}
	if !*proven && len(found) > 0 && c.client.addresses.One != "" {
		if *proven, err = c.knownByNumber(keep, &found[0]); err != nil {
			return 0, err
		}
	}
	for i := range found {
		found[i].SSIN = p.SSIN.Reveal() // the register may know the person by another number by now
	}
	show := c.showing(found)
	if *proven {
		show.Asked[p.WorkerID] = known
	} else {
		known = 0
	}
	return known, c.keepShown(ctx, show)
}

// sitesReadTo notes up to when all is known of the phones of the sites: of everyone.
func (c *consultation) sitesReadTo(ctx context.Context, persons []ConsultPerson, upTo map[app.ID]app.Instant, proven bool) error {
	var readTo app.Instant
	for i, p := range persons {
		at := upTo[p.WorkerID]
		if i == 0 || at < readTo {
			readTo = at
		}
		if at < c.told.At.Add(-2*consultGap) {
			c.told.Left++
		}
	}
	if !proven {
		c.told.Code = cmp.Or(c.told.Code, CodeUnproven)
	}
	show := c.showing(nil)
	for _, s := range c.plan.Sites {
		if readTo > s.ReadTo {
			show.ReadTo[s.SiteID] = readTo
		}
	}
	if len(show.ReadTo) == 0 {
		return nil
	}
	c.told.Sites, c.told.ReadTo = len(show.ReadTo), readTo
	return c.keepShown(ctx, show)
}
