package data

import (
	"testing"

	"klokkast/app"
)

func TestANotationIsConfirmedOnceABox(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	box := log.record(1).Key.Box
	n := app.BadgeNotation{ID: newID(t), Box: box, Kind: "reversed", By: "An", At: 5}
	must(t, s.ConfirmNotation(ctx, n, did("notation.confirm", "")))
	again := n
	again.ID = newID(t)
	if err := s.ConfirmNotation(ctx, again, did("notation.confirm", "")); codeOf(err) != "badgeNotation.taken" {
		t.Errorf("confirmed twice: %v", err)
	}
	inverse := app.BadgeNotation{ID: newID(t), Box: box, Kind: "first4", Inverse: true, By: "An", At: 6}
	must(t, s.ConfirmNotation(ctx, inverse, did("notation.confirm", "")))
	act := did("notation.withdraw", "")
	act.At = 9
	must(t, s.WithdrawNotation(ctx, n.ID, act))
	must(t, s.ConfirmNotation(ctx, again, did("notation.confirm", "")))
	n.Withdrawn = 9
	same(t, get(t, s.BadgeNotations), []app.BadgeNotation{n, again, inverse})
}
