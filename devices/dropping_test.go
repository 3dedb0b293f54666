package devices_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// flaky is a box's end of a cable on which only so many records come through: then it drops. It counts them by the words
// of PROTOCOL.md alone.
type flaky struct {
	ocb.Port
	left    int // bytes of records that still come through
	dropped atomic.Bool
	nothing bool // no record comes through at all
	stalls  bool // it falls silent, instead of going away
	at      int  // bytes of the stream message under way that went
	records bool // it carries records
}

func (f *flaky) WriteReport(r *[ocb.ReportSize]byte) error {
	if f.dropped.Load() {
		return f.gone()
	}
	used := int(r[6])
	if r[1]&0x3F == 3 { // a stream
		if f.nothing {
			f.dropped.Store(true)
			return f.gone()
		}
		if r[1]&0x80 != 0 {
			f.at, f.records = 0, r[7+8] == 1
		}
		if f.records {
			f.left -= used - max(0, min(16, f.at+used)-min(16, f.at)) // behind the message's head and the part's
		}
		f.at += used
	}
	if err := f.Port.WriteReport(r); err != nil {
		return err
	}
	if f.left < 4 { // but for the CRC
		f.dropped.Store(true)
	}
	return nil
}

func (f *flaky) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	for {
		n, err := f.Port.ReadReport(r)
		if err != nil || !f.dropped.Load() {
			return n, err
		}
		if err := f.gone(); err != nil {
			return 0, err
		}
	}
}

func (f *flaky) gone() error {
	if f.stalls {
		return nil
	}
	_ = f.Port.Close()
	return reading.Unplugged
}

// dropping is a box that drops off after so many records of each connection.
type dropping struct {
	t     *testing.T
	box   *simbox.Box
	keys  *host.MemoryKeys
	after int
	how   string // unplug, stall, reset
	opens atomic.Int32
}

func (d *dropping) cable(p ocb.Port) *flaky {
	return &flaky{Port: p, left: 32*d.after + 4, nothing: d.after == 0, stalls: d.how == "stall"}
}

// open plugs it in.
func (d *dropping) open(ctx context.Context) (reading.Box, error) {
	d.opens.Add(1)
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() {
		for {
			cable := &kept{d.cable(far), d.how == "reset"}
			err := d.box.Serve(cable)
			if err == nil && cable.stays && cable.dropped.Load() { // on the same cable; it knows the session no more
				continue
			}
			_ = far.Close()
			served <- err
			return
		}
	}()
	return host.Open(ctx, near, host.Options{Installation: installation, Keys: d.keys, Closed: func() error { <-served; return nil }, Timing: host.Timing{
		Resend: 40 * time.Millisecond, Answer: 240 * time.Millisecond, Progress: 160 * time.Millisecond, Stall: 60 * time.Millisecond,
		Credit: 25 * time.Millisecond, Goodbye: 60 * time.Millisecond, Quiet: time.Millisecond,
	}})
}

// kept is a cable that stays plugged when its box starts again.
type kept struct {
	*flaky
	stays bool
}

func (k *kept) WriteReport(r *[ocb.ReportSize]byte) error {
	if k.stays && k.dropped.Load() {
		return reading.Unplugged
	}
	return k.flaky.WriteReport(r)
}

func (k *kept) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := k.Port.ReadReport(r)
	if err == nil && k.dropped.Load() {
		return 0, k.gone()
	}
	return n, err
}

func (k *kept) gone() error {
	if k.stays {
		return reading.Unplugged
	}
	return k.flaky.gone()
}

func (k *kept) Close() error {
	if k.stays {
		return nil
	}
	return k.flaky.Close()
}

func newDropping(t *testing.T, n, after int, how string) *dropping {
	t.Helper()
	sim, err := simbox.Open(newBox(t, n), simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sim.Close() })
	d := &dropping{t: t, box: sim, keys: new(host.MemoryKeys), after: after, how: how}
	id, _ := ocb.ParseUID(string(installation))
	key := make([]byte, 32)
	if err := errors.Join(sim.PairWith(id, key), d.keys.Save(sim.UID().String(), key)); err != nil {
		t.Fatal(err)
	}
	return d
}

// A box that drops off after every so many records, in whichever way, is read to its end in one go: every record once,
// as the box has it, and acknowledged.
func TestDropsOffAgainAndAgain(t *testing.T) {
	for _, c := range []struct {
		n, after int
		how      string
	}{
		{2000, 400, "unplug"}, {600, 100, "unplug"}, {300, 37, "unplug"}, {40, 5, "unplug"}, {12, 1, "unplug"},
		{900, 400, "reset"}, {100, 37, "reset"}, {12, 5, "reset"}, {5, 1, "reset"},
		{900, 400, "stall"}, {100, 37, "stall"}, {12, 5, "stall"}, {5, 1, "stall"},
	} {
		t.Run(fmt.Sprintf("%s after %d of %d", c.how, c.after, c.n), func(t *testing.T) {
			t.Parallel()
			d := newDropping(t, c.n, c.after, c.how)
			box, err := d.open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			s, pieces := newStore(), 0
			r, err := reading.Read(t.Context(), s, box, reading.Options{
				Installation: installation, Dropped: func(int) { pieces++ },
				Again: func(ctx context.Context, log app.LogKey) (reading.Device, error) { return d.open(ctx) },
			})
			last := uint64(c.n + 2) // with its boots
			if err != nil || r.State != app.ReadingDone || r.New != int(last) || uint64(len(s.records)) != last || r.Acked != last || r.ReadTo == 0 ||
				r.Piece != 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			if d.box.Counts().Acked != last || r.Drops == 0 || pieces != r.Drops {
				t.Errorf("acknowledged %d, %d drops, told %d times", d.box.Counts().Acked, r.Drops, pieces)
			}
			d.same(s, last)
			t.Logf("%d drops, %d connections", r.Drops, d.opens.Load())
		})
	}
}

func (d *dropping) same(s *store, last uint64) {
	d.t.Helper()
	for seq := uint64(1); seq <= last; seq++ {
		raw, err := d.box.Raw(seq, 1)
		if err != nil || s.records[seq] != string(raw) || binary.LittleEndian.Uint32(raw) != uint32(seq) {
			d.t.Fatalf("record %d is not stored as the box has it: %v", seq, err)
		}
	}
}

// remembering is a store that knows what the last reading learnt of the cable.
type remembering struct{ *store }

func (r remembering) EndReading(_ context.Context, last app.Reading) error {
	r.state.Piece = last.Piece
	return nil
}

// Also when each reading ends with its cable, the next ones get further: what the last one learnt is kept.
func TestDropsOffInEveryReading(t *testing.T) {
	for after, n := range map[int]int{400: 1500, 100: 500, 37: 150, 5: 20} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			t.Parallel()
			d := newDropping(t, n, after, "unplug")
			s := remembering{newStore()}
			last, runs, idle := uint64(n+2), 0, 0
			for done := false; !done; runs++ {
				before := s.state.Last.Seq
				box, err := d.open(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				r, err := reading.Read(t.Context(), s, box, reading.Options{Installation: installation})
				box.Close()
				if done = err == nil; !done && !errors.Is(err, reading.Unplugged) {
					t.Fatal(err)
				}
				if idle++; s.state.Last.Seq > before {
					idle = 0
				}
				if idle > 6 || r.Acked > s.state.Last.Seq {
					t.Fatalf("after %d runs: %+v, stored up to %d", runs, r, s.state.Last.Seq)
				}
				if mark := d.box.Counts().Acked; !done && runs > 0 && s.state.LastWeighty > 0 && before > 0 && mark < before {
					t.Errorf("run %d: acknowledged %d of the %d stored before it", runs, mark, before)
				}
			}
			if s.state.Last.Seq < last || s.state.Piece != 0 {
				t.Errorf("stored up to %d of %d, next piece %d", s.state.Last.Seq, last, s.state.Piece)
			}
			d.same(s.store, last)
			t.Logf("%d runs", runs)
		})
	}
}

// Where nothing comes through at all, it ends after a few tries, and says so.
func TestNothingComesThrough(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"unplug", "reset"} {
		d := newDropping(t, 50, 0, how)
		box, err := d.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		s := newStore()
		r, err := reading.Read(t.Context(), s, box, reading.Options{
			Installation: installation, Again: func(ctx context.Context, _ app.LogKey) (reading.Device, error) { return d.open(ctx) },
		})
		if !errors.Is(err, reading.CableDrops) || r.State != app.ReadingStopped || r.Problem != "cable-drops" || r.Piece != 1 || len(s.records) != 0 ||
			r.Drops > 10 {
			t.Errorf("%s: %+v, %v", how, r, err)
		}
	}
}
