package reading

import (
	"context"
	"slices"
	"strings"

	"klokkast/app"
)

// Plan is what an import would do.
type Plan struct {
	File  string // its base name
	Box   app.Box
	Known bool // the box was met before
	// Records are the lines that are taps, each once; New of them are not stored yet, Before are.
	Records, New, Before int
	Repeated             int         // lines that stand in the file more than once
	First, Last          app.Instant // of the taps; zero without any
	// Keys counts the taps by the key that was pressed.
	Keys   map[app.PunchKey]int
	People []PlannedPerson // by PIN or card, those with the most taps first
	Bad    []LineProblem   // do not parse; would be kept aside
	Doubts []LineProblem   // would be stored, with a doubt
}

// PlannedPerson is one identifier of a file.
type PlannedPerson struct {
	Key         app.IdentifierKey
	Taps, New   int
	First, Last app.Instant
}

// Preview tells what Import would do with the same arguments, and stores
// nothing. Its errors are those of Import.
func Preview(ctx context.Context, store FileStore, file ParsedFile, o ImportOptions) (*Plan, error) {
	o.fill()
	p, err := prepare(ctx, store, file, o)
	if err != nil {
		return nil, err
	}
	plan := &Plan{
		File: file.Name(), Box: p.box, Known: p.known, Records: len(p.records), New: len(p.fresh), Before: p.before, Repeated: p.repeated,
		Keys: map[app.PunchKey]int{}, Bad: file.Bad(), Doubts: p.doubts,
	}
	fresh := make(map[app.RecordKey]bool, len(p.fresh))
	for _, r := range p.fresh {
		fresh[r.Key] = true
	}
	people := map[app.IdentifierKey]*PlannedPerson{}
	for _, r := range p.records {
		if r.Punch == nil {
			continue
		}
		plan.First, plan.Last = earlier(plan.First, r.Punch.At), max(plan.Last, r.Punch.At)
		plan.Keys[r.Punch.Pressed]++
		who := people[r.Punch.Identifier]
		if who == nil {
			who = &PlannedPerson{Key: r.Punch.Identifier}
			people[r.Punch.Identifier] = who
		}
		who.Taps++
		who.First, who.Last = earlier(who.First, r.Punch.At), max(who.Last, r.Punch.At)
		if fresh[r.Key] {
			who.New++
		}
	}
	for _, who := range people {
		plan.People = append(plan.People, *who)
	}
	slices.SortFunc(plan.People, func(a, b PlannedPerson) int {
		if a.Taps != b.Taps {
			return b.Taps - a.Taps
		}
		return strings.Compare(string(a.Key.Kind)+a.Key.Value, string(b.Key.Kind)+b.Key.Value)
	})
	return plan, nil
}

// earlier returns the earlier of two instants, of which zero is none.
func earlier(a, b app.Instant) app.Instant {
	if a == 0 || b < a {
		return b
	}
	return a
}
