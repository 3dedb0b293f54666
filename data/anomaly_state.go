package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type anomalyStateRow struct {
	Rule        app.Rule          `db:"rule"`
	SubjectKind app.SubjectKind   `db:"subject_kind"`
	Subject     string            `db:"subject"`
	Anchor      string            `db:"anchor"`
	Status      app.AnomalyStatus `db:"status"`
	Reason      string            `db:"reason"`
	Note        string            `db:"note"`
	By          string            `db:"by"`
	At          app.Instant       `db:"at"`
	Evidence    string            `db:"evidence"`
}

func rowOfAnomalyState(a app.AnomalyState) anomalyStateRow {
	return anomalyStateRow{a.Key.Rule, a.Key.Subject.Kind, a.Key.Subject.ID, a.Key.Anchor, a.Status, a.Reason, a.Note, a.By, a.At, a.Evidence}
}

func (r anomalyStateRow) value() (app.AnomalyState, error) {
	key := app.AnomalyKey{Rule: r.Rule, Subject: app.Subject{Kind: r.SubjectKind, ID: r.Subject}, Anchor: r.Anchor}
	return app.AnomalyState{Key: key, Status: r.Status, Reason: r.Reason, Note: r.Note, By: r.By, At: r.At, Evidence: r.Evidence}, nil
}

// AnomalyStates gives what people did about anomalies by rule, subject and anchor.
func (s *Store) AnomalyStates(ctx context.Context) ([]app.AnomalyState, error) {
	return list(ctx, s, "read states of anomalies", anomalyStateRow.value,
		selectAll[anomalyStateRow]("anomaly_state")+` ORDER BY rule, subject_kind, subject, anchor`)
}

const anomalyIdentity = `rule = ? AND subject_kind = ? AND subject = ? AND anchor = ?`

// SetAnomalyState keeps what someone did about an anomaly; the trail keeps what was before.
func (s *Store) SetAnomalyState(ctx context.Context, a app.AnomalyState, act app.Act) error {
	return s.write(ctx, "set state of anomaly", func(tx *sqlx.Tx) error {
		k := a.Key
		identity := []any{k.Rule, k.Subject.Kind, k.Subject.ID, k.Anchor}
		row, err := find[anomalyStateRow](ctx, tx, "anomaly_state", anomalyIdentity, identity...)
		var before any
		switch {
		case err == nil:
			before, _ = row.value()
			if _, err := tx.ExecContext(ctx, `DELETE FROM anomaly_state WHERE `+anomalyIdentity, identity...); err != nil {
				return err
			}
		case !errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("read state of anomaly: %w", err)
		}
		if err := insert(ctx, tx, "anomaly_state", rowOfAnomalyState(a)); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, a)
	})
}
