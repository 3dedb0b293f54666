package cli

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/ui/wording"
)

type boxWatchCmd struct {
	aBox
	All bool `help:"watch_all"`
}

// Run reads a box, or all of them, and shows each tap as it is made, until
// Ctrl-C. A box that is not plugged in (yet, or any more) is waited for.
func (c *boxWatchCmd) Run(r *run) error {
	if c.Box != "" && c.All {
		return wrong("together", "A", "--box", "B", "--all")
	}
	return r.onExisting(func(o *office.Office) error {
		r.aside(r.t("box.watching"))
		return r.alongside(o, func() error {
			if c.All {
				w := &watchers{r: r, o: o, there: map[string]bool{}, watched: map[string]bool{}}
				w.run()
				return nil
			}
			return c.one(r, o)
		})
	})
}

// one watches one box until Ctrl-C.
func (c *boxWatchCmd) one(r *run, o *office.Office) error {
	for waiting := false; ; {
		path, err := c.path(r, o)
		if err == nil {
			waiting = false
			c.stay(r, o, path)
			err = o.Boxes.WatchBox(r.ctx, path, r.saySeen, nil)
		}
		switch {
		case r.ctx.Err() != nil || err == nil:
			return nil
		case noneThere(err) && !waiting:
			waiting = true
			r.aside(r.t("box.waiting"))
		case noneThere(err):
		case gone(err):
			r.aside(r.word(&serviceError{err}))
		default:
			return &serviceError{err}
		}
		if !pause(r.ctx, comeBack) {
			return nil
		}
	}
}

// stay makes a box that was named by its path one that is found after a replug, under another path.
func (c *boxWatchCmd) stay(r *run, o *office.Office, path string) {
	if path != c.Box {
		return
	}
	rows, err := o.Boxes.Rows(r.ctx)
	for _, b := range rows {
		if err == nil && b.Connected == path && b.Box.UID != "" {
			c.Box = b.Box.UID
		}
	}
}

// comeBack is how often a box that went away is looked for.
const comeBack = time.Second

// pause waits; false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// gone says that a box which was watched went away, and may come back.
func gone(err error) bool {
	return errors.Is(err, reading.Unplugged) || errors.Is(err, reading.Silent)
}

// noneThere says that nothing is on the cable (yet).
func noneThere(err error) bool {
	var none *app.NotFoundError
	var k *keyed
	return errors.Is(err, reading.NotFound) || errors.As(err, &none) || errors.As(err, &k) && k.key == "cli.box.noneConnected"
}

// watchers watch every box that is plugged in, each for itself.
type watchers struct {
	r *run
	o *office.Office

	mu      sync.Mutex // also: one line at a time
	there   map[string]bool
	watched map[string]bool
	all     sync.WaitGroup
}

// run looks for boxes until Ctrl-C.
func (w *watchers) run() {
	w.o.Boxes.ScanBoxes(w.r.ctx, func(list []reading.Found) {
		w.mu.Lock()
		defer w.mu.Unlock()
		clear(w.there)
		for _, f := range list {
			w.there[f.Path] = true
			switch {
			case f.Fault != "":
				w.r.aside(f.Path + ": " + w.r.word(&serviceError{f.Fault}))
			case !w.watched[f.Path]:
				w.watched[f.Path] = true
				w.all.Go(func() { w.watch(f.Path) })
			}
		}
		if len(list) == 0 {
			w.r.aside(w.r.t("box.waiting"))
		}
	})
	w.all.Wait()
}

// watch watches the box under a path for as long as it is plugged in.
func (w *watchers) watch(path string) {
	for told := ""; ; {
		err := w.o.Boxes.WatchBox(w.r.ctx, path, func(tap boxes.SeenTap) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.r.saySeen(tap)
		}, nil)
		if w.r.ctx.Err() != nil || w.ended(path, err, &told) || !pause(w.r.ctx, comeBack) {
			return
		}
	}
}

// ended says why the watch of a box ended, once, and whether it ended for good.
func (w *watchers) ended(path string, err error, told *string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		if why := path + ": " + w.r.word(&serviceError{err}); why != *told {
			*told = why
			w.r.aside(why)
		}
	}
	var closed *reading.QuarantinedError
	if w.there[path] && !errors.As(err, &closed) && !errors.Is(err, reading.NotFound) {
		return false
	}
	delete(w.watched, path)
	return true
}

// saySeen shows one tap: whose it is and what it does, as far as that is known.
func (r *run) saySeen(tap boxes.SeenTap) {
	seen := punchesOf([]derived.PunchRow{tap.PunchRow}, tap.Names)[0]
	if r.json {
		_ = r.printLine(seen) // nobody left to tell: the next one fails too
		return
	}
	who := seen.Worker
	if who == "" {
		who = wording.Badge(r.say, app.Identifier{Key: seen.Identifier})
	}
	r.line(strings.Join([]string{r.say.DateTimeSeconds(seen.At, tap.Names.Zone(seen.SiteID)), who, seen.Site, wording.Role(r.say, seen.Role)}, "  "))
}
