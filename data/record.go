package data

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
)

// rowsPerInsert is how many records go into one statement.
const rowsPerInsert = 256

// StoreBatch stores the records that are new and returns how many were. A
// record whose key is stored already must have the same content: else nothing
// is stored and the error is a *reading.RecordDiffersError. When it returns
// without error the batch is on disk (synchronous=FULL). Records below the
// highest stored one may come later; they fill gaps and never lower its mark.
func (s *Store) StoreBatch(ctx context.Context, b reading.Batch) (added int, err error) {
	records, err := ascending(b.Records)
	if err != nil {
		return 0, err
	}
	if err := checkBatch(b, records); err != nil {
		return 0, fmt.Errorf("store batch: %w", err)
	}
	err = s.write(ctx, "store batch", func(tx *sqlx.Tx) error {
		added, err = s.storeBatch(ctx, tx, b, records)
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// ascending returns the records by sequence. One that stands there twice with the
// same content counts once.
func ascending(in []app.Record) ([]app.Record, error) {
	bySeq := func(a, b app.Record) int { return a.Key.Compare(b.Key) }
	out := in
	if !slices.IsSortedFunc(in, bySeq) {
		out = slices.SortedStableFunc(slices.Values(in), bySeq)
	}
	for i := 1; i < len(out); i++ {
		if out[i].Key == out[i-1].Key {
			return dropRepeated(out)
		}
	}
	return out, nil
}

func dropRepeated(in []app.Record) ([]app.Record, error) {
	out := in[:0:0]
	for _, r := range in {
		if len(out) == 0 || out[len(out)-1].Key != r.Key {
			out = append(out, r)
			continue
		}
		if !sameContent(contentOf(out[len(out)-1]), contentOf(r)) {
			return nil, &reading.RecordDiffersError{Key: r.Key}
		}
	}
	return out, nil
}

// checkBatch refuses what no reading may ask for.
func checkBatch(b reading.Batch, records []app.Record) error {
	for i := range records {
		if records[i].Key.LogKey != b.Log || records[i].Key.Seq == 0 || records[i].Key.Seq > 1<<63-1 {
			return fmt.Errorf("record %s does not belong into log %s", records[i].Key, b.Log)
		}
	}
	if n := len(records); n > 0 && b.End.Seq != 0 && b.End.Seq != records[n-1].Key.Seq {
		return fmt.Errorf("the chain ends at %d, the records at %d", b.End.Seq, records[n-1].Key.Seq)
	}
	return nil
}

func (s *Store) storeBatch(ctx context.Context, tx *sqlx.Tx, b reading.Batch, records []app.Record) (int, error) {
	log, err := logID(ctx, tx, b.Log)
	if err != nil {
		return 0, fmt.Errorf("find log %s: %w", b.Log, err)
	}
	var of, number int64
	err = tx.QueryRowxContext(ctx, `SELECT log, number FROM reading WHERE id = ?`, b.ReadingID).Scan(&of, &number)
	if err != nil || of != log {
		return 0, errors.Join(fmt.Errorf("no reading %s of log %s", b.ReadingID, b.Log), err)
	}
	fresh, err := leaveOutStored(ctx, tx, log, records)
	if err != nil {
		return 0, err
	}
	if err := insertRecords(ctx, tx, log, number, fresh); err != nil {
		return 0, err
	}
	if err := s.noteAcknowledged(ctx, tx, log, number, fresh); err != nil {
		return 0, err
	}
	if err := updateGaps(ctx, tx, log, b.Gaps, fresh); err != nil {
		return 0, err
	}
	if err := noteBatch(ctx, tx, log, b, records, len(fresh)); err != nil {
		return 0, err
	}
	from, to := punchSpan(fresh)
	return len(fresh), s.judgeStored(ctx, tx, log, from, to)
}

// noteBatch moves the log's mark up and notes on the reading how far it came:
// should its process die now, that is what is known of it.
func noteBatch(ctx context.Context, tx *sqlx.Tx, log int64, b reading.Batch, records []app.Record, added int) error {
	if len(records) == 0 {
		return nil
	}
	first, last := int64(records[0].Key.Seq), int64(records[len(records)-1].Key.Seq)
	endHash := ""
	if b.End.Seq == 0 { // a file: sequences are hashes there, without first or last
		first, last = 0, 0
	} else {
		endHash = fmt.Sprintf("%x", b.End.Hash)
		_, err := tx.ExecContext(ctx, `UPDATE box_log SET last = ?, hash = ? WHERE id = ? AND last < ?`, last, b.End.Hash[:], log, last)
		if err != nil {
			return fmt.Errorf("move mark of log: %w", err)
		}
		if err := addChainPoint(ctx, tx, log, b.End); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE reading SET records = records + ?, added = added + ?, last = ?, end_hash = ?,
		first = CASE first WHEN 0 THEN ? ELSE first END WHERE id = ?`, len(records), added, last, endHash, first, b.ReadingID)
	if err != nil {
		return fmt.Errorf("note progress of reading: %w", err)
	}
	return nil
}

// addChainPoint keeps a point of the chain that a reading has proven, so that
// Verify can prove what was stored, also after a gap.
func addChainPoint(ctx context.Context, tx *sqlx.Tx, log int64, c reading.Chain) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO chain_point (log, seq, hash) SELECT ?1, ?2, ?3
		WHERE NOT EXISTS (SELECT 1 FROM chain_point WHERE log = ?1 AND seq = ?2)`, log, int64(c.Seq), c.Hash[:])
	if err != nil {
		return fmt.Errorf("keep point of chain: %w", err)
	}
	return nil
}

// content is what must be the same under the same key.
type content struct {
	raw   []byte
	punch bool
	at    app.Instant
	kind  app.IdentifierKind
	value string
	key   app.PunchKey
	file  bool
}

func contentOf(r app.Record) content {
	c := content{raw: r.Raw, file: r.Key.Log == app.FileLog}
	if r.Punch != nil {
		c.punch, c.at, c.kind, c.value, c.key = true, r.Punch.At, r.Punch.Identifier.Kind, r.Punch.Identifier.Value, r.Punch.Pressed
	}
	return c
}

// sameContent compares a record with the stored one. Records of Open Clock
// Boxes are the same to the byte. A line of a file may come in another variant,
// with more columns, so that what it says is compared: the same number at the
// same local time. A zone set right between two imports moves that by whole
// quarters of an hour, and an answer about the status column makes a key of
// none: neither makes it another line, for its key is made of what stood there.
func sameContent(a, b content) bool {
	if !a.file {
		return bytes.Equal(a.raw, b.raw)
	}
	if a.punch != b.punch || a.kind != b.kind || a.value != b.value {
		return false
	}
	const quarter, widest = 15 * time.Minute, 26 * time.Hour // zones lie from −12 to +14 hours
	if moved := a.at.Sub(b.at); moved.Abs() > widest || moved%quarter != 0 {
		return false
	}
	return a.key == b.key || a.key == app.KeyNone || b.key == app.KeyNone
}

// leaveOutStored returns the records that are not stored yet. It walks along the
// stored ones of the batch's range once.
func leaveOutStored(ctx context.Context, tx *sqlx.Tx, log int64, records []app.Record) ([]app.Record, error) {
	if len(records) == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.seq, r.raw, p.at, s.kind, s.value, p.pressed
		FROM record r LEFT JOIN punch p ON p.log = r.log AND p.seq = r.seq LEFT JOIN shown s ON s.id = p.shown
		WHERE r.log = ? AND r.seq BETWEEN ? AND ? ORDER BY r.seq`,
		log, int64(records[0].Key.Seq), int64(records[len(records)-1].Key.Seq))
	if err != nil {
		return nil, fmt.Errorf("look for stored records: %w", err)
	}
	defer rows.Close()
	var fresh []app.Record
	next := 0
	for rows.Next() {
		seq, stored, err := scanContent(rows)
		if err != nil {
			return nil, fmt.Errorf("look for stored records: %w", err)
		}
		for next < len(records) && records[next].Key.Seq < seq {
			fresh = append(fresh, records[next])
			next++
		}
		if next == len(records) || records[next].Key.Seq > seq {
			continue
		}
		mine := contentOf(records[next])
		stored.file = mine.file
		if !sameContent(mine, stored) {
			return nil, &reading.RecordDiffersError{Key: records[next].Key}
		}
		next++
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for stored records: %w", err)
	}
	if fresh == nil {
		return records[next:], nil
	}
	return append(fresh, records[next:]...), nil
}

func scanContent(rows *sql.Rows) (seq uint64, c content, err error) {
	var at, pressed sql.NullInt64
	var kind, value sql.NullString
	err = rows.Scan(&seq, &c.raw, &at, &kind, &value, &pressed)
	c.punch, c.at, c.kind = at.Valid, app.Instant(at.Int64), app.IdentifierKind(kind.String)
	c.value, c.key = value.String, app.PunchKey(pressed.Int64)
	return seq, c, err
}

// insertRecords puts new records there, and then what was decoded of them.
func insertRecords(ctx context.Context, tx *sqlx.Tx, log, readingNumber int64, records []app.Record) error {
	shown, err := shownIDs(ctx, tx, records)
	if err != nil {
		return err
	}
	places, err := placesFor(ctx, tx, log, readingNumber, records)
	if err != nil {
		return err
	}
	raw := newBulk(ctx, tx, `record (log, seq, type, raw, line, reading, place)`, 7)
	for i := range records {
		r := &records[i]
		raw.add(log, int64(r.Key.Seq), int64(r.Type), orEmpty(r.Raw), int64(r.Line), readingNumber, places[r.Key.Seq])
	}
	if err := raw.close(); err != nil { // before the others: they refer to it
		return fmt.Errorf("insert records: %w", err)
	}
	punches := newBulk(ctx, tx, `punch (log, seq, at, shown, pressed, flags, boot, since_boot, reading, tap)`, 10)
	events := newBulk(ctx, tx, `box_event (log, seq, type, at, boot, since_boot, data, reading)`, 8)
	for i := range records {
		seq := int64(records[i].Key.Seq)
		if p := records[i].Punch; p != nil {
			punches.add(log, seq, int64(p.At), shown[p.Identifier], int64(p.Pressed), int64(p.Flags), int64(p.Boot), int64(p.SinceBoot), readingNumber, tapOf(records[i].Key))
		}
		if e := records[i].Event; e != nil {
			events.add(log, seq, int64(e.Type), int64(e.At), int64(e.Boot), int64(e.SinceBoot), e.Data[:], readingNumber)
		}
	}
	if err := errors.Join(punches.close(), events.close()); err != nil {
		return fmt.Errorf("insert what records say: %w", err)
	}
	return nil
}

// tapOf is what a tap of a terminal is known by: its key, which is made of what it says; 0 where keys are numbers.
func tapOf(k app.RecordKey) int64 {
	if k.Log != app.FileLog {
		return 0
	}
	return int64(k.Seq)
}

// placesFor returns the places of new lines of a terminal's memory, by their sequences: behind those of its log, in the
// order in which they stand in the memory. Logs with sequence numbers have none.
func placesFor(ctx context.Context, tx *sqlx.Tx, log, readingNumber int64, records []app.Record) (map[uint64]int64, error) {
	if len(records) == 0 || records[0].Key.Log != app.FileLog {
		return nil, nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO file_reading (reading, kind) VALUES (?, ?) ON CONFLICT DO NOTHING`, readingNumber, filelog.Terminal); err != nil {
		return nil, fmt.Errorf("note a terminal's reading: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE box_log SET version = version + 1 WHERE id = ?`, log); err != nil {
		return nil, fmt.Errorf("note a terminal's reading: %w", err)
	}
	var next int64
	err := tx.GetContext(ctx, &next, `SELECT coalesce((SELECT max(place) + 1 FROM record WHERE log = ?1 AND place > 0), (SELECT count(*) FROM record WHERE log = ?1))`, log)
	if err != nil {
		return nil, fmt.Errorf("find the end of a log: %w", err)
	}
	inMemory := slices.SortedStableFunc(slices.Values(records), func(a, b app.Record) int { return cmp.Compare(a.Line, b.Line) })
	places := make(map[uint64]int64, len(records))
	for i := range inMemory {
		places[inMemory[i].Key.Seq] = next + int64(i)
	}
	return places, nil
}

// shownIDs returns the local shorthands of what was shown, making those that are new.
func shownIDs(ctx context.Context, tx *sqlx.Tx, records []app.Record) (map[app.IdentifierKey]int64, error) {
	ids := map[app.IdentifierKey]int64{}
	for i := range records {
		p := records[i].Punch
		if p == nil {
			continue
		}
		if _, ok := ids[p.Identifier]; ok {
			continue
		}
		id, err := shownID(ctx, tx, p.Identifier)
		if err != nil {
			return nil, fmt.Errorf("note what was shown: %w", err)
		}
		ids[p.Identifier] = id
	}
	return ids, nil
}

func shownID(ctx context.Context, tx *sqlx.Tx, k app.IdentifierKey) (id int64, err error) {
	err = tx.GetContext(ctx, &id, `SELECT id FROM shown WHERE kind = ? AND "group" = ? AND value = ?`, k.Kind, k.Group, k.Value)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO shown (kind, "group", value) VALUES (?, ?, ?)`, k.Kind, k.Group, k.Value)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// bulk inserts rows by the statement-full: the statement for a full load is
// prepared once. After its first error it does nothing any more.
type bulk struct {
	ctx     context.Context // of the one call that made it
	tx      *sqlx.Tx
	into    string
	columns int
	args    []any
	full    *sql.Stmt
	err     error
}

func newBulk(ctx context.Context, tx *sqlx.Tx, into string, columns int) *bulk {
	return &bulk{ctx: ctx, tx: tx, into: into, columns: columns, args: make([]any, 0, rowsPerInsert*columns)}
}

// add takes one row; a full load is inserted at once.
func (b *bulk) add(args ...any) {
	if b.err != nil {
		return
	}
	b.args = append(b.args, args...)
	if len(b.args) < rowsPerInsert*b.columns {
		return
	}
	if b.full == nil {
		b.full, b.err = b.tx.PrepareContext(b.ctx, b.statement(rowsPerInsert))
	}
	if b.err == nil {
		_, b.err = b.full.ExecContext(b.ctx, b.args...)
	}
	b.args = b.args[:0]
}

// flush inserts what is left over, and tells the first error of all.
func (b *bulk) flush() error {
	if b.err == nil && len(b.args) > 0 {
		_, b.err = b.tx.ExecContext(b.ctx, b.statement(len(b.args)/b.columns), b.args...)
		b.args = b.args[:0]
	}
	return b.err
}

// close flushes and lets the statement go.
func (b *bulk) close() error {
	err := b.flush()
	if b.full != nil {
		b.full.Close()
	}
	return err
}

func (b *bulk) statement(rows int) string {
	row := "(?" + strings.Repeat(", ?", b.columns-1) + ")"
	return "INSERT INTO " + b.into + " VALUES " + row + strings.Repeat(", "+row, rows-1)
}
