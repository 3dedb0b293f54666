package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type planLineRow struct {
	ID         app.ID        `db:"id"`
	Site       app.ID        `db:"site"`
	Engagement app.ID        `db:"engagement"`
	Weekdays   app.Weekdays  `db:"weekdays"`
	FromMinute app.TimeOfDay `db:"from_minute"`
	ToMinute   app.TimeOfDay `db:"to_minute"`
	FirstDay   dayText       `db:"first_day"`
	LastDay    dayText       `db:"last_day"`
	EveryWeeks int           `db:"every_weeks"`
	By         string        `db:"by"`
	At         app.Instant   `db:"at"`
	Withdrawn  app.Instant   `db:"withdrawn"`
}

func rowOfPlanLine(l app.PlanLine) planLineRow {
	return planLineRow{l.ID, l.SiteID, l.EngagementID, l.Weekdays, l.Hours.From, l.Hours.To, dayText(l.Days.From), dayText(l.Days.To),
		l.EveryWeeks, l.By, l.At, l.Withdrawn}
}

func (r planLineRow) value() (app.PlanLine, error) {
	return app.PlanLine{ID: r.ID, SiteID: r.Site, EngagementID: r.Engagement, Weekdays: r.Weekdays, Hours: app.Hours{From: r.FromMinute, To: r.ToMinute},
		Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)}, EveryWeeks: r.EveryWeeks, By: r.By, At: r.At, Withdrawn: r.Withdrawn}, nil
}

// PlanLines returns all lines of all plans by id, withdrawn ones too.
func (s *Store) PlanLines(ctx context.Context) ([]app.PlanLine, error) {
	return list(ctx, s, "read plan lines", planLineRow.value, selectAll[planLineRow]("plan_line")+` ORDER BY id`)
}

// ChangePlan enters new lines with exceptions of theirs, and ends or withdraws
// older lines, all in one transaction. The database refuses any other change of a line.
func (s *Store) ChangePlan(ctx context.Context, lines []app.PlanLine, exceptions []app.PlanException, act app.Act) error {
	return s.write(ctx, "change plan", func(tx *sqlx.Tx) error {
		before := []any{}
		for _, l := range lines {
			was, err := current(ctx, tx, "plan_line", l.ID, planLineRow.value)
			if err != nil {
				return err
			}
			if was != nil {
				before = append(before, was)
			}
			if err := save(ctx, tx, "plan_line", rowOfPlanLine(l)); err != nil {
				return fmt.Errorf("line %s: %w", l.ID, err)
			}
		}
		for _, x := range exceptions {
			if err := insert(ctx, tx, "plan_exception", rowOfPlanException(x)); err != nil {
				return fmt.Errorf("exception %s: %w", x.ID, err)
			}
		}
		return s.note(ctx, tx, act, before, changedPlan{lines, exceptions})
	})
}

// changedPlan is what the trail tells of a change.
type changedPlan struct {
	Lines      []app.PlanLine      `json:"lines"`
	Exceptions []app.PlanException `json:"exceptions,omitempty"`
}
