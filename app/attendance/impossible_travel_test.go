package attendance

import (
	"testing"

	"klokkast/app"
)

// apart puts B some kilometres north of A.
func apart(s *story, km float64) {
	s.in.Sites[0].Coordinates = &app.Coordinates{Latitude: 50.85, Longitude: 4.35}
	s.in.Sites[1].Coordinates = &app.Coordinates{Latitude: 50.85 + km/111.195, Longitude: 4.35}
}

func TestImpossibleTravel(t *testing.T) {
	for _, c := range []struct {
		name, story string
		km          float64
		rules       string
	}{
		{"30 km take 30 minutes, less 5 of grace", "@A in 07:00 · out 10:00 · @B in 10:25 · out 13:00", 29.9, ""},
		{"a minute less is impossible", "@A in 07:00 · out 10:00 · @B in 10:24 · out 13:00", 29.9, "W impossible-travel"},
		{"an overlap is said as overlap alone", "@A in 07:00 · @B in 09:00 · @A out 10:00 · @B out 13:00", 29.9, "S overlap"},
		{"also after a forgotten OUT", "@A in 07:00 · @B in 07:20 · out 12:00", 29.9, "W impossible-travel, S missing-out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			apart(s, c.km)
			if got := s.derive().rules(app.NoBreak); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
	r := tell(t, "2026-11-23").punch("An", "@A in 07:00 · out 10:00 · @B in 10:10 · out 13:00")
	apart(r, 30)
	if a := r.derive().find(app.ImpossibleTravel); a.Limit != 60 || a.Value < 179 || a.Value > 181 || a.Anchor != "boxA/log/2" {
		t.Errorf("found %+v", a)
	}
}
