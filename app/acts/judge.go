package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Judgements are what people decide about what was found.
type Judgements struct {
	work    *workspace.Workspace
	derived *derived.Cache
	staff   *Staff
}

// NewJudgements puts it together.
func NewJudgements(work *workspace.Workspace, derived *derived.Cache, staff *Staff) *Judgements {
	return &Judgements{work: work, derived: derived, staff: staff}
}

// Explain settles anomalies with a reason, all of them or none; the evidence is
// kept, so that they reopen when it changes.
func (o *Judgements) Explain(ctx context.Context, keys []app.AnomalyKey, reason, note string) error {
	if err := checkReason(reason, note); err != nil {
		return err
	}
	return o.setStates(ctx, keys, app.AnomalyExplained, reason, note)
}

// Reopen takes decisions back: a further step, nothing is erased.
func (o *Judgements) Reopen(ctx context.Context, keys []app.AnomalyKey, note string) error {
	return o.setStates(ctx, keys, app.AnomalyOpen, "", note)
}

// decision is a state of an anomaly, and the one that it replaces.
type decision struct{ after, before app.AnomalyState }

func (o *Judgements) setStates(ctx context.Context, keys []app.AnomalyKey, status app.AnomalyStatus, reason, note string) error {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return err
	}
	var list []decision
	for _, k := range keys {
		a, ok := p.Anomaly(k)
		if !ok {
			return app.NotFound("anomaly", string(k.Rule))
		}
		list = append(list, decision{app.AnomalyState{
			Key: k, Status: status, Reason: reason, Note: note, NoteLanguage: o.work.NoteLanguage(note), By: o.work.Actor(), At: o.work.Now(),
			Evidence: attendance.Evidence(&a.Anomaly), Was: &a.Anomaly,
		}, a.State})
	}
	return o.work.Do(
		ctx,
		workspace.Deed{
			What:  "anomaly." + string(status),
			Doing: "settle the anomalies",
			Do:    workspace.Each(list, o.decide),
			Undo:  workspace.Each(list, o.undecide),
		},
	)
}

func (o *Judgements) decide(ctx context.Context, c store.Changes, d decision) error {
	act := o.work.Act("anomaly."+string(d.after.Status), "anomaly:"+d.after.Key.String(), d.after.Note)
	if d.before.Status != "" {
		act.Before = d.before
	}
	act.After = d.after
	return c.SetAnomalyState(ctx, d.after, act)
}

// undecide goes back to the state before; one that nobody had touched is open.
func (o *Judgements) undecide(ctx context.Context, c store.Changes, d decision) error {
	back := d.before
	if back.Status == "" {
		back = app.AnomalyState{Status: app.AnomalyOpen, Evidence: d.after.Evidence}
	}
	back.Key, back.By, back.At = d.after.Key, o.work.Actor(), o.work.Now()
	act := o.work.Act("anomaly."+string(back.Status), "anomaly:"+back.Key.String(), workspace.UndoNote)
	act.Before, act.After = d.after, back
	return c.SetAnomalyState(ctx, back, act)
}

func checkReason(reason, note string) error {
	for _, r := range app.ReasonCodes {
		if r != reason {
			continue
		}
		if r == "other" {
			return workspace.Required("note", note, "called the site manager, see mail")
		}
		return nil
	}
	return &app.FieldError{Field: "reason", Code: "reason.unknown", Example: app.ReasonCodes[0]}
}

// AdjustMissing states the missing edge of the presence that a missing-out or
// missing-in names.
func (o *Judgements) AdjustMissing(ctx context.Context, key app.AnomalyKey, at app.Instant, reason, note string) error {
	adj, err := o.missingEdge(ctx, key, at)
	if err != nil {
		return err
	}
	adj.Reason, adj.Note = reason, note
	return o.adjust(ctx, []app.Adjustment{adj})
}

// missingEdge makes the statement that gives a missing edge.
func (o *Judgements) missingEdge(ctx context.Context, key app.AnomalyKey, at app.Instant) (app.Adjustment, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return app.Adjustment{}, err
	}
	a, ok := p.Anomaly(key)
	if !ok || len(a.Punches) == 0 {
		return app.Adjustment{}, app.NotFound("anomaly", string(key.Rule))
	}
	pr, ok := p.PresenceWith(a.Punches[0])
	if !ok {
		return app.Adjustment{}, app.NotFound("presence", string(key.Rule))
	}
	adj := app.Adjustment{EngagementID: pr.EngagementID, SiteID: pr.SiteID, Punch: &a.Punches[0]}
	switch {
	case key.Rule == app.MissingOut && pr.In != nil:
		adj.Kind, adj.To = app.AdjustOut, at
		if at <= pr.LastTap {
			return adj, &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: pr.LastTap.String()}
		}
	case key.Rule == app.MissingIn:
		adj.Kind, adj.From = app.AdjustIn, at
		if at >= pr.Start() {
			return adj, &app.FieldError{Field: "from", Code: "from.afterTo", Example: pr.Start().String()}
		}
	default:
		return adj, app.NotFound("presence", string(key.Rule))
	}
	return adj, nil
}

// longestAdjustment is the longest presence that a statement may make: a typing
// error in a date must not become a week of work.
const longestAdjustment = 24 * 60 * 60 * 1000

// AdjustPresence states a whole presence without punches.
func (o *Judgements) AdjustPresence(ctx context.Context, a app.Adjustment) error {
	return o.AdjustPresences(ctx, []app.Adjustment{a})
}

// AdjustPresences states whole presences without punches, of one person or of
// many: when a box was broken, say. All are kept, or none; the trail has one act
// for each person.
func (o *Judgements) AdjustPresences(ctx context.Context, list []app.Adjustment) error {
	if len(list) == 0 {
		return &app.FieldError{Field: "engagement", Code: "required", Example: "Peeters An"}
	}
	list = append([]app.Adjustment{}, list...)
	for i := range list {
		list[i].Kind, list[i].Punch = app.AdjustPresence, nil
		if err := checkPresence(&list[i]); err != nil {
			return err
		}
	}
	return o.adjust(ctx, list)
}

func checkPresence(a *app.Adjustment) error {
	err := errors.Join(workspace.Required("engagement", string(a.EngagementID), "Peeters An"), workspace.Required("site", string(a.SiteID), "Stadhuis Leuven"),
		workspace.CheckSpan(app.Span{From: a.From, To: a.To}))
	if err == nil && a.To <= a.From {
		err = &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: (a.From + longestAdjustment/3).String()}
	}
	if err == nil && a.To-a.From > longestAdjustment {
		err = &app.FieldError{Field: "to", Code: "to.range", Example: (a.From + longestAdjustment/3).String()}
	}
	return err
}

// adjust keeps statements in one transaction, with one act for each person.
func (o *Judgements) adjust(ctx context.Context, list []app.Adjustment) error {
	for i := range list {
		if err := checkReason(list[i].Reason, list[i].Note); err != nil {
			return err
		}
	}
	deed, err := o.stating(list)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// stating is to state what nobody tapped.
func (o *Judgements) stating(list []app.Adjustment) (workspace.Deed, error) {
	list = slices.Clone(list)
	for i := range list {
		a := &list[i]
		if err := EnsureID(&a.ID); err != nil {
			return workspace.Deed{}, err
		}
		a.By, a.At = o.work.Actor(), o.work.Now()
		if a.NoteLanguage == "" {
			a.NoteLanguage = o.work.NoteLanguage(a.Note)
		}
	}
	undo := func(ctx context.Context, c store.Changes, a app.Adjustment) error {
		return c.WithdrawAdjustment(ctx, a.ID, o.work.Now(), o.work.Act("adjustment.withdraw", "adjustment:"+string(a.ID), workspace.UndoNote))
	}
	return workspace.Deed{
		What:  "adjustment.make",
		Doing: "keep the adjustment",
		Do:    workspace.Each(byEngagement(list), o.state),
		Undo:  workspace.Each(list, undo),
	}, nil
}

// byEngagement puts what is stated about one person together, in the order given.
func byEngagement(list []app.Adjustment) (groups [][]app.Adjustment) {
	at := map[app.ID]int{}
	for _, a := range list {
		i, ok := at[a.EngagementID]
		if !ok {
			i = len(groups)
			at[a.EngagementID] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], a)
	}
	return groups
}

func (o *Judgements) state(ctx context.Context, c store.Changes, list []app.Adjustment) error {
	act := o.work.Act("adjustment.make", "adjustment:"+string(list[0].ID), list[0].Note)
	act.After = list[0]
	if len(list) > 1 {
		act.Target, act.After = "engagement:"+string(list[0].EngagementID), list
	}
	return c.Adjust(ctx, list, act)
}

// WithdrawAdjustment takes a statement back; it stays in the trail and on record.
func (o *Judgements) WithdrawAdjustment(ctx context.Context, id app.ID, why string) error {
	return o.WithdrawAdjustments(ctx, []app.ID{id}, why)
}

// WithdrawAdjustments takes statements back, all of them or none.
func (o *Judgements) WithdrawAdjustments(ctx context.Context, ids []app.ID, why string) error {
	deed, err := o.withdrawing(ctx, ids, why)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// withdrawing is to take statements back.
func (o *Judgements) withdrawing(ctx context.Context, ids []app.ID, why string) (workspace.Deed, error) {
	all, err := o.work.Store.Adjustments(ctx)
	if err != nil {
		return workspace.Deed{}, fmt.Errorf("find the adjustment: %w", err)
	}
	known := derived.ByID(all, func(a app.Adjustment) app.ID { return a.ID })
	do := func(ctx context.Context, c store.Changes, id app.ID) error {
		return c.WithdrawAdjustment(ctx, id, o.work.Now(), o.work.Act("adjustment.withdraw", "adjustment:"+string(id), why))
	}
	undo := func(ctx context.Context, c store.Changes, id app.ID) error {
		again := known[id] // stated once more: what was withdrawn stays so
		again.ID, again.Withdrawn, again.By, again.At = "", 0, o.work.Actor(), o.work.Now()
		if err := EnsureID(&again.ID); err != nil {
			return err
		}
		act := o.work.Act("adjustment.make", "adjustment:"+string(again.ID), workspace.UndoNote)
		act.After = again
		return c.Adjust(ctx, []app.Adjustment{again}, act)
	}
	return workspace.Deed{What: "adjustment.withdraw", Doing: "withdraw the adjustment", Do: workspace.Each(ids, do), Undo: workspace.Each(ids, undo)}, nil
}

// IgnorePunches leaves taps out, as if they were never made; they stay visible.
func (o *Judgements) IgnorePunches(ctx context.Context, keys []app.RecordKey, reason, note string) error {
	if err := checkReason(reason, note); err != nil {
		return err
	}
	deed, err := o.ignoring(keys, reason, note)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// ignoring is to leave taps out.
func (o *Judgements) ignoring(keys []app.RecordKey, reason, note string) (workspace.Deed, error) {
	var list []app.Ignored
	for _, k := range keys {
		i := app.Ignored{Punch: k, Reason: reason, Note: note, NoteLanguage: o.work.NoteLanguage(note)}
		if err := EnsureID(&i.ID); err != nil {
			return workspace.Deed{}, err
		}
		list = append(list, i)
	}
	return workspace.Deed{
		What:  "punch.ignore",
		Doing: "ignore the taps",
		Do:    workspace.Each(list, o.leaveOut(note)),
		Undo:  workspace.Each(list, o.countAgain(workspace.UndoNote)),
	}, nil
}

func (o *Judgements) leaveOut(why string) func(context.Context, store.Changes, app.Ignored) error {
	return func(ctx context.Context, c store.Changes, i app.Ignored) error {
		i.By, i.At = o.work.Actor(), o.work.Now()
		return c.Ignore(ctx, i, o.work.Act("punch.ignore", "record:"+i.Punch.String(), why))
	}
}

func (o *Judgements) countAgain(why string) func(context.Context, store.Changes, app.Ignored) error {
	return func(ctx context.Context, c store.Changes, i app.Ignored) error {
		return c.WithdrawIgnored(ctx, i.ID, o.work.Now(), o.work.Act("punch.count-again", "record:"+i.Punch.String(), why))
	}
}

// CountAgain counts taps again that were left out.
func (o *Judgements) CountAgain(ctx context.Context, keys []app.RecordKey, why string) error {
	deed, err := o.counting(ctx, keys, why)
	if err != nil {
		return err
	}
	return o.work.Do(ctx, deed)
}

// counting is to count taps again that were left out.
func (o *Judgements) counting(ctx context.Context, keys []app.RecordKey, why string) (workspace.Deed, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return workspace.Deed{}, err
	}
	var list []app.Ignored
	for _, k := range keys {
		i, ok := ignoredNow(p, k)
		if !ok {
			return workspace.Deed{}, app.NotFound("ignored", k.String())
		}
		list = append(list, i)
	}
	undo := func(ctx context.Context, c store.Changes, i app.Ignored) error {
		i.ID = ""
		if err := EnsureID(&i.ID); err != nil {
			return err
		}
		return o.leaveOut(workspace.UndoNote)(ctx, c, i)
	}
	return workspace.Deed{
		What:  "punch.count-again",
		Doing: "count the taps again",
		Do:    workspace.Each(list, o.countAgain(why)),
		Undo:  workspace.Each(list, undo),
	}, nil
}

// ignoredNow returns the decision that leaves a tap out.
func ignoredNow(p *derived.Snapshot, k app.RecordKey) (app.Ignored, bool) {
	for _, i := range p.Facts.Ignored {
		if i.Punch == k && i.Withdrawn == 0 {
			return i, true
		}
	}
	return app.Ignored{}, false
}
