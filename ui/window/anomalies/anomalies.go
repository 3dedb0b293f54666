package anomalies

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/window/dayline"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen lists what is wrong and settles it.
type Screen struct {
	h        *kit.Host
	desk     *office.Office
	load     *kit.Inquiry
	evidence *kit.Inquiry

	grid     *grid.Grid[anomalyRow]
	search   *field.Entry
	severity *kit.Choice
	status   *kit.Choice
	rule     *kit.Choice
	span     *kit.Choice
	count    *kit.Fact

	title   *widget.Label
	text    *widget.Label
	state   *widget.Label
	steps   *widget.Label
	history *widget.Label
	line    *dayline.Line
	punches *grid.Grid[kit.PunchRow]
	card    *derived.AnomalyCard // behind the card; nil while it is read
	explain *kit.Button
	time    *kit.Button
	assign  *kit.Button
	clock   *kit.Button // puts a wrong clock right
	alike   *kit.Button // says that the badge is a known one in another notation
	ignore  *kit.Button
	reopen  *kit.Button
	back    *kit.Button
	leads   *kit.Button // to the screen where the step that fits is taken

	names  *derived.Names
	wanted string // the anomaly that another screen led to
	quiet  bool   // filters are being set: do not load for each
}

type anomalyRow struct {
	key, severity, what, day, who, place, status string
	look                                         widget.Importance
	date                                         app.Date
	a                                            derived.FoundAnomaly
}

// New makes the screen of what is wrong on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, count: h.Fact("").Low()}
	t := h.Texts
	p.grid = kit.NewGrid(h, t.T("window.anomalies.empty"), func(r anomalyRow) string { return r.key }, []grid.Column[anomalyRow]{
		{Key: "severity", Title: t.T("window.col.severity"), Width: 120, Firm: true, Text: func(r anomalyRow) string { return r.severity },
			Look: func(r anomalyRow) widget.Importance { return r.look }, Compare: func(a, b anomalyRow) int { return cmp.Compare(b.a.Severity, a.a.Severity) }},
		{Key: "day", Title: t.T("window.col.day"), Width: 80, Firm: true, Text: func(r anomalyRow) string { return r.day },
			Compare: func(a, b anomalyRow) int { return cmp.Compare(a.date, b.date) }},
		{Key: "what", Title: t.T("window.col.what"), Width: 190, Text: func(r anomalyRow) string { return r.what }},
		{Key: "who", Title: t.T("window.col.person"), Width: 150, Text: func(r anomalyRow) string { return r.who }},
		{Key: "place", Title: t.T("window.col.place"), Width: 140, Text: func(r anomalyRow) string { return r.place }},
		{Key: "status", Title: t.T("window.col.status"), Width: 78, Firm: true, Text: func(r anomalyRow) string { return r.status }},
	})
	p.grid.OnSelect = p.showCard
	p.grid.OnOpen = func(anomalyRow) { p.first() }
	p.grid.Menu = p.menu
	p.search = kit.FilterFor(h, p.grid)
	p.severity = p.newFilter([]kit.Option{
		{Value: kit.Anything, Text: t.T("window.anomalies.anySeverity")},
		{Value: app.Serious.String(), Text: kit.Upper(wording.Severity(t, app.Serious))},
		{Value: app.Warning.String(), Text: kit.Upper(wording.Severity(t, app.Warning))},
		{Value: app.Information.String(), Text: kit.Upper(wording.Severity(t, app.Information))},
	}, kit.Anything)
	p.status = p.newFilter([]kit.Option{
		{Value: string(app.AnomalyOpen), Text: t.T("window.anomalies.open")},
		{Value: string(app.AnomalyExplained), Text: kit.Upper(wording.Status(t, app.AnomalyExplained, false))},
		{Value: string(app.AnomalyAdjusted), Text: kit.Upper(wording.Status(t, app.AnomalyAdjusted, false))},
		{Value: string(app.AnomalyGone), Text: t.T("window.anomalies.gone")},
		{Value: kit.Anything, Text: t.T("window.anomalies.anyStatus")},
	}, string(app.AnomalyOpen))
	p.rule = p.newFilter(p.ruleOptions(), kit.Anything)
	p.span = p.newFilter([]kit.Option{
		{Value: kit.Anything, Text: t.T("window.anomalies.anyDay")},
		{Value: kit.ThisWeek, Text: t.T("window.anomalies.lastWeek")},
		{Value: kit.ThisMonth, Text: t.T("window.anomalies.lastMonth")},
	}, kit.Anything)
	p.title = kit.CardHeading()
	p.text, p.steps = kit.Wrapped(""), kit.Wrapped("")
	p.text.Selectable = true
	p.history = kit.Wrapped("")
	p.line = dayline.New()
	p.state = kit.Wrapped("")
	p.state.Importance = widget.HighImportance
	p.punches = kit.NewGrid(h, t.T("window.anomalies.noPunches"), func(r kit.PunchRow) string { return r.Key }, []grid.Column[kit.PunchRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r kit.PunchRow) string { return r.Time }},
		{Key: "role", Title: t.T("window.col.role"), Width: 110, Text: func(r kit.PunchRow) string { return r.Role },
			Look: func(r kit.PunchRow) widget.Importance { return r.Look }},
		{Key: "key", Title: t.T("window.col.key"), Width: 100, Text: func(r kit.PunchRow) string { return r.Pressed }},
		{Key: "site", Title: t.T("window.col.site"), Width: 120, Text: func(r kit.PunchRow) string { return r.Site }},
		{Key: "box", Title: t.T("window.col.box"), Width: 90, Text: func(r kit.PunchRow) string { return r.Box }},
	})
	p.punches.OnSelect = p.enableButtons
	p.explain = h.Button(t.T("window.anomalies.explain"), theme.ConfirmIcon(), p.askExplain)
	p.time = h.MainButton(t.T("window.anomalies.time"), theme.HistoryIcon(), p.askTime)
	p.assign = h.MainButton(t.T("window.anomalies.assign"), theme.AccountIcon(), p.askAssign)
	p.clock = h.MainButton(t.T("window.clock.repair"), theme.HistoryIcon(), p.askClock)
	p.alike = h.Button(t.T("window.notation.confirm"), nil, p.askAlike)
	p.ignore = h.Button(t.T("window.punches.ignore"), nil, p.askIgnore)
	p.reopen = h.Button(t.T("window.anomalies.reopen"), theme.ContentUndoIcon(), p.askReopen)
	p.back = h.Button(t.T("window.statement.withdraw"), theme.ContentUndoIcon(), p.askWithdraw)
	p.leads = h.MainButton("", theme.NavigateNextIcon(), p.goToStep)
	p.load = h.Asks(p.grid, p.count)
	p.evidence = h.Asks(p.punches)
	p.showCard()
	return p
}

func (p *Screen) newFilter(options []kit.Option, value string) *kit.Choice {
	c := kit.NewChoice(options, value)
	c.OnChanged = func(string) {
		if !p.quiet {
			p.Reload()
		}
	}
	return c
}

func (p *Screen) ruleOptions() []kit.Option {
	os := []kit.Option{}
	for _, r := range attendance.Rules() {
		os = append(os, kit.Option{Value: string(r.Name), Text: wording.Rule(p.h.Texts, r.Name)})
	}
	kit.SortOptions(os)
	return append([]kit.Option{{Value: kit.Anything, Text: p.h.Texts.T("window.anomalies.anyRule")}}, os...)
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	t := p.h.Texts
	presence := p.h.Button(t.T("window.statement.presence"), theme.ContentAddIcon(), p.askPresence)
	site := p.h.Button(t.T("window.siteStatement"), theme.ContentAddIcon(), p.askSite)
	p.load.Shows(kit.Gated{presence, site})
	filters := container.NewHBox(kit.Sized(130, 0, p.severity), kit.Sized(150, 0, p.status), kit.Sized(220, 0, p.rule), kit.Sized(160, 0, p.span))
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(t.T("window.screen.anomalies")), filters),
		container.NewBorder(nil, nil, nil, container.NewHBox(p.count.Label, presence, site), p.search),
	)
	// Two rows, so that a small screen has room for them.
	fitting := container.NewHBox(p.time, p.assign, p.clock, p.alike, p.leads)
	always := container.NewHBox(p.explain, p.ignore, p.reopen, p.back)
	words := container.NewVBox(
		p.title,
		p.text,
		p.state,
		p.evidence.Strip,
		p.line,
		p.steps,
		fitting,
		always,
		p.history,
		kit.Bold(t.T("window.anomalies.punches")),
	)
	return container.NewBorder(top, nil, nil, nil, kit.Split(0.57, p.load.Above(p.grid), container.NewBorder(words, nil, nil, nil, p.punches)))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow shows one severity, or one anomaly by its identity.
func (p *Screen) Narrow(what string) {
	p.quiet = true
	defer func() { p.quiet = false }()
	p.status.Set(string(app.AnomalyOpen))
	p.rule.Set(kit.Anything)
	p.span.Set(kit.Anything)
	p.search.SetText("")
	if strings.Contains(what, "|") {
		p.severity.Set(kit.Anything)
		p.wanted = what
		return
	}
	p.severity.Set(what)
}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	f := derived.AnomalyFilter{Rule: app.Rule(p.rule.Value()), Status: app.AnomalyStatus(p.status.Value())}
	switch p.span.Value() {
	case kit.ThisWeek:
		f.Days.From = p.h.Today().AddDays(-7)
	case kit.ThisMonth:
		f.Days.From = p.h.Today().AddDays(-31)
	}
	severity := p.severity.Value()
	type shown struct {
		rows  []anomalyRow
		names *derived.Names
	}
	kit.Load(p.load, [2]any{f, severity}, func(ctx context.Context) (shown, error) {
		found, err := p.desk.Derived.Anomalies(ctx, f)
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return shown{}, err
		}
		return shown{p.rows(found, names, severity), names}, nil
	}, func(s shown) {
		p.names = s.names
		p.grid.SetEmpty(p.none())
		p.grid.SetRows(s.rows)
		p.count.SetText(p.h.Texts.N("window.anomalies.count", len(s.rows)))
		if p.wanted != "" {
			p.grid.Select(p.wanted)
			p.wanted = ""
		}
		p.showCard()
	})
}

// none says what it means that the list is empty: with filters, only that they let nothing through.
func (p *Screen) none() string {
	if p.severity.Value() == kit.Anything && p.rule.Value() == kit.Anything && p.span.Value() == kit.Anything && p.status.Value() == string(app.AnomalyOpen) {
		return p.h.Texts.T("window.anomalies.settled")
	}
	return p.h.Texts.T("window.anomalies.empty")
}

// rows formats what was found: the worst first, of these the newest first.
func (p *Screen) rows(found []derived.FoundAnomaly, names *derived.Names, severity string) []anomalyRow {
	t := p.h.Texts
	rows := make([]anomalyRow, 0, len(found))
	for _, a := range found {
		if severity != kit.Anything && a.Severity.String() != severity {
			continue
		}
		date := kit.AnomalyDay(names, &a)
		rows = append(rows, anomalyRow{
			key: a.Key().String(), severity: kit.Upper(wording.Severity(t, a.Severity)), what: wording.Rule(t, a.Rule), day: t.DayMonth(date), date: date,
			who: names.Worker(
				a.WorkerID,
			), place: kit.PlaceOf(names, &a), status: kit.Upper(wording.Status(t, a.Status, a.Changed)), look: textLook(a.Severity), a: a,
		})
	}
	slices.SortStableFunc(rows, func(x, y anomalyRow) int {
		return cmp.Or(cmp.Compare(y.a.Severity, x.a.Severity), cmp.Compare(y.date, x.date), cmp.Compare(x.key, y.key))
	})
	return rows
}

// textLook is the weight of a severity in a list.
func textLook(s app.Severity) widget.Importance {
	switch s {
	case app.Serious:
		return widget.DangerImportance
	case app.Warning:
		return widget.WarningImportance
	}
	return widget.LowImportance
}

func (p *Screen) showCard() {
	r, ok := p.grid.Current()
	t := p.h.Texts
	if !ok || p.names == nil {
		p.title.SetText("")
		p.text.SetText(t.T("window.anomalies.pick"))
		p.state.Hide()
		p.steps.SetText("")
		p.evidence.Rest()
		p.showDetail(nil)
		return
	}
	p.title.SetText(r.what + " · " + r.severity)
	p.text.SetText(wording.Anomaly(t, p.names, &r.a.Anomaly))
	state := p.stateText(&r.a)
	p.state.SetText(state)
	kit.SetVisible(p.state, state != "")
	p.steps.SetText(wording.Steps(t, r.a.Rule))
	p.showDetail(nil)
	key := r.a.Key()
	kit.Load(p.evidence, key, func(ctx context.Context) (*derived.AnomalyCard, error) { return p.desk.Derived.AnomalyCard(ctx, key) }, p.showDetail)
}

// showDetail shows what is known of the anomaly beside its list: the day as a
// line, its punches, its threshold, and what was done about it; nil: nothing yet.
func (p *Screen) showDetail(c *derived.AnomalyCard) {
	p.card = c
	defer p.enableButtons()
	if c == nil {
		p.history.Hide()
		p.line.SetDay(dayline.Day{})
		return
	}
	t := p.h.Texts
	if c.Threshold != nil {
		p.steps.SetText(kit.Lines(wording.LimitUsed(t, c.Threshold), wording.Steps(t, c.Rule)))
	}
	if g := c.Registration; g != nil { // what the register said, and what to do about that
		p.text.SetText(kit.Lines(wording.Anomaly(t, p.names, &c.Anomaly), kit.Upper(wording.Answer(t, g))))
		if steps := wording.AnswerSteps(t, g); len(steps) > 0 {
			p.steps.SetText(kit.Lines(steps...))
		}
	}
	if c.Changed && c.State.Was != nil {
		p.state.SetText(kit.Lines(p.stateText(&c.FoundAnomaly), t.T("window.anomalies.was", "Was", wording.Anomaly(t, p.names, c.State.Was))))
	}
	p.history.SetText(p.historyText(c))
	kit.SetVisible(p.history, len(c.History) > 0)
	p.line.SetDay(lineOf(p.names, c, t))
	var rows []kit.PunchRow
	for i := range c.Taps {
		rows = append(rows, kit.PunchText(p.h, p.names, &derived.PunchRow{Tap: c.Taps[i]}))
	}
	p.punches.SetRows(rows)
}

// historyText has the last steps that were taken, the newest first.
func (p *Screen) historyText(c *derived.AnomalyCard) string {
	const shown = 4
	texts := []string{p.h.Texts.T("window.anomalies.history")}
	for i := len(c.History) - 1; i >= max(0, len(c.History)-shown); i-- {
		texts = append(texts, wording.HistoryStep(p.h.Texts, p.names, c.SiteID, &c.History[i]))
	}
	return kit.Lines(texts...)
}

// stateText says what people decided about an anomaly.
func (p *Screen) stateText(a *derived.FoundAnomaly) string {
	if a.State.At == 0 {
		return ""
	}
	t := p.h.Texts
	text := t.T("window.anomalies.decided", "Status", kit.Upper(wording.Status(t, a.Status, a.Changed)),
		"By", a.State.By, "When", t.DateTime(a.State.At, p.h.Zone))
	return kit.Lines(text, strings.TrimPrefix(strings.Trim(kit.Upper(wording.Reason(t, a.State.Reason))+": "+a.State.Note, ": "), ": "))
}

func (p *Screen) enableButtons() {
	r, ok := p.grid.Current()
	open := ok && r.a.Status == app.AnomalyOpen
	several := len(p.grid.Selected()) > 1
	show := func(b *kit.Button, possible, now bool) {
		kit.SetVisible(b, possible)
		kit.Enable(now, b)
	}
	rule := attendance.RuleOf(r.a.Rule)
	show(p.time, ok && rule.Settles(attendance.StepAdjust), open)
	show(p.assign, ok && r.a.Rule == app.UnknownBadge, open && p.card != nil && len(p.card.Evidence) > 0)
	show(p.clock, ok && rule.Settles(attendance.StepRepairClock), open)
	show(p.alike, ok && len(app.FactAlike.Get(&r.a.Anomaly)) > 0, open)
	show(p.explain, true, open)
	_, picked := p.punches.Current()
	show(p.ignore, ok && len(r.a.Punches) > 0, picked || several && open)
	step, screen := p.leadingStep()
	if kit.SetVisible(p.leads, screen != ""); screen != "" {
		p.leads.SetText(kit.Upper(wording.SettlingStep(p.h.Texts, step)))
	}
	show(p.reopen, ok && !open && r.a.Status != app.AnomalyAdjusted, ok && (r.a.Status == app.AnomalyExplained))
	show(p.back, ok && app.FactAdjusted.Get(&r.a.Anomaly) != "", true)
}

// first is what Enter does: the step that fits best.
func (p *Screen) first() {
	switch {
	case p.time.Visible() && !p.time.Disabled():
		p.askTime()
	case p.assign.Visible() && !p.assign.Disabled():
		p.askAssign()
	case p.clock.Visible() && !p.clock.Disabled():
		p.askClock()
	case !p.explain.Disabled():
		p.askExplain()
	}
}

func (p *Screen) menu(rows []anomalyRow) []*fyne.MenuItem {
	items := []*fyne.MenuItem{fyne.NewMenuItem(p.h.Texts.T("window.anomalies.explain"), p.askExplain)}
	if len(rows) == 1 {
		for _, b := range []*kit.Button{p.time, p.assign, p.clock, p.alike, p.leads, p.reopen, p.back} {
			if b.Visible() && !b.Disabled() {
				items = append(items, fyne.NewMenuItem(b.Text, b.OnTapped))
			}
		}
	}
	return items
}

// selected returns the identities of the selected anomalies with a status.
func (p *Screen) selected(status app.AnomalyStatus) []app.AnomalyKey {
	var keys []app.AnomalyKey
	for _, r := range p.grid.Selected() {
		if r.a.Status == status {
			keys = append(keys, r.a.Key())
		}
	}
	return keys
}

func (p *Screen) askExplain() {
	keys := p.selected(app.AnomalyOpen)
	if len(keys) == 0 {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.N("window.anomalies.explain.help", len(keys)))
	reason := f.Choice(t.T("window.field.reason"), kit.ReasonOptions(p.h), "", "reason")
	note := f.Lines(t.T("window.field.note"), "", "note")
	f.Show(t.T("window.anomalies.explain"), t.T("window.anomalies.explain"), func() func(context.Context) error {
		r, n := reason.Value(), note.Text
		return func(ctx context.Context) error { return p.desk.Judgements.Explain(ctx, keys, r, n) }
	}, p.h.Settled)
}

func (p *Screen) askReopen() {
	keys := p.selected(app.AnomalyExplained)
	if len(keys) == 0 {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.N("window.anomalies.reopen.help", len(keys)))
	note := f.Lines(t.T("window.field.note"), "", "note")
	f.Show(t.T("window.anomalies.reopen"), t.T("window.anomalies.reopen"), func() func(context.Context) error {
		n := note.Text
		return func(ctx context.Context) error { return p.desk.Judgements.Reopen(ctx, keys, n) }
	}, p.h.Settled)
}

// askTime states when the person came or left. It changes the timesheet, never a punch.
func (p *Screen) askTime() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(wording.Anomaly(t, p.names, &r.a.Anomaly))
	label := t.T("window.anomalies.left")
	if r.a.Rule == app.MissingIn {
		label = t.T("window.anomalies.came")
	}
	zone := p.names.Zone(r.a.SiteID)
	at := f.Moment(label, 0, zone, false, "at", "to", "from", "time")
	at.Date.SetDate(kit.AnomalyDay(p.names, &r.a))
	row := f.Row("at")
	inner := row.Check
	row.Check = func() error {
		if at.Time.Text == "" {
			return field.ErrRequired
		}
		return inner()
	}
	reason := f.Choice(t.T("window.field.reason"), kit.ReasonOptions(p.h), app.ReasonCodes[0], "reason")
	note := f.Lines(t.T("window.field.note"), "", "note")
	f.Note(t.T("window.anomalies.time.help"))
	key := r.a.Key()
	f.Foresee(p.desk, p.names, func() acts.Proposal {
		return acts.Proposal{Edges: []acts.MissingEdge{{Key: key, At: kit.Must(at.Instant())}}}
	})
	f.Show(t.T("window.anomalies.time"), t.T("window.anomalies.time"), func() func(context.Context) error {
		i, code, n := kit.Must(at.Instant()), reason.Value(), note.Text
		return func(ctx context.Context) error { return p.desk.Judgements.AdjustMissing(ctx, key, i, code, n) }
	}, p.h.Settled)
	p.h.Window.Canvas().Focus(at.Time)
}

// askPresence states a presence; the person and day of the selected anomaly are proposed.
func (p *Screen) askPresence() { kit.AskPresence(p.h, p.desk, p.names, p.proposed()) }

// askSite states hours for the people of a site; that of the selected anomaly is proposed.
func (p *Screen) askSite() { askSite(p.h, p.desk, p.names, p.proposed()) }

// proposed is what the selected anomaly says of a statement to be made.
func (p *Screen) proposed() (from kit.Stated) {
	if r, ok := p.grid.Current(); ok && p.names != nil {
		from.Site, from.Day = r.a.SiteID, kit.AnomalyDay(p.names, &r.a)
		if r.a.Subject.Kind == app.AboutEngagement {
			from.Engagement = app.ID(r.a.Subject.ID)
		}
	}
	return from
}

// askWithdraw takes back the statement that settled an anomaly, which then opens again.
func (p *Screen) askWithdraw() {
	if r, ok := p.grid.Current(); ok && app.FactAdjusted.Get(&r.a.Anomaly) != "" {
		kit.AskWithdraw(p.h, p.desk, p.names, app.FactAdjusted.Get(&r.a.Anomaly), wording.Anomaly(p.h.Texts, p.names, &r.a.Anomaly), nil)
	}
}

// askAssign returns the unknown badges of the selected anomalies to a person, also
// back in time. Where an anomaly names known badges with the same number in
// another notation, their holder is proposed.
func (p *Screen) askAssign() {
	r, ok := p.grid.Current()
	if !ok || p.card == nil || len(p.card.Evidence) == 0 {
		return
	}
	var keys []app.AnomalyKey
	for _, s := range p.grid.Selected() {
		if s.a.Rule == app.UnknownBadge && s.a.Status == app.AnomalyOpen {
			keys = append(keys, s.a.Key())
		}
	}
	alike := app.FactAlike.Get(&r.a.Anomaly)
	var met []derived.EvidencePunch
	var engagement app.ID
	var why string
	p.h.Act(func(ctx context.Context) error {
		for _, k := range keys {
			c, err := p.desk.Derived.AnomalyCard(ctx, k)
			if err != nil {
				return err
			}
			met = append(met, c.Evidence...)
		}
		workers, err := p.desk.Staff.Rows(ctx)
		for _, w := range workers {
			for _, b := range w.Badges {
				if slices.Contains(alike, b.Identifier.ID) {
					engagement, why = b.Custody.EngagementID, p.h.Texts.T(
						"window.anomalies.alike",
						"Badge",
						wording.Badge(p.h.Texts, b.Identifier),
						"Name",
						w.Worker.Name(),
					)
				}
			}
		}
		return err
	}, func() { p.assignTo(r, met, engagement, why) })
}

// assignTo returns the badges that were met to a person.
func (p *Screen) assignTo(r anomalyRow, met []derived.EvidencePunch, proposed app.ID, why string) {
	if len(met) == 0 {
		return
	}
	t := p.h.Texts
	var badges []app.IdentifierKey
	var named []string
	first := met[0].At
	for _, e := range met {
		first = min(first, e.At)
		if k := e.Punch.Identifier; !slices.Contains(badges, k) {
			badges = append(badges, k)
			named = append(named, wording.Badge(t, app.Identifier{Key: k}))
		}
	}
	zone := p.names.Zone(r.a.SiteID)
	f := p.h.NewForm()
	f.Note(kit.Lines(t.N("window.anomalies.assign.help", len(met), "Badge", strings.Join(named, ", "), "First", t.DateTime(first, zone)), why))
	person := f.Pick(t.T("window.col.person"), kit.WorkerOptions(t, p.names), string(proposed), "engagement", "worker")
	from := f.Moment(t.T("window.field.from"), first.DateIn(zone).Start(zone), zone, true, "from")
	to := f.Moment(t.T("window.field.to.optional"), 0, zone, true, "to")
	reason := f.Text(t.T("window.field.why"), "", "why")
	gives := func() (list []acts.GiveBadge) {
		for _, k := range badges {
			list = append(list, acts.GiveBadge{Key: k, EngagementID: app.ID(person.Value()),
				Span: app.Span{From: kit.Must(from.Instant()), To: kit.Must(to.Instant())}})
		}
		return list
	}
	f.Foresee(p.desk, p.names, func() acts.Proposal { return acts.Proposal{Give: gives()} })
	f.Show(t.T("window.anomalies.assign"), t.T("window.anomalies.assign"), func() func(context.Context) error {
		list, because := gives(), reason.Text
		return func(ctx context.Context) error { return p.desk.Staff.GiveBadges(ctx, list, because) }
	}, p.h.Settled)
}

// askClock puts right the clock that an anomaly is about: its anchor is the
// first record of the segment, so that any of its punches leads there.
func (p *Screen) askClock() {
	r, ok := p.grid.Current()
	if !ok || p.names == nil {
		return
	}
	first, ok := app.FactFirst.Of(&r.a.Anomaly)
	if !ok {
		return
	}
	kit.AskRepair(p.h, p.desk, p.names, app.RecordKey{LogKey: app.LogKey{Box: r.a.Box, Log: app.FactLog.Get(&r.a.Anomaly)}, Seq: first})
}

// askAlike confirms that a box shows a known badge in another notation.
func (p *Screen) askAlike() {
	if r, ok := p.grid.Current(); ok && p.names != nil {
		_, card, _ := strings.Cut(r.a.Subject.ID, ":")
		kit.AskNotation(p.h, p.desk, p.names, card)
	}
}

// askIgnore leaves out the taps that are selected on the card, or those of all
// selected anomalies where there are several.
func (p *Screen) askIgnore() {
	if rows := p.grid.Selected(); len(rows) > 1 {
		var taps []kit.PunchRow
		for _, r := range rows {
			for _, k := range r.a.Punches {
				taps = append(taps, kit.PunchRow{Record: k, Time: r.day, Role: r.what, Person: r.who, Site: r.place})
			}
		}
		kit.AskIgnore(p.h, p.desk, p.names, taps)
		return
	}
	kit.AskIgnore(p.h, p.desk, p.names, p.punches.Selected())
}
