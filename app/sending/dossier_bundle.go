package sending

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/dossier"
)

// DossierBundle puts a dossier together with all its evidence. With reveal the
// personal numbers stand in full, and the trail notes it: the NSSO needs them.
// Until it is handed in, the countdown is that of today; then it stays as it was.
func (o *Dossiers) DossierBundle(ctx context.Context, id app.ID, reveal bool) (*dossier.Bundle, error) {
	d, err := o.dossier(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	b := &bundler{o: o, p: p, reveal: reveal}
	return b.put(ctx, d)
}

type bundler struct {
	o      *Dossiers
	p      *derived.Snapshot
	reveal bool
}

func (b *bundler) put(ctx context.Context, d *app.Dossier) (*dossier.Bundle, error) {
	c := &d.Correction
	made := b.p.At.DateIn(app.Belgium())
	for _, s := range d.Steps {
		if s.State == app.DossierHandedIn {
			made = s.Day
		}
	}
	out := &dossier.Bundle{
		Dossier:  *d,
		Made:     made,
		Deadline: dossier.DeadlineOf(c.Day, made),
		Zone:     app.DefaultZone,
		Revealed: b.reveal,
		Requests: []app.Attempt{},
	}
	out.Employer, out.Capacity = b.employer(c)
	b.named(out, c)
	b.state(out, c)
	if err := b.evidence(ctx, out, c); err != nil {
		return nil, err
	}
	if err := b.requests(ctx, out, c); err != nil {
		return nil, err
	}
	return out, b.show(ctx, out)
}

// employer returns the direct employer: that of the engagement, else the one whose
// number the lines hold.
func (b *bundler) employer(c *app.Correction) (app.Employer, app.Capacity) {
	if e, ok := b.p.Names.Engagements[c.EngagementID]; ok {
		return b.p.Names.Employers[e.EmployerID], e.Capacity
	}
	for _, l := range linesOf(c) {
		for _, e := range b.p.Facts.Employers {
			if (l.Enterprise != "" && e.Enterprise == l.Enterprise) || (l.ForeignVAT != "" && e.ForeignVAT == l.ForeignVAT) {
				return e, ""
			}
		}
	}
	return app.Employer{}, ""
}

func linesOf(c *app.Correction) []app.CorrectionLine { return append(slices.Clone(c.Has), c.Wants...) }

// named fills who and where the lines are about.
func (b *bundler) named(out *dossier.Bundle, c *app.Correction) {
	person := func(id app.ID) dossier.Person {
		w := b.p.Names.Workers[id]
		return dossier.Person{ID: id, Name: w.Name(), StaffNumber: w.StaffNumber, SSIN: w.SSIN.Masked()}
	}
	out.Worker = person(c.WorkerID)
	sites := []app.ID{c.SiteID}
	for _, l := range linesOf(c) {
		if l.WorkerID != "" && l.WorkerID != c.WorkerID && !slices.ContainsFunc(out.Others, func(p dossier.Person) bool { return p.ID == l.WorkerID }) {
			out.Others = append(out.Others, person(l.WorkerID))
		}
		sites = append(sites, l.SiteID)
	}
	out.Sites = []app.Site{}
	slices.Sort(sites)
	for _, id := range slices.Compact(sites) {
		if s, ok := b.p.Names.Sites[id]; ok {
			out.Sites = append(out.Sites, s)
		}
	}
}

// state fills what a supervisor stated.
func (b *bundler) state(out *dossier.Bundle, c *app.Correction) {
	for _, a := range b.p.Facts.Adjustments {
		if a.ID == c.Adjustment && c.Adjustment != "" {
			out.Stated = &dossier.Statement{
				Kind:         a.Kind,
				From:         a.From,
				To:           a.To,
				Reason:       a.Reason,
				Note:         a.Note,
				NoteLanguage: a.NoteLanguage,
				By:           a.By,
				At:           a.At,
				Withdrawn:    a.Withdrawn,
			}
		}
	}
}

// evidence fills the records: those of the correction, and of the presences they belong to.
func (b *bundler) evidence(ctx context.Context, out *dossier.Bundle, c *app.Correction) error {
	keys := slices.Clone(c.Punches)
	for _, k := range c.Punches {
		if pr, ok := b.p.PresenceWith(k); ok {
			keys = append(keys, pr.Punches...)
		}
	}
	slices.SortFunc(keys, app.RecordKey.Compare)
	proofs, err := b.o.work.Store.Proofs(ctx, slices.Compact(keys))
	if err != nil {
		return fmt.Errorf("gather the evidence: %w", err)
	}
	out.Evidence = []dossier.Evidence{}
	for _, proof := range proofs {
		if t, ok := b.p.Tap(proof.Key); ok {
			out.Evidence = append(out.Evidence, b.evidenceOf(proof, &t))
		}
	}
	slices.SortStableFunc(out.Evidence, func(x, y dossier.Evidence) int { return cmp.Compare(x.Corrected, y.Corrected) })
	return nil
}

func (b *bundler) evidenceOf(proof dossier.Proof, t *app.Tap) dossier.Evidence {
	e := dossier.Evidence{
		Proof: proof, BoxLabel: b.p.Names.Box(proof.Key.Box), At: t.Punch.At, Pressed: t.Punch.Pressed, Flags: t.Punch.Flags, Role: t.Role, Corrected: t.At,
		Clock: dossier.Clock{Known: t.OffsetKnown, OffsetMS: t.Offset.Milliseconds(), UncertaintyMS: t.Uncertainty.Milliseconds(), Repaired: t.Repaired},
	}
	for i := range b.p.Facts.Readings {
		r := &b.p.Facts.Readings[i]
		if r.ID == proof.ReadingID {
			e.Reading = *r
		}
		if r.Log.Box != proof.Key.Box || r.Clock == nil {
			continue
		}
		switch m := r.Clock; {
		case m.At <= t.At && (e.Clock.Before == nil || m.At > e.Clock.Before.At):
			e.Clock.Before = m
		case m.At > t.At && (e.Clock.After == nil || m.At < e.Clock.After.At):
			e.Clock.After = m
		}
	}
	e.Held = b.held(t)
	return e
}

// held returns the custody that attributes a tap; nil where nobody held it then.
func (b *bundler) held(t *app.Tap) *dossier.Custody {
	for _, i := range b.p.Facts.Identifiers {
		if i.Key != t.Punch.Identifier {
			continue
		}
		for _, c := range b.p.Facts.Custodies {
			if c.IdentifierID == i.ID && c.Span.Holds(t.At) {
				e := b.p.Names.Engagements[c.EngagementID]
				w := b.p.Names.Workers[e.WorkerID]
				return &dossier.Custody{Kind: i.Key.Kind, Value: i.Key.Value, Label: i.Label, Holder: w.Name(), StaffNumber: w.StaffNumber,
					Employer: b.p.Names.Employers[e.EmployerID].Name, Span: c.Span, Entered: c.Entered}
			}
		}
	}
	return nil
}

// requests fills the requests that the lines' registrations were in.
func (b *bundler) requests(ctx context.Context, out *dossier.Bundle, c *app.Correction) error {
	seen := map[app.ID]bool{}
	for _, l := range linesOf(c) {
		if l.Registration == "" {
			continue
		}
		list, err := b.o.register.Attempts(ctx, l.Registration)
		if err != nil {
			return fmt.Errorf("gather the requests: %w", err)
		}
		for _, a := range list {
			if !seen[a.ID] {
				seen[a.ID] = true
				a.Items = []app.ID{l.Registration} // the others are other people's
				out.Requests = append(out.Requests, a)
			}
		}
	}
	slices.SortStableFunc(out.Requests, func(x, y app.Attempt) int { return cmp.Compare(x.Started, y.Started) })
	return nil
}

// show puts the personal numbers there in full, where that was asked for.
func (b *bundler) show(ctx context.Context, out *dossier.Bundle) error {
	if !b.reveal {
		return nil
	}
	people := []*dossier.Person{&out.Worker}
	for i := range out.Others {
		people = append(people, &out.Others[i])
	}
	for _, p := range people {
		if p.SSIN == "" {
			continue
		}
		number, err := b.o.staff.RevealSSIN(ctx, p.ID)
		if err != nil {
			return err
		}
		p.SSIN = number
	}
	return nil
}
