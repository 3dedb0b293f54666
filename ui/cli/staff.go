package cli

import (
	"cmp"
	"errors"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// workerFlags are what a person is entered by; a flag that is not given changes nothing.
type workerFlags struct {
	FamilyName  *string `placeholder:"NAME" help:"family_name"`
	GivenName   *string `placeholder:"NAME" help:"given_name"`
	StaffNumber *string `placeholder:"NUMBER" help:"staff_number"`
	SSIN        *string `name:"ssin" placeholder:"NUMBER|-" help:"ssin"`
	Limosa      *string `placeholder:"NUMBER|-" help:"limosa"`
	LimosaFrom  *string `placeholder:"2026-11-01" help:"limosa_from"`
	LimosaTo    *string `placeholder:"2026-11-30" help:"limosa_to"`
	Paper       *string `placeholder:"nl|fr|de|en" help:"paper"`
	reason
}

func (c *workerFlags) apply(r *run, w *app.Worker) error {
	set(&w.FamilyName, c.FamilyName)
	set(&w.GivenName, c.GivenName)
	set(&w.StaffNumber, c.StaffNumber)
	set(&w.Language, c.Paper)
	return errors.Join(
		setDaysAs(&w.LimosaDays, "--limosa-from", c.LimosaFrom, "--limosa-to", c.LimosaTo),
		r.setSecret(&w.SSIN, c.SSIN), r.setSecret(&w.Limosa, c.Limosa),
	)
}

type workerAddCmd struct{ workerFlags }

// Run enters a person.
func (c *workerAddCmd) Run(r *run) error {
	return r.withOffice(func(o *office.Office) error { return c.save(r, o, app.Worker{}) })
}

type workerChangeCmd struct {
	Worker string `arg:"" help:"worker"`
	workerFlags
}

// Run changes what flags are given for.
func (c *workerChangeCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		w, err := r.worker(o, c.Worker)
		if err != nil {
			return err
		}
		return c.save(r, o, w.Worker)
	})
}

func (c *workerFlags) save(r *run, o *office.Office, w app.Worker) error {
	if err := c.apply(r, &w); err != nil {
		return err
	}
	w, err := o.Staff.SaveWorker(r.ctx, w, c.Why)
	if err != nil {
		return err
	}
	return r.kept(o, "worker", w.Name(), w.ID)
}

type workerEndCmd struct {
	Worker string `arg:"" help:"worker"`
	Last   string `placeholder:"2026-11-30" help:"last_day"`
	reason
}

// Run ends a person after a last day, with engagements and badges.
func (c *workerEndCmd) Run(r *run) error {
	last, err := parseDate("--last", c.Last)
	if err != nil {
		return err
	}
	return r.onExisting(func(o *office.Office) error {
		last := cmp.Or(last, r.today())
		w, err := r.worker(o, c.Worker)
		if err != nil {
			return err
		}
		if err := o.Staff.EndWorker(r.ctx, w.Worker.ID, last, c.Why); err != nil {
			return err
		}
		return r.ended(o, "worker", w.Worker.Name(), r.say.Date(last), w.Worker.ID)
	})
}

// engagementFlags are what an engagement is entered by.
type engagementFlags struct {
	Employer    *string `placeholder:"NAME" help:"since_employer"`
	Capacity    *string `placeholder:"employee|self-employed|temporary|trainee" enum:"employee,self-employed,temporary,trainee" help:"capacity"`
	From        *string `placeholder:"2026-11-01" help:"first_day"`
	To          *string `placeholder:"2026-11-30" help:"last_day_open"`
	WeeklyHours *string `placeholder:"38" help:"weekly_hours"`
	Rounding    *int    `placeholder:"0|5|15" help:"rounding"`
	Mode        *string `placeholder:"nearest|up|down" enum:"nearest,up,down" help:"rounding_mode"`
	Default     *bool   `negatable:"" help:"default_engagement"`
	thresholdFlags
	reason
}

func (c *engagementFlags) apply(r *run, o *office.Office, e *app.Engagement) error {
	set(&e.Capacity, c.Capacity)
	if c.Default != nil {
		e.Default = *c.Default
	}
	if c.Employer != nil {
		employer, err := r.employer(o, *c.Employer)
		if err != nil {
			return err
		}
		e.EmployerID = employer.ID
	}
	return errors.Join(
		setDays(&e.Days, c.From, c.To),
		setWeeklyHours(&e.WeeklyHours, c.WeeklyHours),
		c.round(&e.Rounding),
		c.thresholdFlags.apply(&e.Thresholds),
	)
}

// round changes the rounding; one without a direction goes to the nearest.
func (c *engagementFlags) round(to *app.Rounding) error {
	if c.Rounding != nil {
		switch to.Minutes = *c.Rounding; to.Minutes {
		case 0, 5, 15:
		default:
			return wrong("rounding", "Got", *c.Rounding)
		}
	}
	set(&to.Mode, c.Mode)
	switch {
	case to.Minutes == 0:
		to.Mode = ""
	case to.Mode == "":
		to.Mode = app.RoundNearest
	}
	return nil
}

func setWeeklyHours(to *app.WeeklyHours, given *string) error {
	if given == nil {
		return nil
	}
	w, err := app.ParseWeeklyHours(*given)
	if err == nil {
		*to = w
	}
	return err
}

type engagementAddCmd struct {
	Worker string `placeholder:"NAME" required:"" help:"worker"`
	engagementFlags
}

// Run ties a person to an employer; from today on unless --from is given. The
// first engagement of a person is the default one.
func (c *engagementAddCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		w, err := r.worker(o, c.Worker)
		if err != nil {
			return err
		}
		e := app.Engagement{WorkerID: w.Worker.ID, Days: app.Days{From: r.today()}, Default: len(w.Engagements) == 0}
		return c.save(r, o, e, w.Worker.Name())
	})
}

type engagementChangeCmd struct {
	ID string `arg:"" help:"engagement_id"`
	engagementFlags
}

// Run changes what flags are given for.
func (c *engagementChangeCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		rows, err := o.Staff.Rows(r.ctx)
		if err != nil {
			return err
		}
		for _, w := range rows {
			for _, e := range w.Engagements {
				if string(e.ID) == c.ID {
					return c.save(r, o, e, w.Worker.Name())
				}
			}
		}
		return app.NotFound("engagement", c.ID)
	})
}

func (c *engagementFlags) save(r *run, o *office.Office, e app.Engagement, worker string) error {
	if err := c.apply(r, o, &e); err != nil {
		return err
	}
	e, err := o.Staff.SaveEngagement(r.ctx, e, c.Why)
	if err != nil {
		return err
	}
	return r.kept(o, "engagement", worker, e.ID)
}

// engaged are the flags that choose a person as someone's employee.
type engaged struct {
	Worker   string `placeholder:"NAME" required:"" help:"worker"`
	Employer string `placeholder:"NAME" help:"of_employer"`
}

func (c *engaged) find(r *run, o *office.Office, day app.Date) (acts.WorkerRow, app.Engagement, error) {
	w, err := r.worker(o, c.Worker)
	if err != nil {
		return w, app.Engagement{}, err
	}
	e, err := r.engagement(o, w, c.Employer, day)
	return w, e, err
}

// engagement returns the engagement of a worker that is meant for a day: of the
// employer named, else the only one of that day, else the default one.
func (r *run) engagement(o *office.Office, w acts.WorkerRow, employer string, day app.Date) (app.Engagement, error) {
	var of app.ID
	if employer != "" {
		e, err := r.employer(o, employer)
		if err != nil {
			return app.Engagement{}, err
		}
		of = e.ID
	}
	var fit, standard []app.Engagement
	for _, e := range w.Engagements {
		if !e.Days.Holds(day) || of != "" && e.EmployerID != of {
			continue
		}
		fit = append(fit, e)
		if e.Default {
			standard = append(standard, e)
		}
	}
	switch {
	case len(fit) == 0:
		return app.Engagement{}, failure("noEngagement", "Worker", w.Worker.Name(), "Day", day)
	case len(fit) == 1:
		return fit[0], nil
	case len(standard) == 1:
		return standard[0], nil
	}
	return app.Engagement{}, wrong("whichEngagement", "Worker", w.Worker.Name(), "Count", len(fit))
}

type badgeGiveCmd struct {
	Badge string `arg:"" optional:"" help:"badge"`
	Read  bool   `help:"give_read"`
	reader
	engaged
	From  string `placeholder:"\"2026-11-23 06:00\"" help:"badge_from"`
	To    string `placeholder:"\"2026-11-30 18:00\"" help:"badge_to"`
	Label string `placeholder:"TEXT" help:"badge_label"`
	pin
	reason
	looking
}

// pin says that a badge's value is a PIN.
type pin struct {
	PIN   bool   `name:"pin" help:"pin"`
	Group string `placeholder:"NAME" help:"pin_group"`
}

func (p *pin) key(value string) app.IdentifierKey {
	if p.PIN {
		return app.IdentifierKey{Kind: app.PIN, Group: p.Group, Value: value}
	}
	return app.IdentifierKey{Kind: app.Card, Value: value}
}

// Run hands a badge to a person; whoever held it in that time does no more.
func (c *badgeGiveCmd) Run(r *run) error {
	switch {
	case c.Read && (c.Badge != "" || c.PIN):
		return wrong("together", "A", "--read", "B", "BADGE, --pin")
	case !c.Read && c.Badge == "":
		return wrong("badgeOrRead")
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		zone := app.Belgium()
		span, err := r.span(c.From, c.To, zone)
		if err != nil {
			return err
		}
		w, e, err := c.find(r, o, span.From.DateIn(zone))
		if err != nil {
			return err
		}
		if c.Read {
			if c.Badge, err = c.badge(r, o); err != nil {
				return err
			}
		}
		g := acts.GiveBadge{Key: c.key(c.Badge), Label: c.Label, EngagementID: e.ID, Span: span}
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Give: []acts.GiveBadge{g}}); err != nil || !goOn {
			return err
		}
		if err := o.Staff.GiveBadge(r.ctx, g, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("badge.given", "Badge", wording.Badge(r.say, app.Identifier{Key: g.Key, Label: g.Label}),
			"Worker", w.Worker.Name(), "From", r.say.DateTime(span.From, zone)), "badge", g.Key.Value)
	})
}

type badgeEndCmd struct {
	Badge string `arg:"" help:"badge"`
	At    string `placeholder:"\"2026-11-23 18:00\"" help:"at"`
	pin
	reason
}

// Run takes a badge back from whoever holds it.
func (c *badgeEndCmd) Run(r *run) error {
	key := c.key(c.Badge)
	if value, err := canonical(key); err == nil {
		key.Value = value
	}
	return r.onExisting(func(o *office.Office) error {
		at, err := r.moment("--at", c.At, app.Belgium())
		if err != nil {
			return err
		}
		rows, err := o.Staff.Rows(r.ctx)
		if err != nil {
			return err
		}
		for _, w := range rows {
			for _, b := range w.Badges {
				if b.Identifier.Key == key && b.Custody.Span.Holds(at) {
					return c.end(r, o, b, at)
				}
			}
		}
		return failure("noBadge", "Name", c.Badge)
	})
}

func canonical(k app.IdentifierKey) (string, error) {
	if k.Kind == app.PIN {
		return identity.CanonicalPIN(k.Value)
	}
	return identity.CanonicalCard(k.Value)
}

func (c *badgeEndCmd) end(r *run, o *office.Office, b acts.Badge, at app.Instant) error {
	if err := o.Staff.EndBadge(r.ctx, b.Custody.ID, at, c.Why); err != nil {
		return err
	}
	return r.ended(o, "badge", wording.Badge(r.say, b.Identifier), r.say.DateTime(at, app.Belgium()), b.Custody.ID)
}
