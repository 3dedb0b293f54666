// Package documents is what leaves the program on paper or as a file: approved
// periods, timesheets, lists for payroll, and the checks of a paper that comes back.
package documents

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/period"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/app/workspace"
)

// ApprovalChoice says which periods are meant: the days, and whose.
type ApprovalChoice struct {
	Days app.Days // both ends are given
	// Workers are the people meant; none means everyone who is engaged in the days,
	// works in them or has additions of earlier periods due.
	Workers []app.ID
	// SiteID narrows them to those of whom a presence of these days lies at the
	// site. An approval always closes a worker's days as a whole: hours at two
	// sites make one day.
	SiteID app.ID
}

// ApprovalStatus is where a worker's period stands.
type ApprovalStatus string

// States of a period.
const (
	PeriodBlocked  ApprovalStatus = "blocked"  // something in it must be settled first
	PeriodReady    ApprovalStatus = "ready"    // can be approved
	PeriodApproved ApprovalStatus = "approved" // closed
	PeriodChanged  ApprovalStatus = "changed"  // closed, and something came to light since
)

// ApprovalRow is one worker's period.
type ApprovalRow struct {
	WorkerID app.ID
	Days     app.Days
	Status   ApprovalStatus
	Workdays int
	// Figures are what stands in the approval, or would: without Carries.
	Figures period.Figures
	// Blockers are why it cannot be approved, the earliest first.
	Blockers []Blocker
	// Doubts are what whoever approves it should know; none once it is approved.
	Doubts []Doubt
	// Approval closes it; nil while it is open.
	Approval *app.Approval
	// Since are the additions of these days that no approval has carried yet.
	Since []period.Addition
	// Carries are the additions of earlier periods that the approval carries, or would.
	Carries []period.Addition
}

// BlockerCode says why a period cannot be approved; the texts are approval.blocked.CODE.
type BlockerCode string

// Why a period cannot be approved.
const (
	BlockedByAnomaly  BlockerCode = "anomaly"       // an edge, an overlap, or whose hours they are
	BlockedByPresence BlockerCode = "open"          // a presence whose OUT may still come
	BlockedByClock    BlockerCode = "clock"         // taps of a wrong clock that may lie in it
	BlockedByBadge    BlockerCode = "unknown-badge" // an unknown badge that may be the worker's
	BlockedByPeriod   BlockerCode = "other-period"  // an approval of other days closes some of them
	BlockedByFuture   BlockerCode = "not-begun"     // the period has not begun
	BlockedByClosed   BlockerCode = "approved"      // it is approved already
)

// Blocker is one thing that keeps a period from being approved.
type Blocker struct {
	Code     BlockerCode
	Anomaly  *derived.FoundAnomaly // that has to be settled
	Presence *app.Presence         // that is open
	Approval *app.Approval         // that closes some of the days
}

// day returns the day of the blocker, for their order.
func (b *Blocker) day() app.Date {
	switch {
	case b.Anomaly != nil:
		return b.Anomaly.Day
	case b.Presence != nil:
		return b.Presence.Day
	}
	return 0
}

// approvalView looks at periods on one snapshot and one state of the approvals.
type approvalView struct {
	o        *Approvals
	p        *derived.Snapshot
	steps    map[app.ID][]app.Approval          // of each worker
	readings map[app.ID]app.Instant             // when each ended
	found    map[app.ID][]*derived.FoundAnomaly // of each worker
	present  map[app.ID][]app.Presence          // of each worker, those that are open
	suspects []suspect
	gathered map[sheetKey]timesheet.Sheet // for papers of groups
	// What sheets take out of the snapshot, by worker and by id; nil until the first sheet.
	unsettled   map[app.ID][]*derived.FoundAnomaly
	adjustments map[app.ID]app.Adjustment
	readTo      map[string]app.Instant // up to when each box was read
}

// Approvals closes periods of people, and opens them again.
type Approvals struct {
	work    *workspace.Workspace
	derived *derived.Cache
	staff   *acts.Staff
	printer *Printer
	read    snapshots
}

// NewApprovals puts it together.
func NewApprovals(work *workspace.Workspace, derived *derived.Cache, staff *acts.Staff, printer *Printer) *Approvals {
	return &Approvals{work: work, derived: derived, staff: staff, printer: printer}
}

func (o *Approvals) view(ctx context.Context) (*approvalView, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return o.viewOn(ctx, p)
}

func (o *Approvals) viewOn(ctx context.Context, p *derived.Snapshot) (*approvalView, error) {
	steps, err := o.work.Store.Approvals(ctx)
	if err != nil {
		return nil, fmt.Errorf("look what is approved: %w", err)
	}
	a := &approvalView{o: o, p: p, steps: map[app.ID][]app.Approval{}, readings: make(map[app.ID]app.Instant, len(p.Facts.Readings)),
		found: map[app.ID][]*derived.FoundAnomaly{}, present: map[app.ID][]app.Presence{}, readTo: map[string]app.Instant{}}
	for i := range p.Noted {
		f := &p.Noted[i]
		a.found[f.WorkerID] = append(a.found[f.WorkerID], f)
	}
	for _, pr := range p.Open() {
		a.present[pr.WorkerID] = append(a.present[pr.WorkerID], pr)
	}
	for _, s := range steps {
		a.steps[s.WorkerID] = append(a.steps[s.WorkerID], s)
	}
	for i := range p.Facts.Readings {
		r := &p.Facts.Readings[i]
		a.readings[r.ID] = max(r.Ended, r.Started)
		if r.State == app.ReadingDone {
			a.readTo[r.Log.Box] = max(a.readTo[r.Log.Box], r.ReadTo)
		}
	}
	a.suspects = suspectsIn(p, a.readings)
	return a, nil
}

// closings returns the standing approvals of a worker with what they closed.
func (a *approvalView) closings(ctx context.Context, worker app.ID) ([]period.Closing, error) {
	var out []period.Closing
	for _, s := range period.Standing(a.steps[worker]) {
		snapshot, err := a.o.snapshot(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, period.Closing{Step: s, Snapshot: snapshot})
	}
	return out, nil
}

// snapshots are those that were read; they never change.
type snapshots struct {
	mu   sync.Mutex
	byID map[app.ID]*period.Snapshot
}

func (o *Approvals) snapshot(ctx context.Context, approval app.ID) (*period.Snapshot, error) {
	s, err := o.passingSnapshot(ctx, approval)
	if err != nil {
		return nil, err
	}
	o.read.mu.Lock()
	defer o.read.mu.Unlock()
	if o.read.byID == nil {
		o.read.byID = map[app.ID]*period.Snapshot{}
	}
	o.read.byID[approval] = s
	return s, nil
}

// passingSnapshot returns a snapshot that is not needed again soon, and keeps none.
func (o *Approvals) passingSnapshot(ctx context.Context, approval app.ID) (*period.Snapshot, error) {
	o.read.mu.Lock()
	s := o.read.byID[approval]
	o.read.mu.Unlock()
	if s != nil {
		return s, nil
	}
	return o.readSnapshot(ctx, approval)
}

func (o *Approvals) readSnapshot(ctx context.Context, approval app.ID) (*period.Snapshot, error) {
	b, err := o.work.Store.Snapshot(ctx, approval)
	if err != nil {
		return nil, err
	}
	return period.Read(b)
}

// open returns the additions of a worker that no approval has carried yet.
func (a *approvalView) open(closings []period.Closing, worker app.ID) []period.Addition {
	if len(closings) == 0 {
		return nil
	}
	var days app.Days // those that are closed
	for i, c := range closings {
		if i == 0 || c.Step.Days.From < days.From {
			days.From = c.Step.Days.From
		}
		days.To = max(days.To, c.Step.Days.To)
	}
	return period.OpenAdditions(closings, a.parts(days, worker), period.Known{
		ReadAt: func(k app.RecordKey) app.Instant {
			t, _ := a.p.Tap(k)
			return a.readings[t.Punch.ReadingID]
		},
		Rounding: func(e app.ID) app.Rounding { return a.p.Names.Engagements[e].Rounding },
	})
}

func (a *approvalView) parts(days app.Days, worker app.ID) []period.Workday {
	return period.Parts(a.p.Workdays(days, worker), a.p.Shares(days, worker))
}

// row looks at one worker's period.
func (a *approvalView) row(ctx context.Context, worker app.ID, days app.Days) (ApprovalRow, error) {
	r := ApprovalRow{WorkerID: worker, Days: days}
	closings, err := a.closings(ctx, worker)
	if err != nil {
		return r, err
	}
	open := a.open(closings, worker)
	workdays := a.parts(days, worker)
	for _, c := range closings {
		switch {
		case c.Step.Days == days:
			r.Approval = &c.Step
			workdays, r.Carries = c.Snapshot.Workdays, c.Snapshot.Additions
			r.Blockers = append(r.Blockers, Blocker{Code: BlockedByClosed, Approval: &c.Step})
		case c.Step.Days.Overlaps(days):
			r.Blockers = append(r.Blockers, Blocker{Code: BlockedByPeriod, Approval: &c.Step})
		}
	}
	for i := range workdays {
		r.Figures = r.Figures.Plus(workdays[i].Figures())
	}
	r.Workdays = countDays(workdays)
	if r.Approval != nil {
		r.Since = slices.DeleteFunc(open, func(x period.Addition) bool { return !days.Holds(x.Day) })
		r.Status = PeriodApproved
		if len(r.Since) > 0 {
			r.Status = PeriodChanged
		}
		return r, nil
	}
	r.Carries = period.Due(open, days)
	r.Blockers, r.Doubts = append(r.Blockers, a.blockers(worker, days)...), a.doubts(worker, days)
	r.Status = PeriodReady
	if len(r.Blockers) > 0 {
		r.Status = PeriodBlocked
	}
	return r, nil
}

// countDays returns on how many days someone worked, for whichever engagement.
func countDays(workdays []period.Workday) int {
	days := map[app.Date]bool{}
	for _, w := range workdays {
		days[w.Day] = true
	}
	return len(days)
}

// chosen returns the workers of a choice, by name.
func (a *approvalView) chosen(ctx context.Context, c ApprovalChoice) ([]app.ID, error) {
	workers := slices.Clone(c.Workers)
	if len(workers) == 0 {
		var err error
		if workers, err = a.everyone(ctx, c.Days); err != nil {
			return nil, err
		}
	}
	if c.SiteID != "" {
		there := map[app.ID]bool{}
		for _, pr := range a.p.Presences(c.Days, "") {
			if pr.SiteID == c.SiteID {
				there[pr.WorkerID] = true
			}
		}
		workers = slices.DeleteFunc(workers, func(w app.ID) bool { return !there[w] })
	}
	slices.SortFunc(workers, func(x, y app.ID) int {
		if by := strings.Compare(a.p.Names.Worker(x), a.p.Names.Worker(y)); by != 0 {
			return by
		}
		return strings.Compare(string(x), string(y))
	})
	return slices.Compact(workers), nil
}

// everyone returns those who are engaged in the days, work in them, or have
// additions due that no period of theirs would carry any more.
func (a *approvalView) everyone(ctx context.Context, days app.Days) ([]app.ID, error) {
	in := map[app.ID]bool{}
	for _, e := range a.p.Facts.Engagements {
		if e.Days.Overlaps(days) {
			in[e.WorkerID] = true
		}
	}
	for _, w := range a.p.Workdays(days, "") {
		in[w.WorkerID] = true
	}
	for worker := range a.steps {
		if in[worker] {
			continue
		}
		closings, err := a.closings(ctx, worker)
		if err != nil {
			return nil, err
		}
		closed := slices.ContainsFunc(closings, func(c period.Closing) bool { return c.Step.Days == days })
		if closed || len(period.Due(a.open(closings, worker), days)) > 0 {
			in[worker] = true
		}
	}
	var out []app.ID
	for w := range in {
		out = append(out, w)
	}
	return out, nil
}

// checkPeriod says which end of a period is missing.
func checkPeriod(d app.Days) error {
	if d.From == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-01"}
	}
	if d.To == 0 {
		return &app.FieldError{Field: "to", Code: "required", Example: "2026-11-30"}
	}
	return workspace.CheckDays(d)
}

// ApprovalRows tells where the periods of a choice stand, by the workers' names.
func (o *Approvals) Rows(ctx context.Context, c ApprovalChoice) ([]ApprovalRow, error) {
	if err := checkPeriod(c.Days); err != nil {
		return nil, err
	}
	a, err := o.view(ctx)
	if err != nil {
		return nil, err
	}
	workers, err := a.chosen(ctx, c)
	if err != nil {
		return nil, err
	}
	rows := make([]ApprovalRow, 0, len(workers))
	for _, w := range workers {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("look what is approved: %w", err)
		}
		r, err := a.row(ctx, w, c.Days)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Approve closes the periods of a choice that can be closed, each in a
// transaction of its own, and gives all of them as they stand then: those that
// were closed by this call are Approved, the others keep their blockers. When it
// is cancelled or fails, what was closed before stays closed and is given too.
func (o *Approvals) Approve(ctx context.Context, c ApprovalChoice, progress workspace.Progress) (rows []ApprovalRow, err error) {
	if err := checkPeriod(c.Days); err != nil {
		return nil, err
	}
	p, err := o.derived.Fresh(ctx) // of this very moment: it is frozen
	if err != nil {
		return nil, err
	}
	a, err := o.viewOn(ctx, p)
	if err != nil {
		return nil, err
	}
	workers, err := a.chosen(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() {
		if slices.ContainsFunc(rows, func(r ApprovalRow) bool { return r.Approval != nil && len(r.Blockers) == 0 }) {
			o.work.Changed()
		}
	}()
	for i, w := range workers {
		if err := ctx.Err(); err != nil {
			return rows, fmt.Errorf("approve: %w", err)
		}
		r, err := a.row(ctx, w, c.Days)
		if err == nil && r.Status == PeriodReady {
			err = a.approve(ctx, &r)
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
		if progress != nil {
			progress(i+1, len(workers))
		}
	}
	return rows, nil
}

// approve closes one period that can be closed.
func (a *approvalView) approve(ctx context.Context, r *ApprovalRow) error {
	s := a.snapshotOf(r)
	if err := a.addRevision(ctx, s); err != nil {
		return err
	}
	snapshot, err := s.Bytes()
	if err != nil {
		return err
	}
	steps := a.steps[r.WorkerID]
	step := app.Approval{WorkerID: r.WorkerID, Days: r.Days, Hash: period.Hash(snapshot), Snapshot: snapshot,
		By: a.o.work.Actor(), At: a.o.work.Now(), Version: period.NextVersion(steps, r.WorkerID, r.Days)}
	if err := acts.EnsureID(&step.ID); err != nil {
		return err
	}
	if err := a.o.work.Store.Approve(ctx, step, len(steps), a.o.work.Act("period.approve", "worker:"+string(r.WorkerID), "")); err != nil {
		return fmt.Errorf("approve: %w", err)
	}
	step.Snapshot = nil
	r.Approval, r.Status = &step, PeriodApproved
	return nil
}

// CarriedError says that an approval cannot be withdrawn before later ones that
// settled additions to it.
type CarriedError struct{ By []app.Approval }

// Error names how many.
func (e *CarriedError) Error() string {
	return fmt.Sprintf("%d later approvals carry additions of this one", len(e.By))
}

// TextKey words it for people.
func (e *CarriedError) TextKey() (string, map[string]any) {
	last := e.By[len(e.By)-1]
	return "error.approval.carried", map[string]any{"From": last.Days.From, "To": last.Days.To}
}

// WithdrawApproval takes an approval back, with a reason: a further step, never
// an erasure. The days are open again, and the additions that it carried are due
// again. What a later approval settled of it has to be withdrawn first (*CarriedError).
func (o *Approvals) WithdrawApproval(ctx context.Context, id app.ID, why string) error {
	return o.WithdrawApprovals(ctx, []app.ID{id}, why)
}

// WithdrawApprovals takes several back, as WithdrawApproval does, all of them or
// none; what carries another one may be among them.
func (o *Approvals) WithdrawApprovals(ctx context.Context, ids []app.ID, why string) error {
	if err := workspace.Required("why", why, "a shift was booked at the wrong site"); err != nil {
		return err
	}
	a, err := o.view(ctx)
	if err != nil {
		return err
	}
	var list []app.Approval
	for _, id := range ids {
		step, ok := a.standing(id)
		if !ok {
			return app.NotFound("approval", string(id))
		}
		closings, err := a.closings(ctx, step.WorkerID)
		if err != nil {
			return err
		}
		by := slices.DeleteFunc(period.CarriedBy(closings, id), func(x app.Approval) bool { return slices.Contains(ids, x.ID) })
		if len(by) > 0 {
			return &CarriedError{by}
		}
		list = append(list, step)
	}
	slices.SortFunc(list, func(x, y app.Approval) int { return cmp.Compare(y.Days.From, x.Days.From) }) // what carries goes first
	return o.work.Done("withdraw the approval", o.work.Store.Together(ctx, "withdraw the approval", func(c store.Changes) error {
		for _, step := range list {
			if err := a.withdraw(ctx, c, step, strings.TrimSpace(why)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// withdraw appends the step that takes one back.
func (a *approvalView) withdraw(ctx context.Context, c store.Changes, step app.Approval, why string) error {
	steps := a.steps[step.WorkerID]
	back := app.Approval{WorkerID: step.WorkerID, Days: step.Days, By: a.o.work.Actor(), At: a.o.work.Now(), Withdraws: step.ID, Reason: why,
		Version: period.NextVersion(steps, step.WorkerID, step.Days)}
	if err := acts.EnsureID(&back.ID); err != nil {
		return err
	}
	a.steps[step.WorkerID] = append(slices.Clone(steps), back)
	return c.Approve(ctx, back, len(steps), a.o.work.Act("period.withdraw", "worker:"+string(step.WorkerID), why))
}

// standing returns the approval of an id that nobody withdrew.
func (a *approvalView) standing(id app.ID) (app.Approval, bool) {
	for _, steps := range a.steps {
		for _, s := range period.Standing(steps) {
			if s.ID == id {
				return s, true
			}
		}
	}
	return app.Approval{}, false
}

// List returns the steps of a worker ("": of everyone) whose days overlap
// days, in the order in which they were made.
func (o *Approvals) List(ctx context.Context, days app.Days, worker app.ID) ([]app.Approval, error) {
	all, err := o.work.Store.Approvals(ctx)
	if err != nil {
		return nil, fmt.Errorf("look what is approved: %w", err)
	}
	out := slices.DeleteFunc(all, func(s app.Approval) bool {
		return !s.Days.Overlaps(days) || worker != "" && s.WorkerID != worker
	})
	slices.SortStableFunc(out, func(x, y app.Approval) int { return int(x.At - y.At) })
	return out, nil
}

// ApprovalSnapshot returns what an approval closed, also of one that was withdrawn.
func (o *Approvals) ApprovalSnapshot(ctx context.Context, approval app.ID) (*period.Snapshot, error) {
	return o.snapshot(ctx, approval)
}

// WorkerAddition is an open addition with whose it is.
type WorkerAddition struct {
	WorkerID app.ID
	period.Addition
}

// Additions returns what came to light of closed days since and no approval has
// carried yet, of a worker ("": of everyone), by worker and day.
func (o *Approvals) Additions(ctx context.Context, worker app.ID) ([]WorkerAddition, error) {
	a, err := o.view(ctx)
	if err != nil {
		return nil, err
	}
	out := []WorkerAddition{}
	for _, w := range a.p.Facts.Workers {
		if worker != "" && w.ID != worker {
			continue
		}
		closings, err := a.closings(ctx, w.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range a.open(closings, w.ID) {
			out = append(out, WorkerAddition{w.ID, x})
		}
	}
	return out, nil
}
