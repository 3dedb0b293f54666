package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

type findingRow struct {
	ID           app.ID      `db:"id"`
	Registration app.ID      `db:"registration"`
	Kind         string      `db:"kind"`
	RegisterID   int64       `db:"register_id"`
	Before       string      `db:"before"`
	After        string      `db:"after"`
	Found        app.Instant `db:"found"`
	Settled      app.Instant `db:"settled"`
	SettledBy    string      `db:"settled_by"`
}

func (r findingRow) value() (ciao.Finding, error) {
	return ciao.Finding{ID: r.ID, Registration: r.Registration, Kind: r.Kind, RegisterID: r.RegisterID, Before: r.Before, After: r.After,
		Found: r.Found, Settled: r.Settled, SettledBy: r.SettledBy}, nil
}

// KeepFindings keeps findings; those that are known already stay as they are.
func (s *Store) KeepFindings(ctx context.Context, list []ciao.Finding) error {
	return s.write(ctx, "keep findings", func(tx *sqlx.Tx) error {
		for _, f := range list {
			_, err := tx.ExecContext(ctx, `INSERT INTO finding (id, registration, kind, register_id, before, after, found) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT DO NOTHING`, f.ID, f.Registration, f.Kind, f.RegisterID, f.Before, f.After, f.Found)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Findings returns those of an environment, newest first.
func (s *Store) Findings(ctx context.Context, e app.Environment, settled bool) (list []ciao.Finding, err error) {
	err = s.read(ctx, "read findings", func(tx *sqlx.Tx) error {
		list, err = listIn(ctx, tx, findingRow.value, selectAll[findingRow]("finding")+`
			WHERE registration IN (SELECT id FROM registration WHERE environment = ?) AND (settled = 0 OR ?) ORDER BY found DESC, id DESC`, e, settled)
		return err
	})
	return list, err
}

// SettleFinding notes that somebody saw to it; false where it is not open.
func (s *Store) SettleFinding(ctx context.Context, id app.ID, act app.Act) (done bool, err error) {
	err = s.write(ctx, "settle a finding", func(tx *sqlx.Tx) error {
		if act.At == 0 {
			act.At = app.At(s.now())
		}
		changed, err := changedRows(tx.ExecContext(ctx, `UPDATE finding SET settled = ?, settled_by = ? WHERE id = ? AND settled = 0`, act.At, act.Actor, id))
		if err != nil || changed == 0 {
			return err
		}
		done = true
		row, err := find[findingRow](ctx, tx, "finding", `id = ?`, id)
		if err != nil {
			return err
		}
		after, err := row.value()
		if err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, after)
	})
	return done, err
}
