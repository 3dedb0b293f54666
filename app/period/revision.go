package period

import "klokkast/app"

// Revision says what an approval closes otherwise than the one that it replaces:
// that of the same worker and days that was withdrawn before it. A paper of the
// new one tells what changed.
type Revision struct {
	Version int          `json:"version"`          // of the approval that is replaced
	Reason  string       `json:"reason,omitempty"` // why it was withdrawn, in the words of who did it
	Days    []RevisedDay `json:"days"`             // by day and engagement; none: the same hours
}

// RevisedDay is a part of a day that counts otherwise, or of other presences.
type RevisedDay struct {
	EngagementID app.ID   `json:"engagementId"`
	Day          app.Date `json:"day"`
	Was          Figures  `json:"was"`
	Is           Figures  `json:"is"`
	Changes      []Change `json:"changes"`
}

// Revise compares workdays with what an approval closed that was withdrawn.
func Revise(was Closing, withdrawal app.Approval, now []Workday) *Revision {
	r := &Revision{Version: was.Step.Version, Reason: withdrawal.Reason, Days: []RevisedDay{}}
	for _, a := range OpenAdditions([]Closing{was}, now, Known{}) {
		r.Days = append(r.Days, RevisedDay{a.EngagementID, a.Day, a.Was, a.Is, a.Changes})
	}
	return r
}

// Replaced returns the approval of exactly these days that was withdrawn last, with
// the step that withdrew it; false where there was none.
func Replaced(steps []app.Approval, worker app.ID, days app.Days) (was, withdrawal app.Approval, ok bool) {
	for _, s := range steps {
		if s.WorkerID == worker && s.Days == days && s.Withdraws != "" && s.Version > withdrawal.Version {
			withdrawal = s
		}
	}
	for _, s := range steps {
		if s.ID == withdrawal.Withdraws && s.ID != "" {
			return s, withdrawal, true
		}
	}
	return was, withdrawal, false
}
