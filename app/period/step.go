package period

import (
	"slices"

	"klokkast/app"
)

// Standing returns the approvals among all steps that nobody withdrew, in the
// order in which they were made.
func Standing(steps []app.Approval) []app.Approval {
	taken := map[app.ID]bool{}
	for _, s := range steps {
		taken[s.Withdraws] = true
	}
	var out []app.Approval
	for _, s := range steps {
		if s.Withdraws == "" && !taken[s.ID] {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b app.Approval) int { return compareSteps(&a, &b) })
	return out
}

// compareSteps is the order in which steps were made.
func compareSteps(a, b *app.Approval) int {
	switch {
	case a.At != b.At:
		return int(a.At - b.At)
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// ClosedBy returns the standing approval that closes a day of a worker.
func ClosedBy(steps []app.Approval, worker app.ID, day app.Date) (app.Approval, bool) {
	for _, s := range Standing(steps) {
		if s.WorkerID == worker && s.Days.Holds(day) {
			return s, true
		}
	}
	return app.Approval{}, false
}

// NextVersion is the version that the next step of a worker's days has.
func NextVersion(steps []app.Approval, worker app.ID, days app.Days) int {
	version := 1
	for _, s := range steps {
		if s.WorkerID == worker && s.Days == days {
			version = max(version, s.Version+1)
		}
	}
	return version
}
