package data

import (
	"encoding/hex"
	"strings"
	"testing"

	"klokkast/app"
)

func someDossier(t *testing.T, anchor string) app.Dossier {
	t.Helper()
	return app.Dossier{ID: newID(t), By: "An", At: 7, Steps: []app.DossierStep{}, Correction: app.Correction{
		Kind: app.CorrectRefused, Environment: app.LocalSimulator, Anchor: anchor, Day: app.NewDate(2026, 11, 23),
		Has: []app.CorrectionLine{}, Wants: []app.CorrectionLine{{Type: app.RegisterIn, At: 1000, RegisterID: 1<<53 + 1}}}}
}

func TestAFactHasOneOpenDossier(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	d, again := someDossier(t, "b/l/1"), someDossier(t, "b/l/1")
	must(t, s.MakeDossiers(ctx, []app.Dossier{d}, did("dossier.make", "")))
	other := someDossier(t, "b/l/2")
	if err := s.MakeDossiers(ctx, []app.Dossier{other, again}, did("dossier.make", "")); codeOf(err) != "dossier.taken" {
		t.Errorf("made twice: %v", err)
	}
	list, err := s.Dossiers(ctx, app.LocalSimulator)
	must(t, err)
	same(t, list, []app.Dossier{d}) // all or none

	handed := app.DossierStep{State: app.DossierHandedIn, Day: app.NewDate(2026, 11, 25), Reference: "X 12", By: "An", At: 8}
	must(t, s.StepDossier(ctx, d.ID, handed, 0, did("dossier.handed-in", "dossier:"+string(d.ID))))
	if err := s.StepDossier(ctx, d.ID, handed, 0, did("dossier.handed-in", "")); codeOf(err) != "dossier.stepTaken" {
		t.Errorf("stepped by someone who knew nothing of the last one: %v", err)
	}
	if err := s.MakeDossiers(ctx, []app.Dossier{again}, did("dossier.make", "")); codeOf(err) != "dossier.taken" {
		t.Errorf("made again while the NSSO looks at it: %v", err)
	}
	answered := app.DossierStep{State: app.DossierAnswered, Day: app.NewDate(2026, 12, 1), Outcome: app.OutcomePartly, Note: "one of two", By: "An", At: 9}
	must(t, s.StepDossier(ctx, d.ID, answered, 1, did("dossier.answered", "dossier:"+string(d.ID))))
	must(t, s.MakeDossiers(ctx, []app.Dossier{again}, did("dossier.make", "")))
	d.Steps = []app.DossierStep{handed, answered}
	list, err = s.Dossiers(ctx, app.LocalSimulator)
	must(t, err)
	same(t, list, []app.Dossier{d, again})
	if list, err := s.Dossiers(ctx, app.Production); err != nil || len(list) != 0 {
		t.Errorf("in production: %v, %v", list, err)
	}
	if err := s.StepDossier(ctx, newID(t), handed, 0, did("dossier.handed-in", "")); err == nil || !strings.Contains(err.Error(), "no dossier") {
		t.Errorf("a step of none: %v", err)
	}
	trail, err := s.Trail(ctx, "dossier:"+string(d.ID), 0)
	must(t, err)
	if len(trail) != 3 {
		t.Errorf("%d links", len(trail))
	}
}

func TestDossiersAreImmutable(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	d := someDossier(t, "b/l/1")
	must(t, s.MakeDossiers(ctx, []app.Dossier{d}, did("dossier.make", "")))
	must(
		t,
		s.StepDossier(ctx, d.ID, app.DossierStep{State: app.DossierDropped, Day: app.NewDate(2026, 11, 25), By: "An", At: 8}, 0, did("dossier.dropped", "")),
	)
	for _, q := range []string{
		"UPDATE dossier SET by = ''", "DELETE FROM dossier", "UPDATE dossier_step SET day = '2026-01-01'", "DELETE FROM dossier_step",
		"INSERT OR REPLACE INTO dossier SELECT id, environment, kind, anchor, worker, day, correction, '', at FROM dossier",
		"INSERT OR REPLACE INTO dossier_step SELECT dossier, number, state, day, 'x', outcome, note, by, at FROM dossier_step",
	} {
		if _, err := s.w.ExecContext(ctx, q); err == nil {
			t.Errorf("%s was carried out", q)
		}
	}
}

func TestARecordIsShownWithItsPlaceInTheChain(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(4))
	log.store(t, log.next(5))
	key := log.record(6).Key
	absent := key
	absent.Seq = 77
	list, err := s.Proofs(t.Context(), []app.RecordKey{key, absent})
	must(t, err)
	if len(list) != 1 || list[0].Key != key || list[0].ReadingID != log.reading || list[0].Text {
		t.Fatalf("%+v", list)
	}
	hexOf := func(seq uint64) string { h := log.chain[seq]; return hex.EncodeToString(h[:]) }
	p := list[0]
	if p.Raw != hex.EncodeToString(log.record(6).Raw) {
		t.Errorf("the record is %s", p.Raw)
	}
	if c := p.Chain; c.Before != hexOf(5) || c.After != hexOf(6) || c.PointSeq != 9 || c.Point != hexOf(9) || !c.Proven || c.Seal != nil {
		t.Errorf("%+v", c)
	}
}

// Behind a gap nothing is claimed of the chain until the next place that was proven.
func TestARecordBehindAGapClaimsNoPlaceInTheChain(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(4))
	log.next(3) // 5 to 7 are lost
	log.store(t, log.next(2), app.Gap{Log: log.key, First: 5, Last: 7, Known: 1})
	list, err := s.Proofs(t.Context(), []app.RecordKey{log.record(8).Key})
	must(t, err)
	if c := list[0].Chain; c.Proven || c.Before != "" || c.After != "" || c.PointSeq != 9 {
		t.Errorf("%+v", c)
	}
}
