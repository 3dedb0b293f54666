package data

import (
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/office"
)

func TestAdjustmentsAreStatementsAndNeverChange(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	v, p, log := newStaff(t, s), newPlaces(t, s), newLog(t, s)
	log.store(t, log.next(5))
	punch := log.record(3).Key
	out := app.Adjustment{ID: newID(t), Kind: app.AdjustOut, EngagementID: v.engagement.ID, SiteID: p.site.ID, Punch: &punch, To: 90,
		Reason: "forgot", Note: "vergeten", NoteLanguage: app.Dutch, By: "An", At: 95}
	whole := app.Adjustment{ID: newID(t), Kind: app.AdjustPresence, EngagementID: v.engagement.ID, SiteID: p.site.ID, From: 10, To: 20, Reason: "box-broken", By: "An", At: 95}
	must(t, s.Adjust(ctx, out, did("adjustment.add", "adjustment:"+string(out.ID))))
	must(t, s.Adjust(ctx, whole, did("adjustment.add", "")))
	same(t, get(t, s.Adjustments), []app.Adjustment{out, whole})

	changed := out
	changed.To = 99
	if err := s.Adjust(ctx, changed, did("adjustment.add", "")); err == nil {
		t.Error("an adjustment was changed")
	}
	nowhere := out
	nowhere.ID, nowhere.Punch = newID(t), &app.RecordKey{LogKey: log.key, Seq: 77}
	if err := s.Adjust(ctx, nowhere, did("adjustment.add", "")); err == nil {
		t.Error("an adjustment of a tap that is not stored")
	}
	must(t, s.WithdrawAdjustment(ctx, out.ID, 200, did("adjustment.withdraw", "")))
	if err := s.WithdrawAdjustment(ctx, out.ID, 300, did("adjustment.withdraw", "")); !errors.Is(err, errNoRow) {
		t.Errorf("withdrawn twice: %v", err)
	}
	out.Withdrawn = 200
	same(t, get(t, s.Adjustments), []app.Adjustment{out, whole})
}

func TestATapIsIgnoredOnce(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	log.store(t, log.next(5))
	i := app.Ignored{ID: newID(t), Punch: log.record(2).Key, Reason: "other", By: "An", At: 5}
	must(t, s.Ignore(ctx, i, did("punch.ignore", "")))
	again := i
	again.ID = newID(t)
	if err := s.Ignore(ctx, again, did("punch.ignore", "")); codeOf(err) != "ignored.taken" {
		t.Errorf("ignored twice: %v", err)
	}
	must(t, s.WithdrawIgnored(ctx, i.ID, 9, did("punch.count-again", "")))
	must(t, s.Ignore(ctx, again, did("punch.ignore", "")))
	i.Withdrawn = 9
	same(t, get(t, s.Ignored), []app.Ignored{i, again})
}

func TestStateOfAnAnomalyIsReplaced(t *testing.T) {
	s := newStore(t)
	key := app.AnomalyKey{Rule: app.MissingOut, Subject: app.Subject{Kind: app.AboutEngagement, ID: "e"}, Anchor: "box/log/3"}
	explained := app.AnomalyState{Key: key, Status: app.AnomalyExplained, Reason: "forgot", Note: "x", By: "An", At: 1, Evidence: "aa"}
	must(t, s.SetAnomalyState(t.Context(), explained, did("anomaly.explain", "anomaly:"+key.String())))
	open := explained
	open.Status, open.Reason, open.Note, open.At = app.AnomalyOpen, "", "", 2
	must(t, s.SetAnomalyState(t.Context(), open, did("anomaly.reopen", "anomaly:"+key.String())))
	same(t, get(t, s.AnomalyStates), []app.AnomalyState{open})
	trail, err := s.Trail(t.Context(), "anomaly:"+key.String(), 0)
	must(t, err)
	if len(trail) != 2 {
		t.Errorf("trail %v", trail)
	}
}

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

func TestPaperKeepsItsVersionWhileItsDataDo(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	print := func(engagement app.ID, hash string) office.Paper {
		p, err := s.NotePaper(t.Context(), office.Paper{ID: newID(t), Kind: "timesheet", EngagementID: engagement, Language: app.Dutch, Hash: hash,
			Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days(), At: 1, Version: 99})
		must(t, err)
		return p
	}
	for _, engagement := range []app.ID{v.engagement.ID, ""} { // of one person, of the company
		one := print(engagement, "aa")
		same(t, print(engagement, "aa"), one)
		two := print(engagement, "bb")
		three := print(engagement, "aa") // as before once more is a new state of the data
		if one.Version != 1 || two.Version != 2 || three.Version != 3 {
			t.Errorf("versions %d, %d, %d", one.Version, two.Version, three.Version)
		}
	}
	if papers := get(t, s.Papers); len(papers) != 6 {
		t.Errorf("%d papers", len(papers))
	}
}

func TestSettings(t *testing.T) {
	s := newStore(t)
	type value struct{ A, B int }
	var v value
	if found, err := s.Setting(t.Context(), "window", &v); found || err != nil {
		t.Errorf("a setting that was never set: %v, %v", found, err)
	}
	must(t, s.SetSetting(t.Context(), "window", value{1, 2}, did("settings.change", "setting:window")))
	must(t, s.SetSetting(t.Context(), "window", value{3, 4}, did("settings.change", "setting:window")))
	if found, err := s.Setting(t.Context(), "window", &v); !found || err != nil || v != (value{3, 4}) {
		t.Errorf("read %v, %v, %v", v, found, err)
	}
}
