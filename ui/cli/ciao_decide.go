package cli

import (
	"sort"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

// decideCommand decides about all that waits for a person.
const decideCommand = `klokkast ciao decide --all --as send|registered|drop --why TEXT --yes`

// chosen are the flags that choose registrations by person, place, employer and days.
type chosen struct {
	whose
	Employer string `placeholder:"NAME" help:"chosen_employer"`
	From     string `placeholder:"2026-11-01" help:"from"`
	To       string `placeholder:"2026-11-30" help:"to"`
}

// any says that a flag is given.
func (c *chosen) any() bool { return *c != chosen{} }

// choice returns what the flags choose.
func (c *chosen) choice(r *run, o *office.Office) (out sending.RegistrationChoice, err error) {
	days := period{From: c.From, To: c.To}
	if out.Days, err = days.days(); err != nil {
		return out, err
	}
	if out.WorkerID, out.SiteID, err = c.ids(r, o); err != nil || c.Employer == "" {
		return out, err
	}
	e, err := r.employer(o, c.Employer)
	if out.Employer = e.Enterprise; out.Employer == "" {
		out.Employer = e.ForeignVAT
	}
	return out, err
}

type ciaoReleaseCmd struct {
	chosen
	Held          string `placeholder:"REASON" required:"" help:"release_held"`
	Why           string `placeholder:"TEXT" required:"" help:"why"`
	NotRegistered bool   `name:"not-registered" help:"release_not_registered"`
	Yes           bool   `help:"release_yes"`
}

// releasedJSON is the answer of ciao release.
type releasedJSON struct {
	environmentJSON
	Reason        app.HeldReason `json:"reason"`
	Count         int            `json:"count"` // held for that reason, chosen, and free to be released
	Oldest        app.Instant    `json:"oldest,omitzero"`
	NotRegistered bool           `json:"notRegistered"` // the releaser's word
	Released      int            `json:"released"`      // 0 without --yes
	Done          bool           `json:"done"`
}

// Run releases held punches; without --yes it only shows how many and since when.
func (c *ciaoReleaseCmd) Run(r *run) error {
	if !r.knownReason(c.Held) {
		return wrong("reason", "Got", c.Held)
	}
	return r.onExisting(func(o *office.Office) error {
		keys, oldest, err := c.held(r, o)
		if err != nil {
			return err
		}
		out := releasedJSON{environmentJSON: environmentOf(o), Reason: app.HeldReason(c.Held), Count: len(keys), Oldest: oldest, NotRegistered: c.NotRegistered}
		if c.Yes && len(keys) > 0 {
			if out.Released, err = o.Register.Release(r.ctx, keys, c.NotRegistered, c.Why); err != nil {
				return err
			}
			out.Done = true
		}
		if r.json {
			return r.print(out)
		}
		r.sayReleased(out)
		return nil
	})
}

func (c *ciaoReleaseCmd) held(r *run, o *office.Office) (keys []app.RecordKey, oldest app.Instant, err error) {
	choice, err := c.choice(r, o)
	if err != nil {
		return nil, 0, err
	}
	rows, err := o.Register.Rows(r.ctx, sending.RegisterFilter{Held: app.HeldReason(c.Held)}, 0)
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		g := &rows[i].Registration
		if !rows[i].Releasable || !choice.Fits(g) {
			continue
		}
		keys = append(keys, g.Punch)
		if oldest == 0 || g.At < oldest {
			oldest = g.At
		}
	}
	sort.Slice(keys, func(a, b int) bool { return keys[a].Compare(keys[b]) < 0 })
	return keys, oldest, nil
}

func (r *run) sayReleased(s releasedJSON) {
	since := r.say.DateTime(s.Oldest, app.Belgium())
	switch {
	case s.Count == 0:
		r.line(r.t("release.none"))
	case s.Done:
		r.line(r.n("release.done", s.Released, "Since", since))
	default:
		r.line(r.n("release.would", s.Count, "Since", since))
		if !s.NotRegistered {
			r.line(r.t("release.word"))
		}
	}
}

type ciaoDecideCmd struct {
	Registration []string `arg:"" optional:"" name:"id" help:"decide_id"`
	All          bool     `help:"decide_all"`
	chosen
	State string `placeholder:"queued|unknown" enum:",queued,unknown" default:"" help:"decide_state"`
	Held  string `placeholder:"REASON" help:"decide_held"`
	As    string `placeholder:"send|registered|drop" enum:"send,registered,drop" required:"" help:"decide_as"`
	Why   string `placeholder:"TEXT" required:"" help:"why"`
	Yes   bool   `help:"decide_yes"`
}

// decidedJSON is the answer of ciao decide for registrations that are named.
type decidedJSON struct {
	environmentJSON
	Registration  app.ID              `json:"registration"` // the first
	Registrations []app.ID            `json:"registrations"`
	Decision      ciao.PersonDecision `json:"decision"`
}

// decidedAllJSON is its answer for those that are chosen.
type decidedAllJSON struct {
	environmentJSON
	Decision ciao.PersonDecision `json:"decision"`
	Count    int                 `json:"count"` // that the decision covers
	Oldest   app.Instant         `json:"oldest,omitzero"`
	Newest   app.Instant         `json:"newest,omitzero"`
	Single   int                 `json:"single"` // chosen, and to be decided one by one
	Reason   string              `json:"reason,omitempty"`
	Message  string              `json:"message,omitempty"`
	Decided  int                 `json:"decided"` // 0 without --yes
	Done     bool                `json:"done"`
}

// Run decides about registrations of which no look-up can tell whether the
// register has them: those that are named, or, after a preview, all that are chosen.
func (c *ciaoDecideCmd) Run(r *run) error {
	filtered := c.All || c.any() || c.State != "" || c.Held != ""
	switch {
	case len(c.Registration) > 0 && filtered:
		return wrong("together", "A", "ID", "B", "--all")
	case len(c.Registration) == 0 && !filtered:
		return wrong("decideWhat")
	case c.Held != "" && !r.knownReason(c.Held):
		return wrong("reason", "Got", c.Held)
	}
	return r.onExisting(func(o *office.Office) error {
		if filtered {
			return c.decideAll(r, o)
		}
		return c.decideNamed(r, o)
	})
}

func (c *ciaoDecideCmd) decideNamed(r *run, o *office.Office) error {
	d := ciao.PersonDecision(c.As)
	out := decidedJSON{environmentJSON: environmentOf(o), Registration: app.ID(c.Registration[0]), Decision: d}
	for _, id := range c.Registration {
		if err := o.Register.Decide(r.ctx, app.ID(id), d, c.Why); err != nil {
			return err
		}
		out.Registrations = append(out.Registrations, app.ID(id))
	}
	if r.json {
		return r.print(out)
	}
	r.line(r.t("decide." + c.As))
	return nil
}

func (c *ciaoDecideCmd) decideAll(r *run, o *office.Office) error {
	choice, err := c.choice(r, o)
	if err != nil {
		return err
	}
	choice.State, choice.Held = app.RegistrationState(c.State), app.HeldReason(c.Held)
	asked, err := o.Register.AskedAbout(r.ctx, choice)
	if err != nil {
		return err
	}
	out := decidedAllJSON{environmentJSON: environmentOf(o), Decision: ciao.PersonDecision(c.As), Count: len(asked.Rows),
		Oldest: asked.Oldest, Newest: asked.Newest}
	if out.Decision == ciao.DecideSend {
		out.Single = asked.Single
		out.Count -= asked.Single
	}
	if len(asked.Rows) > 0 {
		out.Reason, out.Message = asked.Why, clean(wording.Asked(r.say, len(asked.Rows), asked.Oldest, asked.Why))
	}
	if c.Yes && out.Count > 0 {
		if out.Decided, err = o.Register.DecideAll(r.ctx, choice, out.Decision, c.Why); err != nil {
			return err
		}
		out.Done = true
	}
	r.failed = out.Single > 0
	if r.json {
		return r.print(out)
	}
	r.sayDecided(out, asked, c.As)
	return nil
}

func (r *run) sayDecided(s decidedAllJSON, asked *sending.Asked, as string) {
	since := r.say.DateTime(s.Oldest, app.Belgium())
	switch {
	case len(asked.Rows) == 0:
		r.line(r.t("decide.none"))
		return
	case s.Done:
		r.line(r.n("decide.done."+as, s.Decided, "Since", since))
	case s.Count > 0:
		r.line(s.Message)
		r.line(r.n("decide.would."+as, s.Count, "Since", since))
	}
	if s.Single > 0 {
		r.line(r.n("decide.single", s.Single))
	}
}
