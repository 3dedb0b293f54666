package ciao

import (
	"slices"
	"time"

	"klokkast/app"
)

// Mode says when punches go to the register by themselves.
type Mode string

// Modes of sending.
const (
	Manual       Mode = "manual"        // only when a person says so
	AfterReading Mode = "after-reading" // after each reading and import
	Live         Mode = "live"          // within seconds, while a box is watched; after readings, too
	Scheduled    Mode = "scheduled"     // at given times of the day, or every so often
)

// Modes lists them all.
var Modes = [...]Mode{Manual, AfterReading, Live, Scheduled}

// ParseMode returns a mode by its name; false where there is none. "" is Manual.
func ParseMode(name string) (Mode, bool) {
	if name == "" {
		return Manual, true
	}
	m := Mode(name)
	return m, slices.Contains(Modes[:], m)
}

// Schedule says when to send: at times of the day, in minutes since midnight,
// or a while after the last time, or both. The zero one is never due.
type Schedule struct {
	At    []int
	Every time.Duration
}

// Next returns when to send after the last time that was due. A time of the day
// that the clock skips (in March) is due when the clock has passed it; one that
// comes twice (in October) is due once.
func (s Schedule) Next(last app.Instant, zone *time.Location) app.Instant {
	var next app.Instant
	sooner := func(at app.Instant) {
		if at > last && (next == 0 || at < next) {
			next = at
		}
	}
	if s.Every > 0 {
		sooner(last.Add(s.Every))
	}
	year, month, day := last.Time().In(zone).Date()
	for ahead := range 2 {
		for _, minute := range s.At {
			sooner(app.At(time.Date(year, month, day+ahead, 0, minute, 0, 0, zone)))
		}
	}
	return next
}
