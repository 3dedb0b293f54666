package ciao

import (
	"slices"
	"strings"
	"time"

	"klokkast/app"
)

// Standing is what a word of the register for a registration's validity comes to. Its text is ciao.validity.STANDING.
type Standing string

// Standings. A word that nobody knows is not final: it is shown as it came.
const (
	StandsPending    Standing = "pending"
	StandsRegistered Standing = "registered" // taken, and not judged yet
	StandsValid      Standing = "valid"
	StandsInvalid    Standing = "invalid"
	StandsCancelled  Standing = "cancelled"
	StandsOther      Standing = "other"
)

// standings are the words: pending is attested [3], valid and invalid are assumed [?], the rest are those of the older service [O].
var standings = map[string]Standing{
	ValidityPending: StandsPending, ValidityValid: StandsValid, ValidityInvalid: StandsInvalid,
	"validated": StandsValid, "failed": StandsInvalid, "registered": StandsRegistered, "successfully registered": StandsRegistered,
	"cancelled": StandsCancelled, "successfully cancelled": StandsCancelled,
}

// StandingOf says what the register's word comes to, in whatever letters it is written.
func StandingOf(validity string) Standing {
	word := strings.ToLower(strings.Join(strings.FieldsFunc(validity, func(c rune) bool { return c == ' ' || c == '_' || c == '-' }), " "))
	if s, ok := standings[word]; ok {
		return s
	}
	return StandsOther
}

// ValidityKey returns the catalogue key that words a validity, and the values for it.
func ValidityKey(validity string) (string, map[string]any) {
	return "ciao.validity." + string(StandingOf(validity)), map[string]any{"Word": validity}
}

// Final says that a validity is not expected to change by itself.
func Final(validity string) bool {
	s := StandingOf(validity)
	return s == StandsValid || s == StandsInvalid || s == StandsCancelled
}

// PlainlyGood says that nobody has to look: taken, and not judged otherwise.
func PlainlyGood(validity string) bool {
	s := StandingOf(validity)
	return s == StandsValid || s == StandsRegistered
}

// patience is how long the register may take until a registration is plainly good; after concern nothing more is to be
// done about one that is not: the NSSO corrects within 30 days.
const (
	patience = 24 * time.Hour
	concern  = (app.CorrectionDays + 1) * 24 * time.Hour
)

// Doubtful is the time in which what was accepted should be plainly good by now, and still matters.
func Doubtful(now app.Instant) app.Span {
	return app.Span{From: now.Add(-concern), To: now.Add(-patience)}
}

// IsDoubtful says that an accepted registration is neither plainly good nor invalid after a day: somebody should look. What
// is invalid is an anomaly of its own.
func IsDoubtful(r *app.Registration, now app.Instant) bool {
	return r.State == app.RegAccepted && r.RegisterID != 0 && r.Cancellation.State == "" && Doubtful(now).Holds(r.Answered) && doubtfulWord(r.Validity)
}

func doubtfulWord(validity string) bool {
	return !PlainlyGood(validity) && StandingOf(validity) != StandsInvalid
}

// CannotCheck says that for a day the register could not be asked after what it accepted, or knew nothing of it: then nobody
// is told by a finding how that stands.
func (s *SenderState) CannotCheck(now app.Instant) bool {
	long := func(since app.Instant) bool { return since != 0 && now.Sub(since) >= patience }
	return long(s.Checks.Since) || long(s.KnowsNoneSince)
}

// CountDoubtful adds up those of what Store.Accepted counts that are neither plainly good nor invalid.
func CountDoubtful(accepted map[string]int) (n int) {
	for validity, count := range accepted {
		if doubtfulWord(validity) {
			n += count
		}
	}
	return n
}

// Judged says what a person should know of what the register now says of a registration that it accepted: that it changed
// its mind, that it remarked something that has to be put right at the NSSO, that it is not plainly good after a day. A
// finding whose Before is its After says how it stands; false: nothing.
func Judged(reg *app.Registration, validity, answer string, now app.Instant) (Finding, bool) {
	f := Finding{Kind: FoundValidity, Registration: reg.ID, RegisterID: reg.RegisterID, Before: reg.Validity, After: validity}
	if validity != reg.Validity && (Final(reg.Validity) || !PlainlyGood(validity)) {
		return f, true
	}
	f.Before = validity
	remarked := slices.ContainsFunc(Reasons(answer, app.English), func(r Reason) bool { return r.Matter.AtTheNSSO() })
	return f, remarked || !PlainlyGood(validity) && now.Sub(reg.Answered) >= patience
}

// Passed says that a finding needs nobody any more: it said how a registration stood, which is plainly good by now.
func (f *Finding) Passed(now *app.Registration) bool {
	return f.Kind == FoundValidity && f.Before == f.After && PlainlyGood(now.Validity) && !PlainlyGood(f.After)
}
