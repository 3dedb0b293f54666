package demo

import (
	"context"
	"sync"
	"time"

	"klokkast/app"
)

// Clock is the demo's own time: it is set to a moment of the made-up month and
// runs on from there. It serves office, boxes and register alike.
type Clock struct {
	mu   sync.Mutex
	base app.Instant
	set  time.Time // with its monotonic reading
}

// NewClock starts a clock at an instant.
func NewClock(at app.Instant) *Clock { return &Clock{base: at, set: time.Now()} }

// Set moves the clock.
func (c *Clock) Set(at app.Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.set = at, time.Now()
}

// Now returns the demo's time.
func (c *Clock) Now() app.Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(time.Since(c.set))
}

// Wall returns the demo's time as boxes and register want it.
func (c *Clock) Wall() time.Time { return c.Now().Time() }

// Sleep waits d of real time, or less where ctx ends, whose error it then gives.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
