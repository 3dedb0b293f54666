package app

import (
	"fmt"
	"strings"
	"time"
)

// TimeOfDay is what a local clock shows, in minutes since 00:00: 0 to 1439.
type TimeOfDay int

const minutesPerDay = 24 * 60

// ParseTimeOfDay reads HH:MM, such as 06:00 or 6:00; 24:00 is 00:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if s == "24:00" {
		return 0, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("time %q: want HH:MM, such as 06:00", s)
	}
	return TimeOfDay(t.Hour()*60 + t.Minute()), nil
}

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/60, t%60) }

// MarshalText returns what String gives.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads HH:MM.
func (t *TimeOfDay) UnmarshalText(b []byte) error {
	v, err := ParseTimeOfDay(string(b))
	if err == nil {
		*t = v
	}
	return err
}

// In returns the instant at which a clock in zone shows the time on a day. A time
// that comes twice is the first of the two; one that is left out when the clock
// goes forward is counted with the offset before, so that 02:30 is 03:30 (both
// as RFC 5545, 3.3.5 has it).
func (t TimeOfDay) In(zone *time.Location, day Date) Instant {
	wall := day.UTC().Add(time.Duration(t) * time.Minute)
	before := wall.Add(-offsetAt(zone, wall.AddDate(0, 0, -1)))
	if shows(before.In(zone), wall) {
		return At(before)
	}
	after := wall.Add(-offsetAt(zone, wall.AddDate(0, 0, 1)))
	if shows(after.In(zone), wall) {
		return At(after)
	}
	return At(before)
}

// offsetAt returns how far zone is ahead of UTC at an instant.
func offsetAt(zone *time.Location, at time.Time) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// shows says that a local time reads as wall does in UTC.
func shows(local, wall time.Time) bool {
	return local.Day() == wall.Day() && local.Hour() == wall.Hour() && local.Minute() == wall.Minute()
}

// Hours are a stretch of a day by the local clock. Where To is not later than
// From it lies on the next day. Equal ends, such as the zero Hours, are none.
type Hours struct {
	From TimeOfDay `json:"from"`
	To   TimeOfDay `json:"to"`
}

// ParseHours reads HH:MM-HH:MM, such as 06:00-10:00 or 22:00-06:00; "" is none.
func ParseHours(s string) (Hours, error) {
	if s == "" {
		return Hours{}, nil
	}
	from, to, ok := strings.Cut(strings.NewReplacer("–", "-", " ", "").Replace(s), "-")
	a, err := ParseTimeOfDay(from)
	b, err2 := ParseTimeOfDay(to)
	if !ok || err != nil || err2 != nil || a == b {
		return Hours{}, fmt.Errorf("hours %q: want HH:MM-HH:MM, such as 06:00-10:00", s)
	}
	return Hours{a, b}, nil
}

// IsZero says that there are no hours.
func (h Hours) IsZero() bool { return h.From == h.To }

// Minutes returns how long they are on a day when no clock changes.
func (h Hours) Minutes() int {
	return (int(h.To-h.From) + minutesPerDay) % minutesPerDay
}

// String returns HH:MM–HH:MM, or "" for none.
func (h Hours) String() string {
	if h.IsZero() {
		return ""
	}
	return h.From.String() + "–" + h.To.String()
}

// On returns when the hours begin and end on a day in zone. On a day when the
// clock changes that is what the clock shows; hours of which nothing would be
// left then keep their length.
func (h Hours) On(day Date, zone *time.Location) (from, to Instant) {
	last := day
	if h.To <= h.From {
		last = day.AddDays(1)
	}
	from, to = h.From.In(zone, day), h.To.In(zone, last)
	if to <= from {
		to = from.Add(time.Duration(h.Minutes()) * time.Minute)
	}
	return from, to
}

// Weekdays is a set of days of the week.
type Weekdays uint8

// AllWeek is every day.
const AllWeek Weekdays = 1<<7 - 1

var weekdayCodes = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// WeekdaysOf returns the set that holds these days.
func WeekdaysOf(days ...time.Weekday) (w Weekdays) {
	for _, d := range days {
		w |= 1 << ((d + 6) % 7)
	}
	return w
}

// ParseWeekdays reads days and ranges of days, such as mon-fri or mon,wed,sat.
func ParseWeekdays(s string) (w Weekdays, err error) {
	for _, part := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		first, last, isRange := strings.Cut(part, "-")
		a, b := weekdayIndex(first), weekdayIndex(last)
		if !isRange {
			b = a
		}
		if a < 0 || b < 0 {
			return 0, fmt.Errorf("weekdays %q: want such as mon-fri or mon,wed,sat", s)
		}
		for i := a; ; i = (i + 1) % 7 {
			w |= 1 << i
			if i == b {
				break
			}
		}
	}
	if w == 0 {
		return 0, fmt.Errorf("weekdays %q: want such as mon-fri or mon,wed,sat", s)
	}
	return w, nil
}

func weekdayIndex(code string) int {
	for i, c := range weekdayCodes {
		if c == code {
			return i
		}
	}
	return -1
}

// Has says that the set holds a day.
func (w Weekdays) Has(d time.Weekday) bool { return w&WeekdaysOf(d) != 0 }

// List returns the days from Monday on.
func (w Weekdays) List() (days []time.Weekday) {
	for i := range weekdayCodes {
		if w&(1<<i) != 0 {
			days = append(days, time.Weekday((i+1)%7))
		}
	}
	return days
}

// String returns the codes from Monday on, such as mon,tue,fri.
func (w Weekdays) String() string {
	var codes []string
	for i, c := range weekdayCodes {
		if w&(1<<i) != 0 {
			codes = append(codes, c)
		}
	}
	return strings.Join(codes, ",")
}

// MarshalText returns what String gives.
func (w Weekdays) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what ParseWeekdays reads; "" is none.
func (w *Weekdays) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*w = 0
		return nil
	}
	v, err := ParseWeekdays(string(b))
	if err == nil {
		*w = v
	}
	return err
}

// PlanLine says that somebody is expected at a site on days of the week. The
// lines of a site are its plan, and a site has a plan on the days on which one
// of its lines holds. An extra shift is a line of one day. A line is never
// changed, only ended or withdrawn: other hours are another line.
type PlanLine struct {
	ID           ID       `json:"id"`
	SiteID       ID       `json:"siteId"`
	EngagementID ID       `json:"engagementId"`
	Weekdays     Weekdays `json:"weekdays"`
	Hours        Hours    `json:"hours"` // by the clock at the site
	Days         Days     `json:"days"`  // that shifts may begin on; From is always set
	// EveryWeeks is the rhythm: 1 every week, 2 every other one, counted from the week of Days.From.
	EveryWeeks int     `json:"everyWeeks"`
	By         string  `json:"by"`
	At         Instant `json:"at"`
	Withdrawn  Instant `json:"withdrawn,omitzero"` // entered by mistake, or ended before it began; never erased
}

// OneDay says that the line is an extra shift, on one dated day.
func (l *PlanLine) OneDay() bool { return l.Days.From == l.Days.To }

// On says that a shift of the line begins on a day, exceptions apart.
func (l *PlanLine) On(d Date) bool {
	if l.Withdrawn != 0 || !l.Days.Holds(d) || !l.Weekdays.Has(d.Weekday()) {
		return false
	}
	weeks := int(d.Monday()-l.Days.From.Monday()) / 7
	return weeks%max(l.EveryWeeks, 1) == 0
}

// ExceptionKind says how a shift differs from its line.
type ExceptionKind string

// Kinds of exception.
const (
	ShiftCancelled ExceptionKind = "cancelled"
	ShiftHours     ExceptionKind = "hours"    // other hours
	ShiftReplaced  ExceptionKind = "replaced" // somebody stands in
)

// PlanException says that on some days a line does not hold as it is written.
// Of those of one day the latest counts: of cancelled and hours, and of
// replaced, which goes with other hours.
type PlanException struct {
	ID     ID            `json:"id"`
	LineID ID            `json:"lineId"`
	Days   Days          `json:"days"` // both ends set
	Kind   ExceptionKind `json:"kind"`
	Hours  Hours         `json:"hours,omitzero"` // ShiftHours
	// StandIn is by which engagement somebody stands in (ShiftReplaced).
	StandIn   ID      `json:"standIn,omitempty"`
	Note      string  `json:"note,omitempty"`
	By        string  `json:"by"`
	At        Instant `json:"at"`
	Withdrawn Instant `json:"withdrawn,omitzero"` // never erased
}

// AbsenceKind says why somebody is away; its text is absence.CODE.
type AbsenceKind string

// AbsenceKinds are the kinds offered, in the order of lists.
var AbsenceKinds = [...]AbsenceKind{"holiday", "sick", "accident", "family", "recovery", "training", "unemployed", "unpaid", "unjustified", "other"}

// Absence says that a worker is away on some days, wholly or for some hours of each.
type Absence struct {
	ID       ID `json:"id"`
	WorkerID ID `json:"workerId"`
	// EngagementID limits it to one engagement; "" is all that the worker has.
	EngagementID ID          `json:"engagementId,omitempty"`
	Days         Days        `json:"days"`           // both ends set; by the day on which a shift begins
	Hours        Hours       `json:"hours,omitzero"` // of each day, by the clock at the site; none: the whole day
	Kind         AbsenceKind `json:"kind"`
	Note         string      `json:"note,omitempty"`
	By           string      `json:"by"`
	At           Instant     `json:"at"`
	Withdrawn    Instant     `json:"withdrawn,omitzero"` // never erased
}

// ShiftState says whether somebody is expected.
type ShiftState string

// States of a shift.
const (
	ShiftExpected      ShiftState = "expected"
	ShiftCalledOff     ShiftState = "cancelled"
	ShiftAbsent        ShiftState = "absent"   // of the whole shift
	ShiftGivenToOthers ShiftState = "replaced" // somebody else's shift stands for it
)

// Shift is one person's shift of one line on one day, exceptions and absences counted.
type Shift struct {
	LineID       ID         `json:"lineId"`
	Day          Date       `json:"day"` // on which it begins, at the site
	SiteID       ID         `json:"siteId"`
	WorkerID     ID         `json:"workerId"`
	EngagementID ID         `json:"engagementId"`
	State        ShiftState `json:"state"`
	// From and To are when the person is expected: less what an absence takes at either end.
	From Instant `json:"from"`
	To   Instant `json:"to"`
	// Hours are those of the line, or the exception's, whatever absence there is.
	Hours Hours `json:"hours"`
	// For is whose shift it was, where the person stands in; By who stands in, where replaced.
	For ID `json:"for,omitempty"` // of the engagement
	By  ID `json:"by,omitempty"`  // of the engagement
	// Absence is what takes it, or a part of it, away.
	Absence ID `json:"absence,omitempty"`
	// Changed says that an exception gives other hours than the line.
	Changed bool `json:"changed,omitempty"`
}
