package attendance

import (
	"testing"

	"klokkast/app"
)

func TestBoxUnread(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.readTo("boxA", "00:00") // exactly seven days
	s.derive().none(app.BoxUnread)
	s.in.Now++
	if a := s.derive().find(app.BoxUnread); a.Box != "boxA" || a.Anchor != "" {
		t.Errorf("found %+v", a)
	}
}
