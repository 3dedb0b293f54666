package data

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type adjustmentRow struct {
	ID           app.ID             `db:"id"`
	Kind         app.AdjustmentKind `db:"kind"`
	Engagement   app.ID             `db:"engagement"`
	Site         app.ID             `db:"site"`
	PunchLog     *int64             `db:"punch_log"`
	PunchSeq     *int64             `db:"punch_seq"`
	Starts       app.Instant        `db:"starts"`
	Ends         app.Instant        `db:"ends"`
	Reason       string             `db:"reason"`
	Note         string             `db:"note"`
	NoteLanguage app.Language       `db:"note_language"`
	By           string             `db:"by"`
	At           app.Instant        `db:"at"`
	Withdrawn    app.Instant        `db:"withdrawn"`
}

func rowOfAdjustment(ctx context.Context, tx *sqlx.Tx, a app.Adjustment) (adjustmentRow, error) {
	row := adjustmentRow{
		ID: a.ID, Kind: a.Kind, Engagement: a.EngagementID, Site: a.SiteID, Starts: a.From, Ends: a.To,
		Reason: a.Reason, Note: a.Note, NoteLanguage: a.NoteLanguage, By: a.By, At: a.At, Withdrawn: a.Withdrawn,
	}
	if a.Punch == nil {
		return row, nil
	}
	log, err := logID(ctx, tx, a.Punch.LogKey)
	if err != nil {
		return row, fmt.Errorf("find record %s: %w", a.Punch, err)
	}
	seq := int64(a.Punch.Seq)
	row.PunchLog, row.PunchSeq = &log, &seq
	return row, nil
}

func (r adjustmentRow) value(logs map[int64]app.LogKey) app.Adjustment {
	a := app.Adjustment{
		ID: r.ID, Kind: r.Kind, EngagementID: r.Engagement, SiteID: r.Site, From: r.Starts, To: r.Ends,
		Reason: r.Reason, Note: r.Note, NoteLanguage: r.NoteLanguage, By: r.By, At: r.At, Withdrawn: r.Withdrawn,
	}
	if r.PunchLog != nil && r.PunchSeq != nil {
		a.Punch = &app.RecordKey{LogKey: logs[*r.PunchLog], Seq: uint64(*r.PunchSeq)}
	}
	return a
}

// Adjustments returns all adjustments by id, withdrawn ones too.
func (s *Store) Adjustments(ctx context.Context) ([]app.Adjustment, error) {
	var out []app.Adjustment
	err := s.read(ctx, "read adjustments", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		out, err = listIn(ctx, tx, func(r adjustmentRow) (app.Adjustment, error) { return r.value(logs), nil },
			selectAll[adjustmentRow]("adjustment")+` ORDER BY id`)
		return err
	})
	return out, err
}

// Adjust puts statements there that one act makes. They are never changed
// afterwards, only withdrawn.
func (s *Store) Adjust(ctx context.Context, list []app.Adjustment, act app.Act) error {
	return s.write(ctx, "keep adjustment", func(tx *sqlx.Tx) error {
		for _, a := range list {
			row, err := rowOfAdjustment(ctx, tx, a)
			if err != nil {
				return err
			}
			if err := insert(ctx, tx, "adjustment", row); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, act, nil, list)
	})
}

// WithdrawAdjustment marks an adjustment as withdrawn at an instant; it stays readable.
func (s *Store) WithdrawAdjustment(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "withdraw adjustment", func(tx *sqlx.Tx) error {
		if err := withdraw(ctx, tx, "adjustment", id, at); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, withdrawn{id, at})
	})
}

// withdrawn is what the trail tells of a withdrawal: the statement itself stands
// in the table and in the act that made it.
type withdrawn struct {
	ID app.ID      `json:"id"`
	At app.Instant `json:"withdrawn"`
}

// withdraw marks a row that is not withdrawn yet.
func withdraw(ctx context.Context, tx *sqlx.Tx, table string, id app.ID, at app.Instant) error {
	result, err := tx.ExecContext(ctx, `UPDATE `+table+` SET withdrawn = ? WHERE id = ? AND withdrawn = 0`, at, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(&missingRow{app.NotFoundError{Kind: table, Name: string(id)}}, err)
	}
	return nil
}
