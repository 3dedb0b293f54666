package kit

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
)

// Stated is what a new statement begins with; what is known is filled in.
type Stated struct {
	Engagement, Site app.ID
	Day              app.Date
}

// AskPresence states a whole presence without punches: someone worked, and no
// box could know. It changes the timesheet, and makes no punch.
func AskPresence(h *Host, desk *office.Office, names *derived.Names, from Stated) {
	if names == nil {
		return
	}
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.statement.presence.help"))
	person := f.Pick(t.T("window.col.person"), WorkerOptions(t, names), string(from.Engagement), "engagement", "worker")
	site := f.Pick(t.T("window.col.site"), SiteOptions(names), string(from.Site), "site")
	begin := f.Moment(t.T("window.anomalies.came"), 0, h.Zone, false, "from")
	end := f.Moment(t.T("window.anomalies.left"), 0, h.Zone, false, "to")
	begin.Date.SetDate(from.Day)
	end.Date.SetDate(from.Day)
	begin.Date.OnLeave = func() { // most presences end on the day on which they begin
		if d, err := begin.Date.Date(); err == nil && end.Date.Text == "" {
			end.Date.SetDate(d)
		}
	}
	span := func() (app.Span, error) {
		// The times are those of the clock on the wall there.
		begin.Zone = names.Zone(app.ID(site.Value()))
		end.Zone = begin.Zone
		to, err := needed(end)
		from, noFrom := needed(begin) // said under the start
		if err == nil && noFrom == nil && to <= from {
			err = &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: from.String()}
		}
		return app.Span{From: from, To: to}, err
	}
	f.Row("from").Check = func() error {
		begin.Zone = names.Zone(app.ID(site.Value()))
		_, err := needed(begin)
		return err
	}
	f.Row("to").Check = func() error { _, err := span(); return err }
	reason := f.Choice(t.T("window.field.reason"), ReasonOptions(h), "", "reason")
	note := f.Lines(t.T("window.field.note"), "", "note")
	stated := func() []app.Adjustment {
		s := Must(span())
		return []app.Adjustment{
			{EngagementID: app.ID(person.Value()), SiteID: app.ID(site.Value()), From: s.From, To: s.To, Reason: reason.Value(), Note: note.Text},
		}
	}
	f.Foresee(desk, names, func() acts.Proposal { return acts.Proposal{Adjust: stated()} })
	f.Show(t.T("window.statement.presence"), t.T("window.statement.presence"), func() func(context.Context) error {
		list := stated()
		return func(ctx context.Context) error { return desk.Judgements.AdjustPresences(ctx, list) }
	}, func() { h.Say(t.T("window.statement.kept"), widget.SuccessImportance) })
}

// needed returns a moment that must be there.
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

// AskWithdraw takes a statement back; it stays on record.
func AskWithdraw(h *Host, desk *office.Office, names *derived.Names, id app.ID, what string, done func()) {
	t := h.Texts
	f := h.NewForm()
	f.Note(Lines(what, t.T("window.statement.withdraw.help")))
	why := f.Text(t.T("window.field.why"), "", "why", "note")
	f.Foresee(desk, names, func() acts.Proposal { return acts.Proposal{Withdraw: []app.ID{id}} })
	f.Show(t.T("window.statement.withdraw"), t.T("window.statement.withdraw"), func() func(context.Context) error {
		because := why.Text
		return func(ctx context.Context) error { return desk.Judgements.WithdrawAdjustment(ctx, id, because) }
	}, done)
}

// statementRow is a presence of which a statement gives an edge, or the whole.
type statementRow struct {
	key, what, From, to, site string
	Id                        app.ID
}

// ShowStatements lists the statements about one person, so that each can be taken back.
func ShowStatements(h *Host, desk *office.Office, names *derived.Names, worker app.ID) {
	var presences []app.Presence
	h.Act(func(ctx context.Context) error {
		var err error
		presences, err = desk.Derived.Presences(ctx, app.Days{}, worker, "")
		return err
	}, func() {
		t := h.Texts
		g := NewGrid(h, t.T("window.statement.none"), func(r statementRow) string { return r.key }, []grid.Column[statementRow]{
			{Key: "what", Title: t.T("window.col.what"), Width: 170, Text: func(r statementRow) string { return r.what }},
			{Key: "from", Title: t.T("window.anomalies.came"), Width: 140, Firm: true, Text: func(r statementRow) string { return r.From }},
			{Key: "to", Title: t.T("window.anomalies.left"), Width: 140, Firm: true, Text: func(r statementRow) string { return r.to }},
			{Key: "site", Title: t.T("window.col.site"), Width: 160, Text: func(r statementRow) string { return r.site }},
		})
		g.SetRows(StatementRows(h, names, presences))
		var d *dialog.CustomDialog
		withdraw := h.Button(t.T("window.statement.withdraw"), theme.ContentUndoIcon(), func() {
			if r, ok := g.Current(); ok {
				AskWithdraw(h, desk, names, r.Id, Lines(r.what, r.From+" – "+r.to, r.site), d.Hide)
			}
		})
		Enable(false, withdraw)
		g.OnSelect = func() {
			_, ok := g.Current()
			Enable(ok, withdraw)
		}
		d = dialog.NewCustomWithoutButtons(t.T("window.statement.list", "Name", names.Worker(worker)), Sized(640, 320, container.NewStack(g)), h.Window)
		d.SetButtons([]fyne.CanvasObject{h.Button(t.T("window.close"), nil, d.Hide), withdraw})
		h.Show(d)
	})
}

// StatementRows lists the statements that give presences their edges.
func StatementRows(h *Host, names *derived.Names, presences []app.Presence) []statementRow {
	t := h.Texts
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
			rows = append(rows, statementRow{key: string(id), what: what, From: moment(p.In), to: moment(p.Out), site: names.Site(p.SiteID), Id: id})
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
