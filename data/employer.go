package data

import (
	"context"

	"klokkast/app"
)

type employerRow struct {
	ID             app.ID           `db:"id"`
	Name           string           `db:"name"`
	Kind           app.EmployerKind `db:"kind"`
	Enterprise     string           `db:"enterprise"`
	ForeignVAT     string           `db:"foreign_vat"`
	RegistersSince app.Instant      `db:"registers_since"`
	Ended          app.Instant      `db:"ended"`
}

func (r employerRow) value() (app.Employer, error) { return app.Employer(r), nil }

// Employers returns all employers by id.
func (s *Store) Employers(ctx context.Context) ([]app.Employer, error) {
	return list(ctx, s, "read employers", employerRow.value, selectAll[employerRow]("employer")+` ORDER BY id`)
}

// SaveEmployer inserts or changes an employer by its id.
func (s *Store) SaveEmployer(ctx context.Context, e app.Employer, act app.Act) error {
	return keep(ctx, s, act, "employer", e.ID, employerRow(e), employerRow.value)
}
