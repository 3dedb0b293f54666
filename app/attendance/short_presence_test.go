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

// Whoever leaves at 23:00 and comes back before 03:00 goes on with the same workday.
func TestShortPresenceWaitsUntilNothingCanBeAdded(t *testing.T) {
	for _, c := range []struct {
		now, read string
		found     bool
	}{{"02:59:59+1", "02:59:59+1", false}, {"03:00+1", "03:00+1", false}, {"04:00+1", "03:00+1", false}, {"04:00+1", "03:00:01+1", true}} {
		s := tell(t, "2026-11-23").punch("An", "in 21:30 · out 23:00")
		s.in.Now = s.at(c.now)
		s.readTo("boxA", c.read)
		r := s.derive()
		if c.found {
			r.find(app.ShortPresence)
		} else {
			r.none(app.ShortPresence)
		}
	}
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
