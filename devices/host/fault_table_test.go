package host_test

import (
	"bytes"
	"fmt"
	"testing"

	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// Frames dropped, doubled, swapped and damaged on a cable, each by itself and all together, in both directions: a full
// box is read to its end, every record once, in order and as the box has it.
func TestFaultTable(t *testing.T) {
	n := uint64(20_000)
	if testing.Short() {
		n = 1_000
	}
	b, dir := newBox(t, simbox.Factory{})
	past(t, b, int(n)-1) // and a boot
	b.Close()
	for _, rate := range []float64{0.01, 0.02, 0.05} {
		for _, c := range []struct {
			name string
			port.Faults
		}{
			{"dropped", port.Faults{Drop: rate}}, {"doubled", port.Faults{Double: rate}}, {"swapped", port.Faults{Swap: rate}},
			{"damaged", port.Faults{Corrupt: rate}}, {"all", port.Faults{Drop: rate, Double: rate, Swap: rate, Corrupt: rate}},
		} {
			t.Run(fmt.Sprintf("%s %g", c.name, rate), func(t *testing.T) {
				c.Seed = 11
				box := openBox(t, dir)
				n := box.Counts().Last
				h, bad := connect(t, box, c.Faults, host.Options{})
				records, lost, _, err := readAll(t.Context(), h, reading.Chain{}, 4096)
				if err != nil || len(lost) > 0 || sequences(records) != nil || uint64(len(records)) != n {
					t.Fatalf("%d records of %d, %v, lost %v, %+v", len(records), n, err, lost, h.Stats())
				}
				for seq := uint64(1); seq <= n; {
					raw, err := box.Raw(seq, 256)
					if err != nil || len(raw) == 0 {
						t.Fatal(seq, err)
					}
					for ; len(raw) > 0; raw, seq = raw[ocb.RecordSize:], seq+1 {
						if !bytes.Equal(records[seq-1].Raw, raw[:ocb.RecordSize]) {
							t.Fatalf("record %d is not the box's", seq)
						}
					}
				}
				t.Logf("%d faults, %+v", bad.Injected.Load(), h.Stats())
				h.Close()
				box.Close()
			})
		}
	}
}
