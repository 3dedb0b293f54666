package importing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

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

	// SaveStaff inserts or replaces by id, in the order given, all or nothing, with
	// the account of the import that brought it.
	SaveStaff(ctx context.Context, changes StaffChanges, kept Import, act app.Act) error
	// SaveSites does so for places.
	SaveSites(ctx context.Context, changes SiteChanges, kept Import, act app.Act) error
	// SaveAbsences enters absences, all or none; one that was withdrawn counts again.
	SaveAbsences(ctx context.Context, absences []app.Absence, kept Import, act app.Act) error
	// KnownRegistrations returns what is known of registrations of an environment, by the register's numbers.
	KnownRegistrations(ctx context.Context, e app.Environment, ids []int64) (map[int64]KnownRegistration, error)
	// SaveRegistrations keeps what a list of registrations shows, each thing once.
	SaveRegistrations(ctx context.Context, changes RegistrationChanges, kept Import, act app.Act) error
	// KeepImport keeps the account of an import that changed nothing.
	KeepImport(ctx context.Context, kept Import) error
	// Version tells one state of what people entered from another.
	Version(ctx context.Context) (int64, error)
	// Taken returns what undone imports made and is there no more.
	Taken(ctx context.Context) (Taken, error)

	// Imports returns all imports of lists, newest first, without their accounts.
	Imports(ctx context.Context) ([]Import, error)
	// ImportOf returns one with its account; false where there is none.
	ImportOf(ctx context.Context, id app.ID) (Import, bool, error)
	// UndoImport takes an import back, as PlanUndo decides, in one transaction; or
	// only says what it would do if apply is false.
	UndoImport(ctx context.Context, id app.ID, apply bool, act app.Act) (Undo, error)
}

// Report is what an import did, or, as a preview, would do.
type Report struct {
	// ID is the import's; "" for a preview.
	ID      app.ID `json:"import,omitempty"`
	Preview bool   `json:"preview"` // nothing was saved
	// Profile is the name of the profile by which the list was read; "" for none.
	Profile string `json:"profile,omitempty"`
	New     int    `json:"new"`
	Changed int    `json:"changed"`
	Same    int    `json:"same"`
	Refused int    `json:"refused"`
	// Sites are those of a list of registrations of which it has all, up to ReadTo.
	Sites  []app.ID    `json:"sites,omitempty"`
	ReadTo app.Instant `json:"readTo,omitzero"`
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

// ErrMoved says that somebody changed what an import was planned on.
var ErrMoved = errors.New("the data changed since the import was planned")

// maxPlans is how often an import is planned anew since somebody else saved first.
const maxPlans = 8

// plannedAnew plans and saves, and does both anew where somebody else saved in
// between: of two imports at once each says what it did.
func plannedAnew(ctx context.Context, s Store, doing string, do func(basis int64) (*Report, error)) (*Report, error) {
	for try := 1; ; try++ {
		basis, err := s.Version(ctx)
		var r *Report
		if err == nil {
			r, err = do(basis)
		}
		if errors.Is(err, ErrMoved) && try < maxPlans {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		return r, nil
	}
}

// ImportStaff reads a staff list and saves what is new or changed, or only
// says so if apply is false. Its error is a *Reason if the file is no staff
// list; what is wrong with rows stands in the report.
func ImportStaff(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := parseStaff(r, o.today(), o.how(StaffList))
	if err != nil {
		return nil, err
	}
	return plannedAnew(ctx, s, "import staff", func(basis int64) (*Report, error) {
		facts, err := staffFacts(ctx, s)
		if err != nil {
			return nil, err
		}
		plan, err := PlanStaff(file.Rows, facts, o)
		if err != nil {
			return nil, err
		}
		report := newReport(plan.Rows, file.Lines, slices.Concat(file.Problems, plan.Problems), &file.source, !apply)
		if !apply {
			return report, nil
		}
		taken, err := s.Taken(ctx)
		if err != nil {
			return nil, err
		}
		v := plan.Changes.revive(facts, taken.Staff)
		kept, err := report.keep(StaffList, &file.source, o, v, plan.Changes.subjects(facts), basis)
		switch {
		case err != nil:
			return nil, err
		case plan.Changes.Empty():
			return report, s.KeepImport(ctx, kept)
		}
		return report, s.SaveStaff(ctx, plan.Changes, kept, report.act("import.staff", o))
	})
}

// ImportSites does the same with a site list.
func ImportSites(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := parseSites(r, o.how(SiteList))
	if err != nil {
		return nil, err
	}
	return plannedAnew(ctx, s, "import sites", func(basis int64) (*Report, error) {
		facts, err := siteFacts(ctx, s)
		if err != nil {
			return nil, err
		}
		plan, err := PlanSites(file.Rows, facts, o)
		if err != nil {
			return nil, err
		}
		report := newReport(plan.Rows, file.Lines, slices.Concat(file.Problems, plan.Problems), &file.source, !apply)
		if !apply {
			return report, nil
		}
		return report, report.saveSites(ctx, s, SiteList, &file.source, o, plan.Changes, facts, basis)
	})
}

// saveSites saves what a list of sites or declarations brings.
func (r *Report) saveSites(ctx context.Context, s Store, kind ListKind, from *source, o Options, c SiteChanges, facts SiteFacts, basis int64) error {
	taken, err := s.Taken(ctx)
	if err != nil {
		return err
	}
	v := c.revive(facts, taken.Sites)
	kept, err := r.keep(kind, from, o, v, c.subjects(), basis)
	if err != nil {
		return err
	}
	if c.Empty() {
		return s.KeepImport(ctx, kept)
	}
	return s.SaveSites(ctx, c, kept, r.act("import."+string(kind), o))
}

// ImportAbsences does the same with a list of absences.
func ImportAbsences(ctx context.Context, s Store, r io.Reader, o Options, apply bool) (*Report, error) {
	file, err := parseAbsences(r, o.how(AbsenceList))
	if err != nil {
		return nil, err
	}
	return plannedAnew(ctx, s, "import absences", func(basis int64) (*Report, error) {
		l := loader{ctx: ctx}
		facts := AbsenceFacts{Workers: load(&l, s.Workers), Engagements: load(&l, s.Engagements), Absences: load(&l, s.Absences)}
		if l.err != nil {
			return nil, l.err
		}
		plan, err := PlanAbsences(file.Rows, facts, o)
		if err != nil {
			return nil, err
		}
		report := newReport(plan.Rows, file.Lines, slices.Concat(file.Problems, plan.Problems), &file.source, !apply)
		if !apply {
			return report, nil
		}
		return report, report.saveAbsences(ctx, s, &file.source, o, plan.New, basis)
	})
}

// saveAbsences saves what a list of absences brings.
func (r *Report) saveAbsences(ctx context.Context, s Store, from *source, o Options, list []app.Absence, basis int64) error {
	taken, err := s.Taken(ctx)
	if err != nil {
		return err
	}
	v := reviveAbsences(list, taken.Absences)
	of := map[app.ID]app.ID{}
	for _, a := range list {
		of[a.ID] = a.ID
	}
	kept, err := r.keep(AbsenceList, from, o, v, of, basis)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return s.KeepImport(ctx, kept)
	}
	return s.SaveAbsences(ctx, list, kept, r.act("import.absences", o))
}

// keep gives the import its id and makes the account that stays. v says under
// which ids things are kept that were there before; of whom they belong to.
func (r *Report) keep(kind ListKind, from *source, o Options, v revival, of map[app.ID]app.ID, basis int64) (Import, error) {
	id, err := app.NewID()
	if err != nil {
		return Import{}, err
	}
	r.ID = id
	subjects := map[app.ID]int{}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.ID = v.of(row.ID)
		if row.Outcome == RowRefused {
			continue
		}
		for _, s := range append([]app.ID{row.ID}, row.about...) {
			if s = v.of(s); s != "" && subjects[s] == 0 {
				subjects[s] = row.Line
			}
		}
	}
	account := Account{Rows: r.Rows, Problems: r.Problems, Notes: r.Notes, Head: from.titles(), Refused: from.refused(r.refusedLines())}
	if from.profile != nil {
		b, err := json.Marshal(from.profile)
		if err != nil {
			return Import{}, fmt.Errorf("keep how a list was read: %w", err)
		}
		account.Reading = string(b)
	}
	return Import{
		ID: id, Kind: kind, File: o.File, Digest: from.digest, By: o.Actor, At: o.Now,
		Lines: r.New + r.Changed + r.Same + r.Refused, New: r.New, Changed: r.Changed, Same: r.Same, Refused: r.Refused,
		Subjects: subjects, Of: of, Account: account, Basis: basis,
	}, nil
}

func (r *Report) refusedLines() map[int]bool {
	lines := map[int]bool{}
	for _, p := range r.Problems {
		if p.Kind == Refused && p.Line > 0 {
			lines[p.Line] = true
		}
	}
	return lines
}

// subjects says whom each thing belongs to: an engagement and a badge to the
// worker, an employer to itself.
func (c *StaffChanges) subjects(facts StaffFacts) map[app.ID]app.ID {
	of := map[app.ID]app.ID{}
	for _, e := range c.Employers {
		of[e.ID] = e.ID
	}
	for _, w := range c.Workers {
		of[w.ID] = w.ID
	}
	worker := map[app.ID]app.ID{}
	for _, e := range facts.Engagements {
		worker[e.ID] = e.WorkerID
	}
	for _, e := range c.Engagements {
		worker[e.ID], of[e.ID] = e.WorkerID, e.WorkerID
	}
	for _, x := range c.Custodies {
		of[x.ID] = worker[x.EngagementID]
		if _, made := of[x.IdentifierID]; !made {
			of[x.IdentifierID] = worker[x.EngagementID]
		}
	}
	return of
}

// subjects says so of places: clients and declarations belong to themselves, the rest to the site.
func (c *SiteChanges) subjects() map[app.ID]app.ID {
	of := map[app.ID]app.ID{}
	for _, x := range c.Clients {
		of[x.ID] = x.ID
	}
	for _, x := range c.Sites {
		of[x.ID] = x.ID
	}
	for _, x := range c.Decisions {
		of[x.ID] = x.SiteID
	}
	for _, x := range c.Declarations {
		of[x.ID] = x.ID
	}
	for _, x := range c.DeclarationSites {
		of[x.ID] = x.SiteID
	}
	for _, x := range c.Placements {
		of[x.ID] = x.SiteID
	}
	return of
}

func newReport(rows []RowResult, lines int, all []*Problem, from *source, preview bool) *Report {
	r := &Report{Preview: preview, Rows: rows, New: count(rows, New), Changed: count(rows, Changed), Same: count(rows, Same)}
	r.Refused = lines - r.New - r.Changed - r.Same
	sortProblems(all)
	if from.profile != nil {
		r.Profile = from.profile.Name
	}
	for _, p := range all {
		p.Value = from.value(p.Line, p.Column)
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
		Actor: o.Actor, At: o.Now, What: what, Target: "import:" + string(r.ID), Why: o.Why,
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
