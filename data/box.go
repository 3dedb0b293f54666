package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
)

type boxRow struct {
	UID         string         `db:"uid"`
	Make        app.Make       `db:"make"`
	Label       string         `db:"label"`
	PublicKey   string         `db:"public_key"`
	Zone        app.Zone       `db:"zone"`
	Group       string         `db:"group"`
	StatusKeys  app.StatusKeys `db:"status_keys"`
	FirstSeen   app.Instant    `db:"first_seen"`
	Quarantined string         `db:"quarantined"`
}

func (r boxRow) value() (app.Box, error) { return app.Box(r), nil }

// Boxes returns all clock boxes by uid: those that stand for phones are none.
func (s *Store) Boxes(ctx context.Context) ([]app.Box, error) {
	return list(ctx, s, "read boxes", boxRow.value, selectAll[boxRow]("box")+` WHERE make <> ? ORDER BY uid`, app.MakeRegister)
}

// KnownBox returns a box that was met before; found is false for one never met.
func (s *Store) KnownBox(ctx context.Context, uid string) (box app.Box, found bool, err error) {
	row, err := find[boxRow](ctx, s.r, "box", `uid = ?`, uid)
	if errors.Is(err, sql.ErrNoRows) {
		return app.Box{}, false, nil
	}
	if err != nil {
		return app.Box{}, false, fmt.Errorf("read box: %w", s.explain(err))
	}
	return app.Box(row), true, nil
}

// SaveBox inserts or changes a box by its uid. The pinned key, the time of
// first sight and a quarantine are not a person's to change that way: a known box keeps its own.
func (s *Store) SaveBox(ctx context.Context, b app.Box, act app.Act) error {
	return s.changeBox(ctx, "save box", b.UID, act, func(box *app.Box) {
		known := *box
		*box = b
		if known.UID != "" {
			box.Make, box.PublicKey, box.FirstSeen, box.Quarantined = known.Make, known.PublicKey, known.FirstSeen, known.Quarantined
		}
	})
}

// Quarantine closes a box to reading, with a code for the reason.
func (s *Store) Quarantine(ctx context.Context, box, reason string, act app.Act) error {
	return s.changeBox(ctx, "quarantine box", box, act, func(b *app.Box) { b.Quarantined = reason })
}

// ReopenBox lifts a box's quarantine. One that was closed for its key is
// pinned anew by its next reading.
func (s *Store) ReopenBox(ctx context.Context, box string, act app.Act) error {
	return s.changeBox(ctx, "reopen box", box, act, func(b *app.Box) {
		if b.Quarantined == reading.ReasonKey {
			b.PublicKey = ""
		}
		b.Quarantined = ""
	})
}

// changeBox changes a box by fn, which gets the zero Box where it is not known.
func (s *Store) changeBox(ctx context.Context, doing, uid string, act app.Act, fn func(*app.Box)) error {
	return s.write(ctx, doing, func(tx *sqlx.Tx) error {
		row, err := find[boxRow](ctx, tx, "box", `uid = ?`, uid)
		var before any
		switch {
		case err == nil:
			before = app.Box(row)
		case !errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("read box: %w", err)
		}
		box := app.Box(row)
		fn(&box)
		if box.UID == "" {
			return &missingRow{app.NotFoundError{Kind: "box", Name: uid}}
		}
		if err := save(ctx, tx, "box", boxRow(box)); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, box)
	})
}

// logID returns the local shorthand of a log; sql.ErrNoRows for one never met.
func logID(ctx context.Context, q sqlx.QueryerContext, log app.LogKey) (id int64, err error) {
	err = sqlx.GetContext(ctx, q, &id, `SELECT id FROM box_log WHERE box = ? AND log = ?`, log.Box, log.Log)
	return id, err
}

// logKeys returns the logs by their local shorthands.
func logKeys(ctx context.Context, q sqlx.QueryerContext) (map[int64]app.LogKey, error) {
	var rows []struct {
		ID  int64  `db:"id"`
		Box string `db:"box"`
		Log string `db:"log"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT id, box, log FROM box_log`); err != nil {
		return nil, fmt.Errorf("read logs: %w", err)
	}
	out := make(map[int64]app.LogKey, len(rows))
	for _, r := range rows {
		out[r.ID] = app.LogKey{Box: r.Box, Log: r.Log}
	}
	return out, nil
}
