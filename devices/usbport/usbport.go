// Package usbport reaches clock boxes over USB. It is the only package that
// imports github.com/karalabe/usb, a thin and dormant wrapping of hidapi with
// sharp edges; each rule here keeps away from one of them (devices/PROTOCOL.md, "Ports").
//
// Only HID devices are listed, never raw ones, whose listing fails as a whole on Windows
// and whose transfers deadlock. In builds without cgo there is no USB: List
// gives reading.NoUSB.
package usbport

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// ID is the vendor and product id of the boxes. It is configuration: the
// default one is pid.codes' test id, which must not ship.
type ID struct{ Vendor, Product uint16 }

// TestID is pid.codes' id for development.
var TestID = ID{0x1209, 0x0001}

// Device is a box at a cable.
type Device struct {
	Path    string // of the operating system; changes at every replug
	Product string // as the cable says; empty without permission. Never an identity
	// Fault is NoPermission where it is already known that Open will fail.
	Fault reading.Fault
}

// handle is what the library opens.
type handle interface {
	Read(b []byte) (int, error)
	Write(b []byte) (int, error)
	Close() error
}

// Port is an open box. Its Close never meets a Read or a Write in the library
// (a use after free there, and on Windows it would not wake the Read): while one
// is under way it is put off until that has ended. The unplug ends a Read for certain.
//
// Nor does it meet a report that comes in: the library cancels its transfer and submits it anew for a report that came
// at that moment, waits for the end of what nobody cancels any more, and holds the box until it is unplugged. So the
// box must be silent: after its answer to BYE it is, and else once what it may send without hearing of us is through.
type Port struct {
	h       handle
	present func() bool // the path is still listed
	hush    time.Duration

	mu      sync.Mutex
	busy    int
	closing bool
	begun   bool      // the library was told to close the handle, or will be once the box is silent
	wrote   time.Time // when the box last heard of us
	silent  bool      // it sends nothing more: it answered BYE, or was unplugged
	gone    chan struct{}
}

const (
	// closeWait is how long Close waits for the library, where that does not come back.
	closeWait = 2 * time.Second
	// hush is how long a box goes on after the last frame that it heard: with what its credit allows and four heartbeats,
	// 250 ms apart (PROTOCOL.md, "Sessions"), and as long again on a busy computer.
	hush = 2 * time.Second
)

func newPort(h handle, present func() bool) *Port {
	return &Port{h: h, present: present, hush: hush, gone: make(chan struct{})}
}

// Gone is closed once the box is free for others: some time after Close, and never where the library does not come
// back from it before the box is unplugged.
func (p *Port) Gone() <-chan struct{} { return p.gone }

// Closing says that Close was called.
func (p *Port) Closing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closing
}

// enter begins a call into the library; false when the port is closed.
func (p *Port) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return false
	}
	p.busy++
	return true
}

func (p *Port) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
	p.release()
}

// release begins to close the handle when nobody is in it any more.
func (p *Port) release() {
	if !p.closing || p.busy > 0 || p.begun {
		return
	}
	p.begun = true
	var wait time.Duration
	if !p.silent && !p.wrote.IsZero() {
		wait = p.hush - time.Since(p.wrote)
	}
	go func() {
		defer close(p.gone)
		time.Sleep(wait)
		_ = p.h.Close()
	}()
}

// ReadReport waits for a report. It has no timeout: only reports, which a box
// with an open session sends at least every 250 ms, and the unplug end it.
func (p *Port) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	if !p.enter() {
		return 0, reading.Unplugged
	}
	n, err := p.h.Read(r[:])
	if err == nil && n == ocb.ReportSize && isGoodbye(r) {
		p.mu.Lock()
		p.silent = true
		p.mu.Unlock()
	}
	p.leave()
	if err != nil {
		return 0, p.fault(err)
	}
	return n, nil
}

// isGoodbye says that a report is the answer to BYE.
func isGoodbye(r *[ocb.ReportSize]byte) bool {
	f, err := ocb.ParseFrame(r[:])
	if err != nil || f.Kind != ocb.KindResponse || !f.First || !f.Last {
		return false
	}
	a := ocb.Assembler{Limit: ocb.MaxFromBox}
	m, ok, err := a.Add(&f)
	return err == nil && ok && m.Command == ocb.CmdBye
}

// WriteReport sends a report. Windows counts the report number as well, and says 65 of 64.
func (p *Port) WriteReport(r *[ocb.ReportSize]byte) error {
	if !p.enter() {
		return reading.Unplugged
	}
	n, err := p.h.Write(r[:])
	p.mu.Lock()
	p.wrote = time.Now()
	if r[2] == 0 && r[3] == 0 { // session 0: HELLO, which alone makes it speak again
		p.silent = false
	}
	p.mu.Unlock()
	p.leave()
	if err != nil || n < ocb.ReportSize {
		return p.fault(err)
	}
	return nil
}

// Close lets the box go, as soon as nobody is in the library and the box is silent. Where
// the library does not come back from it, handle and goroutine are left to the
// unplug: the box is held until then (Gone).
func (p *Port) Close() error {
	p.mu.Lock()
	p.closing = true
	p.release()
	begun := p.begun
	p.mu.Unlock()
	if !begun {
		return nil // a Read is under way; its end closes
	}
	select {
	case <-p.gone:
	case <-time.After(p.hush + closeWait):
	}
	return nil
}

// ParseID reads VVVV:PPPP, vendor and product as four hex digits each.
func ParseID(s string) (id ID, err error) {
	v, p, ok := strings.Cut(s, ":")
	vendor, errV := strconv.ParseUint(v, 16, 16)
	product, errP := strconv.ParseUint(p, 16, 16)
	if !ok || len(v) != 4 || len(p) != 4 || errV != nil || errP != nil {
		return id, fmt.Errorf("USB id %q: want vendor and product as hex digits, such as %04x:%04x", s, TestID.Vendor, TestID.Product)
	}
	return ID{uint16(vendor), uint16(product)}, nil
}
