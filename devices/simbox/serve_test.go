package simbox

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
)

// rawHost is a host without any manners: it sends what a test wants.
type rawHost struct {
	t       testing.TB
	p       ocb.Port
	session uint16
	counter uint16
	nonce   ocb.UID
	frames  chan ocb.Frame
	heard   uint16 // counter of the box's last frame
	refill  bool   // gives credit again for each frame, as a host does
}

func visit(t testing.TB, b *Box) *rawHost {
	t.Helper()
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- b.Serve(far) }()
	h := &rawHost{t: t, p: near, frames: make(chan ocb.Frame, 1024)}
	go func() {
		var r [ocb.ReportSize]byte
		for {
			n, err := near.ReadReport(&r)
			if err != nil {
				close(h.frames)
				return
			}
			if f, err := ocb.ParseFrame(r[:n]); err == nil {
				h.frames <- f
			}
		}
	}()
	t.Cleanup(func() {
		near.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *rawHost) send(kind ocb.Kind, m ocb.Message) {
	msg := m.Encode()
	for i := range ocb.Fragments(len(msg)) {
		f := ocb.Fragment(kind, h.session, msg, i)
		h.counter++
		f.Counter = h.counter
		var r [ocb.ReportSize]byte
		f.Encode(&r)
		if err := h.p.WriteReport(&r); err != nil {
			h.t.Fatal(err)
		}
	}
}

// next returns the next message of a kind, passing over others.
func (h *rawHost) next(kind ocb.Kind) ocb.Message {
	h.t.Helper()
	a := ocb.Assembler{Limit: ocb.MaxFromBox}
	end := time.After(20 * time.Second)
	for {
		select {
		case f, ok := <-h.frames:
			if !ok {
				h.t.Fatal("unplugged")
			}
			h.heard = f.Counter
			if h.refill {
				h.send(ocb.KindCredit, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: f.Counter + ocb.Credit}.Encode()})
			}
			if f.Kind != kind {
				continue
			}
			if m, ok, _ := a.Add(&f); ok {
				return m
			}
		case <-end:
			h.t.Fatalf("no message of kind %d", kind)
		}
	}
}

func (h *rawHost) greet(credit uint16) {
	h.t.Helper()
	h.session, h.counter = 0, 0
	h.send(ocb.KindRequest, ocb.Message{Command: ocb.CmdHello, Body: ocb.Hello{Version: 1, Credit: credit}.Encode()})
	a, err := ocb.ParseHelloAnswer(h.next(ocb.KindResponse).Body)
	if err != nil {
		h.t.Fatal(err)
	}
	h.session, h.counter, h.nonce = a.Session, 0, a.BoxNonce
}

func (h *rawHost) ask(c ocb.Command, tx uint16, body []byte) ocb.Message {
	h.t.Helper()
	h.send(ocb.KindRequest, ocb.Message{Command: c, Transaction: tx, Body: body})
	return h.next(ocb.KindResponse)
}

func (h *rawHost) sign(key []byte, c ocb.Command, tx uint16, body []byte) []byte {
	mac := ocb.MAC(key, h.nonce, h.session, tx, c, body)
	return append(body, mac[:]...)
}

func TestCreditAndHeartbeats(t *testing.T) {
	b := on(t, fresh(t, Factory{}), Options{Heartbeat: 10 * time.Millisecond})
	taps(t, b, 500)
	h := visit(t, b)
	h.greet(24)
	h.ask(ocb.CmdLogOpen, 1, ocb.LogOpen{From: 1, Max: 400, Credit: 24}.Encode())
	frames, beats := 2, 0 // the answer took two
	for quiet := false; !quiet; {
		select {
		case f := <-h.frames:
			if f.Kind != ocb.KindHeartbeat {
				frames++
			} else if beats++; f.Counter != 24 {
				t.Errorf("heartbeat after frame %d", f.Counter)
			}
		case <-time.After(300 * time.Millisecond): // thirty heartbeats' time, of a host that says nothing
			quiet = true
		}
	}
	if frames != 24 || beats != heartbeatsUnheard {
		t.Errorf("%d frames and %d heartbeats came unasked", frames, beats)
	}
	h.send(ocb.KindCredit, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: 20}.Encode()}) // stale
	h.send(ocb.KindCredit, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: 30000}.Encode()})
	time.Sleep(50 * time.Millisecond)
	for len(h.frames) > 0 {
		if f := <-h.frames; f.Kind != ocb.KindHeartbeat {
			t.Errorf("frame %d after a stale and an absurd credit", f.Counter)
		}
	}
}

func TestRequestsAgain(t *testing.T) {
	b := on(t, fresh(t, Factory{}), Options{})
	key := make([]byte, 32)
	if err := b.PairWith(ocb.UID{}, key); err != nil {
		t.Fatal(err)
	}
	h := visit(t, b)
	h.greet(1000)
	label := h.sign(key, ocb.CmdLabelSet, 5, ocb.LabelSet{Label: "Hall"}.Encode())
	for range 3 { // the same request again is answered and not executed again
		if m := h.ask(ocb.CmdLabelSet, 5, label); m.Status != ocb.OK {
			t.Fatal(m.Status)
		}
	}
	if n := kinds(log(t, b), app.RecordLabel); n != 1 {
		t.Errorf("%d label records", n)
	}
	if m := h.ask(ocb.CmdInfo, 4, nil); m.Status != ocb.OldTransaction {
		t.Error("an older transaction:", m.Status)
	}
	if m := h.ask(ocb.CmdLabelSet, 6, label); m.Status != ocb.BadMAC {
		t.Error("played back under another transaction:", m.Status)
	}
	h.greet(1000)
	if m := h.ask(ocb.CmdLabelSet, 5, label); m.Status != ocb.BadMAC {
		t.Error("played back in another session:", m.Status)
	}
	if m := h.ask(0x99, 6, nil); m.Status != ocb.Unknown {
		t.Error(m.Status)
	}
	if m := h.ask(ocb.CmdTimeSet, 7, []byte{1}); m.Status != ocb.Malformed {
		t.Error(m.Status)
	}
	if m := h.ask(ocb.CmdUnpair, 8, make([]byte, 48)); m.Status != ocb.BadMAC {
		t.Error(m.Status)
	}
}

func TestBusyAndAbort(t *testing.T) {
	b := on(t, fresh(t, Factory{}), Options{})
	key := make([]byte, 32)
	if err := b.PairWith(ocb.UID{}, key); err != nil {
		t.Fatal(err)
	}
	taps(t, b, 900)
	h := visit(t, b)
	h.greet(24)
	if m := h.ask(ocb.CmdLogOpen, 1, ocb.LogOpen{From: 1, Max: 900, Credit: 24}.Encode()); m.Status != ocb.OK {
		t.Fatal(m.Status)
	}
	now := uint64(time.Now().UnixMilli())
	h.send(ocb.KindRequest, ocb.Message{Command: ocb.CmdTimeSet, Transaction: 2, Body: h.sign(key, ocb.CmdTimeSet, 2, ocb.TimeSet{Time: now}.Encode())})
	h.refill = true
	if m := h.next(ocb.KindResponse); m.Status != ocb.Busy {
		t.Error("TIME_SET during a stream:", m.Status)
	}
	h.send(ocb.KindRequest, ocb.Message{Command: ocb.CmdAbort, Transaction: 3, Body: []byte{0, 0}})
	if m := h.next(ocb.KindResponse); m.Command != ocb.CmdAbort || m.Status != ocb.OK {
		t.Error(m)
	}
	if m := h.ask(ocb.CmdTimeSet, 4, h.sign(key, ocb.CmdTimeSet, 4, ocb.TimeSet{Time: now}.Encode())); m.Status != ocb.OK {
		t.Error("TIME_SET after ABORT:", m.Status)
	}
}

func TestListPushes(t *testing.T) {
	b := on(t, fresh(t, Factory{ListMax: 4}), Options{})
	key := make([]byte, 32)
	if err := b.PairWith(ocb.UID{}, key); err != nil {
		t.Fatal(err)
	}
	h := visit(t, b)
	h.greet(1000)
	tx := uint16(0)
	ask := func(c ocb.Command, body []byte) ocb.Status {
		tx++
		return h.ask(c, tx, h.sign(key, c, tx, body)).Status
	}
	entry := func(n byte) []byte { f, _ := ocb.Badge{Bytes: []byte{n}}.Field(); return f[:] }
	two := append(entry(1), entry(2)...)
	for name, c := range map[string]struct{ got, want ocb.Status }{
		"put without begin": {ask(ocb.CmdListPut, ocb.ListPut{Entries: two}.Encode()), ocb.ListOrder},
		"too large":         {ask(ocb.CmdListBegin, ocb.ListBegin{Count: 5}.Encode()), ocb.ListTooLarge},
		"begin":             {ask(ocb.CmdListBegin, ocb.ListBegin{ListVersion: 1, Count: 2}.Encode()), ocb.OK},
		"doubled":           {ask(ocb.CmdListPut, ocb.ListPut{Entries: append(entry(1), entry(1)...)}.Encode()), ocb.ListOrder},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	ask(ocb.CmdListBegin, ocb.ListBegin{ListVersion: 1, Count: 2}.Encode())
	if s := ask(ocb.CmdListPut, ocb.ListPut{Entries: two}.Encode()); s != ocb.OK {
		t.Error(s)
	}
	if s := ask(ocb.CmdListCommit, ocb.ListCommit{ListVersion: 1}.Encode()); s != ocb.ListHash {
		t.Error("another hash:", s)
	}
	if len(b.m.List.Entries) != 0 {
		t.Error("a list that was not committed is in force")
	}
}

func TestEightPairings(t *testing.T) {
	b := on(t, fresh(t, Factory{}), Options{})
	for i := range ocb.PairingsMax + 1 {
		err := b.PairWith(ocb.UID{byte(i + 1)}, make([]byte, 32))
		if (err != nil) != (i == ocb.PairingsMax) {
			t.Errorf("pairing %d: %v", i+1, err)
		}
	}
	b.PressButton(time.Minute)
	h := visit(t, b)
	h.greet(1000)
	if m := h.ask(ocb.CmdPair, 1, ocb.Pair{Public: [32]byte{9}}.Encode()); m.Status != ocb.PairingsFull {
		t.Error(m.Status)
	}
	if m := h.ask(ocb.CmdUnpair, 2, (&ocb.UID{3})[:]); m.Status != ocb.OK || len(b.Pairings()) != 7 {
		t.Error("revoked with the button held:", m.Status, b.Pairings())
	}
	if m := h.ask(ocb.CmdPair, 3, ocb.Pair{}.Encode()); m.Status != ocb.Malformed {
		t.Error("a public key of low order:", m.Status)
	}
}

// Requests of a stranger whose checksums and MACs are right: each is answered
// by its name, a refusal says nothing else, and what the box keeps stays within its bounds.
func FuzzRequests(f *testing.F) {
	for _, m := range []ocb.Message{
		{Command: ocb.CmdInfo}, {Command: ocb.CmdLogOpen, Body: ocb.LogOpen{From: 1, Max: 9, Credit: 24}.Encode()},
		{Command: ocb.CmdListBegin, Body: ocb.ListBegin{ListVersion: 1, Count: 1}.Encode()},
		{Command: ocb.CmdListPut, Body: ocb.ListPut{Entries: make([]byte, ocb.BadgeSize)}.Encode()},
		{Command: ocb.CmdListCommit, Body: ocb.ListCommit{ListVersion: 1}.Encode()},
		{Command: ocb.CmdLabelSet, Body: ocb.LabelSet{Label: "Hall"}.Encode()}, {Command: ocb.CmdLogAck, Body: ocb.LogAck{Seq: 1}.Encode()},
		{Command: ocb.CmdPair, Body: ocb.Pair{Public: [32]byte{9}}.Encode()}, {Command: ocb.CmdSeal, Body: make([]byte, 16)},
		{Command: ocb.CmdTimeSet, Body: ocb.TimeSet{Time: 1 << 41}.Encode()}, {Command: ocb.CmdAbort, Body: []byte{0, 0}},
	} {
		f.Add(append([]byte{byte(m.Command), byte(len(m.Body))}, m.Body...))
	}
	dir, key := f.TempDir(), make([]byte, 32)
	if err := Create(dir, Factory{Pages: 4, ListMax: 40}); err != nil {
		f.Fatal(err)
	}
	b, err := Open(dir, Options{Lazy: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { b.Close() })
	f.Fuzz(func(t *testing.T, requests []byte) {
		if err := b.PairWith(ocb.UID{}, key); err != nil {
			t.Fatal(err)
		}
		h := visit(t, b)
		h.greet(24)
		for tx := uint16(1); len(requests) > 1 && tx < 50; tx++ {
			c, n := ocb.Command(requests[0]), min(int(requests[1]), len(requests)-2)
			body := requests[2 : 2+n]
			requests = requests[2+n:]
			if signed[c] {
				body = h.sign(key, c, tx, append([]byte(nil), body...))
			}
			h.send(ocb.KindCredit, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: h.heard + 24}.Encode()})
			if m := h.ask(c, tx, body); m.Command != c || m.Transaction != tx || m.Status > ocb.OldTransaction || m.Status != ocb.OK && len(m.Body) > 0 {
				t.Fatalf("%s answered as %+v", c, m)
			}
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.m.Label) > ocb.TextMax || len(b.m.List.Entries) > 40*ocb.BadgeSize || len(b.m.Pairings) > ocb.PairingsMax || b.s.acked > b.s.last() {
			t.Fatalf("label %d, list %d, pairings %d, acknowledged %d of %d", len(b.m.Label), len(b.m.List.Entries), len(b.m.Pairings), b.s.acked, b.s.last())
		}
	})
}

// Reports of a stranger: the box never falls over, and greets the next host.
func FuzzServe(f *testing.F) {
	var hello [ocb.ReportSize]byte
	fr := ocb.Fragment(ocb.KindRequest, 0, ocb.Message{Command: ocb.CmdHello, Body: ocb.Hello{Version: 1, Credit: 24}.Encode()}.Encode(), 0)
	fr.Encode(&hello)
	f.Add(hello[:])
	f.Add(append(hello[:], make([]byte, 200)...))
	dir := f.TempDir()
	if err := Create(dir, Factory{Pages: 4}); err != nil {
		f.Fatal(err)
	}
	b, err := Open(dir, Options{Lazy: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { b.Close() })
	f.Fuzz(func(t *testing.T, reports []byte) {
		h := visit(t, b)
		for ; len(reports) > 0; reports = reports[min(len(reports), ocb.ReportSize):] {
			var r [ocb.ReportSize]byte
			copy(r[:], reports)
			if err := h.p.WriteReport(&r); err != nil {
				t.Fatal(err)
			}
		}
		h.greet(24)
		if m := h.ask(ocb.CmdTimeGet, 1, nil); m.Status != ocb.OK {
			t.Fatal(m.Status)
		}
	})
}
