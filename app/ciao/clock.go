package ciao

import (
	"context"
	"math/rand/v2"
	"time"

	"klokkast/app"
)

// Clock is what the sender knows of time, so that tests run its minutes in a moment.
type Clock interface {
	Now() app.Instant
	// Sleep waits d, or less where ctx ends, whose error it then gives.
	Sleep(ctx context.Context, d time.Duration) error
}

// SystemClock is this computer's clock.
type SystemClock struct{}

// Now returns the current instant.
func (SystemClock) Now() app.Instant { return app.At(time.Now()) }

// Sleep waits.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Timing holds every duration of the conversation with the register. Only the
// local simulator may be talked to with shorter ones than DefaultTiming.
type Timing struct {
	Request     time.Duration // one request in all
	Connect     time.Duration // of it, to make the connection
	LookUpAfter time.Duration // from an unknown fate to the first look-up
	LookUpApart time.Duration // between two look-ups that found nothing
	AskAgain    time.Duration // after a look-up that could not be done
	PersonWait  time.Duration // how long later punches of a person wait for one of unknown fate
	Lease       time.Duration // of the sender; longer than a request may take
	Gather      time.Duration // live punches are gathered for at most this
	BackoffMin  time.Duration // first wait after a failure without Retry-After; doubled each time
	BackoffMax  time.Duration
	ProofFor    time.Duration // how long what was accepted is looked up before the search counts as one that never finds it
	ProofGap    time.Duration // first gap between those look-ups; doubled each time
	SearchAgain time.Duration // until a search that the register does not offer is tried again
	Budget      int           // refused requests (400) within BudgetTime; at this many sending stops and asks
	BudgetTime  time.Duration
}

// ownWait is the longest wait that is our own choice, and not the register's.
const ownWait = time.Hour

// DefaultTiming is what is used towards the NSSO.
func DefaultTiming() Timing {
	return Timing{
		Request: 60 * time.Second, Connect: 10 * time.Second,
		LookUpAfter: 60 * time.Second, LookUpApart: 60 * time.Second,
		AskAgain: 10 * time.Minute, PersonWait: 10 * time.Minute, Lease: 3 * time.Minute, Gather: 2 * time.Second,
		BackoffMin: 2 * time.Second, BackoffMax: 10 * time.Minute,
		ProofFor: 10 * time.Minute, ProofGap: 5 * time.Second, SearchAgain: 24 * time.Hour,
		Budget: 10, BudgetTime: time.Minute,
	}
}

// careful says that no wait that keeps registrations single is shorter than the default.
func (t Timing) careful() bool {
	d := DefaultTiming()
	return t.LookUpAfter >= d.LookUpAfter && t.LookUpApart >= d.LookUpApart && t.ProofFor >= d.ProofFor &&
		t.PersonWait >= d.PersonWait && t.BackoffMin >= d.BackoffMin && t.Budget <= d.Budget
}

// backoff returns the wait after the n-th failure in a row (from 1): doubled from
// BackoffMin to BackoffMax, with up to a fifth of jitter on top, so that
// computers that failed together do not come back together.
func (t Timing) backoff(n int) time.Duration {
	d := t.BackoffMin
	for ; n > 1 && d < t.BackoffMax; n-- {
		d *= 2
	}
	d = min(d, t.BackoffMax)
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
