package attendance

import (
	"testing"

	"klokkast/app"
)

func TestSundayHoliday(t *testing.T) {
	a := tell(t, "2026-11-21").punch("An", "in 21:00 · out 02:30+1").derive().find(app.SundayHoliday)
	if a.Value != 150*minute || a.Anchor != "2026-11-21" || a.Severity != app.Information {
		t.Errorf("found %+v", a)
	}
	tell(t, "2026-11-21").punch("An", "in 19:00 · out 00:00:59+1").derive().none(app.SundayHoliday)
}
