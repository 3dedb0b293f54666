package ocb_test

import (
	"bytes"
	"testing"

	"klokkast/app"
	"klokkast/devices/ocb"
)

// The seeds of every target are the worked examples of PROTOCOL.md.
func seeds(f *testing.F) {
	for _, b := range examples(&testing.T{}) {
		f.Add(b)
	}
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xFF}, 64))
}

func FuzzFrames(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		a := ocb.Assembler{Limit: ocb.MaxFromBox}
		for len(b) > 0 {
			n := min(len(b), ocb.ReportSize)
			if frame, err := ocb.ParseFrame(b[:n]); err == nil {
				var r [ocb.ReportSize]byte
				frame.Encode(&r)
				if !bytes.Equal(r[:], b[:n]) {
					t.Fatal("a frame that is read and written again differs")
				}
				if m, ok, _ := a.Add(&frame); ok && len(m.Body) > ocb.MaxFromBox {
					t.Fatal("message too long")
				}
			}
			b = b[n:]
		}
	})
}

func FuzzMessage(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := ocb.ParseMessage(b, ocb.MaxFromHost); err == nil && !bytes.Equal(m.Encode(), b) {
			t.Fatal("a message that is read and written again differs")
		}
	})
}

func FuzzRecord(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ocb.ParseRecord(b)
		if err != nil {
			return
		}
		if raw := r.Encode(); !bytes.Equal(raw[:], b) {
			t.Fatal("a record that is read and written again differs")
		}
		r.App(app.LogKey{}, "g")
	})
}

// Every body of every command, from the same bytes.
func FuzzBodies(f *testing.F) {
	seeds(f)
	same := func(t *testing.T, name string, b, again []byte, err error) {
		if err == nil && !bytes.HasPrefix(b, again) {
			t.Fatalf("%s that is read and written again differs", name)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		hello, err := ocb.ParseHello(b)
		same(t, "HELLO", b, hello.Encode(), err)
		_, _ = ocb.ParseHelloAnswer(b)
		_, _ = ocb.ParseInfo(b)
		_, _ = ocb.ParseTimeAnswer(b)
		set, err := ocb.ParseTimeSet(b)
		same(t, "TIME_SET", b, set.Encode(), err)
		open, err := ocb.ParseLogOpen(b)
		same(t, "LOG_OPEN", b, open.Encode(), err)
		_, _ = ocb.ParseLogOpenAnswer(b)
		if p, err := ocb.ParsePart(b); err == nil && p.Kind == ocb.PartRecords {
			same(t, "records", b, p.Encode(), nil)
		}
		_, _ = ocb.ParseCredit(b)
		ack, err := ocb.ParseLogAck(b)
		same(t, "LOG_ACK", b, ack.Encode(), err)
		_, _ = ocb.ParseAckAnswer(b)
		seal, err := ocb.ParseSealAnswer(b)
		same(t, "seal", b, seal.Encode(), err)
		begin, err := ocb.ParseListBegin(b)
		same(t, "LIST_BEGIN", b, begin.Encode(), err)
		put, err := ocb.ParseListPut(b)
		same(t, "LIST_PUT", b, put.Encode(), err)
		_, _ = ocb.ParseListCommit(b)
		label, err := ocb.ParseLabelSet(b)
		same(t, "LABEL_SET", b, label.Encode(), err)
		pair, err := ocb.ParsePair(b)
		same(t, "PAIR", b, pair.Encode(), err)
		_, _ = ocb.ParsePairAnswer(b)
		ids, err := ocb.ParsePairings(b)
		same(t, "pairings", b, ocb.EncodePairings(ids), err)
		_, _ = ocb.ParseHeartbeat(b)
		if len(b) >= ocb.BadgeSize {
			if badge, err := ocb.ParseBadge([ocb.BadgeSize]byte(b)); err == nil {
				again, err := badge.Field()
				same(t, "badge", b, again[:], err)
			}
		}
	})
}
