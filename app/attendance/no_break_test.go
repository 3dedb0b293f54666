package attendance

import (
	"testing"
)

func TestNoBreak(t *testing.T) {
	tellAll(t, []telling{
		{"six hours are allowed", "in 07:00 · out 13:00", ""},
		{"a second more", "in 07:00 · out 13:00:01", "W no-break"},
		{"fifteen minutes are a break", "in 07:00 · break 10:00 · back 10:15 · out 13:15", ""},
		{"a second less is none", "in 07:00 · break 10:00 · back 10:14:59 · out 13:15", "W no-break"},
		{"once a run, however long", "in 07:00 · out 12:00 · in 12:10 · out 15:50", "W no-break"},
	})
}

func TestTravelIsNoBreak(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@A in 07:00 · out 10:00 · @B in 10:20 · out 13:20")
	apart(s, 10) // 10 min of the 20
	s.derive().expectRules("")
	s.in.Punches[3].At = s.at("13:21")
	s.derive().expectRules("W no-break")
}
