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

// OpenSights returns the occurrence of every anomaly that was found at the last look.
func (s *Store) OpenSights(ctx context.Context) (map[app.AnomalyKey]string, error) {
	return sightsBy[string](ctx, s, "occurrence", "gone = 0")
}

// returnedSights returns when anomalies last came back other than they were.
func (s *Store) returnedSights(ctx context.Context) (map[app.AnomalyKey]app.Instant, error) {
	return sightsBy[app.Instant](ctx, s, "returned", "returned > 0")
}

// sightsBy returns one column of the sights that a condition names, by identity.
func sightsBy[T any](ctx context.Context, s *Store, column, where string) (map[app.AnomalyKey]T, error) {
	type row struct {
		Rule        app.Rule        `db:"rule"`
		SubjectKind app.SubjectKind `db:"subject_kind"`
		Subject     string          `db:"subject"`
		Anchor      string          `db:"anchor"`
		Value       T               `db:"value"`
	}
	var rows []row
	err := s.r.SelectContext(ctx, &rows, `SELECT rule, subject_kind, subject, anchor, `+column+` AS value FROM anomaly_sight WHERE `+where)
	if err != nil {
		return nil, fmt.Errorf("read sights of anomalies: %w", s.explain(err))
	}
	m := make(map[app.AnomalyKey]T, len(rows))
	for _, r := range rows {
		m[app.AnomalyKey{Rule: r.Rule, Subject: app.Subject{Kind: r.SubjectKind, ID: r.Subject}, Anchor: r.Anchor}] = r.Value
	}
	return m, nil
}

// NoteSights keeps, in one transaction, what is found now and was not so at the
// last look, and marks what is found no more as gone at an instant: by a
// reading, or without one by the newest act of the trail. What comes back with
// another occurrence than it went with is marked as returned.
func (s *Store) NoteSights(ctx context.Context, at app.Instant, reading app.ID, found []app.Sight, gone []app.AnomalyKey) error {
	return s.write(ctx, "note what was found", func(tx *sqlx.Tx) error {
		if err := noteFound(ctx, tx, at, found); err != nil {
			return err
		}
		return s.noteGone(ctx, tx, at, reading, gone)
	})
}

func noteFound(ctx context.Context, tx *sqlx.Tx, at app.Instant, found []app.Sight) error {
	// In a SET, a column's name is its value before.
	keep, err := tx.PreparexContext(ctx, `INSERT INTO anomaly_sight (rule, subject_kind, subject, anchor, occurrence, found, first)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET
			returned = CASE WHEN gone > 0 AND occurrence <> excluded.occurrence THEN excluded.first ELSE returned END,
			occurrence = excluded.occurrence, found = excluded.found, gone = 0, reading = NULL, act_installation = NULL, act_seq = NULL`)
	if err != nil {
		return err
	}
	defer keep.Close()
	for i := range found {
		f := &found[i]
		as, err := json.Marshal(&f.Anomaly)
		if err != nil {
			return fmt.Errorf("write anomaly: %w", err)
		}
		k := f.Anomaly.Key()
		if _, err := keep.ExecContext(ctx, k.Rule, k.Subject.Kind, k.Subject.ID, k.Anchor, f.Occurrence, string(as), at); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) noteGone(ctx context.Context, tx *sqlx.Tx, at app.Instant, reading app.ID, gone []app.AnomalyKey) error {
	if len(gone) == 0 {
		return nil
	}
	var installation, seq any
	if reading == "" {
		last, _, err := trailEnd(ctx, tx, s.own)
		if err != nil {
			return fmt.Errorf("read trail: %w", err)
		}
		if last > 0 {
			installation, seq = s.own, last
		}
	}
	for _, k := range gone {
		_, err := tx.ExecContext(
			ctx,
			`UPDATE anomaly_sight SET gone = ?, reading = ?, act_installation = ?, act_seq = ? WHERE `+anomalyIdentity+` AND gone = 0`,
			at,
			optionalID(reading),
			installation,
			seq,
			k.Rule,
			k.Subject.Kind,
			k.Subject.ID,
			k.Anchor,
		)
		if err != nil {
			return err
		}
	}
	return nil
}

type goneRow struct {
	Found   string         `db:"found"`
	Gone    app.Instant    `db:"gone"`
	Reading optionalID     `db:"reading"`
	What    sql.NullString `db:"what"`
	Actor   sql.NullString `db:"actor"`
}

func (r goneRow) value() (app.Gone, error) {
	g := app.Gone{At: r.Gone, ReadingID: app.ID(r.Reading), What: r.What.String, By: r.Actor.String}
	if err := json.Unmarshal([]byte(r.Found), &g.Anomaly); err != nil {
		return g, fmt.Errorf("read anomaly: %w", err)
	}
	return g, nil
}

const selectGone = `SELECT s.found, s.gone, s.reading, p.what, p.actor FROM anomaly_sight s
	LEFT JOIN trail_payload p ON p.installation = s.act_installation AND p.seq = s.act_seq`

// GoneSights returns the anomalies that went at or after an instant and did not
// come back, the newest first.
func (s *Store) GoneSights(ctx context.Context, since app.Instant) ([]app.Gone, error) {
	return list(ctx, s, "read what is gone", goneRow.value,
		selectGone+` WHERE s.gone > 0 AND s.gone >= ? ORDER BY s.gone DESC, s.rule, s.subject_kind, s.subject, s.anchor`, since)
}

// GoneSight returns one of them; false where it is not gone.
func (s *Store) GoneSight(ctx context.Context, k app.AnomalyKey) (app.Gone, bool, error) {
	var row goneRow
	err := s.r.GetContext(ctx, &row, selectGone+` WHERE s.gone > 0 AND s.rule = ? AND s.subject_kind = ? AND s.subject = ? AND s.anchor = ?`,
		k.Rule, k.Subject.Kind, k.Subject.ID, k.Anchor)
	if errors.Is(err, sql.ErrNoRows) {
		return app.Gone{}, false, nil
	}
	if err != nil {
		return app.Gone{}, false, fmt.Errorf("read what is gone: %w", s.explain(err))
	}
	g, err := row.value()
	return g, err == nil, err
}
