package cli

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
	"klokkast/ui/officetest"
)

func TestWeeklyHoursOfACommand(t *testing.T) {
	say := texts(t).For(app.Dutch) // the company's
	for _, c := range apptest.EveryWeeklyHours() {
		company := officetest.New(t)
		got := klokkast(t, company, nil, "engagement", "add", "--worker", "bart", "--employer", "hulp", "--weekly-hours="+c.Typed)
		if c.Code != "" {
			_, why := app.ParseWeeklyHours(c.Typed)
			if acts := company.Acts(""); got.code == ExitFine || len(acts) > 0 || !strings.Contains(got.err, say.Error(why)) {
				t.Errorf("%q: exit code %d, did %v, says %q", c.Typed, got.code, acts, got.err)
			}
			continue
		}
		if got.code != ExitFine {
			t.Errorf("%q: exit code %d: %s", c.Typed, got.code, got.err)
		}
		want(t, asked(t, company, "staff list --worker bart"), map[string]any{"workers.0.engagements.0.weeklyMinutes": c.Minutes})
	}
}
