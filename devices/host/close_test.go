package host_test

import (
	"sync"
	"testing"
	"time"

	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// timed notes when the last report came in and when the port was closed.
type timed struct {
	ocb.Port
	mu          sync.Mutex
	last, close time.Time
}

func (p *timed) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := p.Port.ReadReport(r)
	if err == nil {
		p.mu.Lock()
		p.last = time.Now()
		p.mu.Unlock()
	}
	return n, err
}

func (p *timed) Close() error {
	p.mu.Lock()
	p.close = time.Now()
	p.mu.Unlock()
	return p.Port.Close()
}

// A report that comes in while the USB library closes can keep it for ever: the
// port is quiet for a while before.
func TestCloseWaitsForQuiet(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{Label: "Hal"})
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- b.Serve(far) }()
	p, timing := &timed{Port: near}, quick
	timing.Quiet = 70 * time.Millisecond
	h, err := host.Open(t.Context(), p, host.Options{Installation: office, Timing: timing})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Error("the box's side:", err)
	}
	if quiet := p.close.Sub(p.last); quiet < timing.Quiet {
		t.Errorf("closed %s after the last report", quiet)
	}
}
