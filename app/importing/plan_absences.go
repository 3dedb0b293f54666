package importing

import (
	"cmp"
	"fmt"
	"slices"

	"klokkast/app"
)

// AbsenceFacts is what the store holds of people and their absences.
type AbsenceFacts struct {
	Workers     []app.Worker
	Engagements []app.Engagement
	Absences    []app.Absence
}

// AbsencePlan is what an import of absences would do: enter new ones. None is
// ever changed or taken back.
type AbsencePlan struct {
	Rows     []RowResult
	Problems []*Problem
	New      []app.Absence
}

// PlanAbsences compares rows with the facts. A person is known by staff number,
// else by name. Days that are noted already for the same reason are not noted
// again; a row that only has such days changes nothing. It fails only when no
// ids can be made.
func PlanAbsences(rows []AbsenceRow, facts AbsenceFacts, o Options) (*AbsencePlan, error) {
	p := &absencePlanner{facts: facts, o: o, known: slices.Clone(facts.Absences)}
	plan := &AbsencePlan{}
	for _, r := range rows {
		result, said, err := p.row(r)
		if err != nil {
			return nil, fmt.Errorf("plan the import: %w", err)
		}
		plan.Rows = append(plan.Rows, result)
		plan.Problems = append(plan.Problems, said...)
	}
	plan.New = p.added
	return plan, nil
}

type absencePlanner struct {
	facts AbsenceFacts
	o     Options
	known []app.Absence // those of the store and of the rows before
	added []app.Absence
}

func (p *absencePlanner) row(r AbsenceRow) (RowResult, []*Problem, error) {
	d := newDraft(r.Line, r.headings, nil)
	who := cmp.Or(r.Name, r.StaffNumber)
	worker, ok := p.worker(d, r)
	if !ok {
		return refuse(d, who)
	}
	p.engaged(d, worker.ID, r.Days)
	free := p.free(d, worker.ID, r)
	if d.refused() {
		return refuse(d, worker.Name())
	}
	var first app.ID
	for _, days := range free {
		id, err := app.NewID()
		if err != nil {
			return RowResult{}, nil, err
		}
		first = cmp.Or(first, id)
		a := app.Absence{ID: id, WorkerID: worker.ID, Days: days, Hours: r.Hours, Kind: r.Kind, Note: r.Note, By: p.o.Actor, At: p.o.Now}
		d.speaksOf(id)
		d.later(func() {
			p.known = append(p.known, a)
			p.added = append(p.added, a)
		})
	}
	result := d.finish(worker.Name(), first, len(free) > 0)
	return result, d.problems, nil
}

func refuse(d *draft, who string) (RowResult, []*Problem, error) {
	result := d.finish(who, "", false)
	return result, d.problems, nil
}

// worker finds the person of a row. A name beside a staff number must be that
// person's: a slip of one digit must not make somebody else ill.
func (p *absencePlanner) worker(d *draft, r AbsenceRow) (app.Worker, bool) {
	var found []app.Worker
	for _, w := range p.facts.Workers {
		switch {
		case r.StaffNumber != "" && sameName(w.StaffNumber, r.StaffNumber), r.StaffNumber == "" && named(w, r.Name):
			found = append(found, w)
		}
	}
	if len(found) == 0 && r.StaffNumber != "" {
		found = p.butZeros(d, r)
	}
	name := colStaffNumber
	if r.StaffNumber == "" {
		name = colName
	}
	switch {
	case len(found) == 0:
		d.add(Refused, name, because("absenceUnknown"))
	case len(found) > 1:
		d.add(Refused, name, because("absenceAmbiguous"))
	case r.StaffNumber != "" && r.Name != "" && !named(found[0], r.Name):
		d.add(Refused, colName, because("absenceOtherName"))
	default:
		return found[0], true
	}
	return app.Worker{}, false
}

// butZeros returns those whose staff number differs from the row's in leading zeros alone.
func (p *absencePlanner) butZeros(d *draft, r AbsenceRow) (found []app.Worker) {
	for _, w := range p.facts.Workers {
		if sameButZeros(w.StaffNumber, r.StaffNumber) {
			found = append(found, w)
		}
	}
	if len(found) == 1 {
		keepZeros(d, colStaffNumber, found[0].StaffNumber, r.StaffNumber)
	}
	return found
}

// named says that a worker has a name, in either order and however it is spelled.
func named(w app.Worker, name string) bool {
	n := plain(name)
	return n != "" && (n == plain(w.FamilyName+w.GivenName) || n == plain(w.GivenName+w.FamilyName))
}

// engaged refuses days on which the person works for nobody, and notes where
// that holds for a part of them.
func (p *absencePlanner) engaged(d *draft, worker app.ID, days app.Days) {
	in, out := 0, 0
	for day := days.From; day <= days.To; day++ {
		if slices.ContainsFunc(p.facts.Engagements, func(e app.Engagement) bool { return e.WorkerID == worker && e.Days.Holds(day) }) {
			in++
		} else {
			out++
		}
	}
	switch {
	case in == 0:
		d.add(Refused, colFrom, because("absenceNotEngaged"))
	case out > 0:
		d.add(Note, colFrom, because("note.absencePartly"))
	}
}

// free returns the runs of a row's days that are not noted yet. A day that is
// noted for another reason refuses the row: which is right, only a person knows.
func (p *absencePlanner) free(d *draft, worker app.ID, r AbsenceRow) (runs []app.Days) {
	for day := r.Days.From; day <= r.Days.To; day++ {
		kind, id := p.noted(worker, day, r.Hours)
		switch {
		case kind == r.Kind:
			d.speaksOf(id)
		case kind != "":
			d.add(Refused, colKind, because("absenceOther", "Day", day))
			return nil
		case len(runs) > 0 && runs[len(runs)-1].To == day.AddDays(-1):
			runs[len(runs)-1].To = day
		default:
			runs = append(runs, app.Days{From: day, To: day})
		}
	}
	return runs
}

// noted returns why somebody is away on a day already, for the same hours of it,
// and by which absence; "" if not.
func (p *absencePlanner) noted(worker app.ID, day app.Date, hours app.Hours) (app.AbsenceKind, app.ID) {
	for _, a := range p.known {
		if a.Withdrawn == 0 && a.WorkerID == worker && a.EngagementID == "" && a.Hours == hours && a.Days.Holds(day) {
			return a.Kind, a.ID
		}
	}
	return "", ""
}
