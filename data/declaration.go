package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type declarationRow struct {
	ID       app.ID  `db:"id"`
	Number   string  `db:"number"`
	FirstDay dayText `db:"first_day"`
	LastDay  dayText `db:"last_day"`
	Label    string  `db:"label"`
	Self     string  `db:"self_address"`
}

func rowOfDeclaration(d app.Declaration) declarationRow {
	return declarationRow{d.ID, d.Number, dayText(d.Days.From), dayText(d.Days.To), d.Label, d.SelfAddress}
}

func (r declarationRow) value() (app.Declaration, error) {
	return app.Declaration{ID: r.ID, Number: r.Number, Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)}, Label: r.Label,
		SelfAddress: r.Self}, nil
}

// Declarations returns all declarations of works by id.
func (s *Store) Declarations(ctx context.Context) ([]app.Declaration, error) {
	return list(ctx, s, "read declarations", declarationRow.value, selectAll[declarationRow]("declaration")+` ORDER BY id`)
}

// SaveDeclaration inserts or changes a declaration by its id.
func (s *Store) SaveDeclaration(ctx context.Context, d app.Declaration, act app.Act) error {
	return keep(ctx, s, act, "declaration", d.ID, rowOfDeclaration(d), declarationRow.value)
}

type declarationSiteRow struct {
	ID          app.ID  `db:"id"`
	Declaration app.ID  `db:"declaration"`
	Site        app.ID  `db:"site"`
	FirstDay    dayText `db:"first_day"`
	LastDay     dayText `db:"last_day"`
	IsDefault   bool    `db:"is_default"`
}

func rowOfDeclarationSite(d app.DeclarationSite) declarationSiteRow {
	return declarationSiteRow{d.ID, d.DeclarationID, d.SiteID, dayText(d.Days.From), dayText(d.Days.To), d.Default}
}

func (r declarationSiteRow) value() (app.DeclarationSite, error) {
	return app.DeclarationSite{ID: r.ID, DeclarationID: r.Declaration, SiteID: r.Site,
		Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)}, Default: r.IsDefault}, nil
}

// DeclarationSites returns all links of declarations and sites by id.
func (s *Store) DeclarationSites(ctx context.Context) ([]app.DeclarationSite, error) {
	return list(ctx, s, "read declarations of sites", declarationSiteRow.value, selectAll[declarationSiteRow]("declaration_site")+` ORDER BY id`)
}

// SaveDeclarationSite inserts or changes a link by its id. Making one a default
// takes that from the site's others whose days overlap: at most one at a time
// is the default, and last year's stays what it was.
func (s *Store) SaveDeclarationSite(ctx context.Context, d app.DeclarationSite, act app.Act) error {
	return s.write(ctx, "save declaration of site", func(tx *sqlx.Tx) error {
		if err := s.saveDeclarationSite(ctx, tx, d, act); err != nil {
			return err
		}
		return s.rejudge(ctx, tx, openEntries) // what the register showed may be at this site now
	})
}

func (s *Store) saveDeclarationSite(ctx context.Context, tx *sqlx.Tx, d app.DeclarationSite, act app.Act) error {
	var rows []declarationSiteRow
	err := tx.SelectContext(ctx, &rows, selectAll[declarationSiteRow]("declaration_site")+` WHERE site = ? OR id = ? ORDER BY id`, d.SiteID, d.ID)
	if err != nil {
		return fmt.Errorf("read declarations of site: %w", err)
	}
	before, after := []app.DeclarationSite{}, []app.DeclarationSite{d}
	for _, row := range rows {
		other, _ := row.value()
		if other.ID == d.ID {
			before = append(before, other)
			continue
		}
		if !d.Default || !other.Default || !other.Days.Overlaps(d.Days) {
			continue
		}
		before = append(before, other)
		other.Default = false
		after = append(after, other)
	}
	for _, changed := range after {
		if err := save(ctx, tx, "declaration_site", rowOfDeclarationSite(changed)); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, act, before, after)
}
