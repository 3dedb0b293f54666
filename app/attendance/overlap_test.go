package attendance

import (
	"testing"

	"klokkast/app"
)

func TestOverlap(t *testing.T) {
	for _, c := range []struct{ name, story, rules string }{
		{"one after the other", "@A in 07:00 · out 10:00 · @B in 10:00 · out 13:00", ""},
		{"a second together", "@A in 07:00 · @B in 09:59:59 · @A out 10:00 · @B out 13:00", "S overlap"},
		{"in the second half of a presence that breaks made longer than a day",
			"@A in 07:00 · break 17:00 · back 03:00+1 · @B in 08:30+1 · @A tap 09:00+1 · @B out 12:00+1", "S overlap"},
		{"not with an edge unknown", "@A in 07:00 · @B in 09:00 · out 13:00", "S missing-out"},
		{"not in a break", "@A in 07:00 · break 09:00 · @B in 09:10 · out 09:50 · @A back 10:00 · out 11:00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			apart(s, 0.5)
			if got := s.derive().rules(app.ImpossibleTravel, app.DayLimit, app.LongPresence, app.NightWork, app.NoBreak, app.ShortRest); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
}
