package cli

import (
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

type ciaoSendCmd struct {
	Wait   bool   `help:"send_wait"`
	Resume bool   `help:"send_resume"`
	Why    string `placeholder:"TEXT" help:"why"`
	DryRun bool   `name:"dry-run" help:"send_dry"`
	Yes    bool   `name:"yes" short:"y" help:"send_yes"`

	PassphraseFile string `name:"passphrase-file" placeholder:"FILE|-" help:"passphrase"`
}

// sentJSON is the answer of ciao send: the sum of all its rounds, and what is left after the last.
type sentJSON struct {
	ciao.Report
	Simulated  bool        `json:"simulated"`
	Rounds     int         `json:"rounds"`
	Left       leftJSON    `json:"left"`
	ClockOffMs int64       `json:"clockOffMs,omitempty"` // this computer behind the register
	Message    string      `json:"message,omitempty"`    // why it stopped, or waits for a person, worded
	Decide     string      `json:"decide,omitempty"`     // the command that decides about what waits for a person
	Held       int         `json:"held"`                 // that a person may release
	HeldOldest app.Instant `json:"heldOldest,omitzero"`
}

// leftJSON is what remains to be done.
type leftJSON struct {
	Queued      int         `json:"queued"`
	Unknown     int         `json:"unknown"`
	NeedsPerson int         `json:"needsPerson"`
	Oldest      app.Instant `json:"needsPersonOldest,omitzero"`
	Waiting     int         `json:"waiting"` // goes on by itself
	NextSend    app.Instant `json:"nextSend,omitzero"`
	NextLookUp  app.Instant `json:"nextLookUp,omitzero"`
	NextCheck   app.Instant `json:"nextCheck,omitzero"`
}

func leftOf(p ciao.Pending) leftJSON {
	return leftJSON{p.Queued, p.Unknown, p.NeedsPerson, p.NeedsSince, p.Waits, p.NextQueued, p.NextLookUp, p.NextCheck}
}

// waits says that something is left that the program can settle by itself:
// checks of validity go on for weeks and are not waited for.
func (l leftJSON) waits() bool { return l.Waiting > 0 }

// any says that something is left that is neither accepted nor refused.
func (l leftJSON) any() bool { return l.Queued > 0 || l.Unknown > 0 }

// Run sends what may be sent; with --wait until nothing waits any more.
func (c *ciaoSendCmd) Run(r *run) error {
	if c.Resume && c.Why == "" {
		return wrong("missingFlags", "Flag", "--why")
	}
	return r.onExisting(func(o *office.Office) error {
		if c.DryRun {
			return r.sayAhead(o)
		}
		if ok, err := r.maySend(o, c.Yes); err != nil || !ok {
			return err
		}
		if err := r.unlock(o, c.PassphraseFile); err != nil {
			return err
		}
		total, err := c.rounds(r, o)
		if err != nil {
			if total.Rounds > 0 && !r.json {
				r.saySent(total)
			}
			return err
		}
		if err := total.end(r, o); err != nil {
			return err
		}
		if r.json {
			return r.print(total)
		}
		r.saySent(total)
		return nil
	})
}

// end says how it ended: stopped, or with what waits for a person, or is held. A
// fault that was overcome is none.
func (s *sentJSON) end(r *run, o *office.Office) error {
	s.Message = clean(wording.Stopped(r.say, s.Stopped))
	if s.Left.NeedsPerson > 0 {
		s.Decide = decideCommand
		if s.Message == "" {
			s.Message = clean(wording.Asked(r.say, s.Left.NeedsPerson, s.Left.Oldest, s.AskedWhy))
		}
	}
	r.failed = s.Stopped != "" || s.Left.NeedsPerson > 0 || s.Problem != "" && s.Left.any()
	counts, err := o.Register.Counts(r.ctx)
	if err != nil {
		return err
	}
	for _, h := range counts.Held {
		if h.Releasable == 0 || h.Reason == app.HeldByPhone { // of that nothing is left to do
			continue
		}
		s.Held += h.Releasable
		if s.HeldOldest == 0 || h.Oldest < s.HeldOldest {
			s.HeldOldest = h.Oldest
		}
	}
	return nil
}

// rounds sends once, or with --wait again whenever there is something to do,
// until nothing is left that a machine can settle.
func (c *ciaoSendCmd) rounds(r *run, o *office.Office) (sentJSON, error) {
	total := sentJSON{Report: ciao.Report{Environment: o.Environment()}, Simulated: o.Environment().Simulated()}
	for {
		got, err := c.send(r, o, total.Rounds == 0)
		if err != nil {
			return total, err
		}
		total.plus(got)
		if !c.Wait || got.Stopped != "" || got.NextAt == 0 || !total.Left.waits() {
			return total, nil
		}
		if !r.json && got.NextAt.Sub(r.parts.Now()) > longWait {
			r.aside(r.t("send.next", "At", r.say.DateTimeSeconds(got.NextAt, app.Belgium())))
		}
		if err := r.sleepUntil(got.NextAt); err != nil {
			return total, err
		}
	}
}

// send makes one round; the first one lets a stopped sender go on where that is asked for.
func (c *ciaoSendCmd) send(r *run, o *office.Office, first bool) (ciao.Report, error) {
	if c.Resume && first {
		return o.Register.ResumeSending(r.ctx, c.Why)
	}
	m, show := r.progress(r.t("send.progress"))
	defer m.end()
	return o.Register.Send(r.ctx, show)
}

// plus adds a round: what was done is summed, what is left is the last round's.
func (s *sentJSON) plus(got ciao.Report) {
	s.Report = got.After(s.Report)
	s.Rounds++
	s.Left = leftOf(got.Left)
	s.ClockOffMs = got.ClockOff.Milliseconds()
}

// longWait is from when on it is said until when it waits.
const longWait = 5 * time.Second

// shortestWait keeps a register that says "now" for ever from being asked without a pause.
const shortestWait = 500 * time.Millisecond

func (r *run) sleepUntil(at app.Instant) error {
	wait := max(at.Sub(r.parts.Now()), shortestWait)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

func (r *run) saySent(s sentJSON) {
	t := newTable(r.t("col.sent"), r.t("col.count")).numbers(1)
	for _, row := range []struct {
		key   string
		count int
	}{
		{"send.accepted", s.Accepted}, {"send.adopted", s.Adopted}, {"send.refused", s.Refused},
		{"send.unknown", s.Unknown}, {"send.requeued", s.Requeued}, {"send.checked", s.Checked}, {"send.cancelled", s.Cancelled},
	} {
		if row.count > 0 || row.key == "send.accepted" {
			t.add(r.t(row.key), r.say.Number(row.count))
		}
	}
	r.table(t)
	if s.Stopped != "" {
		r.aside(wording.Stopped(r.say, s.Stopped))
	} else if s.Problem != "" && s.Left.any() {
		r.aside(r.t("send.problem", "Why", wording.Problem(r.say, s.Problem)))
	}
	for _, notice := range wording.Notices(r.say, s.Report.Notices(r.parts.Now())) {
		r.aside(notice)
	}
	if s.Refused > 0 {
		r.line(r.n("send.why", s.Refused))
	}
	if len(s.Findings) > 0 {
		r.line(r.n("send.findings", len(s.Findings)))
	}
	if s.Decide != "" {
		r.line(r.t("send.decide", "Command", s.Decide))
	}
	if s.Held > 0 {
		r.line(r.n("send.held", s.Held, "Since", r.say.DateTime(s.HeldOldest, app.Belgium())))
	}
	if s.NextAt != 0 && s.Left.waits() {
		r.line(r.t("send.next", "At", r.say.DateTimeSeconds(s.NextAt, app.Belgium())))
	}
}

type ciaoStatusCmd struct {
	Held  string `placeholder:"REASON" help:"status_held"`
	State string `placeholder:"STATE" enum:",held,queued,sending,accepted,refused,unknown,cancelled,needs-person,doubtful" default:"" help:"status_state"`
	Limit int    `placeholder:"N" default:"100" help:"limit"`

	Details bool `help:"details"`
}

// statusJSON is the answer of ciao status.
type statusJSON struct {
	environmentJSON
	outboxJSON
	Mode   ciao.Mode          `json:"mode"`
	Access accessJSON         `json:"access"`
	Rows   []registrationJSON `json:"rows"`
}

// outboxJSON is the outbox in numbers.
type outboxJSON struct {
	States         map[app.RegistrationState]int `json:"states"`
	NeedsPerson    int                           `json:"needsPerson"`
	AskedSince     app.Instant                   `json:"needsPersonOldest,omitzero"`
	AskedWhy       string                        `json:"needsPersonWhy,omitempty"`
	Decide         string                        `json:"decide,omitempty"` // the command that decides
	Held           []heldJSON                    `json:"held"`
	Eligible       int                           `json:"eligible"`
	Stopped        string                        `json:"stopped,omitempty"`
	NotBefore      app.Instant                   `json:"notBefore,omitzero"`
	WaitingSince   app.Instant                   `json:"waitingSince,omitzero"`
	Outage         app.Instant                   `json:"outage,omitzero"` // since when nothing gets through, from 15 min on
	ClockOffMs     int64                         `json:"clockOffMs,omitempty"`
	Parked         []string                      `json:"parked,omitempty"`
	NextLookUp     app.Instant                   `json:"nextLookUp,omitzero"`
	KnowsNoneSince app.Instant                   `json:"stranger,omitzero"`
	SetBack        *ciao.SetBackCounts           `json:"setBack,omitempty"`
	Earlier        int                           `json:"earlier,omitempty"` // queued by an earlier run, to be confirmed
	EarlierSince   app.Instant                   `json:"earlierSince,omitzero"`
	Doubtful       int                           `json:"doubtful"`          // accepted, and neither plainly good nor invalid after a day
	Findings       int                           `json:"findings"`          // that nobody saw to yet
	Notices        []string                      `json:"notices,omitempty"` // the same, worded
}

type heldJSON struct {
	Reason  app.HeldReason `json:"reason"`
	Never   bool           `json:"never"`
	Count   int            `json:"count"`
	Oldest  app.Instant    `json:"oldest,omitzero"`
	Message string         `json:"message"`
}

type registrationJSON struct {
	app.Registration
	SSIN          string         `json:"ssin,omitempty"` // masked, unless --reveal
	Held          app.HeldReason `json:"held,omitempty"`
	Releasable    bool           `json:"releasable"`
	Differs       []string       `json:"differs,omitempty"` // what would be otherwise if it were derived now
	Worker        string         `json:"worker,omitempty"`
	Site          string         `json:"site,omitempty"`
	UncertaintyMs int64          `json:"uncertaintyMs"`
	Message       string         `json:"message,omitempty"` // what the register said, worded
	Steps         []string       `json:"steps,omitempty"`   // what to do about it, worded
	Reasons       []ciao.Reason  `json:"reasons,omitempty"`
}

// Run shows the outbox in numbers, and rows of it where a reason or state is asked for.
func (c *ciaoStatusCmd) Run(r *run) error {
	if c.Limit < 0 {
		return wrong("limit")
	}
	if c.Held != "" && !r.knownReason(c.Held) {
		return wrong("reason", "Got", c.Held)
	}
	return r.onExisting(func(o *office.Office) error {
		counts, err := o.Register.Counts(r.ctx)
		if err != nil {
			return err
		}
		access, err := o.Connection.Access(r.ctx)
		if err != nil {
			return err
		}
		rows, err := c.rows(r, o)
		if err != nil {
			return err
		}
		mode := o.Settings().Register.SendingMode()
		if r.json {
			return r.print(statusJSON{environmentOf(o), r.outboxOf(counts), mode, r.accessOf(access), rows})
		}
		r.sayStatus(counts)
		r.line(r.say.T("sending.mode." + string(mode)))
		r.lines(wording.Addresses(r.say, access))
		r.lines(wording.Access(r.say, access))
		if c.Held != "" || c.State != "" {
			return r.registrationTable(o, rows, c.Details)
		}
		return nil
	})
}

// knownReason says that punches are held for such a reason: one that has words.
func (r *run) knownReason(reason string) bool {
	return wording.Held(r.say, app.HeldReason(reason)) != reason
}

func (c *ciaoStatusCmd) rows(r *run, o *office.Office) ([]registrationJSON, error) {
	if c.Held == "" && c.State == "" {
		return []registrationJSON{}, nil
	}
	rows, err := o.Register.Rows(r.ctx, sending.RegisterFilter{State: app.RegistrationState(c.State), Held: app.HeldReason(c.Held)}, c.Limit)
	if err != nil {
		return nil, err
	}
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return nil, err
	}
	shown := map[app.ID]string{}
	out := []registrationJSON{}
	for _, row := range rows {
		g := row.Registration
		j := registrationJSON{
			Registration: g, SSIN: g.SSIN.Masked(), Held: row.Held,
			Releasable: row.Releasable, Differs: row.Differs, Worker: names.Worker(g.WorkerID), Site: names.Site(g.SiteID),
			UncertaintyMs: g.Uncertainty.Milliseconds(),
			Message:       clean(wording.Answer(r.say, &g)), Steps: wording.AnswerSteps(r.say, &g), Reasons: ciao.Reasons(g.Answer, r.say.Language()),
		}
		if app.RegistrationState(c.State) == app.RegDoubtful && len(j.Steps) == 0 {
			j.Steps = []string{r.say.T("ciao.reason.await")}
		}
		if r.flags.Reveal && g.WorkerID != "" && j.SSIN != "" {
			if j.SSIN, err = r.revealed(o, g.WorkerID, shown); err != nil {
				return nil, err
			}
		}
		out = append(out, j)
	}
	return out, nil
}

// revealed returns a worker's number in full; the trail notes it, once a run.
func (r *run) revealed(o *office.Office, worker app.ID, shown map[app.ID]string) (string, error) {
	if s, ok := shown[worker]; ok {
		return s, nil
	}
	s, err := o.Staff.RevealSSIN(r.ctx, worker)
	shown[worker] = s
	return s, err
}

func (r *run) outboxOf(c *sending.RegisterCounts) outboxJSON {
	out := outboxJSON{
		States: map[app.RegistrationState]int{}, NeedsPerson: c.NeedsPerson, Held: []heldJSON{}, Eligible: c.Eligible,
		Stopped: c.Stopped, NotBefore: c.NotBefore, WaitingSince: c.WaitingSince,
		Outage: c.Notices.Outage, ClockOffMs: c.Notices.ClockOff.Milliseconds(), Parked: c.Notices.Parked,
		NextLookUp: c.Notices.NextLookUp, KnowsNoneSince: c.Notices.KnowsNoneSince,
		SetBack: c.Notices.SetBack, Earlier: c.Notices.Earlier, EarlierSince: c.Notices.EarlierSince, Doubtful: c.Doubtful, Findings: c.Findings,
		Notices: wording.Notices(r.say, c.Notices),
	}
	if c.NeedsPerson > 0 {
		out.AskedSince, out.AskedWhy, out.Decide = c.NeedsPersonSince, c.NeedsPersonWhy, decideCommand
	}
	for _, s := range states() {
		out.States[s] = c.States[s]
	}
	for _, h := range c.Held {
		out.Held = append(out.Held, heldJSON{h.Reason, h.Never, h.Count, h.Oldest, wording.Held(r.say, h.Reason)})
	}
	return out
}

// states lists the states in the order of a registration's life.
func states() []app.RegistrationState {
	return []app.RegistrationState{app.RegHeld, app.RegQueued, app.RegSending, app.RegAccepted, app.RegRefused, app.RegUnknown, app.RegCancelled}
}

func (r *run) sayStatus(c *sending.RegisterCounts) {
	t := newTable(r.t("col.state"), r.t("col.count")).numbers(1)
	t.add(r.t("status.eligible"), r.say.Number(c.Eligible))
	for _, s := range states()[1:] { // what is held has a table of its own, by reason
		t.add(wording.State(r.say, s), r.say.Number(c.States[s]-c.NeedsPersonOf[s]))
	}
	if c.NeedsPerson > 0 {
		t.add(wording.State(r.say, app.RegAsked), r.say.Number(c.NeedsPerson))
	}
	r.table(t)
	r.heldTable(r.t("status.held"), c.Held, false)
	r.heldTable(r.t("status.never"), c.Held, true)
	if c.WaitingSince != 0 {
		r.line("")
		r.line(r.t("status.waiting", "Since", r.say.DateTime(c.WaitingSince, app.Belgium())))
	}
	if c.NotBefore > r.parts.Now() {
		r.line(r.t("send.next", "At", r.say.DateTimeSeconds(c.NotBefore, app.Belgium())))
	}
	if c.Stopped != "" {
		r.line(wording.Stopped(r.say, c.Stopped))
	}
	r.sayNotices(c.Notices)
	r.sayLists(c)
}

// sayLists names the commands that list what a number counts, where somebody should look.
func (r *run) sayLists(c *sending.RegisterCounts) {
	if n := c.States[app.RegRefused]; n > 0 {
		r.line(r.n("status.refused", n))
	}
	if n := c.States[app.RegUnknown] - c.NeedsPersonOf[app.RegUnknown]; n > 0 {
		r.line(r.n("status.unknown", n))
	}
	if c.Doubtful > 0 {
		r.line(r.n("status.doubtful", c.Doubtful))
	}
	if c.Findings > 0 {
		r.line(r.n("send.findings", c.Findings))
	}
}

// sayNotices says what whoever sends should know, and the command that decides
// where something waits for a person.
func (r *run) sayNotices(n ciao.Notices) {
	r.lines(wording.Notices(r.say, n))
	if n.Asked > 0 {
		r.line(r.t("send.decide", "Command", decideCommand))
	}
}

func (r *run) heldTable(title string, all []sending.HeldCount, never bool) {
	t := newTable(title, r.t("col.count"), r.t("col.oldest"), r.t("col.code")).numbers(1)
	for _, h := range all {
		if h.Never == never {
			t.add(wording.Held(r.say, h.Reason), r.say.Number(h.Count), r.say.DateTime(h.Oldest, app.Belgium()), string(h.Reason))
		}
	}
	if len(t.rows) > 0 {
		r.line("")
		r.table(t)
	}
}

// registrationTable lists registrations, with what the register said of them and below it, once, what to do; with details
// also its codes and its answers as they came.
func (r *run) registrationTable(o *office.Office, rows []registrationJSON, details bool) error {
	names, err := o.Derived.Names(r.ctx)
	if err != nil {
		return err
	}
	r.line("")
	if len(rows) == 0 {
		r.line(r.t("status.none"))
		return nil
	}
	said := slices.ContainsFunc(rows, func(j registrationJSON) bool { return j.Message != "" })
	head := []string{r.t("col.time"), r.t("col.type"), r.t("col.worker"), r.t("col.ssin"), r.t("col.site"), r.t("col.state")}
	if said {
		head = append(head, r.t("col.answer"))
	}
	t := newTable(append(head, r.t("col.id"))...)
	for i := range rows {
		g := rows[i].Registration
		if g.Held == "" {
			g.Held = rows[i].Held
		}
		if g.State == "" {
			g.State = app.RegHeld
		}
		line := []string{r.say.DateTimeSeconds(g.At, names.Zone(g.SiteID)), wording.RegistrationType(r.say, g.Type),
			rows[i].Worker, rows[i].SSIN, rows[i].Site, wording.Registration(r.say, &g)}
		if said {
			line = append(line, rows[i].Message)
		}
		t.add(append(line, string(g.ID))...)
	}
	r.table(t)
	r.saySteps(rows)
	if details {
		r.sayDetails(rows)
	}
	return nil
}

// saySteps says once each what to do about what the register said.
func (r *run) saySteps(rows []registrationJSON) {
	var steps []string
	for i := range rows {
		for _, step := range rows[i].Steps {
			if !slices.Contains(steps, step) {
				steps = append(steps, step)
			}
		}
	}
	if len(steps) == 0 {
		return
	}
	r.line("")
	r.line(r.say.T("ciao.reason.steps"))
	for _, step := range steps {
		r.line("- " + step)
	}
}

// sayDetails gives the register's codes and its answers as they came.
func (r *run) sayDetails(rows []registrationJSON) {
	for i := range rows {
		details := wording.AnswerDetails(r.say, &rows[i].Registration)
		if len(details) == 0 {
			continue
		}
		r.line("")
		r.line(string(rows[i].ID) + ":")
		for _, line := range details {
			r.line("  " + clean(line))
		}
	}
}
