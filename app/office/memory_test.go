package office_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
)

// emptied is a reading of a box with room for 100 records, of which nobody acknowledged some.
func (b *bench) emptied(last, acked uint64) {
	b.t.Helper()
	ctx := b.t.Context()
	id := must[app.ID](b.t)(app.NewID())
	b.now += 60_000
	r := app.Reading{
		ID:           id,
		Log:          app.LogKey{Box: b.box, Log: strings.Repeat("cd", 16)},
		Source:       app.FromCable,
		Installation: b.Installation().ID,
		Actor:        "test",
		State:        app.ReadingRunning,
		Started:      b.now,
		BoxLast:      last,
		BoxAcked:     2,
		Capacity:     100,
	}
	if err := b.store.BeginReading(ctx, r, app.Box{UID: b.box, Make: app.MakeOCB, Label: "Box", FirstSeen: b.now}); err != nil {
		b.t.Fatal(err)
	}
	r.State, r.Ended, r.Acked = app.ReadingStopped, b.now, acked
	if err := b.store.EndReading(ctx, r); err != nil {
		b.t.Fatal(err)
	}
}

func TestABoxThatIsNearlyFullIsSaid(t *testing.T) {
	b := newBench(t)
	b.emptied(92, 0) // 90 of 100 wait
	if found := b.anomalies(app.BoxEventRule); len(found) != 0 {
		t.Errorf("at the limit: %+v", found)
	}
	b.emptied(93, 0)
	found := b.anomalies(app.BoxEventRule)
	if len(found) != 1 || found[0].Severity != app.Warning || found[0].Value != 91 || found[0].Limit != 90 || found[0].Facts["event"] != "memory" {
		t.Fatalf("above it: %+v", found)
	}
	if err := b.Sites.ChangeThresholds(t.Context(), derived.ThresholdOwner{Site: b.site.ID}, app.Thresholds{attendance.MemoryAbove: 95}, nil, why); err != nil {
		t.Fatal(err)
	}
	if found := b.anomalies(app.BoxEventRule); len(found) != 0 {
		t.Errorf("with the site's own limit: %+v", found)
	}
	b.emptied(99, 0)
	if found := b.anomalies(app.BoxEventRule); len(found) != 1 {
		t.Errorf("above the site's own: %+v", found)
	}
	b.emptied(99, 99) // all of it was acknowledged
	if found := b.anomalies(app.BoxEventRule); len(found) != 0 {
		t.Errorf("emptied: %+v", found)
	}
}
