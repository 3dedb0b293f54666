package host_test

import (
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// thinking is the box's end of a cable of a box that takes its time for each answer, and hears nothing meanwhile.
type thinking struct {
	ocb.Port
	time  time.Duration
	opens int // LOG_OPENs that it heard
}

func (s *thinking) WriteReport(r *[ocb.ReportSize]byte) error {
	if f, err := ocb.ParseFrame(r[:]); err == nil && f.Kind == ocb.KindResponse && f.First {
		if f.Data[0] == byte(ocb.CmdLogOpen) {
			s.opens++
		}
		time.Sleep(s.time)
	}
	return s.Port.WriteReport(r)
}

// A box whose every answer, that to HELLO too, takes longer than the host waits at first is read whole, and once it is known
// it is asked once: 450 ms and 1 s in the protocol's own times.
func TestSlowAnswers(t *testing.T) {
	for name, each := range map[string]time.Duration{"450 ms": quick.Resend * 9 / 8, "1 s": quick.Resend * 5 / 2} {
		t.Run(name, func(t *testing.T) {
			b, _ := newBox(t, simbox.Factory{})
			past(t, b, 500)
			near, far := port.Pair()
			box := &thinking{Port: far, time: each}
			served := make(chan error, 1)
			go func() { served <- b.Serve(box) }()
			cable := &helloAgain{Port: near} // so that a frame was lost once, too
			h, err := host.Open(t.Context(), cable, host.Options{Timing: quick, Closed: func() error { return <-served }})
			if err != nil {
				t.Fatal(err)
			}
			if i, err := h.Info(t.Context()); err != nil || i.Last != 501 {
				t.Error(i, err)
			}
			records, _, _, err := readAll(t.Context(), h, reading.Chain{}, 50)
			if err != nil || len(records) != 501 {
				t.Fatal(len(records), err, h.Stats())
			}
			if err := h.Close(); err != nil {
				t.Error(err)
			}
			if box.opens > 24 { // eleven pieces, and what it took to learn
				t.Errorf("the log was opened %d times", box.opens)
			}
		})
	}
}
