package office_test

import (
	"slices"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/sending"
)

// Without a credential nobody can be asked: it says so, keeps that, and still
// compares the boxes with the store.
func TestReconcilingWithoutACredentialSaysThatItCannotTell(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	b.now = b.at("2026-11-03 08:00") // the box was not read since yesterday evening
	day := app.NewDate(2026, 11, 2)
	r := must[*ciao.Reconciliation](t)(b.Reconciliation.Reconcile(t.Context(), app.Days{From: day - 7, To: day}, "", nil))
	if r.CannotTell != ciao.CannotNoCredential || r.Complete() {
		t.Errorf("%+v", r)
	}
	unread := func(d ciao.Difference) bool {
		return d.Kind == ciao.DiffUnread && d.Step == ciao.StepReadBox && d.SiteID == b.site.ID
	}
	if !slices.ContainsFunc(r.Differences, unread) {
		t.Errorf("%+v", r.Differences)
	}
	kept := must[*ciao.Reconciliation](t)(b.Reconciliation.LastReconciliation(t.Context()))
	if kept == nil || kept.ID != r.ID || kept.CannotTell != r.CannotTell || len(kept.Differences) != len(r.Differences) {
		t.Errorf("kept: %+v", kept)
	}
}

// Tomorrow's shift of somebody without a number is told of today.
func TestPreflightLooksAtTomorrowsPlan(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	ctx := t.Context()
	cleo := must[app.Worker](t)(b.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Dubois", GivenName: "Cléo", StaffNumber: "9"}, why))
	e := must[app.Engagement](
		t,
	)(
		b.Staff.SaveEngagement(ctx, app.Engagement{WorkerID: cleo.ID, EmployerID: b.ofAn.EmployerID, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, why),
	)
	day := app.NewDate(2026, 11, 3)
	hours := app.Hours{From: 6 * 60, To: 10 * 60}
	must[app.PlanLine](
		t,
	)(
		b.Plan.AddPlanLine(
			ctx,
			app.PlanLine{SiteID: b.site.ID, EngagementID: e.ID, Weekdays: app.AllWeek, Hours: hours, Days: app.Days{From: day, To: day}},
			why,
		),
	)
	p := must[*sending.Preflight](t)(b.Register.Preflight(ctx, sending.PreflightFilter{}))
	if p.Days != (app.Days{From: day - 1, To: day}) || !p.Refused() {
		t.Errorf("%+v", p)
	}
	i := slices.IndexFunc(p.Lines, func(l ciao.PreflightLine) bool { return l.Code == ciao.CauseSSINMissing })
	if i < 0 || p.Lines[i].WorkerID != cleo.ID || p.Lines[i].SiteID != b.site.ID || p.Lines[i].Day != day || p.Lines[i].Source != ciao.FromShift {
		t.Errorf("%+v", p.Lines)
	}
	if p = must[*sending.Preflight](t)(b.Register.Preflight(ctx, sending.PreflightFilter{WorkerID: b.an.ID})); slices.ContainsFunc(
		p.Lines,
		func(l ciao.PreflightLine) bool { return l.WorkerID == cleo.ID },
	) {
		t.Errorf("of An alone: %+v", p.Lines)
	}
}

func TestTheRadarUsesTheCompanysThreshold(t *testing.T) {
	b := newBench(t)
	b.underCIAO()
	ctx := t.Context()
	radar := func() []ciao.RadarCode {
		var codes []ciao.RadarCode
		for _, i := range must[[]ciao.RadarItem](t)(b.Register.DeclarationRadar(ctx)) {
			codes = append(codes, i.Code)
		}
		return codes
	}
	d := must[[]app.Declaration](t)(b.Sites.Declarations(ctx))[0]
	d.Days.To = app.NewDate(2026, 12, 22) // in 50 days
	must[app.Declaration](t)(b.Sites.SaveDeclaration(ctx, d, why))
	if got := radar(); len(got) != 0 {
		t.Errorf("50 days ahead: %v", got)
	}
	if err := b.Sites.ChangeThresholds(ctx, derived.ThresholdOwner{}, app.Thresholds{"declaration-expiring": 60}, nil, why); err != nil {
		t.Fatal(err)
	}
	if got := radar(); !slices.Equal(got, []ciao.RadarCode{ciao.RadarEnding}) {
		t.Errorf("with a threshold of 60: %v", got)
	}
}
