package simbox

import (
	"crypto/rand"
	"errors"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// heartbeatsUnheard is how many heartbeats may follow the host's last frame:
// with 24 frames of credit they fit the queue of a host that stopped reading.
const heartbeatsUnheard = 4

// Serve answers a host on a port until the port ends. One host at a time:
// another Serve gets reading.InUse. It closes the port.
func (b *Box) Serve(p ocb.Port) error {
	b.mu.Lock()
	busy := b.serving
	b.serving = true
	b.mu.Unlock()
	if busy {
		_ = p.Close()
		return reading.InUse
	}
	taps := make(chan ocb.Record, 8)
	s := &session{b: b, p: p, taps: taps, in: ocb.Assembler{Limit: ocb.MaxFromHost}}
	b.watch(taps, true)
	defer func() {
		b.watch(taps, false)
		_ = p.Close()
		b.mu.Lock()
		b.serving = false
		b.mu.Unlock()
	}()
	return s.run()
}

func (b *Box) watch(c chan ocb.Record, on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if on {
		b.watchers[c] = true
	} else {
		delete(b.watchers, c)
	}
}

// session is the state of one host's visit. One goroutine runs it; a second
// one reads the port.
type session struct {
	b    *Box
	p    ocb.Port
	taps chan ocb.Record

	id           uint16 // 0: none yet
	nonce        ocb.UID
	installation ocb.UID
	in           ocb.Assembler
	expect       ocb.Expected // of the host's frames
	counter      uint16       // of our last frame
	credit       uint16
	unheard      int  // heartbeats since the host's last frame
	left         bool // it said BYE
	out          [][]byte
	outKind      []ocb.Kind
	sent         int // fragments of out[0] that are sent
	hello        bool

	lastTx   uint16 // of the last request, with what it was and what we answered
	lastCmd  ocb.Command
	lastBody string
	answer   []byte

	stream  *stream
	pending *pendingList
}

func (s *session) run() error {
	frames, ended := make(chan ocb.Frame, 256), make(chan error, 1)
	done := make(chan struct{})
	defer close(done)
	go func() { ended <- readFrames(s.p, frames, done) }()
	beat := time.NewTimer(s.b.o.Heartbeat)
	defer beat.Stop()
	for {
		if s.canSend() {
			select { // listen before each frame, so that ABORT and CREDIT are heard in time
			case f := <-frames:
				s.hear(&f)
			case r := <-s.taps:
				if err := s.tell(r); err != nil {
					return quietEnd(err)
				}
			case err := <-ended:
				return quietEnd(err)
			default:
				if err := s.send(); err != nil {
					return quietEnd(err)
				}
				beat.Reset(s.b.o.Heartbeat)
			}
			continue
		}
		select {
		case f := <-frames:
			s.hear(&f)
		case r := <-s.taps:
			if err := s.tell(r); err != nil {
				return quietEnd(err)
			}
		case <-beat.C:
			beat.Reset(s.b.o.Heartbeat)
			if err := s.heartbeat(); err != nil {
				return quietEnd(err)
			}
		case err := <-ended:
			return quietEnd(err)
		}
	}
}

// quietEnd makes the usual end, a pulled cable, no error.
func quietEnd(err error) error {
	if errors.Is(err, reading.Unplugged) {
		return nil
	}
	return err
}

func readFrames(p ocb.Port, frames chan<- ocb.Frame, done <-chan struct{}) error {
	var r [ocb.ReportSize]byte
	for {
		n, err := p.ReadReport(&r)
		if err != nil {
			return err
		}
		f, err := ocb.ParseFrame(r[:n])
		if err != nil {
			continue
		}
		select {
		case frames <- f:
		case <-done:
			return nil
		}
	}
}

// hear takes one frame of the host.
func (s *session) hear(f *ocb.Frame) {
	if f.Session == 0 { // only HELLO, always in one frame
		if f.Kind == ocb.KindRequest && f.First && f.Last {
			if m, err := ocb.ParseMessage(f.Payload(), ocb.PayloadMax); err == nil && m.Command == ocb.CmdHello {
				s.greet(m)
			}
		}
		return
	}
	if s.id == 0 || f.Session != s.id {
		return
	}
	switch s.expect.Hear(f.Counter) {
	case ocb.Skipped:
		s.in.Reset()
	case ocb.Repeated, ocb.Absurd:
		return
	}
	s.unheard, s.left = 0, false
	m, ok, err := s.in.Add(f)
	if err != nil || !ok {
		return
	}
	switch {
	case f.Kind == ocb.KindCredit && m.Command == ocb.CmdCredit:
		s.takeCredit(m.Body)
	case f.Kind == ocb.KindRequest:
		s.request(m)
	}
}

// takeCredit raises the credit; a stale or absurd one changes nothing.
func (s *session) takeCredit(body []byte) {
	c, err := ocb.ParseCredit(body)
	if err == nil && ocb.Allowed(s.credit, c.Counter) && c.Counter-s.counter <= ocb.Window {
		s.credit = c.Counter
	}
}

// greet begins a new session; whatever went before is forgotten.
func (s *session) greet(m ocb.Message) {
	h, err := ocb.ParseHello(m.Body)
	if err != nil || h.Version != ocb.Version {
		status := ocb.Malformed
		if err == nil {
			status = ocb.OutOfRange
		}
		s.reset(0)
		s.push(ocb.KindResponse, ocb.Message{Command: ocb.CmdHello, Status: status, Transaction: m.Transaction})
		return
	}
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.serial == 0 {
		var r [2]byte
		_, _ = rand.Read(r[:])
		b.serial = uint16(r[0]) | uint16(r[1])<<8
	}
	b.serial++
	if b.serial == 0 {
		b.serial = 1
	}
	s.reset(b.serial)
	s.installation = h.Installation
	s.credit = min(h.Credit, ocb.Credit)
	_, _ = rand.Read(s.nonce[:])
	s.hello = true
	s.push(ocb.KindResponse, ocb.Message{Command: ocb.CmdHello, Transaction: m.Transaction, Body: ocb.HelloAnswer{
		Nonce: h.Nonce, Version: ocb.Version, Session: s.id, Box: b.m.UID, Log: b.m.Log, BoxNonce: s.nonce,
		MaxFromBox: ocb.MaxFromBox, MaxFromHost: ocb.MaxFromHost, ListMax: uint32(b.m.ListMax),
		Time: uint64(max(0, b.clock().UnixMilli())), ClockSet: b.m.ClockSet,
	}.Encode()})
}

func (s *session) reset(id uint16) {
	s.id, s.expect, s.counter, s.credit, s.unheard = id, ocb.Expected{Next: 1}, 0, 0, 0
	s.out, s.outKind, s.sent, s.hello = nil, nil, 0, id == 0
	s.lastTx, s.lastCmd, s.lastBody, s.answer = 0, 0, "", nil
	s.stream, s.pending, s.left = nil, nil, false
	s.in.Reset()
}

func (s *session) push(k ocb.Kind, m ocb.Message) {
	s.out, s.outKind = append(s.out, m.Encode()), append(s.outKind, k)
}

// canSend says that there is a frame to send and credit for it.
func (s *session) canSend() bool {
	if len(s.out) == 0 && s.stream == nil {
		return false
	}
	return s.hello || ocb.Allowed(s.counter+1, s.credit)
}

// send sends the next frame of what waits: answers first, then the stream.
func (s *session) send() error {
	if len(s.out) == 0 {
		s.streamOn()
		if len(s.out) == 0 {
			return nil
		}
	}
	f := ocb.Fragment(s.outKind[0], s.id, s.out[0], s.sent)
	if s.hello { // the answer to HELLO: session 0 and counters of its own
		f.Session, f.Counter = 0, uint16(s.sent)
	} else {
		s.counter++
		f.Counter = s.counter
	}
	s.sent++
	if f.Last {
		s.out, s.outKind, s.sent, s.hello = s.out[1:], s.outKind[1:], 0, false
	}
	return s.write(&f)
}

func (s *session) write(f *ocb.Frame) error {
	var r [ocb.ReportSize]byte
	f.Encode(&r)
	return s.p.WriteReport(&r)
}

// heartbeat says that the box lives, with the counter of its last frame so
// that the host finds out about lost ones. It takes no credit.
func (s *session) heartbeat() error {
	if s.id == 0 || s.unheard >= heartbeatsUnheard {
		return nil
	}
	s.unheard++
	b := s.b
	b.mu.Lock()
	body := ocb.Heartbeat{Last: b.s.safeLast(), Battery: b.battery, Time: uint64(max(0, b.clock().UnixMilli()))}.Encode()
	b.mu.Unlock()
	f := ocb.Fragment(ocb.KindHeartbeat, s.id, ocb.Message{Command: ocb.CmdHeartbeat, Body: body}.Encode(), 0)
	f.Counter = s.counter
	return s.write(&f)
}

func (s *store) safeLast() uint64 {
	if s == nil {
		return 0
	}
	return s.last()
}

// tell announces a punch, if there is credit.
func (s *session) tell(r ocb.Record) error {
	if s.id == 0 || s.left || s.hello || !ocb.Allowed(s.counter+1, s.credit) {
		return nil
	}
	raw := r.Encode()
	f := ocb.Fragment(ocb.KindEvent, s.id, ocb.Message{Command: ocb.CmdEvent, Body: raw[:]}.Encode(), 0)
	s.counter++
	f.Counter = s.counter
	return s.write(&f)
}
