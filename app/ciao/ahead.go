package ciao

import (
	"context"
	"errors"
	"slices"

	"klokkast/app"
)

// While one request to register is under way, the answer to the one before is kept
// and the next batch is claimed, so that the register does not wait for this computer
// between two of them. There is never more than one under way, and what was claimed
// ahead goes only after a plain answer: it may have the same persons. After anything
// else it is given back. Whoever dies in between leaves it "sending", to be looked up.

// batch is what goes out in one request: claimed, with its attempt on disk.
type batch struct {
	attempt app.Attempt
	regs    []app.Registration
	body    []byte
	lease   app.Instant // it goes out only if its request ends before this
}

// sent is a batch with what came of it, which is not kept yet.
type sent struct {
	*batch
	outcome *Outcome
	changes []Change
}

// answer is what came back from the wire.
type answer struct {
	entries []RegisterEntry
	outcome *Outcome
}

// sendOn puts a batch on the wire, keeps what came of it, and goes on with the next
// as long as the register answers plainly and nothing else has its turn.
func (r *run) sendOn(ctx context.Context, b *batch) error {
	var before *sent
	for {
		back := r.putOut(ctx, b)
		err := r.keepAnswer(ctx, before)
		var ahead *batch
		if err == nil {
			ahead, err = r.claimAhead(ctx)
		}
		now := r.answered(b, <-back)
		follows := false
		if err == nil && ahead != nil {
			follows, err = r.follows(ctx, ahead, now)
		}
		if !follows {
			return errors.Join(err, r.keepAnswer(ctx, now), r.giveBack(ctx, ahead))
		}
		before, b = now, ahead
	}
}

// putOut puts a batch on the wire; the answer comes when it comes.
func (r *run) putOut(ctx context.Context, b *batch) <-chan answer {
	r.report.Requests++
	b.attempt.Started = r.clock.Now()
	back := make(chan answer, 1)
	go func() {
		entries, o := r.client.register(ctx, b.body, len(b.regs), func() error { return r.fenceAt(b.lease) })
		back <- answer{entries, o}
	}()
	return back
}

// answered settles a batch by what came back.
func (r *run) answered(b *batch, a answer) *sent {
	r.ended(&b.attempt, a.outcome)
	s := &sent{b, a.outcome, r.asClaimed(b)}
	for i := range s.changes { // what its state meant before is over
		c := &s.changes[i]
		c.NotBefore, c.NeedsPerson, c.RegisterID, c.Validity, c.Answer, c.Answered = 0, false, 0, "", "", 0
	}
	r.settle(a.outcome, a.entries, b.regs, s.changes)
	return s
}

// asClaimed returns the changes that make a batch queued again, as it was.
func (r *run) asClaimed(b *batch) []Change {
	changes := make([]Change, len(b.regs))
	for i := range b.regs {
		c := keepAs(&b.regs[i])
		c.From, c.Owner, c.State, c.Saw = app.RegSending, r.owner, app.RegQueued, false
		changes[i] = c
	}
	return changes
}

// keepAnswer keeps what came of a batch, whatever ended meanwhile.
func (r *run) keepAnswer(ctx context.Context, s *sent) error {
	if s == nil {
		return nil
	}
	keep, cancel := atEnd(ctx)
	defer cancel()
	if err := r.askAbout(keep, s.outcome, s.regs, s.changes); err != nil {
		return err
	}
	if err := r.store.Finish(keep, s.attempt, s.changes); err != nil {
		return err
	}
	r.tell("sending", 0)
	if err := r.learnBy(keep, lastAccepted(s.changes)); err != nil {
		return err
	}
	if ctx.Err() != nil && s.outcome.Status == 0 {
		return nil // we broke it off ourselves: no failure of the register
	}
	return r.react(keep, s.outcome, s.regs, s.changes)
}

// claimAhead claims the next batch while one is under way; nil where nothing may go
// next, or something else has its turn first.
func (r *run) claimAhead(ctx context.Context) (*batch, error) {
	s := &r.state
	if ctx.Err() != nil || len(r.splits) > 0 || r.part != nil || s.Failures > 0 || s.FailingSince != 0 || s.Broken != 0 {
		return nil, nil
	}
	due, err := r.store.Due(ctx, r.env, r.clock.Now())
	if err != nil || !due.Send || r.othersTurn(due) {
		return nil, err
	}
	return r.claim(ctx, true)
}

// othersTurn says that something else than sending can be done now.
func (r *run) othersTurn(due Due) bool {
	s, now := &r.state.Search, r.clock.Now()
	switch {
	case r.toLearn(): // by what is accepted of the batch under way
		return true
	case due.Cancel && now >= r.state.Cancels.NotBefore:
		return true
	case r.searchRests():
		return due.LookUp && r.searchCannot()
	case s.NotBefore != 0 || s.Probe != "" && now >= s.Next:
		return true
	case s.Probe != "": // what is due waits for what it shows
		return due.LookUp && !r.proves()
	}
	return due.LookUp || due.Unproven
}

// follows says that what was claimed ahead may go right after an answer that is not
// kept yet: a plain one that leaves nobody in doubt, while nothing was said meanwhile
// that stops sending.
func (r *run) follows(ctx context.Context, ahead *batch, s *sent) (bool, error) {
	if ctx.Err() != nil || s.outcome.Fate != app.AttemptAnswered {
		return false, nil
	}
	if doubt, err := r.inDoubt(ctx, s.changes); err != nil || doubt {
		return false, err
	}
	state, err := r.store.SenderState(ctx, r.env)
	if err != nil {
		return false, err
	}
	r.state = state
	now := r.clock.Now()
	_, parked := state.Parked[EmployerKey(&ahead.regs[0])]
	if parked || state.Stopped != "" || now < max(state.NotBefore, state.AskedUntil, r.kept.Add(-wentBack)) {
		return false, nil
	}
	r.kept = now
	return r.soundStill(ahead.regs, now), nil
}

// inDoubt says that an answer leaves the fate of one open: what its person punched
// later waits. An id that another registration has already is such a doubt.
func (r *run) inDoubt(ctx context.Context, changes []Change) (bool, error) {
	var ids []int64
	for i := range changes {
		if changes[i].State == app.RegUnknown {
			return true, nil
		}
		if id := changes[i].RegisterID; id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if len(slices.Compact(slices.Clone(ids))) < len(ids) {
		return true, nil
	}
	taken, err := r.store.RegisterIDs(ctx, r.env, ids)
	return len(taken) > 0, err
}

// giveBack makes what was claimed ahead queued again, as it was: not one byte of it
// left this computer.
func (r *run) giveBack(ctx context.Context, b *batch) error {
	if b == nil {
		return nil
	}
	keep, cancel := atEnd(ctx)
	defer cancel()
	b.attempt.Outcome, b.attempt.Problem, b.attempt.Ended = app.AttemptNotProcessed, CodeCancelled, r.clock.Now()
	return r.store.Finish(keep, b.attempt, r.asClaimed(b))
}
