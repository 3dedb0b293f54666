package sheets

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	closing "klokkast/app/period"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Whose periods a form approves; a site stands there by its id.
const (
	ofSelected = "selected"
	ofEveryone = "everyone"
)

// askApprove closes a period, the month unless other days are given, of the
// selected people, of everyone, or of those who worked at a site.
func askApprove(h *kit.Host, desk *office.Office, names *derived.Names, days app.Days, selected []app.ID, done func()) {
	if names == nil {
		return
	}
	t := h.Texts
	f := h.NewForm()
	f.Note(t.T("window.approve.help"))
	options, whose := []kit.Option{{Value: ofEveryone, Text: t.T("window.approve.everyone")}}, ofEveryone
	if len(selected) > 0 {
		options, whose = append([]kit.Option{{Value: ofSelected, Text: t.N("window.approve.selected", len(selected))}}, options...), ofSelected
	}
	for _, s := range kit.SiteOptions(names) {
		options = append(options, kit.Option{Value: s.Value, Text: t.T("window.approve.site", "Site", s.Text)})
	}
	of := f.Choice(t.T("window.approve.whose"), options, whose, "site")
	from, to := f.Date(t.T("window.approve.from"), days.From, "from"), f.Date(t.T("window.approve.to"), days.To, "to")
	f.Row("from").Check = func() error { return present(from) }
	f.Row("to").Check = func() error { return present(to) }
	var choice documents.ApprovalChoice
	var rows []documents.ApprovalRow
	f.Show(t.T("window.approve.title"), t.T("window.approve.do"), func() func(context.Context) error {
		choice = documents.ApprovalChoice{Days: app.Days{From: kit.Must(from.Date()), To: kit.Must(to.Date())}}
		switch of.Value() {
		case ofSelected:
			choice.Workers = selected
		case ofEveryone:
		default:
			choice.SiteID = app.ID(of.Value())
		}
		// The office says under the fields what is wrong with the days.
		return func(ctx context.Context) (err error) {
			rows, err = desk.Approvals.Rows(ctx, choice)
			return err
		}
	}, func() {
		doubts := documents.Doubts(rows)
		if len(doubts) == 0 {
			approve(h, desk, names, choice, done)
			return
		}
		h.Confirm(t.T("window.approve.title"), doubtText(h, names, doubts), t.T("window.approve.anyway"), func() { approve(h, desk, names, choice, done) })
	})
}

// doubtText says what may still come to a period that is about to be approved.
func doubtText(h *kit.Host, names *derived.Names, doubts []documents.Doubt) string {
	const shown = 8 // boxes; more would not fit
	var text []string
	for i := range doubts[:min(len(doubts), shown)] {
		text = append(text, wording.PeriodDoubt(h.Texts, names, &doubts[i]))
	}
	if more := len(doubts) - len(text); more > 0 {
		text = append(text, h.Texts.N("window.today.more", more))
	}
	return strings.Join(append(text, "", h.Texts.T("window.approve.doubt")), "\n")
}

// present says that a day is missing.
func present(d *field.Date) error {
	v, err := d.Date()
	if err == nil && v == 0 {
		return field.ErrRequired
	}
	return err
}

// approve closes the periods with a line at the foot of the window, and shows
// at the end what must be settled first.
func approve(h *kit.Host, desk *office.Office, names *derived.Names, c documents.ApprovalChoice, done func()) {
	var rows []documents.ApprovalRow
	h.Work("approve", h.Texts.T("window.approve.doing", "Days", h.Texts.Days(c.Days)), func(ctx context.Context, p kit.Progress) error {
		var err error
		rows, err = desk.Approvals.Approve(ctx, c, p)
		return err
	}, func(err error) {
		done()
		if err != nil {
			return
		}
		var approved, refused, already int
		var open []periodLine
		for i := range rows {
			r := &rows[i]
			switch {
			case r.Status == documents.PeriodBlocked:
				refused++
				open = append(open, blockerLines(h, names, r)...)
			case len(r.Blockers) > 0:
				already++
			default:
				approved++
			}
		}
		look := widget.SuccessImportance
		if refused > 0 {
			look = widget.WarningImportance
		}
		h.Say(h.Texts.N("window.approve.done", approved, "Refused", refused, "Already", already), look)
		if refused > 0 {
			showPeriod(h, h.Texts.T("window.approve.refused", "Days", h.Texts.Days(c.Days)), open)
		}
	})
}

// askWithdrawApprovals takes approvals back, all or none, each by a further step with the same reason.
func askWithdrawApprovals(h *kit.Host, desk *office.Office, names *derived.Names, approvals []app.Approval, done func()) {
	t := h.Texts
	var what []string
	var ids []app.ID
	for i := range approvals {
		a := &approvals[i]
		ids = append(ids, a.ID)
		what = append(what, names.Worker(a.WorkerID)+", "+t.Days(a.Days)+": "+wording.ApprovedBy(t, names, a))
	}
	f := h.NewForm()
	f.Note(kit.Lines(strings.Join(what, "\n"), t.T("window.approve.withdraw.help")))
	why := f.Text(t.T("window.field.reason"), "", "why")
	f.Show(t.T("window.approve.withdraw"), t.T("window.approve.withdraw"), func() func(context.Context) error {
		because := why.Text
		return func(ctx context.Context) error { return desk.Approvals.WithdrawApprovals(ctx, ids, because) }
	}, func() {
		h.Say(t.N("window.approve.withdrawn", len(approvals)), widget.SuccessImportance)
		done()
	})
}

// periodLine is one thing to know about a period; anomaly is where to settle it.
type periodLine struct {
	key, kind, person, day, text, anomaly string
	look                                  widget.Importance
}

// blockerLines says what must be settled before a period can be approved.
func blockerLines(h *kit.Host, names *derived.Names, r *documents.ApprovalRow) (list []periodLine) {
	for i := range r.Blockers {
		b := &r.Blockers[i]
		if b.Code == documents.BlockedByClosed {
			continue
		}
		l := periodLine{kind: h.Texts.T("window.approve.kind.blocked"), person: names.Worker(r.WorkerID), look: widget.DangerImportance,
			text: strings.TrimSpace(wording.Blocker(h.Texts, names, r.WorkerID, b) + " " + wording.BlockerSteps(h.Texts, b))}
		switch {
		case b.Anomaly != nil:
			l.anomaly, l.day = b.Anomaly.Key().String(), h.Texts.Date(b.Anomaly.Day)
		case b.Presence != nil:
			l.day = h.Texts.Date(b.Presence.Day)
		}
		list = append(list, l)
	}
	return list
}

func additionLines(h *kit.Host, names *derived.Names, person, kind string, additions []closing.Addition) (list []periodLine) {
	for i := range additions {
		a := &additions[i]
		list = append(list, periodLine{kind: kind, person: person, day: h.Texts.Date(a.Day), look: widget.WarningImportance,
			text: signedHours(h, a.Difference().Worked) + " · " + a.What(h.Texts, names) + " (" + a.Why(h.Texts) + ")"})
	}
	return list
}

// signedHours writes a difference of minutes.
func signedHours(h *kit.Host, minutes int) string {
	text := h.Texts.Duration(time.Duration(minutes) * time.Minute)
	if minutes > 0 {
		return "+" + text
	}
	return text
}

// showPeriodOf shows all there is to know about one person's period: what is
// open, what came late, and every step that was made.
func showPeriodOf(h *kit.Host, desk *office.Office, names *derived.Names, r *documents.ApprovalRow) {
	var steps []app.Approval
	h.Act(func(ctx context.Context) error {
		var err error
		steps, err = desk.Approvals.List(ctx, r.Days, r.WorkerID)
		return err
	}, func() {
		t, person := h.Texts, names.Worker(r.WorkerID)
		list := blockerLines(h, names, r)
		list = append(list, additionLines(h, names, person, t.T("window.approve.kind.since"), r.Since)...)
		list = append(list, additionLines(h, names, person, t.T("window.approve.kind.carried"), r.Carries)...)
		for i := range steps {
			s := &steps[i]
			text := wording.ApprovedBy(t, names, s)
			if s.Withdraws == "" {
				text = wording.PeriodStatus(t, documents.PeriodApproved) + " " + text
			}
			list = append(
				list,
				periodLine{kind: t.T("window.approve.kind.step"), person: person, day: t.Date(s.At.DateIn(h.Zone)), text: t.Days(s.Days) + ": " + text},
			)
		}
		showPeriod(h, person+", "+t.Days(r.Days), list)
	})
}

// showPeriod lists things about periods; those to settle are opened with Enter.
func showPeriod(h *kit.Host, title string, list []periodLine) {
	t := h.Texts
	for i := range list {
		list[i].key = list[i].anomaly + "#" + list[i].person + "#" + list[i].kind + "#" + list[i].text
	}
	g := kit.NewGrid(h, t.T("window.approve.empty"), func(l periodLine) string { return l.key }, []grid.Column[periodLine]{
		{Key: "kind", Title: t.T("window.col.kind"), Width: 130, Text: func(l periodLine) string { return l.kind },
			Look: func(l periodLine) widget.Importance { return l.look }},
		{Key: "person", Title: t.T("window.col.person"), Width: 150, Text: func(l periodLine) string { return l.person }},
		{Key: "day", Title: t.T("window.col.day"), Width: 90, Firm: true, Text: func(l periodLine) string { return l.day }},
		{Key: "what", Title: t.T("window.col.what"), Width: 360, Text: func(l periodLine) string { return l.text }},
	})
	g.SetRows(list)
	text := kit.Wrapped("")
	var d *dialog.CustomDialog
	open := func() {
		if l, ok := g.Current(); ok && l.anomaly != "" {
			d.Hide()
			h.GoTo("anomalies", l.anomaly)
		}
	}
	settle := h.MainButton(t.T("window.approve.settle"), theme.NavigateNextIcon(), open)
	show := func() {
		l, ok := g.Current()
		text.SetText(l.text)
		kit.Enable(ok && l.anomaly != "", settle)
	}
	g.OnSelect = show
	g.OnOpen = func(periodLine) { open() }
	show()
	d = dialog.NewCustomWithoutButtons(
		title,
		kit.Sized(820, 420, container.NewBorder(nil, kit.Sized(0, 90, container.NewVScroll(text)), nil, nil, g)),
		h.Window,
	)
	end := h.Button(t.T("window.close"), nil, func() { d.Hide() })
	d.SetButtons([]fyne.CanvasObject{end, settle})
	d.Show()
	h.Window.Canvas().Focus(end)
	if len(list) > 0 {
		g.Select(list[0].key)
	}
	if !settle.Disabled() {
		h.Window.Canvas().Focus(settle)
	}
}
