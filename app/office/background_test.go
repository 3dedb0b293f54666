package office_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/store"
)

// slowStore answers how far the database is only when gate is open, so that nothing can be derived before.
type slowStore struct {
	store.Store
	gate chan struct{}
}

func (s *slowStore) Mark(ctx context.Context) (store.Mark, error) {
	select {
	case <-s.gate:
		return s.Store.Mark(ctx)
	case <-ctx.Done():
		return store.Mark{}, ctx.Err()
	}
}

// An act is done when it is on disk: what follows from it is found behind it, a
// question waits for that, and whoever asks may give up.
func TestAnActDoesNotWaitForWhatFollowsFromIt(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"0BAD", "2026-10-30 06:00", app.KeyIn}))
	slow := &slowStore{b.store, make(chan struct{})}
	o := must[*office.Office](t)(office.New(t.Context(), office.Parts{Store: slow, Now: b.Now, Typesetting: must[documents.Typesetting](t)(testPress())}))
	told := make(chan struct{}, 1)
	defer o.Subscribe(func() { told <- struct{}{} })()

	ok(t, o.Staff.AssignBadge(t.Context(), app.IdentifierKey{Kind: app.Card, Value: "0BAD"}, b.ofBart.ID, app.Span{From: b.at("2026-10-01 00:00")}, ""))
	<-told // and nothing is derived yet

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := o.Derived.Anomalies(ctx, derived.AnomalyFilter{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a question that was given up: %v", err)
	}

	close(slow.gate)
	for _, a := range must[[]derived.FoundAnomaly](t)(o.Derived.Anomalies(t.Context(), derived.AnomalyFilter{})) {
		if a.Rule == app.UnknownBadge {
			t.Errorf("a question did not wait for what followed: %+v", a)
		}
	}
	if seen := must[map[app.AnomalyKey]string](t)(b.store.OpenSights(t.Context())); len(seen) == 0 {
		t.Error("what was found was not noted before the question was answered")
	}
}

// The end of the program does not wait longer than it may.
func TestClosingGivesUpWhatIsNotNoted(t *testing.T) {
	b := newBench(t)
	slow := &slowStore{b.store, make(chan struct{})}
	o := must[*office.Office](t)(office.New(t.Context(), office.Parts{Store: slow, Now: b.Now, Typesetting: must[documents.Typesetting](t)(testPress())}))
	ok(t, o.SetActor(t.Context(), "Els"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o.Derived.Close(ctx) // hangs where it waits for the gate
	close(slow.gate)
	must[int](t)(b.read(tap{"0BAD", "2026-10-30 06:00", app.KeyIn}))
	ok(t, o.SetActor(t.Context(), "An"))
	for _, a := range must[[]derived.FoundAnomaly](t)(o.Derived.Anomalies(t.Context(), derived.AnomalyFilter{Rule: app.UnknownBadge})) {
		if seen := must[map[app.AnomalyKey]string](t)(b.store.OpenSights(t.Context())); seen[a.Key()] != "" {
			t.Error("something was noted after the end")
		}
	}
}
