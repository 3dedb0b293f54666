package window

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
)

// stated is what a new statement begins with; what is known is filled in.
type stated struct {
	engagement, site app.ID
	day              app.Date
}

// askPresence states a whole presence without punches: someone worked, and no
// box could know. It changes the timesheet, and makes no punch.
func askPresence(h *host, desk *office.Office, names *office.Names, from stated) {
	if names == nil {
		return
	}
	t := h.t
	f := h.newForm()
	f.note(t.T("window.statement.presence.help"))
	person := f.pick(t.T("window.col.person"), workerOptions(t, names), string(from.engagement), "engagement", "worker")
	site := f.pick(t.T("window.col.site"), siteOptions(names), string(from.site), "site")
	begin := f.moment(t.T("window.anomalies.came"), 0, h.zone, false, "from")
	end := f.moment(t.T("window.anomalies.left"), 0, h.zone, false, "to")
	begin.Date.SetDate(from.day)
	end.Date.SetDate(from.day)
	begin.Date.OnLeave = func() { // most presences end on the day on which they begin
		if d, err := begin.Date.Date(); err == nil && end.Date.Text == "" {
			end.Date.SetDate(d)
		}
	}
	span := func() (app.Span, error) {
		// The times are those of the clock on the wall there.
		begin.Zone = names.Zone(app.ID(site.value()))
		end.Zone = begin.Zone
		to, err := needed(end)
		from, noFrom := needed(begin) // said under the start
		if err == nil && noFrom == nil && to <= from {
			err = &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: from.String()}
		}
		return app.Span{From: from, To: to}, err
	}
	f.row("from").check = func() error {
		begin.Zone = names.Zone(app.ID(site.value()))
		_, err := needed(begin)
		return err
	}
	f.row("to").check = func() error { _, err := span(); return err }
	reason := f.choice(t.T("window.field.reason"), reasonOptions(h), "", "reason")
	note := f.lines(t.T("window.field.note"), "", "note")
	stated := func() []app.Adjustment {
		s := must(span())
		return []app.Adjustment{{EngagementID: app.ID(person.value()), SiteID: app.ID(site.value()), From: s.From, To: s.To, Reason: reason.value(), Note: note.Text}}
	}
	f.foresee(desk, names, func() office.Proposal { return office.Proposal{Adjust: stated()} })
	f.show(t.T("window.statement.presence"), t.T("window.statement.presence"), func() func(context.Context) error {
		list := stated()
		return func(ctx context.Context) error { return desk.AdjustPresences(ctx, list) }
	}, func() { h.say(t.T("window.statement.kept"), widget.SuccessImportance) })
}

// needed gives a moment that must be there.
func needed(m *field.Moment) (app.Instant, error) {
	i, err := m.Instant()
	if err == nil && i == 0 {
		err = field.ErrDate
	}
	if m.Time.Text == "" && !errors.Is(err, field.ErrDate) {
		err = field.ErrRequired
	}
	return i, err
}

// askWithdraw takes a statement back; it stays on record.
func askWithdraw(h *host, desk *office.Office, names *office.Names, id app.ID, what string, done func()) {
	t := h.t
	f := h.newForm()
	f.note(lines(what, t.T("window.statement.withdraw.help")))
	why := f.text(t.T("window.field.why"), "", "why", "note")
	f.foresee(desk, names, func() office.Proposal { return office.Proposal{Withdraw: []app.ID{id}} })
	f.show(t.T("window.statement.withdraw"), t.T("window.statement.withdraw"), func() func(context.Context) error {
		because := why.Text
		return func(ctx context.Context) error { return desk.WithdrawAdjustment(ctx, id, because) }
	}, done)
}

// statementRow is a presence of which a statement gives an edge, or the whole.
type statementRow struct {
	key, what, from, to, site string
	id                        app.ID
}

// showStatements lists the statements about one person, so that each can be taken back.
func showStatements(h *host, desk *office.Office, names *office.Names, worker app.ID) {
	var presences []app.Presence
	h.act(func(ctx context.Context) error {
		var err error
		presences, err = desk.Presences(ctx, app.Days{}, worker, "")
		return err
	}, func() {
		t := h.t
		g := newGrid(h, t.T("window.statement.none"), func(r statementRow) string { return r.key }, []grid.Column[statementRow]{
			{Key: "what", Title: t.T("window.col.what"), Width: 170, Text: func(r statementRow) string { return r.what }},
			{Key: "from", Title: t.T("window.anomalies.came"), Width: 140, Firm: true, Text: func(r statementRow) string { return r.from }},
			{Key: "to", Title: t.T("window.anomalies.left"), Width: 140, Firm: true, Text: func(r statementRow) string { return r.to }},
			{Key: "site", Title: t.T("window.col.site"), Width: 160, Text: func(r statementRow) string { return r.site }},
		})
		g.SetRows(statementRows(h, names, presences))
		var d *dialog.CustomDialog
		withdraw := h.button(t.T("window.statement.withdraw"), theme.ContentUndoIcon(), func() {
			if r, ok := g.Current(); ok {
				askWithdraw(h, desk, names, r.id, lines(r.what, r.from+" – "+r.to, r.site), d.Hide)
			}
		})
		enable(false, withdraw)
		g.OnSelect = func() {
			_, ok := g.Current()
			enable(ok, withdraw)
		}
		d = dialog.NewCustomWithoutButtons(t.T("window.statement.list", "Name", names.Worker(worker)), sized(640, 320, container.NewStack(g)), h.win)
		d.SetButtons([]fyne.CanvasObject{h.button(t.T("window.close"), nil, d.Hide), withdraw})
		h.show(d)
	})
}

func statementRows(h *host, names *office.Names, presences []app.Presence) []statementRow {
	t := h.t
	var rows []statementRow
	for _, p := range presences {
		zone := names.Zone(p.SiteID)
		moment := func(s *app.Side) string {
			if s == nil {
				return "?"
			}
			return t.DateTime(s.At, zone)
		}
		by := func(s *app.Side) app.ID {
			if s == nil {
				return ""
			}
			return s.Adjustment
		}
		row := func(id app.ID, what string) {
			rows = append(rows, statementRow{key: string(id), what: what, from: moment(p.In), to: moment(p.Out), site: names.Site(p.SiteID), id: id})
		}
		in, out := by(p.In), by(p.Out)
		switch {
		case in != "" && in == out:
			row(in, t.T("window.statement.whole"))
		default:
			if in != "" {
				row(in, t.T("window.anomalies.came"))
			}
			if out != "" {
				row(out, t.T("window.anomalies.left"))
			}
		}
	}
	return rows
}
