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

// openOnes is the condition for what is not settled.
const openOnes = `state IN ('queued', 'sending', 'unknown')`

// keepsFailing is the condition for those with which every request fails.
const keepsFailing = `needs_person = 1 AND answer = '` + ciao.CodeKeepsFailing + `' AND state IN ('queued', 'unknown')`

// ofRun is the condition for queued rows about which no look-up and no person said
// anything; those of other runs of the program lie before and behind this one's.
const ofRun = `state = 'queued' AND looked_up = 0 AND approved_by = '' AND run `

// Due says what can be done now. Nothing is counted: each answer is one step in an index.
func (s *Store) Due(ctx context.Context, e app.Environment, now app.Instant) (d ciao.Due, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT
		`+anyBy("registration_ready", ready)+` OR `+anyBy("registration_state", unripe+` AND not_before BETWEEN 1 AND ?2`)+`,
		`+anyBy("registration_state", unknownFate+` AND not_before <= ?2`)+` OR `+anyBy("registration_unasked", releasedUnasked+` AND not_before <= ?2`)+`,
		`+anyBy("registration_cancel", `cancel IN ('asked', 'unknown') AND cancel_due <= ?2`)+`,
		`+anyBy("registration_unproven", unproven)+`,
		`+anyBy("registration_fate", unknownFate)+` OR `+anyBy("registration_unproven", unproven)+` OR `+anyBy("registration_open", openOnes+` AND state = 'queued' AND needs_person = 1`),
		e, now).Scan(&d.Send, &d.LookUp, &d.Cancel, &d.Unproven, &d.InDoubt)
	if err != nil {
		return ciao.Due{}, fmt.Errorf("read what is due: %w", s.explain(err))
	}
	return d, nil
}

// by begins a question to an index that is named: without statistics SQLite takes
// another one whose first columns fit, and goes through a whole state. The first
// parameter is the environment.
func by(index, condition string) string {
	return `FROM registration INDEXED BY ` + index + ` WHERE environment = ?1 AND ` + condition
}

func anyBy(index, condition string) string { return `EXISTS (SELECT 1 ` + by(index, condition) + `)` }

// Pending says what is still to be done and when. It counts what is not settled, so
// it takes the longer the more that is: Due is what is asked between two requests.
func (s *Store) Pending(ctx context.Context, e app.Environment, now, waitSince app.Instant) (p ciao.Pending, err error) {
	err = s.read(ctx, "read what is pending", func(tx *sqlx.Tx) error {
		if p, err = pendingCounts(ctx, tx, e); err != nil {
			return err
		}
		return s.pendingInstants(ctx, tx, &p, e, now, waitSince)
	})
	return p, err
}

// pendingCounts counts what is not settled. What goes on by itself is that about
// which no person decides, and whose employer is not parked.
func pendingCounts(ctx context.Context, tx *sqlx.Tx, e app.Environment) (p ciao.Pending, err error) {
	state, err := senderState(ctx, tx, e)
	if err != nil {
		return p, err
	}
	var rows []struct {
		lane
		State  app.RegistrationState `db:"state"`
		Needs  bool                  `db:"needs_person"`
		N      int                   `db:"n"`
		Oldest app.Instant           `db:"oldest"`
	}
	err = tx.SelectContext(ctx, &rows, `SELECT state, needs_person, enterprise, foreign_vat, count(*) AS n, min(at) AS oldest `+
		by("registration_open", openOnes)+` GROUP BY state, needs_person, enterprise, foreign_vat`, e)
	for _, r := range rows {
		switch r.State {
		case app.RegQueued:
			p.Queued += r.N
		case app.RegUnknown:
			p.Unknown += r.N
		}
		_, parked := state.Parked[r.employer()]
		switch {
		case !r.Needs && (!parked || r.State != app.RegQueued):
			p.Waits += r.N
		case r.Needs && r.State != app.RegSending:
			p.NeedsPerson += r.N
			p.NeedsSince = earlier(p.NeedsSince, r.Oldest)
		}
		if r.Needs && r.State == app.RegUnknown {
			p.NeedsUnknown += r.N
		}
	}
	return p, err
}

// pendingInstants says when there is something to be done. Each part has an index of its own.
func (s *Store) pendingInstants(ctx context.Context, tx *sqlx.Tx, p *ciao.Pending, e app.Environment, now, waitSince app.Instant) error {
	var row struct {
		NeedsFailing int           `db:"needs_failing"`
		Unproven     int           `db:"unproven"`
		NextQueued   sql.NullInt64 `db:"next_queued"`
		NextUnknown  sql.NullInt64 `db:"next_unknown"`
		NextReleased sql.NullInt64 `db:"next_released"`
		NextCancel   sql.NullInt64 `db:"next_cancel"`
		NextCheck    sql.NullInt64 `db:"next_check"`
		OldestBlock  sql.NullInt64 `db:"oldest_block"`
		Earlier      int           `db:"earlier"`
		EarlierSince sql.NullInt64 `db:"earlier_since"`
	}
	err := tx.GetContext(ctx, &row, `SELECT
		(SELECT count(*) `+by("registration_failing", keepsFailing)+`) AS needs_failing,
		(SELECT count(*) `+by("registration_unproven", unproven)+`) AS unproven,
		(SELECT min(not_before) `+by("registration_state", `state = 'queued' AND needs_person = 0 AND not_before > ?2`)+`) AS next_queued,
		(SELECT min(not_before) `+by("registration_look_up", unknownFate+` AND needs_person = 0`)+`) AS next_unknown,
		(SELECT min(not_before) `+by("registration_unasked", releasedUnasked+` AND needs_person = 0`)+`) AS next_released,
		(SELECT max(min(cancel_due), 1) `+by("registration_cancel", `cancel IN ('asked', 'unknown')`)+`) AS next_cancel,
		(SELECT min(not_before) `+by("registration_state", `state = 'accepted' AND cancel <> 'cancelled' AND not_before > 0 AND register_id IS NOT NULL`)+`) AS next_check,
		(SELECT min(answered) `+by("registration_fate", unknownFate+` AND answered > ?3`)+`) AS oldest_block,
		(SELECT count(*) `+by("registration_run", ofRun+`< ?4`)+`) + (SELECT count(*) `+by("registration_run", ofRun+`> ?4`)+`) AS earlier,
		(SELECT min(at) FROM (SELECT at `+by("registration_run", ofRun+`< ?4`)+` UNION ALL SELECT at `+by("registration_run", ofRun+`> ?4`)+`)) AS earlier_since`,
		e, now, waitSince, s.run)
	if err != nil {
		return err
	}
	at := func(n sql.NullInt64) app.Instant { return app.Instant(n.Int64) }
	p.NeedsFailing, p.Unproven, p.Earlier, p.EarlierSince = row.NeedsFailing, row.Unproven, row.Earlier, at(row.EarlierSince)
	p.NextQueued, p.NextCancel, p.NextCheck, p.OldestBlock = at(row.NextQueued), at(row.NextCancel), at(row.NextCheck), at(row.OldestBlock)
	for _, next := range []sql.NullInt64{row.NextUnknown, row.NextReleased} {
		if next.Valid {
			p.NextLookUp = earlier(p.NextLookUp, max(at(next), now))
		}
	}
	return nil
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
	return s.due(ctx, by("registration_unproven", unproven)+latestFirst+` LIMIT ?2`, e, limit)
}

// LookAgain makes all due for a look-up that waits for a proof, or for a person
// because no look-up could tell; not what goes by an id of another.
func (s *Store) LookAgain(ctx context.Context, e app.Environment) error {
	return s.write(ctx, "look up again", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE registration INDEXED BY registration_released SET look_ups = 0, needs_person = 0, not_before = 0
			WHERE environment = ? AND state = 'queued' AND approved_by <> '' AND looked_up = 0 AND (look_ups > 0 OR needs_person = 1)
			AND answer <> ?`, e, ciao.CodeKeepsFailing)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE registration INDEXED BY registration_look_up SET needs_person = 0, not_before = 0
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
