package host_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// lastFrame is a cable that damages one counter at the worst moment: that of the last frame which the box's credit allows,
// so that no frame can follow it before the host gives more. CREDIT before that is lost.
type lastFrame struct {
	ocb.Port
	ahead uint16
	done  atomic.Bool
}

func (c *lastFrame) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := c.Port.ReadReport(r)
	if f, bad := ocb.ParseFrame(r[:n]); err == nil && bad == nil && f.Session != 0 && f.Counter == ocb.Credit && f.Kind == ocb.KindStream && !c.done.Swap(true) {
		f.Counter += c.ahead
		f.Encode(r)
	}
	return n, err
}

func (c *lastFrame) WriteReport(r *[ocb.ReportSize]byte) error {
	if f, err := ocb.ParseFrame(r[:]); err == nil && f.Kind == ocb.KindCredit && !c.done.Load() {
		return nil
	}
	return c.Port.WriteReport(r)
}

// A counter that was damaged to a later one is believed by mistake, whichever bits were hit: the credit that follows from
// it is one that the box still believes. (Else neither hears the other again: LOG_OPENs went out by the hundred.)
func TestDamagedCounterOfTheLastFrame(t *testing.T) {
	for _, ahead := range []uint16{1, 64, ocb.Ahead, ocb.Ahead + 1, ocb.Window, ocb.Window + 1, 256, 1 << 15} {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			b, _ := newBox(t, simbox.Factory{})
			past(t, b, 200)
			near, far := port.Pair()
			served := make(chan error, 1)
			go func() { served <- b.Serve(far) }()
			cable := &lastFrame{Port: near, ahead: ahead}
			h, err := host.Open(t.Context(), cable, host.Options{Timing: quick, Closed: func() error { return <-served }})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			records, _, _, err := readAll(t.Context(), h, reading.Chain{}, 4096)
			if err != nil || len(records) != 201 || !cable.done.Load() {
				t.Fatal(len(records), err, h.Stats())
			}
		})
	}
}
