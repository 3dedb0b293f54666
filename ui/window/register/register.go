package register

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
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen is the way to the register: what waits, what is held and why, what was answered.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry
	list *kit.Inquiry

	send     *kit.Button
	counts   *kit.Fact
	stopped  *kit.Warning
	resume   *kit.Button
	unlock   *kit.Button
	held     *grid.Grid[heldRow]
	release  *kit.Button
	rows     *grid.Grid[registerRow]
	search   *field.Entry
	state    *kit.Choice
	decide   *kit.Button
	attempts *kit.Button
	resend   *kit.Button
	cancel   *kit.Button
	findings *kit.Button
	asked    *kit.Button // one decision about all that waits for a person
	count    *kit.Fact
	shown    app.HeldReason // the held reason that the rows are narrowed to

	closeChecks func()  // of the dialog that is open
	phones      *phones // the dialog about phones while it is open; else nil
}

type heldRow struct {
	key, reason, count, oldest, help string
	h                                sending.HeldCount
}

type registerRow struct {
	key, time, person, site, kind, state, answer string
	look                                         widget.Importance
	r                                            sending.RegisterRow
}

// mostRegisterRows is how many rows are listed at most, the newest first.
const mostRegisterRows = 5000

// New makes the screen of the way to the register on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, count: h.Fact("").Low()}
	t := h.Texts
	p.send = h.MainButton(t.T("window.ciao.send"), theme.UploadIcon(), func() { kit.Send(h, desk) })
	p.counts = h.Fact("").Wrap()
	p.stopped = kit.NewWarning(widget.DangerImportance)
	p.resume = h.Button(t.T("window.ciao.resume"), theme.MediaPlayIcon(), p.askResume)
	p.resume.Hide()
	p.held = kit.NewGrid(h, t.T("window.ciao.noneHeld"), func(r heldRow) string { return r.key }, []grid.Column[heldRow]{
		{Key: "reason", Title: t.T("window.ciao.heldWhy"), Width: 330, Text: func(r heldRow) string { return r.reason }},
		{Key: "count", Title: t.T("window.col.count"), Width: 66, Firm: true, Right: true,
			Text: func(r heldRow) string { return r.count }, Compare: func(a, b heldRow) int { return cmp.Compare(a.h.Count, b.h.Count) }},
		{Key: "oldest", Title: t.T("window.ciao.oldest"), Width: 92, Firm: true, Text: func(r heldRow) string { return r.oldest },
			Compare: func(a, b heldRow) int { return cmp.Compare(a.h.Oldest, b.h.Oldest) }},
		{Key: "help", Title: t.T("window.ciao.help"), Width: 300, Text: func(r heldRow) string { return r.help },
			Look: func(heldRow) widget.Importance { return widget.LowImportance }},
	})
	p.held.OnSelect = p.enableButtons
	p.held.OnOpen = p.showHeld
	p.release = h.Button(t.T("window.ciao.release"), theme.MailSendIcon(), p.askRelease)
	p.rows = kit.NewGrid(h, t.T("window.ciao.noRows"), func(r registerRow) string { return r.key }, []grid.Column[registerRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 158, Firm: true, Text: func(r registerRow) string { return r.time },
			Compare: func(a, b registerRow) int { return cmp.Compare(a.r.Registration.At, b.r.Registration.At) }},
		{Key: "kind", Title: t.T("window.col.kind"), Width: 56, Firm: true, Text: func(r registerRow) string { return r.kind }},
		{Key: "person", Title: t.T("window.col.person"), Width: 170, Text: func(r registerRow) string { return r.person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r registerRow) string { return r.site }},
		{Key: "state", Title: t.T("window.col.state"), Width: 230, Text: func(r registerRow) string { return r.state },
			Look: func(r registerRow) widget.Importance { return r.look }},
		{Key: "answer", Title: t.T("window.ciao.answer"), Width: 300, Text: func(r registerRow) string { return r.answer }},
	})
	p.rows.OnSelect = p.enableButtons
	p.rows.OnOpen = func(registerRow) { p.showAttempts() }
	p.search = kit.FilterFor(h, p.rows)
	options := []kit.Option{{Value: kit.Anything, Text: t.T("window.ciao.anyState")}}
	for _, s := range []app.RegistrationState{app.RegHeld, app.RegQueued, app.RegSending,
		app.RegAccepted, app.RegRefused, app.RegUnknown, app.RegAsked, app.RegDoubtful, app.RegCancelled} {
		options = append(options, kit.Option{Value: string(s), Text: kit.Upper(wording.State(t, s))})
	}
	p.state = kit.NewChoice(options, kit.Anything)
	p.state.OnChanged = func(string) {
		p.shown = ""
		p.loadRows()
	}
	p.decide = h.Button(t.T("window.ciao.decide"), theme.QuestionIcon(), p.askDecide)
	p.attempts = h.Button(t.T("window.ciao.attempts"), theme.ListIcon(), p.showAttempts)
	p.resend = h.Button(t.T("sending.resend"), theme.MailReplyIcon(), p.askResend)
	p.cancel = h.Button(t.T("sending.cancel"), theme.CancelIcon(), p.askCancel)
	p.findings = h.Button(t.T("sending.findings"), theme.WarningIcon(), p.showFindings)
	p.findings.Hide()
	p.asked = h.MainButton("", theme.QuestionIcon(), p.askDecideAll)
	p.asked.Hide()
	p.unlock = h.MainButton(t.T("window.ciao.unlock"), theme.LoginIcon(), p.askPassphrase)
	p.unlock.Hide()
	p.load, p.list = h.Asks(p.counts, p.stopped, p.held), h.Asks(p.rows, p.count)
	p.enableButtons()
	return p
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	t := p.h.Texts
	since := p.h.Button(t.T("window.ciao.since"), theme.CalendarIcon(), p.showSince)
	credential := p.h.Button(t.T("window.ciao.credential"), theme.LoginIcon(), p.askCredential)
	tryIt := p.h.Button(t.T("window.ciao.test"), theme.MediaPlayIcon(), p.testConnection)
	connection := p.h.Button(t.T("sending.connection"), theme.SettingsIcon(), p.askConnection)
	delays := p.h.Button(t.T("sending.delays"), theme.HistoryIcon(), p.showDelays)
	byPhone := p.h.Button(t.T("window.phones"), theme.AccountIcon(), p.showPhones)
	checks := p.h.Button(t.T("window.checks"), theme.ConfirmIcon(), p.showChecks)
	top := container.NewVBox(container.NewBorder(nil, nil, kit.Heading("CIAO"), kit.Toolbar(p.findings, p.asked, p.send, p.resume, p.unlock)),
		kit.Toolbar(checks, byPhone, since, credential, connection, tryIt, delays), p.load.Strip, p.counts.Label, p.stopped.Label)
	held := container.NewBorder(container.NewBorder(nil, nil, kit.Bold(t.T("window.ciao.held")), p.release), nil, nil, nil, p.held)
	rows := container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, container.NewHBox(kit.Bold(t.T("window.ciao.rows")), kit.Sized(200, 0, p.state)),
			p.count.Label, p.search), kit.Toolbar(p.attempts, p.decide, p.resend, p.cancel)),
		nil, nil, nil, p.list.Above(p.rows))
	s := container.NewVSplit(held, rows)
	s.SetOffset(0.36)
	return container.NewBorder(top, nil, nil, nil, s)
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return p.search }

// Narrow shows only what another screen leads to.
func (p *Screen) Narrow(string) {}

type ciaoShown struct {
	counts  string
	stopped string
	resume  bool // sending stopped: a person may let it go on
	found   int  // findings that nobody saw to yet
	asked   int  // that wait for a person's decision
	locked  bool // the key's passphrase is needed before anything is sent
	held    []heldRow
}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	if p.phones != nil {
		p.phones.refresh()
	}
	kit.Load(p.load, nil, func(ctx context.Context) (ciaoShown, error) {
		c, err := p.desk.Register.Counts(ctx)
		if err != nil {
			return ciaoShown{}, err
		}
		a, err := p.desk.Connection.Access(ctx)
		if err != nil {
			return ciaoShown{}, err
		}
		found, err := p.desk.Register.Findings(ctx, false)
		if err != nil {
			return ciaoShown{}, err
		}
		s := p.format(c)
		s.found = len(found)
		s.locked, s.stopped = a.Locked, kit.Lines(append(wording.Access(p.h.Texts, a), s.stopped)...)
		return s, nil
	}, func(s ciaoShown) {
		p.counts.SetText(s.counts)
		p.stopped.SetText(s.stopped)
		kit.SetVisible(p.resume, s.resume)
		kit.SetVisible(p.unlock, s.locked)
		p.findings.SetText(p.h.Texts.N("sending.findings.button", s.found))
		kit.SetVisible(p.findings, s.found > 0)
		p.asked.SetText(p.h.Texts.T("window.ciao.decideAll.some", "Count", p.h.Texts.Number(s.asked)))
		kit.SetVisible(p.asked, s.asked > 0)
		kit.SetVisible(p.cancel, p.desk.Settings().Register.Cancel)
		p.held.SetRows(s.held)
		p.enableButtons()
	})
	p.loadRows()
}

func (p *Screen) format(c *sending.RegisterCounts) ciaoShown {
	t, zone := p.h.Texts, p.h.Zone
	parts := []string{t.T("window.ciao.eligible", "Count", t.Number(c.Eligible))}
	for _, s := range []app.RegistrationState{app.RegQueued, app.RegSending, app.RegAccepted, app.RegRefused, app.RegUnknown} {
		parts = append(parts, kit.Upper(wording.State(t, s))+" "+t.Number(c.States[s]-c.NeedsPersonOf[s]))
	}
	if c.NeedsPerson > 0 {
		parts = append(parts, kit.Upper(wording.State(t, app.RegAsked))+" "+t.Number(c.NeedsPerson))
	}
	s := ciaoShown{counts: strings.Join(parts, "   ·   "), stopped: kit.Lines(append([]string{wording.Stopped(t, c.Stopped)},
		wording.Notices(t, c.Notices)...)...), resume: c.Stopped != "" || len(c.Notices.Parked) > 0}
	if c.NotBefore > p.h.Now() {
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

func (p *Screen) loadRows() {
	f := sending.RegisterFilter{State: app.RegistrationState(p.state.Value()), Held: p.shown}
	kit.Load(p.list, f, func(ctx context.Context) ([]registerRow, error) {
		list, err := p.desk.Register.Rows(ctx, f, mostRegisterRows)
		if err != nil {
			return nil, err
		}
		names, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return nil, err
		}
		return p.rowTexts(list, names), nil
	}, func(rows []registerRow) {
		p.rows.SetRows(rows)
		text := p.h.Texts.N("window.ciao.count", len(rows))
		if len(rows) == mostRegisterRows {
			text = p.h.Texts.T("window.punches.most", "Count", p.h.Texts.Number(len(rows)))
		}
		if p.shown != "" {
			text = wording.Held(p.h.Texts, p.shown) + ": " + text
		}
		p.count.SetText(text)
		p.enableButtons()
	})
}

func (p *Screen) rowTexts(list []sending.RegisterRow, names *derived.Names) []registerRow {
	t := p.h.Texts
	rows := make([]registerRow, 0, len(list))
	for _, x := range list {
		g := &x.Registration
		zone := names.Zone(g.SiteID)
		r := registerRow{
			key:  g.Punch.String() + string(x.Adjustment),
			time: t.DayMonth(g.At.DateIn(zone)) + "  " + t.TimeSeconds(g.At, zone), person: names.Worker(g.WorkerID), site: names.Site(g.SiteID),
			kind: wording.RegistrationType(t, g.Type), look: kit.StateLook(g.State), r: x,
		}
		shown := *g
		shown.Held = cmp.Or(x.Held, g.Held)
		r.state = kit.Upper(wording.Registration(t, &shown))
		r.answer = kit.Upper(wording.AnswerAndSteps(t, g))
		rows = append(rows, r)
	}
	return rows
}

func (p *Screen) enableButtons() {
	held, isHeld := p.held.Current()
	row, isRow := p.rows.Current()
	kit.Enable(isHeld && !held.h.Never, p.release)
	kit.Enable(isRow && row.r.Registration.ID != "", p.attempts)
	kit.Enable(isRow && row.r.Registration.ID != "" && row.r.Registration.NeedsPerson, p.decide)
	kit.Enable(isRow && row.mayResend(), p.resend)
	kit.Enable(isRow && row.mayCancel(), p.cancel)
	kit.Enable(!p.h.Works.Has("send"), p.send)
}

// showHeld narrows the rows to those held for one reason.
func (p *Screen) showHeld(r heldRow) {
	p.state.Set(string(app.RegHeld)) // loads, and forgets the reason
	p.shown = r.h.Reason
	p.loadRows()
}

// askRelease releases what is held for the reasons selected: a deliberate step
// that names count and oldest date.
func (p *Screen) askRelease() {
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
	p.h.Act(func(ctx context.Context) error {
		list, err := p.desk.Register.Rows(ctx, sending.RegisterFilter{Held: reason}, 0)
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
			p.h.Tell(p.h.Texts.T("window.ciao.release"), kit.Lines(p.h.Texts.T("window.ciao.release.none"), row.help))
			return
		}
		p.confirmRelease(row, got.keys, got.oldest)
	})
}

func (p *Screen) confirmRelease(row heldRow, keys []app.RecordKey, oldest app.Instant) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.N("window.ciao.release.help", len(keys), "Oldest", t.Date(oldest.DateIn(p.h.Zone)), "Reason", row.reason))
	word := f.Tick("", t.T("window.ciao.release.word"), false, "notRegistered")
	f.Note(t.T("window.ciao.release.wordHelp"))
	why := f.Text(t.T("window.field.reason"), "", "why", "reason")
	var n int
	f.Show(t.T("window.ciao.release"), t.N("window.ciao.release.yes", len(keys)), func() func(context.Context) error {
		reason, given := why.Text, word.Checked
		return func(ctx context.Context) error {
			var err error
			n, err = p.desk.Register.Release(ctx, keys, given, reason)
			return err
		}
	}, func() { p.h.Say(t.N("window.ciao.released", n), widget.SuccessImportance) })
}

// askDecide asks what became of one whose fate no look-up can tell.
func (p *Screen) askDecide() {
	r, ok := p.rows.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.ciao.decide.help", "Person", r.person, "Kind", r.kind, "Time", r.time, "Site", r.site))
	decision := p.decisions(f)
	why := f.Text(t.T("window.field.reason"), "", "why", "reason")
	f.Show(t.T("window.ciao.decide"), t.T("window.save"), func() func(context.Context) error {
		d, reason := ciao.PersonDecision(decision.Value()), why.Text
		return func(ctx context.Context) error {
			return p.desk.Register.Decide(ctx, r.r.Registration.ID, d, reason)
		}
	}, nil)
}

type attemptRow struct{ key, started, operation, outcome, status, problem, trace, detail string }

func (p *Screen) showAttempts() {
	r, ok := p.rows.Current()
	if !ok || r.r.Registration.ID == "" {
		return
	}
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("window.ciao.noAttempts"), func(a attemptRow) string { return a.key }, []grid.Column[attemptRow]{
		{Key: "started", Title: t.T("window.col.when"), Width: 150, Firm: true, Text: func(a attemptRow) string { return a.started }},
		{Key: "operation", Title: t.T("window.col.what"), Width: 100, Text: func(a attemptRow) string { return a.operation }},
		{Key: "outcome", Title: t.T("window.ciao.outcome"), Width: 120, Text: func(a attemptRow) string { return a.outcome }},
		{Key: "status", Title: "HTTP", Width: 60, Text: func(a attemptRow) string { return a.status }},
		{Key: "problem", Title: t.T("window.ciao.problem"), Width: 260, Text: func(a attemptRow) string { return a.problem }},
		{Key: "trace", Title: t.T("window.ciao.trace"), Width: 150, Text: func(a attemptRow) string { return a.trace }},
	})
	l := p.h.Asks(g)
	answer := kit.Wrapped(kit.Lines(append([]string{r.state, kit.Upper(wording.Answer(t, &r.r.Registration))},
		wording.AnswerSteps(t, &r.r.Registration)...)...))
	answer.Selectable = true
	// Its code, its answer as it came and what engineers were told, for whoever asks for them.
	lines := wording.AnswerDetails(t, &r.r.Registration)
	details := kit.Wrapped(kit.Lines(lines...))
	details.Selectable = true
	folded := widget.NewAccordion(widget.NewAccordionItem(t.T("ciao.reason.details"), details))
	kit.SetVisible(folded, len(lines) > 0)
	above := container.NewVBox(container.New(kit.MinWidth(840), answer), folded)
	d := dialog.NewCustom(t.T("window.ciao.attempts.title", "Person", r.person, "Time", r.time), t.T("window.close"),
		container.NewBorder(above, nil, nil, nil, l.Above(kit.Sized(860, 260, g))), p.h.Window)
	p.h.Show(d)
	id := r.r.Registration.ID
	kit.Load(l, nil, func(ctx context.Context) ([]attemptRow, error) {
		list, err := p.desk.Register.Attempts(ctx, id)
		return p.attemptRows(list), err
	}, func(rows []attemptRow) {
		g.SetRows(rows)
		for _, a := range rows {
			if a.detail != "" {
				lines = append(lines, a.started+": "+a.detail)
			}
		}
		details.SetText(kit.Lines(lines...))
		kit.SetVisible(folded, len(lines) > 0)
	})
}

func (p *Screen) attemptRows(list []app.Attempt) []attemptRow {
	t := p.h.Texts
	var rows []attemptRow
	for _, a := range list {
		r := attemptRow{key: string(a.ID), started: t.DateTimeSeconds(a.Started, p.h.Zone), operation: wording.Operation(t, a.Operation),
			outcome: wording.Outcome(t, a.Outcome), problem: wording.Problem(t, a.Problem), trace: a.TraceID, detail: a.Detail}
		if a.Status != 0 {
			r.status = t.Number(a.Status)
		}
		rows = append(rows, r)
	}
	return rows
}

// askResume lets sending go on that stopped until a person looked.
func (p *Screen) askResume() {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(p.stopped.Text)
	why := f.Text(t.T("window.ciao.resume.why"), "", "why", "reason")
	var reason string
	f.Show(t.T("window.ciao.resume"), t.T("window.ciao.resume"), func() func(context.Context) error {
		reason = why.Text
		return func(context.Context) error { return nil }
	}, func() {
		kit.AgreeThenSend(p.h, p.desk, func(ctx context.Context, _ kit.Progress) (ciao.Report, error) {
			return p.desk.Register.ResumeSending(ctx, reason)
		})
	})
}

// showSince lists from when on the punches of each employer's staff are sent.
func (p *Screen) showSince() {
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("window.staff.noEmployer"), func(r kit.EmployerRow) string { return r.Key }, []grid.Column[kit.EmployerRow]{
		{Key: "name", Title: t.T("window.col.employer"), Width: 230, Text: func(r kit.EmployerRow) string { return r.Name }},
		{Key: "number", Title: t.T("window.staff.enterprise"), Width: 140, Text: func(r kit.EmployerRow) string { return r.Number }},
		{Key: "since", Title: t.T("window.ciao.since"), Width: 64, Firm: true, Text: func(r kit.EmployerRow) string { return r.Since }},
	})
	l := p.h.Asks(g)
	refresh := func() {
		kit.Load(l, nil, func(ctx context.Context) ([]kit.EmployerRow, error) {
			list, err := p.desk.Staff.Employers(ctx)
			return kit.EmployerRows(p.h, list), err
		}, g.SetRows)
	}
	set := func() {
		if r, ok := g.Current(); ok {
			p.askSince(r.Employer, refresh)
		}
	}
	g.OnOpen = func(kit.EmployerRow) { set() }
	change := p.h.Button(t.T("window.ciao.since.set"), theme.DocumentCreateIcon(), set)
	help := container.New(kit.MinWidth(620), kit.Wrapped(t.T("window.ciao.since.help")))
	d := dialog.NewCustom(t.T("window.ciao.since"), t.T("window.close"),
		container.NewBorder(container.NewVBox(help, container.NewHBox(change), l.Strip), nil, nil, nil, kit.Sized(640, 240, g)), p.h.Window)
	p.h.Show(d)
	refresh()
}

func (p *Screen) askSince(e app.Employer, done func()) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.ciao.since.help"))
	value := e.RegistersSince
	if value == 0 {
		value = p.h.Today().Start(p.h.Zone)
	}
	at := f.Moment(t.T("window.ciao.since"), value, p.h.Zone, true, "from", "registersSince")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(e.Name, t.T("window.save"), func() func(context.Context) error {
		i, reason := kit.Must(at.Instant()), why.Text
		return func(ctx context.Context) error { return p.desk.Staff.SetRegistersSince(ctx, e.ID, i, reason) }
	}, done)
}
