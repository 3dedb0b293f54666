package boxes

import (
	"context"
	"fmt"
	"sort"
	"time"

	"klokkast/app"
)

// OffsetLedger is what readings measured of one box's clock, oldest first.
type OffsetLedger struct {
	Box    string
	Points []OffsetPoint
	// DriftPPM is by how many millionths the box's clock runs fast (below zero:
	// slow): least squares over the checked points since its clock was last set or
	// lost. 0 with fewer than two of them.
	DriftPPM float64
	// Counted is how many points the drift rests on.
	Counted int
}

// OffsetPoint is one measurement.
type OffsetPoint struct {
	app.ClockOffset
	// Checked says that the computer's own clock was found right within the week before.
	Checked bool
	// SinceSet says that the clock was neither set nor lost after it.
	SinceSet bool
}

// OffsetLedger returns what is known of one box's clock.
func (o *Boxes) OffsetLedger(ctx context.Context, uid string) (*OffsetLedger, error) {
	readings, err := o.work.Store.Readings(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up the clock of a box: %w", err)
	}
	events, err := o.work.Store.BoxEvents(ctx, app.Span{})
	if err != nil {
		return nil, fmt.Errorf("look up the clock of a box: %w", err)
	}
	l := LedgerOf(uid, readings, events)
	return &l, nil
}

// LedgerOf makes the ledger of one box of readings and events of any.
func LedgerOf(uid string, readings []app.Reading, events []app.BoxEvent) OffsetLedger {
	l := OffsetLedger{Box: uid}
	sets := lastSets(uid, events)
	list := measuring(uid, readings)
	reached := map[app.LogKey]uint64{}
	newest := app.LogKey{}
	for _, r := range list {
		newest = r.Log
	}
	for _, r := range list {
		reached[r.Log] = max(reached[r.Log], r.Last)
		l.Points = append(l.Points, OffsetPoint{
			ClockOffset: *r.Clock, Checked: rightClock(r.Check, r.Clock.At),
			SinceSet: r.Log == newest && reached[r.Log] >= sets[r.Log],
		})
	}
	var counted []app.ClockOffset
	for _, p := range l.Points {
		if p.Checked && p.SinceSet {
			counted = append(counted, p.ClockOffset)
		}
	}
	l.DriftPPM, l.Counted = Drift(counted), len(counted)
	return l
}

// measuring returns the readings of a box that measured its clock, by time.
func measuring(uid string, readings []app.Reading) (out []app.Reading) {
	for _, r := range readings {
		if r.Log.Box == uid && r.Clock != nil {
			out = append(out, r)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Clock.At < out[b].Clock.At })
	return out
}

// lastSets gives, by log, the sequence of the last record that says that the clock was set or lost.
func lastSets(uid string, events []app.BoxEvent) map[app.LogKey]uint64 {
	out := map[app.LogKey]uint64{}
	for _, e := range events {
		if e.Key.Box == uid && (e.Type == app.RecordClockSet || e.Type == app.RecordClockLost) {
			out[e.Key.LogKey] = max(out[e.Key.LogKey], e.Key.Seq)
		}
	}
	return out
}

// Drift returns by how many millionths (ppm) a clock gains over measurements of
// it: the slope of the straight line with the least squares. 0 where fewer than
// two were made at different times.
func Drift(points []app.ClockOffset) float64 {
	if len(points) < 2 {
		return 0
	}
	n, first := float64(len(points)), points[0].At
	at := func(p app.ClockOffset) float64 { return p.At.Sub(first).Seconds() }
	var meanAt, meanOffset float64
	for _, p := range points {
		meanAt += at(p) / n
		meanOffset += p.Offset.Seconds() / n
	}
	var both, square float64
	for _, p := range points {
		d := at(p) - meanAt
		both += d * (p.Offset.Seconds() - meanOffset)
		square += d * d
	}
	if square == 0 {
		return 0
	}
	return both / square * float64(time.Second/time.Microsecond)
}
