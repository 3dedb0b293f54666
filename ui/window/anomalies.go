package window

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/office"
	"klokkast/ui/window/dayline"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// anomaliesPage lists what is wrong and settles it.
type anomaliesPage struct {
	h        *host
	desk     *office.Office
	load     *inquiry
	evidence *inquiry

	grid     *grid.Grid[anomalyRow]
	search   *field.Entry
	severity *choice
	status   *choice
	rule     *choice
	span     *choice
	count    *fact

	title   *widget.Label
	text    *widget.Label
	state   *widget.Label
	steps   *widget.Label
	history *widget.Label
	line    *dayline.Line
	punches *grid.Grid[punchRow]
	card    *office.AnomalyCard // behind the card; nil while it is read
	explain *button
	time    *button
	assign  *button
	clock   *button // puts a wrong clock right
	alike   *button // says that the badge is a known one in another notation
	ignore  *button
	reopen  *button
	back    *button
	leads   *button // to the screen where the step that fits is taken

	names  *office.Names
	wanted string // the anomaly that another screen led to
	quiet  bool   // filters are being set: do not load for each
}

type anomalyRow struct {
	key, severity, what, day, who, place, status string
	look                                         widget.Importance
	date                                         app.Date
	a                                            office.FoundAnomaly
}

// Choices of the filters that are no code of the trade.
const (
	anything  = ""
	thisWeek  = "week"
	thisMonth = "month"
)

func newAnomaliesPage(h *host, desk *office.Office) *anomaliesPage {
	p := &anomaliesPage{h: h, desk: desk, count: h.fact("").low()}
	t := h.t
	p.grid = newGrid(h, t.T("window.anomalies.empty"), func(r anomalyRow) string { return r.key }, []grid.Column[anomalyRow]{
		{Key: "severity", Title: t.T("window.col.severity"), Width: 120, Firm: true, Text: func(r anomalyRow) string { return r.severity }, Look: func(r anomalyRow) widget.Importance { return r.look }, Compare: func(a, b anomalyRow) int { return cmp.Compare(b.a.Severity, a.a.Severity) }},
		{Key: "day", Title: t.T("window.col.day"), Width: 80, Firm: true, Text: func(r anomalyRow) string { return r.day }, Compare: func(a, b anomalyRow) int { return cmp.Compare(a.date, b.date) }},
		{Key: "what", Title: t.T("window.col.what"), Width: 190, Text: func(r anomalyRow) string { return r.what }},
		{Key: "who", Title: t.T("window.col.person"), Width: 150, Text: func(r anomalyRow) string { return r.who }},
		{Key: "place", Title: t.T("window.col.place"), Width: 140, Text: func(r anomalyRow) string { return r.place }},
		{Key: "status", Title: t.T("window.col.status"), Width: 78, Firm: true, Text: func(r anomalyRow) string { return r.status }},
	})
	p.grid.OnSelect = p.showCard
	p.grid.OnOpen = func(anomalyRow) { p.first() }
	p.grid.Menu = p.menu
	p.search = filterFor(h, p.grid)
	p.severity = p.newFilter([]option{{anything, t.T("window.anomalies.anySeverity")}, {app.Serious.String(), upper(wording.Severity(t, app.Serious))}, {app.Warning.String(), upper(wording.Severity(t, app.Warning))}, {app.Information.String(), upper(wording.Severity(t, app.Information))}}, anything)
	p.status = p.newFilter([]option{{string(app.AnomalyOpen), t.T("window.anomalies.open")}, {string(app.AnomalyExplained), upper(wording.Status(t, app.AnomalyExplained, false))}, {string(app.AnomalyAdjusted), upper(wording.Status(t, app.AnomalyAdjusted, false))}, {string(app.AnomalyGone), t.T("window.anomalies.gone")}, {anything, t.T("window.anomalies.anyStatus")}}, string(app.AnomalyOpen))
	p.rule = p.newFilter(p.ruleOptions(), anything)
	p.span = p.newFilter([]option{{anything, t.T("window.anomalies.anyDay")}, {thisWeek, t.T("window.anomalies.lastWeek")}, {thisMonth, t.T("window.anomalies.lastMonth")}}, anything)
	p.title = cardHeading()
	p.text, p.steps = wrapped(""), wrapped("")
	p.text.Selectable = true
	p.history = wrapped("")
	p.line = dayline.New()
	p.state = wrapped("")
	p.state.Importance = widget.HighImportance
	p.punches = newGrid(h, t.T("window.anomalies.noPunches"), func(r punchRow) string { return r.key }, []grid.Column[punchRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r punchRow) string { return r.time }},
		{Key: "role", Title: t.T("window.col.role"), Width: 110, Text: func(r punchRow) string { return r.role }, Look: func(r punchRow) widget.Importance { return r.look }},
		{Key: "key", Title: t.T("window.col.key"), Width: 100, Text: func(r punchRow) string { return r.pressed }},
		{Key: "site", Title: t.T("window.col.site"), Width: 120, Text: func(r punchRow) string { return r.site }},
		{Key: "box", Title: t.T("window.col.box"), Width: 90, Text: func(r punchRow) string { return r.box }},
	})
	p.punches.OnSelect = p.enableButtons
	p.explain = h.button(t.T("window.anomalies.explain"), theme.ConfirmIcon(), p.askExplain)
	p.time = h.mainButton(t.T("window.anomalies.time"), theme.HistoryIcon(), p.askTime)
	p.assign = h.mainButton(t.T("window.anomalies.assign"), theme.AccountIcon(), p.askAssign)
	p.clock = h.mainButton(t.T("window.clock.repair"), theme.HistoryIcon(), p.askClock)
	p.alike = h.button(t.T("window.notation.confirm"), nil, p.askAlike)
	p.ignore = h.button(t.T("window.punches.ignore"), nil, p.askIgnore)
	p.reopen = h.button(t.T("window.anomalies.reopen"), theme.ContentUndoIcon(), p.askReopen)
	p.back = h.button(t.T("window.statement.withdraw"), theme.ContentUndoIcon(), p.askWithdraw)
	p.leads = h.mainButton("", theme.NavigateNextIcon(), p.goToStep)
	p.load = h.asks(p.grid, p.count)
	p.evidence = h.asks(p.punches)
	p.showCard()
	return p
}

func (p *anomaliesPage) newFilter(options []option, value string) *choice {
	c := newChoice(options, value)
	c.OnChanged = func(string) {
		if !p.quiet {
			p.reload()
		}
	}
	return c
}

func (p *anomaliesPage) ruleOptions() []option {
	os := []option{}
	for _, r := range attendance.Rules() {
		os = append(os, option{string(r.Name), wording.Rule(p.h.t, r.Name)})
	}
	sortOptions(os)
	return append([]option{{anything, p.h.t.T("window.anomalies.anyRule")}}, os...)
}

func (p *anomaliesPage) content() fyne.CanvasObject {
	t := p.h.t
	presence := p.h.button(t.T("window.statement.presence"), theme.ContentAddIcon(), p.askPresence)
	site := p.h.button(t.T("window.siteStatement"), theme.ContentAddIcon(), p.askSite)
	p.load.shows(gated{presence, site})
	filters := container.NewHBox(sized(130, 0, p.severity), sized(150, 0, p.status), sized(220, 0, p.rule), sized(160, 0, p.span))
	top := container.NewVBox(
		container.NewBorder(nil, nil, heading(t.T("window.screen.anomalies")), filters),
		container.NewBorder(nil, nil, nil, container.NewHBox(p.count.Label, presence, site), p.search),
	)
	// Two rows, so that a small screen has room for them.
	fitting := container.NewHBox(p.time, p.assign, p.clock, p.alike, p.leads)
	always := container.NewHBox(p.explain, p.ignore, p.reopen, p.back)
	words := container.NewVBox(p.title, p.text, p.state, p.evidence.strip, p.line, p.steps, fitting, always, p.history, bold(t.T("window.anomalies.punches")))
	return container.NewBorder(top, nil, nil, nil, split(0.57, p.load.above(p.grid), container.NewBorder(words, nil, nil, nil, p.punches)))
}

func (p *anomaliesPage) filter() *field.Entry { return p.search }

// narrow shows one severity, or one anomaly by its identity.
func (p *anomaliesPage) narrow(what string) {
	p.quiet = true
	defer func() { p.quiet = false }()
	p.status.set(string(app.AnomalyOpen))
	p.rule.set(anything)
	p.span.set(anything)
	p.search.SetText("")
	if strings.Contains(what, "|") {
		p.severity.set(anything)
		p.wanted = what
		return
	}
	p.severity.set(what)
}

func (p *anomaliesPage) reload() {
	f := office.AnomalyFilter{Rule: app.Rule(p.rule.value()), Status: app.AnomalyStatus(p.status.value())}
	switch p.span.value() {
	case thisWeek:
		f.Days.From = p.h.today().AddDays(-7)
	case thisMonth:
		f.Days.From = p.h.today().AddDays(-31)
	}
	severity := p.severity.value()
	type shown struct {
		rows  []anomalyRow
		names *office.Names
	}
	load(p.load, [2]any{f, severity}, func(ctx context.Context) (shown, error) {
		found, err := p.desk.Anomalies(ctx, f)
		if err != nil {
			return shown{}, err
		}
		names, err := p.desk.Names(ctx)
		if err != nil {
			return shown{}, err
		}
		return shown{p.rows(found, names, severity), names}, nil
	}, func(s shown) {
		p.names = s.names
		p.grid.SetEmpty(p.none())
		p.grid.SetRows(s.rows)
		p.count.SetText(p.h.t.N("window.anomalies.count", len(s.rows)))
		if p.wanted != "" {
			p.grid.Select(p.wanted)
			p.wanted = ""
		}
		p.showCard()
	})
}

// none says what it means that the list is empty: with filters, only that they let nothing through.
func (p *anomaliesPage) none() string {
	if p.severity.value() == anything && p.rule.value() == anything && p.span.value() == anything && p.status.value() == string(app.AnomalyOpen) {
		return p.h.t.T("window.anomalies.settled")
	}
	return p.h.t.T("window.anomalies.empty")
}

// rows formats what was found: the worst first, of these the newest first.
func (p *anomaliesPage) rows(found []office.FoundAnomaly, names *office.Names, severity string) []anomalyRow {
	t := p.h.t
	rows := make([]anomalyRow, 0, len(found))
	for _, a := range found {
		if severity != anything && a.Severity.String() != severity {
			continue
		}
		date := anomalyDay(names, &a)
		rows = append(rows, anomalyRow{
			key: a.Key().String(), severity: upper(wording.Severity(t, a.Severity)), what: wording.Rule(t, a.Rule), day: t.DayMonth(date), date: date,
			who: names.Worker(a.WorkerID), place: placeOf(names, &a), status: upper(wording.Status(t, a.Status, a.Changed)), look: textLook(a.Severity), a: a,
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

func (p *anomaliesPage) showCard() {
	r, ok := p.grid.Current()
	t := p.h.t
	if !ok || p.names == nil {
		p.title.SetText("")
		p.text.SetText(t.T("window.anomalies.pick"))
		p.state.Hide()
		p.steps.SetText("")
		p.evidence.rest()
		p.showDetail(nil)
		return
	}
	p.title.SetText(r.what + " · " + r.severity)
	p.text.SetText(wording.Anomaly(t, p.names, &r.a.Anomaly))
	state := p.stateText(&r.a)
	p.state.SetText(state)
	setVisible(p.state, state != "")
	p.steps.SetText(wording.Steps(t, r.a.Rule))
	p.showDetail(nil)
	key := r.a.Key()
	load(p.evidence, key, func(ctx context.Context) (*office.AnomalyCard, error) { return p.desk.AnomalyCard(ctx, key) }, p.showDetail)
}

// showDetail shows what is known of the anomaly beside its list: the day as a
// line, its punches, its threshold, and what was done about it; nil: nothing yet.
func (p *anomaliesPage) showDetail(c *office.AnomalyCard) {
	p.card = c
	defer p.enableButtons()
	if c == nil {
		p.history.Hide()
		p.line.SetDay(dayline.Day{})
		return
	}
	t := p.h.t
	if c.Threshold != nil {
		p.steps.SetText(lines(wording.LimitUsed(t, c.Threshold), wording.Steps(t, c.Rule)))
	}
	if c.Changed && c.State.Was != nil {
		p.state.SetText(lines(p.stateText(&c.FoundAnomaly), t.T("window.anomalies.was", "Was", wording.Anomaly(t, p.names, c.State.Was))))
	}
	p.history.SetText(p.historyText(c))
	setVisible(p.history, len(c.History) > 0)
	p.line.SetDay(lineOf(p.names, c, t))
	var rows []punchRow
	for i := range c.Taps {
		rows = append(rows, punchText(p.h, p.names, &office.PunchRow{Tap: c.Taps[i]}))
	}
	p.punches.SetRows(rows)
}

// historyText has the last steps that were taken, the newest first.
func (p *anomaliesPage) historyText(c *office.AnomalyCard) string {
	const shown = 4
	texts := []string{p.h.t.T("window.anomalies.history")}
	for i := len(c.History) - 1; i >= max(0, len(c.History)-shown); i-- {
		texts = append(texts, wording.HistoryStep(p.h.t, p.names, c.SiteID, &c.History[i]))
	}
	return lines(texts...)
}

// stateText says what people decided about an anomaly.
func (p *anomaliesPage) stateText(a *office.FoundAnomaly) string {
	if a.State.At == 0 {
		return ""
	}
	t := p.h.t
	text := t.T("window.anomalies.decided", "Status", upper(wording.Status(t, a.Status, a.Changed)), "By", a.State.By, "When", t.DateTime(a.State.At, p.h.zone))
	return lines(text, strings.TrimPrefix(strings.Trim(upper(wording.Reason(t, a.State.Reason))+": "+a.State.Note, ": "), ": "))
}

func (p *anomaliesPage) enableButtons() {
	r, ok := p.grid.Current()
	open := ok && r.a.Status == app.AnomalyOpen
	several := len(p.grid.Selected()) > 1
	show := func(b *button, possible, now bool) {
		setVisible(b, possible)
		enable(now, b)
	}
	rule := attendance.RuleOf(r.a.Rule)
	show(p.time, ok && rule.Settles(attendance.StepAdjust), open)
	show(p.assign, ok && r.a.Rule == app.UnknownBadge, open && p.card != nil && len(p.card.Evidence) > 0)
	show(p.clock, ok && rule.Settles(attendance.StepRepairClock), open)
	show(p.alike, ok && r.a.Facts["alike"] != "", open)
	show(p.explain, true, open)
	_, picked := p.punches.Current()
	show(p.ignore, ok && len(r.a.Punches) > 0, picked || several && open)
	step, screen := p.leadingStep()
	if setVisible(p.leads, screen != ""); screen != "" {
		p.leads.SetText(upper(wording.SettlingStep(p.h.t, step)))
	}
	show(p.reopen, ok && !open && r.a.Status != app.AnomalyAdjusted, ok && (r.a.Status == app.AnomalyExplained))
	show(p.back, ok && r.a.Facts["adjusted"] != "", true)
}

// first is what Enter does: the step that fits best.
func (p *anomaliesPage) first() {
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

func (p *anomaliesPage) menu(rows []anomalyRow) []*fyne.MenuItem {
	items := []*fyne.MenuItem{fyne.NewMenuItem(p.h.t.T("window.anomalies.explain"), p.askExplain)}
	if len(rows) == 1 {
		for _, b := range []*button{p.time, p.assign, p.clock, p.alike, p.leads, p.reopen, p.back} {
			if b.Visible() && !b.Disabled() {
				items = append(items, fyne.NewMenuItem(b.Text, b.OnTapped))
			}
		}
	}
	return items
}

// selected gives the identities of the selected anomalies with a status.
func (p *anomaliesPage) selected(status app.AnomalyStatus) []app.AnomalyKey {
	var keys []app.AnomalyKey
	for _, r := range p.grid.Selected() {
		if r.a.Status == status {
			keys = append(keys, r.a.Key())
		}
	}
	return keys
}

func (p *anomaliesPage) askExplain() {
	keys := p.selected(app.AnomalyOpen)
	if len(keys) == 0 {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.N("window.anomalies.explain.help", len(keys)))
	reason := f.choice(t.T("window.field.reason"), reasonOptions(p.h), "", "reason")
	note := f.lines(t.T("window.field.note"), "", "note")
	f.show(t.T("window.anomalies.explain"), t.T("window.anomalies.explain"), func() func(context.Context) error {
		r, n := reason.value(), note.Text
		return func(ctx context.Context) error { return p.desk.Explain(ctx, keys, r, n) }
	}, p.h.settled)
}

func (p *anomaliesPage) askReopen() {
	keys := p.selected(app.AnomalyExplained)
	if len(keys) == 0 {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.N("window.anomalies.reopen.help", len(keys)))
	note := f.lines(t.T("window.field.note"), "", "note")
	f.show(t.T("window.anomalies.reopen"), t.T("window.anomalies.reopen"), func() func(context.Context) error {
		n := note.Text
		return func(ctx context.Context) error { return p.desk.Reopen(ctx, keys, n) }
	}, p.h.settled)
}

// askTime states when the person came or left. It changes the timesheet, never a punch.
func (p *anomaliesPage) askTime() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(wording.Anomaly(t, p.names, &r.a.Anomaly))
	label := t.T("window.anomalies.left")
	if r.a.Rule == app.MissingIn {
		label = t.T("window.anomalies.came")
	}
	zone := p.names.Zone(r.a.SiteID)
	at := f.moment(label, 0, zone, false, "at", "to", "from", "time")
	at.Date.SetDate(anomalyDay(p.names, &r.a))
	row := f.row("at")
	inner := row.check
	row.check = func() error {
		if at.Time.Text == "" {
			return field.ErrRequired
		}
		return inner()
	}
	reason := f.choice(t.T("window.field.reason"), reasonOptions(p.h), app.ReasonCodes[0], "reason")
	note := f.lines(t.T("window.field.note"), "", "note")
	f.note(t.T("window.anomalies.time.help"))
	key := r.a.Key()
	f.foresee(p.desk, p.names, func() office.Proposal {
		return office.Proposal{Edges: []office.MissingEdge{{Key: key, At: must(at.Instant())}}}
	})
	f.show(t.T("window.anomalies.time"), t.T("window.anomalies.time"), func() func(context.Context) error {
		i, code, n := must(at.Instant()), reason.value(), note.Text
		return func(ctx context.Context) error { return p.desk.AdjustMissing(ctx, key, i, code, n) }
	}, p.h.settled)
	p.h.win.Canvas().Focus(at.Time)
}

// askPresence states a presence; the person and day of the selected anomaly are proposed.
func (p *anomaliesPage) askPresence() { askPresence(p.h, p.desk, p.names, p.proposed()) }

// askSite states hours for the people of a site; that of the selected anomaly is proposed.
func (p *anomaliesPage) askSite() { askSite(p.h, p.desk, p.names, p.proposed()) }

// proposed is what the selected anomaly says of a statement to be made.
func (p *anomaliesPage) proposed() (from stated) {
	if r, ok := p.grid.Current(); ok && p.names != nil {
		from.site, from.day = r.a.SiteID, anomalyDay(p.names, &r.a)
		if r.a.Subject.Kind == app.AboutEngagement {
			from.engagement = app.ID(r.a.Subject.ID)
		}
	}
	return from
}

// askWithdraw takes back the statement that settled an anomaly, which then opens again.
func (p *anomaliesPage) askWithdraw() {
	if r, ok := p.grid.Current(); ok && r.a.Facts["adjusted"] != "" {
		askWithdraw(p.h, p.desk, p.names, app.ID(r.a.Facts["adjusted"]), wording.Anomaly(p.h.t, p.names, &r.a.Anomaly), nil)
	}
}

// askAssign gives the unknown badges of the selected anomalies to a person, also
// back in time. Where an anomaly names known badges with the same number in
// another notation, their holder is proposed.
func (p *anomaliesPage) askAssign() {
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
	alike := strings.Fields(r.a.Facts["alike"])
	var met []office.EvidencePunch
	var engagement app.ID
	var why string
	p.h.act(func(ctx context.Context) error {
		for _, k := range keys {
			c, err := p.desk.AnomalyCard(ctx, k)
			if err != nil {
				return err
			}
			met = append(met, c.Evidence...)
		}
		workers, err := p.desk.WorkerRows(ctx)
		for _, w := range workers {
			for _, b := range w.Badges {
				if slices.Contains(alike, string(b.Identifier.ID)) {
					engagement, why = b.Custody.EngagementID, p.h.t.T("window.anomalies.alike", "Badge", wording.Badge(p.h.t, b.Identifier), "Name", w.Worker.Name())
				}
			}
		}
		return err
	}, func() { p.assignTo(r, met, engagement, why) })
}

// assignTo gives the badges that were met to a person.
func (p *anomaliesPage) assignTo(r anomalyRow, met []office.EvidencePunch, proposed app.ID, why string) {
	if len(met) == 0 {
		return
	}
	t := p.h.t
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
	f := p.h.newForm()
	f.note(lines(t.N("window.anomalies.assign.help", len(met), "Badge", strings.Join(named, ", "), "First", t.DateTime(first, zone)), why))
	person := f.pick(t.T("window.col.person"), workerOptions(t, p.names), string(proposed), "engagement", "worker")
	from := f.moment(t.T("window.field.from"), first.DateIn(zone).Start(zone), zone, true, "from")
	to := f.moment(t.T("window.field.to.optional"), 0, zone, true, "to")
	reason := f.text(t.T("window.field.why"), "", "why")
	gives := func() (list []office.GiveBadge) {
		for _, k := range badges {
			list = append(list, office.GiveBadge{Key: k, EngagementID: app.ID(person.value()), Span: app.Span{From: must(from.Instant()), To: must(to.Instant())}})
		}
		return list
	}
	f.foresee(p.desk, p.names, func() office.Proposal { return office.Proposal{Give: gives()} })
	f.show(t.T("window.anomalies.assign"), t.T("window.anomalies.assign"), func() func(context.Context) error {
		list, because := gives(), reason.Text
		return func(ctx context.Context) error { return p.desk.GiveBadges(ctx, list, because) }
	}, p.h.settled)
}

// askClock puts right the clock that an anomaly is about: its anchor is the
// first record of the segment, so that any of its punches leads there.
func (p *anomaliesPage) askClock() {
	r, ok := p.grid.Current()
	if !ok || p.names == nil {
		return
	}
	first, err := strconv.ParseUint(r.a.Facts["first"], 10, 64)
	if err != nil {
		return
	}
	askRepair(p.h, p.desk, p.names, app.RecordKey{LogKey: app.LogKey{Box: r.a.Box, Log: r.a.Facts["log"]}, Seq: first})
}

// askAlike confirms that a box shows a known badge in another notation.
func (p *anomaliesPage) askAlike() {
	if r, ok := p.grid.Current(); ok && p.names != nil {
		_, card, _ := strings.Cut(r.a.Subject.ID, ":")
		askNotation(p.h, p.desk, p.names, card)
	}
}

// askIgnore leaves out the taps that are selected on the card, or those of all
// selected anomalies where there are several.
func (p *anomaliesPage) askIgnore() {
	if rows := p.grid.Selected(); len(rows) > 1 {
		var taps []punchRow
		for _, r := range rows {
			for _, k := range r.a.Punches {
				taps = append(taps, punchRow{record: k, time: r.day, role: r.what, person: r.who, site: r.place})
			}
		}
		askIgnore(p.h, p.desk, p.names, taps)
		return
	}
	askIgnore(p.h, p.desk, p.names, p.punches.Selected())
}
