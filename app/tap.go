package app

import (
	"cmp"
	"time"
)

// TapRole is what a punch turned out to be.
type TapRole string

// Roles of a punch. The first four have an effect; IN and break end register as
// IN, OUT and break start as OUT.
const (
	TapIn         TapRole = "in"
	TapOut        TapRole = "out"
	TapBreakStart TapRole = "break-start"
	TapBreakEnd   TapRole = "break-end"
	TapDuplicate  TapRole = "duplicate" // rule D1
	TapIgnored    TapRole = "ignored"   // by hand
	TapNoEffect   TapRole = "no-effect" // a key that changes nothing (P3, B1)
	TapUnknown    TapRole = "unknown"   // nobody held the identifier
	TapNoSite     TapRole = "no-site"   // the box stood nowhere, or before its placement
	TapUnsettled  TapRole = "unsettled" // in a segment whose clock is not settled (C3)
	TapRefused    TapRole = "refused"   // the box refused the badge
	TapSameAct    TapRole = "same-act"  // one act with another tap, which counts: one was made at a box, one by phone
)

// Tap is a punch as the derivation reads it: whose, where, and what it did.
// Each punch of the input has exactly one.
type Tap struct {
	Punch        Punch
	At           Instant       // corrected (C2)
	Uncertainty  time.Duration // of the correction
	Offset       time.Duration // measured box clock minus computer at that time; 0 where unmeasured
	OffsetKnown  bool
	Repaired     bool // an accepted clock repair moved it
	WorkerID     ID
	EngagementID ID
	SiteID       ID
	Role         TapRole
	Day          Date // of its workday; zero where it has none
	// HolderEntered is when the custody that attributes it was entered.
	HolderEntered Instant
	// Unsure says that its direction may still change: no key was pressed and the
	// boxes of its site were not all read past it, its day has an open pairing
	// anomaly, or its presence is asked about (P2).
	Unsure bool
	// Entry is, of a tap at a box, the registration by phone or otherwise with which it is one act; zero: none.
	Entry RecordKey
	// PhonesUnchecked says that no key was pressed, and that nobody has looked yet whether
	// the person registered by phone before it, at a site where that is allowed.
	PhonesUnchecked bool
	// AskedAbout says that its presence is a keyless one over night (P2).
	AskedAbout bool
}

// Compare is the order of taps (rule O1): by corrected time, then as the log has them.
func (t *Tap) Compare(o *Tap) int {
	return cmp.Or(cmp.Compare(t.At, o.At), t.Punch.CompareRecords(&o.Punch))
}

// RegistersAs returns IN, OUT, or "" for a tap without effect.
func (t *Tap) RegistersAs() RegistrationType {
	switch t.Role {
	case TapIn, TapBreakEnd:
		return RegisterIn
	case TapOut, TapBreakStart:
		return RegisterOut
	}
	return ""
}
