package host

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// greeting is what is known of the HELLOs of one opening. A box begins a session with each of them, so that the one which
// it heard last counts: on a cable that doubles or swaps reports, or with a box that is slow, this may be another than the first
// that was answered.
type greeting struct {
	sent   map[ocb.UID]time.Time // when, by nonce
	latest ocb.UID
	in     ocb.Assembler
	next   uint16             // counter of the next frame of an answer
	heard  chan ocb.Status    // answers to the latest, and refusals, which name none
	late   chan time.Duration // how long an answer to an earlier one took
}

func newGreeting() greeting {
	return greeting{
		sent: map[ocb.UID]time.Time{}, in: ocb.Assembler{Limit: ocb.MaxFromBox}, heard: make(chan ocb.Status, 4), late: make(chan time.Duration, 4),
	}
}

// hearHello collects the answer to HELLO. Its counters run from 0 within the answer.
func (l *link) hearHello(f *ocb.Frame) {
	g := &l.greeting
	if f.First {
		g.next = 0
	}
	if f.Counter != g.next {
		g.in.Reset()
		return
	}
	g.next++
	m, ok, err := g.in.Add(f)
	if err != nil || !ok || m.Command != ocb.CmdHello {
		return
	}
	if m.Status != ocb.OK {
		g.tell(m.Status)
		return
	}
	a, err := ocb.ParseHelloAnswer(m.Body)
	sent, ours := g.sent[a.Nonce]
	switch {
	case err != nil || !ours || a.Session == 0:
		l.stats.Foreign++
	case a.Version != ocb.Version: // it should have refused
		g.tell(ocb.OutOfRange)
	case l.session == 0 && a.Nonce != g.latest: // its session ends with the next HELLO, which is under way
		select {
		case g.late <- time.Since(sent):
		default:
		}
	case l.session == 0:
		l.begin(a)
		l.trip.took(time.Since(sent))
		g.tell(ocb.OK)
	case a.Session != l.session && a.Box == l.hello.Box && a.Log == l.hello.Log: // it heard this HELLO after the other one
		l.begin(a)
		l.lost()
	}
}

func (g *greeting) tell(s ocb.Status) {
	select {
	case g.heard <- s:
	default:
	}
}

// begin takes the session that an answer to HELLO names.
func (l *link) begin(a ocb.HelloAnswer) {
	l.hello, l.session, l.expect, l.told, l.counter, l.lastFrame = a, a.Session, ocb.Expected{Next: 1}, ocb.Credit, 0, time.Now()
	l.in.Reset()
}

// greeted is the answer to HELLO that the session stands on.
func (l *link) greeted() ocb.HelloAnswer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hello
}

// greet says HELLO until it is answered.
func (l *link) greet(ctx context.Context, installation ocb.UID) (ocb.HelloAnswer, error) {
	l.mu.Lock()
	l.session, l.greeting = 0, newGreeting()
	l.mu.Unlock()
	var slow time.Duration // how long the box took for an earlier one
	for try := range l.timing.tries() {
		if err := l.sayHello(ctx, installation); err != nil {
			return ocb.HelloAnswer{}, err
		}
		done, err := l.answered(ctx, l.timing.hello(try), &slow)
		if err != nil {
			return ocb.HelloAnswer{}, err
		}
		if done {
			return l.greeted(), nil
		}
	}
	return ocb.HelloAnswer{}, fmt.Errorf("%w: no answer to HELLO", reading.Silent)
}

// hello is how long the answer to a HELLO is waited for: now and then longer, for a box that needs longer and begins anew with
// each. Of most boxes nothing but the cable is the matter: they are asked again soon.
func (t Timing) hello(try int) time.Duration {
	return t.Resend * [...]time.Duration{1, 1, 2, 1, 1, 4}[try%6]
}

func (l *link) sayHello(ctx context.Context, installation ocb.UID) error {
	var nonce ocb.UID
	_, _ = rand.Read(nonce[:])
	l.mu.Lock()
	l.greeting.latest, l.greeting.sent[nonce] = nonce, time.Now()
	l.mu.Unlock()
	body := ocb.Hello{Nonce: nonce, Version: ocb.Version, Credit: ocb.Credit, Installation: installation}.Encode()
	return l.enqueue(ctx, outgoing{ocb.KindRequest, 0, ocb.Message{Command: ocb.CmdHello, Body: body}.Encode()})
}

// answered waits for the answer to the latest HELLO. While a box answers earlier ones it is only slow: then no further one is
// said. A refusal has no nonce, and may be that of another program's: it counts where nothing better comes.
func (l *link) answered(ctx context.Context, patience time.Duration, slow *time.Duration) (bool, error) {
	g := &l.greeting // its channels stay
	patience = max(patience, min(2**slow, l.timing.Resend<<3))
	wait := time.NewTimer(patience)
	defer wait.Stop()
	refused := ocb.OK
	for {
		select {
		case s := <-g.heard:
			if s == ocb.OK {
				return true, nil
			}
			refused = s
		case took := <-g.late:
			*slow = max(*slow, took)
			wait.Reset(max(patience, min(2**slow, l.timing.Resend<<3)))
		case <-wait.C:
			if refused != ocb.OK {
				return false, fmt.Errorf("%w: HELLO: %w", reading.Protocol, refused)
			}
			return false, nil
		case <-l.failed:
			return false, l.cause()
		case <-ctx.Done():
			return false, deadline(ctx, "HELLO")
		}
	}
}
