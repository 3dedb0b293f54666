package usbport

import (
	"errors"
	"sync"
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// slow is a handle whose Read waits, as the library's does.
type slow struct {
	wake   chan struct{}
	closed chan struct{}
	wrote  int
}

func (s *slow) Read([]byte) (int, error)    { <-s.wake; return 0, errors.New("unknown failure") }
func (s *slow) Write(b []byte) (int, error) { return s.wrote, nil }
func (s *slow) Close() error                { close(s.closed); return nil }

// Closing under a Read corrupts memory in the library: it must wait for the Read's end.
func TestCloseWaitsForRead(t *testing.T) {
	s := &slow{wake: make(chan struct{}), closed: make(chan struct{})}
	p := newPort(s, func() bool { return false })
	ended := make(chan error, 1)
	go func() { _, err := p.ReadReport(new([ocb.ReportSize]byte)); ended <- err }()
	for { // until it is in the Read
		p.mu.Lock()
		busy := p.busy
		p.mu.Unlock()
		if busy == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.closed:
		t.Fatal("closed under a Read")
	case <-time.After(30 * time.Millisecond):
	}
	close(s.wake)
	<-s.closed
	if err := <-ended; err == nil {
		t.Error("the Read ended without an error")
	}
	if err := p.WriteReport(new([ocb.ReportSize]byte)); !errors.Is(err, reading.Unplugged) {
		t.Error("write after close:", err)
	}
	if err := p.Close(); err != nil { // twice is no harm
		t.Fatal(err)
	}
}

// stuck is a handle whose Close never comes back.
type stuck struct{ slow }

func (s *stuck) Close() error { close(s.closed); select {} }

// The library can wait for ever in its Close; the port does not.
func TestCloseComesBack(t *testing.T) {
	s := &stuck{slow{closed: make(chan struct{})}}
	p := newPort(s, func() bool { return true })
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	<-s.closed // it was tried
	if err := p.WriteReport(new([ocb.ReportSize]byte)); !errors.Is(err, reading.Unplugged) {
		t.Error("write after close:", err)
	}
}

func TestWriteOfWindows(t *testing.T) {
	p := newPort(&slow{wrote: 65}, func() bool { return true })
	if err := p.WriteReport(new([ocb.ReportSize]byte)); err != nil {
		t.Error("65 of 64:", err)
	}
}

// Listing works on any machine, with no box at it, and in builds without USB.
func TestList(t *testing.T) {
	found, err := List(ID{0x1209, 0xFFFE})
	if err != nil && !errors.Is(err, reading.NoUSB) {
		t.Fatal(err)
	}
	if len(found) != 0 {
		t.Error(found)
	}
	if _, err := Open(ID{0x1209, 0xFFFE}, "nowhere"); !errors.Is(err, reading.NotFound) && !errors.Is(err, reading.NoUSB) {
		t.Error(err)
	}
}

func TestParseID(t *testing.T) {
	if id, err := ParseID("1209:cAfE"); err != nil || id != (ID{0x1209, 0xCAFE}) {
		t.Error(id, err)
	}
	for _, s := range []string{"", "1209", "1209:", "1209:1", "12090:0001", "+209:0001", "xxxx:0001", "1209:0001:2"} {
		if id, err := ParseID(s); err == nil {
			t.Errorf("%q is %v", s, id)
		}
	}
}

// racing is a handle whose library closes as hidapi does: a report that comes in while it cancels its transfer keeps it for ever.
type racing struct {
	mu      sync.Mutex
	reports chan []byte
	until   time.Time // the box sends until then
	stuck   chan struct{}
}

func (r *racing) Read(b []byte) (int, error) {
	report, ok := <-r.reports
	if !ok {
		return 0, errors.New("unknown failure")
	}
	return copy(b, report), nil
}
func (r *racing) Write(b []byte) (int, error) { return len(b), nil }
func (r *racing) Close() error {
	r.mu.Lock()
	sending := time.Now().Before(r.until)
	r.mu.Unlock()
	if sending {
		<-r.stuck
	}
	return nil
}

// A port that is closed in mid-stream is let go of once the box has sent what it may send without hearing of us; one
// whose box said goodbye at once.
func TestCloseWaitsUntilTheBoxIsSilent(t *testing.T) {
	t.Parallel()
	const short = 80 * time.Millisecond
	open := func() (*racing, *Port) {
		r := &racing{reports: make(chan []byte, 2), stuck: make(chan struct{})}
		p := newPort(r, func() bool { return true })
		p.hush = short
		if err := p.WriteReport(new([ocb.ReportSize]byte)); err != nil {
			t.Fatal(err)
		}
		return r, p
	}
	r, p := open()
	r.until = time.Now().Add(short / 2)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.Gone():
	default:
		t.Error("the handle outlives its Close")
	}
	r, p = open()
	p.hush = time.Hour
	var report [ocb.ReportSize]byte
	f := ocb.Fragment(ocb.KindResponse, 7, ocb.Message{Command: ocb.CmdBye, Transaction: 1}.Encode(), 0)
	f.Encode(&report)
	r.reports <- report[:]
	if n, err := p.ReadReport(new([ocb.ReportSize]byte)); n != ocb.ReportSize || err != nil {
		t.Fatal(n, err)
	}
	credit := [ocb.ReportSize]byte{2: 7} // the writer's last one, behind the goodbye
	if err := p.WriteReport(&credit); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	<-p.Gone() // and not in an hour
}
