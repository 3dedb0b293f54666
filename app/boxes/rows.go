package boxes

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/reading"
	"klokkast/app/workspace"
)

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
	Elsewhere []derived.Elsewhere // those of Gaps that another installation has, with which
}

func ofReading(p workspace.Progress) func(reading.Progress) {
	if p == nil {
		return nil
	}
	return func(r reading.Progress) { p(int(r.Done), int(r.Total)) }
}
