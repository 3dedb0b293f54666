package sheets

import (
	"cmp"
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/export"
	"klokkast/app/office"
	"klokkast/app/timesheet"
	"klokkast/ui/window/field"
	"klokkast/ui/window/kit"
)

// exportForm asks as what hours are written. For a CSV file it shows the profile,
// to be changed, and the first lines as they would be.
type exportForm struct {
	h        *kit.Host
	desk     *office.Office
	what     documents.ExportChoice
	dir      string
	profiles []export.Profile
	chosen   []app.ID // engagements that were selected
	load     *kit.Inquiry

	f         *kit.Form
	as        *kit.Choice
	from, to  *field.Date
	only      *widget.Check
	name      *field.Entry
	rows      *kit.Choice
	columns   *widget.Entry
	more      *kit.Choice
	delimiter *kit.Choice
	decimal   *widget.Check
	dates     *field.Entry
	encoding  *kit.Choice
	header    *widget.Check
	every     *widget.Check
	remove    *kit.Button
	preview   *kit.Fact
	codes     map[app.AbsenceKind]string
	csvRows   []*kit.FormRow // shown for a CSV file only
	filling   bool
}

// csvPrefix begins the value of the option of a profile.
const csvPrefix = "csv:"

// askExport asks as what the hours of a period are written into a folder;
// chosen are the engagements that were selected.
func askExport(h *kit.Host, desk *office.Office, what documents.ExportChoice, chosen []app.ID, dir string) {
	h.Run(func() {
		profiles, err := desk.Exports.ExportProfiles(h.Ctx)
		h.Do(func() {
			if err != nil {
				h.Fail(err)
				return
			}
			e := &exportForm{h: h, desk: desk, what: what, chosen: chosen, dir: dir, profiles: profiles}
			e.show()
		})
	})
}

func (e *exportForm) show() {
	t := e.h.Texts
	e.f = e.h.NewForm()
	e.f.Width = 860
	e.as = e.f.Choice(t.T("window.export.as"), e.targets(), string(export.EachApart), "exportLayout")
	e.from = e.f.Date(t.T("window.field.from"), e.what.Days.From, "from")
	e.to = e.f.Date(t.T("window.field.end"), e.what.Days.To, "to")
	e.from.OnChanged = func(string) { e.refresh() }
	e.to.OnChanged = func(string) { e.refresh() }
	e.only = widget.NewCheck(t.N("window.export.some", len(e.chosen)), nil)
	if len(e.chosen) > 0 {
		e.f.Add("", e.only)
	}
	e.addProfile()
	e.as.OnChanged = func(string) { e.choose() }
	e.only.OnChanged = func(bool) { e.refresh() }
	e.f.Show(t.T("window.export.title"), t.T("window.export.save"), e.check, e.write)
	e.choose()
}

// targets are the spreadsheets and the profiles of CSV files.
func (e *exportForm) targets() []kit.Option {
	t := e.h.Texts
	list := []kit.Option{{Value: string(export.EachApart), Text: t.T("window.export.each")}, {Value: string(export.OneList), Text: t.T("window.export.list")}}
	for _, p := range e.profiles {
		list = append(list, kit.Option{Value: csvPrefix + p.Name, Text: t.T("window.export.csv", "Name", p.Name)})
	}
	return list
}

// addProfile adds the fields of a profile and the first lines of its file.
func (e *exportForm) addProfile() {
	t := e.h.Texts
	label := func(name string) string { return kit.Upper(t.Field(name)) }
	add := func(r *kit.FormRow) { e.csvRows = append(e.csvRows, r) }
	last := func() *kit.FormRow { return e.f.Rows[len(e.f.Rows)-1] }
	tick := func(name string) *widget.Check {
		c := widget.NewCheck(label(name), func(bool) { e.refresh() })
		return c
	}
	e.name = e.f.Text(label("profile"), "", "profile")
	add(last())
	e.rows = e.f.Choice(label("exportRows"), e.rowOptions(), "", "exportRows")
	add(last())
	e.columns = e.f.Lines(t.T("window.export.columns"), "", "columns")
	add(last())
	e.more = e.f.Choice("", nil, "")
	e.more.PlaceHolder = t.T("window.export.addColumn")
	add(last())
	e.delimiter = kit.NewChoice([]kit.Option{{Value: ";", Text: ";"}, {Value: ",", Text: ","}, {Value: "\t", Text: "TAB"}, {Value: "|", Text: "|"}}, ";")
	e.dates = field.NewEntry()
	e.dates.OnKey = e.f.Key
	e.encoding = kit.NewChoice(encodings(), string(export.UTF8BOM))
	add(e.f.Add(label("delimiter"), container.NewGridWithColumns(3, e.delimiter, e.dates, e.encoding), "delimiter", "dates", "encoding"))
	e.decimal = widget.NewCheck("7,50", func(bool) { e.refresh() })
	e.header, e.every = tick("header"), tick("everyDay")
	keep := e.h.Button(t.T("window.export.keep"), theme.DocumentSaveIcon(), e.keep)
	e.remove = e.h.Button(t.T("window.export.remove"), theme.DeleteIcon(), e.forget)
	add(e.f.Add("", container.NewBorder(nil, nil, container.NewHBox(e.decimal, e.header, e.every), container.NewHBox(keep, e.remove))))
	e.preview = e.h.Fact("")
	e.preview.TextStyle = fyne.TextStyle{Monospace: true}
	e.load = e.h.Asks(e.preview)
	e.f.Add(t.T("window.export.preview"), e.load.Above(kit.Sized(640, 170, container.NewScroll(e.preview.Label))))
	for _, c := range []*kit.Choice{e.delimiter, e.encoding} {
		c.OnChanged = func(string) { e.refresh() }
	}
	e.rows.OnChanged = func(string) { e.offerColumns(); e.refresh() }
	e.more.OnChanged = func(string) { e.addColumn() }
	e.columns.OnChanged = func(string) { e.refresh() }
	e.dates.OnChanged = func(string) { e.refresh() }
}

func (e *exportForm) rowOptions() (list []kit.Option) {
	for _, r := range export.AllRows {
		list = append(list, kit.Option{Value: string(r), Text: e.h.Texts.T("export.rows." + string(r))})
	}
	return list
}

func encodings() (list []kit.Option) {
	for _, c := range export.Encodings {
		list = append(list, kit.Option{Value: string(c), Text: string(c)})
	}
	return list
}

// isCSV says that a profile is chosen.
func (e *exportForm) isCSV() bool { return strings.HasPrefix(e.as.Value(), csvPrefix) }

// choose fills the fields with the chosen profile, or hides them for a spreadsheet.
func (e *exportForm) choose() {
	for _, r := range e.csvRows {
		e.f.ShowRow(r, e.isCSV())
	}
	name := strings.TrimPrefix(e.as.Value(), csvPrefix)
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
	e.rows.Set(string(p.Rows))
	e.columns.SetText(strings.ReplaceAll(export.FormatColumns(p.Columns), ",", ", "))
	e.delimiter.Set(p.Delimiter)
	e.dates.SetText(p.Dates)
	e.encoding.Set(string(p.Encoding))
	e.decimal.SetChecked(p.DecimalComma)
	e.header.SetChecked(p.Header)
	e.every.SetChecked(p.EveryDay)
	e.codes = p.Codes
	e.filling = false
	e.offerColumns()
}

// profile returns what stands in the fields.
func (e *exportForm) profile() export.Profile {
	return export.Profile{
		Name: strings.TrimSpace(e.name.Text), Rows: export.Rows(e.rows.Value()), Columns: export.ParseColumns(e.columns.Text), Delimiter: e.delimiter.Value(),
		Dates: strings.TrimSpace(e.dates.Text), Encoding: export.Encoding(e.encoding.Value()), DecimalComma: e.decimal.Checked,
		Header: e.header.Checked, EveryDay: e.every.Checked, Codes: e.codes,
	}
}

// choice returns whose hours are written, and of which days; days that cannot be
// read are checked before the form closes.
func (e *exportForm) choice() documents.ExportChoice {
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
	var options []kit.Option
	for _, id := range export.ColumnsOf(export.Rows(e.rows.Value())) {
		options = append(options, kit.Option{Value: string(id), Text: export.Heading(e.h.Texts, id) + " · " + string(id)})
	}
	e.more.Offered, e.more.Options = options, nil
	for _, o := range options {
		e.more.Options = append(e.more.Options, o.Text)
	}
	e.more.ClearSelected()
}

func (e *exportForm) addColumn() {
	id := e.more.Value()
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
		e.load.Answer(func() { e.preview.SetText(e.h.Texts.T("window.export.noPreview", "Folder", e.dir)) })
		return
	}
	kit.Enable(e.saved(e.name.Text), e.remove)
	const lines = 8
	p, c := e.profile(), e.choice()
	kit.Load(e.load, [2]any{p, c}, func(ctx context.Context) (string, error) {
		shown, err := e.desk.Exports.PreviewCSV(ctx, c, p, lines)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		text := strings.ReplaceAll(strings.Join(shown, "\n"), "\t", " → ")
		if err != nil {
			text = e.h.Texts.Error(err) + "\n" + text
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
			return &app.FieldError{Field: "from", Code: "required", Example: e.h.Texts.Date(e.what.Days.From)}
		case d.To < d.From:
			return &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: e.h.Texts.Date(d.From)}
		case csv:
			return p.Check()
		}
		return nil
	}
}

// write writes the file, with progress where everything else shows it.
func (e *exportForm) write() {
	p, csv, layout := e.profile(), e.isCSV(), export.Layout(e.as.Value())
	e.carryOut(e.choice(), func(ctx context.Context, c documents.ExportChoice, progress kit.Progress) (documents.Exported, error) {
		if csv {
			return e.desk.Exports.ExportCSV(ctx, c, p, e.dir, progress)
		}
		return e.desk.Exports.ExportWorkbook(ctx, c, layout, e.dir, progress)
	})
}

func (e *exportForm) carryOut(c documents.ExportChoice, do func(context.Context, documents.ExportChoice, kit.Progress) (documents.Exported, error)) {
	t := e.h.Texts
	var done documents.Exported
	e.h.Work("export", t.T("window.export.running", "Month", timesheet.Period(t, c.Days)), func(ctx context.Context, progress kit.Progress) (err error) {
		done, err = do(ctx, c, progress)
		return askInstead(err)
	}, func(err error) {
		if e.h.AskReplace(err, func() {
			c.Replace = true
			e.carryOut(c, do)
		}) {
			return
		}
		if err == nil {
			e.h.Say(t.T("window.export.written", "File", done.File), widget.SuccessImportance)
		}
	})
}

// keep saves the profile under its name; the form stays.
func (e *exportForm) keep() {
	p := e.profile()
	e.change(func(ctx context.Context) error { return e.desk.Exports.SaveExportProfile(ctx, p, "") }, p.Name)
}

// forget removes the profile that was kept under the name.
func (e *exportForm) forget() {
	name := strings.TrimSpace(e.name.Text)
	e.change(func(ctx context.Context) error { return e.desk.Exports.RemoveExportProfile(ctx, name, "") }, name)
}

// change changes the kept profiles and chooses the one of a name, if it is still there.
func (e *exportForm) change(do func(context.Context) error, name string) {
	e.f.Clear()
	e.h.Run(func() {
		err := do(e.h.Ctx)
		list, errList := e.desk.Exports.ExportProfiles(e.h.Ctx)
		e.h.Do(func() {
			if err = cmp.Or(err, errList); err != nil {
				e.f.ShowError(err)
				return
			}
			e.profiles = list
			e.as.Offered, e.as.Options = e.targets(), nil
			for _, o := range e.as.Offered {
				e.as.Options = append(e.as.Options, o.Text)
			}
			e.as.ClearSelected()
			e.as.Set(csvPrefix + name)
			if e.as.Value() == "" {
				e.as.Set(string(export.EachApart))
			}
		})
	})
}
