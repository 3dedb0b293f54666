// Package usbip is the device half of USB/IP: it lets a simulated clock box
// stand behind the kernel's virtual host controller (vhci_hcd), so that the USB
// library, usbfs and the kernel treat it as a real one. No usbip tool, daemon or
// network is needed: Attach hands one end of a socket pair to the kernel.
//
// The wire is that of the kernel's documentation (usbip_protocol), version
// 1.1.1: big-endian headers of 48 bytes, then the data of OUT transfers.
package usbip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Commands and answers on the wire.
const (
	cmdSubmit = 1
	cmdUnlink = 2
	retSubmit = 3
	retUnlink = 4

	headerSize = 48
	// maxTransfer bounds what one header may announce: nothing of a box is longer.
	maxTransfer = 64 << 10
)

// Results of a transfer, as negative errno.
const (
	statusOK       = 0
	statusStall    = -32  // EPIPE
	statusUnlinked = -104 // ECONNRESET
)

// fifo is how many reports a device holds for the host: a double-buffered endpoint.
const fifo = 2

// Gadget is a clock box's end of a USB cable. It is an ocb.Port: what the host
// writes is read, and what is written waits until the host polls for it.
type Gadget struct {
	conn     io.ReadWriteCloser
	shape    Shape
	interval time.Duration

	writing sync.Mutex // one header with its data at a time

	mu      sync.Mutex
	waiting []transfer // IN transfers without data yet, oldest first
	queued  [][]byte   // reports without a transfer yet, oldest first
	room    *sync.Cond
	closed  bool

	fromHost chan [ocb.ReportSize]byte
	gone     chan struct{}
	once     sync.Once
}

// transfer is one request of the host (a URB).
type transfer struct {
	seq      uint32
	endpoint uint32
	in       bool
	length   int
	setup    [8]byte
	data     []byte
}

// Serve answers the kernel on conn as a device of that shape until conn ends.
// Interval is the least time between two input reports: 0 none, 1 ms as a real
// full-speed cable has.
func Serve(conn io.ReadWriteCloser, shape Shape, interval time.Duration) *Gadget {
	g := &Gadget{conn: conn, shape: shape, interval: interval,
		fromHost: make(chan [ocb.ReportSize]byte, 64), gone: make(chan struct{})}
	g.room = sync.NewCond(&g.mu)
	go func() {
		_ = g.listen() // however it ends, the cable is out
		g.unplug()
	}()
	if interval > 0 {
		go g.tick()
	}
	return g
}

// ReadReport waits for a report of the host.
func (g *Gadget) ReadReport(r *[ocb.ReportSize]byte) (int, error) { return g.ReadUntil(r, nil) }

// ReadUntil is a ReadReport that also ends, as unplugged, when over is closed;
// the cable stays in. So one box after the other can stand at it.
func (g *Gadget) ReadUntil(r *[ocb.ReportSize]byte, over <-chan struct{}) (int, error) {
	select {
	case *r = <-g.fromHost:
		return ocb.ReportSize, nil
	case <-over:
		return 0, reading.Unplugged
	case <-g.gone:
		return 0, reading.Unplugged
	}
}

// WriteReport waits until the endpoint has room.
func (g *Gadget) WriteReport(r *[ocb.ReportSize]byte) error {
	g.mu.Lock()
	for len(g.queued) >= fifo && !g.closed {
		g.room.Wait()
	}
	if g.closed {
		g.mu.Unlock()
		return reading.Unplugged
	}
	g.queued = append(g.queued, append([]byte(nil), r[:]...))
	g.mu.Unlock()
	if g.interval == 0 {
		return g.pump(-1)
	}
	return nil
}

// WriteEmpty sends a report of no bytes, as some controllers do when they wake up.
func (g *Gadget) WriteEmpty() error {
	g.mu.Lock()
	g.queued = append(g.queued, nil)
	g.mu.Unlock()
	return g.pump(-1)
}

// Close pulls the cable out.
func (g *Gadget) Close() error {
	g.unplug()
	return nil
}

// Gone is closed when the cable is out.
func (g *Gadget) Gone() <-chan struct{} { return g.gone }

func (g *Gadget) unplug() {
	g.once.Do(func() {
		g.mu.Lock()
		g.closed = true
		g.mu.Unlock()
		g.room.Broadcast()
		close(g.gone)
		_ = g.conn.Close()
	})
}

// tick returns the host one report per interval. A controller's schedule does not
// wait for the computer's processor, which this one shares: what fell due while
// it was busy elsewhere goes out as soon as it is not.
func (g *Gadget) tick() {
	t := time.NewTicker(g.interval)
	defer t.Stop()
	for given, begun := 0, time.Now(); ; {
		select {
		case <-t.C:
			due := int(time.Since(begun) / g.interval)
			err := g.pump(due - given)
			given = due
			if err != nil {
				g.unplug()
				return
			}
		case <-g.gone:
			return
		}
	}
}

// pump brings reports and waiting transfers together, at most limit of them (-1: all).
func (g *Gadget) pump(limit int) error {
	for ; limit != 0; limit-- {
		if done, err := g.pumpOne(); done || err != nil {
			return err
		}
	}
	return nil
}

// pumpOne answers the oldest waiting transfer with the oldest report; done says
// that one of them is missing. Nothing may be written between taking the
// transfer and answering it: a kernel that is told "not found" by an unlink, and
// then gets the answer all the same, drops the device.
func (g *Gadget) pumpOne() (done bool, err error) {
	g.writing.Lock()
	defer g.writing.Unlock()
	g.mu.Lock()
	if len(g.waiting) == 0 || len(g.queued) == 0 {
		g.mu.Unlock()
		return true, nil
	}
	t, p := g.waiting[0], g.queued[0]
	g.waiting, g.queued = g.waiting[1:], g.queued[1:]
	g.mu.Unlock()
	g.room.Signal()
	return false, g.writeAnswer(t, statusOK, p[:min(len(p), t.length)])
}

// listen takes the host's requests one after the other.
func (g *Gadget) listen() error {
	var h [headerSize]byte
	for {
		if _, err := io.ReadFull(g.conn, h[:]); err != nil {
			return err
		}
		var err error
		switch command := binary.BigEndian.Uint32(h[0:]); command {
		case cmdSubmit:
			err = g.submit(h)
		case cmdUnlink:
			err = g.unlink(binary.BigEndian.Uint32(h[4:]), binary.BigEndian.Uint32(h[20:]))
		default:
			err = fmt.Errorf("usbip: command %d", command)
		}
		if err != nil {
			return err
		}
	}
}

func (g *Gadget) submit(h [headerSize]byte) error {
	t := transfer{
		seq:      binary.BigEndian.Uint32(h[4:]),
		in:       binary.BigEndian.Uint32(h[12:]) == 1,
		endpoint: binary.BigEndian.Uint32(h[16:]),
		length:   int(binary.BigEndian.Uint32(h[24:])),
		setup:    [8]byte(h[40:48]),
	}
	if t.length < 0 || t.length > maxTransfer {
		return errors.New("usbip: a transfer of absurd length")
	}
	if !t.in && t.length > 0 {
		t.data = make([]byte, t.length)
		if _, err := io.ReadFull(g.conn, t.data); err != nil {
			return err
		}
	}
	switch {
	case t.endpoint == 0:
		data, ok := g.shape.control(t.setup)
		if !ok {
			return g.answer(t, statusStall, nil)
		}
		return g.answer(t, statusOK, data[:min(len(data), t.length)])
	case t.in:
		g.mu.Lock()
		g.waiting = append(g.waiting, t)
		g.mu.Unlock()
		if g.interval > 0 {
			return nil
		}
		return g.pump(-1)
	}
	return g.out(t)
}

// out takes a report of the host. A box that does not listen holds the host up.
func (g *Gadget) out(t transfer) error {
	var r [ocb.ReportSize]byte
	copy(r[:], t.data)
	select {
	case g.fromHost <- r:
	case <-g.gone:
		return reading.Unplugged
	}
	return g.answer(t, statusOK, nil)
}

// unlink takes back a transfer that waits; one that was answered already is not found.
func (g *Gadget) unlink(seq, victim uint32) error {
	status := int32(statusOK)
	g.writing.Lock()
	defer g.writing.Unlock()
	g.mu.Lock()
	for i, t := range g.waiting {
		if t.seq == victim {
			g.waiting = append(g.waiting[:i:i], g.waiting[i+1:]...)
			status = statusUnlinked
			break
		}
	}
	g.mu.Unlock()
	var h [headerSize]byte
	binary.BigEndian.PutUint32(h[0:], retUnlink)
	binary.BigEndian.PutUint32(h[4:], seq)
	binary.BigEndian.PutUint32(h[20:], uint32(status))
	return g.write(h[:])
}

func (g *Gadget) answer(t transfer, status int32, data []byte) error {
	g.writing.Lock()
	defer g.writing.Unlock()
	return g.writeAnswer(t, status, data)
}

// writeAnswer needs the right to write.
func (g *Gadget) writeAnswer(t transfer, status int32, data []byte) error {
	actual := len(data)
	if !t.in {
		actual = len(t.data)
	}
	b := make([]byte, headerSize, headerSize+len(data))
	binary.BigEndian.PutUint32(b[0:], retSubmit)
	binary.BigEndian.PutUint32(b[4:], t.seq)
	binary.BigEndian.PutUint32(b[20:], uint32(status))
	binary.BigEndian.PutUint32(b[24:], uint32(actual))
	binary.BigEndian.PutUint32(b[32:], 0xffffffff) // not isochronous
	if t.in {
		b = append(b, data...)
	}
	return g.write(b)
}

// write needs the right to write.
func (g *Gadget) write(b []byte) error {
	if _, err := g.conn.Write(b); err != nil {
		return fmt.Errorf("%w: usbip: %w", reading.Unplugged, err)
	}
	return nil
}
