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
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// punchesPage lists punches of a period and what each turned out to be.
type punchesPage struct {
	h    *host
	desk *office.Office
	load *inquiry

	period     *period
	grid       *grid.Grid[punchRow]
	search     *field.Entry
	count      *fact
	ignore     *button
	countAgain *button
	names      *office.Names // behind the rows
}

type punchRow struct {
	key, time, person, site, box, badge, pressed, role, registration string
	at                                                               app.Instant
	look, regLook                                                    widget.Importance
	record                                                           app.RecordKey
	tapRole                                                          app.TapRole
}

// mostPunches is how many rows are listed at most: scrolling is exact up to
// about 400,000, and nobody reads even this many.
const mostPunches = 100_000

func newPunchesPage(h *host, desk *office.Office) *punchesPage {
	p := &punchesPage{h: h, desk: desk, count: h.fact("").low()}
	t := h.t
	p.grid = newGrid(h, t.T("window.punches.empty"), func(r punchRow) string { return r.key }, []grid.Column[punchRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r punchRow) string { return r.time }, Compare: func(a, b punchRow) int { return cmp.Compare(a.at, b.at) }},
		{Key: "person", Title: t.T("window.col.person"), Width: 170, Text: func(r punchRow) string { return r.person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r punchRow) string { return r.site }},
		{Key: "box", Title: t.T("window.col.box"), Width: 110, Text: func(r punchRow) string { return r.box }},
		{Key: "badge", Title: t.T("window.col.badge"), Width: 120, Text: func(r punchRow) string { return r.badge }},
		{Key: "key", Title: t.T("window.col.key"), Width: 104, Text: func(r punchRow) string { return r.pressed }},
		{Key: "role", Title: t.T("window.col.role"), Width: 110, Text: func(r punchRow) string { return r.role }, Look: func(r punchRow) widget.Importance { return r.look }},
		{Key: "reg", Title: "CIAO", Width: 140, Text: func(r punchRow) string { return r.registration }, Look: func(r punchRow) widget.Importance { return r.regLook }},
	})
	p.grid.OnSelect = p.enableButtons
	p.search = filterFor(h, p.grid)
	filter := p.search.OnChanged
	p.search.OnChanged = func(s string) {
		filter(s)
		p.showCount()
	}
	p.period = newPeriod(h, aDay, p.reload)
	p.ignore = h.button(t.T("window.punches.ignore"), nil, func() { askIgnore(h, desk, p.names, p.grid.Selected()) })
	p.countAgain = h.button(t.T("window.punches.countAgain"), theme.ContentUndoIcon(), func() { askCountAgain(h, desk, p.names, p.grid.Selected()) })
	p.load = h.asks(p.grid, p.count)
	p.enableButtons()
	return p
}

func (p *punchesPage) content() fyne.CanvasObject {
	top := container.NewVBox(
		container.NewBorder(nil, nil, heading(p.h.t.T("window.screen.punches")), p.period.object),
		container.NewBorder(nil, nil, nil, container.NewHBox(p.count.Label, p.ignore, p.countAgain), p.search),
	)
	return container.NewBorder(top, nil, nil, nil, p.load.above(p.grid))
}

func (p *punchesPage) filter() *field.Entry { return p.search }
func (p *punchesPage) narrow(string)        {}

func (p *punchesPage) reload() {
	f := office.PunchFilter{Span: p.period.span(p.h.zone)}
	type shown struct {
		rows  []punchRow
		names *office.Names
	}
	load(p.load, f, func(ctx context.Context) (shown, error) {
		punches, err := p.desk.PunchRows(ctx, f)
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Names(ctx)
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

func (p *punchesPage) showCount() {
	n := len(p.grid.Shown())
	text := p.h.t.N("window.punches.count", n)
	if p.grid.Total() == mostPunches {
		text = p.h.t.T("window.punches.most", "Count", p.h.t.Number(mostPunches))
	}
	p.count.SetText(text)
}

func (p *punchesPage) rows(punches []office.PunchRow, names *office.Names) []punchRow {
	rows := make([]punchRow, 0, min(len(punches), mostPunches))
	for i := range punches[:min(len(punches), mostPunches)] {
		rows = append(rows, punchText(p.h, names, &punches[i]))
	}
	return rows
}

// punchText formats one punch; Punches and the card of an anomaly share it.
func punchText(h *host, names *office.Names, x *office.PunchRow) punchRow {
	t := h.t
	zone := names.Zone(x.SiteID)
	r := punchRow{
		key: x.Punch.Key.String(), record: x.Punch.Key, at: x.At, tapRole: x.Role,
		time:   t.DayMonth(x.At.DateIn(zone)) + "  " + t.TimeSeconds(x.At, zone),
		person: names.Worker(x.WorkerID), site: names.Site(x.SiteID), box: names.Box(x.Punch.Key.Box), badge: x.Punch.Identifier.Value,
		pressed: wording.Key(t, x.Punch.Pressed), role: wording.Role(t, x.Role), registration: upper(wording.Registration(t, x.Registration)),
		look: roleLook(x.Role), regLook: widget.MediumImportance,
	}
	if x.Punch.At != x.At {
		r.time += " *" // corrected; the box's own time stands in the card
	}
	if x.Registration != nil {
		r.regLook = stateLook(x.Registration.State)
	}
	return r
}

func roleLook(r app.TapRole) widget.Importance {
	switch r {
	case app.TapUnknown, app.TapRefused:
		return widget.DangerImportance
	case app.TapNoSite, app.TapUnsettled:
		return widget.WarningImportance
	case app.TapDuplicate, app.TapIgnored, app.TapNoEffect:
		return widget.LowImportance
	}
	return widget.MediumImportance
}

func stateLook(s app.RegistrationState) widget.Importance {
	switch s {
	case app.RegRefused:
		return widget.DangerImportance
	case app.RegUnknown, app.RegHeld:
		return widget.WarningImportance
	case app.RegAccepted:
		return widget.SuccessImportance
	}
	return widget.MediumImportance
}

// enableButtons lets ignore what counts, and count what is ignored.
func (p *punchesPage) enableButtons() {
	ignored, rows := 0, p.grid.Selected()
	for _, r := range rows {
		if r.tapRole == app.TapIgnored {
			ignored++
		}
	}
	enable(len(rows) > 0 && ignored == 0, p.ignore)
	enable(len(rows) > 0 && ignored == len(rows), p.countAgain)
}

// askIgnore has taps left out, with a reason. The punches themselves stay.
func askIgnore(h *host, desk *office.Office, names *office.Names, rows []punchRow) {
	if len(rows) == 0 {
		return
	}
	t := h.t
	f := h.newForm()
	f.note(t.T("window.punches.ignore.help", "Punch", punchLines(rows)))
	reason := f.choice(t.T("window.field.reason"), reasonOptions(h), "", "reason")
	note := f.lines(t.T("window.field.note"), "", "note")
	keys := recordKeys(rows)
	f.foresee(desk, names, func() office.Proposal { return office.Proposal{Ignore: keys} })
	f.show(t.T("window.punches.ignore"), t.T("window.punches.ignore"), func() func(context.Context) error {
		code, n := reason.value(), note.Text
		return func(ctx context.Context) error { return desk.IgnorePunches(ctx, keys, code, n) }
	}, h.settled)
}

// askCountAgain counts taps that were left out.
func askCountAgain(h *host, desk *office.Office, names *office.Names, rows []punchRow) {
	if len(rows) == 0 {
		return
	}
	t := h.t
	f := h.newForm()
	f.note(lines(t.T("window.punches.countAgain.help"), punchLines(rows)))
	why := f.text(t.T("window.field.why"), "", "why", "note")
	keys := recordKeys(rows)
	f.foresee(desk, names, func() office.Proposal { return office.Proposal{Count: keys} })
	f.show(t.T("window.punches.countAgain"), t.T("window.punches.countAgain"), func() func(context.Context) error {
		because := why.Text
		return func(ctx context.Context) error { return desk.CountAgain(ctx, keys, because) }
	}, h.settled)
}

func recordKeys(rows []punchRow) (keys []app.RecordKey) {
	for _, r := range rows {
		keys = append(keys, r.record)
	}
	return keys
}

// punchLines names taps, the first few of many.
func punchLines(rows []punchRow) string {
	const named = 6
	var texts []string
	for i, r := range rows {
		if i == named {
			return lines(append(texts, "…")...)
		}
		texts = append(texts, strings.TrimSpace(r.time+"  "+r.role+"  "+r.person+"  "+r.site))
	}
	return lines(texts...)
}

func reasonOptions(h *host) []option {
	var os []option
	for _, r := range app.ReasonCodes {
		os = append(os, option{r, upper(wording.Reason(h.t, r))})
	}
	return os
}
