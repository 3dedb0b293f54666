package sending

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/dossier"
	"klokkast/app/workspace"
)

// DossierRow is one line of the corrections: a dossier, or the proposal of one.
type DossierRow struct {
	// Dossier has no id where it is only proposed; what is asked is there all the same.
	Dossier  app.Dossier
	Deadline dossier.Deadline
	// Stands says that what was found is still so. A dossier that stands no more
	// may not be needed.
	Stands bool
}

// Proposed says that nobody has made the dossier yet.
func (r *DossierRow) Proposed() bool { return r.Dossier.ID == "" }

// Dossiers are corrections that only the NSSO can make, and how far each is.
type Dossiers struct {
	work     *workspace.Workspace
	derived  *derived.Cache
	staff    *acts.Staff
	register *Register
}

// NewDossiers puts it together.
func NewDossiers(work *workspace.Workspace, derived *derived.Cache, staff *acts.Staff, register *Register) *Dossiers {
	return &Dossiers{work: work, derived: derived, staff: staff, register: register}
}

// Rows returns what the NSSO is to be asked, from the day after: first
// what is open, by its deadline, then what is answered or dropped, newest first.
func (o *Dossiers) Rows(ctx context.Context) ([]DossierRow, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	made, err := o.dossiers(ctx)
	if err != nil {
		return nil, err
	}
	found, err := o.corrections(ctx, p)
	if err != nil {
		return nil, err
	}
	stands := map[string]bool{}
	known := map[string]bool{}
	for i := range found {
		stands[found[i].Key()] = true
	}
	today := p.At.DateIn(app.Belgium())
	rows := []DossierRow{}
	for i := range made {
		c := &made[i].Correction
		known[c.Key()] = true
		rows = append(rows, DossierRow{made[i], dossier.DeadlineOf(c.Day, today), stands[c.Key()]})
	}
	for i := range found {
		due := dossier.DeadlineOf(found[i].Day, today)
		if !known[found[i].Key()] && due.Urgency != dossier.Early {
			rows = append(rows, DossierRow{app.Dossier{Correction: found[i]}, due, true})
		}
	}
	slices.SortStableFunc(rows, compareDossiers)
	return rows, nil
}

func compareDossiers(a, b DossierRow) int {
	open, other := a.Dossier.Open(), b.Dossier.Open()
	switch {
	case open && other:
		return cmp.Or(cmp.Compare(a.Deadline.Last, b.Deadline.Last), cmp.Compare(a.Dossier.Correction.Key(), b.Dossier.Correction.Key()))
	case open:
		return -1
	case other:
		return 1
	}
	return cmp.Or(-cmp.Compare(a.Dossier.Correction.Day, b.Dossier.Correction.Day), cmp.Compare(a.Dossier.ID, b.Dossier.ID))
}

// corrections returns all that only the NSSO can put right: what is derived, and
// what the last comparisons with the register found.
func (o *Dossiers) corrections(ctx context.Context, p *derived.Snapshot) ([]app.Correction, error) {
	found, err := p.Register.Corrections(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(found))
	for i := range found {
		known[found[i].Key()] = true
	}
	runs, err := o.work.Store.Reconciliations(ctx, o.work.Environment(), runsLookedAt)
	if err != nil {
		return nil, fmt.Errorf("read the reconciliations: %w", err)
	}
	for i := range runs {
		for _, c := range runs[i].Corrections(app.Belgium()) {
			if !known[c.Key()] && !comparedLater(runs[:i], c) {
				known[c.Key()] = true
				found = append(found, c)
			}
		}
	}
	return found, nil
}

// runsLookedAt is how many of the newest comparisons with the register count: two years of months.
const runsLookedAt = 24

// comparedLater says that a newer comparison looked at the same person and day.
func comparedLater(newer []ciao.Reconciliation, c app.Correction) bool {
	return slices.ContainsFunc(newer, func(r ciao.Reconciliation) bool {
		asked := slices.ContainsFunc(r.Persons, func(p ciao.AskedPerson) bool { return p.WorkerID == c.WorkerID && p.Asked })
		return asked && r.Days.Holds(c.Day)
	})
}

func (o *Dossiers) dossiers(ctx context.Context) ([]app.Dossier, error) {
	list, err := o.work.Store.Dossiers(ctx, o.work.Environment())
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	return list, nil
}

// MakeDossiers makes dossiers of what is found, by the keys of the corrections
// (app.Correction.Key); all or none. What they ask is fixed from then on.
func (o *Dossiers) MakeDossiers(ctx context.Context, keys []string, why string) ([]app.Dossier, error) {
	p, err := o.derived.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	found, err := o.corrections(ctx, p)
	if err != nil {
		return nil, err
	}
	list := make([]app.Dossier, 0, len(keys))
	for _, key := range keys {
		i := slices.IndexFunc(found, func(c app.Correction) bool { return c.Key() == key })
		if i < 0 {
			return nil, app.NotFound("correction", key)
		}
		d := app.Dossier{Correction: found[i], By: o.work.Actor(), At: o.work.Now(), Steps: []app.DossierStep{}}
		if err := acts.EnsureID(&d.ID); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	if len(list) == 0 {
		return list, nil
	}
	return list, o.work.Done("make the dossier", o.work.Store.MakeDossiers(ctx, list, o.work.Act("dossier.make", "", why)))
}

// HandInDossier notes that a dossier was handed in at the NSSO on a day, with
// the NSSO's reference where it gave one. One that was answered may go again.
func (o *Dossiers) HandInDossier(ctx context.Context, id app.ID, day app.Date, reference, note string) error {
	return o.stepDossier(ctx, id, app.DossierStep{State: app.DossierHandedIn, Day: day, Reference: reference, Note: note})
}

// AnswerDossier notes what the NSSO answered on a day.
func (o *Dossiers) AnswerDossier(ctx context.Context, id app.ID, day app.Date, outcome app.DossierOutcome, note string) error {
	switch outcome {
	case app.OutcomeCorrected, app.OutcomePartly, app.OutcomeRejected:
	default:
		return &app.FieldError{Field: "outcome", Code: "required", Example: string(app.OutcomeCorrected)}
	}
	return o.stepDossier(ctx, id, app.DossierStep{State: app.DossierAnswered, Day: day, Outcome: outcome, Note: note})
}

// DropDossier notes that a dossier is not needed after all, and why.
func (o *Dossiers) DropDossier(ctx context.Context, id app.ID, why string) error {
	if err := workspace.Required("why", why, "the punch was read after all"); err != nil {
		return err
	}
	return o.stepDossier(ctx, id, app.DossierStep{State: app.DossierDropped, Note: why})
}

func (o *Dossiers) stepDossier(ctx context.Context, id app.ID, step app.DossierStep) error {
	d, err := o.dossier(ctx, id)
	if err != nil {
		return err
	}
	today := o.work.Now().DateIn(app.Belgium())
	if step.Day == 0 {
		step.Day = today
	}
	if err := mayFollow(d, step, today); err != nil {
		return err
	}
	step.By, step.At = o.work.Actor(), o.work.Now()
	act := o.work.Act("dossier."+string(step.State), "dossier:"+string(id), step.Note)
	return o.work.Done("keep the dossier's step", o.work.Store.StepDossier(ctx, id, step, len(d.Steps), act))
}

// mayFollow says whether a step can follow what was done about a dossier.
func mayFollow(d *app.Dossier, step app.DossierStep, today app.Date) error {
	from := d.Correction.Day
	for _, s := range d.Steps {
		from = max(from, s.Day)
	}
	state := d.State()
	wrong := state == app.DossierDropped
	switch step.State {
	case app.DossierAnswered:
		wrong = wrong || state != app.DossierHandedIn
	case app.DossierDropped:
		wrong = wrong || state == app.DossierAnswered
	}
	switch {
	case wrong:
		return &app.FieldError{Field: "dossier", Code: "dossier.order"}
	case step.Day > today:
		return &app.FieldError{Field: "day", Code: "dossier.future", Example: today.String()}
	case step.Day < from:
		return &app.FieldError{Field: "day", Code: "dossier.early", Example: from.String()}
	}
	return nil
}

func (o *Dossiers) dossier(ctx context.Context, id app.ID) (*app.Dossier, error) {
	list, err := o.dossiers(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(d app.Dossier) bool { return d.ID == id })
	if i < 0 {
		return nil, app.NotFound("dossier", string(id))
	}
	return &list[i], nil
}
