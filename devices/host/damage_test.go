package host_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// A box that lost records, wherever, is read to its end in chunks of any size: all that it still has, the lost
// ranges named, and never taken for another box because its chain begins again.
func TestLostRecordsAnywhere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		if err := simbox.Create(dir, simbox.Factory{}); err != nil {
			t.Fatal(err)
		}
		b, err := simbox.Open(dir, simbox.Options{Lazy: true})
		if err != nil {
			t.Fatal(err)
		}
		const punches = 600 // five pages
		past(t, b, punches)
		lost := map[uint64]bool{}
		for range rapid.IntRange(0, 6).Draw(rt, "damages") {
			from := rapid.Uint64Range(1, punches-20).Draw(rt, "from")
			to := from + rapid.SampledFrom([]uint64{0, 1, 10, 130}).Draw(rt, "more")
			if err := b.Damage(from, min(to, punches-20)); err != nil {
				t.Fatal(err)
			}
			for seq := from; seq <= min(to, punches-20); seq++ {
				lost[seq] = true
			}
		}
		b.Close()
		if b, err = simbox.Open(dir, simbox.Options{Lazy: true}); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		key, keys := make([]byte, 32), new(host.MemoryKeys)
		id, _ := ocb.ParseUID(string(office))
		if err := errors.Join(b.PairWith(id, key), keys.Save(b.UID().String(), key)); err != nil {
			t.Fatal(err)
		}
		near, far := port.Pair()
		served := make(chan error, 1)
		go func() { served <- b.Serve(far) }()
		h, err := host.Open(t.Context(), near, host.Options{Installation: office, Keys: keys, Timing: quick, Closed: func() error { return <-served }})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		records, gaps, end, err := readAll(t.Context(), h, reading.Chain{}, rapid.IntRange(1, 400).Draw(rt, "chunk"))
		if err != nil {
			rt.Fatalf("after %d: %v", end.Seq, err)
		}
		if end.Seq != b.Counts().Last || len(records)+len(lost) != int(end.Seq) {
			rt.Fatalf("%d records and %d lost of %d", len(records), len(lost), end.Seq)
		}
		for _, r := range records {
			if lost[r.Key.Seq] {
				rt.Fatalf("record %d was lost", r.Key.Seq)
			}
		}
		named := 0
		for _, g := range gaps {
			for seq := g.First; seq <= g.Last; seq++ {
				if !lost[seq] {
					rt.Fatalf("record %d is there and said to be lost", seq)
				}
				named++
			}
		}
		if named != len(lost) {
			rt.Fatalf("%d lost, %d named", len(lost), named)
		}
		// What was stored last is where the next reading begins, and where it is acknowledged.
		if c, err := h.Chunk(t.Context(), end, 10); err != nil || len(c.Records) != 0 {
			rt.Fatal(len(c.Records), err)
		}
		if err := h.Acknowledge(t.Context(), end); err != nil {
			rt.Fatal(err)
		}
	})
}
