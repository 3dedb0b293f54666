package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type workerRow struct {
	ID           app.ID       `db:"id"`
	StaffNumber  string       `db:"staff_number"`
	FamilyName   string       `db:"family_name"`
	GivenName    string       `db:"given_name"`
	SSINSealed   []byte       `db:"ssin_sealed"`
	SSINLookup   []byte       `db:"ssin_lookup"`
	LimosaSealed []byte       `db:"limosa_sealed"`
	LimosaLookup []byte       `db:"limosa_lookup"`
	BirthSealed  []byte       `db:"birth_sealed"`
	BirthLookup  []byte       `db:"birth_lookup"`
	LimosaFrom   dayText      `db:"limosa_from"`
	LimosaTo     dayText      `db:"limosa_to"`
	Language     app.Language `db:"language"`
	Ended        app.Instant  `db:"ended"`
}

func workerPlace(id app.ID, column string) place { return place{"worker", column, id} }

// workerRow seals what is sealed of a worker.
func (s *Store) workerRow(w app.Worker) workerRow {
	birth := w.BirthDate.String()
	return workerRow{
		ID: w.ID, StaffNumber: w.StaffNumber, FamilyName: w.FamilyName, GivenName: w.GivenName,
		SSINSealed:   s.seal.seal(workerPlace(w.ID, "ssin"), w.SSIN.Reveal()),
		SSINLookup:   s.seal.lookup(lookUpSSIN, w.SSIN.Reveal()),
		LimosaSealed: s.seal.seal(workerPlace(w.ID, "limosa"), w.Limosa.Reveal()),
		LimosaLookup: s.seal.lookup(lookUpLimosa, w.Limosa.Reveal()),
		BirthSealed:  s.seal.seal(workerPlace(w.ID, "birth"), birth),
		BirthLookup:  s.seal.lookup(lookUpBirth, birth),
		LimosaFrom:   dayText(w.LimosaDays.From), LimosaTo: dayText(w.LimosaDays.To),
		Language: w.Language, Ended: w.Ended,
	}
}

// openWorker opens what is sealed of a worker.
func (s *Store) openWorker(r workerRow) (w app.Worker, err error) {
	w = app.Worker{
		ID: r.ID, StaffNumber: r.StaffNumber, FamilyName: r.FamilyName, GivenName: r.GivenName,
		LimosaDays: app.Days{From: app.Date(r.LimosaFrom), To: app.Date(r.LimosaTo)}, Language: r.Language, Ended: r.Ended,
	}
	ssin, err := s.seal.open(workerPlace(r.ID, "ssin"), r.SSINSealed)
	if err != nil {
		return app.Worker{}, err
	}
	limosa, err := s.seal.open(workerPlace(r.ID, "limosa"), r.LimosaSealed)
	if err != nil {
		return app.Worker{}, err
	}
	birth, err := s.seal.open(workerPlace(r.ID, "birth"), r.BirthSealed)
	if err != nil {
		return app.Worker{}, err
	}
	w.SSIN, w.Limosa = app.Secret(ssin), app.Secret(limosa)
	w.BirthDate, err = app.ParseDate(birth)
	return w, err
}

// Workers returns all workers by id.
func (s *Store) Workers(ctx context.Context) ([]app.Worker, error) {
	return list(ctx, s, "read workers", s.openWorker, selectAll[workerRow]("worker")+` ORDER BY id`)
}

// SaveWorker inserts or changes a worker by its id.
func (s *Store) SaveWorker(ctx context.Context, w app.Worker, act app.Act) error {
	return s.write(ctx, "save worker", func(tx *sqlx.Tx) error {
		if err := keepIn(ctx, s, tx, act, "worker", w.ID, s.workerRow(w), s.openWorker); err != nil {
			return err
		}
		return s.judgePerson(ctx, tx, w.ID)
	})
}
