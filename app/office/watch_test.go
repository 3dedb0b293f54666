package office_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// deafTo is a host's end of a cable on which every frame of a kind from the box is lost.
type deafTo struct {
	ocb.Port
	kind ocb.Kind
	lost int // how many were
}

func (d *deafTo) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	for {
		n, err := d.Port.ReadReport(r)
		if f, bad := ocb.ParseFrame(r[:n]); err != nil || bad != nil || f.Kind != d.kind {
			return n, err
		}
		d.lost++
	}
}

// pulled is a finder of one box whose cable can be pulled, and that may be deaf.
type pulled struct {
	*oneBox
	deaf ocb.Kind // 0: it hears all
	mu   sync.Mutex
	cut  func() error
	ear  *deafTo
}

func (p *pulled) Open(ctx context.Context, path string) (reading.Device, error) {
	near, far := port.Pair()
	p.mu.Lock()
	p.ear = &deafTo{Port: near, kind: p.deaf}
	p.cut = far.Close
	p.mu.Unlock()
	served := make(chan error, 1)
	go func() { served <- p.sim.Serve(far) }()
	return host.Open(ctx, p.ear, host.Options{Installation: p.installation, Keys: p.keys, Now: p.now, Closed: func() error { return <-served }})
}

func (p *pulled) pull() {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.cut()
}

// watching is a watch under way.
type watching struct {
	seen  chan int // numbers of cards
	ended chan error
	read  chan struct{} // the first reading is over
	stop  context.CancelFunc
}

func (d *desk) watch(t *testing.T) *watching {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	w := &watching{seen: make(chan int, 10), ended: make(chan error, 1), read: make(chan struct{}, 100), stop: stop}
	t.Cleanup(d.Subscribe(func() { w.read <- struct{}{} }))
	go func() {
		w.ended <- d.Boxes.WatchBox(ctx, boxPath, func(tap boxes.SeenTap) { w.seen <- int(tap.Punch.Identifier.Value[7] - '0') }, nil)
	}()
	return w
}

func (w *watching) sees(t *testing.T, n int) {
	t.Helper()
	select {
	case got := <-w.seen:
		if got != n {
			t.Errorf("tap %d is told, want %d", got, n)
		}
	case err := <-w.ended:
		t.Fatal("ended:", err)
	case <-time.After(20 * time.Second):
		t.Fatalf("tap %d is not told", n)
	}
}

func pulledDesk(t *testing.T, deaf ocb.Kind) (*desk, *pulled, *simbox.Box) {
	t.Helper()
	sim := newSim(t, simbox.Factory{})
	d := newDesk(t, sim)
	p := &pulled{oneBox: d.Boxes.Finder.(*oneBox), deaf: deaf}
	d.Boxes.Finder = p
	return d, p, sim
}

// Where announcements are lost, the heartbeat that names a later record brings the tap, before anybody asks for it.
func TestATapWhoseAnnouncementIsLostIsTold(t *testing.T) {
	d, p, sim := pulledDesk(t, ocb.KindEvent)
	d.pair(t, sim)
	tapOn(t, sim, 1)
	w := d.watch(t)
	<-w.read
	for n := 2; n <= 5; n++ {
		tapped := time.Now()
		tapOn(t, sim, n)
		w.sees(t, n)
		if took := time.Since(tapped); took > 4*time.Second { // asking comes each 5 s
			t.Errorf("tap %d was told after %s", n, took)
		}
	}
	w.stop()
	if err := <-w.ended; err != nil {
		t.Error(err)
	}
	if len(w.seen) > 0 || p.ear.lost == 0 {
		t.Errorf("%d taps more are told, %d announcements were lost", len(w.seen), p.ear.lost)
	}
}

// What a box recorded between a watch that its cable ended and the next one is told by that, once; what lay in it before the
// first is no news, nor what came after somebody stopped watching.
func TestTapsWhileAWatchReconnectsAreTold(t *testing.T) {
	d, p, sim := pulledDesk(t, 0)
	tapOn(t, sim, 1)
	w := d.watch(t)
	<-w.read
	tapOn(t, sim, 2)
	w.sees(t, 2)
	p.pull()
	if err := <-w.ended; !errors.Is(err, reading.Unplugged) {
		t.Fatal(err)
	}
	tapOn(t, sim, 3)
	tapOn(t, sim, 4)
	w = d.watch(t)
	w.sees(t, 3)
	w.sees(t, 4)
	tapOn(t, sim, 5)
	w.sees(t, 5)
	w.stop()
	if err := <-w.ended; err != nil || len(w.seen) > 0 {
		t.Fatal(err, len(w.seen))
	}
	tapOn(t, sim, 6)
	w = d.watch(t)
	<-w.read
	tapOn(t, sim, 7)
	w.sees(t, 7)
	if punches := must[[]app.Punch](t)(d.store.Punches(t.Context(), app.Span{})); len(punches) != 7 {
		t.Errorf("%d punches are stored, want 7", len(punches))
	}
}

// confused is a box that answers nonsense when it is asked about itself, once.
type confused struct {
	reading.Service
	sane *bool
}

func (c *confused) Info(ctx context.Context) (app.BoxInfo, error) {
	i, err := c.Service.Info(ctx)
	if !*c.sane {
		*c.sane = true
		return app.BoxInfo{Log: i.Log}, reading.Protocol
	}
	return i, err
}

// confusing is a finder of such a box.
type confusing struct {
	*oneBox
	sane bool
}

func (c *confusing) Open(ctx context.Context, path string) (reading.Device, error) {
	box, err := c.oneBox.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return &confused{box.(reading.Service), &c.sane}, nil
}

// A watch that ended before the box said how far its log goes makes no news of what lay in it.
func TestAWatchThatBeganWithNonsenseMakesNoNews(t *testing.T) {
	sim := newSim(t, simbox.Factory{})
	d := newDesk(t, sim)
	must[app.Reading](t)(d.Boxes.ReadBox(t.Context(), boxPath, boxes.ReadOptions{}, nil))
	tapOn(t, sim, 1)
	d.Boxes.Finder = &confusing{oneBox: d.Boxes.Finder.(*oneBox)}
	w := d.watch(t)
	if err := <-w.ended; !errors.Is(err, reading.Protocol) {
		t.Fatal(err)
	}
	w = d.watch(t)
	<-w.read
	tapOn(t, sim, 2)
	w.sees(t, 2)
}
