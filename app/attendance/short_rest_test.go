package attendance

import (
	"testing"
)

func TestShortRest(t *testing.T) {
	tellAll(t, []telling{
		{"eleven hours are enough", "in 12:00 · out 18:00 · in 05:00+1 · out 10:00+1", "I night-work"},
		{"a second less", "in 12:00 · out 18:00 · in 04:59:59+1 · out 10:00+1", "W short-rest, I night-work"},
		{"nine hours are a warning", "in 12:00 · out 18:00 · in 03:00+1 · out 08:00+1", "W short-rest, I night-work"},
		{"a second less is serious", "in 12:00 · out 18:00 · in 02:59:59+1 · out 08:00+1", "S short-rest, I night-work"},
		{"not with an edge unknown", "in 12:00 · out 18:00 · in 19:00 · in 03:00+1 · out 08:00+1", "S missing-out, I night-work"},
	})
}
