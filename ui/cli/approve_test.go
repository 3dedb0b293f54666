package cli

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/office"
	closing "klokkast/app/period"
)

// fakePeriods is the part of the office that closes periods.
type fakePeriods struct {
	periods    []office.ApprovalRow
	choice     office.ApprovalChoice
	approving  int
	approveErr error
	approved   []app.Approval
	snapshot   *closing.Snapshot
	late       []office.WorkerAddition
	withdrawn  []any
}

func (f *fakePeriods) ApprovalRows(_ context.Context, c office.ApprovalChoice) ([]office.ApprovalRow, error) {
	f.choice = c
	return f.periods, nil
}
func (f *fakePeriods) Approve(_ context.Context, c office.ApprovalChoice, p office.Progress) ([]office.ApprovalRow, error) {
	f.choice = c
	f.approving++
	p(1, 2)
	return f.periods, f.approveErr
}
func (f *fakePeriods) WithdrawApproval(_ context.Context, id app.ID, why string) error {
	f.withdrawn = append(f.withdrawn, id, why)
	return nil
}
func (f *fakePeriods) Approvals(context.Context, app.Days, app.ID) ([]app.Approval, error) {
	return f.approved, nil
}
func (f *fakePeriods) ApprovalSnapshot(context.Context, app.ID) (*closing.Snapshot, error) {
	return f.snapshot, nil
}
func (f *fakePeriods) Additions(context.Context, app.ID) ([]office.WorkerAddition, error) {
	return f.late, nil
}

var october = app.Month{Year: 2026, Month: 10}.Days()

// someLate is two and a half hours of 5 October that were read late.
func someLate() closing.Addition {
	in, out := instant("2026-10-05T15:00:00Z"), instant("2026-10-05T17:30:00Z")
	p := closing.Presence{Presence: app.Presence{SiteID: "s1", In: &app.Side{At: in}, Out: &app.Side{At: out}}}
	return closing.Addition{EngagementID: "g1", Day: app.NewDate(2026, 10, 5), Approval: "a1", Was: closing.Figures{Worked: 480}, Is: closing.Figures{Worked: 630},
		Changes: []closing.Change{{Is: &p}}, Causes: []closing.Cause{{Code: closing.ReadLater}}}
}

// withPeriods is a company where Anna's October is approved now and Bart's cannot be.
func withPeriods() *fake {
	f := company()
	f.approved = []app.Approval{
		{ID: "a1", WorkerID: "w1", Days: october, By: "Els", At: instant("2026-11-02T09:00:00Z"), Version: 1, Hash: "0a1b"},
		{ID: "a2", WorkerID: "w2", Days: october, By: "Els", At: instant("2026-11-02T09:00:01Z"), Version: 1},
		{ID: "a3", WorkerID: "w2", Days: october, By: "Jan", At: instant("2026-11-03T09:00:00Z"), Version: 2, Withdraws: "a2", Reason: "wrong site"},
	}
	missing := office.FoundAnomaly{Anomaly: app.Anomaly{Rule: app.MissingOut, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutEngagement, ID: "g2"},
		Anchor: "b/l/7", WorkerID: "w2", SiteID: "s1", Day: app.NewDate(2026, 10, 6), At: instant("2026-10-06T05:00:00Z")}, Status: app.AnomalyOpen}
	f.periods = []office.ApprovalRow{
		{WorkerID: "w1", Days: october, Status: office.PeriodApproved, Workdays: 20, Figures: closing.Figures{Worked: 9065}, Approval: &f.approved[0], Carries: []closing.Addition{someLate()}},
		{WorkerID: "w2", Days: october, Status: office.PeriodBlocked, Workdays: 3, Blockers: []office.Blocker{{Code: office.BlockedByAnomaly, Anomaly: &missing}}},
	}
	f.snapshot = &closing.Snapshot{Days: october, Worker: closing.Worker{ID: "w1", FamilyName: "Peeters"}, Sites: []app.Site{{ID: "s1", Name: "Oud Stadhuis"}},
		Workdays:  []closing.Workday{{Day: app.NewDate(2026, 10, 6), WorkedMs: 8 * 3_600_000}, {Day: app.NewDate(2026, 10, 7), WorkedMs: 3_600_000 + 59_999}},
		Additions: []closing.Addition{someLate()}}
	f.late = []office.WorkerAddition{{WorkerID: "w1", Addition: someLate()}}
	return f
}

func TestApprove(t *testing.T) {
	f := withPeriods()
	got := faked(t, f, nil, "--lang", "en", "approve", "--month", "2026-10", "--all")
	wantText(t, got.out, "Peeters Anna", "151:05", "+2:30", "approved, by Els on 02/11/2026, version 1", "Peeters Bart cannot be approved",
		"missing-out|engagement:g2|b/l/7", "1 approved, 1 refused, 0 were already")
	if got.code != ExitFailed || f.approving != 1 || f.choice.Days != october || f.choice.Workers != nil {
		t.Errorf("exit code %d, asked for %+v", got.code, f.choice)
	}
	want(t, object(t, faked(t, f, nil, "approve", "--month", "2026-10", "--worker", "anna", "--worker", "008", "--json").out), map[string]any{
		"days.from": "2026-10-01", "preview": false, "approved": 1, "refused": 1, "already": 0, "periods.0.worker": "Peeters Anna", "periods.0.status": "approved",
		"periods.0.approval.hash": "0a1b", "periods.0.figures.workedMinutes": 9065, "periods.0.carries.0.add.workedMinutes": 150,
		"periods.0.carries.0.causes.0.code": "read-later", "periods.1.blockers.0.key": "missing-out|engagement:g2|b/l/7", "periods.1.blockers.0.code": "anomaly",
	})
	if w := "[w1 w2]"; fmt.Sprint(f.choice.Workers) != w {
		t.Errorf("asked for %v, want %s", f.choice.Workers, w)
	}
	if got := faked(t, f, nil, "approve", "--from", "2026-10-01", "--to", "2026-10-15", "--site", "leuven", "--dry-run", "--lang", "en"); f.approving != 2 || f.choice.SiteID != "s1" || !strings.Contains(got.out, "nothing is approved") {
		t.Errorf("a dry run approved, or asked for %+v: %s", f.choice, got.out)
	}
}

func TestApproveWrongly(t *testing.T) {
	for args, says := range map[string]string{
		"approve --all":                               "which period",
		"approve --month 2026-10":                     "whose",
		"approve --month 2026-13 --all":               "2026-13",
		"approve --month 2026-10 --all --worker anna": "--all",
		"approve --from 2026-10-01 --all":             "which period",
	} {
		f := withPeriods()
		if got := faked(t, f, nil, strings.Fields(args)...); got.code != ExitUsage || !strings.Contains(got.err, says) || f.approving != 0 {
			t.Errorf("%s: exit code %d, %s", args, got.code, got.err)
		}
	}
}

// What was approved before a cancel is shown; it stays approved.
func TestApproveCancelled(t *testing.T) {
	f := withPeriods()
	f.periods, f.approveErr = f.periods[:1], context.Canceled
	got := faked(t, f, nil, "--lang", "en", "approve", "--month", "2026-10", "--all")
	wantText(t, got.out, "Peeters Anna", "1 approved")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
}

func TestApprovals(t *testing.T) {
	f := withPeriods()
	got := faked(t, f, nil, "--lang", "en", "approvals")
	wantText(t, got.out, "approved by Els on 02/11/2026, version 1", "withdrawn later", "withdrawn by Jan on 03/11/2026: wrong site", "a3")
	want(t, object(t, faked(t, f, nil, "approvals", "list", "--worker", "anna", "--json").out), map[string]any{
		"approvals.0.id": "a1", "approvals.0.standing": true, "approvals.1.standing": false, "approvals.2.withdraws": "a2", "approvals.2.reason": "wrong site",
	})
	got = faked(t, f, nil, "--lang", "en", "approvals", "show", "a1")
	wantText(t, got.out, "0a1b", "06/10/2026", "8:00", "9:00", "added: Oud Stadhuis 17:00–19:30 (read later)")
	want(t, object(t, faked(t, f, nil, "approvals", "show", "a1", "--json").out), map[string]any{
		"approval.hash": "0a1b", "snapshot.workdays.0.workedMs": 28800000, "snapshot.worker.familyName": "Peeters",
	})
	if got := faked(t, f, nil, "approvals", "show", "a3"); got.code != ExitFailed {
		t.Error("a withdrawal closed something")
	}
	got = faked(t, f, nil, "--lang", "en", "approvals", "additions")
	wantText(t, got.out, "05/10/2026", "+2:30", "Stadhuis Leuven 17:00–19:30")
	want(t, object(t, faked(t, f, nil, "approvals", "additions", "--json").out), map[string]any{
		"additions.0.worker": "Peeters Anna", "additions.0.approvalId": "a1", "additions.0.was.workedMinutes": 480, "additions.0.changes.0.is.siteId": "s1",
	})
	if got := faked(t, f, nil, "approvals", "withdraw", "a1"); got.code != ExitUsage || f.withdrawn != nil {
		t.Error("withdrawn without a reason")
	}
	got = faked(t, f, nil, "--lang", "en", "approvals", "withdraw", "a1", "--why", "a box was read late")
	wantText(t, got.out, "Peeters Anna", "withdrawn")
	if w := "[a1 a box was read late]"; fmt.Sprint(f.withdrawn) != w {
		t.Errorf("withdrew %v", f.withdrawn)
	}
}
