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

type anomalyStateRow struct {
	Rule         app.Rule          `db:"rule"`
	SubjectKind  app.SubjectKind   `db:"subject_kind"`
	Subject      string            `db:"subject"`
	Anchor       string            `db:"anchor"`
	Status       app.AnomalyStatus `db:"status"`
	Reason       string            `db:"reason"`
	Note         string            `db:"note"`
	NoteLanguage app.Language      `db:"note_language"`
	By           string            `db:"by"`
	At           app.Instant       `db:"at"`
	Evidence     string            `db:"evidence"`
	Was          string            `db:"was"` // JSON; "" for none
}

func rowOfAnomalyState(a app.AnomalyState) (anomalyStateRow, error) {
	row := anomalyStateRow{
		Rule: a.Key.Rule, SubjectKind: a.Key.Subject.Kind, Subject: a.Key.Subject.ID, Anchor: a.Key.Anchor, Status: a.Status,
		Reason: a.Reason, Note: a.Note, NoteLanguage: a.NoteLanguage, By: a.By, At: a.At, Evidence: a.Evidence,
	}
	if a.Was == nil {
		return row, nil
	}
	was, err := json.Marshal(a.Was)
	row.Was = string(was)
	return row, err
}

func (r anomalyStateRow) value() (app.AnomalyState, error) {
	key := app.AnomalyKey{Rule: r.Rule, Subject: app.Subject{Kind: r.SubjectKind, ID: r.Subject}, Anchor: r.Anchor}
	s := app.AnomalyState{Key: key, Status: r.Status, Reason: r.Reason, Note: r.Note, NoteLanguage: r.NoteLanguage, By: r.By, At: r.At, Evidence: r.Evidence}
	if r.Was == "" {
		return s, nil
	}
	s.Was = &app.Anomaly{}
	if err := json.Unmarshal([]byte(r.Was), s.Was); err != nil {
		return s, fmt.Errorf("read what was explained: %w", err)
	}
	return s, nil
}

// AnomalyStates returns what people did about anomalies by rule, subject and anchor.
func (s *Store) AnomalyStates(ctx context.Context) ([]app.AnomalyState, error) {
	states, err := list(ctx, s, "read states of anomalies", anomalyStateRow.value,
		selectAll[anomalyStateRow]("anomaly_state")+` ORDER BY rule, subject_kind, subject, anchor`)
	if err != nil || len(states) == 0 {
		return states, err
	}
	returned, err := s.returnedSights(ctx)
	for i := range states {
		states[i].Returned = returned[states[i].Key]
	}
	return states, err
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
		fresh, err := rowOfAnomalyState(a)
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, "anomaly_state", fresh); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, a)
	})
}
