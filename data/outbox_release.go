package data

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

// unproven is the condition for released rows that were looked up in a form that
// was not proven, and wait for that.
const unproven = `state = 'queued' AND approved_by <> '' AND looked_up = 0 AND look_ups > 0 AND needs_person = 0`

// ofEarlierRun is the condition for queued rows that an earlier run of the program
// queued, about which no look-up and no person said anything; the fourth parameter is this run.
const ofEarlierRun = `state = 'queued' AND looked_up = 0 AND approved_by = '' AND run <> ?4`

// Pending says what is still to be done and when.
func (s *Store) Pending(ctx context.Context, e app.Environment, now, waitSince app.Instant) (ciao.Pending, error) {
	var row struct {
		Queued       int           `db:"queued"`
		Unknown      int           `db:"unknown"`
		NeedsPerson  int           `db:"needs"`
		NeedsSince   sql.NullInt64 `db:"needs_since"`
		NeedsUnknown int           `db:"needs_unknown"`
		NeedsFailing int           `db:"needs_failing"`
		Unproven     int           `db:"unproven"`
		NextQueued   sql.NullInt64 `db:"next_queued"`
		NextLookUp   sql.NullInt64 `db:"next_look_up"`
		NextCancel   sql.NullInt64 `db:"next_cancel"`
		NextCheck    sql.NullInt64 `db:"next_check"`
		OldestBlock  sql.NullInt64 `db:"oldest_block"`
		Earlier      int           `db:"earlier"`
		EarlierSince sql.NullInt64 `db:"earlier_since"`
	}
	// One index range per state: accepted ones, which only become more, are not gone through.
	err := s.r.GetContext(ctx, &row, `SELECT
		(SELECT count(*) FROM registration WHERE environment = ?1 AND state = 'queued') AS queued,
		(SELECT count(*) FROM registration WHERE environment = ?1 AND state = 'unknown') AS unknown,
		(SELECT count(*) FROM registration WHERE environment = ?1 AND state IN ('queued', 'unknown') AND needs_person = 1) AS needs,
		(SELECT count(*) FROM registration WHERE environment = ?1 AND state = 'unknown' AND needs_person = 1) AS needs_unknown,
		(SELECT count(*) FROM registration WHERE environment = ?1 AND state IN ('queued', 'unknown') AND needs_person = 1 AND answer = ?5) AS needs_failing,
		(SELECT min(at) FROM registration WHERE environment = ?1 AND state IN ('queued', 'unknown') AND needs_person = 1) AS needs_since,
		(SELECT count(*) FROM registration WHERE environment = ?1 AND `+unproven+`) AS unproven,
		(SELECT min(not_before) FROM registration WHERE environment = ?1 AND state = 'queued' AND needs_person = 0 AND not_before > ?2) AS next_queued,
		(SELECT max(min(not_before), ?2) FROM registration WHERE environment = ?1 AND state IN ('queued', 'unknown') AND needs_person = 0 AND `+lookUpWanted+`) AS next_look_up,
		(SELECT max(min(cancel_due), 1) FROM registration WHERE environment = ?1 AND cancel IN ('asked', 'unknown')) AS next_cancel,
		(SELECT min(not_before) FROM registration WHERE environment = ?1 AND state = 'accepted' AND cancel <> 'cancelled' AND not_before > 0 AND register_id IS NOT NULL) AS next_check,
		(SELECT min(answered) FROM registration WHERE environment = ?1 AND state = 'unknown' AND answered > ?3) AS oldest_block,
		(SELECT count(*) FROM registration WHERE environment = ?1 AND `+ofEarlierRun+`) AS earlier,
		(SELECT min(at) FROM registration WHERE environment = ?1 AND `+ofEarlierRun+`) AS earlier_since`,
		e, now, waitSince, s.run, ciao.CodeKeepsFailing)
	if err != nil {
		return ciao.Pending{}, fmt.Errorf("read what is pending: %w", s.explain(err))
	}
	waits, err := s.waits(ctx, e)
	if err != nil {
		return ciao.Pending{}, fmt.Errorf("read what is pending: %w", s.explain(err))
	}
	at := func(n sql.NullInt64) app.Instant { return app.Instant(n.Int64) }
	return ciao.Pending{
		Queued: row.Queued, Unknown: row.Unknown, NeedsPerson: row.NeedsPerson,
		NeedsUnknown: row.NeedsUnknown, NeedsFailing: row.NeedsFailing, NeedsSince: at(row.NeedsSince), Unproven: row.Unproven, Waits: waits,
		NextQueued: at(
			row.NextQueued,
		), NextLookUp: at(row.NextLookUp), NextCancel: at(row.NextCancel), NextCheck: at(row.NextCheck), OldestBlock: at(row.OldestBlock),
		Earlier: row.Earlier, EarlierSince: at(row.EarlierSince),
	}, nil
}

// waits counts what goes on by itself: no person decides about it, and its
// employer is not parked.
func (s *Store) waits(ctx context.Context, e app.Environment) (n int, err error) {
	state, err := senderState(ctx, s.r, e)
	if err != nil {
		return 0, err
	}
	var rows []struct {
		State    app.RegistrationState `db:"state"`
		Employer string                `db:"employer"`
		N        int                   `db:"n"`
	}
	err = s.r.SelectContext(ctx, &rows, `SELECT state, enterprise || foreign_vat AS employer, count(*) AS n FROM registration
		WHERE environment = ? AND state IN ('queued', 'sending', 'unknown') AND needs_person = 0 GROUP BY 1, 2`, e)
	for _, row := range rows {
		if _, parked := state.Parked[row.Employer]; !parked || row.State != app.RegQueued {
			n += row.N
		}
	}
	return n, err
}

// Change keeps what was decided without a request.
func (s *Store) Change(ctx context.Context, e app.Environment, changes []ciao.Change) error {
	if len(changes) == 0 {
		return nil
	}
	return s.write(ctx, "change registrations", func(tx *sqlx.Tx) error { return s.applyChanges(ctx, tx, e, changes) })
}

// Unproven returns the released rows that wait for a proof of the form of look-up, the newest first.
func (s *Store) Unproven(ctx context.Context, e app.Environment, limit int) ([]app.Registration, error) {
	if limit == 0 {
		limit = -1 // SQLite: all
	}
	return s.due(ctx, `environment = ? AND `+unproven+latestFirst+` LIMIT ?`, e, limit)
}

// LookAgain makes all due for a look-up that waits for a proof, or for a person
// because no look-up could tell; not what goes by an id of another.
func (s *Store) LookAgain(ctx context.Context, e app.Environment) error {
	return s.write(ctx, "look up again", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE registration SET look_ups = 0, needs_person = 0, not_before = 0
			WHERE environment = ? AND state = 'queued' AND approved_by <> '' AND looked_up = 0 AND (look_ups > 0 OR needs_person = 1)
			AND answer <> ?`, e, ciao.CodeKeepsFailing)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE registration SET needs_person = 0, not_before = 0
				WHERE environment = ? AND state = 'unknown' AND needs_person = 1 AND answer NOT IN (?, ?)`, e, ciao.CodeOtherID, ciao.CodeKeepsFailing)
		}
		return err
	})
}

// A person's part ---------------------------------------------------------

// DecideRegistration carries out what a person decided about an item whose fate
// no look-up can tell.
func (s *Store) DecideRegistration(ctx context.Context, id app.ID, d ciao.PersonDecision, act app.Act) error {
	return s.write(ctx, "decide about a registration", func(tx *sqlx.Tx) error {
		before, err := s.registrations(ctx, tx, `id = ?`, id)
		if err != nil {
			return err
		}
		if len(before) == 0 || !before[0].NeedsPerson || (before[0].State != app.RegUnknown && before[0].State != app.RegQueued) {
			return ciao.ErrNotAsked
		}
		if act.At == 0 {
			act.At = app.At(s.now())
		}
		set, err := decision(d)
		if err != nil {
			return err
		}
		answer := ciao.AnswerDecided + string(d)
		if d == ciao.DecideSend {
			answer = "" // what comes of it will stand there
		}
		if _, err := tx.ExecContext(ctx, `UPDATE registration SET needs_person = 0, not_before = 0, answer = ?, `+set+` WHERE id = ?`,
			answer, act.At, act.Actor, id); err != nil {
			return err
		}
		after, err := s.registrations(ctx, tx, `id = ?`, id)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, act, before[0], after[0])
	})
}

// DecideRegistrations carries out one decision about many. Those that wait for
// nobody any more are left as they are. One act goes to the trail, with what the caller says of them.
func (s *Store) DecideRegistrations(ctx context.Context, ids []app.ID, d ciao.PersonDecision, act app.Act) (n int, err error) {
	set, err := decision(d)
	if err != nil {
		return 0, err
	}
	err = s.write(ctx, "decide about registrations", func(tx *sqlx.Tx) error {
		n = 0
		if act.At == 0 {
			act.At = app.At(s.now())
		}
		answer := ciao.AnswerDecided + string(d)
		if d == ciao.DecideSend {
			answer = "" // what comes of it will stand there
		}
		once := prepared{tx: tx, statements: map[string]*sqlx.Stmt{}}
		defer once.close()
		decide, err := once.statement(ctx, `UPDATE registration SET needs_person = 0, not_before = 0, answer = ?, `+set+`
			WHERE id = ? AND needs_person = 1 AND state IN ('queued', 'unknown')`)
		if err != nil {
			return err
		}
		for _, id := range ids {
			result, err := decide.ExecContext(ctx, answer, act.At, act.Actor, id)
			if err != nil {
				return fmt.Errorf("registration %s: %w", id, err)
			}
			changed, err := result.RowsAffected()
			if err != nil {
				return err
			}
			n += int(changed)
		}
		if n == 0 {
			return ciao.ErrNotAsked
		}
		return s.note(ctx, tx, act, nil, nil)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// decision returns what a decision sets, with the instant and the actor as its
// two parameters. What is to be sent counts as looked up: a person did.
func decision(d ciao.PersonDecision) (string, error) {
	switch d {
	case ciao.DecideSend:
		return `state = 'queued', answered = 0, failed_as = '', looked_up = ?, approved_by = ?`, nil
	case ciao.DecideRegistered:
		return `state = 'accepted', answered = ?, approved_by = ?`, nil
	case ciao.DecideDrop:
		return `state = 'refused', answered = ?, approved_by = ?`, nil
	}
	return "", fmt.Errorf("decision %q: want send, registered or drop", d)
}
