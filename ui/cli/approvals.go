package cli

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	closing "klokkast/app/period"
	"klokkast/ui/wording"
)

// approvalsCmds are the commands about what is approved.
type approvalsCmds struct {
	List      approvalsListCmd      `cmd:"" default:"withargs" help:"approvals_list"`
	Show      approvalsShowCmd      `cmd:"" help:"approvals_show"`
	Withdraw  approvalsWithdrawCmd  `cmd:"" help:"approvals_withdraw"`
	Additions approvalsAdditionsCmd `cmd:"" help:"approvals_additions"`
}

type approvalsListCmd struct {
	period
	Worker string `placeholder:"NAME" help:"worker"`
}

// approvalsJSON is the answer of approvals list.
type approvalsJSON struct {
	environmentJSON
	Approvals []approvalStepJSON `json:"approvals"` // in the order in which they were made
}

type approvalStepJSON struct {
	app.Approval
	Worker   string `json:"worker"`
	Standing bool   `json:"standing"` // an approval that nobody withdrew
}

// Run lists every step: approvals and withdrawals.
func (c *approvalsListCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		worker, err := r.workerNamed(o, c.Worker)
		if err != nil {
			return err
		}
		steps, err := o.Approvals.List(r.ctx, days, worker)
		if err != nil {
			return err
		}
		out := approvalsJSON{environmentJSON: environmentOf(o), Approvals: stepsOf(steps, names)}
		if r.json {
			return r.print(out)
		}
		if len(steps) == 0 {
			r.line(r.t("approvals.none"))
			return nil
		}
		t := newTable(r.t("col.worker"), r.t("col.days"), r.t("col.status"), r.t("col.id"))
		for i := range out.Approvals {
			s := &out.Approvals[i]
			t.add(s.Worker, r.say.Days(s.Days), r.stepStatus(names, s), string(s.ID))
		}
		r.table(t)
		return nil
	})
}

func (r *run) stepStatus(names *derived.Names, s *approvalStepJSON) string {
	switch {
	case s.Withdraws != "":
		return wording.ApprovedBy(r.say, names, &s.Approval)
	case !s.Standing:
		return r.t("approvals.withdrawnLater", "By", wording.ApprovedBy(r.say, names, &s.Approval))
	}
	return wording.PeriodStatus(r.say, documents.PeriodApproved) + " " + wording.ApprovedBy(r.say, names, &s.Approval)
}

func stepsOf(steps []app.Approval, names *derived.Names) []approvalStepJSON {
	stands := map[app.ID]bool{}
	for _, s := range closing.Standing(steps) {
		stands[s.ID] = true
	}
	out := []approvalStepJSON{}
	for _, s := range steps {
		out = append(out, approvalStepJSON{s, names.Worker(s.WorkerID), stands[s.ID]})
	}
	return out
}

type approvalsShowCmd struct {
	ID string `arg:"" help:"approval_id"`
}

// approvalJSON is the answer of approvals show.
type approvalJSON struct {
	environmentJSON
	Approval approvalStepJSON  `json:"approval"`
	Snapshot *closing.Snapshot `json:"snapshot"`
}

// Run shows what an approval closed.
func (c *approvalsShowCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		step, err := r.step(o, names, app.ID(c.ID))
		if err != nil {
			return err
		}
		snapshot, err := o.Approvals.ApprovalSnapshot(r.ctx, step.ID)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(approvalJSON{environmentOf(o), step, snapshot})
		}
		r.snapshotTables(names, &step, snapshot)
		return nil
	})
}

// step returns the approval of an id; a withdrawal closed nothing.
func (r *run) step(o *office.Office, names *derived.Names, id app.ID) (approvalStepJSON, error) {
	steps, err := o.Approvals.List(r.ctx, app.Days{}, "")
	if err != nil {
		return approvalStepJSON{}, err
	}
	for _, s := range stepsOf(steps, names) {
		if s.ID == id && s.Withdraws == "" {
			return s, nil
		}
	}
	return approvalStepJSON{}, app.NotFound("approval", string(id))
}

func (r *run) snapshotTables(names *derived.Names, step *approvalStepJSON, s *closing.Snapshot) {
	r.line(step.Worker + ", " + r.say.Days(s.Days) + ": " + r.stepStatus(names, step))
	r.line(r.t("approvals.hash", "Hash", step.Hash))
	var sum closing.Figures
	t := newTable(r.t("col.day"), r.t("col.worked"), r.t("col.breaks"), r.t("col.night"), r.t("col.sunday"), r.t("col.remark")).numbers(1, 2, 3, 4)
	for i := range s.Workdays {
		w := &s.Workdays[i]
		f, remark := w.Figures(), ""
		if w.Incomplete {
			remark = r.t("presences.incomplete")
		}
		sum = sum.Plus(f)
		t.add(r.say.Date(w.Day), r.minutes(f.Worked), r.minutes(f.Breaks), r.minutes(f.Night), r.minutes(f.Sunday), remark)
	}
	t.add(r.t("approvals.total"), r.minutes(sum.Worked), r.minutes(sum.Breaks), r.minutes(sum.Night), r.minutes(sum.Sunday), "")
	r.table(t)
	if len(s.Additions) > 0 {
		r.line("")
		r.line(r.t("approvals.carried"))
		r.additionTable(r.additionsOf(s, s.Worker.ID, step.Worker, s.Additions))
	}
}

type approvalsWithdrawCmd struct {
	ID  string `arg:"" help:"approval_id"`
	Why string `placeholder:"TEXT" required:"" help:"why"`
}

// Run takes an approval back: a further step with a reason.
func (c *approvalsWithdrawCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		step, err := r.step(o, names, app.ID(c.ID))
		if err != nil {
			return err
		}
		if err := o.Approvals.WithdrawApproval(r.ctx, step.ID, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("approvals.withdrawn", "Worker", step.Worker, "Days", r.say.Days(step.Days)), "approval", c.ID)
	})
}

type approvalsAdditionsCmd struct {
	Worker string `placeholder:"NAME" help:"worker"`
}

// additionsJSON is the answer of approvals additions.
type additionsJSON struct {
	environmentJSON
	Additions []additionJSON `json:"additions"`
}

// Run lists what came to light of closed days and no approval has settled yet.
func (c *approvalsAdditionsCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		worker, err := r.workerNamed(o, c.Worker)
		if err != nil {
			return err
		}
		open, err := o.Approvals.Additions(r.ctx, worker)
		if err != nil {
			return err
		}
		out := additionsJSON{environmentJSON: environmentOf(o), Additions: []additionJSON{}}
		for _, a := range open {
			out.Additions = append(out.Additions, r.additionsOf(names, a.WorkerID, names.Worker(a.WorkerID), []closing.Addition{a.Addition})...)
		}
		if r.json {
			return r.print(out)
		}
		if len(open) == 0 {
			r.line(r.t("approvals.noAdditions"))
			return nil
		}
		r.line(r.t("approvals.additions"))
		r.additionTable(out.Additions)
		return nil
	})
}
