package data

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// RegistrationChanges tells of which punches a row was made or changed since a count (0: of all that there are), and
// gives the count of now.
func (s *Store) RegistrationChanges(ctx context.Context, e app.Environment, since int64, of func(app.RecordKey)) (count int64, err error) {
	where, args := `environment = ? AND changed > ? AND changed > 0`, []any{e, since}
	if since == 0 {
		where, args = `environment = ?`, []any{e}
	}
	err = s.read(ctx, "look which registrations changed", func(tx *sqlx.Tx) (err error) {
		if err := tx.GetContext(ctx, &count, `SELECT n FROM registration_count`); err != nil || of == nil {
			return err
		}
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT log, seq FROM registration WHERE `+where, args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var log, seq int64
			if err := rows.Scan(&log, &seq); err != nil {
				return err
			}
			of(app.RecordKey{LogKey: logs[log], Seq: uint64(seq)})
		}
		return rows.Err()
	})
	return count, err
}

// RegistrationsOf returns the rows of some punches, in the order of their sent time.
func (s *Store) RegistrationsOf(ctx context.Context, e app.Environment, keys []app.RecordKey) (out []app.Registration, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	err = s.read(ctx, "read registrations of punches", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		wanted, err := pairsOf(logs, keys)
		if err != nil {
			return err
		}
		var rows []registrationRow
		err = tx.SelectContext(ctx, &rows, `SELECT g."`+strings.Join(columnsOf(registrationRow{}), `", g."`)+`" FROM json_each(?) k
			CROSS JOIN registration g ON g.environment = ? AND g.log = k.value ->> 0 AND g.seq = k.value ->> 1`, wanted, e)
		if err != nil {
			return err
		}
		slices.SortFunc(rows, inSendingOrder)
		out = make([]app.Registration, 0, len(rows))
		for i := range rows {
			r, err := s.openRegistration(rows[i], logs[rows[i].Log])
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// inSendingOrder is sendingOrder, of rows that were read: SQLite would sort all that is in them.
func inSendingOrder(a, b registrationRow) int {
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Log, b.Log), cmp.Compare(a.Passage, b.Passage), cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Generation, b.Generation))
}

// pairsOf returns punches as a JSON list of the numbers of their logs and their own.
func pairsOf(logs map[int64]app.LogKey, keys []app.RecordKey) (string, error) {
	numbers := make(map[app.LogKey]int64, len(logs))
	for number, k := range logs {
		numbers[k] = number
	}
	pairs := make([][2]int64, 0, len(keys))
	for _, k := range keys {
		if log, ok := numbers[k.LogKey]; ok {
			pairs = append(pairs, [2]int64{log, int64(k.Seq)})
		}
	}
	b, err := json.Marshal(pairs)
	if err != nil {
		return "", fmt.Errorf("name punches: %w", err)
	}
	return string(b), nil
}
