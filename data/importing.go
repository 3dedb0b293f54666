package data

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/importing"
)

// SaveStaff inserts or changes by id all that an import of staff brings, or
// nothing of it. The trail gets one line for each thing, under act's code and
// the thing's own target, so that a person's history is whole and can be erased
// alone, and then act itself.
func (s *Store) SaveStaff(ctx context.Context, c importing.StaffChanges, kept importing.Import, act app.Act) error {
	return s.write(ctx, "import staff", func(tx *sqlx.Tx) error {
		i := &imported{ctx: ctx, s: s, tx: tx, act: act, kept: kept}
		custodies, err := i.custodiesInOrder(c.Custodies)
		if err != nil {
			return err
		}
		return inTurn(
			func() error { return s.keepImport(ctx, tx, kept) },
			all(c.Employers, func(v app.Employer) error {
				return importOne(i, "employer", v.ID, employerRow(v), employerRow.value)
			}),
			all(c.Workers, func(v app.Worker) error { return importOne(i, "worker", v.ID, s.workerRow(v), s.openWorker) }),
			all(c.Engagements, func(v app.Engagement) error {
				return importOne(i, "engagement", v.ID, rowOfEngagement(v), engagementRow.value)
			}),
			all(c.Identifiers, func(v app.Identifier) error {
				return importOne(i, "identifier", v.ID, rowOfIdentifier(v), identifierRow.value)
			}),
			all(custodies, func(v app.Custody) error { return importOne(i, "custody", v.ID, rowOfCustody(v), custodyRow.value) }),
			func() error { return s.rejudge(ctx, tx, openEntries) },
			func() error { return s.note(ctx, tx, act, nil, nil) })
	})
}

// SaveSites does for places what SaveStaff does for people.
func (s *Store) SaveSites(ctx context.Context, c importing.SiteChanges, kept importing.Import, act app.Act) error {
	return s.write(ctx, "import sites", func(tx *sqlx.Tx) error {
		i := &imported{ctx: ctx, s: s, tx: tx, act: act, kept: kept}
		placements, err := i.placementsInOrder(c.Placements)
		if err != nil {
			return err
		}
		return inTurn(
			func() error { return s.keepImport(ctx, tx, kept) },
			all(c.Clients, func(v app.Client) error { return importOne(i, "client", v.ID, clientRow(v), clientRow.value) }),
			all(c.Sites, func(v app.Site) error { return importOne(i, "site", v.ID, rowOfSite(v), siteRow.value) }),
			all(c.Decisions, func(v app.SiteDecision) error {
				return importOne(i, "site_decision", v.ID, rowOfSiteDecision(v), siteDecisionRow.value)
			}),
			all(c.Declarations, func(v app.Declaration) error {
				return importOne(i, "declaration", v.ID, rowOfDeclaration(v), declarationRow.value)
			}),
			all(c.DeclarationSites, i.declarationSite),
			all(placements, func(v app.Placement) error {
				return importOne(i, "placement", v.ID, rowOfPlacement(v), placementRow.value)
			}),
			func() error { return s.rejudge(ctx, tx, openEntries) },
			func() error { return s.note(ctx, tx, act, nil, nil) })
	})
}

// SaveAbsences enters all absences of an import, or none. The trail gets a line
// for each, as SaveStaff has it.
func (s *Store) SaveAbsences(ctx context.Context, absences []app.Absence, kept importing.Import, act app.Act) error {
	return s.write(ctx, "import absences", func(tx *sqlx.Tx) error {
		i := &imported{ctx: ctx, s: s, tx: tx, act: act, kept: kept}
		return inTurn(
			func() error { return s.keepImport(ctx, tx, kept) },
			all(absences, func(a app.Absence) error { return importOne(i, "absence", a.ID, rowOfAbsence(a), absenceRow.value) }),
			func() error { return s.note(ctx, tx, act, nil, nil) })
	})
}

// imported is one import at work.
type imported struct {
	ctx context.Context // of the one call that made it
	s   *Store
	tx  *sqlx.Tx
	act app.Act

	kept   importing.Import // the account of it
	things int              // that it made or changed so far
}

// about is the import's act for one thing.
func (i *imported) about(kind string, id app.ID) app.Act {
	return app.Act{Actor: i.act.Actor, At: i.act.At, What: i.act.What, Why: i.act.Why, Target: kind + ":" + string(id)}
}

func importOne[Row, T any](i *imported, table string, id app.ID, row Row, convert func(Row) (T, error)) error {
	before, err := readColumns(i.ctx, i.tx, table, id)
	if err != nil {
		return err
	}
	if err := keepIn(i.ctx, i.s, i.tx, i.about(table, id), table, id, row, convert); err != nil {
		return err
	}
	after, err := readColumns(i.ctx, i.tx, table, id)
	if err != nil {
		return err
	}
	return i.noteThing(table, id, before, after)
}

// declarationSite saves a link; others of the site that are the default no more are noted with it.
func (i *imported) declarationSite(v app.DeclarationSite) error {
	var ids []app.ID
	if err := i.tx.SelectContext(i.ctx, &ids, `SELECT id FROM declaration_site WHERE site = ? OR id = ? ORDER BY id`, v.SiteID, v.ID); err != nil {
		return err
	}
	if !slices.Contains(ids, v.ID) {
		ids = append(ids, v.ID)
	}
	before := map[app.ID]columns{}
	for _, id := range ids {
		c, err := readColumns(i.ctx, i.tx, "declaration_site", id)
		if err != nil {
			return err
		}
		before[id] = c
	}
	if err := i.s.saveDeclarationSite(i.ctx, i.tx, v, i.about("declaration_site", v.ID)); err != nil {
		return err
	}
	for _, id := range ids {
		after, err := readColumns(i.ctx, i.tx, "declaration_site", id)
		if err != nil {
			return err
		}
		if err := i.noteThing("declaration_site", id, before[id], after); err != nil {
			return err
		}
	}
	return nil
}

// all is the step that saves all of a list, until the first error.
func all[T any](list []T, save func(T) error) func() error {
	return func() error {
		for _, v := range list {
			if err := save(v); err != nil {
				return err
			}
		}
		return nil
	}
}

// inTurn takes steps until the first error.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// custodiesInOrder puts known ones first: a plan ends the old one and gives to
// the new one, and no moment of the transaction may have two holders.
func (i *imported) custodiesInOrder(list []app.Custody) ([]app.Custody, error) {
	return knownFirst(i, "custody", list, func(c app.Custody) app.ID { return c.ID })
}

func (i *imported) placementsInOrder(list []app.Placement) ([]app.Placement, error) {
	return knownFirst(i, "placement", list, func(p app.Placement) app.ID { return p.ID })
}

func knownFirst[T any](i *imported, table string, list []T, id func(T) app.ID) ([]T, error) {
	var ids []app.ID
	if err := i.tx.SelectContext(i.ctx, &ids, `SELECT id FROM `+table); err != nil {
		return nil, err
	}
	known := make(map[app.ID]bool, len(ids))
	for _, v := range ids {
		known[v] = true
	}
	rank := func(v T) int {
		if known[id(v)] {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return rank(a) - rank(b) }), nil
}
