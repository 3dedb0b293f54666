package timesheet

import (
	"regexp"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/period"
)

// raw finds what no reader may see: keys, values that were not filled in, verbs.
var raw = regexp.MustCompile(`\[\[|<novalue>|<nil>|%!|\{\{|(?:timesheet|reason|anomaly|approval|absence|paper)\.[a-z][a-zA-Z]*[.a-z]`)

// everything is a month with every kind of absence, statement, reason, late
// addition, capacity and rounding; that each code of them has its text a test of app/papers says.
func everything(t *testing.T, l app.Language, capacity app.Capacity, rounding app.RoundingMode) *Model {
	s := fullMonth(t)
	s.sheet.Environment = app.LocalSimulator
	s.sheet.Engagement.Capacity, s.sheet.Engagement.Rounding = capacity, app.Rounding{Minutes: 15, Mode: rounding}
	for i, kind := range app.AbsenceKinds {
		day := app.NewDate(2026, 11, 1+i)
		s.sheet.Absences = append(s.sheet.Absences, app.Absence{Kind: kind, Days: app.Days{From: day, To: day}})
	}
	late := lateDay(s)
	late.Causes = nil
	for _, c := range []period.CauseCode{period.ReadLater, period.Attributed, period.LeftOut, period.Stated, period.Unstated, period.Recounted} {
		late.Causes = append(late.Causes, period.Cause{Code: c})
	}
	late.Changes = append(late.Changes, period.Change{Was: late.Changes[0].Is}, period.Change{Was: late.Changes[0].Is, Is: late.Changes[1].Is})
	s.sheet.Additions = []period.Addition{late}
	day := app.NewDate(2026, 11, 18)
	for i, reason := range app.ReasonCodes {
		kind := []app.AdjustmentKind{app.AdjustIn, app.AdjustOut, app.AdjustPresence}[i%3]
		id := app.ID("said-" + reason)
		s.sheet.Adjustments = append(
			s.sheet.Adjustments,
			app.Adjustment{ID: id, Kind: kind, EngagementID: engagementID, SiteID: office, Reason: reason, By: "Els", At: s.at("20 10:00")},
		)
		p := s.presence(office, "18 06:00", "18 07:00")
		p.In.Adjustment = id
		s.sheet.Workdays = append(s.sheet.Workdays, app.Workday{Day: day, Presences: []app.Presence{p}})
	}
	m := s.modelIn(l)
	m.Stamp.Replaces, m.Stamp.ReplacesDraft, m.Stamp.Reason = 3, true, "te vroeg"
	m.Stamp.Changed = []Revised{{Day: day}, {Day: day, Hours: -5}}
	return m
}

func TestNoTimesheetShowsAKey(t *testing.T) {
	capacities := []app.Capacity{app.Employee, app.SelfEmployed, app.TemporaryWorker, app.Trainee}
	roundings := []app.RoundingMode{app.RoundNearest, app.RoundUp, app.RoundDown, ""}
	for i, l := range app.Languages {
		for j := range capacities {
			check(t, l, textOf(t, pdf(t, everything(t, l, capacities[j], roundings[(i+j)%4]))))
		}
		for _, kind := range []PaperKind{OfSite, OfTeam} {
			g := aGroup(t, kind)
			g.Sheets[0] = everything(t, l, app.Employee, app.RoundUp).Sheet
			m := groupOf(t, g, l)
			m.Stamp.Provisional = true
			check(t, l, run(t, groupPDF(t, m), "pdftotext", "-layout", "FILE", "-"))
		}
	}
}

func check(t *testing.T, l app.Language, words string) {
	t.Helper()
	plain := strings.Join(strings.Fields(words), "")
	if at := raw.FindStringIndex(plain); at != nil {
		t.Errorf("%s: %q", l, plain[max(0, at[0]-30):min(len(plain), at[1]+30)])
	}
}
