// Package devices finds and opens clock boxes, whatever they hang on: USB, a
// simulated box in this process, or one that another process serves on
// loopback. What is behind a path is the same from there on: package host.
package devices

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
	"klokkast/devices/table"
	"klokkast/devices/usbport"
	"klokkast/devices/zkteco"
)

// Finder finds boxes. The zero Finder finds USB boxes with the test id.
type Finder struct {
	Installation app.ID
	Keys         host.Keys  // pairing keys of this installation; nil: none
	USB          usbport.ID // zero: usbport.TestID
	// Simulated are paths of simulated boxes that List shows besides: sim:DIR, tcp:…, unix:….
	Simulated []string
	// Shelf is a folder whose folders are simulated boxes that List shows as well:
	// one that is moved in is plugged in. "": none.
	Shelf string
	// Drivers open what stands at an address, by the scheme of a path (SCHEME:ADDRESS):
	// devices of other makes. Those of this make need none.
	Drivers map[string]Driver
	// Now is this computer's clock, and the true time of simulated boxes; nil
	// means the system's. Demos have a time of their own.
	Now func() time.Time

	mu   sync.Mutex
	held map[string]*usbport.Port // by path: what was opened, until it is free again
	open map[*visit]bool
	last []reading.Found // the USB boxes of the last listing
}

// Driver connects to a device of another make.
type Driver func(ctx context.Context, address string) (reading.Device, error)

// visit is a USB box that is open; box is nil until it has answered.
type visit struct{ box *host.Box }

// rest is how long nothing must have been asked of a box that is open before
// the cables are listed beside it: one that is only watched rests.
const rest = time.Second

var _ reading.Finder = (*Finder)(nil)

// Prefixes of paths.
const (
	usbPrefix = "usb:"
	simPrefix = "sim:"
)

func (f *Finder) usbID() usbport.ID {
	if f.USB == (usbport.ID{}) {
		return usbport.TestID
	}
	return f.USB
}

// List returns the boxes within reach. When USB fails, as reading.NoUSB in
// builds without it, the simulated ones are given with the error.
func (f *Finder) List(ctx context.Context) ([]reading.Found, error) {
	var out []reading.Found
	for _, path := range append(f.Simulated[:len(f.Simulated):len(f.Simulated)], f.shelf()...) {
		out = append(out, reading.Found{Path: path, Product: "Simulated box"})
	}
	if err := ctx.Err(); err != nil {
		return out, err
	}
	found, err := f.usb()
	return append(out, found...), err
}

// shelf returns the paths of the simulated boxes in the folder for them.
func (f *Finder) shelf() (paths []string) {
	if f.Shelf == "" {
		return nil
	}
	entries, _ := os.ReadDir(f.Shelf) // no folder: no box
	for _, e := range entries {
		if e.IsDir() {
			paths = append(paths, simPrefix+filepath.Join(f.Shelf, e.Name()))
		}
	}
	return paths
}

// usb lists the USB boxes. While one of them is at work the cables are left
// alone and the last listing stands: a listing opens every device for its
// strings, in the middle of a reading.
func (f *Finder) usb() ([]reading.Found, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for v := range f.open {
		if v.box == nil || !v.box.Rested(rest) {
			return f.last, nil
		}
	}
	found, err := usbport.List(f.usbID())
	f.last = nil
	for _, d := range found {
		f.last = append(f.last, reading.Found{Path: usbPrefix + d.Path, Product: d.Product, Fault: d.Fault})
	}
	return f.last, err
}

// enter notes that a USB box is being opened, and gives what notes its end.
func (f *Finder) enter() (v *visit, leave func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil {
		f.open = map[*visit]bool{}
	}
	v = new(visit)
	f.open[v] = true
	return v, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.open, v)
		return nil
	}
}

// Open opens the box under a path: usb:…, tcp:127.0.0.1:PORT, unix:PATH, or
// sim:DIR for a simulated box that runs in this process while it is open.
// Faults: NotFound, NoPermission, InUse, NoUSB, Silent, Unplugged, Protocol.
func (f *Finder) Open(ctx context.Context, path string) (reading.Device, error) {
	scheme, address, _ := strings.Cut(path, ":")
	if driver, ok := f.Drivers[scheme]; ok {
		d, err := driver(ctx, address)
		if err != nil {
			return nil, fmt.Errorf("open box %s: %w", path, err)
		}
		return d, nil
	}
	b, err := f.connect(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open box %s: %w", path, err)
	}
	return b, nil
}

func (f *Finder) connect(ctx context.Context, path string) (*host.Box, error) {
	switch {
	case strings.HasPrefix(path, usbPrefix):
		p, err := f.openUSB(ctx, strings.TrimPrefix(path, usbPrefix))
		if err != nil {
			return nil, err
		}
		v, leave := f.enter()
		b, err := f.greet(ctx, p, leave)
		f.mu.Lock()
		v.box = b
		f.mu.Unlock()
		return b, err
	case strings.HasPrefix(path, simPrefix):
		return f.simulated(ctx, strings.TrimPrefix(path, simPrefix))
	}
	p, err := port.Dial(ctx, path)
	if err != nil {
		return nil, err
	}
	return f.greet(ctx, p, nil)
}

// letGoTime is how long a box is waited for that this program is letting go of.
const letGoTime = 5 * time.Second

// openUSB opens a USB box. One that this program had open is waited for until it is free again; where it does not get
// free, that is said of this program and of no other.
func (f *Finder) openUSB(ctx context.Context, path string) (*usbport.Port, error) {
	f.mu.Lock()
	before := f.held[path]
	f.mu.Unlock()
	if before != nil && before.Closing() {
		select {
		case <-before.Gone():
		case <-time.After(letGoTime):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p, err := usbport.Open(f.usbID(), path)
	if errors.Is(err, reading.InUse) && before != nil && before.Closing() && !isClosed(before.Gone()) {
		return nil, fmt.Errorf("%w: %w", reading.Held, err)
	}
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held == nil {
		f.held = map[string]*usbport.Port{}
	}
	for other, port := range f.held { // what is free again is forgotten
		if isClosed(port.Gone()) {
			delete(f.held, other)
		}
	}
	f.held[path] = p
	return p, nil
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// simulated switches a simulated box on, for as long as it is open.
func (f *Finder) simulated(ctx context.Context, dir string) (*host.Box, error) {
	sim, err := simbox.Open(dir, simbox.Options{Wall: f.Now})
	if err != nil {
		return nil, err
	}
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- sim.Serve(far) }()
	return f.greet(ctx, near, func() error { return errors.Join(<-served, sim.Close()) })
}

func (f *Finder) greet(ctx context.Context, p ocb.Port, closed func() error) (*host.Box, error) {
	return host.Open(ctx, p, host.Options{Installation: f.Installation, Keys: f.Keys, Now: f.Now, Closed: closed})
}

// OpenFile opens an export of another make: as a table where a mapping says how,
// or without one (nil) a file that says itself what it is. What else it is:
// *reading.UserFileError, *reading.NeedsMappingError.
func (f *Finder) OpenFile(path string, m *reading.Mapping) (filelog.Source, error) {
	if m != nil {
		return f.openTable(path, *m)
	}
	out, err := openAttlog(path)
	if err == nil || !errors.Is(err, zkteco.ErrNotAttlog) {
		return out, err
	}
	name := filepath.Base(path)
	if _, _, e := zkteco.OpenUsers(path); e == nil {
		return out, &reading.UserFileError{File: name}
	}
	p, e := f.PreviewTable(path, nil, 1)
	switch {
	case errors.Is(e, table.ErrOldWorkbook), errors.Is(e, table.ErrNotWorkbook):
		return out, e
	case e == nil && len(p.Rows) > 0 && (p.Mapping.Separator != "" || p.Rows[0].Problem == ""):
		return out, &reading.NeedsMappingError{File: name}
	}
	return out, err
}

func openAttlog(path string) (filelog.Source, error) {
	file, err := zkteco.Open(path)
	if err != nil {
		return filelog.Source{}, err
	}
	return filelog.Source{Name: filepath.Base(path), Kind: filelog.Attlog, Make: app.MakeZK, Serial: file.Serial, Lines: file.Lines}, nil
}

func (f *Finder) openTable(path string, m reading.Mapping) (filelog.Source, error) {
	in, err := os.Open(path)
	if err != nil {
		return filelog.Source{}, fmt.Errorf("open table: %w", err)
	}
	defer in.Close()
	raws, err := table.Parse(in, m)
	if err == nil {
		return filelog.Source{Name: filepath.Base(path), Kind: filelog.Table, Make: app.MakeTable, Lines: raws}, nil
	}
	if errors.Is(err, table.ErrNoTap) {
		if out, e := openAttlog(path); e == nil {
			return out, nil
		}
	}
	return filelog.Source{}, err
}

// ReadLines returns what a meaning makes of lines, one answer each.
func (f *Finder) ReadLines(m filelog.Meaning, raws []filelog.Raw) ([]filelog.Said, error) {
	out := make([]filelog.Said, len(raws))
	if m.Kind == filelog.Attlog {
		for i, raw := range raws {
			out[i] = zkteco.Read(raw, m)
		}
		return out, nil
	}
	if m.Mapping == nil {
		return out, nil
	}
	r, err := table.NewReader(*m.Mapping, m.Zone.Location())
	if err != nil {
		return nil, err
	}
	for i, raw := range raws {
		out[i] = r.Read(raw)
	}
	return out, nil
}

// PreviewTable returns the first lines of a table and what a mapping makes of
// them; without a mapping one is proposed.
func (f *Finder) PreviewTable(path string, m *reading.Mapping, rows int) (reading.TablePreview, error) {
	in, err := os.Open(path)
	if err != nil {
		return reading.TablePreview{}, fmt.Errorf("open table: %w", err)
	}
	defer in.Close()
	now := time.Now()
	if f.Now != nil {
		now = f.Now()
	}
	return table.Preview(in, m, rows, now)
}

// Letters turns a list of people or places that is not Unicode into UTF-8, as
// importing.Decoder has it.
func (f *Finder) Letters(raw []byte, e reading.Encoding) (text string, found reading.Lettering) {
	return table.Letters(raw, e)
}

// Sheet returns the cells of a sheet of a workbook, as importing.Decoder has it.
func (f *Finder) Sheet(raw []byte, sheet string) (rows [][]string, used string, sheets []string, err error) {
	return table.Sheet(raw, sheet)
}

// ParseUsers reads the people of a terminal: user.dat of the ZKTeco family.
func (f *Finder) ParseUsers(path string) (reading.UserFile, error) {
	users, bad, err := zkteco.OpenUsers(path)
	if err != nil {
		return reading.UserFile{}, err
	}
	out := reading.UserFile{Name: filepath.Base(path), Users: users}
	for _, b := range bad {
		out.Bad = append(out.Bad, b.Record)
	}
	return out, nil
}
