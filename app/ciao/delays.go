package ciao

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"klokkast/app"
)

// DelayBy says by what delays are told apart.
type DelayBy string

// Ways to tell delays apart.
const (
	BySite DelayBy = "site"
	ByBox  DelayBy = "box"
	ByWeek DelayBy = "week" // ISO 8601, of the Belgian day
)

// DelayLate is the delay above which a registration counts as late in the report.
const DelayLate = 10 * time.Minute

// DelaySteps are the upper ends of the report's plot; what is above the last
// one has a bar of its own.
var DelaySteps = [...]time.Duration{time.Minute, 5 * time.Minute, DelayLate, 30 * time.Minute, time.Hour, 4 * time.Hour, 24 * time.Hour}

// DelayReport says how long it took from the punch to the register's
// acceptance. It is plain data, for a table, a plot and paper.
type DelayReport struct {
	Environment app.Environment `json:"environment"`
	Days        app.Days        `json:"-"`
	By          DelayBy         `json:"by"`
	All         DelayRow        `json:"all"`
	// Rows are in the order of weeks, and else with the longest median first.
	Rows []DelayRow `json:"rows"`
	// Waiting are punches of those days that are not accepted (yet).
	Waiting int `json:"waiting"`
}

// DelayRow is one site, box or week.
type DelayRow struct {
	// Key is a site's id, a box's UID, or a week such as 2026-W48; "" for all together.
	Key   string `json:"key,omitempty"`
	Count int    `json:"count"`
	// Median and P95 are so that half, and 95 of 100, took no longer (nearest rank).
	Median time.Duration `json:"-"`
	P95    time.Duration `json:"-"`
	Most   time.Duration `json:"-"`
	Late   int           `json:"late"` // took longer than DelayLate
	// Bars count delays by DelaySteps, and above the last one.
	Bars [len(DelaySteps) + 1]int `json:"bars"`
}

// LateShare is the part of the row that was late, from 0 to 1.
func (r DelayRow) LateShare() float64 {
	if r.Count == 0 {
		return 0
	}
	return float64(r.Late) / float64(r.Count)
}

// Delays measures registrations: from the time of the punch that was sent to
// the answer that accepted it, or, where the answer was lost, to the look-up
// that found it. What a person decided to be there has no time of acceptance
// and is left out; cancelled ones count, since they had been accepted.
func Delays(regs []app.Registration, by DelayBy, zone *time.Location) DelayReport {
	report := DelayReport{By: by, Rows: []DelayRow{}}
	groups := map[string][]time.Duration{}
	var all []time.Duration
	for i := range regs {
		r := &regs[i]
		switch {
		case r.State == app.RegQueued || r.State == app.RegSending || r.State == app.RegUnknown:
			report.Waiting++
			continue
		case (r.State != app.RegAccepted && r.State != app.RegCancelled) || r.Answered == 0 || strings.HasPrefix(r.Answer, AnswerDecided):
			continue
		}
		delay := max(r.Answered.Sub(r.At), 0) // a box's clock may be ahead by seconds
		all = append(all, delay)
		key := delayKey(r, by, zone)
		groups[key] = append(groups[key], delay)
	}
	report.All = delayRow("", all)
	for key, delays := range groups {
		report.Rows = append(report.Rows, delayRow(key, delays))
	}
	slices.SortFunc(report.Rows, func(a, b DelayRow) int {
		if by == ByWeek {
			return cmp.Compare(a.Key, b.Key)
		}
		return cmp.Or(-cmp.Compare(a.Median, b.Median), cmp.Compare(a.Key, b.Key))
	})
	return report
}

func delayKey(r *app.Registration, by DelayBy, zone *time.Location) string {
	switch by {
	case ByBox:
		return r.Punch.Box
	case ByWeek:
		year, week := r.At.Time().In(zone).ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	}
	return string(r.SiteID)
}

func delayRow(key string, delays []time.Duration) DelayRow {
	row := DelayRow{Key: key, Count: len(delays)}
	if row.Count == 0 {
		return row
	}
	slices.Sort(delays)
	rank := func(share float64) time.Duration { return delays[int(math.Ceil(share*float64(len(delays))))-1] }
	row.Median, row.P95, row.Most = rank(0.5), rank(0.95), delays[len(delays)-1]
	for _, d := range delays {
		if d > DelayLate {
			row.Late++
		}
		bar := 0
		for bar < len(DelaySteps) && d > DelaySteps[bar] {
			bar++
		}
		row.Bars[bar]++
	}
	return row
}
