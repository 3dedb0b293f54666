package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// timeline is a table in which one thing is with one holder at a time: an
// identifier with whoever works by an engagement, a box at a site.
type timeline[Row, T any] struct {
	table string
	thing string // its column
	rowOf func(T) Row
	value func(Row) (T, error)
	parts func(*T) (*app.ID, *app.Span)
}

// enter puts fresh on the timeline of a thing, where the others make room: see app.Enter.
func (l timeline[Row, T]) enter(ctx context.Context, s *Store, tx *sqlx.Tx, thing any, fresh T, act app.Act) error {
	_, span := l.parts(&fresh)
	if err := checkSpan(*span); err != nil {
		return err
	}
	var rows []Row
	err := tx.SelectContext(ctx, &rows, selectAll[Row](l.table)+` WHERE `+l.thing+` = ? ORDER BY starts, id`, thing)
	if err != nil {
		return fmt.Errorf("read %s: %w", l.table, err)
	}
	older := make([]T, 0, len(rows))
	for _, row := range rows {
		v, _ := l.value(row)
		older = append(older, v)
	}
	before, after, err := app.Enter(older, fresh, l.parts)
	if err != nil {
		return err
	}
	for _, changed := range after {
		if err := save(ctx, tx, l.table, l.rowOf(changed)); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, act, before, after)
}

// end ends one entry at an instant; at or before its start, it becomes empty.
func (l timeline[Row, T]) end(ctx context.Context, s *Store, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "end "+l.table, func(tx *sqlx.Tx) error {
		row, err := find[Row](ctx, tx, l.table, `id = ?`, id)
		if err != nil {
			return fmt.Errorf("%s %s: %w", l.table, id, err)
		}
		before, _ := l.value(row)
		after := before
		_, span := l.parts(&after)
		*span = span.EndedAt(at)
		if err := save(ctx, tx, l.table, l.rowOf(after)); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, after)
	})
}
