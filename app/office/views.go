package office

import (
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/reading"
	"klokkast/app/store"
)

// The views are what a screen or a command shows: facts and derived things
// joined with names, as data. Nothing in them is worded or formatted; the
// faces do that in the user's language.

// Names gives the name behind an id wherever a view holds one. A worker's is
// "Family Given"; a box's is its label, or its short UID.
type Names struct {
	Workers     map[app.ID]app.Worker
	Engagements map[app.ID]app.Engagement
	Employers   map[app.ID]app.Employer
	Sites       map[app.ID]app.Site
	Clients     map[app.ID]app.Client
	Boxes       map[string]app.Box
	zones       app.Zones // those of Sites, so that a list reads none of them anew
}

// Worker gives the worker's name, or "".
func (n *Names) Worker(id app.ID) string { return n.Workers[id].Name() }

// WorkerOf gives the name of whoever works by an engagement, or "".
func (n *Names) WorkerOf(engagement app.ID) string {
	return n.Worker(n.Engagements[engagement].WorkerID)
}

// Site gives the site's name, or "".
func (n *Names) Site(id app.ID) string { return n.Sites[id].Name }

// Box gives the box's label, or the first 8 characters of its UID.
func (n *Names) Box(uid string) string {
	if b, ok := n.Boxes[uid]; ok && b.Label != "" {
		return b.Label
	}
	return uid[:min(8, len(uid))]
}

// Zone is the site's time zone, app.DefaultZone where it has none or a wrong one.
func (n *Names) Zone(site app.ID) *time.Location {
	zone := n.Sites[site].Zone
	if known, ok := n.zones[zone]; ok {
		return known
	}
	return zone.Location()
}

// FoundAnomaly is a derived anomaly with what people decided about it.
type FoundAnomaly struct {
	app.Anomaly
	Status app.AnomalyStatus
	// State is the last decision; zero where there was none.
	State app.AnomalyState
	// Changed says that it was explained, but its evidence changed since.
	Changed bool
	// Gone says when and by what new facts settled it; nil unless Status is gone.
	Gone *app.Gone
}

// Today is the first screen.
type Today struct {
	Date        app.Date
	Environment app.Environment
	Demo        bool
	// Present are the presences of those who are known to be at work: the boxes of
	// their sites were read just now.
	Present []app.Presence
	// Unknown are those who came and of whom that is not known: their site's boxes
	// were not read since, or they came longer ago than anyone stays.
	Unknown  []UnknownThere
	Workdays int // begun today
	// Expected are the shifts of today at sites with a plan, by site and start.
	Expected   []Expected
	BySeverity map[app.Severity]int
	Newest     []FoundAnomaly // the open serious ones, newest first, at most 20
	Settled    []FoundAnomaly // what readings of today settled by themselves, newest first
	Boxes      []BoxRow       // those in use, longest unread first
	Older      []OlderRecords
	Register   RegisterCounts
	Access     Access
	// Declarations is how many lines the radar of declarations of works has, see DeclarationRadar.
	Declarations int
	// ClockUnchecked says that this computer's clock has no check under 7 days old (rule C1).
	ClockUnchecked bool
}

// OlderRecords is one line per box whose records make nothing (principle 9).
type OlderRecords struct {
	Box     string // UID
	Punches int
	From    app.Instant
	To      app.Instant
	Placed  bool // false: it stands nowhere; true: they are older than its placement
}

// BoxRow is one box: known, connected, or both.
type BoxRow struct {
	Box       app.Box
	Known     bool
	Connected string // how to open it now (the finder's path), "" when it is not connected
	Problem   string // code of why a connected one cannot be opened: no-permission, in-use, ...
	SiteID    app.ID // where it stands now; "" nowhere
	LastRead  app.Instant
	ReadTo    app.Instant // up to when its punches are known; zero: not known of any time
	LastState app.ReadingState
	Last      app.Reading // the last one; zero: never read
	ReadUpTo  uint64      // the highest record of its log that was ever read
	Punches   int
	Unacked   uint64 // stored punches that were not acknowledged to it yet, by anyone
	Gaps      []app.Gap
	Elsewhere []Elsewhere // those of Gaps that another installation has, with which
}

// PunchFilter narrows the punches shown.
type PunchFilter struct {
	Span     app.Span // box time
	WorkerID app.ID
	SiteID   app.ID
	Box      string
}

// PunchRow is one punch and what it turned out to be.
type PunchRow struct {
	app.Tap
	Registration *app.Registration // in the current environment, if one was queued
}

// WorkerRow is one line of Staff.
type WorkerRow struct {
	Worker      app.Worker
	Engagements []app.Engagement // newest first
	Badges      []Badge          // held now or later
	Anomalies   int              // open, warning or above
}

// Badge is an identifier with one custody of it.
type Badge struct {
	Identifier app.Identifier
	Custody    app.Custody
}

// SiteRow is one line of Sites.
type SiteRow struct {
	Site         app.Site
	Decision     app.SiteDecision // the one that applies now; Undecided where there is none
	Decisions    []app.SiteDecision
	Declarations []DeclaredSite
	Placements   []app.Placement
	Anomalies    int
}

// DeclaredSite is a declaration as it covers one site.
type DeclaredSite struct {
	Declaration app.Declaration
	Link        app.DeclarationSite
}

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

// SheetRow is one line of Timesheets: an engagement in some days.
type SheetRow struct {
	Engagement app.Engagement
	Worked     time.Duration // as printed: the sum of whole minutes
	Days       int
	Open       int // open anomalies, warning or above
	Incomplete bool
	// Approval closes all the days; nil while one is open. What stands here is what was approved then.
	Approval *app.Approval
	// Additions are how many of earlier days are settled with the days; Added is their sum.
	Additions int
	Added     time.Duration
	Paper     *store.Paper // the last one written, if any
}

// Progress tells how far a long piece of work is. Total 0 means unknown.
type Progress func(done, total int)

func (p Progress) ofReading() func(reading.Progress) {
	if p == nil {
		return nil
	}
	return func(r reading.Progress) { p(int(r.Done), int(r.Total)) }
}
