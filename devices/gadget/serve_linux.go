package gadget

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
)

// How long a function key waits for its badge, and how long a press of the button holds.
const (
	keyHolds    = 10 * time.Second
	buttonHolds = 30 * time.Second
	// readerAgain is how often a reader that is not there is looked for.
	readerAgain = time.Second
	// deviceAgain is how often the gadget's device file is looked at.
	deviceAgain = 200 * time.Millisecond
)

// HasClock says that this board has a clock that runs on without power.
func HasClock() bool {
	_, err := os.Stat("/dev/rtc0")
	return err == nil
}

// Serve is the clock box: it sets the gadget up and serves the box on it until
// ctx ends. ready is called once the host may come. It needs root.
func Serve(ctx context.Context, o Options, ready func(Ready)) error {
	box, err := openBox(o)
	if err != nil {
		return err
	}
	defer box.Close()
	f, err := Setup(o.Shape, o.Controller)
	if err != nil {
		return err
	}
	defer func() { _ = f.Remove() }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	inputs, failed := make(chan input), make(chan error, 3)
	o.listen(ctx, inputs, failed)
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := serveCable(ctx, box, f.Device); err != nil {
			failed <- err
		}
	}()
	defer func() { cancel(); <-served }()
	if ready != nil {
		ready(Ready{UID: box.UID().String(), Device: f.Device})
	}
	hands := hands{box: box, o: o}
	for {
		select {
		case in := <-inputs:
			if err := hands.take(in, time.Now()); err != nil {
				return err
			}
		case err := <-failed:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

// openBox opens the box, or makes it. Its clock is this board's at the start and
// runs on evenly from there: a correction of the board's clock by the network in
// between would else move punches.
func openBox(o Options) (*simbox.Box, error) {
	if !simbox.Exists(o.Dir) {
		if err := simbox.Create(o.Dir, simbox.Factory{Label: o.Label, Model: "Linux gadget", NoClock: !o.ClockKept}); err != nil {
			return nil, err
		}
	}
	start := time.Now()
	box, err := simbox.Open(o.Dir, simbox.Options{Beep: o.Beep, Wall: func() time.Time { return start.Add(time.Since(start)) }})
	if err != nil {
		return nil, err
	}
	if !o.ClockKept && box.ClockSet() {
		if err := box.LoseClock(); err != nil {
			return nil, errors.Join(err, box.Close())
		}
	}
	return box, nil
}

// serveCable serves one host after the other. A cable that is out shows as a
// failed write, or not at all; a host that comes back begins with HELLO.
func serveCable(ctx context.Context, box *simbox.Box, device string) error {
	for ctx.Err() == nil {
		p, err := Open(device)
		if err == nil {
			visit, over := context.WithCancel(ctx)
			context.AfterFunc(visit, func() { _ = p.Close() })
			go watchDevice(visit, over, p, device)
			err = box.Serve(p)
			over()
		}
		// The kernel takes the device file away with the function, and makes a new one for the next.
		if err != nil && !errors.Is(err, reading.Unplugged) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENXIO) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(deviceAgain):
		}
	}
	return nil
}

// watchDevice ends a visit when the device file is no longer the one that is
// open: a read of one that the kernel took away would wait for ever.
func watchDevice(visit context.Context, over func(), p *Port, device string) {
	tick := time.NewTicker(deviceAgain)
	defer tick.Stop()
	own, err := p.f.Stat()
	for err == nil {
		select {
		case <-visit.Done():
			return
		case <-tick.C:
			now, statErr := os.Stat(device)
			if statErr != nil || !os.SameFile(own, now) {
				over()
				return
			}
		}
	}
}

// listen starts a goroutine for each place where inputs come from.
func (o Options) listen(ctx context.Context, inputs chan<- input, failed chan<- error) {
	if o.Reader == "-" {
		go func() { failed <- readLines(ctx, o.Input, inputs) }()
	}
	for _, path := range append([]string{o.Reader}, o.Keys...) {
		if path != "" && path != "-" {
			go stayWith(ctx, path, inputs)
		}
	}
}

// stayWith reads a keyboard for as long as ctx lasts. One that goes away, as a
// sleeping Bluetooth reader does, is waited for: the box goes on without it.
func stayWith(ctx context.Context, path string, inputs chan<- input) {
	for ctx.Err() == nil {
		if f, err := grab(path); err == nil {
			end := context.AfterFunc(ctx, func() { _ = f.Close() })
			_ = readKeys(ctx, f, inputs)
			end()
			_ = f.Close()
		}
		select {
		case <-ctx.Done():
		case <-time.After(readerAgain):
		}
	}
}

func readLines(ctx context.Context, r io.Reader, inputs chan<- input) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 256), 256)
	for lines.Scan() {
		if in, ok := line(lines.Text()); ok {
			select {
			case inputs <- in:
			case <-ctx.Done():
				return nil
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read badges: %w", err)
	}
	<-ctx.Done() // the box goes on without a reader
	return nil
}

// grab opens an evdev device for this program alone, so that badges are not
// typed into the board's login prompt as well.
func grab(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the reader: %w", err)
	}
	const grabDevice = 0x40044590 // EVIOCGRAB
	raw, err := f.SyscallConn()
	if err == nil {
		if e := raw.Control(func(fd uintptr) { err = unix.IoctlSetInt(int(fd), grabDevice, 1) }); e != nil {
			err = e
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take the reader: %w", err), f.Close())
	}
	return f, nil
}

func readKeys(ctx context.Context, r io.Reader, inputs chan<- input) error {
	var k keyboard
	var raw [eventSize]byte
	for {
		if _, err := io.ReadFull(r, raw[:]); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("read the reader: %w", err)
		}
		in, ok := k.event(&raw, time.Now())
		if !ok {
			continue
		}
		select {
		case inputs <- in:
		case <-ctx.Done():
			return nil
		}
	}
}

// hands turn inputs into what people do at a box.
type hands struct {
	box   *simbox.Box
	o     Options
	key   app.PunchKey
	until time.Time
}

// take does it. Only what keeps the box from working is an error; a badge that
// cannot be taken has been beeped about.
func (h *hands) take(in input, now time.Time) error {
	switch {
	case in.button:
		h.box.PressButton(buttonHolds)
		return nil
	case in.key != app.KeyNone:
		h.key, h.until = in.key, now.Add(keyHolds)
		return nil
	}
	badge, err := h.badge(in)
	if err != nil {
		if h.o.Beep != nil {
			h.o.Beep(simbox.BeepRefused)
		}
		return nil
	}
	key := h.key
	if now.After(h.until) {
		key = app.KeyNone
	}
	h.key = app.KeyNone
	if _, err = h.box.Tap(badge, key); errors.Is(err, simbox.ErrFull) {
		return nil
	}
	return err
}

func (h *hands) badge(in input) (ocb.Badge, error) {
	if in.byHand {
		return PIN(in.text)
	}
	return h.o.Notation.Badge(in.text, h.o.Tech)
}
