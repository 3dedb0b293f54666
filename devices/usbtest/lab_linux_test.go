//go:build cgo

package usbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
	"klokkast/devices/usbip"
	"klokkast/devices/usbport"
)

const installation = app.ID("01930000-0000-7000-8000-0000000000a1")

// number returns a number from the environment, such as how many unplugs there shall be.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// lab is one installation and its folder.
type lab struct {
	t      *testing.T
	keys   *host.MemoryKeys
	finder *devices.Finder
}

// newLab skips where the kernel has no virtual host controller, and checks at
// the test's end that nothing of it is left: no goroutine, no open file.
func newLab(t *testing.T) *lab {
	t.Helper()
	if !usbip.Present() {
		t.Skip(usbip.ErrNoController)
	}
	l := &lab{t: t, keys: new(host.MemoryKeys)}
	l.finder = &devices.Finder{Installation: installation, Keys: l.keys}
	l.found(0) // what another test unplugged has gone, and the library has opened what it opens for good
	before := census()
	t.Cleanup(func() { l.nothingLeft(before) })
	return l
}

// count is what a process holds.
type count struct{ goroutines, files int }

func census() count {
	entries, _ := os.ReadDir("/proc/self/fd")
	return count{runtime.NumGoroutine(), len(entries)}
}

// nothingLeft waits until what the test used is given back.
func (l *lab) nothingLeft(before count) {
	l.t.Helper()
	var now count
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if now = census(); now.goroutines <= before.goroutines && now.files <= before.files {
			return
		}
	}
	var stacks bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
	l.t.Errorf("left behind: %+v, before %+v\n%s", now, before, &stacks)
}

// resident is how many bytes of memory this process holds, C's included.
func resident() int {
	debug.FreeOSMemory()
	b, _ := os.ReadFile("/proc/self/statm")
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(f[1])
	return pages * os.Getpagesize()
}

func card(n int) ocb.Badge {
	return ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{4, byte(n >> 16), byte(n >> 8), byte(n)}}
}

// life makes a box, switched off, that lived through n−1 records and knows this
// installation; record n is the boot of its next start.
func (l *lab) life(n int, label string) (dir string) {
	l.t.Helper()
	dir = filepath.Join(l.t.TempDir(), "box")
	if err := simbox.Create(dir, simbox.Factory{Label: label}); err != nil {
		l.t.Fatal(err)
	}
	b, err := simbox.Open(dir, simbox.Options{Off: true, Lazy: true})
	if err != nil {
		l.t.Fatal(err)
	}
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	events := []simbox.PastEvent{{At: at, Type: app.RecordBoot}}
	for i := range n - 2 {
		events = append(events, simbox.PastEvent{At: at.Add(time.Duration(i+1) * 20 * time.Second), Type: app.RecordPunch, Badge: card(i % 90)})
	}
	id, _ := ocb.ParseUID(string(installation))
	key := bytes.Repeat([]byte{0x42}, 32)
	_, err = b.Past(events)
	if err := errors.Join(err, b.PairWith(id, key), l.keys.Save(b.UID().String(), key), b.Close()); err != nil {
		l.t.Fatal(err)
	}
	return dir
}

// box makes a box of n records and switches it on.
func (l *lab) box(n int, label string) *simbox.Box {
	l.t.Helper()
	b, err := simbox.Open(l.life(n, label), simbox.Options{Lazy: true})
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { b.Close() })
	return b
}

// cable is a plugged box.
type cable struct {
	l      *lab
	port   int
	gadget *usbip.Gadget
	served chan error
	once   sync.Once
}

// between stands between a box and its end of the cable; nil: nothing does.
type between func(ocb.Port) ocb.Port

// plug puts a box into a port of the virtual host controller.
func (l *lab) plug(port int, b *simbox.Box, w between) *cable {
	l.t.Helper()
	for end := time.Now().Add(10 * time.Second); !usbip.Free(port); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("port %d never gets free", port)
		}
	}
	g, err := usbip.Attach(port, usbip.ClockBox(usbport.TestID.Vendor, usbport.TestID.Product, "LAB"), 0)
	if err != nil {
		l.t.Fatal(err)
	}
	c := &cable{l: l, port: port, gadget: g, served: make(chan error, 1)}
	p := ocb.Port(g)
	if w != nil {
		p = w(p)
	}
	go func() { c.served <- b.Serve(p) }()
	l.t.Cleanup(c.unplug)
	return c
}

// unplug pulls the cable and waits until the box's side has noticed.
func (c *cable) unplug() {
	c.once.Do(func() {
		_ = usbip.Detach(c.port) // fails where the other end went before
		_ = c.gadget.Close()
		select {
		case err := <-c.served:
			if err != nil {
				c.l.t.Error("the box's side ended with", err)
			}
		case <-time.After(10 * time.Second):
			c.l.t.Error("the box's side did not end")
		}
	})
}

// found waits until exactly n boxes are listed.
func (l *lab) found(n int) []reading.Found {
	l.t.Helper()
	var list []reading.Found
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var err error
		if list, err = l.finder.List(l.t.Context()); err != nil {
			l.t.Fatal(err)
		}
		if len(list) == n {
			return list
		}
	}
	l.t.Fatalf("%d boxes are listed, not %d", len(list), n)
	return nil
}

// open opens the only box. One that was unplugged a moment ago may still be listed.
func (l *lab) open() reading.Service {
	l.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		b, err := l.finder.Open(l.t.Context(), l.found(1)[0].Path)
		if err == nil {
			return b.(reading.Service)
		}
		if time.Now().After(end) {
			l.t.Fatal(err)
		}
	}
}

// store keeps what a reading stores, strictly: no key twice, no gap, the chain as it must be.
type store struct {
	reading.Store
	state   reading.LogState
	records map[uint64]string
}

func newStore() *store { return &store{records: map[uint64]string{}} }

func (s *store) LogState(context.Context, app.LogKey) (reading.LogState, error) { return s.state, nil }
func (s *store) BeginReading(_ context.Context, r app.Reading, b app.Box) error {
	s.state.PublicKey = b.PublicKey
	if !s.state.Known {
		box, _ := ocb.ParseUID(r.Log.Box)
		log, _ := ocb.ParseUID(r.Log.Log)
		s.state.Last.Hash = ocb.ChainStart(box, log)
	}
	return nil
}
func (s *store) EndReading(context.Context, app.Reading) error { return nil }
func (s *store) Acknowledged(_ context.Context, _ app.ID, seq uint64) error {
	s.state.Acked = seq
	return nil
}
func (s *store) Quarantine(_ context.Context, _, reason string, _ app.Act) error {
	s.state.Quarantined = reason
	return nil
}

func (s *store) StoreBatch(_ context.Context, b reading.Batch) (int, error) {
	at := s.state.Last
	for _, r := range b.Records {
		if _, ok := s.records[r.Key.Seq]; ok || r.Key.Seq != at.Seq+1 {
			return 0, fmt.Errorf("record %d after %d", r.Key.Seq, at.Seq)
		}
		s.records[r.Key.Seq] = string(r.Raw)
		at = reading.Chain{Seq: r.Key.Seq, Hash: ocb.Hash(at.Hash).Next((*[ocb.RecordSize]byte)(r.Raw))}
		if reading.Weighty(r.Type) {
			s.state.LastWeighty = r.Key.Seq
		}
	}
	if at != b.End {
		return 0, fmt.Errorf("the chain after %d is not that of the records", at.Seq)
	}
	s.state.Known, s.state.Last = true, b.End
	return len(b.Records), nil
}

// same checks that the store has the first n records of the box, byte for byte, and no other.
func (s *store) same(t *testing.T, b *simbox.Box, n uint64) {
	t.Helper()
	if uint64(len(s.records)) != n || s.state.Last.Seq != n {
		t.Fatalf("%d records up to %d are stored, not %d", len(s.records), s.state.Last.Seq, n)
	}
	for seq := uint64(1); seq <= n; {
		raw, err := b.Raw(seq, 256)
		if err != nil || len(raw) == 0 {
			t.Fatal(seq, err)
		}
		for ; len(raw) > 0 && seq <= n; raw, seq = raw[ocb.RecordSize:], seq+1 {
			if s.records[seq] != string(raw[:ocb.RecordSize]) {
				t.Fatalf("record %d is not stored as the box has it", seq)
			}
		}
	}
}

// counting does something at the nth report that the box sends.
type counting struct {
	ocb.Port
	left *atomic.Int64
	then func()
}

func (c counting) WriteReport(r *[ocb.ReportSize]byte) error {
	if c.left.Add(-1) == 0 {
		go c.then()
	}
	return c.Port.WriteReport(r)
}
