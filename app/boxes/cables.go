package boxes

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// cables is what is known of the boxes within reach, by path. A box answers one
// at a time: who asks it for its name and who works with it take turns, and
// while someone works with it its name is remembered.
type cables struct {
	mu   sync.Mutex
	held map[string]chan struct{} // paths that are open now; closed when they are free again
	who  map[string]app.BoxInfo   // what a box told, until someone worked with it or it went away
	busy map[string]bool          // of held: by someone who works with it
}

// take waits until a path is free and holds it, to work with the box or only to
// ask it something. It does not wait for someone who works with it: that is InUse.
func (c *cables) take(ctx context.Context, path string, work bool) error {
	for {
		c.mu.Lock()
		free, taken := c.held[path], c.busy[path]
		if free == nil {
			if c.held == nil {
				c.held, c.who, c.busy = map[string]chan struct{}{}, map[string]app.BoxInfo{}, map[string]bool{}
			}
			c.held[path], c.busy[path] = make(chan struct{}), work
			c.mu.Unlock()
			return nil
		}
		c.mu.Unlock()
		if taken {
			return reading.InUse
		}
		select {
		case <-free:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// leave frees a path. After work what the box told is out of date.
func (c *cables) leave(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[path] {
		delete(c.who, path)
	}
	close(c.held[path])
	delete(c.held, path)
	delete(c.busy, path)
}

// told returns what the box under a path told.
func (c *cables) told(path string) (app.BoxInfo, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.who[path]
	return i, ok
}

// note keeps what a box told. Only who holds its path calls it.
func (c *cables) note(path string, i app.BoxInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.who[path] = i
}

// forget drops what boxes told that are no longer listed: another one may come under that path.
func (c *cables) forget(list []reading.Found) {
	listed := map[string]bool{}
	for _, f := range list {
		listed[f.Path] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for path := range c.who {
		if !listed[path] {
			delete(c.who, path)
		}
	}
}

// openBox opens a box, to work with it or only to ask it something; whoever does
// calls done at the end. A box that this program works with already is InUse.
func (o *Boxes) openBox(ctx context.Context, path string, work bool) (box reading.Device, done func(), err error) {
	if o.Finder == nil {
		return nil, nil, reading.NotFound
	}
	if err := o.cables.take(ctx, path, work); err != nil {
		return nil, nil, err
	}
	if box, err = o.Finder.Open(ctx, path); err != nil {
		o.cables.leave(path)
		return nil, nil, err
	}
	return box, func() {
		_ = box.Close()
		o.cables.leave(path)
	}, nil
}

// comingBack finds a box again whose cable dropped while it was read: under its own path, which its reader holds, or
// under another, as after a replug.
type comingBack struct {
	o       *Boxes
	path    string
	held    string          // another path, held for it since it was found there
	strange map[string]bool // paths under which another box answered
}

const (
	// boxPatience is how long a box is waited for: a hub takes some seconds to list a device again, a person as long to
	// push a plug in.
	boxPatience = 10 * time.Second
	// lookForBox is how often it is looked for meanwhile.
	lookForBox = 200 * time.Millisecond
)

// find waits for the box of a log and opens it.
func (c *comingBack) find(ctx context.Context, log app.LogKey) (reading.Device, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.o.BoxPatience, boxPatience))
	defer cancel()
	for {
		box, err := c.look(ctx, log)
		if err == nil {
			return box, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(lookForBox):
		}
	}
}

// look opens the box where it is now.
func (c *comingBack) look(ctx context.Context, log app.LogKey) (reading.Device, error) {
	for _, path := range []string{c.path, c.held} {
		if path == "" || c.strange[path] {
			continue
		}
		if box, err := c.openAt(ctx, path, log); err == nil {
			return box, nil
		}
	}
	list, err := c.o.Finder.List(ctx)
	for _, f := range list {
		if f.Path == c.path || f.Path == c.held || f.Fault != "" || c.strange[f.Path] || c.o.cables.take(ctx, f.Path, true) != nil {
			continue
		}
		box, err := c.openAt(ctx, f.Path, log)
		if err != nil {
			c.o.cables.leave(f.Path)
			continue
		}
		c.leave()
		c.held = f.Path
		return box, nil
	}
	return nil, errors.Join(reading.NotFound, err)
}

// openAt opens the box under a path if it has that log.
func (c *comingBack) openAt(ctx context.Context, path string, log app.LogKey) (reading.Device, error) {
	box, err := c.o.Finder.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	info, err := box.Info(ctx)
	if err == nil && info.Log == log {
		return box, nil
	}
	_ = box.Close()
	if err == nil {
		if c.strange == nil {
			c.strange = map[string]bool{}
		}
		c.strange[path], err = true, reading.NotFound
	}
	return nil, err
}

// leave frees the path that was held for it.
func (c *comingBack) leave() {
	if c.held != "" {
		c.o.cables.leave(c.held)
		c.held = ""
	}
}

// whoIs asks the box under a path who it is, unless it told already.
func (o *Boxes) whoIs(ctx context.Context, path string) (app.BoxInfo, error) {
	err := o.cables.take(ctx, path, false)
	if i, ok := o.cables.told(path); ok {
		if err == nil {
			o.cables.leave(path)
		}
		return i, nil
	}
	if err != nil {
		return app.BoxInfo{}, err
	}
	defer o.cables.leave(path)
	box, err := o.Finder.Open(ctx, path)
	if err != nil {
		return app.BoxInfo{}, err
	}
	defer box.Close()
	i, err := box.Info(ctx)
	if err == nil {
		o.cables.note(path, i)
	}
	return i, err
}

// ScanBoxes looks for boxes each second until ctx ends, and calls seen, on its
// own goroutine, with what is within reach: at first, and whenever one is
// plugged in or out. Without USB it tells of the others.
func (o *Boxes) ScanBoxes(ctx context.Context, seen func([]reading.Found)) {
	if o.Finder == nil {
		<-ctx.Done()
		return
	}
	reading.Scan(ctx, o.Finder, reading.ScanEvery, func(list []reading.Found, err error) {
		if err == nil || errors.Is(err, reading.NoUSB) {
			seen(list)
		}
	})
}
