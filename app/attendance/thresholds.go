package attendance

import (
	"time"

	"klokkast/app"
)

const (
	second = int64(time.Second / time.Millisecond)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// Unit is what a threshold's number counts.
type Unit string

// Units of thresholds.
const (
	Milliseconds Unit = "ms"
	TimeOfDay    Unit = "time-of-day" // milliseconds since local midnight
	Speed        Unit = "km/h"
	Percent      Unit = "%"
	DayCount     Unit = "days"
	Count        Unit = "count"
	YesNo        Unit = "yes-no" // 1 or 0
	Span         Unit = "span"   // of findings: milliseconds, said in the one unit that fits, from seconds to days
)

// Reach says how narrowly a threshold can be set.
type Reach uint8

// Reaches, each with all that is wider: what holds for a contract holds for a
// site and for the company too.
const (
	ForCompany  Reach = iota // for the whole company only
	ForSite                  // for a site too
	ForContract              // for a site and for an engagement too
)

// Default is a threshold with its default value, and what it can be set to.
type Default struct {
	Name     app.Threshold
	Value    int64
	Unit     Unit
	Min, Max int64 // both allowed, in the unit
	Reach    Reach
}

// Defaults lists all thresholds in the order of the rule book.
func Defaults() (list []Default) {
	for i := range ruleBook {
		list = append(list, ruleBook[i].Thresholds...)
	}
	return list
}

// DefaultOf returns a threshold by its name; false where no rule has one of that name.
func DefaultOf(name app.Threshold) (Default, bool) {
	for _, d := range Defaults() {
		if d.Name == name {
			return d, true
		}
	}
	return Default{}, false
}

// limits answers "how much" for a site and an engagement: the engagement's own
// value, else the site's, else the company's, else the default.
type limits struct{ company app.Thresholds }

func newLimits(company app.Thresholds) limits {
	m := make(app.Thresholds, 40)
	for _, d := range Defaults() {
		m[d.Name] = d.Value
	}
	for k, v := range company {
		m[k] = v
	}
	return limits{m}
}

// of returns a threshold in its unit; site and eng may be nil.
func (l limits) of(name app.Threshold, s *site, eng *app.Engagement) int64 {
	if eng != nil {
		if v, ok := eng.Thresholds[name]; ok {
			return v
		}
	}
	if s != nil {
		if v, ok := s.Thresholds[name]; ok {
			return v
		}
	}
	return l.company[name]
}

// lasting is a threshold that is a time.
func (l limits) lasting(name app.Threshold, s *site, eng *app.Engagement) time.Duration {
	return time.Duration(l.of(name, s, eng)) * time.Millisecond
}

// duration is of for thresholds in milliseconds.
func (l limits) duration(name app.Threshold, s *site, eng *app.Engagement) time.Duration {
	return time.Duration(l.of(name, s, eng)) * time.Millisecond
}
