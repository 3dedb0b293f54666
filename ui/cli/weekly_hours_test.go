package cli

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
)

func TestWeeklyHoursOfACommand(t *testing.T) {
	say := texts(t).For(app.Dutch) // the company's
	for _, c := range apptest.EveryWeeklyHours() {
		f := company()
		got := faked(t, f, nil, "engagement", "add", "--worker", "anna", "--employer", "blinkend", "--weekly-hours="+c.Typed)
		_, why := app.ParseWeeklyHours(c.Typed)
		switch {
		case c.Code != "" && (got.code == ExitFine || f.did != nil || !strings.Contains(got.err, say.Error(why))):
			t.Errorf("%q: exit code %d, did %v, says %q", c.Typed, got.code, f.did, got.err)
		case c.Code == "" && (got.code != ExitFine || f.did[1].(app.Engagement).WeeklyHours != app.WeeklyHours(c.Minutes)):
			t.Errorf("%q: exit code %d, did %v", c.Typed, got.code, f.did)
		}
	}
}
