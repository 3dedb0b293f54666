package ciao

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"klokkast/app"
)

const (
	lookUpsAtOnce = 20              // persons asked about between two batches
	checksAtOnce  = 20              // between two looks at the queue
	checksPerRun  = 200             // the rest is due in the next run
	lookAround    = 5 * time.Minute // a look-up also sees what lies this near
	properLookUps = 2               // that found nothing, before an item is sent again
)

// lookUp learns of the register's search, asks about what is to be looked up, and
// decides what becomes of what was released; it says whether anything was done.
func (r *run) lookUp(ctx context.Context) (bool, error) {
	learnt, err := r.askProbe(ctx)
	if err != nil || r.blocked() {
		return true, err
	}
	looked, err := r.lookUpDue(ctx)
	if err != nil || looked || r.blocked() {
		return true, err
	}
	released, err := r.releases(ctx)
	return learnt || released, err
}

// lookUpDue asks the register about items of unknown fate and released ones,
// person by person; it says whether anything was done.
func (r *run) lookUpDue(ctx context.Context) (bool, error) {
	due, err := r.store.DueLookUps(ctx, r.env, r.clock.Now(), lookUpsAtOnce)
	switch {
	case err != nil || len(due) == 0:
		return false, err
	case r.searchCannot():
		return true, r.unasked(ctx, due)
	case r.searchRests():
		return false, nil
	}
	if ok, err := r.stillFinds(ctx, due); err != nil || !ok || r.searchRests() || r.blocked() {
		return false, err
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
	}
	for len(due) > 0 {
		size := samePerson(due)
		if err := r.person(ctx, due[:size]); err != nil {
			return true, err
		}
		if r.blocked() || r.searchRests() || ctx.Err() != nil {
			return true, ctx.Err()
		}
		due = due[size:]
		if _, err := r.keep(ctx); err != nil {
			return true, err
		}
	}
	r.tell("looking-up", 0)
	return true, nil
}

// samePerson counts the first rows that one question asks about: of one person, in not too long a time.
func samePerson(due []app.Registration) int {
	size := 1
	for size < len(due) && due[size].SSIN == due[0].SSIN && due[size].At.Sub(due[0].At) < longSpan-2*lookAround {
		size++
	}
	return size
}

// person looks up one person's items.
func (r *run) person(ctx context.Context, regs []app.Registration) error {
	q := around(regs)
	found, complete, attempt, o, err := r.query(ctx, q, regs)
	if err != nil {
		return err
	}
	keep, cancel := atEnd(ctx)
	defer cancel()
	if err := r.searchProblem(keep, o); err != nil {
		return err
	}
	var changes []Change
	switch cannot, _ := r.offersNone(o); {
	case o.Code == "":
		changes, err = r.match(keep, regs, found, complete)
		if slices.ContainsFunc(changes, func(c Change) bool { return c.NeedsPerson }) {
			attempt.Problem = CodeUnproven
		}
	case cannot || (o.Problem != nil && o.Status == http.StatusBadRequest):
		changes = r.unanswerable(regs)
	}
	if err != nil {
		return err
	}
	if err := r.keepFindings(keep); err != nil {
		return err
	}
	return r.store.Finish(keep, attempt, changes)
}

// around is the question about one person's items.
func around(regs []app.Registration) Question {
	q := Question{SSIN: regs[0].SSIN, From: regs[0].At, To: regs[0].At}
	for i := range regs {
		q.From, q.To = min(q.From, regs[i].At), max(q.To, regs[i].At)
	}
	q.From, q.To = q.From.Add(-lookAround), q.To.Add(lookAround)
	return q
}

// beginQuery writes down that a question about items goes out.
func (r *run) beginQuery(ctx context.Context, regs []app.Registration) (app.Attempt, error) {
	attempt, err := r.attempt("query")
	if err != nil {
		return attempt, err
	}
	for i := range regs {
		attempt.Items = append(attempt.Items, regs[i].ID)
	}
	return attempt, r.store.BeginAttempt(ctx, attempt)
}

// query puts a question on the wire, with its attempt.
func (r *run) query(ctx context.Context, q Question, regs []app.Registration) ([]FoundRegistration, bool, app.Attempt, *Outcome, error) {
	attempt, err := r.beginQuery(ctx, regs)
	if err != nil {
		return nil, false, attempt, nil, err
	}
	found, complete, o := r.client.Query(ctx, q)
	r.ended(&attempt, o)
	return found, complete, attempt, o, nil
}

// passing says that a reading request failed for a reason that may pass.
func passing(o *Outcome) bool {
	return o.Down || o.Code == CodeCancelled || o.Code == CodeNoAnswer || o.Status == http.StatusUnauthorized || o.Code == oauthInvalidClient ||
		o.Code == CodeTokenRefused
}

// checkProblem does what a failed question by number asks for: it delays such
// questions alone.
func (r *run) checkProblem(ctx context.Context, o *Outcome) error {
	switch {
	case o.Code == "":
		return r.trouble(ctx, checks, o)
	case o.Code == CodeCancelled:
		return nil
	case noCredential(o):
		return r.stop(ctx, o, o.Code)
	case passing(o):
		return r.trouble(ctx, checks, o)
	}
	return nil
}

// noCredential says that the register knows no credential of ours: a person has to look.
func noCredential(o *Outcome) bool { return o.Code == oauthInvalidClient || o.Code == CodeTokenRefused }

// prove asks once about a registration that is surely there: only when it is
// found, and would be recognised as ours, does "found nothing" mean something. It
// is asked about anew each time, since a search that found it once may have gone
// blind; where there is none or the question meets a passing fault, what it found before counts.
func (r *run) prove(ctx context.Context) (bool, error) {
	known, ok, err := r.store.KnownRegistration(ctx, r.env, "")
	if err != nil || !ok {
		return r.proves(), err
	}
	q := Question{SSIN: known.SSIN, From: known.At.Add(-lookAround), To: known.At.Add(lookAround)}
	found, complete, attempt, o, err := r.query(ctx, q, []app.Registration{known})
	if err != nil {
		return false, err
	}
	keep, cancel := atEnd(ctx)
	defer cancel()
	if err := r.store.Finish(keep, attempt, nil); err != nil {
		return false, err
	}
	recognised := func(f FoundRegistration) bool { return f.ID == known.RegisterID && sameButNumber(&known, &f) }
	if complete && slices.ContainsFunc(found, recognised) {
		return true, r.proven(keep)
	}
	return o.Code != "" && passing(o) && r.proves(), r.searchProblem(keep, o)
}

// proven notes that a look-up found what was known to be there; what waited for
// that is looked up again.
func (r *run) proven(ctx context.Context) error {
	form, already := r.client.form(), r.proves()
	err := r.change(ctx, func(s *SenderState) {
		s.Proven = form
		if s.Search.Measured || s.Search.GivenUp != 0 || s.Search.Probe == "" { // else its delay is still to be learnt
			s.Search.lookFor("", 0, 0)
		}
		s.Search.Newest, s.Search.Refused, s.Search.Seen = nil, false, r.clock.Now()
	})
	if err != nil || already {
		return err
	}
	return r.store.LookAgain(ctx, r.env)
}

// match decides about each item by what the register holds of the person.
func (r *run) match(ctx context.Context, regs []app.Registration, found []FoundRegistration, complete bool) ([]Change, error) {
	ids := make([]int64, 0, len(found))
	for i := range found {
		ids = append(ids, found[i].ID)
	}
	taken, err := r.store.RegisterIDs(ctx, r.env, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b FoundRegistration) int { // the lowest id is adopted
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	if slices.ContainsFunc(regs, func(g app.Registration) bool { return failsAlone(&g) }) {
		known, _, err := r.store.KnownRegistration(ctx, r.env, "")
		if err != nil {
			return nil, err
		}
		r.accepted = known.Answered
	}
	other := otherNumber(found, regs[0].SSIN)
	if other != "" && complete { // it may be somebody else altogether, unless something that was sent for this person shows that it is not
		if complete, err = r.ofPerson(ctx, taken, regs[0].SSIN); err != nil {
			return nil, err
		}
	}
	changes := make([]Change, 0, len(regs))
	for i := range regs {
		reg := &regs[i]
		var same []*FoundRegistration
		var renumbered *FoundRegistration
		for j := range found {
			f := &found[j]
			switch _, ours := taken[f.ID]; {
			case ours || f.Cancelled:
			case adoptable(reg, f):
				same = append(same, f)
			case other != "" && sameButNumber(reg, f):
				renumbered = f
			case nearby(reg, f):
				r.find(Finding{Kind: FoundElsewhere, Registration: reg.ID, RegisterID: f.ID})
			}
		}
		switch {
		case len(same) > 0:
		case renumbered != nil: // all but the number: that is not "nothing found"
			if err := r.findOtherNumber(ctx, reg, renumbered); err != nil {
				return nil, err
			}
			c := keepAs(reg)
			c.NeedsPerson, c.NotBefore = true, r.clock.Now().Add(r.timing.AskAgain)
			changes = append(changes, c)
			continue
		default:
			changes = append(changes, r.notFound(reg, complete))
			continue
		}
		taken[same[0].ID] = reg.ID
		changes = append(changes, r.adopt(reg, same[0]))
		if err := r.foundByLookUp(ctx, reg, complete); err != nil {
			return nil, err
		}
	}
	r.doubles(regs, found, taken)
	return changes, nil
}

// ofPerson says that one of the registrations that the register showed was sent for a number.
func (r *run) ofPerson(ctx context.Context, taken map[int64]app.ID, ssin app.Secret) (bool, error) {
	if len(taken) == 0 {
		return false, nil
	}
	regs, err := r.store.Registrations(ctx, RegistrationFilter{IDs: slices.Collect(maps.Values(taken))})
	return slices.ContainsFunc(regs, func(g app.Registration) bool { return g.SSIN == ssin }), err
}

// adoptable says that what the register holds is our item.
func adoptable(reg *app.Registration, f *FoundRegistration) bool {
	return f.SSIN == reg.SSIN.Reveal() && sameButNumber(reg, f)
}

// sameButNumber says that what the register holds is our item, whatever number it
// knows the person by.
func sameButNumber(reg *app.Registration, f *FoundRegistration) bool {
	return f.ID > 0 && f.Type == reg.Type && wholeSecond(f.RegistrationDate.Instant) == wholeSecond(reg.At) &&
		f.Declaration == reg.Declaration && f.Employer.EnterpriseNumber == reg.Enterprise && f.Employer.ForeignVATNumber == reg.ForeignVAT
}

// findOtherNumber notes that the register knows a person by another number, once for the two numbers.
func (r *run) findOtherNumber(ctx context.Context, reg *app.Registration, f *FoundRegistration) error {
	note := Finding{Kind: FoundOtherNumber, Registration: reg.ID, RegisterID: f.ID, Before: reg.SSIN.Masked(), After: app.Secret(f.SSIN).Masked()}
	known, err := r.store.Findings(ctx, r.env, true)
	if err != nil {
		return err
	}
	same := func(o Finding) bool { return o.Kind == note.Kind && o.Before == note.Before && o.After == note.After }
	if !slices.ContainsFunc(known, same) && !slices.ContainsFunc(r.report.Findings, same) {
		r.find(note)
	}
	return nil
}

// nearby says that it is the same kind of registration at nearly the same time.
func nearby(reg *app.Registration, f *FoundRegistration) bool {
	return f.Type == reg.Type && abs(f.RegistrationDate.Sub(reg.At)) <= lookAround
}

// doubles tells of what the register holds more often than we sent it.
func (r *run) doubles(regs []app.Registration, found []FoundRegistration, taken map[int64]app.ID) {
	for j := range found {
		f := &found[j]
		if _, ours := taken[f.ID]; ours || f.Cancelled {
			continue
		}
		for i := range regs {
			if adoptable(&regs[i], f) {
				r.find(Finding{Kind: FoundDouble, Registration: regs[i].ID, RegisterID: f.ID})
				break
			}
		}
	}
}

// find notes something that a person should know of.
func (r *run) find(f Finding) {
	same := func(o Finding) bool {
		return o.Kind == f.Kind && o.Registration == f.Registration && o.RegisterID == f.RegisterID && o.Before == f.Before && o.After == f.After
	}
	if !slices.ContainsFunc(r.report.Findings, same) {
		r.report.Findings = append(r.report.Findings, f)
		r.fresh++
	}
}

// keepFindings writes down what was found since the last time, before what it
// was found with: whoever dies in between finds it again.
func (r *run) keepFindings(ctx context.Context) error {
	if r.fresh == 0 {
		return nil
	}
	fresh := r.report.Findings[len(r.report.Findings)-r.fresh:]
	for i := range fresh {
		id, err := app.NewID()
		if err != nil {
			return err
		}
		fresh[i].ID, fresh[i].Found = id, r.clock.Now()
	}
	r.fresh = 0
	return r.store.KeepFindings(ctx, fresh)
}

func (r *run) adopt(reg *app.Registration, f *FoundRegistration) Change {
	now := r.clock.Now()
	r.report.Adopted++
	return Change{
		ID: reg.ID, From: reg.State, State: app.RegAccepted, RegisterID: f.ID, Validity: mask(f.Validity),
		Answer: remarks(f.Remarks), Answered: now, NotBefore: nextCheck(now, f.Validity, now),
		LookUps: reg.LookUps, LookedUp: now, Failing: reg.Failing,
	}
}

// foundByLookUp learns from an item that was found: the form of look-up, and, from
// one that was not found at first, after how long the register shows what it holds.
func (r *run) foundByLookUp(ctx context.Context, reg *app.Registration, complete bool) error {
	if reg.State == app.RegUnknown && reg.LookUps > 0 {
		// That it was found only now may be because nobody asked sooner: what is news
		// is that it was not shown when it was asked for the last time.
		hidden, after := reg.LookedUp.Sub(reg.Answered), r.clock.Now().Sub(reg.Answered)
		if hidden > r.state.Search.lag() {
			if err := r.learn(ctx, func(s *Search) { s.lagged(min(after, 2*hidden)) }); err != nil {
				return err
			}
		}
	}
	if !complete || (r.proves() && r.state.Search.Seen == r.clock.Now()) {
		return nil
	}
	return r.proven(ctx)
}

// notFound counts a look-up that found nothing, if it means something.
func (r *run) notFound(reg *app.Registration, complete bool) Change {
	now := r.clock.Now()
	c := keepAs(reg)
	if !complete || !r.proves() {
		return r.improper(reg)
	}
	if reg.Answer == CodeKeepsFailing { // it is not there, and does not go by itself: a person decides
		c.NotBefore = now.Add(r.timing.AskAgain)
		return c
	}
	c.NeedsPerson = false
	if reg.State == app.RegQueued { // released by a person: not there, so it may go
		c.LookUps, c.LookedUp, c.NotBefore = 1, now, 0
		return c
	}
	if r.settles() { // nobody lets it go yet, and until then it may come there
		c.LookUps, c.LookedUp, c.NotBefore = 0, now, now.Add(r.timing.AskAgain)
		return c
	}
	gap := r.lookUpGap()
	if reg.LookedUp == 0 || now.Sub(reg.LookedUp) >= gap {
		c.LookUps, c.LookedUp = reg.LookUps+1, now
	}
	c.NotBefore = c.LookedUp.Add(gap)
	shown := now
	if !r.state.Search.Measured { // it may be one that finds things only after a while
		shown = reg.Answered.Add(r.timing.ProofFor)
		c.NotBefore = max(c.NotBefore, shown)
	}
	if c.LookUps < properLookUps || now < shown {
		return c
	}
	if reg.Answer != "" { // the register said "exists already" and does not show it: not to be repeated
		c.State, c.NotBefore = app.RegRefused, 0
		r.report.Refused++
		return c
	}
	c.State, c.NotBefore, c.Answered = app.RegQueued, r.aloneAgain(reg), 0
	r.report.Requeued++
	return c
}

// aloneAgain returns from when on one goes again that failed alone while others were
// accepted: the more often it did, the later. Zero: at once.
func (r *run) aloneAgain(reg *app.Registration) app.Instant {
	pauses := [...]time.Duration{0, 10 * time.Minute, 30 * time.Minute, ownWait}
	if !failsAlone(reg) || r.accepted <= reg.Failing.Since {
		return 0
	}
	return reg.Answered.Add(pauses[min(reg.Failing.Times-1, len(pauses)-1)])
}

// failsAlone says that one failed more than once, and the last time alone in its request.
func failsAlone(reg *app.Registration) bool { return reg.Failing.Among == 1 && reg.Failing.Times > 1 }

// keepAs returns the change that changes nothing.
func keepAs(reg *app.Registration) Change {
	return Change{
		Saw: true, SawNeeds: reg.NeedsPerson, SawLookedUp: reg.LookedUp,
		ID: reg.ID, From: reg.State, State: reg.State, NotBefore: reg.NotBefore, LookUps: reg.LookUps,
		LookedUp: reg.LookedUp, NeedsPerson: reg.NeedsPerson, RegisterID: reg.RegisterID,
		Validity: reg.Validity, Answer: reg.Answer, Answered: reg.Answered, Failing: reg.Failing,
	}
}

// improper is the change of an item that a look-up told nothing of. One that was
// never sent waits for a proof of the form of look-up, or, where it has that, for
// a person. One of unknown fate may be found yet; after Timing.ProofFor, or where
// no look-up can be made, a person decides, and it is asked about now and then.
func (r *run) improper(reg *app.Registration) Change {
	c := keepAs(reg)
	now := r.clock.Now()
	if reg.State == app.RegQueued {
		c.LookUps, c.NotBefore, c.NeedsPerson = 1, 0, r.proves()
		return c
	}
	age := now.Sub(reg.Answered)
	if age < r.timing.ProofFor && !r.searchCannot() && !reg.NeedsPerson {
		c.NotBefore = min(now.Add(max(r.timing.LookUpApart, age)), reg.Answered.Add(r.timing.ProofFor))
		return c
	}
	c.NeedsPerson, c.NotBefore = true, now.Add(r.timing.AskAgain)
	return c
}

func (r *run) unanswerable(regs []app.Registration) []Change {
	changes := make([]Change, 0, len(regs))
	for i := range regs {
		changes = append(changes, r.improper(&regs[i]))
	}
	return changes
}

// check asks again what the register thinks of what it accepted.
func (r *run) check(ctx context.Context) (bool, error) {
	if r.client.addresses.One == "" || r.report.Checked >= checksPerRun || r.clock.Now() < r.state.Checks.NotBefore {
		return false, nil
	}
	due, err := r.store.DueChecks(ctx, r.env, r.clock.Now(), checksAtOnce)
	if err != nil || len(due) == 0 {
		return false, err
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
	}
	for i := range due {
		if err := r.checkOne(ctx, &due[i]); err != nil {
			return true, err
		}
		if r.blocked() || ctx.Err() != nil || r.clock.Now() < r.state.Checks.NotBefore {
			return true, ctx.Err()
		}
	}
	r.tell("checking", 0)
	return true, nil
}

func (r *run) checkOne(ctx context.Context, reg *app.Registration) error {
	f, o, attempt, err := r.askOne(ctx, reg)
	if err != nil {
		return err
	}
	keep, cancel := atEnd(ctx)
	defer cancel()
	r.report.Checked++
	c := keepAs(reg)
	now := r.clock.Now()
	switch {
	case gone(reg, &f, o):
		knows, err := r.knowsOthers(keep, reg.ID)
		if err != nil {
			return err
		}
		if knows {
			r.find(Finding{Kind: FoundVanished, Registration: reg.ID, RegisterID: reg.RegisterID})
		}
	case o.Code == "":
		if err := r.foundByNumber(keep); err != nil {
			return err
		}
		if f.SSIN != "" && f.SSIN != reg.SSIN.Reveal() {
			if err := r.findOtherNumber(keep, reg, &f); err != nil {
				return err
			}
		}
		c.Validity, c.Answer = mask(f.Validity), remarks(f.Remarks)
		if c.Validity != reg.Validity {
			attempt.Detail = "validity " + strconv.Quote(reg.Validity) + " → " + strconv.Quote(c.Validity)
			r.report.Changed++
		}
		if found, ok := Judged(reg, c.Validity, c.Answer, now); ok {
			r.find(found)
		}
		if f.Cancelled {
			r.find(Finding{Kind: FoundVanished, Registration: reg.ID, RegisterID: reg.RegisterID, After: "cancelled"})
		}
	}
	if !passing(o) {
		c.NotBefore = nextCheck(min(reg.Answered, now), c.Validity, now)
	}
	if err := r.keepFindings(keep); err != nil {
		return err
	}
	if err := r.store.Finish(keep, attempt, []Change{c}); err != nil {
		return err
	}
	return r.checkProblem(keep, o)
}

// askOne asks about one registration by the register's number, with its attempt
// begun and filled; who asks finishes it.
func (r *run) askOne(ctx context.Context, reg *app.Registration) (FoundRegistration, *Outcome, app.Attempt, error) {
	attempt, err := r.attempt("check")
	if err != nil {
		return FoundRegistration{}, nil, attempt, err
	}
	attempt.Items = []app.ID{reg.ID}
	if err := r.store.BeginAttempt(ctx, attempt); err != nil {
		return FoundRegistration{}, nil, attempt, err
	}
	f, o := r.client.One(ctx, reg.RegisterID)
	r.ended(&attempt, o)
	return f, o, attempt, nil
}

// gone says that the register does not know a registration by its number any
// more, or gave the number to somebody else's. That it knows the person by another
// number is no such thing.
func gone(reg *app.Registration, f *FoundRegistration, o *Outcome) bool {
	return o.Code == "resourceNotFound" || (o.Code == "" && f.SSIN != "" && f.SSIN != reg.SSIN.Reveal() && !sameButNumber(reg, f))
}

// knowsOthers says that the register is found to hold something else than except
// that was sent from here: only then does "not found" say that one is gone.
// Where it knows nothing at all, it is another register, or answers so to
// everything. It is asked once a run.
func (r *run) knowsOthers(ctx context.Context, except app.ID) (bool, error) {
	if r.byNumber || r.others {
		return r.byNumber, nil
	}
	r.others = true
	known, ok, err := r.store.KnownRegistration(ctx, r.env, except)
	if err != nil {
		return false, err
	}
	if ok {
		f, o, attempt, err := r.askOne(ctx, &known)
		if err == nil {
			err = r.store.Finish(ctx, attempt, nil)
		}
		switch {
		case err != nil:
			return false, err
		case gone(&known, &f, o):
		case o.Code == "":
			return true, r.foundByNumber(ctx)
		default:
			return false, nil // it did not tell: another time
		}
	}
	if r.state.KnowsNoneSince != 0 || (!ok && except == "") { // nothing was ever accepted: nothing can be known
		return false, nil
	}
	return false, r.change(ctx, func(s *SenderState) { s.KnowsNoneSince = r.clock.Now() })
}

// foundByNumber notes that the register knows what was sent from here.
func (r *run) foundByNumber(ctx context.Context) error {
	r.byNumber = true
	if r.state.KnowsNoneSince == 0 {
		return nil
	}
	return r.change(ctx, func(s *SenderState) { s.KnowsNoneSince = 0 })
}

// nextCheck returns when an accepted registration is looked at again: what is not
// final after 1, 10 and 60 minutes and then daily to day 30; what is final
// after 1, 7 and 30 days, since the register may judge anew. Zero: never.
func nextCheck(accepted app.Instant, validity string, now app.Instant) app.Instant {
	const day = 24 * time.Hour
	steps := []time.Duration{time.Minute, 10 * time.Minute, time.Hour}
	if Final(validity) {
		steps = []time.Duration{day, 7 * day, 30 * day}
	} else {
		for n := 1; n <= 30; n++ {
			steps = append(steps, time.Duration(n)*day)
		}
	}
	for _, s := range steps {
		if at := accepted.Add(s); at > now {
			return at
		}
	}
	return 0
}
