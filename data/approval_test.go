package data

import (
	"testing"

	"klokkast/app"
)

func TestApprovalsAreVersions(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	a := app.Approval{ID: newID(t), WorkerID: v.worker.ID, Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days(), Hash: "ab", Snapshot: []byte(`[]`), By: "An", At: 1, Version: 1}
	must(t, s.Approve(t.Context(), a, did("approve", "worker:"+string(v.worker.ID))))
	twice := a
	twice.ID = newID(t)
	if err := s.Approve(t.Context(), twice, did("approve", "")); codeOf(err) != "approval.taken" {
		t.Errorf("approved twice: %v", err)
	}
	twice.Version = 2
	must(t, s.Approve(t.Context(), twice, did("approve", "")))
	same(t, get(t, s.Approvals), []app.Approval{a, twice})
}
