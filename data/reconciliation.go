package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

type reconciliationRow struct {
	ID          app.ID                      `db:"id"`
	Environment app.Environment             `db:"environment"`
	FirstDay    dayText                     `db:"first_day"`
	LastDay     dayText                     `db:"last_day"`
	Worker      optionalID                  `db:"worker"`
	Report      asJSON[ciao.Reconciliation] `db:"report"`
	By          string                      `db:"by"`
	At          app.Instant                 `db:"at"`
}

// compared is what the trail keeps of a comparison: the rest is kept beside it.
type compared struct {
	Days        app.Days `json:"days"`
	WorkerID    app.ID   `json:"workerId,omitempty"`
	CannotTell  string   `json:"cannotTell,omitempty"`
	Persons     int      `json:"persons"`
	Differences int      `json:"differences"`
}

// SaveReconciliation keeps what a comparison with the register found.
func (s *Store) SaveReconciliation(ctx context.Context, r ciao.Reconciliation, act app.Act) error {
	return s.write(ctx, "keep reconciliation", func(tx *sqlx.Tx) error {
		row := reconciliationRow{
			r.ID,
			r.Environment,
			dayText(r.Days.From),
			dayText(r.Days.To),
			optionalID(r.WorkerID),
			asJSON[ciao.Reconciliation]{r},
			r.By,
			r.At,
		}
		if err := insert(ctx, tx, "reconciliation", row); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, compared{r.Days, r.WorkerID, r.CannotTell, len(r.Persons), len(r.Differences)})
	})
}

// Reconciliations returns the newest ones of an environment, newest first, at most limit.
func (s *Store) Reconciliations(ctx context.Context, e app.Environment, limit int) ([]ciao.Reconciliation, error) {
	value := func(r reconciliationRow) (ciao.Reconciliation, error) { return r.Report.V, nil }
	return list(
		ctx,
		s,
		"read reconciliations",
		value,
		selectAll[reconciliationRow]("reconciliation")+` WHERE environment = ? ORDER BY at DESC, id DESC LIMIT ?`,
		e,
		limit,
	)
}
