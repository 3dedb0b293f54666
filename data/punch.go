package data

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// Punches gives the punches with From ≤ box time < To by box, log and sequence;
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
	logs, err := logKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	from, to := bounds(span)
	rows, err := tx.QueryContext(ctx, `SELECT log, seq, at, kind, "group", value, pressed, flags, boot, since_boot, reading
		FROM punch WHERE at >= ? AND at < ?`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	scan := newPunchScan(logs)
	var out []app.Punch
	for rows.Next() {
		p, err := scan.next(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	sortByKey(out, func(p *app.Punch) *app.RecordKey { return &p.Key })
	return out, nil
}

// bounds gives the ends of a span for >= and <.
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

// punchScan reads rows without reflection, and keeps one copy of the strings
// that come again and again: a company has a million punches and some hundreds
// of badges, boxes and readings.
type punchScan struct {
	logs                                         map[int64]app.LogKey
	log, seq, at, pressed, flags, boot, sinceRun int64
	kind, group, value, reading                  sql.RawBytes
	targets                                      []any
	texts                                        map[string]string
}

func newPunchScan(logs map[int64]app.LogKey) *punchScan {
	p := &punchScan{logs: logs, texts: map[string]string{}}
	p.targets = []any{&p.log, &p.seq, &p.at, &p.kind, &p.group, &p.value, &p.pressed, &p.flags, &p.boot, &p.sinceRun, &p.reading}
	return p
}

func (p *punchScan) next(rows *sql.Rows) (app.Punch, error) {
	if err := rows.Scan(p.targets...); err != nil {
		return app.Punch{}, err
	}
	return app.Punch{
		Key: app.RecordKey{LogKey: p.logs[p.log], Seq: uint64(p.seq)}, At: app.Instant(p.at),
		Identifier: app.IdentifierKey{Kind: app.IdentifierKind(p.one(p.kind)), Group: p.one(p.group), Value: p.one(p.value)},
		Pressed:    app.PunchKey(p.pressed), Flags: app.PunchFlags(p.flags), Boot: uint16(p.boot), SinceBoot: uint32(p.sinceRun),
		ReadingID: app.ID(p.one(p.reading)),
	}, nil
}

// one gives the one copy of a text; the look-up by a byte slice allocates nothing.
func (p *punchScan) one(b []byte) string {
	if t, ok := p.texts[string(b)]; ok {
		return t
	}
	t := string(b)
	p.texts[t] = t
	return t
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
