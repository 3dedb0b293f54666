package reading

import "klokkast/app"

// Plan is what an import would do.
type Plan struct {
	File  string // its base name
	Box   app.Box
	Known bool // the box was met before
	// Records are the lines that are taps, each once; New of them are not stored yet, Before are.
	Records, New, Before int
	Repeated             int         // lines that stand in the file more than once
	First, Last          app.Instant // of the taps; zero without any
	// Keys counts the taps by the key that was pressed.
	Keys   map[app.PunchKey]int
	People []PlannedPerson // by PIN or card, those with the most taps first
	Bad    []LineProblem   // do not parse; would be kept aside
	Doubts []LineProblem   // would be stored, with a doubt
	Order  string          // how the lines stand, recognised or said
	// Otherwise is how many lines an earlier import brought that is read by another meaning than this file.
	Otherwise int
	// Spring is as in Imported.
	Spring app.Date
}

// PlannedPerson is one identifier of a file.
type PlannedPerson struct {
	Key         app.IdentifierKey
	Taps, New   int
	First, Last app.Instant
}
