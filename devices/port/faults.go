package port

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Faults are the chances, 0 to 1, that a report suffers on its way, in either
// direction.
type Faults struct {
	Drop, Double, Swap, Corrupt float64
	Short, Zero                 float64 // reads only: cut to fewer bytes; an empty read before it
	// Seed makes a run repeatable in kind (goroutines still interleave as they like).
	Seed uint64
}

// Faulty is a port with a bad cable.
type Faulty struct {
	ocb.Port
	f  Faults
	mu sync.Mutex
	r  *rand.Rand
	// reader's side only
	held    []report
	delayed *report
	// writer's side only
	keep *report

	stopped  atomic.Bool  // silence: reports vanish, nothing fails
	left     atomic.Int64 // reads until the unplug; negative: never
	Injected atomic.Int64 // faults so far
}

// WithFaults puts a bad cable on a port.
func WithFaults(p ocb.Port, f Faults) *Faulty {
	b := &Faulty{Port: p, f: f, r: rand.New(rand.NewPCG(f.Seed, 0x0CB1))}
	b.left.Store(-1)
	return b
}

// Stop makes the other side fall silent: what comes from it vanishes.
func (b *Faulty) Stop() { b.stopped.Store(true) }

// UnplugAfter pulls the cable after n more reads.
func (b *Faulty) UnplugAfter(n int64) { b.left.Store(n) }

func (b *Faulty) hit(chance float64) bool {
	if chance <= 0 {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.r.Float64() >= chance {
		return false
	}
	b.Injected.Add(1)
	return true
}

func (b *Faulty) damage(r *report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range 1 + b.r.IntN(3) {
		r[b.r.IntN(len(r))] ^= 1 << b.r.IntN(8)
	}
}

// ReadReport reads through the bad cable.
func (b *Faulty) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	for {
		if len(b.held) > 0 {
			*r, b.held = b.held[0], b.held[1:]
			return ocb.ReportSize, nil
		}
		if n := b.left.Load(); n >= 0 {
			if n == 0 {
				_ = b.Port.Close()
				return 0, reading.Unplugged
			}
			b.left.Store(n - 1)
		}
		var got report
		n, err := b.Port.ReadReport(&got)
		if err != nil {
			return 0, err
		}
		if b.stopped.Load() || b.hit(b.f.Drop) {
			continue
		}
		if b.hit(b.f.Corrupt) {
			b.damage(&got)
		}
		if b.hit(b.f.Zero) {
			b.held = append(b.held, got)
			return 0, nil
		}
		if b.hit(b.f.Short) {
			*r = got
			return 1 + int(got[8])%(ocb.ReportSize-1), nil
		}
		if b.hit(b.f.Double) {
			b.held = append(b.held, got)
		}
		if b.delayed != nil {
			b.held = append(b.held, *b.delayed)
			b.delayed = nil
		} else if b.hit(b.f.Swap) {
			b.delayed = &got // comes after the next one
			continue
		}
		*r = got
		return n, nil
	}
}

// WriteReport writes through the bad cable.
func (b *Faulty) WriteReport(r *[ocb.ReportSize]byte) error {
	if b.hit(b.f.Drop) {
		return nil
	}
	send := *r
	if b.hit(b.f.Corrupt) {
		b.damage(&send)
	}
	if b.keep == nil && b.hit(b.f.Swap) {
		b.keep = &send
		return nil
	}
	if err := b.Port.WriteReport(&send); err != nil {
		return err
	}
	if b.hit(b.f.Double) {
		if err := b.Port.WriteReport(&send); err != nil {
			return err
		}
	}
	if late := b.keep; late != nil {
		b.keep = nil
		return b.Port.WriteReport(late)
	}
	return nil
}
