package office_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/period"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

var (
	october  = app.Month{Year: 2026, Month: 10}.Days()
	november = app.Month{Year: 2026, Month: 11}.Days()
	december = app.Month{Year: 2026, Month: 12}.Days()
)

// refresh lets the office see what was written past it.
func (b *bench) refresh() { b.Override(workspace.Override{}) }

func (b *bench) approve(c documents.ApprovalChoice) map[app.ID]documents.ApprovalRow {
	b.t.Helper()
	b.refresh()
	out := map[app.ID]documents.ApprovalRow{}
	for _, r := range must[[]documents.ApprovalRow](b.t)(b.Approvals.Approve(b.t.Context(), c, nil)) {
		out[r.WorkerID] = r
	}
	return out
}

// standing returns the one approval of a worker and days that stands.
func (b *bench) standing(w app.Worker, days app.Days) app.Approval {
	b.t.Helper()
	a, ok, err := b.Derived.ClosedBy(b.t.Context(), w.ID, days.From)
	if err != nil || !ok {
		b.t.Fatalf("not closed: %v", err)
	}
	return a
}

func codes(r documents.ApprovalRow) (out []documents.BlockerCode) {
	for _, b := range r.Blockers {
		out = append(out, b.Code)
	}
	return out
}

func TestAMonthIsApprovedOnceWhatIsMissingIsSettled(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(
		tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut},
		tap{"04B2", "2026-10-06 08:00", app.KeyIn}, // and never left
		tap{"04B2", "2026-10-07 08:00", app.KeyIn}, tap{"04B2", "2026-10-07 12:00", app.KeyOut},
	))
	rows := b.approve(documents.ApprovalChoice{Days: october})
	if r := rows[b.an.ID]; r.Status != documents.PeriodApproved || len(r.Blockers) != 0 || r.Figures != (period.Figures{Worked: 480}) || r.Workdays != 1 {
		t.Errorf("An: %+v", r)
	}
	r := rows[b.bart.ID]
	if r.Status != documents.PeriodBlocked || r.Approval != nil || len(r.Blockers) != 1 || r.Blockers[0].Anomaly == nil ||
		r.Blockers[0].Anomaly.Rule != app.MissingOut {
		t.Fatalf("Bart: %+v", r)
	}
	if _, closed, err := b.Derived.ClosedBy(ctx, b.bart.ID, october.From); closed || err != nil {
		t.Errorf("Bart's October is closed: %v", err)
	}
	if err := b.Judgements.AdjustMissing(ctx, r.Blockers[0].Anomaly.Key(), b.at("2026-10-06 16:00"), "forgot", ""); err != nil {
		t.Fatal(err)
	}
	rows = b.approve(documents.ApprovalChoice{Days: october})
	if r := rows[b.bart.ID]; r.Status != documents.PeriodApproved || r.Figures != (period.Figures{Worked: 720, Adjusted: 480}) {
		t.Errorf("Bart, settled: %+v", r)
	}
	if got := codes(rows[b.an.ID]); !slices.Equal(got, []documents.BlockerCode{documents.BlockedByClosed}) {
		t.Errorf("An once more: %v", got)
	}
	a := b.standing(b.bart, october)
	bytes := must[[]byte](t)(b.store.Snapshot(ctx, a.ID))
	if a.Hash != period.Hash(bytes) || a.Version != 1 || a.By == "" || a.At != b.now {
		t.Errorf("the step: %+v", a)
	}
	for _, f := range must[[]store.Finding](t)(b.Verify(ctx, nil)) {
		if f.What == "approval" {
			t.Errorf("verify: %v", f)
		}
	}
}

// late is October approved for An, and then a tap that was read late.
func late(t *testing.T) *bench {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	b.approve(documents.ApprovalChoice{Days: october})
	b.now += 60_000
	must[int](t)(b.read(tap{"04A1", "2026-10-05 17:00", app.KeyIn}, tap{"04A1", "2026-10-05 19:30", app.KeyOut}))
	b.refresh()
	return b
}

func TestWhatIsReadLateIsAnAdditionOfTheNextPeriod(t *testing.T) {
	b := late(t)
	ctx := t.Context()
	open := must[[]documents.WorkerAddition](t)(b.Approvals.Additions(ctx, ""))
	if len(open) != 1 || open[0].WorkerID != b.an.ID || open[0].Difference() != (period.Figures{Worked: 150}) || open[0].Causes[0].Code != period.ReadLater {
		t.Fatalf("additions: %+v", open)
	}
	rows := must[[]documents.ApprovalRow](t)(b.Approvals.Rows(ctx, documents.ApprovalChoice{Days: october, Workers: []app.ID{b.an.ID}}))
	if r := rows[0]; r.Status != documents.PeriodChanged || r.Figures.Worked != 480 || len(r.Since) != 1 {
		t.Errorf("October since: %+v", r)
	}
	if r := b.approve(documents.ApprovalChoice{Days: november})[b.an.ID]; r.Status != documents.PeriodApproved || len(r.Carries) != 1 {
		t.Fatalf("November: %+v", r)
	}
	if left := must[[]documents.WorkerAddition](t)(b.Approvals.Additions(ctx, "")); len(left) != 0 {
		t.Errorf("still due after November carried it: %+v", left)
	}
	s := must[*period.Snapshot](t)(b.Approvals.ApprovalSnapshot(ctx, b.standing(b.an, november).ID))
	if len(s.Additions) != 1 || s.Additions[0].Day != app.NewDate(2026, 10, 5) || len(s.Sites) != 1 {
		t.Errorf("November's snapshot: %+v", s)
	}
	october := b.standing(b.an, october)
	var carried *documents.CarriedError
	if err := b.Approvals.WithdrawApproval(ctx, october.ID, "wrong"); !errors.As(err, &carried) {
		t.Errorf("withdrawn under November: %v", err)
	}
	if err := b.Approvals.WithdrawApproval(ctx, b.standing(b.an, november).ID, "too early"); err != nil {
		t.Fatal(err)
	}
	if again := must[[]documents.WorkerAddition](t)(b.Approvals.Additions(ctx, "")); len(again) != 1 {
		t.Errorf("due again: %+v", again)
	}
	if err := b.Approvals.WithdrawApproval(ctx, october.ID, "a box was read late"); err != nil {
		t.Fatal(err)
	}
	if r := b.approve(documents.ApprovalChoice{Days: app.Month{Year: 2026, Month: 10}.Days()})[b.an.ID]; r.Figures.Worked != 630 || r.Approval == nil ||
		r.Approval.Version != 3 {
		t.Errorf("October anew: %+v", r)
	}
	steps := must[[]app.Approval](t)(b.Approvals.List(ctx, app.Days{}, b.an.ID))
	var versions []int
	for _, s := range steps {
		versions = append(versions, s.Version)
	}
	if !slices.Equal(versions, []int{1, 1, 2, 2, 3}) || steps[3].Reason != "a box was read late" {
		t.Errorf("the steps: %+v", steps)
	}
	trail := must[[]app.TrailEntry](t)(b.store.Trail(ctx, "worker:"+string(b.an.ID), 0))
	acts := 0
	for _, e := range trail {
		if strings.HasPrefix(e.What, "period.") {
			acts++
		}
	}
	if acts != 5 {
		t.Errorf("%d acts about An's periods in the trail, want 5", acts)
	}
}

// Who has left still gets what came to light: someone without engagement in the
// period is approved where additions are due.
func TestAdditionsOfThoseWhoLeft(t *testing.T) {
	b := late(t)
	e := b.ofAn
	e.Days.To = october.To
	if _, err := b.Staff.SaveEngagement(t.Context(), e, why); err != nil {
		t.Fatal(err)
	}
	if r, ok := b.approve(documents.ApprovalChoice{Days: november})[b.an.ID]; !ok || len(r.Carries) != 1 || r.Approval == nil {
		t.Errorf("An in November: %+v", r)
	}
	b.now = b.at("2026-12-31 12:00")
	if r, ok := b.approve(documents.ApprovalChoice{Days: december})[b.an.ID]; ok {
		t.Errorf("An in December, with nothing due: %+v", r)
	}
}

func TestWhatKeepsAPeriodOpen(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"A104", "2026-10-06 19:00", app.KeyIn}, tap{"04A1", "2026-11-02 19:00", app.KeyIn}))
	for _, c := range []struct {
		name string
		days app.Days
		want []documents.BlockerCode
	}{
		{"someone is still at work", november, []documents.BlockerCode{documents.BlockedByPresence}},
		{"an unknown badge that may be An's", october, []documents.BlockerCode{documents.BlockedByBadge}},
		{"the period has not begun", december, []documents.BlockerCode{documents.BlockedByFuture}},
	} {
		rows := must[[]documents.ApprovalRow](t)(b.Approvals.Rows(ctx, documents.ApprovalChoice{Days: c.days, Workers: []app.ID{b.an.ID}}))
		if got := codes(rows[0]); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	half := app.Days{From: app.NewDate(2026, 10, 1), To: app.NewDate(2026, 10, 5)}
	if r := b.approve(documents.ApprovalChoice{Days: half, Workers: []app.ID{b.an.ID}})[b.an.ID]; r.Status != documents.PeriodApproved {
		t.Fatalf("the first days of October: %+v", r)
	}
	rows := must[[]documents.ApprovalRow](t)(b.Approvals.Rows(ctx, documents.ApprovalChoice{Days: october, Workers: []app.ID{b.an.ID}}))
	if got := codes(rows[0]); !slices.Contains(got, documents.BlockedByPeriod) {
		t.Errorf("October over its first days: %v", got)
	}
	for _, d := range []app.Days{{}, {From: october.From}, {From: october.To, To: october.From}} {
		var field *app.FieldError
		if _, err := b.Approvals.Rows(ctx, documents.ApprovalChoice{Days: d}); !errors.As(err, &field) {
			t.Errorf("days %v: %v", d, err)
		}
	}
}

// A wrong clock may hold taps of those who tapped there, and of nobody else.
func TestAWrongClockKeepsItsPeopleOpen(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(
		tap{"04B2", "2026-10-05 08:00", app.KeyIn}, tap{"04B2", "2026-10-05 12:00", app.KeyOut},
		tap{"04A1", "2001-01-01 00:01", app.KeyIn}, tap{"04A1", "2001-01-01 08:00", app.KeyOut},
	))
	if found := b.anomalies(app.ClockReset); len(found) != 1 {
		t.Fatalf("wrong clocks: %+v", found)
	}
	rows := b.approve(documents.ApprovalChoice{Days: october})
	if got := codes(rows[b.an.ID]); !slices.Equal(got, []documents.BlockerCode{documents.BlockedByClock}) {
		t.Errorf("An: %v", got)
	}
	if r := rows[b.bart.ID]; r.Status != documents.PeriodApproved {
		t.Errorf("Bart: %+v", r)
	}
}

func TestASiteChoosesItsPeople(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	rows := b.approve(documents.ApprovalChoice{Days: october, SiteID: b.site.ID})
	if _, other := rows[b.bart.ID]; other || rows[b.an.ID].Status != documents.PeriodApproved {
		t.Errorf("by site: %+v", rows)
	}
}

// What is approved before a cancel stays approved; nothing is half.
func TestApprovingIsCancelledBetweenWorkers(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	rows, err := b.Approvals.Approve(ctx, documents.ApprovalChoice{Days: october}, func(done, total int) {
		if done == 1 && total == 2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := must[[]app.Approval](t)(b.Approvals.List(t.Context(), october, "")); len(got) != 1 || got[0].WorkerID != rows[0].WorkerID {
		t.Errorf("approved: %+v", got)
	}
}

func TestAWithdrawalNeedsAReasonAndAnApproval(t *testing.T) {
	b := late(t)
	a := b.standing(b.an, october)
	var field *app.FieldError
	if err := b.Approvals.WithdrawApproval(t.Context(), a.ID, " "); !errors.As(err, &field) || field.Field != "why" {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.Approvals.WithdrawApproval(t.Context(), a.ID, "wrong"); err != nil {
		t.Fatal(err)
	}
	var none *app.NotFoundError
	if err := b.Approvals.WithdrawApproval(t.Context(), a.ID, "wrong"); !errors.As(err, &none) {
		t.Errorf("a second time: %v", err)
	}
}

// print writes the sheet of An's month in English and gives its bytes.
func (b *bench) print(m app.Month, reveal bool) string {
	b.t.Helper()
	path := must[string](b.t)(b.WriteSheet(b.t.Context(), b.ofAn.ID, m.Days(), app.English, b.t.TempDir(), reveal))
	return string(must[[]byte](b.t)(os.ReadFile(path)))
}

// The sheet of an approved month is printed from what was approved, whatever is
// renamed, read or stated afterwards.
func TestAnApprovedMonthPrintsTheSameBytes(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	m := app.Month{Year: 2026, Month: 10}
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	b.approve(documents.ApprovalChoice{Days: october})
	before, whole := b.print(m, false), b.print(m, true)
	if before == whole {
		t.Error("the whole number is not printed")
	}
	b.now += 60_000
	must[int](t)(b.read(tap{"04A1", "2026-10-05 17:00", app.KeyIn}, tap{"04A1", "2026-10-05 19:30", app.KeyOut}))
	renamed := b.an
	renamed.FamilyName = "Janssens"
	must[app.Worker](t)(b.Staff.SaveWorker(ctx, renamed, why))
	site := b.site
	site.Name = "Nieuw Stadhuis"
	must[app.Site](t)(b.Sites.SaveSite(ctx, site, why))
	e := b.ofAn
	e.Rounding = app.Rounding{Minutes: 15}
	must[app.Engagement](t)(b.Staff.SaveEngagement(ctx, e, why))
	stated := app.Adjustment{EngagementID: e.ID, SiteID: b.site.ID, From: b.at("2026-10-06 08:00"), To: b.at("2026-10-06 12:00"), Reason: "box-broken"}
	if err := b.Judgements.AdjustPresence(ctx, stated); err != nil {
		t.Fatal(err)
	}
	b.refresh()
	if b.print(m, false) != before || b.print(m, true) != whole {
		t.Error("an approved month prints other bytes than before")
	}
	row := func(m app.Month) documents.SheetRow {
		for _, r := range must[[]documents.SheetRow](t)(b.Sheets.Rows(ctx, m.Days())) {
			if r.Engagement.ID == e.ID {
				return r
			}
		}
		t.Fatalf("no row in %s", m)
		return documents.SheetRow{}
	}
	if r := row(m); r.Approval == nil || r.Worked != 8*time.Hour || r.Additions != 0 {
		t.Errorf("October: %+v", r)
	}
	if r := row(m.Add(1)); r.Approval != nil || r.Additions != 2 || r.Added != 6*time.Hour+30*time.Minute {
		t.Errorf("November: %+v", r)
	}
	if r := row(m.Add(2)); r.Additions != 2 { // its approval would carry them, if it came first
		t.Errorf("December: %+v", r)
	}
	draft := b.print(m.Add(1), false)
	b.approve(documents.ApprovalChoice{Days: november})
	if r := row(m.Add(2)); r.Additions != 0 {
		t.Errorf("December, after November settled them: %+v", r)
	}
	if r := row(m.Add(1)); r.Approval == nil || r.Additions != 2 {
		t.Errorf("November, approved: %+v", r)
	}
	if b.print(m.Add(1), false) == draft {
		t.Error("an approved sheet looks like its draft")
	}
}

// A month that is approved in two parts shows each as it was approved, and what
// the second settled of the first.
func TestAMonthApprovedInParts(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	first, second := app.Days{From: october.From, To: app.NewDate(2026, 10, 15)}, app.Days{From: app.NewDate(2026, 10, 16), To: october.To}
	b.approve(documents.ApprovalChoice{Days: first})
	b.now += 60_000
	must[int](t)(b.read(tap{"04A1", "2026-10-05 17:00", app.KeyIn}, tap{"04A1", "2026-10-05 19:30", app.KeyOut}))
	sum := func() (worked, added time.Duration) {
		b.refresh()
		for _, r := range must[[]documents.SheetRow](t)(b.Sheets.Rows(ctx, app.Month{Year: 2026, Month: 10}.Days())) {
			if r.Engagement.ID == b.ofAn.ID {
				return r.Worked, r.Added
			}
		}
		return 0, 0
	}
	for _, when := range []string{"while the second part is open", "after it is approved"} {
		if worked, added := sum(); worked != 8*time.Hour || added != 150*time.Minute {
			t.Errorf("%s: %s and %s", when, worked, added)
		}
		b.approve(documents.ApprovalChoice{Days: second})
	}
}
