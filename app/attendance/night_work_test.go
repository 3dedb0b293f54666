package attendance

import (
	"testing"
)

func TestNightWork(t *testing.T) {
	tellAll(t, []telling{
		{"from one minute on", "in 15:00 · out 20:00:59", ""},
		{"a minute", "in 15:00 · out 20:01", "I night-work"},
	})
}
