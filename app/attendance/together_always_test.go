package attendance

import (
	"fmt"
	"testing"

	"klokkast/app"
)

func TestTogetherAlways(t *testing.T) {
	together := func(times int) *story {
		s := tell(t, "2026-11-23")
		for d := range 5 {
			for k, word := range []string{"in 07:00:00", "out 12:00:00"} {
				s.punch("An", fmt.Sprintf("%s+%d", word, d))
				if 2*d+k < times {
					word = word[:len(word)-2] + "05"
				} else {
					word = word[:len(word)-2] + "06"
				}
				s.punch("Bo", fmt.Sprintf("%s+%d", word, d))
			}
		}
		s.in.Settings.Thresholds = app.Thresholds{TogetherOn: 1}
		return s
	}
	a := together(8).derive().find(app.TogetherAlways)
	if a.Subject.ID != "card:04A1+card:04B2" || a.Anchor != "" || a.Value != 8 || a.Severity != app.Information {
		t.Errorf("found %+v", a)
	}
	together(7).derive().none(app.TogetherAlways)

	off := together(10)
	off.in.Settings.Thresholds = nil
	off.derive().none(app.TogetherAlways)
}
