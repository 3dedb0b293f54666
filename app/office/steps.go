package office

import (
	"slices"

	"klokkast/app"
)

// StepCode names a step that can settle an anomaly; its text stands in the
// catalogues as step.CODE.
type StepCode string

// Steps.
const (
	StepExplain        StepCode = "explain"             // say why it is as it is
	StepReopen         StepCode = "reopen"              // take an explanation back
	StepAdjust         StepCode = "adjust"              // state the missing edge
	StepWithdraw       StepCode = "withdraw"            // take that statement back
	StepIgnore         StepCode = "ignore-tap"          // leave a tap out
	StepCountAgain     StepCode = "count-again"         // count a tap that was left out
	StepAssign         StepCode = "assign-badge"        // say who held the badge then
	StepEngagement     StepCode = "change-engagement"   // mend the days of the engagement
	StepEmployer       StepCode = "choose-employer"     // say which engagement is the default
	StepDecideSite     StepCode = "decide-site"         // say whether the site falls under CIAO
	StepDeclaration    StepCode = "add-declaration"     // enter a declaration of works
	StepChooseDeclared StepCode = "choose-declaration"  // say which declaration is the default
	StepIdentity       StepCode = "complete-identity"   // enter what the register needs
	StepReadBox        StepCode = "read-box"            // read the box to its end
	StepSetClock       StepCode = "set-clock"           // set the box's clock
	StepRepairClock    StepCode = "accept-clock-repair" // confirm the shift of a wrong clock
	StepPlace          StepCode = "set-coordinates"     // enter where the site lies
	StepCorrect        StepCode = "correct-at-register" // have the register corrected
)

// Step is a step and whether it can be taken now.
type Step struct {
	Code    StepCode `json:"code"`
	Applies bool     `json:"applies"`
}

// stepsOf gives what can settle what a rule finds, what fits best first. Each
// can be explained besides.
func stepsOf(r app.Rule) []StepCode {
	switch r {
	case app.MissingOut, app.MissingIn:
		return []StepCode{StepAdjust, StepIgnore, StepWithdraw, StepCorrect}
	case app.DuplicateTap, app.KeyContradiction, app.NightOrForgotten, app.Overlap, app.LongPresence, app.DayLimit, app.ShortPresence,
		app.NoBreak, app.ShortRest:
		return []StepCode{StepIgnore}
	case app.UnknownBadge:
		return []StepCode{StepAssign, StepIgnore}
	case app.InactiveWorker:
		return []StepCode{StepEngagement, StepAssign, StepIgnore}
	case app.AmbiguousEmployer:
		return []StepCode{StepEmployer}
	case app.AmbiguousDeclared:
		return []StepCode{StepChooseDeclared}
	case app.ImpossibleTravel:
		return []StepCode{StepPlace, StepIgnore}
	case app.ClockDrift:
		return []StepCode{StepSetClock}
	case app.ClockReset, app.FuturePunch:
		return []StepCode{StepRepairClock, StepSetClock}
	case app.BoxEventRule, app.SequenceGap, app.BoxUnread:
		return []StepCode{StepReadBox}
	case app.NoDeclaration, app.DeclarationExpired, app.DeclarationExpiring:
		return []StepCode{StepDeclaration, StepDecideSite}
	case app.UndecidedSite:
		return []StepCode{StepDecideSite}
	case app.IdentityRule:
		return []StepCode{StepIdentity}
	case app.RefusedRule:
		return []StepCode{StepIdentity, StepCorrect}
	case app.CorrectionDue:
		return []StepCode{StepCorrect}
	}
	return nil
}

// steps gives all steps of an anomaly, with whether each can be taken now.
func (p *picture) steps(a *FoundAnomaly, evidence []EvidencePunch) []Step {
	var out []Step
	for _, c := range append(stepsOf(a.Rule), StepExplain, StepReopen, StepCountAgain) {
		out = append(out, Step{c, p.applies(c, a, evidence)})
	}
	return out
}

func (p *picture) applies(c StepCode, a *FoundAnomaly, evidence []EvidencePunch) bool {
	ignored := func(e EvidencePunch) bool { return e.Role == app.TapIgnored }
	switch c {
	case StepReopen:
		return a.Status == app.AnomalyExplained
	case StepWithdraw:
		return a.Status == app.AnomalyAdjusted
	case StepCountAgain:
		return slices.ContainsFunc(evidence, ignored)
	case StepAssign:
		unheld := func(e EvidencePunch) bool { return e.Role == app.TapUnknown }
		return a.Status == app.AnomalyOpen && (a.Rule != app.UnknownBadge || slices.ContainsFunc(evidence, unheld))
	case StepIgnore:
		return a.Status == app.AnomalyOpen && slices.ContainsFunc(evidence, func(e EvidencePunch) bool { return !ignored(e) })
	}
	return a.Status == app.AnomalyOpen
}
