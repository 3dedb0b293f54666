package office

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
)

// ThresholdOwner says whose thresholds: those of a site, of an engagement, or,
// with neither, of the company.
type ThresholdOwner struct {
	Site, Engagement app.ID
}

// Thresholds gives every threshold as it holds for an owner, and where its value
// comes from, in the order of the rule book. With a site and an engagement it
// gives what holds for that person there. Levels too narrow for a threshold are left out.
func (o *Cache) Thresholds(ctx context.Context, of ThresholdOwner) ([]attendance.Effective, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	l := attendance.Levels{Company: o.work.Settings().Company}
	if of.Site != "" {
		s, ok := p.names.Sites[of.Site]
		if !ok {
			return nil, app.NotFound("site", string(of.Site))
		}
		l.Site = s.Thresholds
	}
	if of.Engagement != "" {
		e, ok := p.names.Engagements[of.Engagement]
		if !ok {
			return nil, app.NotFound("engagement", string(of.Engagement))
		}
		l.Engagement = e.Thresholds
	}
	all := l.All()
	return slices.DeleteFunc(all, func(e attendance.Effective) bool { return e.Reach < of.reach() }), nil
}

func (of ThresholdOwner) reach() attendance.Reach {
	switch {
	case of.Engagement != "":
		return attendance.ForContract
	case of.Site != "":
		return attendance.ForSite
	}
	return attendance.ForCompany
}

// ChangeThresholds sets thresholds of an owner and takes others back, which then
// are what the wider level says. The owner's other thresholds stay.
func (o *Sites) ChangeThresholds(ctx context.Context, of ThresholdOwner, set app.Thresholds, reset []app.Threshold, why string) error {
	p, err := o.derived.look(ctx)
	if err != nil {
		return err
	}
	changed := func(t app.Thresholds) app.Thresholds { return changeThresholds(t, set, reset) }
	switch {
	case of.Engagement != "":
		e, ok := p.names.Engagements[of.Engagement]
		if !ok {
			return app.NotFound("engagement", string(of.Engagement))
		}
		e.Thresholds = changed(e.Thresholds)
		_, err = o.staff.SaveEngagement(ctx, e, why)
	case of.Site != "":
		s, ok := p.names.Sites[of.Site]
		if !ok {
			return app.NotFound("site", string(of.Site))
		}
		s.Thresholds = changed(s.Thresholds)
		_, err = o.SaveSite(ctx, s, why)
	default:
		after := changed(o.work.Settings().Company)
		if err := thresholdFault(attendance.CheckThresholds(attendance.Levels{Company: after})); err != nil {
			return err
		}
		err = o.work.changeSettings(ctx, why, func(s *Settings) { s.Company = after })
	}
	return err
}

func changeThresholds(before, set app.Thresholds, reset []app.Threshold) app.Thresholds {
	after := maps.Clone(before)
	if after == nil {
		after = app.Thresholds{}
	}
	maps.Copy(after, set)
	for _, name := range reset {
		delete(after, name)
	}
	if len(after) == 0 {
		return nil
	}
	return after
}

// thresholdFault words a fault of thresholds as one of a field. The name of the
// field is that of the threshold's text.
func thresholdFault(e *attendance.ThresholdError) error {
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

// checkSiteThresholds and checkEngagementThresholds look at what is set there on
// top of what the company set.
func (o *Sites) checkSiteThresholds(t app.Thresholds) error {
	return o.work.checkThresholds(attendance.Levels{Site: t}, t)
}

func (o *Staff) checkEngagementThresholds(t app.Thresholds) error {
	return o.work.checkThresholds(attendance.Levels{Engagement: t}, t)
}

func (o *Workspace) checkThresholds(l attendance.Levels, set app.Thresholds) error {
	if len(set) == 0 {
		return nil
	}
	l.Company = o.Settings().Company
	return thresholdFault(attendance.CheckThresholds(l))
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
	return o.changeSettings(ctx, why, func(s *Settings) { s.ExtraHoliday, s.Replacements = extra, days })
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
