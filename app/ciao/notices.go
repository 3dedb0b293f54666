package ciao

import (
	"maps"
	"slices"
	"time"

	"klokkast/app"
)

// OutageTold is how long nothing must have got through before people are told
// to use the NSSO's own app.
const OutageTold = 15 * time.Minute

// Notices are what whoever sends should know beside the numbers. Zero fields: nothing of the kind.
type Notices struct {
	// Outage is since when nothing gets through, where that is longer than OutageTold.
	Outage  app.Instant
	Waiting int // queued or of unknown fate
	// ClockOff is the register's clock minus this computer's, where that is more than 2 min.
	ClockOff time.Duration
	// Parked are the employers, by number, for whom this credential may not register.
	Parked []string
	// Unknown counts those of unknown fate that are looked up by themselves, next at NextLookUp.
	Unknown    int
	NextLookUp app.Instant
	// Unproven counts those that were released and wait until the register's search
	// shows what was sent first of them; it is looked up next at NextProof.
	Unproven  int
	NextProof app.Instant
	// SetBack is what is known, and settled, of a database that was set back; nil: nothing is open.
	SetBack *SetBackCounts
	// Earlier counts what an earlier run queued and a person is asked to confirm, the
	// oldest punch at EarlierSince.
	Earlier      int
	EarlierSince app.Instant
	// Asked counts those that wait for a person's decision, the oldest punch at
	// AskedSince, for a reason of which AskedWhy is the code (ciao.asks.CODE).
	Asked      int
	AskedSince app.Instant
	AskedWhy   string
	// KnowsNoneSince is since when the register knows nothing of what was sent from here.
	KnowsNoneSince app.Instant
}

// Outage returns since when nothing can be registered; zero: it can.
func (s *SenderState) Outage() app.Instant {
	if s.FailingSince == 0 || s.SignIn.Since != 0 && s.SignIn.Since < s.FailingSince {
		return s.SignIn.Since
	}
	return s.FailingSince
}

// Notices returns them of the sender's state, with what is left to be done.
func (s *SenderState) Notices(left Pending, now app.Instant) Notices {
	n := notices(s.Outage(), s.Offset(), slices.Sorted(maps.Keys(s.Parked)), s.KnowsNoneSince, s.WhyAsked(left.AllFailing()), left, now)
	n.confirm(s.Stopped, left)
	return n.proof(left, max(s.Search.Next, s.Search.NotBefore))
}

// Notices returns them of a run.
func (r *Report) Notices(now app.Instant) Notices {
	n := notices(r.FailingSince, r.ClockOff, r.Parked, r.KnowsNoneSince, r.AskedWhy, r.Left, now)
	n.SetBack = r.SetBack
	n.confirm(r.Stopped, r.Left)
	return n.proof(r.Left, r.proofAt)
}

// confirm says what is to be confirmed, where sending stopped for that.
func (n *Notices) confirm(stopped string, left Pending) {
	if stopped == CodeEarlier {
		n.Earlier, n.EarlierSince = left.Earlier, left.EarlierSince
	}
}

// proof adds what waits for a proof of the register's search.
func (n Notices) proof(left Pending, next app.Instant) Notices {
	if left.Unproven > 0 && next != 0 {
		n.Unproven, n.NextProof = left.Unproven, next
	}
	return n
}

func notices(failing app.Instant, off time.Duration, parked []string, knowsNone app.Instant, why string, left Pending, now app.Instant) Notices {
	n := Notices{Waiting: left.Queued + left.Unknown, Parked: parked, KnowsNoneSince: knowsNone}
	if failing != 0 && now.Sub(failing) >= OutageTold && n.Waiting > 0 {
		n.Outage = failing
	}
	if abs(off) > tellOffset {
		n.ClockOff = off
	}
	if left.NeedsPerson > 0 {
		n.Asked, n.AskedSince, n.AskedWhy = left.NeedsPerson, left.NeedsSince, why
	}
	if unknown := left.Unknown - left.NeedsUnknown; unknown > 0 && left.NextLookUp != 0 {
		n.Unknown, n.NextLookUp = unknown, left.NextLookUp
	}
	return n
}
