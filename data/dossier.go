package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type dossierRow struct {
	ID          app.ID                 `db:"id"`
	Environment app.Environment        `db:"environment"`
	Kind        app.CorrectionKind     `db:"kind"`
	Anchor      string                 `db:"anchor"`
	Worker      optionalID             `db:"worker"`
	Day         dayText                `db:"day"`
	Correction  asJSON[app.Correction] `db:"correction"`
	By          string                 `db:"by"`
	At          app.Instant            `db:"at"`
}

type dossierStepRow struct {
	Dossier   app.ID             `db:"dossier"`
	Number    int                `db:"number"`
	State     app.DossierState   `db:"state"`
	Day       dayText            `db:"day"`
	Reference string             `db:"reference"`
	Outcome   app.DossierOutcome `db:"outcome"`
	Note      string             `db:"note"`
	By        string             `db:"by"`
	At        app.Instant        `db:"at"`
}

func (r dossierStepRow) value() app.DossierStep {
	return app.DossierStep{State: r.State, Day: app.Date(r.Day), Reference: r.Reference, Outcome: r.Outcome, Note: r.Note, By: r.By, At: r.At}
}

// Dossiers returns the dossiers of an environment with their steps, by id.
func (s *Store) Dossiers(ctx context.Context, e app.Environment) ([]app.Dossier, error) {
	var out []app.Dossier
	err := s.read(ctx, "read dossiers", func(tx *sqlx.Tx) error {
		var rows []dossierStepRow
		if err := tx.SelectContext(ctx, &rows, selectAll[dossierStepRow]("dossier_step")+` ORDER BY dossier, number`); err != nil {
			return err
		}
		steps := map[app.ID][]app.DossierStep{}
		for _, r := range rows {
			steps[r.Dossier] = append(steps[r.Dossier], r.value())
		}
		convert := func(r dossierRow) (app.Dossier, error) {
			return app.Dossier{ID: r.ID, Correction: r.Correction.V, By: r.By, At: r.At, Steps: append([]app.DossierStep{}, steps[r.ID]...)}, nil
		}
		var err error
		out, err = listIn(ctx, tx, convert, selectAll[dossierRow]("dossier")+` WHERE environment = ? ORDER BY id`, e)
		return err
	})
	return out, err
}

// MakeDossiers puts dossiers there, all or none; a fact that has an open one
// already is refused: "dossier.taken".
func (s *Store) MakeDossiers(ctx context.Context, list []app.Dossier, act app.Act) error {
	return s.write(ctx, "keep dossiers", func(tx *sqlx.Tx) error {
		for _, d := range list {
			c := d.Correction
			row := dossierRow{d.ID, c.Environment, c.Kind, c.Anchor, optionalID(c.WorkerID), dayText(c.Day), asJSON[app.Correction]{c}, d.By, d.At}
			if err := insert(ctx, tx, "dossier", row); err != nil {
				return err
			}
			one := act
			one.Target = "dossier:" + string(d.ID)
			if err := s.note(ctx, tx, one, nil, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// StepDossier appends a step to a dossier of which the caller knows this many;
// where there are others meanwhile, it is an *app.FieldError "dossier.stepTaken".
func (s *Store) StepDossier(ctx context.Context, id app.ID, step app.DossierStep, known int, act app.Act) error {
	return s.write(ctx, "keep step of dossier", func(tx *sqlx.Tx) error {
		var there, steps int
		if err := tx.QueryRowxContext(ctx, `SELECT (SELECT count(*) FROM dossier WHERE id = ?1), (SELECT count(*) FROM dossier_step WHERE dossier = ?1)`, id).
			Scan(&there, &steps); err != nil {
			return err
		}
		switch {
		case there == 0:
			return &missingRow{app.NotFoundError{Kind: "dossier", Name: string(id)}}
		case steps != known:
			return &app.FieldError{Field: "dossier", Code: "dossier.stepTaken"}
		}
		row := dossierStepRow{id, known + 1, step.State, dayText(step.Day), step.Reference, step.Outcome, step.Note, step.By, step.At}
		if err := insert(ctx, tx, "dossier_step", row); err != nil {
			return fmt.Errorf("insert step of dossier: %w", err)
		}
		return s.note(ctx, tx, act, nil, step)
	})
}
