package importing

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"klokkast/app"
)

// Store is what an import needs of the database. Lists are complete; each save
// is one transaction with its act in the trail.
type Store interface {
	Employers(ctx context.Context) ([]app.Employer, error)
	Workers(ctx context.Context) ([]app.Worker, error)
	Engagements(ctx context.Context) ([]app.Engagement, error)
	Identifiers(ctx context.Context) ([]app.Identifier, error)
	Custodies(ctx context.Context) ([]app.Custody, error)
	Clients(ctx context.Context) ([]app.Client, error)
	Sites(ctx context.Context) ([]app.Site, error)
	SiteDecisions(ctx context.Context) ([]app.SiteDecision, error)
	Declarations(ctx context.Context) ([]app.Declaration, error)
	DeclarationSites(ctx context.Context) ([]app.DeclarationSite, error)
	Boxes(ctx context.Context) ([]app.Box, error)
	Placements(ctx context.Context) ([]app.Placement, error)
	Absences(ctx context.Context) ([]app.Absence, error) // withdrawn ones too

	// SaveStaff inserts or replaces by id, in the order given, all or nothing.
	SaveStaff(ctx context.Context, changes StaffChanges, act app.Act) error
	// SaveSites does so for places.
	SaveSites(ctx context.Context, changes SiteChanges, act app.Act) error
	// SaveAbsences enters absences, all or none.
	SaveAbsences(ctx context.Context, absences []app.Absence, act app.Act) error
}

// Report is what an import did, or, as a preview, would do.
type Report struct {
	Preview bool `json:"preview"` // nothing was saved
	New     int  `json:"new"`
	Changed int  `json:"changed"`
	Same    int  `json:"same"`
	Refused int  `json:"refused"`
	// Rows are those that could be read, by line.
	Rows []RowResult `json:"rows"`
	// Problems are what was refused or left out, Notes what is worth knowing; by line.
	Problems []*Problem `json:"problems,omitempty"`
	Notes    []*Problem `json:"notes,omitempty"`
}

// TextKey returns the one line that sums the report up.
func (r *Report) TextKey() (string, map[string]any) {
	key := "import.done"
	if r.Preview {
		key = "import.preview"
	}
	return key, map[string]any{"New": r.New, "Changed": r.Changed, "Same": r.Same, "Refused": r.Refused}
}

// ImportStaff reads a staff list and saves what is new or changed, or only
// says so if apply is false. Its error is a *Reason if the file is no staff
// list; what is wrong with rows stands in the report.
func ImportStaff(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := ParseStaff(r, o.today())
	if err != nil {
		return nil, err
	}
	facts, err := staffFacts(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("import staff: %w", err)
	}
	plan, err := PlanStaff(file.Rows, facts, o)
	if err != nil {
		return nil, fmt.Errorf("import staff: %w", err)
	}
	report := newReport(plan.Rows, file.Lines, append(file.Problems, plan.Problems...), !apply)
	if !apply || plan.Changes.Empty() {
		return report, nil
	}
	if err := s.SaveStaff(ctx, plan.Changes, report.act("import.staff", o)); err != nil {
		return nil, fmt.Errorf("import staff: %w", err)
	}
	return report, nil
}

// ImportSites does the same with a site list.
func ImportSites(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := ParseSites(r)
	if err != nil {
		return nil, err
	}
	facts, err := siteFacts(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("import sites: %w", err)
	}
	plan, err := PlanSites(file.Rows, facts, o)
	if err != nil {
		return nil, fmt.Errorf("import sites: %w", err)
	}
	report := newReport(plan.Rows, file.Lines, append(file.Problems, plan.Problems...), !apply)
	if !apply || plan.Changes.Empty() {
		return report, nil
	}
	if err := s.SaveSites(ctx, plan.Changes, report.act("import.sites", o)); err != nil {
		return nil, fmt.Errorf("import sites: %w", err)
	}
	return report, nil
}

// ImportAbsences does the same with a list of absences.
func ImportAbsences(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := ParseAbsences(r)
	if err != nil {
		return nil, err
	}
	l := loader{ctx: ctx}
	facts := AbsenceFacts{Workers: load(&l, s.Workers), Engagements: load(&l, s.Engagements), Absences: load(&l, s.Absences)}
	if l.err != nil {
		return nil, fmt.Errorf("import absences: %w", l.err)
	}
	plan, err := PlanAbsences(file.Rows, facts, o)
	if err != nil {
		return nil, fmt.Errorf("import absences: %w", err)
	}
	report := newReport(plan.Rows, file.Lines, append(file.Problems, plan.Problems...), !apply)
	if !apply || len(plan.New) == 0 {
		return report, nil
	}
	if err := s.SaveAbsences(ctx, plan.New, report.act("import.absences", o)); err != nil {
		return nil, fmt.Errorf("import absences: %w", err)
	}
	return report, nil
}

func newReport(rows []RowResult, lines int, all []*Problem, preview bool) *Report {
	r := &Report{Preview: preview, Rows: rows, New: count(rows, New), Changed: count(rows, Changed), Same: count(rows, Same)}
	r.Refused = lines - r.New - r.Changed - r.Same
	sortProblems(all)
	for _, p := range all {
		if p.Kind == Note {
			r.Notes = append(r.Notes, p)
		} else {
			r.Problems = append(r.Problems, p)
		}
	}
	return r
}

// act returns what the trail keeps: counts, no names.
func (r *Report) act(what string, o Options) app.Act {
	return app.Act{
		Actor: o.Actor, At: o.Now, What: what, Target: "import:" + strconv.FormatInt(int64(o.Now), 10), Why: o.Why,
		After: map[string]int{"new": r.New, "changed": r.Changed, "same": r.Same, "refused": r.Refused},
	}
}

func staffFacts(ctx context.Context, s Store) (f StaffFacts, err error) {
	l := loader{ctx: ctx}
	f.Employers = load(&l, s.Employers)
	f.Workers = load(&l, s.Workers)
	f.Engagements = load(&l, s.Engagements)
	f.Identifiers = load(&l, s.Identifiers)
	f.Custodies = load(&l, s.Custodies)
	return f, l.err
}

func siteFacts(ctx context.Context, s Store) (f SiteFacts, err error) {
	l := loader{ctx: ctx}
	f.Clients = load(&l, s.Clients)
	f.Sites = load(&l, s.Sites)
	f.Decisions = load(&l, s.SiteDecisions)
	f.Declarations = load(&l, s.Declarations)
	f.DeclarationSites = load(&l, s.DeclarationSites)
	f.Boxes = load(&l, s.Boxes)
	f.Placements = load(&l, s.Placements)
	return f, l.err
}

// loader keeps the first error of a row of lists.
type loader struct {
	ctx context.Context
	err error
}

func load[T any](l *loader, list func(context.Context) ([]T, error)) []T {
	if l.err != nil {
		return nil
	}
	all, err := list(l.ctx)
	l.err = err
	return all
}
