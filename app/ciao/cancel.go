package ciao

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"klokkast/app"
)

const cancelsAtOnce = 20 // between two looks at the queue

// Cancel asks the register to cancel a registration. [?] Nothing goes with it:
// no field is invented. It is carried out where the outcome's code is "".
func (c *Client) Cancel(ctx context.Context, id int64, may func() error) *Outcome {
	address := strings.ReplaceAll(c.addresses.Cancel, "{id}", strconv.FormatInt(id, 10))
	r, o := c.call(ctx, http.MethodPost, address, nil, may)
	if o != nil {
		return o
	}
	o = c.classify(r)
	if r.err == nil && (o.Status == http.StatusNoContent || o.Status == http.StatusOK) {
		o.Fate, o.Code = app.AttemptAnswered, ""
	}
	return o
}

// cancel carries out what people asked to cancel, and looks at what became of
// those of unknown fate; it says whether anything was done.
func (r *run) cancel(ctx context.Context) (bool, error) {
	if r.clock.Now() < r.state.Cancels.NotBefore {
		return false, nil
	}
	due, err := r.store.DueCancellations(ctx, r.env, r.clock.Now(), cancelsAtOnce)
	if err != nil || len(due) == 0 {
		return false, err
	}
	if ok, err := r.access(ctx); err != nil || !ok {
		return false, err
	}
	for i := range due {
		do := r.cancelOne
		if due[i].Cancellation.State == app.CancelUnknown {
			do = r.lookAtCancelled
		}
		if err := do(ctx, &due[i]); err != nil {
			return true, err
		}
		if r.blocked() || ctx.Err() != nil || r.clock.Now() < r.state.Cancels.NotBefore {
			return true, ctx.Err()
		}
		if _, err := r.keep(ctx); err != nil {
			return true, err
		}
	}
	return true, nil
}

func (r *run) cancelOne(ctx context.Context, reg *app.Registration) error {
	attempt, err := r.attempt("cancel")
	if err != nil {
		return err
	}
	attempt.Items = []app.ID{reg.ID}
	if err := r.store.BeginCancellation(ctx, r.owner, attempt); err != nil {
		return err
	}
	o := r.client.Cancel(ctx, reg.RegisterID, r.fence)
	keep, stop := atEnd(ctx)
	defer stop()
	r.ended(&attempt, o)
	now := r.clock.Now()
	c := reg.Cancellation
	switch {
	case o.Code == "":
		c.State, c.At, c.Answer = app.CancelDone, now, ""
		r.report.Cancelled++
	case o.Fate == app.AttemptFateUnknown:
		c.State, c.Due, c.Looks = app.CancelUnknown, now.Add(r.timing.LookUpAfter), 0
	case passing(o) || o.Code == CodeFenced:
		c.State = app.CancelAsked
	default:
		c.State, c.At, c.Answer = app.CancelRefused, now, mask(strings.Join(nonEmpty(o.Code, o.Detail), ": "))
	}
	if err := r.store.FinishCancellation(keep, attempt, reg.ID, c); err != nil {
		return err
	}
	return r.cancelProblem(keep, ctx, o)
}

// cancelProblem does what a cancellation that failed asks for besides. That one
// may not be cancelled says nothing against sending.
func (r *run) cancelProblem(keep, ctx context.Context, o *Outcome) error {
	switch {
	case ctx.Err() != nil && o.Status == 0:
		return nil // we broke it off ourselves
	case noCredential(o):
		return r.stop(keep, o, o.Code)
	case o.Code == "", o.Status == http.StatusUnauthorized, o.Fate == app.AttemptFateUnknown, o.Down:
		return r.trouble(keep, cancels, o)
	}
	return nil
}

// lookAtCancelled asks whether a cancellation of unknown fate was carried out.
// It is never sent again by itself: after two looks that found the registration
// standing, it counts as not carried out, and a person may ask anew.
func (r *run) lookAtCancelled(ctx context.Context, reg *app.Registration) error {
	f, o, attempt, err := r.askOne(ctx, reg)
	if err != nil {
		return err
	}
	keep, stop := atEnd(ctx)
	defer stop()
	now := r.clock.Now()
	c := reg.Cancellation
	vanished := gone(reg, &f, o)
	if vanished {
		if vanished, err = r.knowsOthers(keep, reg.ID); err != nil {
			return err
		}
	}
	switch {
	case vanished, o.Code == "" && f.Cancelled:
		c.State, c.At, c.Answer = app.CancelDone, now, o.Code
		r.report.Cancelled++
	case o.Code == "":
		c.Looks, c.Due = c.Looks+1, now.Add(r.timing.LookUpApart)
		if c.Looks >= properLookUps {
			c.State, c.At, c.Answer = app.CancelRefused, now, CodeNotCancelled
		}
	case !passing(o):
		c.Due = now.Add(r.timing.AskAgain)
	}
	if err := r.store.FinishCancellation(keep, attempt, reg.ID, c); err != nil {
		return err
	}
	switch {
	case noCredential(o):
		return r.stop(keep, o, o.Code)
	case o.Code == "" || passing(o):
		return r.trouble(keep, cancels, o)
	}
	return nil
}
