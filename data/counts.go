package data

import (
	"context"
	"fmt"

	"klokkast/app/store"
)

// Counts returns what the database holds.
func (s *Store) Counts(ctx context.Context) (c store.Counts, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM worker), (SELECT count(*) FROM site), (SELECT count(*) FROM box WHERE make <> 'register'), (SELECT count(*) FROM reading),
		(SELECT count(*) FROM record), (SELECT count(*) FROM punch), (SELECT count(*) FROM registration),
		(SELECT count(*) FROM paper), (SELECT count(*) FROM trail)`).
		Scan(&c.Workers, &c.Sites, &c.Boxes, &c.Readings, &c.Records, &c.Punches, &c.Registrations, &c.Papers, &c.TrailEntries)
	if err != nil {
		return store.Counts{}, fmt.Errorf("count: %w", s.explain(err))
	}
	return c, nil
}
