package attendance

import (
	"testing"

	"klokkast/app"
)

func TestWhereAThresholdComesFrom(t *testing.T) {
	company := app.Thresholds{DayLimitAfter: 8 * hour, DriftLimit: 3 * minute}
	site := app.Thresholds{DayLimitAfter: 7 * hour, DriftLimit: 2 * minute}
	engagement := app.Thresholds{DayLimitAfter: 6 * hour}
	for _, c := range []struct {
		name   app.Threshold
		levels Levels
		holds  int64
		from   Level
	}{
		{DayLimitAfter, Levels{}, 9 * hour, LevelDefault},
		{DayLimitAfter, Levels{Company: company}, 8 * hour, LevelCompany},
		{DayLimitAfter, Levels{Company: company, Site: site}, 7 * hour, LevelSite},
		{DayLimitAfter, Levels{Company: company, Site: site, Engagement: engagement}, 6 * hour, LevelEngagement},
		{ShortBelow, Levels{Company: company, Site: site, Engagement: engagement}, 3 * hour, LevelDefault},
		{DriftLimit, Levels{Company: company, Site: site}, 3 * minute, LevelCompany}, // does not reach a site
	} {
		e, ok := c.levels.Of(c.name)
		if !ok || e.Holds != c.holds || e.From != c.from {
			t.Errorf("%s in %+v is %d from %s, want %d from %s", c.name, c.levels, e.Holds, e.From, c.holds, c.from)
		}
	}
	if _, ok := (Levels{}).Of("no-such"); ok {
		t.Error("a threshold that no rule has was found")
	}
}

func TestCheckThresholds(t *testing.T) {
	for _, c := range []struct {
		what    string
		levels  Levels
		name    app.Threshold
		problem string
	}{
		{"a good one", Levels{Company: app.Thresholds{DayLimitAfter: 10 * hour}}, "", ""},
		{"nothing", Levels{}, "", ""},
		{"a name that is none", Levels{Company: app.Thresholds{"day_limit": 1}}, "day_limit", "unknown"},
		{"below its range", Levels{Company: app.Thresholds{DayLimitAfter: 8}}, DayLimitAfter, "range"}, // hours taken for milliseconds
		{"above its range", Levels{Site: app.Thresholds{MemoryAbove: 101}}, MemoryAbove, "range"},
		{"the company's own at a site", Levels{Site: app.Thresholds{TogetherOn: 1}}, TogetherOn, "reach"},
		{"a site's at an engagement", Levels{Engagement: app.Thresholds{UnreadAfter: day}}, UnreadAfter, "reach"},
		{"the milder one after the serious one", Levels{Company: app.Thresholds{LongWarning: 17 * hour}}, LongWarning, "pair"},
		{"the serious one before the milder", Levels{Company: app.Thresholds{LongSerious: 10 * hour}}, LongSerious, "pair"},
		{"both moved", Levels{Company: app.Thresholds{LongWarning: 17 * hour, LongSerious: 18 * hour}}, "", ""},
		{"a site's against the company's", Levels{Company: app.Thresholds{LongSerious: 12 * hour}, Site: app.Thresholds{LongWarning: 13 * hour}}, LongWarning, "pair"},
		{"less rest is serious", Levels{Company: app.Thresholds{RestSerious: 12 * hour}}, RestSerious, "pair"},
		{"eight of six", Levels{Company: app.Thresholds{TogetherOf: 6}}, TogetherOf, "pair"},
	} {
		err := CheckThresholds(c.levels)
		switch {
		case err == nil && c.problem != "":
			t.Errorf("%s: not found wrong", c.what)
		case err != nil && (err.Name != c.name || err.Problem != c.problem):
			t.Errorf("%s: %v, want %s of %q", c.what, err, c.problem, c.name)
		}
	}
}
