package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

// chainStart returns h(0) of a log, SHA-256("OCB1" ‖ box uid ‖ log id); false for
// logs of other makes.
func chainStart(log app.LogKey) (h [32]byte, ok bool) {
	uid, err1 := hex.DecodeString(log.Box)
	id, err2 := hex.DecodeString(log.Log)
	if err1 != nil || err2 != nil || len(uid) != 16 || len(id) != 16 {
		return h, false
	}
	return sha256.Sum256(append(append([]byte("OCB1"), uid...), id...)), true
}

// logCheck walks along one log of an Open Clock Box: it recomputes the hash chain, and compares what was decoded of
// the records with what they say.
type logCheck struct {
	s     *Store
	id    int64
	key   app.LogKey
	shown map[int64]app.IdentifierKey // as they were when Verify began

	points map[uint64][]byte // h at some sequences, as the box told and a reading proved
	gaps   []gapRow
	prev   uint64
	h      [32]byte
	link   []byte // h and a record, one after the other
	proven bool   // h is h(prev); false after a gap, until the next point
	found  []store.Finding

	punches *punchCursor
	events  *eventCursor
}

// run checks the log. Files have no chain, and what their lines say depends on settings of their box.
func (c *logCheck) run(ctx context.Context, tx *sqlx.Tx, gone func(int)) (_ []store.Finding, err error) {
	start, ok := chainStart(c.key)
	if !ok {
		var n int
		err := tx.GetContext(ctx, &n, `SELECT count(*) FROM record WHERE log = ?`, c.id)
		gone(n)
		return nil, err
	}
	c.h, c.proven = start, true
	if c.points, err = chainPoints(ctx, tx, c.id); err != nil {
		return nil, err
	}
	if c.gaps, err = knownGaps(ctx, tx, c.id); err != nil {
		return nil, err
	}
	if err := c.decoded(ctx, tx); err != nil {
		return nil, err
	}
	if err := errors.Join(c.walk(ctx, tx, gone), c.punches.close(), c.events.close()); err != nil {
		return c.found, fmt.Errorf("check chain of %s: %w", c.key, err)
	}
	return c.found, nil
}

// decoded begins to read what was decoded, in the order of the records: a join would look each of them up.
func (c *logCheck) decoded(ctx context.Context, tx *sqlx.Tx) (err error) {
	if c.s.decode == nil {
		return nil
	}
	if c.punches, err = punchesOf(ctx, tx, c.id, c.shown); err != nil {
		return err
	}
	c.events, err = eventsOf(ctx, tx, c.id)
	return err
}

func (c *logCheck) walk(ctx context.Context, tx *sqlx.Tx, gone func(int)) error {
	rows, err := tx.QueryContext(ctx, `SELECT seq, type, raw FROM record WHERE log = ? ORDER BY seq`, c.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	count := counter{gone: gone}
	defer count.end()
	for rows.Next() {
		var seq, kind int64
		var raw sql.RawBytes
		if err := rows.Scan(&seq, &kind, &raw); err != nil {
			return err
		}
		c.record(uint64(seq), raw)
		if c.s.decode != nil {
			if err := c.says(ctx, tx, uint64(seq), kind, raw); err != nil {
				return err
			}
		}
		count.row()
	}
	for seq := range c.points {
		if seq > c.prev { // once there was more
			c.find(seq, "records-missing")
			break
		}
	}
	return rows.Err()
}

func (c *logCheck) record(seq uint64, raw []byte) {
	if seq != c.prev+1 {
		c.gap(c.prev+1, seq-1)
	}
	if c.proven {
		c.link = append(append(c.link[:0], c.h[:]...), raw...)
		c.h = sha256.Sum256(c.link)
	}
	c.prev = seq
	point, ok := c.points[seq]
	if !ok {
		return
	}
	if c.proven && !bytes.Equal(c.h[:], point) {
		c.find(seq, "chain-broken")
	}
	c.proven = copy(c.h[:], point) == len(c.h)
}

func (c *logCheck) gap(first, last uint64) {
	c.proven = false
	if point, ok := c.points[last]; ok {
		c.proven = copy(c.h[:], point) == len(c.h)
	}
	if rest := subtract([]gapRow{{First: int64(first), Last: int64(last)}}, gapRanges(c.gaps)); len(rest) > 0 {
		c.find(uint64(rest[0].First), "gap-unknown")
	}
}

// says compares what was decoded of a record with what it says.
func (c *logCheck) says(ctx context.Context, tx *sqlx.Tx, seq uint64, kind int64, raw []byte) (err error) {
	stored := app.Record{Key: app.RecordKey{LogKey: c.key, Seq: seq}, Type: app.RecordType(kind)}
	if stored.Punch, err = c.punches.of(ctx, tx, seq); err != nil {
		return err
	}
	if stored.Event, err = c.events.of(seq); err != nil {
		return err
	}
	says, err := c.s.decode(c.key, raw)
	if err != nil || int64(stored.Type) != kind || !sameDecoded(says, stored) {
		c.find(seq, "decoded-differs")
	}
	return nil
}

func (c *logCheck) find(seq uint64, code string) {
	c.found = append(c.found, finding("chain", app.RecordKey{LogKey: c.key, Seq: seq}.String(), code))
}

func gapRanges(gaps []gapRow) []seqRange {
	out := make([]seqRange, len(gaps))
	for i, g := range gaps {
		out[i] = seqRange{g.First, g.Last}
	}
	return out
}

func knownGaps(ctx context.Context, tx *sqlx.Tx, log int64) (out []gapRow, err error) {
	err = tx.SelectContext(ctx, &out, `SELECT log, first, last, read_elsewhere, known FROM gap WHERE log = ? ORDER BY first`, log)
	return out, err
}

// chainPoints gathers what is known of a log's chain, wherever it stands. Two
// places that tell different things of one sequence show up as a broken chain.
func chainPoints(ctx context.Context, tx *sqlx.Tx, log int64) (map[uint64][]byte, error) {
	var rows []struct {
		Seq  uint64 `db:"seq"`
		Hash string `db:"hash"` // hex
	}
	err := tx.SelectContext(ctx, &rows, `SELECT seq, hex(hash) AS hash FROM chain_point WHERE log = ?1
		UNION ALL SELECT last, upper(end_hash) FROM reading WHERE log = ?1 AND source = 'cable' AND last > 0 AND end_hash <> ''
		UNION ALL SELECT last, hex(hash) FROM box_log WHERE id = ?1 AND last > 0`, log)
	if err != nil {
		return nil, err
	}
	points := make(map[uint64][]byte, len(rows))
	for _, r := range rows {
		h, err := hex.DecodeString(r.Hash)
		if old, ok := points[r.Seq]; err != nil || ok && !bytes.Equal(old, h) {
			h = make([]byte, sha256.Size) // fits nothing
		}
		points[r.Seq] = h
	}
	return points, nil
}

// punchCursor goes along the punches of a log.
type punchCursor struct {
	rows               *sql.Rows
	more               bool
	shown              map[int64]app.IdentifierKey
	fresh              map[int64]app.IdentifierKey // what was shown since Verify began
	seq, at, what, own int64
	targets            []any
	punch              app.Punch
}

// What is small stands together in one number, as in punchColumns.
func punchesOf(ctx context.Context, tx *sqlx.Tx, log int64, shown map[int64]app.IdentifierKey) (*punchCursor, error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq, at, (boot << 48) | (flags << 40) | (pressed << 32) | since_boot, shown FROM punch WHERE log = ? ORDER BY seq`, log)
	if err != nil {
		return nil, fmt.Errorf("read punches: %w", err)
	}
	c := &punchCursor{rows: rows, shown: shown, fresh: map[int64]app.IdentifierKey{}}
	c.targets = []any{&c.seq, &c.at, &c.what, &c.own} // plain integers: no reflection
	return c, c.next()
}

func (c *punchCursor) next() error {
	if c.more = c.rows.Next(); !c.more {
		return c.rows.Err()
	}
	return c.rows.Scan(c.targets...)
}

// of returns the punch of a record, valid until it is asked again; nil where there is none.
func (c *punchCursor) of(ctx context.Context, tx *sqlx.Tx, seq uint64) (*app.Punch, error) {
	for c.more && uint64(c.seq) < seq {
		if err := c.next(); err != nil {
			return nil, err
		}
	}
	if !c.more || uint64(c.seq) != seq {
		return nil, nil
	}
	who, err := c.identifier(ctx, tx, c.own)
	c.punch = app.Punch{At: app.Instant(c.at), Identifier: who, Boot: uint16(c.what >> 48), Flags: app.PunchFlags(c.what >> 40),
		Pressed: app.PunchKey(c.what >> 32), SinceBoot: uint32(c.what)}
	return &c.punch, err
}

// identifier returns what was shown; of what came since Verify began it asks. What is not there at all is a missing reference.
func (c *punchCursor) identifier(ctx context.Context, tx *sqlx.Tx, id int64) (k app.IdentifierKey, err error) {
	if k, ok := c.shown[id]; ok {
		return k, nil
	}
	if k, ok := c.fresh[id]; ok {
		return k, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT kind, value FROM shown WHERE id = ?`, id).Scan(&k.Kind, &k.Value)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	c.fresh[id] = k
	return k, err
}

func (c *punchCursor) close() error {
	if c == nil {
		return nil
	}
	return c.rows.Close()
}

// eventCursor goes along the events of a log.
type eventCursor struct {
	rows  *sql.Rows
	more  bool
	seq   int64
	event app.BoxEvent
}

func eventsOf(ctx context.Context, tx *sqlx.Tx, log int64) (*eventCursor, error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq, type, at, boot, since_boot, data FROM box_event WHERE log = ? ORDER BY seq`, log)
	if err != nil {
		return nil, fmt.Errorf("read box events: %w", err)
	}
	c := &eventCursor{rows: rows}
	return c, c.next()
}

func (c *eventCursor) next() error {
	if c.more = c.rows.Next(); !c.more {
		return c.rows.Err()
	}
	var kind, at, boot, since int64
	var data sql.RawBytes
	err := c.rows.Scan(&c.seq, &kind, &at, &boot, &since, &data)
	c.event = app.BoxEvent{Type: app.RecordType(kind), At: app.Instant(at), Boot: uint16(boot), SinceBoot: uint32(since)}
	copy(c.event.Data[:], data)
	return err
}

// of returns the event of a record, valid until it is asked again; nil where there is none.
func (c *eventCursor) of(seq uint64) (*app.BoxEvent, error) {
	for c.more && uint64(c.seq) < seq {
		if err := c.next(); err != nil {
			return nil, err
		}
	}
	if !c.more || uint64(c.seq) != seq {
		return nil, nil
	}
	return &c.event, nil
}

func (c *eventCursor) close() error {
	if c == nil {
		return nil
	}
	return c.rows.Close()
}

// sameDecoded compares all that the record alone decides: not the group, which
// is the box's setting, nor the reading.
func sameDecoded(a, b app.Record) bool {
	if a.Key.Seq != b.Key.Seq || a.Type != b.Type || (a.Punch == nil) != (b.Punch == nil) || (a.Event == nil) != (b.Event == nil) {
		return false
	}
	if a.Punch != nil {
		p, q := *a.Punch, *b.Punch
		p.Key, q.Key, p.ReadingID, q.ReadingID = app.RecordKey{}, app.RecordKey{}, "", ""
		p.Identifier.Group, q.Identifier.Group = "", ""
		if p != q {
			return false
		}
	}
	if a.Event != nil {
		e, f := *a.Event, *b.Event
		e.Key, f.Key, e.ReadingID, f.ReadingID = app.RecordKey{}, app.RecordKey{}, "", ""
		return e == f
	}
	return true
}
