package kittest

import (
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/ui/officetest"
)

// Annas are the days that count of Anna's week.
func (s *Stage) Annas(day app.Date) (sum time.Duration) {
	s.Test.Helper()
	for _, w := range MustBe(s.Own().Derived.Workdays(s.Test.Context(), app.Days{From: day, To: day}, s.Company.Anna.ID))(s.Test) {
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
	s.Test.Helper()
	return s.Company.Anomaly(r).Status
}

// WrongClock is the one that the company has.
func (s *Stage) WrongClock() acts.WrongClock {
	s.Test.Helper()
	list := MustBe(s.Own().Judgements.WrongClocks(s.Test.Context(), ""))(s.Test)
	if len(list) != 1 {
		s.Test.Fatalf("wrong clocks: %+v", list)
	}
	return list[0]
}

// Names are those that the company knows.
func (s *Stage) Names() *derived.Names {
	s.Test.Helper()
	return MustBe(s.Own().Derived.Names(s.Test.Context()))(s.Test)
}
