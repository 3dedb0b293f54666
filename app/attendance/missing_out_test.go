package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

func TestAdjustment(t *testing.T) {
	for _, c := range []struct {
		name, story string
		adj         app.Adjustment
		days        string
		unused      int
	}{
		{"an OUT", "in 07:00 · in 07:00+1 · out 12:00+1", app.Adjustment{Kind: app.AdjustOut, To: 1}, // To: see below
			"2026-11-23 5:00 A 07:00–~12:00\n2026-11-24 5:00 A 07:00–12:00", 0},
		{"an IN", "out 12:00 · in 07:00+1 · out 12:00+1", app.Adjustment{Kind: app.AdjustIn, From: 1},
			"2026-11-23 5:00 A ~07:00–12:00\n2026-11-24 5:00 A 07:00–12:00", 0},
		{"an edge that has a punch", "in 07:00 · out 11:00", app.Adjustment{Kind: app.AdjustOut, To: 1}, "2026-11-23 4:00 A 07:00–11:00", 1},
		{"withdrawn", "in 07:00 · in 07:00+1 · out 12:00+1", app.Adjustment{Kind: app.AdjustOut, To: 1, Withdrawn: 1},
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 5:00 A 07:00–12:00", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			a := c.adj
			k := s.in.Punches[0].Key
			a.ID, a.EngagementID, a.SiteID, a.Punch = "adj", "e-an", "A", &k
			if a.To != 0 {
				a.To = s.at("12:00")
			}
			if a.From != 0 {
				a.From = s.at("07:00")
			}
			s.in.Adjustments = []app.Adjustment{a}
			r := s.derive().expectDays("An", c.days)
			if len(r.Unused) != c.unused {
				t.Errorf("unused: %v", r.Unused)
			}
			if a.Withdrawn == 0 && c.unused == 0 {
				w := r.Workdays[0]
				if w.Adjusted != 5*time.Hour || !w.Presences[0].Adjusted || w.Incomplete {
					t.Errorf("workday %+v", w)
				}
				rule := map[app.AdjustmentKind]app.Rule{app.AdjustIn: app.MissingIn, app.AdjustOut: app.MissingOut}[a.Kind]
				if f := r.find(rule); f.Facts["adjusted"] != "adj" {
					t.Errorf("%s does not say that it is adjusted: %+v", rule, f.Facts)
				}
			}
		})
	}
}

func TestStatedHoursCountInTotalsAndTheWeekOnly(t *testing.T) {
	s := week(t, "13:54") // 37 h exactly
	s.in.Adjustments = []app.Adjustment{{ID: "adj", Kind: app.AdjustPresence, EngagementID: "e-an", SiteID: "B", From: s.at("15:00"), To: s.at("19:00")}}
	r := s.derive()
	r.find(app.WeekLimit)
	r.none(app.DayLimit)
	if w := r.Workdays[0]; w.Worked != 11*time.Hour+24*time.Minute || w.Adjusted != 4*time.Hour {
		t.Errorf("worked %s, of it stated %s", hm(w.Worked), hm(w.Adjusted))
	}
}
