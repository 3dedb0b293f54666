package cli

import (
	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/timesheet"
)

// groupSheetsJSON is the answer of timesheet for sites and teams.
type groupSheetsJSON struct {
	environmentJSON
	Days   app.Days            `json:"days"`
	Kind   timesheet.PaperKind `json:"kind"`
	Groups []groupSheetJSON    `json:"groups"`
	Files  []string            `json:"files"` // written; empty without --out and --bundle
	// Failed are those that could not be printed; they kept no other from it.
	Failed  []groupFailureJSON `json:"failed"`
	Printer string             `json:"printer,omitempty"` // to which they went; left out without --print
}

type groupSheetJSON struct {
	ID            app.ID `json:"id"` // of the site or the team
	Name          string `json:"name"`
	People        int    `json:"people"`
	WorkedMinutes int    `json:"workedMinutes"`
	AddedMinutes  int    `json:"addedMinutes"` // of earlier, closed days, settled with these days; of a team alone
	Engagements   int    `json:"engagements"`
	Approved      int    `json:"approved"`               // engagements whose days are closed
	PaperVersion  int    `json:"paperVersion,omitempty"` // of the last one printed
}

type groupFailureJSON struct {
	ID    app.ID    `json:"id"`
	Name  string    `json:"name"`
	Error errorJSON `json:"error"`
}

// groupKind returns of what the timesheets are; "" where they are of persons.
func (c *timesheetCmd) groupKind() timesheet.PaperKind {
	switch {
	case c.Site != "" || c.Per == "site":
		return timesheet.OfSite
	case c.Team != "" || c.Per == "team":
		return timesheet.OfTeam
	}
	return ""
}

// groups lists the timesheets of sites or teams; with --out, --bundle or --print it writes or prints them.
func (c *timesheetCmd) groups(r *run, o *office.Office, days app.Days, kind timesheet.PaperKind) error {
	rows, err := o.Sheets.GroupRows(r.ctx, kind, days)
	if err != nil {
		return err
	}
	if rows, err = c.chosen(r, o, days, rows); err != nil {
		return err
	}
	names := map[app.ID]string{}
	order := c.order(r, days)
	for _, row := range rows {
		names[row.Group.ID] = row.Name
		order.Groups = append(order.Groups, row.Group)
	}
	who := func(id app.ID) string { return names[id] }
	var written documents.SheetsWritten
	printer := ""
	if c.prints() && len(rows) > 0 {
		written, printer, err = c.carryOut(r, o, order)
	}
	r.failed = len(written.Failed) > 0
	if err != nil {
		if !r.json {
			c.sayWritten(r, written, printer, who)
		}
		return err
	}
	if r.json {
		return r.print(r.groupSheetsOf(o, days, kind, rows, written, printer))
	}
	r.groupTable(days, kind, rows)
	c.sayWritten(r, written, printer, who)
	return nil
}

// chosen returns the rows of the site or the team that a flag names, else all.
func (c *timesheetCmd) chosen(r *run, o *office.Office, days app.Days, rows []documents.GroupRow) ([]documents.GroupRow, error) {
	var id app.ID
	switch {
	case c.Site != "":
		s, err := r.site(o, c.Site)
		if err != nil {
			return nil, err
		}
		id = s.Site.ID
	case c.Team != "":
		t, err := r.team(o, c.Team)
		if err != nil {
			return nil, err
		}
		id = t.ID
	default:
		return rows, nil
	}
	for _, row := range rows {
		if row.Group.ID == id {
			return []documents.GroupRow{row}, nil
		}
	}
	return nil, failure("sheet.nobodyThere", "Days", timesheet.Period(r.say, days))
}

func (r *run) groupSheetsOf(
	o *office.Office,
	days app.Days,
	kind timesheet.PaperKind,
	rows []documents.GroupRow,
	written documents.SheetsWritten,
	printer string,
) groupSheetsJSON {
	out := groupSheetsJSON{environmentOf(o), days, kind, []groupSheetJSON{}, list(written.Files()), []groupFailureJSON{}, printer}
	names := map[app.ID]string{}
	for _, row := range rows {
		names[row.Group.ID] = row.Name
		j := groupSheetJSON{row.Group.ID, row.Name, row.People, int(row.Worked.Minutes()), int(row.Added.Minutes()), row.Sheets, row.Approved, 0}
		if row.Paper != nil {
			j.PaperVersion = row.Paper.Version
		}
		out.Groups = append(out.Groups, j)
	}
	for _, f := range written.Failed {
		out.Failed = append(out.Failed, groupFailureJSON{f.Group.ID, names[f.Group.ID], r.errorJSON(f.Err)})
	}
	return out
}

func (r *run) groupTable(days app.Days, kind timesheet.PaperKind, rows []documents.GroupRow) {
	r.line(r.t("sheet.of", "Days", timesheet.Period(r.say, days)))
	if len(rows) == 0 && kind == timesheet.OfTeam {
		r.line(r.t("team.none"))
		return
	}
	if len(rows) == 0 {
		r.line(r.t("sheet.noHours"))
		return
	}
	title := r.t("col.site")
	if kind == timesheet.OfTeam {
		title = r.t("col.team")
	}
	t := newTable(title, r.t("col.people"), r.t("col.worked"), r.t("col.added"), r.t("col.approved")).numbers(1, 2, 3)
	for _, row := range rows {
		added := ""
		if row.Added != 0 {
			added = r.signed(int(row.Added.Minutes()))
		}
		t.add(row.Name, r.say.Number(row.People), r.say.Duration(row.Worked), added, r.say.N("timesheet.approvedOf", row.Approved, "Of", row.Sheets))
	}
	r.table(t)
}
