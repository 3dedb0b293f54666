package dossier_test

import (
	"testing"

	"klokkast/app"
	"klokkast/app/dossier"
)

func TestTheCountdown(t *testing.T) {
	day := app.NewDate(2026, 10, 24) // 30 days over the end of summer time
	for _, tt := range []struct {
		after int
		want  dossier.Deadline
	}{
		{0, dossier.Deadline{Left: 30, Urgency: dossier.Early}},
		{1, dossier.Deadline{Left: 29, Urgency: dossier.Proposed}},
		{19, dossier.Deadline{Left: 11, Urgency: dossier.Proposed}},
		{20, dossier.Deadline{Left: 10, Urgency: dossier.Urgent}},
		{30, dossier.Deadline{Left: 0, Urgency: dossier.Urgent}},
		{31, dossier.Deadline{Left: -1, Urgency: dossier.Over}},
	} {
		tt.want.Last = app.NewDate(2026, 11, 23)
		if got := dossier.DeadlineOf(day, day.AddDays(tt.after)); got != tt.want {
			t.Errorf("%d days after: %+v, want %+v", tt.after, got, tt.want)
		}
	}
}
