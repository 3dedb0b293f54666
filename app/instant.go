package app

import (
	"fmt"
	"time"
)

// Instant is a point in time in whole milliseconds since 1970-01-01T00:00:00Z.
// The zero Instant means "none" wherever a time may be missing; no box, person
// or register of this program acts in the first millisecond of 1970.
type Instant int64

// At returns the Instant of t, cut off (not rounded) to the millisecond.
func At(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time returns the instant in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// In returns the instant as local time of zone.
func (i Instant) In(zone *time.Location) time.Time { return time.UnixMilli(int64(i)).In(zone) }

// Add returns the instant d later; d is cut off to the millisecond.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d/time.Millisecond) }

// Sub returns the duration from j to i.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Millisecond }

// IsZero says that there is no instant.
func (i Instant) IsZero() bool { return i == 0 }

// DateIn returns the local day of the instant in zone.
func (i Instant) DateIn(zone *time.Location) Date { return DateOf(i.In(zone)) }

// instantLayout is RFC 3339 in UTC with milliseconds always written, so that texts sort as the instants do.
const instantLayout = "2006-01-02T15:04:05.000Z"

// String returns RFC 3339 in UTC with milliseconds, or "" for the zero Instant.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format(instantLayout)
}

// MarshalText returns what String gives; it makes JSON forms readable.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads any RFC 3339 spelling, or "" as the zero Instant.
func (i *Instant) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("instant %q: want RFC 3339, such as 2026-11-23T06:58:12Z: %w", b, err)
	}
	*i = At(t)
	return nil
}

// Span is the time from From (included) to To (excluded). A zero To means "without end".
type Span struct {
	From Instant `json:"from"`
	To   Instant `json:"to,omitzero"`
}

// Holds says that i lies in the span.
func (s Span) Holds(i Instant) bool { return i >= s.From && (s.To == 0 || i < s.To) }

// Overlaps says that the spans have an instant in common.
func (s Span) Overlaps(o Span) bool {
	return (s.To == 0 || o.From < s.To) && (o.To == 0 || s.From < o.To)
}
