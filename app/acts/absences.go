package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/workspace"
)

// NoteAbsence notes that a worker is away. No last day means the first one.
func (o *Plan) NoteAbsence(ctx context.Context, a app.Absence, why string) (app.Absence, error) {
	f, err := o.planFacts(ctx)
	if err != nil {
		return a, err
	}
	if a.Days.To == 0 {
		a.Days.To = a.Days.From
	}
	if err := checkAbsence(&a, f.Absences); err != nil {
		return a, err
	}
	if _, err := o.staff.worker(ctx, a.WorkerID); err != nil {
		return a, err
	}
	if a.EngagementID != "" && workerOf(f, a.EngagementID) != a.WorkerID {
		return a, app.NotFound("engagement", string(a.EngagementID))
	}
	if err := EnsureID(&a.ID); err != nil {
		return a, err
	}
	a.By, a.At, a.Withdrawn = o.work.Actor(), o.work.Now(), 0
	return a, o.work.Done("note the absence", o.work.Store.AddAbsences(ctx, []app.Absence{a}, o.work.Act("absence.note", "worker:"+string(a.WorkerID), why)))
}

// checkAbsence checks what was entered; a whole day is noted once.
func checkAbsence(a *app.Absence, known []app.Absence) error {
	a.Note = strings.TrimSpace(a.Note)
	var kind error
	if !slices.Contains(app.AbsenceKinds[:], a.Kind) {
		kind = &app.FieldError{Field: "kind", Code: "absence.kind", Example: string(app.AbsenceKinds[0])}
	}
	if err := errors.Join(workspace.Required("worker", string(a.WorkerID), "Peeters An"), kind, checkPlanDays(a.Days)); err != nil {
		return err
	}
	for _, k := range known {
		if k.Withdrawn == 0 && k.WorkerID == a.WorkerID && k.EngagementID == a.EngagementID && k.Hours == a.Hours && k.Days.Overlaps(a.Days) {
			return &app.FieldError{Field: "from", Code: "absence.taken", Example: k.Days.To.AddDays(1).String()}
		}
	}
	return nil
}

// WithdrawAbsence takes an absence back; it stays on record.
func (o *Plan) WithdrawAbsence(ctx context.Context, id app.ID, why string) error {
	return o.work.Done("take the absence back", o.work.Store.WithdrawAbsence(ctx, id, o.work.Now(), o.work.Act("absence.withdraw", "absence:"+string(id), why)))
}

// Absences returns the absences that hold on one of the days, of one worker (""
// is all), by first day. Withdrawn ones are left out.
func (o *Plan) Absences(ctx context.Context, days app.Days, worker app.ID) ([]app.Absence, error) {
	all, err := o.work.Store.Absences(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the absences: %w", err)
	}
	return AbsencesIn(all, days, worker), nil
}

// AbsencesIn are the absences that touch some days, of one worker ("": of all).
func AbsencesIn(all []app.Absence, days app.Days, worker app.ID) []app.Absence {
	list := []app.Absence{}
	for _, a := range all {
		if a.Withdrawn == 0 && a.Days.Overlaps(days) && (worker == "" || a.WorkerID == worker) {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(x, y app.Absence) int { return int(x.Days.From - y.Days.From) })
	return list
}
