package attendance

import (
	"testing"

	"klokkast/app"
)

// Principle 1: an unread box makes no anomalies.
func TestUnreadBoxMakesNoAnomalies(t *testing.T) {
	for _, c := range []struct{ name, story, readTo, days, rules string }{
		{"not read past IN + 16 h", "in 07:00", "23:00", "2026-11-23 0:00 A 07:00–? *", ""},
		{"read past IN + 16 h", "in 07:00", "23:00:01", "2026-11-23 0:00 A 07:00–! *", "S missing-out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "2026-11-23").punch("An", c.story)
			s.readTo("boxA", c.readTo)
			r := s.derive().expectDays("An", c.days)
			if got := r.rules(app.BoxUnread); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
}

func TestOpenPresenceSaysWhenItsBoxWasRead(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00")
	s.readTo("boxA", "09:30")
	p := s.derive().Presences[0]
	if p.State != app.PresenceOpen || p.BoxReadTo != s.at("09:30") {
		t.Errorf("state %s, box read to %s", p.State, p.BoxReadTo)
	}
}

func TestEveryBoxOfTheSiteCounts(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00")
	s.addBox("boxA2", "A")
	s.readTo("boxA2", "06:00")
	s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–? *")

	t.Run("one that left before does not", func(t *testing.T) {
		s := tell(t, "2026-11-23").punch("An", "in 07:00")
		s.addBox("boxA2", "A")
		s.readTo("boxA2", "06:00")
		s.in.Placements[len(s.in.Placements)-1].Span.To = s.at("06:30")
		s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–! *")
	})
	t.Run("one that left meanwhile counts until then", func(t *testing.T) {
		s := tell(t, "2026-11-23").punch("An", "in 07:00")
		s.addBox("boxA2", "A")
		s.readTo("boxA2", "10:00")
		s.in.Placements[len(s.in.Placements)-1].Span.To = s.at("10:00")
		s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–! *")
	})
	t.Run("an IN may wait in it, too", func(t *testing.T) {
		s := tell(t, "2026-11-23").punch("An", "out 12:00")
		s.addBox("boxA2", "A")
		s.readTo("boxA2", "06:00")
		r := s.derive().expectDays("An", "2026-11-23 0:00 A ?–12:00 *")
		r.none(app.MissingIn)
	})
}

func TestTheNextPresenceAnywhereProvesAForgottenOut(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@A in 07:00 · @B in 09:00 · out 12:00")
	s.readTo("boxA", "09:00:01")
	r := s.derive().expectDays("An", "2026-11-23 3:00 A 07:00–! B 09:00–12:00 *")
	if a := r.find(app.MissingOut); a.Anchor != "boxA/log/1" || a.SiteID != "A" {
		t.Errorf("found %+v", a)
	}
}

func TestOpenOverAGap(t *testing.T) {
	story := func() *story {
		s := tell(t, "2026-11-23").punch("An", "in 07:00 · in 07:00+1 · out 12:00+1")
		s.in.Punches[1].Key.Seq, s.in.Punches[2].Key.Seq = 12, 13
		s.seq = nil
		s.in.Gaps = []app.Gap{{Log: app.LogKey{Box: "boxA", Log: "log"}, First: 2, Last: 11, Known: s.in.Now}}
		return s
	}
	s := story()
	r := s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–? *\n2026-11-24 5:00 A 07:00–12:00")
	if g := r.Presences[0].OverGap; g == nil || g.First != 2 {
		t.Errorf("the presence does not name its gap: %+v", g)
	}
	gap := r.find(app.SequenceGap)
	if gap.Severity != app.Serious || gap.Facts["first"] != "2" || gap.Facts["last"] != "11" || gap.Value != 10 {
		t.Errorf("gap %+v", gap)
	}

	t.Run("once explained as lost", func(t *testing.T) {
		s := story()
		s.in.States = []app.AnomalyState{{Key: gap.Key(), Status: app.AnomalyExplained, Reason: "box-broken"}}
		r := s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–! *\n2026-11-24 5:00 A 07:00–12:00")
		if a := r.find(app.MissingOut); a.Facts["gapFirst"] != "2" || a.Facts["gapLast"] != "11" {
			t.Errorf("the missing-out does not name the gap: %+v", a.Facts)
		}
	})
	t.Run("once its records came", func(t *testing.T) {
		s := story()
		for i := uint64(2); i <= 11; i++ {
			s.in.Events = append(
				s.in.Events,
				app.BoxEvent{Key: app.RecordKey{LogKey: app.LogKey{Box: "boxA", Log: "log"}, Seq: i}, Type: app.RecordAcked, At: s.at("08:00")},
			)
		}
		r := s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–! *\n2026-11-24 5:00 A 07:00–12:00")
		r.none(app.SequenceGap)
	})
}

func TestReadingThatWasCutOffCountsToItsLastRecord(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00").punch("Bo", "in 22:00 · out 23:30")
	r := s.reading("boxA")
	r.State, r.Last, r.ReadTo = app.ReadingStopped, 3, 0
	s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–! *")
	r.Last = 2
	s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–? *")
}
