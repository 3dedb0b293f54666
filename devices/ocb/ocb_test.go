package ocb_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/devices/ocb"
)

// A message cut into frames and put together again is the same message, at every length.
func TestFragments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := ocb.Message{
			Command: ocb.Command(rapid.Byte().Draw(t, "command")), Status: ocb.Status(rapid.Byte().Draw(t, "status")),
			Transaction: rapid.Uint16().Draw(t, "transaction"), Body: rapid.SliceOfN(rapid.Byte(), 0, ocb.MaxFromHost-12).Draw(t, "body"),
		}
		a := ocb.Assembler{Limit: ocb.MaxFromHost}
		msg := want.Encode()
		for i := range ocb.Fragments(len(msg)) {
			f := ocb.Fragment(ocb.KindRequest, 7, msg, i)
			var r [ocb.ReportSize]byte
			f.Encode(&r)
			got, err := ocb.ParseFrame(r[:])
			if err != nil || got != f {
				t.Fatalf("frame %+v, %v", got, err)
			}
			m, ok, err := a.Add(&got)
			if err != nil || ok != f.Last {
				t.Fatalf("frame %d: %v %v", i, ok, err)
			}
			if ok && (m.Command != want.Command || m.Status != want.Status || m.Transaction != want.Transaction || !bytes.Equal(m.Body, want.Body)) {
				t.Fatalf("got %+v", m)
			}
		}
	})
}

// Any damage to a message is noticed.
func TestDamagedMessage(t *testing.T) {
	msg := ocb.Message{Command: ocb.CmdInfo, Transaction: 3, Body: []byte("some body")}.Encode()
	for bit := range len(msg) * 8 {
		b := bytes.Clone(msg)
		b[bit/8] ^= 1 << (bit % 8)
		if _, err := ocb.ParseMessage(b, ocb.MaxFromBox); err == nil {
			t.Errorf("bit %d", bit)
		}
	}
	for n := range msg {
		if _, err := ocb.ParseMessage(msg[:n], ocb.MaxFromBox); err == nil {
			t.Errorf("cut to %d bytes", n)
		}
	}
}

func TestAssembler(t *testing.T) {
	msg := ocb.Message{Command: ocb.CmdInfo, Body: make([]byte, 200)}.Encode()
	at := func(i int) *ocb.Frame { f := ocb.Fragment(ocb.KindResponse, 1, msg, i); return &f }
	beat := ocb.Fragment(ocb.KindHeartbeat, 1, ocb.Message{Command: ocb.CmdHeartbeat}.Encode(), 0)
	for name, c := range map[string]struct {
		frames []*ocb.Frame
		whole  int
	}{
		"in order":            {[]*ocb.Frame{at(0), at(1), at(2), at(3)}, 1},
		"heartbeat between":   {[]*ocb.Frame{at(0), at(1), &beat, at(2), at(3)}, 2},
		"one missing":         {[]*ocb.Frame{at(0), at(2), at(3)}, 0},
		"without a beginning": {[]*ocb.Frame{at(1), at(2), at(3)}, 0},
		"begun anew":          {[]*ocb.Frame{at(0), at(1), at(0), at(1), at(2), at(3)}, 1},
		"endless":             {[]*ocb.Frame{at(0), at(1), at(1), at(1), at(1), at(1), at(1), at(3)}, 0},
	} {
		a, whole := ocb.Assembler{Limit: 300}, 0
		for _, f := range c.frames {
			if _, ok, _ := a.Add(f); ok {
				whole++
			}
		}
		if whole != c.whole {
			t.Errorf("%s: %d messages, want %d", name, whole, c.whole)
		}
	}
}

func TestCounters(t *testing.T) {
	for _, c := range []struct {
		expected, got uint16
		want          ocb.Order
	}{
		{5, 5, ocb.InOrder}, {5, 4, ocb.Repeated}, {5, 6, ocb.Skipped}, {0, 65535, ocb.Repeated}, {65535, 0, ocb.Skipped},
		{65535, 65535, ocb.InOrder}, {100, 30000, ocb.Absurd}, {30000, 100, ocb.Absurd}, {5, 5 + ocb.Ahead, ocb.Skipped}, {5, 6 + ocb.Ahead, ocb.Absurd},
		{500, 500 - ocb.Window, ocb.Repeated}, {500, 499 - ocb.Window, ocb.Absurd},
	} {
		if got := ocb.Compare(c.expected, c.got); got != c.want {
			t.Errorf("expected %d, got %d: %v, want %v", c.expected, c.got, got, c.want)
		}
	}
	if !ocb.Allowed(65530, 4) || ocb.Allowed(10, 9) || !ocb.Allowed(65535, 2) {
		t.Error("credit across the wrap")
	}
}

// Doubled and swapped frames change nothing; a damaged counter that was believed is noticed at the second frame after it.
func TestExpected(t *testing.T) {
	for name, c := range map[string]struct{ counters, taken []uint16 }{
		"in order":           {[]uint16{1, 2, 3}, []uint16{1, 2, 3}},
		"lost":               {[]uint16{1, 4, 5}, []uint16{1, 4, 5}},
		"doubled":            {[]uint16{1, 1, 2, 2, 3, 4}, []uint16{1, 2, 3, 4}},
		"swapped":            {[]uint16{1, 3, 2, 4, 6, 5, 7}, []uint16{1, 3, 4, 6, 7}},
		"damaged":            {[]uint16{1, 2, 90, 4, 5, 6}, []uint16{1, 2, 90, 5, 6}},
		"damaged beyond use": {[]uint16{1, 30000, 2, 3}, []uint16{1, 2, 3}},
	} {
		e := ocb.Expected{Next: 1}
		var taken []uint16
		for _, n := range c.counters {
			if o := e.Hear(n); o == ocb.InOrder || o == ocb.Skipped {
				taken = append(taken, n)
			}
		}
		if !slices.Equal(taken, c.taken) {
			t.Errorf("%s: took %d, want %d", name, taken, c.taken)
		}
	}
}

func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := ocb.Record{
			Seq: rapid.Uint64Range(1, ocb.MaxSeq).Draw(t, "seq"), Type: app.RecordType(rapid.Byte().Draw(t, "type")), Flags: rapid.Byte().Draw(t, "flags"),
			Time: ocb.Time{Seconds: rapid.Uint32().Draw(t, "s"), Fraction: rapid.Uint8().Draw(t, "f")},
			Boot: rapid.Uint16().
				Draw(t, "boot"),
			SinceBoot: rapid.Uint32().Draw(t, "since"), Data: [11]byte(rapid.SliceOfN(rapid.Byte(), 11, 11).Draw(t, "data")),
		}
		raw := r.Encode()
		got, err := ocb.ParseRecord(raw[:])
		if err != nil || got != r {
			t.Fatalf("%+v, %v", got, err)
		}
		a := r.App(app.LogKey{Box: "b", Log: "l"}, "g")
		if !bytes.Equal(a.Raw, raw[:]) || (a.Punch != nil && a.Event != nil) || (a.Punch != nil && a.Punch.At < 1) {
			t.Fatalf("%+v", a)
		}
	})
}

func TestIdentifiers(t *testing.T) {
	for _, c := range []struct {
		badge ocb.Badge
		want  app.IdentifierKey
	}{
		{ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{0x04, 0xa2, 0x0f}}, app.IdentifierKey{Kind: app.Card, Value: "04A20F"}},
		{ocb.Badge{Tech: 0xB, Bytes: []byte{1}}, app.IdentifierKey{Kind: app.Card, Value: "01"}},
		{ocb.Badge{Tech: ocb.TechPIN, Bytes: []byte("0042")}, app.IdentifierKey{Kind: app.PIN, Group: "g", Value: "42"}},
		{ocb.Badge{Tech: ocb.TechPIN, Bytes: []byte("000")}, app.IdentifierKey{Kind: app.PIN, Group: "g", Value: "0"}},
		{ocb.Badge{Tech: ocb.TechPIN, Bytes: []byte("=HYPER(1)\x00")}, app.IdentifierKey{Kind: app.PIN, Group: "g", Value: "0x3D48595045522831290" + "0"}},
	} {
		f, err := c.badge.Field()
		if err != nil {
			t.Fatal(err)
		}
		b, err := ocb.ParseBadge(f)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, b.Identifier("g")); diff != "" {
			t.Error(diff)
		}
	}
	for _, n := range []int{0, 11} {
		if _, err := (ocb.Badge{Bytes: make([]byte, n)}).Field(); err == nil {
			t.Errorf("a badge of %d bytes", n)
		}
	}
}

// What nobody can read stays raw: a newer type, a key that is none, a badge longer than its field.
func TestUnknownRecords(t *testing.T) {
	good, _ := ocb.Badge{Tech: 1, Bytes: []byte{1, 2}}.Field()
	for name, r := range map[string]ocb.Record{
		"newer type": {Seq: 1, Type: 0x77},
		"odd key":    {Seq: 1, Type: app.RecordPunch, Flags: 7, Data: good},
		"odd badge":  {Seq: 1, Type: app.RecordPunch, Data: [11]byte{0x1F, 1}},
		"no badge":   {Seq: 1, Type: app.RecordPunch, Data: [11]byte{0x10}},
	} {
		if a := r.App(app.LogKey{}, ""); a.Punch != nil || a.Event != nil || len(a.Raw) != ocb.RecordSize || a.Type != r.Type {
			t.Errorf("%s: %+v", name, a)
		}
	}
	r := ocb.Record{Seq: 1, Type: app.RecordRefused, Flags: ocb.FlagUntrusted | ocb.FlagByHand | uint8(app.KeyOut), Data: good}
	p := r.App(app.LogKey{}, "").Punch
	if p == nil || p.Flags != app.Refused|app.TimeUntrusted|app.ByHand || p.Pressed != app.KeyOut || p.At != 1 {
		t.Errorf("%+v", p)
	}
}
