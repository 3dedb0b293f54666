package attendance

import (
	"time"

	"klokkast/app"
)

// Input holds the facts that a derivation rests on. The order of no slice
// matters, and a fact that stands in it twice counts once. Derive changes
// nothing in it, and the result points into it: do not change it afterwards.
type Input struct {
	Workers          []app.Worker
	Employers        []app.Employer
	Engagements      []app.Engagement
	Identifiers      []app.Identifier
	Custodies        []app.Custody
	Boxes            []app.Box
	Placements       []app.Placement
	Sites            []app.Site
	SiteDecisions    []app.SiteDecision
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	Punches          []app.Punch
	Events           []app.BoxEvent
	Readings         []app.Reading
	Gaps             []app.Gap
	Adjustments      []app.Adjustment
	Ignored          []app.Ignored
	// PlanLines, PlanExceptions and Absences are the plan; without lines no rule of a plan finds anything.
	PlanLines      []app.PlanLine
	PlanExceptions []app.PlanException
	Absences       []app.Absence
	// Fills say how full boxes were when last read; a box without one is not judged.
	Fills []Fill
	// Repairs are the accepted shifts of wrong clocks (C3).
	Repairs []app.ClockRepair
	// Cuts are where people said that one clock ends in a log and another begins (C3).
	Cuts []app.ClockCut
	// Notations are the confirmed notations of boxes: a card that nobody knows is,
	// at such a box, the one card held then that it shows so.
	Notations []app.BadgeNotation
	// Entries are what is known, beside their punches, of registrations by phone or otherwise.
	Entries []app.RegisterEntry
	// States are what people decided about anomalies. Derive needs three kinds of
	// explained ones: a sequence-gap (the records are lost, so that what it hides
	// may be called missing), night-or-forgotten (reason "forgot": the person
	// forgot the OUT; any other: it was a night shift), and pairing anomalies (a
	// tap of the day is sure again).
	States   []app.AnomalyState
	Settings Settings
	// Now is the instant for which everything is judged.
	Now app.Instant
}

// Settings are the company's own.
type Settings struct {
	// Thresholds replace defaults for the whole company.
	Thresholds app.Thresholds
	// ExtraHoliday is one day of every year, MM-DD, that counts as a holiday; "" none.
	ExtraHoliday string
	// Replacements are the days that replace legal holidays on a Sunday.
	Replacements []app.Date
	// Holidays gives the legal holidays of a year; nil: the ten Belgian ones.
	Holidays func(year int) []app.Date
}

// Fill is how much of a box's store is taken by records that may not be
// overwritten: those that were not acknowledged.
type Fill struct {
	Box      string
	At       app.Instant // when it was read off
	Used     uint64      // records
	Capacity uint64      // records
}

// Result is what was derived. Every order in it is part of the contract.
type Result struct {
	// Taps has one for each punch: by worker, corrected time and place in the log;
	// those of nobody, "" as worker, first.
	Taps []app.Tap
	// Presences by worker, day and start.
	Presences []app.Presence
	// Workdays by worker and day; their presences are parts of Presences.
	Workdays []app.Workday
	// Shares are the workdays of several engagements once more, split: one for
	// each engagement, with its EngagementID. By worker, day and first presence.
	Shares []app.Workday
	// Anomalies by time (standing ones first), rule, subject and anchor; no two have one identity.
	Anomalies []app.Anomaly
	// Older has, per box, what it holds from before its placements or from while
	// it stood nowhere (principle 9), by box UID.
	Older []Older
	// Segments are the parts of logs whose clock was wrong, settled or not, by log and sequence (C3).
	Segments []Segment
	// Clock is what there is to say of the computer's own clock (C1).
	Clock ComputerClock
	// Unused are adjustments that have nothing to give: the edge that they state
	// has a punch now, or no presence has their punch. By id.
	Unused []app.ID
}

// Older says how many records of a box make nothing because it stood at no site.
type Older struct {
	Box     string
	Punches int
	Records int         // punches and events
	From    app.Instant // raw time of the earliest and latest punch of them
	To      app.Instant
	// Placed says that the box has a placement, so that they are older or from in between.
	Placed bool
}

// SegmentKind says what is wrong with a segment's clock.
type SegmentKind string

// Kinds of wrong clock.
const (
	ClockWrong  SegmentKind = "wrong"  // measured, and off by more than the limit
	ClockReset  SegmentKind = "reset"  // before 2020, or it does not fit between its neighbours
	ClockFuture SegmentKind = "future" // later than the reading that fetched it
)

// ShiftSource says where a proposed shift comes from, best first.
type ShiftSource string

// Sources of a shift.
const (
	FromBoot       ShiftSource = "boot"        // other records of the same boot have a right clock
	FromClockSet   ShiftSource = "clock-set"   // the box noted old and new time when it was set
	FromMeasure    ShiftSource = "measured"    // a checked reading measured it
	FromSummerTime ShiftSource = "summer-time" // a file: the clock was put back days after summer time ended
	FromNeighbours ShiftSource = "neighbours"  // in the middle of the time that the records around it leave
	FromPerson     ShiftSource = "person"      // accepted only: someone knew the right time of a punch
	FromNothing    ShiftSource = "none"        // a person has to say
)

// Segment is a part of a log, by record order, whose clock was wrong.
type Segment struct {
	Log      app.LogKey
	First    uint64
	Last     uint64
	Kind     SegmentKind
	Records  int // punches and events; 0: the clock is wrong since the last of them
	Punches  int
	RawFrom  app.Instant   // the box's own time of its first record,
	RawTo    app.Instant   // and of its last
	Between  app.Span      // the right times of the settled records around it; To also when it was read; zero ends are open
	Slack    time.Duration // by how much it may overlap them (clock-step-back)
	Proposed time.Duration // to add to every raw time; valid unless Source is FromNothing
	Source   ShiftSource
	// Uncertainty of Proposed: half the width of what it can be.
	Uncertainty time.Duration
	Repair      app.ID        // the repair that settled it; "" while unsettled
	Shift       time.Duration // of the repair
}

// Key is the name of the segment: its first record, the anchor of its anomaly.
func (s *Segment) Key() app.RecordKey { return app.RecordKey{LogKey: s.Log, Seq: s.First} }

// Fits says that a shift puts the segment, in order, between what is settled around it.
func (s *Segment) Fits(shift time.Duration) bool {
	return s.Records == 0 || s.RawFrom.Add(shift) >= s.Between.From.Add(-s.Slack) && (s.Between.To == 0 || s.RawTo.Add(shift) <= s.Between.To.Add(s.Slack))
}

// ComputerClock says what is wrong with the clock that boxes were measured by.
type ComputerClock struct {
	// Unchecked counts the boxes whose last measurement counts for nothing,
	// because the computer's own clock had no good check within seven days.
	Unchecked int
	// Suspected says that most boxes were off by the same Offset when last read:
	// then it is rather the computer that is wrong.
	Suspected bool
	Offset    time.Duration
}
