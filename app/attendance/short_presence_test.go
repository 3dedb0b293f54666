package attendance

import (
	"testing"

	"klokkast/app"
)

func TestShortPresence(t *testing.T) {
	tellAll(t, []telling{
		{"three hours are enough", "in 07:00 · out 10:00", ""},
		{"a second less", "in 07:00 · out 09:59:59", "W short-presence"},
		{"an incomplete day says nothing", "in 07:00 · out 08:00 · in 09:00", "S missing-out"},
	})
}

func TestShortPresenceWaitsForTheDay(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 08:00")
	s.in.Now = s.at("23:59")
	s.derive().none(app.ShortPresence)

	s = tell(t, "2026-11-23").punch("An", "in 07:00 · out 08:00")
	s.readTo("boxA", "12:00") // she may have come back
	s.derive().none(app.ShortPresence)
}

func TestShortPresenceBySession(t *testing.T) {
	for _, c := range []struct{ story, rules string }{
		{"in 07:00 · out 09:00 · in 10:00 · out 11:00", ""},
		{"in 07:00 · out 09:00 · in 10:00:01 · out 14:00", "W short-presence"},
	} {
		s := tell(t, "2026-11-23").punch("An", c.story)
		s.in.Sites[0].Thresholds = app.Thresholds{ShortBySession: 1}
		if got := s.derive().rules(); got != c.rules {
			t.Errorf("%s: found %q, want %q", c.story, got, c.rules)
		}
	}
}
