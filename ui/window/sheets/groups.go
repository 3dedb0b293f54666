package sheets

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/documents"
	"klokkast/app/printing"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
)

// groupsView lists the timesheets of sites and teams over the days of the screen.
type groupsView struct {
	p      *Screen
	days   app.Days
	grid   *grid.Grid[groupRow]
	load   *kit.Inquiry
	dialog *dialog.CustomDialog
	look   *kit.Button
	save   *kit.Button
	print  *kit.Button
	remove *kit.Button
}

type groupRow struct {
	key, kind, name, people, worked, approved, printed string
	r                                                  documents.GroupRow
}

// askGroups shows them; the people selected on the screen can be made a team.
func (p *Screen) askGroups() *groupsView {
	t, h := p.h.Texts, p.h
	v := &groupsView{p: p, days: p.days.Days}
	v.grid = kit.NewGrid(h, t.T("window.groups.empty"), func(r groupRow) string { return r.key }, []grid.Column[groupRow]{
		{Key: "kind", Title: t.T("window.groups.kind"), Width: 80, Text: func(r groupRow) string { return r.kind }},
		{Key: "name", Title: t.T("window.col.name"), Width: 260, Text: func(r groupRow) string { return r.name }},
		{Key: "people", Title: t.T("timesheet.people"), Width: 80, Right: true, Text: func(r groupRow) string { return r.people }},
		{Key: "worked", Title: t.T("window.col.hours"), Width: 80, Right: true, Text: func(r groupRow) string { return r.worked }},
		{Key: "approved", Title: t.T("window.sheets.approval"), Width: 150, Text: func(r groupRow) string { return r.approved }},
		{Key: "printed", Title: t.T("window.sheets.printed"), Width: 120, Text: func(r groupRow) string { return r.printed }},
	})
	v.load = h.Asks(v.grid)
	v.grid.OnSelect = v.enable
	v.grid.OnOpen = func(groupRow) { v.showPages() }
	v.look = h.Button(t.T("window.sheets.look"), theme.VisibilityIcon(), v.showPages)
	v.save = h.MainButton(t.T("window.sheets.some"), theme.DocumentSaveIcon(), v.write)
	v.print = h.Button(t.T("window.print.do"), theme.DocumentPrintIcon(), v.askPrint)
	v.remove = h.Button(t.T("window.groups.remove"), theme.DeleteIcon(), v.removeTeam)
	team := h.Button(t.T("window.groups.team"), theme.ContentAddIcon(), v.askTeam)
	kit.Enable(len(p.people()) > 0, team)
	close := h.Button(t.T("window.close"), theme.CancelIcon(), func() { v.dialog.Hide() })
	v.dialog = dialog.NewCustomWithoutButtons(t.T("window.groups.title")+" · "+timesheet.Period(t, v.days),
		container.NewBorder(kit.Toolbar(v.save, v.look, v.print, nil, team, v.remove, close),
			kit.Quiet(t.T("window.groups.help")), nil, nil, v.load.Above(v.grid)), h.Window)
	room := h.Window.Canvas().Size()
	v.dialog.Resize(fyne.NewSize(min(900, room.Width-40), room.Height-80))
	v.dialog.Show()
	v.enable()
	v.reload()
	return v
}

func (v *groupsView) reload() {
	kit.Load(v.load, nil, func(ctx context.Context) (rows []groupRow, err error) {
		for _, kind := range []timesheet.PaperKind{timesheet.OfTeam, timesheet.OfSite} {
			list, err := v.p.desk.Sheets.GroupRows(ctx, kind, v.days)
			if err != nil {
				return nil, err
			}
			for _, r := range list {
				rows = append(rows, v.row(r))
			}
		}
		return rows, nil
	}, func(rows []groupRow) {
		v.grid.SetRows(rows)
		v.enable()
	})
}

func (v *groupsView) row(r documents.GroupRow) groupRow {
	t := v.p.h.Texts
	kind := t.T("timesheet.team")
	if r.Group.Kind == timesheet.OfSite {
		kind = t.T("timesheet.col.site")
	}
	row := groupRow{key: string(r.Group.Kind) + string(r.Group.ID), kind: kind, name: r.Name, people: t.Number(r.People), worked: t.Duration(r.Worked),
		approved: t.N("timesheet.approvedOf", r.Approved, "Of", r.Sheets), r: r}
	if r.Added != 0 { // as on the paper, beside the days' own
		row.worked += " " + t.T("window.groups.added", "Hours", timesheet.Minutes(r.Added.Minutes()).String())
	}
	if r.Paper != nil {
		key := "timesheet.foot.draft"
		if r.Sheets > 0 && r.Approved == r.Sheets {
			key = "timesheet.foot.version"
		}
		row.printed = t.T(key, "Version", r.Paper.Version)
	}
	return row
}

func (v *groupsView) enable() {
	selected := v.grid.Selected()
	busy := v.p.h.Works.Has("sheets")
	kit.Enable(len(selected) > 0 && !busy, v.save, v.print)
	kit.Enable(len(selected) == 1, v.look)
	kit.Enable(len(selected) == 1 && selected[0].r.Group.Kind == timesheet.OfTeam, v.remove)
}

// order is what to print for the selected rows, as the screen says.
func (v *groupsView) order() documents.SheetOrder {
	o := v.p.order(nil)
	o.Days = v.days
	for _, r := range v.grid.Selected() {
		o.Groups = append(o.Groups, r.r.Group)
	}
	if v.p.bundle.Checked && len(o.Groups) > 1 {
		o.Bundle = filepath.Join(o.Folder, timesheet.ListName(o.Days, "timesheets", "pdf"))
	}
	return o
}

func (v *groupsView) showPages() {
	rows := v.grid.Selected()
	if len(rows) != 1 {
		return
	}
	order, row := v.order(), rows[0]
	var pages []*paper.Page
	v.p.h.Act(func(ctx context.Context) (err error) {
		pages, err = v.p.desk.Sheets.LayGroup(ctx, row.r.Group, order.Days, order.Language, order.Reveal)
		return err
	}, func() {
		t := v.p.h.Texts
		showPages(
			v.p.h,
			t.T("window.preview.title", "Name", row.name, "Month", timesheet.Period(t, order.Days)),
			pages,
			v.p.h.Button(
				t.T("window.preview.save"),
				theme.DocumentSaveIcon(),
				v.write,
			),
			v.p.h.Button(t.T("window.print.do"), theme.DocumentPrintIcon(), v.askPrint),
		)
	})
}

func (v *groupsView) write() { v.writeThen(func() {}) }

// writeThen puts the papers into the folder; then is called where all went well.
func (v *groupsView) writeThen(then func()) {
	order := v.order()
	if len(order.Groups) == 0 {
		return
	}
	v.carryOut(order, v.p.desk.Sheets.WriteSheets, func(written documents.SheetsWritten) {
		if files := written.Files(); len(files) > 0 {
			v.p.h.Say(v.p.h.Texts.N("window.sheets.written", len(files), "Folder", order.Folder), widget.SuccessImportance)
		}
		if len(written.Failed) == 0 {
			then()
		}
	})
}

func (v *groupsView) askPrint() {
	order := v.order()
	if len(order.Groups) == 0 {
		return
	}
	h := v.p.h
	askPrint(h, v.p.desk, h.Texts.N("window.print.title", len(order.Groups)), func(job printing.Job) {
		v.carryOut(order, func(ctx context.Context, o documents.SheetOrder, progress workspace.Progress) (written documents.SheetsWritten, err error) {
			written, job, err = v.p.desk.Sheets.PrintSheets(ctx, o, job, progress)
			return written, err
		}, func(written documents.SheetsWritten) {
			h.Say(h.Texts.N("window.print.done", len(written.Sheets), "Printer", job.Printer), widget.SuccessImportance)
		})
	}, v.write, v.writeAndOpen)
}

func (v *groupsView) writeAndOpen() { v.writeThen(v.p.openFolder) }

// carryOut does something for the selected groups, with its progress at the foot of the window.
func (v *groupsView) carryOut(order documents.SheetOrder,
	do func(context.Context, documents.SheetOrder, workspace.Progress) (documents.SheetsWritten, error), well func(documents.SheetsWritten)) {
	h, names := v.p.h, map[app.ID]string{}
	for _, r := range v.grid.Selected() {
		names[r.r.Group.ID] = r.name
	}
	var written documents.SheetsWritten
	h.Work("sheets", h.Texts.N("window.sheets.writing", len(order.Groups), "Month", timesheet.Period(h.Texts, order.Days)),
		func(ctx context.Context, progress kit.Progress) (err error) {
			written, err = do(ctx, order, workspace.Progress(progress))
			return askInstead(err)
		}, func(err error) {
			v.reload()
			var not notPrinted
			switch {
			case errors.As(err, &not):
				sayNotPrinted(h, not, v.write, v.writeAndOpen)
			case h.AskReplace(err, func() {
				order.Replace = true
				v.carryOut(order, do, well)
			}):
			case err == nil:
				well(written)
			}
			v.p.sayFailed(written.Failed, names)
		})
	v.enable()
}

// askTeam makes a team of the people who are selected on the screen, or puts them in place of one that there is.
func (v *groupsView) askTeam() {
	h, people := v.p.h, v.p.people()
	var teams []acts.Team
	h.Act(func(ctx context.Context) (err error) {
		teams, err = v.p.desk.Staff.Teams(ctx)
		return err
	}, func() {
		t := h.Texts
		f := h.NewForm()
		f.Note(t.N("window.groups.team.help", len(people)))
		options := []kit.Option{{Value: "", Text: t.T("window.groups.team.new")}}
		for _, x := range teams {
			options = append(options, kit.Option{Value: string(x.ID), Text: x.Name})
		}
		of := f.Choice(t.T("timesheet.team"), options, "")
		name := f.Text(t.T("window.col.name"), "", "name", "workers")
		of.OnChanged = func(string) {
			if i := slices.IndexFunc(teams, func(x acts.Team) bool { return string(x.ID) == of.Value() }); i >= 0 {
				name.SetText(teams[i].Name)
			}
		}
		why := f.Text(t.T("window.field.why"), "", "why")
		f.Show(t.T("window.groups.team.title"), t.T("window.save"), func() func(context.Context) error {
			team, reason := acts.Team{ID: app.ID(of.Value()), Name: name.Text, Workers: people}, why.Text
			return func(ctx context.Context) error {
				_, err := v.p.desk.Staff.SaveTeam(ctx, team, reason)
				return err
			}
		}, v.reload)
	})
}

func (v *groupsView) removeTeam() {
	rows := v.grid.Selected()
	if len(rows) != 1 {
		return
	}
	h, row := v.p.h, rows[0]
	f := h.NewForm()
	f.Note(h.Texts.T("window.groups.remove.help", "Name", row.name))
	why := f.Text(h.Texts.T("window.field.why"), "", "why")
	f.Show(h.Texts.T("window.groups.remove"), h.Texts.T("window.groups.remove.do"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return v.p.desk.Staff.RemoveTeam(ctx, row.r.Group.ID, reason) }
	}, v.reload)
}
