package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rule names one rule of attendance; the names are those of docs and texts.
type Rule string

// Rules that several rooms name. Their table is attendance.Rules; docs/attendance.md says what each finds.
const (
	MissingOut          Rule = "missing-out"
	MissingIn           Rule = "missing-in"
	DuplicateTap        Rule = "duplicate-tap"
	KeyContradiction    Rule = "key-contradiction"
	UnknownBadge        Rule = "unknown-badge"
	InactiveWorker      Rule = "inactive-worker"
	AmbiguousEmployer   Rule = "ambiguous-employer"
	AmbiguousDeclared   Rule = "ambiguous-declaration"
	Overlap             Rule = "overlap"
	ImpossibleTravel    Rule = "impossible-travel"
	TogetherAlways      Rule = "together-always"
	LongPresence        Rule = "long-presence"
	DayLimit            Rule = "day-limit"
	ShortPresence       Rule = "short-presence"
	NoBreak             Rule = "no-break"
	ShortRest           Rule = "short-rest"
	WeekLimit           Rule = "week-limit"
	NightWork           Rule = "night-work"
	SundayHoliday       Rule = "sunday-holiday"
	ClockDrift          Rule = "clock-drift"
	ClockReset          Rule = "clock-reset"
	FuturePunch         Rule = "future-punch"
	BoxEventRule        Rule = "box-event"
	SequenceGap         Rule = "sequence-gap"
	BoxUnread           Rule = "box-unread"
	NoDeclaration       Rule = "no-declaration"
	DeclarationExpired  Rule = "declaration-expired"
	DeclarationExpiring Rule = "declaration-expiring"
	UndecidedSite       Rule = "undecided-site"
	IdentityRule        Rule = "identity"
	SentLate            Rule = "sent-late"
	RefusedRule         Rule = "refused"
	CorrectionDue       Rule = "correction-due"
	NightOrForgotten    Rule = "night-or-forgotten" // P2: night shift or forgotten OUT?
	NotShown            Rule = "not-shown"          // this and those that follow: only with a plan
	Late                Rule = "late"
	EarlyLeave          Rule = "early-leave"
	NotPlanned          Rule = "not-planned"
)

// TitleKey is the key of its name in the catalogues.
func (r Rule) TitleKey() string { return "anomaly." + string(r) + ".title" }

// TextKey is the key of the sentences that say what it found.
func (r Rule) TextKey() string { return "anomaly." + string(r) + ".text" }

// StepsKey is the key of the sentences that say what settles it.
func (r Rule) StepsKey() string { return "anomaly." + string(r) + ".steps" }

// Thresholds about the register, of which the rule book has the defaults.
const (
	// SentLateAfter is from the punch to its acceptance, above which rule sent-late finds something.
	SentLateAfter Threshold = "sent-late"
	// CorrectionSerious is with at most how many days left a correction that is due is serious.
	CorrectionSerious Threshold = "correction-serious-days"
)

// FactKey is the key of the words for a code that a finding names.
func FactKey(code string) string { return "anomaly.fact." + code }

// Severity of an anomaly, ascending.
type Severity uint8

// Severities.
const (
	Information Severity = iota + 1
	Warning
	Serious
)

var severityNames = [...]string{"none", "information", "warning", "serious"}

// String returns information, warning or serious.
func (s Severity) String() string { return severityNames[min(int(s), len(severityNames)-1)] }

// MarshalText returns what String gives.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what String gives.
func (s *Severity) UnmarshalText(b []byte) error {
	i := slices.Index(severityNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("severity %q: want information, warning or serious", b)
	}
	*s = Severity(i)
	return nil
}

// Threshold names one configurable limit. Durations are in milliseconds.
type Threshold string

// Thresholds maps limits to values that replace the defaults: durations in
// milliseconds, counts and speeds as they are. It stands on the company, a
// site or an engagement; the narrower one wins.
type Thresholds map[Threshold]int64

// Side is one edge of a presence or a break.
type Side struct {
	// Punch is the tap; nil where the edge is an adjustment's.
	Punch *RecordKey `json:"punch,omitempty"`
	// At is the corrected time (rule C2); equal to Raw where no offset is applied.
	At  Instant `json:"at"`
	Raw Instant `json:"raw"`
	// Uncertainty of the correction.
	Uncertainty time.Duration `json:"-"`
	// Adjustment is set where a supervisor's statement gives the edge.
	Adjustment ID `json:"adjustment,omitempty"`
}

// PhoneMark stands in lists and on papers behind a time that was registered by phone or otherwise, and tapped at no box.
const PhoneMark = "†"

// ByPhone says that the edge was registered by phone or otherwise.
func (s *Side) ByPhone() bool { return s != nil && s.Punch != nil && s.Punch.ByRegister() }

// PresenceState says which edges of a presence are known.
type PresenceState string

// States of a presence.
const (
	PresenceComplete   PresenceState = "complete"
	PresenceOpen       PresenceState = "open"        // no OUT yet, and none can be missed yet
	PresenceMissingOut PresenceState = "missing-out" // no OUT, and none will come
	PresenceMissingIn  PresenceState = "missing-in"  // an OUT or a break without an IN
)

// Break lies inside a presence, from a break start to a break end.
type Break struct {
	Start Side  `json:"start"`         // At 0: a break end with no start, which begins a presence without IN
	End   *Side `json:"end,omitempty"` // nil: still on break, or never ended
}

// Presence is a person at a site from an IN to an OUT. Derived, never typed in.
type Presence struct {
	WorkerID     ID            `json:"workerId"`
	EngagementID ID            `json:"engagementId"`
	SiteID       ID            `json:"siteId"`
	State        PresenceState `json:"state"`
	In           *Side         `json:"in,omitempty"`
	Out          *Side         `json:"out,omitempty"`
	Breaks       []Break       `json:"breaks,omitempty"`
	Day          Date          `json:"day"` // of its workday
	// LastTap is the last punch of it, whichever that is.
	LastTap Instant `json:"lastTap"`
	// BoxReadTo is, while open, up to when every box of the site was read; zero: never.
	BoxReadTo Instant `json:"boxReadTo,omitzero"`
	// PhonesUnchecked says that BoxReadTo is up to when it is known who registered by phone: every clock box was read further.
	PhonesUnchecked bool `json:"phonesUnchecked,omitempty"`
	// OverGap is the gap that the presence is open over; on a missing edge, the
	// lost records that may have held it. Nil: none.
	OverGap *Gap `json:"overGap,omitempty"`
	// Adjusted says that an edge or the whole of it is a supervisor's statement.
	Adjusted bool `json:"adjusted,omitempty"`
	// Worked is the time of work in it of which both ends are known: from an IN or
	// break end to an OUT or break start. A stretch with an unknown end counts nothing.
	Worked time.Duration `json:"-"`
	// Night is the part of Worked that lies in the night by the site's clock.
	Night time.Duration `json:"-"`
	// Punches are all taps of it in order, breaks and ignored ones included.
	Punches []RecordKey `json:"punches"`
}

// Complete says that both edges are known.
func (p *Presence) Complete() bool { return p.In != nil && p.Out != nil }

// ByPhone says that somebody registered a part of it by phone or otherwise.
func (p *Presence) ByPhone() bool {
	return p.In.ByPhone() || p.Out.ByPhone() || slices.ContainsFunc(p.Breaks, func(b Break) bool { return b.Start.ByPhone() || b.End.ByPhone() })
}

// Start returns the first known instant of the presence.
func (p *Presence) Start() Instant {
	switch {
	case p.In != nil:
		return p.In.At
	case len(p.Breaks) > 0 && p.Breaks[0].Start.At != 0:
		return p.Breaks[0].Start.At
	case len(p.Breaks) > 0 && p.Breaks[0].End != nil:
		return p.Breaks[0].End.At
	case p.Out != nil:
		return p.Out.At
	}
	return p.LastTap
}

// Workday is one person's presences that belong together, dated by the local
// day of the first one's IN (rule W1).
type Workday struct {
	WorkerID ID `json:"workerId"`
	// EngagementID is set where this is the share of one engagement of a workday
	// that belongs to several.
	EngagementID ID         `json:"engagementId,omitempty"`
	Day          Date       `json:"day"`
	Presences    []Presence `json:"presences"` // by start
	// Durations are exact; a face or a paper cuts each to the minute once.
	Worked         time.Duration `json:"-"` // without breaks, overlaps counted once
	Adjusted       time.Duration `json:"-"` // the part of Worked that only adjustments give
	Breaks         time.Duration `json:"-"` // break keys and proposed breaks
	ProposedBreaks time.Duration `json:"-"` // the part of Breaks that rule B3 proposes
	Night          time.Duration `json:"-"` // worked from 20:00 to 06:00 local
	Sunday         time.Duration `json:"-"` // worked on Sundays and holidays, local
	Incomplete     bool          `json:"incomplete"`
}

// Subject says what an anomaly is about.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	ID   string      `json:"id"` // of the engagement, site, declaration; the box UID; the identifier's text
}

// SubjectKind is the kind of thing that an anomaly is about.
type SubjectKind string

// Kinds of subject.
const (
	AboutEngagement  SubjectKind = "engagement"
	AboutWorker      SubjectKind = "worker"
	AboutIdentifier  SubjectKind = "identifier"
	AboutBox         SubjectKind = "box"
	AboutSite        SubjectKind = "site"
	AboutDeclaration SubjectKind = "declaration"
	AboutEmployer    SubjectKind = "employer"
)

// Anomaly is one finding of one rule about one fact.
type Anomaly struct {
	Rule     Rule     `json:"rule"`
	Severity Severity `json:"severity"`
	Subject  Subject  `json:"subject"`
	// Anchor completes the identity: the key of the earliest punch, a local date,
	// a first sequence number, or "" for standing findings. No text, threshold or
	// computed time is in it.
	Anchor    string      `json:"anchor,omitempty"`
	WorkerID  ID          `json:"workerId,omitempty"`
	SiteID    ID          `json:"siteId,omitempty"`
	Box       string      `json:"box,omitempty"`
	Day       Date        `json:"day,omitzero"` // of the workday or the local day; for lists
	At        Instant     `json:"at,omitzero"`  // when the fact began
	Punches   []RecordKey `json:"punches,omitempty"`
	Threshold Threshold   `json:"threshold,omitempty"`
	Limit     int64       `json:"limit,omitempty"` // the threshold's value: milliseconds for durations
	Value     int64       `json:"value,omitempty"` // what was found, in the same unit
	Facts     Facts       `json:"facts,omitempty"`
}

// AnomalyKey is the identity of an anomaly: rule, subject and anchor.
type AnomalyKey struct {
	Rule    Rule
	Subject Subject
	Anchor  string
}

// Key returns the identity.
func (a *Anomaly) Key() AnomalyKey { return AnomalyKey{a.Rule, a.Subject, a.Anchor} }

// String returns the identity as one text: rule|kind:subject|anchor.
func (k AnomalyKey) String() string {
	return string(k.Rule) + "|" + string(k.Subject.Kind) + ":" + k.Subject.ID + "|" + k.Anchor
}

// ParseAnomalyKey reads what String gives.
func ParseAnomalyKey(s string) (AnomalyKey, error) {
	rule, rest, ok := strings.Cut(s, "|")
	end := strings.LastIndex(rest, "|")
	if !ok || end < 0 {
		return AnomalyKey{}, errors.New("a key of an anomaly is rule|kind:subject|anchor")
	}
	kind, id, ok := strings.Cut(rest[:end], ":")
	if !ok {
		return AnomalyKey{}, errors.New("the subject of an anomaly is kind:id")
	}
	return AnomalyKey{Rule(rule), Subject{SubjectKind(kind), id}, rest[end+1:]}, nil
}

// AnomalyStatus is where the work on an anomaly stands.
type AnomalyStatus string

// States of an anomaly.
const (
	AnomalyOpen      AnomalyStatus = "open"
	AnomalyExplained AnomalyStatus = "explained"
	AnomalyAdjusted  AnomalyStatus = "adjusted"
	AnomalyGone      AnomalyStatus = "gone"
)

// AnomalyState is what people did about an anomaly. One that nobody touched has no row.
type AnomalyState struct {
	Key          AnomalyKey    `json:"-"`
	Status       AnomalyStatus `json:"status"`
	Reason       string        `json:"reason,omitempty"` // a code of ReasonCodes
	Note         string        `json:"note,omitempty"`
	NoteLanguage Language      `json:"noteLanguage,omitempty"`
	By           string        `json:"by"`
	At           Instant       `json:"at"`
	Evidence     string        `json:"evidence,omitempty"` // hash of what was explained; another one reopens it
	// Was is the anomaly as it was when this was decided; nil: not kept.
	Was *Anomaly `json:"was,omitempty"`
	// Returned is when the anomaly, having been gone, came back with other punches:
	// a decision from before it does not hold. Zero: never.
	Returned Instant `json:"-"`
}

// Sight is an anomaly as it was last found, kept so that its disappearing can be told.
type Sight struct {
	Anomaly Anomaly
	// Occurrence tells one occurrence of a fact from another; see attendance.Occurrence.
	Occurrence string
}

// Gone is an anomaly that new facts settled: it was found once and is no more.
type Gone struct {
	Anomaly Anomaly `json:"-"`
	At      Instant `json:"at"`
	// ReadingID is the reading that settled it; "" where an act of a person did,
	// or time alone.
	ReadingID ID     `json:"readingId,omitempty"`
	What      string `json:"what,omitempty"` // of that act, as the trail names it
	By        string `json:"by,omitempty"`   // who did that act, or read
}

// AdjustmentKind says what an adjustment states.
type AdjustmentKind string

// Kinds of adjustment.
const (
	AdjustIn       AdjustmentKind = "in"       // the missing IN of the presence that Punch belongs to
	AdjustOut      AdjustmentKind = "out"      // the missing OUT of it
	AdjustPresence AdjustmentKind = "presence" // a whole presence without punches
)

// Adjustment is a dated, signed, reasoned statement by a supervisor. It
// changes the timesheet, never the punches, and is never sent to CIAO.
type Adjustment struct {
	ID           ID             `json:"id"`
	Kind         AdjustmentKind `json:"kind"`
	EngagementID ID             `json:"engagementId"`
	SiteID       ID             `json:"siteId"`
	Punch        *RecordKey     `json:"punch,omitempty"` // AdjustIn, AdjustOut: a tap of the presence
	From         Instant        `json:"from,omitzero"`   // AdjustIn, AdjustPresence
	To           Instant        `json:"to,omitzero"`     // AdjustOut, AdjustPresence
	Reason       string         `json:"reason"`          // a code of ReasonCodes
	Note         string         `json:"note,omitempty"`
	NoteLanguage Language       `json:"noteLanguage,omitempty"`
	By           string         `json:"by"`
	At           Instant        `json:"at"`
	Withdrawn    Instant        `json:"withdrawn,omitzero"` // never erased
}

// ReasonCodes are the reasons offered for explanations and adjustments; their
// texts stand in the catalogues as reason.CODE.
var ReasonCodes = [...]string{"forgot", "box-broken", "badge-lost", "wrong-key", "moved-site", "agreed", "other"}

// Ignored says that someone had one tap left out, with a reason.
type Ignored struct {
	ID           ID        `json:"id"`
	Punch        RecordKey `json:"punch"`
	Reason       string    `json:"reason"` // a code of ReasonCodes
	Note         string    `json:"note,omitempty"`
	NoteLanguage Language  `json:"noteLanguage,omitempty"`
	By           string    `json:"by"`
	At           Instant   `json:"at"`
	Withdrawn    Instant   `json:"withdrawn,omitzero"`
}

// Approval is one step in the life of a period of a worker: it closes the
// period, or takes an earlier closing back. Steps are never changed or erased.
type Approval struct {
	ID       ID      `json:"id"`
	WorkerID ID      `json:"workerId"`
	Days     Days    `json:"days"`           // both ends are given
	Hash     string  `json:"hash,omitempty"` // SHA-256 of Snapshot, hex; "" on a withdrawal
	Snapshot []byte  `json:"-"`              // what was approved, as package period writes it; lists leave it out
	By       string  `json:"by"`
	At       Instant `json:"at"`
	// Version counts the steps of the same worker and days from 1, withdrawals too.
	Version int `json:"version"`
	// Withdraws is the approval that this step takes back; "" where it approves.
	Withdraws ID     `json:"withdraws,omitempty"`
	Reason    string `json:"reason,omitempty"` // of a withdrawal, in the words of who made it
}
