// Package acts is what people do: they enter staff and sites, plan, judge what was
// found, and repair clocks. It checks what they enter, says beforehand what an act
// would change, and keeps each in one transaction with its line in the trail.
package acts

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// EnsureID returns a new thing its id.
func EnsureID(id *app.ID) error {
	if *id != "" {
		return nil
	}
	v, err := app.NewID()
	*id = v
	return err
}

// Staff is who works: workers, employers, engagements, teams and badges.
type Staff struct {
	work    *workspace.Workspace
	derived *derived.Cache
}

// NewStaff puts it together.
func NewStaff(work *workspace.Workspace, derived *derived.Cache) *Staff {
	return &Staff{work: work, derived: derived}
}

// SaveEmployer checks and keeps an employer; a new one has no id yet.
func (o *Staff) SaveEmployer(ctx context.Context, e app.Employer, why string) (app.Employer, error) {
	if err := checkEmployer(&e); err != nil {
		return e, err
	}
	if err := EnsureID(&e.ID); err != nil {
		return e, err
	}
	return e, o.work.Done("keep the employer", o.work.Store.SaveEmployer(ctx, e, o.work.Act("employer.save", "employer:"+string(e.ID), why)))
}

// SetRegistersSince says from which instant punches of an employer's staff are sent.
func (o *Staff) SetRegistersSince(ctx context.Context, employer app.ID, at app.Instant, why string) error {
	list, err := o.work.Store.Employers(ctx)
	if err != nil {
		return fmt.Errorf("find the employer: %w", err)
	}
	for _, e := range list {
		if e.ID != employer {
			continue
		}
		e.RegistersSince = at
		return o.work.Done("set the starting instant", o.work.Store.SaveEmployer(ctx, e, o.work.Act("employer.registers-since", "employer:"+string(e.ID), why)))
	}
	return app.NotFound("employer", string(employer))
}

// SaveWorker checks and keeps a worker; a new one has no id yet.
func (o *Staff) SaveWorker(ctx context.Context, w app.Worker, why string) (app.Worker, error) {
	if err := checkWorker(&w, o.work.Now().DateIn(app.Belgium())); err != nil {
		return w, err
	}
	if err := EnsureID(&w.ID); err != nil {
		return w, err
	}
	return w, o.work.Done("keep the worker", o.work.Store.SaveWorker(ctx, w, o.work.Act("worker.save", "worker:"+string(w.ID), why)))
}

// SaveEngagement checks and keeps an engagement; a new one has no id yet.
func (o *Staff) SaveEngagement(ctx context.Context, e app.Engagement, why string) (app.Engagement, error) {
	if err := errors.Join(checkEngagement(&e), o.checkEngagementThresholds(e.Thresholds)); err != nil {
		return e, err
	}
	if err := EnsureID(&e.ID); err != nil {
		return e, err
	}
	return e, o.work.Done("keep the engagement", o.work.Store.SaveEngagement(ctx, e, o.work.Act("engagement.save", "engagement:"+string(e.ID), why)))
}

// EndWorker ends a worker after a last day: engagements that run on end with
// that day, and badges are given back at its end: all of it, or nothing. Nothing is deleted.
func (o *Staff) EndWorker(ctx context.Context, id app.ID, last app.Date, why string) error {
	w, err := o.worker(ctx, id)
	if err != nil {
		return err
	}
	engagements, err := o.work.Store.Engagements(ctx)
	if err != nil {
		return fmt.Errorf("end the worker: %w", err)
	}
	custodies, err := o.work.Store.Custodies(ctx)
	if err != nil {
		return fmt.Errorf("end the worker: %w", err)
	}
	w.Ended = last.End(app.Belgium())
	return o.work.Do(ctx, workspace.Deed{What: "worker.end", Doing: "end the worker", Do: func(ctx context.Context, c store.Changes) error {
		engaged, err := o.endEngagements(ctx, c, engagements, id, last, why)
		if err != nil {
			return err
		}
		for _, held := range custodies {
			if !engaged[held.EngagementID] || (held.Span.To != 0 && held.Span.To <= w.Ended) {
				continue
			}
			if err := c.EndCustody(ctx, held.ID, max(w.Ended, held.Span.From), o.work.Act("custody.end", "custody:"+string(held.ID), why)); err != nil {
				return fmt.Errorf("take the badge back: %w", err)
			}
		}
		return c.SaveWorker(ctx, w, o.work.Act("worker.end", "worker:"+string(id), why))
	}})
}

// endEngagements ends those of a worker that run on after a last day, and gives the ids of all of them.
func (o *Staff) endEngagements(ctx context.Context, c store.Changes, all []app.Engagement, id app.ID, last app.Date, why string) (map[app.ID]bool, error) {
	engaged := map[app.ID]bool{}
	for _, e := range all {
		if e.WorkerID != id {
			continue
		}
		engaged[e.ID] = true
		if e.Days.To != 0 && e.Days.To <= last {
			continue
		}
		if e.Days.To = last; e.Days.From > last {
			e.Days.To = e.Days.From // never begun: it keeps its first day, which the trail explains
		}
		if err := c.SaveEngagement(ctx, e, o.work.Act("engagement.end", "engagement:"+string(e.ID), why)); err != nil {
			return nil, fmt.Errorf("end the engagement: %w", err)
		}
	}
	return engaged, nil
}

func (o *Staff) worker(ctx context.Context, id app.ID) (app.Worker, error) {
	list, err := o.work.Store.Workers(ctx)
	if err != nil {
		return app.Worker{}, fmt.Errorf("find the worker: %w", err)
	}
	for _, w := range list {
		if w.ID == id {
			return w, nil
		}
	}
	return app.Worker{}, app.NotFound("worker", string(id))
}

// RevealSSIN returns the number itself, and notes in the trail that it was shown.
func (o *Staff) RevealSSIN(ctx context.Context, id app.ID) (string, error) {
	w, err := o.worker(ctx, id)
	if err != nil {
		return "", err
	}
	if err := o.work.Store.NoteAct(ctx, o.work.Act("ssin.reveal", "worker:"+string(id), "")); err != nil {
		return "", fmt.Errorf("note that the number was shown: %w", err)
	}
	return w.SSIN.Reveal(), nil
}

// EndBadge takes a badge back.
func (o *Staff) EndBadge(ctx context.Context, custody app.ID, at app.Instant, why string) error {
	return o.work.Done("take the badge back", o.work.Store.EndCustody(ctx, custody, at, o.work.Act("custody.end", "custody:"+string(custody), why)))
}

// Employers returns all employers.
func (o *Staff) Employers(ctx context.Context) ([]app.Employer, error) {
	return o.work.Store.Employers(ctx)
}

// Clients returns all clients.
func (o *Staff) Clients(ctx context.Context) ([]app.Client, error) { return o.work.Store.Clients(ctx) }

// Rows returns the staff by name, those who ended last.
func (o *Staff) Rows(ctx context.Context) ([]WorkerRow, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	now := o.work.Now()
	open := p.OpenPerWorker()
	rows := make([]WorkerRow, 0, len(p.Facts.Workers))
	at := map[app.ID]int{}
	for _, w := range p.Facts.Workers {
		at[w.ID] = len(rows)
		rows = append(rows, WorkerRow{Worker: w, Anomalies: open[w.ID]})
	}
	ofEngagement := map[app.ID]app.ID{}
	for _, e := range p.Facts.Engagements {
		ofEngagement[e.ID] = e.WorkerID
		i := at[e.WorkerID]
		rows[i].Engagements = append(rows[i].Engagements, e)
	}
	identifiers := derived.ByID(p.Facts.Identifiers, func(i app.Identifier) app.ID { return i.ID })
	for _, c := range p.Facts.Custodies {
		if c.Span.To != 0 && c.Span.To <= now {
			continue
		}
		i := at[ofEngagement[c.EngagementID]]
		rows[i].Badges = append(rows[i].Badges, Badge{identifiers[c.IdentifierID], c})
	}
	for i := range rows {
		es := rows[i].Engagements
		sort.SliceStable(es, func(a, b int) bool { return es[a].Days.From > es[b].Days.From })
	}
	sort.SliceStable(rows, func(a, b int) bool {
		x, y := rows[a].Worker, rows[b].Worker
		if (x.Ended == 0) != (y.Ended == 0) {
			return x.Ended == 0
		}
		return x.Name() < y.Name()
	})
	return rows, nil
}
