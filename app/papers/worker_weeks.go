package papers

import (
	"time"

	"klokkast/app"
	"klokkast/app/plot"
)

// Weeks are the hours of a worker by week beside what the contract says.
type Weeks struct {
	Weeks []Week `json:"weeks"`
}

// Week is one week from Monday to Sunday.
type Week struct {
	Monday        app.Date `json:"monday"`
	WorkedMinutes int      `json:"workedMinutes"`
	// ContractMinutes are those of all engagements; of a week of which only some
	// days are engaged, that part of it.
	ContractMinutes int `json:"contractMinutes"`
	// Incomplete says that an edge is missing: more may have been worked.
	Incomplete bool `json:"incomplete,omitempty"`
}

// BuildWeeks counts the workdays of one worker by week, over the whole weeks
// that days touch; weekly is what an engagement without weekly hours has.
func BuildWeeks(workdays []app.Workday, engagements []app.Engagement, days app.Days, weekly app.WeeklyHours) *Weeks {
	w := &Weeks{Weeks: []Week{}}
	for monday := days.From.Monday(); monday <= days.To; monday = monday.AddDays(7) {
		w.Weeks = append(w.Weeks, Week{Monday: monday, ContractMinutes: contract(engagements, monday, weekly)})
	}
	exact := make([]time.Duration, len(w.Weeks))
	for i := range workdays {
		d := &workdays[i]
		n := int(d.Day.Monday()-days.From.Monday()) / 7
		if d.Day < days.From.Monday() || n >= len(w.Weeks) {
			continue
		}
		exact[n] += d.Worked
		w.Weeks[n].Incomplete = w.Weeks[n].Incomplete || d.Incomplete
	}
	for i, worked := range exact {
		w.Weeks[i].WorkedMinutes = int(worked / time.Minute)
	}
	return w
}

func contract(engagements []app.Engagement, monday app.Date, weekly app.WeeklyHours) (minutes int) {
	for i := range engagements {
		e := &engagements[i]
		engaged := 0
		for day := monday; day < monday.AddDays(7); day++ {
			if e.Days.Holds(day) {
				engaged++
			}
		}
		of := e.WeeklyHours
		if of == 0 {
			of = weekly
		}
		minutes += int(of) * engaged / 7
	}
	return minutes
}

// Plot words the plot.
func (w *Weeks) Plot(t app.Texts) *plot.Plot {
	worked, contract := plot.Series{Name: t.T("chart.weeks.worked"), Look: plot.Bars}, plot.Series{Name: t.T("chart.weeks.contract"), Look: plot.Level}
	most, any := 0, false
	for i, x := range w.Weeks {
		most = max(most, x.WorkedMinutes, x.ContractMinutes)
		any = any || x.WorkedMinutes > 0
		worked.Points = append(worked.Points, plot.Point{X: float64(i), Y: float64(x.WorkedMinutes) / 60})
		if x.ContractMinutes > 0 {
			contract.Points = append(contract.Points, plot.Point{X: float64(i), Y: float64(x.ContractMinutes) / 60})
		}
	}
	p := &plot.Plot{
		X: plot.Places(
			t.T("chart.weeks.x"),
			len(w.Weeks),
			func(i int) string { return w.Weeks[i].name(t) },
		), Y: plot.Values(t.T("chart.weeks.y"), 0, float64(most)/60, 6, t.Decimal),
		Empty: t.T("chart.weeks.none"),
	}
	if any {
		p.Series = []plot.Series{worked, contract}
	}
	return p
}

// name writes a week by its ISO number.
func (w *Week) name(t app.Texts) string {
	_, n := w.Monday.UTC().ISOWeek()
	return t.T("chart.weeks.week", "Week", n)
}

// Table returns every week.
func (w *Weeks) Table(t app.Texts) (head []string, rows [][]string) {
	head = []string{t.T("chart.weeks.x"), t.T("chart.weeks.worked"), t.T("chart.weeks.contract"), t.T("chart.weeks.difference")}
	for i := range w.Weeks {
		x := &w.Weeks[i]
		worked := hours(t, x.WorkedMinutes)
		if x.Incomplete {
			worked += " *"
		}
		difference := tenths(x.WorkedMinutes) - tenths(x.ContractMinutes) // of what stands there
		rows = append(rows, []string{x.name(t) + " · " + t.Date(x.Monday), worked, hours(t, x.ContractMinutes), t.Decimal(float64(difference)/10, 1)})
	}
	return head, rows
}

// Said explains what is not sure.
func (w *Weeks) Said(t app.Texts) []string {
	for _, x := range w.Weeks {
		if x.Incomplete {
			return []string{t.T("chart.weeks.incomplete")}
		}
	}
	return nil
}
