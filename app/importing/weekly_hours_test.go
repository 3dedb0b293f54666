package importing_test

import (
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
)

func TestWeeklyHoursOfAList(t *testing.T) {
	for _, c := range apptest.EveryWeeklyHours() {
		m := company()
		staff(t, m, twoPeople)
		before := m.engagements[0].WeeklyHours
		r := staff(t, m, "ssin;family_name;weekly_hours\n85011512355;Peeters;"+c.Typed+"\n")
		want, problem := app.WeeklyHours(c.Minutes), ""
		if c.Code != "" {
			want, problem = before, "2 "+c.Code
		}
		expect(t, c.Typed, said(r.Problems), problem)
		if got := m.engagements[0].WeeklyHours; got != want {
			t.Errorf("%q: %d, want %d", c.Typed, got, want)
		}
	}
}
