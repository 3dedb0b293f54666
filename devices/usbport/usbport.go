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

// port is an open box. Its Close never meets a Read or a Write in the library
// (a use after free there, and on Windows it would not wake the Read): while one
// is under way it is put off until that has ended. The unplug ends a Read for certain.
type port struct {
	h       handle
	present func() bool // the path is still listed

	mu      sync.Mutex
	busy    int
	closing bool
	gone    chan struct{} // made when the library begins to close the handle, closed when it has
}

// closeWait is how long Close waits for the library, which waits without an end
// for a transfer that it cancelled at the very moment a report came in.
const closeWait = 2 * time.Second

// enter begins a call into the library; false when the port is closed.
func (p *port) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return false
	}
	p.busy++
	return true
}

func (p *port) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
	p.release()
}

// release begins to close the handle when nobody is in it any more.
func (p *port) release() {
	if !p.closing || p.busy > 0 || p.gone != nil {
		return
	}
	gone := make(chan struct{})
	p.gone = gone
	go func() {
		defer close(gone)
		_ = p.h.Close()
	}()
}

// ReadReport waits for a report. It has no timeout: only reports, which a box
// with an open session sends at least every 250 ms, and the unplug end it.
func (p *port) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	if !p.enter() {
		return 0, reading.Unplugged
	}
	n, err := p.h.Read(r[:])
	p.leave()
	if err != nil {
		return 0, p.fault(err)
	}
	return n, nil
}

// WriteReport sends a report. Windows counts the report number as well, and says 65 of 64.
func (p *port) WriteReport(r *[ocb.ReportSize]byte) error {
	if !p.enter() {
		return reading.Unplugged
	}
	n, err := p.h.Write(r[:])
	p.leave()
	if err != nil || n < ocb.ReportSize {
		return p.fault(err)
	}
	return nil
}

// Close lets the box go, at once or as soon as nobody is in the library. Where
// the library does not come back from it, handle and goroutine are left to the
// unplug: the box is in use until then.
func (p *port) Close() error {
	p.mu.Lock()
	p.closing = true
	p.release()
	gone := p.gone
	p.mu.Unlock()
	if gone == nil {
		return nil // a Read is under way; its end closes
	}
	select {
	case <-gone:
	case <-time.After(closeWait):
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
