package timesheet

import (
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"

	"klokkast/app"
)

// holidays names the holidays of a sheet's days: the ten legal ones of Belgium (law
// of 4 January 1974, royal decree of 18 April 1974) and the company's own.
func holidays(s Sheet, t app.Texts) map[app.Date]string {
	out := make(map[app.Date]string)
	for _, day := range s.Holidays {
		out[day] = t.T("timesheet.holiday.company")
	}
	for key, h := range map[string]*cal.Holiday{
		"newYear":      be.Nieuwjaar,
		"easterMonday": be.Paasmaandag,
		"labour":       be.DagVanDeArbeid,
		"ascension":    be.OnzeLieveHeerHemelvaart,
		"whitMonday":   be.Pinkstermaandag,
		"national":     be.NationaleFeestdag,
		"assumption":   be.OnzeLieveVrouwHemelvaart,
		"allSaints":    be.Allerheiligen,
		"armistice":    be.Wapenstilstand,
		"christmas":    be.Kerstmis,
	} {
		from := s.Days.From
		for i := range s.Additions { // their days may lie in an earlier year
			from = min(from, s.Additions[i].Day)
		}
		first, _, _ := from.YMD()
		last, _, _ := s.Days.To.AddDays(1).YMD() // a night shift may end on it
		for year := first; year <= last; year++ {
			actual, _ := h.Calc(year)
			out[app.DateOf(actual)] = t.T("timesheet.holiday." + key)
		}
	}
	return out
}
