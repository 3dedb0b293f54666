package data

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"klokkast/app"
	"klokkast/app/store"
)

// approvalFor makes the first approval of a month of a worker.
func approvalFor(t *testing.T, worker app.ID, snapshot string) app.Approval {
	sum := sha256.Sum256([]byte(snapshot))
	return app.Approval{ID: newID(t), WorkerID: worker, Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days(),
		Hash: hex.EncodeToString(sum[:]), Snapshot: []byte(snapshot), By: "An", At: 1, Version: 1}
}

// listed is the step as lists give it: without its snapshot.
func listed(a app.Approval) app.Approval {
	a.Snapshot = nil
	return a
}

func TestApprovalsAreSteps(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	ctx := t.Context()
	first := approvalFor(t, v.worker.ID, `{"a":1}`)
	must(t, s.Approve(ctx, first, 0, did("period.approve", "worker:"+string(v.worker.ID))))
	withdrawal := app.Approval{
		ID:        newID(t),
		WorkerID:  v.worker.ID,
		Days:      first.Days,
		By:        "Bo",
		At:        2,
		Version:   2,
		Withdraws: first.ID,
		Reason:    "a shift was on the wrong site",
	}
	must(t, s.Approve(ctx, withdrawal, 1, did("period.withdraw", "worker:"+string(v.worker.ID))))
	again := approvalFor(t, v.worker.ID, `{"a":2}`)
	again.Version = 3
	must(t, s.Approve(ctx, again, 2, did("period.approve", "worker:"+string(v.worker.ID))))
	same(t, get(t, s.Approvals), []app.Approval{listed(first), withdrawal, listed(again)})
	b, err := s.Snapshot(ctx, first.ID)
	must(t, err)
	same(t, string(b), `{"a":1}`)
	if _, err := s.Snapshot(ctx, newID(t)); err == nil {
		t.Error("a snapshot of nothing")
	}
}

// Whoever decided on other steps than there are must look again.
func TestAnApprovalOnOldKnowledgeIsRefused(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	ctx := t.Context()
	first := approvalFor(t, v.worker.ID, `{}`)
	must(t, s.Approve(ctx, first, 0, did("period.approve", "")))
	for name, change := range map[string]func(*app.Approval) int{
		"the same version with an old count": func(*app.Approval) int { return 0 },
		"the same version":                   func(*app.Approval) int { return 1 },
		"other days with an old count": func(a *app.Approval) int {
			a.Days = app.MonthOf(app.NewDate(2026, 11, 1)).Days()
			return 0
		},
	} {
		a := approvalFor(t, v.worker.ID, `{}`)
		known := change(&a)
		if err := s.Approve(ctx, a, known, did("period.approve", "")); codeOf(err) != "approval.taken" {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := app.Approval{ID: newID(t), WorkerID: v.worker.ID, Days: first.Days, By: "Bo", At: 2, Version: 2, Withdraws: first.ID, Reason: "why"}
	must(t, s.Approve(ctx, w, 1, did("period.withdraw", "")))
	w.ID, w.Version = newID(t), 3
	if err := s.Approve(ctx, w, 2, did("period.withdraw", "")); codeOf(err) != "approval.taken" {
		t.Errorf("withdrawn twice: %v", err)
	}
}

func TestApprovalsAreImmutable(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	a := approvalFor(t, v.worker.ID, `{}`)
	must(t, s.Approve(t.Context(), a, 0, did("period.approve", "")))
	for _, do := range []string{
		`UPDATE approval SET by = 'Bo'`,
		`DELETE FROM approval`,
		`INSERT OR REPLACE INTO approval (id, worker, first_day, last_day, hash, snapshot, by, at, version) SELECT id, worker, first_day, last_day, 'x', x'00', by, at, version FROM approval`,
		`INSERT INTO approval (id, worker, first_day, last_day, hash, snapshot, by, at, version) SELECT id, worker, first_day, last_day, 'x', x'00', by, at, version FROM approval WHERE true
			ON CONFLICT (id) DO UPDATE SET by = 'Bo'`,
	} {
		if _, err := s.w.ExecContext(t.Context(), do); err == nil {
			t.Errorf("an approval lets itself be changed: %s", do)
		}
	}
	same(t, get(t, s.Approvals), []app.Approval{listed(a)})
}

func TestAChangedSnapshotIsFound(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	a := approvalFor(t, v.worker.ID, `{"worked":480}`)
	must(t, s.Approve(t.Context(), a, 0, did("period.approve", "")))
	same(t, verified(t, s), nil)
	raw(t, s, `DROP TRIGGER approval_no_update; UPDATE approval SET snapshot = CAST('{"worked":540}' AS BLOB)`)
	same(t, verified(t, s), []store.Finding{{What: "approval", Target: "approval:" + string(a.ID), Code: "approval-changed"}})
}
