package sheets

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/printing"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen prints a month, a week, a day or any days.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	days     *kit.Period
	grid     *grid.Grid[sheetRow]
	search   *field.Entry
	folder   *widget.Label
	reveal   *widget.Check
	language *kit.Choice
	some     *kit.Button
	every    *kit.Button
	bundle   *widget.Check // one file of all
	look     *kit.Button
	print    *kit.Button
	openOne  *kit.Button
	approve  *kit.Button
	withdraw *kit.Button
	period   *kit.Button
	names    *derived.Names
	written  map[sheetKey]string // where the paper of an engagement and some days went
}

type sheetKey struct {
	engagement app.ID
	days       app.Days
}

type sheetRow struct {
	key, person, employer, hours, days, added, open, state, approval, printed string
	look, approvalLook                                                        widget.Importance
	r                                                                         documents.SheetRow
	period                                                                    *documents.ApprovalRow // of the worker; nil for nobody's
}

// New makes the screen of the timesheets on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, written: map[sheetKey]string{}}
	t := h.Texts
	p.days = kit.NewPeriod(h, kit.AMonth, p.Reload)
	p.days.Set(sheetMonth(h.Today()).Days())
	p.grid = kit.NewGrid(h, t.T("window.sheets.empty"), func(r sheetRow) string { return r.key }, []grid.Column[sheetRow]{
		{Key: "person", Title: t.T("window.col.person"), Width: 200, Text: func(r sheetRow) string { return r.person }},
		{Key: "employer", Title: t.T("window.col.employer"), Width: 170, Text: func(r sheetRow) string { return r.employer }},
		{Key: "hours", Title: t.T("window.col.hours"), Width: 70, Firm: true, Right: true,
			Text: func(r sheetRow) string { return r.hours }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Worked, b.r.Worked) }},
		{Key: "days", Title: t.T("window.sheets.days"), Width: 70, Right: true, Text: func(r sheetRow) string { return r.days },
			Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Days, b.r.Days) }},
		{Key: "added", Title: t.T("window.sheets.added"), Width: 70, Right: true, Text: func(r sheetRow) string { return r.added },
			Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Added, b.r.Added) }},
		{Key: "open", Title: t.T("window.col.open"), Width: 58, Firm: true, Right: true, Text: func(r sheetRow) string { return r.open },
			Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Open, b.r.Open) }, Look: func(sheetRow) widget.Importance { return widget.WarningImportance }},
		{Key: "state", Title: t.T("window.col.state"), Width: 130,
			Text: func(r sheetRow) string { return r.state }, Look: func(r sheetRow) widget.Importance { return r.look }},
		{Key: "approval", Title: t.T("window.sheets.approval"), Width: 220,
			Text: func(r sheetRow) string { return r.approval }, Look: func(r sheetRow) widget.Importance { return r.approvalLook }},
		{Key: "printed", Title: t.T("window.sheets.printed"), Width: 200, Text: func(r sheetRow) string { return r.printed }},
	})
	p.grid.OnSelect = p.enableButtons
	p.grid.OnOpen = func(sheetRow) { p.openOrShow() }
	p.search = kit.FilterFor(h, p.grid)
	p.folder = widget.NewLabel(h.Export)
	p.folder.Truncation = fyne.TextTruncateEllipsis
	p.reveal = widget.NewCheck(t.T("window.sheets.reveal"), nil)
	p.language = kit.NewChoice(append([]kit.Option{{Value: "", Text: t.T("window.sheets.own")}}, kit.LanguageOptions()...), "")
	p.some = h.Button(t.T("window.sheets.some"), theme.DocumentSaveIcon(), func() { p.write(p.grid.Selected(), nil) })
	p.every = h.MainButton(t.T("window.sheets.all"), theme.DocumentSaveIcon(), func() { p.write(p.grid.Shown(), nil) })
	p.bundle = widget.NewCheck(t.T("window.sheets.bundle"), nil)
	p.look = h.Button(t.T("window.sheets.look"), theme.VisibilityIcon(), p.showPages)
	p.print = h.Button(t.T("window.print.do"), theme.DocumentPrintIcon(), func() { p.askPrint(p.grid.Selected()) })
	p.openOne = h.Button(t.T("window.sheets.open"), theme.DocumentIcon(), p.openSelected)
	p.approve = h.Button(t.T("window.sheets.approve"), theme.ConfirmIcon(), func() { askApprove(h, desk, p.names, p.days.Days, p.people(), p.Reload) })
	p.withdraw = h.Button(t.T("window.sheets.withdraw"), theme.ContentUndoIcon(), func() { askWithdrawApprovals(h, desk, p.names, p.approvals(), p.Reload) })
	p.period = h.Button(t.T("window.sheets.period"), theme.InfoIcon(), p.showPeriod)
	p.load = h.Asks(p.grid)
	p.enableButtons()
	return p
}

// sheetMonth is the month that people come for: in its first days the one before.
func sheetMonth(today app.Date) app.Month {
	const firstDays = 10
	m := app.MonthOf(today)
	if _, _, day := today.YMD(); day <= firstDays {
		return m.Add(-1)
	}
	return m
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	t := p.h.Texts
	folder := p.h.Button(t.T("window.sheets.folder"), theme.FolderOpenIcon(), p.openFolder)
	other := p.h.Button(t.T("window.sheets.other"), nil, func() {
		p.h.FolderDialog(func(path string) {
			p.h.Export = path
			p.folder.SetText(path)
		})
	})
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(t.T("window.screen.timesheets")), p.days.Object),
		kit.Toolbar(nil, p.h.Button(t.T("window.groups.button"), theme.ListIcon(), func() { p.askGroups() }),
			p.h.Button(t.T("window.verify.button"), theme.SearchIcon(), func() { askVerify(p.h, p.desk, p.names) }),
			p.approve, p.withdraw, p.period),
		container.NewBorder(nil, nil, nil, kit.Toolbar(p.every, p.some, p.look, p.print,
			p.openOne, p.h.Button(t.T("window.export.open"), theme.GridIcon(), p.export)), p.search),
		container.NewBorder(nil, nil, kit.Quiet(t.T("window.sheets.to")),
			container.NewHBox(other, folder, kit.Sized(190, 0, p.language), p.bundle, p.reveal), p.folder),
	)
	return container.NewBorder(top, nil, nil, nil, p.load.Above(p.grid))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow shows only what another screen leads to.
func (p *Screen) Narrow(string) {}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	days := p.days.Days
	type shown struct {
		rows  []sheetRow
		names *derived.Names
	}
	kit.Load(p.load, days, func(ctx context.Context) (shown, error) {
		list, err := p.desk.Sheets.Rows(ctx, days)
		if err != nil {
			return shown{}, err
		}
		periods, err := p.desk.Approvals.Rows(ctx, documents.ApprovalChoice{Days: days})
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return shown{}, err
		}
		return shown{p.rows(list, periods, names), names}, nil
	}, func(s shown) {
		p.names = s.names
		p.grid.SetRows(s.rows)
		p.enableButtons()
	})
}

// people are the workers of the selected rows, each once.
func (p *Screen) people() (ids []app.ID) {
	for _, r := range p.grid.Selected() {
		if !slices.Contains(ids, r.r.Engagement.WorkerID) {
			ids = append(ids, r.r.Engagement.WorkerID)
		}
	}
	return ids
}

// approvals are those that close the month of the selected people, each once.
func (p *Screen) approvals() (list []app.Approval) {
	for _, r := range p.grid.Selected() {
		if r.period == nil || r.period.Approval == nil {
			continue
		}
		a := *r.period.Approval
		if !slices.ContainsFunc(list, func(b app.Approval) bool { return b.ID == a.ID }) {
			list = append(list, a)
		}
	}
	return list
}

func (p *Screen) showPeriod() {
	if r, ok := p.grid.Current(); ok && r.period != nil {
		showPeriodOf(p.h, p.desk, p.names, r.period)
	}
}

// openOrShow opens the paper of a row, or shows where its period stands while there is none.
func (p *Screen) openOrShow() {
	if r, ok := p.grid.Current(); ok && p.written[sheetKey{r.r.Engagement.ID, p.days.Days}] == "" {
		p.showPeriod()
		return
	}
	p.openSelected()
}

// periodState words where a worker's period stands.
func (p *Screen) periodState(r *documents.ApprovalRow, names *derived.Names) (string, widget.Importance) {
	t := p.h.Texts
	switch r.Status {
	case documents.PeriodApproved:
		return wording.PeriodStatus(t, r.Status) + " " + wording.ApprovedBy(t, names, r.Approval), widget.SuccessImportance
	case documents.PeriodBlocked:
		return t.N("window.approve.toSettle", len(r.Blockers)), widget.DangerImportance
	case documents.PeriodChanged:
		return wording.PeriodStatus(t, r.Status), widget.WarningImportance
	}
	return wording.PeriodStatus(t, r.Status), widget.MediumImportance
}

func (p *Screen) rows(list []documents.SheetRow, periods []documents.ApprovalRow, names *derived.Names) []sheetRow {
	t := p.h.Texts
	byWorker := map[app.ID]*documents.ApprovalRow{}
	for i := range periods {
		byWorker[periods[i].WorkerID] = &periods[i]
	}
	rows := make([]sheetRow, 0, len(list))
	for _, x := range list {
		r := sheetRow{
			key: string(x.Engagement.ID), person: names.Worker(x.Engagement.WorkerID), employer: names.Employers[x.Engagement.EmployerID].Name,
			hours: t.Duration(x.Worked), days: t.Number(x.Days), state: t.T("window.sheets.complete"), look: widget.SuccessImportance, r: x,
		}
		if x.Open > 0 {
			r.open = t.Number(x.Open)
		}
		switch {
		case x.Incomplete:
			r.state, r.look = t.T("window.sheets.incomplete"), widget.DangerImportance
		case x.Open > 0:
			r.state, r.look = t.T("window.sheets.toSettle"), widget.WarningImportance
		case x.Days == 0:
			r.state, r.look = t.T("window.sheets.nothing"), widget.LowImportance
		}
		if x.Additions > 0 {
			r.added = signedHours(p.h, int(x.Added.Minutes()))
		}
		if r.period = byWorker[x.Engagement.WorkerID]; r.period != nil {
			r.approval, r.approvalLook = p.periodState(r.period, names)
		}
		if x.Paper != nil {
			key := "window.sheets.version"
			if x.Paper.Draft() {
				key = "window.sheets.draft"
			}
			r.printed = t.T(key, "When", t.DateTime(x.Paper.At, p.h.Zone), "Version", x.Paper.Version, "Language", wording.Language(x.Paper.Language))
		}
		rows = append(rows, r)
	}
	return rows
}

func (p *Screen) enableButtons() {
	selected := p.grid.Selected()
	busy := p.h.Works.Has("sheets")
	kit.Enable(len(selected) > 0 && !busy, p.some, p.print)
	kit.Enable(len(selected) == 1, p.look)
	kit.Enable(len(p.grid.Shown()) > 0 && !busy, p.every)
	kit.Enable(p.names != nil && !p.h.Works.Has("approve"), p.approve)
	kit.Enable(len(p.approvals()) > 0, p.withdraw)
	current, ok := p.grid.Current()
	kit.Enable(ok && current.period != nil, p.period)
	kit.Enable(len(selected) == 1 && p.written[sheetKey{selected[0].r.Engagement.ID, p.days.Days}] != "", p.openOne)
}

// order is what to print for some rows.
func (p *Screen) order(rows []sheetRow) documents.SheetOrder {
	o := documents.SheetOrder{Days: p.days.Days, Language: app.Language(p.language.Value()), Reveal: p.reveal.Checked, Folder: p.h.Export}
	for _, r := range rows {
		o.Engagements = append(o.Engagements, r.r.Engagement.ID)
	}
	return o
}

// write puts the sheets of the rows into the folder; then is called where all went well.
func (p *Screen) write(rows []sheetRow, then func()) {
	if len(rows) == 0 {
		return
	}
	order := p.order(rows)
	if p.bundle.Checked && len(rows) > 1 {
		order.Bundle = filepath.Join(order.Folder, timesheet.ListName(order.Days, "timesheets", "pdf"))
	}
	p.carryOut(rows, order, p.desk.Sheets.WriteSheets, func(written documents.SheetsWritten) {
		t := p.h.Texts
		switch files := written.Files(); {
		case len(files) == 0:
		case order.Bundle != "":
			p.h.Say(t.N("window.sheets.bundled", len(written.Sheets), "File", order.Bundle), widget.SuccessImportance)
		default:
			p.h.Say(t.N("window.sheets.written", len(files), "Folder", order.Folder), widget.SuccessImportance)
		}
		if then != nil && len(written.Failed) == 0 {
			then()
		}
	})
}

// carryOut does something for the sheets of the rows, with its progress at the
// foot of the window. What could not be printed is listed when it ends.
func (p *Screen) carryOut(rows []sheetRow, order documents.SheetOrder,
	do func(context.Context, documents.SheetOrder, workspace.Progress) (documents.SheetsWritten, error), well func(documents.SheetsWritten)) {
	person := map[app.ID]string{}
	for _, r := range rows {
		person[r.r.Engagement.ID] = r.person
	}
	days := p.days.Days
	var written documents.SheetsWritten
	p.h.Work("sheets", p.h.Texts.N("window.sheets.writing", len(rows), "Month", timesheet.Period(p.h.Texts, days)),
		func(ctx context.Context, progress kit.Progress) (err error) {
			written, err = do(ctx, order, workspace.Progress(progress))
			return askInstead(err)
		}, func(err error) {
			for _, s := range written.Sheets {
				p.written[sheetKey{s.Engagement, days}] = s.Path
			}
			p.Reload()
			var not notPrinted
			switch {
			case errors.As(err, &not):
				sayNotPrinted(p.h, not, func() { p.write(rows, nil) }, func() { p.openWritten(rows) })
			case p.h.AskReplace(err, func() {
				order.Replace = true
				p.carryOut(rows, order, do, well)
			}):
			case err == nil:
				well(written)
			}
			p.sayFailed(written.Failed, person)
		})
	p.enableButtons()
}

// export asks as what the hours of the month are written as a list.
func (p *Screen) export() {
	var chosen []app.ID
	for _, r := range p.grid.Selected() {
		chosen = append(chosen, r.r.Engagement.ID)
	}
	what := documents.ExportChoice{Days: p.days.Days, Language: app.Language(p.language.Value()), Reveal: p.reveal.Checked}
	askExport(p.h, p.desk, what, chosen, p.h.Export)
}

// sayFailed lists the sheets that could not be printed, and why.
func (p *Screen) sayFailed(failed []documents.SheetFailure, person map[app.ID]string) {
	if len(failed) == 0 {
		return
	}
	var list []string
	for _, f := range failed {
		list = append(list, person[f.Engagement+f.Group.ID]+": "+p.h.Reason(f.Err))
	}
	text := kit.Wrapped(strings.Join(list, "\n\n"))
	text.Selectable = true
	p.h.Show(dialog.NewCustom(p.h.Texts.N("window.sheets.failed", len(failed)),
		p.h.Texts.T("window.close"), kit.Sized(600, 260, container.NewVScroll(text)), p.h.Window))
}

// showPages shows the sheet of the selected row as it would be printed now.
func (p *Screen) showPages() {
	rows := slices.Clone(p.grid.Selected())
	if len(rows) != 1 {
		return
	}
	order, row := p.order(rows), rows[0]
	var pages []*paper.Page
	p.h.Act(func(ctx context.Context) (err error) {
		pages, err = p.desk.Sheets.LaySheet(ctx, row.r.Engagement.ID, order.Days, order.Language, order.Reveal)
		return err
	}, func() {
		t := p.h.Texts
		showPages(p.h, t.T("window.preview.title", "Name", row.person, "Month", timesheet.Period(t, order.Days)), pages,
			p.h.Button(t.T("window.preview.save"), theme.DocumentSaveIcon(), func() { p.write(rows, nil) }),
			p.h.Button(t.T("window.print.do"), theme.DocumentPrintIcon(), func() { p.askPrint(rows) }))
	})
}

// askPrint asks for a printer and has the rows' sheets printed; their PDFs go into the folder.
func (p *Screen) askPrint(rows []sheetRow) {
	if len(rows) == 0 {
		return
	}
	rows = slices.Clone(rows)
	order := p.order(rows)
	askPrint(p.h, p.desk, p.h.Texts.N("window.print.title", len(rows)), func(job printing.Job) {
		p.carryOut(rows, order, func(ctx context.Context, o documents.SheetOrder, progress workspace.Progress) (written documents.SheetsWritten, err error) {
			written, job, err = p.desk.Sheets.PrintSheets(ctx, o, job, progress)
			return written, err
		}, func(written documents.SheetsWritten) {
			p.h.Say(p.h.Texts.N("window.print.done", len(written.Sheets), "Printer", job.Printer), widget.SuccessImportance)
		})
	}, func() { p.write(rows, nil) }, func() { p.openWritten(rows) })
}

// openWritten writes the sheets of the rows and opens the file, or the folder where there are several.
func (p *Screen) openWritten(rows []sheetRow) {
	days := p.days.Days
	p.write(rows, func() {
		path := p.written[sheetKey{rows[0].r.Engagement.ID, days}]
		if len(rows) > 1 && !p.bundle.Checked {
			path = p.h.Export
		}
		p.openPath(path)
	})
}

func (p *Screen) openSelected() {
	for _, r := range p.grid.Selected() {
		if path := p.written[sheetKey{r.r.Engagement.ID, p.days.Days}]; path != "" {
			p.openPath(path)
			return
		}
	}
}

func (p *Screen) openFolder() { p.openPath(p.h.Export) }

// openPath opens a file or folder with the system's program. It may start one, so not here.
func (p *Screen) openPath(path string) {
	p.h.Act(func(context.Context) error {
		if path == p.h.Export {
			if err := os.MkdirAll(path, 0o700); err != nil {
				return err
			}
		}
		return p.h.Open(path)
	}, nil)
}
