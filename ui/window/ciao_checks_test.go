package window

import (
	"context"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/dossier"
	"klokkast/app/office"
)

func (d *fakeDesk) Preflight(ctx context.Context, _ office.PreflightFilter) (*office.Preflight, error) {
	line := ciao.PreflightLine{Code: ciao.CauseSSINMissing, Remedy: ciao.MendIdentity, Refused: true, Day: app.NewDate(2026, 11, 3), WorkerID: "w1"}
	return &office.Preflight{Lines: []ciao.PreflightLine{line}}, d.slow(ctx, "Preflight")
}
func (d *fakeDesk) DeclarationRadar(ctx context.Context) ([]ciao.RadarItem, error) {
	return []ciao.RadarItem{{Code: ciao.RadarMissing}}, d.slow(ctx, "DeclarationRadar")
}
func (d *fakeDesk) Reconcile(ctx context.Context, _ app.Days, _ app.ID, _ office.Progress) (*ciao.Reconciliation, error) {
	return nil, d.slow(ctx, "Reconcile")
}
func (d *fakeDesk) LastReconciliation(ctx context.Context) (*ciao.Reconciliation, error) {
	if d.neverCompared {
		return nil, d.slow(ctx, "LastReconciliation")
	}
	return &ciao.Reconciliation{CannotTell: ciao.CannotUnproven, By: "Els"}, d.slow(ctx, "LastReconciliation")
}
func (d *fakeDesk) DossierRows(ctx context.Context) ([]office.DossierRow, error) {
	c := app.Correction{Kind: app.CorrectMissing, Anchor: "a1", Day: app.NewDate(2026, 11, 3)}
	return []office.DossierRow{{Dossier: app.Dossier{Correction: c}, Deadline: dossier.DeadlineOf(c.Day, c.Day+3), Stands: true}}, d.slow(ctx, "DossierRows")
}
func (d *fakeDesk) MakeDossiers(ctx context.Context, _ []string, _ string) ([]app.Dossier, error) {
	return nil, d.slow(ctx, "MakeDossiers")
}
func (d *fakeDesk) HandInDossier(ctx context.Context, _ app.ID, _ app.Date, _, _ string) error {
	return d.slow(ctx, "HandInDossier")
}
func (d *fakeDesk) AnswerDossier(ctx context.Context, _ app.ID, _ app.Date, _ app.DossierOutcome, _ string) error {
	return d.slow(ctx, "AnswerDossier")
}
func (d *fakeDesk) DropDossier(ctx context.Context, _ app.ID, _ string) error {
	return d.slow(ctx, "DropDossier")
}

// The checks open without a click more, and none of their questions is asked on the window's goroutine.
func TestTheChecksOpen(t *testing.T) {
	w, _ := open(t, app.English)
	to[*ciaoPage](t, w, "ciao").showChecks()
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("nothing is shown")
	}
}

// TestALineOfTheChecksOpensWhatMendsIt: the person, the site, the box or a form of this screen.
func TestALineOfTheChecksOpensWhatMendsIt(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*ciaoPage](t, w, "ciao")
	names := d.names
	worker, site := someKey(names.Workers), someKey(names.Sites)
	for remedy, want := range map[ciao.Remedy][2]string{
		ciao.MendIdentity: {"staff", names.Worker(worker)}, ciao.MendDeclaration: {"sites", names.Site(site)}, ciao.MendPlacement: {"boxes", "0a0b"},
	} {
		var gone [2]string
		p.h.goTo = func(screen, what string) { gone = [2]string{screen, what} }
		p.mending(names, &ciao.PreflightLine{Remedy: remedy, WorkerID: worker, SiteID: site, Box: "0a0b"})()
		if gone != want || want[1] == "" {
			t.Errorf("%s goes to %v, want %v", remedy, gone, want)
		}
	}
	p.h.goTo = func(screen, what string) { t.Errorf("went to %s", screen) }
	p.mending(names, &ciao.PreflightLine{Remedy: ciao.MendCredential})()
	if w.host.form == nil || w.host.form.row("clientId") == nil {
		t.Error("the form of the access is not open")
	}
}

func someKey[V any](m map[app.ID]V) app.ID {
	for k := range m {
		return k
	}
	return ""
}
