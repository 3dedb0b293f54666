package derived

import (
	"slices"

	"klokkast/app"
	"klokkast/app/period"
)

// HolidaysOf are the company's own holidays of some days and of those whose additions are settled with them.
func (o *Cache) HolidaysOf(days app.Days, settled []period.Addition) []app.Date {
	own := o.work.OwnHolidays(days)
	for i := range settled {
		own = append(own, o.work.OwnHolidays(app.Days{From: settled[i].Day, To: settled[i].Day})...)
	}
	slices.Sort(own)
	return slices.Compact(own)
}
