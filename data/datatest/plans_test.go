package datatest_test

import (
	"context"
	"testing"

	"klokkast/app"
	"klokkast/data"
	"klokkast/data/datatest"
)

// A question that goes through all of a table that grows is named, with who asked; one that finds by an index, or shows a page, is not.
func TestWhatGoesThroughAWholeTableIsNamed(t *testing.T) {
	blank := datatest.Template{Make: data.Blank}
	path := blank.New(t)
	var plans datatest.Plans
	s, err := data.Open(t.Context(), path, data.Options{Demo: true, Before: plans.Hear})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		by   string
		ask  func(context.Context) error
		wide bool
	}{
		{"Adjustments", func(ctx context.Context) error { _, err := s.Adjustments(ctx); return err }, true},
		{"Trail", func(ctx context.Context) error { _, err := s.Trail(ctx, "", 10); return err }, false},
		{"Mark", func(ctx context.Context) error { _, err := s.Mark(ctx); return err }, false},
		{"SameTaps", func(ctx context.Context) error { _, err := s.SameTaps(ctx, app.LocalSimulator); return err }, false},
		{"OpenSights", func(ctx context.Context) error { _, err := s.OpenSights(ctx); return err }, false},
	} {
		plans.Forget()
		if err := c.ask(t.Context()); err != nil {
			t.Fatal(err)
		}
		heard, found := plans.Heard(), plans.Wide(t, path)
		if len(heard) == 0 || heard[len(heard)-1].By != c.by {
			t.Errorf("%s: heard %+v", c.by, heard)
		}
		if (len(found) > 0) != c.wide {
			t.Errorf("%s: %+v", c.by, found)
		}
	}
}
