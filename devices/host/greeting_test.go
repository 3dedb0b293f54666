package host_test

import (
	"errors"
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// greeter is a box that does nothing but greet and tell about itself; each HELLO begins a session, which is the only one from then on.
type greeter struct{ *evil }

// accept begins a session and answers.
func (g *greeter) accept(hello ocb.Message) {
	h, _ := ocb.ParseHello(hello.Body)
	g.session++
	g.send(ocb.KindResponse, ocb.Message{Command: ocb.CmdHello, Body: ocb.HelloAnswer{Nonce: h.Nonce, Version: 1, Session: g.session}.Encode()})
}

func (g *greeter) refuse(s ocb.Status) {
	g.send(ocb.KindResponse, ocb.Message{Command: ocb.CmdHello, Status: s})
}

// meetGreeter connects a host to it. Requests of its session are answered; each HELLO is the script's, on one goroutine.
func meetGreeter(t *testing.T, script func(g *greeter, hello ocb.Message, next <-chan ocb.Message)) (*host.Box, error) {
	t.Helper()
	near, far := port.Pair()
	g := &greeter{&evil{p: far, done: make(chan struct{})}}
	hellos := make(chan ocb.Message, 64)
	requests := make(chan ocb.Frame, 64)
	go func() {
		defer close(g.done)
		var r [ocb.ReportSize]byte
		for {
			n, err := far.ReadReport(&r)
			if err != nil {
				return
			}
			f, err := ocb.ParseFrame(r[:n])
			if err != nil || f.Kind != ocb.KindRequest {
				continue
			}
			if m, err := ocb.ParseMessage(f.Payload(), ocb.PayloadMax); err == nil && m.Command == ocb.CmdHello {
				hellos <- m
			} else {
				requests <- f
			}
		}
	}()
	go func() {
		for {
			select {
			case m := <-hellos:
				script(g, m, hellos)
			case f := <-requests:
				if m, err := ocb.ParseMessage(f.Payload(), ocb.PayloadMax); err == nil && f.Session == g.session {
					g.answer(m, ocb.Info{Label: "Hall"}.Encode())
				}
			case <-g.done:
				return
			}
		}
	}()
	timing := quick
	timing.Answer = 800 * time.Millisecond
	h, err := host.Open(t.Context(), near, host.Options{Timing: timing})
	if err == nil {
		t.Cleanup(func() { h.Close() })
	}
	return h, err
}

// A box that needs longer for HELLO than the host waits before it says it again is opened: one that answers each in turn, also
// much later, one that answers them side by side, and one that begins anew with each. So is one whose cable brings a
// HELLO twice, or an older one after a newer.
func TestSlowGreetings(t *testing.T) {
	turn := func(d time.Duration) func(*greeter, ocb.Message, <-chan ocb.Message) {
		return func(g *greeter, m ocb.Message, _ <-chan ocb.Message) {
			time.Sleep(d)
			g.accept(m)
		}
	}
	n := 0
	for name, script := range map[string]func(*greeter, ocb.Message, <-chan ocb.Message){
		"a little late":  turn(45 * time.Millisecond),
		"twice too late": turn(90 * time.Millisecond),
		"five times":     turn(200 * time.Millisecond),
		"anew with each": func(g *greeter, m ocb.Message, next <-chan ocb.Message) {
			for late := time.NewTimer(70 * time.Millisecond); ; {
				select {
				case m = <-next:
					late.Reset(70 * time.Millisecond)
				case <-late.C:
					g.accept(m)
					return
				}
			}
		},
		"doubled": func(g *greeter, m ocb.Message, _ <-chan ocb.Message) {
			g.accept(m)
			g.accept(m)
		},
		"the older one last": func(g *greeter, m ocb.Message, next <-chan ocb.Message) {
			if n++; n > 1 {
				g.accept(m)
				return
			}
			g.accept(<-next)
			g.accept(m)
		},
		"refused to another": func(g *greeter, m ocb.Message, _ <-chan ocb.Message) {
			g.refuse(ocb.OutOfRange)
			g.accept(m)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := meetGreeter(t, script)
			if err != nil {
				t.Fatal(err)
			}
			if i, err := h.Info(t.Context()); err != nil || i.Label != "Hall" {
				t.Error(i.Label, err)
			}
		})
	}
}

// A box that refuses is not asked for ever, and its reason is said.
func TestRefusedGreeting(t *testing.T) {
	_, err := meetGreeter(t, func(g *greeter, _ ocb.Message, _ <-chan ocb.Message) { g.refuse(ocb.OutOfRange) })
	if !errors.Is(err, reading.Protocol) || !errors.Is(err, ocb.OutOfRange) {
		t.Error(err)
	}
}

// An answer of another version than was asked for is a refusal.
func TestGreetingOfAnotherVersion(t *testing.T) {
	_, err := meetGreeter(t, func(g *greeter, m ocb.Message, _ <-chan ocb.Message) {
		h, _ := ocb.ParseHello(m.Body)
		g.send(ocb.KindResponse, ocb.Message{Command: ocb.CmdHello, Body: ocb.HelloAnswer{Nonce: h.Nonce, Version: 2, Session: 3}.Encode()})
	})
	if !errors.Is(err, reading.Protocol) {
		t.Error(err)
	}
}

// helloAgain doubles HELLO, the second one behind its answer, so that the box begins a session that the host did not see begin.
type helloAgain struct {
	ocb.Port
	hello [ocb.ReportSize]byte
}

func (d *helloAgain) WriteReport(r *[ocb.ReportSize]byte) error {
	if f, err := ocb.ParseFrame(r[:]); err == nil && f.Session == 0 {
		d.hello = *r
	} else if err == nil && d.hello[0] != 0 {
		again := d.hello
		d.hello = [ocb.ReportSize]byte{}
		if err := d.Port.WriteReport(&again); err != nil {
			return err
		}
	}
	return d.Port.WriteReport(r)
}

// A session that began anew unseen costs nothing but a repetition, also of what carries a MAC.
func TestSessionBeginsAnewUnseen(t *testing.T) {
	for _, what := range []string{"info", "label", "chunk"} {
		b, _ := newBox(t, simbox.Factory{})
		past(t, b, 100)
		key, keys := make([]byte, 32), new(host.MemoryKeys)
		id, _ := ocb.ParseUID(string(office))
		if err := errors.Join(b.PairWith(id, key), keys.Save(b.UID().String(), key)); err != nil {
			t.Fatal(err)
		}
		near, far := port.Pair()
		served := make(chan error, 1)
		go func() { served <- b.Serve(far) }()
		o := host.Options{Installation: office, Keys: keys, Timing: quick, Closed: func() error { return <-served }}
		h, err := host.Open(t.Context(), &helloAgain{Port: near}, o)
		if err != nil {
			t.Fatal(err)
		}
		switch what {
		case "info":
			_, err = h.Info(t.Context())
		case "label":
			err = h.SetLabel(t.Context(), "Hall")
		case "chunk":
			_, err = h.Chunk(t.Context(), reading.Chain{}, 50)
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		h.Close()
	}
}
