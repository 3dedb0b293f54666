package window

import (
	"cmp"
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/export"
	"klokkast/app/office"
	"klokkast/app/timesheet"
	"klokkast/ui/window/field"
)

// exportForm asks as what hours are written. For a CSV file it shows the profile,
// to be changed, and the first lines as they would be.
type exportForm struct {
	h        *host
	desk     *office.Office
	what     office.ExportChoice
	dir      string
	profiles []export.Profile
	chosen   []app.ID // engagements that were selected
	load     *inquiry

	f         *form
	as        *choice
	from, to  *field.Date
	only      *widget.Check
	name      *field.Entry
	rows      *choice
	columns   *widget.Entry
	more      *choice
	delimiter *choice
	decimal   *widget.Check
	dates     *field.Entry
	encoding  *choice
	header    *widget.Check
	every     *widget.Check
	remove    *button
	preview   *fact
	codes     map[app.AbsenceKind]string
	csvRows   []*formRow // shown for a CSV file only
	filling   bool
}

// csvPrefix begins the value of the option of a profile.
const csvPrefix = "csv:"

// askExport asks as what the hours of a period are written into a folder;
// chosen are the engagements that were selected.
func askExport(h *host, desk *office.Office, what office.ExportChoice, chosen []app.ID, dir string) {
	h.run(func() {
		profiles, err := desk.ExportProfiles(h.ctx)
		h.do(func() {
			if err != nil {
				h.fail(err)
				return
			}
			e := &exportForm{h: h, desk: desk, what: what, chosen: chosen, dir: dir, profiles: profiles}
			e.show()
		})
	})
}

func (e *exportForm) show() {
	t := e.h.t
	e.f = e.h.newForm()
	e.f.width = 860
	e.as = e.f.choice(t.T("window.export.as"), e.targets(), string(export.EachApart), "exportLayout")
	e.from = e.f.date(t.T("window.field.from"), e.what.Days.From, "from")
	e.to = e.f.date(t.T("window.field.end"), e.what.Days.To, "to")
	e.from.OnChanged = func(string) { e.refresh() }
	e.to.OnChanged = func(string) { e.refresh() }
	e.only = widget.NewCheck(t.N("window.export.some", len(e.chosen)), nil)
	if len(e.chosen) > 0 {
		e.f.add("", e.only)
	}
	e.addProfile()
	e.as.OnChanged = func(string) { e.choose() }
	e.only.OnChanged = func(bool) { e.refresh() }
	e.f.show(t.T("window.export.title"), t.T("window.export.save"), e.check, e.write)
	e.choose()
}

// targets are the spreadsheets and the profiles of CSV files.
func (e *exportForm) targets() []option {
	t := e.h.t
	list := []option{{string(export.EachApart), t.T("window.export.each")}, {string(export.OneList), t.T("window.export.list")}}
	for _, p := range e.profiles {
		list = append(list, option{csvPrefix + p.Name, t.T("window.export.csv", "Name", p.Name)})
	}
	return list
}

// addProfile adds the fields of a profile and the first lines of its file.
func (e *exportForm) addProfile() {
	t := e.h.t
	label := func(name string) string { return upper(t.Field(name)) }
	add := func(r *formRow) { e.csvRows = append(e.csvRows, r) }
	last := func() *formRow { return e.f.rows[len(e.f.rows)-1] }
	tick := func(name string) *widget.Check {
		c := widget.NewCheck(label(name), func(bool) { e.refresh() })
		return c
	}
	e.name = e.f.text(label("profile"), "", "profile")
	add(last())
	e.rows = e.f.choice(label("exportRows"), e.rowOptions(), "", "exportRows")
	add(last())
	e.columns = e.f.lines(t.T("window.export.columns"), "", "columns")
	add(last())
	e.more = e.f.choice("", nil, "")
	e.more.PlaceHolder = t.T("window.export.addColumn")
	add(last())
	e.delimiter = newChoice([]option{{";", ";"}, {",", ","}, {"\t", "TAB"}, {"|", "|"}}, ";")
	e.dates = field.NewEntry()
	e.dates.OnKey = e.f.key
	e.encoding = newChoice(encodings(), string(export.UTF8BOM))
	add(e.f.add(label("delimiter"), container.NewGridWithColumns(3, e.delimiter, e.dates, e.encoding), "delimiter", "dates", "encoding"))
	e.decimal = widget.NewCheck("7,50", func(bool) { e.refresh() })
	e.header, e.every = tick("header"), tick("everyDay")
	keep := e.h.button(t.T("window.export.keep"), theme.DocumentSaveIcon(), e.keep)
	e.remove = e.h.button(t.T("window.export.remove"), theme.DeleteIcon(), e.forget)
	add(e.f.add("", container.NewBorder(nil, nil, container.NewHBox(e.decimal, e.header, e.every), container.NewHBox(keep, e.remove))))
	e.preview = e.h.fact("")
	e.preview.TextStyle = fyne.TextStyle{Monospace: true}
	e.load = e.h.asks(e.preview)
	e.f.add(t.T("window.export.preview"), e.load.above(sized(640, 170, container.NewScroll(e.preview.Label))))
	for _, c := range []*choice{e.delimiter, e.encoding} {
		c.OnChanged = func(string) { e.refresh() }
	}
	e.rows.OnChanged = func(string) { e.offerColumns(); e.refresh() }
	e.more.OnChanged = func(string) { e.addColumn() }
	e.columns.OnChanged = func(string) { e.refresh() }
	e.dates.OnChanged = func(string) { e.refresh() }
}

func (e *exportForm) rowOptions() (list []option) {
	for _, r := range export.AllRows {
		list = append(list, option{string(r), e.h.t.T("export.rows." + string(r))})
	}
	return list
}

func encodings() (list []option) {
	for _, c := range export.Encodings {
		list = append(list, option{string(c), string(c)})
	}
	return list
}

// isCSV says that a profile is chosen.
func (e *exportForm) isCSV() bool { return strings.HasPrefix(e.as.value(), csvPrefix) }

// choose fills the fields with the chosen profile, or hides them for a spreadsheet.
func (e *exportForm) choose() {
	for _, r := range e.csvRows {
		e.f.showRow(r, e.isCSV())
	}
	name := strings.TrimPrefix(e.as.value(), csvPrefix)
	for _, p := range e.profiles {
		if e.isCSV() && p.Name == name {
			e.fill(p)
		}
	}
	e.refresh()
}

func (e *exportForm) fill(p export.Profile) {
	e.filling = true
	e.name.SetText(p.Name)
	e.rows.set(string(p.Rows))
	e.columns.SetText(strings.ReplaceAll(export.FormatColumns(p.Columns), ",", ", "))
	e.delimiter.set(p.Delimiter)
	e.dates.SetText(p.Dates)
	e.encoding.set(string(p.Encoding))
	e.decimal.SetChecked(p.DecimalComma)
	e.header.SetChecked(p.Header)
	e.every.SetChecked(p.EveryDay)
	e.codes = p.Codes
	e.filling = false
	e.offerColumns()
}

// profile gives what stands in the fields.
func (e *exportForm) profile() export.Profile {
	return export.Profile{
		Name: strings.TrimSpace(e.name.Text), Rows: export.Rows(e.rows.value()), Columns: export.ParseColumns(e.columns.Text), Delimiter: e.delimiter.value(),
		Dates: strings.TrimSpace(e.dates.Text), Encoding: export.Encoding(e.encoding.value()), DecimalComma: e.decimal.Checked,
		Header: e.header.Checked, EveryDay: e.every.Checked, Codes: e.codes,
	}
}

// choice gives whose hours are written, and of which days; days that cannot be
// read are checked before the form closes.
func (e *exportForm) choice() office.ExportChoice {
	c := e.what
	if from, err := e.from.Date(); err == nil {
		c.Days.From = from
	}
	if to, err := e.to.Date(); err == nil {
		c.Days.To = to
	}
	if e.only.Checked {
		c.Engagements = e.chosen
	}
	return c
}

// offerColumns offers the columns that mean something in the chosen rows.
func (e *exportForm) offerColumns() {
	var options []option
	for _, id := range export.ColumnsOf(export.Rows(e.rows.value())) {
		options = append(options, option{string(id), export.Heading(e.h.t, id) + " · " + string(id)})
	}
	e.more.options, e.more.Options = options, nil
	for _, o := range options {
		e.more.Options = append(e.more.Options, o.text)
	}
	e.more.ClearSelected()
}

func (e *exportForm) addColumn() {
	id := e.more.value()
	if id == "" {
		return
	}
	text := strings.TrimRight(strings.TrimSpace(e.columns.Text), ",")
	if text != "" {
		text += ", "
	}
	e.columns.SetText(text + id)
	e.more.ClearSelected()
}

// refresh shows the first lines, or what is wrong with the profile.
func (e *exportForm) refresh() {
	if e.filling {
		return
	}
	if !e.isCSV() {
		e.load.answer(func() { e.preview.SetText(e.h.t.T("window.export.noPreview", "Folder", e.dir)) })
		return
	}
	enable(e.saved(e.name.Text), e.remove)
	const lines = 8
	p, c := e.profile(), e.choice()
	load(e.load, [2]any{p, c}, func(ctx context.Context) (string, error) {
		shown, err := e.desk.PreviewCSV(ctx, c, p, lines)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		text := strings.ReplaceAll(strings.Join(shown, "\n"), "\t", " → ")
		if err != nil {
			text = e.h.t.Error(err) + "\n" + text
		}
		return text, nil
	}, e.preview.SetText)
}

// saved says that a profile of this name is one that people kept, or may be.
func (e *exportForm) saved(name string) bool {
	for _, p := range e.profiles {
		if strings.EqualFold(p.Name, strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// check looks at the profile before the form closes.
func (e *exportForm) check() func(context.Context) error {
	p, c, csv := e.profile(), e.choice(), e.isCSV()
	return func(context.Context) error {
		switch d := c.Days; {
		case d.From == 0:
			return &app.FieldError{Field: "from", Code: "required", Example: e.h.t.Date(e.what.Days.From)}
		case d.To < d.From:
			return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: e.h.t.Date(d.From)}
		case csv:
			return p.Check()
		}
		return nil
	}
}

// write writes the file, with progress where everything else shows it.
func (e *exportForm) write() {
	p, csv, layout := e.profile(), e.isCSV(), export.Layout(e.as.value())
	e.carryOut(e.choice(), func(ctx context.Context, c office.ExportChoice, progress progressOf) (office.Exported, error) {
		if csv {
			return e.desk.ExportCSV(ctx, c, p, e.dir, progress)
		}
		return e.desk.ExportWorkbook(ctx, c, layout, e.dir, progress)
	})
}

func (e *exportForm) carryOut(c office.ExportChoice, do func(context.Context, office.ExportChoice, progressOf) (office.Exported, error)) {
	t := e.h.t
	var done office.Exported
	e.h.work("export", t.T("window.export.running", "Month", timesheet.Period(t, c.Days)), func(ctx context.Context, progress progressOf) (err error) {
		done, err = do(ctx, c, progress)
		return askInstead(err)
	}, func(err error) {
		if e.h.askReplace(err, func() {
			c.Replace = true
			e.carryOut(c, do)
		}) {
			return
		}
		if err == nil {
			e.h.say(t.T("window.export.written", "File", done.File), widget.SuccessImportance)
		}
	})
}

// keep saves the profile under its name; the form stays.
func (e *exportForm) keep() {
	p := e.profile()
	e.change(func(ctx context.Context) error { return e.desk.SaveExportProfile(ctx, p, "") }, p.Name)
}

// forget removes the profile that was kept under the name.
func (e *exportForm) forget() {
	name := strings.TrimSpace(e.name.Text)
	e.change(func(ctx context.Context) error { return e.desk.RemoveExportProfile(ctx, name, "") }, name)
}

// change changes the kept profiles and chooses the one of a name, if it is still there.
func (e *exportForm) change(do func(context.Context) error, name string) {
	e.f.clear()
	e.h.run(func() {
		err := do(e.h.ctx)
		list, errList := e.desk.ExportProfiles(e.h.ctx)
		e.h.do(func() {
			if err = cmp.Or(err, errList); err != nil {
				e.f.showError(err)
				return
			}
			e.profiles = list
			e.as.options, e.as.Options = e.targets(), nil
			for _, o := range e.as.options {
				e.as.Options = append(e.as.Options, o.text)
			}
			e.as.ClearSelected()
			e.as.set(csvPrefix + name)
			if e.as.value() == "" {
				e.as.set(string(export.EachApart))
			}
		})
	})
}
