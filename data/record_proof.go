package data

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/dossier"
)

// Proofs returns records as they came, with where they stand in their logs'
// chains, in the order of keys. A record that is not stored is left out.
func (s *Store) Proofs(ctx context.Context, keys []app.RecordKey) ([]dossier.Proof, error) {
	out := []dossier.Proof{}
	err := s.read(ctx, "read records", func(tx *sqlx.Tx) error {
		for _, k := range keys {
			p, err := proofOf(ctx, tx, k)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return fmt.Errorf("record %s: %w", k, err)
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

func proofOf(ctx context.Context, tx *sqlx.Tx, k app.RecordKey) (dossier.Proof, error) {
	p := dossier.Proof{Key: k}
	var log int64
	var raw []byte
	err := tx.QueryRowxContext(ctx, `SELECT r.log, r.type, r.raw, r.line, g.id FROM record r JOIN box_log l ON l.id = r.log
		JOIN reading g ON g.number = r.reading WHERE l.box = ? AND l.log = ? AND r.seq = ?`, k.Box, k.Log, int64(k.Seq)).
		Scan(&log, &p.Type, &raw, &p.Line, &p.ReadingID)
	if err != nil {
		return p, err
	}
	start, chained := chainStart(k.LogKey)
	if !chained {
		p.Raw, p.Text = string(raw), true
		return p, nil
	}
	p.Raw = hex.EncodeToString(raw)
	p.Chain, err = chainAround(ctx, tx, log, k.Seq, start)
	return p, err
}

// chainAround walks along a log from the last proven place before a record to
// the first one at or after it.
func chainAround(ctx context.Context, tx *sqlx.Tx, log int64, seq uint64, start [32]byte) (*dossier.Chain, error) {
	points, err := chainPoints(ctx, tx, log)
	if err != nil {
		return nil, err
	}
	points[0] = start[:]
	from, to := uint64(0), seq
	c := &dossier.Chain{}
	for at := range points {
		if at < seq {
			from = max(from, at)
		} else if c.PointSeq == 0 || at < c.PointSeq {
			c.PointSeq, c.Point = at, hex.EncodeToString(points[at])
		}
	}
	to = max(to, c.PointSeq)
	raws, err := rawBetween(ctx, tx, log, from+1, to)
	if err != nil {
		return nil, err
	}
	h, whole := slices.Clone(points[from]), true
	for at := from + 1; at <= to; at++ {
		raw, ok := raws[at]
		if whole = whole && ok; !whole {
			break
		}
		if at == seq {
			c.Before = hex.EncodeToString(h)
		}
		sum := sha256.Sum256(append(h, raw...))
		h = sum[:]
		if at == seq {
			c.After = hex.EncodeToString(h)
		}
	}
	c.Proven = whole && c.PointSeq != 0 && hex.EncodeToString(h) == c.Point
	c.Seal, err = sealAfter(ctx, tx, log, seq)
	return c, err
}

func rawBetween(ctx context.Context, tx *sqlx.Tx, log int64, first, last uint64) (map[uint64][]byte, error) {
	var rows []struct {
		Seq uint64 `db:"seq"`
		Raw []byte `db:"raw"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT seq, raw FROM record WHERE log = ? AND seq BETWEEN ? AND ?`, log, int64(first), int64(last))
	if err != nil {
		return nil, err
	}
	out := make(map[uint64][]byte, len(rows))
	for _, r := range rows {
		out[r.Seq] = r.Raw
	}
	return out, nil
}

// sealAfter returns the next record of a seal in a log; nil where there is none.
func sealAfter(ctx context.Context, tx *sqlx.Tx, log int64, seq uint64) (*dossier.Seal, error) {
	var found dossier.Seal
	var raw []byte
	err := tx.QueryRowxContext(ctx, `SELECT seq, raw FROM record WHERE log = ? AND seq > ? AND type = ? ORDER BY seq LIMIT 1`, log, int64(seq), app.RecordSeal).
		Scan(&found.Seq, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found.Raw = hex.EncodeToString(raw)
	return &found, nil
}
