package attendance

import (
	"testing"
	"time"

	"klokkast/app"
)

// What hurts people today, by name: the list at the end of docs/attendance.md.
// What takes a database to show stands in app/office.

func TestPainForgottenCheckOutCorruptsLaterPunches(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "tap 07:00 · tap 07:00+1 · tap 11:00+1 · tap 07:00+2 · tap 11:00+2").derive()
	r.expectDays("An", `2026-11-23 0:00 A 07:00–! *
		2026-11-24 4:00 A 07:00–11:00
		2026-11-25 4:00 A 07:00–11:00`)
	r.expectRules("S missing-out")
}

func TestPainAutomaticCheckOutInventsHours(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "in 07:00").derive()
	if w := r.Workdays[0]; w.Worked != 0 || !w.Incomplete || w.Presences[0].Out != nil {
		t.Errorf("invented: %+v", w)
	}
}

func TestPainNightShiftOnTheWrongDayOrSplit(t *testing.T) {
	tell(t, "2026-11-30").punch("An", "in 21:00 · break 01:00+1 · back 01:30+1 · out 05:30+1 · in 21:00+1 · out 05:00+2").derive().expectDays("An",
		`2026-11-30 8:00 A 21:00–05:30 (01:00–01:30)
		2026-12-01 8:00 A 21:00–05:00`)
}

func TestPainDoubleTapsMakeInAndOut(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "tap 07:00 · tap 07:00:04 · tap 12:00 · tap 12:00:03").derive()
	r.expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("I duplicate-tap, I duplicate-tap")
	if len(r.Taps) != 4 {
		t.Error("double taps are not kept")
	}
}

func TestPainBoxLostItsClockAndPeopleWentOnPunching(t *testing.T) {
	r := lostClock(t).derive()
	r.expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectDays("Bo", "2026-11-23 2:30 A 21:00–23:30")
	if a := r.find(app.ClockReset); len(a.Punches) != 2 {
		t.Errorf("its punches are not named: %+v", a)
	}
}

func TestPainSummerTimeShifts(t *testing.T) {
	tell(t, "2026-03-28").punch("An", "in 22:00 · out 06:00+1 · in 22:00+1 · out 06:00+2").derive().expectDays("An",
		"2026-03-28 7:00 A 22:00–06:00\n2026-03-29 8:00 A 22:00–06:00")
	tell(t, "2026-10-24").punch("An", "in 22:00 · out 06:00+1 · in 22:00+1 · out 06:00+2").derive().expectDays("An",
		"2026-10-24 9:00 A 22:00–06:00\n2026-10-25 8:00 A 22:00–06:00")
}

// 06:00–10:00 in London is 07:00–11:00 here: the same four hours, none of them at night there.
func TestPainTimeZoneShifts(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "@B in 07:00 · out 11:00")
	s.in.Sites[1].Zone = "Europe/London"
	if w := s.derive().expectDays("An", "2026-11-23 4:00 B 07:00–11:00").Workdays[0]; w.Night != 0 {
		t.Errorf("night %s", hm(w.Night))
	}
}

// A box without direction keys, and people who press whatever they like.
func TestPainInAndOutUndefined(t *testing.T) {
	tell(t, "2026-11-23").punch("An", "tap 07:00 · out 12:00 · in 13:00 · tap 15:00").derive().
		expectDays("An", "2026-11-23 7:00 A 07:00–12:00 A 13:00–15:00").expectRules("")
}

func TestPainPartialDownloadTakenForWhole(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00").punch("Bo", "in 08:00 · out 11:00")
	r := s.reading("boxA")
	r.State, r.Last = app.ReadingStopped, 3 // cut off: the rest of the log is not here
	s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–? *").none(app.MissingOut)
}

func TestPainReadingTwiceMakesDuplicates(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · out 12:00")
	s.in.Punches = append(s.in.Punches, s.in.Punches...)
	s.seq = nil
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–12:00").expectRules("")
	if len(r.Taps) != 2 {
		t.Errorf("%d taps", len(r.Taps))
	}
}

func TestPainUnknownBadgesVanishIntoALog(t *testing.T) {
	r := tell(t, "2026-11-23").punch("0BAD", "in 07:00 · out 12:00").derive()
	if a := r.find(app.UnknownBadge); a.Severity != app.Serious || len(a.Punches) != 2 {
		t.Errorf("found %+v", a)
	}
}

func TestPainTheWrongButton(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "out 07:00 · in 07:00:05 · in 12:00 · out 12:00:05").derive()
	r.expectDays("An", "2026-11-23 5:00 A 07:00:05–12:00:05").expectRules("W key-contradiction, W key-contradiction")
}

func TestPainCorrectionsWithoutTrace(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00")
	s.in.Adjustments = []app.Adjustment{
		{ID: "adj", Kind: app.AdjustOut, EngagementID: "e-an", SiteID: "A", Punch: s.last(), To: s.at("12:00"), Reason: "forgot", By: "supervisor"},
	}
	r := s.derive().expectDays("An", "2026-11-23 5:00 A 07:00–~12:00")
	if p := r.Presences[0]; !p.Adjusted || p.Out.Adjustment != "adj" || p.Out.Punch != nil {
		t.Errorf("the presence hides its adjustment: %+v", p)
	}
	if a := r.find(app.MissingOut); a.Facts["adjusted"] != "adj" {
		t.Errorf("the finding hides its adjustment: %+v", a)
	}
}

func TestPainOverlapsPaidTwice(t *testing.T) {
	r := tell(t, "2026-11-23").punch("An", "@A in 07:00 · @B in 09:00 · @A out 10:00 · @B out 12:00").derive()
	if got := r.Workdays[0].Worked; got != 5*time.Hour {
		t.Errorf("worked %s", hm(got))
	}
	if a := r.find(app.Overlap); a.Value != hour || a.Anchor != "boxA/log/1+boxB/log/1" {
		t.Errorf("found %+v", a)
	}
	r.none(app.ImpossibleTravel)
}

func TestPainAnUnreadBoxReportedAsAbsence(t *testing.T) {
	s := tell(t, "2026-11-23").punch("An", "in 07:00 · in 07:00+1 · out 12:00+1")
	s.addBox("boxA2", "A")
	s.readTo("boxA2", "06:00")
	r := s.derive().expectDays("An", "2026-11-23 0:00 A 07:00–? *\n2026-11-24 5:00 A 07:00–12:00")
	r.none(app.MissingOut)
}
