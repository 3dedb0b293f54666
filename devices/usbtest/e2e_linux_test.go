//go:build cgo

package usbtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/usbip"
	"klokkast/devices/usbport"
)

// all is how many records the box of a full reading holds.
var all = number("RECORDS", 20000)

func TestListOpenInfo(t *testing.T) {
	l := newLab(t)
	b := l.box(10, "Balie")
	c := l.plug(0, b, nil)
	found := l.found(1)
	if found[0].Fault != "" {
		t.Errorf("%+v", found[0])
	}
	h := l.open()
	i, err := h.Info(t.Context())
	if err != nil || i.Log != b.LogKey() || i.Label != "Balie" || i.Last != 10 || !i.Paired || !i.ClockSet {
		t.Errorf("%+v, %v", i, err)
	}
	if err := h.Prove(t.Context()); err != nil {
		t.Error(err)
	}
	if o, err := h.ClockOffset(t.Context()); err != nil || o.Offset.Abs() > o.Uncertainty+5*time.Millisecond {
		t.Errorf("%+v, %v", o, err)
	}
	if err := h.SetLabel(t.Context(), "Inkom ☕"); err != nil {
		t.Error(err)
	}
	if i, err = h.Info(t.Context()); err != nil || i.Label != "Inkom ☕" {
		t.Errorf("%+v, %v", i, err)
	}
	if list, err := l.finder.List(t.Context()); err != nil || len(list) != 1 {
		t.Error("while it is open:", list, err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	c.unplug()
	l.found(0)
	if _, err := l.finder.Open(t.Context(), found[0].Path); !errors.Is(err, reading.NotFound) {
		t.Error("open what is gone:", err)
	}
}

// Every record once and in order, and how fast.
func TestReadEverything(t *testing.T) {
	l := newLab(t)
	b := l.box(all, "Balie")
	l.plug(0, b, nil)
	h := l.open()
	defer h.Close()
	s := newStore()
	begun := time.Now()
	r, err := reading.Read(t.Context(), s, h.(reading.Box), reading.Options{Installation: installation})
	if err != nil || r.New != all || r.State != app.ReadingDone || r.Acked != uint64(all) || b.Counts().Acked != uint64(all) {
		t.Fatalf("%+v, %v", r, err)
	}
	took := time.Since(begun)
	s.same(t, b, uint64(all))
	t.Logf("%d records in %s: %.0f records/s; %+v", all, took.Round(time.Millisecond), float64(all)/took.Seconds(), h.(*host.Box).Stats())
}

// The cable goes out at random moments of a reading, again and again, and the
// box comes back at once under another path.
func TestUnplugs(t *testing.T) {
	unplugs := number("UNPLUGS", 10)
	l := newLab(t)
	b := l.box(all, "Balie")
	s := newStore()
	dice := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	// A reading of all takes 18 reports for 31 records; chunks that were cut off are sent again.
	reports := int64(all) * 18 / 31
	ends := map[string]int{}
	o := reading.Options{Installation: installation, ChunkSize: 256}
	early := 0
	for round := range unplugs {
		if round == unplugs/5 {
			early = resident()
		}
		var left atomic.Int64
		left.Store(1 + dice.Int64N(2*reports/int64(unplugs)))
		away := make(chan struct{})
		var c *cable
		plugged := make(chan struct{})
		pull := func() { <-plugged; _ = usbip.Detach(c.port); close(away) }
		if round%2 == 1 {
			pull = func() { <-plugged; _ = c.gadget.Close(); close(away) }
		}
		c = l.plug(round%8, b, func(p ocb.Port) ocb.Port { return counting{p, &left, pull} })
		close(plugged)
		r, err := l.readOnce(s, o)
		if err == nil && left.Swap(-1) > 0 { // read to the end before it came to that: an unplug at rest
			go pull()
		}
		for over := time.Now().Add(30 * time.Second); err != nil && left.Load() > 0 && time.Now().Before(over); {
			_, err = l.readOnce(s, o) // what was listed was the one unplugged before
		}
		select {
		case <-away:
		case <-time.After(30 * time.Second):
			t.Fatalf("round %d was never unplugged: %+v, %v", round, r, err)
		}
		if err != nil && !errors.Is(err, reading.Unplugged) && !errors.Is(err, reading.NotFound) && !errors.Is(err, reading.InUse) {
			t.Errorf("round %d: %v", round, err)
		}
		ends[string(r.State)+" "+r.Problem]++
		c.unplug()
		if acked := b.Counts().Acked; acked > s.state.Last.Seq {
			t.Fatalf("acknowledged %d, stored %d", acked, s.state.Last.Seq)
		}
	}
	// What is stored grows too: 20,000 records are some 3 MB here. The address
	// sanitizer keeps what was freed, and is given more.
	grown := resident() - early
	t.Logf("%d unplugs, the readings ended %v, %d records stored, memory grew by %d kB in the last four fifths", unplugs, ends, len(s.records), grown>>10)
	if grown > number("GROWTH_MB", 16)<<20 {
		t.Errorf("memory grew by %d kB", grown>>10)
	}
	l.plug(0, b, nil)
	r, err := l.readOnce(s, o)
	if err != nil || r.State != app.ReadingDone || b.Counts().Acked < uint64(all) {
		t.Fatalf("%+v, %v", r, err)
	}
	// The box's record of its last acknowledgement comes with the next reading only.
	if last := s.state.Last.Seq; last < uint64(all) || last+1 < b.Counts().Last {
		t.Errorf("stored up to %d, the box has %d", last, b.Counts().Last)
	}
	s.same(t, b, s.state.Last.Seq)
	if s.state.Quarantined != "" {
		t.Error(s.state.Quarantined)
	}
}

// readOnce opens whatever is there and reads it.
func (l *lab) readOnce(s *store, o reading.Options) (app.Reading, error) {
	var list []reading.Found
	for end := time.Now().Add(20 * time.Second); len(list) == 0; time.Sleep(5 * time.Millisecond) {
		var err error
		if list, err = l.finder.List(l.t.Context()); err != nil {
			return app.Reading{}, err
		}
		if time.Now().After(end) {
			return app.Reading{}, reading.NotFound
		}
	}
	h, err := l.finder.Open(l.t.Context(), list[0].Path)
	if err != nil {
		return app.Reading{}, err
	}
	defer h.Close()
	return reading.Read(l.t.Context(), s, h.(reading.Box), o)
}

func TestTwoBoxesAtOnce(t *testing.T) {
	l := newLab(t)
	const n = 2000
	one, two := l.box(n, "Balie"), l.box(n, "Balie")
	l.plug(0, one, nil)
	l.plug(1, two, nil)
	var wg sync.WaitGroup
	stores := map[app.LogKey]*store{}
	var mu sync.Mutex
	for _, f := range l.found(2) {
		wg.Go(func() {
			h, err := l.finder.Open(t.Context(), f.Path)
			if err != nil {
				t.Error(err)
				return
			}
			defer h.Close()
			s := newStore()
			r, err := reading.Read(t.Context(), s, h.(reading.Box), reading.Options{Installation: installation})
			if err != nil || r.New != n {
				t.Errorf("%+v, %v", r, err)
			}
			mu.Lock()
			defer mu.Unlock()
			stores[r.Log] = s
		})
	}
	wg.Wait()
	if len(stores) != 2 {
		t.Fatalf("%d logs", len(stores))
	}
	stores[one.LogKey()].same(t, one, n)
	stores[two.LogKey()].same(t, two, n)
}

func TestInUse(t *testing.T) {
	l := newLab(t)
	b := l.box(10, "Balie")
	l.plug(0, b, nil)
	path := l.found(1)[0].Path
	h := l.open()
	for name, open := range map[string]func() error{
		"in this process":    func() error { _, err := new(devices.Finder).Open(t.Context(), path); return err },
		"in another process": func() error { return child(t, "TestAsOther", "BOX="+path, nil) },
	} {
		if err := open(); !errors.Is(err, reading.InUse) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.Info(t.Context()); err != nil {
		t.Error("the first one's session:", err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	h = l.open() // and it is free again
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// child runs a test of this binary in another process, which tells its fault by its exit code.
func child(t *testing.T, test, env string, as *syscall.Credential) error {
	t.Helper()
	exe, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "child")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "child")
	if err := errors.Join(os.WriteFile(path, exe, 0o755), os.Chmod(path, 0o755), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-test.run", "^"+test+"$", "-test.v")
	cmd.Env, cmd.Dir = append(os.Environ(), env), dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		for code, fault := range childFaults {
			if exit.ExitCode() == code {
				return fault
			}
		}
	}
	t.Logf("%s", out)
	return err
}

var childFaults = map[int]reading.Fault{40: reading.InUse, 41: reading.NoPermission, 42: reading.NotFound}

// TestAsOther is what child processes run.
func TestAsOther(t *testing.T) {
	path := os.Getenv("BOX")
	if path == "" {
		t.Skip("only in child processes")
	}
	f := &devices.Finder{}
	list, err := f.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Path != path {
		t.Fatal(list, err)
	}
	t.Logf("%+v", list[0])
	h, err := f.Open(t.Context(), path)
	if err == nil {
		h.Close()
		return
	}
	t.Log(err)
	for code, fault := range childFaults {
		if errors.Is(err, fault) && (fault != reading.NoPermission || list[0].Fault == fault) {
			os.Exit(code)
		}
	}
	t.Fatal(err)
}

// Without the udev rule the box is listed, but may not be opened; with it, it may.
func TestNoPermission(t *testing.T) {
	l := newLab(t)
	l.plug(0, l.box(10, "Balie"), nil)
	path := l.found(1)[0].Path
	nobody := &syscall.Credential{Uid: 65534, Gid: 65534}
	if err := child(t, "TestAsOther", "BOX="+path, nobody); !errors.Is(err, reading.NoPermission) {
		t.Error(err)
	}
	nodes, _ := filepath.Glob("/dev/bus/usb/*/*")
	for _, n := range nodes {
		if err := os.Chmod(n, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := child(t, "TestAsOther", "BOX="+path, nobody); err != nil {
		t.Error("with permission:", err)
	}
}

// A box that falls silent in the middle: a clear error before the deadline, a
// Close that does not hang, and after a replug everything as it should be.
func TestFallsSilent(t *testing.T) {
	l := newLab(t)
	const n = 4000
	b := l.box(n, "Balie")
	var sick *port.Faulty
	mute := make(chan struct{})
	var left atomic.Int64
	left.Store(900)
	c := l.plug(0, b, func(p ocb.Port) ocb.Port {
		sick = port.WithFaults(deaf{p, mute}, port.Faults{})
		return counting{sick, &left, func() { sick.Stop(); close(mute) }}
	})
	h := l.open()
	s := newStore()
	o := reading.Options{Installation: installation, ChunkSize: 500}
	begun := time.Now()
	if _, err := reading.Read(t.Context(), s, h, o); !errors.Is(err, reading.Silent) {
		t.Errorf("%v", err)
	}
	if d := time.Since(begun); d > 25*time.Second {
		t.Errorf("noticed after %s", d)
	}
	begun = time.Now()
	_ = h.Close()
	if d := time.Since(begun); d > 5*time.Second {
		t.Errorf("the close took %s", d)
	}
	c.unplug()
	l.plug(1, b, nil)
	if r, err := l.readOnce(s, o); err != nil || r.State != app.ReadingDone {
		t.Fatalf("%+v, %v", r, err)
	}
	s.same(t, b, n)
}

// deaf swallows what a box sends once it is mute.
type deaf struct {
	ocb.Port
	mute chan struct{}
}

func (d deaf) WriteReport(r *[ocb.ReportSize]byte) error {
	select {
	case <-d.mute:
		return nil
	default:
		return d.Port.WriteReport(r)
	}
}

// A box whose firmware starts again in the middle, while the cable stays in:
// it knows nothing of the session any more.
func TestResets(t *testing.T) {
	l := newLab(t)
	const n = 4000
	b := l.box(n, "Balie")
	g, err := usbip.Attach(2, usbip.ClockBox(usbport.TestID.Vendor, usbport.TestID.Product, "LAB"), 0)
	if err != nil {
		t.Fatal(err)
	}
	firmware := &restarting{g: g, in: make(chan [ocb.ReportSize]byte), reset: make(chan struct{})}
	go firmware.listen()
	served := make(chan struct{})
	go func() {
		defer close(served)
		var left atomic.Int64
		left.Store(900)
		_ = b.Serve(counting{firmware, &left, func() { close(firmware.reset) }})
		_ = b.Serve(&restarting{g: g, in: firmware.in, reset: make(chan struct{})})
	}()
	h := l.open()
	s := newStore()
	o := reading.Options{Installation: installation, ChunkSize: 500}
	if _, err := reading.Read(t.Context(), s, h, o); !errors.Is(err, reading.Silent) {
		t.Errorf("%v", err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	// The first handle is still in its Read: nothing can end that but a report or the unplug.
	_ = g.Close()
	<-served
	l.found(0)
	l.plug(3, b, nil)
	if r, err := l.readOnce(s, o); err != nil || r.State != app.ReadingDone {
		t.Fatalf("%+v, %v", r, err)
	}
	s.same(t, b, n)
}

// restarting is a cable whose box can start again.
type restarting struct {
	g     *usbip.Gadget
	in    chan [ocb.ReportSize]byte
	reset chan struct{}
}

func (p *restarting) listen() {
	for {
		var r [ocb.ReportSize]byte
		if _, err := p.g.ReadReport(&r); err != nil {
			return
		}
		select {
		case p.in <- r:
		case <-p.g.Gone():
			return
		}
	}
}

func (p *restarting) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	select {
	case *r = <-p.in:
		return ocb.ReportSize, nil
	case <-p.reset:
		return 0, reading.Unplugged
	case <-p.g.Gone():
		return 0, reading.Unplugged
	}
}

func (p *restarting) WriteReport(r *[ocb.ReportSize]byte) error {
	select {
	case <-p.reset:
		return reading.Unplugged
	default:
		return p.g.WriteReport(r)
	}
}

func (p *restarting) Close() error { return nil }

// Controllers send reports of no bytes at odd moments.
func TestEmptyReports(t *testing.T) {
	l := newLab(t)
	const n = 2000
	b := l.box(n, "Balie")
	c := l.plug(0, b, func(p ocb.Port) ocb.Port { return hiccups{p.(*usbip.Gadget)} })
	h := l.open()
	defer h.Close()
	s := newStore()
	r, err := reading.Read(t.Context(), s, h.(reading.Box), reading.Options{Installation: installation})
	if err != nil || r.New != n || c.gadget == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	s.same(t, b, n)
	if st := h.(*host.Box).Stats(); st.Damaged != 0 {
		t.Errorf("%+v", st)
	}
}

type hiccups struct{ *usbip.Gadget }

func (h hiccups) WriteReport(r *[ocb.ReportSize]byte) error {
	if r[4]%5 == 0 {
		if err := h.WriteEmpty(); err != nil {
			return err
		}
	}
	return h.Gadget.WriteReport(r)
}

// Open, ask, close, 150 times: with the box's goodbye no Close meets a Read.
func TestOrderlyClose(t *testing.T) {
	rounds := number("ROUNDS", 150)
	l := newLab(t)
	b := l.box(10, "Balie")
	l.plug(0, b, nil)
	path := l.found(1)[0].Path
	var opened, asked, closed, slowest time.Duration
	for round := range rounds {
		begun := time.Now()
		h, err := l.finder.Open(t.Context(), path)
		if err != nil {
			t.Fatal(round, err)
		}
		opened, begun = opened+time.Since(begun), time.Now()
		if _, err := h.Info(t.Context()); err != nil {
			t.Fatal(round, err)
		}
		asked, begun = asked+time.Since(begun), time.Now()
		if err := h.Close(); err != nil {
			t.Fatal(round, err)
		}
		closed, slowest = closed+time.Since(begun), max(slowest, time.Since(begun))
	}
	n := time.Duration(rounds)
	t.Logf("%d rounds: open %s, info %s, close %s on average, slowest close %s", rounds, opened/n, asked/n, closed/n, slowest)
}

// A program that went away in mid-stream leaves frames behind. The next session drops them.
func TestStaleFrames(t *testing.T) {
	l := newLab(t)
	b := l.box(500, "Balie")
	var late *belated
	l.plug(0, b, func(p ocb.Port) ocb.Port {
		late = &belated{Port: p, some: make(chan struct{}, 1)}
		return late
	})
	path := strings.TrimPrefix(l.found(1)[0].Path, "usb:")
	for range 3 {
		late.hold()
		if err := child(t, "TestAsAbandoner", "ABANDON="+path, nil); err != nil {
			t.Fatal(err)
		}
		<-late.some
		left := late.letGo()
		h := l.open()
		c, err := h.Chunk(t.Context(), reading.Chain{}, 500)
		if err != nil || len(c.Records) != 500 {
			t.Fatal(len(c.Records), err)
		}
		if foreign := h.(*host.Box).Stats().Foreign; left == 0 || foreign < int64(left) {
			t.Errorf("%d stale frames were dropped, at least %d were left", foreign, left)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

// belated is a cable whose reports of a session arrive when the program that began it is gone.
type belated struct {
	ocb.Port
	mu      sync.Mutex // also orders what was held before what comes later
	holding bool
	held    [][ocb.ReportSize]byte
	some    chan struct{} // gets a value when something is held
}

func (p *belated) WriteReport(r *[ocb.ReportSize]byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := ocb.ParseFrame(r[:])
	if !p.holding || err != nil || f.Session == 0 {
		return p.Port.WriteReport(r)
	}
	p.held = append(p.held, *r)
	select {
	case p.some <- struct{}{}:
	default:
	}
	return nil
}

func (p *belated) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holding = true
	select {
	case <-p.some:
	default:
	}
}

// letGo has what was held go out before anything else, and says how much that is.
func (p *belated) letGo() int {
	p.mu.Lock()
	held := p.held
	p.holding, p.held = false, nil
	go func() {
		defer p.mu.Unlock()
		for i := range held {
			if p.Port.WriteReport(&held[i]) != nil {
				return // the cable is out
			}
		}
	}()
	return len(held)
}

// TestAsAbandoner is what a child process runs that goes away in mid-stream: the kernel takes the cable from it.
func TestAsAbandoner(t *testing.T) {
	path := os.Getenv("ABANDON")
	if path == "" {
		t.Skip("only in child processes")
	}
	_ = abandonStream(t, path)
	os.Exit(0)
}

// A port that is closed in mid-stream, without a word, does not outlive its close: the same program opens the box again
// at once, and does not take itself for another one that uses it.
func TestClosedInMidStream(t *testing.T) {
	l := newLab(t)
	b := l.box(500, "Balie")
	l.plug(0, b, nil)
	path := l.found(1)[0].Path
	for range 3 {
		p := abandonStream(t, strings.TrimPrefix(path, "usb:"))
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		h, err := l.finder.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := h.(reading.Box).Chunk(t.Context(), reading.Chain{}, 500); err != nil || len(c.Records) != 500 {
			t.Error(len(c.Records), err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

// abandonStream opens a port and a stream on it, and leaves both.
func abandonStream(t *testing.T, path string) *usbport.Port {
	t.Helper()
	p, err := usbport.Open(usbport.TestID, path)
	if err != nil {
		t.Fatal(err)
	}
	send := func(session, counter uint16, m ocb.Message) {
		var r [ocb.ReportSize]byte
		f := ocb.Fragment(ocb.KindRequest, session, m.Encode(), 0)
		f.Counter = counter
		f.Encode(&r)
		if err := p.WriteReport(&r); err != nil {
			t.Fatal(err)
		}
	}
	nonce := ocb.UID{1, 2, 3}
	send(0, 0, ocb.Message{Command: ocb.CmdHello, Body: ocb.Hello{Nonce: nonce, Version: ocb.Version, Credit: ocb.Credit}.Encode()})
	in := ocb.Assembler{Limit: ocb.MaxFromBox}
	for end := time.Now().Add(5 * time.Second); ; {
		if time.Now().After(end) {
			t.Fatal("no answer to HELLO")
		}
		var r [ocb.ReportSize]byte
		n, err := p.ReadReport(&r)
		if err != nil {
			t.Fatal(err)
		}
		f, err := ocb.ParseFrame(r[:n])
		if err != nil || f.Session != 0 {
			continue
		}
		m, ok, err := in.Add(&f)
		if err != nil || !ok {
			continue
		}
		if a, err := ocb.ParseHelloAnswer(m.Body); err == nil && a.Nonce == nonce {
			send(a.Session, 1, ocb.Message{Command: ocb.CmdLogOpen, Transaction: 1, Body: ocb.LogOpen{From: 1, Max: 500, Credit: ocb.Credit}.Encode()})
			return p
		}
	}
}

// A person stops the reading: it ends at once, what is stored stays, and the box goes on.
func TestCancel(t *testing.T) {
	l := newLab(t)
	const n = 4000
	b := l.box(n, "Balie")
	l.plug(0, b, nil)
	s := newStore()
	ctx, cancel := context.WithCancel(t.Context())
	o := reading.Options{Installation: installation, ChunkSize: 500}
	o.Progress = func(p reading.Progress) {
		if p.Done >= 1000 {
			cancel()
		}
	}
	h := l.open()
	r, err := reading.Read(ctx, s, h, o)
	if !errors.Is(err, context.Canceled) || r.State != app.ReadingStopped || r.Problem != reading.ProblemCancelled {
		t.Errorf("%+v, %v", r, err)
	}
	o.Progress = nil
	if r, err = reading.Read(t.Context(), s, h, o); err != nil || r.State != app.ReadingDone {
		t.Errorf("%+v, %v", r, err)
	}
	s.same(t, b, n)
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// A tap is announced while the box is watched.
func TestWatch(t *testing.T) {
	l := newLab(t)
	b := l.box(10, "Balie")
	c := l.plug(0, b, nil)
	h := l.open()
	defer h.Close()
	taps := make(chan time.Time, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- h.Watch(t.Context(), func(app.Record) { taps <- time.Now() })
	}()
	time.Sleep(500 * time.Millisecond)
	tapped := time.Now()
	if _, err := b.Tap(card(7), app.KeyIn); err != nil {
		t.Fatal(err)
	}
	select {
	case at := <-taps:
		t.Log("announced after", at.Sub(tapped).Round(time.Millisecond))
	case <-time.After(2 * time.Second):
		t.Error("no announcement within 2 s of the tap")
	}
	c.unplug()
	select {
	case err := <-ended:
		if !errors.Is(err, reading.Unplugged) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the unplug was not noticed")
	}
}
