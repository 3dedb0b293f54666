package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type absenceRow struct {
	ID         app.ID          `db:"id"`
	Worker     app.ID          `db:"worker"`
	Engagement optionalID      `db:"engagement"`
	FirstDay   dayText         `db:"first_day"`
	LastDay    dayText         `db:"last_day"`
	FromMinute app.TimeOfDay   `db:"from_minute"`
	ToMinute   app.TimeOfDay   `db:"to_minute"`
	Kind       app.AbsenceKind `db:"kind"`
	Note       string          `db:"note"`
	By         string          `db:"by"`
	At         app.Instant     `db:"at"`
	Withdrawn  app.Instant     `db:"withdrawn"`
}

func rowOfAbsence(a app.Absence) absenceRow {
	return absenceRow{a.ID, a.WorkerID, optionalID(a.EngagementID), dayText(a.Days.From), dayText(a.Days.To), a.Hours.From, a.Hours.To, a.Kind,
		a.Note, a.By, a.At, a.Withdrawn}
}

func (r absenceRow) value() (app.Absence, error) {
	return app.Absence{ID: r.ID, WorkerID: r.Worker, EngagementID: app.ID(r.Engagement), Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)},
		Hours: app.Hours{From: r.FromMinute, To: r.ToMinute}, Kind: r.Kind, Note: r.Note, By: r.By, At: r.At, Withdrawn: r.Withdrawn}, nil
}

// Absences returns all absences by id, withdrawn ones too.
func (s *Store) Absences(ctx context.Context) ([]app.Absence, error) {
	return list(ctx, s, "read absences", absenceRow.value, selectAll[absenceRow]("absence")+` ORDER BY id`)
}

// AddAbsences enters absences, all or none. They are never changed afterwards, only withdrawn.
func (s *Store) AddAbsences(ctx context.Context, absences []app.Absence, act app.Act) error {
	return s.write(ctx, "keep absences", func(tx *sqlx.Tx) error {
		for _, a := range absences {
			if err := insert(ctx, tx, "absence", rowOfAbsence(a)); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, act, nil, absences)
	})
}

// WithdrawAbsence marks an absence as withdrawn at an instant; it stays readable.
func (s *Store) WithdrawAbsence(ctx context.Context, id app.ID, at app.Instant, act app.Act) error {
	return s.withdrawOne(ctx, "absence", id, at, act)
}
