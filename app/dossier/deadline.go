package dossier

import "klokkast/app"

// urgentFrom is the day after the punch from which a dossier is urgent.
const urgentFrom = 20

// Urgency says how pressing a correction is; its text is dossier.urgency.CODE.
type Urgency string

// Urgencies, in the order of time.
const (
	Early    Urgency = "early"    // the day itself: what is missing may still come
	Proposed Urgency = "proposed" // from the day after
	Urgent   Urgency = "urgent"   // from the 20th day
	Over     Urgency = "over"     // after the 30th: ask the NSSO now, with the evidence
)

// Deadline is the countdown of a correction.
type Deadline struct {
	Last    app.Date `json:"last"`     // last day on which it is in time
	Left    int      `json:"daysLeft"` // from today to Last; 0 on it, negative when over
	Urgency Urgency  `json:"urgency"`
}

// DeadlineOf returns the countdown of a punch of a Belgian day, as it stands today.
func DeadlineOf(day, today app.Date) Deadline {
	d := Deadline{Last: day.AddDays(app.CorrectionDays), Urgency: Proposed}
	d.Left = int(d.Last - today)
	switch gone := int(today - day); {
	case gone < 1:
		d.Urgency = Early
	case gone > app.CorrectionDays:
		d.Urgency = Over
	case gone >= urgentFrom:
		d.Urgency = Urgent
	}
	return d
}
