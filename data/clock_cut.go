package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type clockCutRow struct {
	ID     app.ID      `db:"id"`
	Log    int64       `db:"log"`
	First  int64       `db:"first"`
	Reason string      `db:"reason"`
	By     string      `db:"by"`
	At     app.Instant `db:"at"`
}

// ClockCuts returns by id where people cut logs, withdrawn cuts too.
func (s *Store) ClockCuts(ctx context.Context) ([]app.ClockCut, error) {
	var out []app.ClockCut
	err := s.read(ctx, "read cuts of logs", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		taken, err := withdrawals(ctx, tx, "clock_cut_withdrawn", "cut")
		if err != nil {
			return err
		}
		convert := func(r clockCutRow) (app.ClockCut, error) {
			return app.ClockCut{ID: r.ID, Log: logs[r.Log], First: uint64(r.First), Reason: r.Reason, By: r.By, At: r.At, Withdrawn: taken[r.ID]}, nil
		}
		out, err = listIn(ctx, tx, convert, selectAll[clockCutRow]("clock_cut")+` ORDER BY id`)
		return err
	})
	return out, err
}

// CutClock puts a cut there. A second one in force at the same record is refused: "clockCut.taken".
func (s *Store) CutClock(ctx context.Context, c app.ClockCut, act app.Act) error {
	return s.write(ctx, "keep the cut of a log", func(tx *sqlx.Tx) error {
		log, err := logID(ctx, tx, c.Log)
		if err != nil {
			return fmt.Errorf("find log %s: %w", c.Log, err)
		}
		if err := insert(ctx, tx, "clock_cut", clockCutRow{c.ID, log, int64(c.First), c.Reason, c.By, c.At}); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, c)
	})
}

// WithdrawClockCut takes a cut back: a row of its own.
func (s *Store) WithdrawClockCut(ctx context.Context, id app.ID, act app.Act) error {
	return s.write(ctx, "withdraw the cut of a log", func(tx *sqlx.Tx) error {
		return s.takeBack(ctx, tx, "clockCut", "clock_cut", "cut", id, act)
	})
}
