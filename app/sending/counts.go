package sending

import (
	"klokkast/app"
	"klokkast/app/ciao"
)

// RegisterCounts is the outbox in numbers.
type RegisterCounts struct {
	Environment app.Environment
	States      map[app.RegistrationState]int
	// NeedsPerson counts those about which no look-up can tell, so that a person
	// decides; NeedsPersonOf by the state in which they are. NeedsPersonSince is the
	// time of the oldest punch of them, NeedsPersonWhy the code of why (ciao.asks.CODE).
	NeedsPerson      int
	NeedsPersonOf    map[app.RegistrationState]int
	NeedsPersonSince app.Instant
	NeedsPersonWhy   string
	Held             []HeldCount
	// Eligible punches would be queued by the next send.
	Eligible int
	// Stopped is the code of why sending stopped until a person acts; "" when it did not.
	Stopped string
	// NotBefore is until when the register told us to wait.
	NotBefore app.Instant
	// WaitingSince is the punch time of the oldest that waits to be sent.
	WaitingSince app.Instant
	// Doubtful were accepted and are neither plainly good nor invalid after a day, where for a day the register could not be
	// asked after them; else a finding tells of each.
	Doubtful int
	// Findings is how many findings nobody saw to yet.
	Findings int
	// Notices are what whoever sends should know besides.
	Notices ciao.Notices
}

// HeldCount is how many punches are held, or never sent, for one reason.
type HeldCount = ciao.HeldCount

// RegisterRow is one punch as the register screen shows it.
type RegisterRow struct {
	Registration app.Registration // with an empty id where the punch is held or never sent
	Held         app.HeldReason
	Releasable   bool     // a person may release it
	Adjustment   app.ID   // set where the row is a statement and no punch
	Differs      []string // what would be otherwise if it were derived now
}
