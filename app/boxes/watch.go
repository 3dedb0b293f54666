package boxes

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/reading"
	"klokkast/app/sending"
	"klokkast/app/workspace"
)

// SeenTap is a tap on a box that is watched: stored, and in the outbox where it may be sent.
type SeenTap struct {
	derived.PunchRow
	Names *derived.Names // of this moment
}

// WatchBox reads a box and stays with it: each tap that it announces is read,
// stored, acknowledged and, where this installation has a way to the register,
// put into the outbox at once, and given to seen, on the goroutine of WatchBox.
// What else follows from it is found out behind that, so that the next tap does not wait.
// What the first reading finds is no news and not given. It ends without error when ctx ends, else with the
// box's fault; what was stored stays.
func (o *Boxes) WatchBox(ctx context.Context, path string, seen func(SeenTap), p workspace.Progress) error {
	o.connection.CheckClock(ctx)
	err := o.atBox(ctx, "watch the box", path, func(box reading.Service) error {
		w := watch{o: o, box: box, seen: seen, announced: make(chan struct{}, 1), due: make(chan struct{}, 1), failed: make(chan error, 1)}
		return w.run(ctx, p)
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// watch is one WatchBox under way.
type watch struct {
	o         *Boxes
	box       reading.Service
	seen      func(SeenTap)
	announced chan struct{} // holds one: several taps are one reading
	reached   uint64        // up to where the log is read, as far as is known

	due    chan struct{} // holds one: what several readings bring is found out at once
	failed chan error    // why nothing more can be put into the outbox
	mu     sync.Mutex
	read   app.ID // the last reading whose consequences are not found out yet
}

// lookAgain is how often the box is asked for its last sequence: an
// announcement is a hint, and hints get lost.
const lookAgain = 5 * time.Second

// run watches before it reads, so that no tap falls between the two; the box's
// requests take turns.
func (w *watch) run(ctx context.Context, p workspace.Progress) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var others sync.WaitGroup
	others.Go(func() {
		cancel(w.box.Watch(ctx, func(app.Record) { sending.Nudge(w.announced) }))
	})
	others.Go(func() { w.follow(ctx) })
	err := w.serve(ctx, p)
	if fault := context.Cause(ctx); ctx.Err() != nil && fault != nil {
		err = fault // the cable's own word, rather than that a request was cut off
	}
	cancel(nil)
	close(w.due)
	others.Wait()
	return err
}

func (w *watch) serve(ctx context.Context, p workspace.Progress) error {
	if err := w.take(ctx, false, p); err != nil {
		return err
	}
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err = <-w.failed:
		case <-w.announced:
			err = w.take(ctx, true, nil)
		case <-tick.C:
			err = w.look(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// look reads what was added without an announcement that arrived.
func (w *watch) look(ctx context.Context) error {
	info, err := w.box.Info(ctx)
	if err != nil || info.Last <= w.reached {
		return err
	}
	err = w.take(ctx, true, nil)
	w.reached = max(w.reached, info.Last)
	return err
}

// take reads what is new; live: it are taps of this moment, which are told.
func (w *watch) take(ctx context.Context, live bool, p workspace.Progress) error {
	store := &listening{FileStore: w.o.work.Store}
	r, err := w.o.readOpen(ctx, store, w.box, ReadOptions{}, nil, p)
	w.reached = max(w.reached, r.Last)
	if r.Acked > 0 {
		w.reached = max(w.reached, r.Acked+1) // the box's own record of it
	}
	if live { // what was stored is told, whatever came after
		for punches := range slices.Chunk(store.punches, tapsAtOnce) {
			taps, fault := w.o.takeIn(ctx, punches)
			for _, tap := range taps {
				w.seen(tap)
			}
			if err == nil {
				err = fault
			}
		}
	}
	w.mu.Lock()
	w.read = r.ID
	w.mu.Unlock()
	sending.Nudge(w.due)
	return err
}

// tapsAtOnce is how many taps are put into the outbox at once.
const tapsAtOnce = 200

// follow finds out, behind the taps, what else readings changed: anomalies, screens, and older punches that may be sent now.
func (w *watch) follow(ctx context.Context) {
	for range w.due {
		w.mu.Lock()
		read := w.read
		w.mu.Unlock()
		w.o.work.ChangedBy(read)
		if err := w.o.register.QueueRest(ctx); err != nil && ctx.Err() == nil {
			w.failed <- err
			for range w.due { // nothing follows any more
			}
			return
		}
	}
}

// listening is a store that remembers the punches that it stored.
type listening struct {
	reading.FileStore
	punches []app.Punch
}

// StoreBatch stores a batch and remembers its punches.
func (l *listening) StoreBatch(ctx context.Context, b reading.Batch) (int, error) {
	n, err := l.FileStore.StoreBatch(ctx, b)
	if err != nil || n == 0 {
		return n, err
	}
	for i := range b.Records {
		if p := b.Records[i].Punch; p != nil {
			l.punches = append(l.punches, *p)
		}
	}
	return n, nil
}

// takeIn says what punches are that were just stored, and puts those that may be sent into the outbox, where this
// installation has a way to the register. It looks at nothing but them and the days that they belong to, however
// much lies in the database.
func (o *Boxes) takeIn(ctx context.Context, punches []app.Punch) ([]SeenTap, error) {
	p, err := o.derived.FactsNow(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at new punches: %w", err)
	}
	keys := make([]app.RecordKey, len(punches))
	wanted := make(map[app.RecordKey]bool, len(punches))
	for i := range punches {
		keys[i] = punches[i].Key
		wanted[punches[i].Key] = true
	}
	err = o.register.QueueNew(ctx, p, keys)
	rows, readErr := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: o.work.Environment(), Punches: keys})
	if err == nil {
		err = readErr
	}
	registered, taps, names := derived.LastOf(rows), p.TapsOf(wanted), derived.NamesOf(p)
	seen := make([]SeenTap, len(punches))
	for i, punch := range punches {
		row := derived.PunchRow{Tap: app.Tap{Punch: punch, At: punch.At}}
		if t, ok := taps[punch.Key]; ok {
			row.Tap = t
		}
		if r, ok := registered[punch.Key]; ok {
			row.Registration = &r
		}
		seen[i] = SeenTap{row, names}
	}
	return seen, err
}
