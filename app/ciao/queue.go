package ciao

import (
	"context"
	"errors"
	"fmt"

	"klokkast/app"
)

// queuedAtOnce is how many go into the outbox in one transaction: nobody waits long for
// it, and they do not all lie in memory once more.
const queuedAtOnce = 1000

// Enqueue freezes every candidate that is ready and puts it in the outbox. It
// gives how many were new there; doing it twice changes nothing.
func Enqueue(ctx context.Context, store Store, candidates []Candidate, now app.Instant) (added int, err error) {
	rows := make([]app.Registration, 0, min(len(candidates), queuedAtOnce))
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		n, err := store.Enqueue(ctx, rows, nil)
		added, rows = added+n, rows[:0]
		return err
	}
	for i := range candidates {
		if !candidates[i].Ready() {
			continue
		}
		row, err := freeze(&candidates[i], now)
		if err != nil {
			return added, err
		}
		if rows = append(rows, row); len(rows) == queuedAtOnce {
			if err := flush(); err != nil {
				return added, err
			}
		}
	}
	return added, flush()
}

// Unsend asks a person about what was queued, and has not left yet, where it came out since that
// it is one act with a registration by phone: it would stand at the register twice. What a
// person decided already goes its way.
func Unsend(ctx context.Context, store Store, env app.Environment, candidates []Candidate) error {
	var changes []Change
	for i := range candidates {
		c := &candidates[i]
		if r := &c.Registration; c.ByPhone && c.Exists && r.State == app.RegQueued && !r.NeedsPerson && r.ApprovedBy == "" {
			change := keepAs(r)
			change.NeedsPerson, change.Answer = true, CodeByPhone
			changes = append(changes, change)
		}
	}
	return store.Change(ctx, env, changes)
}

// Released is what the trail keeps of a release.
type Released struct {
	Environment app.Environment        `json:"environment"`
	Count       int                    `json:"count"`
	Oldest      app.Instant            `json:"oldest"`
	Newest      app.Instant            `json:"newest"`
	Reasons     map[app.HeldReason]int `json:"reasons"`
	// NotRegistered is the releaser's word that none of it was registered by phone or otherwise.
	NotRegistered bool `json:"notRegistered,omitempty"`
}

// PreviewRelease says what a release of these candidates would be. All must be
// releasable, else ErrNotReleasable.
func PreviewRelease(candidates []Candidate) (Released, error) {
	p := Released{Reasons: map[app.HeldReason]int{}}
	for i := range candidates {
		c := &candidates[i]
		if c.Exists || !c.Releasable() {
			return Released{}, ErrNotReleasable
		}
		at := c.Registration.At
		if p.Count == 0 {
			p.Oldest, p.Newest, p.Environment = at, at, c.Registration.Environment
		}
		p.Count++
		p.Oldest, p.Newest = min(p.Oldest, at), max(p.Newest, at)
		for _, r := range c.Reasons {
			p.Reasons[r]++
		}
	}
	return p, nil
}

// Release puts held candidates in the outbox because a person says so; the act
// (ciao.release) goes to the trail with count and oldest date. All of it is looked
// up at the register before anything of it is sent. notRegistered is the releaser's
// word that none of it was registered by phone or otherwise: by it, what WordCovers
// goes also where the register offers no search.
func Release(ctx context.Context, store Store, candidates []Candidate, notRegistered bool, act app.Act) (int, error) {
	preview, err := PreviewRelease(candidates)
	if err != nil {
		return 0, err
	}
	if preview.Count == 0 {
		return 0, nil
	}
	if act.Actor == "" {
		return 0, errors.New("release: nobody is named")
	}
	rows := make([]app.Registration, 0, len(candidates))
	for i := range candidates {
		row, err := freeze(&candidates[i], act.At)
		if err != nil {
			return 0, err
		}
		row.ApprovedBy, row.ReleasedFrom, row.Vouched = act.Actor, candidates[i].Held(), notRegistered
		rows = append(rows, row)
	}
	preview.NotRegistered = notRegistered
	act.What, act.After = "ciao.release", preview
	if act.Target == "" {
		act.Target = "environment:" + string(preview.Environment)
	}
	return store.Enqueue(ctx, rows, &act)
}

// freeze makes the row of a candidate.
func freeze(c *Candidate, now app.Instant) (app.Registration, error) {
	id, err := app.NewID()
	if err != nil {
		return app.Registration{}, err
	}
	row := c.Registration
	row.ID, row.State, row.Created, row.Queued = id, app.RegQueued, now, now
	if err := complete(&row); err != nil {
		return row, fmt.Errorf("queue punch %s: %w", row.Punch, err)
	}
	return row, nil
}

// complete says whether a row has all that is sent, and nothing that is not.
func complete(r *app.Registration) error {
	switch {
	case r.Type != app.RegisterIn && r.Type != app.RegisterOut:
		return errors.New("neither IN nor OUT")
	case r.SSIN == "":
		return errors.New("no SSIN")
	case r.At != wholeSecond(r.At) || r.At == 0:
		return errors.New("no whole second")
	case (r.Enterprise == "") == (r.ForeignVAT == ""):
		return errors.New("not exactly one employer number")
	case (r.Place.Coordinates == nil) == (r.Place.Address == nil):
		return errors.New("not exactly one kind of place")
	case r.Declaration == "":
		return errors.New("no declaration")
	}
	return nil
}

// Resume lets a stopped sender go on, and what waits for a permission that was
// missing, because a person says so.
func Resume(ctx context.Context, store Store, e app.Environment, act app.Act) error {
	act.What, act.Target = "ciao.resume", "environment:"+string(e)
	_, err := store.ChangeSender(ctx, e, &act, resumed(act.At))
	if err == nil {
		err = store.Resumed(ctx, e)
	}
	return err
}

// resumed is clearStop by a person, who also lets a database go on that was set back.
func resumed(now app.Instant) func(*SenderState) {
	return func(s *SenderState) {
		clearStop(s)
		s.Rejudge(now)
		if s.SetBack.Found != 0 && s.SetBack.Resumed == 0 {
			s.SetBack.Resumed = max(now, 1)
		}
	}
}

// clearStop leaves NotBefore as it is: what the register asked us to wait, we wait.
func clearStop(s *SenderState) {
	s.Stopped, s.StoppedTrace, s.Refusals, s.Denied, s.Broken, s.Parked = "", "", nil, nil, 0, nil
}
