package kittest

import (
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/officetest"
)

// Annas are the days that count of Anna's week.
func (s *Stage) Annas(day app.Date) (sum time.Duration) {
	s.T.Helper()
	for _, w := range MustBe(s.Own().Workdays(s.T.Context(), app.Days{From: day, To: day}, s.C.Anna.ID))(s.T) {
		sum += w.Worked
	}
	return sum
}

// KeyOf is the identity of the one anomaly of a rule.
func KeyOf(c *officetest.Company, r app.Rule) app.AnomalyKey {
	a := c.Anomaly(r)
	return a.Key()
}

// Status is where the company stands with the anomaly of a rule.
func (s *Stage) Status(r app.Rule) app.AnomalyStatus {
	s.T.Helper()
	return s.C.Anomaly(r).Status
}

// WrongClock is the one that the company has.
func (s *Stage) WrongClock() office.WrongClock {
	s.T.Helper()
	list := MustBe(s.Own().WrongClocks(s.T.Context(), ""))(s.T)
	if len(list) != 1 {
		s.T.Fatalf("wrong clocks: %+v", list)
	}
	return list[0]
}

func (s *Stage) Names() *office.Names {
	s.T.Helper()
	return MustBe(s.Own().Names(s.T.Context()))(s.T)
}
