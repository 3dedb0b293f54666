package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

// impossible are the changes of rows whose instants a clock wrote that was ahead,
// with now, the latest own wait and the latest check as parameters 2 to 4.
var impossible = [...]struct{ where, set string }{
	{`state IN ('queued', 'unknown') AND not_before > ?3`, `not_before = ?2`},
	{`state = 'unknown' AND (answered > ?2 OR looked_up > ?2)`, `answered = min(answered, ?2), looked_up = min(looked_up, ?2)`},
	{`state = 'accepted' AND not_before > ?4`, `not_before = ?3`},
	{`cancel IN ('asked', 'unknown') AND cancel_due > ?3`, `cancel_due = ?2`},
}

// Rejudge changes instants that a clock cannot have written that goes right.
func (s *Store) Rejudge(ctx context.Context, e app.Environment, jump ciao.ClockJump) error {
	state, err := senderState(ctx, s.r, e)
	if err != nil {
		return err
	}
	wrong := state.Rejudge(jump.Now)
	for _, i := range impossible {
		var there bool
		err := s.r.GetContext(ctx, &there, `SELECT EXISTS (SELECT 1 FROM registration WHERE environment = ?1 AND `+i.where+`)`, e, jump.Now, jump.Own, jump.Check)
		if err != nil {
			return s.explain(err)
		}
		wrong = wrong || there
	}
	if !wrong { // nearly always: nothing is written
		return nil
	}
	return s.write(ctx, "judge waits anew", func(tx *sqlx.Tx) error {
		if state, err = senderState(ctx, tx, e); err != nil {
			return err
		}
		if state.Rejudge(jump.Now) {
			if err := saveSenderState(ctx, tx, e, state); err != nil {
				return err
			}
		}
		for _, i := range impossible {
			if _, err := tx.ExecContext(ctx, `UPDATE registration SET `+i.set+` WHERE environment = ?1 AND `+i.where, e, jump.Now, jump.Own, jump.Check); err != nil {
				return err
			}
		}
		return nil
	})
}
