package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type placementRow struct {
	ID     app.ID      `db:"id"`
	Box    string      `db:"box"`
	Site   app.ID      `db:"site"`
	Starts app.Instant `db:"starts"`
	Ends   app.Instant `db:"ends"`
}

func rowOfPlacement(p app.Placement) placementRow {
	return placementRow{p.ID, p.BoxUID, p.SiteID, p.Span.From, p.Span.To}
}

func (r placementRow) value() (app.Placement, error) {
	return app.Placement{ID: r.ID, BoxUID: r.Box, SiteID: r.Site, Span: app.Span{From: r.Starts, To: r.Ends}}, nil
}

// Placements returns all placements by id.
func (s *Store) Placements(ctx context.Context) ([]app.Placement, error) {
	return list(ctx, s, "read placements", placementRow.value, selectAll[placementRow]("placement")+` ORDER BY id`)
}

func placements() timeline[placementRow, app.Placement] {
	return timeline[placementRow, app.Placement]{"placement", "box", rowOfPlacement, placementRow.value,
		func(p *app.Placement) (*app.ID, *app.Span) { return &p.ID, &p.Span }}
}

// PlaceBox enters a placement; others of that box make room in the same
// transaction (see timeline.enter).
func (s *Store) PlaceBox(ctx context.Context, p app.Placement, act app.Act) error {
	return s.write(ctx, "place box", func(tx *sqlx.Tx) error { return s.placeBox(ctx, tx, p, act) })
}

func (s *Store) placeBox(ctx context.Context, tx *sqlx.Tx, p app.Placement, act app.Act) error {
	if err := placements().enter(ctx, s, tx, p.BoxUID, p, act); err != nil {
		return err
	}
	return s.judgePlaced(ctx, tx, p.BoxUID)
}

// EndPlacement ends a placement at an instant; at or before its start, it becomes empty.
func (s *Store) EndPlacement(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "end placement", func(tx *sqlx.Tx) error {
		row, err := find[placementRow](ctx, tx, "placement", `id = ?`, id)
		if err != nil {
			return fmt.Errorf("placement %s: %w", id, err)
		}
		within := *s
		within.tx = tx
		if err := placements().end(ctx, &within, id, at, act); err != nil {
			return err
		}
		return s.judgePlaced(ctx, tx, row.Box)
	})
}
