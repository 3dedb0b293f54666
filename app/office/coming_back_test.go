package office_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// looseSocket is a finder whose box is unplugged after so many reports and comes back under another path, beside another box.
type looseSocket struct {
	*oneBox
	stranger *simbox.Box
	reports  int64
	mu       sync.Mutex
	at       int // of its path
	gone     bool
	asked    int // how often the stranger was opened
}

func (l *looseSocket) path() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return ""
	}
	return fmt.Sprint("loose:", l.at)
}

func (l *looseSocket) List(context.Context) ([]reading.Found, error) {
	found := []reading.Found{{Path: "stranger:"}}
	if path := l.path(); path != "" {
		found = append(found, reading.Found{Path: path})
	}
	return found, nil
}

func (l *looseSocket) Open(ctx context.Context, path string) (reading.Device, error) {
	box, loose := l.sim, true
	switch path {
	case l.path():
	case "stranger:":
		l.mu.Lock()
		l.asked++
		l.mu.Unlock()
		box, loose = l.stranger, false
	default:
		return nil, reading.NotFound
	}
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- box.Serve(far) }()
	cable := port.WithFaults(near, port.Faults{})
	if loose {
		cable.UnplugAfter(l.reports)
	}
	return host.Open(ctx, cable, host.Options{Installation: l.installation, Keys: l.keys, Now: l.now, Closed: func() error {
		l.mu.Lock()
		if loose {
			l.at++
		}
		l.mu.Unlock()
		return <-served
	}})
}

// A box that comes back under another path after each drop is read on there, in one reading, and the others at the
// cables are asked who they are once.
func TestABoxComesBackElsewhere(t *testing.T) {
	sim := newSim(t, simbox.Factory{Label: "Inkom"})
	d := newDesk(t, sim)
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	events := []simbox.PastEvent{{At: at, Type: app.RecordBoot}}
	for i := range 500 {
		events = append(events, simbox.PastEvent{At: at.Add(time.Duration(i+1) * time.Minute), Type: app.RecordPunch, Badge: card(i % 9)})
	}
	if _, err := sim.Past(events); err != nil {
		t.Fatal(err)
	}
	l := &looseSocket{oneBox: d.Boxes.Finder.(*oneBox), stranger: newSim(t, simbox.Factory{Label: "Zaal"}), reports: 150}
	d.Boxes.Finder = l
	told := 0
	r, err := d.Boxes.ReadBox(t.Context(), l.path(), boxes.ReadOptions{DoNotAcknowledge: true, Dropped: func(int) { told++ }}, nil)
	last := sim.Counts().Last
	if err != nil || r.State != app.ReadingDone || uint64(r.New) != last || r.Drops < 2 || told != r.Drops || r.Piece != 0 || l.asked > 1 {
		t.Fatalf("%+v, %v; told %d times, the other box was opened %d times", r, err, told, l.asked)
	}
	// One that stays away is given up; what came is stored, and the list says what to do.
	for range 300 {
		tapOn(t, sim, 1)
	}
	l.mu.Lock()
	l.reports = 100
	l.mu.Unlock()
	d.Boxes.BoxPatience = 300 * time.Millisecond
	r, err = d.Boxes.ReadBox(t.Context(), l.path(), boxes.ReadOptions{DoNotAcknowledge: true, Dropped: func(int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.gone = true
	}}, nil)
	if !errors.Is(err, reading.Unplugged) || r.State != app.ReadingStopped || r.Piece == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	rows := must[[]boxes.BoxRow](t)(d.Boxes.Rows(t.Context()))
	for _, row := range rows {
		if row.Box.UID == r.Log.Box && (row.Last.Problem != "unplugged" || row.ReadUpTo < last) {
			t.Errorf("%+v", row)
		}
	}
	l.mu.Lock()
	l.gone, l.reports = false, 1<<30
	l.mu.Unlock()
	if r, err = d.Boxes.ReadBox(t.Context(), l.path(), boxes.ReadOptions{DoNotAcknowledge: true}, nil); err != nil || r.Last != sim.Counts().Last ||
		r.Piece != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
