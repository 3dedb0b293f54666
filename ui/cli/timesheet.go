package cli

import (
	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/timesheet"
	"klokkast/ui/wording"
)

type timesheetCmd struct {
	period
	Worker string `placeholder:"NAME" help:"worker"`
	Out    string `placeholder:"DIR" help:"sheet_out"`
	All    bool   `help:"sheet_all"`
}

// sheetsJSON is the answer of timesheet.
type sheetsJSON struct {
	environmentJSON
	Days   app.Days    `json:"days"`
	Sheets []sheetJSON `json:"sheets"`
	Files  []string    `json:"files"` // written; empty without --out
}

type sheetJSON struct {
	EngagementID  app.ID `json:"engagementId"`
	WorkerID      app.ID `json:"workerId"`
	Worker        string `json:"worker"`
	Employer      string `json:"employer"`
	Days          int    `json:"days"`
	WorkedMinutes int    `json:"workedMinutes"`
	Open          int    `json:"open"` // anomalies that someone must look at
	Incomplete    bool   `json:"incomplete"`
	// ApprovalVersion is that of the approval that closes the days, from which they are printed.
	ApprovalVersion int `json:"approvalVersion,omitempty"`
	AddedMinutes    int `json:"addedMinutes"`           // of earlier, closed days, settled with these days
	PaperVersion    int `json:"paperVersion,omitempty"` // of the last one printed
}

// Run lists the timesheets of a period; with --out it prints them.
func (c *timesheetCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	switch {
	case (days.From == 0) != (days.To == 0):
		return wrong("approvePeriod")
	case c.Out != "" && c.Worker == "" && !c.All:
		return wrong("sheetWho")
	case c.Worker != "" && c.All:
		return wrong("together", "A", "--worker", "B", "--all")
	case c.Out == "" && c.All:
		return wrong("sheetOut")
	}
	return r.onExisting(func(o Office) error { return c.sheets(r, o, r.orThisMonth(days)) })
}

func (c *timesheetCmd) sheets(r *run, o Office, days app.Days) error {
	worker, err := r.workerNamed(o, c.Worker)
	if err != nil {
		return err
	}
	all, err := o.SheetRows(r.ctx, days)
	if err != nil {
		return err
	}
	var rows []office.SheetRow
	for _, s := range all {
		if worker == "" || s.Engagement.WorkerID == worker {
			rows = append(rows, s)
		}
	}
	files, err := c.write(r, o, days, rows)
	if err != nil {
		if len(files) > 0 && !r.json {
			r.line(r.n("sheet.written", len(files), "Dir", c.Out))
		}
		return err
	}
	names, err := o.Names(r.ctx)
	if err != nil {
		return err
	}
	if r.json {
		return r.print(sheetsOf(o, days, rows, files, names))
	}
	r.sheetTable(days, rows, names)
	if c.Out == "" {
		return nil
	}
	r.line("")
	r.line(r.n("sheet.written", len(files), "Dir", c.Out))
	for _, f := range files {
		r.line("  " + f)
	}
	return nil
}

func (c *timesheetCmd) write(r *run, o Office, days app.Days, rows []office.SheetRow) (files []string, err error) {
	if c.Out == "" {
		return nil, nil
	}
	lang := app.Language(r.flags.Lang)
	if c.All {
		m, show := r.progress(r.t("sheet.progress"))
		defer m.end()
		return o.WriteSheets(r.ctx, days, lang, c.Out, r.flags.Reveal, show)
	}
	if len(rows) == 0 {
		return nil, failure("sheet.nobody", "Days", timesheet.Period(r.say, days))
	}
	for _, s := range rows {
		f, err := o.WriteSheet(r.ctx, s.Engagement.ID, days, lang, c.Out, r.flags.Reveal)
		if err != nil {
			return files, err
		}
		files = append(files, f)
	}
	return files, nil
}

func sheetsOf(o Office, days app.Days, rows []office.SheetRow, files []string, names *office.Names) sheetsJSON {
	out := sheetsJSON{environmentJSON: environmentOf(o), Days: days, Sheets: []sheetJSON{}, Files: list(files)}
	for _, s := range rows {
		j := sheetJSON{
			EngagementID: s.Engagement.ID, WorkerID: s.Engagement.WorkerID, Worker: names.Worker(s.Engagement.WorkerID),
			Employer: names.Employers[s.Engagement.EmployerID].Name, Days: s.Days, WorkedMinutes: int(s.Worked.Minutes()),
			Open: s.Open, Incomplete: s.Incomplete, AddedMinutes: int(s.Added.Minutes()),
		}
		if s.Approval != nil {
			j.ApprovalVersion = s.Approval.Version
		}
		if s.Paper != nil {
			j.PaperVersion = s.Paper.Version
		}
		out.Sheets = append(out.Sheets, j)
	}
	return out
}

func (r *run) sheetTable(days app.Days, rows []office.SheetRow, names *office.Names) {
	r.line(r.t("sheet.of", "Days", timesheet.Period(r.say, days)))
	if len(rows) == 0 {
		r.line(r.t("sheet.none"))
		return
	}
	t := newTable(r.t("col.worker"), r.t("col.employer"), r.t("col.days"), r.t("col.worked"), r.t("col.added"), r.t("col.open"), r.t("col.remark")).numbers(2, 3, 4, 5)
	for _, s := range rows {
		remark, added := "", ""
		switch {
		case s.Approval != nil:
			remark = wording.PeriodStatus(r.say, office.PeriodApproved) + " " + wording.ApprovedBy(r.say, names, s.Approval)
		case s.Incomplete:
			remark = r.t("presences.incomplete")
		}
		if s.Additions > 0 {
			added = r.signed(int(s.Added.Minutes()))
		}
		t.add(names.Worker(s.Engagement.WorkerID), names.Employers[s.Engagement.EmployerID].Name,
			r.say.Number(s.Days), r.say.Duration(s.Worked), added, r.say.Number(s.Open), remark)
	}
	r.table(t)
}
