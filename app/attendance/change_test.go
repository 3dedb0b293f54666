package attendance

import (
	"fmt"
	"slices"
	"testing"

	"klokkast/app"
)

func TestChangeNamesWhomItTouches(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00").punch("Bo", "in 08:00 · out 12:00").punch("0BAD", "in 08:00 · out 11:00")
	s.inRecordOrder()
	before := Start(&s.in, NewRecords())
	s.in.Punches = nil
	if c := Compare(before, before.Next(&s.in, nil)); len(c.Workers) != 0 || len(c.After.Anomalies) != 0 {
		t.Errorf("the same facts differ: %+v", c)
	}
	in := s.in
	in.Identifiers = append(slices.Clip(in.Identifiers), app.Identifier{ID: "i-new", Key: app.IdentifierKey{Kind: app.Card, Value: "0BAD"}})
	in.Custodies = append(
		slices.Clip(in.Custodies),
		app.Custody{ID: "c-new", IdentifierID: "i-new", EngagementID: "e-cem", Span: app.Span{From: 1}, Entered: s.in.Now},
	)
	c := Compare(before, before.Next(&in, nil))
	if !slices.Equal(c.Workers, []app.ID{"", "cem"}) {
		t.Errorf("touches %q", c.Workers)
	}
	if len(c.Before.Taps) != 2 || c.Before.Taps[0].Role != app.TapUnknown || len(c.After.Taps) != 2 || c.After.Taps[0].WorkerID != "cem" {
		t.Errorf("taps before %+v, after %+v", c.Before.Taps, c.After.Taps)
	}
	if len(c.Before.Presences) != 0 || len(c.After.Presences) != 1 || len(c.After.Workdays) != 1 {
		t.Errorf("before %+v, after %+v", c.Before, c.After)
	}
	if len(c.Before.Anomalies) != 1 || c.Before.Anomalies[0].Rule != app.UnknownBadge || len(c.After.Anomalies) != 0 {
		t.Errorf("findings before %+v, after %+v", c.Before.Anomalies, c.After.Anomalies)
	}
}

// A tap of an unknown badge becomes a double tap of one at another box that is read later.
func TestAChangeNamesUnknownTapsOfOtherBoxesToo(t *testing.T) {
	s := tell(t, "2026-11-23").punch("0BAD", "tap 07:01")
	s.addBox("boxA2", "A")
	before := Start(&s.in, NewRecords())
	next := s.in
	next.Punches = []app.Punch{*s.add("boxA2", "0BAD", app.KeyNone, s.at("07:00"))}
	c := Compare(before, before.Next(&next, nil))
	roles := map[string][]app.TapRole{}
	for i, taps := range [...][]app.Tap{c.Before.Taps, c.After.Taps} {
		for _, tap := range taps {
			roles[tap.Punch.Key.Box] = append(roles[tap.Punch.Key.Box], []app.TapRole{"was " + tap.Role, tap.Role}[i])
		}
	}
	if got := fmt.Sprint(roles); got != "map[boxA:[was unknown duplicate] boxA2:[unknown]]" {
		t.Errorf("the change has %s", got)
	}
}
