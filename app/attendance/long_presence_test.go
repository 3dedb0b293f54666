package attendance

import (
	"testing"
)

func TestLongPresence(t *testing.T) {
	tellAll(t, []telling{
		{"eleven hours are allowed", "in 07:00 · break 10:00 · back 14:00 · out 18:00", ""},
		{"a second more", "in 07:00 · break 10:00 · back 14:00 · out 18:00:01", "W long-presence"},
		{"sixteen hours are a warning", "in 06:00 · break 09:00 · back 18:00 · out 22:00", "W long-presence, I night-work"},
		{"a second more is serious", "in 06:00 · break 09:00 · back 18:00 · out 22:00:01", "S long-presence, I night-work"},
		{"a workday of shorter presences", "in 06:00 · out 11:00 · in 11:30 · out 15:30 · in 16:00 · out 18:00:01", "W day-limit, W long-presence"},
	})
}
