package data

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// Punches returns the punches with From ≤ box time < To by box, log and sequence;
// a zero From or To is open.
func (s *Store) Punches(ctx context.Context, span app.Span) ([]app.Punch, error) {
	var out []app.Punch
	err := s.read(ctx, "read punches", func(tx *sqlx.Tx) (err error) {
		out, err = punches(ctx, tx, span)
		return err
	})
	return out, err
}

func punches(ctx context.Context, tx *sqlx.Tx, span app.Span) ([]app.Punch, error) {
	words, err := punchWordsIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	if words.readings, err = readingIDs(ctx, tx); err != nil {
		return nil, err
	}
	from, to := bounds(span)
	// An open span takes most of the table: walking along it is faster
	// as looking each row up by the index on time.
	how := ""
	if span.From == 0 || span.To == 0 {
		how = "NOT INDEXED"
	}
	var n int
	if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM punch WHERE at >= ? AND at < ? AND counts = 1`, from, to); err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT log, seq, at, shown, pressed, flags, boot, since_boot, reading, passage, line, loose
		FROM punch `+how+` WHERE at >= ? AND at < ? AND counts = 1`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([]app.Punch, 0, n) // growing a million of them would copy each several times
	var log, seq, at, shown, pressed, flags, boot, sinceBoot, reading, passage, line, loose int64
	targets := []any{&log, &seq, &at, &shown, &pressed, &flags, &boot, &sinceBoot, &reading, &passage, &line, &loose} // plain integers: no reflection
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		out = append(out, app.Punch{
			Key: app.RecordKey{LogKey: words.logs[log], Seq: uint64(seq)}, At: app.Instant(at), Identifier: words.shown[shown],
			Pressed: app.PunchKey(pressed), Flags: app.PunchFlags(flags), Boot: uint16(boot), SinceBoot: uint32(sinceBoot),
			ReadingID: words.readings[reading], Position: positionOf(passage, line, loose),
		})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	sortByKey(out, func(p *app.Punch) *app.RecordKey { return &p.Key })
	return out, nil
}

// punchWords are what punches name by local shorthands: a company has a million
// punches and some hundreds of badges, boxes and readings.
type punchWords struct {
	logs     map[int64]app.LogKey
	shown    map[int64]app.IdentifierKey
	readings map[int64]app.ID
}

func punchWordsIn(ctx context.Context, tx *sqlx.Tx) (w punchWords, err error) {
	if w.logs, err = logKeys(ctx, tx); err != nil {
		return w, err
	}
	var rows []struct {
		ID    int64              `db:"id"`
		Kind  app.IdentifierKind `db:"kind"`
		Group string             `db:"group"`
		Value string             `db:"value"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT id, kind, "group", value FROM shown`); err != nil {
		return w, fmt.Errorf("read what was shown: %w", err)
	}
	w.shown = make(map[int64]app.IdentifierKey, len(rows))
	for _, r := range rows {
		w.shown[r.ID] = app.IdentifierKey{Kind: r.Kind, Group: r.Group, Value: r.Value}
	}
	return w, nil
}

// readingIDs returns the readings by their local shorthands.
func readingIDs(ctx context.Context, tx *sqlx.Tx) (map[int64]app.ID, error) {
	var rows []struct {
		Number int64  `db:"number"`
		ID     app.ID `db:"id"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT number, id FROM reading`); err != nil {
		return nil, fmt.Errorf("read readings: %w", err)
	}
	out := make(map[int64]app.ID, len(rows))
	for _, r := range rows {
		out[r.Number] = r.ID
	}
	return out, nil
}

// bounds returns the ends of a span for >= and <.
func bounds(span app.Span) (from, to int64) {
	from, to = int64(span.From), int64(span.To)
	if from == 0 {
		from = math.MinInt64
	}
	if to == 0 {
		to = math.MaxInt64
	}
	return from, to
}

// sortByKey orders by box, log and sequence. Rows come log by log or by time,
// so that most comparisons are of one log and of equal strings at one address.
func sortByKey[T any](list []T, key func(*T) *app.RecordKey) {
	less := func(a, b T) int {
		ka, kb := key(&a), key(&b)
		if ka.LogKey == kb.LogKey {
			return cmp.Compare(ka.Seq, kb.Seq)
		}
		return ka.Compare(*kb)
	}
	if !slices.IsSortedFunc(list, less) {
		slices.SortFunc(list, less)
	}
}
