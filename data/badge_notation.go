package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type badgeNotationRow struct {
	ID      app.ID      `db:"id"`
	Box     string      `db:"box"`
	Kind    string      `db:"kind"`
	Inverse bool        `db:"inverse"`
	By      string      `db:"by"`
	At      app.Instant `db:"at"`
}

// BadgeNotations returns the confirmed notations of all boxes by id, withdrawn ones too.
func (s *Store) BadgeNotations(ctx context.Context) ([]app.BadgeNotation, error) {
	var out []app.BadgeNotation
	err := s.read(ctx, "read badge notations", func(tx *sqlx.Tx) error {
		taken, err := withdrawals(ctx, tx, "badge_notation_withdrawn", "notation")
		if err != nil {
			return err
		}
		convert := func(r badgeNotationRow) (app.BadgeNotation, error) {
			return app.BadgeNotation{ID: r.ID, Box: r.Box, Kind: r.Kind, Inverse: r.Inverse, By: r.By, At: r.At, Withdrawn: taken[r.ID]}, nil
		}
		out, err = listIn(ctx, tx, convert, selectAll[badgeNotationRow]("badge_notation")+` ORDER BY id`)
		return err
	})
	return out, err
}

// ConfirmNotation remembers in which notation a box shows cards. One that is in
// force there already is refused: "badgeNotation.taken".
func (s *Store) ConfirmNotation(ctx context.Context, n app.BadgeNotation, act app.Act) error {
	return s.write(ctx, "keep badge notation", func(tx *sqlx.Tx) error {
		if err := insert(ctx, tx, "badge_notation", badgeNotationRow{n.ID, n.Box, n.Kind, n.Inverse, n.By, n.At}); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, n)
	})
}

// WithdrawNotation takes a notation back: a row of its own.
func (s *Store) WithdrawNotation(ctx context.Context, id app.ID, act app.Act) error {
	return s.write(ctx, "withdraw badge notation", func(tx *sqlx.Tx) error {
		return s.takeBack(ctx, tx, "badgeNotation", "badge_notation", "notation", id, act)
	})
}
