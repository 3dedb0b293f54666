package simbox

import (
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
)

// paired is a visit of a paired installation.
type paired struct {
	*rawHost
	b   *Box
	key []byte
	tx  uint16
}

func pairedVisit(t *testing.T, f Factory, records int) *paired {
	t.Helper()
	b := on(t, fresh(t, f), Options{})
	if records > 1 {
		taps(t, b, records-1) // and the boot
	}
	p := &paired{b: b, key: make([]byte, 32)}
	if err := b.PairWith(ocb.UID{}, p.key); err != nil {
		t.Fatal(err)
	}
	p.rawHost = visit(t, b)
	p.greet(24)
	p.refill = true
	return p
}

// asks sends a request with the next transaction; mac says that one ends it.
func (p *paired) asks(c ocb.Command, body []byte, mac bool) ocb.Message {
	p.t.Helper()
	p.tx++
	if mac {
		body = p.sign(p.key, c, p.tx, slices.Clone(body))
	}
	return p.ask(c, p.tx, body)
}

// Bodies have exactly the fields that PROTOCOL.md gives them, and its checks come in its order: the first that fails is the answer.
func TestBodiesAsWritten(t *testing.T) {
	p := pairedVisit(t, Factory{}, 9)
	id, nonce := make([]byte, 16), make([]byte, 16)
	ack := func(seq uint64, h ocb.Hash, who ocb.UID) []byte {
		return ocb.LogAck{Seq: seq, Hash: h, Installation: who}.Encode()
	}
	right, _, err := p.b.s.hash(5)
	if err != nil {
		t.Fatal(err)
	}
	wrong, other := ocb.Hash{1}, ocb.UID{7}
	for _, c := range []struct {
		name    string
		command ocb.Command
		body    []byte
		mac     bool
		want    ocb.Status
	}{
		{"INFO", ocb.CmdInfo, nil, false, ocb.OK},
		{"INFO with more", ocb.CmdInfo, []byte{0}, false, ocb.Malformed},
		{"TIME_GET with more", ocb.CmdTimeGet, []byte{0}, false, ocb.Malformed},
		{"IDENTIFY without seconds", ocb.CmdIdentify, nil, false, ocb.Malformed},
		{"IDENTIFY with more", ocb.CmdIdentify, []byte{3, 0}, false, ocb.Malformed},
		{"ABORT cut short", ocb.CmdAbort, []byte{0}, false, ocb.Malformed},
		{"BYE with more", ocb.CmdBye, []byte{0}, false, ocb.Malformed},
		{"LOG_OPEN with more", ocb.CmdLogOpen, append(ocb.LogOpen{From: 1, Max: 1, Credit: 24}.Encode(), 0), false, ocb.Malformed},
		{"LOG_OPEN from 0", ocb.CmdLogOpen, ocb.LogOpen{Max: 1, Credit: 24}.Encode(), false, ocb.OutOfRange},
		{"LOG_OPEN above the end", ocb.CmdLogOpen, ocb.LogOpen{From: 99, Max: 1, Credit: 24}.Encode(), false, ocb.BeyondEnd},
		{"a command that is none", 0x99, make([]byte, 40), false, ocb.Unknown},
		{"HELLO in a session", ocb.CmdHello, ocb.Hello{Version: 1}.Encode(), false, ocb.Unknown},
		{"a heartbeat as a request", ocb.CmdHeartbeat, nil, false, ocb.Unknown},
		{"PAIR_LIST with more, before its button", ocb.CmdPairList, []byte{0}, false, ocb.Malformed},
		{"PAIR_LIST without its button", ocb.CmdPairList, nil, false, ocb.PressButton},
		{"PAIR of another, before its button", ocb.CmdPair, ocb.Pair{Installation: other}.Encode(), false, ocb.Malformed},
		{"PAIR without its button", ocb.CmdPair, ocb.Pair{}.Encode(), false, ocb.PressButton},
		{"UNPAIR cut short", ocb.CmdUnpair, id[:15], true, ocb.Malformed},
		{"UNPAIR of another", ocb.CmdUnpair, other[:], true, ocb.PressButton},
		{"SEAL of a short nonce, taken for no MAC", ocb.CmdSeal, nonce[:15], false, ocb.Malformed},
		{"SEAL with less than a MAC", ocb.CmdSeal, append(nonce, make([]byte, 15)...), false, ocb.Malformed},
		{"SEAL with a wrong MAC", ocb.CmdSeal, append(nonce, make([]byte, 32)...), false, ocb.BadMAC},
		{"TIME_SET without a MAC", ocb.CmdTimeSet, make([]byte, 8), false, ocb.Malformed},
		{"TIME_SET with more, its MAC wrong", ocb.CmdTimeSet, make([]byte, 41), false, ocb.BadMAC},
		{"TIME_SET with more", ocb.CmdTimeSet, make([]byte, 9), true, ocb.Malformed},
		{"LABEL_SET with more", ocb.CmdLabelSet, []byte{1, 'a', 'b'}, true, ocb.Malformed},

		{"acknowledged by another, above the end, with a wrong h", ocb.CmdLogAck, ack(99, wrong, other), true, ocb.BadMAC},
		{"acknowledged above the end, with a wrong h", ocb.CmdLogAck, ack(99, wrong, ocb.UID{}), true, ocb.BeyondEnd},
		{"acknowledged with a wrong h", ocb.CmdLogAck, ack(5, wrong, ocb.UID{}), true, ocb.ChainDiffers},
		{"acknowledged", ocb.CmdLogAck, ack(5, right, ocb.UID{}), true, ocb.OK},
		{"acknowledged again, with a wrong h", ocb.CmdLogAck, ack(5, wrong, ocb.UID{}), true, ocb.OK},
		{"acknowledged below the mark, with a wrong h", ocb.CmdLogAck, ack(2, wrong, ocb.UID{}), true, ocb.OK},
		{"acknowledged 0, before all", ocb.CmdLogAck, ack(0, wrong, ocb.UID{}), true, ocb.OK},
	} {
		m := p.asks(c.command, c.body, c.mac)
		if m.Status != c.want || m.Status != ocb.OK && len(m.Body) > 0 || m.Command != c.command {
			t.Errorf("%s: %d, %d bytes", c.name, m.Status, len(m.Body))
		}
		if a, err := ocb.ParseAckAnswer(m.Body); c.command == ocb.CmdLogAck && c.want == ocb.OK && (err != nil || a.Acked != 5) {
			t.Errorf("%s: the mark is %d", c.name, a.Acked)
		}
	}
	if n := kinds(log(t, p.b), app.RecordAcked); n != 1 {
		t.Errorf("%d acknowledgements were recorded", n)
	}
	p.b.PressButton(time.Minute)
	if m := p.asks(ocb.CmdUnpair, make([]byte, 17), false); m.Status != ocb.Malformed {
		t.Error("UNPAIR of 17 bytes with the button:", m.Status)
	}
	if m := p.asks(ocb.CmdUnpair, id, false); m.Status != ocb.OK || len(p.b.Pairings()) != 0 {
		t.Error("UNPAIR with the button:", m.Status)
	}
	for c, want := range map[ocb.Command]ocb.Status{ocb.CmdLabelSet: ocb.NotPaired, ocb.CmdLogAck: ocb.NotPaired, ocb.CmdSeal: ocb.Malformed} {
		if m := p.asks(c, nil, false); m.Status != want {
			t.Errorf("%s of nothing, unpaired: %v", c, m.Status)
		}
	}
}

// ends opens the log and gives the answer and the end of the stream.
func (p *paired) ends(from uint64, most uint32) (ocb.LogOpenAnswer, ocb.Part) {
	p.t.Helper()
	p.tx++
	m := p.ask(ocb.CmdLogOpen, p.tx, ocb.LogOpen{From: from, Max: most, Credit: p.heard + 24}.Encode())
	a, err := ocb.ParseLogOpenAnswer(m.Body)
	if err != nil || m.Status != ocb.OK {
		p.t.Fatal(m.Status, err)
	}
	for {
		part, err := ocb.ParsePart(p.next(ocb.KindStream).Body)
		if err != nil {
			p.t.Fatal(err)
		}
		if part.Kind == ocb.PartEnd {
			return a, part
		}
	}
}

// A stream of nothing, by max 0 or from behind the end, ends at granted − 1 with the h of the answer.
func TestStreamsOfNothing(t *testing.T) {
	p := pairedVisit(t, Factory{}, 9)
	for _, c := range []struct {
		from uint64
		most uint32
	}{{1, 0}, {5, 0}, {10, 0}, {10, 100}} {
		a, end := p.ends(c.from, c.most)
		if a.Granted != c.from || a.Last != 9 || !a.Anchored || end.Seq != c.from-1 || end.Count != 0 || end.CRC != 0 || end.Hash != a.Before {
			t.Errorf("%+v: %+v, %+v", c, a, end)
		}
	}
	if a, end := p.ends(3, 4); a.Granted != 3 || end.Seq != 6 || end.Count != 4 {
		t.Errorf("%+v, %+v", a, end)
	}
}

// ABORT ends the stream that it names, or any; not another one.
func TestAbortNamesItsStream(t *testing.T) {
	p := pairedVisit(t, Factory{}, 900)
	p.refill = false
	p.tx++
	p.ask(ocb.CmdLogOpen, p.tx, ocb.LogOpen{From: 1, Max: 900, Credit: 24}.Encode())
	p.refill = true
	if m := p.asks(ocb.CmdAbort, []byte{99, 0}, false); m.Status != ocb.OK {
		t.Fatal(m.Status)
	}
	if m := p.asks(ocb.CmdTimeSet, ocb.TimeSet{Time: uint64(time.Now().UnixMilli())}.Encode(), true); m.Status != ocb.Busy {
		t.Error("another stream was aborted:", m.Status)
	}
	if m := p.asks(ocb.CmdAbort, []byte{1, 0}, false); m.Status != ocb.OK {
		t.Fatal(m.Status)
	}
	if m := p.asks(ocb.CmdTimeSet, ocb.TimeSet{Time: uint64(time.Now().UnixMilli())}.Encode(), true); m.Status != ocb.OK {
		t.Error("the stream runs on:", m.Status)
	}
}

// BYE is answered always, and lets no older transaction in again.
func TestAnOldByeForgetsNothing(t *testing.T) {
	p := pairedVisit(t, Factory{}, 1)
	label := p.sign(p.key, ocb.CmdLabelSet, 7, ocb.LabelSet{Label: "Hall"}.Encode())
	if m := p.ask(ocb.CmdLabelSet, 7, label); m.Status != ocb.OK {
		t.Fatal(m.Status)
	}
	p.tx = 7
	p.asks(ocb.CmdLabelSet, ocb.LabelSet{Label: "Zaal"}.Encode(), true)
	if m := p.ask(ocb.CmdBye, 3, nil); m.Status != ocb.OK {
		t.Error(m.Status)
	}
	if m := p.ask(ocb.CmdLabelSet, 7, label); m.Status != ocb.OldTransaction || p.b.m.Label != "Zaal" {
		t.Error("played back after an old BYE:", m.Status, p.b.m.Label)
	}
}

// A LIST_PUT that was refused for its entries ends the push, also what of it was right.
func TestARefusedPutEndsThePush(t *testing.T) {
	entry := func(n byte) []byte { f, _ := ocb.Badge{Bytes: []byte{n}}.Field(); return f[:] }
	for name, bad := range map[string][]byte{"doubled": slices.Concat(entry(1), entry(1)), "no badge": append(entry(1), make([]byte, 11)...)} {
		p := pairedVisit(t, Factory{}, 1)
		p.asks(ocb.CmdListBegin, ocb.ListBegin{ListVersion: 1, Count: 2}.Encode(), true)
		if m := p.asks(ocb.CmdListPut, ocb.ListPut{Entries: bad}.Encode(), true); m.Status == ocb.OK {
			t.Errorf("%s: taken", name)
		}
		if m := p.asks(ocb.CmdListPut, ocb.ListPut{Index: 1, Entries: entry(2)}.Encode(), true); m.Status != ocb.ListOrder {
			t.Errorf("%s: went on: %v", name, m.Status)
		}
	}
}

// A refused HELLO has no body, so no nonce, and ends the session before it; the next one is answered.
func TestRefusedHello(t *testing.T) {
	p := pairedVisit(t, Factory{}, 1)
	for name, c := range map[string]struct {
		body []byte
		want ocb.Status
	}{
		"another version": {ocb.Hello{Nonce: ocb.UID{1}, Version: 2, Credit: 24}.Encode(), ocb.OutOfRange},
		"cut short":       {make([]byte, 34), ocb.Malformed},
		"with more":       {append(ocb.Hello{Version: 1}.Encode(), 0), ocb.Malformed},
	} {
		before := p.session
		p.session = 0
		p.send(ocb.KindRequest, ocb.Message{Command: ocb.CmdHello, Body: c.body})
		p.refill = false
		if m := p.next(ocb.KindResponse); m.Status != c.want || len(m.Body) != 0 || m.Transaction != 0 {
			t.Errorf("%s: %+v", name, m)
		}
		p.session = before
		p.send(ocb.KindRequest, ocb.Message{Command: ocb.CmdInfo, Transaction: p.tx + 1}) // of a session that is over: no answer
		p.greet(24)
		p.tx, p.refill = 0, true
		if m := p.asks(ocb.CmdTimeGet, nil, false); m.Command != ocb.CmdTimeGet || m.Status != ocb.OK {
			t.Errorf("%s: then %+v", name, m)
		}
	}
}

// Every frame of the host that its counter lets in allows four heartbeats again, whatever it carries; one that is dropped does not.
func TestWhatResetsTheHeartbeatLimit(t *testing.T) {
	b := on(t, fresh(t, Factory{}), Options{Heartbeat: 5 * time.Millisecond})
	h := visit(t, b)
	h.greet(24)
	beats := func() (n int) {
		for {
			select {
			case f := <-h.frames:
				if f.Kind == ocb.KindHeartbeat {
					n++
				}
			case <-time.After(100 * time.Millisecond): // twenty heartbeats' time
				return n
			}
		}
	}
	beats()
	write := func(f ocb.Frame) {
		t.Helper()
		var r [ocb.ReportSize]byte
		f.Encode(&r)
		if err := h.p.WriteReport(&r); err != nil {
			t.Fatal(err)
		}
	}
	fragment := func(kind ocb.Kind, session, counter uint16, m ocb.Message) ocb.Frame {
		f := ocb.Fragment(kind, session, m.Encode(), 0)
		f.Counter = counter
		return f
	}
	info, credit := ocb.Message{Command: ocb.CmdInfo, Transaction: 1}, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: 1}.Encode()}
	damaged := fragment(ocb.KindRequest, h.session, 3, info)
	damaged.Data[9] ^= 1
	half := fragment(ocb.KindRequest, h.session, 4, ocb.Message{Command: ocb.CmdListPut, Transaction: 2, Body: make([]byte, 200)})
	for _, c := range []struct {
		name string
		f    ocb.Frame
		want int
	}{
		{"a request", fragment(ocb.KindRequest, h.session, 1, info), heartbeatsUnheard},
		{"a stale credit", fragment(ocb.KindCredit, h.session, 2, credit), heartbeatsUnheard},
		{"a message with a wrong CRC", damaged, heartbeatsUnheard},
		{"the first fragment of a message", half, heartbeatsUnheard},
		{"one behind lost ones", fragment(ocb.KindCredit, h.session, 9, credit), heartbeatsUnheard},
		{"a kind that only boxes send", fragment(ocb.KindStream, h.session, 10, info), heartbeatsUnheard},
		{"one that came before", fragment(ocb.KindCredit, h.session, 10, credit), 0},
		{"one of another session", fragment(ocb.KindCredit, h.session+1, 11, credit), 0},
		{"one far ahead", fragment(ocb.KindCredit, h.session, 2000, credit), 0},
		{"session 0", fragment(ocb.KindRequest, 0, 0, info), 0},
	} {
		write(c.f)
		if n := beats(); n != c.want {
			t.Errorf("after %s: %d heartbeats", c.name, n)
		}
	}
}

// Taps in the middle of a stream are announced where credit allows; one that it does not allow is not announced later.
func TestEventInAStream(t *testing.T) {
	p := pairedVisit(t, Factory{}, 900)
	p.tx++
	p.ask(ocb.CmdLogOpen, p.tx, ocb.LogOpen{From: 1, Max: 900, Credit: p.heard + 24}.Encode())
	events := 0
	for in := (ocb.Assembler{Limit: ocb.MaxFromBox}); ; {
		f := <-p.frames
		if f.Kind == ocb.KindEvent {
			events++
		}
		m, whole, err := in.Add(&f)
		if err != nil {
			t.Fatal(err)
		}
		if part, err := ocb.ParsePart(m.Body); f.Kind == ocb.KindStream && whole && err == nil && part.Kind == ocb.PartEnd {
			break
		}
		if f.Counter%12 == 0 {
			p.send(ocb.KindCredit, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: f.Counter + ocb.Credit}.Encode()})
		}
		taps(t, p.b, 1)
	}
	if events == 0 {
		t.Error("no event before the end")
	}
	p.greet(0)
	p.tx = 0
	taps(t, p.b, 1)
	p.next(ocb.KindHeartbeat) // it was heard by now, and not allowed
	p.send(ocb.KindCredit, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: 24}.Encode()})
	p.asks(ocb.CmdTimeGet, nil, false)
	taps(t, p.b, 1)
	r, err := ocb.ParseRecord(p.next(ocb.KindEvent).Body)
	if err != nil || r.Seq != p.b.Counts().Last {
		t.Errorf("announced %d of %d, %v", r.Seq, p.b.Counts().Last, err)
	}
}
