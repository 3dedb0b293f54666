package devices_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// decoder reads a session between host and box by the words of PROTOCOL.md
// alone, with nothing of package ocb: so that document and code cannot drift apart together.
type decoder struct {
	t               *testing.T
	side            [2]side // 0 from the host, 1 from the box
	credit          uint16
	uid, log, nonce []byte
	public, key     []byte // the box's, and the pairing's
	asked           map[uint16]message
	stream          *stream
	seen            map[string]int // messages and records met, by kind
	transaction     uint16         // the last one of the host
}

// side is what a receiver keeps of one direction.
type side struct {
	session, expected uint16
	kind              byte
	buf               []byte
}

type message struct {
	command, status byte
	transaction     uint16
	body            []byte
}

type stream struct {
	next  uint64
	count uint32
	crc   uint32
	h     [32]byte
}

func (d *decoder) check(ok bool, what string, more ...any) {
	if !ok {
		d.t.Helper()
		d.t.Fatal(append([]any{what}, more...)...)
	}
}

func u48(b []byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(b)) | uint64(b[4])<<32 | uint64(b[5])<<40
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func crc16(b []byte) uint16 {
	crc := uint16(0xFFFF)
	for _, c := range b {
		crc ^= uint16(c) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// report takes one report of a cable that loses nothing.
func (d *decoder) report(from int, r []byte) {
	s := &d.side[from]
	kind, session, counter, used := r[1]&0x3F, binary.LittleEndian.Uint16(r[2:]), binary.LittleEndian.Uint16(r[4:]), int(r[6])
	d.check(r[0] == 0x43 && kind >= 1 && kind <= 6 && used <= 57 && !slices.ContainsFunc(r[7+used:], func(c byte) bool { return c != 0 }), "report", r)
	switch {
	case session == 0: // HELLO, and its answer with counters of its own
		if r[1]&0x80 != 0 {
			s.expected = 0
		}
		d.check(counter == s.expected, "counter in HELLO", counter)
		s.expected++
	case kind == 5:
		d.check(counter == s.expected-1, "heartbeat's counter", counter)
	default:
		d.check(session == s.session && counter == s.expected, "counter", counter, s.expected)
		s.expected++
		d.check(from == 0 || int16(d.credit-counter) >= 0, "a frame beyond the credit", counter, d.credit)
	}
	payload := r[7 : 7+used]
	if kind < 4 {
		if r[1]&0x80 != 0 {
			s.kind, s.buf = kind, nil
		}
		d.check(kind == s.kind, "fragment of another kind")
		s.buf = append(s.buf, payload...)
		if r[1]&0x40 == 0 {
			d.check(used == 57, "a fragment that is not full")
			return
		}
		payload = s.buf
	} else {
		d.check(r[1]&0xC0 == 0xC0, "a credit, heartbeat or event in fragments")
	}
	d.check(len(payload) >= 12 && len(payload) <= [2]int{4096, 1024}[from], "length of a message", len(payload))
	n := len(payload) - 4
	d.check(crc32.Checksum(payload[:n], castagnoli) == binary.LittleEndian.Uint32(payload[n:]), "CRC-32C")
	d.check(int(binary.LittleEndian.Uint32(payload[4:])) == n-8, "length of the body")
	m := message{payload[0], payload[1], binary.LittleEndian.Uint16(payload[2:]), payload[8:n]}
	d.seen[string([]byte{" qrsche"[kind], m.command, m.status})]++
	switch kind {
	case 1:
		d.request(m)
	case 2:
		d.answer(m)
	case 3:
		d.part(m)
	case 4:
		d.raise(m.body)
	case 6:
		d.record(m.body)
	}
}

func (d *decoder) raise(b []byte) {
	if c := binary.LittleEndian.Uint16(b); int16(c-d.credit) > 0 {
		d.credit = c
	}
}

// signed are the commands with a MAC; those without are told by the length of their bodies.
var signed = map[byte]bool{0x04: true, 0x12: true, 0x20: true, 0x21: true, 0x22: true, 0x30: true, 0x41: true}

func (d *decoder) request(m message) {
	d.check(m.status == 0, "status of a request")
	lengths := map[byte]int{
		0x01: 35,
		0x02: 0,
		0x03: 0,
		0x04: 8,
		0x10: 12,
		0x12: 54,
		0x13: 16,
		0x20: 41,
		0x22: 4,
		0x31: 1,
		0x40: 48,
		0x41: 16,
		0x42: 0,
		0x50: 2,
		0x51: 0,
	}
	body := m.body
	if signed[m.command] {
		body = body[:len(body)-32]
		mac := hmac.New(sha256.New, d.key)
		mac.Write(
			slices.Concat(
				[]byte("OCB1-MAC"),
				d.nonce,
				binary.LittleEndian.AppendUint16(nil, d.side[0].session),
				binary.LittleEndian.AppendUint16(nil, m.transaction),
				[]byte{m.command},
				body,
			),
		)
		d.check(bytes.Equal(mac.Sum(nil), m.body[len(body):]), "MAC of command", m.command)
	}
	switch m.command {
	case 0x21:
		d.check(len(body) == 6+11*int(binary.LittleEndian.Uint16(body[4:])), "LIST_PUT")
	case 0x30:
		d.check(len(body) == 1+int(body[0]), "LABEL_SET")
	default:
		d.check(len(body) == lengths[m.command], "body of command", m.command, len(body))
	}
	switch m.command {
	case 0x01:
		d.check(m.transaction == 0, "transaction of HELLO")
		d.credit, d.transaction = binary.LittleEndian.Uint16(body[17:]), 0
	case 0x10:
		d.raise(body[10:])
		fallthrough
	default:
		d.check(m.transaction > d.transaction, "transaction", m.transaction, d.transaction)
		d.transaction = m.transaction
	}
	d.asked[m.transaction] = m
}

func (d *decoder) answer(m message) {
	asked, ok := d.asked[m.transaction]
	d.check(ok && asked.command == m.command, "an answer to nothing", m.transaction)
	b := m.body
	if m.status != 0 {
		d.check(len(b) == 0, "body of a refusal")
		return
	}
	switch m.command {
	case 0x01:
		d.check(bytes.Equal(b[:16], asked.body[:16]) && b[16] == 1, "HELLO's answer")
		d.uid, d.log, d.nonce = b[19:35], b[35:51], b[51:67]
		for i := range d.side {
			d.side[i].session, d.side[i].expected = binary.LittleEndian.Uint16(b[17:]), 1
		}
	case 0x02:
		d.public = b[66:98]
		for rest := b[102:]; len(rest) > 0; rest = rest[1+int(rest[0]):] {
			d.check(rest[0] <= 64, "a text of INFO")
		}
	case 0x10:
		d.stream = &stream{next: u48(b[6:]), h: [32]byte(b[25:57])}
		if d.stream.next == 1 {
			d.check(d.stream.h == sha256.Sum256(slices.Concat([]byte("OCB1"), d.uid, d.log)), "h of the beginning")
		}
	case 0x13:
		d.check(ed25519.Verify(d.public, slices.Concat([]byte("OCB1-SEAL"), d.uid, d.log, b[:6], b[6:38], b[38:46], asked.body), b[46:110]), "seal")
	}
}

func (d *decoder) part(m message) {
	st, b := d.stream, m.body
	seq := u48(b[2:])
	switch b[0] {
	case 1:
		d.check(b[1] >= 1 && b[1] <= 31 && len(b) == 8+32*int(b[1]) && seq == st.next, "records", seq, st.next)
		for r := b[8:]; len(r) > 0; r = r[32:] {
			d.record(r[:32])
			d.check(u48(r) == st.next, "sequence", u48(r), st.next)
			st.h = sha256.Sum256(slices.Concat(st.h[:], r[:32]))
			st.crc = crc32.Update(st.crc, castagnoli, r[:32])
			st.next++
			st.count++
		}
	case 2:
		d.check(len(b) == 40 && seq >= st.next && (b[1] == 1 || [32]byte(b[8:]) == [32]byte{}), "anchor", seq)
		st.next, st.h = seq, [32]byte(b[8:])
	case 3:
		d.check(len(b) == 48 && b[1] == 0 && seq == st.next-1 && binary.LittleEndian.Uint32(b[8:]) == st.count &&
			binary.LittleEndian.Uint32(b[12:]) == st.crc && [32]byte(b[16:]) == st.h, "end", seq, st.next)
	default:
		d.check(false, "part", b[0])
	}
}

// record checks a record's form, and what of bytes 19–29 must be 0.
func (d *decoder) record(r []byte) {
	d.check(len(r) == 32 && crc16(r[:30]) == binary.LittleEndian.Uint16(r[30:]), "record's CRC-16")
	used := map[byte]int{0x10: 1, 0x11: 1, 0x12: 1, 0x13: 1, 0x20: 11, 0x21: 0, 0x30: 1, 0x31: 1, 0x40: 11, 0x41: 9, 0x42: 11, 0x43: 10, 0x44: 4, 0x50: 11}
	n, known := used[r[6]]
	if r[6] <= 2 {
		n, known = 1+int(r[19]&0x0F), r[19]&0x0F >= 1 && r[19]&0x0F <= 10
	}
	d.check(known && !slices.ContainsFunc(r[19+n:30], func(c byte) bool { return c != 0 }), "data of a record", r)
	if r[6] == 0x20 {
		d.check(bytes.Equal(r[20:25], r[8:13]), "old time of a clock set")
	}
	d.seen["record "+string(r[6:7])]++
}

// tape keeps every report that passes a port, in order.
type tape struct {
	ocb.Port
	mu      sync.Mutex
	reports []taped
}

type taped struct {
	from   int
	report [ocb.ReportSize]byte
}

func (p *tape) keep(from int, r *[ocb.ReportSize]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reports = append(p.reports, taped{from, *r})
}

func (p *tape) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := p.Port.ReadReport(r)
	if err == nil {
		p.keep(1, r)
	}
	return n, err
}

func (p *tape) WriteReport(r *[ocb.ReportSize]byte) error {
	p.keep(0, r)
	return p.Port.WriteReport(r)
}

// Every byte of a session with all commands, a log with losses, refusals, a live punch and silence is what the document says.
func TestSessionByTheDocumentAlone(t *testing.T) {
	dir := newBox(t, 500)
	on := func() *simbox.Box {
		sim, err := simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { sim.Close() })
		return sim
	}
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(what+":", err)
		}
	}
	sim := on()
	for _, does := range []func() error{
		sim.OpenCase, sim.CloseCase, sim.PowerLost, sim.PowerBack, sim.LoseClock,
		func() error { return sim.BatteryLow(9) }, func() error { return sim.SetClock(time.Now()) },
		func() error { return sim.Damage(20, 30) }, func() error { return sim.Damage(120, 130) }, sim.Close,
	} {
		must("the box's past", does())
	}
	sim = on()
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- sim.Serve(far) }()
	tape, keys := &tape{Port: near}, new(host.MemoryKeys)
	h, err := host.Open(t.Context(), tape, host.Options{Installation: installation, Keys: keys, Closed: func() error { return <-served }})
	must("open", err)
	ctx := t.Context()
	if _, err := h.Pairings(ctx); err == nil {
		t.Error("pairings without the button")
	}
	sim.PressButton(time.Second)
	must("pair", h.Pair(ctx, nil))
	key, _ := keys.Key(sim.UID().String())
	_, err = h.Info(ctx)
	must("info", err)
	var at reading.Chain
	for last := uint64(1); at.Seq < last; {
		c, err := h.Chunk(ctx, at, 200)
		must("read", err)
		at, last = c.End, c.Last
	}
	must("acknowledge", h.Acknowledge(ctx, at))
	must("prove", h.Prove(ctx))
	must("label", h.SetLabel(ctx, "Hall é"))
	must("identify", h.Identify(ctx))
	must("set the clock", h.SetTime(ctx, time.Now))
	if err := h.SetTime(ctx, func() time.Time { return time.Unix(0, 0) }); err == nil {
		t.Error("1970 was taken")
	}
	var badges []app.IdentifierKey
	for i := range 40 {
		badges = append(badges, card(i).Identifier(""))
	}
	must("push", h.PushList(ctx, 3, badges, true))
	seen, stop := context.WithTimeout(ctx, 10*time.Second)
	go func() {
		for seen.Err() == nil { // an announcement before the watch began is nobody's
			_, _ = sim.Tap(card(1), app.KeyIn)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	must("watch", h.Watch(seen, func(app.Record) { stop() }))
	time.Sleep(60 * time.Millisecond) // two heartbeats' time
	_, err = h.Chunk(ctx, at, 200)
	must("read on", err)
	for held := true; held; { // without the button it is the MAC that unpairs
		_, err := h.Pairings(ctx)
		held = err == nil
	}
	must("unpair", h.Unpair(ctx))
	must("close", h.Close())

	d := &decoder{t: t, key: key, asked: map[uint16]message{}, seen: map[string]int{}}
	for _, r := range tape.reports {
		d.report(r.from, r.report[:])
	}
	for _, want := range []string{
		"c\x11\x00", "h\x60\x00", "e\x61\x00", "r\x01\x00", "s\x10\x00", "r\x42\x05", "r\x04\x0f",
		"record \x10", "record \x11", "record \x12", "record \x13", "record \x20", "record \x21", "record \x30", "record \x31",
		"record \x40", "record \x41", "record \x42", "record \x43", "record \x01",
	} {
		if d.seen[want] == 0 {
			t.Errorf("%q did not come", want)
		}
	}
}
