package attendance

import (
	"testing"

	"klokkast/app"
)

func TestKeyContradiction(t *testing.T) {
	for _, c := range []struct{ name, story, want, anchor string }{
		{"the same again", "in 07:00 · in 07:10 · out 12:00", oddRepeated, "boxA/log/2"},
		{"put right at once: the first is named", "in 07:00 · in 12:00 · out 12:01", oddCorrected, "boxA/log/2"},
		{"out on break", "in 07:00 · break 11:00 · out 12:00", oddOutBreak, "boxA/log/3"},
		{"back at work", "in 07:00 · back 11:00 · out 12:00", oddEndAtWork, "boxA/log/2"},
		{"break on break", "in 07:00 · break 11:00 · break 11:05 · back 11:10 · out 12:00", oddTwoStarts, "boxA/log/3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := tell(t, "2026-11-23").punch("An", c.story).derive().find(app.KeyContradiction)
			if a.Facts["reason"] != c.want || a.Anchor != c.anchor || a.Severity != app.Warning {
				t.Errorf("found %+v", a)
			}
		})
	}
}
