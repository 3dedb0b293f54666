package data

import (
	"testing"
	"time"
)

// cable is what a full-speed USB cable carries: 57 of 64 payload bytes a
// millisecond, in records of 32 bytes (devices/PROTOCOL.md).
const cable = 57.0 / 32 * 1000

// Storing must never be slower than the cable: the figure "cables" says how
// many cables one store keeps up with.
func BenchmarkStoreRecords(b *testing.B) {
	const batch = 4096
	s := newStore(b)
	log := newLog(b, s)
	var spent time.Duration
	n := 0
	for b.Loop() {
		records := log.next(batch)
		start := time.Now()
		log.store(b, records)
		spent += time.Since(start)
		n += batch
	}
	rate := float64(n) / spent.Seconds()
	b.ReportMetric(rate, "records/s")
	b.ReportMetric(rate/cable, "cables")
	b.ReportMetric(100_000/rate, "s/100k")
}
