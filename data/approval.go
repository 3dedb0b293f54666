package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// approvalStep is a step without its snapshot, which may be long.
type approvalStep struct {
	ID        app.ID      `db:"id"`
	Worker    app.ID      `db:"worker"`
	FirstDay  dayText     `db:"first_day"`
	LastDay   dayText     `db:"last_day"`
	Hash      string      `db:"hash"`
	By        string      `db:"by"`
	At        app.Instant `db:"at"`
	Version   int         `db:"version"`
	Withdraws optionalID  `db:"withdraws"`
	Reason    string      `db:"reason"`
}

func stepOf(a app.Approval) approvalStep {
	return approvalStep{a.ID, a.WorkerID, dayText(a.Days.From), dayText(a.Days.To), a.Hash, a.By, a.At, a.Version, optionalID(a.Withdraws), a.Reason}
}

func (r approvalStep) value() (app.Approval, error) {
	return app.Approval{ID: r.ID, WorkerID: r.Worker, Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)},
		Hash: r.Hash, By: r.By, At: r.At, Version: r.Version, Withdraws: app.ID(r.Withdraws), Reason: r.Reason}, nil
}

// Approvals returns all steps by id, withdrawals too, without their snapshots.
func (s *Store) Approvals(ctx context.Context) ([]app.Approval, error) {
	return list(ctx, s, "read approvals", approvalStep.value, selectAll[approvalStep]("approval")+` ORDER BY id`)
}

// Snapshot returns the bytes that an approval closed.
func (s *Store) Snapshot(ctx context.Context, approval app.ID) ([]byte, error) {
	var found [][]byte
	if err := s.r.SelectContext(ctx, &found, `SELECT snapshot FROM approval WHERE id = ?`, approval); err != nil {
		return nil, fmt.Errorf("read what was approved: %w", s.explain(err))
	}
	if len(found) == 0 {
		return nil, &missingRow{app.NotFoundError{Kind: "approval", Name: string(approval)}}
	}
	return found[0], nil
}

// Approve appends a step of a worker of whom the caller knows this many steps;
// where there are others meanwhile, it is an *app.FieldError "approval.taken".
// A step is never changed; a later one of the same days has a higher version.
func (s *Store) Approve(ctx context.Context, a app.Approval, known int, act app.Act) error {
	return s.write(ctx, "approve", func(tx *sqlx.Tx) error {
		var steps int
		if err := tx.GetContext(ctx, &steps, `SELECT count(*) FROM approval WHERE worker = ?`, a.WorkerID); err != nil {
			return err
		}
		if steps != known {
			return &app.FieldError{Field: "version", Code: "approval.taken"}
		}
		_, err := tx.NamedExecContext(ctx, insertStatement("approval", append(columnsOf(approvalStep{}), "snapshot")), struct {
			approvalStep
			Snapshot []byte `db:"snapshot"`
		}{stepOf(a), orEmpty(a.Snapshot)})
		if err != nil {
			return fmt.Errorf("insert approval: %w", err)
		}
		return s.note(ctx, tx, act, nil, a)
	})
}
