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
// What the log held when watching began is no news and not given. It ends without error when ctx ends, else with the
// box's fault; what was stored stays, and the next WatchBox of this box gives the taps that were made in between.
func (o *Boxes) WatchBox(ctx context.Context, path string, seen func(SeenTap), p workspace.Progress) error {
	o.connection.CheckClock(ctx)
	err := o.atBox(ctx, "watch the box", path, func(box reading.Service) error {
		w := watch{o: o, box: box, seen: seen, due: make(chan struct{}, 1), failed: make(chan error, 1)}
		err := w.run(ctx, p)
		o.watched.ended(w.log, w.known, ctx.Err() == nil)
		return err
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// watched remembers, of each log whose watch a fault ended, up to which record it is no news.
type watched struct {
	mu    sync.Mutex
	known map[app.LogKey]uint64
}

func (w *watched) before(log app.LogKey) (known uint64, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known, ok = w.known[log]
	return known, ok
}

func (w *watched) ended(log app.LogKey, known uint64, byFault bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case log == app.LogKey{}: // it did not get so far
	case !byFault:
		delete(w.known, log)
	case w.known == nil:
		w.known = map[app.LogKey]uint64{log: known}
	default:
		w.known[log] = known
	}
}

// watch is one WatchBox under way.
type watch struct {
	o       *Boxes
	box     reading.Service
	seen    func(SeenTap)
	log     app.LogKey
	known   uint64 // what the log held when watching began: no news
	reached uint64 // up to where the log is read, as far as is known

	due    chan struct{} // holds one: what several readings bring is found out at once
	failed chan error    // why nothing more can be put into the outbox
	mu     sync.Mutex
	read   app.ID // the last reading whose consequences are not found out yet
}

// lookAgain is how often the box is asked for its last sequence, should nothing that names it come through.
const lookAgain = 5 * time.Second

// run has the box supervised before it reads; the box's requests take turns.
func (w *watch) run(ctx context.Context, p workspace.Progress) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var others sync.WaitGroup
	others.Go(func() {
		cancel(w.box.Watch(ctx, func(app.Record) {})) // what it announces, it names
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

// serve reads whenever the box names a record that was not read: by announcing a tap, or, where that was lost, by its next heartbeat.
func (w *watch) serve(ctx context.Context, p workspace.Progress) error {
	if err := w.take(ctx, p); err != nil {
		return err
	}
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		named, higher := w.box.Named()
		if named > w.reached {
			if err := w.take(ctx, nil); err != nil {
				return err
			}
			w.reached = max(w.reached, named)
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-w.failed:
			return err
		case <-higher:
		case <-tick.C:
			if _, err := w.box.Info(ctx); err != nil { // it names the last one
				return err
			}
		}
	}
}

// take reads what is new. Taps that were made since watching began are told.
func (w *watch) take(ctx context.Context, p workspace.Progress) error {
	store := &listening{FileStore: w.o.work.Store}
	r, err := w.o.readOpen(ctx, store, w.box, ReadOptions{}, nil, p)
	if w.log == (app.LogKey{}) && r.ID != "" && (err == nil || r.BoxLast > 0) { // it said how far its log goes
		w.log = r.Log
		if before, ok := w.o.watched.before(r.Log); ok {
			w.known = before
		} else {
			w.known = r.BoxLast
		}
	}
	w.reached = max(w.reached, r.Last)
	if r.ReadTo > 0 {
		w.reached = max(w.reached, r.BoxLast)
	}
	if r.Acked > 0 {
		w.reached = max(w.reached, r.Acked+1) // the box's own record of it
	}
	if fault := w.tell(ctx, store.punches); err == nil { // what was stored is told, whatever came after
		err = fault
	}
	w.mu.Lock()
	w.read = r.ID
	w.mu.Unlock()
	sending.Nudge(w.due)
	return err
}

// tell puts taps into the outbox and gives them to whoever watches.
func (w *watch) tell(ctx context.Context, stored []app.Punch) (err error) {
	news := slices.DeleteFunc(stored, func(p app.Punch) bool { return p.Key.Seq <= w.known })
	for punches := range slices.Chunk(news, tapsAtOnce) {
		taps, fault := w.o.takeIn(ctx, punches)
		for _, tap := range taps {
			w.seen(tap)
		}
		if err == nil {
			err = fault
		}
	}
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
