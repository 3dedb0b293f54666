package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

func TestFuturePunch(t *testing.T) {
	s := tellClock(t)
	s.tapped("An", "in", s.at("07:00"), 1, 0)
	s.tapped("An", "out", s.at("12:00"), 1, 0)
	s.tapped("Bo", "in", s.at("12:00+40"), 1, 0)
	s.read("r1", s.at("18:00"), 40*24*time.Hour, true)
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("S future-punch")
	if a := r.find(app.FuturePunch); a.Facts["shiftFrom"] != "measured" || a.Facts["shift"] != "-3456000000" {
		t.Errorf("found %+v", a.Facts)
	}
}
