package ciao

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"klokkast/app"
)

// A whole machine that is set back (system restore, a virtual machine's snapshot,
// a copy opened elsewhere) takes the database and what lies beside it back
// together: what it calls unsent may be registered already. One sign is enough,
// and then every punch made before has an unknown fate: look-ups settle it, no
// word in bulk covers it, and nothing is sent before a person lets it go on.

// Sign says by what it was seen that a database was set back, or opened elsewhere.
type Sign string

// Signs. A wrong clock is none, and neither are registrations by phone.
const (
	SignWitness  Sign = "witness"  // what lies outside the database does not fit it
	SignMachine  Sign = "machine"  // another computer's identity
	SignBox      Sign = "box"      // a box says that we acknowledged what we do not have
	SignRegister Sign = "register" // the register holds what we call never sent
)

// SetBack is what is known of a database that was set back; zero: it was not.
type SetBack struct {
	Sign  Sign        `json:"sign,omitempty"`
	Found app.Instant `json:"found,omitzero"` // by this computer's clock
	// Unsettled says that what waits in the outbox is still to be given an unknown fate.
	Unsettled bool `json:"unsettled,omitempty"`
	// Resumed is when a person let sending go on; zero: nobody did yet.
	Resumed app.Instant `json:"resumed,omitzero"`
}

// setBackMargin is how far the clock of a box may be ahead of the register's: a
// punch made a little before the discovery counts as made before it.
const setBackMargin = 2 * time.Minute

// MadeBefore says that a punch was made before it was found that the database had
// been set back, so that it may be registered already.
func (s *SenderState) MadeBefore(at app.Instant) bool {
	return s.RestoredAt != 0 && at < s.RestoredAt.Add(setBackMargin)
}

// SetBackCounts is what became of what a set back put in doubt.
type SetBackCounts struct {
	SetBack
	Adopted     int `json:"adopted"`     // look-ups found it at the register
	Missing     int `json:"missing"`     // look-ups did not find it: it goes, once somebody resumed
	Unknown     int `json:"unknown"`     // to be looked up, those of a person's decision left out
	NeedsPerson int `json:"needsPerson"` // no look-up can tell: a person decides, one by one
}

// Open returns the counts while anything is left to be done or told: until somebody
// resumed and all of it is settled. nil afterwards.
func (c SetBackCounts) Open() *SetBackCounts {
	if c.Found == 0 || c.Resumed != 0 && c.Unknown+c.NeedsPerson == 0 {
		return nil
	}
	return &c
}

// mostSounded is the most persons that are asked about before the first sending of a run.
const mostSounded = 20

// quiet is how long nothing may have been sent before the register is asked
// again: a snapshot takes a running program back with it.
const quiet = time.Hour

// sound asks, before the first sending of a run, about the persons of the first
// batch: a register that holds what we call never sent says that this database was
// set back. False where nothing may be sent now: set back, or to be confirmed, or
// the search is to answer first. Where no search can tell, what an earlier run
// queued is confirmed by a person, once a run.
func (r *run) sound(ctx context.Context) (bool, error) {
	r.soundAt = 0
	now := r.clock.Now()
	if heard := app.Instant(r.heard.Load()); heard != 0 && now >= heard && now.Sub(heard) < quiet {
		r.heard.Store(int64(now))
		return true, nil
	}
	next, err := r.store.Claimable(ctx, Claim{Environment: r.env, Owner: r.owner, Now: now, Limit: r.batch, WaitSince: now.Add(-r.timing.PersonWait)})
	if err != nil || len(next) == 0 {
		return err == nil, err
	}
	next = slices.DeleteFunc(next, func(g app.Registration) bool { return g.LookedUp != 0 || g.ApprovedBy != "" })
	earlier := slices.ContainsFunc(next, func(g app.Registration) bool { return g.Earlier })
	switch can, waits, err := r.searchTells(ctx, next, earlier); {
	case err != nil || r.blocked():
		return false, err
	case waits:
		return !earlier, nil
	case !can:
		return r.cannotTell(ctx, earlier)
	}
	if earlier {
		if shows, err := r.shows(ctx); err != nil || !shows {
			return false, err
		}
	}
	return r.soundPersons(ctx, next, earlier)
}

// soundStill says that what sound found holds for what goes right after a batch that
// it let go. Where the register offers no search, that is so for what this run queued.
func (r *run) soundStill(next []app.Registration, now app.Instant) bool {
	if heard := app.Instant(r.heard.Load()); heard != 0 && now >= heard && now.Sub(heard) < quiet {
		r.heard.Store(int64(now))
		return true
	}
	return r.searchCannot() && !slices.ContainsFunc(next, func(g app.Registration) bool { return g.Earlier && g.LookedUp == 0 && g.ApprovedBy == "" })
}

// longestPause is how long a run waits for a lagging search whatever its patience:
// each run of a command begins anew, and would never send.
const longestPause = 2 * time.Minute

// shows says that the search shows by now what may have been sent just before this
// run: after twice the longest lag that is known, or as long as this sender had to
// wait for what was surely there. It waits for that; where it would take too long,
// soundAt says when.
func (r *run) shows(ctx context.Context) (bool, error) {
	now := r.clock.Now()
	if r.shown.Load() == 0 {
		lag := 2 * r.state.Search.lag()
		if since := r.hidden.Load(); since != 0 {
			lag = max(lag, now.Sub(app.Instant(since)))
		}
		r.shown.Store(int64(app.Instant(r.begun.Load()).Add(lag)))
	}
	until := app.Instant(r.shown.Load())
	if until.Sub(now) > longestPause {
		r.soundAt = until
		return false, nil
	}
	if now >= until {
		return true, nil
	}
	r.tell("looking-up", until)
	err := r.sleep(ctx, now, until)
	return err == nil && r.state.Stopped == "", err
}

// searchTells says whether the register's search can tell what it holds; waits
// that it is to be learnt first, or failed a moment ago, with soundAt for when it
// is asked again. For what an earlier run queued it must be seen to find what is
// surely there, where anything is.
func (r *run) searchTells(ctx context.Context, next []app.Registration, earlier bool) (can, waits bool, err error) {
	s := &r.state.Search
	if earlier && r.proves() && !r.searchCannot() && !r.searchRests() {
		if _, err := r.stillFinds(ctx, next); err != nil {
			return false, false, err
		}
	} else if earlier && s.Probe == "" && s.Stale == "" && !r.proves() && !r.searchCannot() {
		known, ok, err := r.store.KnownRegistration(ctx, r.env, "")
		if err == nil && ok {
			err = r.learn(ctx, func(s *Search) { s.lookFor(known.ID, known.Answered, r.clock.Now()) })
		}
		if err == nil && ok {
			_, err = r.askProbe(ctx)
		}
		if err != nil {
			return false, false, err
		}
	}
	switch {
	case r.searchCannot() || s.GivenUp != 0 || s.Stale != "" && !r.proves():
		return false, false, nil
	case r.searchRests():
		r.soundAt = s.NotBefore
		return false, true, nil
	case earlier && s.Probe != "": // being learnt
		r.soundAt = s.Next
		r.hidden.CompareAndSwap(0, int64(s.Since))
		return false, true, nil
	}
	return true, false, nil
}

// soundedAtOnce is how many persons are asked about side by side, once the search answered about one.
const soundedAtOnce = 4

// soundPersons asks about each person of a batch, save those about whom this sender
// had an answer a moment ago: a search that stumbles often gets through all the same.
func (r *run) soundPersons(ctx context.Context, next []app.Registration, earlier bool) (bool, error) {
	slices.SortStableFunc(next, func(a, b app.Registration) int { return cmp.Compare(a.SSIN, b.SSIN) })
	var persons [][]app.Registration
	for n := 0; len(next) > 0 && n < mostSounded; n++ {
		size := samePerson(next)
		if regs := next[:size]; !r.sounded.knows(regs, r.clock.Now()) {
			persons = append(persons, regs)
		}
		next = next[size:]
	}
	for atOnce := 1; len(persons) > 0; atOnce = soundedAtOnce {
		some := persons[:min(atOnce, len(persons))]
		persons = persons[len(some):]
		answer, err := r.holdAny(ctx, some)
		switch {
		case err != nil || r.blocked():
			return false, err
		case answer == holdsUnsent:
			return false, r.setBack(ctx, SignRegister)
		case answer == holdsNone:
		case answer == failed && earlier && !r.searchCannot() && r.sounded.failed(r.clock.Now()) < r.timing.ProofFor: // such a thing passes
			r.soundAt = max(r.state.Search.NotBefore, r.clock.Now().Add(r.timing.BackoffMin))
			return false, nil
		default:
			r.sounded.forget()
			return r.cannotTell(ctx, earlier)
		}
		if _, err := r.keep(ctx); err != nil {
			return false, err
		}
	}
	r.sounded.forget()
	r.heard.Store(int64(r.clock.Now()))
	return true, nil
}

// soundings are the answers that a sender had since it began to ask whether the
// register holds what we call never sent. For use by several goroutines.
type soundings struct {
	mu   sync.Mutex
	none map[app.ID]app.Instant // registrations that the register did not hold then
	// since is when a question first failed after the last answer; zero: none did.
	since app.Instant
}

// knows says that the register answered about all of them, not long ago.
func (s *soundings) knows(regs []app.Registration, now app.Instant) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.ContainsFunc(regs, func(g app.Registration) bool {
		at, ok := s.none[g.ID]
		return !ok || now < at || now.Sub(at) >= quiet
	})
}

// answered notes that the register holds none of them.
func (s *soundings) answered(regs []app.Registration, now app.Instant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.none == nil {
		s.none = map[app.ID]app.Instant{}
	}
	for i := range regs {
		s.none[regs[i].ID] = now
	}
	s.since = 0
}

// failed notes a question that failed now, and gives for how long they have.
func (s *soundings) failed(now app.Instant) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since == 0 {
		s.since = now
	}
	return now.Sub(s.since)
}

// forget begins anew: all were answered, or a person is asked.
func (s *soundings) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.none, s.since = nil, 0
}

// heldAnswer is what the register answers about registrations that we call never sent.
type heldAnswer int

const (
	failed      heldAnswer = iota // the request went wrong, which may pass
	untrusted                     // the search answered what was not asked, or not all
	holdsNone                     // it holds none of them
	holdsUnsent                   // it holds one: somebody sent it
)

// holding is one question about a person, and what was answered.
type holding struct {
	regs     []app.Registration
	question Question
	attempt  app.Attempt
	found    []FoundRegistration
	complete bool
	outcome  *Outcome
}

// holdAny asks side by side whether the register holds one of some persons'
// registrations that we call never sent. Of several answers the one counts that says most.
func (r *run) holdAny(ctx context.Context, persons [][]app.Registration) (heldAnswer, error) {
	asked := make([]holding, len(persons))
	for i, regs := range persons {
		attempt, err := r.beginQuery(ctx, regs)
		if err != nil {
			return failed, err
		}
		asked[i] = holding{regs: regs, question: around(regs), attempt: attempt}
	}
	var all sync.WaitGroup
	for i := range asked {
		h := &asked[i]
		all.Go(func() { h.found, h.complete, h.outcome = r.client.Query(ctx, h.question) })
	}
	all.Wait()
	keep, cancel := atEnd(ctx)
	defer cancel()
	for i := range asked {
		r.ended(&asked[i].attempt, asked[i].outcome)
		if err := r.store.Finish(keep, asked[i].attempt, nil); err != nil {
			return failed, err
		}
	}
	most := holdsNone
	for i := range asked {
		answer, err := r.held(keep, &asked[i], most == failed)
		if err != nil || answer == holdsUnsent {
			return answer, err
		}
		most = min(most, answer)
		if answer == holdsNone {
			r.sounded.answered(asked[i].regs, r.clock.Now())
		}
	}
	return most, nil
}

// held reads one answer. Of requests that went wrong side by side, the first counts as a failure of the search.
func (r *run) held(ctx context.Context, h *holding, again bool) (heldAnswer, error) {
	if h.outcome.Code == "" || !again {
		if err := r.searchProblem(ctx, h.outcome); err != nil {
			return failed, err
		}
	}
	if h.outcome.Code != "" {
		return failed, nil
	}
	ids := make([]int64, 0, len(h.found))
	for i := range h.found {
		ids = append(ids, h.found[i].ID)
	}
	taken, err := r.store.RegisterIDs(ctx, r.env, ids)
	if err != nil {
		return failed, err
	}
	for i := range h.found {
		_, ours := taken[h.found[i].ID]
		same := func(g app.Registration) bool { return adoptable(&g, &h.found[i]) }
		if !ours && !h.found[i].Cancelled && slices.ContainsFunc(h.regs, same) {
			return holdsUnsent, nil
		}
	}
	if h.complete && otherNumber(h.found, h.question.SSIN) != "" {
		if h.complete, err = r.ofPerson(ctx, taken, h.question.SSIN); err != nil {
			return failed, err
		}
	}
	if !h.complete {
		return untrusted, nil
	}
	return holdsNone, nil
}

// cannotTell lets go what this run queued, and asks a person about what an
// earlier one did.
func (r *run) cannotTell(ctx context.Context, earlier bool) (bool, error) {
	if !earlier {
		return true, nil
	}
	return false, r.stop(ctx, &Outcome{}, CodeEarlier)
}

// setBack notes a sign that was seen while sending, and stops.
func (r *run) setBack(ctx context.Context, sign Sign) error {
	now := r.clock.Now()
	state, err := r.store.SetBack(ctx, r.env, sign, now, now.Add(r.timing.LookUpAfter))
	if err == nil {
		r.state = state
		err = r.dateSetBack(ctx)
	}
	return err
}

// settles says that look-ups may go on although nothing is sent: they change
// nothing at the register.
func (r *run) settles() bool { return r.state.Stopped == CodeRestored && !r.state.SetBack.Unsettled }

// settleSetBack looks up what a set back put in doubt, while nothing is sent.
func (r *run) settleSetBack(ctx context.Context) (bool, error) {
	learnt, err := r.askProbe(ctx)
	if err != nil || r.blocked() {
		return true, err
	}
	looked, err := r.lookUpDue(ctx)
	if err == nil {
		err = r.dateSetBack(ctx)
	}
	return learnt || looked, err
}

// dateSetBack dates the discovery by the register's clock, where that is later:
// a computer whose clock is slow would take old punches for new ones.
func (r *run) dateSetBack(ctx context.Context) error {
	if r.state.SetBack.Found == 0 || r.state.Stopped != CodeRestored {
		return nil
	}
	at := r.state.SetBack.Found.Add(r.client.Offset())
	if at <= r.state.RestoredAt {
		return nil
	}
	return r.change(ctx, func(s *SenderState) { s.RestoredAt = at })
}
