package attendance

import (
	"testing"

	"klokkast/app"
)

func TestEngagements(t *testing.T) {
	day := app.NewDate(2026, 11, 23)
	for _, c := range []struct {
		name  string
		own   app.Days
		other []app.Engagement
		rules string
		want  app.ID
	}{
		{"the one that holds the identifier", app.Days{}, []app.Engagement{{ID: "x", Default: true}}, "", "e-an"},
		{"outside it", app.Days{To: day - 1}, nil, "S inactive-worker", "e-an"},
		{"on its last day", app.Days{To: day}, nil, "", "e-an"},
		{"another one goes on", app.Days{To: day - 1}, []app.Engagement{{ID: "x", Days: app.Days{From: day}}}, "", "x"},
		{"two others, one the default", app.Days{To: day - 1}, []app.Engagement{{ID: "x"}, {ID: "y", Default: true}}, "", "y"},
		{"two others, none the default", app.Days{To: day - 1}, []app.Engagement{{ID: "x"}, {ID: "y"}}, "W ambiguous-employer", "e-an"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
			s.in.Engagements[0].Days = c.own
			for _, e := range c.other {
				e.WorkerID, e.EmployerID = "an", "boss"
				s.in.Engagements = append(s.in.Engagements, e)
			}
			r := s.derive().expectRules(c.rules)
			if got := r.Presences[0].EngagementID; got != c.want {
				t.Errorf("counts for %s, want %s", got, c.want)
			}
		})
	}
}
