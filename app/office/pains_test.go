package office_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/documents"
	"klokkast/app/reading"
	"klokkast/app/store"
)

// What hurts people today, by name, as far as it takes a database to show: the
// list at the end of docs/attendance.md. The others stand in app/attendance.

func TestPainOneBadRecordStopsTheRest(t *testing.T) {
	b := newFilesBench(t)
	path := onStick(t, "1_attlog.dat", "       12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n\x00\x00garbage\r\n       12\t2026-11-02 15:02:00\t1\t1\t1\t0\r\n")
	got := must[reading.Imported](t)(b.Files.ImportFile(t.Context(), path, boxes.ImportOptions{Box: "zkteco:A1B2C3"}, nil))
	if got.Reading.New != 2 || len(got.Bad) != 1 || got.Bad[0].Line != 2 {
		t.Errorf("%d punches are in, the bad lines are %+v", got.Reading.New, got.Bad)
	}
}

func TestPainGarbageTakenForADownload(t *testing.T) {
	b := newFilesBench(t)
	before := must[store.Counts](t)(b.store.Counts(t.Context()))
	path := onStick(t, "1_attlog.dat", strings.Repeat("\x00\x01\xfe\xff", 500))
	if got, err := b.Files.ImportFile(t.Context(), path, boxes.ImportOptions{Box: "zkteco:A1B2C3"}, nil); err == nil {
		t.Errorf("garbage was taken: %+v", got)
	}
	if after := must[store.Counts](t)(b.store.Counts(t.Context())); after.Punches != before.Punches {
		t.Error("punches were made of garbage")
	}
}

func TestPainOverwriting(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}, tap{"04A1", "2026-10-30 14:00", app.KeyOut}))
	b.next -= 2 // the same records again; what is made of one of them would be another time
	if added, err := b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}, tap{"04A1", "2026-10-30 18:00", app.KeyOut}); err != nil || added != 0 {
		t.Errorf("%d records were added again, %v", added, err)
	}
	b.refresh()
	if days := must[[]app.Workday](t)(b.Derived.Workdays(t.Context(), app.Days{}, b.an.ID)); len(days) != 1 || days[0].Worked != 8*time.Hour {
		t.Errorf("what was stored was overwritten: %+v", days)
	}
}

func TestPainDifferentlyWrittenBadgesVanish(t *testing.T) {
	b := newBench(t)
	b.give("04A1B2C3", b.ofAn, "2026-10-01 08:00")
	must[int](t)(b.read(tap{"C3B2A104", "2026-10-30 06:00", app.KeyIn}, tap{"C3B2A104", "2026-10-30 14:00", app.KeyOut}))
	if a := b.only(app.UnknownBadge); len(a.Punches) != 2 || a.Facts["alike"] == "" {
		t.Errorf("the badge that is written back to front: %+v", a)
	}
}

func TestPainNoLock(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	choice := documents.ApprovalChoice{Days: october, Workers: []app.ID{b.an.ID}}
	approved := b.approve(choice)[b.an.ID]
	// A correction after the approval is an addition of the next period, with its cause.
	stated := app.Adjustment{EngagementID: b.ofAn.ID, SiteID: b.site.ID, From: b.at("2026-10-06 08:00"), To: b.at("2026-10-06 12:00"), Reason: "box-broken"}
	ok(t, b.Judgements.AdjustPresences(ctx, []app.Adjustment{stated}))
	b.refresh()
	row := must[[]documents.ApprovalRow](t)(b.Approvals.Rows(ctx, choice))[0]
	if row.Status != documents.PeriodChanged || row.Figures != approved.Figures || row.Approval.Hash != approved.Approval.Hash || len(row.Since) != 1 {
		t.Errorf("what was approved changed: %+v", row)
	}
}

func TestPainRoundingRewritesThePast(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:04", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	row := b.approve(documents.ApprovalChoice{Days: october, Workers: []app.ID{b.an.ID}})[b.an.ID]
	e := b.ofAn
	e.Rounding = app.Rounding{Minutes: 15, Mode: app.RoundDown}
	must[app.Engagement](t)(b.Staff.SaveEngagement(ctx, e, why))
	b.refresh()
	if days := must[[]app.Workday](t)(b.Derived.Workdays(ctx, app.Days{}, b.an.ID)); days[0].Worked != 7*time.Hour+56*time.Minute {
		t.Errorf("rounding reached the hours: %s", days[0].Worked)
	}
	after := must[[]documents.ApprovalRow](t)(b.Approvals.Rows(ctx, documents.ApprovalChoice{Days: october, Workers: []app.ID{b.an.ID}}))[0]
	if after.Figures != row.Figures || after.Approval.Hash != row.Approval.Hash {
		t.Errorf("rounding reached what was approved: %+v, was %+v", after.Figures, row.Figures)
	}
}

func TestPainNoDecentMonthToSign(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	path := must[string](t)(b.WriteSheet(t.Context(), b.ofAn.ID, october, app.Dutch, t.TempDir(), false))
	sheet, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(sheet), "%PDF-") {
		t.Errorf("%v: no sheet", err)
	}
}
