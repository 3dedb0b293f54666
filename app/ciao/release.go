package ciao

import (
	"context"
	"slices"

	"klokkast/app"
)

// A release is one decision for all that it covers, and nothing of it was ever
// sent. First all of it is looked up; one exact hit proves the form of look-up.
// Without one, the newest item is sent and then looked up, until it is found
// (proven: the rest is looked up once more and sent) or for too long (unproven: a
// person decides). Where the register offers no search, the rest goes by the
// releaser's word, if that was given and covers it.

// mostNewest is how many of the newest are sent, one after the other, while the
// register refuses each.
const mostNewest = 5

// WordCovers says that the releaser's word ("not registered by phone or
// otherwise") stands for a look-up that cannot be made. It covers nothing whose
// request may have left a computer: of unknown fate, or punched before a database
// that was set back or copied was found to be so; nor anything of a site where people
// may register by phone, while no list shows who did, nor what somebody did register so.
func WordCovers(g *app.Registration, s *SenderState, phones Phones) bool {
	return g.Vouched && SurelyUnsent(g, s) && !phones.MayHave(g)
}

// SurelyUnsent says that no request with a registration ever left a computer:
// only about such ones a person can say in bulk that they are to be sent.
func SurelyUnsent(g *app.Registration, s *SenderState) bool {
	return g.State == app.RegQueued && g.SetBack == 0 && g.Failing.Times == 0 && g.At >= s.RestoredAt && g.Raw >= s.RestoredAt
}

// releases decides about what was released and looked up in a form that was not
// proven; it says whether anything changed.
func (r *run) releases(ctx context.Context) (bool, error) {
	newest, err := r.store.Unproven(ctx, r.env, 1)
	if err != nil || len(newest) == 0 {
		return false, err
	}
	s := &r.state.Search
	switch {
	case r.proves():
		return true, r.store.LookAgain(ctx, r.env)
	case r.searchCannot() || s.GivenUp != 0:
		return true, r.withoutLookUp(ctx)
	case s.Probe != "" || r.searchRests(): // being learnt
		return false, nil
	}
	return r.sendNewest(ctx)
}

// withoutLookUp lets go by the releaser's word what it covers, where the register
// offers no search; a person decides about the rest.
func (r *run) withoutLookUp(ctx context.Context) error {
	phones, err := r.store.PhonesListed(ctx, r.env)
	if err != nil {
		return err
	}
	return r.decideUnproven(ctx, func(c *Change, g *app.Registration) {
		if r.state.Search.None && WordCovers(g, &r.state, phones) {
			c.LookedUp = r.clock.Now()
			return
		}
		c.NeedsPerson = true
	})
}

func (r *run) decideUnproven(ctx context.Context, decide func(*Change, *app.Registration)) error {
	regs, err := r.store.Unproven(ctx, r.env, 0)
	if err != nil {
		return err
	}
	changes := make([]Change, len(regs))
	for i := range regs {
		changes[i] = keepAs(&regs[i])
		changes[i].NotBefore = 0
		decide(&changes[i], &regs[i])
	}
	return r.store.Change(ctx, r.env, changes)
}

// sendNewest lets the newest released one go alone, to be looked up once it is
// accepted, or waits for what becomes of the last one; after the fifth that the
// register refused, a person decides.
func (r *run) sendNewest(ctx context.Context) (bool, error) {
	underWay, spent, err := r.newestSent(ctx)
	if err != nil || underWay {
		return false, err
	}
	if spent >= mostNewest {
		if err := r.decideUnproven(ctx, func(c *Change, _ *app.Registration) { c.NeedsPerson = true }); err != nil {
			return false, err
		}
		return true, r.learn(ctx, func(s *Search) { s.Newest, s.Refused = nil, true })
	}
	regs, err := r.store.Unproven(ctx, r.env, 0)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(regs, func(g app.Registration) bool {
		_, parked := r.state.Parked[EmployerKey(&g)]
		return !parked && g.At <= r.latest(r.clock.Now()) && !slices.Contains(r.state.Search.Newest, g.ID)
	})
	if i < 0 {
		return false, nil // all of employers for whom we may not register, or too new for a register whose clock is slow
	}
	if err := r.learn(ctx, func(s *Search) { s.Newest = append(s.Newest, regs[i].ID) }); err != nil {
		return false, err
	}
	return true, r.letGo(ctx, regs[i:i+1])
}

// letGo lets what was looked up be sent.
func (r *run) letGo(ctx context.Context, regs []app.Registration) error {
	changes := make([]Change, len(regs))
	for i := range regs {
		changes[i] = keepAs(&regs[i])
		changes[i].LookedUp, changes[i].NotBefore = r.clock.Now(), 0
	}
	return r.store.Change(ctx, r.env, changes)
}

// newestSent says what became of those that were sent to prove the form: whether
// one is under way, and how many proved nothing.
func (r *run) newestSent(ctx context.Context) (underWay bool, spent int, err error) {
	sent := r.state.Search.Newest
	if len(sent) == 0 {
		return false, 0, nil
	}
	regs, err := r.store.Registrations(ctx, RegistrationFilter{IDs: sent})
	if err != nil {
		return false, 0, err
	}
	for i := range regs {
		g := &regs[i]
		_, parked := r.state.Parked[EmployerKey(g)]
		switch {
		case g.State == app.RegQueued && g.LookedUp == 0 && !g.NeedsPerson: // noted, and then the program died
			if err := r.letGo(ctx, regs[i:i+1]); err != nil {
				return true, spent, err
			}
			underWay = true
		case g.State == app.RegQueued:
			underWay = underWay || !parked && !g.NeedsPerson
		case g.State == app.RegSending:
			underWay = true
		case g.State == app.RegUnknown: // it may be there, and be found: the next goes meanwhile, the fifth is waited for
			age := r.clock.Now().Sub(g.Answered)
			looked := age >= 2*r.timing.LookUpAfter
			underWay = underWay || !looked || (len(sent) >= mostNewest && age < r.timing.ProofFor)
			if looked {
				spent++
			}
		case g.State == app.RegRefused:
			spent++
		}
	}
	return underWay, spent, nil
}

// unasked notes of what is due that it cannot be looked up: a person decides
// about what has an unknown fate, and releases goes on with what was never sent.
func (r *run) unasked(ctx context.Context, due []app.Registration) error {
	changes := make([]Change, 0, len(due))
	for i := range due {
		c := r.improper(&due[i])
		if due[i].State == app.RegUnknown {
			c.NotBefore = max(c.NotBefore, r.state.Search.NotBefore)
		}
		changes = append(changes, c)
	}
	return r.store.Change(ctx, r.env, changes)
}
