package data

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
)

type keptLineRow struct {
	Reading app.ID `db:"reading"`
	Line    int    `db:"line"`
	Raw     []byte `db:"raw"`
	Problem string `db:"problem"`
}

// KeepLines keeps the lines of a file that did not parse beside the reading
// that met them, with their numbers: nothing is dropped silently.
func (s *Store) KeepLines(ctx context.Context, readingID app.ID, lines []reading.LineProblem) error {
	if len(lines) == 0 {
		return nil
	}
	return s.write(ctx, "keep lines", func(tx *sqlx.Tx) error {
		for _, l := range lines {
			if err := insert(ctx, tx, "kept_line", keptLineRow{readingID, l.Line, []byte(l.Text), l.Code}); err != nil {
				return fmt.Errorf("line %d: %w", l.Line, err)
			}
		}
		return nil
	})
}

// KeptLines returns the lines that were kept aside by a reading, by their numbers.
func (s *Store) KeptLines(ctx context.Context, readingID app.ID) ([]reading.LineProblem, error) {
	convert := func(r keptLineRow) (reading.LineProblem, error) {
		return reading.LineProblem{Line: r.Line, Code: r.Problem, Text: string(r.Raw)}, nil
	}
	return list(ctx, s, "read kept lines", convert, selectAll[keptLineRow]("kept_line")+` WHERE reading = ? ORDER BY line`, readingID)
}

// holdingAtOnce is how many sequences one query looks for.
const holdingAtOnce = 500

// BoxesHolding tells, for those of seqs that are stored in the log app.FileLog
// of any box, which boxes hold them.
func (s *Store) BoxesHolding(ctx context.Context, seqs []uint64) (map[uint64][]string, error) {
	out := map[uint64][]string{}
	for part := range slices.Chunk(seqs, holdingAtOnce) {
		query, args, err := sqlx.In(`SELECT r.seq, l.box FROM box_log l JOIN record r ON r.log = l.id
			WHERE l.log = ? AND r.seq IN (?) ORDER BY l.box`, app.FileLog, part)
		if err != nil {
			return nil, fmt.Errorf("look for lines: %w", err)
		}
		var rows []struct {
			Seq int64  `db:"seq"`
			Box string `db:"box"`
		}
		if err := s.r.SelectContext(ctx, &rows, query, args...); err != nil {
			return nil, fmt.Errorf("look for lines: %w", s.explain(err))
		}
		for _, r := range rows {
			out[uint64(r.Seq)] = append(out[uint64(r.Seq)], r.Box)
		}
	}
	return out, nil
}
