package attendance

import (
	"testing"

	"klokkast/app"
)

func TestThresholdsOfTheNarrowerWin(t *testing.T) {
	for _, c := range []struct {
		name                      string
		company, site, engagement app.Thresholds
		rules                     string
	}{
		{"default", nil, nil, nil, ""},
		{"company", app.Thresholds{DayLimitAfter: 4 * hour}, nil, nil, "W day-limit"},
		{"site over company", app.Thresholds{DayLimitAfter: 4 * hour}, app.Thresholds{DayLimitAfter: 5 * hour}, nil, ""},
		{"engagement over site", app.Thresholds{DayLimitAfter: 4 * hour}, app.Thresholds{DayLimitAfter: 5 * hour}, app.Thresholds{DayLimitAfter: 3 * hour}, "W day-limit"},
	} {
		s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
		s.in.Settings.Thresholds, s.in.Sites[0].Thresholds, s.in.Engagements[0].Thresholds = c.company, c.site, c.engagement
		if got := s.derive().rules(); got != c.rules {
			t.Errorf("%s: found %q, want %q", c.name, got, c.rules)
		}
	}
}

// The defaults keep their own rules: every one lies in its range, no name stands
// there twice, and no pair contradicts itself.
func TestDefaultsAreInTheirRanges(t *testing.T) {
	all := app.Thresholds{}
	for _, d := range Defaults() {
		if _, twice := all[d.Name]; twice {
			t.Errorf("%s stands there twice", d.Name)
		}
		all[d.Name] = d.Value
	}
	if err := CheckThresholds(Levels{Company: all}); err != nil {
		t.Error(err)
	}
}
