package punches

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
)

// Screen lists punches of a period and what each turned out to be.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	period     *kit.Period
	grid       *grid.Grid[kit.PunchRow]
	search     *field.Entry
	count      *kit.Fact
	ignore     *kit.Button
	countAgain *kit.Button
	names      *derived.Names // behind the rows
}

// mostPunches is how many rows are listed at most: scrolling is exact up to
// about 400,000, and nobody reads even this many.
const mostPunches = 100_000

// New makes the screen of the punches on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, count: h.Fact("").Low()}
	t := h.Texts
	p.grid = kit.NewGrid(h, t.T("window.punches.empty"), func(r kit.PunchRow) string { return r.Key }, []grid.Column[kit.PunchRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true,
			Text: func(r kit.PunchRow) string { return r.Time }, Compare: func(a, b kit.PunchRow) int { return cmp.Compare(a.At, b.At) }},
		{Key: "person", Title: t.T("window.col.person"), Width: 170, Text: func(r kit.PunchRow) string { return r.Person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r kit.PunchRow) string { return r.Site }},
		{Key: "box", Title: t.T("window.col.box"), Width: 110, Text: func(r kit.PunchRow) string { return r.Box }},
		{Key: "badge", Title: t.T("window.col.badge"), Width: 120, Text: func(r kit.PunchRow) string { return r.Badge }},
		{Key: "key", Title: t.T("window.col.key"), Width: 104, Text: func(r kit.PunchRow) string { return r.Pressed }},
		{Key: "role", Title: t.T("window.col.role"), Width: 110, Text: func(r kit.PunchRow) string { return r.Role },
			Look: func(r kit.PunchRow) widget.Importance { return r.Look }},
		{Key: "reg", Title: "CIAO", Width: 140, Text: func(r kit.PunchRow) string { return r.Registration },
			Look: func(r kit.PunchRow) widget.Importance { return r.RegLook }},
	})
	p.grid.OnSelect = p.enableButtons
	p.search = kit.FilterFor(h, p.grid)
	filter := p.search.OnChanged
	p.search.OnChanged = func(s string) {
		filter(s)
		p.showCount()
	}
	p.period = kit.NewPeriod(h, kit.ADay, p.Reload)
	p.ignore = h.Button(t.T("window.punches.ignore"), nil, func() { kit.AskIgnore(h, desk, p.names, p.grid.Selected()) })
	p.countAgain = h.Button(t.T("window.punches.countAgain"), theme.ContentUndoIcon(), func() { askCountAgain(h, desk, p.names, p.grid.Selected()) })
	p.load = h.Asks(p.grid, p.count)
	p.enableButtons()
	return p
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(p.h.Texts.T("window.screen.punches")), p.period.Object),
		container.NewBorder(nil, nil, nil, container.NewHBox(p.count.Label, p.ignore, p.countAgain), p.search),
	)
	return container.NewBorder(top, nil, nil, nil, p.load.Above(p.grid))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow shows only what another screen leads to.
func (p *Screen) Narrow(string) {}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	f := derived.PunchFilter{Span: p.period.Span(p.h.Zone)}
	type shown struct {
		rows  []kit.PunchRow
		names *derived.Names
	}
	kit.Load(p.load, f, func(ctx context.Context) (shown, error) {
		punches, err := p.desk.Derived.PunchRows(ctx, f)
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return shown{}, err
		}
		return shown{p.rows(punches, names), names}, nil
	}, func(s shown) {
		p.names = s.names
		p.grid.SetRows(s.rows)
		p.showCount()
	})
}

func (p *Screen) showCount() {
	n := len(p.grid.Shown())
	text := p.h.Texts.N("window.punches.count", n)
	if p.grid.Total() == mostPunches {
		text = p.h.Texts.T("window.punches.most", "Count", p.h.Texts.Number(mostPunches))
	}
	p.count.SetText(text)
}

func (p *Screen) rows(punches []derived.PunchRow, names *derived.Names) []kit.PunchRow {
	rows := make([]kit.PunchRow, 0, min(len(punches), mostPunches))
	for i := range punches[:min(len(punches), mostPunches)] {
		rows = append(rows, kit.PunchText(p.h, names, &punches[i]))
	}
	return rows
}

// enableButtons lets ignore what counts, and count what is ignored.
func (p *Screen) enableButtons() {
	ignored, rows := 0, p.grid.Selected()
	for _, r := range rows {
		if r.TapRole == app.TapIgnored {
			ignored++
		}
	}
	kit.Enable(len(rows) > 0 && ignored == 0, p.ignore)
	kit.Enable(len(rows) > 0 && ignored == len(rows), p.countAgain)
}

// askCountAgain counts taps that were left out.
func askCountAgain(h *kit.Host, desk *office.Office, names *derived.Names, rows []kit.PunchRow) {
	if len(rows) == 0 {
		return
	}
	t := h.Texts
	f := h.NewForm()
	f.Note(kit.Lines(t.T("window.punches.countAgain.help"), kit.PunchLines(rows)))
	why := f.Text(t.T("window.field.why"), "", "why", "note")
	keys := kit.RecordKeys(rows)
	f.Foresee(desk, names, func() acts.Proposal { return acts.Proposal{Count: keys} })
	f.Show(t.T("window.punches.countAgain"), t.T("window.punches.countAgain"), func() func(context.Context) error {
		because := why.Text
		return func(ctx context.Context) error { return desk.Judgements.CountAgain(ctx, keys, because) }
	}, h.Settled)
}
