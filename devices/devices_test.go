package devices_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

const installation = app.ID("01930000-0000-7000-8000-0000000000a1")

func card(n int) ocb.Badge {
	return ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{4, byte(n >> 16), byte(n >> 8), byte(n)}}
}

// newBox makes a box that lived through n punches, switched off.
func newBox(t testing.TB, n int) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "box")
	if err := simbox.Create(dir, simbox.Factory{Label: "Balie"}); err != nil {
		t.Fatal(err)
	}
	b, err := simbox.Open(dir, simbox.Options{Off: true})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	events := []simbox.PastEvent{{At: at, Type: app.RecordBoot}}
	for i := range n {
		events = append(events, simbox.PastEvent{At: at.Add(time.Duration(i+1) * 20 * time.Second), Type: app.RecordPunch, Badge: card(i % 90)})
	}
	if _, err := b.Past(events); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// store keeps what a reading stores, strictly: no key twice, no gap.
type store struct {
	reading.Store
	state   reading.LogState
	records map[uint64]string
	fail    error
}

func (s *store) LogState(context.Context, app.LogKey) (reading.LogState, error) { return s.state, nil }
func (s *store) BeginReading(_ context.Context, _ app.Reading, b app.Box) error {
	s.state.PublicKey = b.PublicKey
	return nil
}
func (s *store) EndReading(context.Context, app.Reading) error { return nil }
func (s *store) Acknowledged(_ context.Context, _ app.ID, seq uint64) error {
	s.state.Acked = seq
	return nil
}
func (s *store) Quarantine(_ context.Context, _, reason string, _ app.Act) error {
	s.state.Quarantined = reason
	return nil
}
func (s *store) StoreBatch(_ context.Context, b reading.Batch) (int, error) {
	if s.fail != nil {
		return 0, s.fail
	}
	for _, r := range b.Records {
		if _, ok := s.records[r.Key.Seq]; ok || r.Key.Seq != s.state.Last.Seq+1 {
			return 0, fmt.Errorf("record %d after %d", r.Key.Seq, s.state.Last.Seq)
		}
		s.records[r.Key.Seq] = string(r.Raw)
		s.state.Last.Seq = r.Key.Seq
		if reading.Weighty(r.Type) {
			s.state.LastWeighty = r.Key.Seq
		}
	}
	s.state.Known, s.state.Last = true, b.End
	return len(b.Records), nil
}

func newStore() *store { return &store{records: map[uint64]string{}} }

// serve puts a simulated box on loopback, as another process would.
func serve(t *testing.T, dir string) (path string, b *simbox.Box) {
	t.Helper()
	b, err := simbox.Open(dir, simbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := port.Listen("tcp:127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- port.Serve(ctx, l, b.Serve) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		b.Close()
	})
	return port.Address(l), b
}

// The whole way of a punch through a cable, in each way a simulated box can be reached.
func TestReadThroughEveryPort(t *testing.T) {
	keys := new(host.MemoryKeys)
	f := &devices.Finder{Installation: installation, Keys: keys}
	tcp, b := serve(t, newBox(t, 500))
	b.PressButton(time.Minute)
	for name, path := range map[string]string{"another process": tcp, "this process": "sim:" + newBox(t, 500)} {
		box, err := f.Open(t.Context(), path)
		if err != nil {
			t.Fatal(name, err)
		}
		s := newStore()
		r, err := reading.Read(t.Context(), s, box.(reading.Box), reading.Options{Installation: installation, ChunkSize: 200})
		if err != nil || r.New != 502 || len(s.records) != 502 || r.State != app.ReadingDone || r.Problem != "not-paired" || r.Clock == nil {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		if path != tcp {
			box.Close()
			continue
		}
		if err := box.(reading.Service).Pair(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if r, err = reading.Read(t.Context(), s, box.(reading.Box), reading.Options{Installation: installation}); err != nil || r.Acked != 502 || r.New != 0 {
			t.Fatalf("%s: the acknowledgement is made good: %+v, %v", name, r, err)
		}
		if _, err := f.Open(t.Context(), tcp); !errors.Is(err, reading.InUse) {
			t.Errorf("a second program: %v", err)
		}
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenFaults(t *testing.T) {
	f := &devices.Finder{}
	for path, want := range map[string]reading.Fault{
		"sim:" + t.TempDir(): reading.NotFound, "tcp:127.0.0.1:1": reading.NotFound, "tcp:192.0.2.7:4711": reading.NotFound,
		"nonsense": reading.NotFound, "unix:" + filepath.Join(t.TempDir(), "none"): reading.NotFound,
	} {
		if _, err := f.Open(t.Context(), path); !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := f.Open(t.Context(), "usb:nowhere"); !errors.Is(err, reading.NotFound) && !errors.Is(err, reading.NoUSB) {
		t.Error(err)
	}
	found, err := (&devices.Finder{Simulated: []string{"sim:x"}, USB: struct{ Vendor, Product uint16 }{0x1209, 0xFFFE}}).List(t.Context())
	if len(found) != 1 || (err != nil && !errors.Is(err, reading.NoUSB)) {
		t.Error(found, err)
	}
}

// A copy of a box goes its own way: what it has at our last sequence is another history.
func TestClonedBox(t *testing.T) {
	dir := newBox(t, 50)
	clone := filepath.Join(t.TempDir(), "clone")
	if err := os.CopyFS(clone, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	tap := func(dir string, badge int) {
		b, err := simbox.Open(dir, simbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Tap(card(badge), app.KeyIn); err != nil {
			t.Fatal(err)
		}
		b.Close()
	}
	tap(dir, 1)
	tap(clone, 2)
	tap(clone, 3)
	f := &devices.Finder{Installation: installation}
	s := newStore()
	read := func(dir string) (app.Reading, error) {
		box, err := f.Open(t.Context(), "sim:"+dir)
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		return reading.Read(t.Context(), s, box.(reading.Box), reading.Options{Installation: installation})
	}
	if _, err := read(dir); err != nil {
		t.Fatal(err)
	}
	before := len(s.records)
	r, err := read(clone)
	var q *reading.QuarantinedError
	if !errors.As(err, &q) || q.Reason != reading.ReasonChain || r.Acked != 0 || len(s.records) != before {
		t.Errorf("%+v, %v", r, err)
	}
}

// Kills at every place, one after the other, on a bad cable: in the end every
// record is there once, as the box wrote it.
func TestNeverLoseNeverDouble(t *testing.T) {
	dir := newBox(t, 2000)
	sim, err := simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	sim.PressButton(time.Hour)
	keys, s := new(host.MemoryKeys), newStore()
	key := make([]byte, 32)
	id, _ := ocb.ParseUID(string(installation))
	if err := errors.Join(sim.PairWith(id, key), keys.Save(sim.UID().String(), key)); err != nil {
		t.Fatal(err)
	}
	timing := host.Timing{
		Resend:   40 * time.Millisecond,
		Answer:   time.Second,
		Progress: 2 * time.Second,
		Stall:    70 * time.Millisecond,
		Credit:   25 * time.Millisecond,
		Goodbye:  100 * time.Millisecond,
	}
	ends := map[string]int{}
	for round := uint64(0); ; round++ {
		if round == 200 {
			t.Fatal("no end")
		}
		near, far := port.Pair()
		served := make(chan error, 1)
		go func() { served <- sim.Serve(far) }()
		bad := port.WithFaults(near, port.Faults{Drop: 0.01, Double: 0.01, Swap: 0.01, Corrupt: 0.01, Zero: 0.02, Seed: round})
		bad.UnplugAfter(int64(20 + round*37%1000 + 20*round))
		s.fail = nil
		if round%5 == 4 {
			s.fail = errors.New("disk full")
		}
		box, err := host.Open(t.Context(), bad, host.Options{Installation: installation, Keys: keys, Timing: timing})
		var r app.Reading
		if err == nil {
			r, err = reading.Read(t.Context(), s, box, reading.Options{Installation: installation, ChunkSize: 150})
			box.Close()
		}
		<-served
		ends[string(r.State)+" "+r.Problem]++
		if sim.Counts().Acked > s.state.Last.Seq {
			t.Fatalf("acknowledged %d, stored %d", sim.Counts().Acked, s.state.Last.Seq)
		}
		if err == nil && r.Problem == "" && sim.Counts().Acked >= 2002 {
			break
		}
		if s.state.Quarantined != "" {
			t.Fatal("quarantined:", s.state.Quarantined, err)
		}
	}
	t.Log(ends)
	box, far := port.Pair()
	go sim.Serve(far)
	h, err := host.Open(t.Context(), box, host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	c, err := h.Chunk(t.Context(), reading.Chain{}, 2002)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Records {
		if s.records[r.Key.Seq] != string(r.Raw) {
			t.Fatalf("record %d is not stored as the box has it", r.Key.Seq)
		}
	}
}

func TestOpenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "1_attlog.dat")
	if err := os.WriteFile(path, []byte("        7\t2026-11-23 06:58:12\t1\t0\t1\t0\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	finder := &devices.Finder{}
	file, err := finder.OpenFile(path, nil)
	if err != nil || file.Name != "1_attlog.dat" || file.Make != app.MakeZK || len(file.Lines) != 1 {
		t.Fatal(file, err)
	}
	// A box may have a mapping and still write such files.
	m := reading.Mapping{Separator: ";", Badge: reading.Column{From: 1}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 2}, Layout: "DD/MM/YYYY hh:mm"}
	if file, err := finder.OpenFile(path, &m); err != nil || file.Make != app.MakeZK {
		t.Error(file, err)
	}
	csv := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(csv, []byte("12;23/11/2026 06:58\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var needs *reading.NeedsMappingError
	if _, err := finder.OpenFile(csv, nil); !errors.As(err, &needs) || needs.File != "export.csv" {
		t.Error(err)
	}
	if file, err := finder.OpenFile(csv, &m); err != nil || file.Make != app.MakeTable || file.Serial != "" {
		t.Error(file, err)
	}
	if _, err := finder.OpenFile(filepath.Join(t.TempDir(), "gone.dat"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// The throughput of the driver against the raw report rate of the same port in
// the same run. The bar is nine tenths of what the payload allows: 57 of 64
// bytes. A machine that is busy with other things gets three tries.
func TestThroughput(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	const pace, records = 200 * time.Microsecond, 4096
	dir := newBox(t, records)
	best := 0.0
	for range 3 {
		raw := rawRate(t, pace, 4000)
		rate := recordRate(t, dir, pace, records)
		limit := raw * 57 / 32
		best = max(best, rate/limit)
		t.Logf("%.0f reports/s raw, %.0f records/s of at most %.0f: %.1f %%", raw, rate, limit, 100*rate/limit)
		if best >= 0.9 {
			return
		}
	}
	t.Errorf("%.1f %% of the payload limit, less than nine tenths", 100*best)
}

// recordRate returns the records a second that the driver gets out of a paced port.
func recordRate(t testing.TB, dir string, pace time.Duration, records int) float64 {
	t.Helper()
	sim, err := simbox.Open(dir, simbox.Options{Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- sim.Serve(far) }()
	h, err := host.Open(t.Context(), port.Paced(near, pace), host.Options{Closed: func() error { return <-served }})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	begun := time.Now()
	var at reading.Chain
	for at.Seq < uint64(records) {
		c, err := h.Chunk(t.Context(), at, min(reading.DefaultChunk, records-int(at.Seq)))
		if err != nil || len(c.Records) == 0 {
			t.Fatal(at.Seq, err)
		}
		at = c.End
	}
	return float64(records) / time.Since(begun).Seconds()
}

// rawRate returns the reports a second that a paced port carries, over n of them.
func rawRate(t testing.TB, pace time.Duration, n int) float64 {
	t.Helper()
	near, far := port.Pair()
	go func() {
		var r [ocb.ReportSize]byte
		for far.WriteReport(&r) == nil {
		}
	}()
	p := port.Paced(near, pace)
	defer p.Close()
	var r [ocb.ReportSize]byte
	begun := time.Now()
	for range n {
		if _, err := p.ReadReport(&r); err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}

// BenchmarkReading reads a log chunk by chunk against the raw reports of the same port in the same run: through a port
// paced as a full-speed cable is, a report a millisecond, and as fast as memory goes. "%payload" is records/s of what 57
// of 64 bytes of the raw reports allow; 90 is the bar. In memory, where there is no cable to wait for, "cables" says how
// many of them the code of both sides keeps up with. "s/100k" is the time for 100,000 records.
func BenchmarkReading(b *testing.B) {
	for _, c := range []struct {
		name             string
		pace             time.Duration
		records, reports int
	}{{"cable", time.Millisecond, 4096, 1000}, {"memory", 0, 100_000, 200_000}} {
		b.Run(c.name, func(b *testing.B) {
			dir := newBox(b, c.records)
			var raw, rate, n float64
			for b.Loop() {
				raw += rawRate(b, c.pace, c.reports)
				rate += recordRate(b, dir, c.pace, c.records)
				n++
			}
			raw, rate = raw/n, rate/n
			b.ReportMetric(rate, "records/s")
			b.ReportMetric(raw, "reports/s")
			b.ReportMetric(100_000/rate, "s/100k")
			if c.pace > 0 {
				b.ReportMetric(100*rate/(raw*57/32), "%payload")
			} else {
				b.ReportMetric(rate*32/57/1000, "cables")
			}
		})
	}
}

// A listener that is no box, and a box that says nothing at all.
func TestForeignServer(t *testing.T) {
	l, err := port.Listen("tcp:127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, strings.Repeat("HTTP/1.1 400 Bad Request\r\n", 10))
		}
	}()
	begun := time.Now()
	if _, err := (&devices.Finder{}).Open(t.Context(), port.Address(l)); !errors.Is(err, reading.Silent) || time.Since(begun) > 5*time.Second {
		t.Error(err, time.Since(begun))
	}
}

// A folder that is moved onto the shelf is a box that is plugged in.
func TestShelf(t *testing.T) {
	shelf := t.TempDir()
	f := &devices.Finder{Shelf: shelf, USB: struct{ Vendor, Product uint16 }{0x1209, 0xFFFE}}
	count := func() int {
		found, err := f.List(t.Context())
		if err != nil && !errors.Is(err, reading.NoUSB) {
			t.Fatal(err)
		}
		return len(found)
	}
	dir := newBox(t, 5)
	if n := count(); n != 0 {
		t.Errorf("%d on an empty shelf", n)
	}
	if err := os.CopyFS(filepath.Join(shelf, "one"), os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 1 {
		t.Errorf("%d on a shelf with one", n)
	}
	b, err := f.Open(t.Context(), "sim:"+filepath.Join(shelf, "one"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
