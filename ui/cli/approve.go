package cli

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	closing "klokkast/app/period" // the flags that choose days have its name
	"klokkast/ui/wording"
)

type approveCmd struct {
	period
	Worker []string `placeholder:"NAME" help:"approve_worker"`
	Site   string   `placeholder:"NAME" help:"approve_site"`
	All    bool     `help:"approve_all"`
	DryRun bool     `help:"approve_dry_run"`
}

// approvedJSON is the answer of approve.
type approvedJSON struct {
	environmentJSON
	Days     app.Days     `json:"days"`
	Preview  bool         `json:"preview"`  // with --dry-run: nothing was approved
	Approved int          `json:"approved"` // by this call; with --dry-run: that could be
	Refused  int          `json:"refused"`  // something must be settled first
	Already  int          `json:"already"`  // approved before
	Doubts   []doubtJSON  `json:"doubts"`   // what may still come to those that are or can be approved
	Periods  []periodJSON `json:"periods"`
}

type periodJSON struct {
	WorkerID app.ID                   `json:"workerId"`
	Worker   string                   `json:"worker"`
	Status   documents.ApprovalStatus `json:"status"`
	Workdays int                      `json:"workdays"` // how many
	Figures  closing.Figures          `json:"figures"`
	Approval *app.Approval            `json:"approval,omitempty"` // that closes it
	Blockers []blockerJSON            `json:"blockers"`
	Carries  []additionJSON           `json:"carries"` // of earlier periods, settled with it
	Since    []additionJSON           `json:"since"`   // of it, not settled yet
}

type doubtJSON struct {
	documents.Doubt
	BoxName string `json:"boxLabel,omitempty"`
	Site    string `json:"site,omitempty"`
	Message string `json:"message"`
}

type blockerJSON struct {
	Code    documents.BlockerCode `json:"code"`
	Key     string                `json:"key,omitempty"` // of the anomaly to settle
	Rule    app.Rule              `json:"rule,omitempty"`
	Day     app.Date              `json:"day,omitzero"`
	Message string                `json:"message"`
	Steps   string                `json:"steps,omitempty"` // what settles it
}

// Run closes periods, or says with --dry-run which could be.
func (c *approveCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	switch {
	case days.From == 0 || days.To == 0:
		return wrong("approvePeriod")
	case c.All && (len(c.Worker) > 0 || c.Site != ""):
		return wrong("together", "A", "--all", "B", "--worker/--site")
	case !c.All && !c.DryRun && len(c.Worker) == 0 && c.Site == "":
		return wrong("approveWho")
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		choice := documents.ApprovalChoice{Days: days}
		for _, name := range c.Worker {
			w, err := r.worker(o, name)
			if err != nil {
				return err
			}
			choice.Workers = append(choice.Workers, w.Worker.ID)
		}
		if c.Site != "" {
			s, err := r.site(o, c.Site)
			if err != nil {
				return err
			}
			choice.SiteID = s.Site.ID
		}
		return c.approve(r, o, names, choice)
	})
}

func (c *approveCmd) approve(r *run, o *office.Office, names *derived.Names, choice documents.ApprovalChoice) error {
	var rows []documents.ApprovalRow
	var err error
	if c.DryRun {
		rows, err = o.Approvals.Rows(r.ctx, choice)
	} else {
		m, show := r.progress(r.t("approve.progress"))
		rows, err = o.Approvals.Approve(r.ctx, choice, show)
		m.end()
	}
	if err != nil && len(rows) == 0 {
		return err
	}
	out := r.approvedOf(o, names, choice.Days, rows, c.DryRun)
	r.failed = out.Refused > 0
	if r.json && err == nil {
		return r.print(out)
	}
	if !r.json {
		r.periodTable(out, rows, names)
	}
	return err // what was approved before it stays approved
}

func (r *run) approvedOf(o *office.Office, names *derived.Names, days app.Days, rows []documents.ApprovalRow, preview bool) approvedJSON {
	out := approvedJSON{environmentJSON: environmentOf(o), Days: days, Preview: preview, Doubts: []doubtJSON{}, Periods: []periodJSON{}}
	for i := range rows {
		row := &rows[i]
		switch {
		case row.Status == documents.PeriodBlocked:
			out.Refused++
		case len(row.Blockers) > 0:
			out.Already++
		default:
			out.Approved++
		}
		p := periodJSON{WorkerID: row.WorkerID, Worker: names.Worker(row.WorkerID), Status: row.Status, Workdays: row.Workdays, Figures: row.Figures,
			Approval: row.Approval, Blockers: []blockerJSON{}, Carries: r.additionsOf(names, row.WorkerID, names.Worker(row.WorkerID), row.Carries), Since: r.additionsOf(names, row.WorkerID, names.Worker(row.WorkerID), row.Since)}
		for j := range row.Blockers {
			p.Blockers = append(p.Blockers, r.blockerOf(names, row.WorkerID, &row.Blockers[j]))
		}
		out.Periods = append(out.Periods, p)
	}
	for _, d := range documents.Doubts(rows) {
		j := doubtJSON{Doubt: d, Site: names.Site(d.SiteID), Message: clean(wording.PeriodDoubt(r.say, names, &d))}
		if d.Box != "" {
			j.BoxName = names.Box(d.Box)
		}
		out.Doubts = append(out.Doubts, j)
	}
	return out
}

func (r *run) blockerOf(names *derived.Names, worker app.ID, b *documents.Blocker) blockerJSON {
	j := blockerJSON{Code: b.Code, Message: clean(wording.Blocker(r.say, names, worker, b)), Steps: clean(wording.BlockerSteps(r.say, b))}
	switch {
	case b.Anomaly != nil:
		j.Key, j.Rule, j.Day = b.Anomaly.Key().String(), b.Anomaly.Rule, b.Anomaly.Day
	case b.Presence != nil:
		j.Day = b.Presence.Day
	}
	return j
}

// periodTable shows the periods, and below them why those that are open cannot be approved.
func (r *run) periodTable(out approvedJSON, rows []documents.ApprovalRow, names *derived.Names) {
	r.line(r.t("approve.of", "Days", r.say.Days(out.Days)))
	if len(rows) == 0 {
		r.line(r.t("approve.nobody"))
		return
	}
	t := newTable(r.t("col.worker"), r.t("col.days"), r.t("col.worked"), r.t("col.added"), r.t("col.status")).numbers(1, 2, 3)
	for i := range rows {
		row := &rows[i]
		status := wording.PeriodStatus(r.say, row.Status)
		if row.Approval != nil {
			status += ", " + wording.ApprovedBy(r.say, names, row.Approval)
		}
		t.add(names.Worker(row.WorkerID), r.say.Number(row.Workdays), r.minutes(row.Figures.Worked), r.added(row.Carries), status)
	}
	r.table(t)
	for _, p := range out.Periods {
		if p.Status != documents.PeriodBlocked {
			continue
		}
		r.line("")
		r.line(r.t("approve.blocked", "Worker", p.Worker))
		for _, b := range p.Blockers {
			r.line("  " + strings.TrimSpace(b.Message+" "+b.Steps))
			if b.Key != "" {
				r.line("    " + b.Key)
			}
		}
	}
	r.line("")
	for i := range out.Doubts {
		r.line(r.t("approve.doubt", "Doubt", out.Doubts[i].Message))
	}
	r.line(
		r.t(
			map[bool]string{false: "approve.done", true: "approve.preview"}[out.Preview],
			"Approved",
			out.Approved,
			"Refused",
			out.Refused,
			"Already",
			out.Already,
		),
	)
}

func (r *run) minutes(n int) string { return r.say.Duration(time.Duration(n) * time.Minute) }

// added returns the sum of additions with its sign; "" where there are none.
func (r *run) added(list []closing.Addition) string {
	if len(list) == 0 {
		return ""
	}
	var sum closing.Figures
	for i := range list {
		sum = sum.Plus(list[i].Difference())
	}
	return r.signed(sum.Worked)
}

func (r *run) signed(n int) string {
	if n < 0 {
		return "−" + r.minutes(-n)
	}
	return "+" + r.minutes(n)
}

// additionJSON is what a closed day counts more or less than was settled.
type additionJSON struct {
	WorkerID     app.ID           `json:"workerId"`
	Worker       string           `json:"worker"`
	EngagementID app.ID           `json:"engagementId"`
	Day          app.Date         `json:"day"`
	ApprovalID   app.ID           `json:"approvalId"` // that closed the day
	Was          closing.Figures  `json:"was"`        // settled before
	Is           closing.Figures  `json:"is"`         // derived now
	Add          closing.Figures  `json:"add"`        // the difference
	Changes      []closing.Change `json:"changes"`
	Causes       []closing.Cause  `json:"causes"`
	Message      string           `json:"message"`
}

// additionsOf returns the additions of one worker; places names the sites as they
// are called now, or were when it was approved.
func (r *run) additionsOf(places closing.Places, worker app.ID, name string, additions []closing.Addition) []additionJSON {
	out := []additionJSON{}
	for i := range additions {
		a := &additions[i]
		out = append(out, additionJSON{worker, name, a.EngagementID, a.Day, a.Approval, a.Was, a.Is, a.Difference(), a.Changes, a.Causes,
			clean(a.What(r.say, places) + " (" + a.Why(r.say) + ")")})
	}
	return out
}

func (r *run) additionTable(additions []additionJSON) {
	t := newTable(r.t("col.worker"), r.t("col.day"), r.t("col.added"), r.t("col.night"), r.t("col.sunday"), r.t("col.what")).numbers(2, 3, 4)
	for i := range additions {
		a := &additions[i]
		t.add(a.Worker, r.say.Date(a.Day), r.signed(a.Add.Worked), r.signed(a.Add.Night), r.signed(a.Add.Sunday), a.Message)
	}
	r.table(t)
}
