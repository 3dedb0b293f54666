package data

import (
	"errors"
	"testing"

	"klokkast/app"
)

func TestAdjustmentsAreStatementsAndNeverChange(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	v, p, log := newStaff(t, s), newPlaces(t, s), newLog(t, s)
	log.store(t, log.next(5))
	punch := log.record(3).Key
	out := app.Adjustment{ID: newID(t), Kind: app.AdjustOut, EngagementID: v.engagement.ID, SiteID: p.site.ID, Punch: &punch, To: 90,
		Reason: "forgot", Note: "vergeten", NoteLanguage: app.Dutch, By: "An", At: 95}
	whole := app.Adjustment{
		ID:           newID(t),
		Kind:         app.AdjustPresence,
		EngagementID: v.engagement.ID,
		SiteID:       p.site.ID,
		From:         10,
		To:           20,
		Reason:       "box-broken",
		By:           "An",
		At:           95,
	}
	must(t, s.Adjust(ctx, []app.Adjustment{out}, did("adjustment.add", "adjustment:"+string(out.ID))))
	must(t, s.Adjust(ctx, []app.Adjustment{whole}, did("adjustment.add", "")))
	same(t, get(t, s.Adjustments), []app.Adjustment{out, whole})

	changed := out
	changed.To = 99
	if err := s.Adjust(ctx, []app.Adjustment{changed}, did("adjustment.add", "")); err == nil {
		t.Error("an adjustment was changed")
	}
	nowhere := out
	nowhere.ID, nowhere.Punch = newID(t), &app.RecordKey{LogKey: log.key, Seq: 77}
	if err := s.Adjust(ctx, []app.Adjustment{nowhere}, did("adjustment.add", "")); err == nil {
		t.Error("an adjustment of a tap that is not stored")
	}
	must(t, s.WithdrawAdjustment(ctx, out.ID, 200, did("adjustment.withdraw", "")))
	if err := s.WithdrawAdjustment(ctx, out.ID, 300, did("adjustment.withdraw", "")); !errors.Is(err, errNoRow) {
		t.Errorf("withdrawn twice: %v", err)
	}
	out.Withdrawn = 200
	same(t, get(t, s.Adjustments), []app.Adjustment{out, whole})
}
