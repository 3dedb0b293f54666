package ciao

import (
	"context"
	"slices"
	"time"

	"klokkast/app"
)

// Codes of why a comparison with the register cannot tell.
const (
	CannotNotConfigured = "look-up-not-configured"
	CannotUnproven      = "look-up-unproven" // no look-up of this form ever found what was known to be there
	CannotKnowsNone     = "stranger"         // the register knows nothing of what was sent from here
	CannotStopped       = "stopped"          // sending stopped until a person looks
	CannotWait          = "wait"             // the register asked for a longer wait
	CannotNoCredential  = "credential-missing"
	CannotLocked        = "credential-locked"
	CannotNotSending    = "not-sending" // another installation is the one that talks to the register
	CannotNoSSIN        = "no-ssin"     // of one person: there is no number to ask by
)

const (
	askPause   = 200 * time.Millisecond // between two persons: at most five a second
	askTries   = 3                      // of one person, where the register says "later"
	longestAsk = 2 * time.Minute        // the longest wait that it may ask for
	longSpan   = 31 * 24 * time.Hour    // of one question: longer periods are asked piece by piece
)

// PersonQuestion asks for one person's registrations under one number.
type PersonQuestion struct {
	WorkerID app.ID
	SSINs    []app.Secret       // the present one, and those that were sent
	Regs     []app.Registration // ours in the period: the attempts name them
}

// AskPersons asks the register what it holds of persons in a span, one after the
// other and slowly; nothing is registered or changed. Where look-ups prove
// nothing, cannotTell says why and nobody is asked. A person whose answer does
// not count has a problem. It takes the place of the one sender meanwhile: a
// *BusyError where another one is at work. On ctx's end it gives what it has, with ctx's error.
func (s *Sender) AskPersons(
	ctx context.Context,
	span app.Span,
	list []PersonQuestion,
	progress func(done, total int),
) (persons []AskedPerson, cannotTell string, err error) {
	if s.client.addresses.Query == "" {
		return []AskedPerson{}, CannotNotConfigured, nil
	}
	r := &run{Sender: s, owner: newOwner(), deadline: s.clock.Now(), report: Report{Environment: s.env}}
	if err := r.take(ctx); err != nil {
		return nil, "", err
	}
	defer r.leave(ctx)
	if r.state.Stopped != "" {
		return []AskedPerson{}, CannotStopped, nil
	}
	if wait, err := r.waitToAsk(ctx); err != nil || wait {
		return []AskedPerson{}, CannotWait, err
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return []AskedPerson{}, r.report.Problem, err
	}
	proven, err := r.prove(ctx)
	if err != nil {
		return nil, "", err
	}
	if wait, err := r.waitToAsk(ctx); err != nil || wait {
		return []AskedPerson{}, CannotWait, err
	}
	if !proven {
		none, err := r.knowsNone(ctx)
		if none {
			return []AskedPerson{}, CannotKnowsNone, err
		}
		return []AskedPerson{}, CannotUnproven, err
	}
	persons = make([]AskedPerson, 0, len(list))
	for i := range list {
		p, err := r.askPerson(ctx, span, &list[i])
		if err != nil {
			return persons, "", err
		}
		persons = append(persons, p)
		if progress != nil {
			progress(i+1, len(list))
		}
		if _, err := r.keep(ctx); err != nil {
			return persons, "", err
		}
		if i+1 < len(list) {
			if err := s.clock.Sleep(ctx, askPause); err != nil {
				return persons, "", err
			}
		}
	}
	if nothingThere(persons) {
		if none, err := r.knowsNone(ctx); err != nil || none {
			return []AskedPerson{}, CannotKnowsNone, err
		}
	}
	return persons, "", nil
}

// waitToAsk waits as long as the register said last; tooLong where that is not worth it.
func (r *run) waitToAsk(ctx context.Context) (tooLong bool, err error) {
	wait := max(r.state.AskedUntil, r.state.SignIn.NotBefore).Sub(r.clock.Now())
	if wait <= 0 || wait > longestAsk {
		return wait > longestAsk, nil
	}
	return false, r.clock.Sleep(ctx, wait)
}

// nothingThere says that the register showed nothing of all that it accepted.
func nothingThere(persons []AskedPerson) bool {
	ours := 0
	for i := range persons {
		if p := &persons[i]; p.Asked && len(p.found) > 0 {
			return false
		}
		ours += persons[i].Ours
	}
	return ours > 0
}

// knowsNone says that the register knows nothing of what was sent from here.
func (r *run) knowsNone(ctx context.Context) (bool, error) {
	knows, err := r.knowsOthers(ctx, "")
	return !knows && r.state.KnowsNoneSince != 0, err
}

// askPerson asks for all that the register holds of a person in a span.
func (r *run) askPerson(ctx context.Context, span app.Span, q *PersonQuestion) (AskedPerson, error) {
	p := AskedPerson{WorkerID: q.WorkerID, Asked: true}
	for i := range q.Regs {
		if q.Regs[i].State == app.RegAccepted {
			p.Ours++
		}
	}
	for _, ssin := range q.SSINs {
		for from := span.From; from < span.To; from = from.Add(longSpan) {
			to := min(from.Add(longSpan), span.To)
			ask := Question{SSIN: ssin, From: from, To: to - 1000} // both ends are included
			if err := r.askSpan(ctx, ask, q.Regs, &p); err != nil || !p.Asked {
				return p, err
			}
		}
	}
	for i := range p.found {
		if !p.found[i].Cancelled {
			p.Theirs++
		}
	}
	return p, nil
}

// askSpan asks one question, again where the register says "later".
func (r *run) askSpan(ctx context.Context, q Question, regs []app.Registration, p *AskedPerson) error {
	inside := func(g app.Registration) bool { return g.At >= q.From && g.At <= q.To }
	var ours []app.Registration
	for _, g := range regs {
		if inside(g) {
			ours = append(ours, g)
		}
	}
	for try := 1; ; try++ {
		found, complete, attempt, o, err := r.query(ctx, q, ours)
		if err != nil {
			return err
		}
		keep, cancel := atEnd(ctx)
		err = r.store.Finish(keep, attempt, nil)
		if err == nil {
			err = r.searchProblem(keep, o)
		}
		cancel()
		if err != nil {
			return err
		}
		wait := max(r.state.AskedUntil, r.state.Search.NotBefore).Sub(r.clock.Now())
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case o.Code == "" && complete:
			p.found = append(p.found, slices.DeleteFunc(found, func(f FoundRegistration) bool { return p.has(f.ID) })...)
			return nil
		case o.Code == "":
			p.Asked, p.Problem, p.TraceID = false, CodeMalformed, o.TraceID
			return nil
		case r.state.Stopped != "" || !passing(o) || try == askTries || wait > longestAsk:
			p.Asked, p.Problem, p.TraceID = false, o.Code, o.TraceID
			return nil
		}
		if err := r.clock.Sleep(ctx, max(wait, 0)); err != nil {
			return err
		}
	}
}

func (p *AskedPerson) has(id int64) bool {
	return slices.ContainsFunc(p.found, func(f FoundRegistration) bool { return f.ID == id })
}
