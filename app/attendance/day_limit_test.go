package attendance

import (
	"testing"
)

func TestDayLimit(t *testing.T) {
	tellAll(t, []telling{
		{"nine hours are allowed", "in 08:00 · break 12:00 · back 12:30 · out 17:30", ""},
		{"a second more", "in 08:00 · break 12:00 · back 12:30 · out 17:30:01", "W day-limit"},
	})
}
