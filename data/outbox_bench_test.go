package data_test

import (
	"runtime"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// BenchmarkSend sends 20,000 punches of 200 people to a register that takes
// 80 ms for each answer, over real HTTP, from a real file. The measure is the
// time against what the register alone takes for that many requests.
func BenchmarkSend(b *testing.B) {
	const punches, people, answer = 20_000, 200, 80 * time.Millisecond
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, people)
		w.batch, w.timing = ciao.DefaultBatch, ciao.DefaultTiming()
		for n := range punches {
			w.punch(n%people, time.Duration(1+n/people*3)*time.Minute, []app.PunchKey{app.KeyIn, app.KeyOut}[n/people%2])
		}
		if n := w.enqueue(); n != punches {
			b.Fatalf("queued %d of %d", n, punches)
		}
		w.register.Add(register.Fault{Kind: register.Delay, Seconds: answer.Seconds()})
		before, stop := heapOf(), make(chan struct{})
		peak := watchHeap(stop)
		b.StartTimer()
		begin := time.Now()
		report := w.send(0)
		took := time.Since(begin)
		b.StopTimer()
		close(stop)
		if report.Accepted != punches {
			b.Fatalf("report %+v", report)
		}
		w.exactlyOnce(punches)
		b.ReportMetric(punches/took.Seconds(), "registrations/s")
		b.ReportMetric(took.Seconds()/(float64(report.Requests)*answer.Seconds()), "×register")
		b.ReportMetric(float64(max(<-peak-before, 0))/1e6, "MB-more")
		b.StartTimer()
	}
}

func heapOf() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// watchHeap returns the largest heap that was in use until stop is closed.
func watchHeap(stop <-chan struct{}) <-chan int64 {
	peak := make(chan int64, 1)
	go func() {
		var most int64
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, int64(m.HeapAlloc))
			}
		}
	}()
	return peak
}
