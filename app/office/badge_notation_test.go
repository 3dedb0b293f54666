package office_test

import (
	"errors"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/identity"
)

// An's card is known as 04A1B2C3; the box shows it turned around.
func TestANotationIsProposedConfirmedAndTakenBack(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	b.give("04A1B2C3", b.ofAn, "2026-10-01 08:00")
	must[int](t)(b.read(tap{"C3B2A104", "2026-11-02 08:00", app.KeyIn}, tap{"C3B2A104", "2026-11-02 12:00", app.KeyOut}))
	if n := len(b.anomalies(app.UnknownBadge)); n != 1 {
		t.Fatalf("%d unknown badges", n)
	}
	list := must[[]acts.NotationProposal](t)(b.Staff.NotationProposals(ctx, "C3B2A104"))
	if len(list) != 1 || list[0].Kind != identity.Reversed || list[0].Box != b.box || list[0].WorkerID != b.an.ID {
		t.Fatalf("proposed %+v", list)
	}
	e := must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{Confirm: []app.BadgeNotation{{Box: b.box, Kind: string(identity.Reversed)}}}))
	if len(e.Days) != 1 || e.Days[0].WorkerID != b.an.ID || e.Days[0].After != 4*time.Hour || len(e.Goes) != 1 || e.Goes[0].Rule != app.UnknownBadge {
		t.Errorf("it would change %+v", e)
	}
	if n := len(b.anomalies(app.UnknownBadge)); n != 1 {
		t.Error("a preview changed something")
	}
	n := must[app.BadgeNotation](t)(b.Staff.ConfirmNotation(ctx, b.box, identity.Reversed, false, "holds the card"))
	if found := b.anomalies(app.UnknownBadge); len(found) != 0 {
		t.Errorf("still unknown: %+v", found)
	}
	for _, row := range must[[]derived.PunchRow](t)(b.Derived.PunchRows(ctx, derived.PunchFilter{})) {
		if row.WorkerID != b.an.ID || row.HolderEntered != b.now {
			t.Errorf("the punch is %+v", row.Tap) // attributed afterwards: it waits for approval before it is sent
		}
	}
	if _, err := b.Staff.ConfirmNotation(ctx, b.box, identity.Reversed, false, why); err == nil {
		t.Error("confirmed twice")
	}
	if back := must[*acts.Effect](t)(b.Judgements.Preview(ctx, acts.Proposal{WithdrawNotations: []app.ID{n.ID}})); len(back.Days) != 1 ||
		back.Days[0].After != 0 {
		t.Errorf("taking it back would change %+v", back)
	}
	if err := b.Staff.WithdrawNotation(ctx, n.ID, why); err != nil {
		t.Fatal(err)
	}
	if found := b.anomalies(app.UnknownBadge); len(found) != 1 {
		t.Errorf("after taking it back: %+v", found)
	}
	var fault *app.FieldError
	if _, err := b.Staff.ConfirmNotation(ctx, b.box, "mirrored", false, why); !errors.As(err, &fault) || fault.Code != "notation.unknown" {
		t.Errorf("a notation that is none: %v", err)
	}
}
