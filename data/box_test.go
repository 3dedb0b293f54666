package data

import (
	"testing"

	"klokkast/app"
	"klokkast/app/reading"
)

func TestKnownBoxKeepsItsKeyLabelAndQuarantine(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	box := get(t, s.Boxes)[0]
	box.Label, box.Group = "kitchen", "west"
	must(t, s.SaveBox(ctx, box, did("box.save", "box:"+box.UID)))
	must(t, s.Quarantine(ctx, box.UID, "clone", did("box.quarantine", "box:"+box.UID)))
	again := app.Reading{ID: newID(t), Log: log.key, Source: app.FromCable, State: app.ReadingRunning, Started: 5}
	must(t, s.BeginReading(ctx, again, app.Box{UID: box.UID, Make: app.MakeOCB, Label: "hall", PublicKey: "aa"}))
	must(t, s.BeginReading(ctx, app.Reading{ID: newID(t), Log: log.key, Source: app.FromCable, State: app.ReadingRunning, Started: 6},
		app.Box{UID: box.UID, Make: app.MakeOCB, PublicKey: "bb"}))
	got, found, err := s.KnownBox(ctx, box.UID)
	must(t, err)
	box.Quarantined, box.PublicKey = "clone", "aa" // pinned at first sight, never replaced
	if !found {
		t.Error("a box that was met is not known")
	}
	same(t, got, box)
	box.PublicKey = "cc"
	must(t, s.SaveBox(ctx, box, did("box.save", "box:"+box.UID)))
	if got, _, _ := s.KnownBox(ctx, box.UID); got.PublicKey != "aa" {
		t.Error("a person changed a pinned key")
	}
	state, _ := s.LogState(ctx, app.LogKey{Box: box.UID, Log: "another"})
	same(t, state, reading.LogState{PublicKey: "aa", Quarantined: "clone"})
}

// A person lifts a quarantine; the key is pinned anew only where it was the reason.
func TestReopenBox(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	log := newLog(t, s)
	uid := get(t, s.Boxes)[0].UID
	reads := func(at app.Instant, key string) {
		t.Helper()
		must(t, s.BeginReading(ctx, app.Reading{ID: newID(t), Log: log.key, Source: app.FromCable, State: app.ReadingRunning, Started: at},
			app.Box{UID: uid, Make: app.MakeOCB, PublicKey: key}))
	}
	reads(5, "aa")
	for i, c := range []struct{ reason, key string }{
		{reading.ReasonChain, "aa"}, {reading.ReasonRecords, "aa"}, {reading.ReasonKey, "bb"},
	} {
		must(t, s.Quarantine(ctx, uid, c.reason, did("box.quarantine", "box:"+uid)))
		must(t, s.ReopenBox(ctx, uid, did("box.reopen", "box:"+uid)))
		reads(app.Instant(6+i), "bb")
		box, _, err := s.KnownBox(ctx, uid)
		must(t, err)
		if box.Quarantined != "" || box.PublicKey != c.key {
			t.Errorf("closed for %s and reopened: quarantine %q, key %q, want %q", c.reason, box.Quarantined, box.PublicKey, c.key)
		}
	}
	// Who changes a box's name with an old view of it does not lift what closed it meanwhile.
	box, _, err := s.KnownBox(ctx, uid)
	must(t, err)
	must(t, s.Quarantine(ctx, uid, reading.ReasonChain, did("box.quarantine", "box:"+uid)))
	must(t, s.SaveBox(ctx, box, did("box.save", "box:"+uid)))
	if box, _, _ = s.KnownBox(ctx, uid); box.Quarantined != reading.ReasonChain {
		t.Error("a change of the name reopened the box")
	}
}
