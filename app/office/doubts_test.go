package office_test

import (
	"reflect"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
)

func TestApprovingWarnsOfWhatMayStillCome(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	doubts := func(days app.Days) []documents.Doubt {
		b.refresh()
		return documents.Doubts(must[[]documents.ApprovalRow](t)(b.Approvals.Rows(ctx, documents.ApprovalChoice{Days: days, Workers: []app.ID{b.an.ID}})))
	}
	must[int](
		t,
	)(
		b.read(
			tap{"04A1", "2026-10-05 08:00", app.KeyIn},
			tap{"04A1", "2026-10-05 16:00", app.KeyOut},
			tap{"04A1", "2026-11-02 08:00", app.KeyIn},
			tap{"04A1", "2026-11-02 12:00", app.KeyOut},
		),
	)
	if got := doubts(october); got != nil { // read on 2 November, after its end
		t.Errorf("October, read to its end: %+v", got)
	}
	if got := doubts(november); !reflect.DeepEqual(got, []documents.Doubt{{Code: documents.DoubtNotOver}}) {
		t.Errorf("November on the 2nd: %+v", got)
	}
	read := b.now
	b.now = b.at("2026-12-01 08:00")
	want := []documents.Doubt{{Code: documents.DoubtBoxUnread, Box: b.box, SiteID: b.site.ID, ReadTo: read}}
	if got := doubts(november); !reflect.DeepEqual(got, want) {
		t.Errorf("November, read to the 2nd: %+v, want %+v", got, want)
	}
	// It is a warning: who approves all the same does, and is told so.
	row := b.approve(documents.ApprovalChoice{Days: november, Workers: []app.ID{b.an.ID}})[b.an.ID]
	if row.Status != documents.PeriodApproved || !reflect.DeepEqual(row.Doubts, want) {
		t.Errorf("approved: %+v", row)
	}
	must[int](t)(b.read())
	if got := doubts(november); got != nil {
		t.Errorf("approved and read: %+v", got)
	}
}
