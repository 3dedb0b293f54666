package boxes

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/reading"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

func (p *Screen) chooseFile() {
	p.h.FileDialog(func(path string) { p.importFile(path, boxes.ImportOptions{}) })
}

// importFile shows what an import would do; where it asks something, that is
// asked and the answer taken along.
func (p *Screen) importFile(path string, opt boxes.ImportOptions) {
	var plan *boxes.ImportPlan
	p.workOn(path, opt, func(ctx context.Context, _ kit.Progress) error {
		var err error
		plan, err = p.desk.Files.PreviewImport(ctx, path, opt)
		return err
	}, func() { p.showPlan(path, opt, plan) })
}

// storeFile imports a file for good.
func (p *Screen) storeFile(path string, opt boxes.ImportOptions) {
	var got reading.Imported
	p.workOn(path, opt, func(ctx context.Context, progress kit.Progress) error {
		var err error
		got, err = p.desk.Files.ImportFile(ctx, path, opt, progress)
		return err
	}, func() { p.imported(filepath.Base(path), &got) })
}

// workOn works on a file in the background; what it asks is asked, and done
// called when it went well.
func (p *Screen) workOn(path string, opt boxes.ImportOptions, do func(context.Context, kit.Progress) error, done func()) {
	p.h.Work("import:"+path, p.h.Texts.T("window.import.running", "File", filepath.Base(path)), func(ctx context.Context, progress kit.Progress) error {
		err := do(ctx, progress)
		if isQuestion(err) {
			return kit.Question{Err: err}
		}
		return err
	}, func(err error) {
		var q kit.Question
		switch {
		case errors.As(err, &q):
			p.ask(path, opt, q.Err)
		case err == nil:
			done()
		}
	})
}

// showPlan shows what an import would do, and imports when the person says so.
func (p *Screen) showPlan(path string, opt boxes.ImportOptions, plan *boxes.ImportPlan) {
	t := p.h.Texts
	problems := p.problemRows(plan.Bad, plan.Doubts)
	var d *dialog.CustomDialog
	cancel := p.h.Button(t.T("window.cancel"), theme.CancelIcon(), func() { d.Hide() })
	store := p.h.MainButton(t.T("window.import.store"), theme.ConfirmIcon(), func() {
		d.Hide()
		p.storeFile(path, opt)
	})
	kit.Enable(plan.New > 0, store)
	var content fyne.CanvasObject = p.planPeople(plan)
	if len(problems) > 0 {
		split := container.NewVSplit(
			content,
			container.NewBorder(kit.Bold(t.N("window.import.doubtful", len(problems))), nil, nil, nil, p.h.ProblemGrid(problems)),
		)
		split.Offset = 0.6
		content = split
	}
	d = dialog.NewCustomWithoutButtons(t.T("window.import.title", "File", plan.File),
		container.NewBorder(kit.Wrapped(p.planText(plan)), nil, nil, nil, kit.Sized(860, 330, content)), p.h.Window)
	d.SetButtons([]fyne.CanvasObject{cancel, store})
	d.Show()
	if plan.New == 0 {
		p.h.Window.Canvas().Focus(cancel)
		return
	}
	p.h.Window.Canvas().Focus(store)
}

// planText sums up what an import would do.
func (p *Screen) planText(plan *boxes.ImportPlan) string {
	t := p.h.Texts
	zone := plan.Box.Zone.Location()
	box := cmp.Or(plan.Box.Label, plan.Box.UID)
	if !plan.Known {
		box += " (" + t.T("window.boxes.new") + ")"
	}
	sum := t.T("window.import.plan", "Box", box, "Records", t.Number(plan.Records), "New", t.Number(plan.New), "Before", t.Number(plan.Before))
	span := ""
	if plan.Records > 0 {
		span = t.T("window.import.span", "First", t.DateTime(plan.First, zone), "Last", t.DateTime(plan.Last, zone))
	}
	var keys []string
	for _, k := range slices.Sorted(maps.Keys(plan.Keys)) {
		if name := wording.Key(t, k); k != app.KeyNone {
			keys = append(keys, name+" "+t.Number(plan.Keys[k]))
		}
	}
	pressed := t.T("window.import.noKeys")
	if len(keys) > 0 {
		pressed = t.T("window.import.keys", "Keys", t.List(keys))
	}
	return kit.Lines(t.T("window.import.nothingYet"), sum, strings.TrimSpace(span+" "+pressed))
}

type planRow struct{ key, badge, who, taps, fresh, last string }

// planPeople lists whose punches a file holds.
func (p *Screen) planPeople(plan *boxes.ImportPlan) fyne.CanvasObject {
	t := p.h.Texts
	rows := make([]planRow, 0, len(plan.People))
	for i, x := range plan.People {
		who := t.T("window.import.unknown")
		if e := plan.Holders[i]; e != "" && p.names != nil {
			who = p.names.Worker(p.names.Engagements[e].WorkerID)
		}
		rows = append(
			rows,
			planRow{t.Number(i), wording.Badge(t, app.Identifier{Key: x.Key}), who, t.Number(x.Taps), t.Number(x.New), t.DateTime(x.Last, p.h.Zone)},
		)
	}
	g := kit.NewGrid(p.h, t.T("window.nothing"), func(r planRow) string { return r.key }, []grid.Column[planRow]{
		{Key: "badge", Title: t.T("window.col.badge"), Width: 190, Text: func(r planRow) string { return r.badge }},
		{Key: "who", Title: t.T("window.col.person"), Width: 260, Text: func(r planRow) string { return r.who }},
		{Key: "taps", Title: t.T("window.col.punches"), Width: 90, Firm: true, Right: true, Text: func(r planRow) string { return r.taps }},
		{Key: "new", Title: t.T("window.col.new"), Width: 70, Firm: true, Right: true, Text: func(r planRow) string { return r.fresh }},
		{Key: "last", Title: t.T("window.import.last"), Width: 140, Firm: true, Text: func(r planRow) string { return r.last }},
	})
	g.SetRows(rows)
	return g
}

// isQuestion says that an import stopped to ask a person something; nothing was stored.
func isQuestion(err error) bool {
	var box *reading.NeedsBoxError
	var serial *reading.OtherSerialError
	var status *reading.AskStatusError
	var elsewhere *reading.StoredElsewhereError
	var mapping *reading.NeedsMappingError
	var users *reading.UserFileError
	return errors.As(err, &mapping) || errors.As(err, &users) || errors.As(err, &box) || errors.As(err, &serial) ||
		errors.As(err, &status) && !status.Unnamed || errors.As(err, &elsewhere)
}

func (p *Screen) imported(name string, got *reading.Imported) {
	t := p.h.Texts
	p.h.Say(t.T("window.import.done", "File", name, "Records", t.Number(got.Reading.Records), "New", t.Number(got.Reading.New)), widget.SuccessImportance)
	if rows := p.problemRows(got.Bad, got.Doubts); len(rows) > 0 {
		p.h.ShowProblems(t.T("window.import.title", "File", name), t.N("window.import.problems", len(rows)), rows)
	}
}

// problemRows lists what is to be said about lines of a file.
func (p *Screen) problemRows(bad, doubts []reading.LineProblem) []kit.ProblemRow {
	t := p.h.Texts
	problems := append(append([]reading.LineProblem{}, bad...), doubts...)
	rows := make([]kit.ProblemRow, 0, len(problems))
	for i, x := range problems {
		rows = append(rows, kit.ProblemRow{Key: t.Number(i), Line: x.Line, What: wording.LineProblem(t, x.Code, x.Length, x.Limit), Text: x.Text})
	}
	return rows
}

func (p *Screen) ask(path string, opt boxes.ImportOptions, err error) {
	var box *reading.NeedsBoxError
	var serial *reading.OtherSerialError
	var status *reading.AskStatusError
	var elsewhere *reading.StoredElsewhereError
	var mapping *reading.NeedsMappingError
	var users *reading.UserFileError
	switch {
	case errors.As(err, &users):
		p.askUsers(path)
	case errors.As(err, &mapping):
		p.askMapping(path, mapping.Box, opt.Label, func(uid string) {
			opt.Box = uid
			p.importFile(path, opt)
		})
	case errors.As(err, &box):
		p.askBox(path, opt, box.Table)
	case errors.As(err, &status):
		p.askStatus(path, opt, status)
	case errors.As(err, &serial):
		p.h.Confirm(p.h.Texts.T("window.import.title", "File", filepath.Base(path)),
			p.h.Texts.T("window.import.serial", "Serial", serial.Serial, "Box", p.boxLabel(serial.Box)), p.h.Texts.T("window.import.anyway"), func() {
				opt.OtherSerial = true
				p.importFile(path, opt)
			})
	case errors.As(err, &elsewhere):
		n := 0
		var boxes []string
		for uid, c := range elsewhere.Boxes {
			n += c
			boxes = append(boxes, p.boxLabel(uid))
		}
		p.h.Confirm(p.h.Texts.T("window.import.title", "File", filepath.Base(path)), p.h.Texts.N("window.import.elsewhere",
			n, "Boxes", p.h.Texts.List(boxes), "Box", p.boxLabel(elsewhere.Box)), p.h.Texts.T("window.import.anyway"), func() {
			opt.Elsewhere = true
			p.importFile(path, opt)
		})
	}
}

func (p *Screen) boxLabel(uid string) string {
	if p.names == nil {
		return uid
	}
	return p.names.Box(uid)
}

// askBox asks which box a file came from, and in which zone that box stands.
func (p *Screen) askBox(path string, opt boxes.ImportOptions, table bool) {
	t := p.h.Texts
	f := p.h.NewForm()
	make, question, help := app.MakeZK, t.T("window.import.serialNumber"), t.T("window.import.box.help", "File", filepath.Base(path))
	if table {
		make, question, help = app.MakeTable, t.T("window.import.newName"), t.T("window.import.tableHelp", "File", filepath.Base(path))
	}
	f.Note(help)
	known := f.Choice(t.T("window.col.box"), p.fileBoxes(), "", "box")
	serial := f.Text(question, "", "serial")
	zone := f.Text(t.T("window.field.zone"), string(app.DefaultZone), "zone")
	row := f.Row("serial")
	row.Check = func() error {
		if known.Value() == "" && strings.TrimSpace(serial.Text) == "" {
			return &app.FieldError{Field: "box", Code: "required", Example: "ABC1234567"}
		}
		return nil
	}
	f.Show(t.T("window.import.box.title"), t.T("window.import.go"), func() func(context.Context) error {
		opt.Box, opt.Zone = known.Value(), app.Zone(zone.Text)
		if opt.Box == "" {
			opt.Box, opt.Label = make.UID(strings.TrimSpace(serial.Text)), strings.TrimSpace(serial.Text)
		}
		return func(context.Context) error { return nil }
	}, func() { p.importFile(path, opt) })
}

// fileBoxes lists the boxes that give files, after a new one.
func (p *Screen) fileBoxes() []kit.Option {
	options := []kit.Option{{Value: "", Text: p.h.Texts.T("window.import.box.new")}}
	if p.names != nil {
		for uid, b := range p.names.Boxes {
			if b.Make.Can().Files {
				options = append(options, kit.Option{Value: uid, Text: p.names.Box(uid)})
			}
		}
		kit.SortOptions(options[1:])
	}
	return options
}

// askStatus asks whether the status column of a file means a pressed key (rule P4).
func (p *Screen) askStatus(path string, opt boxes.ImportOptions, e *reading.AskStatusError) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.import.status.help", "Statuses", t.List(e.Statuses)))
	keys := f.Choice(t.T("window.boxes.statusKeys"), p.keyOptions()[1:], "", "statusKeys")
	f.Row("statusKeys").Check = func() error {
		if keys.Value() == "" {
			return &app.FieldError{Field: "value", Code: "required", Example: keys.Offered[0].Text}
		}
		return nil
	}
	f.Show(t.T("window.import.status.title"), t.T("window.import.go"), func() func(context.Context) error {
		opt.StatusKeys = app.StatusKeys(keys.Value())
		return func(context.Context) error { return nil }
	}, func() { p.importFile(path, opt) })
}
