package attendance

import (
	"time"

	"klokkast/app"
)

// Thresholds: every number of the rule book has a name here. Durations are in
// milliseconds, except where the comment says otherwise.
const (
	DuplicateWithin app.Threshold = "duplicate-tap"         // D1: at most this long after the previous tap
	RepeatWithin    app.Threshold = "repetition"            // P3: the same direction again is a repetition
	SecondThought   app.Threshold = "second-thought"        // P3: the later of two keys counts
	NewInAfter      app.Threshold = "new-in-after"          // P2, B1: from here on a tap begins anew
	OutWithin       app.Threshold = "out-within"            // P2: how long after its IN a key can close a presence
	NightAsked      app.Threshold = "night-or-forgotten"    // P2: a longer keyless presence over night is asked about
	BackAsIn        app.Threshold = "break-end-as-in"       // B1: how long after an OUT a break end works as IN
	ProposedBreak   app.Threshold = "proposed-break"        // B3: a longer absence is no break
	SameWorkday     app.Threshold = "same-workday"          // W1: a longer absence over midnight ends the workday
	MissingOutAfter app.Threshold = "missing-out"           // after its IN
	LongWarning     app.Threshold = "long-presence"         // a longer one is a warning
	LongSerious     app.Threshold = "long-presence-serious" // a longer one is serious
	DayLimitAfter   app.Threshold = "day-limit"             // worked in a workday
	ShortBelow      app.Threshold = "short-presence"        // worked in a complete workday
	ShortBySession  app.Threshold = "short-by-session"      // 1: short-presence looks at each session; 0: at the workday
	SessionGap      app.Threshold = "session-gap"           // presences at most this far apart are one session
	NoBreakAfter    app.Threshold = "no-break"              // worked without a break
	NoBreakGap      app.Threshold = "no-break-gap"          // the shortest gap that is a break
	RestWarning     app.Threshold = "short-rest"            // between workdays
	RestSerious     app.Threshold = "short-rest-serious"    // between workdays
	WeekWarning     app.Threshold = "week-limit"            // for an engagement that names no weekly hours
	WeekSerious     app.Threshold = "week-limit-serious"    // whatever the engagement says
	NightFrom       app.Threshold = "night-from"            // local time of day
	NightTo         app.Threshold = "night-to"              // local time of day
	TravelSpeed     app.Threshold = "impossible-travel"     // km/h as the crow flies
	TravelGrace     app.Threshold = "impossible-travel-grace"
	TogetherOn      app.Threshold = "together-on"          // 1: together-always is switched on
	TogetherWithin  app.Threshold = "together-within"      // between two taps
	TogetherTimes   app.Threshold = "together-always"      // so many of
	TogetherOf      app.Threshold = "together-of"          // the last so many taps of either
	DriftWarning    app.Threshold = "clock-drift"          // box against computer
	DriftLimit      app.Threshold = "clock-reset"          // beyond this it is a wrong clock, not drift (C2); also for times after the reading
	StepBack        app.Threshold = "clock-step-back"      // C3: a longer step back cuts the log
	UnreadAfter     app.Threshold = "box-unread"           // since it was last read
	InUseWithin     app.Threshold = "box-in-use"           // a box that punched so lately is in use
	MemoryAbove     app.Threshold = "box-memory"           // percent of the store taken
	ExpiringWithin  app.Threshold = "declaration-expiring" // days
	NotShownGrace   app.Threshold = "not-shown"            // after the beginning of a planned shift
	LateGrace       app.Threshold = "late"                 // after the beginning of a planned shift
	EarlyGrace      app.Threshold = "early-leave"          // before the end of a planned shift

	// The rules of these two stand in app/ciao.
	SentLateAfter     app.Threshold = "sent-late"               // from punch to acceptance
	CorrectionSerious app.Threshold = "correction-serious-days" // with at most so many days left it is serious
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
func Defaults() []Default {
	return []Default{
		{DuplicateWithin, 2 * minute, Milliseconds, 0, hour, ForContract},
		{RepeatWithin, 15 * minute, Milliseconds, 0, 4 * hour, ForContract},
		{SecondThought, 2 * minute, Milliseconds, 0, hour, ForContract},
		{NewInAfter, 11 * hour, Milliseconds, hour, day, ForContract},
		{OutWithin, 24 * hour, Milliseconds, hour, 2 * day, ForContract},
		{NightAsked, 10 * hour, Milliseconds, hour, day, ForContract},
		{BackAsIn, 2 * hour, Milliseconds, 0, 12 * hour, ForContract},
		{ProposedBreak, 60 * minute, Milliseconds, 0, 4 * hour, ForContract},
		{SameWorkday, 4 * hour, Milliseconds, 0, day, ForContract},
		{MissingOutAfter, 16 * hour, Milliseconds, hour, 3 * day, ForContract},
		{LongWarning, 11 * hour, Milliseconds, hour, 2 * day, ForContract},
		{LongSerious, 16 * hour, Milliseconds, hour, 3 * day, ForContract},
		{DayLimitAfter, 9 * hour, Milliseconds, hour, day, ForContract},
		{ShortBelow, 3 * hour, Milliseconds, 0, day, ForContract},
		{ShortBySession, 0, YesNo, 0, 1, ForContract},
		{SessionGap, 60 * minute, Milliseconds, 0, 12 * hour, ForContract},
		{NoBreakAfter, 6 * hour, Milliseconds, hour, day, ForContract},
		{NoBreakGap, 15 * minute, Milliseconds, minute, 4 * hour, ForContract},
		{RestWarning, 11 * hour, Milliseconds, 0, day, ForContract},
		{RestSerious, 9 * hour, Milliseconds, 0, day, ForContract},
		{WeekWarning, 37 * hour, Milliseconds, hour, 7 * day, ForContract},
		{WeekSerious, 50 * hour, Milliseconds, hour, 7 * day, ForContract},
		{NightFrom, 20 * hour, TimeOfDay, 0, day - minute, ForContract},
		{NightTo, 6 * hour, TimeOfDay, 0, day - minute, ForContract},
		{TravelSpeed, 60, Speed, 1, 500, ForContract},
		{TravelGrace, 5 * minute, Milliseconds, 0, 4 * hour, ForContract},
		{TogetherOn, 0, YesNo, 0, 1, ForCompany},
		{TogetherWithin, 5 * second, Milliseconds, second, 10 * minute, ForCompany},
		{TogetherTimes, 8, Count, 2, 100, ForCompany},
		{TogetherOf, 10, Count, 2, 100, ForCompany},
		{DriftWarning, 30 * second, Milliseconds, second, hour, ForSite},
		{DriftLimit, 5 * minute, Milliseconds, minute, hour, ForCompany},
		{StepBack, 2 * minute, Milliseconds, 10 * second, hour, ForCompany},
		{UnreadAfter, 7 * day, Milliseconds, hour, 366 * day, ForSite},
		{InUseWithin, 30 * day, Milliseconds, day, 366 * day, ForSite},
		{MemoryAbove, 90, Percent, 1, 100, ForSite},
		{ExpiringWithin, 30, DayCount, 0, 366, ForSite},
		{NotShownGrace, 15 * minute, Milliseconds, 0, day, ForContract},
		{LateGrace, 15 * minute, Milliseconds, 0, day, ForContract},
		{EarlyGrace, 15 * minute, Milliseconds, 0, day, ForContract},
		{SentLateAfter, 10 * minute, Milliseconds, minute, 7 * day, ForSite},
		{CorrectionSerious, 10, DayCount, 1, 30, ForCompany},
	}
}

// DefaultOf gives a threshold by its name; false where no rule has one of that name.
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

// of gives a threshold in its unit; site and eng may be nil.
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

// duration is of for thresholds in milliseconds.
func (l limits) duration(name app.Threshold, s *site, eng *app.Engagement) time.Duration {
	return time.Duration(l.of(name, s, eng)) * time.Millisecond
}
