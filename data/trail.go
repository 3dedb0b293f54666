package data

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// saltBytes is the length of a payload's salt: with it gone, nobody can guess
// an erased payload back from its digest.
const saltBytes = 32

// trailPayload is what one link says, as JSON.
type trailPayload struct {
	At     app.Instant `json:"at"`
	Actor  string      `json:"actor"`
	What   string      `json:"what"`
	Target string      `json:"target"`
	Why    string      `json:"why,omitempty"`
	Before any         `json:"before,omitempty"`
	After  any         `json:"after,omitempty"`
}

// note appends an act to the trail in the transaction of what it did. before
// and after are taken where the caller of the store gave none itself.
func (s *Store) note(ctx context.Context, tx *sqlx.Tx, act app.Act, before, after any) error {
	if act.Before == nil {
		act.Before = before
	}
	if act.After == nil {
		act.After = after
	}
	if act.At == 0 {
		act.At = app.At(s.now())
	}
	payload, err := json.Marshal(trailPayload{act.At, act.Actor, act.What, act.Target, act.Why, act.Before, act.After})
	if err != nil {
		return fmt.Errorf("write trail: %w", err)
	}
	seq, last, err := trailEnd(ctx, tx, s.own)
	if err != nil {
		return fmt.Errorf("write trail: %w", err)
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails (crypto/rand)
	digest := trailDigest(salt, payload)
	hash := trailHash(last, seq+1, digest)
	if _, err := tx.ExecContext(ctx, `INSERT INTO trail (installation, seq, digest, hash) VALUES (?, ?, ?, ?)`, s.own, seq+1, digest, hash); err != nil {
		return fmt.Errorf("write trail: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO trail_payload (installation, seq, at, actor, what, target, salt, payload)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, s.own, seq+1, act.At, act.Actor, act.What, act.Target, salt, string(payload)); err != nil {
		return fmt.Errorf("write trail: %w", err)
	}
	return nil
}

// trailStart is the hash before the first link of an installation's chain.
func trailStart(installation app.ID) []byte {
	h := sha256.Sum256([]byte("klokkast trail\x00" + string(installation)))
	return h[:]
}

func trailDigest(salt, payload []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(payload)
	return h.Sum(nil)
}

func trailHash(previous []byte, seq int64, digest []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(seq)))
	h.Write(digest)
	return h.Sum(nil)
}

// trailEnd returns the last link of a chain; 0 and the chain's start for an empty one.
func trailEnd(ctx context.Context, tx *sqlx.Tx, installation app.ID) (seq int64, hash []byte, err error) {
	err = tx.QueryRowxContext(ctx, `SELECT seq, hash FROM trail WHERE installation = ? ORDER BY seq DESC LIMIT 1`, installation).Scan(&seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, trailStart(installation), nil
	}
	return seq, hash, err
}

// NoteAct appends an act that changes nothing else: a reveal, a print.
func (s *Store) NoteAct(ctx context.Context, act app.Act) error {
	return s.write(ctx, "note act", func(tx *sqlx.Tx) error { return s.note(ctx, tx, act, nil, nil) })
}

type trailRow struct {
	Installation app.ID         `db:"installation"`
	Seq          int64          `db:"seq"`
	At           app.Instant    `db:"at"`
	Actor        string         `db:"actor"`
	What         string         `db:"what"`
	Target       string         `db:"target"`
	Payload      sql.NullString `db:"payload"`
	Hash         []byte         `db:"hash"`
}

func (r trailRow) value() (app.TrailEntry, error) {
	return app.TrailEntry{Installation: r.Installation, Seq: r.Seq, At: r.At, Actor: r.Actor, What: r.What,
		Target: r.Target, Payload: r.Payload.String, Hash: hex.EncodeToString(r.Hash)}, nil
}

// Trail returns the newest links first: those about target (kind:id), or all for
// ""; at most limit of them, or all for 0.
func (s *Store) Trail(ctx context.Context, target string, limit int) ([]app.TrailEntry, error) {
	if limit <= 0 {
		limit = -1 // SQLite: no limit
	}
	query, args := selectTrail, []any{limit}
	if target != "" {
		query, args = selectTrail+` WHERE p.target = ?`, []any{target, limit}
	}
	return list(ctx, s, "read trail", trailRow.value, query+` ORDER BY p.at DESC, p.installation DESC, p.seq DESC LIMIT ?`, args...)
}

const selectTrail = `SELECT p.installation, p.seq, p.at, p.actor, p.what, p.target, p.payload, t.hash
	FROM trail_payload p JOIN trail t ON t.installation = p.installation AND t.seq = p.seq`

// trailErasing is the What of every act that erases payloads.
const trailErasing = "trail.erase"

// trailErased is what such an act tells of it.
type trailErased struct {
	Erased []trailLink `json:"erased"`
}

type trailLink struct {
	Installation app.ID `json:"installation" db:"installation"`
	Seq          int64  `json:"seq"          db:"seq"`
}

// EraseTrailPayload erases payload and salt of all links about target, for a
// person whose data may be kept no longer. That something happened, when and by
// whom stays, and the chain still proves its order. The erasing itself is noted
// (act.What becomes trail.erase).
func (s *Store) EraseTrailPayload(ctx context.Context, target string, act app.Act) error {
	if target == "" {
		return errors.New("erase trail payload: no target")
	}
	err := s.write(ctx, "erase trail payload", func(tx *sqlx.Tx) error {
		var links []trailLink
		err := tx.SelectContext(ctx, &links, `SELECT installation, seq FROM trail_payload WHERE target = ? AND payload IS NOT NULL`, target)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE trail_payload SET payload = NULL, salt = NULL WHERE target = ? AND payload IS NOT NULL`, target); err != nil {
			return err
		}
		act.What = trailErasing
		act.Before = nil
		act.After = trailErased{links}
		return s.note(ctx, tx, act, nil, nil)
	})
	if err != nil {
		return err
	}
	return s.settle(ctx)
}

// settle writes the write-ahead log back and empties it, so that what was
// erased is not still in there.
func (s *Store) settle(ctx context.Context) error {
	if _, err := s.w.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("empty write-ahead log: %w", s.explain(err))
	}
	return nil
}
