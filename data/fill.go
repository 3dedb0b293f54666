package data

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// Fill writes what a company gathers over years into a new database within
// minutes, for measuring: in one transaction without a journal, so that a failure
// leaves a file that is good for nothing. Triggers, keys and indexes are those of
// any database; what is sealed, hashed or noted in the trail is so by the store's
// own functions. Only Seal may be called by several goroutines.
type Fill struct {
	store    *Store
	tx       *sqlx.Tx
	logs     map[app.LogKey]*filledLog
	shown    map[app.IdentifierKey]int64
	readings int64
	rows     []*bulk // of all tables

	reading, record, punch, event, point, gap, registration, attempt, item *bulk
}

// filledLog is a log and how far it is.
type filledLog struct {
	id   int64
	last uint64
	hash []byte
}

// fillCache is how much of the database a Fill keeps in memory, in KiB: as much as
// there is of the indexes that it writes to all over.
const fillCache = 1 << 20

// OpenFill makes the database that is to be filled.
func OpenFill(ctx context.Context, path string, o Options) (*Fill, error) {
	s, err := Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	w, err := connectTo(dsn(s.path, url.Values{
		"_txlock": {"immediate"},
		"mode":    {"rw"},
		"_pragma": {
			"locking_mode(EXCLUSIVE)", "journal_mode(OFF)", "synchronous(OFF)", "recursive_triggers(1)", "trusted_schema(0)",
			fmt.Sprintf("cache_size(-%d)", fillCache),
		},
	}), nil)
	if err != nil {
		return nil, fmt.Errorf("open a database to fill: %w", err)
	}
	w.SetMaxOpenConns(1)
	tx, err := w.BeginTxx(ctx, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("begin to fill a database: %w", err), w.Close())
	}
	within := *s
	within.w, within.tx = w, tx
	f := &Fill{store: &within, tx: tx, logs: map[app.LogKey]*filledLog{}, shown: map[app.IdentifierKey]int64{}}
	f.prepare(ctx)
	return f, nil
}

func (f *Fill) prepare(ctx context.Context) {
	into := func(table string, columns int) *bulk {
		b := newBulk(ctx, f.tx, table, columns)
		f.rows = append(f.rows, b)
		return b
	}
	f.reading = into(`reading (id, log, file_name, installation, actor, state, problem, started, ended, first, last, records, added, end_hash,
		acked, box_acked, box_last, capacity, clock_at, clock_offset, clock_doubt, check_at, check_offset, check_source, read_to, source, number)`, 27)
	f.record = into(`record (log, seq, type, raw, reading)`, 5)
	f.punch = into(`punch (log, seq, at, shown, pressed, flags, boot, since_boot, reading)`, 9)
	f.event = into(`box_event (log, seq, type, at, boot, since_boot, data, reading)`, 8)
	f.point = into(`chain_point (log, seq, hash)`, 3)
	f.gap = into(`gap (log, first, last, read_elsewhere, known)`, 5)
	f.registration = into(`registration (id, environment, log, seq, state, type, at, raw, worker, engagement, site, ssin_sealed, ssin_lookup,
		enterprise, capacity, declaration, place, doubt, created, queued, not_before, register_id, validity, answer, answered, run)`, 26)
	f.attempt = into(`attempt (id, environment, operation, outcome, status, trace_id, started, ended)`, 8)
	f.item = into(`attempt_item (attempt, position, registration)`, 3)
}

// Store is the store itself, whose every change becomes part of what is filled.
// It reads nothing.
func (f *Fill) Store() *Store { return f.store }

// Box puts a box with one log there, as its first reading would.
func (f *Fill) Box(ctx context.Context, b app.Box, log app.LogKey) error {
	if err := meetBox(ctx, f.tx, b, b.FirstSeen); err != nil {
		return err
	}
	result, err := f.tx.ExecContext(ctx, `INSERT INTO box_log (box, log) VALUES (?, ?)`, log.Box, log.Log)
	if err != nil {
		return fmt.Errorf("fill in a log: %w", err)
	}
	id, err := result.LastInsertId()
	f.logs[log] = &filledLog{id: id}
	return err
}

// Read puts a reading there with all that it brought: records in order, which end where it says.
func (f *Fill) Read(ctx context.Context, r app.Reading, records []app.Record, gaps []app.Gap) error {
	log := f.logs[r.Log]
	if log == nil {
		return fmt.Errorf("fill in a reading: %w", errNoRow)
	}
	f.readings++
	row := rowOfReading(r, log.id)
	f.reading.add(row.ID, row.Log, row.FileName, f.store.own, row.Actor, row.State, row.Problem, row.Started, row.Ended, row.First, row.Last,
		row.Records, row.Added, row.EndHash, row.Acked, row.BoxAcked, row.BoxLast, row.Capacity, row.ClockAt, row.ClockOffset, row.ClockDoubt,
		row.CheckAt, row.CheckOffset, row.CheckSource, row.ReadTo, row.Source, f.readings)
	for i := range records {
		if err := f.put(ctx, log.id, &records[i]); err != nil {
			return err
		}
	}
	for _, g := range gaps {
		f.gap.add(log.id, int64(g.First), int64(g.Last), g.ReadElsewhere, g.Known)
	}
	if len(records) > 0 {
		hash, err := hex.DecodeString(r.EndHash)
		if err != nil {
			return fmt.Errorf("fill in a reading: %w", err)
		}
		log.last, log.hash = r.Last, hash
		f.point.add(log.id, int64(r.Last), hash)
	}
	return f.err()
}

func (f *Fill) put(ctx context.Context, log int64, r *app.Record) error {
	seq := int64(r.Key.Seq)
	f.record.add(log, seq, int64(r.Type), r.Raw, f.readings)
	if p := r.Punch; p != nil {
		shown, err := f.shownAs(ctx, p.Identifier)
		if err != nil {
			return err
		}
		f.punch.add(log, seq, int64(p.At), shown, int64(p.Pressed), int64(p.Flags), int64(p.Boot), int64(p.SinceBoot), f.readings)
	}
	if e := r.Event; e != nil {
		f.event.add(log, seq, int64(e.Type), int64(e.At), int64(e.Boot), int64(e.SinceBoot), e.Data[:], f.readings)
	}
	return nil
}

func (f *Fill) shownAs(ctx context.Context, k app.IdentifierKey) (int64, error) {
	if id, ok := f.shown[k]; ok {
		return id, nil
	}
	id, err := shownID(ctx, f.tx, k)
	if err != nil {
		return 0, fmt.Errorf("note what was shown: %w", err)
	}
	f.shown[k] = id
	return id, nil
}

// Sealed are registrations as they are kept.
type Sealed struct{ rows []registrationRow }

// Seal makes rows of registrations that the register answered. All boxes must be there.
func (f *Fill) Seal(list []app.Registration) (Sealed, error) {
	rows := make([]registrationRow, len(list))
	for i := range list {
		r := &list[i]
		log := f.logs[r.Punch.LogKey]
		if log == nil {
			return Sealed{}, fmt.Errorf("fill in a registration: %w", errNoRow)
		}
		rows[i] = f.store.registrationRow(r, log.id)
		rows[i].RegisterID.Int64, rows[i].RegisterID.Valid = r.RegisterID, r.RegisterID != 0
		rows[i].Validity, rows[i].Answer, rows[i].Answered = r.Validity, r.Answer, r.Answered
	}
	return Sealed{rows}, nil
}

// Send puts a request to the register there with all that went in it.
func (f *Fill) Send(a app.Attempt, sealed Sealed) error {
	f.attempt.add(a.ID, a.Environment, a.Operation, a.Outcome, a.Status, a.TraceID, a.Started, a.Ended)
	for i := range sealed.rows {
		r := &sealed.rows[i]
		place, err := json.Marshal(r.Place.V)
		if err != nil {
			return fmt.Errorf("fill in a registration: %w", err)
		}
		f.registration.add(r.ID, r.Environment, r.Log, r.Seq, r.State, r.Type, r.At, r.Raw, r.Worker, r.Engagement, r.Site, r.SSINSealed, r.SSINLookup,
			r.Enterprise, r.Capacity, r.Declaration, string(place), r.Doubt, r.Created, r.Queued, r.NotBefore, r.RegisterID, r.Validity, r.Answer, r.Answered, r.Run)
		f.item.add(a.ID, i, r.ID)
	}
	return f.err()
}

// err is the first error of all rows.
func (f *Fill) err() error {
	for _, b := range f.rows {
		if b.err != nil {
			return fmt.Errorf("fill %s: %w", b.into, b.err)
		}
	}
	return nil
}

// Close writes all that is left; the database is as any other from then on.
func (f *Fill) Close(ctx context.Context) error {
	for _, b := range f.rows {
		if err := b.close(); err != nil {
			return errors.Join(fmt.Errorf("fill %s: %w", b.into, err), f.Abandon())
		}
	}
	for _, log := range f.logs {
		if log.last == 0 {
			continue
		}
		_, err := f.tx.ExecContext(ctx, `UPDATE box_log SET last = ?1, hash = ?2, acked = ?1 WHERE id = ?3`, int64(log.last), log.hash, log.id)
		if err != nil {
			return errors.Join(fmt.Errorf("fill in how far a log is: %w", err), f.Abandon())
		}
	}
	if err := f.tx.Commit(); err != nil {
		return errors.Join(fmt.Errorf("end filling a database: %w", err), f.Abandon())
	}
	return f.store.w.Close()
}

// Abandon ends it where something failed: the file is to be thrown away.
func (f *Fill) Abandon() error {
	f.tx.Rollback() //nolint:errcheck // the file is thrown away
	return f.store.w.Close()
}
