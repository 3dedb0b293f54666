package window

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
	"klokkast/app/office"
	"klokkast/app/printing"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// sheetsPage prints a month, a week, a day or any days.
type sheetsPage struct {
	h    *host
	desk *office.Office
	load *inquiry

	days     *period
	grid     *grid.Grid[sheetRow]
	search   *field.Entry
	folder   *widget.Label
	reveal   *widget.Check
	language *choice
	some     *button
	every    *button
	bundle   *widget.Check // one file of all
	look     *button
	print    *button
	openOne  *button
	approve  *button
	withdraw *button
	period   *button
	names    *office.Names
	written  map[sheetKey]string // where the paper of an engagement and some days went
}

type sheetKey struct {
	engagement app.ID
	days       app.Days
}

type sheetRow struct {
	key, person, employer, hours, days, added, open, state, approval, printed string
	look, approvalLook                                                        widget.Importance
	r                                                                         office.SheetRow
	period                                                                    *office.ApprovalRow // of the worker; nil for nobody's
}

func newSheetsPage(h *host, desk *office.Office) *sheetsPage {
	p := &sheetsPage{h: h, desk: desk, written: map[sheetKey]string{}}
	t := h.t
	p.days = newPeriod(h, aMonth, p.reload)
	p.days.set(sheetMonth(h.today()).Days())
	p.grid = newGrid(h, t.T("window.sheets.empty"), func(r sheetRow) string { return r.key }, []grid.Column[sheetRow]{
		{Key: "person", Title: t.T("window.col.person"), Width: 200, Text: func(r sheetRow) string { return r.person }},
		{Key: "employer", Title: t.T("window.col.employer"), Width: 170, Text: func(r sheetRow) string { return r.employer }},
		{Key: "hours", Title: t.T("window.col.hours"), Width: 70, Firm: true, Right: true, Text: func(r sheetRow) string { return r.hours }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Worked, b.r.Worked) }},
		{Key: "days", Title: t.T("window.sheets.days"), Width: 70, Right: true, Text: func(r sheetRow) string { return r.days }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Days, b.r.Days) }},
		{Key: "added", Title: t.T("window.sheets.added"), Width: 70, Right: true, Text: func(r sheetRow) string { return r.added }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Added, b.r.Added) }},
		{Key: "open", Title: t.T("window.col.open"), Width: 58, Firm: true, Right: true, Text: func(r sheetRow) string { return r.open }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Open, b.r.Open) }, Look: func(sheetRow) widget.Importance { return widget.WarningImportance }},
		{Key: "state", Title: t.T("window.col.state"), Width: 130, Text: func(r sheetRow) string { return r.state }, Look: func(r sheetRow) widget.Importance { return r.look }},
		{Key: "approval", Title: t.T("window.sheets.approval"), Width: 220, Text: func(r sheetRow) string { return r.approval }, Look: func(r sheetRow) widget.Importance { return r.approvalLook }},
		{Key: "printed", Title: t.T("window.sheets.printed"), Width: 200, Text: func(r sheetRow) string { return r.printed }},
	})
	p.grid.OnSelect = p.enableButtons
	p.grid.OnOpen = func(sheetRow) { p.openOrShow() }
	p.search = filterFor(h, p.grid)
	p.folder = widget.NewLabel(h.export)
	p.folder.Truncation = fyne.TextTruncateEllipsis
	p.reveal = widget.NewCheck(t.T("window.sheets.reveal"), nil)
	p.language = newChoice(append([]option{{"", t.T("window.sheets.own")}}, languageOptions()...), "")
	p.some = h.button(t.T("window.sheets.some"), theme.DocumentSaveIcon(), func() { p.write(p.grid.Selected(), nil) })
	p.every = h.mainButton(t.T("window.sheets.all"), theme.DocumentSaveIcon(), func() { p.write(p.grid.Shown(), nil) })
	p.bundle = widget.NewCheck(t.T("window.sheets.bundle"), nil)
	p.look = h.button(t.T("window.sheets.look"), theme.VisibilityIcon(), p.showPages)
	p.print = h.button(t.T("window.print.do"), theme.DocumentPrintIcon(), func() { p.askPrint(p.grid.Selected()) })
	p.openOne = h.button(t.T("window.sheets.open"), theme.DocumentIcon(), p.openSelected)
	p.approve = h.button(t.T("window.sheets.approve"), theme.ConfirmIcon(), func() { askApprove(h, desk, p.names, p.days.days, p.people(), p.reload) })
	p.withdraw = h.button(t.T("window.sheets.withdraw"), theme.ContentUndoIcon(), func() { askWithdrawApprovals(h, desk, p.names, p.approvals(), p.reload) })
	p.period = h.button(t.T("window.sheets.period"), theme.InfoIcon(), p.showPeriod)
	p.load = h.asks(p.grid)
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

func (p *sheetsPage) content() fyne.CanvasObject {
	t := p.h.t
	folder := p.h.button(t.T("window.sheets.folder"), theme.FolderOpenIcon(), p.openFolder)
	other := p.h.button(t.T("window.sheets.other"), nil, func() {
		p.h.folderDialog(func(path string) {
			p.h.export = path
			p.folder.SetText(path)
		})
	})
	top := container.NewVBox(
		container.NewBorder(nil, nil, heading(t.T("window.screen.timesheets")), p.days.object),
		toolbar(nil, p.h.button(t.T("window.groups.button"), theme.ListIcon(), func() { p.askGroups() }), p.h.button(t.T("window.verify.button"), theme.SearchIcon(), func() { askVerify(p.h, p.desk, p.names) }),
			p.approve, p.withdraw, p.period),
		container.NewBorder(nil, nil, nil, toolbar(p.every, p.some, p.look, p.print, p.openOne, p.h.button(t.T("window.export.open"), theme.GridIcon(), p.export)), p.search),
		container.NewBorder(nil, nil, quiet(t.T("window.sheets.to")), container.NewHBox(other, folder, sized(190, 0, p.language), p.bundle, p.reveal), p.folder),
	)
	return container.NewBorder(top, nil, nil, nil, p.load.above(p.grid))
}

func (p *sheetsPage) filter() *field.Entry { return p.search }
func (p *sheetsPage) narrow(string)        {}

func (p *sheetsPage) reload() {
	days := p.days.days
	type shown struct {
		rows  []sheetRow
		names *office.Names
	}
	load(p.load, days, func(ctx context.Context) (shown, error) {
		list, err := p.desk.SheetRows(ctx, days)
		if err != nil {
			return shown{}, err
		}
		periods, err := p.desk.ApprovalRows(ctx, office.ApprovalChoice{Days: days})
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Names(ctx)
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
func (p *sheetsPage) people() (ids []app.ID) {
	for _, r := range p.grid.Selected() {
		if !slices.Contains(ids, r.r.Engagement.WorkerID) {
			ids = append(ids, r.r.Engagement.WorkerID)
		}
	}
	return ids
}

// approvals are those that close the month of the selected people, each once.
func (p *sheetsPage) approvals() (list []app.Approval) {
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

func (p *sheetsPage) showPeriod() {
	if r, ok := p.grid.Current(); ok && r.period != nil {
		showPeriodOf(p.h, p.desk, p.names, r.period)
	}
}

// openOrShow opens the paper of a row, or shows where its period stands while there is none.
func (p *sheetsPage) openOrShow() {
	if r, ok := p.grid.Current(); ok && p.written[sheetKey{r.r.Engagement.ID, p.days.days}] == "" {
		p.showPeriod()
		return
	}
	p.openSelected()
}

// periodState words where a worker's period stands.
func (p *sheetsPage) periodState(r *office.ApprovalRow, names *office.Names) (string, widget.Importance) {
	t := p.h.t
	switch r.Status {
	case office.PeriodApproved:
		return wording.PeriodStatus(t, r.Status) + " " + wording.ApprovedBy(t, names, r.Approval), widget.SuccessImportance
	case office.PeriodBlocked:
		return t.N("window.approve.toSettle", len(r.Blockers)), widget.DangerImportance
	case office.PeriodChanged:
		return wording.PeriodStatus(t, r.Status), widget.WarningImportance
	}
	return wording.PeriodStatus(t, r.Status), widget.MediumImportance
}

func (p *sheetsPage) rows(list []office.SheetRow, periods []office.ApprovalRow, names *office.Names) []sheetRow {
	t := p.h.t
	byWorker := map[app.ID]*office.ApprovalRow{}
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
			r.printed = t.T(key, "When", t.DateTime(x.Paper.At, p.h.zone), "Version", x.Paper.Version, "Language", wording.Language(x.Paper.Language))
		}
		rows = append(rows, r)
	}
	return rows
}

func (p *sheetsPage) enableButtons() {
	selected := p.grid.Selected()
	busy := p.h.works.has("sheets")
	enable(len(selected) > 0 && !busy, p.some, p.print)
	enable(len(selected) == 1, p.look)
	enable(len(p.grid.Shown()) > 0 && !busy, p.every)
	enable(p.names != nil && !p.h.works.has("approve"), p.approve)
	enable(len(p.approvals()) > 0, p.withdraw)
	current, ok := p.grid.Current()
	enable(ok && current.period != nil, p.period)
	enable(len(selected) == 1 && p.written[sheetKey{selected[0].r.Engagement.ID, p.days.days}] != "", p.openOne)
}

// order is what to print for some rows.
func (p *sheetsPage) order(rows []sheetRow) office.SheetOrder {
	o := office.SheetOrder{Days: p.days.days, Language: app.Language(p.language.value()), Reveal: p.reveal.Checked, Folder: p.h.export}
	for _, r := range rows {
		o.Engagements = append(o.Engagements, r.r.Engagement.ID)
	}
	return o
}

// write puts the sheets of the rows into the folder; then is called where all went well.
func (p *sheetsPage) write(rows []sheetRow, then func()) {
	if len(rows) == 0 {
		return
	}
	order := p.order(rows)
	if p.bundle.Checked && len(rows) > 1 {
		order.Bundle = filepath.Join(order.Folder, timesheet.ListName(order.Days, "timesheets", "pdf"))
	}
	p.carryOut(rows, order, p.desk.WriteSheets, func(written office.SheetsWritten) {
		t := p.h.t
		switch files := written.Files(); {
		case len(files) == 0:
		case order.Bundle != "":
			p.h.say(t.N("window.sheets.bundled", len(written.Sheets), "File", order.Bundle), widget.SuccessImportance)
		default:
			p.h.say(t.N("window.sheets.written", len(files), "Folder", order.Folder), widget.SuccessImportance)
		}
		if then != nil && len(written.Failed) == 0 {
			then()
		}
	})
}

// carryOut does something for the sheets of the rows, with its progress at the
// foot of the window. What could not be printed is listed when it ends.
func (p *sheetsPage) carryOut(rows []sheetRow, order office.SheetOrder, do func(context.Context, office.SheetOrder, office.Progress) (office.SheetsWritten, error), well func(office.SheetsWritten)) {
	person := map[app.ID]string{}
	for _, r := range rows {
		person[r.r.Engagement.ID] = r.person
	}
	days := p.days.days
	var written office.SheetsWritten
	p.h.work("sheets", p.h.t.N("window.sheets.writing", len(rows), "Month", timesheet.Period(p.h.t, days)), func(ctx context.Context, progress progressOf) (err error) {
		written, err = do(ctx, order, office.Progress(progress))
		return askInstead(err)
	}, func(err error) {
		for _, s := range written.Sheets {
			p.written[sheetKey{s.Engagement, days}] = s.Path
		}
		p.reload()
		var not notPrinted
		switch {
		case errors.As(err, &not):
			sayNotPrinted(p.h, not, func() { p.write(rows, nil) }, func() { p.openWritten(rows) })
		case p.h.askReplace(err, func() {
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
func (p *sheetsPage) export() {
	var chosen []app.ID
	for _, r := range p.grid.Selected() {
		chosen = append(chosen, r.r.Engagement.ID)
	}
	what := office.ExportChoice{Days: p.days.days, Language: app.Language(p.language.value()), Reveal: p.reveal.Checked}
	askExport(p.h, p.desk, what, chosen, p.h.export)
}

// sayFailed lists the sheets that could not be printed, and why.
func (p *sheetsPage) sayFailed(failed []office.SheetFailure, person map[app.ID]string) {
	if len(failed) == 0 {
		return
	}
	var list []string
	for _, f := range failed {
		list = append(list, person[f.Engagement+f.Group.ID]+": "+p.h.reason(f.Err))
	}
	text := wrapped(strings.Join(list, "\n\n"))
	text.Selectable = true
	p.h.show(dialog.NewCustom(p.h.t.N("window.sheets.failed", len(failed)), p.h.t.T("window.close"), sized(600, 260, container.NewVScroll(text)), p.h.win))
}

// showPages shows the sheet of the selected row as it would be printed now.
func (p *sheetsPage) showPages() {
	rows := slices.Clone(p.grid.Selected())
	if len(rows) != 1 {
		return
	}
	order, row := p.order(rows), rows[0]
	var pages []*paper.Page
	p.h.act(func(ctx context.Context) (err error) {
		pages, err = p.desk.LaySheet(ctx, row.r.Engagement.ID, order.Days, order.Language, order.Reveal)
		return err
	}, func() {
		t := p.h.t
		showPages(p.h, t.T("window.preview.title", "Name", row.person, "Month", timesheet.Period(t, order.Days)), pages,
			p.h.button(t.T("window.preview.save"), theme.DocumentSaveIcon(), func() { p.write(rows, nil) }),
			p.h.button(t.T("window.print.do"), theme.DocumentPrintIcon(), func() { p.askPrint(rows) }))
	})
}

// askPrint asks for a printer and has the rows' sheets printed; their PDFs go into the folder.
func (p *sheetsPage) askPrint(rows []sheetRow) {
	if len(rows) == 0 {
		return
	}
	rows = slices.Clone(rows)
	order := p.order(rows)
	askPrint(p.h, p.desk, p.h.t.N("window.print.title", len(rows)), func(job printing.Job) {
		p.carryOut(rows, order, func(ctx context.Context, o office.SheetOrder, progress office.Progress) (written office.SheetsWritten, err error) {
			written, job, err = p.desk.PrintSheets(ctx, o, job, progress)
			return written, err
		}, func(written office.SheetsWritten) {
			p.h.say(p.h.t.N("window.print.done", len(written.Sheets), "Printer", job.Printer), widget.SuccessImportance)
		})
	}, func() { p.write(rows, nil) }, func() { p.openWritten(rows) })
}

// openWritten writes the sheets of the rows and opens the file, or the folder where there are several.
func (p *sheetsPage) openWritten(rows []sheetRow) {
	days := p.days.days
	p.write(rows, func() {
		path := p.written[sheetKey{rows[0].r.Engagement.ID, days}]
		if len(rows) > 1 && !p.bundle.Checked {
			path = p.h.export
		}
		p.openPath(path)
	})
}

func (p *sheetsPage) openSelected() {
	for _, r := range p.grid.Selected() {
		if path := p.written[sheetKey{r.r.Engagement.ID, p.days.days}]; path != "" {
			p.openPath(path)
			return
		}
	}
}

func (p *sheetsPage) openFolder() { p.openPath(p.h.export) }

// openPath opens a file or folder with the system's program. It may start one, so not here.
func (p *sheetsPage) openPath(path string) {
	p.h.act(func(context.Context) error {
		if path == p.h.export {
			if err := os.MkdirAll(path, 0o700); err != nil {
				return err
			}
		}
		return p.h.open(path)
	}, nil)
}
