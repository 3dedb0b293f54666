package acts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// WrongClock is a part of a log whose clock was wrong, with what became of it (rule C3).
type WrongClock struct {
	attendance.Segment
	// Accepted is the repair in force; nil while the segment waits for a person.
	Accepted *app.ClockRepair
	// Fits says that the shift, accepted or else proposed, puts it in order
	// between what is certain around it.
	Fits bool
}

// ShiftChoice says by which shift a wrong clock is put right.
type ShiftChoice struct {
	// Segment is the key of its first record: the anchor of its anomaly.
	Segment app.RecordKey
	// Shift is added to the box's times, whole milliseconds, or
	Shift *time.Duration
	// Punch is one of its punches, of which someone knows the right time; or, with neither,
	// the proposed shift counts.
	Punch uint64
	At    app.Instant
}

// ClockEffect is what accepting a shift would change. Nothing of it is kept.
type ClockEffect struct {
	Clock  WrongClock
	Shift  time.Duration // that would count
	Source attendance.ShiftSource
	Fits   bool
	// Punches are those of the segment, by the box's own time.
	Punches []MovedPunch
	// Left are registrations of these punches that were sent before: what was sent
	// stays as it is, by whatever time it was sent.
	Left []app.Registration
	Effect
}

// MovedPunch is one punch of a segment, as the box dated it and as it would be.
type MovedPunch struct {
	Key      app.RecordKey
	Raw, At  app.Instant
	WorkerID app.ID // "" nobody
	SiteID   app.ID
	Role     app.TapRole
}

// WrongClocks returns the parts of logs whose clock was wrong, settled or not; of
// one box, or with "" of all.
func (o *Judgements) WrongClocks(ctx context.Context, box string) ([]WrongClock, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return wrongClocksOf(p, box), nil
}

func wrongClocksOf(p *derived.Snapshot, box string) []WrongClock {
	out := []WrongClock{}
	for _, s := range p.Segments() {
		if box != "" && s.Log.Box != box {
			continue
		}
		w := WrongClock{Segment: s, Fits: s.Source != attendance.FromNothing && s.Fits(s.Proposed)}
		if i := slices.IndexFunc(p.Facts.Repairs, func(r app.ClockRepair) bool { return r.ID == s.Repair }); s.Repair != "" && i >= 0 {
			w.Accepted, w.Fits = &p.Facts.Repairs[i], s.Fits(s.Shift)
		}
		out = append(out, w)
	}
	return out
}

func wrongClockAt(p *derived.Snapshot, key app.RecordKey) (WrongClock, error) {
	for _, w := range wrongClocksOf(p, key.Box) {
		if w.Key() == key {
			return w, nil
		}
	}
	return WrongClock{}, app.NotFound("segment", key.String())
}

// SegmentTaps returns the punches of a segment, by the box's own time.
func (o *Judgements) SegmentTaps(ctx context.Context, w WrongClock) ([]app.Tap, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return tapsOf(p, w), nil
}

func tapsOf(p *derived.Snapshot, w WrongClock) []app.Tap {
	list := slices.DeleteFunc(p.Taps(derived.PunchFilter{Box: w.Log.Box}), func(t app.Tap) bool {
		return t.Punch.Key.LogKey != w.Log || !p.Engine.InSegment(&w.Segment, t.Punch.Key.Seq)
	})
	slices.SortStableFunc(list, func(a, b app.Tap) int { return cmp.Compare(a.Punch.At, b.Punch.At) })
	return list
}

// PreviewRepair says what accepting a shift would change, punch by punch.
func (o *Judgements) PreviewRepair(ctx context.Context, c ShiftChoice) (*ClockEffect, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	w, r, err := chosenShift(p, c)
	if err != nil {
		return nil, err
	}
	effect, err := o.Preview(ctx, Proposal{Repair: []ShiftChoice{c}})
	if err != nil {
		return nil, err
	}
	e := &ClockEffect{Clock: w, Shift: r.Shift, Source: attendance.ShiftSource(r.Source), Fits: w.Segment.Fits(r.Shift), Effect: *effect}
	return e, addPunches(ctx, p, e)
}

// addPunches lists the punches of the segment as they would be.
func addPunches(ctx context.Context, p *derived.Snapshot, e *ClockEffect) error {
	after := make(map[app.RecordKey]app.Tap, len(e.Taps))
	for _, t := range e.Taps {
		after[t.After.Punch.Key] = t.After
	}
	w := e.Clock
	taps := tapsOf(p, w)
	keys := make([]app.RecordKey, len(taps))
	for i := range taps {
		keys[i] = taps[i].Punch.Key
	}
	rows, err := p.Register.Rows(ctx, keys)
	if err != nil {
		return err
	}
	for _, t := range taps {
		k := t.Punch.Key
		if a, ok := after[k]; ok {
			t = a
		}
		e.Punches = append(e.Punches, MovedPunch{k, t.Punch.At, t.Punch.At.Add(e.Shift), t.WorkerID, t.SiteID, t.Role})
		if r, ok := rows[k]; ok && r.State != app.RegHeld {
			e.Left = append(e.Left, r)
		}
	}
	return nil
}

// chosenShift makes a repair of what someone chose, and checks it.
func chosenShift(p *derived.Snapshot, c ShiftChoice) (WrongClock, app.ClockRepair, error) {
	w, err := wrongClockAt(p, c.Segment)
	r := app.ClockRepair{Log: w.Log, First: w.First, Last: w.Last, Source: string(attendance.FromPerson)}
	switch {
	case err != nil:
	case w.Accepted != nil:
		err = &app.FieldError{Field: "segment", Code: "clockRepair.taken"}
	case c.Shift != nil:
		r.Shift = c.Shift.Truncate(time.Millisecond)
	case c.Punch != 0:
		r.Shift, err = shiftOf(p, w, c.Punch, c.At)
	case w.Source == attendance.FromNothing:
		err = &app.FieldError{Field: "shift", Code: "shift.none", Example: "2026-11-23 06:58"}
	case w.Uncertainty > mostUncertain:
		err = &app.FieldError{Field: "shift", Code: "shift.uncertain", Example: "2026-11-23 06:58"}
	default:
		r.Shift, r.Source = w.Proposed, string(w.Source)
	}
	return w, r, err
}

// mostUncertain is how uncertain a proposed shift may be and still be accepted as
// it stands: beyond what counts as drift, it would invent hours.
const mostUncertain = 5 * time.Minute

// shiftOf returns the shift that puts one punch of a segment at its right time.
func shiftOf(p *derived.Snapshot, w WrongClock, seq uint64, at app.Instant) (time.Duration, error) {
	t, ok := p.Tap(app.RecordKey{LogKey: w.Log, Seq: seq})
	if !ok || !p.Engine.InSegment(&w.Segment, seq) {
		return 0, &app.FieldError{Field: "punch", Code: "shift.punch", Example: fmt.Sprint(w.First)}
	}
	if at == 0 {
		return 0, &app.FieldError{Field: "time", Code: "required", Example: "2026-11-23 06:58"}
	}
	return at.Sub(t.Punch.At), nil
}

// MisfitError says that a shift would put a segment before or after what is
// certain around it. It may be accepted all the same, by someone who says so.
type MisfitError struct{ Effect *ClockEffect }

// Error says so.
func (e *MisfitError) Error() string { return "the shift does not fit between its neighbours" }

// TextKey words it for people.
func (e *MisfitError) TextKey() (string, map[string]any) { return "error.shift.misfit", nil }

// RepairClock accepts a shift for a segment whose clock was wrong. The punches
// keep the box's own times; those that go to the register wait until someone
// approves the corrected time. anyway accepts one that does not fit.
func (o *Judgements) RepairClock(ctx context.Context, c ShiftChoice, anyway bool, reason string) (app.ClockRepair, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return app.ClockRepair{}, err
	}
	w, r, err := chosenShift(p, c)
	if err == nil {
		err = workspace.Required("reason", reason, "the battery was empty")
	}
	if err == nil && !anyway && !w.Segment.Fits(r.Shift) {
		effect, err := o.PreviewRepair(ctx, c)
		if err != nil {
			return r, err
		}
		return r, &MisfitError{effect}
	}
	if err != nil {
		return r, err
	}
	r, deed, err := o.repairing(r, reason)
	if err != nil {
		return r, err
	}
	return r, o.work.Do(ctx, deed)
}

// repairing is to accept a shift.
func (o *Judgements) repairing(r app.ClockRepair, reason string) (app.ClockRepair, workspace.Deed, error) {
	if err := EnsureID(&r.ID); err != nil {
		return r, workspace.Deed{}, err
	}
	r.Reason, r.By, r.At = reason, o.work.Actor(), o.work.Now()
	act := o.work.Act("clock.repair", "box:"+r.Log.Box, reason)
	act.After = r
	do := func(ctx context.Context, c store.Changes) error { return c.RepairClock(ctx, r, act) }
	return r, workspace.Deed{What: "clock.repair", Doing: "repair the clock", Do: do, Undo: o.withdrawRepair(r, workspace.UndoNote)}, nil
}

func (o *Judgements) withdrawRepair(r app.ClockRepair, why string) workspace.Step {
	return func(ctx context.Context, c store.Changes) error {
		return c.WithdrawClockRepair(ctx, r.ID, o.work.Act("clock.withdraw", "box:"+r.Log.Box, why))
	}
}

// WithdrawRepair takes an accepted shift back: a further step. Its punches wait again.
func (o *Judgements) WithdrawRepair(ctx context.Context, id app.ID, why string) error {
	deed, err := o.withdrawingRepair(ctx, id, why)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// withdrawingRepair is to take an accepted shift back.
func (o *Judgements) withdrawingRepair(ctx context.Context, id app.ID, why string) (workspace.Deed, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return workspace.Deed{}, err
	}
	i := slices.IndexFunc(p.Facts.Repairs, func(r app.ClockRepair) bool { return r.ID == id && r.Withdrawn == 0 })
	if i < 0 {
		return workspace.Deed{}, app.NotFound("clockRepair", string(id))
	}
	return workspace.Deed{What: "clock.withdraw", Doing: "withdraw the repair of a clock", Do: o.withdrawRepair(p.Facts.Repairs[i], why)}, nil
}
