package data

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

// Verify checks the file itself, its references, the trail's chains, the
// records against their boxes' chains, what was decoded of them (where
// Options.Decode was given), the sealed fields and what was approved, all on one state of the
// database. It returns what is wrong, nothing when all is well.
func (s *Store) Verify(ctx context.Context) ([]store.Finding, error) {
	var out []store.Finding
	err := s.read(ctx, "verify", func(tx *sqlx.Tx) error {
		for _, check := range []func(context.Context, *sqlx.Tx) ([]store.Finding, error){
			checkFile, checkReferences, checkTrail, checkChains, s.checkDecoded, s.checkSealed, checkApprovals,
		} {
			found, err := check(ctx, tx)
			if err != nil {
				return err
			}
			slices.SortFunc(found, func(a, b store.Finding) int {
				return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Code, b.Code))
			})
			out = append(out, found...)
		}
		return nil
	})
	var torn *Error
	if errors.As(err, &torn) && torn.Kind == ErrDamaged { // so much that it cannot be read to the end
		return append(out, finding("file", "", "file-damaged")), nil
	}
	return out, err
}

// finding names what is wrong: its kind, where it is, and a code.
func finding(what, target, code string) store.Finding {
	return store.Finding{What: what, Target: target, Code: code}
}

// checkFile asks SQLite whether pages, indexes and constraints are sound.
func checkFile(ctx context.Context, tx *sqlx.Tx) ([]store.Finding, error) {
	var says []string
	if err := tx.SelectContext(ctx, &says, `PRAGMA integrity_check(10)`); err != nil {
		return nil, err
	}
	if len(says) == 1 && says[0] == "ok" {
		return nil, nil
	}
	return []store.Finding{finding("file", "", "file-damaged")}, nil
}

func checkReferences(ctx context.Context, tx *sqlx.Tx) (out []store.Finding, err error) {
	rows, err := tx.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var table, parent string
		var row, key sql.NullInt64
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return nil, err
		}
		out = append(out, finding("foreign-key", table+":"+parent, "reference-missing"))
	}
	return out, rows.Err()
}

type trailCheckRow struct {
	Installation app.ID         `db:"installation"`
	Seq          int64          `db:"seq"`
	Digest       []byte         `db:"digest"`
	Hash         []byte         `db:"hash"`
	Stands       bool           `db:"stands"` // its row of trail_payload is there
	At           app.Instant    `db:"at"`
	Actor        string         `db:"actor"`
	What         string         `db:"what"`
	Target       string         `db:"target"`
	Salt         []byte         `db:"salt"`
	Payload      sql.NullString `db:"payload"`
}

func (r *trailCheckRow) name() string { return fmt.Sprintf("trail:%s/%d", r.Installation, r.Seq) }

// checkTrail recomputes every installation's chain.
func checkTrail(ctx context.Context, tx *sqlx.Tx) (out []store.Finding, err error) {
	rows, err := tx.QueryxContext(ctx, `SELECT t.installation, t.seq, t.digest, t.hash, p.seq IS NOT NULL AS stands,
		coalesce(p.at, 0) AS at, coalesce(p.actor, '') AS actor, coalesce(p.what, '') AS what, coalesce(p.target, '') AS target, p.salt, p.payload
		FROM trail t LEFT JOIN trail_payload p ON p.installation = t.installation AND p.seq = t.seq ORDER BY t.installation, t.seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var previous trailCheckRow
	gone, noted := map[trailLink]string{}, map[trailLink]bool{}
	for rows.Next() {
		var row trailCheckRow
		if err := rows.StructScan(&row); err != nil {
			return nil, err
		}
		if row.Installation != previous.Installation {
			previous = trailCheckRow{Installation: row.Installation, Hash: trailStart(row.Installation)}
		}
		if code := trailFault(&previous, &row); code != "" {
			out = append(out, finding("trail", row.name(), code))
		}
		if row.Stands && !row.Payload.Valid {
			gone[trailLink{row.Installation, row.Seq}] = row.name()
		}
		noteErased(noted, &row)
		previous = row
	}
	for link, name := range gone {
		if !noted[link] {
			out = append(out, finding("trail", name, "trail-erased"))
		}
	}
	return out, rows.Err()
}

// trailFault returns what is wrong with one link, given the one before it.
func trailFault(previous, row *trailCheckRow) string {
	switch {
	case row.Seq != previous.Seq+1:
		return "trail-gap"
	case !bytes.Equal(row.Hash, trailHash(previous.Hash, row.Seq, row.Digest)):
		return "trail-broken"
	case !row.Stands:
		return "trail-missing"
	case !row.Payload.Valid:
		return "" // erased; whether someone noted that is asked at the end
	case !bytes.Equal(row.Digest, trailDigest(row.Salt, []byte(row.Payload.String))):
		return "trail-changed"
	}
	var says trailPayload
	err := json.Unmarshal([]byte(row.Payload.String), &says)
	if err != nil || says.At != row.At || says.Actor != row.Actor || says.What != row.What || says.Target != row.Target {
		return "trail-changed" // the columns beside the payload are for searching: they must say the same
	}
	return ""
}

// noteErased notes which links an act of erasing tells of.
func noteErased(noted map[trailLink]bool, row *trailCheckRow) {
	if row.What != trailErasing || !row.Payload.Valid {
		return
	}
	var says struct {
		After trailErased `json:"after"`
	}
	if json.Unmarshal([]byte(row.Payload.String), &says) != nil {
		return
	}
	for _, link := range says.After.Erased {
		noted[link] = true
	}
}

// checkChains recomputes the hash chain of every log of an Open Clock Box.
func checkChains(ctx context.Context, tx *sqlx.Tx) (out []store.Finding, err error) {
	logs, err := logKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	for id, key := range logs {
		start, ok := chainStart(key)
		if !ok {
			continue // files have no chain
		}
		c := chainCheck{id: id, key: key, prev: 0, h: start, proven: true}
		if c.points, err = chainPoints(ctx, tx, id); err != nil {
			return nil, err
		}
		if c.gaps, err = knownGaps(ctx, tx, id); err != nil {
			return nil, err
		}
		if err := c.run(ctx, tx); err != nil {
			return nil, fmt.Errorf("check chain of %s: %w", key, err)
		}
		out = append(out, c.found...)
	}
	return out, nil
}

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

// chainCheck walks along one log.
type chainCheck struct {
	id     int64
	key    app.LogKey
	points map[uint64][]byte // h at some sequences, as the box told and a reading proved
	gaps   []gapRow
	prev   uint64
	h      [32]byte
	proven bool // h is h(prev); false after a gap, until the next point
	found  []store.Finding
}

func (c *chainCheck) run(ctx context.Context, tx *sqlx.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT seq, raw FROM record WHERE log = ? ORDER BY seq`, c.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq uint64
		var raw sql.RawBytes
		if err := rows.Scan(&seq, &raw); err != nil {
			return err
		}
		c.record(seq, raw)
	}
	for seq := range c.points {
		if seq > c.prev { // once there was more
			c.find(fmt.Sprintf("%s/%d", c.key, seq), "records-missing")
			break
		}
	}
	return rows.Err()
}

func (c *chainCheck) record(seq uint64, raw []byte) {
	if seq != c.prev+1 {
		c.gap(c.prev+1, seq-1)
	}
	if c.proven {
		c.h = sha256.Sum256(append(c.h[:], raw...))
	}
	c.prev = seq
	point, ok := c.points[seq]
	if !ok {
		return
	}
	if c.proven && !bytes.Equal(c.h[:], point) {
		c.find(fmt.Sprintf("%s/%d", c.key, seq), "chain-broken")
	}
	c.proven = copy(c.h[:], point) == len(c.h)
}

func (c *chainCheck) gap(first, last uint64) {
	c.proven = false
	if point, ok := c.points[last]; ok {
		c.proven = copy(c.h[:], point) == len(c.h)
	}
	if rest := subtract([]gapRow{{First: int64(first), Last: int64(last)}}, gapRanges(c.gaps)); len(rest) > 0 {
		c.find(fmt.Sprintf("%s/%d", c.key, rest[0].First), "gap-unknown")
	}
}

func (c *chainCheck) find(target, code string) {
	c.found = append(c.found, finding("chain", target, code))
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

// checkDecoded compares what was decoded at storing with what the records say.
func (s *Store) checkDecoded(ctx context.Context, tx *sqlx.Tx) (out []store.Finding, err error) {
	if s.decode == nil {
		return nil, nil
	}
	logs, err := logKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.log, r.seq, r.type, r.raw, p.at, s.kind, s.value, p.pressed, p.flags, p.boot, p.since_boot,
		e.type, e.at, e.boot, e.since_boot, e.data
		FROM record r LEFT JOIN punch p ON p.log = r.log AND p.seq = r.seq LEFT JOIN shown s ON s.id = p.shown LEFT JOIN box_event e ON e.log = r.log AND e.seq = r.seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		stored, err := scanDecoded(rows, logs)
		if err != nil {
			return nil, err
		}
		if _, ok := chainStart(stored.Key.LogKey); !ok {
			continue // what a line of a file says depends on settings of its box
		}
		says, err := s.decode(stored.Key.LogKey, stored.Raw)
		if err != nil || !sameDecoded(says, stored) {
			out = append(out, finding("chain", stored.Key.String(), "decoded-differs"))
		}
	}
	return out, rows.Err()
}

func scanDecoded(rows *sql.Rows, logs map[int64]app.LogKey) (r app.Record, err error) {
	var log int64
	var at, pressed, flags, boot, since, eventType, eventAt, eventBoot, eventSince sql.NullInt64
	var kind, value sql.NullString
	var data []byte
	err = rows.Scan(&log, &r.Key.Seq, &r.Type, &r.Raw, &at, &kind, &value, &pressed, &flags, &boot, &since,
		&eventType, &eventAt, &eventBoot, &eventSince, &data)
	r.Key.LogKey = logs[log]
	if at.Valid {
		r.Punch = &app.Punch{At: app.Instant(at.Int64), Identifier: app.IdentifierKey{Kind: app.IdentifierKind(kind.String), Value: value.String},
			Pressed: app.PunchKey(pressed.Int64), Flags: app.PunchFlags(flags.Int64), Boot: uint16(boot.Int64), SinceBoot: uint32(since.Int64)}
	}
	if eventAt.Valid {
		r.Event = &app.BoxEvent{
			Type:      app.RecordType(eventType.Int64),
			At:        app.Instant(eventAt.Int64),
			Boot:      uint16(eventBoot.Int64),
			SinceBoot: uint32(eventSince.Int64),
		}
		copy(r.Event.Data[:], data)
	}
	return r, err
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

// checkSealed opens what is sealed of workers, registrations, entries of the
// register and accounts of imports, and compares look-ups.
func (s *Store) checkSealed(ctx context.Context, tx *sqlx.Tx) (out []store.Finding, err error) {
	var workers []workerRow
	if err := tx.SelectContext(ctx, &workers, selectAll[workerRow]("worker")); err != nil {
		return nil, err
	}
	for _, r := range workers {
		w, err := s.openWorker(r)
		again := s.workerRow(w)
		if err != nil || !bytes.Equal(again.SSINLookup, r.SSINLookup) || !bytes.Equal(again.LimosaLookup, r.LimosaLookup) ||
			!bytes.Equal(again.BirthLookup, r.BirthLookup) {
			out = append(out, finding("sealed", "worker:"+string(r.ID), "sealed-broken"))
		}
	}
	var registrations []struct {
		ID     app.ID `db:"id"`
		Sealed []byte `db:"ssin_sealed"`
		Lookup []byte `db:"ssin_lookup"`
	}
	if err := tx.SelectContext(ctx, &registrations, `SELECT id, ssin_sealed, ssin_lookup FROM registration`); err != nil {
		return nil, err
	}
	for _, r := range registrations {
		ssin, err := s.seal.open(registrationPlace(r.ID), r.Sealed)
		if err != nil || !bytes.Equal(s.seal.lookup(lookUpSSIN, ssin), r.Lookup) {
			out = append(out, finding("sealed", "registration:"+string(r.ID), "sealed-broken"))
		}
	}
	var entries []entryRow
	if err := tx.SelectContext(ctx, &entries, selectAll[entryRow]("register_entry")); err != nil {
		return nil, err
	}
	for _, r := range entries {
		ssin, err := s.seal.open(entryPlace(r.Environment, r.ID, "ssin"), r.SSINSealed)
		_, err2 := s.seal.open(entryPlace(r.Environment, r.ID, "raw"), r.RawSealed)
		if err != nil || err2 != nil || !bytes.Equal(s.seal.lookup(lookUpSSIN, ssin), r.SSINLookup) {
			out = append(out, finding("sealed", fmt.Sprintf("entry:%s/%d", r.Environment, r.ID), "sealed-broken"))
		}
	}
	var accounts []struct {
		ID     app.ID `db:"id"`
		Sealed []byte `db:"account_sealed"`
	}
	if err := tx.SelectContext(ctx, &accounts, `SELECT id, account_sealed FROM list_import`); err != nil {
		return nil, err
	}
	for _, r := range accounts {
		if _, err := s.seal.open(accountPlace(r.ID), r.Sealed); err != nil {
			out = append(out, finding("sealed", "import:"+string(r.ID), "sealed-broken"))
		}
	}
	return out, nil
}
