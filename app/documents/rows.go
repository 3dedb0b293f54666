package documents

import (
	"time"

	"klokkast/app"
	"klokkast/app/store"
)

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
