package app_test

import (
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
)

func TestWeeklyHours(t *testing.T) {
	for _, c := range append(apptest.EveryWeeklyHours(), apptest.WeeklyHours{Typed: ""}, apptest.WeeklyHours{Typed: " 7 ", Minutes: 420}) {
		got, err := app.ParseWeeklyHours(c.Typed)
		var refused *app.FieldError
		if errors.As(err, &refused) {
			if refused.Code != c.Code || refused.Field != "weeklyHours" {
				t.Errorf("%q: %v, want %q", c.Typed, err, c.Code)
			}
			continue
		}
		if err != nil || c.Code != "" || got != app.WeeklyHours(c.Minutes) {
			t.Errorf("%q: %d, %v; want %d %s", c.Typed, got, err, c.Minutes, c.Code)
		}
	}
}

func TestAnExampleOfWeeklyHoursIsRight(t *testing.T) {
	for _, wrong := range []string{"38:5", "x"} {
		_, err := app.ParseWeeklyHours(wrong)
		var refused *app.FieldError
		if !errors.As(err, &refused) {
			t.Fatalf("%q: %v", wrong, err)
		}
		if _, err := app.ParseWeeklyHours(refused.Example); err != nil {
			t.Errorf("the example %q: %v", refused.Example, err)
		}
	}
}
