package window

import (
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
)

func TestWeeklyHoursOfTheForm(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*staffPage](t, w, "staff")
	p.grid.Select(string(an))
	p.engagements.Select(string(engaged))
	for _, c := range apptest.EveryWeeklyHours() {
		d.engagement = app.Engagement{}
		p.askEngagement(true)
		form := w.host.form
		typeInto(t, form, "weeklyHours", c.Typed)
		form.submit()
		_, why := app.ParseWeeklyHours(c.Typed)
		problem := form.row("weeklyHours").problem
		switch {
		case c.Code != "" && (d.engagement.ID != "" || !problem.Visible() || problem.Text != w.host.t.Error(why)):
			t.Errorf("%q: kept %+v, says %q", c.Typed, d.engagement, problem.Text)
		case c.Code == "" && d.engagement.WeeklyHours != app.WeeklyHours(c.Minutes):
			t.Errorf("%q: kept %d, says %q", c.Typed, d.engagement.WeeklyHours, problem.Text)
		}
		if w.host.form != nil {
			w.host.form.close()
		}
	}
}
