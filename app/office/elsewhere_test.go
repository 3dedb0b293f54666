package office_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/text/texttest"
	"klokkast/devices/simbox"
	"klokkast/ui/wording"
)

// Two installations read one box in turns. What the first acknowledged the box
// may overwrite; the second is told who has it and since when, and not that it is missing.
func TestTwoInstallationsReadOneBoxInTurns(t *testing.T) {
	sim := newSim(t, simbox.Factory{Label: "Balie", Pages: 4}) // of 126 records each
	first, second := newDesk(t, sim), newDesk(t, sim)
	ctx := t.Context()
	first.pair(t, sim)
	second.pair(t, sim)
	for n := range 200 {
		tapOn(t, sim, n)
	}
	got := must[app.Reading](t)(first.Boxes.ReadBox(ctx, boxPath, boxes.ReadOptions{}, nil))
	if got.Acked < 200 {
		t.Fatalf("acknowledged up to %d", got.Acked)
	}
	for n := range 200 {
		tapOn(t, sim, n)
	}
	must[app.Reading](t)(first.Boxes.ReadBox(ctx, boxPath, boxes.ReadOptions{}, nil))
	for n := range 180 {
		tapOn(t, sim, n)
	}
	must[app.Reading](t)(second.Boxes.ReadBox(ctx, boxPath, boxes.ReadOptions{}, nil))

	row := must[[]boxes.BoxRow](t)(second.Boxes.Rows(ctx))[0]
	if len(row.Gaps) != 1 || !row.Gaps[0].ReadElsewhere || row.Gaps[0].First != 1 || len(row.Elsewhere) != 1 {
		t.Fatalf("the gaps are %+v, elsewhere %+v", row.Gaps, row.Elsewhere)
	}
	id := strings.ReplaceAll(string(first.id), "-", "")
	e := row.Elsewhere[0]
	if e.By != id[len(id)-10:] || got.Ended.Sub(e.At).Abs().Minutes() > 1 {
		t.Errorf("read by %s at %v, want by the end of %s at %v", e.By, e.At, id, got.Ended)
	}
	found := must[[]derived.FoundAnomaly](t)(second.Derived.Anomalies(ctx, derived.AnomalyFilter{Rule: app.SequenceGap}))
	if len(found) != 1 || found[0].Severity != app.Information {
		t.Fatalf("found %+v", found)
	}
	said := wording.Anomaly(texttest.Catalogue(t).For(app.English), must[*derived.Names](t)(second.Derived.Names(ctx)), &found[0].Anomaly)
	if !strings.Contains(said, "read elsewhere") || !strings.Contains(said, e.By) || strings.Contains(said, "missing") {
		t.Errorf("says %q", said)
	}

	// In turn, the first goes on where it was: it has everything.
	must[app.Reading](t)(first.Boxes.ReadBox(ctx, boxPath, boxes.ReadOptions{}, nil))
	if row := must[[]boxes.BoxRow](t)(first.Boxes.Rows(ctx))[0]; row.Punches != 580 || len(row.Gaps) != 0 {
		t.Errorf("the first has %d punches and the gaps %+v", row.Punches, row.Gaps)
	}
}
