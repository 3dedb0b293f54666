package acts

import (
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Cuts returns where people cut logs, of one box, or with "" of all; what was withdrawn is not among them.
func (o *Judgements) Cuts(ctx context.Context, box string) ([]app.ClockCut, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(p.Facts.Cuts), func(c app.ClockCut) bool {
		return c.Withdrawn != 0 || box != "" && c.Log.Box != box
	}), nil
}

// CutClock cuts a log before one of its punches: from it on the clock was another
// one, and either part can be put right by itself (rule C3).
func (o *Judgements) CutClock(ctx context.Context, first app.RecordKey, reason string) (app.ClockCut, error) {
	if err := workspace.Required("reason", reason, "set an hour ahead by hand"); err != nil {
		return app.ClockCut{}, err
	}
	c, deed, err := o.cutting(ctx, first, reason)
	if err != nil {
		return c, err
	}
	return c, o.work.Do(ctx, deed)
}

// cutting is to cut a log.
func (o *Judgements) cutting(ctx context.Context, first app.RecordKey, reason string) (app.ClockCut, workspace.Deed, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return app.ClockCut{}, workspace.Deed{}, err
	}
	if err := checkCut(p, first); err != nil {
		return app.ClockCut{}, workspace.Deed{}, err
	}
	c := app.ClockCut{Log: first.LogKey, First: first.Seq, Reason: reason, By: o.work.Actor(), At: o.work.Now()}
	if err := EnsureID(&c.ID); err != nil {
		return c, workspace.Deed{}, err
	}
	act := o.work.Act("clock.cut", "box:"+c.Log.Box, reason)
	act.After = c
	do := func(ctx context.Context, s store.Changes) error { return s.CutClock(ctx, c, act) }
	return c, workspace.Deed{What: "clock.cut", Doing: "cut the log", Do: do, Undo: o.withdrawCut(c, workspace.UndoNote)}, nil
}

// checkCut says that a log can be cut before a punch: it is there, and nothing cuts there yet.
func checkCut(p *derived.Snapshot, first app.RecordKey) error {
	if _, ok := p.Engine.Punch(first); !ok {
		return app.NotFound("punch", first.String())
	}
	if p.Engine.BeginsSegment(first) {
		return &app.FieldError{Field: "punch", Code: "clockCut.taken"}
	}
	return nil
}

func (o *Judgements) withdrawCut(c app.ClockCut, why string) workspace.Step {
	return func(ctx context.Context, s store.Changes) error {
		return s.WithdrawClockCut(ctx, c.ID, o.work.Act("clock.join", "box:"+c.Log.Box, why))
	}
}

// JoinClock takes a cut back: a further step. What it parted is one again.
func (o *Judgements) JoinClock(ctx context.Context, cut app.ID, why string) error {
	deed, err := o.joining(ctx, cut, why)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// joining is to take a cut back.
func (o *Judgements) joining(ctx context.Context, cut app.ID, why string) (workspace.Deed, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return workspace.Deed{}, err
	}
	i := slices.IndexFunc(p.Facts.Cuts, func(c app.ClockCut) bool { return c.ID == cut && c.Withdrawn == 0 })
	if i < 0 {
		return workspace.Deed{}, app.NotFound("clockCut", string(cut))
	}
	return workspace.Deed{What: "clock.join", Doing: "join the log", Do: o.withdrawCut(p.Facts.Cuts[i], why)}, nil
}
