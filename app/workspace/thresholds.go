package workspace

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
)

// ThresholdFault words a fault of thresholds as one of a field. The name of the
// field is that of the threshold's text.
func ThresholdFault(e *attendance.ThresholdError) error {
	if e == nil {
		return nil
	}
	f := &app.FieldError{Field: "threshold." + string(e.Name), Code: "threshold." + e.Problem}
	write := e.Unit.Write
	switch e.Problem {
	case "unknown":
		f.Field, f.Example = "threshold", string(attendance.DayLimitAfter)
	case "range":
		f.Example = write(e.Min) + " – " + write(e.Max)
	case "pair":
		f.Example = write(e.Limit)
	}
	return f
}

// CheckThresholds looks at what is set at a level on top of what the company set.
func (o *Workspace) CheckThresholds(l attendance.Levels, set app.Thresholds) error {
	if len(set) == 0 {
		return nil
	}
	l.Company = o.Settings().Company
	return ThresholdFault(attendance.CheckThresholds(l))
}

// monthDay is a day of every year: month and day.
var monthDay = regexp.MustCompile(`^\d\d-\d\d$`)

// SetHolidays sets the one day of every year, MM-DD ("" for none), and the days
// replacing legal holidays that count as holidays too (rule sunday-holiday).
func (o *Workspace) SetHolidays(ctx context.Context, extra string, replacements []app.Date, why string) error {
	_, err := time.Parse("2006-01-02", "2024-"+extra) // a leap year: 29 February is a day
	if extra != "" && (err != nil || !monthDay.MatchString(extra)) {
		return &app.FieldError{Field: "extraHoliday", Code: "extraHoliday.format", Example: "07-11"}
	}
	days := slices.Clone(replacements)
	slices.Sort(days)
	days = slices.Compact(days)
	if err := checkReplacements(days, extra); err != nil {
		return err
	}
	if len(days) == 0 {
		days = nil
	}
	return o.KeepSettings(ctx, why, func(s *Settings) { s.ExtraHoliday, s.Replacements = extra, days })
}

// checkReplacements: a day that counts as a holiday already replaces none.
func checkReplacements(days []app.Date, extra string) error {
	var errs []error
	for _, d := range days {
		year, _, _ := d.YMD()
		switch {
		case year < 2020 || year > 2100:
			errs = append(errs, &app.FieldError{Field: "replacements", Code: "replacements.year", Example: "2026-11-02"})
		case d.Weekday() == time.Sunday, slices.Contains(attendance.BelgianHolidays(year), d), d.UTC().Format("01-02") == extra:
			errs = append(errs, &app.FieldError{Field: "replacements", Code: "replacements.holiday", Example: d.String()})
		}
	}
	return errors.Join(errs...)
}

// OwnHolidays are the company's days off beside the legal ones, in some days and
// the one after them, on which a night shift may end.
func (o *Workspace) OwnHolidays(days app.Days) []app.Date {
	s := o.Settings()
	all := slices.Clone(s.Replacements)
	days.To = days.To.AddDays(1)
	first, _, _ := days.From.YMD()
	last, _, _ := days.To.YMD()
	for year := first; year <= last; year++ {
		if d, err := app.ParseDate(fmt.Sprintf("%04d-%s", year, s.ExtraHoliday)); err == nil {
			all = append(all, d)
		}
	}
	all = slices.DeleteFunc(all, func(d app.Date) bool { return !days.Holds(d) })
	slices.Sort(all)
	return slices.Compact(all)
}
