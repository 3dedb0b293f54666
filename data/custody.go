package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type custodyRow struct {
	ID         app.ID      `db:"id"`
	Identifier app.ID      `db:"identifier"`
	Engagement app.ID      `db:"engagement"`
	Starts     app.Instant `db:"starts"`
	Ends       app.Instant `db:"ends"`
	Entered    app.Instant `db:"entered"`
}

func rowOfCustody(c app.Custody) custodyRow {
	return custodyRow{c.ID, c.IdentifierID, c.EngagementID, c.Span.From, c.Span.To, c.Entered}
}

func (r custodyRow) value() (app.Custody, error) {
	return app.Custody{ID: r.ID, IdentifierID: r.Identifier, EngagementID: r.Engagement,
		Span: app.Span{From: r.Starts, To: r.Ends}, Entered: r.Entered}, nil
}

// Custodies returns all custodies by id.
func (s *Store) Custodies(ctx context.Context) ([]app.Custody, error) {
	return list(ctx, s, "read custodies", custodyRow.value, selectAll[custodyRow]("custody")+` ORDER BY id`)
}

func custodies() timeline[custodyRow, app.Custody] {
	return timeline[custodyRow, app.Custody]{"custody", "identifier", rowOfCustody, custodyRow.value,
		func(c *app.Custody) (*app.ID, *app.Span) { return &c.ID, &c.Span }}
}

// GiveIdentifier enters a custody; others of that identifier make room in the
// same transaction (see timeline.enter).
func (s *Store) GiveIdentifier(ctx context.Context, c app.Custody, act app.Act) error {
	return s.write(ctx, "give identifier", func(tx *sqlx.Tx) error { return s.giveIdentifier(ctx, tx, c, act) })
}

func (s *Store) giveIdentifier(ctx context.Context, tx *sqlx.Tx, c app.Custody, act app.Act) error {
	return custodies().enter(ctx, s, tx, c.IdentifierID, c, act)
}

// EndCustody ends a custody at an instant; at or before its start, it becomes empty.
func (s *Store) EndCustody(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return custodies().end(ctx, s, id, at, act)
}
