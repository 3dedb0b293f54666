package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type settingRow struct {
	Key     string      `db:"key"`
	Value   string      `db:"value"`
	Changed app.Instant `db:"changed"`
}

// Setting reads a JSON value into v; false when it was never set.
func (s *Store) Setting(ctx context.Context, key string, v any) (bool, error) {
	row, err := find[settingRow](ctx, s.r, "setting", `key = ?`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read setting %s: %w", key, s.explain(err))
	}
	if err := json.Unmarshal([]byte(row.Value), v); err != nil {
		return false, fmt.Errorf("read setting %s: %w", key, err)
	}
	return true, nil
}

// SetSetting keeps v as JSON.
func (s *Store) SetSetting(ctx context.Context, key string, v any, act app.Act) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("set %s: %w", key, err)
	}
	return s.write(ctx, "set "+key, func(tx *sqlx.Tx) error {
		var before any
		row, err := find[settingRow](ctx, tx, "setting", `key = ?`, key)
		switch {
		case err == nil:
			before = json.RawMessage(row.Value)
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if err := save(ctx, tx, "setting", settingRow{key, string(value), act.At}); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, json.RawMessage(value))
	})
}
