package data

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type gapRow struct {
	Log           int64       `db:"log"`
	First         int64       `db:"first"`
	Last          int64       `db:"last"`
	ReadElsewhere bool        `db:"read_elsewhere"`
	Known         app.Instant `db:"known"`
}

// Gaps returns all gaps by box, log and first sequence.
func (s *Store) Gaps(ctx context.Context) ([]app.Gap, error) {
	var out []app.Gap
	err := s.read(ctx, "read gaps", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		convert := func(r gapRow) (app.Gap, error) {
			return app.Gap{Log: logs[r.Log], First: uint64(r.First), Last: uint64(r.Last), ReadElsewhere: r.ReadElsewhere, Known: r.Known}, nil
		}
		out, err = listIn(ctx, tx, convert, `SELECT g.log, g.first, g.last, g.read_elsewhere, g.known FROM gap g
			JOIN box_log l ON l.id = g.log ORDER BY l.box, l.log, g.first`)
		return err
	})
	return out, err
}

// updateGaps puts new gaps beside the known ones of a log and takes out what
// was stored by now: a gap that is read after all becomes shorter, two, or none.
func updateGaps(ctx context.Context, tx *sqlx.Tx, log int64, met []app.Gap, stored []app.Record) error {
	var known []gapRow
	if err := tx.SelectContext(ctx, &known, `SELECT log, first, last, read_elsewhere, known FROM gap WHERE log = ? ORDER BY first`, log); err != nil {
		return fmt.Errorf("read gaps: %w", err)
	}
	gaps := known
	for _, g := range met {
		if g.First == 0 || g.Last < g.First || g.Last > 1<<63-1 {
			return fmt.Errorf("gap %d–%d is none", g.First, g.Last)
		}
		there, err := storedRanges(ctx, tx, log, int64(g.First), int64(g.Last))
		if err != nil {
			return err
		}
		fresh := subtract([]gapRow{{log, int64(g.First), int64(g.Last), g.ReadElsewhere, g.Known}}, there)
		gaps = addGaps(gaps, fresh)
	}
	if len(gaps) > 0 {
		gaps = subtract(gaps, ranges(stored))
	}
	return replaceGaps(ctx, tx, known, gaps)
}

// replaceGaps writes what differs.
func replaceGaps(ctx context.Context, tx *sqlx.Tx, known, gaps []gapRow) error {
	stays := map[gapRow]bool{}
	for _, g := range gaps {
		stays[g] = true
	}
	for _, g := range known {
		if stays[g] {
			delete(stays, g)
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM gap WHERE log = ? AND first = ?`, g.Log, g.First); err != nil {
			return fmt.Errorf("delete gap: %w", err)
		}
	}
	for _, g := range gaps {
		if !stays[g] {
			continue
		}
		if err := insert(ctx, tx, "gap", g); err != nil {
			return err
		}
	}
	return nil
}

// seqRange is a range of sequences, both ends included.
type seqRange struct{ first, last int64 }

// ranges returns the sequences of ascending records as ranges.
func ranges(records []app.Record) (out []seqRange) {
	for i := range records {
		out = appendSeq(out, int64(records[i].Key.Seq))
	}
	return out
}

func appendSeq(out []seqRange, seq int64) []seqRange {
	if n := len(out); n > 0 && out[n-1].last+1 == seq {
		out[n-1].last = seq
		return out
	}
	return append(out, seqRange{seq, seq})
}

// storedRanges returns what is stored of a range.
func storedRanges(ctx context.Context, tx *sqlx.Tx, log, first, last int64) (out []seqRange, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq FROM record WHERE log = ? AND seq BETWEEN ? AND ? ORDER BY seq`, log, first, last)
	if err != nil {
		return nil, fmt.Errorf("look into gap: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, fmt.Errorf("look into gap: %w", err)
		}
		out = appendSeq(out, seq)
	}
	return out, rows.Err()
}

// subtract takes ascending ranges out of ascending gaps.
func subtract(gaps []gapRow, there []seqRange) (out []gapRow) {
	for _, g := range gaps {
		from, _ := slices.BinarySearchFunc(there, g.First, func(r seqRange, first int64) int { return cmp.Compare(r.last, first) })
		for _, r := range there[from:] {
			if r.first > g.Last || g.First > g.Last {
				break
			}
			if r.first > g.First {
				left := g
				left.Last = r.first - 1
				out = append(out, left)
			}
			g.First = r.last + 1
		}
		if g.First <= g.Last {
			out = append(out, g)
		}
	}
	return out
}

// addGaps joins new gaps with known ones. Where both tell of a sequence, the
// time at which it was first missed stays, and "read elsewhere" wins: that is
// learned later than that something is missing.
func addGaps(known, fresh []gapRow) []gapRow {
	var edges []int64 // where something begins, or has ended
	for _, g := range slices.Concat(known, fresh) {
		edges = append(edges, g.First, g.Last+1)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []gapRow
	for i := range len(edges) - 1 {
		piece, held := gapRow{First: edges[i], Last: edges[i+1] - 1}, false
		for _, side := range []*[]gapRow{&known, &fresh} { // known first: its time stays
			for len(*side) > 0 && (*side)[0].Last < piece.First {
				*side = (*side)[1:]
			}
			if len(*side) == 0 || (*side)[0].First > piece.First {
				continue
			}
			g := (*side)[0]
			if !held {
				piece.Log, piece.Known, held = g.Log, g.Known, true
			}
			piece.ReadElsewhere = piece.ReadElsewhere || g.ReadElsewhere
		}
		if held {
			out = appendGap(out, piece)
		}
	}
	return out
}

// appendGap joins neighbours of which the same is known.
func appendGap(out []gapRow, g gapRow) []gapRow {
	if n := len(out); n > 0 && out[n-1].Last+1 == g.First && out[n-1].ReadElsewhere == g.ReadElsewhere && out[n-1].Known == g.Known {
		out[n-1].Last = g.Last
		return out
	}
	return append(out, g)
}
