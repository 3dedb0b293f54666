package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type planExceptionRow struct {
	ID         app.ID            `db:"id"`
	Line       app.ID            `db:"line"`
	FirstDay   dayText           `db:"first_day"`
	LastDay    dayText           `db:"last_day"`
	Kind       app.ExceptionKind `db:"kind"`
	FromMinute app.TimeOfDay     `db:"from_minute"`
	ToMinute   app.TimeOfDay     `db:"to_minute"`
	StandIn    optionalID        `db:"stand_in"`
	Note       string            `db:"note"`
	By         string            `db:"by"`
	At         app.Instant       `db:"at"`
	Withdrawn  app.Instant       `db:"withdrawn"`
}

func rowOfPlanException(x app.PlanException) planExceptionRow {
	return planExceptionRow{x.ID, x.LineID, dayText(x.Days.From), dayText(x.Days.To), x.Kind, x.Hours.From, x.Hours.To, optionalID(x.StandIn),
		x.Note, x.By, x.At, x.Withdrawn}
}

func (r planExceptionRow) value() (app.PlanException, error) {
	return app.PlanException{ID: r.ID, LineID: r.Line, Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)}, Kind: r.Kind,
		Hours: app.Hours{From: r.FromMinute, To: r.ToMinute}, StandIn: app.ID(r.StandIn), Note: r.Note, By: r.By, At: r.At, Withdrawn: r.Withdrawn}, nil
}

// PlanExceptions returns all exceptions of all plans by id, withdrawn ones too.
func (s *Store) PlanExceptions(ctx context.Context) ([]app.PlanException, error) {
	return list(ctx, s, "read plan exceptions", planExceptionRow.value, selectAll[planExceptionRow]("plan_exception")+` ORDER BY id`)
}

// WithdrawPlanException marks an exception as withdrawn at an instant; it stays readable.
func (s *Store) WithdrawPlanException(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.withdrawOne(ctx, "plan_exception", id, at, act)
}

// withdrawOne withdraws a row of a table and notes the act.
func (s *Store) withdrawOne(ctx context.Context, table string, id app.ID, at app.Instant, act app.Act) error {
	return s.write(ctx, "withdraw "+table, func(tx *sqlx.Tx) error {
		if err := withdraw(ctx, tx, table, id, at); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, withdrawn{id, at})
	})
}
