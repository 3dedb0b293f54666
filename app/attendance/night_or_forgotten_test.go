package attendance

import (
	"slices"
	"testing"

	"klokkast/app"
)

func TestKeylessNightIsAskedAbout(t *testing.T) {
	const night = "tap 20:00 · tap 06:30+1"
	for _, c := range []struct {
		name, story string
		asked       bool
	}{
		{"longer than ten hours over the night", night, true},
		{"ten hours are not longer", "tap 20:00 · tap 06:00+1", false},
		{"not until six", "tap 19:00 · tap 05:59+1", false},
		{"not from midnight", "tap 00:30 · tap 10:50", false},
		{"with OUT pressed there is no question", "tap 20:00 · out 06:30+1", false},
		{"nor with breaks in the night", "in 20:00 · break 01:00+1 · back 01:30+1 · tap 06:30+1", false},
		{"in the longer night", "tap 20:00 · tap 06:30+1", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, "2026-11-23").punch("An", c.story).derive()
			if !c.asked {
				r.none(app.NightOrForgotten)
				return
			}
			r.find(app.NightOrForgotten)
			for _, tap := range r.Taps {
				if !tap.AskedAbout || !tap.Unsure {
					t.Errorf("tap %s may be sent", tap.Punch.Key)
				}
			}
		})
	}
	ask := tell(t, "2026-11-23").punch("An", night).derive().find(app.NightOrForgotten)
	answered := func(reason string) *story {
		s := tell(t, "2026-11-23").punch("An", night+" · tap 12:00+1")
		s.in.States = []app.AnomalyState{{Key: ask.Key(), Status: app.AnomalyExplained, Reason: reason, Evidence: Evidence(ask)}}
		return s
	}
	answer := func(reason string) *told { return answered(reason).derive() }
	t.Run("answered: it was a night shift", func(t *testing.T) {
		r := answer("agreed").expectDays("An", "2026-11-23 10:30 A 20:00–06:30\n2026-11-24 0:00 A 12:00–! *")
		r.none(app.NightOrForgotten)
		if r.Taps[1].AskedAbout || r.Taps[1].Unsure {
			t.Error("the taps are still unsure")
		}
	})
	t.Run("answered: the OUT was forgotten", func(t *testing.T) {
		r := answer("forgot").expectDays("An", "2026-11-23 0:00 A 20:00–! *\n2026-11-24 5:30 A 06:30–12:00")
		r.none(app.NightOrForgotten)
	})
	t.Run("what was answered is listed with its answer, to be taken back", func(t *testing.T) {
		for _, reason := range []string{"agreed", "forgot"} {
			s := answered(reason)
			s.inRecordOrder()
			list := Start(&s.in, NewRecords()).Listed()
			i := slices.IndexFunc(list, func(a app.Anomaly) bool { return a.Rule == app.NightOrForgotten })
			if i < 0 || list[i].Key() != ask.Key() || Evidence(&list[i]) != Evidence(ask) {
				t.Errorf("answered %q: %+v", reason, list)
			}
		}
	})
	t.Run("an answer holds for its two taps", func(t *testing.T) {
		s := tell(t, "2026-11-23").punch("An", "tap 20:00 · tap 06:40+1") // another tap than was asked about
		s.in.States = []app.AnomalyState{{Key: ask.Key(), Status: app.AnomalyExplained, Reason: "forgot", Evidence: "of other taps"}}
		r := s.derive().expectDays("An", "2026-11-23 10:40 A 20:00–06:40")
		if !r.Taps[0].AskedAbout {
			t.Error("nobody is asked again")
		}
	})
}
