package ciao

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"klokkast/app"
)

// sendBatch claims what may go next and sends it, and what follows it at once; it
// says whether anything was claimed.
func (r *run) sendBatch(ctx context.Context) (bool, error) {
	now := r.clock.Now()
	if now < r.state.NotBefore {
		return false, nil
	}
	due, err := r.store.Due(ctx, r.env, now)
	if err != nil || !due.Send {
		return false, err
	}
	if r.total == 0 && r.options.Progress != nil { // nobody else asks for how many there are
		if _, err := r.pending(ctx); err != nil {
			return false, err
		}
	}
	if !r.client.signedIn() { // no token is asked for what may not go yet
		next, err := r.store.Claimable(ctx, Claim{Environment: r.env, Owner: r.owner, Now: now, Limit: 1, WaitSince: now.Add(-r.timing.PersonWait)})
		if err != nil || len(next) == 0 {
			return false, err
		}
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
	}
	if ok, err := r.sound(ctx); err != nil || !ok {
		return false, err
	}
	b, err := r.claim(ctx, false)
	if err != nil || b == nil {
		return false, err
	}
	return true, r.sendOn(ctx, b)
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

// claim takes the next split of a refused batch, or whatever is next; nil where
// nothing is. Ahead says that one is under way.
func (r *run) claim(ctx context.Context, ahead bool) (*batch, error) {
	for {
		attempt, err := r.attempt("register")
		if err != nil {
			return nil, err
		}
		var only []app.ID
		r.part = nil
		if n := len(r.splits); n > 0 {
			only, r.part, r.splits = r.splits[n-1].ids, r.splits[n-1].of, r.splits[:n-1]
		}
		now := r.clock.Now()
		r.lease = now.Add(r.timing.Lease)
		regs, err := r.store.Claim(ctx, Claim{
			Environment: r.env, Owner: r.owner, Now: now, Lease: r.lease, Limit: r.limit(), Only: only, Ahead: ahead,
			WaitSince: now.Add(-r.timing.PersonWait), Attempt: attempt,
			Latest: r.latest(now),
		})
		if err == nil && len(regs) > 0 {
			body, err := r.client.registerBody(regs)
			return &batch{attempt, regs, body, r.lease}, err
		}
		if err != nil || only == nil {
			return nil, err
		}
	}
}

// latest returns the latest punch that may go now: it is surely in the register's past.
func (r *run) latest(now app.Instant) app.Instant {
	return now.Add(r.client.Offset() - futurePast)
}

// limit is how many items may go in one request now.
func (r *run) limit() int {
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
	return limit
}

// fence says whether the first byte of what was begun just now may still go out.
func (r *run) fence() error { return r.fenceAt(r.lease) }

// fenceAt says whether the first byte may still go out of what was claimed until then:
// not after this process was asleep so long that the request could outlast its lease.
func (r *run) fenceAt(lease app.Instant) error {
	if r.clock.Now().Add(r.timing.Request) > lease {
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
			r.answeredOne(&changes[i], &entries[i], &regs[i], now)
		}
	case o.Fate == app.AttemptFateUnknown:
		for i := range changes {
			c := &changes[i]
			c.State, c.NotBefore, c.Answered, c.LookedUp, c.LookUps = app.RegUnknown, now.Add(r.timing.LookUpAfter), now, 0, 0
			c.Failing = regs[i].Failing.Again(o.Code, len(regs), now)
		}
		r.report.Unknown += len(changes)
	case o.Status == http.StatusBadRequest || o.Status == http.StatusRequestEntityTooLarge:
		r.refusedRequest(o, regs, changes, now)
	}
}

// answeredOne settles one item by its entry.
func (r *run) answeredOne(c *Change, e *RegisterEntry, reg *app.Registration, now app.Instant) {
	c.Answered = now
	if e.Created != nil {
		c.State, c.RegisterID, c.Validity = app.RegAccepted, e.Created.ID, mask(e.Created.Validity)
		c.Answer = remarks(e.Created.Remarks)
		c.NotBefore = nextCheck(now, c.Validity, now)
		r.report.Accepted++
		return
	}
	c.Answer = mask(string(e.NotCreated))
	r.refused(c, reg, saysExists(e.NotCreated), now)
}

// refused settles one item that the register refused, unless it was later than the
// register's clock, which was not known to be slow. Where it says that it has
// it already, or a request with it once ended without a known fate, in whatever
// words it refuses it now, it is looked up before it counts as refused.
func (r *run) refused(c *Change, reg *app.Registration, exists bool, now app.Instant) {
	if off := r.client.Offset(); reg.At > now.Add(off) { // ahead of the clock of the register that refused it: it goes once that has come there
		c.State, c.Answer, c.NotBefore = app.RegQueued, "", reg.At.Add(futurePast-off)
		return
	}
	if exists || reg.Failing.Times > 0 {
		c.State, c.NotBefore, c.LookedUp, c.LookUps, c.Answered = app.RegUnknown, now, 0, 0, now
		r.report.Unknown++
		return
	}
	c.State, c.Answered = app.RegRefused, now
	r.report.Refused++
}

// mostFailures is how often in a row, in the same way and alone in its request, an
// item may fail while others are accepted, before a person is asked about it.
const mostFailures = 5

// askAbout asks a person about one that failed alone, again and again, while
// others were accepted: no repetition will help it.
func (r *run) askAbout(ctx context.Context, o *Outcome, regs []app.Registration, changes []Change) error {
	f := changes[0].Failing
	if o.Fate != app.AttemptFateUnknown || len(regs) > 1 || f.Times < mostFailures {
		return nil
	}
	known, ok, err := r.store.KnownRegistration(ctx, r.env, regs[0].ID)
	if err == nil && ok && known.Answered > f.Since {
		changes[0].NeedsPerson, changes[0].Answer = true, CodeKeepsFailing
	}
	return err
}

// refusedRequest refuses the items that a 400 names, or the one item that is
// left when it names none or is too large by itself; the others stay queued.
func (r *run) refusedRequest(o *Outcome, regs []app.Registration, changes []Change, now app.Instant) {
	refuse := func(i int, why string) {
		changes[i].Answer = mask(why)
		r.refused(&changes[i], &regs[i], false, now)
	}
	if o.Status == http.StatusBadRequest && o.Problem != nil {
		for i, why := range o.Problem.refusedItems(len(regs)) {
			refuse(i, why)
		}
	}
	switch alone := len(regs) == 1 && changes[0].State == app.RegQueued; {
	case alone && o.saysSize(): // even alone: it is no matter of size, and says nothing of this one
		changes[0].NeedsPerson, changes[0].Answer = true, CodeKeepsFailing
	case alone:
		refuse(0, strings.Join(nonEmpty(o.Code, o.Detail), ": "))
	}
}

// react does what an outcome asks for beside the items' own states.
func (r *run) react(ctx context.Context, o *Outcome, regs []app.Registration, changes []Change) error {
	switch {
	case o.Fate == app.AttemptAnswered:
		if err := r.learnSize(ctx, len(regs)); err != nil {
			return err
		}
		return r.registering(ctx)
	case o.Fate == app.AttemptFateUnknown || o.Down:
		return r.backOff(ctx, o)
	case o.Code == CodeFenced || o.Code == CodeCancelled:
		return nil
	}
	if o.tooLarge() {
		return r.halve(ctx, o, len(regs))
	}
	switch o.Status {
	case http.StatusUnauthorized:
		return r.denied(ctx, o)
	case http.StatusForbidden:
		if o.Problem != nil && o.Problem.Type == ProblemNoPermission {
			return r.park(ctx, o, &regs[0])
		}
		return r.stop(ctx, o, o.Code)
	case http.StatusNotFound: // not one registration: the whole register
		return r.stop(ctx, o, CodeNotFound)
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
	if len(left) < len(changes) { // it is about some of them
		r.wholes = 0
		for f := r.part; f != nil; f = f.of {
			f.culprit = true
		}
	}
	switch {
	case len(left) == 0:
		r.settled()
	case len(left) < len(changes):
		r.splits = append(r.splits, split{left, r.part})
	default: // the earlier half goes first: per person in time order
		f := &refusal{of: r.part, open: 2}
		r.splits = append(r.splits, split{left[len(left)/2:], f}, split{left[:len(left)/2], f})
	}
}

// settled notes that the request under way was settled, and so, perhaps, those that it was a part of.
func (r *run) settled() {
	for f := r.part; f != nil; f = f.of {
		if f.open--; f.open > 0 {
			return
		}
		if !f.culprit {
			r.wholes++
		}
	}
}

// halve remembers that a request of n items was too large. One that is too large
// even with one item is not: the size is given back.
func (r *run) halve(ctx context.Context, o *Outcome, n int) error {
	if err := r.change(ctx, func(s *SenderState) { s.BatchLimit = n / 2 }); err != nil { // of one: no limit
		return err
	}
	if n > 1 && o.saysSize() {
		return nil
	}
	return r.spend(ctx, o)
}

// learnSize notes that a request of n items was answered. Where it happened twice
// that all parts of one that was refused as a whole were, without anything named,
// they were refused for their size, in words that we do not know.
func (r *run) learnSize(ctx context.Context, n int) error {
	if r.part == nil {
		return nil
	}
	r.largest = max(r.largest, n)
	r.settled()
	if r.wholes < 2 {
		return nil
	}
	limit := r.largest
	r.wholes, r.largest = 0, 0
	return r.change(ctx, func(s *SenderState) { s.BatchLimit = limit })
}

// spend takes a refused request off the failure budget; when it is spent, a person is asked.
func (r *run) spend(ctx context.Context, o *Outcome) error {
	now := r.clock.Now()
	return r.change(ctx, func(s *SenderState) {
		s.Refusals = append(since(s.Refusals, now.Add(-r.timing.BudgetTime)), now)
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
