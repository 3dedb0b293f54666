package data

import (
	"context"
	"errors"
	"testing"

	"klokkast/app"
)

// Whoever stands before the database hears of what is asked and written, and can refuse it.
func TestBeforeHearsOfEveryQuestion(t *testing.T) {
	heard, refuse := 0, error(nil)
	s, err := Open(t.Context(), blank.New(t), Options{Demo: true, Before: func(context.Context, string) error { heard++; return refuse }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	worker := app.Worker{ID: "w", FamilyName: "Peeters", GivenName: "An", Language: app.Dutch}
	for name, do := range map[string]func() error{
		"a list":  func() error { _, err := s.Workers(t.Context()); return err },
		"a mark":  func() error { _, err := s.Mark(t.Context()); return err },
		"a write": func() error { return s.SaveWorker(t.Context(), worker, app.Act{What: "worker.save"}) },
	} {
		before := heard
		if err := do(); err != nil || heard == before {
			t.Errorf("%s: %v, heard of %d times", name, err, heard-before)
		}
		refuse = errors.New("the disk is gone")
		if err := do(); !errors.Is(err, refuse) {
			t.Errorf("%s that is refused: %v", name, err)
		}
		refuse = nil
	}
	if list, err := s.Workers(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}
