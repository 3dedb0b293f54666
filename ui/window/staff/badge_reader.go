package staff

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/identity"
	"klokkast/app/text"
	"klokkast/ui/window/field"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// readerDialog reads one badge twice with a keyboard-wedge reader at the desk.
type readerDialog struct {
	h      *kit.Host
	reader *field.Reader
	step   *widget.Label
	told   *widget.Label
	dialog *dialog.CustomDialog
	prefer identity.ReadingKind
	first  string
	then   func([]identity.CardReading)
}

// readBadge asks for a badge before the reader, twice; then gets what the number can be.
func readBadge(h *kit.Host, title string, prefer identity.ReadingKind, then func([]identity.CardReading)) *readerDialog {
	t := h.Texts
	d := &readerDialog{h: h, prefer: prefer, then: then, step: kit.Wrapped(""), told: kit.Wrapped(""), reader: field.NewReader(t.T("window.reader.waiting"))}
	d.reader.OnRead = d.take
	d.step.TextStyle.Bold = true
	cancel := h.Button(t.T("window.cancel"), theme.CancelIcon(), func() { d.dialog.Hide() })
	d.reader.OnKey = func(*fyne.KeyEvent) { d.dialog.Hide() }
	content := container.NewVBox(kit.Wrapped(t.T("window.reader.help")), d.step, widget.NewSeparator(), d.reader, widget.NewSeparator(), d.told)
	d.dialog = dialog.NewCustomWithoutButtons(title, container.New(kit.MinWidth(560), content), h.Window)
	d.dialog.SetButtons([]fyne.CanvasObject{cancel})
	d.begin("", widget.MediumImportance)
	d.dialog.Show()
	h.Window.Canvas().Focus(d.reader)
	return d
}

// begin waits for the first reading; told says why, where it is not the beginning.
func (d *readerDialog) begin(told string, look widget.Importance) {
	d.first = ""
	d.step.SetText(d.h.Texts.T("window.reader.first"))
	d.say(told, look)
}

func (d *readerDialog) say(told string, look widget.Importance) {
	d.told.Importance = look
	d.told.SetText(told)
	d.told.Refresh()
}

// take takes one reading.
func (d *readerDialog) take(typed string, byReader bool) {
	t := d.h.Texts
	mended, azerty := identity.FromAzerty(typed)
	if azerty {
		typed = mended
	}
	readings := identity.CardReadings(typed, d.prefer)
	switch {
	case len(readings) == 0:
		d.begin(t.T("window.reader.noBadge"), widget.DangerImportance)
	case d.first == "":
		d.first = typed
		d.step.SetText(t.T("window.reader.again"))
		how, look := t.T("window.reader.read", "Number", typed), widget.SuccessImportance
		if !byReader {
			how, look = t.T("window.reader.typed", "Number", typed), widget.WarningImportance
		}
		if azerty {
			how += " " + t.T("window.reader.azerty")
		}
		d.say(how, look)
	case d.first != typed:
		d.begin(t.T("window.reader.differs", "First", d.first, "Second", typed), widget.DangerImportance)
	default:
		d.dialog.Hide()
		d.then(readings)
	}
}

// readingText writes one card that a number can be.
func readingText(t *text.Translator, r identity.CardReading) string {
	parts := []string{r.Hex}
	if r.Decimal != "" {
		parts = append(parts, r.Decimal)
	}
	return kit.Upper(wording.CardReading(t, r.How)) + ": " + strings.Join(append(parts, r.Facility), " / ")
}

// askReader hands the person at the cursor a badge that is read at the desk.
func (p *Screen) askReader() {
	r, ok := p.grid.Current()
	if !ok || len(r.row.Engagements) == 0 {
		return
	}
	readBadge(p.h, p.h.Texts.T("window.reader.title", "Name", r.row.Worker.Name()), p.desk.Staff.ReaderNotation(), func(readings []identity.CardReading) {
		p.askReadBadge(r, readings)
	})
}

// askReadBadge asks in which notation a badge that was read is kept, and from when it is the person's.
func (p *Screen) askReadBadge(r staffRow, readings []identity.CardReading) {
	t := p.h.Texts
	var notations, engagements []kit.Option
	cards := map[string]string{}
	for _, n := range readings {
		notations = append(notations, kit.Option{Value: string(n.How), Text: readingText(t, n)})
		cards[string(n.How)] = n.Hex
	}
	for _, e := range r.row.Engagements {
		engagements = append(engagements, kit.Option{Value: string(e.ID), Text: kit.EngagementName(t, p.names, e)})
	}
	f := p.h.NewForm()
	f.Width = 720
	f.Note(t.T("window.reader.notation.help"))
	how := f.Choice(t.T("window.reader.notation"), notations, notations[0].Value, "badge", "value", "notation")
	holder := p.h.Fact(t.T("window.reader.holder")).Wrap()
	holder.Look = widget.WarningImportance
	l := p.h.Asks(holder)
	f.Add("", l.Above(holder.Label))
	label := f.Text(t.T("window.staff.badgeLabel"), "", "label")
	engagement := f.Choice(t.T("window.staff.engagement"), engagements, engagements[0].Value, "engagement")
	from := f.Moment(t.T("window.field.from"), p.h.Today().Start(p.h.Zone), p.h.Zone, true, "from")
	to := f.Moment(t.T("window.field.to.optional"), 0, p.h.Zone, true, "to")
	why := f.Text(t.T("window.field.why"), "", "why")
	key := func() app.IdentifierKey { return app.IdentifierKey{Kind: app.Card, Value: cards[how.Value()]} }
	warn := func() {
		span := app.Span{From: kit.Must(from.Instant()), To: kit.Must(to.Instant())}
		kit.Load(l, [2]any{key(), span}, func(ctx context.Context) ([]app.Custody, error) { return p.desk.Files.Held(ctx, key(), span) },
			func(held []app.Custody) { holder.SetText(p.heldBy(r, held, span)) })
	}
	how.OnChanged = func(string) { warn() }
	from.Date.OnLeave, to.Date.OnLeave = warn, warn
	give := func() acts.GiveBadge {
		return acts.GiveBadge{
			Key: key(), Label: label.Text, EngagementID: app.ID(engagement.Value()),
			Span: app.Span{From: kit.Must(from.Instant()), To: kit.Must(to.Instant())},
		}
	}
	f.Foresee(p.desk, p.names, func() acts.Proposal { return acts.Proposal{Give: []acts.GiveBadge{give()}} })
	f.Show(t.T("window.reader.title", "Name", r.row.Worker.Name()), t.T("window.staff.give"), func() func(context.Context) error {
		g := give()
		notation, reason := identity.ReadingKind(how.Value()), why.Text
		return func(ctx context.Context) error {
			return p.desk.Staff.GiveReadBadge(ctx, g, notation, reason)
		}
	}, nil)
	warn()
}

// heldBy says who holds a badge in a span, and what becomes of that; "" for nobody.
func (p *Screen) heldBy(r staffRow, held []app.Custody, span app.Span) string {
	t := p.h.Texts
	var all []string
	for _, c := range held {
		worker := p.names.Engagements[c.EngagementID].WorkerID
		name := p.names.Worker(worker)
		when := kit.SpanText(t, c.Span, p.h.Zone)
		switch {
		case worker == r.row.Worker.ID:
			all = append(all, t.T("window.reader.own", "Span", when))
		case c.Span.From >= span.From:
			all = append(all, t.T("window.reader.replaced", "Worker", name, "Span", when))
		default:
			all = append(all, t.T("window.reader.ends", "Worker", name, "Span", when, "From", t.DateTime(span.From, p.h.Zone)))
		}
	}
	return kit.Lines(all...)
}
