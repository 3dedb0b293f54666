package derived

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"klokkast/app"
	"klokkast/app/attendance"
)

// What is found comes and goes with the facts. At the end of whatever changed
// them (a reading, an import, an act of a person) what is found then is compared
// with what was found at the last look, and what is no more is kept as gone,
// with when and by what. Looking alone writes nothing. Information is left out:
// nobody has to settle it, so nobody misses it.

// noting is what changed and is not noted yet. For use by several goroutines.
type noting struct {
	background func(work func())
	ctx        context.Context // of the work in the background
	end        context.CancelFunc

	mu      sync.Mutex
	due     bool
	reading app.ID        // what brought it; "" an act. Of several: the last reading
	rests   chan struct{} // closed when all is noted; nil while it is
}

// changed has it noted what was found and what is gone, and returns at once.
func (o *Cache) changed(reading app.ID) {
	n := &o.noting
	n.mu.Lock()
	n.due = true
	if reading != "" {
		n.reading = reading
	}
	begins := n.rests == nil
	if begins {
		n.rests = make(chan struct{})
	}
	n.mu.Unlock()
	if begins {
		n.background(o.noteAll)
	}
}

// noteAll notes until nothing is due.
func (o *Cache) noteAll() {
	n := &o.noting
	for {
		n.mu.Lock()
		if !n.due || n.ctx.Err() != nil {
			close(n.rests)
			n.rests = nil
			n.mu.Unlock()
			return
		}
		reading := n.reading
		n.due, n.reading = false, ""
		n.mu.Unlock()
		o.noteFound(n.ctx, reading)
	}
}

// Settle waits until what changed is noted, or ctx ends.
func (o *Cache) Settle(ctx context.Context) error {
	o.noting.mu.Lock()
	rests := o.noting.rests
	o.noting.mu.Unlock()
	if rests == nil {
		return nil
	}
	select {
	case <-rests:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close waits until what changed is noted, or gives that up when ctx ends: the
// next change notes it. Nothing is noted by itself after it.
func (o *Cache) Close(ctx context.Context) {
	_ = o.Settle(ctx) // what was not noted is a courtesy
	o.noting.end()
	_ = o.Settle(context.WithoutCancel(ctx)) // it stops now
	_ = o.keep(ctx)                          // nor is that more than a courtesy
}

// noteFound compares and keeps. reading is what changed the facts; "" an act.
// What is noted is a courtesy beside what was done: where it fails, the next
// change notes it, and what was done stays done.
func (o *Cache) noteFound(ctx context.Context, reading app.ID) {
	p, err := o.current(ctx)
	if err != nil {
		return
	}
	if o.sights == nil {
		if o.sights, err = o.work.Store.OpenSights(ctx); err != nil {
			o.sights = nil
			return
		}
	}
	found, gone := p.differing(o.sights)
	if len(found)+len(gone) == 0 {
		return
	}
	if err := o.work.Store.NoteSights(ctx, p.At, reading, found, gone); err != nil {
		o.sights = nil // read again next time
		return
	}
	stale := false
	for i := range found {
		k := found[i].Anomaly.Key()
		o.sights[k] = found[i].Occurrence
		stale = stale || p.states[k].Status == app.AnomalyExplained // which may hold no more, if it returned
	}
	for _, k := range gone {
		delete(o.sights, k)
	}
	if stale {
		o.mu.Lock()
		o.snapshot = nil
		o.mu.Unlock()
	}
}

// differing returns what is found and was not seen so, and what was seen and is found no more.
func (p *Snapshot) differing(seen map[app.AnomalyKey]string) (found []app.Sight, gone []app.AnomalyKey) {
	note := func(a *app.Anomaly) {
		was, known := seen[a.Key()]
		if a.Severity < app.Warning && !known {
			return
		}
		if now := attendance.Occurrence(a); now != was {
			found = append(found, app.Sight{Anomaly: *a, Occurrence: now})
		}
	}
	for i := range p.Noted {
		note(&p.Noted[i].Anomaly)
	}
	for k := range seen {
		if _, ok := p.byKey[k]; ok {
			continue
		}
		if a, ok := p.Anomaly(k); ok { // an information by now
			note(&a.Anomaly)
		} else {
			gone = append(gone, k)
		}
	}
	return found, gone
}

// gone returns those that new facts settled and that were not found again, the newest first.
func (o *Cache) gone(ctx context.Context, f AnomalyFilter) ([]FoundAnomaly, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	list, err := o.work.Store.GoneSights(ctx, f.Since)
	if err != nil {
		return nil, fmt.Errorf("list what is gone: %w", err)
	}
	out := []FoundAnomaly{}
	for _, g := range list {
		// Time alone may have brought it back since the last change.
		if a := p.goneAnomaly(g); f.fits(&a) && !p.finds(a.Key()) {
			out = append(out, a)
		}
	}
	return out, nil
}

// SettledByReadings returns the anomalies that are gone since an instant because
// of what readings brought, without anybody's doing, the newest first.
func (o *Cache) SettledByReadings(ctx context.Context, since app.Instant) ([]FoundAnomaly, error) {
	list, err := o.gone(ctx, AnomalyFilter{Since: since})
	return slices.DeleteFunc(list, func(a FoundAnomaly) bool { return a.Gone.ReadingID == "" }), err
}

func (p *Snapshot) finds(k app.AnomalyKey) bool {
	_, ok := p.Anomaly(k)
	return ok
}

// goneAnomaly tells who read what settled it, too.
func (p *Snapshot) goneAnomaly(g app.Gone) FoundAnomaly {
	if i := slices.IndexFunc(p.Facts.Readings, func(r app.Reading) bool { return r.ID == g.ReadingID }); i >= 0 {
		g.By = p.Facts.Readings[i].Actor
	}
	return FoundAnomaly{Anomaly: g.Anomaly, Status: app.AnomalyGone, State: p.states[g.Anomaly.Key()], Gone: &g}
}
