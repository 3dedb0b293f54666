package boxes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/sending"
	"klokkast/app/workspace"
)

// Reconciliation compares what was punched with what the register holds and boxes kept.
type Reconciliation struct {
	work       *workspace.Workspace
	derived    *derived.Cache
	connection *sending.Connection
	boxes      *Boxes
}

// NewReconciliation puts it together.
func NewReconciliation(work *workspace.Workspace, derived *derived.Cache, connection *sending.Connection, boxes *Boxes) *Reconciliation {
	return &Reconciliation{work: work, derived: derived, connection: connection, boxes: boxes}
}

// Reconcile compares box, store and register over Belgian days (both ends
// given), of one worker ("": everyone engaged or with punches then): the
// register is asked for each person, slowly. Where look-ups prove nothing the
// answer says that it cannot tell. What was found is kept; nothing else changes.
func (o *Reconciliation) Reconcile(ctx context.Context, days app.Days, worker app.ID, progress workspace.Progress) (*ciao.Reconciliation, error) {
	if days.From == 0 || days.To == 0 || days.To < days.From {
		return nil, &app.FieldError{Field: "days", Code: "required", Example: "2026-11-01 2026-11-30"}
	}
	p, err := o.derived.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	r := &ciao.Reconciliation{Environment: o.work.Environment(), Days: days, WorkerID: worker, By: o.work.Actor(), At: p.At}
	if err := acts.EnsureID(&r.ID); err != nil {
		return nil, err
	}
	candidates, err := p.Register.During(ctx, days)
	if err != nil {
		return nil, fmt.Errorf("gather what was sent: %w", err)
	}
	if r.Persons, r.CannotTell, err = o.askRegister(ctx, p, candidates, days, worker, progress); err != nil {
		return nil, fmt.Errorf("ask the register: %w", err)
	}
	boxes, err := o.boxStates(ctx, p, days)
	if err != nil {
		return nil, fmt.Errorf("compare with the boxes: %w", err)
	}
	entries, err := o.work.Store.RegisterEntries(ctx, ciao.EntryFilter{Environment: r.Environment})
	if err != nil {
		return nil, fmt.Errorf("compare with what was registered by phone: %w", err)
	}
	r.Differences = ciao.Compare(ciao.CompareInput{
		Zone: app.Belgium(), Days: days, Now: p.At, Candidates: candidates, Boxes: boxes, Persons: r.Persons,
		Phones: phonesKnown(p, r.Environment, days), Entries: entries,
	})
	act := o.work.Act("ciao.reconcile", "environment:"+string(r.Environment), "")
	if err := o.work.Store.SaveReconciliation(ctx, *r, act); err != nil {
		return nil, fmt.Errorf("keep what was compared: %w", err)
	}
	o.work.Changed()
	return r, nil
}

// LastReconciliation returns the newest comparison with the register; nil where there was none.
func (o *Reconciliation) LastReconciliation(ctx context.Context) (*ciao.Reconciliation, error) {
	runs, err := o.work.Store.Reconciliations(ctx, o.work.Environment(), 1)
	if err != nil {
		return nil, fmt.Errorf("read the reconciliations: %w", err)
	}
	if len(runs) == 0 {
		return nil, nil
	}
	return &runs[0], nil
}

// askRegister asks about everyone; cannotTell says why nobody was asked.
func (o *Reconciliation) askRegister(
	ctx context.Context,
	p *derived.Snapshot,
	candidates []ciao.Candidate,
	days app.Days,
	worker app.ID,
	progress workspace.Progress,
) ([]ciao.AskedPerson, string, error) {
	questions, unnamed := questionsFor(p, candidates, days, worker)
	line, err := o.connection.Session(ctx)
	var none *sending.NoCredentialError
	switch {
	case errors.As(err, &none):
		return unnamed, ciao.CannotNoCredential, nil
	case errors.Is(err, ciao.ErrLocked):
		return unnamed, ciao.CannotLocked, nil
	case errors.Is(err, ciao.ErrNotSendingInstallation):
		return unnamed, ciao.CannotNotSending, nil
	case err != nil:
		return nil, "", err
	}
	zone := app.Belgium()
	span := app.Span{From: days.From.Start(zone), To: min(days.To.End(zone), p.At.Add(24*time.Hour))}
	asked, cannot, err := line.Sender.AskPersons(ctx, span, questions, progress)
	return append(asked, unnamed...), cannot, err
}

// questionsFor returns whom to ask about, by name, and those who have no number to ask by.
func questionsFor(p *derived.Snapshot, candidates []ciao.Candidate, days app.Days, worker app.ID) (questions []ciao.PersonQuestion, unnamed []ciao.AskedPerson) {
	about := map[app.ID]*ciao.PersonQuestion{}
	question := func(id app.ID) *ciao.PersonQuestion {
		if about[id] == nil {
			about[id] = &ciao.PersonQuestion{WorkerID: id}
		}
		return about[id]
	}
	number := func(q *ciao.PersonQuestion, s app.Secret) {
		if ssin, err := identity.ParseSSIN(s.Reveal()); err == nil && !slices.Contains(q.SSINs, app.Secret(ssin)) {
			q.SSINs = append(q.SSINs, app.Secret(ssin))
		}
	}
	for _, e := range p.Facts.Engagements {
		if e.Days.Overlaps(days) {
			question(e.WorkerID)
		}
	}
	for i := range candidates {
		r := &candidates[i].Registration
		if r.WorkerID == "" || candidates[i].Adjustment != "" {
			continue
		}
		q := question(r.WorkerID)
		if candidates[i].Exists {
			q.Regs = append(q.Regs, *r)
			number(q, r.SSIN)
		}
	}
	unnamed = []ciao.AskedPerson{}
	for id, q := range about {
		number(q, p.Names.Workers[id].SSIN)
		switch {
		case worker != "" && id != worker:
		case len(q.SSINs) == 0:
			unnamed = append(unnamed, ciao.AskedPerson{WorkerID: id, Problem: ciao.CannotNoSSIN})
		default:
			questions = append(questions, *q)
		}
	}
	byName := func(a, b app.ID) int {
		return cmp.Or(cmp.Compare(p.Names.Worker(a), p.Names.Worker(b)), cmp.Compare(a, b))
	}
	slices.SortFunc(questions, func(a, b ciao.PersonQuestion) int { return byName(a.WorkerID, b.WorkerID) })
	slices.SortFunc(unnamed, func(a, b ciao.AskedPerson) int { return byName(a.WorkerID, b.WorkerID) })
	return questions, unnamed
}

// boxStates returns the boxes that stood at a site under CIAO in the days, with how far they were read.
func (o *Reconciliation) boxStates(ctx context.Context, p *derived.Snapshot, days app.Days) ([]ciao.BoxState, error) {
	rows, err := o.boxes.Rows(ctx)
	if err != nil {
		return nil, err
	}
	zone := app.Belgium()
	span := app.Span{From: days.From.Start(zone), To: days.To.End(zone)}
	var out []ciao.BoxState
	for _, row := range rows {
		site, ok := stoodUnderCIAO(p, row.Box.UID, span)
		if !ok {
			continue
		}
		s := ciao.BoxState{Log: app.LogKey{Box: row.Box.UID}, SiteID: site, Unacked: row.Unacked}
		for _, r := range p.Facts.Readings {
			if r.Log.Box == row.Box.UID && r.ReadTo > s.ReadTo {
				s.ReadTo = r.ReadTo
			}
		}
		for _, g := range row.Gaps {
			if !g.ReadElsewhere {
				s.Gaps = append(s.Gaps, g)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// phonesKnown says of the sites where people may register by phone up to when that is known, with their declarations of some days.
func phonesKnown(p *derived.Snapshot, e app.Environment, days app.Days) (list []ciao.PhonesKnown) {
	numbers := derived.ByID(p.Facts.Declarations, func(d app.Declaration) app.ID { return d.ID })
	for _, s := range p.Facts.Sites {
		if !s.Phones {
			continue
		}
		k := ciao.PhonesKnown{SiteID: s.ID}
		log := app.LogKey{Box: app.MakeRegister.UID(string(s.ID)), Log: string(e)}
		for i := range p.Facts.Readings {
			if r := &p.Facts.Readings[i]; r.Log == log {
				k.ReadTo = max(k.ReadTo, r.ReadTo)
			}
		}
		for _, l := range p.Facts.DeclarationSites {
			if l.SiteID == s.ID && l.Days.Overlaps(days) {
				k.Declarations = append(k.Declarations, numbers[l.DeclarationID].Number)
			}
		}
		list = append(list, k)
	}
	return list
}

// stoodUnderCIAO returns a site under CIAO at which a box stood in a span.
func stoodUnderCIAO(p *derived.Snapshot, box string, span app.Span) (app.ID, bool) {
	for _, pl := range p.Facts.Placements {
		if pl.BoxUID != box || !pl.Span.Overlaps(span) {
			continue
		}
		for _, d := range p.Facts.SiteDecisions {
			if d.SiteID == pl.SiteID && d.Decision == app.UnderCIAO {
				return pl.SiteID, true
			}
		}
	}
	return "", false
}
