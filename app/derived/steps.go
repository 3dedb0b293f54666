package derived

import (
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
)

// Step is a step and whether it can be taken now.
type Step struct {
	Code    attendance.StepCode `json:"code"`
	Applies bool                `json:"applies"`
}

// steps returns all steps of an anomaly, with whether each can be taken now.
func (p *Snapshot) steps(a *FoundAnomaly, evidence []EvidencePunch) []Step {
	var out []Step
	for _, c := range slices.Concat(attendance.RuleOf(a.Rule).Steps, []attendance.StepCode{attendance.StepExplain, attendance.StepReopen, attendance.StepCountAgain}) {
		out = append(out, Step{c, p.applies(c, a, evidence)})
	}
	return out
}

func (p *Snapshot) applies(c attendance.StepCode, a *FoundAnomaly, evidence []EvidencePunch) bool {
	ignored := func(e EvidencePunch) bool { return e.Role == app.TapIgnored }
	switch c {
	case attendance.StepReopen:
		return a.Status == app.AnomalyExplained
	case attendance.StepWithdraw:
		return a.Status == app.AnomalyAdjusted
	case attendance.StepCountAgain:
		return slices.ContainsFunc(evidence, ignored)
	case attendance.StepAssign:
		unheld := func(e EvidencePunch) bool { return e.Role == app.TapUnknown }
		return a.Status == app.AnomalyOpen && (a.Rule != app.UnknownBadge || slices.ContainsFunc(evidence, unheld))
	case attendance.StepIgnore:
		return a.Status == app.AnomalyOpen && slices.ContainsFunc(evidence, func(e EvidencePunch) bool { return !ignored(e) })
	}
	return a.Status == app.AnomalyOpen
}
