package app

import (
	"fmt"
	"time"
)

// Date is a calendar day without a time or a zone, counted so that 1 is
// 0001-01-01. The zero Date means "none". Dates compare with < and ==.
type Date int32

const secondsPerDay = 24 * 60 * 60

// yearOneUnix is 0001-01-01T00:00:00Z in seconds since 1970.
var yearOneUnix = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// DateOf returns the calendar day that t shows in its own zone.
func DateOf(t time.Time) Date { return NewDate(t.Year(), t.Month(), t.Day()) }

// NewDate returns a day; values out of range carry over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	u := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Date((u-yearOneUnix)/secondsPerDay) + 1
}

// ParseDate reads YYYY-MM-DD; "" is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want YYYY-MM-DD, such as 2026-11-23", s)
	}
	return DateOf(t), nil
}

// UTC returns midnight UTC of the day: a carrier for formatting, not an instant of the day.
func (d Date) UTC() time.Time {
	return time.Unix(yearOneUnix+int64(d-1)*secondsPerDay, 0).UTC()
}

// IsZero says that there is no date.
func (d Date) IsZero() bool { return d == 0 }

// Year, month and day of the date.
func (d Date) YMD() (int, time.Month, int) { return d.UTC().Date() }

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.UTC().Weekday() }

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// Start returns the first instant of the day in zone. It is right on days when
// the clock changes, also in zones that change at midnight.
func (d Date) Start(zone *time.Location) Instant {
	y, m, day := d.YMD()
	t := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if DateOf(t) < d { // midnight does not exist: time.Date went an hour back
		t = t.Add(time.Hour)
	}
	return At(t)
}

// End returns the first instant of the next day in zone.
func (d Date) End(zone *time.Location) Instant { return d.AddDays(1).Start(zone) }

// Monday returns the Monday of the date's week.
func (d Date) Monday() Date { return d - Date((int(d.Weekday())+6)%7) }

// String returns YYYY-MM-DD, or "" for the zero Date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.UTC().Format(time.DateOnly)
}

// MarshalText returns what String gives.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD or "".
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Days is a range of days, both ends included. A zero end is open on that side.
type Days struct {
	From Date `json:"from,omitzero"`
	To   Date `json:"to,omitzero"`
}

// Holds says that d lies in the range.
func (r Days) Holds(d Date) bool { return (r.From == 0 || d >= r.From) && (r.To == 0 || d <= r.To) }

// Overlaps says that the ranges have a day in common.
func (r Days) Overlaps(o Days) bool {
	return (r.To == 0 || o.From == 0 || o.From <= r.To) && (o.To == 0 || r.From == 0 || r.From <= o.To)
}

// Month is a calendar month, such as 2026-11.
type Month struct {
	Year  int
	Month time.Month
}

// ParseMonth reads YYYY-MM.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Month{}, fmt.Errorf("month %q: want YYYY-MM, such as 2026-11", s)
	}
	return Month{t.Year(), t.Month()}, nil
}

// MonthOf returns the month of a day.
func MonthOf(d Date) Month {
	y, m, _ := d.YMD()
	return Month{y, m}
}

// First and Last day of the month.
func (m Month) First() Date { return NewDate(m.Year, m.Month, 1) }

// Last day of the month.
func (m Month) Last() Date { return NewDate(m.Year, m.Month+1, 0) }

// Days returns the month as a range of days.
func (m Month) Days() Days { return Days{m.First(), m.Last()} }

// Add returns the month n months later.
func (m Month) Add(n int) Month { return MonthOf(NewDate(m.Year, m.Month+time.Month(n), 1)) }

// String returns YYYY-MM.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// MarshalText returns what String gives.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads YYYY-MM.
func (m *Month) UnmarshalText(b []byte) error {
	v, err := ParseMonth(string(b))
	if err == nil {
		*m = v
	}
	return err
}
