package papers

import (
	"time"

	"klokkast/app"
	"klokkast/app/plot"
)

// Hours is how many people are at a site by the hour of the day, on the average
// of the days on which somebody was there.
type Hours struct {
	// DaysCounted are the days with presences that count.
	DaysCounted int `json:"daysCounted"`
	// PresentMinutes are the minutes of all people together by local hour, without known breaks.
	PresentMinutes [24]int `json:"presentMinutes"`
	// LeftOut are presences of which an edge is missing: nobody knows their hours.
	LeftOut int `json:"leftOut"`
}

// BuildHours counts presences of a site by the hour of its clock. Only those
// of which both edges are known count.
func BuildHours(presences []app.Presence, site app.ID, zone *time.Location) *Hours {
	h := &Hours{}
	days := map[app.Date]bool{}
	var ms [24]int64
	for i := range presences {
		pr := &presences[i]
		switch {
		case pr.SiteID != site:
			continue
		case !pr.Complete():
			h.LeftOut++
			continue
		}
		days[pr.Day] = true
		spread(&ms, pr.In.At, pr.Out.At, zone, 1)
		for _, b := range pr.Breaks {
			if b.End != nil {
				spread(&ms, max(b.Start.At, pr.In.At), min(b.End.At, pr.Out.At), zone, -1)
			}
		}
	}
	h.DaysCounted = len(days)
	for i := range ms {
		h.PresentMinutes[i] = int(ms[i] / time.Minute.Milliseconds())
	}
	return h
}

// spread adds the time between two instants to the local hours that it lies in.
func spread(ms *[24]int64, from, to app.Instant, zone *time.Location, sign int64) {
	hour := app.Instant(time.Hour.Milliseconds())
	for from < to {
		local := from.In(zone)
		_, offset := local.Zone()
		shift := app.Instant(offset) * 1000
		end := min(to, ((from+shift)/hour+1)*hour-shift)
		ms[local.Hour()] += sign * int64(end-from)
		from = end
	}
}

// people returns how many are there in an hour, on the average.
func (h *Hours) people(hour int) float64 {
	if h.DaysCounted == 0 {
		return 0
	}
	return float64(h.PresentMinutes[hour]) / 60 / float64(h.DaysCounted)
}

// Plot words the plot.
func (h *Hours) Plot(t app.Texts) *plot.Plot {
	most, s := 0.0, plot.Series{Look: plot.Bars}
	for hour := range h.PresentMinutes {
		most = max(most, h.people(hour))
		if h.DaysCounted > 0 {
			s.Points = append(s.Points, plot.Point{X: float64(hour), Y: h.people(hour)})
		}
	}
	return &plot.Plot{
		X: plot.Places(t.T("chart.hours.x"), len(h.PresentMinutes), clockHour), Y: plot.Values(t.T("chart.hours.y"), 0, most, 6, t.Decimal),
		Series: []plot.Series{s}, Empty: t.T("chart.hours.none"),
	}
}

// Table returns the hours in which somebody was there.
func (h *Hours) Table(t app.Texts) (head []string, rows [][]string) {
	head = []string{t.T("chart.hours.x"), t.T("chart.hours.y"), t.T("chart.hours.total")}
	for hour, minutes := range h.PresentMinutes {
		if minutes > 0 {
			rows = append(rows, []string{clockHour(hour) + " – " + clockHour(hour+1), t.Decimal(h.people(hour), 1), hours(t, minutes)})
		}
	}
	return head, rows
}

// Said tells of how many days it is, and what could not be counted.
func (h *Hours) Said(t app.Texts) []string {
	out := []string{t.N("chart.hours.days", h.DaysCounted)}
	if h.LeftOut > 0 {
		out = append(out, t.N("chart.hours.leftOut", h.LeftOut))
	}
	return out
}
