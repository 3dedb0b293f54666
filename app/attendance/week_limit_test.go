package attendance

import (
	"testing"

	"klokkast/app"
)

// week tells five days of hours h each.
func week(t *testing.T, each string) *story {
	s := tell(t, "2026-11-23")
	for _, d := range []string{"", "+1", "+2", "+3", "+4"} {
		s.punch("An", "in 06:00"+d+" · break 10:00"+d+" · back 10:30"+d+" · out "+each+d)
	}
	return s
}

func TestWeekLimit(t *testing.T) {
	for _, c := range []struct {
		name, each string
		weekly     []app.WeeklyHours // minutes of An's engagements
		want       app.Severity
		limit      int64
	}{
		{"37 hours are allowed", "13:54", nil, 0, 0},
		{"more is a warning", "13:55", nil, app.Warning, 37 * hour},
		{"the engagement's hours count", "13:55", []app.WeeklyHours{38 * 60}, 0, 0},
		{"beyond them", "14:30", []app.WeeklyHours{38 * 60}, app.Warning, 38 * hour},
		{"two engagements: the sum of their hours", "14:30", []app.WeeklyHours{20 * 60, 20 * 60}, 0, 0},
		{"50 hours are a warning", "16:30", nil, app.Warning, 37 * hour},
		{"more is serious", "16:31", []app.WeeklyHours{60 * 60}, app.Serious, 50 * hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := week(t, c.each)
			for i, m := range c.weekly {
				if i == 0 {
					s.in.Engagements[0].WeeklyHours = m
				} else {
					s.in.Engagements = append(s.in.Engagements, app.Engagement{ID: "e-an2", WorkerID: "an", EmployerID: "boss", WeeklyHours: m})
				}
			}
			r := s.derive()
			if c.want == 0 {
				r.none(app.WeekLimit)
				return
			}
			a := r.find(app.WeekLimit)
			if a.Severity != c.want || a.Limit != c.limit || a.Anchor != "2026-11-23" || len(a.Punches) != 20 {
				t.Errorf("found %+v", a)
			}
		})
	}
}
