package window

import (
	"cmp"
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// ciaoPage is the way to the register: what waits, what is held and why, what was answered.
type ciaoPage struct {
	h    *host
	desk *office.Office
	load *inquiry
	list *inquiry

	send     *button
	counts   *fact
	stopped  *warning
	resume   *button
	unlock   *button
	held     *grid.Grid[heldRow]
	release  *button
	rows     *grid.Grid[registerRow]
	search   *field.Entry
	state    *choice
	decide   *button
	attempts *button
	resend   *button
	cancel   *button
	findings *button
	asked    *button // one decision about all that waits for a person
	count    *fact
	shown    app.HeldReason // the held reason that the rows are narrowed to

	closeChecks func() // of the dialog that is open
}

type heldRow struct {
	key, reason, count, oldest, help string
	h                                office.HeldCount
}

type registerRow struct {
	key, time, person, site, kind, state, answer string
	look                                         widget.Importance
	r                                            office.RegisterRow
}

// mostRegisterRows is how many rows are listed at most, the newest first.
const mostRegisterRows = 5000

func newCIAOPage(h *host, desk *office.Office) *ciaoPage {
	p := &ciaoPage{h: h, desk: desk, count: h.fact("").low()}
	t := h.t
	p.send = h.mainButton(t.T("window.ciao.send"), theme.UploadIcon(), func() { send(h, desk) })
	p.counts = h.fact("").wrapping()
	p.stopped = newWarning(widget.DangerImportance)
	p.resume = h.button(t.T("window.ciao.resume"), theme.MediaPlayIcon(), p.askResume)
	p.resume.Hide()
	p.held = newGrid(h, t.T("window.ciao.noneHeld"), func(r heldRow) string { return r.key }, []grid.Column[heldRow]{
		{Key: "reason", Title: t.T("window.ciao.heldWhy"), Width: 330, Text: func(r heldRow) string { return r.reason }},
		{Key: "count", Title: t.T("window.col.count"), Width: 66, Firm: true, Right: true, Text: func(r heldRow) string { return r.count }, Compare: func(a, b heldRow) int { return cmp.Compare(a.h.Count, b.h.Count) }},
		{Key: "oldest", Title: t.T("window.ciao.oldest"), Width: 92, Firm: true, Text: func(r heldRow) string { return r.oldest }, Compare: func(a, b heldRow) int { return cmp.Compare(a.h.Oldest, b.h.Oldest) }},
		{Key: "help", Title: t.T("window.ciao.help"), Width: 300, Text: func(r heldRow) string { return r.help }, Look: func(heldRow) widget.Importance { return widget.LowImportance }},
	})
	p.held.OnSelect = p.enableButtons
	p.held.OnOpen = p.showHeld
	p.release = h.button(t.T("window.ciao.release"), theme.MailSendIcon(), p.askRelease)
	p.rows = newGrid(h, t.T("window.ciao.noRows"), func(r registerRow) string { return r.key }, []grid.Column[registerRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r registerRow) string { return r.time }, Compare: func(a, b registerRow) int { return cmp.Compare(a.r.Registration.At, b.r.Registration.At) }},
		{Key: "kind", Title: t.T("window.col.kind"), Width: 56, Firm: true, Text: func(r registerRow) string { return r.kind }},
		{Key: "person", Title: t.T("window.col.person"), Width: 170, Text: func(r registerRow) string { return r.person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r registerRow) string { return r.site }},
		{Key: "state", Title: t.T("window.col.state"), Width: 230, Text: func(r registerRow) string { return r.state }, Look: func(r registerRow) widget.Importance { return r.look }},
		{Key: "answer", Title: t.T("window.ciao.answer"), Width: 200, Text: func(r registerRow) string { return r.answer }},
	})
	p.rows.OnSelect = p.enableButtons
	p.rows.OnOpen = func(registerRow) { p.showAttempts() }
	p.search = filterFor(h, p.rows)
	options := []option{{anything, t.T("window.ciao.anyState")}}
	for _, s := range []app.RegistrationState{app.RegHeld, app.RegQueued, app.RegSending, app.RegAccepted, app.RegRefused, app.RegUnknown, app.RegAsked, app.RegCancelled} {
		options = append(options, option{string(s), upper(wording.State(t, s))})
	}
	p.state = newChoice(options, anything)
	p.state.OnChanged = func(string) {
		p.shown = ""
		p.loadRows()
	}
	p.decide = h.button(t.T("window.ciao.decide"), theme.QuestionIcon(), p.askDecide)
	p.attempts = h.button(t.T("window.ciao.attempts"), theme.ListIcon(), p.showAttempts)
	p.resend = h.button(t.T("sending.resend"), theme.MailReplyIcon(), p.askResend)
	p.cancel = h.button(t.T("sending.cancel"), theme.CancelIcon(), p.askCancel)
	p.findings = h.button(t.T("sending.findings"), theme.WarningIcon(), p.showFindings)
	p.findings.Hide()
	p.asked = h.mainButton("", theme.QuestionIcon(), p.askDecideAll)
	p.asked.Hide()
	p.unlock = h.mainButton(t.T("window.ciao.unlock"), theme.LoginIcon(), p.askPassphrase)
	p.unlock.Hide()
	p.load, p.list = h.asks(p.counts, p.stopped, p.held), h.asks(p.rows, p.count)
	p.enableButtons()
	return p
}

func (p *ciaoPage) content() fyne.CanvasObject {
	t := p.h.t
	since := p.h.button(t.T("window.ciao.since"), theme.CalendarIcon(), p.showSince)
	credential := p.h.button(t.T("window.ciao.credential"), theme.LoginIcon(), p.askCredential)
	tryIt := p.h.button(t.T("window.ciao.test"), theme.MediaPlayIcon(), p.testConnection)
	connection := p.h.button(t.T("sending.connection"), theme.SettingsIcon(), p.askConnection)
	delays := p.h.button(t.T("sending.delays"), theme.HistoryIcon(), p.showDelays)
	checks := p.h.button(t.T("window.checks"), theme.ConfirmIcon(), p.showChecks)
	top := container.NewVBox(container.NewBorder(nil, nil, heading("CIAO"), toolbar(p.findings, p.asked, p.send, p.resume, p.unlock)), toolbar(checks, since, credential, connection, tryIt, delays), p.load.strip, p.counts.Label, p.stopped.Label)
	held := container.NewBorder(container.NewBorder(nil, nil, bold(t.T("window.ciao.held")), p.release), nil, nil, nil, p.held)
	rows := container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, container.NewHBox(bold(t.T("window.ciao.rows")), sized(200, 0, p.state)), p.count.Label, p.search), toolbar(p.attempts, p.decide, p.resend, p.cancel)),
		nil, nil, nil, p.list.above(p.rows))
	s := container.NewVSplit(held, rows)
	s.SetOffset(0.36)
	return container.NewBorder(top, nil, nil, nil, s)
}

func (p *ciaoPage) filter() *field.Entry { return p.search }
func (p *ciaoPage) narrow(string)        {}

type ciaoShown struct {
	counts  string
	stopped string
	resume  bool // sending stopped: a person may let it go on
	found   int  // findings that nobody saw to yet
	asked   int  // that wait for a person's decision
	locked  bool // the key's passphrase is needed before anything is sent
	held    []heldRow
}

func (p *ciaoPage) reload() {
	load(p.load, nil, func(ctx context.Context) (ciaoShown, error) {
		c, err := p.desk.RegisterCounts(ctx)
		if err != nil {
			return ciaoShown{}, err
		}
		a, err := p.desk.Access(ctx)
		if err != nil {
			return ciaoShown{}, err
		}
		found, err := p.desk.RegisterFindings(ctx, false)
		if err != nil {
			return ciaoShown{}, err
		}
		s := p.format(c)
		s.found = len(found)
		s.locked, s.stopped = a.Locked, lines(append(wording.Access(p.h.t, a), s.stopped)...)
		return s, nil
	}, func(s ciaoShown) {
		p.counts.SetText(s.counts)
		p.stopped.SetText(s.stopped)
		setVisible(p.resume, s.resume)
		setVisible(p.unlock, s.locked)
		p.findings.SetText(p.h.t.N("sending.findings.button", s.found))
		setVisible(p.findings, s.found > 0)
		p.asked.SetText(p.h.t.T("window.ciao.decideAll.some", "Count", p.h.t.Number(s.asked)))
		setVisible(p.asked, s.asked > 0)
		setVisible(p.cancel, p.desk.Settings().Register.Cancel)
		p.held.SetRows(s.held)
		p.enableButtons()
	})
	p.loadRows()
}

func (p *ciaoPage) format(c *office.RegisterCounts) ciaoShown {
	t, zone := p.h.t, p.h.zone
	parts := []string{t.T("window.ciao.eligible", "Count", t.Number(c.Eligible))}
	for _, s := range []app.RegistrationState{app.RegQueued, app.RegSending, app.RegAccepted, app.RegRefused, app.RegUnknown} {
		parts = append(parts, upper(wording.State(t, s))+" "+t.Number(c.States[s]-c.NeedsPersonOf[s]))
	}
	if c.NeedsPerson > 0 {
		parts = append(parts, upper(wording.State(t, app.RegAsked))+" "+t.Number(c.NeedsPerson))
	}
	s := ciaoShown{counts: strings.Join(parts, "   ·   "), stopped: lines(append([]string{wording.Stopped(t, c.Stopped)}, wording.Notices(t, c.Notices)...)...), resume: c.Stopped != "" || len(c.Notices.Parked) > 0}
	if c.NotBefore > p.h.now() {
		s.counts += "\n" + t.T("window.ciao.notBefore", "When", t.DateTime(c.NotBefore, zone))
	}
	if c.WaitingSince != 0 {
		s.counts += "\n" + t.T("window.ciao.waiting", "When", t.DateTime(c.WaitingSince, zone))
	}
	s.asked = c.NeedsPerson
	for _, x := range c.Held {
		r := heldRow{key: string(x.Reason), reason: wording.Held(t, x.Reason), count: t.Number(x.Count), oldest: t.Date(x.Oldest.DateIn(zone)), h: x}
		if x.Never {
			r.help = t.T("window.ciao.never")
		} else {
			r.help = wording.HeldHelp(t, x.Reason)
		}
		s.held = append(s.held, r)
	}
	return s
}

func (p *ciaoPage) loadRows() {
	f := office.RegisterFilter{State: app.RegistrationState(p.state.value()), Held: p.shown}
	load(p.list, f, func(ctx context.Context) ([]registerRow, error) {
		list, err := p.desk.RegisterRows(ctx, f, mostRegisterRows)
		if err != nil {
			return nil, err
		}
		names, err := p.desk.Names(ctx)
		if err != nil {
			return nil, err
		}
		return p.rowTexts(list, names), nil
	}, func(rows []registerRow) {
		p.rows.SetRows(rows)
		text := p.h.t.N("window.ciao.count", len(rows))
		if len(rows) == mostRegisterRows {
			text = p.h.t.T("window.punches.most", "Count", p.h.t.Number(len(rows)))
		}
		if p.shown != "" {
			text = wording.Held(p.h.t, p.shown) + ": " + text
		}
		p.count.SetText(text)
		p.enableButtons()
	})
}

func (p *ciaoPage) rowTexts(list []office.RegisterRow, names *office.Names) []registerRow {
	t := p.h.t
	rows := make([]registerRow, 0, len(list))
	for _, x := range list {
		g := &x.Registration
		zone := names.Zone(g.SiteID)
		r := registerRow{
			key:  g.Punch.String() + string(x.Adjustment),
			time: t.DayMonth(g.At.DateIn(zone)) + "  " + t.TimeSeconds(g.At, zone), person: names.Worker(g.WorkerID), site: names.Site(g.SiteID),
			kind: wording.RegistrationType(t, g.Type), look: stateLook(g.State), r: x,
		}
		shown := *g
		shown.Held = cmp.Or(x.Held, g.Held)
		r.state = upper(wording.Registration(t, &shown))
		r.answer = strings.Join(strings.Fields(g.Answer), " ")
		rows = append(rows, r)
	}
	return rows
}

func (p *ciaoPage) enableButtons() {
	held, isHeld := p.held.Current()
	row, isRow := p.rows.Current()
	enable(isHeld && !held.h.Never, p.release)
	enable(isRow && row.r.Registration.ID != "", p.attempts)
	enable(isRow && row.r.Registration.ID != "" && row.r.Registration.NeedsPerson, p.decide)
	enable(isRow && row.mayResend(), p.resend)
	enable(isRow && row.mayCancel(), p.cancel)
	enable(!p.h.works.has("send"), p.send)
}

// showHeld narrows the rows to those held for one reason.
func (p *ciaoPage) showHeld(r heldRow) {
	p.state.set(string(app.RegHeld)) // loads, and forgets the reason
	p.shown = r.h.Reason
	p.loadRows()
}

// askRelease releases what is held for the reasons selected: a deliberate step
// that names count and oldest date.
func (p *ciaoPage) askRelease() {
	row, ok := p.held.Current()
	if !ok || row.h.Never {
		return
	}
	reason := row.h.Reason
	type found struct {
		keys   []app.RecordKey
		oldest app.Instant
	}
	var got found
	p.h.act(func(ctx context.Context) error {
		list, err := p.desk.RegisterRows(ctx, office.RegisterFilter{Held: reason}, 0)
		for i := range list {
			if !list[i].Releasable {
				continue
			}
			got.keys = append(got.keys, list[i].Registration.Punch)
			if at := list[i].Registration.At; got.oldest == 0 || at < got.oldest {
				got.oldest = at
			}
		}
		return err
	}, func() {
		if len(got.keys) == 0 {
			p.h.tell(p.h.t.T("window.ciao.release"), lines(p.h.t.T("window.ciao.release.none"), row.help))
			return
		}
		p.confirmRelease(row, got.keys, got.oldest)
	})
}

func (p *ciaoPage) confirmRelease(row heldRow, keys []app.RecordKey, oldest app.Instant) {
	t := p.h.t
	f := p.h.newForm()
	f.note(t.N("window.ciao.release.help", len(keys), "Oldest", t.Date(oldest.DateIn(p.h.zone)), "Reason", row.reason))
	word := f.tick("", t.T("window.ciao.release.word"), false, "notRegistered")
	f.note(t.T("window.ciao.release.wordHelp"))
	why := f.text(t.T("window.field.reason"), "", "why", "reason")
	var n int
	f.show(t.T("window.ciao.release"), t.N("window.ciao.release.yes", len(keys)), func() func(context.Context) error {
		reason, given := why.Text, word.Checked
		return func(ctx context.Context) error {
			var err error
			n, err = p.desk.Release(ctx, keys, given, reason)
			return err
		}
	}, func() { p.h.say(t.N("window.ciao.released", n), widget.SuccessImportance) })
}

// askDecide asks what became of one whose fate no look-up can tell.
func (p *ciaoPage) askDecide() {
	r, ok := p.rows.Current()
	if !ok {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.ciao.decide.help", "Person", r.person, "Kind", r.kind, "Time", r.time, "Site", r.site))
	decision := p.decisions(f)
	why := f.text(t.T("window.field.reason"), "", "why", "reason")
	f.show(t.T("window.ciao.decide"), t.T("window.save"), func() func(context.Context) error {
		d, reason := ciao.PersonDecision(decision.value()), why.Text
		return func(ctx context.Context) error {
			return p.desk.Decide(ctx, r.r.Registration.ID, d, reason)
		}
	}, nil)
}

type attemptRow struct{ key, started, operation, outcome, status, problem, trace string }

func (p *ciaoPage) showAttempts() {
	r, ok := p.rows.Current()
	if !ok || r.r.Registration.ID == "" {
		return
	}
	t := p.h.t
	g := newGrid(p.h, t.T("window.ciao.noAttempts"), func(a attemptRow) string { return a.key }, []grid.Column[attemptRow]{
		{Key: "started", Title: t.T("window.col.when"), Width: 150, Firm: true, Text: func(a attemptRow) string { return a.started }},
		{Key: "operation", Title: t.T("window.col.what"), Width: 100, Text: func(a attemptRow) string { return a.operation }},
		{Key: "outcome", Title: t.T("window.ciao.outcome"), Width: 120, Text: func(a attemptRow) string { return a.outcome }},
		{Key: "status", Title: "HTTP", Width: 60, Text: func(a attemptRow) string { return a.status }},
		{Key: "problem", Title: t.T("window.ciao.problem"), Width: 260, Text: func(a attemptRow) string { return a.problem }},
		{Key: "trace", Title: t.T("window.ciao.trace"), Width: 150, Text: func(a attemptRow) string { return a.trace }},
	})
	l := p.h.asks(g)
	answer := wrapped(lines(r.state, r.r.Registration.Answer))
	answer.Selectable = true
	d := dialog.NewCustom(t.T("window.ciao.attempts.title", "Person", r.person, "Time", r.time), t.T("window.close"),
		container.NewBorder(container.New(minWidth(840), answer), nil, nil, nil, l.above(sized(860, 260, g))), p.h.win)
	p.h.show(d)
	id := r.r.Registration.ID
	load(l, nil, func(ctx context.Context) ([]attemptRow, error) {
		list, err := p.desk.Attempts(ctx, id)
		return p.attemptRows(list), err
	}, g.SetRows)
}

func (p *ciaoPage) attemptRows(list []app.Attempt) []attemptRow {
	t := p.h.t
	var rows []attemptRow
	for _, a := range list {
		r := attemptRow{key: string(a.ID), started: t.DateTimeSeconds(a.Started, p.h.zone), operation: wording.Operation(t, a.Operation), outcome: wording.Outcome(t, a.Outcome), problem: strings.TrimSpace(wording.Problem(t, a.Problem) + " " + a.Detail), trace: a.TraceID}
		if a.Status != 0 {
			r.status = t.Number(a.Status)
		}
		rows = append(rows, r)
	}
	return rows
}

// askResume lets sending go on that stopped until a person looked.
func (p *ciaoPage) askResume() {
	t := p.h.t
	f := p.h.newForm()
	f.note(p.stopped.Text)
	why := f.text(t.T("window.ciao.resume.why"), "", "why", "reason")
	var reason string
	f.show(t.T("window.ciao.resume"), t.T("window.ciao.resume"), func() func(context.Context) error {
		reason = why.Text
		return func(context.Context) error { return nil }
	}, func() {
		agreeThenSend(p.h, p.desk, func(ctx context.Context, _ progressOf) (ciao.Report, error) { return p.desk.ResumeSending(ctx, reason) })
	})
}

// showSince lists from when on the punches of each employer's staff are sent.
func (p *ciaoPage) showSince() {
	t := p.h.t
	g := newGrid(p.h, t.T("window.staff.noEmployer"), func(r employerRow) string { return r.key }, []grid.Column[employerRow]{
		{Key: "name", Title: t.T("window.col.employer"), Width: 230, Text: func(r employerRow) string { return r.name }},
		{Key: "number", Title: t.T("window.staff.enterprise"), Width: 140, Text: func(r employerRow) string { return r.number }},
		{Key: "since", Title: t.T("window.ciao.since"), Width: 64, Firm: true, Text: func(r employerRow) string { return r.since }},
	})
	l := p.h.asks(g)
	refresh := func() {
		load(l, nil, func(ctx context.Context) ([]employerRow, error) {
			list, err := p.desk.Employers(ctx)
			return employerRows(p.h, list), err
		}, g.SetRows)
	}
	set := func() {
		if r, ok := g.Current(); ok {
			p.askSince(r.e, refresh)
		}
	}
	g.OnOpen = func(employerRow) { set() }
	change := p.h.button(t.T("window.ciao.since.set"), theme.DocumentCreateIcon(), set)
	help := container.New(minWidth(620), wrapped(t.T("window.ciao.since.help")))
	d := dialog.NewCustom(t.T("window.ciao.since"), t.T("window.close"), container.NewBorder(container.NewVBox(help, container.NewHBox(change), l.strip), nil, nil, nil, sized(640, 240, g)), p.h.win)
	p.h.show(d)
	refresh()
}

func (p *ciaoPage) askSince(e app.Employer, done func()) {
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.ciao.since.help"))
	value := e.RegistersSince
	if value == 0 {
		value = p.h.today().Start(p.h.zone)
	}
	at := f.moment(t.T("window.ciao.since"), value, p.h.zone, true, "from", "registersSince")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(e.Name, t.T("window.save"), func() func(context.Context) error {
		i, reason := must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.SetRegistersSince(ctx, e.ID, i, reason) }
	}, done)
}
