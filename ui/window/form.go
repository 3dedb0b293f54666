package window

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
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// form is a dialog in which people enter something. What is wrong is checked
// by the office when it is saved; each fault appears under its field, and what
// was typed stays.
type form struct {
	h       *host
	rows    []*formRow
	pickers []*picker
	scroll  *container.Scroll
	grid    *fyne.Container
	general *widget.Label
	save    *button
	cancel  *button
	busy    *widget.ProgressBarInfinite
	dialog  *dialog.CustomDialog
	stop    context.CancelFunc
	submit  func()
	title   string
	look    func() func(context.Context) (*office.Effect, error) // what it would change; nil: it is not asked
	names   *office.Names                                        // for what look says
	width   float32                                              // of the dialog
}

// formRow is one field with its label and the place for its fault.
type formRow struct {
	fields  []string // names under which the office may report it, in lower case
	control fyne.CanvasObject
	problem *widget.Label
	object  fyne.CanvasObject // both of them
	// check reads what was typed where that can fail before the office sees it.
	check func() error
	// moment is the control where it is one.
	moment *field.Moment
}

func (h *host) newForm() *form {
	f := &form{h: h, grid: container.New(layout.NewFormLayout()), general: wrapped(""), width: 640}
	f.general.Importance = widget.DangerImportance
	f.general.Hide()
	f.submit = func() {}
	return f
}

// add puts a control in the form. names are the fields it stands for, the first one first.
func (f *form) add(label string, control fyne.CanvasObject, names ...string) *formRow {
	r := &formRow{control: control, problem: wrapped("")}
	for _, n := range names {
		r.fields = append(r.fields, fieldName(n))
	}
	r.problem.Importance = widget.DangerImportance
	r.problem.Hide()
	l := widget.NewLabel(label)
	f.grid.Add(container.NewVBox(l))
	r.object = container.NewVBox(control, r.problem)
	f.grid.Add(r.object)
	f.rows = append(f.rows, r)
	return r
}

// showRow shows or hides a row with its label.
func (f *form) showRow(r *formRow, on bool) {
	i := slices.Index(f.grid.Objects, r.object) // behind its label
	for _, o := range f.grid.Objects[i-1 : i+1] {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// fieldName makes names of the schema and of JSON alike: staff_number is staffNumber.
func fieldName(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// text adds an entry of one line.
func (f *form) text(label, value string, names ...string) *field.Entry {
	e := field.NewEntry()
	e.SetText(value)
	e.OnSubmitted = func(string) { f.submit() }
	e.OnKey = f.key
	f.add(label, e, names...)
	return e
}

// secret adds an entry that shows dots, with an eye that shows what they stand for.
func (f *form) secret(label string, names ...string) *field.Entry {
	e := f.text(label, "", names...)
	e.Password = true
	return e
}

// key closes the form for Escape.
func (f *form) key(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && f.dialog != nil {
		f.close()
	}
}

// lines adds an entry of several lines.
func (f *form) lines(label, value string, names ...string) *widget.Entry {
	e := widget.NewMultiLineEntry()
	e.SetText(value)
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(2)
	f.add(label, e, names...)
	return e
}

// option is one of several things to choose from.
type option struct{ value, text string }

// choice is a drop-down list of options.
type choice struct {
	widget.Select
	options []option
	onKey   func(*fyne.KeyEvent) // of Escape
}

// TypedKey hands on Escape.
func (c *choice) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && c.onKey != nil {
		c.onKey(k)
		return
	}
	c.Select.TypedKey(k)
}

func newChoice(options []option, value string) *choice {
	var texts []string
	for _, o := range options {
		texts = append(texts, o.text)
	}
	c := &choice{options: options}
	c.Options = texts
	c.ExtendBaseWidget(c)
	c.set(value)
	return c
}

func (c *choice) set(value string) {
	if i := slices.IndexFunc(c.options, func(o option) bool { return o.value == value }); i >= 0 {
		c.SetSelectedIndex(i)
	}
}

// value gives the chosen option's value, "" for none.
func (c *choice) value() string {
	if i := c.SelectedIndex(); i >= 0 {
		return c.options[i].value
	}
	return ""
}

// choice adds a drop-down list.
func (f *form) choice(label string, options []option, value string, names ...string) *choice {
	c := newChoice(options, value)
	c.onKey = f.key
	c.PlaceHolder = f.h.t.T("window.choose")
	f.add(label, c, names...)
	return c
}

// picker is a filter and a short list: to choose one of many.
type picker struct {
	grid   *grid.Grid[option]
	filter *field.Entry
	object fyne.CanvasObject
}

func (p *picker) value() string {
	if s := p.grid.Selected(); len(s) > 0 {
		return s[0].value
	}
	return ""
}

// pick adds a picker.
func (f *form) pick(label string, options []option, value string, names ...string) *picker {
	g := newGrid(f.h, f.h.t.T("window.nothing"), func(o option) string { return o.value }, []grid.Column[option]{
		{Key: "text", Title: label, Width: 200, Text: func(o option) string { return o.text }},
	})
	g.SetRows(options)
	g.Select(value)
	p := &picker{grid: g, filter: filterFor(f.h, g)}
	hand := p.filter.OnKey
	p.filter.OnKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape && p.filter.Text == "" {
			f.key(k) // nothing to empty: it means the form
			return
		}
		hand(k)
	}
	p.object = container.NewBorder(p.filter, nil, nil, nil, sized(300, 170, g))
	f.add(label, p.object, names...)
	f.pickers = append(f.pickers, p)
	return p
}

// tick adds a yes-or-no.
func (f *form) tick(label, text string, on bool, names ...string) *widget.Check {
	c := widget.NewCheck(text, nil)
	c.SetChecked(on)
	f.add(label, c, names...)
	return c
}

// date adds a day.
func (f *form) date(label string, value app.Date, names ...string) *field.Date {
	d := f.h.newDate(value)
	d.OnKey = f.key
	d.OnSubmitted = func(string) { f.submit() }
	row := f.add(label, d, names...)
	row.check = func() error { _, err := d.Date(); return err }
	return d
}

// newDate makes an entry for a day in the user's way of writing.
func (h *host) newDate(value app.Date) *field.Date {
	d := field.NewDate(h.today, h.t.Date)
	d.PlaceHolder = h.t.T("window.field.dateHint")
	d.SetDate(value)
	return d
}

// moment adds a day and a time. Without midnight both are needed.
func (f *form) moment(label string, value app.Instant, zone *time.Location, midnight bool, names ...string) *field.Moment {
	m := &field.Moment{Date: f.h.newDate(0), Time: field.NewTime(), Zone: zone, Midnight: midnight}
	if midnight {
		m.Time.PlaceHolder = "00:00"
	}
	m.SetInstant(value)
	m.Date.OnKey, m.Time.OnKey = f.key, f.key
	m.Time.OnSubmitted = func(string) { f.submit() }
	row := f.add(label, container.NewGridWithColumns(2, m.Date, m.Time), names...)
	row.check = func() error { _, err := m.Instant(); return err }
	row.moment = m
	return m
}

// note adds a text over the whole width of the controls.
func (f *form) note(text string) {
	f.grid.Add(widget.NewLabel(""))
	f.grid.Add(wrapped(text))
}

// show opens the form. collect reads the entries in the window and gives what
// is to be done in the background; done is called after it went well.
func (f *form) show(title, save string, collect func() func(context.Context) error, done func()) {
	h := f.h
	h.form, f.title = f, title
	f.busy = widget.NewProgressBarInfinite()
	f.busy.Stop()
	f.busy.Hide()
	content := container.NewVBox(f.grid, f.general, f.busy)
	f.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 4, 16), content))
	f.dialog = dialog.NewCustomWithoutButtons(strings.TrimSuffix(title, "…"), f.scroll, h.win)
	f.cancel = h.button(h.t.T("window.cancel"), theme.CancelIcon(), f.close)
	f.submit = func() { f.try(collect, done) }
	f.save = h.mainButton(save, theme.ConfirmIcon(), f.submit)
	f.dialog.SetButtons([]fyne.CanvasObject{f.cancel, f.save})
	f.dialog.Resize(f.size(content))
	f.dialog.Show()
	h.closing(f.close)
	for _, p := range f.pickers { // a list can scroll to its row only once it has a size
		if v := p.value(); v != "" {
			p.grid.Select(v)
		}
	}
	f.focusFirst()
}

// size gives the dialog the height that it needs, and no more than the window has.
func (f *form) size(content fyne.CanvasObject) fyne.Size {
	const chrome, spare = 125, 50                                      // spare: for faults under fields
	content.Resize(fyne.NewSize(f.width-40, content.MinSize().Height)) // the height of wrapped text depends on its width
	return fyne.NewSize(f.width, min(content.MinSize().Height+chrome+spare, f.h.win.Canvas().Size().Height-20))
}

func (f *form) close() {
	if f.stop != nil {
		f.stop()
	}
	f.dialog.Hide()
}

func (f *form) focusFirst() {
	for _, r := range f.rows {
		if focus, ok := firstFocusable(r.control); ok {
			f.h.win.Canvas().Focus(focus)
			return
		}
	}
}

func firstFocusable(o fyne.CanvasObject) (fyne.Focusable, bool) {
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			if f, ok := firstFocusable(child); ok {
				return f, true
			}
		}
		return nil, false
	}
	f, ok := o.(fyne.Focusable)
	return f, ok
}

// try checks what can be checked here, then saves in the background.
func (f *form) try(collect func() func(context.Context) error, done func()) {
	if f.save.Disabled() {
		return
	}
	f.clear()
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
func (f *form) carryOut(do func(context.Context) error, done func()) {
	f.work(do, func() {
		f.dialog.Hide()
		if done != nil {
			done()
		}
	})
}

// work does something in the background; what is wrong appears under its field.
func (f *form) work(do func(context.Context) error, well func()) {
	ctx, cancel := context.WithCancel(f.h.ctx)
	f.stop = cancel
	f.setBusy(true)
	f.h.run(func() {
		err := do(ctx)
		f.h.do(func() {
			cancelled := ctx.Err() != nil
			cancel()
			f.setBusy(false)
			switch {
			case err != nil && cancelled:
			case err != nil:
				f.showError(err)
			default:
				well()
			}
		})
	})
}

func (f *form) setBusy(on bool) {
	enable(!on, f.save)
	if on {
		f.busy.Show()
		f.busy.Start()
		return
	}
	f.busy.Stop()
	f.busy.Hide()
}

func (f *form) clear() {
	f.general.Hide()
	for _, r := range f.rows {
		r.problem.Hide()
	}
}

// check reads the entries that can be misread and says so under them.
func (f *form) check() bool {
	good := true
	for _, r := range f.rows {
		if r.check == nil {
			continue
		}
		if err := r.check(); err != nil {
			r.show(f.h.fieldProblem(f.local(r, err)))
			if good {
				f.lead(r)
			}
			good = false
		}
	}
	return good
}

// fieldProblem words what package field could not read.
func (h *host) fieldProblem(err error) string {
	switch {
	case errors.Is(err, field.ErrDate):
		return h.t.T("window.field.date", "Example", h.t.Date(h.today()))
	case errors.Is(err, field.ErrTime):
		return h.t.T("window.field.time")
	case errors.Is(err, field.ErrNoSuch):
		return h.t.T("window.field.noSuchTime")
	case errors.Is(err, field.ErrRequired):
		return h.t.T("window.field.needsTime")
	}
	return h.t.Error(err)
}

// local writes the example of a field's fault as people do: the office gives
// instants in UTC and days in ISO form. Forms take whole minutes, so that the
// example for an end is the next one after the instant.
func (f *form) local(r *formRow, err error) error {
	var fe *app.FieldError
	if !errors.As(err, &fe) {
		return err
	}
	if fe.Code == "reason.unknown" { // the example is a code
		return &app.FieldError{Field: fe.Field, Code: fe.Code, Example: "“" + upper(wording.Reason(f.h.t, fe.Example)) + "”"}
	}
	zone := f.h.zone
	if r != nil && r.moment != nil && r.moment.Zone != nil {
		zone = r.moment.Zone
	}
	var i app.Instant
	if i.UnmarshalText([]byte(fe.Example)) != nil || i == 0 {
		return err
	}
	if fe.Code == "to.beforeFrom" {
		const minute = 60_000
		i += minute - i%minute
	}
	return &app.FieldError{Field: fe.Field, Code: fe.Code, Example: f.h.t.DateTime(i, zone)}
}

func (r *formRow) show(text string) {
	if r.problem.Visible() && r.problem.Text != "" && r.problem.Text != text {
		text = r.problem.Text + "\n" + text
	}
	r.problem.SetText(text)
	r.problem.Show()
}

// showError puts each fault of a joined error under its field, the rest below.
func (f *form) showError(err error) {
	var rest []string
	var first *formRow
	for _, e := range flatten(err) {
		var fe *app.FieldError
		row := (*formRow)(nil)
		if errors.As(e, &fe) {
			row = f.row(fe.Field)
		}
		if row == nil {
			rest = append(rest, f.h.t.Error(f.local(nil, e)))
			continue
		}
		row.show(f.h.t.Error(f.local(row, fe)))
		if first == nil {
			first = row
		}
	}
	if len(rest) > 0 {
		f.general.SetText(strings.Join(rest, "\n"))
		f.general.Show()
	}
	if first != nil {
		f.lead(first)
	}
}

// lead puts the keyboard on a field with a fault, and both into sight.
func (f *form) lead(r *formRow) {
	if focus, ok := firstFocusable(r.control); ok {
		f.h.win.Canvas().Focus(focus)
	}
	const fault = 90 // the field and two lines of text below it
	if y := r.object.Position().Y + f.grid.Position().Y; y < f.scroll.Offset.Y || y+r.control.Size().Height+fault > f.scroll.Offset.Y+f.scroll.Size().Height {
		f.scroll.ScrollToOffset(fyne.NewPos(0, max(0, y+r.control.Size().Height+fault-f.scroll.Size().Height)))
	}
}

func (f *form) row(name string) *formRow {
	for _, r := range f.rows {
		if slices.Contains(r.fields, fieldName(name)) {
			return r
		}
	}
	return nil
}

// flatten gives the single errors of one that errors.Join made, also below a wrapping.
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

// must reads an entry whose check passed before.
func must[T any](v T, _ error) T { return v }

func sortOptions(os []option) {
	slices.SortFunc(os, func(a, b option) int { return strings.Compare(strings.ToLower(a.text), strings.ToLower(b.text)) })
}
