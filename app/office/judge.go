package office

import (
	"context"
	"errors"
	"fmt"

	"klokkast/app"
	"klokkast/app/attendance"
)

// Explain settles anomalies with a reason; the evidence is kept, so that they
// reopen when it changes.
func (o *Office) Explain(ctx context.Context, keys []app.AnomalyKey, reason, note string) error {
	if err := checkReason(reason, note); err != nil {
		return err
	}
	return o.setStates(ctx, keys, app.AnomalyExplained, reason, note)
}

// Reopen takes a decision back: a further step, nothing is erased.
func (o *Office) Reopen(ctx context.Context, keys []app.AnomalyKey, note string) error {
	return o.setStates(ctx, keys, app.AnomalyOpen, "", note)
}

func (o *Office) setStates(ctx context.Context, keys []app.AnomalyKey, status app.AnomalyStatus, reason, note string) error {
	p, err := o.look(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		a, ok := p.anomaly(k)
		if !ok {
			return &NotFoundError{"anomaly", string(k.Rule)}
		}
		s := app.AnomalyState{Key: k, Status: status, Reason: reason, Note: note, By: o.Actor(), At: o.Now(), Evidence: attendance.Evidence(&a.Anomaly)}
		act := o.act("anomaly."+string(status), "anomaly:"+k.String(), note)
		act.Before, act.After = a.State, s
		if err := o.Store.SetAnomalyState(ctx, s, act); err != nil {
			return fmt.Errorf("settle the anomaly: %w", err)
		}
	}
	o.changed()
	return nil
}

func checkReason(reason, note string) error {
	for _, r := range app.ReasonCodes {
		if r != reason {
			continue
		}
		if r == "other" {
			return required("note", note, "called the site manager, see mail")
		}
		return nil
	}
	return &app.FieldError{Field: "reason", Code: "reason.unknown", Example: app.ReasonCodes[0]}
}

// AdjustMissing states the missing edge of the presence that a missing-out or
// missing-in names.
func (o *Office) AdjustMissing(ctx context.Context, key app.AnomalyKey, at app.Instant, reason, note string) error {
	p, err := o.look(ctx)
	if err != nil {
		return err
	}
	a, ok := p.anomaly(key)
	if !ok || len(a.Punches) == 0 {
		return &NotFoundError{"anomaly", string(key.Rule)}
	}
	pr, ok := p.presenceWith(a.Punches[0])
	if !ok {
		return &NotFoundError{"presence", string(key.Rule)}
	}
	adj := app.Adjustment{EngagementID: pr.EngagementID, SiteID: pr.SiteID, Punch: &a.Punches[0], Reason: reason, Note: note}
	switch {
	case key.Rule == app.MissingOut && pr.In != nil:
		adj.Kind, adj.To = app.AdjustOut, at
		if at <= pr.LastTap {
			return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: pr.LastTap.String()}
		}
	case key.Rule == app.MissingIn:
		adj.Kind, adj.From = app.AdjustIn, at
		if at >= pr.Start() {
			return &app.FieldError{Field: "from", Code: "from.afterTo", Example: pr.Start().String()}
		}
	default:
		return &NotFoundError{"presence", string(key.Rule)}
	}
	return o.adjust(ctx, adj)
}

// longestAdjustment is the longest presence that a statement may make: a typing
// error in a date must not become a week of work.
const longestAdjustment = 24 * 60 * 60 * 1000

// AdjustPresence states a whole presence without punches.
func (o *Office) AdjustPresence(ctx context.Context, a app.Adjustment) error {
	a.Kind, a.Punch = app.AdjustPresence, nil
	err := errors.Join(required("engagement", string(a.EngagementID), "Peeters An"), required("site", string(a.SiteID), "Stadhuis Leuven"),
		checkSpan(app.Span{From: a.From, To: a.To}))
	if err == nil && a.To <= a.From {
		err = &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: (a.From + longestAdjustment/3).String()}
	}
	if err == nil && a.To-a.From > longestAdjustment {
		err = &app.FieldError{Field: "to", Code: "to.range", Example: (a.From + longestAdjustment/3).String()}
	}
	if err != nil {
		return err
	}
	return o.adjust(ctx, a)
}

func (o *Office) adjust(ctx context.Context, a app.Adjustment) error {
	if err := checkReason(a.Reason, a.Note); err != nil {
		return err
	}
	if err := ensureID(&a.ID); err != nil {
		return err
	}
	a.By, a.At = o.Actor(), o.Now()
	if a.Note != "" && a.NoteLanguage == "" {
		a.NoteLanguage = o.Language()
	}
	act := o.act("adjustment.make", "adjustment:"+string(a.ID), a.Note)
	act.After = a
	return o.done("keep the adjustment", o.Store.Adjust(ctx, a, act))
}

// WithdrawAdjustment takes a statement back; it stays in the trail and on record.
func (o *Office) WithdrawAdjustment(ctx context.Context, id app.ID, why string) error {
	return o.done("withdraw the adjustment", o.Store.WithdrawAdjustment(ctx, id, o.Now(), o.act("adjustment.withdraw", "adjustment:"+string(id), why)))
}

// IgnorePunch leaves one tap out, as if it were never made; it stays visible.
func (o *Office) IgnorePunch(ctx context.Context, key app.RecordKey, reason string) error {
	if err := checkReason(reason, reason); err != nil {
		return err
	}
	i := app.Ignored{Punch: key, Reason: reason, By: o.Actor(), At: o.Now()}
	if err := ensureID(&i.ID); err != nil {
		return err
	}
	return o.done("ignore the tap", o.Store.Ignore(ctx, i, o.act("punch.ignore", "record:"+key.String(), reason)))
}

// WithdrawIgnored counts an ignored tap again.
func (o *Office) WithdrawIgnored(ctx context.Context, id app.ID, why string) error {
	return o.done("count the tap again", o.Store.WithdrawIgnored(ctx, id, o.Now(), o.act("punch.count-again", "ignored:"+string(id), why)))
}
