package data

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

// AskCancellation notes that a person wants an accepted registration cancelled.
func (s *Store) AskCancellation(ctx context.Context, id app.ID, act app.Act) error {
	return s.write(ctx, "ask to cancel a registration", func(tx *sqlx.Tx) error {
		before, err := s.registrations(ctx, tx, `id = ?`, id)
		if err != nil {
			return err
		}
		if act.At == 0 {
			act.At = app.At(s.now())
		}
		changed, err := changedRows(tx.ExecContext(ctx, `UPDATE registration SET cancel = 'asked', cancel_by = ?, cancel_at = ?, cancel_due = 0,
			cancel_looks = 0, cancel_answer = '' WHERE id = ? AND state = 'accepted' AND register_id IS NOT NULL AND cancel IN ('', 'refused')`,
			act.Actor, act.At, id))
		if err != nil || changed == 0 {
			return errors.Join(ciao.ErrNotCancellable, err)
		}
		after, err := s.registrations(ctx, tx, `id = ?`, id)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, act, before[0], after[0])
	})
}

// changedRows returns how many rows a statement changed.
func changedRows(result interface{ RowsAffected() (int64, error) }, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// DueCancellations returns rows whose cancelling is asked for or of unknown fate.
func (s *Store) DueCancellations(ctx context.Context, e app.Environment, now app.Instant, limit int) ([]app.Registration, error) {
	return s.due(ctx, by("registration_cancel", `cancel IN ('asked', 'unknown') AND cancel_due <= ?2`)+` ORDER BY cancel_due LIMIT ?3`, e, now, limit)
}

// BeginCancellation marks the attempt's one item as being cancelled.
func (s *Store) BeginCancellation(ctx context.Context, owner string, a app.Attempt) error {
	return s.write(ctx, "begin to cancel a registration", func(tx *sqlx.Tx) error {
		changed, err := changedRows(tx.ExecContext(ctx, `UPDATE registration SET cancel = 'sending' WHERE id = ? AND cancel = 'asked'
			AND EXISTS (SELECT 1 FROM sender WHERE environment = ? AND owner = ?)`, a.Items[0], a.Environment, owner))
		if err != nil || changed == 0 {
			return errors.Join(ciao.ErrSenderLost, err)
		}
		return insertAttempt(ctx, tx, a)
	})
}

// FinishCancellation keeps what came of a cancelling, or of a look at one.
func (s *Store) FinishCancellation(ctx context.Context, a app.Attempt, id app.ID, c app.Cancellation) error {
	return s.write(ctx, "keep what came of cancelling", func(tx *sqlx.Tx) error {
		if err := finishAttempt(ctx, tx, a); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE registration SET cancel = ?, cancel_at = ?, cancel_due = ?, cancel_looks = ?, cancel_answer = ?
			WHERE id = ? AND cancel IN ('sending', 'unknown')`, c.State, c.At, c.Due, c.Looks, c.Answer, id)
		return err
	})
}
