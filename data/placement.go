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

// Placements gives all placements by id.
func (s *Store) Placements(ctx context.Context) ([]app.Placement, error) {
	return list(ctx, s, "read placements", placementRow.value, selectAll[placementRow]("placement")+` ORDER BY id`)
}

// PlaceBox enters a placement. Others of that box make room in the same
// transaction, as custodies do in GiveIdentifier.
func (s *Store) PlaceBox(ctx context.Context, p app.Placement, act app.Act) error {
	return s.write(ctx, "place box", func(tx *sqlx.Tx) error { return s.placeBox(ctx, tx, p, act) })
}

func (s *Store) placeBox(ctx context.Context, tx *sqlx.Tx, p app.Placement, act app.Act) error {
	if err := checkSpan(p.Span); err != nil {
		return err
	}
	var rows []placementRow
	err := tx.SelectContext(ctx, &rows, selectAll[placementRow]("placement")+` WHERE box = ? ORDER BY starts, id`, p.BoxUID)
	if err != nil {
		return fmt.Errorf("read placements: %w", err)
	}
	before, after := []app.Placement{}, []app.Placement{}
	for _, row := range rows {
		older, _ := row.value()
		if older.ID == p.ID {
			before = append(before, older)
			continue
		}
		rest, resumed, split := makeRoom(older.Span, p.Span)
		if rest == older.Span {
			continue
		}
		before = append(before, older)
		older.Span = rest
		after = append(after, older)
		if split {
			if older.ID, err = app.NewID(); err != nil {
				return err
			}
			older.Span = resumed
			after = append(after, older)
		}
	}
	after = append(after, p) // last: the others made room by then
	for _, changed := range after {
		if err := save(ctx, tx, "placement", rowOfPlacement(changed)); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, act, before, after)
}

// EndPlacement ends a placement at an instant; at or before its start, it becomes empty.
func (s *Store) EndPlacement(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "end placement", func(tx *sqlx.Tx) error {
		row, err := find[placementRow](ctx, tx, "placement", `id = ?`, id)
		if err != nil {
			return fmt.Errorf("placement %s: %w", id, err)
		}
		before, _ := row.value()
		after := before
		after.Span = endAt(before.Span, at)
		if err := save(ctx, tx, "placement", rowOfPlacement(after)); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, after)
	})
}
