package office_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"klokkast/app/boxes"
	"klokkast/app/reading"
	"klokkast/devices/simbox"
)

// socket is a finder at whose only cable the box is plugged in and out.
type socket struct {
	*oneBox
	mu    sync.Mutex
	out   bool
	opens int
}

func (s *socket) List(ctx context.Context) ([]reading.Found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out {
		return nil, reading.NoUSB // as builds without it say, besides the others
	}
	return s.oneBox.List(ctx)
}

func (s *socket) Open(ctx context.Context, path string) (reading.Device, error) {
	s.mu.Lock()
	s.opens++
	s.mu.Unlock()
	return s.oneBox.Open(ctx, path)
}

func (s *socket) plug(in bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = !in
}

func atSocket(t *testing.T) (*desk, *socket, *simbox.Box) {
	t.Helper()
	sim := newSim(t, simbox.Factory{Label: "Inkom"})
	d := newDesk(t, sim)
	s := &socket{oneBox: d.Boxes.Finder.(*oneBox)}
	d.Boxes.Finder = s
	return d, s, sim
}

// A box is asked who it is once, however often the list is shown; anew after
// work with it and after a replug. While it is worked with it keeps its name.
func TestABoxIsAskedItsNameOnce(t *testing.T) {
	d, s, sim := atSocket(t)
	name := func() string {
		t.Helper()
		rows := must[[]boxes.BoxRow](t)(d.Boxes.Rows(t.Context()))
		if len(rows) == 0 || rows[0].Connected == "" {
			return ""
		}
		if rows[0].Problem != "" {
			t.Errorf("a problem: %s", rows[0].Problem)
		}
		return rows[0].Box.Label
	}
	for range 3 {
		if got := name(); got != "Inkom" {
			t.Errorf("called %q", got)
		}
	}
	if s.opens != 1 {
		t.Errorf("opened %d times to ask its name", s.opens)
	}
	ctx, cancel := context.WithCancel(t.Context())
	reached, ended := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		ended <- d.Boxes.WatchBox(ctx, boxPath, func(boxes.SeenTap) {}, func(int, int) {
			select {
			case reached <- struct{}{}:
			default:
			}
		})
	}()
	<-reached
	if got := name(); got != "Inkom" {
		t.Errorf("while it is watched called %q", got)
	}
	if _, err := d.Boxes.ReadBox(t.Context(), boxPath, boxes.ReadOptions{}, nil); !errors.Is(err, reading.InUse) {
		t.Errorf("read while it is watched: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	d.pair(t, sim)
	if err := d.Boxes.LabelBox(t.Context(), boxPath, "Balie"); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "Balie" {
		t.Errorf("after it was named anew called %q", got)
	}
	opens := s.opens
	s.plug(false)
	if got := name(); got != "" {
		t.Errorf("unplugged, and still connected as %q", got)
	}
	s.plug(true)
	if got := name(); got != "Balie" || s.opens != opens+1 {
		t.Errorf("after a replug called %q, asked %d times", got, s.opens-opens)
	}
}

// The scanner tells of a box that comes and goes within a second.
func TestScanBoxesTellsOfPlugs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &socket{oneBox: &oneBox{}, out: true}
		o := &boxes.Boxes{Finder: s}
		ctx, cancel := context.WithCancel(t.Context())
		var got []int
		done := make(chan struct{})
		go func() {
			defer close(done)
			o.ScanBoxes(ctx, func(list []reading.Found) { got = append(got, len(list)) })
		}()
		for i, in := range []bool{false, true, false} {
			s.plug(in)
			time.Sleep(reading.ScanEvery)
			synctest.Wait()
			if want := i + 1; len(got) != want {
				t.Errorf("told %v after %d changes", got, want)
			}
		}
		cancel()
		<-done
		if len(got) != 3 || got[1] != 1 || got[2] != 0 {
			t.Errorf("told %v", got)
		}
	})
}
