package ocb

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Sizes of a report.
const (
	ReportSize = 64   // bytes on the wire, always
	PayloadMax = 57   // of which at most these carry a message
	magic      = 0x43 // first byte; never 0, which hidapi eats in a write on Linux and macOS
)

// Kind says what a frame carries.
type Kind uint8

// Kinds of frames. Credit, heartbeat and event always fit one frame and may
// stand between the fragments of another message.
const (
	KindRequest   Kind = 1
	KindResponse  Kind = 2
	KindStream    Kind = 3
	KindCredit    Kind = 4
	KindHeartbeat Kind = 5
	KindEvent     Kind = 6
)

// single says that a kind never takes more than one frame.
func (k Kind) single() bool { return k >= KindCredit }

const (
	firstBit = 0x80
	lastBit  = 0x40
)

// Frame is one report.
type Frame struct {
	Kind        Kind
	First, Last bool
	Session     uint16 // 0 only in HELLO and its answer
	// Counter runs by one per direction and session from 1, modulo 2¹⁶. A
	// heartbeat repeats the counter of the last other frame.
	Counter uint16
	Used    int
	Data    [PayloadMax]byte
}

// Payload returns the used bytes.
func (f *Frame) Payload() []byte { return f.Data[:f.Used] }

var errNotOurs = errors.New("not an OCB/1 report")

// ErrStray is a fragment whose beginning was lost.
var ErrStray = errors.New("fragment without a beginning")

// Encode writes the frame as a report.
func (f *Frame) Encode(r *[ReportSize]byte) {
	*r = [ReportSize]byte{magic, byte(f.Kind)}
	if f.First {
		r[1] |= firstBit
	}
	if f.Last {
		r[1] |= lastBit
	}
	binary.LittleEndian.PutUint16(r[2:], f.Session)
	binary.LittleEndian.PutUint16(r[4:], f.Counter)
	r[6] = byte(f.Used)
	copy(r[7:], f.Data[:f.Used])
}

// ParseFrame reads a report. It refuses anything that an OCB/1 side never
// sends: a wrong size or first byte, an unknown kind, a fragment of a
// single-frame kind, more than 57 bytes used, unused bytes that are not zero.
func ParseFrame(b []byte) (Frame, error) {
	if len(b) != ReportSize || b[0] != magic {
		return Frame{}, errNotOurs
	}
	f := Frame{
		Kind:    Kind(b[1] &^ (firstBit | lastBit)),
		First:   b[1]&firstBit != 0,
		Last:    b[1]&lastBit != 0,
		Session: binary.LittleEndian.Uint16(b[2:]),
		Counter: binary.LittleEndian.Uint16(b[4:]),
		Used:    int(b[6]),
	}
	if f.Kind < KindRequest || f.Kind > KindEvent || f.Used > PayloadMax {
		return Frame{}, errNotOurs
	}
	if f.Kind.single() && (!f.First || !f.Last) {
		return Frame{}, fmt.Errorf("fragmented frame of kind %d", f.Kind)
	}
	for _, c := range b[7+f.Used:] {
		if c != 0 {
			return Frame{}, errNotOurs
		}
	}
	copy(f.Data[:], b[7:7+f.Used])
	return f, nil
}

// Fragments returns the number of frames that a message of n bytes takes.
func Fragments(n int) int { return max(1, (n+PayloadMax-1)/PayloadMax) }

// Fragment returns frame i (from 0) of an encoded message. The counter is left to the sender.
func Fragment(kind Kind, session uint16, msg []byte, i int) Frame {
	f := Frame{Kind: kind, Session: session, First: i == 0, Last: i == Fragments(len(msg))-1}
	f.Used = copy(f.Data[:], msg[min(i*PayloadMax, len(msg)):])
	return f
}

// Window is how far a credit may be above the box's counter, and a counter behind the one that is expected: more than the
// frames that can be under way (24 by credit, one message of a host).
const Window = 128

// Ahead is how far ahead of the expected one a counter is believed. What is believed gives a credit of 24 more, which the box
// must be able to believe as well, or neither hears the other again.
const Ahead = Window - Credit

// Order says how a counter stands to the one that is expected next.
type Order int

// Orders of a frame.
const (
	InOrder  Order = iota
	Repeated       // seen before, or late: drop it
	Skipped        // frames before it are lost
	Absurd         // neither: a damaged or foreign frame; drop it
)

// Compare places counter against the expected one, modulo 2¹⁶.
func Compare(expected, counter uint16) Order {
	switch d := int16(counter - expected); {
	case d == 0:
		return InOrder
	case d < 0 && d >= -Window:
		return Repeated
	case d > 0 && d <= Ahead:
		return Skipped
	}
	return Absurd
}

// Expected follows the counters of one direction. Next is the counter that comes next.
type Expected struct {
	Next  uint16
	stray uint16 // counter of the last frame, if that was dropped
	run   bool   // it was
}

// Hear places a frame's counter and moves on, unless the frame is to be
// dropped. Counters have no checksum: a damaged one may have been believed, and
// all that comes after it would be dropped as seen before. So the second of two
// dropped frames that follow each other is taken, as one before which frames are lost.
func (e *Expected) Hear(counter uint16) Order {
	o := Compare(e.Next, counter)
	if o == Repeated || o == Absurd {
		if !e.run || counter != e.stray+1 {
			e.stray, e.run = counter, true
			return o
		}
		o = Skipped
	}
	e.Next, e.run = counter+1, false
	return o
}

// Allowed says that a frame with this counter may be sent under a credit.
func Allowed(counter, credit uint16) bool { return int16(credit-counter) >= 0 }

// Assembler puts the fragments of messages together. The zero Assembler with
// Limit set is ready; Limit is the longest message in bytes, header and check
// included. Callers see to sessions and counters, and Reset it at a gap.
type Assembler struct {
	Limit int
	buf   []byte
	kind  Kind
	open  bool
}

// Reset forgets what is under way.
func (a *Assembler) Reset() { a.buf, a.open = a.buf[:0], false }

// Add takes the next frame. It gives a message when one is complete; ok is
// false while one is under way. After an error the message is dropped and the
// next first fragment starts anew. The message's body is the caller's to keep.
func (a *Assembler) Add(f *Frame) (m Message, ok bool, err error) {
	if f.Kind.single() {
		m, err = ParseMessage(f.Payload(), PayloadMax)
		return m, err == nil, err
	}
	if f.First {
		a.buf, a.kind, a.open = a.buf[:0], f.Kind, true
	}
	if !a.open || f.Kind != a.kind {
		a.Reset()
		return Message{}, false, ErrStray
	}
	if len(a.buf)+f.Used > a.Limit {
		a.Reset()
		return Message{}, false, fmt.Errorf("message longer than %d bytes", a.Limit)
	}
	a.buf = append(a.buf, f.Payload()...)
	if !f.Last {
		return Message{}, false, nil
	}
	m, err = ParseMessage(a.buf, a.Limit)
	a.Reset()
	return m, err == nil, err
}
