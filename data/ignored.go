package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type ignoredRow struct {
	ID           app.ID       `db:"id"`
	Log          int64        `db:"log"`
	Seq          int64        `db:"seq"`
	Reason       string       `db:"reason"`
	Note         string       `db:"note"`
	NoteLanguage app.Language `db:"note_language"`
	By           string       `db:"by"`
	At           app.Instant  `db:"at"`
	Withdrawn    app.Instant  `db:"withdrawn"`
}

// Ignored returns all that was ignored by hand by id, withdrawn ones too.
func (s *Store) Ignored(ctx context.Context) ([]app.Ignored, error) {
	var out []app.Ignored
	err := s.read(ctx, "read ignored taps", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		convert := func(r ignoredRow) (app.Ignored, error) {
			return app.Ignored{ID: r.ID, Punch: app.RecordKey{LogKey: logs[r.Log], Seq: uint64(r.Seq)},
				Reason: r.Reason, Note: r.Note, NoteLanguage: r.NoteLanguage, By: r.By, At: r.At, Withdrawn: r.Withdrawn}, nil
		}
		out, err = listIn(ctx, tx, convert, selectAll[ignoredRow]("ignored")+` ORDER BY id`)
		return err
	})
	return out, err
}

// Ignore has a tap left out, with a reason; the record itself stays as it is.
func (s *Store) Ignore(ctx context.Context, i app.Ignored, act app.Act) error {
	return s.write(ctx, "ignore tap", func(tx *sqlx.Tx) error {
		log, err := logID(ctx, tx, i.Punch.LogKey)
		if err != nil {
			return fmt.Errorf("find record %s: %w", i.Punch, err)
		}
		if err := insert(ctx, tx, "ignored", ignoredRow{i.ID, log, int64(i.Punch.Seq), i.Reason, i.Note, i.NoteLanguage, i.By, i.At, i.Withdrawn}); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, i)
	})
}

// WithdrawIgnored has a tap count again.
func (s *Store) WithdrawIgnored(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "count tap again", func(tx *sqlx.Tx) error {
		if err := withdraw(ctx, tx, "ignored", id, at); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, withdrawn{id, at})
	})
}
