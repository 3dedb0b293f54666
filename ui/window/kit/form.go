package kit

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// Form is a dialog in which people enter something. What is wrong is checked
// by the office when it is saved; each fault appears under its field, and what
// was typed stays.
type Form struct {
	Host    *Host
	Rows    []*FormRow // its fields, from top to bottom
	Pickers []*picker  // those of its fields that choose one of many
	scroll  *container.Scroll
	Grid    *fyne.Container // labels and controls in turn
	General *widget.Label   // what is wrong and belongs to no field
	Save    *Button         // keeps what was entered
	cancel  *Button
	busy    *widget.ProgressBarInfinite
	dialog  *dialog.CustomDialog
	stop    context.CancelFunc
	Submit  func() // what Save does
	title   string
	look    func() func(context.Context) (*acts.Effect, error) // what it would change; nil: it is not asked
	names   *derived.Names                                     // for what look says
	Width   float32                                            // of the dialog, in Fyne's units
}

// FormRow is one field with its label and the place for its fault.
type FormRow struct {
	Fields  []string          // names under which the office may report it, in lower case
	Control fyne.CanvasObject // what it is entered in
	Problem *widget.Label     // what is wrong with it; hidden while nothing is
	Object  fyne.CanvasObject // both of them
	// Check reads what was typed where that can fail before the office sees it.
	Check func() error
	// Moment is the control where it is one.
	Moment *field.Moment
}

// NewForm makes an empty form; Show opens it.
func (h *Host) NewForm() *Form {
	f := &Form{Host: h, Grid: container.New(layout.NewFormLayout()), General: Wrapped(""), Width: 640}
	f.General.Importance = widget.DangerImportance
	f.General.Hide()
	f.Submit = func() {}
	return f
}

// Add puts a control in the form. names are the fields it stands for, the first one first.
func (f *Form) Add(label string, control fyne.CanvasObject, names ...string) *FormRow {
	r := &FormRow{Control: control, Problem: Wrapped("")}
	for _, n := range names {
		r.Fields = append(r.Fields, fieldName(n))
	}
	r.Problem.Importance = widget.DangerImportance
	r.Problem.Hide()
	l := widget.NewLabel(label)
	f.Grid.Add(container.NewVBox(l))
	r.Object = container.NewVBox(control, r.Problem)
	f.Grid.Add(r.Object)
	f.Rows = append(f.Rows, r)
	return r
}

// ShowRow shows or hides a row with its label.
func (f *Form) ShowRow(r *FormRow, on bool) {
	i := slices.Index(f.Grid.Objects, r.Object) // behind its label
	for _, o := range f.Grid.Objects[i-1 : i+1] {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// fieldName makes names of the schema and of JSON alike: staff_number is staffNumber.
func fieldName(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// Text adds an entry of one line.
func (f *Form) Text(label, value string, names ...string) *field.Entry {
	e := field.NewEntry()
	e.SetText(value)
	e.OnSubmitted = func(string) { f.Submit() }
	e.OnKey = f.Key
	f.Add(label, e, names...)
	return e
}

// Secret adds an entry that shows dots, with an eye that shows what they stand for.
func (f *Form) Secret(label string, names ...string) *field.Entry {
	e := f.Text(label, "", names...)
	e.Password = true
	return e
}

// Key closes the form for Escape.
func (f *Form) Key(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && f.dialog != nil {
		f.Close()
	}
}

// Lines adds an entry of several lines.
func (f *Form) Lines(label, value string, names ...string) *widget.Entry {
	e := widget.NewMultiLineEntry()
	e.SetText(value)
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(2)
	f.Add(label, e, names...)
	return e
}

// Option is one of several things to choose from: its code, and what people read.
type Option struct{ Value, Text string }

// Choice is a drop-down list of options.
type Choice struct {
	widget.Select
	Offered []Option             // in the order of the list
	onKey   func(*fyne.KeyEvent) // of Escape
}

// TypedKey hands on Escape.
func (c *Choice) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && c.onKey != nil {
		c.onKey(k)
		return
	}
	c.Select.TypedKey(k)
}

// NewChoice makes a drop-down list with the option of that value chosen.
func NewChoice(options []Option, value string) *Choice {
	var texts []string
	for _, o := range options {
		texts = append(texts, o.Text)
	}
	c := &Choice{Offered: options}
	c.Options = texts
	c.ExtendBaseWidget(c)
	c.Set(value)
	return c
}

// Set chooses the option of a value; one that is not offered changes nothing.
func (c *Choice) Set(value string) {
	if i := slices.IndexFunc(c.Offered, func(o Option) bool { return o.Value == value }); i >= 0 {
		c.SetSelectedIndex(i)
	}
}

// Value returns the chosen option's value, "" for none.
func (c *Choice) Value() string {
	if i := c.SelectedIndex(); i >= 0 {
		return c.Offered[i].Value
	}
	return ""
}

// Choice adds a drop-down list.
func (f *Form) Choice(label string, options []Option, value string, names ...string) *Choice {
	c := NewChoice(options, value)
	c.onKey = f.Key
	c.PlaceHolder = f.Host.Texts.T("window.choose")
	f.Add(label, c, names...)
	return c
}

// picker is a filter and a short list: to choose one of many.
type picker struct {
	Grid   *grid.Grid[Option]
	filter *field.Entry
	object fyne.CanvasObject
}

// Value is that of the row at the cursor; "" for none.
func (p *picker) Value() string {
	if s := p.Grid.Selected(); len(s) > 0 {
		return s[0].Value
	}
	return ""
}

// Pick adds a picker.
func (f *Form) Pick(label string, options []Option, value string, names ...string) *picker {
	g := NewGrid(f.Host, f.Host.Texts.T("window.nothing"), func(o Option) string { return o.Value }, []grid.Column[Option]{
		{Key: "text", Title: label, Width: 200, Text: func(o Option) string { return o.Text }},
	})
	g.SetRows(options)
	g.Select(value)
	p := &picker{Grid: g, filter: FilterFor(f.Host, g)}
	hand := p.filter.OnKey
	p.filter.OnKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape && p.filter.Text == "" {
			f.Key(k) // nothing to empty: it means the form
			return
		}
		hand(k)
	}
	p.object = container.NewBorder(p.filter, nil, nil, nil, Sized(300, 170, g))
	f.Add(label, p.object, names...)
	f.Pickers = append(f.Pickers, p)
	return p
}

// Tick adds a yes-or-no.
func (f *Form) Tick(label, text string, on bool, names ...string) *widget.Check {
	c := widget.NewCheck(text, nil)
	c.SetChecked(on)
	f.Add(label, c, names...)
	return c
}

// Date adds a day.
func (f *Form) Date(label string, value app.Date, names ...string) *field.Date {
	d := f.Host.newDate(value)
	d.OnKey = f.Key
	d.OnSubmitted = func(string) { f.Submit() }
	row := f.Add(label, d, names...)
	row.Check = func() error { _, err := d.Date(); return err }
	return d
}

// newDate makes an entry for a day in the user's way of writing.
func (h *Host) newDate(value app.Date) *field.Date {
	d := field.NewDate(h.Today, h.Texts.Date)
	d.PlaceHolder = h.Texts.T("window.field.dateHint")
	d.SetDate(value)
	return d
}

// Moment adds a day and a time. Without midnight both are needed.
func (f *Form) Moment(label string, value app.Instant, zone *time.Location, midnight bool, names ...string) *field.Moment {
	m := &field.Moment{Date: f.Host.newDate(0), Time: field.NewTime(), Zone: zone, Midnight: midnight}
	if midnight {
		m.Time.PlaceHolder = "00:00"
	}
	m.SetInstant(value)
	m.Date.OnKey, m.Time.OnKey = f.Key, f.Key
	m.Time.OnSubmitted = func(string) { f.Submit() }
	row := f.Add(label, container.NewGridWithColumns(2, m.Date, m.Time), names...)
	row.Check = func() error { _, err := m.Instant(); return err }
	row.Moment = m
	return m
}

// Note adds a text over the whole width of the controls.
func (f *Form) Note(text string) {
	f.Grid.Add(widget.NewLabel(""))
	f.Grid.Add(Wrapped(text))
}

// Show opens the form. collect reads the entries in the window and gives what
// is to be done in the background; done is called after it went well.
func (f *Form) Show(title, save string, collect func() func(context.Context) error, done func()) {
	h := f.Host
	h.Form, f.title = f, title
	f.busy = widget.NewProgressBarInfinite()
	f.busy.Stop()
	f.busy.Hide()
	content := container.NewVBox(f.Grid, f.General, f.busy)
	f.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 4, 16), content))
	f.dialog = dialog.NewCustomWithoutButtons(strings.TrimSuffix(title, "…"), f.scroll, h.Window)
	f.cancel = h.Button(h.Texts.T("window.cancel"), theme.CancelIcon(), f.Close)
	f.Submit = func() { f.try(collect, done) }
	f.Save = h.MainButton(save, theme.ConfirmIcon(), f.Submit)
	f.dialog.SetButtons([]fyne.CanvasObject{f.cancel, f.Save})
	f.dialog.Resize(f.size(content))
	f.dialog.Show()
	h.closing(f.Close)
	for _, p := range f.Pickers { // a list can scroll to its row only once it has a size
		if v := p.Value(); v != "" {
			p.Grid.Select(v)
		}
	}
	f.focusFirst()
}

// size returns the dialog the height that it needs, and no more than the window has.
func (f *Form) size(content fyne.CanvasObject) fyne.Size {
	const chrome, spare = 125, 50                                      // spare: for faults under fields
	content.Resize(fyne.NewSize(f.Width-40, content.MinSize().Height)) // the height of wrapped text depends on its width
	return fyne.NewSize(f.Width, min(content.MinSize().Height+chrome+spare, f.Host.Window.Canvas().Size().Height-20))
}

// Close closes the form and stops what it has under way.
func (f *Form) Close() {
	if f.stop != nil {
		f.stop()
	}
	f.dialog.Hide()
}

func (f *Form) focusFirst() {
	for _, r := range f.Rows {
		if focus, ok := FirstFocusable(r.Control); ok {
			f.Host.Window.Canvas().Focus(focus)
			return
		}
	}
}

// FirstFocusable finds what takes the keyboard first in an object; false for nothing.
func FirstFocusable(o fyne.CanvasObject) (fyne.Focusable, bool) {
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			if f, ok := FirstFocusable(child); ok {
				return f, true
			}
		}
		return nil, false
	}
	f, ok := o.(fyne.Focusable)
	return f, ok
}

// try checks what can be checked here, then saves in the background.
func (f *Form) try(collect func() func(context.Context) error, done func()) {
	if f.Save.Disabled() {
		return
	}
	f.Clear()
	if !f.check() {
		return
	}
	do := collect()
	if f.look != nil {
		f.lookFirst(do, done)
		return
	}
	f.carryOut(do, done)
}

// carryOut does what the form is for, and closes it when that went well.
func (f *Form) carryOut(do func(context.Context) error, done func()) {
	f.work(do, func() {
		f.dialog.Hide()
		if done != nil {
			done()
		}
	})
}

// work does something in the background; what is wrong appears under its field.
func (f *Form) work(do func(context.Context) error, well func()) {
	ctx, cancel := context.WithCancel(f.Host.Ctx)
	f.stop = cancel
	f.setBusy(true)
	f.Host.Run(func() {
		err := do(ctx)
		f.Host.Do(func() {
			cancelled := ctx.Err() != nil
			cancel()
			f.setBusy(false)
			switch {
			case err != nil && cancelled:
			case err != nil:
				f.ShowError(err)
			default:
				well()
			}
		})
	})
}

func (f *Form) setBusy(on bool) {
	Enable(!on, f.Save)
	if on {
		f.busy.Show()
		f.busy.Start()
		return
	}
	f.busy.Stop()
	f.busy.Hide()
}

// Clear takes away what was said to be wrong.
func (f *Form) Clear() {
	f.General.Hide()
	for _, r := range f.Rows {
		r.Problem.Hide()
	}
}

// check reads the entries that can be misread and says so under them.
func (f *Form) check() bool {
	good := true
	for _, r := range f.Rows {
		if r.Check == nil {
			continue
		}
		if err := r.Check(); err != nil {
			r.show(f.Host.fieldProblem(f.local(r, err)))
			if good {
				f.lead(r)
			}
			good = false
		}
	}
	return good
}

// fieldProblem words what package field could not read.
func (h *Host) fieldProblem(err error) string {
	switch {
	case errors.Is(err, field.ErrDate):
		return h.Texts.T("window.field.date", "Example", h.Texts.Date(h.Today()))
	case errors.Is(err, field.ErrTime):
		return h.Texts.T("window.field.time")
	case errors.Is(err, field.ErrNoSuch):
		return h.Texts.T("window.field.noSuchTime")
	case errors.Is(err, field.ErrRequired):
		return h.Texts.T("window.field.needsTime")
	}
	return h.Texts.Error(err)
}

// local writes the example of a field's fault as people do: the office gives
// instants in UTC and days in ISO form. Forms take whole minutes, so that the
// example for an end is the next one after the instant.
func (f *Form) local(r *FormRow, err error) error {
	var fe *app.FieldError
	if !errors.As(err, &fe) {
		return err
	}
	if fe.Code == "reason.unknown" { // the example is a code
		return &app.FieldError{Field: fe.Field, Code: fe.Code, Example: "“" + Upper(wording.Reason(f.Host.Texts, fe.Example)) + "”"}
	}
	zone := f.Host.Zone
	if r != nil && r.Moment != nil && r.Moment.Zone != nil {
		zone = r.Moment.Zone
	}
	var i app.Instant
	if i.UnmarshalText([]byte(fe.Example)) != nil || i == 0 {
		return err
	}
	if fe.Code == "to.beforeFrom" {
		const minute = 60_000
		i += minute - i%minute
	}
	return &app.FieldError{Field: fe.Field, Code: fe.Code, Example: f.Host.Texts.DateTime(i, zone)}
}

func (r *FormRow) show(text string) {
	if r.Problem.Visible() && r.Problem.Text != "" && r.Problem.Text != text {
		text = r.Problem.Text + "\n" + text
	}
	r.Problem.SetText(text)
	r.Problem.Show()
}

// ShowError puts each fault of a joined error under its field, the rest below.
func (f *Form) ShowError(err error) {
	var rest []string
	var first *FormRow
	for _, e := range flatten(err) {
		var fe *app.FieldError
		row := (*FormRow)(nil)
		if errors.As(e, &fe) {
			row = f.Row(fe.Field)
		}
		if row == nil {
			rest = append(rest, f.Host.Texts.Error(f.local(nil, e)))
			continue
		}
		row.show(f.Host.Texts.Error(f.local(row, fe)))
		if first == nil {
			first = row
		}
	}
	if len(rest) > 0 {
		f.General.SetText(strings.Join(rest, "\n"))
		f.General.Show()
	}
	if first != nil {
		f.lead(first)
	}
}

// lead puts the keyboard on a field with a fault, and both into sight.
func (f *Form) lead(r *FormRow) {
	if focus, ok := FirstFocusable(r.Control); ok {
		f.Host.Window.Canvas().Focus(focus)
	}
	const fault = 90 // the field and two lines of text below it
	if y := r.Object.Position().Y + f.Grid.Position().Y; y < f.scroll.Offset.Y || y+r.Control.Size().Height+fault > f.scroll.Offset.Y+f.scroll.Size().Height {
		f.scroll.ScrollToOffset(fyne.NewPos(0, max(0, y+r.Control.Size().Height+fault-f.scroll.Size().Height)))
	}
}

// Row finds the row of a field, by a name of the schema or of JSON; nil for none.
func (f *Form) Row(name string) *FormRow {
	for _, r := range f.Rows {
		if slices.Contains(r.Fields, fieldName(name)) {
			return r
		}
	}
	return nil
}

// flatten returns the single errors of one that errors.Join made, also below a wrapping.
func flatten(err error) []error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if many, ok := e.(interface{ Unwrap() []error }); ok {
			var all []error
			for _, one := range many.Unwrap() {
				all = append(all, flatten(one)...)
			}
			return all
		}
	}
	return []error{err}
}

// Must reads an entry whose check passed before.
func Must[T any](v T, _ error) T { return v }

// SortOptions sorts options by what people read.
func SortOptions(os []Option) {
	slices.SortFunc(os, func(a, b Option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
}
