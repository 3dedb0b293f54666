package attendance

import (
	"slices"

	"klokkast/app"
)

// Rule is one row of the rule book. Whatever lists rules, or treats one otherwise
// than another, asks its row. Rules that other rooms name too have their names in
// package app; one that none does has its name, as its thresholds, in its own file.
type Rule struct {
	Name app.Rule
	// Docs is the heading of docs/attendance.md under which its row stands.
	Docs string
	// Severities of what it finds, the mildest first.
	Severities []app.Severity
	// Thresholds that it judges by, and those that decide what there is to judge.
	Thresholds []Default
	// Measures is what Value and Limit of its findings count; "": milliseconds.
	Measures Unit
	// Codes that its findings name, each with a text of its own: see TextKeys.
	Codes []string
	// Steps can settle what it finds, what fits best first. Each finding can be explained besides.
	Steps []StepCode

	// KeepsOpen says that an open finding keeps its day from being approved: an
	// edge is missing or in doubt, hours are counted at two sites, or it is not sure
	// for which engagement they count. Whatever else is found says something about
	// hours that are known, and is printed beside them.
	KeepsOpen bool
	// Unsure says that, while a finding is open, the keyless taps of its day are not sent.
	Unsure bool
	// AtRegister says that it is about registrations and changes no hours. It stands in package ciao.
	AtRegister bool
	// ToTheSecond says that it is about moments rather than hours.
	ToTheSecond bool

	// reaches says that its thresholds compare two taps or presences of one
	// person: blocks lie further apart than any of them.
	reaches bool
	// Where it looks: at one person's time, at one log, or at everything as it
	// stands. None: what gathers its facts finds it too.
	inPerson func(*derivation)
	inLog    func(*facts, *boxLog) []app.Anomaly
	inAll    func(*facts, []*person) []app.Anomaly
}

// Rules lists all rules in the order of the rule book.
func Rules() []Rule { return slices.Clone(ruleBook) }

// RuleOf looks a rule up; one without a name where there is none of that name.
func RuleOf(name app.Rule) Rule {
	for i := range ruleBook {
		if ruleBook[i].Name == name {
			return ruleBook[i]
		}
	}
	return Rule{}
}

// Settles says whether a step can settle what the rule finds.
func (r Rule) Settles(by StepCode) bool { return slices.Contains(r.Steps, by) }

// Informs says that it makes informations about people's days (Engine.Informations).
func (r Rule) Informs() bool {
	return r.inPerson != nil && slices.Contains(r.Severities, app.Information)
}

// TextKeys lists the keys of all its texts in the catalogues: its title, what it
// found, what settles it, its codes and its thresholds.
func (r Rule) TextKeys() []string {
	keys := []string{r.Name.TitleKey(), r.Name.TextKey(), r.Name.StepsKey()}
	for _, c := range r.Codes {
		keys = append(keys, app.FactKey(c))
	}
	for _, d := range r.Thresholds {
		keys = append(keys, "threshold."+string(d.Name))
	}
	return keys
}

// ruleBook is the table of rules. Its order is that of the thresholds where people set them.
var ruleBook = []Rule{
	{
		Name: app.DuplicateTap, Docs: "rules", Severities: []app.Severity{app.Information}, Measures: Span,
		Thresholds: []Default{{DuplicateWithin, 2 * minute, Milliseconds, 0, hour, ForContract}},
		Steps:      []StepCode{StepIgnore}, ToTheSecond: true, reaches: true, inPerson: duplicateTap,
	},
	{
		Name: app.KeyContradiction, Docs: "rules", Severities: []app.Severity{app.Warning}, Measures: Span,
		Thresholds: []Default{
			{RepeatWithin, 15 * minute, Milliseconds, 0, 4 * hour, ForContract},
			{SecondThought, 2 * minute, Milliseconds, 0, hour, ForContract},
		},
		Codes: []string{oddRepeated, oddCorrected, oddOutBreak, oddEndAtWork, oddTwoStarts},
		Steps: []StepCode{StepIgnore}, KeepsOpen: true, Unsure: true, ToTheSecond: true, reaches: true, inPerson: keyContradiction,
	},
	{
		Name: app.NightOrForgotten, Docs: "rules", Severities: []app.Severity{app.Warning},
		// The first two are of pairing (P2).
		Thresholds: []Default{
			{NewInAfter, 11 * hour, Milliseconds, hour, day, ForContract},
			{OutWithin, 24 * hour, Milliseconds, hour, 2 * day, ForContract},
			{NightAsked, 10 * hour, Milliseconds, hour, day, ForContract},
		},
		Steps: []StepCode{StepIgnore}, KeepsOpen: true, Unsure: true, reaches: true, inPerson: nightOrForgotten,
	},
	{
		Name: app.MissingOut, Docs: "rules", Severities: []app.Severity{app.Serious},
		// The first three are of pairing and workdays (B1, B3, W1).
		Thresholds: []Default{
			{BackAsIn, 2 * hour, Milliseconds, 0, 12 * hour, ForContract},
			{ProposedBreak, 60 * minute, Milliseconds, 0, 4 * hour, ForContract},
			{SameWorkday, 4 * hour, Milliseconds, 0, day, ForContract},
			{MissingOutAfter, 16 * hour, Milliseconds, hour, 3 * day, ForContract},
		},
		Steps: []StepCode{StepAdjust, StepIgnore, StepWithdraw, StepCorrect}, KeepsOpen: true, Unsure: true, reaches: true, inPerson: missingOut,
	},
	{
		Name: app.MissingIn, Docs: "rules", Severities: []app.Severity{app.Serious},
		Steps: []StepCode{StepAdjust, StepIgnore, StepWithdraw, StepCorrect}, KeepsOpen: true, Unsure: true, inPerson: missingIn,
	},
	{
		Name: app.LongPresence, Docs: "rules", Severities: []app.Severity{app.Warning, app.Serious},
		Thresholds: []Default{
			{LongWarning, 11 * hour, Milliseconds, hour, 2 * day, ForContract},
			{LongSerious, 16 * hour, Milliseconds, hour, 3 * day, ForContract},
		},
		Steps: []StepCode{StepIgnore}, inPerson: longPresence,
	},
	{
		Name: app.DayLimit, Docs: "rules", Severities: []app.Severity{app.Warning},
		Thresholds: []Default{{DayLimitAfter, 9 * hour, Milliseconds, hour, day, ForContract}},
		Steps:      []StepCode{StepIgnore}, inPerson: dayLimit,
	},
	{
		Name: app.ShortPresence, Docs: "rules", Severities: []app.Severity{app.Warning},
		Thresholds: []Default{
			{ShortBelow, 3 * hour, Milliseconds, 0, day, ForContract},
			{ShortBySession, 0, YesNo, 0, 1, ForContract},
			{SessionGap, 60 * minute, Milliseconds, 0, 12 * hour, ForContract},
		},
		Steps: []StepCode{StepIgnore}, reaches: true, inPerson: shortPresence,
	},
	{
		Name: app.NoBreak, Docs: "rules", Severities: []app.Severity{app.Warning},
		Thresholds: []Default{
			{NoBreakAfter, 6 * hour, Milliseconds, hour, day, ForContract},
			{NoBreakGap, 15 * minute, Milliseconds, minute, 4 * hour, ForContract},
		},
		Steps: []StepCode{StepIgnore}, reaches: true, inPerson: noBreak,
	},
	{
		Name: app.ShortRest, Docs: "rules", Severities: []app.Severity{app.Warning, app.Serious},
		Thresholds: []Default{
			{RestWarning, 11 * hour, Milliseconds, 0, day, ForContract},
			{RestSerious, 9 * hour, Milliseconds, 0, day, ForContract},
		},
		Steps: []StepCode{StepIgnore}, reaches: true, inPerson: shortRest,
	},
	{
		Name: app.WeekLimit, Docs: "rules", Severities: []app.Severity{app.Warning, app.Serious},
		Thresholds: []Default{
			{WeekWarning, 37 * hour, Milliseconds, hour, 7 * day, ForContract},
			{WeekSerious, 50 * hour, Milliseconds, hour, 7 * day, ForContract},
		},
		inPerson: weekLimit,
	},
	{
		Name: app.NightWork, Docs: "rules", Severities: []app.Severity{app.Information},
		Thresholds: []Default{
			{NightFrom, 20 * hour, TimeOfDay, 0, day - minute, ForContract},
			{NightTo, 6 * hour, TimeOfDay, 0, day - minute, ForContract},
		},
		inPerson: nightWork,
	},
	{
		Name: app.SundayHoliday, Docs: "rules", Severities: []app.Severity{app.Information},
		inPerson: sundayHoliday,
	},
	{
		Name: app.Overlap, Docs: "rules", Severities: []app.Severity{app.Serious},
		Steps: []StepCode{StepIgnore}, KeepsOpen: true, inPerson: overlapping,
	},
	{
		Name: app.ImpossibleTravel, Docs: "rules", Severities: []app.Severity{app.Warning}, Measures: Speed,
		Thresholds: []Default{
			{TravelSpeed, 60, Speed, 1, 500, ForContract},
			{TravelGrace, 5 * minute, Milliseconds, 0, 4 * hour, ForContract},
		},
		Steps: []StepCode{StepPlace, StepIgnore}, ToTheSecond: true, inPerson: impossibleTravel,
	},
	{
		Name: app.TogetherAlways, Docs: "rules", Severities: []app.Severity{app.Information}, Measures: Count,
		Thresholds: []Default{
			{TogetherOn, 0, YesNo, 0, 1, ForCompany},
			{TogetherWithin, 5 * second, Milliseconds, second, 10 * minute, ForCompany},
			{TogetherTimes, 8, Count, 2, 100, ForCompany},
			{TogetherOf, 10, Count, 2, 100, ForCompany},
		},
		ToTheSecond: true, inAll: togetherAlways,
	},
	{
		Name: app.UnknownBadge, Docs: "rules", Severities: []app.Severity{app.Serious},
		Steps: []StepCode{StepAssign, StepIgnore},
	},
	{
		Name: app.InactiveWorker, Docs: "rules", Severities: []app.Severity{app.Serious},
		Steps: []StepCode{StepEngagement, StepAssign, StepIgnore}, KeepsOpen: true, inPerson: inactiveWorker,
	},
	{
		Name: app.AmbiguousEmployer, Docs: "rules", Severities: []app.Severity{app.Warning},
		Steps: []StepCode{StepEmployer}, KeepsOpen: true, inPerson: ambiguousEmployer,
	},
	{
		Name: app.ClockDrift, Docs: "rules", Severities: []app.Severity{app.Warning}, Measures: Span,
		Thresholds: []Default{{DriftWarning, 30 * second, Milliseconds, second, hour, ForSite}},
		Steps:      []StepCode{StepSetClock}, inAll: clockDrift,
	},
	{
		Name: app.ClockReset, Docs: "rules", Severities: []app.Severity{app.Serious}, Measures: Span,
		Thresholds: []Default{
			{DriftLimit, 5 * minute, Milliseconds, minute, hour, ForCompany},
			{StepBack, 2 * minute, Milliseconds, 10 * second, hour, ForCompany},
		},
		Steps: []StepCode{StepRepairClock, StepSetClock}, inLog: clockReset,
	},
	{
		Name: app.FuturePunch, Docs: "rules", Severities: []app.Severity{app.Serious}, Measures: Span,
		Steps: []StepCode{StepRepairClock, StepSetClock}, inLog: futurePunch,
	},
	{
		Name: app.SequenceGap, Docs: "rules", Severities: []app.Severity{app.Information, app.Serious},
		Steps: []StepCode{StepReadBox}, inLog: sequenceGap,
	},
	{
		Name: app.BoxUnread, Docs: "rules", Severities: []app.Severity{app.Warning}, Measures: Span,
		Thresholds: []Default{
			{UnreadAfter, 7 * day, Milliseconds, hour, 366 * day, ForSite},
			{InUseWithin, 30 * day, Milliseconds, day, 366 * day, ForSite},
		},
		Steps: []StepCode{StepReadBox}, inAll: boxUnread,
	},
	{
		Name: PhonesUnchecked, Docs: "rules", Severities: []app.Severity{app.Warning}, Measures: Span,
		Thresholds: []Default{{PhonesAfter, 7 * day, Milliseconds, hour, 366 * day, ForSite}},
		Codes:      []string{neverAsked},
		Steps:      []StepCode{StepAskRegister}, inAll: phonesUnchecked,
	},
	{
		Name: app.BoxEventRule, Docs: "rules", Severities: []app.Severity{app.Information, app.Warning, app.Serious}, Measures: Percent,
		Thresholds: []Default{{MemoryAbove, 90, Percent, 1, 100, ForSite}},
		Codes:      []string{"case-opened", "store-full", "power-lost", "memory"},
		Steps:      []StepCode{StepReadBox}, inLog: boxEvent, inAll: fullBoxes,
	},
	{
		Name: app.NoDeclaration, Docs: "rules", Severities: []app.Severity{app.Serious},
		Steps: []StepCode{StepDeclaration, StepDecideSite}, inPerson: declaredOrNot,
	},
	{
		Name: app.DeclarationExpired, Docs: "rules", Severities: []app.Severity{app.Serious}, Measures: DayCount,
		Steps: []StepCode{StepDeclaration, StepDecideSite},
	},
	{
		Name: app.AmbiguousDeclared, Docs: "rules", Severities: []app.Severity{app.Warning},
		Steps: []StepCode{StepChooseDeclared},
	},
	{
		Name: app.DeclarationExpiring, Docs: "rules", Severities: []app.Severity{app.Warning}, Measures: DayCount,
		Thresholds: []Default{{ExpiringWithin, 30, DayCount, 0, 366, ForSite}},
		Steps:      []StepCode{StepDeclaration, StepDecideSite}, inAll: declarationExpiring,
	},
	{
		Name: app.UndecidedSite, Docs: "rules", Severities: []app.Severity{app.Warning},
		Steps: []StepCode{StepDecideSite}, inAll: undecidedSite,
	},
	{
		Name: app.IdentityRule, Docs: "rules", Severities: []app.Severity{app.Serious},
		Codes: []string{"ssin-missing", "ssin-wrong", "limosa-expired", "enterprise-missing", "enterprise-wrong"},
		Steps: []StepCode{StepIdentity}, inAll: identityOf,
	},
	{
		Name: app.NotShown, Docs: "with-a-plan", Severities: []app.Severity{app.Warning},
		Thresholds: []Default{{NotShownGrace, 15 * minute, Milliseconds, 0, day, ForContract}},
		inPerson:   notShown,
	},
	{
		Name: app.Late, Docs: "with-a-plan", Severities: []app.Severity{app.Warning},
		Thresholds: []Default{{LateGrace, 15 * minute, Milliseconds, 0, day, ForContract}},
		inPerson:   late,
	},
	{
		Name: app.EarlyLeave, Docs: "with-a-plan", Severities: []app.Severity{app.Warning},
		Thresholds: []Default{{EarlyGrace, 15 * minute, Milliseconds, 0, day, ForContract}},
		inPerson:   earlyLeave,
	},
	{
		Name: app.NotPlanned, Docs: "with-a-plan", Severities: []app.Severity{app.Warning},
		Codes:    []string{reasonCancelled, reasonReplaced, reasonAbsent},
		inPerson: notPlanned,
	},
	{
		Name: app.SentLate, Docs: "rules", Severities: []app.Severity{app.Information},
		Thresholds: []Default{{app.SentLateAfter, 10 * minute, Milliseconds, minute, 7 * day, ForSite}},
		AtRegister: true,
	},
	{
		Name: app.RefusedRule, Docs: "rules", Severities: []app.Severity{app.Serious},
		Steps: []StepCode{StepIdentity, StepCorrect}, AtRegister: true,
	},
	{
		Name: app.CorrectionDue, Docs: "rules", Severities: []app.Severity{app.Warning, app.Serious}, Measures: DayCount,
		Thresholds: []Default{{app.CorrectionSerious, 10, DayCount, 1, 30, ForCompany}},
		Steps:      []StepCode{StepCorrect}, AtRegister: true,
	},
}

// Thresholds: every number of the rule book has a name here. Durations are in
// milliseconds, except where the comment says otherwise.
const (
	DuplicateWithin app.Threshold = "duplicate-tap"         // D1: at most this long after the previous tap
	RepeatWithin    app.Threshold = "repetition"            // P3: the same direction again is a repetition
	SecondThought   app.Threshold = "second-thought"        // P3: the later of two keys counts
	NewInAfter      app.Threshold = "new-in-after"          // P2, B1: from here on a tap begins anew
	OutWithin       app.Threshold = "out-within"            // P2: how long after its IN a key can close a presence
	NightAsked      app.Threshold = "night-or-forgotten"    // P2: a longer keyless presence over night is asked about
	BackAsIn        app.Threshold = "break-end-as-in"       // B1: how long after an OUT a break end works as IN
	ProposedBreak   app.Threshold = "proposed-break"        // B3: a longer absence is no break
	SameWorkday     app.Threshold = "same-workday"          // W1: a longer absence over midnight ends the workday
	MissingOutAfter app.Threshold = "missing-out"           // after its IN
	LongWarning     app.Threshold = "long-presence"         // a longer one is a warning
	LongSerious     app.Threshold = "long-presence-serious" // a longer one is serious
	DayLimitAfter   app.Threshold = "day-limit"             // worked in a workday
	ShortBelow      app.Threshold = "short-presence"        // worked in a complete workday
	ShortBySession  app.Threshold = "short-by-session"      // 1: short-presence looks at each session; 0: at the workday
	SessionGap      app.Threshold = "session-gap"           // presences at most this far apart are one session
	NoBreakAfter    app.Threshold = "no-break"              // worked without a break
	NoBreakGap      app.Threshold = "no-break-gap"          // the shortest gap that is a break
	RestWarning     app.Threshold = "short-rest"            // between workdays
	RestSerious     app.Threshold = "short-rest-serious"    // between workdays
	WeekWarning     app.Threshold = "week-limit"            // for an engagement that names no weekly hours
	WeekSerious     app.Threshold = "week-limit-serious"    // whatever the engagement says
	NightFrom       app.Threshold = "night-from"            // local time of day
	NightTo         app.Threshold = "night-to"              // local time of day
	TravelSpeed     app.Threshold = "impossible-travel"     // km/h as the crow flies
	TravelGrace     app.Threshold = "impossible-travel-grace"
	TogetherOn      app.Threshold = "together-on"          // 1: together-always is switched on
	TogetherWithin  app.Threshold = "together-within"      // between two taps
	TogetherTimes   app.Threshold = "together-always"      // so many of
	TogetherOf      app.Threshold = "together-of"          // the last so many taps of either
	DriftWarning    app.Threshold = "clock-drift"          // box against computer
	DriftLimit      app.Threshold = "clock-reset"          // beyond this it is a wrong clock, not drift (C2); also for times after the reading
	StepBack        app.Threshold = "clock-step-back"      // C3: a longer step back cuts the log
	UnreadAfter     app.Threshold = "box-unread"           // since it was last read
	InUseWithin     app.Threshold = "box-in-use"           // a box that punched so lately is in use
	PhonesAfter     app.Threshold = "phones-unchecked"     // since the register was asked who registered by phone
	MemoryAbove     app.Threshold = "box-memory"           // percent of the store taken
	ExpiringWithin  app.Threshold = "declaration-expiring" // days
	NotShownGrace   app.Threshold = "not-shown"            // after the beginning of a planned shift
	LateGrace       app.Threshold = "late"                 // after the beginning of a planned shift
	EarlyGrace      app.Threshold = "early-leave"          // before the end of a planned shift

	// The rules of these two stand in app/ciao.
)
