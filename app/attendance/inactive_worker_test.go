package attendance

import (
	"testing"

	"klokkast/app"
)

func TestANightShiftOfTheLastDayLiesInTheEngagement(t *testing.T) {
	s := tell(t, "2026-11-30").punch("An", "in 22:00 · out 06:00+1")
	s.in.Engagements[0].Days.To = app.NewDate(2026, 11, 30)
	s.derive().none(app.InactiveWorker)
}
