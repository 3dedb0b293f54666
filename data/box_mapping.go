package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
)

type boxMappingRow struct {
	Box     string                  `db:"box"`
	Mapping asJSON[reading.Mapping] `db:"mapping"`
	Changed app.Instant             `db:"changed"`
}

// BoxMapping returns how the tables of a box are read; false where nobody said so.
func (s *Store) BoxMapping(ctx context.Context, uid string) (m reading.Mapping, found bool, err error) {
	row, err := find[boxMappingRow](ctx, s.r, "box_mapping", `box = ?`, uid)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("read the mapping of a box: %w", s.explain(err))
	}
	return row.Mapping.V, true, nil
}

// MappedBoxes returns the boxes whose tables have a mapping, by uid.
func (s *Store) MappedBoxes(ctx context.Context) ([]string, error) {
	var uids []string
	if err := s.r.SelectContext(ctx, &uids, `SELECT box FROM box_mapping ORDER BY box`); err != nil {
		return nil, fmt.Errorf("read mappings: %w", s.explain(err))
	}
	return uids, nil
}

// SaveBoxMapping keeps how the tables of a box are read; a box that was never
// met is entered with it.
func (s *Store) SaveBoxMapping(ctx context.Context, b app.Box, m reading.Mapping, act app.Act) error {
	return s.write(ctx, "keep the mapping of a box", func(tx *sqlx.Tx) error {
		if _, err := find[boxRow](ctx, tx, "box", `uid = ?`, b.UID); errors.Is(err, sql.ErrNoRows) {
			entered := act
			entered.What = "box.enter"
			if err := insert(ctx, tx, "box", boxRow(b)); err != nil {
				return err
			}
			if err := s.note(ctx, tx, entered, nil, b); err != nil {
				return err
			}
		} else if err != nil {
			return fmt.Errorf("read box: %w", err)
		}
		before, err := mappingBefore(ctx, tx, b.UID)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, "box_mapping", boxMappingRow{b.UID, asJSON[reading.Mapping]{m}, act.At}); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, m)
	})
}

// ForgetBoxMapping forgets how the tables of a box are read; the trail keeps it.
func (s *Store) ForgetBoxMapping(ctx context.Context, uid string, act app.Act) error {
	return s.write(ctx, "forget the mapping of a box", func(tx *sqlx.Tx) error {
		before, err := mappingBefore(ctx, tx, uid)
		if err != nil || before == nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM box_mapping WHERE box = ?`, uid); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, nil)
	})
}

// mappingBefore returns a box's mapping for the trail; nil for none.
func mappingBefore(ctx context.Context, tx *sqlx.Tx, uid string) (any, error) {
	row, err := find[boxMappingRow](ctx, tx, "box_mapping", `box = ?`, uid)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the mapping of a box: %w", err)
	}
	return row.Mapping.V, nil
}
