package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type approvalRow struct {
	ID       app.ID      `db:"id"`
	Worker   app.ID      `db:"worker"`
	FirstDay dayText     `db:"first_day"`
	LastDay  dayText     `db:"last_day"`
	Hash     string      `db:"hash"`
	Snapshot []byte      `db:"snapshot"`
	By       string      `db:"by"`
	At       app.Instant `db:"at"`
	Version  int         `db:"version"`
}

func (r approvalRow) value() (app.Approval, error) {
	return app.Approval{ID: r.ID, WorkerID: r.Worker, Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)},
		Hash: r.Hash, Snapshot: r.Snapshot, By: r.By, At: r.At, Version: r.Version}, nil
}

// Approvals gives all approvals by id.
func (s *Store) Approvals(ctx context.Context) ([]app.Approval, error) {
	return list(ctx, s, "read approvals", approvalRow.value, selectAll[approvalRow]("approval")+` ORDER BY id`)
}

// Approve puts an approval there with its snapshot. It is never changed; a
// later one of the same days has a higher version.
func (s *Store) Approve(ctx context.Context, a app.Approval, act app.Act) error {
	return s.write(ctx, "approve", func(tx *sqlx.Tx) error {
		row := approvalRow{a.ID, a.WorkerID, dayText(a.Days.From), dayText(a.Days.To), a.Hash, orEmpty(a.Snapshot), a.By, a.At, a.Version}
		if err := insert(ctx, tx, "approval", row); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, a)
	})
}
