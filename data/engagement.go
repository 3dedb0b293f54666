package data

import (
	"context"

	"klokkast/app"
)

type engagementRow struct {
	ID           app.ID           `db:"id"`
	Worker       app.ID           `db:"worker"`
	Employer     app.ID           `db:"employer"`
	Capacity     app.Capacity     `db:"capacity"`
	FirstDay     dayText          `db:"first_day"`
	LastDay      dayText          `db:"last_day"`
	WeeklyHours  app.WeeklyHours  `db:"weekly_minutes"`
	RoundMinutes int              `db:"round_minutes"`
	RoundMode    app.RoundingMode `db:"round_mode"`
	IsDefault    bool             `db:"is_default"`
	Thresholds   limits           `db:"thresholds"`
}

func rowOfEngagement(e app.Engagement) engagementRow {
	return engagementRow{
		ID: e.ID, Worker: e.WorkerID, Employer: e.EmployerID, Capacity: e.Capacity,
		FirstDay: dayText(e.Days.From), LastDay: dayText(e.Days.To), WeeklyHours: e.WeeklyHours,
		RoundMinutes: e.Rounding.Minutes, RoundMode: e.Rounding.Mode, IsDefault: e.Default, Thresholds: limitsOf(e.Thresholds),
	}
}

func (r engagementRow) value() (app.Engagement, error) {
	return app.Engagement{
		ID: r.ID, WorkerID: r.Worker, EmployerID: r.Employer, Capacity: r.Capacity,
		Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)}, WeeklyHours: r.WeeklyHours,
		Rounding: app.Rounding{Minutes: r.RoundMinutes, Mode: r.RoundMode}, Default: r.IsDefault, Thresholds: r.Thresholds.value(),
	}, nil
}

// Engagements returns all engagements by id.
func (s *Store) Engagements(ctx context.Context) ([]app.Engagement, error) {
	return list(ctx, s, "read engagements", engagementRow.value, selectAll[engagementRow]("engagement")+` ORDER BY id`)
}

// SaveEngagement inserts or changes an engagement by its id.
func (s *Store) SaveEngagement(ctx context.Context, e app.Engagement, act app.Act) error {
	return keep(ctx, s, act, "engagement", e.ID, rowOfEngagement(e), engagementRow.value)
}
