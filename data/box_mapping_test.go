package data

import (
	"testing"

	"klokkast/app"
	"klokkast/app/reading"
)

func TestAMappingIsKeptPerBoxWithItsTrail(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	box := app.Box{UID: "table:gate", Make: app.MakeTable, Label: "Gate", Group: "table:gate", Zone: app.DefaultZone, StatusKeys: app.StatusAsk, FirstSeen: 5}
	m := reading.Mapping{
		Separator: "\t", Skip: 1, Badge: reading.Column{From: 2}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 3}, Layout: "DD/MM/YYYY hh:mm",
		Status: reading.Column{From: 4}, Keys: reading.Keys{"IN": app.KeyIn, "UIT": app.KeyOut},
	}
	if _, found, err := s.BoxMapping(ctx, box.UID); err != nil || found {
		t.Fatalf("a mapping before any was kept: %v", err)
	}
	must(t, s.SaveBoxMapping(ctx, box, m, did("box.mapping", "box:"+box.UID)))
	got, found, err := s.BoxMapping(ctx, box.UID)
	must(t, err)
	if !found {
		t.Fatal("the mapping is not there")
	}
	same(t, got, m)
	known, _, err := s.KnownBox(ctx, box.UID)
	must(t, err)
	same(t, known, box)

	// A known box keeps what it is; the mapping changes alone.
	m.Skip = 3
	other := box
	other.Label = "someone else's name"
	must(t, s.SaveBoxMapping(ctx, other, m, did("box.mapping", "box:"+box.UID)))
	known, _, err = s.KnownBox(ctx, box.UID)
	must(t, err)
	same(t, known, box)
	uids, err := s.MappedBoxes(ctx)
	must(t, err)
	same(t, uids, []string{box.UID})

	must(t, s.ForgetBoxMapping(ctx, box.UID, did("box.mapping-forget", "box:"+box.UID)))
	must(t, s.ForgetBoxMapping(ctx, box.UID, did("box.mapping-forget", "box:"+box.UID))) // again: nothing to do, nothing to note
	if _, found, _ := s.BoxMapping(ctx, box.UID); found {
		t.Error("the mapping was not forgotten")
	}
	trail, err := s.Trail(ctx, "box:"+box.UID, 10)
	must(t, err)
	var what []string
	for _, e := range trail {
		what = append(what, e.What)
	}
	same(t, what, []string{"box.mapping-forget", "box.mapping", "box.mapping", "box.enter"})
}
