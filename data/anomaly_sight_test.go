package data

import (
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/store"
)

func missing(seq uint64) app.Sight {
	k := app.RecordKey{LogKey: app.LogKey{Box: "box", Log: "log"}, Seq: seq}
	return app.Sight{
		Occurrence: k.String(),
		Anomaly: app.Anomaly{Rule: app.MissingOut, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutEngagement, ID: "e"},
			Anchor: k.String(), Day: app.NewDate(2026, 11, 2), At: 7, Punches: []app.RecordKey{k}, Facts: map[string]string{"gapFirst": "3"}},
	}
}

func TestWhatIsGoneIsKeptWithWhatSettledIt(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	a, b := missing(1), missing(2)
	must(t, s.NoteSights(ctx, 10, "", []app.Sight{a, b}, nil))
	open := get(t, s.OpenSights)
	if len(open) != 2 || open[a.Anomaly.Key()] != a.Occurrence {
		t.Fatalf("open: %v", open)
	}
	must(t, s.NoteAct(ctx, app.Act{Actor: "An", At: 19, What: "custody.give", Target: "custody:c"}))
	must(t, s.NoteSights(ctx, 20, "", nil, []app.AnomalyKey{a.Anomaly.Key()}))
	must(t, s.NoteSights(ctx, 30, "", nil, []app.AnomalyKey{a.Anomaly.Key()})) // said once
	gone, err := s.GoneSights(ctx, 0)
	must(t, err)
	same(t, gone, []app.Gone{{Anomaly: a.Anomaly, At: 20, What: "custody.give", By: "An"}})
	if later, _ := s.GoneSights(ctx, 21); len(later) != 0 {
		t.Errorf("since after it went: %v", later)
	}
	if _, ok, err := s.GoneSight(ctx, b.Anomaly.Key()); ok || err != nil {
		t.Errorf("one that is still found: %v %v", ok, err)
	}
}

func TestWhatReturnsOtherThanItWentIsNotExplained(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	a := missing(1)
	key := a.Anomaly.Key()
	state := app.AnomalyState{
		Key:          key,
		Status:       app.AnomalyExplained,
		Reason:       "forgot",
		By:           "An",
		At:           12,
		Evidence:     "aa",
		Was:          &a.Anomaly,
		Note:         "gebeld",
		NoteLanguage: app.Dutch,
	}
	must(t, s.SetAnomalyState(ctx, state, did("anomaly.explained", "anomaly:"+key.String())))
	went := func(at app.Instant, back app.Sight) app.AnomalyState {
		t.Helper()
		must(t, s.NoteSights(ctx, at, "", nil, []app.AnomalyKey{key}))
		must(t, s.NoteSights(ctx, at+5, "", []app.Sight{back}, nil))
		return get(t, s.AnomalyStates)[0]
	}
	must(t, s.NoteSights(ctx, 10, "", []app.Sight{a}, nil))
	same(t, went(20, a), state) // the same came back
	other := a
	other.Occurrence = "other"
	must(t, s.NoteSights(ctx, 30, "", []app.Sight{other}, nil)) // changed while it was there: that is what evidence is for
	same(t, get(t, s.AnomalyStates)[0], state)
	state.Returned = 45
	same(t, went(40, a), state)
}

func TestTogetherIsAllOrNothing(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	a, b := missing(1), missing(2)
	key, other := a.Anomaly.Key(), b.Anomaly.Key()
	stop := errors.New("stop")
	both := func(fail error) error {
		return s.Together(ctx, "explain", func(c store.Changes) error {
			for _, k := range []app.AnomalyKey{key, other} {
				err := c.SetAnomalyState(
					ctx,
					app.AnomalyState{Key: k, Status: app.AnomalyExplained, By: "An", At: 1},
					did("anomaly.explained", "anomaly:"+k.String()),
				)
				if err != nil {
					return err
				}
			}
			return fail
		})
	}
	if err := both(stop); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	trail, err := s.Trail(ctx, "", 0)
	must(t, err)
	before := len(trail)
	if states := get(t, s.AnomalyStates); len(states) != 0 {
		t.Errorf("half of it was kept: %v", states)
	}
	must(t, both(nil))
	trail, err = s.Trail(ctx, "", 0)
	must(t, err)
	if states := get(t, s.AnomalyStates); len(states) != 2 || len(trail) != before+2 {
		t.Errorf("%d states, %d acts more", len(states), len(trail)-before)
	}
}
