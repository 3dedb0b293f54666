package data

import (
	"testing"

	"klokkast/app"
)

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
