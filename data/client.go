package data

import (
	"context"

	"klokkast/app"
)

type clientRow struct {
	ID    app.ID      `db:"id"`
	Name  string      `db:"name"`
	Ended app.Instant `db:"ended"`
}

func (r clientRow) value() (app.Client, error) { return app.Client(r), nil }

// Clients returns all clients by id.
func (s *Store) Clients(ctx context.Context) ([]app.Client, error) {
	return list(ctx, s, "read clients", clientRow.value, selectAll[clientRow]("client")+` ORDER BY id`)
}

// SaveClient inserts or changes a client by its id.
func (s *Store) SaveClient(ctx context.Context, c app.Client, act app.Act) error {
	return keep(ctx, s, act, "client", c.ID, clientRow(c), clientRow.value)
}
