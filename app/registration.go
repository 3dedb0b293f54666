package app

import (
	"fmt"
	"time"
)

// RegistrationType is one of the two kinds that the register knows.
type RegistrationType string

// IN and OUT; a break is an OUT at its start and an IN at its end.
const (
	RegisterIn  RegistrationType = "IN"
	RegisterOut RegistrationType = "OUT"
)

// RegistrationState is where a registration stands.
type RegistrationState string

// States of a registration: held or queued → sending → accepted, refused or unknown.
const (
	RegHeld     RegistrationState = "held"
	RegQueued   RegistrationState = "queued"
	RegSending  RegistrationState = "sending"
	RegAccepted RegistrationState = "accepted"
	RegRefused  RegistrationState = "refused"
	RegUnknown  RegistrationState = "unknown" // sent, answer not known: looked up before anything else
	// RegCancelled was accepted, and then cancelled because a person asked for it.
	RegCancelled RegistrationState = "cancelled"
	// RegAsked is how one is shown that waits for a person's decision: it is kept
	// as queued (never sent) or unknown.
	RegAsked RegistrationState = "needs-person"
	// RegDoubtful is how those are asked for that were accepted and are not plainly good after a day.
	RegDoubtful RegistrationState = "doubtful"
)

// HeldReason says why a punch is not sent.
type HeldReason string

// Reasons to hold. Those of "never" punches are listed, not stored.
const (
	HeldNotPlaced        HeldReason = "not-placed"         // the box stood at no site then
	HeldBeforeStart      HeldReason = "before-start"       // before the employer's starting instant, or none set
	HeldBeyondWindow     HeldReason = "beyond-window"      // older than the sending window
	HeldNotUnderCIAO     HeldReason = "not-under-ciao"     // decision "no"
	HeldUndecided        HeldReason = "undecided-site"     // no decision yet
	HeldNoDeclaration    HeldReason = "no-declaration"     // none at that moment
	HeldManyDeclarations HeldReason = "many-declarations"  // several, none the default
	HeldNoHolder         HeldReason = "no-holder"          // nobody held the identifier
	HeldManyEmployers    HeldReason = "many-employers"     // two engagements fit
	HeldNoEngagement     HeldReason = "no-engagement"      // outside the engagement's days
	HeldNoSSIN           HeldReason = "no-ssin"            // none, or a wrong one
	HeldNoEmployerNumber HeldReason = "no-employer-number" // none, or a wrong one
	HeldNoPlace          HeldReason = "no-place"           // neither coordinates nor a full address
	HeldClock            HeldReason = "clock"              // the box's clock was off by more than 60 s, or not trusted
	HeldAttributed       HeldReason = "attributed-afterwards"
	HeldPairing          HeldReason = "pairing"          // no key, and the day is not settled yet
	HeldNightShift       HeldReason = "night-shift"      // P2: night shift or forgotten OUT?
	HeldLate             HeldReason = "late"             // later than the company lets punches go by themselves
	HeldRestored         HeldReason = "restored"         // of older versions, in the trail: now such a punch is queued with an unknown fate
	HeldByPhone          HeldReason = "by-phone"         // one act with a registration by phone or otherwise: the register has it
	HeldPhonesUnchecked  HeldReason = "phones-unchecked" // no key, and nobody has looked since who registered by phone
	HeldFuture           HeldReason = "future"           // later than the register's own clock
	NeverAdjustment      HeldReason = "adjustment"       // a statement, not a punch
	NeverIgnored         HeldReason = "ignored"          // a double tap, or ignored by hand
	NeverRefusedBadge    HeldReason = "refused-badge"
	NeverNoEffect        HeldReason = "no-effect" // a key without effect
)

// Place is the place of work as it is sent: exactly one of the two.
type Place struct {
	Coordinates *Coordinates `json:"coordinates,omitempty"`
	Address     *Address     `json:"address,omitempty"`
}

// Registration is one punch for one environment. What is sent is fixed when it
// is queued and never derived again.
type Registration struct {
	ID          ID          `json:"id"`
	Environment Environment `json:"environment"`
	Punch       RecordKey   `json:"punch"`
	// Position is where its tap stood in its log when it was queued: of one second they go in that order (rule O1).
	Position     Position          `json:"-"`
	State        RegistrationState `json:"state"`
	Held         HeldReason        `json:"held,omitempty"`
	Type         RegistrationType  `json:"type"`
	At           Instant           `json:"at"` // sent time: whole seconds, cut off
	Raw          Instant           `json:"raw"`
	WorkerID     ID                `json:"workerId,omitempty"`
	EngagementID ID                `json:"engagementId,omitempty"`
	SiteID       ID                `json:"siteId,omitempty"`
	SSIN         Secret            `json:"ssin,omitempty"`
	Enterprise   string            `json:"enterpriseNumber,omitempty"`
	ForeignVAT   string            `json:"foreignVat,omitempty"`
	Capacity     Capacity          `json:"capacity,omitempty"` // kept; the wire has no field for it
	Declaration  string            `json:"declaration,omitempty"`
	Place        Place             `json:"place,omitzero"`
	// ApprovedBy is who released it from being held, or approved the corrected time; "" where nobody had to.
	ApprovedBy string `json:"approvedBy,omitempty"`
	// ReleasedFrom is the reason for which it was held when a person released it; "" where nobody had to.
	ReleasedFrom HeldReason `json:"releasedFrom,omitempty"`
	// Vouched says that who released it gave the word that it was not registered by phone or otherwise.
	Vouched     bool          `json:"vouched,omitempty"`
	Uncertainty time.Duration `json:"-"`
	Created     Instant       `json:"created"`
	Queued      Instant       `json:"queued,omitzero"`
	// Owner and Lease say which process is sending it, until when.
	Owner string  `json:"-"`
	Lease Instant `json:"-"`
	// NotBefore is when it may next be sent, looked up or re-checked.
	NotBefore Instant `json:"notBefore,omitzero"`
	// LookUps counts the proper look-ups since its fate became unknown that found
	// nothing; LookedUp is the last. A released one that was looked up in a form
	// that is not proven has one and no LookedUp: it waits for the proof.
	LookUps     int     `json:"lookUps,omitempty"`
	LookedUp    Instant `json:"lookedUp,omitzero"`
	NeedsPerson bool    `json:"needsPerson,omitempty"` // whether the register has it is not known, no look-up can tell: a person decides
	RegisterID  int64   `json:"registerId,omitempty"`  // the register's own number
	Validity    string  `json:"validity,omitempty"`    // verbatim: pending, valid, invalid, or anything else
	Answer      string  `json:"answer,omitempty"`      // masked, verbatim reasons or remarks
	Answered    Instant `json:"answered,omitzero"`
	// Generation counts the registrations of one punch, from 1: the next one is
	// made by a person after a refusal, with data that was mended.
	Generation int `json:"generation,omitempty"`
	// Late marks one that a person sent again.
	Late bool `json:"late,omitempty"`
	// Mended says what a person had put right at the NSSO before the punch was sent again unchanged; "" for any other.
	Mended string `json:"mended,omitempty"`
	// Failing is how requests with it ended without a known fate.
	Failing Failing `json:"failing,omitzero"`
	// SetBack is when it was found that it may have been sent by a state of the
	// database that was lost; zero: it cannot.
	SetBack Instant `json:"setBack,omitzero"`
	// Earlier says that an earlier run of the program queued it.
	Earlier bool `json:"-"`
	// Cancellation is how far the cancelling is that a person asked for.
	Cancellation Cancellation `json:"cancellation,omitzero"`
}

// Failing is how requests with a registration ended without a known fate, in a row.
type Failing struct {
	Times int     `json:"times,omitempty"` // in the same way; 0: none ever did
	As    string  `json:"as,omitempty"`    // code of the last one
	Since Instant `json:"since,omitzero"`  // the first of them
	// Among is how many items were in the last one; 0: not known.
	Among int `json:"among,omitempty"`
}

// Again returns it after one more request, of so many items, that failed so.
func (f Failing) Again(code string, among int, now Instant) Failing {
	if f.As != code || f.Since == 0 {
		return Failing{Times: 1, As: code, Since: now, Among: among}
	}
	return Failing{Times: f.Times + 1, As: code, Since: f.Since, Among: among}
}

// CancelState is how far a cancellation is.
type CancelState string

// States of a cancellation: asked → sending → cancelled or refused, or unknown
// until a look-up tells.
const (
	CancelAsked   CancelState = "asked"
	CancelSending CancelState = "sending"
	CancelUnknown CancelState = "unknown"
	CancelDone    CancelState = "cancelled"
	CancelRefused CancelState = "refused" // or not carried out: it counts on
)

// Cancellation is what became of a person's wish to cancel a registration.
type Cancellation struct {
	State  CancelState `json:"state,omitempty"`
	By     string      `json:"by,omitempty"`
	At     Instant     `json:"at,omitzero"` // asked, or settled
	Due    Instant     `json:"-"`           // when it may next be sent or looked up
	Looks  int         `json:"-"`           // look-ups that found it not cancelled
	Answer string      `json:"answer,omitempty"`
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (r Registration) Format(f fmt.State, _ rune) {
	type plain Registration
	fmt.Fprintf(f, "%+v", plain(r))
}

// AttemptOutcome says what is known about one request.
type AttemptOutcome string

// Outcomes of an attempt.
const (
	AttemptRunning      AttemptOutcome = "running"
	AttemptAnswered     AttemptOutcome = "answered"
	AttemptNotProcessed AttemptOutcome = "not-processed" // known: the register did nothing with it
	AttemptFateUnknown  AttemptOutcome = "fate-unknown"
)

// Attempt is one request on the wire: register, look up or check.
type Attempt struct {
	ID          ID             `json:"id"`
	Environment Environment    `json:"environment"`
	Operation   string         `json:"operation"` // register, query, check
	Items       []ID           `json:"items"`     // registrations in it, in order
	Outcome     AttemptOutcome `json:"outcome"`
	Status      int            `json:"status,omitempty"`  // HTTP
	Problem     string         `json:"problem,omitempty"` // problem type URN, or a code of our own
	TraceID     string         `json:"traceId,omitempty"` // BelGov-Trace-Id
	Detail      string         `json:"detail,omitempty"`  // masked
	Started     Instant        `json:"started"`
	Ended       Instant        `json:"ended,omitzero"`
}
