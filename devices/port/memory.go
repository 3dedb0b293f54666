// Package port holds carriers of OCB/1 reports that need no USB: a pair in
// memory, a fault injector around any port, and connections on loopback.
package port

import (
	"sync"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// queue is what a kernel holds for a reader: about 32 reports.
const queue = 32

type report = [ocb.ReportSize]byte

// cable is what both ends of a pair share.
type cable struct {
	once sync.Once
	out  chan struct{} // closed when the cable is out
}

func (c *cable) unplug() { c.once.Do(func() { close(c.out) }) }

// Memory is one end of a pair in memory.
type Memory struct {
	cable *cable
	in    <-chan report
	other chan<- report
}

// Pair returns the two ends of a cable. Each direction holds 32 reports; a
// writer waits while they are unread. Closing either end is the unplug of both.
func Pair() (host, box *Memory) {
	c := &cable{out: make(chan struct{})}
	down, up := make(chan report, queue), make(chan report, queue)
	return &Memory{cable: c, in: up, other: down}, &Memory{cable: c, in: down, other: up}
}

// ReadReport waits for the next report.
func (m *Memory) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	select {
	case *r = <-m.in:
		return ocb.ReportSize, nil
	default:
	}
	select {
	case *r = <-m.in:
		return ocb.ReportSize, nil
	case <-m.cable.out:
		return 0, reading.Unplugged
	}
}

// WriteReport waits for room and sends.
func (m *Memory) WriteReport(r *[ocb.ReportSize]byte) error {
	select {
	case <-m.cable.out:
		return reading.Unplugged
	default:
	}
	select {
	case m.other <- *r:
		return nil
	case <-m.cable.out:
		return reading.Unplugged
	}
}

// Close pulls the cable.
func (m *Memory) Close() error {
	m.cable.unplug()
	return nil
}

// Paced lets a port read at most one report per interval, as an interrupt
// endpoint does. Sleeping is coarse, so what was slept too long is caught up on.
func Paced(p ocb.Port, interval time.Duration) ocb.Port {
	return &paced{Port: p, interval: interval}
}

type paced struct {
	ocb.Port
	interval time.Duration
	next     time.Time
}

// ReadReport waits for the report and for its turn.
func (p *paced) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := p.Port.ReadReport(r)
	now := time.Now()
	if p.next.Before(now.Add(-20 * time.Millisecond)) { // it was idle: no catching up on that
		p.next = now
	}
	p.next = p.next.Add(p.interval)
	if wait := p.next.Sub(now); wait > time.Millisecond {
		time.Sleep(wait)
	}
	return n, err
}
