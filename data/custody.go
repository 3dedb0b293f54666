package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type custodyRow struct {
	ID         app.ID      `db:"id"`
	Identifier app.ID      `db:"identifier"`
	Engagement app.ID      `db:"engagement"`
	Starts     app.Instant `db:"starts"`
	Ends       app.Instant `db:"ends"`
	Entered    app.Instant `db:"entered"`
}

func rowOfCustody(c app.Custody) custodyRow {
	return custodyRow{c.ID, c.IdentifierID, c.EngagementID, c.Span.From, c.Span.To, c.Entered}
}

func (r custodyRow) value() (app.Custody, error) {
	return app.Custody{ID: r.ID, IdentifierID: r.Identifier, EngagementID: r.Engagement,
		Span: app.Span{From: r.Starts, To: r.Ends}, Entered: r.Entered}, nil
}

// Custodies gives all custodies by id.
func (s *Store) Custodies(ctx context.Context) ([]app.Custody, error) {
	return list(ctx, s, "read custodies", custodyRow.value, selectAll[custodyRow]("custody")+` ORDER BY id`)
}

// GiveIdentifier enters a custody. Others of that identifier make room in the
// same transaction: one that runs into it ends at its start, one that outlasts
// it resumes (under a new id where it also began before), one that lies wholly
// inside becomes empty. No instant outside c's span changes its holder.
func (s *Store) GiveIdentifier(ctx context.Context, c app.Custody, act app.Act) error {
	return s.write(ctx, "give identifier", func(tx *sqlx.Tx) error { return s.giveIdentifier(ctx, tx, c, act) })
}

func (s *Store) giveIdentifier(ctx context.Context, tx *sqlx.Tx, c app.Custody, act app.Act) error {
	if err := checkSpan(c.Span); err != nil {
		return err
	}
	var rows []custodyRow
	err := tx.SelectContext(ctx, &rows, selectAll[custodyRow]("custody")+` WHERE identifier = ? ORDER BY starts, id`, c.IdentifierID)
	if err != nil {
		return fmt.Errorf("read custodies: %w", err)
	}
	before, after := []app.Custody{}, []app.Custody{}
	for _, row := range rows {
		older, _ := row.value()
		if older.ID == c.ID {
			before = append(before, older)
			continue
		}
		rest, resumed, split := makeRoom(older.Span, c.Span)
		if rest == older.Span {
			continue
		}
		before = append(before, older)
		older.Span = rest
		after = append(after, older)
		if split {
			if older.ID, err = app.NewID(); err != nil {
				return err
			}
			older.Span = resumed
			after = append(after, older)
		}
	}
	after = append(after, c) // last: the others made room by then
	for _, changed := range after {
		if err := save(ctx, tx, "custody", rowOfCustody(changed)); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, act, before, after)
}

// EndCustody ends a custody at an instant; at or before its start, it becomes empty.
func (s *Store) EndCustody(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "end custody", func(tx *sqlx.Tx) error {
		row, err := find[custodyRow](ctx, tx, "custody", `id = ?`, id)
		if err != nil {
			return fmt.Errorf("custody %s: %w", id, err)
		}
		before, _ := row.value()
		after := before
		after.Span = endAt(before.Span, at)
		if err := save(ctx, tx, "custody", rowOfCustody(after)); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, after)
	})
}
