package attendance

import (
	"time"

	"klokkast/app"
)

// weekLimit finds weeks, Monday to Sunday by workday, with more work than the
// engagements' weekly hours (none given: 37 h), or than 50 h: one finding a
// person and week. Stated hours count here, as nowhere else.
func weekLimit(d *derivation) {
	for i := 0; i < len(d.days); {
		week := d.days[i].day.Monday()
		first, worked := i, time.Duration(0)
		for ; i < len(d.days) && d.days[i].day.Monday() == week; i++ {
			worked += total(d.days[i].punched) + total(d.days[i].stated)
		}
		d.judgeWeek(week, d.days[first:i], worked)
	}
}

func (d *derivation) judgeWeek(week app.Date, days []*workday, worked time.Duration) {
	w := days[0]
	limit, serious := d.weeklyHours(week, w), d.limit(WeekSerious, w.site(), w.eng())
	if worked <= min(limit, serious) {
		return
	}
	a := d.onWorkday(app.WeekLimit, app.Warning, w)
	a.Subject, a.Anchor = app.Subject{Kind: app.AboutWorker, ID: string(d.worker)}, week.String()
	for _, more := range days[1:] {
		a.Punches = append(a.Punches, more.keys()...)
	}
	if worked > serious {
		a.Severity = app.Serious
		d.report(measured(a, WeekSerious, serious, worked))
		return
	}
	d.report(measured(a, WeekWarning, limit, worked))
}

// weeklyHours returns the hours of the person's week: the sum over the
// engagements that run at the same time, on the day of the week that has most.
func (d *derivation) weeklyHours(week app.Date, w *workday) time.Duration {
	var most app.WeeklyHours
	for on := week; on < week+7; on++ {
		var sum app.WeeklyHours
		for _, e := range d.f.byWorker[d.worker] {
			if e.Days.Holds(on) {
				sum += e.WeeklyHours
			}
		}
		most = max(most, sum)
	}
	if most > 0 {
		return time.Duration(most) * time.Minute
	}
	return d.limit(WeekWarning, w.site(), w.eng())
}
