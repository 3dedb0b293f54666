package kittest

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// ManyWait lets punches of four days wait to be sent, as the first ones of all, beside some that are held.
func ManyWait(c *officetest.Company) {
	c.AtRegister()
	taps := []officetest.Tap{officetest.In("2026-09-01 06:00"), officetest.Out("2026-09-01 14:00")}
	for day, at := range []string{"2026-11-19 06:00", "2026-11-20 06:00", "2026-11-21 06:00", "2026-11-22 06:00"} {
		for i := range 52 {
			key := app.KeyIn
			if i%2 == 1 {
				key = app.KeyOut
			}
			taps = append(taps, officetest.Tap{Card: officetest.AnnaCard,
				At: c.At(at).Add(time.Duration(10*i+day) * time.Minute).In(app.Belgium()).Format("2006-01-02 15:04"), Key: key})
		}
	}
	c.Read(taps...)
}

// Sent is how many registrations the register has taken.
func (s *Stage) Sent() int {
	s.Test.Helper()
	return MustBe(s.Own().Register.Counts(s.Test.Context()))(s.Test).States[app.RegAccepted]
}

// AgreeFirst tests that a click that sends shows first what goes, and does nothing until it is agreed to.
func AgreeFirst(t *testing.T, s *Stage, click func()) {
	t.Helper()
	click()
	shown := s.Texts()
	if shown == "" || s.Sent() != 0 {
		t.Fatalf("sent %d without a question", s.Sent())
	}
	for _, want := range []string{"208 registrations of 1 person", "Of 4 days", "Stadhuis Leuven (208)",
		"The oldest", "2 are held", "Older than the sending window", "first sending", "more than 200", "24 hours"} {
		if !strings.Contains(shown, want) {
			t.Errorf("nothing says %q: %q", want, shown)
		}
	}
	s.Tap("Cancel")
	if s.Sent() != 0 || s.Top() != nil {
		t.Errorf("cancelled, and sent %d", s.Sent())
	}
	click()
	s.Tap("Send 208 registrations")
	if s.Sent() != 208 {
		t.Errorf("agreed, and sent %d", s.Sent())
	}
}
