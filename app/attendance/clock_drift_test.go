package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

func TestFiveMinutesAreDriftMoreIsAWrongClock(t *testing.T) {
	for _, c := range []struct {
		off   time.Duration
		rules string
	}{{30 * time.Second, ""}, {31 * time.Second, "W clock-drift"}, {-5 * time.Minute, "W clock-drift"}, {5*time.Minute + time.Second, "S clock-reset"}} {
		s := tellClock(t)
		s.tapped("An", "in", s.at("07:00"), 1, 0)
		s.tapped("An", "out", s.at("12:00"), 1, 0)
		s.read("r1", s.at("18:00"), c.off, true)
		if got := s.derive().rules(); got != c.rules {
			t.Errorf("off by %s: found %q, want %q", c.off, got, c.rules)
		}
	}
}

func TestMostBoxesOffByTheSameSuspectsTheComputer(t *testing.T) {
	s := tell(t, "2026-11-23")
	for _, uid := range []string{"boxA", "boxB", "boxC"} {
		s.reading(uid).Clock = &app.ClockOffset{At: s.in.Now, Offset: 3*time.Minute + time.Duration(len(uid))*time.Second}
	}
	if c := s.derive().Clock; !c.Suspected || c.Unchecked != 3 {
		t.Errorf("clock %+v", c)
	}
}
