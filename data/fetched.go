package data

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

// marker is the connection that Mark asks, opened when it is first asked.
type marker struct {
	mu   sync.Mutex
	conn *sqlx.Conn
}

func (m *marker) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.conn != nil {
		m.conn.Close()
		m.conn = nil
	}
}

// Mark says how far the database is: one that is equal to another was taken of
// the same state, whoever writes. It costs microseconds.
func (s *Store) Mark(ctx context.Context) (m store.Mark, err error) {
	s.marker.mu.Lock()
	defer s.marker.mu.Unlock()
	if s.marker.conn == nil {
		if s.marker.conn, err = s.r.Connx(ctx); err != nil {
			return m, fmt.Errorf("look for changes: %w", s.explain(err))
		}
	}
	// data_version is that of this connection, and changes with every commit of another one.
	if err = s.marker.conn.QueryRowxContext(ctx, `PRAGMA data_version`).Scan(&m.Writes); err == nil {
		err = s.marker.conn.QueryRowxContext(ctx, selectActs).Scan(&m.Acts)
	}
	if err != nil {
		return m, fmt.Errorf("look for changes: %w", s.explain(cancelled(ctx, err)))
	}
	return m, nil
}

// Fetched returns the readings that began since a state of the database, and
// those that ran then, and lets into have every record of theirs, log by log,
// several logs at the same time.
func (s *Store) Fetched(ctx context.Context, since store.Since, into func(app.LogKey) store.RecordSink) (store.Fetched, error) {
	var out store.Fetched
	var logs map[int64]app.LogKey
	var words punchWords
	touched := map[int64]bool{}
	whole := map[int64]bool{}
	err := s.read(ctx, "read what readings brought", func(tx *sqlx.Tx) (err error) {
		if words, err = punchWordsIn(ctx, tx); err != nil {
			return err
		}
		logs = words.logs
		if whole, out.Since.Rewritten, err = rewritten(ctx, tx, logs, since); err != nil {
			return err
		}
		rows, err := numberedReadings(ctx, tx, since, whole)
		if err != nil {
			return err
		}
		out.Since.Last, out.Since.LastID = since.Last, since.LastID
		for _, r := range rows {
			out.Readings = append(out.Readings, r.value(logs[r.Log]))
			if r.Number > out.Since.Last {
				out.Since.Last, out.Since.LastID = r.Number, r.ID
			}
			if r.State == app.ReadingRunning {
				out.Since.Running = append(out.Since.Running, r.Number)
			}
			touched[r.Log] = true
		}
		for log := range whole {
			touched[log] = true
		}
		words.readings, err = readingIDs(ctx, tx)
		return err
	})
	if err != nil {
		return out, err
	}
	where, args := fetchedBy(since, out.Since.Last)
	return out, s.eachLog(ctx, touched, func(ctx context.Context, tx *sqlx.Tx, log int64) error {
		sink := into(logs[log])
		where, args := where, args
		if whole[log] {
			sink.Whole()
			where, args = "", nil
		}
		if err := sinkPunches(ctx, tx, sink, log, words, where, args); err != nil {
			return err
		}
		return sinkEvents(ctx, tx, sink, log, words, where, args)
	})
}

// rewritten returns the logs of which punches that counted became others since a state of the database, and how often each did.
func rewritten(ctx context.Context, tx *sqlx.Tx, logs map[int64]app.LogKey, since store.Since) (map[int64]bool, map[app.LogKey]int64, error) {
	var rows []struct {
		ID        int64 `db:"id"`
		Rewritten int64 `db:"rewritten"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT id, rewritten FROM box_log WHERE rewritten > 0`); err != nil {
		return nil, nil, fmt.Errorf("look which logs were rewritten: %w", err)
	}
	whole, counts := map[int64]bool{}, map[app.LogKey]int64{}
	for _, r := range rows {
		counts[logs[r.ID]] = r.Rewritten
		whole[r.ID] = since.Last > 0 && since.Rewritten[logs[r.ID]] != r.Rewritten
	}
	maps.DeleteFunc(whole, func(_ int64, is bool) bool { return !is })
	return whole, counts, nil
}

type numberedReading struct {
	Number int64 `db:"number"`
	readingRow
}

// numberedReadings returns the readings since a state of the database, those that ran then, and all of logs that were rewritten.
func numberedReadings(ctx context.Context, tx *sqlx.Tx, since store.Since, whole map[int64]bool) (rows []numberedReading, err error) {
	where, args := "number > ?", []any{since.Last}
	if len(since.Running) > 0 {
		where += " OR number IN (" + marks(len(since.Running)) + ")"
		for _, n := range since.Running {
			args = append(args, n)
		}
	}
	for log := range whole {
		where += " OR log = ?"
		args = append(args, log)
	}
	err = tx.SelectContext(ctx, &rows, `SELECT number, `+strings.Join(columnsOf(readingRow{}), ", ")+` FROM reading WHERE `+where+` ORDER BY number`, args...)
	if err != nil {
		err = fmt.Errorf("read readings: %w", err)
	}
	return rows, err
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// fetchedBy returns the condition on the reading of a record. One that began
// meanwhile, after last, comes the next time.
func fetchedBy(since store.Since, last int64) (where string, args []any) {
	where, args = " AND (reading > ? AND reading <= ?", []any{since.Last, last}
	if len(since.Running) > 0 {
		where += " OR reading IN (" + marks(len(since.Running)) + ")"
		for _, n := range since.Running {
			args = append(args, n)
		}
	}
	return where + ")", args
}

// eachLog does something with several logs at a time, each on one state of the database.
func (s *Store) eachLog(ctx context.Context, logs map[int64]bool, do func(context.Context, *sqlx.Tx, int64) error) error {
	queue := make(chan int64, len(logs))
	for log := range logs {
		queue <- log
	}
	close(queue)
	var all sync.WaitGroup
	failed := make(chan error, fetchers)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for range min(fetchers, len(logs)) {
		all.Go(func() {
			err := s.read(ctx, "read records", func(tx *sqlx.Tx) error {
				for log := range queue {
					if err := do(ctx, tx, log); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				failed <- err
				stop()
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// fetchers is how many connections load records at the same time: more than the
// usual two processors only wait for each other.
const fetchers = 2

// What is small stands together in one number: each value of a row costs an
// allocation in the driver, and there are a million rows.
const punchColumns = `seq, at, (shown << 32) | (boot << 16) | (flags << 8) | pressed, (reading << 32) | since_boot,
	(passage << 33) | (line << 1) | loose, counts`

// anyEnvironment lets a registration be found by its punch: they are kept by environment.
const anyEnvironment = `g.environment IN ('production', 'nsso-simulation', 'local-simulator')`

// counting is the condition on a punch that there is something to derive of: it counts, or it counts no more and was sent,
// of which the register has to be told. What was sent of a line that is another's tap now is that one's, unless that was sent, too.
const counting = ` AND (counts = 1 OR EXISTS (SELECT 1 FROM registration g WHERE ` + anyEnvironment + ` AND g.log = punch.log AND g.seq = punch.seq AND g.state <> 'held')
	AND NOT EXISTS (SELECT 1 FROM punch o WHERE o.log = punch.log AND o.seq = punch.same AND o.counts = 1
		AND NOT EXISTS (SELECT 1 FROM registration g WHERE ` + anyEnvironment + ` AND g.log = o.log AND g.seq = o.seq AND g.state <> 'held')))`

func sinkPunches(ctx context.Context, tx *sqlx.Tx, sink store.RecordSink, log int64, words punchWords, where string, args []any) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+punchColumns+` FROM punch WHERE log = ?`+counting+where, append([]any{log}, args...)...)
	if err != nil {
		return fmt.Errorf("read punches: %w", err)
	}
	defer rows.Close()
	var seq, at, shown, reading, position, counts int64
	targets := []any{&seq, &at, &shown, &reading, &position, &counts} // plain integers: no reflection
	p := app.Punch{Key: app.RecordKey{LogKey: words.logs[log]}}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read punches: %w", err)
		}
		p.Key.Seq, p.At, p.Identifier, p.ReadingID = uint64(seq), app.Instant(at), words.shown[shown>>32], words.readings[reading>>32]
		p.Boot, p.Flags, p.Pressed, p.SinceBoot = uint16(shown>>16), app.PunchFlags(shown>>8), app.PunchKey(shown), uint32(reading)
		p.Position = positionOf(position>>33, position>>1&0xFFFFFFFF, position&1)
		if counts == 0 {
			p.Flags |= app.Withdrawn
		}
		sink.Punch(&p)
	}
	return rows.Err()
}

func sinkEvents(ctx context.Context, tx *sqlx.Tx, sink store.RecordSink, log int64, words punchWords, where string, args []any) error {
	rows, err := tx.QueryContext(
		ctx,
		`SELECT seq, type, at, boot, since_boot, data, reading FROM box_event WHERE log = ?`+where,
		append([]any{log}, args...)...)
	if err != nil {
		return fmt.Errorf("read box events: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq, kind, at, boot, sinceBoot, reading int64
		var data sql.RawBytes
		if err := rows.Scan(&seq, &kind, &at, &boot, &sinceBoot, &data, &reading); err != nil {
			return fmt.Errorf("read box events: %w", err)
		}
		e := app.BoxEvent{Key: app.RecordKey{LogKey: words.logs[log], Seq: uint64(seq)}, Type: app.RecordType(kind), At: app.Instant(at),
			Boot: uint16(boot), SinceBoot: uint32(sinceBoot), ReadingID: words.readings[reading]}
		copy(e.Data[:], data)
		sink.Event(&e)
	}
	return rows.Err()
}
