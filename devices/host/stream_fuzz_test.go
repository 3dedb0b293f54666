package host

import (
	"testing"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Whatever messages a stream brings, with right checksums and all: what is taken are records that follow each other but
// for the ranges that are named as lost, no more than were asked for, and their chain ends where the chunk says.
func FuzzStream(f *testing.F) {
	raw := ocb.Record{Seq: 1, Type: app.RecordBoot}.Encode()
	h0 := ocb.ChainStart(ocb.UID{}, ocb.UID{})
	open := ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 3, Anchored: true, Before: h0}.Encode()
	join := func(bodies ...[]byte) (out []byte) {
		for _, b := range bodies {
			out = append(append(out, byte(len(b))), b...)
		}
		return out
	}
	f.Add(join(open, ocb.Part{Kind: ocb.PartRecords, Seq: 1, Records: raw[:]}.Encode(),
		ocb.Part{Kind: ocb.PartEnd, Seq: 1, Count: 1, CRC: ocb.CRC32C(0, raw[:]), Hash: h0.Next(&raw)}.Encode()))
	f.Add(join(open, ocb.Part{Kind: ocb.PartAnchor, Seq: 3, Anchored: true}.Encode(), ocb.Part{Kind: ocb.PartRecords, Seq: 3, Records: raw[:]}.Encode()))
	f.Fuzz(func(t *testing.T, b []byte) {
		next := func() (body []byte) {
			if len(b) == 0 {
				return nil
			}
			n := min(int(b[0]), len(b)-1)
			body, b = b[1:1+n], b[1+n:]
			return body
		}
		const limit = 4
		start := reading.Chain{Hash: h0}
		w := &fetch{b: &Box{}, after: start, at: start, before: start, limit: limit, ask: limit, asked: limit}
		a, err := ocb.ParseLogOpenAnswer(next())
		if err != nil || w.granted(a) != nil {
			return
		}
		for len(b) > 0 {
			done, again, err := w.part(ocb.Message{Command: ocb.CmdLogOpen, Body: next()})
			if err != nil {
				return // nothing of this chunk is given
			}
			if done || again {
				break
			}
		}
		if len(w.records) > limit || len(w.lost) > maxJumps*(limit+1) {
			t.Fatalf("%d records, %d ranges", len(w.records), len(w.lost))
		}
		lost := map[uint64]uint64{}
		for _, l := range w.lost {
			if l.First > l.Last {
				t.Fatalf("lost %d to %d", l.First, l.Last)
			}
			lost[l.First] = l.Last
		}
		due := uint64(1)
		for _, r := range w.records {
			for lost[due] != 0 {
				due = lost[due] + 1
			}
			if _, err := ocb.ParseRecord(r.Raw); err != nil || r.Key.Seq != due {
				t.Fatalf("record %d where %d is due, %v", r.Key.Seq, due, err)
			}
			due++
		}
		for lost[due] != 0 {
			due = lost[due] + 1
		}
		if w.at.Seq != due-1 {
			t.Fatalf("at %d, %d is due", w.at.Seq, due)
		}
	})
}
