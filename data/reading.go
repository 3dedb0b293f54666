package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
)

type readingRow struct {
	ID           app.ID            `db:"id"`
	Log          int64             `db:"log"`
	Source       app.ReadingSource `db:"source"`
	FileName     string            `db:"file_name"`
	Installation app.ID            `db:"installation"`
	Actor        string            `db:"actor"`
	State        app.ReadingState  `db:"state"`
	Problem      string            `db:"problem"`
	Started      app.Instant       `db:"started"`
	Ended        app.Instant       `db:"ended"`
	First        int64             `db:"first"`
	Last         int64             `db:"last"`
	Records      int               `db:"records"`
	Added        int               `db:"added"`
	EndHash      string            `db:"end_hash"`
	Acked        int64             `db:"acked"`
	BoxAcked     int64             `db:"box_acked"`
	BoxLast      int64             `db:"box_last"`
	Capacity     int64             `db:"capacity"`
	ClockAt      sql.NullInt64     `db:"clock_at"`
	ClockOffset  sql.NullInt64     `db:"clock_offset"`
	ClockDoubt   sql.NullInt64     `db:"clock_doubt"`
	CheckAt      app.Instant       `db:"check_at"`
	CheckOffset  int64             `db:"check_offset"`
	CheckSource  string            `db:"check_source"`
	ReadTo       app.Instant       `db:"read_to"`
	Drops        int               `db:"drops"`
	Piece        int               `db:"piece"`
}

func rowOfReading(r app.Reading, log int64) readingRow {
	row := readingRow{
		ID: r.ID, Log: log, Source: r.Source, FileName: r.FileName, Installation: r.Installation, Actor: r.Actor,
		State: r.State, Problem: r.Problem, Started: r.Started, Ended: r.Ended, First: int64(r.First), Last: int64(r.Last),
		Records: r.Records, Added: r.New, EndHash: r.EndHash, Acked: int64(r.Acked), BoxAcked: int64(r.BoxAcked), BoxLast: int64(r.BoxLast), Capacity: int64(r.Capacity),
		CheckAt: r.Check.At, CheckOffset: r.Check.Offset.Microseconds(), CheckSource: r.Check.Source, ReadTo: r.ReadTo, Drops: r.Drops, Piece: r.Piece,
	}
	if c := r.Clock; c != nil {
		row.ClockAt = sql.NullInt64{Int64: int64(c.At), Valid: true}
		row.ClockOffset = sql.NullInt64{Int64: c.Offset.Microseconds(), Valid: true}
		row.ClockDoubt = sql.NullInt64{Int64: c.Uncertainty.Microseconds(), Valid: true}
	}
	return row
}

func (r readingRow) value(log app.LogKey) app.Reading {
	v := app.Reading{
		ID: r.ID, Log: log, Source: r.Source, FileName: r.FileName, Installation: r.Installation, Actor: r.Actor,
		State: r.State, Problem: r.Problem, Started: r.Started, Ended: r.Ended, First: uint64(r.First), Last: uint64(r.Last),
		Records: r.Records, New: r.Added, EndHash: r.EndHash, Acked: uint64(r.Acked), BoxAcked: uint64(r.BoxAcked), BoxLast: uint64(r.BoxLast), Capacity: uint64(r.Capacity),
		Check:  app.ClockCheck{At: r.CheckAt, Offset: microseconds(r.CheckOffset), Source: r.CheckSource},
		ReadTo: r.ReadTo, Drops: r.Drops, Piece: r.Piece,
	}
	if r.ClockAt.Valid {
		v.Clock = &app.ClockOffset{At: app.Instant(r.ClockAt.Int64), Offset: microseconds(r.ClockOffset.Int64), Uncertainty: microseconds(r.ClockDoubt.Int64)}
	}
	return v
}

func microseconds(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// manyReadings is listIn for hundreds of thousands of readings: rows are scanned without reflection, and what
// nearly all have in common stands in memory once.
func manyReadings(ctx context.Context, tx *sqlx.Tx, logs map[int64]app.LogKey, where string, args ...any) (list []app.Reading, err error) {
	rows, err := tx.QueryContext(ctx, selectAll[readingRow]("reading")+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read readings: %w", err)
	}
	defer rows.Close()
	var r readingRow
	targets := []any{(*string)(&r.ID), &r.Log, (*string)(&r.Source), &r.FileName, (*string)(&r.Installation), &r.Actor, (*string)(&r.State), &r.Problem,
		(*int64)(&r.Started), (*int64)(&r.Ended), &r.First, &r.Last, &r.Records, &r.Added, &r.EndHash, &r.Acked, &r.BoxAcked, &r.BoxLast, &r.Capacity,
		&r.ClockAt, &r.ClockOffset, &r.ClockDoubt, (*int64)(&r.CheckAt), &r.CheckOffset, &r.CheckSource, (*int64)(&r.ReadTo), &r.Drops, &r.Piece}
	known := map[string]string{}
	once := func(s *string) {
		if v, ok := known[*s]; ok {
			*s = v
			return
		}
		known[*s] = *s
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, fmt.Errorf("read readings: %w", err)
		}
		for _, s := range [...]*string{(*string)(&r.Source), (*string)(&r.Installation), &r.Actor, (*string)(&r.State), &r.CheckSource} {
			once(s)
		}
		list = append(list, r.value(logs[r.Log]))
	}
	return list, rows.Err()
}

// Readings returns all readings by id.
func (s *Store) Readings(ctx context.Context) ([]app.Reading, error) {
	var out []app.Reading
	err := s.read(ctx, "read readings", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		out, err = listIn(ctx, tx, func(r readingRow) (app.Reading, error) { return r.value(logs[r.Log]), nil },
			selectAll[readingRow]("reading")+` ORDER BY id`)
		return err
	})
	return out, err
}

// LogState returns what is known of a log; a log never met gives the zero LogState.
func (s *Store) LogState(ctx context.Context, log app.LogKey) (state reading.LogState, err error) {
	err = s.read(ctx, "read log state", func(tx *sqlx.Tx) error {
		state, err = logState(ctx, tx, log)
		return err
	})
	return state, err
}

func logState(ctx context.Context, tx *sqlx.Tx, log app.LogKey) (state reading.LogState, err error) {
	// The box may be known by another log: its key and quarantine count for this one.
	err = tx.QueryRowxContext(ctx, `SELECT public_key, quarantined FROM box WHERE uid = ?`, log.Box).
		Scan(&state.PublicKey, &state.Quarantined)
	if errors.Is(err, sql.ErrNoRows) {
		return reading.LogState{}, nil
	}
	if err != nil {
		return state, err
	}
	var id, last, acked int64
	var hash []byte
	err = tx.QueryRowxContext(ctx, `SELECT id, last, hash, acked FROM box_log WHERE box = ? AND log = ?`, log.Box, log.Log).
		Scan(&id, &last, &hash, &acked)
	if errors.Is(err, sql.ErrNoRows) {
		return state, nil
	}
	if err != nil {
		return state, err
	}
	if last > 0 && len(hash) != len(state.Last.Hash) {
		return state, fmt.Errorf("log %s: stored chain hash has %d bytes", log, len(hash))
	}
	state.Known, state.Acked, state.Last.Seq = true, uint64(acked), uint64(last)
	copy(state.Last.Hash[:], hash)
	if err := tx.GetContext(ctx, &state.Piece, `SELECT coalesce((SELECT piece FROM reading WHERE log = ? AND ended <> 0 ORDER BY number DESC LIMIT 1), 0)`, id); err != nil {
		return state, err
	}
	if log.Log == app.FileLog {
		err = tx.GetContext(
			ctx, &state.Place, `SELECT coalesce((SELECT last FROM reading WHERE log = ? AND source = ? AND state = ? ORDER BY number DESC LIMIT 1), 0)`,
			id, app.FromCable, app.ReadingDone)
		return state, err
	}
	var weighty int64
	err = tx.GetContext(ctx, &weighty, `SELECT seq FROM record WHERE log = ? AND type NOT IN (?, ?) ORDER BY seq DESC LIMIT 1`,
		id, app.RecordBoot, app.RecordAcked)
	if errors.Is(err, sql.ErrNoRows) {
		return state, nil
	}
	state.LastWeighty = uint64(weighty)
	return state, err
}

// BeginReading puts the reading and, at first contact, box and log on disk. Of a
// known box it pins the key where none is pinned yet, and takes over zone and
// status keys where they are given; its label, group and quarantine stay.
func (s *Store) BeginReading(ctx context.Context, r app.Reading, box app.Box) error {
	if box.UID != r.Log.Box || r.ID == "" {
		return fmt.Errorf("begin reading: box %s, log %s, id %q do not belong together", box.UID, r.Log, r.ID)
	}
	if r.Installation == "" {
		r.Installation = s.own
	}
	return s.write(ctx, "begin reading", func(tx *sqlx.Tx) error {
		if err := meetBox(ctx, tx, box, r.Started); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO box_log (box, log) SELECT ?1, ?2
			WHERE NOT EXISTS (SELECT 1 FROM box_log WHERE box = ?1 AND log = ?2)`, r.Log.Box, r.Log.Log); err != nil {
			return fmt.Errorf("insert log: %w", err)
		}
		log, err := logID(ctx, tx, r.Log)
		if err != nil {
			return fmt.Errorf("find log: %w", err)
		}
		return insert(ctx, tx, "reading", rowOfReading(r, log))
	})
}

func meetBox(ctx context.Context, tx *sqlx.Tx, box app.Box, at app.Instant) error {
	known, err := find[boxRow](ctx, tx, "box", `uid = ?`, box.UID)
	if errors.Is(err, sql.ErrNoRows) {
		if box.FirstSeen == 0 {
			box.FirstSeen = at
		}
		return insert(ctx, tx, "box", boxRow(box))
	}
	if err != nil {
		return fmt.Errorf("read box: %w", err)
	}
	changed := known
	if changed.PublicKey == "" {
		changed.PublicKey = box.PublicKey
	}
	if box.Zone != "" {
		changed.Zone = box.Zone
	}
	if box.StatusKeys != "" {
		changed.StatusKeys = box.StatusKeys
	}
	if changed == known {
		return nil
	}
	return save(ctx, tx, "box", changed)
}

// Acknowledged notes that the box was told, after the commit.
func (s *Store) Acknowledged(ctx context.Context, readingID app.ID, seq uint64) error {
	return s.write(ctx, "note acknowledgement", func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE reading SET acked = max(acked, ?) WHERE id = ?`, int64(seq), readingID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fmt.Errorf("reading %s: %w", readingID, errNoRow), err)
		}
		_, err = tx.ExecContext(ctx, `UPDATE box_log SET acked = max(acked, ?) WHERE id = (SELECT log FROM reading WHERE id = ?)`, int64(seq), readingID)
		return err
	})
}

// EndReading puts the final state, counts and clock of the reading on disk.
func (s *Store) EndReading(ctx context.Context, r app.Reading) error {
	return s.write(ctx, "end reading", func(tx *sqlx.Tx) error {
		known, err := find[readingRow](ctx, tx, "reading", `id = ?`, r.ID)
		if err != nil {
			return fmt.Errorf("reading %s: %w", r.ID, err)
		}
		log, err := logID(ctx, tx, r.Log)
		if err != nil || log != known.Log {
			return errors.Join(fmt.Errorf("reading %s is of another log than %s", r.ID, r.Log), err)
		}
		row := rowOfReading(r, known.Log)
		if row.Installation == "" {
			row.Installation = known.Installation
		}
		row.Acked = max(row.Acked, known.Acked)
		if err := save(ctx, tx, "reading", row); err != nil {
			return err
		}
		return s.rejudge(ctx, tx, waitingEntries) // it may be read past by now
	})
}
