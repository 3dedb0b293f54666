package app_test

import (
	"testing"

	"klokkast/app"
)

func TestMakeRoom(t *testing.T) {
	span := func(from, to app.Instant) app.Span { return app.Span{From: from, To: to} }
	for _, c := range []struct {
		name                      string
		older, fresh, rest, after app.Span
	}{
		{"runs on", span(10, 0), span(20, 0), span(10, 20), app.Span{}},
		{"runs into it", span(10, 25), span(20, 30), span(10, 20), app.Span{}},
		{"outlasts it", span(10, 0), span(20, 30), span(10, 20), span(30, 0)},
		{"outlasts it, with an end", span(10, 40), span(20, 30), span(10, 20), span(30, 40)},
		{"begins inside", span(25, 40), span(20, 30), span(30, 40), app.Span{}},
		{"begins with it and outlasts it", span(20, 0), span(20, 30), span(30, 0), app.Span{}},
		{"wholly inside", span(22, 28), span(20, 30), span(22, 22), app.Span{}},
		{"the same", span(20, 30), span(20, 30), span(20, 20), app.Span{}},
		{"replaced from the beginning of time", span(0, 0), span(0, 0), span(1, 1), app.Span{}},
		{"before", span(10, 20), span(20, 30), span(10, 20), app.Span{}},
		{"after", span(30, 0), span(20, 30), span(30, 0), app.Span{}},
		{"empty", span(25, 25), span(20, 30), span(25, 25), app.Span{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rest, after, split := c.older.MakeRoom(c.fresh)
			if rest != c.rest || after != c.after || split != (after != app.Span{}) {
				t.Errorf("rest %v, after %v (%v)", rest, after, split)
			}
		})
	}
}
