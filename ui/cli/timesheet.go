package cli

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/timesheet"
	"klokkast/ui/wording"
)

type timesheetCmd struct {
	period
	Worker string `placeholder:"NAME" help:"worker"`
	Site   string `placeholder:"NAME" help:"sheet_site"`
	Team   string `placeholder:"NAME" help:"sheet_team"`
	Per    string `placeholder:"person|site|team" enum:",person,site,team" default:"" help:"sheet_per"`
	All    bool   `help:"sheet_all"`
	Out    string `placeholder:"DIR" help:"sheet_out"`
	Bundle string `placeholder:"FILE.pdf" help:"sheet_bundle"`
	replacing
	printFlags
}

// sheetsJSON is the answer of timesheet.
type sheetsJSON struct {
	environmentJSON
	Days   app.Days    `json:"days"`
	Sheets []sheetJSON `json:"sheets"`
	Files  []string    `json:"files"` // written; empty without --out and --bundle
	// Failed are those that could not be printed; they kept no other from it.
	Failed  []sheetFailureJSON `json:"failed"`
	Printer string             `json:"printer,omitempty"` // to which they went; left out without --print
}

type sheetFailureJSON struct {
	EngagementID app.ID    `json:"engagementId"`
	Worker       string    `json:"worker"`
	Error        errorJSON `json:"error"`
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

// Run lists the timesheets of a period; with --out or --bundle it writes them, with --print it prints them.
func (c *timesheetCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	switch {
	case (days.From == 0) != (days.To == 0):
		return wrong("approvePeriod")
	}
	if err := c.one(); err != nil {
		return err
	}
	switch {
	case c.prints() && c.Worker+c.Site+c.Team == "" && !c.All:
		return wrong("sheetWho")
	case c.Out != "" && c.Bundle != "":
		return wrong("together", "A", "--out", "B", "--bundle")
	case !c.prints() && c.All:
		return wrong("sheetOut")
	case !c.Print.set && c.asks():
		return wrong("printMissing")
	}
	return r.onExisting(func(o *office.Office) error {
		if kind := c.groupKind(); kind != "" {
			return c.groups(r, o, r.orThisMonth(days), kind)
		}
		return c.sheets(r, o, r.orThisMonth(days))
	})
}

// one checks that no more than one flag says whose timesheets are meant.
func (c *timesheetCmd) one() error {
	said := ""
	for _, f := range []struct{ flag, value, per string }{{"--worker", c.Worker, "person"}, {"--site", c.Site, "site"}, {"--team", c.Team, "team"}} {
		switch {
		case f.value == "":
			continue
		case said != "":
			return wrong("together", "A", said, "B", f.flag)
		case c.All:
			return wrong("together", "A", f.flag, "B", "--all")
		case c.Per != "" && c.Per != f.per:
			return wrong("together", "A", f.flag, "B", "--per "+c.Per)
		}
		said = f.flag
	}
	return nil
}

func (c *timesheetCmd) prints() bool { return c.Out != "" || c.Bundle != "" || c.Print.set }

func (c *timesheetCmd) sheets(r *run, o *office.Office, days app.Days) error {
	worker, err := r.workerNamed(o, c.Worker)
	if err != nil {
		return err
	}
	all, err := o.Sheets.Rows(r.ctx, days)
	if err != nil {
		return err
	}
	var rows []documents.SheetRow
	for _, s := range all {
		if worker == "" || s.Engagement.WorkerID == worker {
			rows = append(rows, s)
		}
	}
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return err
	}
	written, printer, err := c.write(r, o, days, rows)
	r.failed = len(written.Failed) > 0
	if err != nil {
		if !r.json {
			c.sayWritten(r, written, printer, names.WorkerOf)
		}
		return err
	}
	if r.json {
		answer := r.sheetsOf(o, days, rows, written, names)
		answer.Printer = printer
		return r.print(answer)
	}
	r.sheetTable(days, rows, names)
	c.sayWritten(r, written, printer, names.WorkerOf)
	return nil
}

// write writes or prints the sheets, and gives the printer.
func (c *timesheetCmd) write(r *run, o *office.Office, days app.Days, rows []documents.SheetRow) (written documents.SheetsWritten, printer string, err error) {
	if !c.prints() || len(rows) == 0 && c.All {
		return written, "", nil
	}
	if len(rows) == 0 {
		return written, "", failure("sheet.nobody", "Days", timesheet.Period(r.say, days))
	}
	order := c.order(r, days)
	order.Everyone = c.All
	for _, s := range rows {
		order.Engagements = append(order.Engagements, s.Engagement.ID)
	}
	return c.carryOut(r, o, order)
}

// order says how sheets are written.
func (c *timesheetCmd) order(r *run, days app.Days) documents.SheetOrder {
	return documents.SheetOrder{Days: days, Language: app.Language(r.flags.Lang), Reveal: r.flags.Reveal, Folder: c.Out, Bundle: c.Bundle, Replace: c.Force}
}

func (c *timesheetCmd) carryOut(r *run, o *office.Office, order documents.SheetOrder) (written documents.SheetsWritten, printer string, err error) {
	m, show := r.progress(r.t("sheet.progress"))
	defer m.end()
	if !c.Print.set {
		written, err = o.Sheets.WriteSheets(r.ctx, order, show)
		return written, "", err
	}
	written, job, err := o.Sheets.PrintSheets(r.ctx, order, c.job(), show)
	return written, job.Printer, err
}

// sayWritten lists the files, and last what could not be printed; who names the engagement, the site or the team of a sheet.
func (c *timesheetCmd) sayWritten(r *run, written documents.SheetsWritten, printer string, who func(app.ID) string) {
	if n := len(written.Sheets); n > 0 && len(written.Files()) > 0 {
		r.line("")
		if c.Bundle != "" {
			r.line(r.n("sheet.bundled", n, "File", c.Bundle))
		} else {
			r.line(r.n("sheet.written", n, "Dir", c.Out))
			for _, s := range written.Sheets {
				r.line("  " + s.Path)
			}
		}
	}
	if len(written.Failed) > 0 {
		r.line("")
		r.line(r.n("sheet.failed", len(written.Failed)))
	}
	for _, f := range written.Failed {
		r.line("  " + who(f.Engagement+f.Group.ID) + ": " + r.word(f.Err))
	}
	if len(written.Sheets) > 0 && printer != "" {
		r.line(r.n("sheet.printed", len(written.Sheets), "Printer", printer))
	}
}

func (r *run) sheetsOf(o *office.Office, days app.Days, rows []documents.SheetRow, written documents.SheetsWritten, names *derived.Names) sheetsJSON {
	out := sheetsJSON{environmentJSON: environmentOf(o), Days: days, Sheets: []sheetJSON{}, Files: list(written.Files()), Failed: []sheetFailureJSON{}}
	for _, f := range written.Failed {
		worker := names.Worker(names.Engagements[f.Engagement].WorkerID)
		out.Failed = append(out.Failed, sheetFailureJSON{f.Engagement, worker, r.errorJSON(f.Err)})
	}
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

func (r *run) sheetTable(days app.Days, rows []documents.SheetRow, names *derived.Names) {
	r.line(r.t("sheet.of", "Days", timesheet.Period(r.say, days)))
	if len(rows) == 0 {
		r.line(r.t("sheet.none"))
		return
	}
	t := newTable(
		r.t("col.worker"),
		r.t("col.employer"),
		r.t("col.days"),
		r.t("col.worked"),
		r.t("col.added"),
		r.t("col.open"),
		r.t("col.remark"),
	).numbers(2, 3, 4, 5)
	for _, s := range rows {
		remark, added := "", ""
		switch {
		case s.Approval != nil:
			remark = wording.PeriodStatus(r.say, documents.PeriodApproved) + " " + wording.ApprovedBy(r.say, names, s.Approval)
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
