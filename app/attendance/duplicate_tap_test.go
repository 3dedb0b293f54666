package attendance

import (
	"testing"

	"klokkast/app"
)

func TestDuplicateTap(t *testing.T) {
	for _, c := range []struct{ name, story, days, rules string }{
		{"two minutes after is a double tap", "tap 07:00 · tap 07:02 · tap 12:00", "2026-11-23 5:00 A 07:00–12:00", "I duplicate-tap"},
		{"a second more is an OUT", "tap 07:00 · tap 07:02:01 · tap 12:00 · tap 15:10", "2026-11-23 3:12:01 A 07:00–07:02:01 A 12:00–15:10", ""},
		{"each counts from the one before, ignored or not", "tap 07:00 · tap 07:01:30 · tap 07:03 · tap 12:00", "2026-11-23 5:00 A 07:00–12:00", "I duplicate-tap"},
		{"the pressed key wins, at the time of the first", "tap 07:00 · in 07:00:20 · out 12:00", "2026-11-23 5:00 A 07:00–12:00", "I duplicate-tap"},
		{"a tap after a key adds nothing", "in 07:00 · tap 07:00:20 · out 12:00 · tap 12:01", "2026-11-23 5:00 A 07:00–12:00", "I duplicate-tap, I duplicate-tap"},
		{"two keys both count", "in 07:00 · out 07:01 · in 07:02:30 · out 12:00", "2026-11-23 4:58:30 A 07:00–07:01 A 07:02:30–12:00", ""},
		{"a tap takes the first key, not a second", "tap 07:00 · in 07:00:20 · out 07:01 · in 08:00 · out 12:00",
			"2026-11-23 4:01 A 07:00–07:01 A 08:00–12:00", "I duplicate-tap"},
		{"at another site it is another tap", "@A tap 07:00 · @B tap 07:01 · tap 12:00 · @A tap 12:01", "2026-11-23 4:59 A 07:00–! B 07:01–12:00 A 12:01–! *", "S missing-out, S missing-out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, "2026-11-23").punch("An", c.story).derive()
			r.expectDays("An", c.days).expectRules(c.rules)
		})
	}
}

func TestDuplicateOfTwoIdentifiersOfOnePerson(t *testing.T) {
	s := tell(t, "2026-11-23")
	s.in.Identifiers = append(s.in.Identifiers, app.Identifier{ID: "i2", Key: app.IdentifierKey{Kind: app.Card, Value: "04FF"}})
	s.in.Custodies = append(s.in.Custodies, app.Custody{ID: "c2", IdentifierID: "i2", EngagementID: "e-an", Span: app.Span{From: 1}})
	s.punch("An", "tap 07:00").punch("04FF", "tap 07:01 · tap 12:00")
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("I duplicate-tap")
}

func TestDuplicateNamesTheTapThatCounts(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "tap 07:00 · tap 07:00:30 · tap 07:01 · tap 12:00").derive()
	a := r.find(app.DuplicateTap)
	if a.Anchor != "boxA/log/1" || len(a.Punches) != 3 || a.Subject != (app.Subject{Kind: app.AboutEngagement, ID: "e-an"}) {
		t.Errorf("found %+v", a)
	}
}

func TestIgnoredTapIsAsIfNeverMade(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "tap 07:00 · tap 07:01 · tap 12:00")
	s.in.Ignored = []app.Ignored{{ID: "x", Punch: s.in.Punches[0].Key, Reason: "other"}}
	s.derive().expectDays("An", "2026-11-23 4:59 A 07:01–12:00").expectRules("")

	s = tell(t, "2026-11-23").punch("An", "tap 07:00 · tap 12:00")
	s.in.Ignored = []app.Ignored{{ID: "x", Punch: s.in.Punches[0].Key, Reason: "other", Withdrawn: 5}}
	s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00")
}
