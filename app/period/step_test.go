package period

import (
	"testing"

	"klokkast/app"
)

func TestADayIsClosedByWhatNobodyWithdrew(t *testing.T) {
	october, november := app.MonthOf(app.NewDate(2026, 10, 1)).Days(), app.MonthOf(app.NewDate(2026, 11, 1)).Days()
	steps := []app.Approval{
		{ID: "a", WorkerID: "an", Days: october, At: 10, Version: 1},
		{ID: "b", WorkerID: "an", Days: november, At: 20, Version: 1},
		{ID: "c", WorkerID: "an", Days: october, At: 30, Version: 2, Withdraws: "a"},
		{ID: "d", WorkerID: "bo", Days: october, At: 40, Version: 1},
	}
	for _, c := range []struct {
		worker app.ID
		day    app.Date
		want   app.ID
	}{
		{"an", app.NewDate(2026, 10, 5), ""},
		{"an", app.NewDate(2026, 11, 1), "b"},
		{"an", app.NewDate(2026, 11, 30), "b"},
		{"an", app.NewDate(2026, 12, 1), ""},
		{"bo", app.NewDate(2026, 10, 31), "d"},
		{"cor", app.NewDate(2026, 10, 31), ""},
	} {
		if a, ok := ClosedBy(steps, c.worker, c.day); a.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s on %s: closed by %q, want %q", c.worker, c.day, a.ID, c.want)
		}
	}
	if v := NextVersion(steps, "an", october); v != 3 {
		t.Errorf("the next step of October has version %d, want 3: a withdrawal is a step, too", v)
	}
	if v := NextVersion(steps, "an", app.Days{From: october.From, To: november.To}); v != 1 {
		t.Errorf("the first step of other days has version %d", v)
	}
}
