package ciao

import (
	"context"
	"net/http"
	"slices"
	"time"

	"klokkast/app"
)

// Search is what the sender learnt of the register's search: whether there is
// one, and how long after its acceptance a registration is found. That a look-up
// of its form ever found what was known to be there is SenderState.Proven.
type Search struct {
	// Form is the form of question of which the rest is known; of another one nothing is.
	Form string `json:"form,omitempty"`
	// Probe is the accepted registration that is looked up to learn it, since it
	// was accepted; Next is when it is asked about next, Missed when it last was not found.
	Probe  app.ID      `json:"probe,omitempty"`
	Since  app.Instant `json:"since,omitzero"`
	Next   app.Instant `json:"next,omitzero"`
	Missed app.Instant `json:"missed,omitzero"`
	// GivenUp is when a fresh one had not been found for Timing.ProofFor: the form
	// is unproven. It is asked about now and then all the same.
	GivenUp app.Instant `json:"givenUp,omitzero"`
	// Stale is one accepted long ago that was not found: it proves nothing either
	// way, and is asked about again at Next.
	Stale app.ID `json:"stale,omitempty"`
	// Seen is when it last found what was known to be there: what was released, or
	// became of unknown fate, later than that is looked up after it was seen again.
	Seen app.Instant `json:"seen,omitzero"`
	// Measured says that LagMS, the longest time from an acceptance until it was found, was seen.
	Measured bool  `json:"measured,omitempty"`
	LagMS    int64 `json:"lagMs,omitempty"`
	// Code is why it cannot be asked, as the register said; None that it offers no
	// search at all. Neither is asked again before NotBefore.
	Code string `json:"code,omitempty"`
	None bool   `json:"none,omitempty"`
	// Failures in a row of another kind, since FailingSince.
	Failures     int         `json:"failures,omitempty"`
	FailingSince app.Instant `json:"failingSince,omitzero"`
	NotBefore    app.Instant `json:"notBefore,omitzero"`
	// Newest are the released ones that were sent, one after the other, to prove the form.
	Newest []app.ID `json:"newest,omitempty"`
	// Refused says that the register refused as many of them as may be tried.
	Refused bool `json:"refused,omitempty"`
}

// lag returns the longest time after which something was found.
func (s *Search) lag() time.Duration { return time.Duration(s.LagMS) * time.Millisecond }

// lagged notes a time after which something was found.
func (s *Search) lagged(d time.Duration) {
	const longest = 24 * time.Hour
	s.LagMS = max(s.LagMS, min(max(d, 0), longest).Milliseconds())
}

// WhyAsked returns the code of why a person decides: its text is ciao.asks.CODE. itself
// says that all that is asked about failed by itself (CodeKeepsFailing), whatever look-ups tell.
func (s *SenderState) WhyAsked(itself bool) string {
	switch {
	case itself:
		return AsksItself
	case s.Search.None:
		return AsksNoSearch
	case s.Search.Code != "":
		return AsksRefused
	case s.Search.FailingSince != 0:
		return AsksFailing
	case s.Search.Refused:
		return AsksNewest
	}
	return AsksUnproven
}

// Why a person is asked.
const (
	AsksNoSearch = "no-search"      // the register offers no search
	AsksRefused  = "search-refused" // it does not let us search, or not in this form
	AsksFailing  = "search-failing" // its search does not work
	AsksNewest   = "newest-refused" // it refused the newest that were released
	AsksItself   = "keeps-failing"  // every request with it fails, while others are accepted
	AsksUnproven = "unproven"       // what it surely holds was not found
)

// lookUpGap is the least time between two look-ups that found nothing.
func (r *run) lookUpGap() time.Duration { return max(r.timing.LookUpApart, 3*r.state.Search.lag()) }

// proves says that a look-up that found nothing means something.
func (r *run) proves() bool { return r.state.Proven == r.client.form() }

// searchCannot says that no look-up can be made: there is no search, or it has
// not worked for too long.
func (r *run) searchCannot() bool {
	s := &r.state.Search
	if r.client.addresses.Query == "" {
		return true
	}
	now := r.clock.Now()
	return now < s.NotBefore && (s.Code != "" || (s.FailingSince != 0 && now.Sub(s.FailingSince) >= r.timing.ProofFor))
}

// searchRests says that the search failed a moment ago, and is tried again soon.
func (r *run) searchRests() bool { return r.clock.Now() < r.state.Search.NotBefore }

func (r *run) learn(ctx context.Context, change func(*Search)) error {
	return r.change(ctx, func(s *SenderState) { change(&s.Search) })
}

// knowSearch forgets what was known of another form of question, notes where no
// search is configured, and tries one again whose time has come.
func (r *run) knowSearch(ctx context.Context) error {
	s, form := &r.state.Search, r.client.form()
	switch {
	case s.Form != form:
		fresh := Search{Form: form}
		if r.client.addresses.Query == "" {
			fresh.Code, fresh.None = CodeNotConfigured, true
		}
		if err := r.learn(ctx, func(s *Search) { *s = fresh }); err != nil {
			return err
		}
		return r.store.LookAgain(ctx, r.env)
	case s.NotBefore == 0 || r.searchRests() || r.client.addresses.Query == "":
		return nil
	case s.Code == "" && r.clock.Now().Sub(s.FailingSince) < r.timing.ProofFor: // nobody was asked yet
		return r.learn(ctx, func(s *Search) { s.NotBefore = 0 })
	}
	err := r.learn(ctx, func(s *Search) { s.NotBefore, s.Code, s.None = 0, "", false })
	if err != nil {
		return err
	}
	return r.store.LookAgain(ctx, r.env)
}

// learnBy begins to look up what was just accepted, where it is not known yet how
// long after that the search finds it.
func (r *run) learnBy(ctx context.Context, accepted app.ID) error {
	if accepted == "" || !r.toLearn() {
		return nil
	}
	now := r.clock.Now()
	return r.learn(ctx, func(s *Search) { s.lookFor(accepted, now, now) })
}

// toLearn says that what is accepted next is to be looked up from then on.
func (r *run) toLearn() bool {
	s := &r.state.Search
	again := s.GivenUp != 0 && r.clock.Now().Sub(s.GivenUp) >= r.timing.SearchAgain
	return s.Code == "" && r.client.addresses.Query != "" && !(s.Measured && r.proves()) && (s.Probe == "" || again)
}

// lookFor makes an accepted registration the one that is looked up.
func (s *Search) lookFor(id app.ID, accepted, next app.Instant) {
	s.Probe, s.Since, s.Next, s.Missed, s.GivenUp, s.Stale = id, accepted, next, 0, 0, ""
}

// askProbe looks the accepted registration up from which the search is learnt,
// when its time has come; it says whether it asked.
func (r *run) askProbe(ctx context.Context) (bool, error) {
	if r.client.addresses.Query == "" || r.searchRests() {
		return false, nil
	}
	known, ok, err := r.probe(ctx)
	if err != nil || !ok || r.clock.Now() < r.state.Search.Next {
		return false, err
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
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
	switch {
	case o.Code != "":
	case complete && slices.ContainsFunc(found, recognised):
		if err := r.probeFound(keep); err != nil {
			return true, err
		}
	default:
		if err := r.probeMissed(keep); err != nil {
			return true, err
		}
	}
	return true, r.searchProblem(keep, o)
}

// probe returns the accepted registration from which the search is learnt; where
// something waits for that and none was chosen, the newest that there is.
func (r *run) probe(ctx context.Context) (app.Registration, bool, error) {
	s := &r.state.Search
	if s.Probe != "" {
		regs, err := r.store.Registrations(ctx, RegistrationFilter{IDs: []app.ID{s.Probe}})
		if err != nil || (len(regs) == 1 && regs[0].State == app.RegAccepted && regs[0].RegisterID != 0) {
			return first(regs), err == nil, err
		}
		if err := r.learn(ctx, func(s *Search) { s.lookFor("", 0, 0) }); err != nil { // cancelled meanwhile
			return app.Registration{}, false, err
		}
	}
	if r.proves() {
		return app.Registration{}, false, nil
	}
	now := r.clock.Now()
	due, err := r.store.Due(ctx, r.env, now)
	if err != nil || !due.InDoubt {
		return app.Registration{}, false, err
	}
	known, ok, err := r.store.KnownRegistration(ctx, r.env, "")
	if err != nil || !ok || (known.ID == s.Stale && now < s.Next) {
		return app.Registration{}, false, err
	}
	return known, true, r.learn(ctx, func(s *Search) { s.lookFor(known.ID, known.Answered, now) })
}

func first(regs []app.Registration) app.Registration {
	if len(regs) == 0 {
		return app.Registration{}
	}
	return regs[0]
}

// probeFound notes that the search finds what was accepted, and after how long.
func (r *run) probeFound(ctx context.Context) error {
	now := r.clock.Now()
	s := r.state.Search
	after := now.Sub(s.Since)
	measured := true
	switch fresh := after <= r.timing.LookUpApart; {
	case s.Missed == 0 && !fresh: // accepted long ago: nothing is learnt of the delay
		measured = false
	case s.Missed != 0 && s.Missed.Sub(s.Since) < r.timing.ProofFor: // nobody asked in between, perhaps
		after = min(after, r.timing.ProofFor)
	}
	err := r.learn(ctx, func(s *Search) {
		if measured {
			s.Measured = true
			s.lagged(after)
		}
		s.lookFor("", 0, 0)
	})
	if err != nil {
		return err
	}
	return r.proven(ctx)
}

// stillFinds makes sure, before what is due is looked up in a proven form, that it
// still finds what is known to be there: a search that found something once may
// have gone blind since. False: it is not known yet, or not any more.
func (r *run) stillFinds(ctx context.Context, due []app.Registration) (bool, error) {
	if !r.proves() {
		return true, nil
	}
	var since app.Instant
	for i := range due {
		if g := &due[i]; g.State == app.RegUnknown {
			since = max(since, g.Answered+1) // what was seen at that moment was seen before
		} else {
			since = max(since, g.Queued)
		}
	}
	since = min(since, r.clock.Now()) // a clock that was ahead may have queued it
	s := &r.state.Search
	if s.Seen >= since {
		return true, nil
	}
	if s.Probe == "" {
		known, ok, err := r.store.KnownRegistration(ctx, r.env, "")
		if err != nil || !ok {
			return err == nil, err
		}
		if err := r.learn(ctx, func(s *Search) { s.lookFor(known.ID, known.Answered, r.clock.Now()) }); err != nil {
			return false, err
		}
	}
	_, err := r.askProbe(ctx)
	return r.state.Search.Seen >= since || !r.proves(), err
}

// probeMissed asks again later, each time after twice the time, and counts the
// search as one that never finds it after Timing.ProofFor.
func (r *run) probeMissed(ctx context.Context) error {
	now := r.clock.Now()
	age := now.Sub(r.state.Search.Since)
	stale := r.state.Search.Missed == 0 && age > r.timing.ProofFor
	return r.change(ctx, func(state *SenderState) {
		s := &state.Search
		if age >= r.timing.ProofFor {
			state.Proven = "" // whatever it found before
		}
		if stale {
			id := s.Probe
			s.lookFor("", 0, now.Add(r.timing.AskAgain))
			s.Stale = id
			return
		}
		s.Missed = now
		s.Next = now.Add(min(max(age, r.timing.ProofGap), r.timing.SearchAgain))
		if left := r.timing.ProofFor - age; left > 0 {
			s.Next = min(s.Next, now.Add(left))
		} else if s.GivenUp == 0 {
			s.GivenUp = now
		}
	})
}

// searchProblem does what a look-up that failed asks for: one that the register
// does not offer is learnt once, from a problem, and tried again once a day; any
// other failure is a fault that may pass, and delays no registering.
func (r *run) searchProblem(ctx context.Context, o *Outcome) error {
	s := &r.state.Search
	cannot, none := r.offersNone(o)
	now := r.clock.Now()
	switch {
	case o.Code == "":
		if s.Failures == 0 && s.FailingSince == 0 {
			return nil
		}
		return r.learn(ctx, func(s *Search) { s.Failures, s.FailingSince, s.NotBefore = 0, 0, 0 })
	case o.Code == CodeCancelled:
		return nil
	case noCredential(o):
		return r.stop(ctx, o, o.Code)
	case cannot:
		again := r.timing.SearchAgain
		return r.learn(ctx, func(s *Search) {
			s.Code, s.None, s.NotBefore, s.Failures, s.FailingSince = o.Code, none, now.Add(again), 0, 0
		})
	}
	return r.change(ctx, func(state *SenderState) {
		s := &state.Search
		s.Failures++
		if s.FailingSince == 0 {
			s.FailingSince = now
		}
		wait := r.timing.backoff(s.Failures)
		if now.Sub(s.FailingSince) >= r.timing.ProofFor {
			wait = r.timing.AskAgain
		}
		s.NotBefore = now.Add(max(wait, r.asked(state, o, now)))
	})
}

// offersNone says that a problem means that the register cannot be asked in this
// form, and whether it offers no search at all. What is no problem (a page, a
// redirect) says nothing of the kind. One question that is refused, where others
// of its form were answered, is a matter of that question.
func (r *run) offersNone(o *Outcome) (cannot, none bool) {
	switch {
	case o.Code == CodeNotConfigured:
		return true, true
	case o.Problem == nil:
		return false, false
	}
	switch o.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented:
		return true, true
	case http.StatusForbidden:
		return true, false
	case http.StatusBadRequest:
		return !r.proves(), false
	}
	return false, false
}
