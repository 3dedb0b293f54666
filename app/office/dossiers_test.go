package office_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/dossier"
	"klokkast/app/sending"
	"klokkast/app/workspace"
)

// underCIAO makes the bench's site one that registers since October.
func (b *bench) underCIAO() {
	b.t.Helper()
	ctx, long := b.t.Context(), b.at("2026-10-01 00:00")
	err := b.Sites.DecideSite(ctx, app.SiteDecision{SiteID: b.site.ID, Decision: app.UnderCIAO, From: long, Reason: "cleaning"})
	d := must[app.Declaration](b.t)(b.Sites.SaveDeclaration(ctx, app.Declaration{Number: "1Y1003SQ5VSSZ", Days: app.Days{From: app.NewDate(2026, 1, 1)}}, why))
	link := b.Sites.LinkDeclaration(ctx, app.DeclarationSite{DeclarationID: d.ID, SiteID: b.site.ID}, why)
	since := b.Staff.SetRegistersSince(ctx, must[[]app.Employer](b.t)(b.Staff.Employers(ctx))[0].ID, long, why)
	if err := errors.Join(err, link, since); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) dossiers() []sending.DossierRow {
	b.t.Helper()
	b.Override(workspace.Override{})
	return must[[]sending.DossierRow](b.t)(b.Dossiers.Rows(b.t.Context()))
}

// The life of a dossier: an OUT was forgotten and stated; the NSSO is asked.
func TestADossierFromTheStatementToTheAnswer(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	if err := b.Judgements.AdjustMissing(ctx, b.anomalies(app.MissingOut)[0].Key(), b.at("2026-10-30 14:00"), "forgot", "phoned"); err != nil {
		t.Fatal(err)
	}
	rows := b.dossiers()
	if len(rows) != 1 || !rows[0].Proposed() || rows[0].Deadline.Left != 27 || rows[0].Deadline.Urgency != dossier.Proposed {
		t.Fatalf("%+v", rows)
	}
	key := rows[0].Dossier.Correction.Key()
	made := must[[]app.Dossier](t)(b.Dossiers.MakeDossiers(ctx, []string{key}, ""))[0]
	var f *app.FieldError
	if _, err := b.Dossiers.MakeDossiers(ctx, []string{key}, ""); !errors.As(err, &f) || f.Code != "dossier.taken" {
		t.Errorf("made twice: %v", err)
	}
	if err := b.Dossiers.AnswerDossier(ctx, made.ID, 0, app.OutcomeCorrected, ""); !errors.As(err, &f) || f.Code != "dossier.order" {
		t.Errorf("answered before it was handed in: %v", err)
	}
	day := app.NewDate(2026, 11, 2)
	if err := b.Dossiers.HandInDossier(ctx, made.ID, day+1, "", ""); !errors.As(err, &f) || f.Code != "dossier.future" {
		t.Errorf("handed in tomorrow: %v", err)
	}
	if err := b.Dossiers.HandInDossier(ctx, made.ID, day, "RSZ-1", ""); err != nil {
		t.Fatal(err)
	}
	if err := b.Dossiers.AnswerDossier(ctx, made.ID, day-1, app.OutcomeCorrected, ""); !errors.As(err, &f) || f.Code != "dossier.early" {
		t.Errorf("answered before the day it was handed in: %v", err)
	}
	if err := b.Dossiers.AnswerDossier(ctx, made.ID, day, app.OutcomeCorrected, "by e-mail"); err != nil {
		t.Fatal(err)
	}
	rows = b.dossiers()
	if len(rows) != 1 || rows[0].Dossier.State() != app.DossierAnswered || !rows[0].Stands {
		t.Errorf("at the end: %+v", rows)
	}
	// Taking the statement back leaves the dossier, which stands for nothing any more.
	if err := b.Judgements.WithdrawAdjustment(ctx, made.Correction.Adjustment, "mistake"); err != nil {
		t.Fatal(err)
	}
	if rows = b.dossiers(); len(rows) != 1 || rows[0].Stands {
		t.Errorf("after the statement was taken back: %+v", rows)
	}
}

func TestWhatADossierHoldsAsEvidence(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}, tap{"04A1", "2026-10-30 10:00", app.KeyBreakStart}))
	if err := b.Judgements.AdjustMissing(ctx, b.anomalies(app.MissingOut)[0].Key(), b.at("2026-10-30 14:00"), "forgot", "phoned"); err != nil {
		t.Fatal(err)
	}
	made := must[[]app.Dossier](t)(b.Dossiers.MakeDossiers(ctx, []string{b.dossiers()[0].Dossier.Correction.Key()}, ""))[0]
	d := must[*dossier.Bundle](t)(b.Dossiers.DossierBundle(ctx, made.ID, false))
	if len(d.Evidence) != 2 || d.Evidence[0].Raw == "" || d.Evidence[0].Pressed != app.KeyIn || d.Evidence[0].At != b.at("2026-10-30 06:00") {
		t.Fatalf("the records: %+v", d.Evidence)
	}
	if h := d.Evidence[0].Held; h == nil || h.Holder != "Peeters An" || h.Value != "04A1" {
		t.Errorf("the holder: %+v", h)
	}
	if d.Stated == nil || d.Stated.Reason != "forgot" || d.Stated.Note != "phoned" || d.Employer.Name != "Blinkend Schoon BV" || len(d.Sites) != 1 {
		t.Errorf("%+v", d)
	}
	if d.Worker.SSIN != "850*****55" || d.Revealed {
		t.Errorf("nobody asked for the number: %q", d.Worker.SSIN)
	}
	if w := d.Dossier.Correction.Wants; len(w) != 1 || w[0].Type != app.RegisterOut || w[0].At != b.at("2026-10-30 14:00") || w[0].Enterprise != "0123456749" {
		t.Errorf("what is asked: %+v", w)
	}
	shown := must[*dossier.Bundle](t)(b.Dossiers.DossierBundle(ctx, made.ID, true))
	if shown.Worker.SSIN != "85011512355" {
		t.Errorf("asked for: %q", shown.Worker.SSIN)
	}
	trail := must[[]app.TrailEntry](t)(b.store.Trail(ctx, "worker:"+string(b.an.ID), 1))
	if len(trail) != 1 || trail[0].What != "ssin.reveal" || strings.Contains(trail[0].Payload, "85011512355") {
		t.Errorf("%+v", trail)
	}
}

// The file of a dossier is the same again once it is handed in, whatever the day.
func TestADossierIsPrinted(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	if err := b.Judgements.AdjustMissing(ctx, b.anomalies(app.MissingOut)[0].Key(), b.at("2026-10-30 14:00"), "forgot", "phoned"); err != nil {
		t.Fatal(err)
	}
	made := must[[]app.Dossier](t)(b.Dossiers.MakeDossiers(ctx, []string{b.dossiers()[0].Dossier.Correction.Key()}, ""))[0]
	if err := b.Dossiers.HandInDossier(ctx, made.ID, app.NewDate(2026, 11, 2), "RSZ-1", ""); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	print := func(opt documents.PaperOptions) []byte {
		t.Helper()
		return must[[]byte](t)(os.ReadFile(must[[]string](t)(b.Papers.WriteDossiers(ctx, []app.ID{made.ID}, opt))[0]))
	}
	first := print(documents.PaperOptions{Out: dir, Language: app.French})
	if again := print(documents.PaperOptions{Out: filepath.Join(dir, "again.pdf"), Language: app.French}); !bytes.Equal(first, again) {
		t.Error("printed again, the dossier has other bytes")
	}
	if shown := print(documents.PaperOptions{Out: dir, Language: app.French, Reveal: true}); bytes.Equal(first, shown) {
		t.Error("the number was asked for, and nothing changed")
	}
	var missing *app.NotFoundError
	if _, err := b.Papers.WriteDossiers(ctx, []app.ID{"nobody's"}, documents.PaperOptions{Out: dir}); !errors.As(err, &missing) {
		t.Errorf("of no dossier: %v", err)
	}
}
