package cli

import (
	"context"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/dossier"
	"klokkast/app/office"
)

// fakeChecks is the part of the office that says what is wrong at the register.
type fakeChecks struct {
	preflight    office.Preflight
	preflightAsk office.PreflightFilter
	radar        []ciao.RadarItem
	compared     *ciao.Reconciliation
	comparedAsk  app.Days
	dossiers     []office.DossierRow
	bundle       *dossier.Bundle
	stepped      []any
}

func (f *fakeChecks) Preflight(_ context.Context, ask office.PreflightFilter) (*office.Preflight, error) {
	f.preflightAsk = ask
	return &f.preflight, nil
}
func (f *fakeChecks) DeclarationRadar(context.Context) ([]ciao.RadarItem, error) { return f.radar, nil }
func (f *fakeChecks) Reconcile(_ context.Context, days app.Days, worker app.ID, p office.Progress) (*ciao.Reconciliation, error) {
	f.comparedAsk = days
	f.stepped = append(f.stepped, worker)
	p(1, 1)
	return f.compared, nil
}
func (f *fakeChecks) LastReconciliation(context.Context) (*ciao.Reconciliation, error) {
	return f.compared, nil
}
func (f *fakeChecks) DossierRows(context.Context) ([]office.DossierRow, error) {
	return f.dossiers, nil
}
func (f *fakeChecks) DossierBundle(_ context.Context, id app.ID, reveal bool) (*dossier.Bundle, error) {
	f.stepped = append(f.stepped, id, reveal)
	return f.bundle, nil
}
func (f *fakeChecks) MakeDossiers(_ context.Context, keys []string, _ string) ([]app.Dossier, error) {
	made := make([]app.Dossier, len(keys))
	for i, k := range keys {
		made[i].ID = app.ID("made of " + k)
	}
	return made, nil
}
func (f *fakeChecks) HandInDossier(_ context.Context, id app.ID, day app.Date, reference, note string) error {
	f.stepped = append(f.stepped, id, day.String(), reference, note)
	return nil
}
func (f *fakeChecks) AnswerDossier(_ context.Context, id app.ID, day app.Date, outcome app.DossierOutcome, note string) error {
	f.stepped = append(f.stepped, id, day.String(), outcome, note)
	return nil
}
func (f *fakeChecks) DropDossier(_ context.Context, id app.ID, why string) error {
	f.stepped = append(f.stepped, id, why)
	return nil
}

func TestPreflight(t *testing.T) {
	f := company()
	day := app.NewDate(2026, 11, 3)
	line := ciao.PreflightLine{Code: ciao.CauseSSINMissing, Remedy: ciao.MendIdentity, Refused: true, Subject: app.Subject{Kind: app.AboutWorker, ID: "w2"},
		WorkerID: "w2", SiteID: "s1", Day: day, Source: ciao.FromShift, Count: 1}
	waits := line
	waits.Code, waits.Remedy, waits.Refused, waits.Source = ciao.CauseCode(app.HeldPairing), ciao.MendDay, false, ciao.FromPunch
	f.preflight = office.Preflight{Days: app.Days{From: day, To: day}, Lines: []ciao.PreflightLine{line, waits}, Causes: ciao.GroupPreflight([]ciao.PreflightLine{line, waits})}
	got := faked(t, f, nil, "--lang", "en", "ciao", "preflight", "--day", "2026-11-03", "--site", "L1")
	wantText(t, got.out, "Peeters Bart", "no SSIN entered", "complete the worker’s details", "would be refused", "waits for you", "planned", "punched", "Stadhuis Leuven")
	if got.code != ExitFailed || f.preflightAsk != (office.PreflightFilter{Days: app.Days{From: day, To: day}, SiteID: "s1"}) {
		t.Errorf("exit code %d, asked for %+v", got.code, f.preflightAsk)
	}
	want(t, object(t, faked(t, f, nil, "ciao", "preflight", "--json").out), map[string]any{
		"refused": true, "causes.0.code": "ssin-missing", "causes.0.name": "Peeters Bart", "causes.0.remedy": "complete-identity", "causes.1.refused": false,
		"lines.0.worker": "Peeters Bart", "lines.0.site": "Stadhuis Leuven", "lines.0.day": "2026-11-03", "lines.0.source": "shift", "days.from": "2026-11-03",
	})
	f.preflight = office.Preflight{Lines: []ciao.PreflightLine{waits}, Causes: ciao.GroupPreflight([]ciao.PreflightLine{waits})}
	if got := faked(t, f, nil, "ciao", "preflight"); got.code != ExitFine {
		t.Errorf("what only waits is no failure: %d", got.code)
	}
	if got := faked(t, f, nil, "ciao", "preflight", "--day", "2026-11-03", "--month", "2026-11"); got.code != ExitUsage {
		t.Errorf("a day and a month: %d", got.code)
	}
}

func TestRadar(t *testing.T) {
	f := company()
	day := app.NewDate(2026, 11, 30)
	f.radar = []ciao.RadarItem{{Code: ciao.RadarOutside, SiteID: "s1", Days: []app.Date{day, day + 1}, Punches: 4},
		{Code: ciao.RadarEnding, SiteID: "s1", DeclarationID: "d1", Until: day, Left: 7, Covered: true}}
	got := faked(t, f, nil, "--lang", "en", "declaration", "radar")
	wantText(t, got.out, "punches on days without a declaration", "ends soon, another follows", "Stadhuis Leuven")
	want(t, object(t, faked(t, f, nil, "declaration", "radar", "--json").out), map[string]any{
		"items.0.code": "outside", "items.0.punches": 4, "items.1.daysLeft": 7, "items.1.covered": true, "items.1.site": "Stadhuis Leuven",
	})
}

func TestReconcile(t *testing.T) {
	f := company()
	key := app.RecordKey{LogKey: app.LogKey{Box: ocbUID, Log: "l"}, Seq: 7}
	f.compared = &ciao.Reconciliation{ID: "r1", Environment: app.LocalSimulator, Days: october, By: "Els", At: instant("2026-11-02T09:00:00Z"),
		Persons: []ciao.AskedPerson{{WorkerID: "w1", Asked: true, Ours: 2, Theirs: 3}, {WorkerID: "w2", Problem: ciao.CannotNoSSIN}},
		Differences: []ciao.Difference{{Kind: ciao.DiffDifferent, Step: ciao.StepDossier, WorkerID: "w1", SiteID: "s1", Punch: &key, RegisterID: 1<<53 + 1,
			Type: app.RegisterIn, At: instant("2026-10-05T05:00:00Z"), Fields: []string{"place", "time"}}}}
	got := faked(t, f, nil, "--lang", "en", "ciao", "reconcile", "--month", "2026-10", "--worker", "anna")
	wantText(t, got.out, "otherwise in the register: place and time", "make a correction dossier", "9007199254740993", "Asked: 1 of 2", "no SSIN to ask by", "Peeters Bart")
	if got.code != ExitFailed || f.comparedAsk != october {
		t.Errorf("exit code %d, asked for %+v", got.code, f.comparedAsk)
	}
	want(t, object(t, faked(t, f, nil, "ciao", "reconcile", "--last", "--json").out), map[string]any{
		"complete": false, "reconciliation.differences.0.kind": "different", "reconciliation.persons.1.problem": "no-ssin", "reconciliation.by": "Els",
	})
	f.compared.CannotTell = ciao.CannotUnproven
	got = faked(t, f, nil, "--lang", "en", "ciao", "reconcile", "--last")
	wantText(t, got.out, "Cannot tell: no look-up has ever found what is surely there")
	f.compared = nil
	if got := faked(t, f, nil, "ciao", "reconcile", "--last"); got.code != ExitFine {
		t.Errorf("none yet: %d", got.code)
	}
	if got := faked(t, f, nil, "ciao", "reconcile", "--last", "--month", "2026-10"); got.code != ExitUsage {
		t.Errorf("the last of a month: %d", got.code)
	}
}

// withDossiers is a company with a proposal and a dossier that was handed in.
func withDossiers() *fake {
	f := company()
	day := app.NewDate(2026, 10, 6)
	missing := app.Correction{Kind: app.CorrectMissing, Anchor: "a1", WorkerID: "w1", SiteID: "s1", Day: day, Has: []app.CorrectionLine{},
		Wants: []app.CorrectionLine{{Type: app.RegisterOut, At: instant("2026-10-06T12:00:00Z"), WorkerID: "w1", SiteID: "s1"}}}
	refused := missing
	refused.Kind, refused.WorkerID = app.CorrectRefused, "w2"
	handed := app.Dossier{ID: "d9", Correction: refused, By: "Els", At: 1, Steps: []app.DossierStep{{State: app.DossierHandedIn, Day: day + 20, Reference: "RSZ-1", By: "Els", At: 2}}}
	due := dossier.DeadlineOf(day, day+27)
	f.dossiers = []office.DossierRow{{Dossier: app.Dossier{Correction: missing}, Deadline: due, Stands: true}, {Dossier: handed, Deadline: due}}
	f.bundle = &dossier.Bundle{Dossier: handed, Deadline: due, Worker: dossier.Person{ID: "w2", Name: "Peeters Bart", SSIN: annaMasked}, Zone: app.DefaultZone,
		Evidence: []dossier.Evidence{{Proof: dossier.Proof{Raw: "00ff", Chain: &dossier.Chain{PointSeq: 9, Proven: true}}, BoxLabel: "Inkom",
			Clock: dossier.Clock{Known: true, OffsetMS: 1500, UncertaintyMS: 200}, Held: &dossier.Custody{Holder: "Peeters Bart"}}}}
	return f
}

func TestDossiersAreListedWithTheirCountdown(t *testing.T) {
	f := withDossiers()
	got := faked(t, f, nil, "--lang", "en", "dossier", "list")
	wantText(t, got.out, "proposed", "3 days left", "missing|a1", "handed in on 26/10/2026 (no longer so)", "d9")
	want(t, object(t, faked(t, f, nil, "dossier", "list", "--json", "--worker", "anna").out), map[string]any{
		"dossiers.0.state": "proposed", "dossiers.0.key": "missing|a1", "dossiers.0.deadline.daysLeft": 3, "dossiers.0.deadline.urgency": "urgent",
		"dossiers.0.worker": "Peeters Anna", "dossiers.0.stands": true,
	})
}

func TestADossierIsShownMadeAndStepped(t *testing.T) {
	f := withDossiers()
	got := faked(t, f, nil, "--lang", "en", "dossier", "show", "d9")
	wantText(t, got.out, "request for correction", "refused by your register", "00ff", "chain proven up to 9", annaMasked)
	got = faked(t, f, nil, "--lang", "en", "dossier", "make", "--all", "--json")
	want(t, object(t, got.out), map[string]any{"kind": "dossier", "ids.0": "made of missing|a1"})
	if got := faked(t, f, nil, "dossier", "make"); got.code != ExitUsage {
		t.Errorf("of nothing: %d", got.code)
	}
	f.stepped = nil
	faked(t, f, nil, "dossier", "hand-in", "d9", "--on", "2026-10-26", "--reference", "RSZ-1", "--note", "by post")
	faked(t, f, nil, "dossier", "answer", "d9", "--as", "partly", "--on", "2026-10-30")
	faked(t, f, nil, "dossier", "drop", "d9", "--why", "read after all")
	wantDid := []any{app.ID("d9"), "2026-10-26", "RSZ-1", "by post", app.ID("d9"), "2026-10-30", app.OutcomePartly, "", app.ID("d9"), "read after all"}
	if len(f.stepped) != len(wantDid) {
		t.Fatalf("%v", f.stepped)
	}
	for i := range wantDid {
		if f.stepped[i] != wantDid[i] {
			t.Errorf("step %d: %v, want %v", i, f.stepped[i], wantDid[i])
		}
	}
	if got := faked(t, f, nil, "dossier", "answer", "d9", "--as", "maybe"); got.code != ExitUsage {
		t.Errorf("an answer nobody gives: %d", got.code)
	}
}

// TestStatusSaysWhatIsUp: in words, and in fields for scripts.
func TestStatusSaysWhatIsUp(t *testing.T) {
	f := company()
	since := instant("2026-11-03T06:00:00Z")
	f.counts.Notices = ciao.Notices{Outage: since, Waiting: 12, ClockOff: -3 * time.Minute, Parked: []string{"0206731645"}, Unknown: 1, NextLookUp: since.Add(time.Minute), Stranger: since}
	got := faked(t, f, nil, "--lang", "en", "ciao", "status")
	wantText(t, got.out, "12 punches wait", "0206.731.645", "0:03", "1 registration of unknown fate", "knows nothing of what was sent")
	got = faked(t, f, nil, "--lang", "en", "ciao", "status", "--json")
	want(t, object(t, got.out), map[string]any{
		"outage": "2026-11-03T06:00:00.000Z", "clockOffMs": -180_000, "parked.0": "0206731645", "nextLookUp": "2026-11-03T06:01:00.000Z", "stranger": "2026-11-03T06:00:00.000Z",
		"notices.0": "This register knows nothing of what was sent from here: another environment, or a new simulator?",
	})
}
