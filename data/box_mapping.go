package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app/filelog"
	"klokkast/app/reading"
)

// BoxMapping returns how the next table of a box is read; false where nobody said so.
func (s *Store) BoxMapping(ctx context.Context, uid string) (m reading.Mapping, found bool, err error) {
	err = s.read(ctx, "read the mapping of a box", func(tx *sqlx.Tx) error {
		list, err := meanings(ctx, tx, `WHERE box = ? AND kind = ? AND withdrawn = 0 AND forgotten = 0 AND mapping IS NOT NULL ORDER BY since IS NULL DESC, since, number`, uid, filelog.Table)
		if err == nil && len(list) > 0 {
			m, found = *list[len(list)-1].Mapping, true
		}
		return err
	})
	return m, found, err
}

// MappedBoxes returns the boxes whose tables have a mapping, by uid.
func (s *Store) MappedBoxes(ctx context.Context) ([]string, error) {
	var uids []string
	err := s.r.SelectContext(ctx, &uids, `SELECT DISTINCT box FROM meaning WHERE kind = ? AND withdrawn = 0 AND forgotten = 0 AND mapping IS NOT NULL ORDER BY box`, filelog.Table)
	if err != nil {
		return nil, fmt.Errorf("read mappings: %w", s.explain(err))
	}
	return uids, nil
}
