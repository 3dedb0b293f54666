package data

import (
	"context"

	"klokkast/app"
)

type identifierRow struct {
	ID    app.ID             `db:"id"`
	Kind  app.IdentifierKind `db:"kind"`
	Group string             `db:"group"`
	Value string             `db:"value"`
	Label string             `db:"label"`
}

func rowOfIdentifier(i app.Identifier) identifierRow {
	return identifierRow{i.ID, i.Key.Kind, i.Key.Group, i.Key.Value, i.Label}
}

func (r identifierRow) value() (app.Identifier, error) {
	return app.Identifier{ID: r.ID, Key: app.IdentifierKey{Kind: r.Kind, Group: r.Group, Value: r.Value}, Label: r.Label}, nil
}

// Identifiers returns all identifiers by id.
func (s *Store) Identifiers(ctx context.Context) ([]app.Identifier, error) {
	return list(ctx, s, "read identifiers", identifierRow.value, selectAll[identifierRow]("identifier")+` ORDER BY id`)
}

// SaveIdentifier inserts or changes an identifier by its id.
func (s *Store) SaveIdentifier(ctx context.Context, i app.Identifier, act app.Act) error {
	return keep(ctx, s, act, "identifier", i.ID, rowOfIdentifier(i), identifierRow.value)
}
