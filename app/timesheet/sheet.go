// Package timesheet makes the paper of a period: workdays become one sheet per
// engagement, which worker and supervisor sign.
//
// Build turns facts and derived workdays into a Model: every figure and mark
// that will be printed, as data. Write turns models into a PDF. What is printed
// depends on the data alone: the same Sheet gives the same bytes at any time.
//
// Every duration is cut to the minute once, per workday; what stands in a
// total is the sum of what stands above it. Nothing is invented: an edge that
// nobody knows is printed as a question mark and counts nothing.
package timesheet

import (
	"fmt"
	"time"

	"klokkast/app"
	"klokkast/app/period"
)

// Sheet is what a timesheet is made of.
type Sheet struct {
	Employer   app.Employer
	Worker     app.Worker
	Engagement app.Engagement
	// Days are those on the sheet: a month, a week, a day or any others. Both ends are given.
	Days app.Days
	// RevealSSIN prints the worker's SSIN in full; else it is masked.
	RevealSSIN bool
	// DefaultWeekly is the company's, for engagements without their own.
	DefaultWeekly app.WeeklyHours
	// Sites holds every site that a presence names.
	Sites map[app.ID]app.Site
	// Workdays are the worker's, by the presences of this engagement alone; those outside the days are left out.
	Workdays []app.Workday
	// Anomalies are the open ones about the worker; those of other days are left out.
	Anomalies []OpenAnomaly
	// Adjustments holds every adjustment that a presence names.
	Adjustments []app.Adjustment
	// Clients holds those of the sites.
	Clients map[app.ID]app.Client
	// Absences are the worker's; those of other days or engagements are left out.
	Absences []app.Absence
	// Letterhead is whose paper it is, and Logo the picture that it names (PNG).
	Letterhead app.Letterhead
	Logo       []byte
	// Holidays are the company's own: its replacement days and its configured
	// day, beside the ten legal ones.
	Holidays []app.Date
	// Additions are those of earlier days that are settled with these days.
	Additions []period.Addition
	// Approval closes the days; nil while they are not approved.
	Approval *app.Approval
	// Revision says what the approval closes otherwise than the one that it replaces; nil for none.
	Revision    *period.Revision
	Environment app.Environment
	Program     string // the maker, such as "Klokkast 0.1.0"
}

// OpenAnomaly is an anomaly that nobody settled, with its short text in the
// language of the paper.
type OpenAnomaly struct {
	app.Anomaly
	Caption string
}

// Minutes is a printed duration.
type Minutes int

// Cut returns the whole minutes of a duration; what is left over is dropped.
// Cut once, per workday: sums are sums of cut durations.
func Cut(d time.Duration) Minutes { return Minutes(d / time.Minute) }

// Round rounds as the engagement says. It changes what is shown, never a punch.
func (m Minutes) Round(r app.Rounding) Minutes {
	step := Minutes(r.Minutes)
	if step <= 1 {
		return m
	}
	switch r.Mode {
	case app.RoundUp:
		return (m + step - 1) / step * step
	case app.RoundDown:
		return m / step * step
	}
	return (m + step/2) / step * step
}

// String returns hours and minutes, such as 7:05 or 168:30.
func (m Minutes) String() string {
	if m < 0 {
		return "-" + (-m).String()
	}
	return fmt.Sprintf("%d:%02d", int(m)/60, int(m)%60)
}
