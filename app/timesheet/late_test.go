package timesheet

import (
	"bytes"
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/period"
)

// lateDay is a closed day of October of which 2:36 were read late, and a statement made.
func lateDay(s *story) period.Addition {
	later := s.presence(school, "05 17:00", "05 18:36")
	said := s.presence(office, "05 20:00", "05 21:00")
	said.In.Adjustment, said.Out.Adjustment = brokenID, brokenID
	day := app.NewDate(2026, 10, 5)
	return period.Addition{
		EngagementID: engagementID,
		Day:          day,
		Was:          period.Figures{Worked: 475},
		Is:           period.Figures{Worked: 631, Night: 60},
		Rounding:     app.Rounding{Minutes: 15},
		Changes:      []period.Change{{Is: &period.Presence{Presence: later}}, {Is: &period.Presence{Presence: said}}},
		Causes:       []period.Cause{{Code: period.ReadLater}, {Code: period.Stated, Adjustments: []app.ID{brokenID}}},
	}
}

func lateStory(t *testing.T) *story {
	s := newStory(t, app.Month{Year: 2026, Month: 11})
	s.day(s.presence(office, "03 08:00", "03 16:07"))
	s.sheet.Engagement.Rounding = app.Rounding{Minutes: 15}
	s.sheet.Adjustments = []app.Adjustment{
		{ID: brokenID, Kind: app.AdjustPresence, EngagementID: engagementID, SiteID: office, Reason: "box-broken", By: "Els", At: s.at("09 10:00")},
	}
	s.sheet.Additions = []period.Addition{lateDay(s)}
	return s
}

func TestWhatIsLateStandsBesideTheMonth(t *testing.T) {
	s := lateStory(t)
	m, err := Build(s.sheet, textsOf(t, app.English))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Late) != 1 {
		t.Fatalf("%d late lines", len(m.Late))
	}
	l := m.Late[0]
	// 7:55 was settled as 8:00, 10:31 rounds to 10:30: the difference is of what is printed.
	if want := (LateFigures{Hours: 156, Rounded: 150, Night: 60}); l.LateFigures != want {
		t.Errorf("late: %+v, want %+v", l.LateFigures, want)
	}
	if want := (LateFigures{Hours: 487 + 156, Rounded: 480 + 150, Night: 60}); m.WithLate != want {
		t.Errorf("with what is late: %+v, want %+v", m.WithLate, want)
	}
	if m.Total.Hours != 487 {
		t.Errorf("the month itself: %s", m.Total.Hours)
	}
	if len(l.Marks) != 1 || l.Marks[0] != m.Notes[0].Mark() || m.Notes[0].Day != app.NewDate(2026, 10, 5) {
		t.Errorf("marks %v, notes %+v", l.Marks, m.Notes)
	}
	var pdf bytes.Buffer
	if err := Write(&pdf, fonts(t), m); err != nil {
		t.Fatal(err)
	}
}

// What would print nameless is refused, as in a month's own days.
func TestLateLinesKnowTheirSites(t *testing.T) {
	s := lateStory(t)
	delete(s.sheet.Sites, school)
	var wrong *PresenceError
	if _, err := Build(s.sheet, textsOf(t, app.English)); !errors.As(err, &wrong) || wrong.Problem != "no-such-site" {
		t.Errorf("an unknown site: %v", err)
	}
}
