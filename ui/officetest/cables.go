package officetest

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"sync"
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

// Cables is a finder of boxes in memory; files of other makes it reads as the program does.
type Cables struct {
	devices.Finder // for files
	// OnOpen is called before a box is opened; an error is what becomes of it. nil: nothing.
	OnOpen func(path string) error
	// Wrap may put something between the program and a box that was opened: to have it fail. nil: nothing.
	Wrap func(path string, box reading.Service) reading.Box

	installation app.ID
	keys         host.MemoryKeys
	now          func() time.Time

	mu      sync.Mutex
	plugged []plug
	pulled  map[string]func() // by path: cuts the connection that is open
	beeps   []simbox.Beep
}

// plug is something on a cable: a box, or one that cannot be opened.
type plug struct {
	path  string
	box   *simbox.Box
	fault reading.Fault
}

// List returns what is plugged in.
func (c *Cables) List(context.Context) ([]reading.Found, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []reading.Found
	for _, p := range c.plugged {
		out = append(out, reading.Found{Path: p.path, Fault: p.fault})
	}
	return out, nil
}

// Open opens the box on a cable.
func (c *Cables) Open(ctx context.Context, path string) (reading.Device, error) {
	if c.OnOpen != nil {
		if err := c.OnOpen(path); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	i := slices.IndexFunc(c.plugged, func(p plug) bool { return p.path == path })
	if i < 0 {
		c.mu.Unlock()
		return nil, reading.NotFound
	}
	p := c.plugged[i]
	c.mu.Unlock()
	if p.fault != "" {
		return nil, p.fault
	}
	near, far := port.Pair()
	c.mu.Lock()
	if c.pulled == nil {
		c.pulled = map[string]func(){}
	}
	c.pulled[path] = func() { _ = far.Close() }
	c.mu.Unlock()
	served := make(chan error, 1)
	go func() { served <- p.box.Serve(far) }()
	box, err := host.Open(ctx, near, host.Options{Installation: c.installation, Keys: &c.keys, Now: c.now, Closed: func() error { return <-served }})
	if err != nil || c.Wrap == nil {
		return box, err
	}
	return c.Wrap(path, box), nil
}

// Plug puts a new box on a cable. Its clock goes by the company's.
func (c *Cables) Plug(t testing.TB, path string, f simbox.Factory) *simbox.Box {
	t.Helper()
	dir := t.TempDir()
	if err := simbox.Create(dir, f); err != nil {
		t.Fatal(err)
	}
	box := Must(simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true, Wall: c.now, Beep: c.beep}))(t)
	t.Cleanup(func() { _ = box.Close() })
	c.PlugSame(path, box)
	return box
}

// PlugSame puts a box on a cable that was on another one, or at another company.
func (c *Cables) PlugSame(path string, box *simbox.Box) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plugged = append(c.plugged, plug{path: path, box: box})
}

func (c *Cables) beep(b simbox.Beep) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.beeps = append(c.beeps, b)
}

// Beeps is what the boxes let hear.
func (c *Cables) Beeps() []simbox.Beep {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.beeps)
}

// Pair pairs the company with the box on a cable.
func (c *Company) Pair(box *simbox.Box, path string) {
	c.t.Helper()
	box.PressButton(2 * time.Second) // before: who has to wait for it waits in real time
	c.Do(c.Office().Boxes.PairBox(context.Background(), path, func() {}))
}

// PlugFaulty puts a box on a cable that cannot be opened.
func (c *Cables) PlugFaulty(path string, why reading.Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plugged = append(c.plugged, plug{path: path, fault: why})
}

// Unplug pulls a box out.
func (c *Cables) Unplug(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plugged = slices.DeleteFunc(c.plugged, func(p plug) bool { return p.path == path })
	if cut := c.pulled[path]; cut != nil {
		cut()
	}
}

// Known makes a box that is the company's "Leuven balie", with a log that nobody has read.
func Known() simbox.Factory {
	uid, err := ocb.ParseUID(BoxUID)
	if err != nil {
		panic(err) // a constant of ours
	}
	return simbox.Factory{UID: uid, Label: "Leuven balie"}
}

// Card is a badge as a box sees it, from its hexadecimal number.
func Card(t testing.TB, number string) ocb.Badge {
	t.Helper()
	return ocb.Badge{Tech: ocb.TechISO14443, Bytes: Must(hex.DecodeString(number))(t)}
}

// OnStick writes a file as it would lie on a USB stick, and gives its path.
func OnStick(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
