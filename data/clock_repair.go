package data

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type clockRepairRow struct {
	ID     app.ID      `db:"id"`
	Log    int64       `db:"log"`
	First  int64       `db:"first"`
	Last   int64       `db:"last"`
	Shift  int64       `db:"shift"` // milliseconds
	Source string      `db:"source"`
	Reason string      `db:"reason"`
	By     string      `db:"by"`
	At     app.Instant `db:"at"`
}

// ClockRepairs returns all accepted shifts by id, withdrawn ones too.
func (s *Store) ClockRepairs(ctx context.Context) ([]app.ClockRepair, error) {
	var out []app.ClockRepair
	err := s.read(ctx, "read clock repairs", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		taken, err := withdrawals(ctx, tx, "clock_repair_withdrawn", "repair")
		if err != nil {
			return err
		}
		convert := func(r clockRepairRow) (app.ClockRepair, error) {
			return app.ClockRepair{ID: r.ID, Log: logs[r.Log], First: uint64(r.First), Last: uint64(r.Last), Shift: time.Duration(r.Shift) * time.Millisecond,
				Source: r.Source, Reason: r.Reason, By: r.By, At: r.At, Withdrawn: taken[r.ID]}, nil
		}
		out, err = listIn(ctx, tx, convert, selectAll[clockRepairRow]("clock_repair")+` ORDER BY id`)
		return err
	})
	return out, err
}

// RepairClock puts an accepted shift there. A segment that has one in force
// already is refused: "clockRepair.taken".
func (s *Store) RepairClock(ctx context.Context, r app.ClockRepair, act app.Act) error {
	return s.write(ctx, "keep clock repair", func(tx *sqlx.Tx) error {
		log, err := logID(ctx, tx, r.Log)
		if err != nil {
			return fmt.Errorf("find log %s: %w", r.Log, err)
		}
		row := clockRepairRow{r.ID, log, int64(r.First), int64(r.Last), r.Shift.Milliseconds(), r.Source, r.Reason, r.By, r.At}
		if err := insert(ctx, tx, "clock_repair", row); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, r)
	})
}

// WithdrawClockRepair takes a shift back: a row of its own.
func (s *Store) WithdrawClockRepair(ctx context.Context, id app.ID, act app.Act) error {
	return s.write(ctx, "withdraw clock repair", func(tx *sqlx.Tx) error {
		return s.takeBack(ctx, tx, "clockRepair", "clock_repair", "repair", id, act)
	})
}

// takeBack appends the withdrawal of a row of an append-only table to its table
// of withdrawals, and notes the act. What is not there, or withdrawn already, is missing.
func (s *Store) takeBack(ctx context.Context, tx *sqlx.Tx, kind, table, column string, id app.ID, act app.Act) error {
	result, err := tx.ExecContext(ctx, `INSERT INTO `+table+`_withdrawn (`+column+`, by, at) SELECT id, ?, ? FROM `+table+
		` WHERE id = ? AND id NOT IN (SELECT `+column+` FROM `+table+`_withdrawn)`, act.Actor, act.At, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(&missingRow{app.NotFoundError{Kind: kind, Name: string(id)}}, err)
	}
	return s.note(ctx, tx, act, nil, withdrawn{id, act.At})
}

// withdrawals returns when rows of an append-only table were taken back.
func withdrawals(ctx context.Context, tx *sqlx.Tx, table, column string) (map[app.ID]app.Instant, error) {
	var rows []struct {
		ID app.ID      `db:"id"`
		At app.Instant `db:"at"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT `+column+` AS id, at FROM `+table); err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	out := make(map[app.ID]app.Instant, len(rows))
	for _, r := range rows {
		out[r.ID] = r.At
	}
	return out, nil
}
