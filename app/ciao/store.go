package ciao

import (
	"context"
	"time"

	"klokkast/app"
)

// Store is the outbox as ciao needs it of the database. Every method is one
// transaction; when a changing one returns without error, it is on disk.
type Store interface {
	// Registrations returns rows in the order of their sent time.
	Registrations(ctx context.Context, f RegistrationFilter) ([]app.Registration, error)
	RegistrationSummary(ctx context.Context, e app.Environment) (RegistrationSummary, error)
	// RegistrationAttempts returns the attempts of one registration, newest first.
	RegistrationAttempts(ctx context.Context, id app.ID) ([]app.Attempt, error)
	// Attempts returns the newest attempts of an environment.
	Attempts(ctx context.Context, e app.Environment, limit int) ([]app.Attempt, error)

	// Enqueue puts rows there, state queued; ids are given by the caller. A punch
	// that has a row in that environment is left as it is: added counts the
	// others. act, where a person released them, goes to the trail.
	Enqueue(ctx context.Context, regs []app.Registration, act *app.Act) (added int, err error)

	// SenderState returns what is kept between runs.
	SenderState(ctx context.Context, e app.Environment) (SenderState, error)
	// ChangeSender changes it in one transaction and gives the result; act is
	// nil where the sender itself does it.
	ChangeSender(ctx context.Context, e app.Environment, act *app.Act, change func(*SenderState)) (SenderState, error)
	// TakeSender makes owner the one sender of the environment until the lease
	// ends, or gives a *BusyError. Whatever a former owner left as "sending"
	// becomes unknown, with its first look-up at lookUp.
	TakeSender(ctx context.Context, t SenderTake) (recovered int, err error)
	// KeepSender renews the lease; ErrSenderLost where owner is no longer the sender.
	KeepSender(ctx context.Context, e app.Environment, owner string, lease app.Instant) (SenderState, error)
	// LeaveSender returns it up; nothing happens where owner is not the sender.
	LeaveSender(ctx context.Context, e app.Environment, owner string) error

	// Claim marks what may go next as "sending" and writes the attempt down with
	// it; the attempt's items are those given back, in order. Nothing to send:
	// no rows, no attempt. ErrSenderLost where owner is no longer the sender.
	Claim(ctx context.Context, c Claim) ([]app.Registration, error)
	// Rejudge changes instants that a clock cannot have written that goes right: see ClockJump.
	Rejudge(ctx context.Context, e app.Environment, jump ClockJump) error
	// Claimable returns what Claim would, and marks nothing.
	Claimable(ctx context.Context, c Claim) ([]app.Registration, error)
	// BeginAttempt writes a look-up or a check down before it goes out.
	BeginAttempt(ctx context.Context, a app.Attempt) error
	// Finish keeps what an attempt brought.
	Finish(ctx context.Context, a app.Attempt, changes []Change) error
	// Change keeps what was decided without a request.
	Change(ctx context.Context, e app.Environment, changes []Change) error

	// DueLookUps returns the rows of unknown fate, and released ones that were never
	// looked up, whose time has come, of at most so many persons, by person and time.
	DueLookUps(ctx context.Context, e app.Environment, now app.Instant, persons int) ([]app.Registration, error)
	// Unproven returns the released rows that were looked up in a form that was not
	// proven and wait for that, the newest punch first, at most limit (0: all).
	Unproven(ctx context.Context, e app.Environment, limit int) ([]app.Registration, error)
	// LookAgain makes all due for a look-up that waits for a proof, or for a
	// person because no look-up could tell.
	LookAgain(ctx context.Context, e app.Environment) error
	// DueChecks returns accepted rows whose validity is to be asked again.
	DueChecks(ctx context.Context, e app.Environment, now app.Instant, limit int) ([]app.Registration, error)
	// Accepted counts by the register's word for their validity what it accepted in some time, not cancelled, and
	// without what a finding tells already.
	Accepted(ctx context.Context, e app.Environment, answered app.Span) (map[string]int, error)
	// KnownRegistration returns one that the register surely holds, other than
	// except (""): of all; false where there is none.
	KnownRegistration(ctx context.Context, e app.Environment, except app.ID) (app.Registration, bool, error)
	// RegisterIDs says which of the register's ids belong to which rows already.
	RegisterIDs(ctx context.Context, e app.Environment, ids []int64) (map[int64]app.ID, error)
	// Due says what can be done now; it costs the same however much waits.
	Due(ctx context.Context, e app.Environment, now app.Instant) (Due, error)
	// Pending counts what is still to be done and says when; it takes the longer the more that is.
	Pending(ctx context.Context, e app.Environment, now, waitSince app.Instant) (Pending, error)

	// SetBack notes by what sign it was seen that the database was set back, and
	// gives everything that waits an unknown fate, with its first look-up at lookUp.
	SetBack(ctx context.Context, e app.Environment, sign Sign, now, lookUp app.Instant) (SenderState, error)
	// Resumed makes what a set back put in doubt due for a look-up, and what an
	// earlier run queued count as queued in this one: a person said so.
	Resumed(ctx context.Context, e app.Environment) error
	// SetBackCounts says what became of what a set back put in doubt.
	SetBackCounts(ctx context.Context, e app.Environment) (SetBackCounts, error)

	// DecideRegistration carries out what a person decided about one that needs
	// a person; ErrNotAsked where it does not.
	DecideRegistration(ctx context.Context, id app.ID, d PersonDecision, act app.Act) error
	// DecideRegistrations does so for many in one transaction, and gives how many
	// waited for a person still; one act goes to the trail.
	DecideRegistrations(ctx context.Context, ids []app.ID, d PersonDecision, act app.Act) (int, error)

	// AskCancellation notes that a person wants an accepted registration
	// cancelled; ErrNotCancellable where it is not accepted, or is being cancelled.
	AskCancellation(ctx context.Context, id app.ID, act app.Act) error
	// DueCancellations returns rows whose cancelling is asked for or of unknown fate, and whose time has come.
	DueCancellations(ctx context.Context, e app.Environment, now app.Instant, limit int) ([]app.Registration, error)
	// BeginCancellation marks the attempt's one item as being cancelled and writes
	// the attempt down with it; ErrSenderLost where owner is no longer the sender.
	BeginCancellation(ctx context.Context, owner string, a app.Attempt) error
	// FinishCancellation keeps what came of it.
	FinishCancellation(ctx context.Context, a app.Attempt, id app.ID, c app.Cancellation) error

	// KeepFindings keeps findings; those that are known already stay as they are.
	KeepFindings(ctx context.Context, list []Finding) error
	// Findings returns those of an environment, newest first; settled ones too where asked for.
	Findings(ctx context.Context, e app.Environment, settled bool) ([]Finding, error)
	// SettleFinding notes that somebody saw to it; false where it is not open.
	SettleFinding(ctx context.Context, id app.ID, act app.Act) (bool, error)

	// SaveCredential keeps a credential, its key sealed; it also lets a stopped sender go on.
	SaveCredential(ctx context.Context, c Credential, act app.Act) error
	// Credential returns it; false where there is none.
	Credential(ctx context.Context, e app.Environment) (Credential, bool, error)

	EntryStore
}

// RegistrationFilter narrows a list. Zero fields do not narrow.
type RegistrationFilter struct {
	Environment app.Environment
	States      []app.RegistrationState
	Sent        app.Span // by sent time
	WorkerID    app.ID
	SiteID      app.ID
	NeedsPerson bool
	IDs         []app.ID
	Punches     []app.RecordKey // of these; nil: of all
	Limit       int             // the newest so many
}

// RegistrationSummary is the outbox in numbers.
type RegistrationSummary struct {
	Environment app.Environment               `json:"environment"`
	States      map[app.RegistrationState]int `json:"states"`
	Validity    map[string]int                `json:"validity,omitempty"` // of accepted ones
	NeedsPerson int                           `json:"needsPerson"`
	// NeedsPersonSince is the time of the oldest punch of those.
	NeedsPersonSince app.Instant `json:"needsPersonSince,omitzero"`
	// NeedsPersonOf counts them by state: queued or unknown.
	NeedsPersonOf map[app.RegistrationState]int `json:"needsPersonOf,omitempty"`
	// WaitingSince is the time of the oldest punch that is not settled: queued, sending or unknown.
	WaitingSince app.Instant `json:"waitingSince,omitzero"`
	Sender       SenderState `json:"sender"`
}

// SenderState is what all runs of the sender on one database share.
type SenderState struct {
	// NotBefore is until when nothing is registered: because the register asked to
	// wait, or because registering failed.
	NotBefore app.Instant `json:"notBefore,omitzero"`
	// AskedUntil is until when the register itself asked to wait: nobody asks it
	// anything before, not even for the time. It is part of NotBefore.
	AskedUntil app.Instant `json:"askedUntil,omitzero"`
	// AskedForMS is how long that was from when it was asked, in milliseconds.
	AskedForMS int64 `json:"askedForMs,omitempty"`
	// Denied are when registering was answered with 401, in a row.
	Denied []app.Instant `json:"denied,omitempty"`
	// Broken is when the register said tooManyFailedRequests: after the wait one
	// single item goes first, and a second time makes a person look. Zero: it did not.
	Broken app.Instant `json:"broken,omitzero"`
	// Stopped is the code of why a person must act before anything is sent; "" when nothing is in the way.
	Stopped string `json:"stopped,omitempty"`
	// StoppedTrace is the trace id of the answer that stopped it.
	StoppedTrace string `json:"stoppedTrace,omitempty"`
	// BatchLimit is the largest batch that was not too large; 0: not limited yet.
	BatchLimit int `json:"batchLimit,omitempty"`
	// Failures in a row, of registering: the next wait doubles with each. Requests
	// of another kind that go well end neither these nor the outage.
	Failures     int         `json:"failures,omitempty"`
	FailingSince app.Instant `json:"failingSince,omitzero"` // of an outage
	LastProblem  string      `json:"lastProblem,omitempty"` // code
	// SignIn, Checks and Cancels are failures of getting a token, of asking by
	// number, and of cancelling; those of the search are in Search.
	SignIn  Trouble `json:"signIn,omitzero"`
	Checks  Trouble `json:"checks,omitzero"`
	Cancels Trouble `json:"cancels,omitzero"`
	// Proven is the form of look-up that once found what was known to be there.
	Proven string `json:"proven,omitempty"`
	// Search is what else is known of the register's search.
	Search Search `json:"search,omitzero"`
	// Consults is what is known of asking who registered by phone.
	Consults Consults `json:"consults,omitzero"`
	// KnowsNoneSince is since when the register knows nothing of what was sent from
	// here: it is another one, or lost everything. Zero: it knows.
	KnowsNoneSince app.Instant `json:"stranger,omitzero"`
	// OffsetMS is the register's clock minus this computer's, in milliseconds, as last seen.
	OffsetMS int64 `json:"offsetMs,omitempty"`
	// Refusals are when requests were refused as a whole (400), for the failure budget.
	Refusals []app.Instant `json:"refusals,omitempty"`
	// RestoredAt is when it was found, by the register's clock where that is known,
	// that the database had been set back or opened elsewhere; zero: never. SetBack
	// is what is known of it.
	RestoredAt app.Instant `json:"restoredAt,omitzero"`
	SetBack    SetBack     `json:"setBack,omitzero"`
	// Machine and Place are where the sender of this environment works since the
	// database was found elsewhere; "" where it always did: see app.Installation.
	Machine string `json:"machine,omitempty"`
	Place   string `json:"place,omitempty"`
	// Parked are employers for whom this credential may not register, by enterprise number or VAT.
	Parked map[string]Parked `json:"parked,omitempty"`
}

// Trouble is what went wrong in a row with one kind of request.
type Trouble struct {
	Failures  int         `json:"failures,omitempty"`
	Since     app.Instant `json:"since,omitzero"`
	NotBefore app.Instant `json:"notBefore,omitzero"` // until when it is not tried again
}

// Offset returns the register's clock minus this computer's.
func (s *SenderState) Offset() time.Duration { return time.Duration(s.OffsetMS) * time.Millisecond }

// Parked says since when an employer's items wait for a person, and why.
type Parked struct {
	Since   app.Instant `json:"since"`
	Problem string      `json:"problem"`
	TraceID string      `json:"traceId,omitempty"`
}

// EmployerKey is how an employer is named among the parked ones.
func EmployerKey(r *app.Registration) string { return r.Enterprise + r.ForeignVAT }

// SenderTake asks for the place of the one sender.
type SenderTake struct {
	Environment app.Environment
	Owner       string
	Now         app.Instant
	Lease       app.Instant // until when
	LookUp      app.Instant // first look-up of what a former owner left
	// Dead says that an owner is surely gone, whatever its lease says.
	Dead func(owner string) bool
}

// Claim says what may go next. The rows are of one employer, per person in time
// order, and leave out: employers that are parked; what is not due; what was
// released and not yet looked up; later punches of a person who has one of
// unknown fate since WaitSince. What was in a request that failed goes in half
// the company it had then, with what failed as it did.
type Claim struct {
	Environment app.Environment
	Owner       string
	Now         app.Instant
	Lease       app.Instant
	Limit       int
	Only        []app.ID // where given, only these
	// Latest is the latest punch that may go, for now, by the register's clock: later
	// ones wait until they are as far in its past. Zero: any may go.
	Latest app.Instant
	// Ahead says that these go only once the owner's own batch that is under way was
	// answered plainly: its persons do not wait for it.
	Ahead     bool
	WaitSince app.Instant
	Attempt   app.Attempt // its id, operation and start
}

// Change is the new state of one registration. From is the state that it must
// be in. An accepted one is also kept where the row has become unknown
// meanwhile: it is knowledge.
//
// What a look-up found nothing for stays as a person left it meanwhile: SawNeeds
// and SawLookedUp are how the row was when it was asked about, where Saw is set.
type Change struct {
	ID          app.ID
	From        app.RegistrationState
	Saw         bool
	SawNeeds    bool
	SawLookedUp app.Instant
	Owner       string // for From "sending": who must still own it
	State       app.RegistrationState
	NotBefore   app.Instant
	LookUps     int
	LookedUp    app.Instant
	NeedsPerson bool
	RegisterID  int64
	Validity    string
	Answer      string
	Answered    app.Instant
	Failing     app.Failing
}

// Due is what can be done now.
type Due struct {
	Send     bool // something may be sent, unless its employer is parked or its person waits
	LookUp   bool // something is to be looked up
	Cancel   bool // something is to be cancelled, or looked at because it was
	Unproven bool // something released waits for a proof of the form of look-up
	InDoubt  bool // whatever its time: something has an unknown fate, waits for a proof or for a person
}

// Pending is what is still to be done. Instants are zero where there is nothing.
type Pending struct {
	Queued       int         // waiting to be sent, released and parked ones included
	Unknown      int         // of unknown fate
	NeedsPerson  int         // of both: a person decides
	NeedsUnknown int         // of them, those of unknown fate
	NeedsFailing int         // of them, those with which every request fails (CodeKeepsFailing)
	NeedsSince   app.Instant // the time of the oldest punch of those
	Unproven     int         // of the queued: looked up, and waiting for a proof of the form of look-up
	Waits        int         // of both: goes on by itself; no person decides and no employer is parked
	NextQueued   app.Instant // the earliest later instant at which a queued one is due
	NextLookUp   app.Instant // the earliest look-up, due ones included
	NextCancel   app.Instant // the earliest cancelling or look at one, due ones included
	NextCheck    app.Instant // the earliest check of validity, due ones included
	// Earlier counts the queued ones that an earlier run of the program queued and
	// nobody looked up; EarlierSince is the time of the oldest punch of them.
	Earlier      int
	EarlierSince app.Instant
	// OldestBlock is when the oldest unknown fate began, of those since waitSince.
	OldestBlock app.Instant
}

// AllFailing says that all that a person is asked about failed by itself.
func (p *Pending) AllFailing() bool { return p.NeedsPerson > 0 && p.NeedsFailing == p.NeedsPerson }

// PersonDecision is what a person decides about an item whose fate no look-up can tell.
type PersonDecision string

// Decisions.
const (
	DecideSend       PersonDecision = "send"       // it is not at the register: send it
	DecideRegistered PersonDecision = "registered" // it is at the register: count it as accepted
	DecideDrop       PersonDecision = "drop"       // leave it: to the correction dossier
)

// AnswerDecided is the answer kept where a person decided, before the decision's code.
const AnswerDecided = "decided:"
