package attendance

import (
	"testing"

	"klokkast/app"
)

func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*story)
		want   string
	}{
		{"no SSIN", func(s *story) { s.in.Workers[0].SSIN = "" }, "ssin-missing"},
		{"a wrong SSIN", func(s *story) { s.in.Workers[0].SSIN = "85011512356" }, "ssin-wrong"},
		{"Limosa expired", func(s *story) {
			s.in.Workers[0].Limosa, s.in.Workers[0].LimosaDays.To = "L123", app.NewDate(2026, 11, 29)
		}, "limosa-expired"},
		{"only a Limosa", func(s *story) { s.in.Workers[0].SSIN, s.in.Workers[0].Limosa = "", "L123" }, "ssin-missing"},
		{"a wrong enterprise number", func(s *story) { s.in.Employers[0].Enterprise = "0206731646" }, "enterprise-wrong"},
		{"no enterprise number", func(s *story) { s.in.Employers[0].Enterprise = "" }, "enterprise-missing"},
	} {
		s := tell(t, "2026-11-23")
		c.change(s)
		if a := s.derive().find(app.IdentityRule); a.Facts["problem"] != c.want || a.Anchor != "" {
			t.Errorf("%s: found %+v", c.name, a)
		}
	}
	s := tell(t, "2026-11-23")
	s.in.Workers[0].SSIN, s.in.Engagements[0].Days.To = "", app.NewDate(2026, 9, 30)
	s.derive().none(app.IdentityRule) // who left long ago is no longer asked for

	// Whoever leaves at the end of next month is still to be registered until then.
	s = tell(t, "2026-11-23")
	last := app.NewDate(2026, 12, 31)
	s.in.Workers[0].SSIN, s.in.Workers[0].Ended, s.in.Engagements[0].Days.To = "", last.End(brussels), last
	s.derive().find(app.IdentityRule)

	// So is whoever left yesterday and punched before.
	s = tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
	s.in.Workers[0].SSIN, s.in.Workers[0].Ended, s.in.Engagements[0].Days.To = "", s.in.Now, s.day
	s.derive().find(app.IdentityRule)
}
