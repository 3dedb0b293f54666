package data

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

// Machine tells one computer from another. Its identity is kept only as a hash
// that is keyed by the key of the sealed fields.
type Machine interface {
	// Identity returns what stays the same for this computer, whatever its name and
	// clock are; "" where it has none, and an error where that could not be told.
	Identity() (string, error)
}

// noMachine is kept of a computer that has no identity.
const noMachine = "none"

// machineHash returns what is kept of a computer's identity; "" where it is not known.
func (s *Store) machineHash(m Machine) string {
	if m == nil {
		return ""
	}
	id, err := m.Identity()
	switch {
	case err != nil:
		return ""
	case id == "":
		return noMachine
	}
	return hex.EncodeToString(s.seal.lookup("machine", id))
}

// settleHome notes, once, where the installation was made, or where it was when
// this version first opened it: a copy made before the first sending is known by it.
func (s *Store) settleHome(ctx context.Context, row installationRow) error {
	if row.Demo || row.Machine != "" && row.Place != "" {
		return nil
	}
	place, err := s.witness.place()
	if err != nil {
		place = "" // whoever sends from here will hear of it
	}
	if row.Machine != "" && (row.Place != "" || place == "") {
		return nil
	}
	return s.write(ctx, "note where the installation is", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE installation SET machine = CASE machine WHEN '' THEN ? ELSE machine END,
			place = CASE place WHEN '' THEN ? ELSE place END WHERE id = ?`, s.machine, place, row.ID)
		return err
	})
}

// signOf says by what it is seen that the database was set back or opened
// elsewhere since it last sent; "" where nothing says so.
func (s *Store) signOf(ctx context.Context, tx *sqlx.Tx, e app.Environment, state ciao.SenderState) (ciao.Sign, error) {
	if state.SetBack.Unsettled {
		return state.SetBack.Sign, nil
	}
	row, err := ownInstallation(ctx, tx)
	if err != nil {
		return "", err
	}
	home := func(ofSender, ofInstallation string) string {
		if ofSender != "" {
			return ofSender
		}
		return ofInstallation
	}
	machine := home(state.Machine, row.Machine)
	if machine != "" && s.machine != "" && machine != s.machine {
		return ciao.SignMachine, nil
	}
	restored, err := s.witness.restored(ctx, tx, e, home(state.Place, row.Place))
	if err == nil && restored {
		return ciao.SignWitness, nil
	}
	return "", err
}

// SetBack notes by what sign it was seen that the database was set back, and gives
// everything that waits an unknown fate.
func (s *Store) SetBack(ctx context.Context, e app.Environment, sign ciao.Sign, now, lookUp app.Instant) (state ciao.SenderState, err error) {
	var marker app.ID
	err = s.write(ctx, "note that the database was set back", func(tx *sqlx.Tx) error {
		if marker, err = s.setBack(ctx, tx, e, sign, now, lookUp); err != nil {
			return err
		}
		state, err = senderState(ctx, tx, e)
		return err
	})
	if err == nil {
		err = s.witness.remember(e, marker)
	}
	return state, err
}

// setBack keeps a database that was set back from sending until a person says
// that it is the one to go on with. What waits there has an unknown fate, and so
// has what was punched until now and is queued later (enqueue). The marker is the
// request from which the witness tells it from another copy.
func (s *Store) setBack(ctx context.Context, tx *sqlx.Tx, e app.Environment, sign ciao.Sign, now, lookUp app.Instant) (marker app.ID, err error) {
	state, err := senderState(ctx, tx, e)
	if err != nil {
		return "", err
	}
	if !state.SetBack.Unsettled {
		state.SetBack = ciao.SetBack{Sign: sign, Found: now}
		state.RestoredAt = now.Add(max(state.Offset(), 0))
	}
	state.SetBack.Unsettled = false
	state.Stopped, state.StoppedTrace, state.Machine = ciao.CodeRestored, "", s.machine
	if place, err := s.witness.place(); err == nil {
		state.Place = place
	}
	if err := saveSenderState(ctx, tx, e, state); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `UPDATE registration SET state = 'unknown', owner = '', lease = 0, look_ups = 0, looked_up = 0, needs_person = 0,
		answered = ?, not_before = ?, set_back = ?, failures = max(failures, 1) WHERE environment = ? AND state = 'queued'`, now, lookUp, now, e)
	if err != nil {
		return "", err
	}
	// What was of unknown fate before is so all the more: what a look-up or a person said of it is older than the loss.
	_, err = tx.ExecContext(ctx, `UPDATE registration SET look_ups = 0, looked_up = 0, set_back = ? WHERE environment = ? AND state = 'unknown'`, now, e)
	if err != nil {
		return "", err
	}
	_, err = tx.ExecContext(
		ctx,
		`UPDATE registration SET cancel = 'unknown', cancel_looks = 0, cancel_due = ? WHERE environment = ? AND cancel = 'asked'`,
		lookUp,
		e,
	)
	if err != nil {
		return "", err
	}
	if marker, err = app.NewID(); err != nil {
		return "", err
	}
	return marker, insertAttempt(ctx, tx, app.Attempt{ID: marker, Environment: e, Operation: operationRestored,
		Outcome: app.AttemptNotProcessed, Problem: ciao.CodeRestored, Started: now, Ended: now})
}

// inDoubt returns a row an unknown fate whose punch was made before the database was
// found to be set back: what was lost may have sent it.
func inDoubt(r registrationRow, state *ciao.SenderState) registrationRow {
	if state.MadeBefore(r.At) {
		r.State, r.SetBack, r.Answered, r.Failures = app.RegUnknown, state.SetBack.Found, r.Queued, max(r.Failures, 1)
	}
	return r
}

// environments are those in which something may have been sent.
var environments = [...]app.Environment{app.Production, app.NSSOSimulation, app.LocalSimulator}

// noteAcknowledged looks among the fresh records of a batch for one by which the
// box says that this installation acknowledged more than was stored before this
// reading: a later state of this database did. Whoever sends next stops.
func (s *Store) noteAcknowledged(ctx context.Context, tx *sqlx.Tx, log, number int64, fresh []app.Record) error {
	var before int64 = -1
	for i := range fresh {
		mark, by, ok := acknowledged(&fresh[i])
		if !ok || !strings.HasSuffix(strings.ReplaceAll(string(s.own), "-", ""), by) {
			continue
		}
		if before < 0 {
			// The newest that another reading stored (this one's lie above it, or are few), or this one acknowledged.
			err := tx.GetContext(ctx, &before, `SELECT max(COALESCE((SELECT seq FROM record WHERE log = ?1 AND reading <> ?2 ORDER BY seq DESC LIMIT 1), 0),
				(SELECT acked FROM reading WHERE number = ?2))`, log, number)
			if err != nil {
				return fmt.Errorf("find what was stored before: %w", err)
			}
		}
		if mark > uint64(before) {
			return s.signOfBox(ctx, tx, fresh[i].Event.At)
		}
	}
	return nil
}

// acknowledged reads the box's own record of an acknowledgement (type 42: bytes
// 0–5 the sequence, 6–10 the end of the installation's id).
func acknowledged(r *app.Record) (mark uint64, by string, ok bool) {
	if r.Type != app.RecordAcked || r.Event == nil {
		return 0, "", false
	}
	d := r.Event.Data
	return binary.LittleEndian.Uint64([]byte{d[0], d[1], d[2], d[3], d[4], d[5], 0, 0}), hex.EncodeToString(d[6:]), true
}

// signOfBox stops the sender of every environment by what a box says, unless it
// was acknowledged before a discovery that is known already.
func (s *Store) signOfBox(ctx context.Context, tx *sqlx.Tx, at app.Instant) error {
	now := app.At(s.now())
	for _, e := range environments {
		state, err := senderState(ctx, tx, e)
		if err != nil {
			return err
		}
		if state.MadeBefore(at) {
			continue
		}
		state.SetBack = ciao.SetBack{Sign: ciao.SignBox, Found: now, Unsettled: true}
		state.RestoredAt, state.Stopped, state.StoppedTrace = now.Add(max(state.Offset(), 0)), ciao.CodeRestored, ""
		if err := saveSenderState(ctx, tx, e, state); err != nil {
			return err
		}
	}
	return nil
}

// Resumed makes what a set back put in doubt due for a look-up, and what an earlier
// run queued count as queued in this one.
func (s *Store) Resumed(ctx context.Context, e app.Environment) error {
	return s.write(ctx, "resume", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE registration SET look_ups = 0, looked_up = 0, not_before = 0
			WHERE environment = ? AND state = 'unknown' AND set_back > 0 AND needs_person = 0`, e)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE registration SET run = ? WHERE environment = ? AND state = 'queued' AND run <> ?`, s.run, e, s.run)
		return err
	})
}

// SetBackCounts says what became of what a set back put in doubt.
func (s *Store) SetBackCounts(ctx context.Context, e app.Environment) (c ciao.SetBackCounts, err error) {
	err = s.read(ctx, "count what was set back", func(tx *sqlx.Tx) error {
		state, err := senderState(ctx, tx, e)
		if err != nil || state.SetBack.Found == 0 {
			return err
		}
		c.SetBack = state.SetBack
		var rows []struct {
			State  app.RegistrationState `db:"state"`
			Needs  bool                  `db:"needs_person"`
			Looked bool                  `db:"looked"`
			N      int                   `db:"n"`
		}
		err = tx.SelectContext(ctx, &rows, `SELECT state, needs_person, looked_up > 0 AS looked, count(*) AS n FROM registration
			WHERE environment = ? AND set_back > 0 GROUP BY 1, 2, 3`, e)
		for _, r := range rows {
			switch {
			case r.Needs:
				c.NeedsPerson += r.N
			case r.State == app.RegAccepted:
				c.Adopted += r.N
			case r.State == app.RegUnknown && !r.Looked:
				c.Unknown += r.N
			case r.State != app.RegRefused:
				c.Missing += r.N
			}
		}
		return err
	})
	return c, err
}

// Claimable returns what Claim would, and marks nothing.
func (s *Store) Claimable(ctx context.Context, c ciao.Claim) (regs []app.Registration, err error) {
	err = s.write(ctx, "look at what goes next", func(tx *sqlx.Tx) error {
		state, err := senderState(ctx, tx, c.Environment)
		if err != nil {
			return err
		}
		rows, err := claimable(ctx, tx, c, state.Parked)
		if err != nil || len(rows) == 0 {
			return err
		}
		mine := condition{}
		amongRows(&mine, rows)
		regs, err = s.registrations(ctx, tx, mine.text+sendingOrder, mine.args...)
		return err
	})
	return regs, err
}
