package host_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// evil is a box that greets properly and then does as its script says.
type evil struct {
	p       ocb.Port
	session uint16
	counter uint16
	done    chan struct{}
}

func (e *evil) send(kind ocb.Kind, m ocb.Message) {
	msg := m.Encode()
	for i := range ocb.Fragments(len(msg)) {
		f := ocb.Fragment(kind, e.session, msg, i)
		if kind != ocb.KindHeartbeat {
			e.counter++
		}
		f.Counter = e.counter
		if m.Command == ocb.CmdHello {
			f.Session, f.Counter, e.counter = 0, uint16(i), 0
		}
		var r [ocb.ReportSize]byte
		f.Encode(&r)
		if e.p.WriteReport(&r) != nil {
			return
		}
	}
}

func (e *evil) ended() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// meet connects a host to an evil box. script gets every request but HELLO.
func meet(t *testing.T, script func(*evil, ocb.Message)) *host.Box {
	t.Helper()
	near, far := port.Pair()
	e := &evil{p: far, session: 77, done: make(chan struct{})}
	requests := make(chan ocb.Message, 64)
	go func() {
		defer close(e.done)
		a := ocb.Assembler{Limit: ocb.MaxFromHost}
		var r [ocb.ReportSize]byte
		for {
			n, err := far.ReadReport(&r)
			if err != nil {
				return
			}
			f, err := ocb.ParseFrame(r[:n])
			if err != nil {
				continue
			}
			if m, ok, _ := a.Add(&f); ok && f.Kind == ocb.KindRequest {
				select {
				case requests <- m:
				default:
				}
			}
		}
	}()
	go func() {
		for {
			select {
			case m := <-requests:
				if h, err := ocb.ParseHello(m.Body); m.Command == ocb.CmdHello && err == nil {
					e.send(ocb.KindResponse, ocb.Message{Command: ocb.CmdHello, Body: ocb.HelloAnswer{Nonce: h.Nonce, Version: 1, Session: e.session}.Encode()})
					continue
				}
				script(e, m)
			case <-e.done:
				return
			}
		}
	}()
	timing := quick
	timing.Answer, timing.Progress = 400*time.Millisecond, 400*time.Millisecond
	h, err := host.Open(t.Context(), near, host.Options{Timing: timing})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func (e *evil) answer(m ocb.Message, body []byte) {
	e.send(ocb.KindResponse, ocb.Message{Command: m.Command, Transaction: m.Transaction, Body: body})
}

func (e *evil) part(m ocb.Message, p ocb.Part) {
	e.send(ocb.KindStream, ocb.Message{Command: ocb.CmdLogOpen, Transaction: m.Transaction, Body: p.Encode()})
}

// A box may lie, flood or fall silent: the host ends with a clear error before its deadline.
func TestHostileStreams(t *testing.T) {
	const all = 1 << 40
	h0 := ocb.ChainStart(ocb.UID{}, ocb.UID{})
	granted := ocb.LogOpenAnswer{First: 1, Granted: 1, Last: all, Anchored: true, Before: h0}.Encode()
	record := func(seq uint64) []byte { r := ocb.Record{Seq: seq, Type: 1}.Encode(); return r[:] }
	for name, c := range map[string]struct {
		script func(*evil, ocb.Message)
		want   error
	}{
		"heartbeats without an answer": {func(e *evil, _ ocb.Message) {
			for !e.ended() {
				e.send(ocb.KindHeartbeat, ocb.Message{Command: ocb.CmdHeartbeat, Body: ocb.Heartbeat{}.Encode()})
				time.Sleep(time.Millisecond)
			}
		}, reading.Silent},
		"an answer and nothing after it": {func(e *evil, m ocb.Message) { e.answer(m, granted) }, reading.Silent},
		"endless records": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			for seq := uint64(1); seq < 10000 && !e.ended(); seq++ {
				e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: seq, Records: record(seq)})
			}
		}, reading.Protocol},
		"endless anchors": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			for seq := uint64(3); seq < 30000 && !e.ended(); seq += 2 {
				e.part(m, ocb.Part{Kind: ocb.PartAnchor, Seq: seq})
			}
		}, reading.Protocol},
		"a count that never fits": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			e.part(m, ocb.Part{Kind: ocb.PartEnd, Count: 9})
		}, reading.Silent},
		"a record with a wrong CRC": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			bad := record(1)
			bad[12] ^= 1
			e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: bad})
		}, reading.Protocol},
		"another chain at the end": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: record(1)})
			e.part(m, ocb.Part{Kind: ocb.PartEnd, Seq: 1, Count: 1, CRC: ocb.CRC32C(0, record(1)), Hash: ocb.Hash{9}})
		}, reading.WrongChain},
		"another beginning": {func(e *evil, m ocb.Message) {
			e.answer(m, ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 5, Anchored: true, Before: ocb.Hash{9}}.Encode())
		}, reading.WrongChain},
		"granted behind its own end": {func(e *evil, m ocb.Message) {
			e.answer(m, ocb.LogOpenAnswer{First: 1, Granted: 9, Last: 5}.Encode())
		}, reading.Protocol},
		"acknowledged beyond its end": {func(e *evil, m ocb.Message) {
			e.answer(m, ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 5, Acked: 6, Anchored: true, Before: h0}.Encode())
		}, reading.Protocol},
		"first behind what it grants": {func(e *evil, m ocb.Message) {
			e.answer(m, ocb.LogOpenAnswer{First: 4, Granted: 1, Last: 5, Anchored: true, Before: h0}.Encode())
		}, reading.Protocol},
		"more records in a message than it says": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			body := ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: append(record(1), record(2)...)}.Encode()
			body[1] = 1
			e.send(ocb.KindStream, ocb.Message{Command: ocb.CmdLogOpen, Transaction: m.Transaction, Body: body})
		}, reading.Protocol},
		"a record twice in a message": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: append(record(1), record(1)...)})
		}, reading.Protocol},
		"the same records for ever": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			for !e.ended() {
				e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: record(1)})
			}
		}, reading.Silent},
		"a stream that is opened and begun for ever": {func(e *evil, m ocb.Message) {
			e.answer(m, ocb.LogOpenAnswer{First: 1, Granted: 1, Last: all, Anchored: true, Before: h0}.Encode())
			e.part(m, ocb.Part{Kind: ocb.PartEnd, Seq: 9})
		}, reading.Silent},
		"a body cut short": {func(e *evil, m ocb.Message) { e.answer(m, []byte{1, 2, 3}) }, reading.Protocol},
		"another command's name": {func(e *evil, m ocb.Message) {
			e.send(ocb.KindResponse, ocb.Message{Command: 0x99, Transaction: m.Transaction})
		}, reading.Protocol},
		"a stream of an older transaction": {func(e *evil, m ocb.Message) {
			e.answer(m, granted)
			m.Transaction--
			e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: record(1)})
		}, reading.Silent},
		"another session": {func(e *evil, m ocb.Message) {
			e.session++
			e.answer(m, granted)
			e.session--
		}, reading.Silent},
		"a refusal": {func(e *evil, m ocb.Message) {
			e.send(ocb.KindResponse, ocb.Message{Command: m.Command, Status: ocb.StorageFailed, Transaction: m.Transaction})
		}, reading.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := meet(t, c.script)
			begun := time.Now()
			chunk, err := h.Chunk(t.Context(), reading.Chain{}, 100)
			if !errors.Is(err, c.want) || len(chunk.Records) != 0 {
				t.Errorf("%d records, %v; want %v", len(chunk.Records), err, c.want)
			}
			if d := time.Since(begun); d > 10*time.Second {
				t.Errorf("it took %s", d)
			}
		})
	}
}

// A box that says that it has more than it gives ends the chunk where its records end. The reading sees that.
func TestEndsBeforeItsEnd(t *testing.T) {
	h0 := ocb.ChainStart(ocb.UID{}, ocb.UID{})
	h := meet(t, func(e *evil, m ocb.Message) {
		if m.Command != ocb.CmdLogOpen {
			return
		}
		o, _ := ocb.ParseLogOpen(m.Body)
		a := ocb.LogOpenAnswer{First: 1, Granted: o.From, Last: 1 << 40, Anchored: true, Before: h0}
		raw := ocb.Record{Seq: 1, Type: 1}.Encode()
		end := ocb.Part{Kind: ocb.PartEnd, Seq: o.From - 1, Hash: h0}
		if o.From == 1 {
			e.answer(m, a.Encode())
			e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: raw[:]})
			end.Seq, end.Count, end.CRC, end.Hash = 1, 1, ocb.CRC32C(0, raw[:]), h0.Next(&raw)
		} else {
			a.Before, end.Hash = h0.Next(&raw), h0.Next(&raw)
			e.answer(m, a.Encode())
		}
		e.part(m, end)
	})
	c, err := h.Chunk(t.Context(), reading.Chain{}, 100)
	if err != nil || len(c.Records) != 1 || c.End.Seq != 1 || c.Last != 1<<40 {
		t.Fatal(len(c.Records), c.End.Seq, c.Last, err)
	}
}

// Parts of a later version: an anchor and an end may be longer, records may not, and a part of an unknown kind is a fault.
func TestPartsOfALaterVersion(t *testing.T) {
	h0 := ocb.ChainStart(ocb.UID{}, ocb.UID{})
	raw := ocb.Record{Seq: 1, Type: 1}.Encode()
	records := ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: raw[:]}.Encode()
	end := ocb.Part{Kind: ocb.PartEnd, Seq: 1, Count: 1, CRC: ocb.CRC32C(0, raw[:]), Hash: h0.Next(&raw)}.Encode()
	anchor := ocb.Part{Kind: ocb.PartAnchor, Seq: 1, Anchored: true, Hash: h0}.Encode()
	longer := func(b []byte) []byte { return append(append([]byte(nil), b...), 0xEE, 0xEE) }
	for name, c := range map[string]struct {
		parts [][]byte
		want  error
	}{
		"as written":             {[][]byte{anchor, records, end}, nil},
		"a longer anchor":        {[][]byte{longer(anchor), records, end}, nil},
		"a longer end":           {[][]byte{records, longer(end)}, nil},
		"an anchor's other bits": {[][]byte{append([]byte{2, 0xFF}, anchor[2:]...), records, end}, nil},
		"longer records":         {[][]byte{longer(records), end}, reading.Protocol},
		"records cut short":      {[][]byte{records[:39], end}, reading.Protocol},
		"no records":             {[][]byte{{1, 0, 1, 0, 0, 0, 0, 0}, end}, reading.Protocol},
		"an end cut short":       {[][]byte{records, end[:47]}, reading.Protocol},
		"an unknown kind":        {[][]byte{{4, 0, 1, 0, 0, 0, 0, 0}, records, end}, reading.Protocol},
		"nothing":                {[][]byte{{}, records, end}, reading.Protocol},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := meet(t, func(e *evil, m ocb.Message) {
				if m.Command != ocb.CmdLogOpen {
					return
				}
				e.answer(m, longer(ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 1, Anchored: true, Before: h0}.Encode()))
				for _, p := range c.parts {
					e.send(ocb.KindStream, ocb.Message{Command: ocb.CmdLogOpen, Transaction: m.Transaction, Body: p})
				}
			})
			chunk, err := h.Chunk(t.Context(), reading.Chain{}, 100)
			if !errors.Is(err, c.want) || c.want == nil && (err != nil || len(chunk.Records) != 1) || c.want != nil && len(chunk.Records) != 0 {
				t.Errorf("%d records, %v", len(chunk.Records), err)
			}
		})
	}
}

// A box that lost all that it had from the asked record on grants the one after its last: what is lost is named, and it was
// read to its end. It goes on from zeros.
func TestEverythingIsLost(t *testing.T) {
	for name, tail := range map[string]uint64{"from the beginning": 1, "behind the first": 2} {
		h0 := ocb.ChainStart(ocb.UID{}, ocb.UID{})
		raw := ocb.Record{Seq: 1, Type: 1}.Encode()
		h := meet(t, func(e *evil, m ocb.Message) {
			o, _ := ocb.ParseLogOpen(m.Body)
			switch {
			case m.Command != ocb.CmdLogOpen:
			case o.From < tail:
				e.answer(m, ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 9, Anchored: true, Before: h0}.Encode())
				e.part(m, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: raw[:]})
				e.part(m, ocb.Part{Kind: ocb.PartEnd, Seq: 1, Count: 1, CRC: ocb.CRC32C(0, raw[:]), Hash: h0.Next(&raw)})
			default:
				e.answer(m, ocb.LogOpenAnswer{Granted: 10, Last: 9}.Encode())
				e.part(m, ocb.Part{Kind: ocb.PartEnd, Seq: 9})
			}
		})
		var end reading.Chain
		if tail > 1 { // a chunk ends with a record
			c, err := h.Chunk(t.Context(), end, 100)
			if err != nil || len(c.Records) != 1 || len(c.Lost) != 0 || c.Last != 9 || c.End != (reading.Chain{Seq: 1, Hash: h0.Next(&raw)}) {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
			end = c.End
		}
		c, err := h.Chunk(t.Context(), end, 100)
		if err != nil || len(c.Records) != 0 || c.End != (reading.Chain{Seq: 9}) || c.Last != 9 || len(c.Lost) != 1 ||
			c.Lost[0] != (reading.Range{First: tail, Last: 9}) {
			t.Errorf("%s: %+v, %v", name, c, err)
			continue
		}
		if c, err = h.Chunk(t.Context(), c.End, 100); err != nil || len(c.Records) != 0 || len(c.Lost) != 0 || c.End.Seq != 9 {
			t.Errorf("%s, again: %+v, %v", name, c, err)
		}
	}
}

// A frame's counter has no checksum. One that is damaged to a later one must not make all that follows look old.
func TestDamagedCounter(t *testing.T) {
	n := 0
	h := meet(t, func(e *evil, m ocb.Message) {
		if m.Command != ocb.CmdInfo {
			return
		}
		if n++; n == 1 {
			real := e.counter
			e.counter += 100
			e.answer(m, nil)
			e.counter = real
			return
		}
		e.answer(m, ocb.Info{Label: "Hall"}.Encode())
	})
	if i, err := h.Info(t.Context()); err == nil {
		t.Fatal("an empty answer gives", i)
	}
	if i, err := h.Info(t.Context()); err != nil || i.Label != "Hall" {
		t.Error(i.Label, err)
	}
}

func TestLyingInfo(t *testing.T) {
	for name, i := range map[string]ocb.Info{
		"acknowledged beyond its end": {First: 1, Last: 5, Acked: 6}, "first beyond last": {First: 6, Last: 5}, "first of none": {First: 1},
	} {
		h := meet(t, func(e *evil, m ocb.Message) { e.answer(m, i.Encode()) })
		if _, err := h.Info(t.Context()); !errors.Is(err, reading.Protocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// resetting ends its box after so many reports, and leaves the cable plugged.
type resetting struct {
	ocb.Port
	left atomic.Int32 // reports that the box still writes
}

func (s *resetting) WriteReport(r *[ocb.ReportSize]byte) error {
	if s.left.Add(-1) < 0 {
		return reading.Unplugged
	}
	return s.Port.WriteReport(r)
}

func (s *resetting) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := s.Port.ReadReport(r)
	if s.left.Load() < 0 {
		return 0, reading.Unplugged
	}
	return n, err
}

func (s *resetting) Close() error { return nil }

// A box that resets midway, on a cable that stays plugged, knows the session no more: that is said in time, and
// nothing of the chunk is given.
func TestResetMidway(t *testing.T) {
	b, dir := newBox(t, simbox.Factory{})
	past(t, b, 3000)
	near, far := port.Pair()
	again, over := make(chan *simbox.Box, 1), make(chan struct{})
	cable := &resetting{Port: far}
	cable.left.Store(100) // enough for a greeting that is said again, and not for 3,000 records
	go func() {
		if err := errors.Join(b.Serve(cable), b.Close()); err != nil {
			t.Error(err)
		}
		next, err := simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true})
		if err != nil {
			t.Error(err)
		}
		again <- next
		_ = next.Serve(far)
		close(over)
	}()
	o := host.Options{Timing: quick}
	o.Timing.Answer, o.Timing.Progress = 300*time.Millisecond, 300*time.Millisecond
	h, err := host.Open(t.Context(), near, o)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if c, err := h.Chunk(t.Context(), reading.Chain{}, 4096); !errors.Is(err, reading.Silent) || len(c.Records) != 0 {
		t.Fatalf("%d records, %v", len(c.Records), err)
	}
	if d := time.Since(begun); d > 10*time.Second {
		t.Error("that took", d)
	}
	h.Close()
	b = <-again
	<-over // one visit at a time
	t.Cleanup(func() { b.Close() })
	h, _ = connect(t, b, port.Faults{}, host.Options{})
	records, _, _, err := readAll(t.Context(), h, reading.Chain{}, 4096)
	if err != nil || len(records) != 3002 || sequences(records) != nil {
		t.Fatal(len(records), err)
	}
}

func TestHostileTexts(t *testing.T) {
	h := meet(t, func(e *evil, m ocb.Message) {
		e.answer(
			m,
			ocb.Info{
				Label:    "=HYPERLINK(\"x\")\x00\n\x1b[31m\u202e\xff",
				Maker:    strings.Repeat("x", 64),
				Battery:  200,
				Last:     1 << 47,
				Capacity: 1<<32 - 1,
			}.Encode(),
		)
	})
	i, err := h.Info(t.Context())
	if err != nil || i.Label != `=HYPERLINK("x")[31m` || i.Battery != -1 || i.PublicKey != "" {
		t.Errorf("%+v, %v", i, err)
	}
}

// What cannot be seen does not stay in a label: two that look alike are alike.
func TestInvisibleTexts(t *testing.T) {
	for hostile, want := range map[string]string{
		"\u202eabc\u202c": "abc", "\u2066left\u2069": "left", "\u061cArab": "Arab", "\u200fR\u200e": "R", // directions
		"In\u200bkom": "Inkom", "\ufeffInkom": "Inkom", "In\u2060\u2064kom": "Inkom", "a\u00adb\u034fc\u180ed": "abcd", // no width
		"\u3164\uffa0\u115f": "", "x\ufe0f\U000e0100": "x", "\U000e0041\U000e007fA": "A", // fillers, variants, tags
		"a\u2028b\u2029c\u0085d": "abcd", "\ue000\U00100000z\ufdd0": "z", // line ends, private use, none
		"  Zaal 2 \u3000": "Zaal 2", "Hall é — ñ Ελ 日本": "Hall é — ñ Ελ 日本", "e\u0301": "e\u0301", "مدخل": "مدخل", // these stay
	} {
		h := meet(t, func(e *evil, m ocb.Message) {
			e.answer(m, ocb.Info{Label: hostile, Maker: hostile, Model: hostile, Firmware: hostile}.Encode())
		})
		i, err := h.Info(t.Context())
		if err != nil || i.Label != want || i.Maker != want || i.Model != want || i.Firmware != want {
			t.Errorf("%+q: %+q, %v", hostile, i.Label, err)
		}
	}
}

func TestWatchNoticesSilence(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	o := host.Options{Timing: quick}
	o.Timing.Silence = 500 * time.Millisecond
	h, bad := connect(t, b, port.Faults{}, o)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	time.AfterFunc(800*time.Millisecond, bad.Stop) // until then heartbeats keep it alive
	begun := time.Now()
	if err := h.Watch(ctx, nil); !errors.Is(err, reading.Silent) {
		t.Error(err)
	}
	if d := time.Since(begun); d < 800*time.Millisecond || d > 10*time.Second {
		t.Error("noticed after", d)
	}
}

// Bytes of a stranger, from the first report on: never a panic, never a hang, nothing believed that cannot be.
func FuzzPort(f *testing.F) {
	var hello [ocb.ReportSize]byte
	fr := ocb.Fragment(ocb.KindResponse, 0, ocb.Message{Command: ocb.CmdHello, Body: ocb.HelloAnswer{Session: 3}.Encode()}.Encode(), 0)
	fr.Encode(&hello)
	f.Add(hello[:])
	f.Fuzz(func(t *testing.T, b []byte) {
		near, far := port.Pair()
		go func() {
			var r [ocb.ReportSize]byte
			for {
				if _, err := far.ReadReport(&r); err != nil {
					return
				}
			}
		}()
		go func() {
			defer far.Close()
			for ; len(b) > 0; b = b[min(len(b), ocb.ReportSize):] {
				var r [ocb.ReportSize]byte
				copy(r[:], b)
				if far.WriteReport(&r) != nil {
					return
				}
			}
		}()
		if h, err := host.Open(t.Context(), near, host.Options{Timing: quick}); err == nil {
			if i, err := h.Info(t.Context()); err == nil && (len(i.Label) > ocb.TextMax || i.Acked > i.Last) {
				t.Errorf("%+v", i)
			}
			h.Close()
		}
	})
}

// Whatever names a last record before the log is opened, the log must have it: a heartbeat, an announcement, INFO or a seal.
func TestNamesMoreThanItGives(t *testing.T) {
	h0 := ocb.ChainStart(ocb.UID{}, ocb.UID{})
	empty := func(e *evil, m ocb.Message) {
		e.answer(m, ocb.LogOpenAnswer{Granted: 1, Anchored: true, Before: h0}.Encode())
		e.part(m, ocb.Part{Kind: ocb.PartEnd, Hash: h0})
	}
	record := ocb.Record{Seq: 7, Type: 1}.Encode()
	for name, named := range map[string]func(*evil, ocb.Message){
		"INFO": func(e *evil, m ocb.Message) { e.answer(m, ocb.Info{First: 1, Last: 7}.Encode()) },
		"a heartbeat": func(e *evil, m ocb.Message) {
			e.send(ocb.KindHeartbeat, ocb.Message{Command: ocb.CmdHeartbeat, Body: ocb.Heartbeat{Last: 7}.Encode()})
			e.answer(m, ocb.Info{}.Encode())
		},
		"an announcement": func(e *evil, m ocb.Message) {
			e.send(ocb.KindEvent, ocb.Message{Command: ocb.CmdEvent, Body: record[:]})
			e.answer(m, ocb.Info{}.Encode())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := meet(t, func(e *evil, m ocb.Message) {
				switch m.Command {
				case ocb.CmdInfo:
					named(e, m)
				case ocb.CmdLogOpen:
					empty(e, m)
				}
			})
			if _, err := h.Info(t.Context()); err != nil {
				t.Fatal(err)
			}
			if c, err := h.Chunk(t.Context(), reading.Chain{}, 100); err != nil || len(c.Records) != 0 || c.Last != 7 || c.End.Seq != 0 {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}
