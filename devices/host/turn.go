package host

import (
	"sync"
	"time"
)

// turn is a mutex that knows when it was let go last.
type turn struct {
	mu    sync.Mutex
	ended time.Time
}

// Lock waits for its turn.
func (t *turn) Lock() { t.mu.Lock() }

// Unlock lets the next one have it.
func (t *turn) Unlock() {
	t.ended = time.Now()
	t.mu.Unlock()
}

// rested says that nobody has the turn, nor had it within d.
func (t *turn) rested(d time.Duration) bool {
	if !t.mu.TryLock() {
		return false
	}
	defer t.mu.Unlock()
	return time.Since(t.ended) >= d
}
