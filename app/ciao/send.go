package ciao

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"klokkast/app"
)

// sendBatch claims what may go next, puts it on the wire in one request and
// keeps what came of it; it says whether anything was claimed.
func (r *run) sendBatch(ctx context.Context) (bool, error) {
	now := r.clock.Now()
	left, err := r.store.Pending(ctx, r.env, now, now.Add(-r.timing.PersonWait))
	if err != nil || left.Queued == 0 {
		return false, err
	}
	r.report.Left = left
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
	}
	if ok, err := r.sound(ctx); err != nil || !ok {
		return false, err
	}
	attempt, regs, err := r.claim(ctx)
	if err != nil || len(regs) == 0 {
		return false, err
	}
	r.report.Requests++
	entries, o := r.client.Register(ctx, regs, r.fence)

	keep, cancel := atEnd(ctx) // what the register said is kept, whatever ended meanwhile
	defer cancel()
	r.ended(&attempt, o)
	changes := make([]Change, len(regs))
	for i := range regs {
		changes[i] = Change{ID: regs[i].ID, From: app.RegSending, Owner: r.owner, State: app.RegQueued}
		changes[i].LookedUp = regs[i].LookedUp
	}
	r.settle(o, entries, regs, changes)
	if err := r.store.Finish(keep, attempt, changes); err != nil {
		return true, err
	}
	r.tell("sending", 0)
	if err := r.learnBy(keep, lastAccepted(changes)); err != nil {
		return true, err
	}
	if ctx.Err() != nil && o.Status == 0 {
		return true, nil // we broke it off ourselves: no failure of the register
	}
	return true, r.react(keep, o, regs, changes)
}

// lastAccepted returns the newest that was accepted; "" where none was.
func lastAccepted(changes []Change) app.ID {
	for i := len(changes) - 1; i >= 0; i-- {
		if changes[i].State == app.RegAccepted {
			return changes[i].ID
		}
	}
	return ""
}

// feelingBatch is how many items go out while the last request went wrong.
const feelingBatch = 10

// claim takes the next split of a refused batch, or whatever is next.
func (r *run) claim(ctx context.Context) (app.Attempt, []app.Registration, error) {
	for {
		attempt, err := r.attempt("register")
		if err != nil {
			return attempt, nil, err
		}
		var only []app.ID
		if n := len(r.splits); n > 0 {
			only, r.splits = r.splits[n-1], r.splits[:n-1]
		}
		now := r.clock.Now()
		r.lease = now.Add(r.timing.Lease)
		limit := r.batch
		if r.state.BatchLimit > 0 {
			limit = min(limit, r.state.BatchLimit)
		}
		if r.state.Failures > 0 { // feel the way: what goes wrong again shall not go wrong for many
			limit = min(limit, feelingBatch)
		}
		if r.state.Broken != 0 { // the circuit is half open
			limit = 1
		}
		regs, err := r.store.Claim(ctx, Claim{
			Environment: r.env, Owner: r.owner, Now: now, Lease: r.lease, Limit: limit, Only: only,
			WaitSince: now.Add(-r.timing.PersonWait), Attempt: attempt,
		})
		if err != nil || len(regs) > 0 || only == nil {
			return attempt, regs, err
		}
	}
}

// fence says whether the first byte of a claimed batch may still go out: not
// after this process was asleep so long that the request could outlast its lease.
func (r *run) fence() error {
	if r.clock.Now().Add(r.timing.Request) > r.lease {
		return ErrSenderLost
	}
	return nil
}

// settle sets the new state of each item by what is known.
func (r *run) settle(o *Outcome, entries []RegisterEntry, regs []app.Registration, changes []Change) {
	now := r.clock.Now()
	switch {
	case o.Fate == app.AttemptAnswered:
		for i := range entries {
			r.answered(&changes[i], &entries[i], now)
		}
	case o.Fate == app.AttemptFateUnknown:
		for i := range changes {
			c := &changes[i]
			c.State, c.NotBefore, c.Answered, c.LookedUp = app.RegUnknown, now.Add(r.timing.LookUpAfter), now, 0
		}
		r.report.Unknown += len(changes)
	case o.Status == http.StatusBadRequest || o.Status == http.StatusRequestEntityTooLarge:
		r.refusedRequest(o, regs, changes, now)
	}
}

// answered settles one item by its entry.
func (r *run) answered(c *Change, e *RegisterEntry, now app.Instant) {
	c.Answered = now
	if e.Created != nil {
		c.State, c.RegisterID, c.Validity = app.RegAccepted, e.Created.ID, mask(e.Created.Validity)
		c.Answer = remarks(e.Created.Remarks)
		c.NotBefore = nextCheck(now, c.Validity, now)
		r.report.Accepted++
		return
	}
	c.Answer = mask(string(e.NotCreated))
	if saysExists(e.NotCreated) {
		// It is there already, by whatever way: look before saying that it was refused.
		c.State, c.NotBefore, c.LookedUp = app.RegUnknown, now, 0
		r.report.Unknown++
		return
	}
	c.State = app.RegRefused
	r.report.Refused++
}

// refusedRequest refuses the items that a 400 names, or the one item that is
// left when it names none or is too large by itself; the others stay queued.
func (r *run) refusedRequest(o *Outcome, regs []app.Registration, changes []Change, now app.Instant) {
	refuse := func(c *Change, why string) {
		c.State, c.Answer, c.Answered = app.RegRefused, mask(why), now
		r.report.Refused++
	}
	if o.Status == http.StatusBadRequest && o.Problem != nil {
		for i, why := range o.Problem.refusedItems(len(regs)) {
			refuse(&changes[i], why)
		}
	}
	if len(regs) == 1 && changes[0].State != app.RegRefused {
		refuse(&changes[0], strings.Join(nonEmpty(o.Code, o.Detail), ": "))
	}
}

// react does what an outcome asks for beside the items' own states.
func (r *run) react(ctx context.Context, o *Outcome, regs []app.Registration, changes []Change) error {
	switch {
	case o.Fate == app.AttemptAnswered:
		return r.registering(ctx)
	case o.Fate == app.AttemptFateUnknown || o.Down:
		return r.backOff(ctx, o)
	case o.Code == CodeFenced || o.Code == CodeCancelled:
		return nil
	}
	switch o.Status {
	case http.StatusUnauthorized:
		if r.renewed {
			return r.stop(ctx, o, CodeTokenAgain)
		}
		r.renewed = true
		return nil
	case http.StatusForbidden:
		if o.Problem != nil && o.Problem.Type == ProblemNoPermission {
			return r.park(ctx, o, &regs[0])
		}
		return r.stop(ctx, o, o.Code)
	case http.StatusNotFound: // not one registration: the whole register
		return r.stop(ctx, o, CodeNotFound)
	case http.StatusRequestEntityTooLarge:
		limit := max(len(regs)/2, 1)
		return r.change(ctx, func(s *SenderState) { s.BatchLimit = limit })
	case http.StatusBadRequest:
		r.again(changes)
		return r.spend(ctx, o)
	}
	return r.stop(ctx, o, o.Code)
}

// again lines up what a 400 left: together where it named the culprits, else in halves.
func (r *run) again(changes []Change) {
	var left []app.ID
	for i := range changes {
		if changes[i].State == app.RegQueued {
			left = append(left, changes[i].ID)
		}
	}
	switch {
	case len(left) == 0:
	case len(left) < len(changes):
		r.splits = append(r.splits, left)
	default: // the earlier half goes first: per person in time order
		r.splits = append(r.splits, left[len(left)/2:], left[:len(left)/2])
	}
}

// spend takes a refused request off the failure budget; when it is spent, a person is asked.
func (r *run) spend(ctx context.Context, o *Outcome) error {
	now := r.clock.Now()
	since := now.Add(-r.timing.BudgetTime)
	return r.change(ctx, func(s *SenderState) {
		kept := s.Refusals[:0:0]
		for _, at := range s.Refusals {
			if at > since {
				kept = append(kept, at)
			}
		}
		s.Refusals = append(kept, now)
		if len(s.Refusals) >= r.timing.Budget {
			s.Stopped, s.StoppedTrace, s.LastProblem = CodeTooManyFailed, o.TraceID, o.Code
		}
	})
}

// park keeps one employer's items back, and nobody else's.
func (r *run) park(ctx context.Context, o *Outcome, reg *app.Registration) error {
	employer := EmployerKey(reg)
	return r.change(ctx, func(s *SenderState) {
		if s.Parked == nil {
			s.Parked = map[string]Parked{}
		}
		s.Parked[employer] = Parked{Since: r.clock.Now(), Problem: o.Code, TraceID: o.TraceID}
	})
}

// remarks returns remarks as they came, masked; nothing for an empty list.
func remarks(raw json.RawMessage) string {
	switch text := strings.TrimSpace(string(raw)); text {
	case "", "null", "[]", "{}":
		return ""
	default:
		return mask(text)
	}
}

// saysExists says that a refusal means "exists already". [?] The shape of
// refusals is not known, so their text is looked at in every language.
func saysExists(raw json.RawMessage) bool {
	text := strings.ToLower(string(raw))
	for _, s := range []string{"alreadyexist", "already exist", "already registered", "duplicate", "bestaat al", "bestaat reeds", "existe déjà", "existiert bereits"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}
