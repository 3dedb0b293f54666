package boxes

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// mappingRows is how many lines are shown as they are understood.
const mappingRows = 30

// chooseSample takes a file of the selected box to say how its tables are read.
func (p *Screen) chooseSample() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	p.h.FileDialog(func(path string) {
		p.askMapping(path, r.row.Box.UID, "", func(string) {
			p.h.Say(p.h.Texts.T("window.mapping.kept", "Box", r.label), widget.SuccessImportance)
		})
	})
}

// askMapping asks how a table is read, beginning with what is kept for the box
// or with a proposal; label is the name of a new box. then gets the box's UID.
func (p *Screen) askMapping(path, box, label string, then func(uid string)) {
	var first reading.TablePreview
	p.h.Work("table:"+path, p.h.Texts.T("window.import.running", "File", filepath.Base(path)), func(ctx context.Context, _ kit.Progress) error {
		var err error
		first, err = p.desk.Files.PreviewTable(ctx, path, box, nil, mappingRows)
		return err
	}, func(err error) {
		if err == nil {
			newMappingEditor(p, path, box, label, first).show(then)
		}
	})
}

// mappingEditor is a form with a live preview of the first lines of a table.
type mappingEditor struct {
	p    *Screen
	h    *kit.Host
	path string
	form *kit.Form
	load *kit.Inquiry

	box                *kit.Choice
	name, zone         *field.Entry
	separator          *kit.Choice
	encoding           *kit.Choice
	skip               *field.Entry
	badge, date, clock *widget.SelectEntry
	status             *widget.SelectEntry
	badgeForm          *kit.Choice
	layout             *field.Entry
	keys               *fyne.Container // a choice for each status
	meanings           map[string]*kit.Choice
	base               reading.Mapping // what the form began with: it holds what has no field here
	known              reading.Keys    // what was said of statuses, also of those that are not in sight now
	lines              *widget.Label
	result             *kit.Fact
	rows               *grid.Grid[mappingRow]
	filling            bool
}

type mappingRow struct {
	key, badge, local, pressed, problem string
	line                                int
	look                                widget.Importance
}

func newMappingEditor(p *Screen, path, box, label string, first reading.TablePreview) *mappingEditor {
	h, t := p.h, p.h.Texts
	e := &mappingEditor{p: p, h: h, path: path, form: h.NewForm(), meanings: map[string]*kit.Choice{}, known: first.Mapping.Keys, base: first.Mapping, filling: true}
	f := e.form
	f.Width = 940
	m := first.Mapping
	uid, zone := box, app.DefaultZone
	if p.names != nil {
		b, met := p.names.Boxes[box]
		if !met {
			uid = ""
			_, name, _ := strings.Cut(box, ":")
			label = cmp.Or(label, name)
		}
		zone = cmp.Or(b.Zone, zone)
	}
	e.box = kit.NewChoice(p.fileBoxes(), uid)
	e.box.OnChanged = func(string) { e.showName() }
	e.name, e.zone = field.NewEntry(), field.NewEntry()
	e.name.SetText(label)
	e.name.PlaceHolder = t.T("window.import.newName")
	e.zone.SetText(string(zone))
	row := f.Add(t.T("window.col.box"), container.NewGridWithColumns(2, e.box, e.name), "box", "label")
	row.Check = func() error {
		if e.box.Value() == "" && strings.TrimSpace(e.name.Text) == "" {
			return &app.FieldError{Field: "box", Code: "required", Example: "poort-noord"}
		}
		return nil
	}
	f.Add(t.T("window.field.zone"), e.zone, "zone")

	e.separator = kit.NewChoice(separators(h, m.Separator), m.Separator)
	e.encoding = kit.NewChoice(encodings(), string(m.Encoding))
	e.skip = e.entry(strconv.Itoa(m.Skip))
	f.Add(t.T("window.mapping.file"), container.NewGridWithColumns(3, labelled(t.T("window.mapping.separator"), e.separator),
		labelled(t.T("window.mapping.skip"), e.skip), labelled(t.T("window.mapping.encoding"), e.encoding)), "separator", "skip")
	e.badge, e.date, e.clock, e.status = e.column(m.Badge), e.column(m.Date), e.column(m.Clock), e.column(m.Status)
	e.badgeForm = kit.NewChoice(badgeForms(h), string(m.BadgeForm))
	f.Add(t.T("window.mapping.badge"), container.NewGridWithColumns(2, e.badge, e.badgeForm), "badgeColumn", "badgeForm")
	e.layout = e.entry(m.Layout)
	f.Add(t.T("window.mapping.time"), container.NewGridWithColumns(3, labelled(t.T("window.mapping.date"), e.date),
		labelled(t.T("window.mapping.clock"), e.clock), labelled(t.T("window.mapping.layout"), e.layout)), "dateColumn", "clockColumn", "layout")
	e.keys = container.NewGridWithColumns(3)
	f.Add(t.T("window.mapping.status"), container.NewBorder(nil, nil, container.New(kit.MinWidth(190), e.status), nil, e.keys), "statusColumn", "keys")

	e.lines = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
	e.lines.Truncation = fyne.TextTruncateClip
	f.Add(t.T("window.mapping.lines"), e.lines)
	e.result = h.Fact("").Wrap()
	e.rows = kit.NewGrid(h, t.T("window.nothing"), func(r mappingRow) string { return r.key }, []grid.Column[mappingRow]{
		{Key: "line", Title: t.T("window.col.line"), Width: 56, Firm: true, Right: true, Text: func(r mappingRow) string { return t.Number(r.line) }},
		{Key: "badge", Title: t.T("window.col.badge"), Width: 150, Text: func(r mappingRow) string { return r.badge }},
		{Key: "local", Title: t.T("window.col.localTime"), Width: 160, Firm: true, Text: func(r mappingRow) string { return r.local }},
		{Key: "key", Title: t.T("window.col.key"), Width: 110, Text: func(r mappingRow) string { return r.pressed }},
		{Key: "problem", Title: t.T("window.col.what"), Width: 290, Text: func(r mappingRow) string { return r.problem },
			Look: func(r mappingRow) widget.Importance { return r.look }},
	})
	e.load = h.Asks(e.result, e.rows)
	f.Add(t.T("window.mapping.understood"), container.NewBorder(container.NewVBox(e.load.Strip, e.result.Label), nil, nil, nil, kit.Sized(700, 190, e.rows)))
	for _, c := range []*kit.Choice{e.separator, e.encoding, e.badgeForm} {
		c.OnChanged = func(string) { e.changed() }
	}
	e.load.Answer(func() { e.present(first) })
	e.showName()
	e.filling = false
	return e
}

// labelled puts a small word before a control.
func labelled(text string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, kit.Quiet(text), nil, o)
}

func (e *mappingEditor) entry(text string) *field.Entry {
	n := field.NewEntry()
	n.SetText(text)
	n.OnKey = e.form.Key
	n.OnChanged = func(string) { e.changed() }
	return n
}

func (e *mappingEditor) column(c reading.Column) *widget.SelectEntry {
	s := widget.NewSelectEntry(nil)
	s.SetText(columnText(c))
	s.OnChanged = func(string) { e.changed() }
	return s
}

// separators lists the usual separators, and the one of the mapping where it is another.
func separators(h *kit.Host, now string) []kit.Option {
	os := []kit.Option{{Value: ";", Text: "; "}, {Value: ",", Text: ", "}, {Value: "\t", Text: h.Texts.T("window.mapping.tab")},
		{Value: "|", Text: "| "}, {Value: "", Text: h.Texts.T("window.mapping.fixed")}}
	if !slices.ContainsFunc(os, func(o kit.Option) bool { return o.Value == now }) {
		os = append(os, kit.Option{Value: now, Text: now + " "})
	}
	return os
}

// encodings lists how the letters of a file may be written; UTF-16 is told by the file itself.
func encodings() []kit.Option {
	return []kit.Option{
		{Value: string(reading.UTF8), Text: "UTF-8"}, {Value: string(reading.Windows1252), Text: "Windows-1252 (ANSI)"},
		{Value: string(reading.CP850), Text: "CP850 (DOS)"}, {Value: string(reading.Macintosh), Text: "Mac Roman"},
	}
}

func badgeForms(h *kit.Host) []kit.Option {
	var os []kit.Option
	for _, f := range reading.BadgeForms() {
		os = append(os, kit.Option{Value: string(f), Text: h.Texts.T("window.mapping.form." + string(f))})
	}
	return os
}

// columnText writes a column: 3, in fixed width 9:14; "" for none.
func columnText(c reading.Column) string {
	switch {
	case !c.There():
		return ""
	case c.Width > 0:
		return strconv.Itoa(c.From) + ":" + strconv.Itoa(c.Width)
	}
	return strconv.Itoa(c.From)
}

// titleMark stands between a column's number and its title in the lists.
const titleMark = " · "

// parseColumn reads a column; what cannot be one is -1, which the mapping's own check names.
func parseColumn(s string) reading.Column {
	s, _, _ = strings.Cut(s, titleMark)
	from, width, two := strings.Cut(strings.TrimSpace(s), ":")
	if from == "" {
		return reading.Column{}
	}
	c := reading.Column{From: -1}
	if n, err := strconv.Atoi(from); err == nil {
		c.From = n
	}
	if two {
		c.Width = -1
		if n, err := strconv.Atoi(width); err == nil {
			c.Width = n
		}
	}
	return c
}

// mapping returns what the form says.
func (e *mappingEditor) mapping() reading.Mapping {
	m := reading.Mapping{
		Separator: e.separator.Value(), Encoding: reading.Encoding(e.encoding.Value()), Badge: parseColumn(e.badge.Text), BadgeForm: reading.BadgeForm(e.badgeForm.Value()),
		Date: parseColumn(e.date.Text), Clock: parseColumn(e.clock.Text), Layout: strings.TrimSpace(e.layout.Text), Status: parseColumn(e.status.Text),
		Sheet: e.base.Sheet, More: e.base.More, Also: e.base.Also,
	}
	m.Skip = -1
	if n, err := strconv.Atoi(cmp.Or(strings.TrimSpace(e.skip.Text), "0")); err == nil {
		m.Skip = n
	}
	if m.Status.There() && len(e.known) > 0 {
		m.Keys = e.known
	}
	return m
}

// changed shows what the mapping makes of the lines now.
func (e *mappingEditor) changed() {
	if e.filling {
		return
	}
	m := e.mapping()
	if err := m.Validate(); err != nil {
		e.wrong(err)
		return
	}
	type shown struct {
		p   reading.TablePreview
		err error
	}
	kit.Load(e.load, m, func(ctx context.Context) (shown, error) {
		p, err := e.p.desk.Files.PreviewTable(ctx, e.path, "", &m, mappingRows)
		return shown{p, err}, ctx.Err()
	}, func(s shown) {
		if s.err != nil {
			e.wrong(s.err)
			return
		}
		e.present(s.p)
	})
}

// wrong says why nothing can be shown.
func (e *mappingEditor) wrong(err error) {
	e.load.Answer(func() { // what is still under way shows an older mapping
		e.rows.Rest()
		e.result.Look = widget.DangerImportance
		e.result.SetText(e.h.Texts.Error(err))
	})
}

// present shows what was understood.
func (e *mappingEditor) present(p reading.TablePreview) {
	t := e.h.Texts
	ruler := ""
	if p.Mapping.Separator == "" {
		ruler = strings.Repeat("1234567890", 12)
	}
	raw := p.Lines[:min(3, len(p.Lines))]
	for i := range raw {
		raw[i] = strings.ReplaceAll(raw[i], "\t", "→")
	}
	e.lines.SetText(kit.Lines(append([]string{ruler}, raw...)...))
	var options []string
	for i, title := range p.Columns {
		options = append(options, strconv.Itoa(i+1)+titleMark+title)
	}
	for _, c := range []*widget.SelectEntry{e.badge, e.date, e.clock, e.status} {
		c.SetOptions(options)
	}
	e.showKeys(p.Statuses)
	bad := 0
	rows := make([]mappingRow, 0, len(p.Rows))
	for i, r := range p.Rows {
		row := mappingRow{key: strconv.Itoa(i), line: r.Line, badge: r.Badge, pressed: r.Status, look: widget.DangerImportance}
		if !r.Local.IsZero() {
			row.local = t.DateTime(app.At(r.Local), time.UTC)
		}
		if r.Key != app.KeyNone {
			row.pressed = wording.Key(t, r.Key)
		}
		if r.Problem != "" {
			bad++
			row.problem = wording.TableRow(t, r) + ": " + r.Text
		} else if r.Unnamed {
			row.problem = wording.TableRow(t, r)
		}
		rows = append(rows, row)
	}
	e.rows.SetRows(rows)
	text := t.T("window.mapping.good")
	e.result.Look = widget.SuccessImportance
	if bad > 0 {
		e.result.Look = widget.WarningImportance
		text = t.N("window.mapping.bad", bad, "Rows", t.Number(len(rows)))
	}
	for _, q := range p.Questions { // of a proposal: what the file does not tell
		key, facts := q.TextKey()
		e.result.Look = widget.WarningImportance
		text = kit.Lines(text, t.T(key, facts))
	}
	e.result.SetText(text)
}

// maxStatuses is how many statuses are offered a meaning: a column with more is no column of keys.
const maxStatuses = 12

// showKeys offers a meaning for each status.
func (e *mappingEditor) showKeys(statuses []string) {
	if len(statuses) > maxStatuses {
		statuses = nil
	}
	if slices.EqualFunc(statuses, e.keys.Objects, func(s string, _ fyne.CanvasObject) bool { return e.meanings[s] != nil }) &&
		len(statuses) == len(e.keys.Objects) {
		return
	}
	e.keys.RemoveAll()
	e.meanings = map[string]*kit.Choice{}
	for _, s := range statuses {
		c := kit.NewChoice(keyOptions(e.h), e.known[s].String())
		c.OnChanged = func(string) { e.mean(s, c.Value()) }
		e.meanings[s] = c
		e.keys.Add(labelled(s, c))
	}
}

// mean keeps what a status means.
func (e *mappingEditor) mean(status, name string) {
	key, _ := reading.ParseKey(name)
	known := reading.Keys{}
	for s, k := range e.known {
		known[s] = k
	}
	if known[status] = key; key == app.KeyNone {
		delete(known, status)
	}
	e.known = known
	e.changed()
}

func keyOptions(h *kit.Host) []kit.Option {
	os := []kit.Option{{Value: app.KeyNone.String(), Text: h.Texts.T("window.mapping.noKey")}}
	for k := app.KeyIn; k <= app.KeyBreakEnd; k++ {
		os = append(os, kit.Option{Value: k.String(), Text: wording.Key(h.Texts, k)})
	}
	return os
}

// showName asks the name of a new box only.
func (e *mappingEditor) showName() {
	if e.box.Value() != "" {
		e.name.Disable()
		if b, ok := e.p.names.Boxes[e.box.Value()]; ok && b.Zone != "" {
			e.zone.SetText(string(b.Zone))
		}
		return
	}
	e.name.Enable()
}

// show opens the form; then gets the UID of the box.
func (e *mappingEditor) show(then func(uid string)) {
	t := e.h.Texts
	var uid string
	e.form.Show(t.T("window.mapping.title", "File", filepath.Base(e.path)), t.T("window.save"), func() func(context.Context) error {
		b := app.Box{UID: e.box.Value(), Zone: app.Zone(strings.TrimSpace(e.zone.Text))}
		if b.UID == "" {
			b.Label = strings.TrimSpace(e.name.Text)
			b.UID = app.MakeTable.UID(b.Label)
		}
		uid = b.UID
		m := e.mapping()
		return func(ctx context.Context) error { return e.p.desk.Files.SaveMapping(ctx, b, m, "") }
	}, func() { then(uid) })
}
