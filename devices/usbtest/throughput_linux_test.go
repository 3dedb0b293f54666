//go:build cgo

package usbtest

import (
	"math"
	"strings"
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
	"klokkast/devices/usbip"
	"klokkast/devices/usbport"
)

// rates are what one port carried in one run, a second.
type rates struct{ reports, records float64 }

// share is the part of what the reports can carry that a reading made of it.
func (r rates) share() float64 {
	return 100 * r.records / (r.reports * ocb.PayloadMax / ocb.RecordSize)
}

// How many records a second the driver gets, against how many reports the same
// port carries in the same run when nothing but reports goes over it.
//
// Flat out, one emulated processor plays computer, kernel, controller and box,
// and the box's own work counts against the driver as much as the driver's; that is
// told. Paced, a report is due at intervals that this processor can keep up with,
// as at a cable: there the bar is nine tenths, and the stream's form takes three
// hundredths. BAR demands it: on a machine with other work to do the numbers tell nothing.
func TestThroughput(t *testing.T) {
	l := newLab(t)
	n := number("SPEED_RECORDS", 1000)
	b := l.box(n, "Balie")
	flat := l.measure(b, n, 0)
	// Room for what a reading costs besides its reports, and never faster than a cable.
	// Rounded up, for its timer counts milliseconds: rounded down the processor, not the port, would set the pace.
	pace := time.Duration(math.Ceil(5000/flat.reports)) * time.Millisecond
	paced := l.measure(b, n, pace)
	tell := func(name string, r rates) {
		t.Logf("%s: %.0f reports/s raw, %.0f records/s read: %.0f %% of the payload limit; 100,000 records would take %.0f s",
			name, r.reports, r.records, r.share(), 100_000/r.records)
	}
	tell("flat out", flat)
	tell("a report each "+pace.String(), paced)
	if bar := number("BAR", 0); paced.share() < float64(bar) {
		t.Errorf("%.0f %% of a paced port's payload limit, not %d", paced.share(), bar)
	}
}

// measure takes the best of some rounds, since whatever else runs on the
// machine makes single ones slow: each first floods the port and then reads
// the box through it.
func (l *lab) measure(b *simbox.Box, n int, pace time.Duration) (best rates) {
	l.t.Helper()
	const rounds = 3
	g, err := usbip.Attach(0, usbip.ClockBox(usbport.TestID.Vendor, usbport.TestID.Product, "SPEED"), pace)
	if err != nil {
		l.t.Fatal(err)
	}
	path := l.found(1)[0].Path
	for range rounds {
		best.reports = max(best.reports, l.flood(g, path, n*ocb.RecordSize/ocb.PayloadMax))
		best.records = max(best.records, l.stream(g, b, path, n))
	}
	_ = g.Close()
	l.found(0)
	return best
}

// flood returns how many reports a second go through a port.
func (l *lab) flood(g *usbip.Gadget, path string, n int) float64 {
	l.t.Helper()
	raw, err := usbport.Open(usbport.TestID, strings.TrimPrefix(path, "usb:"))
	if err != nil {
		l.t.Fatal(err)
	}
	defer raw.Close()
	const madeUp = 100 * time.Millisecond // a machine with other work to do loses reports on the way: more come until all are counted
	done := make(chan struct{})
	defer close(done)
	go func() {
		for sent := 1; g.WriteReport(&[ocb.ReportSize]byte{0x43}) == nil; sent++ {
			if sent < n {
				continue
			}
			select {
			case <-done:
				return
			case <-time.After(madeUp):
			}
		}
	}()
	var r [ocb.ReportSize]byte
	begun := time.Now()
	for range n {
		if _, err := raw.ReadReport(&r); err != nil {
			l.t.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}

// visit is a gadget that outlives the box's visit at it.
type visit struct {
	*usbip.Gadget
	over chan struct{}
}

// stream returns how many records a second a reading gets, from the opening of the log to its proven end.
func (l *lab) stream(g *usbip.Gadget, b *simbox.Box, path string, n int) float64 {
	l.t.Helper()
	v, served := visit{g, make(chan struct{})}, make(chan error, 1)
	go func() { served <- b.Serve(v) }()
	h, err := l.finder.Open(l.t.Context(), path)
	if err != nil {
		l.t.Fatal(err)
	}
	begun := time.Now()
	c, err := h.(reading.Box).Chunk(l.t.Context(), reading.Chain{}, n)
	took := time.Since(begun)
	if err != nil || len(c.Records) != n {
		l.t.Errorf("%d records of %d: %v", len(c.Records), n, err)
	}
	if err := h.Close(); err != nil {
		l.t.Error(err)
	}
	close(v.over)
	if err := <-served; err != nil {
		l.t.Error(err)
	}
	return float64(n) / took.Seconds()
}

// ReadReport ends with the visit.
func (v visit) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	return v.ReadUntil(r, v.over)
}

// Close leaves the cable in.
func (v visit) Close() error { return nil }
