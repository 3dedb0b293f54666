package window

import (
	"cmp"
	"context"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// sheetsPage prints the month.
type sheetsPage struct {
	h    *host
	desk sheetsDesk
	load loader

	month    app.Month
	label    *widget.Label
	grid     *grid.Grid[sheetRow]
	search   *field.Entry
	folder   *widget.Label
	reveal   *widget.Check
	language *choice
	some     *button
	every    *button
	openOne  *button
	written  map[sheetKey]string // where the paper of an engagement and month went
}

type sheetKey struct {
	engagement app.ID
	month      app.Month
}

type sheetRow struct {
	key, person, employer, hours, days, open, state, printed string
	look                                                     widget.Importance
	r                                                        office.SheetRow
}

func newSheetsPage(h *host, desk sheetsDesk) *sheetsPage {
	p := &sheetsPage{h: h, desk: desk, month: sheetMonth(h.today()), written: map[sheetKey]string{}}
	t := h.t
	p.label = heading("")
	p.label.Alignment = fyne.TextAlignCenter
	p.grid = newGrid(h, t.T("window.sheets.empty"), func(r sheetRow) string { return r.key }, []grid.Column[sheetRow]{
		{Key: "person", Title: t.T("window.col.person"), Width: 200, Text: func(r sheetRow) string { return r.person }},
		{Key: "employer", Title: t.T("window.col.employer"), Width: 170, Text: func(r sheetRow) string { return r.employer }},
		{Key: "hours", Title: t.T("window.col.hours"), Width: 70, Firm: true, Right: true, Text: func(r sheetRow) string { return r.hours }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Worked, b.r.Worked) }},
		{Key: "days", Title: t.T("window.sheets.days"), Width: 70, Right: true, Text: func(r sheetRow) string { return r.days }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Days, b.r.Days) }},
		{Key: "open", Title: t.T("window.col.open"), Width: 58, Firm: true, Right: true, Text: func(r sheetRow) string { return r.open }, Compare: func(a, b sheetRow) int { return cmp.Compare(a.r.Open, b.r.Open) }, Look: func(sheetRow) widget.Importance { return widget.WarningImportance }},
		{Key: "state", Title: t.T("window.col.state"), Width: 130, Text: func(r sheetRow) string { return r.state }, Look: func(r sheetRow) widget.Importance { return r.look }},
		{Key: "printed", Title: t.T("window.sheets.printed"), Width: 200, Text: func(r sheetRow) string { return r.printed }},
	})
	p.grid.OnSelect = p.enableButtons
	p.grid.OnOpen = func(sheetRow) { p.openSelected() }
	p.search = filterFor(h, p.grid)
	p.folder = widget.NewLabel(h.export)
	p.folder.Truncation = fyne.TextTruncateEllipsis
	p.reveal = widget.NewCheck(t.T("window.sheets.reveal"), nil)
	p.language = newChoice(append([]option{{"", t.T("window.sheets.own")}}, languageOptions()...), "")
	p.some = h.button(t.T("window.sheets.some"), theme.DocumentSaveIcon(), func() { p.write(p.grid.Selected()) })
	p.every = h.mainButton(t.T("window.sheets.all"), theme.DocumentSaveIcon(), func() { p.write(p.grid.Shown()) })
	p.openOne = h.button(t.T("window.sheets.open"), theme.DocumentIcon(), p.openSelected)
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
	back := p.h.button("", theme.NavigateBackIcon(), func() { p.step(-1) })
	next := p.h.button("", theme.NavigateNextIcon(), func() { p.step(1) })
	folder := p.h.button(t.T("window.sheets.folder"), theme.FolderOpenIcon(), p.openFolder)
	other := p.h.button(t.T("window.sheets.other"), nil, func() {
		p.h.folderDialog(func(path string) {
			p.h.export = path
			p.folder.SetText(path)
		})
	})
	top := container.NewVBox(
		container.NewBorder(nil, nil, heading(t.T("window.screen.timesheets")), container.NewHBox(back, sized(180, 0, p.label), next)),
		container.NewBorder(nil, nil, nil, toolbar(p.every, p.some, p.openOne), p.search),
		container.NewBorder(nil, nil, quiet(t.T("window.sheets.to")), container.NewHBox(other, folder, sized(190, 0, p.language), p.reveal), p.folder),
	)
	return container.NewBorder(top, nil, nil, nil, p.grid)
}

func (p *sheetsPage) filter() *field.Entry { return p.search }
func (p *sheetsPage) narrow(string)        {}

func (p *sheetsPage) step(n int) {
	p.month = p.month.Add(n)
	p.reload()
}

func (p *sheetsPage) reload() {
	m := p.month
	p.label.SetText(p.h.t.Month(m))
	load(p.h, &p.load, func(ctx context.Context) ([]sheetRow, error) {
		list, err := p.desk.SheetRows(ctx, m)
		if err != nil {
			return nil, err
		}
		names, err := p.desk.Names(ctx)
		if err != nil {
			return nil, err
		}
		return p.rows(list, names), nil
	}, func(rows []sheetRow) {
		p.grid.SetRows(rows)
		p.enableButtons()
	})
}

func (p *sheetsPage) rows(list []office.SheetRow, names *office.Names) []sheetRow {
	t := p.h.t
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
		if x.Paper != nil {
			r.printed = t.T("window.sheets.version", "When", t.DateTime(x.Paper.At, p.h.zone), "Version", x.Paper.Version, "Language", wording.Language(x.Paper.Language))
		}
		rows = append(rows, r)
	}
	return rows
}

func (p *sheetsPage) enableButtons() {
	selected := p.grid.Selected()
	busy := p.h.works.has("sheets")
	enable(len(selected) > 0 && !busy, p.some)
	enable(len(p.grid.Shown()) > 0 && !busy, p.every)
	enable(len(selected) == 1 && p.written[sheetKey{selected[0].r.Engagement.ID, p.month}] != "", p.openOne)
}

// write prints the rows, one after the other, into the folder.
func (p *sheetsPage) write(rows []sheetRow) {
	if len(rows) == 0 {
		return
	}
	rows = append([]sheetRow{}, rows...) // what is shown may change meanwhile
	m, dir, reveal, lang := p.month, p.h.export, p.reveal.Checked, app.Language(p.language.value())
	written := map[sheetKey]string{}
	p.h.work("sheets", p.h.t.N("window.sheets.writing", len(rows), "Month", m), func(ctx context.Context, progress progressOf) error {
		for i, r := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			path, err := p.desk.WriteSheet(ctx, r.r.Engagement.ID, m, lang, dir, reveal)
			if err != nil {
				return err
			}
			written[sheetKey{r.r.Engagement.ID, m}] = path
			progress(i+1, len(rows))
		}
		return nil
	}, func(err error) {
		for k, path := range written {
			p.written[k] = path
		}
		p.reload()
		if err == nil {
			p.h.say(p.h.t.N("window.sheets.written", len(written), "Folder", dir), widget.SuccessImportance)
		}
	})
	p.enableButtons()
}

func (p *sheetsPage) openSelected() {
	for _, r := range p.grid.Selected() {
		if path := p.written[sheetKey{r.r.Engagement.ID, p.month}]; path != "" {
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
