package attendance

import (
	"testing"

	"klokkast/app"
)

func TestOccurrence(t *testing.T) {
	tap := app.RecordKey{LogKey: app.LogKey{Box: "b", Log: "l"}, Seq: 3}
	other := tap
	other.Seq = 4
	drift := func(at app.Instant) *app.Anomaly { return &app.Anomaly{Rule: app.ClockDrift, At: at} }
	unknown := func(k app.RecordKey, limit int64) *app.Anomaly {
		return &app.Anomaly{Rule: app.UnknownBadge, At: app.Instant(limit), Limit: limit, Punches: []app.RecordKey{k}}
	}
	if Occurrence(drift(1)) == Occurrence(drift(2)) {
		t.Error("a clock that drifts again is the old drift")
	}
	if Occurrence(unknown(tap, 1)) != Occurrence(unknown(tap, 2)) {
		t.Error("the same punches are another occurrence")
	}
	if Occurrence(unknown(tap, 1)) == Occurrence(unknown(other, 1)) {
		t.Error("other punches are the same occurrence")
	}
}
